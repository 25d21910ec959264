/*
 * Leaves frames of a recording out, and checks the rest: nothing may be called wrong that is only unknown, and what is
 * missing must show.
 *
 *      lose_frames FILE [COUNT [SEED]]
 *
 * First each frame by itself is left out, or COUNT of them that are spread evenly (0: all). Then as many ranges of up
 * to an eighth of all frames, drawn at random, and as many sets of single frames, one of twenty. Then the last frame of
 * each cpu, its last two, and so on up to eight; the same with everything behind it; and the same of all cpus at once.
 * Every second time the frames arrive, but damaged.
 *
 * Prints what went wrong, and in a last line how much was tried. Exit status: 0 if nothing was wrong, else 1.
 */
#include "lib/rng.h"
#include "support_run.h"

#include <inttypes.h>
#include <stdio.h>

enum { CPUS_MAX = 256, LAST_MAX = 8, NO_CPU = CPUS_MAX };

/* A frame's bytes with the zero at its end, and the cpu whose events it has. */
struct piece {
        size_t from, length;
        unsigned cpu;
        bool is_lost;
};

struct trial {
        struct bytes stream, left;
        struct piece *piece;
        size_t pieces;
        uint64_t events;                        /* of the whole stream */
        uint64_t made, wrong, operations, not_judged;
        struct rng rng;
};

/* --- frames ----------------------------------------------------------------------------------------------- */

static bool read_file(struct bytes *out, const char *path)
{
        uint8_t piece[4096];
        FILE *file = fopen(path, "rb");
        size_t length;

        if (!file)
                return false;
        while ((length = fread(piece, 1, sizeof piece, file)))
                bytes_add(out, piece, length);
        fclose(file);
        return out->length > 0;
}

/* The cpu of an encoded frame of events. A cpu's number below 128 is one byte. */
static unsigned cpu_of(const uint8_t *encoded, size_t length)
{
        const uint8_t code = length ? encoded[0] : 0;

        if (length < 4 || encoded[1] != 'E')
                return NO_CPU;
        return code == 2 ? 0 : encoded[2];      /* the code says where the first zero was */
}

static void find_pieces(struct trial *trial)
{
        size_t from = 0;

        trial->piece = calloc(trial->stream.length, sizeof *trial->piece);
        assert_non_null(trial->piece);
        for (size_t at = 0; at < trial->stream.length; at++) {
                if (trial->stream.at[at])
                        continue;
                trial->piece[trial->pieces++] = (struct piece){
                        .from = from, .length = at + 1 - from, .cpu = cpu_of(&trial->stream.at[from], at - from),
                };
                from = at + 1;
        }
}

/* --- one loss --------------------------------------------------------------------------------------------- */

static void leave_out(struct trial *trial)
{
        const bool is_damaged = trial->made % 2;

        trial->left.length = 0;
        for (size_t i = 0; i < trial->pieces; i++) {
                const struct piece *piece = &trial->piece[i];
                size_t at = trial->left.length + piece->length / 2;

                if (piece->is_lost && !is_damaged)
                        continue;
                bytes_add(&trial->left, &trial->stream.at[piece->from], piece->length);
                if (piece->is_lost)
                        trial->left.at[at] = trial->left.at[at] == 1 ? 2 : 1;
        }
}

/* "frames 12 to 14 are missing" */
static void print_lost(const struct trial *trial)
{
        size_t first = 0, last = trial->pieces - 1;

        while (first < last && !trial->piece[first].is_lost)
                first++;
        while (last > first && !trial->piece[last].is_lost)
                last--;
        printf("frames %zu to %zu of %zu (cpu %u; or some of them) %s: ", first, last, trial->pieces,
               trial->piece[first].cpu, trial->made % 2 ? "arrive damaged" : "are missing");
}

static void judge(struct trial *trial, struct check *check, const struct reader *reader)
{
        const struct check_totals totals = check_totals(check);
        const struct finding *wrong = NULL;

        for (size_t i = 0; !wrong && check_finding(check, i); i++)
                if (!is_about_loss(check_finding(check, i)))
                        wrong = check_finding(check, i);
        trial->operations += totals.operations;
        trial->not_judged += totals.not_judged;
        if (!wrong && (check_findings(check) || reader_totals(reader).events == trial->events))
                return;
        trial->wrong++;
        print_lost(trial);
        puts(wrong ? wrong->words : "nothing is said");
}

/* Checks what is left, and forgets what was left out. */
static void try_it(struct trial *trial)
{
        struct source source;
        struct reader *reader;
        struct check *check;
        struct event event;

        leave_out(trial);
        assert_int_equal(source_of_memory(trial->left.at, trial->left.length, &source).code, ERROR_OK);
        if (!reader_open_source(source, "left", &reader).code) {
                assert_int_equal(check_create(EVERY_EVENT_COUNTS, &check).code, ERROR_OK);
                while (reader_next(reader, &event))
                        assert_int_equal(check_event(check, &event).code, ERROR_OK);
                assert_int_equal(check_finish(check, reader).code, ERROR_OK);
                judge(trial, check, reader);
                check_destroy(check);
                reader_close(reader);
        }
        trial->made++;
        for (size_t i = 0; i < trial->pieces; i++)
                trial->piece[i].is_lost = false;
}

/* --- which frames ----------------------------------------------------------------------------------------- */

static void lose_each(struct trial *trial, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                trial->piece[i * trial->pieces / count].is_lost = true;
                try_it(trial);
        }
}

static void lose_ranges(struct trial *trial, size_t count)
{
        while (count--) {
                size_t length = 1 + rng_below(&trial->rng, trial->pieces / 8 + 1);
                size_t first = rng_below(&trial->rng, trial->pieces);

                for (size_t i = first; i < first + length && i < trial->pieces; i++)
                        trial->piece[i].is_lost = true;
                try_it(trial);
        }
}

static void lose_some_everywhere(struct trial *trial, size_t count)
{
        while (count--) {
                for (size_t i = 0; i < trial->pieces; i++)
                        trial->piece[i].is_lost = trial->piece[i].cpu != NO_CPU && !rng_below(&trial->rng, 20);
                try_it(trial);
        }
}

static size_t first_of(const struct trial *trial, unsigned cpu)
{
        size_t first = 0;

        while (first < trial->pieces && trial->piece[first].cpu != cpu)
                first++;
        return first;
}

/*
 * Marks the last frames of a cpu, but for its first one: of a cpu that was never heard, the count in the end is the
 * only sign. The first that is marked, or `pieces` if none is.
 */
static size_t mark_last(struct trial *trial, unsigned cpu, size_t count)
{
        const size_t very_first = first_of(trial, cpu);
        size_t first = trial->pieces;

        for (size_t i = trial->pieces; i-- > very_first + 1 && count;) {
                if (trial->piece[i].cpu != cpu)
                        continue;
                trial->piece[i].is_lost = true;
                first = i;
                count--;
        }
        return first;
}

static void lose_last(struct trial *trial)
{
        for (size_t count = 1; count <= LAST_MAX; count++) {
                for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++) {
                        size_t first = mark_last(trial, cpu, count);

                        if (first == trial->pieces)
                                continue;
                        try_it(trial);
                        mark_last(trial, cpu, count);
                        try_it(trial);          /* damaged instead of missing, or the other way round */
                        for (size_t i = first; i < trial->pieces; i++)
                                trial->piece[i].is_lost = true;
                        try_it(trial);
                }
                for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++)
                        mark_last(trial, cpu, count);
                try_it(trial);
        }
}

/* --- all -------------------------------------------------------------------------------------------------- */

/* Nothing is lost: there must be no finding. */
static bool passes(struct trial *trial)
{
        struct check *check = check_bytes(&trial->stream);
        struct reader *reader = stream_open(&trial->stream);
        struct event event;
        const bool is_fine = !check_findings(check);

        if (!is_fine)
                printf("as it is: %s\n", check_finding(check, 0)->words);
        while (reader_next(reader, &event))
                trial->events++;
        reader_close(reader);
        check_destroy(check);
        return is_fine;
}

int main(int argc, char **argv)
{
        struct trial trial = { 0 };
        size_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 20;

        if (argc < 2 || !read_file(&trial.stream, argv[1])) {
                fprintf(stderr, "usage: lose_frames FILE [COUNT [SEED]]\n");
                return 2;
        }
        rng_seed(&trial.rng, argc > 3 ? strtoull(argv[3], NULL, 10) : 1);
        if (!passes(&trial))
                return 1;
        find_pieces(&trial);
        count = count && count < trial.pieces ? count : trial.pieces;
        lose_each(&trial, count);
        lose_ranges(&trial, count);
        lose_some_everywhere(&trial, count);
        lose_last(&trial);
        printf("%zu frames, %" PRIu64 " events: %" PRIu64 " losses, %" PRIu64 " judged wrongly; %" PRIu64
               " operations judged, %" PRIu64 " unknown\n", trial.pieces, trial.events, trial.made, trial.wrong,
               trial.operations, trial.not_judged);
        bytes_free(&trial.stream);
        bytes_free(&trial.left);
        free(trial.piece);
        return trial.wrong > 0;
}
