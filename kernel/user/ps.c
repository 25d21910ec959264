/*
 * ps: lists the processes.
 */
#include "user/lib/size.h"
#include "user/lib/user.h"

enum { MOST = 128 };

/* As enum thread_state of task/thread.h numbers them. */
static const char *state_name(uint32_t state)
{
        static const char *const name[] = { "new", "ready", "runs", "sleeps", "ended", "exits" };

        return state < sizeof name / sizeof *name ? name[state] : "?";
}

int main([[maybe_unused]] const char *argument)
{
        static struct process_listing listing[MOST];
        char size[SIZE_TEXT_SIZE];
        struct error error;
        size_t count;

        error = processes(listing, MOST, &count);
        if (error.code)
                return print_error("ps", error);
        printf("process  parent   group  threads  regions   memory  state   name\n");
        for (size_t i = 0; i < count && i < MOST; i++)
                printf("%7lu %7lu %7lu %8u %8lu %8s  %-6s  %s\n",
                       listing[i].process, listing[i].parent, listing[i].group, listing[i].threads, listing[i].regions,
                       size_text(listing[i].pages * PAGE_SIZE, size), state_name(listing[i].state), listing[i].name);
        if (count > MOST)
                printf("and %zu more\n", count - MOST);
        return 0;
}
