#include "error_message.h"
#include "id_map.h"
#include "perfetto_file.h"
#include "perfetto_names.h"
#include "perfetto_protobuf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Fields and values of Perfetto's messages, each under the message it belongs to. */
enum trace { PACKET = 1 };
enum packet {
        TIMESTAMP = 8, SEQUENCE = 10, TRACK_EVENT = 11, INTERNED_DATA = 12, SEQUENCE_FLAGS = 13,
        PREVIOUS_DROPPED = 42, TRACK_DESCRIPTOR = 60, FIRST_ON_SEQUENCE = 87, ATTRIBUTES = 126,
};
enum sequence_flags { FLAG_CLEARED = 1, FLAG_NEEDS = 2 };
enum descriptor {
        TRACK_UUID = 1, TRACK_NAME = 2, TRACK_PROCESS = 3, TRACK_THREAD = 4, TRACK_PARENT = 5, TRACK_COUNTER = 8,
        CHILD_ORDERING = 11, ORDER_RANK = 12, MERGE_BEHAVIOUR = 15,
};
enum { ORDERED_BY_RANK = 3, NEVER_MERGED = 2 };
enum process { PROCESS_PID = 1, PROCESS_NAME = 6 };
enum thread { THREAD_PID = 1, THREAD_TID = 2, THREAD_NAME = 5 };
enum counter { COUNTER_UNIT = 3 };
enum event_field {
        CATEGORY_IIDS = 3, ANNOTATION = 4, EVENT_TYPE = 9, NAME_IID = 10, EVENT_TRACK = 11, CATEGORIES = 22,
        EVENT_NAME = 23, COUNTER_VALUE = 30, FLOW = 47, FLOW_END = 48,
};
enum event_type { SLICE_BEGIN = 1, SLICE_END = 2, INSTANT = 3, COUNTER = 4 };
enum annotation {
        ANNOTATION_NAME_IID = 1, ANNOTATION_NUMBER = 3, ANNOTATION_TEXT = 6, ANNOTATION_POINTER = 7,
        ANNOTATION_NAME = 10,
};
enum interned { INTERNED_IID = 1, INTERNED_NAME = 2 };
enum attribute { ATTRIBUTE = 1, ATTRIBUTE_KEY = 1, ATTRIBUTE_NUMBER = 2, ATTRIBUTE_TEXT = 3 };

/* All our packets form one sequence. */
enum { OUR_SEQUENCE = 1 };

struct track {
        uint64_t uuid;
        uint64_t open;                          /* how many slices are open on it */
};

struct perfetto_file {
        FILE *stream;
        struct protobuf packet, interned;       /* the packet being made; the names it is the first to use */
        size_t packet_at, payload_at;           /* where they were opened */
        struct names names;
        struct id_map tracks;                   /* struct track by uuid: all that are described */
        bool begun;                             /* the sequence's first packet is written */
        uint64_t now;                           /* the newest time */
        struct perfetto_totals totals;
        struct error error;                     /* the first one */
};

struct error perfetto_file_create(FILE *stream, struct perfetto_file **out)
{
        struct perfetto_file *file = calloc(1, sizeof *file);

        if (!file)
                return fail_no_memory();
        file->stream = stream;
        *out = file;
        return SUCCESS;
}

void perfetto_file_destroy(struct perfetto_file *file)
{
        struct track *track;
        size_t position = 0;

        if (!file)
                return;
        while ((track = id_map_walk(&file->tracks, &position)))
                free(track);
        id_map_clear(&file->tracks);
        protobuf_free(&file->packet);
        protobuf_free(&file->interned);
        names_clear(&file->names);
        free(file);
}

struct perfetto_totals perfetto_file_totals(const struct perfetto_file *file)
{
        return file->totals;
}

static void keep_error(struct perfetto_file *file, struct error error)
{
        if (!file->error.code)
                file->error = error;
}

/* --- packets ---------------------------------------------------------------------------------------------- */

static void packet_open(struct perfetto_file *file, enum sequence_flags flags)
{
        protobuf_clear(&file->packet);
        file->packet_at = protobuf_open(&file->packet, PACKET);
        protobuf_number(&file->packet, SEQUENCE, OUR_SEQUENCE);
        protobuf_number(&file->packet, SEQUENCE_FLAGS, flags);
}

static void packet_close(struct perfetto_file *file)
{
        if (file->interned.length)
                protobuf_bytes(&file->packet, INTERNED_DATA, file->interned.at, file->interned.length);
        protobuf_clear(&file->interned);
        protobuf_close(&file->packet, file->packet_at);
        if (file->packet.failed || file->interned.failed)
                keep_error(file, fail_no_memory());
        else if (fwrite(file->packet.at, file->packet.length, 1, file->stream) != 1 && !file->error.code)
                keep_error(file, FAILF(IO, "%s", strerror(errno)));
}

/* The first packet of all, and the first after a loss: what was interned before it is void. */
static void start_sequence(struct perfetto_file *file, enum packet why)
{
        file->begun = true;
        names_clear(&file->names);
        packet_open(file, FLAG_CLEARED);
        protobuf_number(&file->packet, why, 1);
        packet_close(file);
}

static void payload_open(struct perfetto_file *file, enum packet payload)
{
        if (!file->begun)
                start_sequence(file, FIRST_ON_SEQUENCE);
        packet_open(file, FLAG_NEEDS);
        file->payload_at = protobuf_open(&file->packet, payload);
}

static void payload_close(struct perfetto_file *file)
{
        protobuf_close(&file->packet, file->payload_at);
        packet_close(file);
}

void perfetto_lost(struct perfetto_file *file)
{
        start_sequence(file, PREVIOUS_DROPPED);
}

/* --- names ------------------------------------------------------------------------------------------------ */

/* Adds a name to the packet: its number in field `by_number', or itself in `by_text' if it has none. */
static void add_name(struct perfetto_file *file, enum name_kind kind, const char *text, unsigned by_number,
                     unsigned by_text)
{
        bool is_new;
        uint32_t number = names_number(&file->names, kind, text, &is_new);

        if (is_new) {
                size_t entry = protobuf_open(&file->interned, kind);

                protobuf_number(&file->interned, INTERNED_IID, number);
                protobuf_text(&file->interned, INTERNED_NAME, text);
                protobuf_close(&file->interned, entry);
        }
        if (number)
                protobuf_number(&file->packet, by_number, number);
        else
                protobuf_text(&file->packet, by_text, text);
}

/* --- tracks ----------------------------------------------------------------------------------------------- */

static void add_process(struct protobuf *packet, const struct perfetto_track *track)
{
        size_t process = protobuf_open(packet, TRACK_PROCESS);

        protobuf_number(packet, PROCESS_PID, track->pid);
        protobuf_text(packet, PROCESS_NAME, track->name);
        protobuf_close(packet, process);
}

static void add_thread(struct protobuf *packet, const struct perfetto_track *track)
{
        size_t thread = protobuf_open(packet, TRACK_THREAD);

        protobuf_number(packet, THREAD_PID, track->pid);
        protobuf_number(packet, THREAD_TID, track->tid);
        protobuf_text(packet, THREAD_NAME, track->name);
        protobuf_close(packet, thread);
}

static void add_counter(struct protobuf *packet, const struct perfetto_track *track)
{
        size_t counter = protobuf_open(packet, TRACK_COUNTER);

        protobuf_number(packet, COUNTER_UNIT, track->counter);
        protobuf_close(packet, counter);
}

/* NULL if it has been described before, or there is no memory. */
static struct track *add_track(struct perfetto_file *file, uint64_t uuid)
{
        struct track *track;

        if (id_map_get(&file->tracks, uuid))
                return NULL;
        track = calloc(1, sizeof *track);
        if (!track || id_map_put(&file->tracks, uuid, track).code) {
                keep_error(file, fail_no_memory());
                free(track);
                return NULL;
        }
        track->uuid = uuid;
        return track;
}

bool perfetto_is_described(const struct perfetto_file *file, uint64_t uuid)
{
        return id_map_get(&file->tracks, uuid);
}

void perfetto_describe(struct perfetto_file *file, const struct perfetto_track *track)
{
        if (!add_track(file, track->uuid))
                return;
        file->totals.tracks++;
        payload_open(file, TRACK_DESCRIPTOR);
        protobuf_number(&file->packet, TRACK_UUID, track->uuid);
        if (track->parent)
                protobuf_number(&file->packet, TRACK_PARENT, track->parent);
        if (track->tid)
                add_thread(&file->packet, track);
        else if (track->pid)
                add_process(&file->packet, track);
        else
                protobuf_text(&file->packet, TRACK_NAME, track->name);
        if (track->counter)
                add_counter(&file->packet, track);
        protobuf_number(&file->packet, CHILD_ORDERING, ORDERED_BY_RANK);
        protobuf_number(&file->packet, ORDER_RANK, (uint64_t)(int64_t)track->rank);
        protobuf_number(&file->packet, MERGE_BEHAVIOUR, NEVER_MERGED);
        payload_close(file);
}

void perfetto_forget(struct perfetto_file *file, uint64_t uuid)
{
        perfetto_end_all_of(file, uuid, file->now);
        free(id_map_get(&file->tracks, uuid));
        id_map_remove(&file->tracks, uuid);
}

/* --- events ----------------------------------------------------------------------------------------------- */

/* The time comes after the event in the packet: the order of fields is free, and so the event can stay open. */
static void event_open(struct perfetto_file *file, enum event_type type, uint64_t uuid, uint64_t ns)
{
        if (file->now < ns)
                file->now = ns;
        payload_open(file, TRACK_EVENT);
        protobuf_number(&file->packet, EVENT_TYPE, type);
        protobuf_number(&file->packet, EVENT_TRACK, uuid);
}

void perfetto_close(struct perfetto_file *file)
{
        protobuf_close(&file->packet, file->payload_at);
        protobuf_number(&file->packet, TIMESTAMP, file->now);
        packet_close(file);
}

static void add_category_and_name(struct perfetto_file *file, const char *category, const char *name)
{
        add_name(file, NAME_OF_CATEGORY, category, CATEGORY_IIDS, CATEGORIES);
        add_name(file, NAME_OF_EVENT, name, NAME_IID, EVENT_NAME);
}

void perfetto_begin(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                    const char *name)
{
        struct track *track = id_map_get(&file->tracks, uuid);

        if (track)
                track->open++;
        file->totals.slices++;
        event_open(file, SLICE_BEGIN, uuid, ns);
        add_category_and_name(file, category, name);
}

bool perfetto_end(struct perfetto_file *file, uint64_t uuid, uint64_t ns)
{
        struct track *track = id_map_get(&file->tracks, uuid);

        if (!track || !track->open)
                return false;
        track->open--;
        event_open(file, SLICE_END, uuid, ns);
        return true;
}

void perfetto_instant(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                      const char *name)
{
        file->totals.instants++;
        event_open(file, INSTANT, uuid, ns);
        add_category_and_name(file, category, name);
}

void perfetto_sample(struct perfetto_file *file, uint64_t uuid, uint64_t ns, int64_t value)
{
        file->totals.samples++;
        event_open(file, COUNTER, uuid, ns);
        protobuf_number(&file->packet, COUNTER_VALUE, (uint64_t)value);
        perfetto_close(file);
}

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

void perfetto_end_all(struct perfetto_file *file)
{
        const struct track *track;
        size_t position = 0;

        while ((track = id_map_walk(&file->tracks, &position)))
                perfetto_end_all_of(file, track->uuid, file->now);
}

struct error perfetto_file_finish(struct perfetto_file *file)
{
        perfetto_end_all(file);
        if (fflush(file->stream))
                keep_error(file, FAILF(IO, "%s", strerror(errno)));
        return file->error;
}

/* --- annotations ------------------------------------------------------------------------------------------ */

static size_t note_open(struct perfetto_file *file, const char *name)
{
        size_t note = protobuf_open(&file->packet, ANNOTATION);

        add_name(file, NAME_OF_ANNOTATION, name, ANNOTATION_NAME_IID, ANNOTATION_NAME);
        return note;
}

void perfetto_note_number(struct perfetto_file *file, const char *name, uint64_t value)
{
        size_t note = note_open(file, name);

        protobuf_number(&file->packet, ANNOTATION_NUMBER, value);
        protobuf_close(&file->packet, note);
}

void perfetto_note_address(struct perfetto_file *file, const char *name, uint64_t value)
{
        size_t note = note_open(file, name);

        protobuf_number(&file->packet, ANNOTATION_POINTER, value);
        protobuf_close(&file->packet, note);
}

void perfetto_note_text(struct perfetto_file *file, const char *name, const char *text)
{
        size_t note = note_open(file, name);

        protobuf_text(&file->packet, ANNOTATION_TEXT, text);
        protobuf_close(&file->packet, note);
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

/* --- attributes ------------------------------------------------------------------------------------------- */

void perfetto_attributes_open(struct perfetto_file *file)
{
        payload_open(file, ATTRIBUTES);
}

void perfetto_attribute_text(struct perfetto_file *file, const char *key, const char *text)
{
        size_t attribute = protobuf_open(&file->packet, ATTRIBUTE);

        protobuf_text(&file->packet, ATTRIBUTE_KEY, key);
        protobuf_text(&file->packet, ATTRIBUTE_TEXT, text);
        protobuf_close(&file->packet, attribute);
}

void perfetto_attribute_number(struct perfetto_file *file, const char *key, uint64_t value)
{
        size_t attribute = protobuf_open(&file->packet, ATTRIBUTE);

        protobuf_text(&file->packet, ATTRIBUTE_KEY, key);
        protobuf_number(&file->packet, ATTRIBUTE_NUMBER, value);
        protobuf_close(&file->packet, attribute);
}

void perfetto_attributes_close(struct perfetto_file *file)
{
        payload_close(file);
}
