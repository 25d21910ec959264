#include "case.h"
#include "base/error_message.h"
#include "stream/event_table.h"
#include "test/op_script.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Appends a line of prose to a text, so that several lines of one key make a paragraph. */
static void append(char **text, const char *words)
{
        char *longer = NULL;

        if (asprintf(&longer, "%s%s%s", *text ? *text : "", *text ? "\n" : "", words) < 0)
                abort();
        free(*text);
        *text = longer;
}

static bool read_random(struct grade_case *out, const char *value)
{
        char shape[32];

        if (sscanf(value, "%u --shape %31[a-z] --operations %u", &out->random, shape, &out->operations) != 3 ||
            !out->random || out->random > CASE_RANDOM_MAX || !out->operations)
                return false;
        out->shape = strdup(shape);
        return out->shape;
}

static bool read_places(struct grade_case *out, const char *value)
{
        out->places = !strcmp(value, "host") ? ON_HOST : !strcmp(value, "boot") ? ON_MACHINE :
                      !strcmp(value, "both") ? ON_HOST | ON_MACHINE : 0;
        return out->places;
}

static bool read_points(struct grade_case *out, const char *value)
{
        char *end;

        out->points = (unsigned)strtoul(value, &end, 10);
        return *value && !*end;
}

static bool read_asks(struct grade_case *out, const char *value)
{
        bool *rule = !strcmp(value, "regions") ? &out->rules.regions_decide :
                     !strcmp(value, "regions always") ? &out->rules.regions_always :
                     !strcmp(value, "whole regions") ? &out->rules.whole_regions :
                     !strcmp(value, "regions alone") ? &out->rules.regions_alone :
                     !strcmp(value, "tree") ? &out->rules.searches_tree : NULL;

        if (rule)
                *rule = true;
        return rule;
}

static bool read_promise(struct grade_case *out, const char *value)
{
        for (enum promise promise = PROMISE_GAPS; promise < PROMISE_NOTHING; promise++)
                if (!strcmp(value, promise_name(promise))) {
                        out->rules.promise = promise;
                        return true;
                }
        return false;
}

/* One line, `key value`; what is wrong with it, or NULL. */
static const char *read_line(struct grade_case *out, const char *key, const char *value)
{
        if (!strcmp(key, "title"))
                append(&out->title, value);
        else if (!strcmp(key, "expect"))
                append(&out->expect, value);
        else if (!strcmp(key, "explain"))
                append(&out->explain, value);
        else if (!strcmp(key, "step"))
                append(&out->step, value);
        else if (!strcmp(key, "exec"))
                append(&out->exec, value);
        else if (!strcmp(key, "test"))
                append(&out->test, value);
        else if (!strcmp(key, "asks"))
                return read_asks(out, value) ?
                               NULL :
                               "asks is regions, regions always, regions alone, whole regions or tree, or left out";
        else if (!strcmp(key, "promises"))
                return read_promise(out, value) ? NULL : "promises is gaps, balance, balance_at_first or order";
        else if (!strcmp(key, "hint") && out->hints < CASE_HINTS_MAX)
                append(&out->hint[out->hints++], value);
        else if (!strcmp(key, "hint"))
                return "there are three hints at most";
        else if (!strcmp(key, "points"))
                return read_points(out, value) ? NULL : "points is a number";
        else if (!strcmp(key, "runs"))
                return read_places(out, value) ? NULL : "runs is host, boot or both";
        else if (!strcmp(key, "random"))
                return read_random(out, value) ? NULL : "random is N --shape NAME --operations N";
        else
                return "a line begins with title, points, step, runs, expect, asks, promises, hint, explain, random, "
                       "exec, test or script";
        return NULL;
}

/* A script that cannot be parsed would make every submission fail. */
static struct error check_script(const char *path, const char *text, unsigned line)
{
        struct op_script script = op_script_of(text, strlen(text));
        struct op op;

        while (op_script_next(&script, &op))
                continue;
        return script.problem ? FAILF(BAD_INPUT, "%s:%u: %s", path, line + script.line, script.problem) : SUCCESS;
}

static struct error check_whole(const char *path, const struct grade_case *out)
{
        const int kinds = !!out->script + !!out->random + !!out->exec + !!out->test;

        if (!out->title || !out->step || !out->places || !out->expect || !out->hints)
                return FAILF(BAD_INPUT, "%s: title, step, runs, expect and a hint are needed", path);
        if (kinds != 1)
                return FAILF(BAD_INPUT, "%s: one of script, random, exec and test is needed", path);
        if ((out->exec || out->test) && out->places != ON_MACHINE)
                return FAILF(BAD_INPUT, "%s: a program runs on a machine: runs boot", path);
        return SUCCESS;
}

static struct error read_lines(const char *path, FILE *file, struct grade_case *out)
{
        char *line = NULL;
        size_t room = 0;
        unsigned number = 0;
        struct error error = SUCCESS;

        while (!error.code && getline(&line, &room, file) >= 0) {
                char *value = line + strcspn(line, " \n");
                const char *problem;

                number++;
                line[strcspn(line, "\n")] = 0;
                if (!*line || *line == '#')
                        continue;
                if (!strcmp(line, "script")) {
                        size_t length = 0;

                        if (getdelim(&out->script, &length, 0, file) < 0)
                                error = FAILF(BAD_INPUT, "%s: there is no script", path);
                        else
                                error = check_script(path, out->script, number);
                        break;
                }
                if (*value)
                        *value++ = 0;
                problem = read_line(out, line, value + strspn(value, " "));
                if (problem)
                        error = FAILF(BAD_INPUT, "%s:%u: %s", path, number, problem);
        }
        free(line);
        return error.code ? error : check_whole(path, out);
}

struct error case_read(const char *path, struct grade_case *out)
{
        const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
        FILE *file = fopen(path, "r");
        struct error error;

        *out = (struct grade_case){ .name = strndup(name, strcspn(name, ".")), .rules = no_rules };
        if (!file)
                return FAILF(IO, "%s: %s", path, strerror(errno));
        error = read_lines(path, file, out);
        fclose(file);
        if (error.code)
                case_free(out);
        return error;
}

void case_free(struct grade_case *grade_case)
{
        char *const texts[] = { grade_case->name,   grade_case->title,   grade_case->step,
                                grade_case->expect, grade_case->explain, grade_case->script,
                                grade_case->shape,  grade_case->exec,    grade_case->test };

        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
                free(texts[i]);
        for (size_t i = 0; i < grade_case->hints; i++)
                free(grade_case->hint[i]);
        *grade_case = (struct grade_case){ 0 };
}

/* --- a folder ---------------------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
        const struct grade_case *first = a, *second = b;

        if (first->place != second->place)
                return first->place < second->place ? -1 : 1;
        return strcmp(first->name, second->name);
}

static void sort_cases(const char *folder, struct grade_case *cases, size_t count)
{
        char path[4096], *line = NULL;
        size_t room = 0;
        FILE *file;

        snprintf(path, sizeof path, "%s/order", folder);
        file = fopen(path, "r");
        for (size_t i = 0; i < count; i++)
                cases[i].place = SIZE_MAX;
        for (size_t place = 0; file && getline(&line, &room, file) >= 0; place++) {
                line[strcspn(line, "\n")] = 0;
                for (size_t i = 0; i < count; i++) {
                        if (!strcmp(cases[i].name, line))
                                cases[i].place = place;
                }
        }
        free(line);
        if (file)
                fclose(file);
        qsort(cases, count, sizeof *cases, by_place);
}

static int is_case(const struct dirent *entry)
{
        const char *end = strrchr(entry->d_name, '.');

        return end && end != entry->d_name && !strcmp(end, ".case");
}

struct error cases_read(const char *folder, const char *step, struct grade_case **out, size_t *count)
{
        struct dirent **entries;
        int found = scandir(folder, &entries, is_case, alphasort);
        struct error error = SUCCESS;

        *count = 0;
        if (found < 0)
                return FAILF(IO, "%s: %s", folder, strerror(errno));
        *out = calloc((size_t)found + 1, sizeof **out);
        for (int i = 0; i < found; i++) {
                struct grade_case *next = &(*out)[*count];
                char path[4096];

                snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
                free(entries[i]);
                if (error.code)
                        continue;
                error = case_read(path, next);
                if (!error.code && strcmp(next->step, step))
                        case_free(next);
                else if (!error.code)
                        ++*count;
        }
        free(entries);
        if (!error.code)
                sort_cases(folder, *out, *count);
        return error;
}
