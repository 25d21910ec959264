/*
 * spawn: makes processes, one after the other, and looks whether they leave anything behind: spawn [HOW MANY].
 *
 * Each is forked, becomes this program again in its shortest form, and ends. Exits with 0 if all of them did and memory
 * is as it was.
 */
#include "user/lib/user.h"
#include "user/lib/words.h"

enum { HOW_MANY = 50, LEAF_STATUS = 7 };

static struct error spawn(uint64_t *status)
{
        struct ending ending;
        struct error error;
        uint64_t child;

        TRY(fork(&child));
        if (!child) {
                error = exec("spawn", "leaf");
                exit(print_error("spawn: exec", error));
        }
        TRY(wait(child, &ending));
        *status = ending.status;
        return SUCCESS;
}

static struct error spawn_many(uint64_t count)
{
        uint64_t status;

        while (count--) {
                TRY(spawn(&status));
                if (status != LEAF_STATUS)
                        return FAIL(BAD_INPUT);
        }
        return SUCCESS;
}

/* Nothing is kept, not even of what is made first: so there is none before the count. */
static struct error measure(uint64_t count, struct memory_listing *before, struct memory_listing *after)
{
        TRY(memory(before));
        TRY(spawn_many(count));
        return memory(after);
}

int main(const char *argument)
{
        struct memory_listing before, after;
        uint64_t count = HOW_MANY;
        struct error error;

        if (!strcmp(argument, "leaf"))
                return LEAF_STATUS;
        if (*argument && !parse_number(argument, &count)) {
                printf("spawn: \"%s\" is no number\n", argument);
                return 2;
        }
        error = measure(count, &before, &after);
        if (error.code)
                return print_error("spawn", error);
        printf("spawn: %lu processes; free before %lu bytes, after %lu; small blocks before %lu, after %lu\n", count,
               before.free, after.free, before.kmalloc_blocks, after.kmalloc_blocks);
        return before.free != after.free || before.kmalloc_blocks != after.kmalloc_blocks;
}
