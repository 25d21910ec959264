#include "base/error_message.h"
#include "perfetto/perfetto_file_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Fields and values of Perfetto's messages, each under the message it belongs to. */
enum trace { PACKET = 1 };
enum sequence_flags { FLAG_CLEARED = 1, FLAG_NEEDS = 2 };
enum interned { INTERNED_IID = 1, INTERNED_NAME = 2 };
enum attribute { ATTRIBUTE = 1, ATTRIBUTE_KEY = 1, ATTRIBUTE_NUMBER = 2, ATTRIBUTE_TEXT = 3 };
enum stats { STATS_WRITER = 18 };
enum writer { WRITER_SEQUENCE = 1, WRITER_BUFFER = 4 };

enum { WRITTEN_AT_ONCE = 1 << 16 };             /* bytes */

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

void perfetto_keep_error(struct perfetto_file *file, struct error error)
{
        if (!file->error.code)
                file->error = error;
}

/* --- packets ---------------------------------------------------------------------------------------------- */

static void packet_open(struct perfetto_file *file, enum sequence_flags flags)
{
        file->packet_at = protobuf_open(&file->packet, PACKET);
        protobuf_number(&file->packet, SEQUENCE, OUR_SEQUENCE);
        protobuf_number(&file->packet, SEQUENCE_FLAGS, flags);
}

static void write_packets(struct perfetto_file *file)
{
        if (file->packet.failed || file->interned.failed)
                perfetto_keep_error(file, fail_no_memory());
        else if (fwrite(file->packet.at, 1, file->packet.length, file->stream) != file->packet.length &&
                 !file->error.code)
                perfetto_keep_error(file, FAILF(IO, "%s", strerror(errno)));
        protobuf_clear(&file->packet);
}

static void packet_close(struct perfetto_file *file)
{
        if (file->interned.length)
                protobuf_bytes(&file->packet, INTERNED_DATA, file->interned.at, file->interned.length);
        protobuf_clear(&file->interned);
        protobuf_close(&file->packet, file->packet_at);
        if (file->packet.length >= WRITTEN_AT_ONCE)
                write_packets(file);
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

void perfetto_payload_open(struct perfetto_file *file, enum packet payload)
{
        if (!file->begun)
                start_sequence(file, FIRST_ON_SEQUENCE);
        packet_open(file, FLAG_NEEDS);
        file->payload_at = protobuf_open(&file->packet, payload);
}

void perfetto_payload_close(struct perfetto_file *file)
{
        protobuf_close(&file->packet, file->payload_at);
        packet_close(file);
}

/* The time comes after the payload in the packet: the order of fields is free, and so the payload can stay open. */
void perfetto_payload_close_at(struct perfetto_file *file, uint64_t ns)
{
        protobuf_close(&file->packet, file->payload_at);
        protobuf_number(&file->packet, TIMESTAMP, ns);
        packet_close(file);
}

/* A name has its number; the packet that uses it first tells it. */
static void add_numbered_name(struct perfetto_file *file, enum name_kind kind, const char *text, uint32_t number,
                              bool is_new, unsigned by_number, unsigned by_text)
{
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

void perfetto_add_name(struct perfetto_file *file, enum name_kind kind, const char *text, unsigned by_number,
                       unsigned by_text)
{
        bool is_new;
        uint32_t number = names_number(&file->names, kind, text, &is_new);

        add_numbered_name(file, kind, text, number, is_new, by_number, by_text);
}

void perfetto_add_new_constant(struct perfetto_file *file, enum name_kind kind, const char *text, unsigned by_number,
                               unsigned by_text)
{
        bool is_new;
        uint32_t number = names_number_of_constant(&file->names, kind, text, &is_new);

        add_numbered_name(file, kind, text, number, is_new, by_number, by_text);
}

/* --- losses ----------------------------------------------------------------------------------------------- */

void perfetto_lost(struct perfetto_file *file)
{
        file->losses++;
        if (!file->begun)
                start_sequence(file, FIRST_ON_SEQUENCE);
        start_sequence(file, PREVIOUS_DROPPED);
}

/* The importer counts a sequence's losses only if it is told which buffer the sequence was written to. */
static void tell_losses(struct perfetto_file *file)
{
        size_t writer;

        perfetto_payload_open(file, TRACE_STATS);
        writer = protobuf_open(&file->packet, STATS_WRITER);
        protobuf_number(&file->packet, WRITER_SEQUENCE, OUR_SEQUENCE);
        protobuf_number(&file->packet, WRITER_BUFFER, 0);
        protobuf_close(&file->packet, writer);
        perfetto_payload_close(file);
}

struct error perfetto_file_finish(struct perfetto_file *file)
{
        perfetto_end_all(file, file->now);
        if (file->losses)
                tell_losses(file);
        write_packets(file);
        if (fflush(file->stream))
                perfetto_keep_error(file, FAILF(IO, "%s", strerror(errno)));
        return file->error;
}

/* --- attributes ------------------------------------------------------------------------------------------- */

void perfetto_attributes_open(struct perfetto_file *file)
{
        perfetto_payload_open(file, ATTRIBUTES);
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
        perfetto_payload_close(file);
}
