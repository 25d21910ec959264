/*
 * Shared memory of System V. A shmat does not have the size of its segment, and a shmdt not even its id. Both follow
 * from the calls before.
 */
#pragma once

#include "import/import_arguments.h"
#include "lib/error.h"

struct import_pair {
        uint64_t key, size;
};

struct import_shm {
        struct import_pair *segment, *attached; /* by id; by address */
        size_t segments, attachments;
};

void import_shm_free(struct import_shm *shm);

/* A segment exists from now on, or is attached at an address. NO_MEMORY. */
struct error import_shm_created(struct import_shm *shm, uint64_t id, uint64_t size);
struct error import_shm_attached(struct import_shm *shm, const struct strace_call *call);

/* Fills in the size of a shmat or shmdt that succeeded; false if it does not follow from the calls before. */
bool import_shm_size(const struct import_shm *shm, struct strace_call *call);
