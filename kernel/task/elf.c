#include "task/elf.h"
#include "lib/string.h"
#include "mm/layout.h"

enum { CLASS_64 = 2, LITTLE_ENDIAN_DATA = 1, VERSION_CURRENT = 1, TYPE_EXECUTABLE = 2, MACHINE_X86_64 = 62 };
enum { SEGMENT_LOAD = 1, SEGMENT_DYNAMIC = 2, SEGMENT_INTERPRETER = 3, SEGMENT_THREAD_LOCAL = 7 };
enum { FLAG_EXECUTE = 1, FLAG_WRITE = 2, FLAG_READ = 4, FLAGS_KNOWN = 7 };

enum { SEGMENTS_MOST = 16 };

struct file_header {
        uint8_t magic[4];
        uint8_t class, data, ident_version;
        uint8_t system[9];
        uint16_t type, machine;
        uint32_t version;
        uint64_t entry, program_headers, section_headers;
        uint32_t flags;
        uint16_t header_size, program_header_size, program_header_count;
        uint16_t section_header_size, section_header_count, section_names;
};

struct program_header {
        uint32_t type, flags;
        uint64_t offset, address, physical, file_size, memory_size, alignment;
};

_Static_assert(sizeof(struct file_header) == 64 && sizeof(struct program_header) == 56, "as ELF lays them out");

static bool lies_in_file(const struct elf *elf, uint64_t offset, uint64_t size)
{
        struct vrange range;
        return vrange_make(&range, offset, size) && range.end <= elf->size;
}

/* Nothing says that headers are aligned in memory, so they are copied. */
static struct program_header program_header(const struct elf *elf, size_t index)
{
        struct program_header header;
        memcpy(&header, elf->bytes + elf->headers + index * sizeof header, sizeof header);
        return header;
}

static bool is_a_program(const struct file_header *header)
{
        return !memcmp(header->magic, "\177ELF", 4) && header->class == CLASS_64 &&
               header->data == LITTLE_ENDIAN_DATA && header->ident_version == VERSION_CURRENT &&
               header->version == VERSION_CURRENT && header->type == TYPE_EXECUTABLE &&
               header->machine == MACHINE_X86_64 && !header->flags && header->header_size == sizeof *header &&
               header->program_header_size == sizeof(struct program_header) &&
               header->program_header_count > 0 && header->program_header_count <= SEGMENTS_MOST;
}

/* The pages that a segment touches; false if there are none, or some are not for programs. */
static bool pages_of(const struct program_header *header, struct vrange *pages)
{
        struct vrange exact;
        if (!header->memory_size || !vrange_make(&exact, header->address, header->memory_size))
                return false;
        pages->base = exact.base & ~(PAGE_SIZE - 1);
        return vrange_round_up(&pages->end, exact.end) &&
               vrange_contains_range((struct vrange){ USER_BASE, USER_END }, *pages);
}

/* Both 0 and 1 say that it does not matter. */
static bool is_aligned(const struct program_header *header)
{
        const uint64_t mask = header->alignment - 1;
        return !header->alignment || (!(header->alignment & mask) && !((header->address ^ header->offset) & mask));
}

static bool is_loadable(const struct elf *elf, const struct program_header *header)
{
        struct vrange pages;
        if (!header->memory_size)
                return !header->file_size;      /* empty: linkers leave such segments, and they take no memory */
        return lies_in_file(elf, header->offset, header->file_size) && header->file_size <= header->memory_size &&
               header->offset % PAGE_SIZE == header->address % PAGE_SIZE && is_aligned(header) &&
               !(header->flags & ~FLAGS_KNOWN) && !(header->flags & FLAG_WRITE && header->flags & FLAG_EXECUTE) &&
               pages_of(header, &pages);
}

static bool begins_in(const struct elf *elf, const struct program_header *header)
{
        return header->flags & FLAG_EXECUTE && elf->entry >= header->address &&
               elf->entry - header->address < header->file_size;
}

struct error elf_open(const void *bytes, size_t size, struct elf *out)
{
        struct file_header header;
        if (size < sizeof header)
                return FAIL(BAD_INPUT);
        memcpy(&header, bytes, sizeof header);
        const struct elf elf = {
                .bytes = bytes,
                .size = size,
                .entry = header.entry,
                .headers = header.program_headers,
                .segments = header.program_header_count,
        };
        if (!is_a_program(&header) || !lies_in_file(&elf, elf.headers, elf.segments * sizeof(struct program_header)))
                return FAIL(BAD_INPUT);
        bool begins_somewhere = false;
        for (size_t i = 0; i < elf.segments; i++) {
                const struct program_header segment = program_header(&elf, i);
                const bool needs_linking = segment.type == SEGMENT_DYNAMIC || segment.type == SEGMENT_INTERPRETER ||
                                           segment.type == SEGMENT_THREAD_LOCAL;
                if (needs_linking || (segment.type == SEGMENT_LOAD && !is_loadable(&elf, &segment)))
                        return FAIL(BAD_INPUT);
                begins_somewhere |= segment.type == SEGMENT_LOAD && begins_in(&elf, &segment);
        }
        if (!begins_somewhere)
                return FAIL(BAD_INPUT);
        *out = elf;
        return SUCCESS;
}

bool elf_segment(const struct elf *elf, size_t index, struct elf_segment *out)
{
        const struct program_header header = program_header(elf, index);
        if (header.type != SEGMENT_LOAD || !pages_of(&header, &out->pages))
                return false;
        out->protection = (header.flags & FLAG_READ ? PROTECT_READ : 0) |
                          (header.flags & FLAG_WRITE ? PROTECT_WRITE : 0) |
                          (header.flags & FLAG_EXECUTE ? PROTECT_EXECUTE : 0);
        out->address = header.address;
        out->bytes = elf->bytes + header.offset;
        out->file_size = header.file_size;
        return true;
}
