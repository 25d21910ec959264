#include "stream/event_print.h"
#include "base/format.h"

#include <stdlib.h>

/* --- pieces of a line ------------------------------------------------------------------------------------- */

enum { NUMBER_WIDTH = 10, TIME_WIDTH = 12, MISSING_WIDTH = 26, CPU_NUMBER_WIDTH = 8, NAME_WIDTH = 18 };

static void put_right(struct buffer *out, const char *text, size_t length, size_t width)
{
        while (width-- > length)
                buffer_put_byte(out, ' ');
        buffer_put(out, text, length);
}

/* "   1,204" */
static void put_count(struct buffer *out, uint64_t count, size_t width)
{
        const char *text = format_count(count);

        put_right(out, text, strlen(text), width);
}

/* Milliseconds since the stream began, to the nearest microsecond: "      12.345 ms". */
static void put_time(struct buffer *out, const struct schema *schema, uint64_t ticks)
{
        const bool is_before = (int64_t)(ticks - schema->clock_ticks) < 0;
        const uint64_t since = is_before ? schema->clock_ticks - ticks : ticks - schema->clock_ticks;
        char text[32], *end = text + sizeof text, *first = end;
        uint64_t us = 0;

        if (schema->clock_per_second)
                us = (uint64_t)((double)since * 1e6 / (double)schema->clock_per_second + 0.5);
        for (int digits = 0; us || digits < 4; us /= 10, digits++) {
                if (digits == 3)
                        *--first = '.';
                *--first = (char)('0' + us % 10);
        }
        if (is_before)
                *--first = '-';
        put_right(out, first, (size_t)(end - first), TIME_WIDTH);
        buffer_put(out, " ms", 3);
}

/* "16K" or "100": short, and free of spaces, so that fields can be told apart. */
static void put_bytes(struct buffer *out, uint64_t bytes)
{
        static const char units[] = "KMGT";
        int unit = -1;

        while (bytes && bytes % 1024 == 0 && unit < 3) {
                bytes /= 1024;
                unit++;
        }
        buffer_put_number(out, bytes);
        if (unit >= 0)
                buffer_put_byte(out, units[unit]);
}

static void put_file(struct buffer *out, const struct schema *schema, uint64_t offset)
{
        const char *path = schema_file(schema, offset);

        if (path)
                buffer_put_text(out, path);
        else
                buffer_put_number(out, offset);
}

/* "stream,test,tree", or "none" */
static void put_categories(struct buffer *out, const struct schema_field *field, uint64_t raw)
{
        const char *between = "";

        for (size_t i = 0; i < field->enumeration->words && i < 64; i++) {
                if (!(raw >> i & 1))
                        continue;
                buffer_put_text(out, between);
                buffer_put_text(out, field->enumeration->word[i]);
                between = ",";
        }
        if (!*between)
                buffer_put_text(out, "none");
}

/* Only an event's first text is kept; of a further one the length is printed. */
static bool is_first_text(const struct event *event, size_t field)
{
        for (size_t i = 0; i < field; i++)
                if (event->schema->field[i].type == FIELD_TEXT)
                        return false;
        return event->schema->field[field].type == FIELD_TEXT;
}

/* --- text ------------------------------------------------------------------------------------------------- */

static void put_word_or_number(struct buffer *out, const struct schema_field *field, uint64_t raw)
{
        const char *word = schema_word(field, raw);

        if (word)
                buffer_put_text(out, word);
        else
                buffer_put_number(out, raw);
}

static void put_value(struct buffer *out, const struct schema *schema, const struct event *event, size_t i)
{
        const struct schema_field *field = &event->schema->field[i];
        uint64_t raw = event->raw[i];

        switch (field->type) {
        case FIELD_ADDRESS:
                buffer_put_hexadecimal(out, raw);
                break;
        case FIELD_PROTECTION:
                buffer_put_text(out, format_protection(raw));
                break;
        case FIELD_CATEGORIES:
                put_categories(out, field, raw);
                break;
        case FIELD_BYTES:
                put_bytes(out, raw);
                break;
        case FIELD_PAGES:
                if (raw < UINT64_MAX / 4096)
                        put_bytes(out, raw * 4096);
                else
                        buffer_put_number(out, raw);
                break;
        case FIELD_TEXT:
                if (is_first_text(event, i)) {
                        buffer_put_byte(out, '"');
                        buffer_put_text(out, event->text);
                        buffer_put_byte(out, '"');
                } else {
                        buffer_put_number(out, raw);
                }
                break;
        default:
                if (event->type == EVENT_error_raised && field->known == EVENT_FIELD(error_raised, file))
                        put_file(out, schema, raw);
                else
                        put_word_or_number(out, field, raw);
        }
}

void event_print(struct buffer *out, const struct schema *schema, const struct event *event)
{
        const struct event_schema *type = event->schema;
        size_t name;

        if (event->missing) {
                put_right(out, "", 0, MISSING_WIDTH);
                buffer_put_text(out, "  ");
                buffer_put_text(out, format_counted(event->missing, "event"));
                buffer_put_text(out, " missing\n");
        }
        put_count(out, event->number, NUMBER_WIDTH);
        buffer_put_byte(out, ' ');
        put_time(out, schema, event->ticks);
        buffer_put(out, "  ", 2);
        if (event->number != event->cpu_number || event->cpu) {
                size_t number;

                buffer_put_text(out, "cpu ");
                buffer_put_number(out, event->cpu);
                buffer_put_text(out, " #");
                number = out->length;
                buffer_put_text(out, format_count(event->cpu_number));
                buffer_pad(out, number, CPU_NUMBER_WIDTH);
                buffer_put_byte(out, ' ');
        }
        name = out->length;
        buffer_put_text(out, type->name);
        if (type->fields)
                buffer_pad(out, name, NAME_WIDTH);
        for (size_t i = 0; i < type->fields; i++) {
                buffer_put_byte(out, ' ');
                buffer_put_text(out, type->field[i].name);
                buffer_put_byte(out, '=');
                put_value(out, schema, event, i);
        }
        buffer_put_byte(out, '\n');
}

/* --- JSON ------------------------------------------------------------------------------------------------- */

/* Texts from a stream have no control characters (see text_make_printable), others might. */
static void put_json_string(struct buffer *out, const char *text)
{
        char escaped[8];

        buffer_put_byte(out, '"');
        for (; *text; text++) {
                if ((unsigned char)*text < ' ') {
                        snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)(unsigned char)*text);
                        buffer_put_text(out, escaped);
                        continue;
                }
                if (*text == '"' || *text == '\\')
                        buffer_put_byte(out, '\\');
                buffer_put_byte(out, *text);
        }
        buffer_put_byte(out, '"');
}

void json_print_string(FILE *out, const char *text)
{
        struct buffer string = { 0 };

        put_json_string(&string, text);
        fwrite(string.bytes, 1, string.length, out);
        free(string.bytes);
}

static void put_json_value(struct buffer *out, const struct event *event, size_t i)
{
        const struct schema_field *field = &event->schema->field[i];
        const char *word = schema_word(field, event->raw[i]);

        if (is_first_text(event, i)) {
                put_json_string(out, event->text);
        } else if (word) {
                put_json_string(out, word);
        } else if (field->type == FIELD_ADDRESS) {
                buffer_put_byte(out, '"');
                buffer_put_hexadecimal(out, event->raw[i]);
                buffer_put_byte(out, '"');
        } else if (field->type == FIELD_CATEGORIES) {
                buffer_put_byte(out, '"');
                put_categories(out, field, event->raw[i]);
                buffer_put_byte(out, '"');
        } else {
                buffer_put_number(out, event->raw[i]);
        }
}

/* `key` with its quotes and what comes before it: ",\"cpu\":". */
static void put_json_number(struct buffer *out, const char *key, uint64_t value)
{
        buffer_put_text(out, key);
        buffer_put_number(out, value);
}

void event_print_json(struct buffer *out, const struct event *event)
{
        put_json_number(out, "{\"event\":", event->number);
        put_json_number(out, ",\"cpu\":", event->cpu);
        put_json_number(out, ",\"cpu_event\":", event->cpu_number);
        put_json_number(out, ",\"ticks\":", event->ticks);
        if (event->missing)
                put_json_number(out, ",\"missing\":", event->missing);
        buffer_put_text(out, ",\"type\":");
        put_json_string(out, event->schema->name);
        buffer_put_text(out, ",\"category\":");
        put_json_string(out, event->schema->category);
        buffer_put_text(out, ",\"fields\":{");
        for (size_t i = 0; i < event->schema->fields; i++) {
                buffer_put_text(out, i ? "," : "");
                put_json_string(out, event->schema->field[i].name);
                buffer_put_byte(out, ':');
                put_json_value(out, event, i);
        }
        buffer_put_text(out, "}}\n");
}
