/*
 * How a stream's events are built: the lines "category", "enum" and "event" of its header. Each name is looked up in
 * the tables of this build.
 */
#include "base/error_message.h"
#include "stream/schema_internal.h"

#include <stdlib.h>
#include <string.h>

/* --- enumerations ----------------------------------------------------------------------------------------- */

static void enumeration_clear(struct schema_enumeration *enumeration)
{
        for (size_t i = 0; i < enumeration->words; i++)
                free(enumeration->word[i]);
        free(enumeration->word);
        free(enumeration->known_value);
        free(enumeration->name);
}

static void enumeration_free(struct schema_enumeration *enumeration)
{
        enumeration_clear(enumeration);
        free(enumeration);
}

static uint64_t value_of_word(const struct enumeration_description *known, const char *word)
{
        size_t value = 0;

        while (known && value < known->words && strcmp(known->word[value].name, word) != 0)
                value++;
        return value;
}

static struct error enumeration_add_word(struct schema_enumeration *enumeration, const char *word)
{
        size_t i = enumeration->words;
        char **grown_words = schema_grow(enumeration->word, i, sizeof *grown_words);
        uint64_t *grown_values;

        if (!grown_words)
                return fail_no_memory();
        enumeration->word = grown_words;
        grown_values = schema_grow(enumeration->known_value, i, sizeof *grown_values);
        if (!grown_values)
                return fail_no_memory();
        enumeration->known_value = grown_values;
        enumeration->word[i] = strdup(word);
        if (!enumeration->word[i])
                return fail_no_memory();
        enumeration->known_value[i] = value_of_word(enumeration->known, word);
        enumeration->words++;
        return SUCCESS;
}

/* "<name> <word> <word> ..." */
static struct error enumeration_fill(struct schema_enumeration *enumeration, struct schema_line *line)
{
        const char *word = schema_next_word(line);

        if (!word)
                return FAILF(BAD_INPUT, "an enumeration has no name");
        enumeration->name = strdup(word);
        if (!enumeration->name)
                return fail_no_memory();
        enumeration->known = enumeration_of_name(word);
        while ((word = schema_next_word(line)))
                TRY(enumeration_add_word(enumeration, word));
        return SUCCESS;
}

struct error schema_add_enumeration(struct schema *schema, struct schema_line *line)
{
        struct schema_enumeration **grown = schema_grow(schema->enumeration, schema->enumerations, sizeof *grown);

        if (!grown)
                return fail_no_memory();
        schema->enumeration = grown;
        grown[schema->enumerations] = calloc(1, sizeof **grown);
        if (!grown[schema->enumerations])
                return fail_no_memory();
        return enumeration_fill(grown[schema->enumerations++], line);
}

static const struct schema_enumeration *enumeration_named(const struct schema *schema, const char *name)
{
        for (size_t i = 0; i < schema->enumerations; i++)
                if (schema->enumeration[i]->name && strcmp(schema->enumeration[i]->name, name) == 0)
                        return schema->enumeration[i];
        return NULL;
}

/* --- events ----------------------------------------------------------------------------------------------- */

static enum field_type field_type_named(const char *name)
{
        static const char *const names[] = {
                [FIELD_ID] = "id",           [FIELD_COUNT] = "count",     [FIELD_BYTES] = "bytes",
                [FIELD_PAGES] = "pages",     [FIELD_TICKS] = "ticks",     [FIELD_ADDRESS] = "address",
                [FIELD_TEXT] = "text",       [FIELD_PROTECTION] = "protection", [FIELD_CATEGORIES] = "categories",
                [FIELD_TREE] = "tree",       [FIELD_REGION] = "region",
        };

        for (size_t type = FIELD_ID; type < sizeof names / sizeof names[0]; type++)
                if (strcmp(names[type], name) == 0)
                        return (enum field_type)type;
        return FIELD_NUMBER;
}

static int field_index_of_name(enum trace_event event, const char *name)
{
        for (size_t i = 0; i < event_table[event].fields; i++)
                if (strcmp(event_table[event].field[i].name, name) == 0)
                        return (int)i;
        return -1;
}

/* "<field>:<type>" */
static struct error add_field(struct schema *schema, struct event_schema *event, char *word)
{
        struct schema_field *field = &event->field[event->fields];
        char *colon = strchr(word, ':');

        if (event->fields == EVENT_FIELDS_MAX)
                return FAILF(BAD_INPUT, "event %s has more than %d fields", event->name, EVENT_FIELDS_MAX);
        if (!colon)
                return FAILF(BAD_INPUT, "field %s of event %s has no type", word, event->name);
        *colon = 0;
        if (schema->fields == SCHEMA_FIELDS_MAX)
                return FAILF(BAD_INPUT, "its events have more than %d fields together", SCHEMA_FIELDS_MAX);
        *field = (struct schema_field){ .name = strdup(word), .type = field_type_named(colon + 1), .words = 1,
                                        .slot = schema->fields++ };
        if (!field->name)
                return fail_no_memory();
        event->fields++;
        field->known = field_index_of_name(event->known, word);
        field->enumeration = enumeration_named(schema, colon + 1);
        if (field->type == FIELD_NUMBER && field->enumeration)
                field->type = FIELD_WORD;
        if (field->type == FIELD_CATEGORIES)
                field->enumeration = &schema->categories;
        if (field->type == FIELD_WORD && field->enumeration->words)
                field->words = (uint32_t)field->enumeration->words;
        event->numbers += field->type != FIELD_TREE && field->type != FIELD_WORD && field->type != FIELD_TEXT;
        return SUCCESS;
}

/*
 * Gives the newest event its codes: one for each combination of its words, or one in version 1, where words are fields.
 */
static struct error add_codes(struct schema *schema)
{
        struct event_schema *event = &schema->event[schema->events - 1];
        uint64_t combinations = 1;
        uint16_t *grown;

        event->code = schema->codes;
        for (size_t i = 0; schema->version > 1 && i < event->fields && combinations < SCHEMA_CODES_MAX; i++)
                combinations *= event->field[i].words;
        if (schema->codes + combinations > SCHEMA_CODES_MAX)
                return FAILF(BAD_INPUT, "its events have more than %d codes", SCHEMA_CODES_MAX);
        grown = reallocarray(schema->event_of_code, schema->codes + combinations, sizeof *grown);
        if (!grown)
                return fail_no_memory();
        schema->event_of_code = grown;
        while (combinations--)
                grown[schema->codes++] = (uint16_t)(schema->events - 1);
        return SUCCESS;
}

/* "<name> <category> <field>:<type> ..." */
struct error schema_add_event(struct schema *schema, struct schema_line *line)
{
        struct event_schema *grown = schema_grow(schema->event, schema->events, sizeof *grown), *event;
        char *name = schema_next_word(line), *category = schema_next_word(line), *word;

        if (!grown)
                return fail_no_memory();
        schema->event = grown;
        if (!name || !category)
                return FAILF(BAD_INPUT, "an event has no name or no category");
        event = &grown[schema->events++];
        *event = (struct event_schema){
                .name = strdup(name),
                .category = strdup(category),
                .known = event_type_of_name(name),
                .field = calloc(EVENT_FIELDS_MAX, sizeof *event->field),
        };
        if (!event->name || !event->category || !event->field)
                return fail_no_memory();
        while ((word = schema_next_word(line)))
                TRY(add_field(schema, event, word));
        return add_codes(schema);
}

/* --- categories ------------------------------------------------------------------------------------------- */

struct error schema_add_category(struct schema *schema, struct schema_line *line)
{
        struct schema_enumeration *categories = &schema->categories;
        const char *name = schema_next_word(line);
        size_t known = 0;

        if (!name)
                return FAILF(BAD_INPUT, "a category has no name");
        while (known < category_table_size && strcmp(category_table[known].name, name) != 0)
                known++;
        TRY(enumeration_add_word(categories, name));
        categories->known_value[categories->words - 1] = known;
        return SUCCESS;
}

/* --- freeing ---------------------------------------------------------------------------------------------- */

void schema_free_events(struct schema *schema)
{
        for (size_t i = 0; i < schema->events; i++) {
                for (size_t field = 0; field < schema->event[i].fields; field++)
                        free(schema->event[i].field[field].name);
                free(schema->event[i].field);
                free(schema->event[i].name);
                free(schema->event[i].category);
        }
        for (size_t i = 0; i < schema->enumerations; i++)
                enumeration_free(schema->enumeration[i]);
        enumeration_clear(&schema->categories);
        free(schema->event);
        free(schema->event_of_code);
        free(schema->enumeration);
}
