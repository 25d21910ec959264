#include "predict_counted.h"
#include "analysis/stats.h"
#include "base/error_message.h"
#include "grade.h"
#include "lib/rng.h"
#include "script/script_generate.h"
#include "stream/reader.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct counted_kind kinds[] = {
        { "visits", "how many regions does this lookup visit?", "a number", "       # visits: ", "find " },
        { "rotations", "how many rotations does this insertion take?", "a number", "       # rotations: ", "map " },
        { "removals", "how many rotations does this removal take?", "a number", "       # rotations: ", "unmap " },
        { "memory", "does it work, or fail for want of memory?", "ok or no_memory", " -> ", "unmap " },
};

enum { VISITS, ROTATIONS, REMOVALS, MEMORY };

const struct counted_kind *counted_kind_of(const char *shape)
{
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
                if (!strcmp(kinds[i].name, shape))
                        return &kinds[i];
        return NULL;
}

bool counted_is_answer(const struct counted_kind *kind, const char *text)
{
        if (kind == &kinds[MEMORY])
                return !strcmp(text, "ok") || !strcmp(text, "no_memory");
        return isdigit((unsigned char)text[0]) && (!text[1] || (isdigit((unsigned char)text[1]) && !text[2]));
}

/* --- the script ------------------------------------------------------------------------------------------- */

enum { SLOTS_MAX = 64, SLOT = 0x4000, FIRST_SLOT = 0x10000 };

static void shuffle(struct rng *rng, unsigned *slot, unsigned count)
{
        for (unsigned i = count; i > 1; i--) {
                const unsigned j = (unsigned)rng_below(rng, i), kept = slot[i - 1];

                slot[i - 1] = slot[j];
                slot[j] = kept;
        }
}

/* Regions of a page in an order at random; then so many lookups, insertions or removals. */
static char *script_of_a_tree(const struct counted_kind *kind, uint64_t seed, unsigned operations, unsigned questions)
{
        const unsigned slots = operations + (kind == &kinds[ROTATIONS] ? questions : 0);
        unsigned slot[SLOTS_MAX];
        char *text = NULL;
        struct rng rng;

        rng_seed(&rng, seed);
        for (unsigned i = 0; i < slots; i++)
                slot[i] = i;
        shuffle(&rng, slot, slots);
        add_words(&text, "space %#x %#x\n", FIRST_SLOT, FIRST_SLOT + SLOT * slots);
        for (unsigned i = 0; i < slots; i++)
                add_words(&text, "map r%u 4K rw- at %#x\n", i + 1, FIRST_SLOT + SLOT * slot[i]);
        shuffle(&rng, slot, slots);
        for (unsigned i = 0; i < questions && kind == &kinds[VISITS]; i++)
                add_words(&text, "find %#x\n", FIRST_SLOT + SLOT * slot[i]);
        for (unsigned i = 0; i < questions && kind == &kinds[REMOVALS]; i++)
                add_words(&text, "unmap %#x 4K\n", FIRST_SLOT + SLOT * slot[i]);
        return text;
}

/* Cuts at random; the last unmappings have no memory. */
static struct error script_without_memory(uint64_t seed, unsigned operations, unsigned questions, char **out)
{
        const struct script_request request = { .seed = seed, .shape = "cuts", .operations = operations };
        char *text, *rest, *line;
        unsigned unmaps = 0;

        TRY(script_generate(&request, &text));
        for (rest = text; (rest = strstr(rest, "\nunmap ")); rest++)
                unmaps++;
        *out = NULL;
        for (rest = text; (line = strsep(&rest, "\n"));) {
                const bool unmap = !strncmp(line, "unmap ", 6);

                if (*line && *line != '#')
                        add_words(out, "%s%s\n", line, unmap && unmaps <= questions ? " memory 0" : "");
                unmaps -= unmap;
        }
        free(text);
        return SUCCESS;
}

struct error counted_script(const struct counted_kind *kind, uint64_t seed, unsigned operations, unsigned questions,
                            char **out)
{
        if (kind == &kinds[MEMORY])
                return script_without_memory(seed, operations, questions, out);
        if (operations + questions > SLOTS_MAX || questions > operations)
                return FAILF(BAD_INPUT, "%u operations and %u questions are too many", operations, questions);
        *out = script_of_a_tree(kind, seed, operations, questions);
        return SUCCESS;
}

/* --- what the tree's kernel answers ----------------------------------------------------------------------- */

/* Runs a script in a folder: x.rtrace is its recording, x.txt what was said. */
static struct error run(const char *tree, const char *folder, const char *script)
{
        static const char command[] = "cd \"$2\" && exec \"$1/build/host/run_script\" x.ops -o x.rtrace > x.txt 2>&1";
        char *argv[] = { "sh", "-c", (char *)command, "run", (char *)tree, (char *)folder, NULL };
        char path[PATH_MAX];

        snprintf(path, sizeof path, "%s/x.ops", folder);
        TRY(write_text(path, script));
        if (run_unconfined(argv))
                return FAILF(IO, "this tree's kernel does not run the script to its end; is it built, and does `make "
                                 "grade' pass?");
        return SUCCESS;
}

static struct error count(const char *folder, uint64_t *visits, uint64_t *rotations)
{
        char path[PATH_MAX];
        struct error error = SUCCESS;
        struct reader *reader;
        struct stats *stats;
        struct event event;

        snprintf(path, sizeof path, "%s/x.rtrace", folder);
        TRY(reader_open(path, &reader));
        error = stats_create(0, &stats);
        if (!error.code) {
                while (!error.code && reader_next(reader, &event))
                        error = stats_event(stats, &event);
                *visits = stats->tree[FIND].visits.sum;
                *rotations = 0;
                for (size_t i = 0; i < STATS_TREE_KINDS; i++)
                        *rotations += stats->tree[i].rotations;
                stats_free(stats);
        }
        reader_close(reader);
        return error;
}

/* How the script's last line ended, as run_script says it: "   12  unmap 0x10000 8K: done". */
static struct error answer_of_last_line(const char *folder, char **out)
{
        char path[PATH_MAX], line[256], answer[256] = "";
        FILE *file;

        snprintf(path, sizeof path, "%s/x.txt", folder);
        file = fopen(path, "r");
        while (file && fgets(line, sizeof line, file)) {
                const char *colon = strstr(line, ": ");

                if (*line == ' ' && colon)
                        snprintf(answer, sizeof answer, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
        }
        if (file)
                fclose(file);
        *out = strdup(strcmp(answer, "done") ? answer : "ok");
        return SUCCESS;
}

/* The length of a script without its last line. */
static size_t all_but_last(const char *script)
{
        size_t length = strlen(script) - 1;

        while (length && script[length - 1] != '\n')
                length--;
        return length;
}

static struct error answer_in(const struct counted_kind *kind, const char *tree, const char *folder, const char *script,
                              char **out)
{
        uint64_t visits[2], rotations[2];
        char *before = strndup(script, all_but_last(script));
        struct error error = run(tree, folder, before);

        free(before);
        TRY(error);
        TRY(count(folder, &visits[0], &rotations[0]));
        TRY(run(tree, folder, script));
        if (kind == &kinds[MEMORY])
                return answer_of_last_line(folder, out);
        TRY(count(folder, &visits[1], &rotations[1]));
        *out = NULL;
        add_words(out, "%llu",
                  (unsigned long long)(kind == &kinds[VISITS] ? visits[1] - visits[0] : rotations[1] - rotations[0]));
        return SUCCESS;
}

struct error counted_answer(const struct counted_kind *kind, const char *tree, const char *script, char **out)
{
        char folder[] = "/tmp/understory-predict-XXXXXX";
        char *argv[] = { "rm", "-rf", folder, NULL };
        struct error error;

        if (!mkdtemp(folder))
                return FAILF(IO, "%s cannot be made", folder);
        error = answer_in(kind, tree, folder, script, out);
        run_unconfined(argv);
        return error;
}
