/*
 * A saved model as bytes: events, each with its type, its fields and its text. Numbers are varints; a number is
 * followed by the length of its text, if the event may have one. Regions and nodes of trees, which are most of a large
 * model, are not events but have a form of their own: they stand where an event would have type 0.
 */
#include "model/model_bytes.h"
#include "stream/event_table.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 512, NODES_FOLLOW = EVENT_TIME };

/* Whether an event has a text: the field of that type is its last. */
static bool has_text(int type)
{
        size_t fields = event_table[type].fields;

        return fields && strcmp(event_table[type].field[fields - 1].type, "text") == 0;
}

/* --- saving ----------------------------------------------------------------------------------------------- */

struct error bytes_make_room(struct bytes *bytes, size_t more)
{
        size_t room = 2 * bytes->room + more;
        uint8_t *grown;

        if (bytes->length + more <= bytes->room)
                return SUCCESS;
        grown = realloc(bytes->at, room);
        if (!grown)
                return fail_no_memory();
        bytes->at = grown;
        bytes->room = room;
        return SUCCESS;
}

static struct error put(void *context, const struct event *event)
{
        struct bytes *bytes = context;
        bool is_named = has_text((int)event->type);
        size_t numbers = event_table[event->type].fields - is_named;
        size_t length = event->text ? strnlen(event->text, TEXT_MAX) : 0;

        TRY(bytes_make_room(bytes, (EVENT_FIELDS_MAX + 2) * VARINT_MAX + length));
        bytes_add_number(bytes, event->type);
        for (size_t i = 0; i < numbers; i++)
                bytes_add_number(bytes, event->field[i]);
        if (is_named) {
                bytes_add_number(bytes, length);
                if (length)
                        memcpy(bytes->at + bytes->length, event->text, length);
                bytes->length += length;
        }
        return SUCCESS;
}

static struct error put_nodes(void *context, const struct model *model)
{
        struct bytes *bytes = context;

        TRY(bytes_make_room(bytes, VARINT_MAX));
        bytes_add_number(bytes, NODES_FOLLOW);
        return model_put_nodes_as_bytes(bytes, model);
}

struct error model_save_bytes(const struct model *model, uint8_t **out, size_t *size)
{
        struct bytes bytes = { 0 };
        struct error error = model_save_around_nodes(model, (struct model_sink){ &bytes, put }, put_nodes);
        uint8_t *fitting;

        if (error.code) {
                free(bytes.at);
                return error;
        }
        fitting = realloc(bytes.at, bytes.length);      /* many of them are kept */
        *out = fitting ? fitting : bytes.at;
        *size = bytes.length;
        return SUCCESS;
}

/* --- loading ---------------------------------------------------------------------------------------------- */

static bool take_event(struct taking *from, uint64_t type, struct event *event, char text[TEXT_MAX + 1])
{
        uint64_t length;
        bool is_named;

        if (type >= EVENT_COUNT_ALL)
                return false;
        *event = (struct event){ .type = (enum trace_event)type };
        is_named = has_text((int)type);
        for (size_t i = 0; i < event_table[type].fields - is_named; i++)
                if (!bytes_take_number(from, &event->field[i]))
                        return false;
        if (!is_named)
                return true;
        if (!bytes_take_number(from, &length) || length > TEXT_MAX || length > (size_t)(from->end - from->at))
                return false;
        memcpy(text, from->at, length);
        text[length] = 0;
        event->text = text;
        from->at += length;
        return true;
}

static struct error load_next(struct model *model, struct taking *from)
{
        char text[TEXT_MAX + 1];
        struct event event;
        uint64_t type;

        if (!bytes_take_number(from, &type))
                return FAIL(BAD_INPUT);
        if (type == NODES_FOLLOW)
                return model_take_nodes(model, from);
        return take_event(from, type, &event, text) ? model_apply(model, &event) : FAIL(BAD_INPUT);
}

struct error model_load_bytes(const uint8_t *bytes, size_t size, struct model **out)
{
        struct taking from = { bytes, bytes + size };
        struct error error = SUCCESS;
        struct model *model;

        TRY(model_create(&model));
        while (from.at < from.end && !error.code)
                error = load_next(model, &from);
        if (error_is(error, ERROR_BAD_INPUT))
                error_message_set("a saved model cannot be loaded: it is damaged before byte %s%s%s",
                                  format_count((uint64_t)(from.at - bytes)), *model_error_message(model) ? ": " : "",
                                  model_error_message(model));
        if (error.code)
                model_destroy(model);
        else
                *out = model;
        return error;
}
