#include "html/texts.h"
#include "base/error_message.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash(const char *text)
{
        uint64_t hash = 0xcbf29ce484222325;

        for (; *text; text++)
                hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
        return hash;
}

/* The slot that holds the text, or the empty one where it belongs. There always is one. */
static size_t *slot_of(const struct texts *texts, const char *text)
{
        size_t i = hash(text) % texts->slots;

        while (texts->slot[i] && strcmp(texts->text[texts->slot[i] - 1], text))
                i = (i + 1) % texts->slots;
        return &texts->slot[i];
}

/* Twice as many texts, and twice as many slots as texts. */
static struct error grow(struct texts *texts)
{
        const size_t room = texts->room ? 2 * texts->room : 256;
        char **text = reallocarray(texts->text, room, sizeof *text);
        size_t *slot = calloc(2 * room, sizeof *slot);

        if (text)
                texts->text = text;
        if (!text || !slot) {
                free(slot);
                return fail_no_memory();
        }
        free(texts->slot);
        texts->slot = slot;
        texts->slots = 2 * room;
        texts->room = room;
        for (size_t i = 0; i < texts->count; i++)
                *slot_of(texts, texts->text[i]) = i + 1;
        return SUCCESS;
}

struct error texts_number(struct texts *texts, const char *text, size_t *out)
{
        size_t *slot = slot_of(texts, text);

        if (!*slot) {
                if (texts->count == texts->room) {
                        TRY(grow(texts));
                        slot = slot_of(texts, text);
                }
                texts->text[texts->count] = strdup(text);
                if (!texts->text[texts->count])
                        return fail_no_memory();
                *slot = ++texts->count;
                texts->bytes += strlen(text);
        }
        *out = *slot - 1;
        return SUCCESS;
}

struct error texts_init(struct texts *texts)
{
        size_t number;

        *texts = (struct texts){ 0 };
        TRY(grow(texts));
        return texts_number(texts, "", &number);
}

void texts_clear(struct texts *texts)
{
        for (size_t i = 0; i < texts->count; i++)
                free(texts->text[i]);
        free(texts->text);
        free(texts->slot);
}

void texts_write_json(FILE *out, const char *text)
{
        fputc('"', out);
        for (; *text; text++) {
                unsigned char byte = (unsigned char)*text;

                if (byte < ' ' || (byte == '<' && text[1] != ' '))
                        fprintf(out, "\\u%04x", byte);
                else if (byte == '"' || byte == '\\')
                        fprintf(out, "\\%c", byte);
                else
                        fputc(byte, out);
        }
        fputc('"', out);
}
