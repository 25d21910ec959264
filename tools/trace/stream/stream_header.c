#include "stream/stream_header.h"

#include <inttypes.h>
#include <string.h>

static void print_events(FILE *text, const struct schema *from)
{
        static const char *const types[] = {
                [FIELD_NUMBER] = "number", [FIELD_ID] = "id",       [FIELD_COUNT] = "count",
                [FIELD_BYTES] = "bytes",   [FIELD_PAGES] = "pages", [FIELD_TICKS] = "ticks",
                [FIELD_ADDRESS] = "address", [FIELD_PROTECTION] = "protection", [FIELD_TEXT] = "text",
                [FIELD_CATEGORIES] = "categories",
        };
        const size_t known_types = sizeof types / sizeof types[0];

        for (size_t i = 0; i < from->events; i++) {
                const struct event_schema *event = &from->event[i];

                fprintf(text, "event %s %s", event->name, event->category);
                for (size_t f = 0; f < event->fields; f++) {
                        const struct schema_field *field = &event->field[f];
                        const char *type = (size_t)field->type < known_types ? types[field->type] : NULL;

                        if (field->type == FIELD_WORD)
                                type = field->enumeration->name;
                        fprintf(text, " %s:%s", field->name, type ? type : "id");
                }
                fputc('\n', text);
        }
}

static bool has_event(const struct schema *schema, const char *name)
{
        for (size_t i = 0; i < schema->events; i++)
                if (strcmp(schema->event[i].name, name) == 0)
                        return true;
        return false;
}

/* Whether the type of a field is spelt the same in every version. */
static const char *plain_type(const char *type)
{
        return strcmp(type, "tree") == 0 || strcmp(type, "region") == 0 ? "id" : type;
}

/* The events of this build that a saved model has, if the stream does not have them itself. */
static void print_saved_events(FILE *text, const struct schema *from)
{
        for (int i = EVENT_TIME + 1; i < EVENT_COUNT_ALL; i++) {
                const struct event_description *event = &event_table[i];

                if ((i < EVENT_COUNT && strncmp(event->name, "keyframe_", 9) != 0 && i != EVENT_end) ||
                    has_event(from, event->name))
                        continue;
                fprintf(text, "event %s %s", event->name, event->category);
                for (size_t field = 0; field < event->fields; field++)
                        fprintf(text, " %s:%s", event->field[field].name, plain_type(event->field[field].type));
                fputc('\n', text);
        }
}

static bool has_enumeration(const struct schema *schema, const char *name)
{
        for (size_t i = 0; i < schema->enumerations; i++)
                if (strcmp(schema->enumeration[i]->name, name) == 0)
                        return true;
        return false;
}

/* The words of this build that the stream does not have: events that only we write may need them. */
static void print_missing_words(FILE *text, const struct schema_enumeration *from)
{
        for (size_t value = 0; from->known && value < from->known->words; value++) {
                bool is_there = false;

                for (size_t word = 0; word < from->words; word++)
                        is_there |= from->known_value[word] == value;
                if (!is_there)
                        fprintf(text, " %s", from->known->word[value].name);
        }
}

static void print_enumerations(FILE *text, const struct schema *from)
{
        for (size_t i = 0; i < from->enumerations; i++) {
                fprintf(text, "enum %s", from->enumeration[i]->name);
                for (size_t word = 0; word < from->enumeration[i]->words; word++)
                        fprintf(text, " %s", from->enumeration[i]->word[word]);
                print_missing_words(text, from->enumeration[i]);
                fputc('\n', text);
        }
        for (size_t i = 0; i < enumeration_table_size; i++) {
                if (has_enumeration(from, enumeration_table[i].name))
                        continue;
                fprintf(text, "enum %s", enumeration_table[i].name);
                for (size_t word = 0; word < enumeration_table[i].words; word++)
                        fprintf(text, " %s", enumeration_table[i].word[word].name);
                fputc('\n', text);
        }
}

/* The stream's own first, since the bits of a set count them. */
static void print_categories(FILE *text, const struct schema_enumeration *from)
{
        for (size_t i = 0; i < from->words; i++)
                fprintf(text, "category %s\n", from->word[i]);
        for (size_t i = 0; i < category_table_size; i++) {
                bool is_there = false;

                for (size_t word = 0; word < from->words; word++)
                        is_there |= from->known_value[word] == i;
                if (!is_there)
                        fprintf(text, "category %s\n", category_table[i].name);
        }
}

void stream_header_print(FILE *text, const struct schema *from, const char *mode)
{
        fprintf(text, "understory-trace 1\nbuild %s\nmode %s\ncpus %" PRIu64 "\n", from->build, mode, from->cpus);
        if (from->clock_per_second)
                fprintf(text, "clock %" PRIu64 " %" PRIu64 "\n", from->clock_ticks, from->clock_per_second);
        print_categories(text, &from->categories);
        print_enumerations(text, from);
        print_events(text, from);
        print_saved_events(text, from);
        for (size_t i = 0; i < from->files; i++)
                fprintf(text, "file %" PRIu64 " %s\n", from->file[i].offset, from->file[i].path);
}
