#include "boot/boot_info.h"
#include "lib/error.h"
#include "lib/string.h"
#include "mm/direct_map.h"

/* What a PVH loader hands over, as in Xen's public/arch-x86/hvm/start_info.h. All addresses are physical. */
struct pvh_start_info {
        uint32_t magic, version, flags, module_count;   /* version 1 has a memory map */
        uint64_t modules, command_line, acpi, memory_map;
        uint32_t memory_map_entries, reserved;
};

struct pvh_module {
        uint64_t base, size, command_line, reserved;
};

struct pvh_memory {
        uint64_t base, size;
        uint32_t type, reserved;
};

enum { PVH_MAGIC = 0x336ec578, PVH_MEMORY_USABLE = 1 };

static struct error read_memory(struct boot_info *out, const struct pvh_start_info *info)
{
        const struct pvh_memory *entry = direct_map_find(info->memory_map, info->memory_map_entries * sizeof *entry);
        if (info->version < 1 || info->memory_map_entries > 1024 || !entry)
                return FAIL(BAD_INPUT);
        for (uint32_t i = 0; i < info->memory_map_entries && out->memory_count < BOOT_MEMORY_MAX; i++, entry++) {
                struct vrange range;
                if (entry->type == PVH_MEMORY_USABLE && vrange_make(&range, entry->base, entry->size) &&
                    !vrange_is_empty(range))
                        out->memory[out->memory_count++] = range;
        }
        return out->memory_count ? SUCCESS : FAIL(BAD_INPUT);
}

static struct error read_initrd(struct boot_info *out, const struct pvh_start_info *info)
{
        const struct pvh_module *initrd = direct_map_find(info->modules, sizeof *initrd);
        if (!info->module_count)
                return SUCCESS;
        if (!initrd || !vrange_make(&out->initrd, initrd->base, initrd->size))
                return FAIL(BAD_INPUT);
        for (size_t i = 0; i < out->memory_count; i++) {
                if (vrange_contains_range(out->memory[i], out->initrd))
                        return SUCCESS;
        }
        return FAIL(BAD_INPUT);
}

struct error boot_info_read(struct boot_info *out, uintptr_t start_info)
{
        const struct pvh_start_info *info = direct_map_find(start_info, sizeof *info);
        *out = (struct boot_info){ 0 };
        if (!info || info->magic != PVH_MAGIC)
                return FAIL(BAD_INPUT);
        out->acpi = info->acpi;
        TRY(read_memory(out, info));
        TRY(read_initrd(out, info));
        const char *line = info->command_line ? direct_map_find(info->command_line, BOOT_COMMAND_LINE_SIZE) : "";
        if (!line)
                return FAIL(BAD_INPUT);
        const size_t length = strnlen(line, BOOT_COMMAND_LINE_SIZE - 1);
        memcpy(out->command_line, line, length);
        out->command_line_is_cut = line[length] != 0;
        return SUCCESS;
}
