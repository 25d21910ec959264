#include "support_model.h"

#include <inttypes.h>
#include <stdio.h>

struct model *model;
static uint64_t number;

int model_set_up([[maybe_unused]] void **state)
{
        number = 0;
        return model_create(&model).code;
}

int model_tear_down([[maybe_unused]] void **state)
{
        model_destroy(model);
        return 0;
}

struct error tell_model_event(enum trace_event type, const char *text, const uint64_t *fields, size_t count)
{
        struct event event = { .type = type, .number = ++number, .text = text };

        memcpy(event.field, fields, count * sizeof *fields);
        return model_apply(model, &event);
}

void tell_tree(uint64_t regions)
{
        TELL(tree_created, 1, 0x10000, 0x200000);
        for (uint64_t id = 1; id <= regions; id++) {
                TELL_TEXT(region_created, "r", id);
                TELL(region_changed, id, 0, 0, 0, id << 16, (id << 16) + 0x1000, PROTECT_READ, 0, 0);
        }
}

static void write_shape(const struct model_region *node, char **out)
{
        if (!node)
                return;
        *out += sprintf(*out, "%" PRIu64 "%c", node->id, node->colour == RED ? 'r' : 'b');
        if (!node->child[LEFT] && !node->child[RIGHT])
                return;
        *out += sprintf(*out, "(");
        write_shape(node->child[LEFT], out);
        *out += sprintf(*out, ",");
        write_shape(node->child[RIGHT], out);
        *out += sprintf(*out, ")");
}

void assert_shape(const char *expected)
{
        char shape[500] = "", *out = shape;

        write_shape(model_tree(model, 1)->root, &out);
        assert_string_equal(shape, expected);
}
