#include "task/system_call.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "task/process.h"
#include "task/user_memory.h"
#include "trace/trace.h"

static struct error call_write(struct process *process, const uint64_t word[3], uint64_t *value)
{
        char part[256];

        (void)process;
        for (*value = 0; *value < word[2];) {
                size_t size = word[2] - *value < sizeof part ? word[2] - *value : sizeof part;

                TRY(user_memory_read(part, word[1] + *value, size));
                console_write(part, size);
                *value += size;
        }
        return SUCCESS;
}

/* --- regions ---------------------------------------------------------------------------------------------- */

static struct error check_protection(uint64_t protection)
{
        return protection & ~(uint64_t)(PROTECT_READ | PROTECT_WRITE | PROTECT_EXECUTE) ? FAIL(BAD_ARGUMENT) : SUCCESS;
}

/* Names go to the console and into the trace, where only characters that can be seen are welcome. */
static void make_printable(char name[REGION_NAME_SIZE])
{
        name[REGION_NAME_SIZE - 1] = 0;
        for (; *name; name++) {
                if (*name < ' ' || *name > '~')
                        *name = '?';
        }
}

static struct error call_mmap(struct process *process, const uint64_t word[3], uint64_t *value)
{
        struct mmap_request request;

        TRY(user_memory_read(&request, word[0], sizeof request));
        TRY(check_protection(request.protection));
        if (request.where > MAP_RANDOM)
                return FAIL(BAD_ARGUMENT);
        make_printable(request.name);
        return address_space_map(process->space, &(struct mapping){
                .name = request.name,
                .size = request.size,
                .protection = (enum protection)request.protection,
                .where = (enum where)request.where,
                .address = request.address,
                .alignment = request.alignment,
                .guard_before = request.guard_before,
                .guard_after = request.guard_after,
                .window = { request.window_base, request.window_end },
        }, value);
}

static struct error call_munmap(struct process *process, const uint64_t word[3], uint64_t *value)
{
        struct vrange range;

        (void)value;
        if (!vrange_make(&range, word[0], word[1]))
                return FAIL(OUT_OF_RANGE);
        return address_space_unmap(process->space, range);
}

static struct error call_mprotect(struct process *process, const uint64_t word[3], uint64_t *value)
{
        struct vrange range;

        (void)value;
        TRY(check_protection(word[2]));
        if (!vrange_make(&range, word[0], word[1]))
                return FAIL(OUT_OF_RANGE);
        return address_space_protect(process->space, range, (enum protection)word[2]);
}

static struct error call_resize(struct process *process, const uint64_t word[3], uint64_t *value)
{
        (void)value;
        return address_space_resize(process->space, word[0], word[1]);
}

static struct region_listing listing_of(const struct region *region)
{
        struct vrange range = region_range(region);
        struct region_listing listing = {
                .base = range.base,
                .end = range.end,
                .protection = region->protection,
                .colour = rbtree_colour(&region->node),
        };

        for (const struct rbtree_node *node = rbtree_parent(&region->node); node; node = rbtree_parent(node))
                listing.depth++;
        memcpy(listing.name, region->name, sizeof listing.name);
        return listing;
}

/* Pages of the array may be filled on the way; that changes no region. */
static struct error call_regions(struct process *process, const uint64_t word[3], uint64_t *value)
{
        const struct region *region = region_tree_first(&process->space->tree);

        for (*value = 0; region; region = region_tree_next(region), ++*value) {
                const struct region_listing listing = listing_of(region);

                if (*value < word[2])
                        TRY(user_memory_write(word[1] + *value * sizeof listing, &listing, sizeof listing));
        }
        return SUCCESS;
}

/* --- all calls -------------------------------------------------------------------------------------------- */

static struct error call_exit(struct process *process, const uint64_t word[3], uint64_t *value)
{
        uint64_t status = word[0] < PROCESS_STATUS_MOST ? word[0] : PROCESS_STATUS_MOST;

        (void)value;
        trace_system_call_end(process->id, SYSTEM_EXIT, ERROR_OK, status);
        process_exit(status);
}

static struct error (*const calls[])(struct process *process, const uint64_t word[3], uint64_t *value) = {
        [SYSTEM_EXIT] = call_exit,
        [SYSTEM_WRITE] = call_write,
        [SYSTEM_MMAP] = call_mmap,
        [SYSTEM_MUNMAP] = call_munmap,
        [SYSTEM_MPROTECT] = call_mprotect,
        [SYSTEM_RESIZE] = call_resize,
        [SYSTEM_REGIONS] = call_regions,
};

struct error system_call(struct process *process, uint64_t number, const uint64_t word[3], uint64_t *value)
{
        const enum system_call call = (enum system_call)number;
        struct error error;

        if (number >= sizeof calls / sizeof *calls || !calls[number])
                return FAIL(BAD_ARGUMENT);
        trace_system_call_begin(process->id, call, word[0], word[1], word[2]);
        error = calls[call](process, word, value);
        trace_system_call_end(process->id, call, (enum error_code)error.code, *value);
        return error;
}
