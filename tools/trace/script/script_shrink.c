#include "script/script_shrink.h"
#include "base/error_message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The script in lines. A line that is left out is NULL. */
struct lines {
        char **line;
        size_t count;
        size_t calls;
        const struct shrinking *shrinking;
};

/* Whether a line is never left out: a directive, a comment or a blank line. */
static bool stays(const char *line)
{
        line += strspn(line, " \t\r");
        return !*line || *line == '#' || !strncmp(line, "space ", 6) || !strncmp(line, "seed ", 5) ||
               !strncmp(line, "keyframes", 9);
}

static struct error split(const char *script, struct lines *lines)
{
        for (const char *at = script; *at;) {
                size_t length = strcspn(at, "\n");
                char **grown = realloc(lines->line, (lines->count + 1) * sizeof *grown);

                if (!grown)
                        return fail_no_memory();
                lines->line = grown;
                lines->line[lines->count] = strndup(at, length);
                if (!lines->line[lines->count++])
                        return fail_no_memory();
                at += length + (at[length] == '\n');
        }
        return SUCCESS;
}

static char *joined(const struct lines *lines)
{
        char *text = NULL;
        size_t length;
        FILE *out = open_memstream(&text, &length);

        if (!out)
                return NULL;
        for (size_t i = 0; i < lines->count; i++)
                if (lines->line[i])
                        fprintf(out, "%s\n", lines->line[i]);
        return fclose(out) ? NULL : text;
}

static bool still_fails(struct lines *lines)
{
        char *text;
        bool fails;

        if (lines->calls >= lines->shrinking->budget || !(text = joined(lines)))
                return false;
        lines->calls++;
        fails = lines->shrinking->still_fails(lines->shrinking->context, text);
        free(text);
        return fails;
}

/* Leaves out `length` removable lines from line `from` on, if the script still fails then. */
static bool leave_out(struct lines *lines, size_t from, size_t length)
{
        char **kept = malloc(lines->count * sizeof *kept);
        size_t left = length;
        bool fails;

        if (!kept)
                return false;
        memcpy(kept, lines->line, lines->count * sizeof *kept);
        for (size_t i = from; i < lines->count && left; i++) {
                if (lines->line[i] && !stays(lines->line[i])) {
                        lines->line[i] = NULL;
                        left--;
                }
        }
        fails = left < length && still_fails(lines);
        for (size_t i = 0; i < lines->count; i++) {
                if (!fails)
                        lines->line[i] = kept[i];
                else if (kept[i] && !lines->line[i])
                        free(kept[i]);
        }
        free(kept);
        return fails;
}

static void fewer_lines(struct lines *lines)
{
        for (size_t length = lines->count / 2 + 1; length; length = length == 1 ? 0 : (length + 1) / 2) {
                bool any;

                do {
                        any = false;
                        /* The end first: what follows the failure never matters. */
                        for (size_t from = lines->count; from-- > 0;)
                                if (lines->line[from] && !stays(lines->line[from]))
                                        any |= leave_out(lines, from, length);
                } while (any && length == 1);
        }
}

/* Tries a line in other words; keeps them if the script still fails. */
static void try_words(struct lines *lines, size_t i, char *words)
{
        char *kept = lines->line[i];

        if (!words)
                return;
        lines->line[i] = words;
        if (strcmp(words, kept) && still_fails(lines)) {
                free(kept);
                return;
        }
        lines->line[i] = kept;
        free(words);
}

/* The line without ` align ...`, ` guard ...` or ` window ...`. */
static char *without_option(const char *line, const char *option, int words)
{
        const char *at = strstr(line, option), *end;
        char *copy;

        if (!at)
                return NULL;
        end = at + strlen(option);
        for (int i = 0; i < words; i++) {
                end += strspn(end, " ");
                end += strcspn(end, " ");
        }
        if (asprintf(&copy, "%.*s%s", (int)(at - line), line, end) < 0)
                return NULL;
        return copy;
}

/* `map NAME SIZE ...` of one page. */
static char *of_one_page(const char *line)
{
        char name[64], size[64], *copy;
        int rest = 0;

        if (sscanf(line, "map %63s %63s%n", name, size, &rest) != 2 || asprintf(&copy, "map %s 4K%s", name, line + rest) < 0)
                return NULL;
        return copy;
}

static void simpler_lines(struct lines *lines)
{
        for (size_t i = 0; i < lines->count; i++) {
                if (!lines->line[i] || stays(lines->line[i]))
                        continue;
                try_words(lines, i, without_option(lines->line[i], " align", 1));
                try_words(lines, i, without_option(lines->line[i], " guard", 2));
                try_words(lines, i, without_option(lines->line[i], " window", 2));
                try_words(lines, i, without_option(lines->line[i], " memory", 1));
                try_words(lines, i, of_one_page(lines->line[i]));
        }
}

struct error script_shrink(const char *script, const struct shrinking *shrinking, char **out)
{
        struct lines lines = { .shrinking = shrinking };
        struct error error = split(script, &lines);

        if (!error.code) {
                fewer_lines(&lines);
                simpler_lines(&lines);
                fewer_lines(&lines);
                *out = joined(&lines);
                if (!*out)
                        error = fail_no_memory();
        }
        for (size_t i = 0; i < lines.count; i++)
                free(lines.line[i]);
        free(lines.line);
        return error;
}
