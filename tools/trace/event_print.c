#include "event_print.h"
#include "format.h"

#include <inttypes.h>
#include <string.h>

/* "16K" or "100": short, and free of spaces, so that fields can be told apart. */
static void print_bytes(FILE *out, uint64_t bytes)
{
        static const char units[] = "KMGT";
        int unit = -1;

        while (bytes && bytes % 1024 == 0 && unit < 3) {
                bytes /= 1024;
                unit++;
        }
        fprintf(out, "%" PRIu64 "%.*s", bytes, unit >= 0, unit >= 0 ? units + unit : "");
}

/* Only an event's first text is kept; of a further one the length is printed. */
static bool is_first_text(const struct event *event, size_t field)
{
        for (size_t i = 0; i < field; i++)
                if (event->schema->field[i].type == FIELD_TEXT)
                        return false;
        return event->schema->field[field].type == FIELD_TEXT;
}

static void print_file(FILE *out, const struct schema *schema, uint64_t offset)
{
        const char *path = schema_file(schema, offset);

        if (path)
                fputs(path, out);
        else
                fprintf(out, "%" PRIu64, offset);
}

/* "stream,test,tree", or "none" */
static void print_categories(FILE *out, const struct schema_field *field, uint64_t raw)
{
        const char *between = "";

        for (size_t i = 0; i < field->enumeration->words && i < 64; i++) {
                if (!(raw >> i & 1))
                        continue;
                fprintf(out, "%s%s", between, field->enumeration->word[i]);
                between = ",";
        }
        fputs(*between ? "" : "none", out);
}

static void print_value(FILE *out, const struct schema *schema, const struct event *event, size_t i)
{
        const struct schema_field *field = &event->schema->field[i];
        const char *word = schema_word(field, event->raw[i]);
        uint64_t raw = event->raw[i];

        if (is_first_text(event, i))
                fprintf(out, "\"%s\"", event->text);
        else if (event->type == EVENT_error_raised && field->known == EVENT_FIELD(error_raised, file))
                print_file(out, schema, raw);
        else if (field->type == FIELD_ADDRESS)
                fprintf(out, "0x%" PRIx64, raw);
        else if (field->type == FIELD_PROTECTION)
                fputs(format_protection(raw), out);
        else if (field->type == FIELD_CATEGORIES)
                print_categories(out, field, raw);
        else if (field->type == FIELD_BYTES)
                print_bytes(out, raw);
        else if (field->type == FIELD_PAGES && raw < UINT64_MAX / 4096)
                print_bytes(out, raw * 4096);
        else if (word)
                fputs(word, out);
        else
                fprintf(out, "%" PRIu64, raw);
}

void event_print(FILE *out, const struct schema *schema, const struct event *event)
{
        double ms = 0;

        if (schema->clock_per_second)
                ms = (double)(int64_t)(event->ticks - schema->clock_ticks) * 1000 / (double)schema->clock_per_second;
        if (event->missing)
                fprintf(out, "%26s  %s missing\n", "", format_counted(event->missing, "event"));
        fprintf(out, "%10s %12.3f ms  ", format_count(event->number), ms);
        if (event->number != event->cpu_number || event->cpu)
                fprintf(out, "cpu %u #%-8s ", event->cpu, format_count(event->cpu_number));
        fprintf(out, event->schema->fields ? "%-18s" : "%s", event->schema->name);
        for (size_t i = 0; i < event->schema->fields; i++) {
                fprintf(out, " %s=", event->schema->field[i].name);
                print_value(out, schema, event, i);
        }
        fputc('\n', out);
}

/* Texts from a stream have no control characters (see text_make_printable), others might. */
void json_print_string(FILE *out, const char *text)
{
        fputc('"', out);
        for (; *text; text++) {
                if ((unsigned char)*text < ' ')
                        fprintf(out, "\\u%04x", (unsigned)(unsigned char)*text);
                else
                        fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
        }
        fputc('"', out);
}

static void print_json_value(FILE *out, const struct event *event, size_t i)
{
        const struct schema_field *field = &event->schema->field[i];
        const char *word = schema_word(field, event->raw[i]);

        if (is_first_text(event, i))
                json_print_string(out, event->text);
        else if (word)
                json_print_string(out, word);
        else if (field->type == FIELD_ADDRESS)
                fprintf(out, "\"0x%" PRIx64 "\"", event->raw[i]);
        else if (field->type == FIELD_CATEGORIES) {
                fputc('"', out);
                print_categories(out, field, event->raw[i]);
                fputc('"', out);
        }
        else
                fprintf(out, "%" PRIu64, event->raw[i]);
}

void event_print_json(FILE *out, const struct event *event)
{
        fprintf(out, "{\"event\":%" PRIu64 ",\"cpu\":%u,\"cpu_event\":%" PRIu64 ",\"ticks\":%" PRIu64, event->number,
                event->cpu, event->cpu_number, event->ticks);
        if (event->missing)
                fprintf(out, ",\"missing\":%" PRIu64, event->missing);
        fputs(",\"type\":", out);
        json_print_string(out, event->schema->name);
        fputs(",\"category\":", out);
        json_print_string(out, event->schema->category);
        fputs(",\"fields\":{", out);
        for (size_t i = 0; i < event->schema->fields; i++) {
                fputs(i ? "," : "", out);
                json_print_string(out, event->schema->field[i].name);
                fputc(':', out);
                print_json_value(out, event, i);
        }
        fputs("}}\n", out);
}
