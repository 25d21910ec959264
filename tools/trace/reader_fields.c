#include "reader_internal.h"

#include <string.h>

enum { PAGE_BITS = 12, WHOLE_VALUE = 1, NUMBERS_WITH_MASK = 3 };

static uint64_t unzigzag(uint64_t coded)
{
        return coded >> 1 ^ -(coded & 1);
}

static uint64_t *last_value(const struct reader *reader, const struct reader_cpu *cpu, const struct schema_field *field)
{
        return &reader->last[cpu->index * reader->schema->fields + field->slot];
}

void reader_begin_fields(const struct reader *reader, struct reader_cpu *cpu, uint64_t tree)
{
        cpu->address = 0;
        cpu->region = 0;
        cpu->tree = tree;
        memset(&reader->last[cpu->index * reader->schema->fields], 0, reader->schema->fields * sizeof *reader->last);
}

/* --- what both versions share ----------------------------------------------------------------------------- */

static bool take_text(struct reader *reader, struct cursor *cursor, struct event *event, uint64_t *length)
{
        if (!cursor_take_varint(cursor, length) || *length > (size_t)(cursor->end - cursor->at))
                return false;
        if (!event->text) {
                memcpy(reader->text, cursor->at, *length);
                reader->text[*length] = 0;
                text_make_printable(reader->text, *length);
                event->text = reader->text;
        }
        cursor->at += *length;
        return true;
}

/* A number, as the difference from `*last`. */
static bool take_difference(struct cursor *cursor, uint64_t *last)
{
        uint64_t coded;

        if (!cursor_take_varint(cursor, &coded))
                return false;
        *last += unzigzag(coded);
        return true;
}

/* --- version 1: every field by itself, addresses as differences from the one before ---------------------------- */

static bool take_field_1(struct reader *reader, struct reader_cpu *cpu, struct event *event,
                         const struct schema_field *field, uint64_t *raw)
{
        struct cursor *cursor = &cpu->first->cursor;

        if (field->type == FIELD_TEXT)
                return take_text(reader, cursor, event, raw);
        if (field->type != FIELD_ADDRESS)
                return cursor_take_varint(cursor, raw);
        if (!take_difference(cursor, &cpu->address))
                return false;
        *raw = cpu->address;
        return true;
}

/* --- version 2 -------------------------------------------------------------------------------------------- */

/* An address or a size: the difference in pages or in bytes, or the value itself. */
static bool take_paged(struct cursor *cursor, uint64_t *last)
{
        uint64_t coded;

        if (!cursor_take_varint(cursor, &coded))
                return false;
        if (coded == WHOLE_VALUE)
                return cursor_take_varint(cursor, last);
        *last += unzigzag(coded >> 1) << (coded & 1 ? 0 : PAGE_BITS);
        return true;
}

/* Which of an event's numbers are there, a bit each: all, unless it has a mask. */
static bool take_mask(struct cursor *cursor, unsigned numbers, unsigned *mask)
{
        uint8_t byte;

        *mask = (1u << numbers) - 1;
        if (numbers < NUMBERS_WITH_MASK)
                return true;
        *mask = 0;
        for (unsigned shift = 0; shift < numbers; shift += 8) {
                if (!cursor_take_byte(cursor, &byte))
                        return false;
                *mask |= (unsigned)byte << shift;
        }
        return *mask >> numbers == 0;
}

static bool take_number(struct reader *reader, struct reader_cpu *cpu, const struct schema_field *field, bool is_there,
                        uint64_t *raw)
{
        struct cursor *cursor = &cpu->first->cursor;
        uint64_t *last = field->type == FIELD_REGION ? &cpu->region : last_value(reader, cpu, field);

        if (is_there && (field->type == FIELD_ADDRESS || field->type == FIELD_BYTES)) {
                if (!take_paged(cursor, last))
                        return false;
        } else if (is_there && !take_difference(cursor, last)) {
                return false;
        }
        *raw = *last;
        return true;
}

/* `words` is what the code says beyond the event, `mask` what is to come of its numbers; both lose what was taken. */
static bool take_field_2(struct reader *reader, struct reader_cpu *cpu, struct event *event,
                         const struct schema_field *field, uint32_t *words, unsigned *mask, uint64_t *raw)
{
        bool is_there;

        switch (field->type) {
        case FIELD_TEXT:
                return take_text(reader, &cpu->first->cursor, event, raw);
        case FIELD_TREE:
                *raw = cpu->tree;
                return true;
        case FIELD_WORD:
                *raw = *words % field->words;
                *words /= field->words;
                return true;
        default:
                is_there = *mask & 1;
                *mask >>= 1;
                return take_number(reader, cpu, field, is_there, raw);
        }
}

/* --- records ---------------------------------------------------------------------------------------------- */

bool reader_take_context(const struct reader *reader, struct reader_cpu *cpu)
{
        struct cursor *cursor = &cpu->first->cursor;
        uint8_t last_code = reader->schema->version == 1 ? CODE_TIME : CODE_TREE;
        uint64_t value;

        while (cursor->at < cursor->end && *cursor->at <= last_code) {
                uint8_t code = *cursor->at++;

                if (!cursor_take_varint(cursor, &value))
                        return false;
                if (code == CODE_TIME)
                        cpu->ticks += value;
                else
                        cpu->tree = value;
        }
        return true;
}

bool reader_take_fields(struct reader *reader, struct reader_cpu *cpu, struct event *event)
{
        const struct schema *schema = reader->schema;
        struct cursor *cursor = &cpu->first->cursor;
        uint64_t code;
        uint32_t words;
        unsigned mask = 0;

        if (!cursor_take_varint(cursor, &code) || !schema->events || code < schema->event[0].code || code >= schema->codes)
                return false;
        *event = (struct event){ .schema = &schema->event[schema->event_of_code[code]] };
        words = (uint32_t)code - event->schema->code;
        if (schema->version > 1 && !take_mask(cursor, event->schema->numbers, &mask))
                return false;
        for (size_t i = 0; i < event->schema->fields; i++) {
                const struct schema_field *field = &event->schema->field[i];
                uint64_t *raw = &event->raw[i];

                if (!(schema->version == 1 ? take_field_1(reader, cpu, event, field, raw)
                                           : take_field_2(reader, cpu, event, field, &words, &mask, raw)))
                        return false;
                if (field->known >= 0)
                        event->field[field->known] = field->type == FIELD_WORD ? schema_known_value(field, *raw) : *raw;
        }
        return true;
}
