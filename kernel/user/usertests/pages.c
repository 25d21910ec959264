/*
 * The contents of pages: zeros at first, a file's bytes, a parent's after a fork, and never those of another process.
 */
#include "user/usertests/usertests.h"

enum { PAGES = 16 };

static uintptr_t page(size_t number)
{
        return PLAYGROUND + number * PAGE_SIZE;
}

static void fill(size_t pages, char letter)
{
        for (size_t i = 0; i < pages; i++)
                memset((void *)page(i), letter, PAGE_SIZE);
}

static bool all_are(size_t pages, char letter)
{
        for (size_t i = 0; i < pages * PAGE_SIZE; i += 8)
                RIGHT(*at(PLAYGROUND + i) == letter);
        return true;
}

/* --- zeros ------------------------------------------------------------------------------------------------- */

static int leave_secrets(void *unused)
{
        (void)unused;
        if (!map_at(PLAYGROUND, PAGES, MAP_PRIVATE))
                return 1;
        fill(PAGES, 's');
        return 0;
}

static bool new_pages_hold_nothing_of_another_process(void)
{
        for (int i = 0; i < 3; i++) {
                RIGHT(status_of(leave_secrets, NULL) == 0);
                RIGHT(map_at(PLAYGROUND, PAGES, MAP_PRIVATE));
                RIGHT(all_are(PAGES, 0));
                fill(PAGES, 's');
                RIGHT_OK(munmap(PLAYGROUND, PAGES * PAGE_SIZE));
        }
        return true;
}

/* Where it was only read it is one page of zeros for all, and the first write takes one's own. */
static bool pages_that_were_read_first_can_be_written(void)
{
        RIGHT(map_at(PLAYGROUND, PAGES, MAP_PRIVATE));
        RIGHT(all_are(PAGES, 0));
        fill(1, 'x');
        RIGHT(all_are(1, 'x'));
        for (size_t i = 1; i < PAGES; i++)
                RIGHT(*at(page(i)) == 0);
        return true;
}

/* --- discarding -------------------------------------------------------------------------------------------- */

static bool madvise_refuses_holes_and_unknown_advice(void)
{
        RIGHT(map_at(PLAYGROUND, 4, MAP_PRIVATE));
        RIGHT_OK(munmap(page(2), PAGE_SIZE));
        fill(2, 'x');
        RIGHT_ERROR(madvise(PLAYGROUND, 4 * PAGE_SIZE, MADV_DONTNEED), NOT_FOUND);
        RIGHT_ERROR(madvise(PLAYGROUND, 0, MADV_DONTNEED), BAD_ARGUMENT);
        RIGHT_ERROR(madvise(PLAYGROUND + 1, PAGE_SIZE, MADV_DONTNEED), BAD_ARGUMENT);
        for (int advice = -1; advice < 12; advice++) {
                if (advice != MADV_DONTNEED)
                        RIGHT_ERROR(madvise(PLAYGROUND, PAGE_SIZE, advice), BAD_ARGUMENT);
        }
        RIGHT(all_are(2, 'x'));
        return true;
}

static bool a_child_discards_only_what_is_its_own(void)
{
        uint64_t child;
        struct ending ending;

        RIGHT(map_at(PLAYGROUND, 2, MAP_PRIVATE));
        fill(2, 'p');
        RIGHT_OK(fork(&child));
        if (!child) {
                error_ignore(madvise(PLAYGROUND, PAGE_SIZE, MADV_DONTNEED));
                exit(*at(page(0)) != 0 || *at(page(1)) != 'p');
        }
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        RIGHT(all_are(2, 'p'));
        return true;
}

static bool shared_pages_are_still_there_after_discarding(void)
{
        RIGHT(map_at(PLAYGROUND, 2, MAP_SHARED));
        fill(2, 's');
        RIGHT_OK(madvise(PLAYGROUND, 2 * PAGE_SIZE, MADV_DONTNEED));
        RIGHT(all_are(2, 's'));
        return true;
}

/* --- across a fork ----------------------------------------------------------------------------------------- */

/* Each generation changes a page and looks at those of all before it: 'a' + g in page g. */
static int descend(size_t generation)
{
        uint64_t child;
        struct ending ending;

        for (size_t i = 0; i < PAGES; i++) {
                if (*at(page(i)) != (char)(i < generation ? 'a' + i : '-'))
                        return 1;
        }
        if (generation == 8)
                return 0;
        *at(page(generation)) = (char)('a' + generation);
        if (fork(&child).code)
                return 2;
        if (!child)
                exit(descend(generation + 1));
        *at(page(PAGES - 1)) = 'x';             /* after the fork: no descendant sees it */
        if (wait(child, &ending).code)
                return 3;
        return (int)ending.status;
}

static bool each_generation_has_pages_of_its_own(void)
{
        RIGHT(map_at(PLAYGROUND, PAGES, MAP_PRIVATE));
        fill(PAGES, '-');
        RIGHT(descend(0) == 0);
        return true;
}

static bool many_children_write_to_the_same_page(void)
{
        enum { CHILDREN = 12 };
        struct ending ending;

        RIGHT(map_at(PLAYGROUND, 1, MAP_PRIVATE));
        fill(1, 'p');
        for (int i = 0; i < CHILDREN; i++) {
                uint64_t child;

                RIGHT_OK(fork(&child));
                if (!child) {
                        const char seen = *at(PLAYGROUND);

                        *at(PLAYGROUND) = (char)i;
                        yield();
                        exit(seen != 'p' || *at(PLAYGROUND) != (char)i);
                }
        }
        for (int i = 0; i < CHILDREN; i++) {
                RIGHT_OK(wait(0, &ending));
                RIGHT(ending.status == 0);
        }
        RIGHT(all_are(1, 'p'));
        return true;
}

/* A grandchild writes, after its parent and grandparent have unmapped the memory and exited. */
static bool shared_memory_is_seen_by_descendants(void)
{
        uint64_t child;
        struct ending ending;

        RIGHT(map_at(PLAYGROUND, 2, MAP_SHARED));
        *at(page(0)) = 'p';
        RIGHT_OK(fork(&child));
        if (!child) {
                if (fork(&child).code)
                        exit(1);
                if (child)
                        exit(munmap(PLAYGROUND, 2 * PAGE_SIZE).code);
                while (*at(page(0)) != 'g')
                        yield();
                *at(page(1)) = 'c';             /* a page that was not touched before the fork */
                exit(0);
        }
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        *at(page(0)) = 'g';
        while (*at(page(1)) != 'c')
                yield();
        return true;
}

static int write_there(void *address)
{
        *at((uintptr_t)address) = 'x';
        return 0;
}

static bool a_protection_is_each_process_s_own(void)
{
        uint64_t child;
        struct ending ending;

        RIGHT(map_at(PLAYGROUND, 1, MAP_SHARED));
        *at(PLAYGROUND) = 'p';
        RIGHT_OK(fork(&child));
        if (!child) {
                error_ignore(mprotect(PLAYGROUND, PAGE_SIZE, PROTECT_READ));
                exit(status_of(write_there, (void *)PLAYGROUND) != KILLED_BY_PAGE_FAULT);
        }
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        RIGHT(*at(PLAYGROUND) == 'p');
        *at(PLAYGROUND) = 'q';
        return true;
}

/* A read-only page that is shared since the fork must not become writable by the copy. */
static bool a_copy_is_no_way_round_a_protection(void)
{
        RIGHT(map_at(PLAYGROUND, 1, MAP_PRIVATE));
        *at(PLAYGROUND) = 'p';
        RIGHT_OK(mprotect(PLAYGROUND, PAGE_SIZE, PROTECT_READ));
        RIGHT(status_of(write_there, (void *)PLAYGROUND) == KILLED_BY_PAGE_FAULT);
        RIGHT(*at(PLAYGROUND) == 'p');
        RIGHT_OK(mprotect(PLAYGROUND, PAGE_SIZE, PROTECT_READ_WRITE));
        RIGHT(status_of(write_there, (void *)PLAYGROUND) == 0);
        RIGHT(*at(PLAYGROUND) == 'p');
        return true;
}

/* The kernel writes to a page that is shared since a fork: through a call, it is copied all the same. */
static bool calls_copy_pages_as_well(void)
{
        struct pipe_ends ends;
        struct ending ending;
        uint64_t child;
        size_t count;

        RIGHT(map_at(PLAYGROUND, 1, MAP_PRIVATE));
        fill(1, 'p');
        RIGHT_OK(pipe(&ends));
        RIGHT_OK(write(ends.to_write, "c", 1));
        RIGHT_OK(fork(&child));
        if (!child) {
                error_ignore(read(ends.to_read, (void *)PLAYGROUND, 1, &count));
                exit(*at(PLAYGROUND) != 'c');
        }
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        RIGHT(all_are(1, 'p'));
        return true;
}

/* --- files ------------------------------------------------------------------------------------------------- */

static struct error map_file(const char *name, uint64_t offset, size_t pages)
{
        const struct mapping mapping = { .name = name, .size = pages * PAGE_SIZE, .protection = PROTECT_READ_WRITE,
                                         .where = MAP_SPECIFICALLY, .address = PLAYGROUND };
        uintptr_t base;
        unsigned file;

        TRY(open(name, &file));
        TRY(mmap_file(&mapping, file, offset, &base));
        return close(file);
}

static bool a_file_is_seen_as_it_is_whatever_was_written_to_it(void)
{
        char first[8];
        unsigned file;
        size_t count;

        for (int i = 0; i < 2; i++) {
                RIGHT_OK(map_file("sh", 0, 2));
                RIGHT(!memcmp((void *)PLAYGROUND, "\177ELF", 4));
                fill(2, 'x');
                RIGHT_OK(open("sh", &file));
                RIGHT_OK(read(file, first, 4, &count));
                RIGHT(count == 4 && !memcmp(first, "\177ELF", 4));
                RIGHT_OK(close(file));
                RIGHT_OK(madvise(PLAYGROUND, PAGE_SIZE, MADV_DONTNEED));
                RIGHT(!memcmp((void *)PLAYGROUND, "\177ELF", 4));
                RIGHT_OK(munmap(PLAYGROUND, 2 * PAGE_SIZE));
        }
        return true;
}

static bool beyond_a_file_are_zeros(void)
{
        static const uint64_t offset[] = { (uint64_t)1 << 20, (uint64_t)1 << 31, (uint64_t)1 << 32, (uint64_t)1 << 47,
                                           (uint64_t)1 << 63, -(uint64_t)3 * PAGE_SIZE };

        for (size_t i = 0; i < sizeof offset / sizeof *offset; i++) {
                RIGHT_OK(map_file("index", offset[i], 2));
                RIGHT(all_are(2, 0));
                RIGHT_OK(munmap(PLAYGROUND, 2 * PAGE_SIZE));
        }
        RIGHT(map_file("index", -(uint64_t)PAGE_SIZE, 2).code);
        RIGHT(map_file("index", -(uint64_t)1, 1).code);
        RIGHT(map_file("index", 1, 1).code);
        return true;
}

/* Cut in the middle, the upper part goes on at the right byte of the file. */
static bool a_part_of_a_mapped_file_stays_at_its_place(void)
{
        static char bytes[3 * PAGE_SIZE];
        unsigned file;
        size_t count;

        RIGHT_OK(open("sh", &file));
        for (size_t done = 0; done < sizeof bytes; done += count)
                RIGHT_OK(read(file, bytes + done, sizeof bytes - done, &count));
        RIGHT_OK(map_file("sh", 0, 3));
        RIGHT_OK(munmap(page(1), PAGE_SIZE));
        RIGHT(!memcmp((void *)page(2), bytes + 2 * PAGE_SIZE, PAGE_SIZE));
        RIGHT_OK(munmap(page(2), PAGE_SIZE));
        RIGHT_OK(resize(PLAYGROUND, 3 * PAGE_SIZE));
        RIGHT(!memcmp((void *)PLAYGROUND, bytes, sizeof bytes));
        return true;
}

const struct user_case cases_of_pages[] = {
        { "secrets", new_pages_hold_nothing_of_another_process },
        { "read-first", pages_that_were_read_first_can_be_written },
        { "discard-refused", madvise_refuses_holes_and_unknown_advice },
        { "discard-child", a_child_discards_only_what_is_its_own },
        { "discard-shared", shared_pages_are_still_there_after_discarding },
        { "generations", each_generation_has_pages_of_its_own },
        { "many-copies", many_children_write_to_the_same_page },
        { "shared", shared_memory_is_seen_by_descendants },
        { "own-protection", a_protection_is_each_process_s_own },
        { "copy-protected", a_copy_is_no_way_round_a_protection },
        { "copy-call", calls_copy_pages_as_well },
        { "file-private", a_file_is_seen_as_it_is_whatever_was_written_to_it },
        { "file-beyond", beyond_a_file_are_zeros },
        { "file-part", a_part_of_a_mapped_file_stays_at_its_place },
        { 0 },
};
