#include "analysis/operations.h"
#include "base/error_message.h"
#include "base/format.h"
#include "base/id_map.h"
#include "stream/event_table.h"
#include "stream/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A recording that is being read. */
struct collection {
        struct operations *operations;
        struct model *model;
        struct id_map lists;                    /* tree id: its number in `tree`, counted from 1 */
        size_t newest;                          /* the list with the newest operation, likewise; 0: there is none */
};

#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

/* --- checksums -------------------------------------------------------------------------------------------- */

/* FNV-1a, eight bytes at a time. */
static void mix(uint64_t *checksum, uint64_t value)
{
        *checksum = (*checksum ^ value) * 0x100000001b3;
        *checksum ^= *checksum >> 29;
}

static void mix_place(struct collection *collection, uint64_t *checksum, uint64_t region_id)
{
        const struct model_region *region = model_region(collection->model, region_id);

        mix(checksum, region ? region->range.base : UINT64_MAX);
}

static uint64_t search_of(const struct model_operation *operation)
{
        uint64_t checksum = 0;

        for (size_t i = 0; i < operation->visits; i++) {
                mix(&checksum, operation->visit[i].footprint.base);
                mix(&checksum, operation->visit[i].decision);
                mix(&checksum, operation->visit[i].skipped);
        }
        return checksum;
}

/* --- lists ------------------------------------------------------------------------------------------------ */

static void name_list(const struct collection *collection, struct operation_list *list, const struct model_tree *tree)
{
        const struct model_space *space = model_space(collection->model, tree->space);

        list->tree = tree->id;
        list->space = tree->space;
        if (space && space->name)
                snprintf(list->name, sizeof list->name, "%s", space->name);
}

/* The number of a tree's list, counted from 1; 0 if it has none yet. */
static size_t number_of_list(const struct collection *collection, uint64_t tree)
{
        return (size_t)id_map_get(&collection->lists, tree);
}

static struct error add_list(struct collection *collection, const struct model_tree *tree)
{
        struct operations *operations = collection->operations;
        struct operation_list *list;

        /* Room grows at each power of two. */
        if ((operations->trees & (operations->trees - 1)) == 0) {
                list = reallocarray(operations->tree, operations->trees ? 2 * operations->trees : 1, sizeof *list);
                if (!list)
                        return fail_no_memory();
                operations->tree = list;
        }
        list = &operations->tree[operations->trees++];
        *list = (struct operation_list){ 0 };
        name_list(collection, list, tree);
        return id_map_put(&collection->lists, tree->id, (void *)operations->trees);
}

static struct error add_operation(struct operation_list *list, const struct operation *operation)
{
        if (list->count == list->room) {
                size_t room = list->room ? 2 * list->room : 4;
                struct operation *grown = reallocarray(list->operation, room, sizeof *grown);

                if (!grown)
                        return fail_no_memory();
                list->operation = grown;
                list->room = room;
        }
        list->operation[list->count++] = *operation;
        return SUCCESS;
}

/* The newest operation of a list. */
static struct operation *newest_of(const struct collection *collection, size_t number)
{
        const struct operation_list *list = &collection->operations->tree[number - 1];

        return &list->operation[list->count - 1];
}

/* --- by name ---------------------------------------------------------------------------------------------- */

/* By name, and lists of the same name in the order of their first operations. */
static int compare_names(const void *a, const void *b)
{
        const struct operation_list *const *first = a, *const *second = b;
        const int order = strcmp((*first)->name, (*second)->name);

        return order ? order : (*first > *second) - (*first < *second);
}

/* All lists are there. Sorts them by name, and numbers those that have the same one. */
static struct error sort_by_name(struct operations *operations)
{
        struct operation_list **sorted = calloc(operations->trees + 1, sizeof *sorted);

        if (!sorted)
                return fail_no_memory();
        for (size_t i = 0; i < operations->trees; i++)
                sorted[i] = &operations->tree[i];
        qsort(sorted, operations->trees, sizeof *sorted, compare_names);
        for (size_t i = 1; i < operations->trees; i++)
                if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
                        sorted[i]->nth = sorted[i - 1]->nth + 1;
        operations->by_name = sorted;
        return SUCCESS;
}

const struct operation_list *operations_find(const struct operations *operations, const char *name, size_t nth)
{
        size_t low = 0, high = operations->trees;

        while (low < high) {
                const size_t middle = low + (high - low) / 2;
                const struct operation_list *list = operations->by_name[middle];
                const int order = strcmp(list->name, name);

                if (order == 0 && list->nth == nth)
                        return list;
                if (order < 0 || (order == 0 && list->nth < nth))
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

/* --- events ----------------------------------------------------------------------------------------------- */

static struct error begin_operation(struct collection *collection, const struct model_tree *tree)
{
        const struct model_operation *from = &tree->operation;
        struct operation operation = {
                .number = from->number,
                .begin = from->begin,
                .kind = from->kind,
                .size = from->size,
                .alignment = from->alignment,
                .before = from->before,
                .after = from->after,
                .window = from->window,
                .footprint = from->footprint,
                .address = from->address,
        };

        snprintf(operation.name, sizeof operation.name, "%.*s", (int)sizeof operation.name - 1, from->name);
        if (!number_of_list(collection, tree->id))
                TRY(add_list(collection, tree));
        collection->newest = number_of_list(collection, tree->id);
        return add_operation(&collection->operations->tree[collection->newest - 1], &operation);
}

static void end_operation(struct collection *collection, const struct model_tree *tree)
{
        const size_t number = number_of_list(collection, tree->id);
        const struct model_operation *from = &tree->operation;
        struct operation *operation = number ? newest_of(collection, number) : NULL;

        if (!operation || operation->begin != from->begin)
                return;         /* its beginning is missing */
        operation->end = from->end;
        operation->result = from->result;
        operation->result_address = from->result_address;
        operation->visits = from->visits;
        operation->course.search = search_of(from);
}

/* A change of the tree: which kind, and the places and words that its fields name. */
static void mix_change(struct collection *collection, const struct event *event)
{
        const size_t number = number_of_list(collection, event->field[0]);
        struct operation_course *course = number ? &newest_of(collection, number)->course : NULL;

        if (!course)
                return;
        mix(&course->changes, event->type);
        mix_place(collection, &course->changes, event->field[1]);
        if (event->type == EVENT_list_link)
                mix_place(collection, &course->changes, VALUE(event, list_link, previous));
        if (event->type == EVENT_tree_link)
                mix(&course->changes, VALUE(event, tree_link, side));
        if (event->type == EVENT_tree_exchange)
                mix_place(collection, &course->changes, VALUE(event, tree_exchange, successor));
        if (event->type == EVENT_tree_rotate)
                mix(&course->changes, VALUE(event, tree_rotate, side));
        if (event->type == EVENT_tree_colour)
                mix(&course->changes, VALUE(event, tree_colour, colour));
}

static void mix_region_changed(struct collection *collection, const struct event *event)
{
        uint64_t *checksum;

        if (!collection->newest)
                return;
        checksum = &newest_of(collection, collection->newest)->course.regions;
        for (size_t field = EVENT_FIELD(region_changed, old_base); field <= EVENT_FIELD(region_changed, after); field++)
                mix(checksum, event->field[field]);
}

/* The event has been applied to the model. */
static struct error collect(struct collection *collection, const struct event *event)
{
        const struct model_tree *tree;

        switch (event->type) {
        case EVENT_tree_begin:
        case EVENT_tree_end:
                tree = model_tree(collection->model, event->field[0]);
                if (!tree)
                        return SUCCESS;
                if (event->type == EVENT_tree_begin)
                        return begin_operation(collection, tree);
                end_operation(collection, tree);
                return SUCCESS;
        case EVENT_list_link:
        case EVENT_list_unlink:
        case EVENT_tree_link:
        case EVENT_tree_unlink:
        case EVENT_tree_exchange:
        case EVENT_tree_rotate:
        case EVENT_tree_colour:
                mix_change(collection, event);
                return SUCCESS;
        case EVENT_region_changed:
                mix_region_changed(collection, event);
                return SUCCESS;
        default:
                return SUCCESS;
        }
}

/* --- reading ---------------------------------------------------------------------------------------------- */

/* An event that cannot be applied is left out: `regiontrace check' says what is wrong with it. */
static struct error read_events(struct collection *collection, struct reader *reader)
{
        struct event event;

        collection->operations->is_cut_short = true;
        while (reader_next(reader, &event)) {
                struct error error = model_apply(collection->model, &event);

                if (error_is(error, ERROR_NO_MEMORY))
                        return error;
                if (event.type == EVENT_end)
                        collection->operations->is_cut_short = false;
                if (!error.code && model_carried_out(collection->model))
                        TRY(collect(collection, &event));
        }
        if (reader_failed(reader))
                return FAIL(IO);
        collection->operations->missing = reader_totals_missing(reader_totals(reader));
        return sort_by_name(collection->operations);
}

static struct error read_with(struct collection *collection, const char *path)
{
        struct reader *reader;
        struct error error;

        TRY(reader_open(path, &reader));
        error = read_events(collection, reader);
        reader_close(reader);
        return error;
}

struct error operations_read(const char *path, struct operations **out)
{
        struct collection collection = { .operations = calloc(1, sizeof *collection.operations) };
        struct error error;

        if (!collection.operations || !(collection.operations->path = strdup(path))) {
                operations_free(collection.operations);
                return fail_no_memory();
        }
        error = model_create(&collection.model);
        if (!error.code) {
                error = read_with(&collection, path);
                model_destroy(collection.model);
        }
        id_map_clear(&collection.lists);
        if (error.code)
                operations_free(collection.operations);
        else
                *out = collection.operations;
        return error;
}

size_t operations_memory(const struct operations *operations)
{
        size_t bytes = operations->trees * sizeof *operations->tree;

        for (size_t i = 0; i < operations->trees; i++)
                bytes += operations->tree[i].room * sizeof *operations->tree[i].operation;
        return bytes;
}

void operations_free(struct operations *operations)
{
        if (!operations)
                return;
        for (size_t i = 0; i < operations->trees; i++)
                free(operations->tree[i].operation);
        free(operations->tree);
        free(operations->by_name);
        free(operations->path);
        free(operations);
}

/* --- words ------------------------------------------------------------------------------------------------ */

/* Adds to a text in a room of OPERATION_WORDS_SIZE bytes; what does not fit is cut. */
[[gnu::format(printf, 2, 3)]] static void append(char *words, const char *format, ...)
{
        const size_t length = strlen(words);
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(words + length, OPERATION_WORDS_SIZE - length, format, arguments);
        va_end(arguments);
}

void operation_request_words(const struct operation *operation, char words[OPERATION_WORDS_SIZE])
{
        words[0] = 0;
        append(words, "%s", tree_operation_name(operation->kind));
        if (operation->size)
                append(words, " %s", format_bytes(operation->size));
        if (operation->name[0])
                append(words, " \"%s\"", operation->name);
        if (!vrange_is_empty(operation->footprint))
                append(words, " at %s", format_address(operation->footprint.base));
        if (operation->address)
                append(words, "%s %s", operation->kind == PLACE_NEAR ? " near" : ", address",
                       format_address(operation->address));
        if (operation->alignment > PAGE_SIZE)
                append(words, ", aligned to %s", format_bytes(operation->alignment));
        if (operation->before || operation->after)
                append(words, ", guards %s and %s", format_bytes(operation->before), format_bytes(operation->after));
        if (!vrange_is_empty(operation->window))
                append(words, ", window %s-%s", format_address(operation->window.base),
                       format_address(operation->window.end));
}

void operation_result_words(const struct operation *operation, char words[OPERATION_WORDS_SIZE])
{
        words[0] = 0;
        if (!operation->end)
                append(words, "the recording ends before its end");
        else if (operation->result)
                append(words, "%s", error_code_name(operation->result));
        else if (operation->result_address)
                append(words, "ok, at %s", format_address(operation->result_address));
        else
                append(words, "ok");
}
