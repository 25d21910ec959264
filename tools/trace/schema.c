#include "error_message.h"
#include "schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A line of the header that is being parsed, word by word. */
struct line {
        char *rest;
};

/* The line's next word; NULL if there is none. */
static char *next_word(struct line *line)
{
        char *word = line->rest, *space;

        if (!word || !*word)
                return NULL;
        space = strchr(word, ' ');
        line->rest = space ? space + 1 : NULL;
        if (space)
                *space = 0;
        return word;
}

static bool next_number(struct line *line, uint64_t *out)
{
        const char *word = next_word(line);
        char *end;

        if (!word || *word < '0' || *word > '9')
                return false;
        errno = 0;
        *out = strtoull(word, &end, 10);
        return !*end && errno == 0;
}

/* Makes room for one element more in an array of `count`, which grows by doubling; NULL if there is no memory. */
static void *grow(void *array, size_t count, size_t size)
{
        if (count & (count - 1))
                return array;
        return reallocarray(array, count ? 2 * count : 1, size);
}

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
        char **grown_words = grow(enumeration->word, i, sizeof *grown_words);
        uint64_t *grown_values;

        if (!grown_words)
                return fail_no_memory();
        enumeration->word = grown_words;
        grown_values = grow(enumeration->known_value, i, sizeof *grown_values);
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
static struct error enumeration_fill(struct schema_enumeration *enumeration, struct line *line)
{
        const char *word = next_word(line);

        if (!word)
                return FAILF(BAD_INPUT, "an enumeration has no name");
        enumeration->name = strdup(word);
        if (!enumeration->name)
                return fail_no_memory();
        enumeration->known = enumeration_of_name(word);
        while ((word = next_word(line)))
                TRY(enumeration_add_word(enumeration, word));
        return SUCCESS;
}

static struct error add_enumeration(struct schema *schema, struct line *line)
{
        struct schema_enumeration **grown = grow(schema->enumeration, schema->enumerations, sizeof *grown);

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

/* Gives the newest event its codes: one for each combination of its words, or one in version 1, where words are fields. */
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
static struct error add_event(struct schema *schema, struct line *line)
{
        struct event_schema *grown = grow(schema->event, schema->events, sizeof *grown), *event;
        char *name = next_word(line), *category = next_word(line), *word;

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
        while ((word = next_word(line)))
                TRY(add_field(schema, event, word));
        return add_codes(schema);
}

/* --- categories ------------------------------------------------------------------------------------------- */

static struct error add_category(struct schema *schema, struct line *line)
{
        struct schema_enumeration *categories = &schema->categories;
        const char *name = next_word(line);
        size_t known = 0;

        if (!name)
                return FAILF(BAD_INPUT, "a category has no name");
        while (known < category_table_size && strcmp(category_table[known].name, name) != 0)
                known++;
        TRY(enumeration_add_word(categories, name));
        categories->known_value[categories->words - 1] = known;
        return SUCCESS;
}

/* A set of this build's categories. Those that it does not know are left out. */
static uint64_t known_categories(const struct schema_enumeration *categories, uint64_t raw)
{
        uint64_t known = 0;

        for (size_t i = 0; i < categories->words && i < 64; i++)
                if (raw >> i & 1 && categories->known_value[i] < category_table_size)
                        known |= (uint64_t)1 << categories->known_value[i];
        return known;
}

/* --- the other lines -------------------------------------------------------------------------------------- */

static struct error add_file(struct schema *schema, struct line *line)
{
        struct schema_file *grown = grow(schema->file, schema->files, sizeof *grown);
        uint64_t offset;

        if (!grown)
                return fail_no_memory();
        schema->file = grown;
        if (!next_number(line, &offset) || !line->rest)
                return FAILF(BAD_INPUT, "a source file has no offset or no path");
        grown[schema->files] = (struct schema_file){ offset, strdup(line->rest) };
        if (!grown[schema->files].path)
                return fail_no_memory();
        schema->files++;
        return SUCCESS;
}

static struct error set_text(char **text, const char *value)
{
        char *copy = strdup(value ? value : "");

        if (!copy)
                return fail_no_memory();
        free(*text);
        *text = copy;
        return SUCCESS;
}

static struct error parse_line(struct schema *schema, char *text)
{
        struct line line = { text };
        const char *word = next_word(&line);

        if (!word)
                return SUCCESS;
        if (strcmp(word, "build") == 0)
                return set_text(&schema->build, line.rest);
        if (strcmp(word, "mode") == 0)
                return set_text(&schema->mode, line.rest);
        if (strcmp(word, "category") == 0)
                return add_category(schema, &line);
        if (strcmp(word, "enum") == 0)
                return add_enumeration(schema, &line);
        if (strcmp(word, "event") == 0)
                return add_event(schema, &line);
        if (strcmp(word, "file") == 0)
                return add_file(schema, &line);
        if (strcmp(word, "cpus") == 0 && !next_number(&line, &schema->cpus))
                return FAILF(BAD_INPUT, "the line \"cpus\" has no number");
        if (strcmp(word, "clock") == 0 &&
            (!next_number(&line, &schema->clock_ticks) || !next_number(&line, &schema->clock_per_second)))
                return FAILF(BAD_INPUT, "the line \"clock\" has not two numbers");
        return SUCCESS;                         /* a line of a kind that this build does not know */
}

static struct error parse_version(struct schema *schema, char *text)
{
        struct line line = { text };
        const char *magic = next_word(&line);

        if (!magic || strcmp(magic, "understory-trace") != 0)
                return FAILF(BAD_INPUT, "this is not an Understory trace: "
                             "its header does not begin with \"understory-trace\"");
        if (!next_number(&line, &schema->version))
                return FAILF(BAD_INPUT, "the header names no format version");
        if (schema->version < 1 || schema->version > 2)
                return FAILF(BAD_INPUT, "the format's version is %llu, this tool reads versions 1 and 2; "
                             "use the tool that was built with the kernel", (unsigned long long)schema->version);
        schema->codes = schema->version == 1 ? CODE_TIME + 1 : CODE_TREE + 1;
        return SUCCESS;
}

/* `text` is zero-terminated and may be written to. */
static struct error parse_lines(struct schema *schema, char *text)
{
        bool first = true;
        char *line;

        TRY(set_text(&schema->build, "unknown"));
        TRY(set_text(&schema->mode, "unknown"));
        while ((line = strsep(&text, "\n"))) {
                text_make_printable(line, strlen(line));
                TRY(first ? parse_version(schema, line) : parse_line(schema, line));
                first = false;
        }
        return SUCCESS;
}

struct error schema_parse(const char *text, size_t length, struct schema **out)
{
        struct schema *schema = calloc(1, sizeof *schema);
        char *copy = strndup(text, length);
        struct error error = schema && copy ? parse_lines(schema, copy) : fail_no_memory();

        free(copy);
        if (error.code) {
                schema_free(schema);
                return error;
        }
        *out = schema;
        return SUCCESS;
}

void schema_free(struct schema *schema)
{
        if (!schema)
                return;
        for (size_t i = 0; i < schema->events; i++) {
                for (size_t field = 0; field < schema->event[i].fields; field++)
                        free(schema->event[i].field[field].name);
                free(schema->event[i].field);
                free(schema->event[i].name);
                free(schema->event[i].category);
        }
        for (size_t i = 0; i < schema->enumerations; i++)
                enumeration_free(schema->enumeration[i]);
        for (size_t i = 0; i < schema->files; i++)
                free(schema->file[i].path);
        enumeration_clear(&schema->categories);
        free(schema->event);
        free(schema->event_of_code);
        free(schema->enumeration);
        free(schema->file);
        free(schema->build);
        free(schema->mode);
        free(schema);
}

/* --- looking things up ------------------------------------------------------------------------------------ */

const char *schema_file(const struct schema *schema, uint64_t offset)
{
        for (size_t i = 0; i < schema->files; i++)
                if (schema->file[i].offset == offset)
                        return schema->file[i].path;
        return NULL;
}

uint64_t schema_known_value(const struct schema_field *field, uint64_t raw)
{
        const struct schema_enumeration *enumeration = field->enumeration;

        if (field->type == FIELD_CATEGORIES)
                return known_categories(enumeration, raw);
        if (field->type != FIELD_WORD || !enumeration->known)
                return raw;
        return raw < enumeration->words ? enumeration->known_value[raw] : enumeration->known->words;
}

uint64_t schema_raw_categories(const struct schema_field *field, uint64_t known)
{
        uint64_t raw = 0;

        for (size_t i = 0; i < field->enumeration->words && i < 64; i++) {
                const uint64_t category = field->enumeration->known_value[i];

                if (category < category_table_size && known >> category & 1)
                        raw |= (uint64_t)1 << i;
        }
        return raw;
}

const char *schema_word(const struct schema_field *field, uint64_t raw)
{
        if (field->type != FIELD_WORD || raw >= field->enumeration->words)
                return NULL;
        return field->enumeration->word[raw];
}
