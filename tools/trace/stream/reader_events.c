#include "stream/reader_internal.h"

#include <string.h>

/* --- frames ----------------------------------------------------------------------------------------------- */

static bool take_front(const struct reader *reader, struct held_frame *held, uint64_t *cpu)
{
        struct cursor *cursor = &held->cursor;

        held->tree = 0;
        return cursor_take_varint(cursor, cpu) && cursor_take_varint(cursor, &held->first) &&
               cursor_take_varint(cursor, &held->dropped) && cursor_take_varint(cursor, &held->ticks) &&
               (reader->schema->version == 1 || cursor_take_varint(cursor, &held->tree)) &&
               *cpu < CPUS_MAX && held->first > 0 && held->first <= NUMBER_MAX - FRAME_EVENTS_MAX;
}

void reader_hold(struct reader *reader, struct held_frame *held)
{
        struct reader_cpu *cpu;
        uint64_t index;

        if (!take_front(reader, held, &index)) {
                reader_note_damage(reader, held, "its front is not understood");
                reader_release(reader, held);
                return;
        }
        if (reader->totals.ticks < held->ticks)
                reader->totals.ticks = held->ticks;
        reader->lookahead -= reader->lookahead > 0;
        cpu = &reader->cpu[index];
        if (!cpu->has_sent) {
                *cpu = (struct reader_cpu){ .index = (unsigned)index, .has_sent = true, .last = &cpu->first };
                reader->totals.cpus++;
                if (reader->awaits_first && reader->totals.cpus >= reader->schema->cpus) {
                        reader->awaits_first = false;
                        reader->lookahead = 0;
                }
        }
        *cpu->last = held;
        cpu->last = &held->next;
        reader->held++;
}

void reader_await_first(struct reader *reader)
{
        reader->awaits_first = reader->schema->cpus > 1;
        reader->lookahead = reader->awaits_first ? FRAMES_AHEAD : 0;
}

static uint64_t min(uint64_t a, uint64_t b)
{
        return a < b ? a : b;
}

/* Records the events that are missing between the newest event of a cpu and the first of a frame. */
static void account_for_missing(struct reader *reader, struct reader_cpu *cpu, const struct held_frame *held)
{
        uint64_t missing = held->first - cpu->number - 1;
        uint64_t by_kernel = held->dropped > cpu->dropped ? min(held->dropped - cpu->dropped, missing) : 0;

        if (held->dropped < cpu->dropped && !reader->totals.counter_went_back++) {
                char words[NOTICE_SIZE - 96];

                __builtin_snprintf(words, sizeof words, "from %s to %s on cpu %u", format_count(cpu->dropped),
                                   format_count(held->dropped), cpu->index);
                reader_describe(reader->first_wrong_counter, held, words);
        }
        if (missing)
                reader_note(reader, held,
                            "%s missing before event %s of cpu %u: %s dropped by the kernel, %s lost on the line",
                            format_counted(missing, "event"), format_count(held->first), cpu->index,
                            format_count(by_kernel), format_count(missing - by_kernel));
        reader->totals.dropped += by_kernel;
        reader->totals.lost += missing - by_kernel;
        reader->gaps += !cpu->missing && missing;
        cpu->missing += missing;
        cpu->number = held->first - 1;
        cpu->dropped = held->dropped;
}

static void close_first(struct reader *reader, struct reader_cpu *cpu)
{
        struct held_frame *held = cpu->first;

        cpu->first = held->next;
        if (!cpu->first)
                cpu->last = &cpu->first;
        cpu->is_open = false;
        reader->held--;
        reader_release(reader, held);
}

static void throw_rest_away(struct reader *reader, struct reader_cpu *cpu)
{
        reader_note_damage(reader, cpu->first,
                           "an event in it is not understood; the rest of the frame is thrown away");
        cpu->first->cursor.at = cpu->first->cursor.end;
}

/* --- from frame to frame ---------------------------------------------------------------------------------- */

static void open_first(struct reader *reader, struct reader_cpu *cpu)
{
        struct held_frame *held = cpu->first;

        cpu->is_open = true;
        if (held->first <= cpu->number) {
                reader->totals.repeated++;
                reader_note(reader, held, "begins with event %s of cpu %u again, after event %s; skipped",
                            format_count(held->first), cpu->index, format_count(cpu->number));
                held->cursor.at = held->cursor.end;
                return;
        }
        cpu->ticks = held->ticks;
        reader_begin_fields(reader, cpu, held->tree);
        account_for_missing(reader, cpu, held);
}

void reader_advance(struct reader *reader, struct reader_cpu *cpu)
{
        while (cpu->first && !cpu->is_ready) {
                if (!cpu->is_open)
                        open_first(reader, cpu);
                if (!reader_take_context(reader, cpu))
                        throw_rest_away(reader, cpu);
                if (cpu->first->cursor.at < cpu->first->cursor.end)
                        cpu->is_ready = true;
                else
                        close_first(reader, cpu);
        }
}

bool reader_take_event(struct reader *reader, struct reader_cpu *cpu, struct event *event)
{
        if (reader->draining && !reader->has_counted)
                reader_count_what_is_left(reader);
        cpu->is_ready = false;
        if (!reader_take_fields(reader, cpu, event)) {
                throw_rest_away(reader, cpu);
                return false;
        }
        event->type = event->schema->known;
        event->cpu = cpu->index;
        event->cpu_number = ++cpu->number;
        event->missing = cpu->missing;
        event->number = reader->number += 1 + cpu->missing;
        reader->gaps -= cpu->missing > 0;
        event->gap_elsewhere = reader->gaps > 0 || reader_may_miss_the_last(reader, cpu);
        event->ticks = cpu->ticks;
        event->frame = cpu->first->number;
        event->offset = cpu->first->frame.offset;
        cpu->missing = 0;
        reader->totals.events++;
        if (event->type == EVENT_end)
                reader_see_end(reader, event);
        return true;
}
