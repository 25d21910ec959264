#include "stream/reader_internal.h"

#include <string.h>

enum { PAGE_BITS = 12, WHOLE_VALUE = 1, NUMBERS_WITH_MASK = 3 };

static uint64_t unzigzag(uint64_t coded)
{
        return coded >> 1 ^ -(coded & 1);
}

/* For each field of the schema, its newest value in the cpu's open frame. */
static uint64_t *newest_values(const struct reader *reader, const struct reader_cpu *cpu)
{
        return &reader->last[cpu->index * reader->schema->fields];
}

void reader_begin_fields(const struct reader *reader, struct reader_cpu *cpu, uint64_t tree)
{
        cpu->address = 0;
        cpu->region = 0;
        cpu->tree = tree;
        memset(newest_values(reader, cpu), 0, reader->schema->fields * sizeof *reader->last);
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

/* A field's value as it was sent, and as this build has it. */
static void put_value(struct event *event, size_t i, uint64_t raw)
{
        const struct schema_field *field = &event->schema->field[i];

        event->raw[i] = raw;
        if (field->known >= 0)
                event->field[field->known] = field->type == FIELD_WORD ? schema_known_value(field, raw) : raw;
}

/* --- version 1: every field by itself, addresses as differences from the one before ---------------------------- */

static bool take_fields_1(struct reader *reader, struct reader_cpu *cpu, struct cursor *cursor, struct event *event)
{
        bool is_taken = true;
        uint64_t raw;

        for (size_t i = 0; is_taken && i < event->schema->fields; i++) {
                switch (event->schema->field[i].type) {
                case FIELD_TEXT:
                        is_taken = take_text(reader, cursor, event, &raw);
                        break;
                case FIELD_ADDRESS:
                        is_taken = take_difference(cursor, &cpu->address);
                        raw = cpu->address;
                        break;
                default:
                        is_taken = cursor_take_varint(cursor, &raw);
                }
                if (is_taken)
                        put_value(event, i, raw);
        }
        return is_taken;
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

/* The value of a word, of which `words` has those that are still to come: the event's code told them all. */
static uint64_t take_word(const struct schema_field *field, uint32_t *words)
{
        uint32_t word = *words;

        *words = 0;
        if (word >= field->words) {             /* a division takes as long as all else, and most need none */
                *words = word / field->words;
                word %= field->words;
        }
        return word;
}

/* `words` is what the code says beyond the event. */
static bool take_fields_2(struct reader *reader, struct reader_cpu *cpu, struct cursor *cursor, uint32_t words,
                          struct event *event)
{
        uint64_t *newest = newest_values(reader, cpu), *last, raw;
        unsigned mask;                          /* of the numbers that are still to come */

        if (!take_mask(cursor, event->schema->numbers, &mask))
                return false;
        for (size_t i = 0; i < event->schema->fields; i++) {
                const struct schema_field *field = &event->schema->field[i];
                bool is_taken = true;

                switch (field->type) {
                case FIELD_TEXT:
                        is_taken = take_text(reader, cursor, event, &raw);
                        break;
                case FIELD_TREE:
                        raw = cpu->tree;
                        break;
                case FIELD_WORD:
                        raw = take_word(field, &words);
                        break;
                default:
                        last = field->type == FIELD_REGION ? &cpu->region : &newest[field->slot];
                        if (mask & 1)
                                is_taken = field->type == FIELD_ADDRESS || field->type == FIELD_BYTES
                                                   ? take_paged(cursor, last)
                                                   : take_difference(cursor, last);
                        mask >>= 1;
                        raw = *last;
                }
                if (!is_taken)
                        return false;
                put_value(event, i, raw);
        }
        return true;
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

/* The schema of an event, by its code. */
static const struct event_schema *schema_of_code(const struct schema *schema, uint64_t code)
{
        if (!schema->events || code < schema->event[0].code || code >= schema->codes)
                return NULL;
        return &schema->event[schema->event_of_code[code]];
}

bool reader_take_fields(struct reader *reader, struct reader_cpu *cpu, struct event *event)
{
        struct cursor cursor = cpu->first->cursor;      /* a copy, which can stay in registers */
        uint64_t code;
        bool is_taken;

        if (!cursor_take_varint(&cursor, &code))
                return false;
        event->schema = schema_of_code(reader->schema, code);
        if (!event->schema)
                return false;
        event->text = NULL;
        memset(event->field, 0, sizeof event->field);
        if (reader->schema->version == 1)
                is_taken = take_fields_1(reader, cpu, &cursor, event);
        else
                is_taken = take_fields_2(reader, cpu, &cursor, (uint32_t)code - event->schema->code, event);
        cpu->first->cursor = cursor;
        return is_taken;
}
