#include "base/error_message.h"
#include "stream/schema_internal.h"

#include <stdlib.h>
#include <string.h>

/* --- lines -------------------------------------------------------------------------------------- */

static struct error add_file(struct schema *schema, struct schema_line *line)
{
        struct schema_file *grown = schema_grow(schema->file, schema->files, sizeof *grown);
        uint64_t offset;

        if (!grown)
                return fail_no_memory();
        schema->file = grown;
        if (!schema_next_number(line, &offset) || !line->rest)
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
        struct schema_line line = { text };
        const char *word = schema_next_word(&line);

        if (!word)
                return SUCCESS;
        if (strcmp(word, "build") == 0)
                return set_text(&schema->build, line.rest);
        if (strcmp(word, "mode") == 0)
                return set_text(&schema->mode, line.rest);
        if (strcmp(word, "category") == 0)
                return schema_add_category(schema, &line);
        if (strcmp(word, "enum") == 0)
                return schema_add_enumeration(schema, &line);
        if (strcmp(word, "event") == 0)
                return schema_add_event(schema, &line);
        if (strcmp(word, "file") == 0)
                return add_file(schema, &line);
        if (strcmp(word, "cpus") == 0 && !schema_next_number(&line, &schema->cpus))
                return FAILF(BAD_INPUT, "the line \"cpus\" has no number");
        if (strcmp(word, "clock") == 0 &&
            (!schema_next_number(&line, &schema->clock_ticks) || !schema_next_number(&line, &schema->clock_per_second)))
                return FAILF(BAD_INPUT, "the line \"clock\" has not two numbers");
        return SUCCESS;                         /* a line of a kind that this build does not know */
}

static struct error parse_version(struct schema *schema, char *text)
{
        struct schema_line line = { text };
        const char *magic = schema_next_word(&line);

        if (!magic || strcmp(magic, "understory-trace") != 0)
                return FAILF(BAD_INPUT, "this is not an Understory trace: "
                             "its header does not begin with \"understory-trace\"");
        if (!schema_next_number(&line, &schema->version))
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
        schema_free_events(schema);
        for (size_t i = 0; i < schema->files; i++)
                free(schema->file[i].path);
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

/* A set of this build's categories. Those that it does not know are left out. */
static uint64_t known_categories(const struct schema_enumeration *categories, uint64_t raw)
{
        uint64_t known = 0;

        for (size_t i = 0; i < categories->words && i < 64; i++)
                if (raw >> i & 1 && categories->known_value[i] < category_table_size)
                        known |= (uint64_t)1 << categories->known_value[i];
        return known;
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
