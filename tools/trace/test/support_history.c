#include "support_history.h"

#include <inttypes.h>
#include <stdio.h>

/* --- recordings ------------------------------------------------------------------------------------------- */

struct bytes run_on_all_cpus(void)
{
        struct run run = run_record();
        struct bytes bytes = { 0 };
        unsigned cpu = 0;

        for (size_t i = 0; i < run.recorded.count; i++) {
                run.recorded.event[i].cpu = cpu;
                if (run.recorded.event[i].type == EVENT_tree_end)
                        cpu = (cpu + 1) % PLAY_CPUS;
        }
        stream_put_together(&bytes, &run.recorded);
        run_free(&run);
        return bytes;
}

struct history *open_history(const struct bytes *bytes, size_t memory)
{
        struct history *history;
        struct source source;

        assert_int_equal(source_of_memory(bytes->at, bytes->length, &source).code, ERROR_OK);
        assert_int_equal(history_open_source(source, "test.rtrace", HISTORY_WHOLE, memory, &history).code, ERROR_OK);
        return history;
}

void index_all(struct history *history)
{
        bool more;

        do
                assert_int_equal(history_index(history, 100, &more).code, ERROR_OK);
        while (more);
}

/* --- states in words -------------------------------------------------------------------------------------- */

enum { WORDS = 1 << 14 };

static void add_node(char *words, const struct model_region *node)
{
        size_t length = strlen(words);

        if (!node)
                return;
        snprintf(words + length, WORDS - length, "%" PRIu64 "%c%" PRIx64 ",%" PRIu64 "(", node->id,
                 node->colour == RED ? 'r' : 'b', node->range.base, node->gap);
        add_node(words, node->child[LEFT]);
        add_node(words, node->child[RIGHT]);
        strcat(words, ")");
}

/* All trees with their nodes, and the operations on them. */
static void describe(char words[WORDS], const struct model *model)
{
        const struct model_tree *tree;

        *words = 0;
        for (size_t i = 0; (tree = model_tree_at(model, i)); i++) {
                size_t length = strlen(words);

                snprintf(words + length, WORDS - length,
                         "tree %" PRIu64 " operation %" PRIu64 "%s, visits at", tree->id,
                         tree->operation.number, tree->operation.in_progress ? "..." : "");
                for (size_t visit = 0; visit < tree->operation.visits; visit++) {
                        length = strlen(words);
                        snprintf(words + length, WORDS - length, " %" PRIu64, tree->operation.visit[visit].event);
                }
                strcat(words, ": ");
                add_node(words, tree->root);
        }
}

struct truth read_truth(const struct bytes *bytes)
{
        struct reader *reader = stream_open(bytes);
        struct truth truth = { 0 };
        struct model *model;
        struct event event;
        char *words = malloc(WORDS);

        assert_non_null(words);
        assert_int_equal(model_create(&model).code, ERROR_OK);
        while (reader_next(reader, &event)) {
                error_ignore(model_apply(model, &event));
                describe(words, model);
                truth.state = reallocarray(truth.state, truth.count + 1, sizeof *truth.state);
                assert_non_null(truth.state);
                truth.state[truth.count++] = (struct state){ event.number, event.ticks, event.type, strdup(words) };
        }
        free(words);
        model_destroy(model);
        reader_close(reader);
        return truth;
}

void free_truth(struct truth *truth)
{
        for (size_t i = 0; i < truth->count; i++)
                free(truth->state[i].words);
        free(truth->state);
}

void assert_is_at(const struct history *history, const struct state *state)
{
        char *words = malloc(WORDS);

        assert_non_null(words);
        describe(words, history_model(history));
        assert_int_equal(history_position(history), state->number);
        assert_int_equal(history_event(history)->number, state->number);
        assert_int_equal(history_event(history)->type, state->type);
        assert_string_equal(words, state->words);
        free(words);
}
