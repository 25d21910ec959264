/*
 * Alters the events of a recording, one at a time, and checks what comes of each: whatever is altered must be found.
 *
 *      alter_events FILE [EACH [SEED]]
 *
 * Each event is altered in several ways: a field is changed to another value that could be true, or the event is left
 * out, comes twice, or comes elsewhere. The stream is put together again with right numbers and checksums, so only its
 * meaning is wrong. Of each event and field, EACH occurrences are altered (3; 0: all).
 *
 * Prints a line for each kind of alteration, with how many were found. What is not found must be on the list of
 * harmless alterations (support_alterations.c), with a reason. Exit status: 0 all is as the list says, 1 something was
 * not found that is not on it, or the recording does not pass as it is.
 */
#include "alterations.h"
#include "check/check.h"
#include "lib/rng.h"
#include "stream/event_table.h"
#include "support_run.h"

#include <inttypes.h>
#include <stdio.h>

/* --- one alteration --------------------------------------------------------------------------------------- */

static size_t words_of(const char *type)
{
        const struct enumeration_description *words = enumeration_of_name(type);

        return words ? words->words : 0;
}

static bool is_text(const char *type)
{
        return strcmp(type, "text") == 0;
}

/* A value that is near: the next word, the next page, one more or less, another right. */
static uint64_t near_value(struct rng *rng, const char *type, uint64_t value)
{
        const uint64_t unit = strcmp(type, "address") == 0 || strcmp(type, "bytes") == 0 ? PAGE_SIZE : 1;

        if (words_of(type))
                return (value + 1 + rng_below(rng, words_of(type) - 1)) % words_of(type);
        if (strcmp(type, "protection") == 0)
                return value ^ (uint64_t)1 << rng_below(rng, 3);
        if (strcmp(type, "categories") == 0)
                return value ^ (uint64_t)1 << rng_below(rng, CATEGORY_COUNT);
        return value >= unit && rng_below(rng, 2) ? value - unit : value + unit;
}

/* The value that the same field has in another event of the type; a near one if all have the same. */
static uint64_t value_elsewhere(struct rng *rng, const struct recorded *recorded, size_t position, size_t field)
{
        const struct recorded_event *event = &recorded->event[position];

        for (size_t tries = 0; tries < 64; tries++) {
                const struct recorded_event *other = &recorded->event[rng_below(rng, recorded->count)];

                if (other->type == event->type && other->field[field] != event->field[field])
                        return other->field[field];
        }
        return near_value(rng, event_table[event->type].field[field].type, event->field[field]);
}

static void change_field(struct rng *rng, struct recorded *recorded, size_t position, size_t field)
{
        struct recorded_event *event = &recorded->event[position];
        const char *type = event_table[event->type].field[field].type;

        if (is_text(type))
                event->text[0] = event->text[0] == 'q' ? 'z' : 'q';
        else if (rng_below(rng, 2))
                event->field[field] = near_value(rng, type, event->field[field]);
        else
                event->field[field] = value_elsewhere(rng, recorded, position, field);
        recorded->total_is_altered = event->type == EVENT_end;
}

/* Puts an event before another one, or at the end. */
static void move(struct recorded *recorded, size_t from, size_t to)
{
        const struct recorded_event event = recorded->event[from];

        recorded_drop(recorded, from);
        recorded_insert(recorded, to, &event);
}

/* Alters a copy. False if there is nothing to alter: the text of an event without one. */
static bool alter(struct rng *rng, struct recorded *recorded, size_t position, struct alteration what)
{
        const struct recorded_event event = recorded->event[position];

        switch (what.kind) {
        case FIELD_CHANGED:
                if (is_text(event_table[event.type].field[what.field].type) && !event.text[0])
                        return false;
                change_field(rng, recorded, position, what.field);
                return true;
        case LEFT_OUT:
                recorded_drop(recorded, position);
                return true;
        case DOUBLED:
                recorded_insert(recorded, position, &event);
                return true;
        default:
                move(recorded, position, rng_below(rng, recorded->count - 1));
                return true;
        }
}

/* --- checking --------------------------------------------------------------------------------------------- */

/* Whether the check finds anything; it ends with the first finding. */
static bool is_found(const struct recorded *recorded, char words[512])
{
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct check *check;
        struct event event;
        bool found;

        stream_put_together(&bytes, recorded);
        reader = stream_open(&bytes);
        assert_int_equal(check_create(EVERY_EVENT_COUNTS, &check).code, ERROR_OK);
        while (!check_findings(check) && reader_next(reader, &event))
                assert_int_equal(check_event(check, &event).code, ERROR_OK);
        if (!check_findings(check))
                assert_int_equal(check_finish(check, reader).code, ERROR_OK);
        found = check_findings(check) > 0;
        snprintf(words, 512, "%s", found ? check_finding(check, 0)->words : "");
        reader_close(reader);
        check_destroy(check);
        bytes_free(&bytes);
        return found;
}

static void copy(struct recorded *to, const struct recorded *from)
{
        to->count = from->count;
        to->total_is_altered = false;
        memcpy(to->event, from->event, from->count * sizeof *from->event);
}

/* --- all alterations -------------------------------------------------------------------------------------- */

struct tally {
        uint64_t made, found;
};

struct harness {
        struct recorded original, altered;
        enum kernel kernel;                     /* that made the recording */
        size_t each;                            /* occurrences to alter; 0: all */
        struct rng rng;
        uint64_t made, found, harmless, unexplained;
};

static void name_of(char out[96], enum trace_event type, struct alteration what)
{
        static const char *const kind_name[] = { [LEFT_OUT] = "left out", [DOUBLED] = "doubled", [MOVED] = "moved" };

        if (what.kind == FIELD_CHANGED)
                snprintf(out, 96, "%s %s", event_table[type].name, event_table[type].field[what.field].name);
        else
                snprintf(out, 96, "%s %s", event_table[type].name, kind_name[what.kind]);
}

/* Alters occurrences of a type in one way, and says what became of it. */
static void try_alteration(struct harness *harness, enum trace_event type, size_t occurrences, struct alteration what)
{
        const char *reason = alteration_is_harmless(type, what, harness->kernel);
        const size_t step = harness->each && occurrences > harness->each ? occurrences / harness->each : 1;
        struct tally tally = { 0 };
        size_t occurrence = 0;
        char name[96], words[512];

        name_of(name, type, what);
        for (size_t i = 0; i < harness->original.count; i++) {
                if (harness->original.event[i].type != type || occurrence++ % step)
                        continue;
                copy(&harness->altered, &harness->original);
                if (!alter(&harness->rng, &harness->altered, i, what))
                        continue;
                tally.made++;
                if (is_found(&harness->altered, words))
                        tally.found++;
                else if (!reason)
                        printf("# %s: event %zu of %zu: nothing is found\n", name, i + 1, harness->original.count);
        }
        if (!tally.made)
                return;
        harness->made += tally.made;
        harness->found += tally.found;
        if (reason)
                harness->harmless += tally.made - tally.found;
        else
                harness->unexplained += tally.made - tally.found;
        printf("%-40s %5" PRIu64 " of %5" PRIu64 " found%s%s\n", name, tally.found, tally.made, reason ? "; harmless: " : "",
               reason ? reason : "");
}

static size_t count_of(const struct recorded *recorded, enum trace_event type)
{
        size_t count = 0;

        for (size_t i = 0; i < recorded->count; i++)
                count += recorded->event[i].type == type;
        return count;
}

/* Only early kernels have lists, and allocators beside a tree. */
static enum kernel kernel_of(const struct recorded *recorded)
{
        return count_of(recorded, EVENT_list_created) || count_of(recorded, EVENT_allocator_created) ? EARLY_KERNEL
                                                                                                    : THIS_KERNEL;
}

static void try_all(struct harness *harness)
{
        for (enum trace_event type = 1; type < EVENT_COUNT; type++) {
                const size_t occurrences = count_of(&harness->original, type);

                if (!occurrences)
                        continue;
                for (size_t field = 0; field < event_table[type].fields; field++)
                        try_alteration(harness, type, occurrences, (struct alteration){ FIELD_CHANGED, field });
                for (enum alteration_kind kind = LEFT_OUT; kind <= MOVED; kind++)
                        try_alteration(harness, type, occurrences, (struct alteration){ kind, 0 });
        }
}

static bool read_recording(struct recorded *out, const char *path)
{
        struct bytes bytes = { 0 };
        uint8_t piece[4096];
        FILE *file = fopen(path, "rb");
        size_t length;

        if (!file)
                return false;
        while ((length = fread(piece, 1, sizeof piece, file)))
                bytes_add(&bytes, piece, length);
        fclose(file);
        stream_take_apart(out, &bytes);
        bytes_free(&bytes);
        return true;
}

int main(int argc, char **argv)
{
        struct harness harness = { .each = 3 };
        char words[512];

        if (argc < 2 || !read_recording(&harness.original, argv[1])) {
                fprintf(stderr, "usage: alter_events FILE [EACH [SEED]]\n");
                return 2;
        }
        if (argc > 2)
                harness.each = strtoull(argv[2], NULL, 10);
        rng_seed(&harness.rng, argc > 3 ? strtoull(argv[3], NULL, 10) : 1);
        harness.altered.event = calloc(harness.original.count + 1, sizeof *harness.altered.event);
        harness.altered.room = harness.original.count + 1;
        if (!harness.altered.event)
                return 2;
        if (is_found(&harness.original, words)) {
                printf("# as it is: %s\n", words);
                return 1;
        }
        harness.kernel = kernel_of(&harness.original);
        try_all(&harness);
        printf("%zu events: %" PRIu64 " alterations, %" PRIu64 " found, %" PRIu64 " harmless, %" PRIu64 " not explained\n",
               harness.original.count, harness.made, harness.found, harness.harmless, harness.unexplained);
        recorded_free(&harness.original);
        recorded_free(&harness.altered);
        return harness.unexplained > 0;
}
