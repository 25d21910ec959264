#include "stream/reader_position.h"
#include "stream/reader_internal.h"

#include <stdlib.h>

/* What a cpu had reached. */
struct cpu_position {
        unsigned index;
        bool is_open, is_ready;                 /* as in struct reader_cpu */
        uint64_t ticks, number, dropped, missing;
        bool has_frame;
        uint64_t first_frame;                   /* the number in the stream of the first frame that is held */
};

struct reader_position {
        uint64_t offset;                        /* where reading has to begin, with ... */
        uint64_t frame;                         /* ... this frame */
        struct reader_totals totals;
        bool draining, all_stand, has_counted, lacks_the_last, lacks_a_cpu, awaits_first;
        int chosen;                             /* index of the cpu; -1: none */
        uint64_t limit_ticks;
        unsigned limit_cpu;
        uint64_t newest, number;
        unsigned gaps, lookahead;
        size_t notices;
        size_t cpus;
        struct cpu_position cpu[];
};

/* --- taking a position ------------------------------------------------------------------------------------ */

static struct cpu_position position_of(const struct reader_cpu *cpu)
{
        return (struct cpu_position){
                .index = cpu->index,
                .is_open = cpu->is_open,
                .is_ready = cpu->is_ready,
                .ticks = cpu->ticks,
                .number = cpu->number,
                .dropped = cpu->dropped,
                .missing = cpu->missing,
                .has_frame = cpu->first != NULL,
                .first_frame = cpu->first ? cpu->first->number : 0,
        };
}

struct error reader_tell(const struct reader *reader, struct reader_position **out)
{
        struct reader_position *position = malloc(sizeof *position + reader->totals.cpus * sizeof position->cpu[0]);

        if (!position)
                return fail_no_memory();
        *position = (struct reader_position){
                .offset = reader->frames.taken,
                .frame = reader->totals.frames,
                .totals = reader->totals,
                .draining = reader->draining,
                .all_stand = reader->all_stand,
                .chosen = reader->chosen ? (int)reader->chosen->index : -1,
                .limit_ticks = reader->limit_ticks,
                .limit_cpu = reader->limit_cpu,
                .newest = reader->newest,
                .number = reader->number,
                .gaps = reader->gaps,
                .lookahead = reader->lookahead,
                .has_counted = reader->has_counted,
                .lacks_the_last = reader->lacks_the_last,
                .lacks_a_cpu = reader->lacks_a_cpu,
                .awaits_first = reader->awaits_first,
                .notices = reader->notices,
        };
        for (const struct reader_cpu *cpu = reader->cpu; position->cpus < reader->totals.cpus; cpu++) {
                if (!cpu->has_sent)
                        continue;
                position->cpu[position->cpus++] = position_of(cpu);
                if (cpu->first && cpu->first->number < position->frame) {
                        position->frame = cpu->first->number;
                        position->offset = cpu->first->frame.offset;
                }
        }
        *out = position;
        return SUCCESS;
}

void reader_position_free(struct reader_position *position)
{
        free(position);
}

size_t reader_position_size(const struct reader_position *position)
{
        return sizeof *position + position->cpus * sizeof position->cpu[0];
}

uint64_t reader_position_offset(const struct reader_position *position)
{
        return position->offset;
}

/* --- returning to it -------------------------------------------------------------------------------------- */

static void let_all_go(struct reader *reader)
{
        for (size_t i = 0; i < CPUS_MAX; i++) {
                struct reader_cpu *cpu = &reader->cpu[i];
                struct held_frame *next;

                for (struct held_frame *held = cpu->first; held; held = next) {
                        next = held->next;
                        reader_release(reader, held);
                }
                *cpu = (struct reader_cpu){ 0 };
        }
        reader->held = 0;
}

/* Each cpu as it was, but for the frames that it held. */
static void restore_cpus(struct reader *reader, const struct reader_position *position)
{
        for (size_t i = 0; i < position->cpus; i++) {
                const struct cpu_position *from = &position->cpu[i];
                struct reader_cpu *cpu = &reader->cpu[from->index];

                *cpu = (struct reader_cpu){
                        .index = from->index,
                        .has_sent = true,
                        .ticks = from->ticks,
                        .number = from->number,
                        .dropped = from->dropped,
                        .missing = from->missing,
                        .last = &cpu->first,
                };
        }
}

/* Whether a frame of events was not used up at that position: it was waiting, or had not been read. */
static bool was_to_come(const struct reader_position *position, const struct held_frame *held)
{
        struct cursor cursor = held->cursor;
        uint64_t index;

        if (held->number >= position->totals.frames)
                return true;
        if (!cursor_take_varint(&cursor, &index))
                return false;
        for (size_t i = 0; i < position->cpus; i++)
                if (position->cpu[i].index == index)
                        return position->cpu[i].has_frame && held->number >= position->cpu[i].first_frame;
        return false;
}

/* Reads all frames again up to the position, and holds those that were held there. */
static struct error hold_again(struct reader *reader, const struct reader_position *position)
{
        while (reader->totals.frames < position->totals.frames) {
                struct held_frame *held;
                uint8_t kind;

                TRY(reader_take_frame(reader, &held, &kind));
                if (!held && reader->totals.frames < position->totals.frames)
                        return FAILF(BAD_INPUT, "%s: it has become shorter since it was read", reader->name);
                if (!held)
                        continue;
                if (kind == 'E' && was_to_come(position, held))
                        reader_hold(reader, held);
                else
                        reader_release(reader, held);
        }
        return SUCCESS;
}

/* Takes the events of the open frame that had been given out, and so brings its decoding to where it was. */
static struct error reopen(struct reader *reader, const struct cpu_position *from)
{
        struct reader_cpu *cpu = &reader->cpu[from->index];
        struct event event;

        if (!from->is_open)
                return SUCCESS;
        if (!cpu->first || cpu->first->number != from->first_frame || cpu->first->first > from->number + 1)
                return FAILF(BAD_INPUT, "%s: frame %s is not the one that was read before", reader->name,
                             format_count(from->first_frame));
        cpu->number = cpu->first->first - 1;
        cpu->dropped = cpu->first->dropped;
        cpu->missing = 0;
        while (cpu->number < from->number) {
                reader_advance(reader, cpu);
                if (!cpu->is_ready || !reader_take_event(reader, cpu, &event))
                        return FAILF(BAD_INPUT, "%s: frame %s is not the one that was read before", reader->name,
                                     format_count(from->first_frame));
        }
        if (from->is_ready)
                reader_advance(reader, cpu);
        cpu->dropped = from->dropped;
        cpu->missing = from->missing;
        return SUCCESS;
}

struct error reader_return(struct reader *reader, const struct reader_position *position)
{
        struct error error;

        let_all_go(reader);
        restore_cpus(reader, position);
        frames_init(&reader->frames, reader->frames.source);
        reader->frames.taken = position->offset;
        reader->totals = position->totals;
        reader->totals.frames = position->frame;
        error = hold_again(reader, position);
        for (size_t i = 0; i < position->cpus && !error.code; i++)
                error = reopen(reader, &position->cpu[i]);
        reader->totals = position->totals;
        reader->notices = position->notices;
        reader->draining = position->draining;
        reader->all_stand = position->all_stand;
        reader->chosen = position->chosen < 0 ? NULL : &reader->cpu[position->chosen];
        reader->limit_ticks = position->limit_ticks;
        reader->limit_cpu = position->limit_cpu;
        reader->newest = position->newest;
        reader->number = position->number;
        reader->gaps = position->gaps;
        reader->lookahead = position->lookahead;
        reader->has_counted = position->has_counted;
        reader->lacks_the_last = position->lacks_the_last;
        reader->lacks_a_cpu = position->lacks_a_cpu;
        reader->awaits_first = position->awaits_first;
        reader->failed = reader->unreadable = false;
        return error;
}

void reader_set_growing(struct reader *reader, bool growing)
{
        reader->growing = growing;
}
