#include "base/error_message.h"
#include "perfetto/perfetto_file_internal.h"

#include <stdlib.h>

/* Fields and values of Perfetto's messages, each under the message it belongs to. */
enum descriptor {
        TRACK_UUID = 1, TRACK_NAME = 2, TRACK_PROCESS = 3, TRACK_THREAD = 4, TRACK_PARENT = 5, TRACK_COUNTER = 8,
        CHILD_ORDERING = 11, ORDER_RANK = 12, MERGE_BEHAVIOUR = 15, PROCESS_ORDERING = 19, THREAD_ORDERING = 20,
};
enum { CHILDREN_BY_RANK = 3, NEVER_MERGED = 2, PROCESSES_BY_RANK = 1, THREADS_BY_RANK = 1 };
enum process { PROCESS_PID = 1, PROCESS_NAME = 6, PROCESS_START = 7 };
enum thread { THREAD_PID = 1, THREAD_TID = 2, THREAD_NAME = 5 };
enum counter { COUNTER_UNIT = 3, COUNTER_UNIT_NAME = 6 };
enum unit { UNIT_COUNT = 2, UNIT_BYTES = 3 };

/* The descriptor of all others. A viewer looks at it for the order of processes and threads, and nowhere else. */
enum { ROOT_UUID = 0 };

static void add_process(struct protobuf *packet, const struct perfetto_track *track)
{
        size_t process = protobuf_open(packet, TRACK_PROCESS);

        protobuf_number(packet, PROCESS_PID, track->pid);
        protobuf_text(packet, PROCESS_NAME, track->name);
        if (track->start_ns)
                protobuf_number(packet, PROCESS_START, track->start_ns);
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

        if (track->kind == COUNTER_OF_PERCENT)
                protobuf_text(packet, COUNTER_UNIT_NAME, "%");
        else
                protobuf_number(packet, COUNTER_UNIT, track->kind == COUNTER_OF_BYTES ? UNIT_BYTES : UNIT_COUNT);
        protobuf_close(packet, counter);
}

static void add_kind(struct protobuf *packet, const struct perfetto_track *track)
{
        switch (track->kind) {
        case PLAIN_TRACK:
                protobuf_text(packet, TRACK_NAME, track->name);
                break;
        case PROCESS_TRACK:
                add_process(packet, track);
                break;
        case THREAD_TRACK:
                add_thread(packet, track);
                break;
        default:
                protobuf_text(packet, TRACK_NAME, track->name);
                add_counter(packet, track);
                break;
        }
}

/* There is one from now on. NULL if there is no memory. */
static struct track *add_track(struct perfetto_file *file, uint64_t uuid)
{
        struct track *track = calloc(1, sizeof *track);

        if (!track || id_map_put(&file->tracks, uuid, track).code) {
                perfetto_keep_error(file, fail_no_memory());
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

void perfetto_describe_root(struct perfetto_file *file)
{
        perfetto_payload_open(file, TRACK_DESCRIPTOR);
        protobuf_number(&file->packet, TRACK_UUID, ROOT_UUID);
        protobuf_number(&file->packet, CHILD_ORDERING, CHILDREN_BY_RANK);
        protobuf_number(&file->packet, PROCESS_ORDERING, PROCESSES_BY_RANK);
        protobuf_number(&file->packet, THREAD_ORDERING, THREADS_BY_RANK);
        perfetto_payload_close(file);
}

void perfetto_expect(struct perfetto_file *file, uint64_t uuid)
{
        if (!perfetto_is_described(file, uuid) && add_track(file, uuid))
                file->totals.tracks++;
}

void perfetto_describe(struct perfetto_file *file, const struct perfetto_track *track)
{
        perfetto_expect(file, track->uuid);
        perfetto_payload_open(file, TRACK_DESCRIPTOR);
        protobuf_number(&file->packet, TRACK_UUID, track->uuid);
        if (track->parent)
                protobuf_number(&file->packet, TRACK_PARENT, track->parent);
        add_kind(&file->packet, track);
        protobuf_number(&file->packet, CHILD_ORDERING, CHILDREN_BY_RANK);
        protobuf_number(&file->packet, ORDER_RANK, (uint64_t)(int64_t)track->rank);
        protobuf_number(&file->packet, MERGE_BEHAVIOUR, NEVER_MERGED);
        perfetto_payload_close(file);
}

void perfetto_forget(struct perfetto_file *file, uint64_t uuid)
{
        perfetto_end_all_of(file, uuid, file->now);
        file->newest = NULL;
        free(id_map_get(&file->tracks, uuid));
        id_map_remove(&file->tracks, uuid);
}
