/*
 * What the files of the Perfetto writer share: perfetto_file.c holds everything and writes packets, perfetto_track.c
 * describes tracks, perfetto_event.c writes slices, instants, samples and their annotations, perfetto_kernel.c what
 * Perfetto knows of kernels: processes, threads and their states. Only the writer's own files include this.
 */
#pragma once

#include "base/id_map.h"
#include "perfetto/perfetto_file.h"
#include "perfetto/perfetto_names.h"
#include "perfetto/perfetto_protobuf.h"

/* Fields of Perfetto's TracePacket. */
enum packet {
        TIMESTAMP = 8, SEQUENCE = 10, TRACK_EVENT = 11, INTERNED_DATA = 12, SEQUENCE_FLAGS = 13, TRACE_STATS = 35,
        PREVIOUS_DROPPED = 42, TRACK_DESCRIPTOR = 60, FIRST_ON_SEQUENCE = 87, TASK_STATE = 117, TASK_RENAME = 120,
        PROCESS_TREE = 122, ATTRIBUTES = 126,
};

/* All our packets form one sequence. */
enum { OUR_SEQUENCE = 1 };

/* A track that is described. */
struct track {
        uint64_t uuid;
        uint64_t open;                          /* how many slices are open on it */
        uint64_t now;                           /* the time of its newest event */
        uint64_t begun;                         /* when its newest slice began */
        uint64_t free;                          /* the next slice or instant comes no earlier than this */
};

struct perfetto_file {
        FILE *stream;
        struct protobuf packet, interned;       /* packets that are not written yet; the names the open one uses first */
        size_t packet_at, payload_at;           /* where they were opened */
        struct names names;
        struct id_map tracks;                   /* struct track by uuid: all that are described */
        struct track *newest;                   /* the one that was looked for last; NULL: none */
        bool begun;                             /* the sequence's first packet is written */
        uint64_t now;                           /* the newest time of any event */
        uint64_t event_ns;                      /* the time of the event whose packet is open */
        uint64_t losses;                        /* how often the viewer was told that something is missing */
        struct perfetto_totals totals;
        struct error error;                     /* the first one */
};

/* NULL if it is not described. The events of one operation are on one track, so the newest is looked at first. */
static inline struct track *perfetto_track_of(struct perfetto_file *file, uint64_t uuid)
{
        if (!file->newest || file->newest->uuid != uuid)
                file->newest = id_map_get(&file->tracks, uuid);
        return file->newest;
}

void perfetto_keep_error(struct perfetto_file *file, struct error error);

/* Between the two, everything belongs to the payload of one packet, which may be given a time. */
void perfetto_payload_open(struct perfetto_file *file, enum packet payload);
void perfetto_payload_close(struct perfetto_file *file);
void perfetto_payload_close_at(struct perfetto_file *file, uint64_t ns);

/* Adds a name to the packet: its number in field `by_number`, or itself in `by_text` if it has none. */
void perfetto_add_name(struct perfetto_file *file, enum name_kind kind, const char *text, unsigned by_number,
                       unsigned by_text);
/* Likewise of a constant of the program, the first time. */
void perfetto_add_new_constant(struct perfetto_file *file, enum name_kind kind, const char *text, unsigned by_number,
                               unsigned by_text);

static inline void perfetto_add_constant_name(struct perfetto_file *file, enum name_kind kind, const char *text,
                                              unsigned by_number, unsigned by_text)
{
        const uint32_t number = names_known_constant(&file->names, kind, text);

        if (number)
                protobuf_number(&file->packet, by_number, number);
        else
                perfetto_add_new_constant(file, kind, text, by_number, by_text);
}
