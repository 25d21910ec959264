/*
 * A saved model as bytes: each event is its type, its fields and its text. Numbers are varints, as in the stream; a
 * number is followed by the length of its text, if the event may have one.
 */
#include "event_table.h"
#include "model_internal.h"

#include <stdlib.h>
#include <string.h>

struct bytes {
        uint8_t *at;
        size_t length, room;
};

enum { VARINT_MAX = 10, TEXT_MAX = 512 };

/* Whether an event has a text: the field of that type is its last. */
static bool has_text(int type)
{
        size_t fields = event_table[type].fields;

        return fields && strcmp(event_table[type].field[fields - 1].type, "text") == 0;
}

/* --- saving ----------------------------------------------------------------------------------------------- */

static void add_number(struct bytes *bytes, uint64_t number)
{
        for (; number >= 0x80; number >>= 7)
                bytes->at[bytes->length++] = (uint8_t)(number | 0x80);
        bytes->at[bytes->length++] = (uint8_t)number;
}

static struct error make_room(struct bytes *bytes, size_t more)
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

        TRY(make_room(bytes, (EVENT_FIELDS_MAX + 2) * VARINT_MAX + length));
        add_number(bytes, event->type);
        for (size_t i = 0; i < numbers; i++)
                add_number(bytes, event->field[i]);
        if (is_named) {
                add_number(bytes, length);
                if (length)
                        memcpy(bytes->at + bytes->length, event->text, length);
                bytes->length += length;
        }
        return SUCCESS;
}

struct error model_save_bytes(const struct model *model, uint8_t **out, size_t *size)
{
        struct bytes bytes = { 0 };
        struct error error = model_save(model, (struct model_sink){ &bytes, put });

        if (error.code) {
                free(bytes.at);
                return error;
        }
        *out = bytes.at;
        *size = bytes.length;
        return SUCCESS;
}

/* --- loading ---------------------------------------------------------------------------------------------- */

static bool take_number(const uint8_t **at, const uint8_t *end, uint64_t *out)
{
        *out = 0;
        for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
                uint8_t byte = *(*at)++;

                *out |= (uint64_t)(byte & 0x7f) << shift;
                if (byte < 0x80)
                        return true;
        }
        return false;
}

static bool take_event(const uint8_t **at, const uint8_t *end, struct event *event, char text[TEXT_MAX + 1])
{
        uint64_t type, length;
        bool is_named;

        if (!take_number(at, end, &type) || type == EVENT_TIME || type >= EVENT_COUNT_ALL)
                return false;
        *event = (struct event){ .type = (enum trace_event)type };
        is_named = has_text((int)type);
        for (size_t i = 0; i < event_table[type].fields - is_named; i++)
                if (!take_number(at, end, &event->field[i]))
                        return false;
        if (!is_named)
                return true;
        if (!take_number(at, end, &length) || length > TEXT_MAX || length > (size_t)(end - *at))
                return false;
        memcpy(text, *at, length);
        text[length] = 0;
        event->text = text;
        *at += length;
        return true;
}

struct error model_load_bytes(const uint8_t *bytes, size_t size, struct model **out)
{
        const uint8_t *at = bytes, *end = bytes + size;
        char text[TEXT_MAX + 1];
        struct error error = SUCCESS;
        struct event event;
        struct model *model;

        TRY(model_create(&model));
        while (at < end && !error.code) {
                if (!take_event(&at, end, &event, text))
                        error = FAILF(BAD_INPUT, "a saved model is damaged after %s",
                                      format_counted((uint64_t)(at - bytes), "byte"));
                else
                        error = model_apply(model, &event);
                if (error_is(error, ERROR_BAD_INPUT) && *model_error_message(model))
                        error_message_set("a saved model cannot be loaded: %s", model_error_message(model));
        }
        if (error.code)
                model_destroy(model);
        else
                *out = model;
        return error;
}
