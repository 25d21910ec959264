#include "stream/reader_internal.h"

#include <stdlib.h>
#include <string.h>

enum {
        HEADER_MAX = 1 << 20,
        PIECES_MAX = 1 << 14,
        PIECE_LAST = 1,
};

/* A piece as it lies in its frame. */
struct piece {
        uint64_t number;
        uint8_t last;
        const uint8_t *text;
        size_t length;
};

static bool take_piece(struct cursor cursor, struct piece *out)
{
        if (!cursor_take_varint(&cursor, &out->number) || !cursor_take_byte(&cursor, &out->last))
                return false;
        out->text = cursor.at;
        out->length = (size_t)(cursor.end - cursor.at);
        return true;
}

/* Whether the header has this piece already, with the same text. */
static bool has_piece(const struct header *header, const struct piece *piece)
{
        size_t begin;

        if (piece->number >= header->pieces)
                return false;
        begin = piece->number ? header->end[piece->number - 1] : 0;
        return header->end[piece->number] - begin == piece->length &&
               !memcmp(header->text + begin, piece->text, piece->length);
}

static struct error append(struct header *header, const struct piece *piece)
{
        char *text;
        size_t *end;

        if (header->length + piece->length > HEADER_MAX || header->pieces == PIECES_MAX)
                return FAILF(BAD_INPUT, "the header is longer than %d bytes, or has more than %d pieces", HEADER_MAX,
                             PIECES_MAX);
        text = realloc(header->text, header->length + piece->length + 1);
        if (!text)
                return fail_no_memory();
        header->text = text;
        end = reallocarray(header->end, header->pieces + 1, sizeof *end);
        if (!end)
                return fail_no_memory();
        header->end = end;
        memcpy(text + header->length, piece->text, piece->length);
        header->length += piece->length;
        end[header->pieces++] = header->length;
        header->complete = piece->last == PIECE_LAST;
        return SUCCESS;
}

/* A piece is missing: what there is of the header is thrown away, and it is complete only when it comes again. */
static void begin_again(struct header *header)
{
        if (!header->is_broken)
                header->missing_piece = header->pieces;
        header->is_broken = true;
        header->pieces = header->length = 0;
}

static struct error add_piece(struct reader *reader, const struct held_frame *held)
{
        struct header *header = &reader->header;
        struct piece piece;

        if (!take_piece(held->cursor, &piece))
                return FAILF(BAD_INPUT, "a piece of the header is too short");
        if (has_piece(header, &piece)) {
                reader->totals.repeated++;
                return SUCCESS;
        }
        if (piece.number == header->pieces)
                return append(header, &piece);
        begin_again(header);
        return SUCCESS;
}

static struct error add_frame(struct reader *reader, const struct held_frame *held, uint8_t kind)
{
        reader->header.is_late |= kind == 'E';
        return kind == 'H' ? add_piece(reader, held) : SUCCESS;
}

/* Why there is no header in all that arrived. */
static struct error explain(const struct reader *reader)
{
        if (reader->header.is_broken)
                return FAILF(BAD_INPUT,
                             "piece %zu of the header is missing or damaged, and nothing can be understood "
                             "without it; record again",
                             reader->header.missing_piece);
        if (reader->header.is_late)
                return FAILF(BAD_INPUT,
                             "events come before the header, which does not follow; record from the start of "
                             "the run, or have the kernel send its header again");
        return FAILF(BAD_INPUT, reader->totals.bytes ? "there is no complete header in it: not a trace, or cut short; "
                     "`regiontrace record' makes recordings" : "it is empty: no kernel has written to it");
}

static struct error collect(struct reader *reader)
{
        while (!reader->header.complete) {
                struct held_frame *held;
                struct error error;
                uint8_t kind;

                TRY(reader_take_frame(reader, &held, &kind));
                if (!held)
                        return explain(reader);
                error = add_frame(reader, held, kind);
                reader_release(reader, held);
                TRY(error);
        }
        return SUCCESS;
}

struct error reader_read_header(struct reader *reader)
{
        struct error error = collect(reader);

        if (!error.code)
                error = schema_parse(reader->header.text, reader->header.length, &reader->schema);
        if (error.code && !error_is(error, ERROR_IO) && !error_is(error, ERROR_TIMED_OUT))
                error_message_set("%s: %s", reader->name, error_message());
        return error;
}

static const char another_recording[] = "a second header: another recording begins here";

void reader_see_header_again(struct reader *reader, const struct held_frame *held)
{
        struct piece piece;

        if (take_piece(held->cursor, &piece) && has_piece(&reader->header, &piece) &&
            !(reader->has_end && held->number > reader->end_frame)) {
                reader->totals.repeated++;
                reader->header.again_number = held->number;
                reader->header.again_offset = held->frame.offset;
        } else {
                reader_note_damage(reader, held, another_recording);
        }
}

void reader_see_end(struct reader *reader, const struct event *event)
{
        const struct header *header = &reader->header;
        const uint64_t counted = event->field[EVENT_FIELD(end, events)];
        const uint64_t numbered = reader->totals.events + reader->totals.dropped + reader->totals.lost;

        reader->has_end = true;
        reader->totals.missing_at_end = counted > numbered ? counted - numbered : 0;
        reader->end_frame = event->frame;
        if (header->again_number > event->frame)
                reader_note_damage(reader, &(struct held_frame){ .number = header->again_number,
                                                                 .frame.offset = header->again_offset },
                                   another_recording);
}

void reader_forget_header(struct reader *reader)
{
        free(reader->header.text);
        free(reader->header.end);
        reader->header = (struct header){ 0 };
}
