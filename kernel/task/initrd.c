#include "task/initrd.h"
#include "lib/printf.h"
#include "mm/direct_map.h"

static struct cpio archive;

void initrd_init(struct vrange physical)
{
        archive = (struct cpio){ direct_map(physical.base), vrange_size(physical) };
}

bool initrd_find(const char *name, struct cpio_file *out)
{
        return cpio_find(archive, name, out);
}

void initrd_list(void)
{
        struct cpio rest = archive;
        struct cpio_file file;
        while (cpio_next(&rest, &file))
                kprintf("  %s\n", file.name);
}
