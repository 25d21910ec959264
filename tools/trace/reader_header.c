#include "reader_internal.h"

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
        if (piece.number != header->pieces)
                return FAILF(BAD_INPUT,
                             "piece %zu of the header is missing or damaged, and nothing can be understood "
                             "without it; record again",
                             header->pieces);
        return append(header, &piece);
}

static struct error add_frame(struct reader *reader, const struct held_frame *held, uint8_t kind)
{
        if (kind == 'E')
                return FAILF(BAD_INPUT, "events come before the header is complete; "
                             "record from the start of the run");
        return kind == 'H' ? add_piece(reader, held) : SUCCESS;
}

static struct error collect(struct reader *reader)
{
        while (!reader->header.complete) {
                struct held_frame *held;
                struct error error;
                uint8_t kind;

                TRY(reader_take_frame(reader, &held, &kind));
                if (!held)
                        return FAILF(BAD_INPUT,
                                     reader->totals.bytes
                                                ? "there is no complete header in it: not a trace, or cut short"
                                                : "it is empty");
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

void reader_see_header_again(struct reader *reader, const struct held_frame *held)
{
        struct piece piece;

        if (!reader->totals.cpus && take_piece(held->cursor, &piece) && has_piece(&reader->header, &piece))
                reader->totals.repeated++;
        else
                reader_note_damage(reader, held, "a second header: another recording begins here");
}

void reader_forget_header(struct reader *reader)
{
        free(reader->header.text);
        free(reader->header.end);
        reader->header = (struct header){ 0 };
}
