/* Pages of mapped files: which bytes they show, whatever is split, moved or mapped over them. */
#include "lib/rng.h"
#include "mm/layout.h"
#include "test/space_find.h"
#include "test/space_pages.h"
#include "test/test.h"

static const struct vrange whole = { USER_BASE, USER_BASE + 512 * PAGE_SIZE };
static const enum protection read_write = PROTECT_READ | PROTECT_WRITE;

/* Two pages and 16 bytes are a file; what lies behind is not. Each word holds its number. */
static uint64_t words[3 * PAGE_SIZE / sizeof(uint64_t)];
enum { FILE_SIZE = 2 * PAGE_SIZE + 16 };

static struct error map_file(struct address_space *space, size_t size, size_t offset, uintptr_t *base)
{
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
                words[i] = i;
        return address_space_map(space, &(struct mapping){ .name = "file", .size = size, .protection = read_write,
                                 .where = MAP_ANYWHERE, .file = (const char *)words, .file_size = FILE_SIZE,
                                 .offset = offset }, base);
}

/* Over whatever is there. */
static struct error map_file_at(struct address_space *space, uintptr_t address, size_t size, size_t offset)
{
        uintptr_t base;

        return address_space_map(space, &(struct mapping){ .name = "file", .size = size, .protection = read_write,
                                 .where = MAP_REPLACE, .address = address, .file = (const char *)words,
                                 .file_size = FILE_SIZE, .offset = offset }, &base);
}

TEST(a_file_shows_its_bytes_and_zeros_behind_its_end)
{
        struct address_space *space;
        uintptr_t base;

        CHECK_OK(address_space_create("file", whole, 1, &space));
        CHECK_OK(map_file(space, 4 * PAGE_SIZE, 0, &base));
        CHECK(space_word(space, base) == 0 && space_word(space, base + 8) == 1);
        CHECK(space_word(space, base + PAGE_SIZE) == 512);
        CHECK(space_word(space, base + 2 * PAGE_SIZE + 8) == 1025 && space_word(space, base + 2 * PAGE_SIZE + 16) == 0);
        CHECK(space_word(space, base + 3 * PAGE_SIZE) == 0);
        CHECK(space_store(space, base + 8, 99) == FAULT_DONE);
        CHECK(words[1] == 1);
        CHECK_OK(address_space_discard(space, (struct vrange){ base, base + PAGE_SIZE }));
        CHECK(space_word(space, base + 8) == 1);              /* as it was at first */
        address_space_destroy(space);
}

TEST(parts_of_a_file_still_show_the_same_bytes)
{
        struct address_space *space;
        uintptr_t base;

        CHECK_OK(address_space_create("file", whole, 1, &space));
        CHECK_OK(map_file(space, 2 * PAGE_SIZE, PAGE_SIZE, &base));
        CHECK(space_word(space, base) == 512);
        CHECK_OK(address_space_unmap(space, (struct vrange){ base, base + PAGE_SIZE }));
        CHECK(space_word(space, base + PAGE_SIZE) == 1024);
        CHECK_OK(address_space_resize(space, base + PAGE_SIZE, 2 * PAGE_SIZE));
        CHECK(space_word(space, base + 2 * PAGE_SIZE) == 0);
        CHECK_OK(map_file(space, 3 * PAGE_SIZE, 0, &base));
        CHECK_OK(address_space_protect(space, (struct vrange){ base + PAGE_SIZE, base + 2 * PAGE_SIZE }, PROTECT_READ));
        CHECK_OK(address_space_unmap(space, (struct vrange){ base, base + PAGE_SIZE }));
        CHECK(space_word(space, base + PAGE_SIZE + 8) == 513 && space_word(space, base + 2 * PAGE_SIZE) == 1024);
        address_space_destroy(space);
}

/* The last page that there can be of a file is at an offset of 2^64 - PAGE_SIZE. */
TEST(a_mapping_far_beyond_the_end_of_a_file_does_not_grow_until_it_shows_the_beginning)
{
        struct address_space *space;
        struct vrange found;
        uintptr_t base;

        CHECK_OK(address_space_create("file", whole, 1, &space));
        CHECK_OK(map_file(space, PAGE_SIZE, -3 * PAGE_SIZE, &base));
        CHECK_ERROR(address_space_resize(space, base, 4 * PAGE_SIZE), OUT_OF_RANGE);
        CHECK_ERROR(address_space_resize(space, base, 3 * PAGE_SIZE), OUT_OF_RANGE);
        CHECK_OK(address_space_find(space, base, &found));
        CHECK(vrange_size(found) == PAGE_SIZE);
        CHECK_OK(address_space_resize(space, base, 2 * PAGE_SIZE));
        CHECK(space_word(space, base) == 0 && space_word(space, base + PAGE_SIZE) == 0);
        address_space_destroy(space);
}

/* What each page of a mapped file must hold, whatever was cut, split, joined, resized, discarded and touched. */
TEST(every_page_of_a_mapped_file_holds_the_bytes_of_its_offset_after_random_operations)
{
        enum { PAGES = 4, ROUNDS = 400 };
        struct address_space *space;
        struct rng rng;
        uintptr_t base;

        rng_seed(&rng, 6);
        CHECK_OK(address_space_create("file", whole, 1, &space));
        CHECK_OK(map_file(space, PAGES * PAGE_SIZE, 0, &base));
        for (size_t round = 0; round < ROUNDS; round++) {
                const size_t first = rng_below(&rng, PAGES), count = 1 + rng_below(&rng, PAGES - first);
                const uintptr_t at = base + first * PAGE_SIZE;
                const struct vrange range = { at, at + count * PAGE_SIZE };

                switch (rng_below(&rng, 6)) {
                case 0:
                        error_ignore(address_space_unmap(space, range));
                        break;
                case 1:
                        error_ignore(address_space_protect(space, range, PROTECT_READ));
                        break;
                case 2:
                        error_ignore(address_space_protect(space, range, read_write));
                        break;
                case 3:
                        error_ignore(address_space_discard(space, range));
                        break;
                case 4:
                        error_ignore(address_space_resize(space, at, count * PAGE_SIZE));
                        break;
                case 5:
                        error_ignore(map_file_at(space, at, count * PAGE_SIZE, first * PAGE_SIZE));
                        break;
                }
                for (size_t i = 0; i < PAGES; i++) {
                        enum fault_verdict verdict;
                        const uint64_t word = space_load(space, base + i * PAGE_SIZE + 8, &verdict);

                        if (verdict <= FAULT_DONE)
                                CHECK(word == (i * PAGE_SIZE + 8 < FILE_SIZE ? i * PAGE_SIZE / 8 + 1 : 0));
                }
        }
        address_space_destroy(space);
}
