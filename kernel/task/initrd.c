#include "task/initrd.h"
#include "lib/printf.h"

struct cpio initrd;

void initrd_list(void)
{
        struct cpio rest = initrd;
        struct cpio_file file;
        while (cpio_next(&rest, &file))
                kprintf("  %s\n", file.name);
}
