/*
 * Gradescope's results.json. It is written again after each case, so that a time-out leaves what was found until then;
 * under another name first, so that it is always whole. Its fields are those that Gradescope documents.
 */
#include "base/error_message.h"
#include "report.h"

#include <jansson.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURES_MAX = 3, SIZE_MAX_ALL = 500000 };

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static char *base64(const uint8_t *bytes, size_t length)
{
        char *text = malloc(4 * ((length + 2) / 3) + 1), *at = text;

        if (!text)
                abort();
        for (size_t i = 0; i < length; i += 3) {
                const size_t left = length - i;
                const uint32_t word = (uint32_t)(bytes[i] << 16 | (left > 1 ? bytes[i + 1] << 8 : 0) |
                                                 (left > 2 ? bytes[i + 2] : 0));

                *at++ = base64_digits[word >> 18];
                *at++ = base64_digits[word >> 12 & 63];
                *at++ = left > 1 ? base64_digits[word >> 6 & 63] : '=';
                *at++ = left > 2 ? base64_digits[word & 63] : '=';
        }
        *at = 0;
        return text;
}

/* The picture as an HTML image, or NULL if there is none or it is too large. */
static char *image_of(const struct grading *grading, const struct outcome *out)
{
        enum { PICTURE_MAX = 120000 };
        static uint8_t bytes[PICTURE_MAX];
        char path[PATH_MAX + NAME_MAX], *image = NULL, *digits;
        size_t length;
        FILE *file;

        snprintf(path, sizeof path, "%s/%s.png", grading->output, out->picture);
        file = *out->picture ? fopen(path, "rb") : NULL;
        if (!file)
                return NULL;
        length = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        if (length == sizeof bytes)
                return NULL;
        digits = base64(bytes, length);
        add_words(&image, "<img alt=\"the tree at the first bad event\" style=\"max-width:100%%\" "
                  "src=\"data:image/png;base64,%s\">", digits);
        free(digits);
        return image;
}

static char *escaped(const char *text)
{
        char *out = NULL;
        size_t length;
        FILE *file = open_memstream(&out, &length);

        if (!file)
                abort();
        for (; *text; text++) {
                if (strchr("&<>\"", *text))
                        fprintf(file, "&#%d;", *text);
                else
                        fputc(*text, file);
        }
        fclose(file);
        return out;
}

static json_t *test_of(const struct grading *grading, size_t i, unsigned *pictures)
{
        const struct grade_case *grade_case = &grading->cases[i];
        const struct outcome *out = &grading->outcomes[i];
        char *html = NULL, *image = NULL, *text, *safe;
        json_t *test;

        if (out->kind == PASSED) {
                add_words(&html, "<p>passed</p>");
        } else {
                text = explain_case(grading, i, "");
                safe = escaped(*text ? text : outcome_words(out->kind));
                if (*pictures && (image = image_of(grading, out)))
                        --*pictures;
                add_words(&html, "<pre>%.20000s</pre>%s", safe, image ? image : "");
                free(safe);
                free(text);
        }
        test = json_pack("{s:o, s:i, s:i, s:s, s:s, s:s, s:s}",
                         "name", json_sprintf("%s: %s", grade_case->name, grade_case->title),
                         "score", (int)score_of(grading, i),
                         "max_score", (int)grade_case->points,
                         "status", out->kind == PASSED ? "passed" : "failed",
                         "output", html,
                         "output_format", "html",
                         "visibility", "visible");
        free(image);
        free(html);
        return test;
}

/* The mean of a number of all histories, to two digits, so that it reads well in a table. */
static double mean_of(const struct scoring *scoring, size_t offset)
{
        double sum = 0;

        for (size_t i = 0; i < scoring->count; i++)
                sum += *(const double *)((const char *)&scoring->history[i] + offset);
        return round(100 * sum / (double)scoring->count) / 100;
}

static json_t *leaderboard_of(const struct scoring *scoring)
{
        const double score = mean_of(scoring, offsetof(struct history_score, score));
        const double visits = mean_of(scoring, offsetof(struct history_score, visits));
        const double rotations = mean_of(scoring, offsetof(struct history_score, rotations));

        return json_pack("[{s:s, s:f}, {s:s, s:f, s:s}, {s:s, s:f, s:s}]",
                         "name", "score", "value", score,
                         "name", "visits per operation", "value", visits, "order", "asc",
                         "name", "rotations per operation", "value", rotations, "order", "asc");
}

static char *results(const struct grading *grading, unsigned pictures)
{
        json_t *tests = json_array(), *all;
        char *output = NULL, *text, *scored = score_words(grading);
        unsigned score = 0;

        for (size_t i = 0; i < grading->count; i++) {
                json_array_append_new(tests, test_of(grading, i, &pictures));
                score += score_of(grading, i);
        }
        add_words(&output, "step %s: %s\nGrader %s. Isolation: %s.\n%s%s%s", grading->step, grading->title,
                  GRADER_VERSION, grading->isolation.words, grading->build_problem ? grading->build_problem : "",
                  grading->notes ? grading->notes : "", scored);
        free(scored);
        all = json_pack("{s:i, s:s, s:s, s:s, s:o}", "score", (int)score, "output", output, "output_format", "text",
                        "stdout_visibility", "hidden", "tests", tests);
        if (grading->scoring.count)
                json_object_set_new(all, "leaderboard", leaderboard_of(&grading->scoring));
        text = json_dumps(all, JSON_INDENT(1));
        json_decref(all);
        free(output);
        return text;
}

struct error report_gradescope(const struct grading *grading)
{
        char path[PATH_MAX], *text = NULL;

        if (!grading->results)
                return SUCCESS;
        for (unsigned pictures = PICTURES_MAX + 1; pictures-- > 0;) {
                free(text);
                text = results(grading, pictures);
                if (!text)
                        return fail_no_memory();
                if (strlen(text) < SIZE_MAX_ALL)
                        break;
        }
        snprintf(path, sizeof path, "%s.new", grading->results);
        TRY(write_text(path, text));
        free(text);
        if (rename(path, grading->results))
                return FAILF(IO, "%s cannot be written", grading->results);
        return SUCCESS;
}
