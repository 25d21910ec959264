#include "import/import_shm.h"

#include "base/error_message.h"

#include <stdlib.h>

void import_shm_free(struct import_shm *shm)
{
        free(shm->segment);
        free(shm->attached);
        *shm = (struct import_shm){ 0 };
}

static struct error add(struct import_pair **pairs, size_t *count, struct import_pair pair)
{
        struct import_pair *bigger = reallocarray(*pairs, *count + 1, sizeof *bigger);

        if (!bigger)
                return fail_no_memory();
        *pairs = bigger;
        bigger[(*count)++] = pair;
        return SUCCESS;
}

/* The newest pair with that key, or NULL. */
static const struct import_pair *find(const struct import_pair *pairs, size_t count, uint64_t key)
{
        while (count--)
                if (pairs[count].key == key)
                        return &pairs[count];
        return NULL;
}

struct error import_shm_created(struct import_shm *shm, uint64_t id, uint64_t size)
{
        return add(&shm->segment, &shm->segments, (struct import_pair){ id, size });
}

struct error import_shm_attached(struct import_shm *shm, const struct strace_call *call)
{
        return add(&shm->attached, &shm->attachments, (struct import_pair){ call->result, call->size });
}

bool import_shm_size(const struct import_shm *shm, struct strace_call *call)
{
        const struct import_pair *pair = call->kind == CALL_SHMAT ? find(shm->segment, shm->segments, call->segment) :
                                                                    find(shm->attached, shm->attachments,
                                                                         call->address);

        if (pair)
                call->size = pair->size;
        return pair != NULL;
}
