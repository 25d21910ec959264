#include "base/format.h"
#include "draw/text.h"
#include "locks/locks_picture.h"
#include "stream/event_table.h"

#include <string.h>

static const char no_events[] = "The recording has no events of locks: record it with --append trace=+lock to see what "
                                "is held, who waits, and the order.";

void locks_moment_words(const struct locks *locks, char words[LOCKS_WORDS_SIZE])
{
        static const char *const why[] = {
                [LOCKS_AT_END] = "the end",
                [LOCKS_AT_MOST_WAITING] = "the first moment at which the most processors wait",
                [LOCKS_AT_VIOLATION] = "the first violation of the order",
                [LOCKS_AT_CYCLE] = "the first moment at which processors wait in a cycle",
                [LOCKS_AS_ASKED] = "as asked",
        };

        snprintf(words, LOCKS_WORDS_SIZE, "event %s: %s", format_count(locks->event), why[locks->moment]);
        if (locks->moment == LOCKS_AT_MOST_WAITING)
                text_append(words, LOCKS_WORDS_SIZE, ", %zu", locks->waiting);
        if (locks->unknown_since)
                text_append(words, LOCKS_WORDS_SIZE, "; unknown since event %s", format_count(locks->unknown_since));
}

void locks_cycle_words(const struct locks *locks, char words[LOCKS_WORDS_SIZE])
{
        words[0] = 0;
        for (size_t i = 0; i < locks->cycle; i++) {
                const struct lock_processor *processor = &locks->cpu[locks->in_cycle[i]];

                text_append(words, LOCKS_WORDS_SIZE, "%scpu %u waits for %s, which cpu %u holds", i ? "; " : "",
                            locks->in_cycle[i], lock_class_name(processor->wanted.class), processor->holder);
        }
}

void locks_violation_words(const struct locks *locks, char words[LOCKS_WORDS_SIZE])
{
        const struct lock_violation *violation = &locks->violation;

        words[0] = 0;
        if (violation->event)
                snprintf(words, LOCKS_WORDS_SIZE,
                         "event %s, cpu %u: a lock of class %s is wanted while %s of class %s is held",
                         format_count(violation->event), violation->cpu, lock_class_name(violation->wanted),
                         violation->wanted == violation->held ? "another" : "one", lock_class_name(violation->held));
}

/* --- who holds, who waits ---------------------------------------------------------------------------------- */

static void write_place(FILE *file, const char *verb, const struct lock_place *place)
{
        fprintf(file, "          %-9s  %s at %s since event %s", verb, lock_class_name(place->class),
                format_address(place->address), format_count(place->since));
}

static void write_processor(FILE *file, const struct lock_processor *processor, unsigned cpu)
{
        char task[2 * LOCKS_TASK_SIZE] = "";

        text_copy_name(task, sizeof task, processor->task);
        fprintf(file, "  cpu %u%s%s\n", cpu, *task ? ", which runs " : "", task);
        for (size_t i = 0; i < processor->held && i < LOCKS_SHOWN_MOST; i++) {
                write_place(file, "holds", &processor->hold[i]);
                fputc('\n', file);
        }
        if (processor->held > LOCKS_SHOWN_MOST)
                fprintf(file, "          and %s more\n", format_counted(processor->held - LOCKS_SHOWN_MOST, "lock"));
        if (!processor->waits)
                return;
        write_place(file, "waits for", &processor->wanted);
        if (processor->wanted_is_held)
                fprintf(file, ", which cpu %u holds", processor->holder);
        else
                fputs(", which is free again", file);
        fputs(processor->is_in_cycle ? "  (in a cycle)\n" : "\n", file);
}

static void write_processors(FILE *file, const struct locks *locks)
{
        char words[LOCKS_WORDS_SIZE];
        size_t idle = 0;

        fputs("\nWho holds and who waits\n", file);
        for (unsigned cpu = 0; cpu < locks->cpus; cpu++) {
                if (locks->cpu[cpu].held || locks->cpu[cpu].waits)
                        write_processor(file, &locks->cpu[cpu], cpu);
                else
                        idle++;
        }
        if (idle)
                fprintf(file, "  %s: no lock\n",
                        idle == locks->cpus ? "every processor" : format_counted(idle, "other processor"));
        locks_cycle_words(locks, words);
        if (*words)
                fprintf(file, "  a cycle: %s; so none of them goes on\n", words);
}

/* --- the order --------------------------------------------------------------------------------------------- */

static void write_edge(FILE *file, const struct locks *locks, enum lock_class held, enum lock_class taken)
{
        const struct lock_edge *edge = &locks->edge[held][taken];

        if (edge->count && !locks_is_implied(locks, held, taken))
                fprintf(file, "  %-15s before  %-15s  first at event %s, %s\n", lock_class_name(held),
                        lock_class_name(taken), format_count(edge->first), format_counted(edge->count, "time"));
}

static void write_violation(FILE *file, const struct locks *locks)
{
        const struct lock_violation *violation = &locks->violation;
        char words[LOCKS_WORDS_SIZE];

        if (!violation->event) {
                fputs("\nNo violation of the order\n", file);
                return;
        }
        locks_violation_words(locks, words);
        fprintf(file, "\nThe first violation of the order%s\n  %s\n",
                violation->was_found_by_kernel ? ", which the kernel found" : "", words);
        for (size_t i = 0; i + 1 < violation->steps; i++)
                fprintf(file, "  but %s was taken before %s at event %s\n", lock_class_name(violation->step[i]),
                        lock_class_name(violation->step[i + 1]),
                        format_count(locks->edge[violation->step[i]][violation->step[i + 1]].first));
        if (violation->held == violation->wanted)
                fputs("  two locks of one class are never held together\n", file);
        if (violation->others)
                fprintf(file, "  and later %s by other classes\n", format_counted(violation->others, "violation"));
}

void locks_write_words(const struct locks *locks, const char *name, FILE *file)
{
        char words[LOCKS_WORDS_SIZE];
        size_t edges = 0;

        locks_moment_words(locks, words);
        fprintf(file, "%s: locks at %s\n", name, words);
        if (locks->has_events)
                write_processors(file, locks);
        else
                fprintf(file, "\n%s\n", no_events);
        for (size_t i = 0; i < LOCK_CLASS_COUNT * LOCK_CLASS_COUNT; i++)
                edges += locks->edge[i / LOCK_CLASS_COUNT][i % LOCK_CLASS_COUNT].count != 0;
        if (edges)
                fputs("\nThe order in which classes of locks were taken\n", file);
        for (size_t i = 0; i < LOCK_CLASS_COUNT * LOCK_CLASS_COUNT; i++)
                write_edge(file, locks, (enum lock_class)(i / LOCK_CLASS_COUNT),
                           (enum lock_class)(i % LOCK_CLASS_COUNT));
        write_violation(file, locks);
}
