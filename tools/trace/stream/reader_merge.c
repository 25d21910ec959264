#include "stream/reader_internal.h"

#include <limits.h>

/*
 * Each cpu's frames arrive in order, but a frame of one may arrive long after a later one of another. So an event is
 * delivered once no cpu can still send an earlier one. The time that a cpu has reached is that of its next event, if
 * that has arrived, and else that of the last thing it sent.
 *
 *      cpu 0   ... 40  50  60                      50 may be delivered, 60 not yet:
 *      cpu 1   ... 45  [sent last: 55]             cpu 1 may still send something at 57
 *
 * A damaged frame may be the first one of a cpu that nothing is known of yet. So some frames more are read before
 * anything is given out: if that cpu has sent one, its number says that events are missing. The same is done at the
 * beginning, until every cpu has sent something: one that has not may be about to send the earliest event.
 *
 * At equal times the lower cpu comes first, with all it has: so the events of one tree operation, which share a time,
 * stay together.
 */

static bool comes_before(uint64_t ticks, unsigned cpu, uint64_t other_ticks, unsigned other_cpu)
{
        return ticks < other_ticks || (ticks == other_ticks && cpu < other_cpu);
}

/* The cpu whose event is next; sets the limit. `wait`: cpus whose next event is not here yet count, too. NULL: none. */
static struct reader_cpu *choose(struct reader *reader, bool wait)
{
        struct reader_cpu *best = NULL;
        uint64_t left = reader->totals.cpus;

        reader->limit_ticks = UINT64_MAX;
        reader->limit_cpu = UINT_MAX;
        for (struct reader_cpu *cpu = reader->cpu; left; cpu++) {
                const struct reader_cpu *second = cpu;

                left -= cpu->has_sent;
                if (!cpu->has_sent || !(cpu->is_ready || wait))
                        continue;
                if (!best || comes_before(cpu->ticks, cpu->index, best->ticks, best->index)) {
                        second = best;
                        best = cpu;
                }
                if (second && comes_before(second->ticks, second->index, reader->limit_ticks, reader->limit_cpu)) {
                        reader->limit_ticks = second->ticks;
                        reader->limit_cpu = second->index;
                }
        }
        return best;
}

/*
 * Reads one more frame; false if the stream grows and no more has arrived. A read error ends the stream; it is reported
 * after all events have been delivered.
 */
static bool read_on(struct reader *reader)
{
        struct held_frame *held;
        uint8_t kind;

        if (reader_take_frame(reader, &held, &kind).code) {
                reader->unreadable = reader->draining = true;
                __builtin_snprintf(reader->failure, sizeof reader->failure, "%s", error_message());
        } else if (!held && reader->growing) {
                return false;
        } else if (!held) {
                reader->draining = true;
        } else if (kind == 'E') {
                reader_hold(reader, held);
        } else {
                if (kind == 'S')
                        reader->all_stand = true;
                if (kind == 'H')
                        reader_see_header_again(reader, held);
                reader_release(reader, held);
        }
        return true;
}

static void advance_all(struct reader *reader)
{
        uint64_t left = reader->totals.cpus;

        for (struct reader_cpu *cpu = reader->cpu; left; cpu++) {
                left -= cpu->has_sent;
                if (cpu->has_sent)
                        reader_advance(reader, cpu);
        }
}

/* Makes `chosen` a cpu whose next event is the next of all; false if there is none, now or for good. */
static bool find_next(struct reader *reader)
{
        for (;;) {
                while (reader->lookahead && !reader->draining && !reader->all_stand && reader->held < HELD_MAX &&
                       read_on(reader))
                        continue;
                advance_all(reader);
                reader->chosen = choose(reader, !reader->draining && !reader->all_stand && reader->held < HELD_MAX);
                if (reader->chosen && reader->chosen->is_ready)
                        return true;
                reader->all_stand = false;
                if (reader->draining || !read_on(reader))
                        return false;
        }
}

static void count_late(struct reader *reader, const struct event *event)
{
        reader->totals.late += event->ticks < reader->newest && reader->totals.cpus > 1;
        if (reader->newest < event->ticks)
                reader->newest = event->ticks;
}

bool reader_next(struct reader *reader, struct event *event)
{
        for (;;) {
                struct reader_cpu *cpu = reader->chosen;

                if (cpu)
                        reader_advance(reader, cpu);
                if (!cpu || !cpu->is_ready ||
                    !comes_before(cpu->ticks, cpu->index, reader->limit_ticks, reader->limit_cpu)) {
                        if (!find_next(reader))
                                break;
                        cpu = reader->chosen;
                }
                if (reader_take_event(reader, cpu, event)) {
                        count_late(reader, event);
                        return true;
                }
        }
        reader->failed = reader->unreadable;
        reader->unreadable = reader->draining = reader->has_counted = false;
        if (reader->failed)
                error_message_set("%s", reader->failure);
        return false;
}
