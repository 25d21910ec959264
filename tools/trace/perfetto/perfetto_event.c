#include "base/format.h"
#include "perfetto/perfetto_file_internal.h"

#include <stdio.h>
#include <string.h>

/* Fields and values of Perfetto's messages, each under the message it belongs to. */
enum event_field {
        CATEGORY_IIDS = 3, ANNOTATION = 4, EVENT_TYPE = 9, NAME_IID = 10, EVENT_TRACK = 11, CATEGORIES = 22,
        EVENT_NAME = 23, COUNTER_VALUE = 30, DOUBLE_VALUE = 44, FLOW = 47, FLOW_END = 48,
};
enum event_type { SLICE_BEGIN = 1, SLICE_END = 2, INSTANT = 3, COUNTER = 4 };
enum annotation {
        ANNOTATION_NAME_IID = 1, ANNOTATION_NUMBER = 3, ANNOTATION_TEXT = 6, ANNOTATION_POINTER = 7,
        ANNOTATION_NAME = 10,
};

/* --- events ----------------------------------------------------------------------------------------------- */

static void event_open(struct perfetto_file *file, enum event_type type, uint64_t uuid, uint64_t ns)
{
        file->event_ns = ns;
        if (file->now < ns)
                file->now = ns;
        perfetto_payload_open(file, TRACK_EVENT);
        protobuf_number(&file->packet, EVENT_TYPE, type);
        protobuf_number(&file->packet, EVENT_TRACK, uuid);
}

void perfetto_close(struct perfetto_file *file)
{
        perfetto_payload_close_at(file, file->event_ns);
}

static uint64_t later(uint64_t a, uint64_t b)
{
        return a > b ? a : b;
}

static void begin_open(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category)
{
        struct track *track = perfetto_track_of(file, uuid);

        if (track) {
                ns = later(ns, track->free);
                track->open++;
                track->begun = track->now = track->free = ns;
        }
        file->totals.slices++;
        event_open(file, SLICE_BEGIN, uuid, ns);
        perfetto_add_constant_name(file, NAME_OF_CATEGORY, category, CATEGORY_IIDS, CATEGORIES);
}

void perfetto_begin(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                    const char *name)
{
        begin_open(file, uuid, ns, category);
        perfetto_add_constant_name(file, NAME_OF_EVENT, name, NAME_IID, EVENT_NAME);
}

void perfetto_begin_composed(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                             const char *name)
{
        begin_open(file, uuid, ns, category);
        protobuf_text(&file->packet, EVENT_NAME, name);
}

/* A viewer takes what begins when something without a duration was for a part of that. */
bool perfetto_end(struct perfetto_file *file, uint64_t uuid, uint64_t ns)
{
        struct track *track = perfetto_track_of(file, uuid);

        if (!track || !track->open)
                return false;
        ns = later(ns, track->now);
        track->open--;
        track->now = ns;
        track->free = ns == track->begun ? ns + 1 : ns;
        event_open(file, SLICE_END, uuid, ns);
        return true;
}

static void instant_open(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category)
{
        struct track *track = perfetto_track_of(file, uuid);

        if (track) {
                ns = later(ns, track->free);
                track->now = ns;
                track->free = ns + 1;
        }
        file->totals.instants++;
        event_open(file, INSTANT, uuid, ns);
        perfetto_add_constant_name(file, NAME_OF_CATEGORY, category, CATEGORY_IIDS, CATEGORIES);
}

void perfetto_instant(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                      const char *name)
{
        instant_open(file, uuid, ns, category);
        perfetto_add_constant_name(file, NAME_OF_EVENT, name, NAME_IID, EVENT_NAME);
}

void perfetto_instant_composed(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                               const char *name)
{
        instant_open(file, uuid, ns, category);
        protobuf_text(&file->packet, EVENT_NAME, name);
}

static void sample_open(struct perfetto_file *file, uint64_t uuid, uint64_t ns)
{
        struct track *track = perfetto_track_of(file, uuid);

        if (track) {
                ns = later(ns, track->now);
                track->now = ns;
        }
        file->totals.samples++;
        event_open(file, COUNTER, uuid, ns);
}

void perfetto_sample(struct perfetto_file *file, uint64_t uuid, uint64_t ns, int64_t value)
{
        sample_open(file, uuid, ns);
        protobuf_number(&file->packet, COUNTER_VALUE, (uint64_t)value);
        perfetto_close(file);
}

void perfetto_sample_part(struct perfetto_file *file, uint64_t uuid, uint64_t ns, double value)
{
        uint64_t bits;

        _Static_assert(sizeof bits == sizeof value, "a double has 64 bits");
        memcpy(&bits, &value, sizeof bits);
        sample_open(file, uuid, ns);
        protobuf_fixed(&file->packet, DOUBLE_VALUE, bits);
        perfetto_close(file);
}

/* --- ending ----------------------------------------------------------------------------------------------- */

bool perfetto_is_open(const struct perfetto_file *file, uint64_t uuid)
{
        const struct track *track = id_map_get(&file->tracks, uuid);

        return track && track->open;
}

void perfetto_end_all_of(struct perfetto_file *file, uint64_t uuid, uint64_t ns)
{
        while (perfetto_end(file, uuid, ns))
                perfetto_close(file);
}

void perfetto_end_all(struct perfetto_file *file, uint64_t ns)
{
        const struct track *track;
        size_t position = 0;

        while ((track = id_map_walk(&file->tracks, &position)))
                perfetto_end_all_of(file, track->uuid, ns);
}

uint64_t perfetto_walk_open(const struct perfetto_file *file, size_t *position)
{
        const struct track *track = id_map_walk(&file->tracks, position);

        while (track && !track->open)
                track = id_map_walk(&file->tracks, position);
        return track ? track->uuid : 0;
}

/* --- annotations ------------------------------------------------------------------------------------------ */

static size_t note_open(struct perfetto_file *file, const char *name)
{
        size_t note = protobuf_open(&file->packet, ANNOTATION);

        perfetto_add_constant_name(file, NAME_OF_ANNOTATION, name, ANNOTATION_NAME_IID, ANNOTATION_NAME);
        return note;
}

void perfetto_note_number(struct perfetto_file *file, const char *name, uint64_t value)
{
        size_t note = note_open(file, name);

        protobuf_number(&file->packet, ANNOTATION_NUMBER, value);
        protobuf_close(&file->packet, note);
}

void perfetto_note_text(struct perfetto_file *file, const char *name, const char *text)
{
        size_t note = note_open(file, name);

        protobuf_text(&file->packet, ANNOTATION_TEXT, text);
        protobuf_close(&file->packet, note);
}

/* SQL knows no numbers from 2^63 on: there a kernel's address is negative, so it is told as text, too. */
static void note_address_as_text(struct perfetto_file *file, const char *name, uint64_t value)
{
        size_t note = protobuf_open(&file->packet, ANNOTATION);
        char text_name[64];

        snprintf(text_name, sizeof text_name, "%s_text", name);
        perfetto_add_name(file, NAME_OF_ANNOTATION, text_name, ANNOTATION_NAME_IID, ANNOTATION_NAME);
        protobuf_text(&file->packet, ANNOTATION_TEXT, format_address(value));
        protobuf_close(&file->packet, note);
}

void perfetto_note_address(struct perfetto_file *file, const char *name, uint64_t value)
{
        size_t note = note_open(file, name);

        protobuf_number(&file->packet, ANNOTATION_POINTER, value);
        protobuf_close(&file->packet, note);
        if (value > INT64_MAX)
                note_address_as_text(file, name, value);
}

void perfetto_flow(struct perfetto_file *file, uint64_t number)
{
        file->totals.flows++;
        protobuf_fixed(&file->packet, FLOW, number);
}

void perfetto_flow_end(struct perfetto_file *file, uint64_t number)
{
        protobuf_fixed(&file->packet, FLOW_END, number);
}
