/*
 * undo: makes one system call; when that finds no memory, looks whether anything has changed: undo CALL.
 *
 * Exits with 0 if the call was refused and nothing has changed, 7 if it succeeded, 1 if anything was wrong, 2 if there
 * was no memory for something else. The kernel's tests run it with any amount of memory (kernel/test/test_calls.c).
 */
#include "user/lib/user.h"

enum { SUCCEEDED = 7, NO_MEMORY_ELSE = 2, WRONG_USE = 3, PAGES = 8, REGIONS_MOST = 24 };

/* Far from everything else. */
static const uintptr_t window = 0x200000000000;

/* All that a program can find out about its memory and the kernel's. */
struct view {
        struct region_listing region[REGIONS_MOST];
        size_t count;
        struct memory_listing memory;
        uint64_t word[PAGES];                   /* the first of each page of the window */
};

static struct view before, after;

static struct error see(struct view *view)
{
        TRY(regions(0, view->region, REGIONS_MOST, &view->count));
        for (size_t i = 0; i < PAGES; i++)
                view->word[i] = ((volatile uint64_t *)(window + i * PAGE_SIZE))[0];
        return memory(&view->memory);
}

static struct error map(uintptr_t address, size_t pages, enum where where, enum sharing sharing)
{
        const struct mapping mapping = { .name = "undo", .size = pages * PAGE_SIZE, .protection = PROTECT_READ_WRITE,
                                         .where = where, .address = address, .sharing = sharing };
        uintptr_t base;

        return mmap(&mapping, &base);
}

/* --- the calls -------------------------------------------------------------------------------------------- */

static unsigned file;

static struct error map_private(void) { return map(0, 2, MAP_RANDOM, MAP_PRIVATE); }
static struct error map_shared(void) { return map(0, 2, MAP_RANDOM, MAP_SHARED); }
static struct error map_over(void) { return map(window + PAGE_SIZE, 2, MAP_REPLACE, MAP_PRIVATE); }
static struct error unmap_middle(void) { return munmap(window + PAGE_SIZE, 2 * PAGE_SIZE); }
static struct error protect_middle(void) { return mprotect(window + PAGE_SIZE, 2 * PAGE_SIZE, PROTECT_READ); }
static struct error open_file(void) { return open("undo", &file); }
static struct error run_another(void) { return exec("undo", "done"); }

static struct error map_file(void)
{
        const struct mapping mapping = { .name = "undo", .size = PAGE_SIZE, .protection = PROTECT_READ };
        uintptr_t base;

        return mmap_file(&mapping, file, 0, &base);
}

static struct error make_pipe(void)
{
        struct pipe_ends ends;

        return pipe(&ends);
}

static struct error fork_child(void)
{
        struct ending ending;
        uint64_t child;

        TRY(fork(&child));
        if (!child)
                exit(0);
        return wait(child, &ending);
}

static void leave(void)
{
        thread_exit();
}

static struct error start_thread(void)
{
        static char stack[1024];
        uint64_t id;

        TRY(thread_create(leave, (uintptr_t)(stack + sizeof stack - 8), NULL, &id));
        return join(id);
}

static const struct {
        const char *name;
        struct error (*make)(void);
} calls[] = {
        { "map-private", map_private },   { "map-shared", map_shared },         { "map-file", map_file },
        { "map-over", map_over },         { "unmap-middle", unmap_middle },     { "protect-middle", protect_middle },
        { "fork", fork_child },           { "exec", run_another },              { "thread", start_thread },
        { "pipe", make_pipe },            { "open", open_file },
};

/* --- before and after ------------------------------------------------------------------------------------- */

/* Looking touches pages for the first time, so the first looks do not count. */
static struct error prepare(void)
{
        TRY(map(window, PAGES, MAP_SPECIFICALLY, MAP_PRIVATE));
        for (size_t i = 0; i < PAGES; i++)
                *(volatile uint64_t *)(window + i * PAGE_SIZE) = i + 1;
        TRY(open("undo", &file));
        TRY(see(&before));
        TRY(see(&after));
        return see(&before);
}

static int try(struct error (*make)(void))
{
        struct error error = prepare();

        if (!error.code) {
                error = make();
                if (!error.code)
                        return SUCCEEDED;
                if (!error_is(error, ERROR_NO_MEMORY))
                        return print_error("undo", error);
                error = see(&after);
        }
        if (error.code)
                return error_is(error, ERROR_NO_MEMORY) ? NO_MEMORY_ELSE : print_error("undo", error);
        return memcmp(&before, &after, sizeof before) != 0;
}

int main(const char *argument)
{
        if (!strcmp(argument, "done"))
                return SUCCEEDED;
        for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
                if (!strcmp(calls[i].name, argument))
                        return try(calls[i].make);
        printf("undo: the argument is one of:");
        for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
                printf(" %s", calls[i].name);
        printf("\n");
        return WRONG_USE;
}
