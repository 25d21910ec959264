/*
 * Whether what a cpu sent last is missing. No number shows that, since nothing of the cpu follows:
 *
 *      cpu 0   ... 40  50  60  [end: 9 events]
 *      cpu 1   ... 45  ??                              5 events have arrived of cpu 0, and 3 of cpu 1
 *
 * But the end counts all events. So once everything has arrived, what waits is counted: if it is less than the end
 * says, or there is no end, any cpu that has nothing waiting may have sent more, later than the last time that was
 * heard of it.
 */
#include "stream/reader_internal.h"

#include <stdlib.h>
#include <string.h>

/* What waits, of all cpus. */
struct left {
        uint64_t newest;                        /* the sum of the numbers of their last events */
        bool has_end;
        uint64_t said;                          /* by the end: that sum, if nothing is missing */
};

static void count_event(struct left *left, const struct event *event)
{
        if (event->schema->known != EVENT_end)
                return;
        left->has_end = true;
        left->said = event->field[EVENT_FIELD(end, events)];
}

/* Decodes what is left of a cpu's first frame; its last number so far. */
static uint64_t count_frame(struct reader *reader, struct reader_cpu *cpu, uint64_t number, struct left *left)
{
        struct event event;

        if (!cpu->is_open) {
                if (cpu->first->first <= number)
                        return number;          /* it comes again */
                number = cpu->first->first - 1;
                reader_begin_fields(reader, cpu, cpu->first->tree);
        }
        while (cpu->first->cursor.at < cpu->first->cursor.end) {
                if (!cpu->is_ready && !reader_take_context(reader, cpu))
                        return number;
                cpu->is_ready = false;
                if (cpu->first->cursor.at == cpu->first->cursor.end)
                        return number;
                if (!reader_take_fields(reader, cpu, &event))
                        return number;
                count_event(left, &event);
                number++;
        }
        return number;
}

/* Decodes all frames of a cpu that wait, and leaves everything as it was. */
static void count_cpu(struct reader *reader, struct reader_cpu *cpu, uint64_t *kept, struct left *left)
{
        const size_t size = reader->schema->fields * sizeof *kept;
        uint64_t *newest_values = &reader->last[cpu->index * reader->schema->fields];
        const struct reader_cpu before = *cpu;
        uint64_t number = cpu->number;

        memcpy(kept, newest_values, size);
        for (struct held_frame *held = before.first; held; held = held->next) {
                const struct cursor cursor = held->cursor;

                cpu->first = held;
                number = count_frame(reader, cpu, number, left);
                held->cursor = cursor;
                cpu->is_open = cpu->is_ready = false;
        }
        *cpu = before;
        memcpy(newest_values, kept, size);
        left->newest += number;
}

/* Without memory for it, nothing is taken to be missing. */
void reader_count_what_is_left(struct reader *reader)
{
        uint64_t *kept = calloc(reader->schema->fields + 1, sizeof *kept);
        uint64_t cpus = reader->totals.cpus;
        struct left left = { 0 };

        reader->has_counted = true;
        reader->lacks_the_last = reader->lacks_a_cpu = false;
        if (!kept)
                return;
        for (struct reader_cpu *cpu = reader->cpu; cpus; cpu++) {
                cpus -= cpu->has_sent;
                if (cpu->has_sent)
                        count_cpu(reader, cpu, kept, &left);
        }
        free(kept);
        reader->lacks_the_last = !reader->has_end && (!left.has_end || left.said > left.newest);
        /* A recording of one processor that was cut short is taken to be of one processor. */
        reader->lacks_a_cpu = reader->lacks_the_last && reader->totals.cpus < reader->schema->cpus &&
                              (left.has_end || reader->totals.cpus > 1);
}

/* What is missing of a cpu came after all that was heard of it. At equal times the lower cpu comes first. */
static bool may_have_sent_before(const struct reader_cpu *other, const struct reader_cpu *cpu)
{
        return other->ticks < cpu->ticks || (other->ticks == cpu->ticks && other->index < cpu->index);
}

bool reader_may_miss_the_last(const struct reader *reader, const struct reader_cpu *cpu)
{
        uint64_t left = reader->totals.cpus;

        if (!reader->draining || !reader->lacks_the_last)
                return false;
        if (reader->lacks_a_cpu)
                return true;
        for (const struct reader_cpu *other = reader->cpu; left; other++) {
                left -= other->has_sent;
                if (other->has_sent && !other->first && may_have_sent_before(other, cpu))
                        return true;
        }
        return false;
}
