/*
 * free: prints how much memory there is, and who has it.
 */
#include "user/lib/size.h"
#include "user/lib/user.h"

static void print_row(const char *what, uint64_t bytes)
{
        char size[SIZE_TEXT_SIZE];

        printf("%-22s %14lu %8s\n", what, bytes, size_text(bytes, size));
}

int main([[maybe_unused]] const char *argument)
{
        struct memory_listing listing;
        struct error error = memory(&listing);

        if (error.code)
                return print_error("free", error);
        printf("%-22s %14s\n", "", "bytes");
        print_row("frames", listing.total);
        print_row("  in use", listing.total - listing.free);
        print_row("  free", listing.free);
        print_row("kernel's small blocks", listing.kmalloc_bytes);
        printf("%-22s %14lu\n", "  how many", listing.kmalloc_blocks);
        return 0;
}
