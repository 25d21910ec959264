/*
 * Writes a recording of events that are told as text, for tests: of several processors, of early kernels, of what no
 * kernel does.
 *
 *      CPU EVENT FIELD ... [TEXT]              write_events < story > story.rtrace
 *
 *      0 tree_created 1 0x10000 0x20000 balance
 *      0 space_created 1 1 play
 *
 * A field is a number, or a word of its enumeration. The text of an event that has one comes last. Lines that begin
 * with # are comments.
 */
#include "stream/event_table.h"
#include "support_stream.h"

#include <stdio.h>

static void fail_at(unsigned line, const char *words)
{
        fprintf(stderr, "write_events: line %u: %s\n", line, words);
        exit(2);
}

/* A number, or a word of the field's enumeration. Yields what follows it; NULL if it is neither. */
static char *take_field(uint64_t *field, const char *type, char *rest)
{
        const struct enumeration_description *words = enumeration_of_name(type);
        char *end, *word = rest + strspn(rest, " ");
        const size_t length = strcspn(word, " ");

        for (size_t i = 0; words && i < words->words; i++)
                if (strlen(words->word[i].name) == length && !strncmp(words->word[i].name, word, length)) {
                        *field = i;
                        return word + length;
                }
        *field = strtoull(rest, &end, 0);
        return end == rest ? NULL : end;
}

static void take_fields(struct recorded_event *event, char *rest, unsigned line)
{
        const struct event_description *described = &event_table[event->type];

        for (size_t i = 0; i < described->fields; i++) {
                if (!strcmp(described->field[i].type, "text")) {
                        snprintf(event->text, sizeof event->text, "%s", rest + strspn(rest, " "));
                        return;
                }
                rest = take_field(&event->field[i], described->field[i].type, rest);
                if (!rest)
                        fail_at(line, "a field is missing, or no word of its enumeration");
        }
        if (rest[strspn(rest, " ")])
                fail_at(line, "there are too many fields");
}

static void take_line(struct recorded *recorded, char *text, unsigned line)
{
        struct recorded_event event = { 0 };
        char name[64];
        int used = 0;

        text[strcspn(text, "\n")] = 0;
        if (!*text || *text == '#')
                return;
        if (sscanf(text, "%u %63s%n", &event.cpu, name, &used) != 2 || !(event.type = event_type_of_name(name)) ||
            event.type >= EVENT_COUNT || event.cpu >= PLAY_CPUS)
                fail_at(line, "write CPU EVENT FIELD ...");
        take_fields(&event, text + used, line);
        recorded_insert(recorded, recorded->count, &event);
}

int main(void)
{
        struct recorded recorded = { 0 };
        struct bytes bytes = { 0 };
        char text[1000];

        for (unsigned line = 1; fgets(text, sizeof text, stdin); line++)
                take_line(&recorded, text, line);
        stream_put_together(&bytes, &recorded);
        fwrite(bytes.at, 1, bytes.length, stdout);
        recorded_free(&recorded);
        bytes_free(&bytes);
        return ferror(stdout) ? 2 : 0;
}
