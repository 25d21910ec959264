#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "task/calls.h"

static struct address_space *my_space(void)
{
        return process_current()->space;
}

static struct error check_protection(uint64_t protection)
{
        return protection & ~(uint64_t)(PROTECT_READ | PROTECT_WRITE | PROTECT_EXECUTE) ? FAIL(BAD_ARGUMENT) : SUCCESS;
}

static struct error make_range(uintptr_t base, size_t size, struct vrange *out)
{
        return vrange_make(out, base, size) ? SUCCESS : FAIL(OUT_OF_RANGE);
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

/* Files of the ramdisk stay where they are for good, so the mapping outlives the open file. */
static struct error set_file(struct mapping *mapping, const struct mmap_request *request)
{
        if (!request->file)
                return SUCCESS;
        struct open_file *file;
        TRY(files_find(&process_current()->files, request->file - 1, &file));
        const bool is_of_ramdisk = file->kind == FILE_RAMDISK;
        mapping->file = file->ramdisk.bytes;
        mapping->file_size = file->ramdisk.size;
        file_release(file);
        return is_of_ramdisk ? SUCCESS : FAIL(BAD_ARGUMENT);
}

/* What address_space_map() does not check. A window is a range, or both of its ends are 0. */
static struct error check_request(const struct mmap_request *request)
{
        const bool has_window = request->window_base || request->window_end;

        if (has_window && request->window_end <= request->window_base)
                return FAIL(BAD_ARGUMENT);
        return check_protection(request->protection);
}

CALL(mmap)
{
        struct mmap_request request;
        TRY(user_memory_read(&request, word[0], sizeof request));
        TRY(check_request(&request));
        make_printable(request.name);
        struct mapping mapping = {
                .name = request.name,
                .size = request.size,
                .protection = (enum protection)request.protection,
                .where = (enum where)request.where,
                .address = request.address,
                .alignment = request.alignment,
                .guard_before = request.guard_before,
                .guard_after = request.guard_after,
                .window = { request.window_base, request.window_end },
                .sharing = (enum sharing)request.sharing,
                .offset = request.offset,
        };
        TRY(set_file(&mapping, &request));
        return address_space_map(my_space(), &mapping, value);
}

CALL(munmap)
{
        struct vrange range;
        TRY(make_range(word[0], word[1], &range));
        return address_space_unmap(my_space(), range);
}

CALL(mprotect)
{
        TRY(check_protection(word[2]));
        struct vrange range;
        TRY(make_range(word[0], word[1], &range));
        return address_space_protect(my_space(), range, (enum protection)word[2]);
}

CALL(madvise)
{
        if (word[2] != MADV_DONTNEED)
                return FAIL(BAD_ARGUMENT);
        struct vrange range;
        TRY(make_range(word[0], word[1], &range));
        return address_space_discard(my_space(), range);
}

CALL(resize)
{
        return address_space_resize(my_space(), word[0], word[1]);
}

/* A few at a time: copying may fault, so it is done with no lock held. Between two parts is a preemption point. */
CALL(regions)
{
        struct region_listing some[8];
        uintptr_t from = 0;

        *value = 0;
        for (;;) {
                size_t count;

                TRY(process_regions(word[0] ? word[0] : process_current()->id, from, some, sizeof some / sizeof *some,
                                    &count));
                if (!count)
                        return SUCCESS;
                for (size_t i = 0; i < count; i++, ++*value)
                        if (*value < word[2])
                                TRY(user_memory_write(word[1] + *value * sizeof *some, &some[i], sizeof *some));
                from = some[count - 1].end;
                TRY(thread_preemption_point());
        }
}

/* Spare pages of kmalloc's are as good as free: they are given back first, so that the number is exact. */
CALL(memory)
{
        kmalloc_trim();
        const struct kmalloc_count live = kmalloc_live();
        const struct memory_listing listing = {
                .total = frames_total() * PAGE_SIZE,
                .free = frames_free_count() * PAGE_SIZE,
                .kmalloc_blocks = live.blocks,
                .kmalloc_bytes = live.bytes,
        };
        return user_memory_write(word[0], &listing, sizeof listing);
}
