/*
 * maps: prints the regions of a process, or its own, as the kernel sees them: maps [PROCESS].
 *
 * A region a line, in address order. "rw-p" is as in Linux's /proc/self/maps: p for private, s for shared. How far a
 * name is indented is how deep the region lies in the tree.
 */
#include "user/lib/user.h"
#include "user/lib/words.h"

enum { MOST = 512 };

static void print_size(size_t size)
{
        static const char unit[] = "BKMGT";
        int shift = 0;

        while (shift < 4 && size >> (10 * (shift + 1)) && !(size & (((size_t)1 << 10 * (shift + 1)) - 1)))
                shift++;
        printf(" %6lu%c", size >> 10 * shift, unit[shift]);
}

static void print_region(const struct region_listing *region)
{
        printf("%12lx-%-12lx", region->base, region->end);
        print_size(region->end - region->base);
        printf(" %c%c%c%c  %5u  %-6s %*s%s\n", region->protection & PROTECT_READ ? 'r' : '-',
               region->protection & PROTECT_WRITE ? 'w' : '-', region->protection & PROTECT_EXECUTE ? 'x' : '-',
               region->sharing == MAP_SHARED ? 's' : 'p', region->depth,
               region->colour == RED ? "red" : "black", 2 * (int)region->depth, "", region->name);
}

int main(const char *argument)
{
        static struct region_listing listing[MOST];
        uint64_t process = 0;
        struct error error;
        size_t count;

        if (*argument && !parse_number(argument, &process)) {
                printf("maps: \"%s\" is no process; ps lists them\n", argument);
                return 2;
        }
        error = regions(process, listing, MOST, &count);
        if (error.code)
                return print_error("maps", error);
        printf("%25s %7s %4s  %s  %s %s\n", "addresses", "size", "may", "depth", "colour", "name");
        for (size_t i = 0; i < count && i < MOST; i++)
                print_region(&listing[i]);
        if (count > MOST)
                printf("and %zu more\n", count - MOST);
        return 0;
}
