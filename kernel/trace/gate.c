#include "trace/gate.h"
#include "arch/apic.h"
#include "arch/clock.h"
#include "arch/this_cpu.h"
#include "trace/command.h"
#include "trace/kernel_trace.h"
#include "trace/line.h"
#include "trace/stream.h"
#include "trace/varint.h"

/*
 * A processor whose gate is closed must stand, unless it has a goal: a command, of a step or to run to something. Then
 * it goes on until it has emitted the event for which the command waits; then all must stand.
 */
#define NO_GOAL COMMAND_STATUS
static enum command_kind goal[CPUS_MOST];
static uint64_t goal_tree;                      /* of COMMAND_RUN_TO_TREE; 0: any */

/* EVENT_TIME: any event. */
static const enum trace_event event_of_goal[COMMAND_KINDS] = {
        [COMMAND_STEP_TREE] = EVENT_tree_end, [COMMAND_STEP_SPACE] = EVENT_space_end,
        [COMMAND_RUN_TO_FAULT] = EVENT_page_fault, [COMMAND_RUN_TO_ERROR] = EVENT_error_raised,
        [COMMAND_RUN_TO_TREE] = EVENT_tree_begin,
};

static enum stand stand_of[CPUS_MOST];          /* how it stands; STAND_OFF: it does not */
static bool is_announced;                       /* that all stand */

static struct command_reader reader;
static bool is_served;                          /* by a processor that reads commands; no spinlock, those emit */
static bool is_open_for_good;
static unsigned requests;                       /* a bit for each command that safe points carry out */
void (*gate_wait_hook)(void);

void gate_pause_at(unsigned cpu, uint64_t number)
{
        trace_stream(cpu)->gate_at = number;
}

bool gate_take_request(enum command_kind request)
{
        const unsigned bit = 1u << request;
        return __atomic_load_n(&requests, __ATOMIC_RELAXED) & bit &&
               __atomic_fetch_and(&requests, ~bit, __ATOMIC_RELAXED) & bit;
}

/* --- who must stand --------------------------------------------------------------------------------------- */

bool gate_is_closed(unsigned cpu)
{
        return !__atomic_load_n(&trace_stream(cpu)->gate_at, __ATOMIC_ACQUIRE);
}

static enum command_kind goal_of(unsigned cpu)
{
        return __atomic_load_n(&goal[cpu], __ATOMIC_ACQUIRE);
}

static void set_goal(unsigned cpu, enum command_kind wanted)
{
        __atomic_store_n(&goal[cpu], wanted, __ATOMIC_RELEASE);
}

static void set_goals(enum command_kind wanted)
{
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                set_goal(cpu, wanted);
}

static bool must_stand(unsigned cpu)
{
        return gate_is_closed(cpu) && goal_of(cpu) == NO_GOAL;
}

/* The goals first: until its gate is closed, too, a processor goes on, and looks again at its next event. */
static void close_gates(enum command_kind wanted)
{
        set_goals(wanted);
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                __atomic_store_n(&trace_stream(cpu)->gate_at, 0, __ATOMIC_RELEASE);
}

static void run_to(enum command_kind wanted, uint64_t tree)
{
        goal_tree = tree;
        is_announced = false;
        clock_go_on();
        close_gates(wanted);
}

/* All go on; one processor until it has emitted an event of that number, the others without a bound. */
static void go_until(unsigned until_cpu, uint64_t number)
{
        is_announced = false;
        clock_go_on();
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                __atomic_store_n(&trace_stream(cpu)->gate_at, cpu == until_cpu ? number : UINT64_MAX, __ATOMIC_RELEASE);
        set_goals(NO_GOAL);
}

static bool all_stand(void)
{
        for (unsigned cpu = 0; cpu < cpu_count; cpu++) {
                const bool stands = __atomic_load_n(&stand_of[cpu], __ATOMIC_ACQUIRE) != STAND_OFF && must_stand(cpu);

                if (!stands && !__atomic_load_n(&cpus[cpu].stopped, __ATOMIC_ACQUIRE))
                        return false;
        }
        return true;
}

/* --- standing --------------------------------------------------------------------------------------------- */

static void stand(unsigned cpu, enum stand how)
{
        stream_flush(trace_stream(cpu));
        const struct apic_timer timer = apic_hold_timer();
        __atomic_store_n(&stand_of[cpu], how, __ATOMIC_RELEASE);
        while (must_stand(cpu)) {
                gate_wait_hook();
                line_push();
                gate_serve(cpu);
                trace_send_header_if_requested();
                cpu_relax();
        }
        __atomic_store_n(&stand_of[cpu], STAND_OFF, __ATOMIC_RELEASE);
        apic_release_timer(timer);
}

static bool meets_goal(enum command_kind wanted, enum trace_event event, const uint64_t *fields)
{
        if (event_of_goal[wanted] != EVENT_TIME && event_of_goal[wanted] != event)
                return false;
        return wanted != COMMAND_RUN_TO_TREE || !goal_tree || fields[0] == goal_tree;
}

void gate_after_event(unsigned cpu, enum trace_event event, const uint64_t *fields)
{
        if (!meets_goal(goal_of(cpu), event, fields))
                return;
        close_gates(NO_GOAL);
        stand(cpu, STAND_AFTER_EVENT);
}

/* An idle processor may never do the operation that its step is to end with. */
void gate_at_entry(void)
{
        const unsigned cpu = this_cpu_index();
        const enum command_kind wanted = goal_of(cpu);

        if ((wanted == COMMAND_STEP_TREE || wanted == COMMAND_STEP_SPACE) && cpu_is_idle(cpu))
                close_gates(NO_GOAL);
        if (must_stand(cpu))
                stand(cpu, STAND_AT_ENTRY);
}

void gate_in_wait(void)
{
        const unsigned cpu = this_cpu_index();

        gate_wait_hook();
        const enum command_kind wanted = gate_is_closed(cpu) ? goal_of(cpu) : NO_GOAL;
        if (wanted == COMMAND_STEP_EVENT || wanted == COMMAND_STEP_TREE || wanted == COMMAND_STEP_SPACE)
                close_gates(NO_GOAL);
        if (must_stand(cpu))
                stand(cpu, STAND_WAITS);
        cpu_relax();                            /* last: what is waited for is looked at before the gate is again */
}

void gate_open_for_good(void)
{
        is_open_for_good = true;
        go_until(0, UINT64_MAX);
}

/* --- what is sent to the controller ----------------------------------------------------------------------- */

/* Says that all stand. What all processors have emitted has left the machine before. */
static void announce(unsigned cpu)
{
        uint8_t body[TRACE_NOTE_ROOM], *out = body;

        clock_stop();
        *out++ = 'S';
        out = varint_put(out, cpu_count);
        for (unsigned i = 0; i < cpu_count; i++) {
                out = varint_put(out, __atomic_load_n(&cpus[i].stopped, __ATOMIC_ACQUIRE) ? STAND_OFF : stand_of[i]);
                out = varint_put(out, trace_stream(i)->number);
        }
        is_announced = true;
        trace_send_note(cpu, body, (size_t)(out - body));
}

static void answer(unsigned cpu, uint64_t number, enum answer answer)
{
        const uint64_t fields[] = {
                number, answer, reader.last_number, reader.carried_out, reader.refused, reader.damaged,
        };
        uint8_t body[TRACE_NOTE_ROOM], *out = body;

        *out++ = 'A';
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
                out = varint_put(out, fields[i]);
        trace_send_note(cpu, body, (size_t)(out - body));
}

/* --- commands --------------------------------------------------------------------------------------------- */

/*
 * The processor that a step is for if none is named: the one inside a tree operation; else one that stands behind an
 * event; else one that stands where it entered the kernel; else one that is idle. One that waits could not go on.
 */
static unsigned choose_for_step(void)
{
        unsigned best = 0;
        int best_rank = -1;

        for (unsigned cpu = 0; cpu < cpu_count; cpu++) {
                const enum stand how = stand_of[cpu];
                const int rank = cpus[cpu].stopped || how == STAND_WAITS ? 0 : trace_stream(cpu)->in_operation ? 4 :
                                 cpu_is_idle(cpu) ? 1 : how == STAND_AT_ENTRY ? 2 : 3;

                if (rank > best_rank) {
                        best = cpu;
                        best_rank = rank;
                }
        }
        return best;
}

/* `wanted_cpu` is the processor's index plus 1; 0: choose. */
static enum answer step(enum command_kind wanted, uint64_t wanted_cpu)
{
        if (wanted_cpu > cpu_count || (wanted_cpu && cpus[wanted_cpu - 1].stopped))
                return ANSWER_BAD_ARGUMENT;
        if (!all_stand())
                return ANSWER_NOT_NOW;

        const unsigned cpu = wanted_cpu ? (unsigned)wanted_cpu - 1 : choose_for_step();
        clock_stop();                           /* it may not be announced yet that all stand */
        is_announced = false;
        __atomic_store_n(&stand_of[cpu], STAND_OFF, __ATOMIC_RELEASE);
        set_goal(cpu, wanted);
        return ANSWER_DONE;
}

static enum answer run_to_event(uint64_t wanted_cpu, uint64_t number)
{
        if (!wanted_cpu || wanted_cpu > cpu_count || number <= trace_stream((unsigned)wanted_cpu - 1)->number)
                return ANSWER_BAD_ARGUMENT;
        go_until((unsigned)wanted_cpu - 1, number);
        return ANSWER_DONE;
}

static enum answer carry_out(const struct command *command)
{
        const uint64_t first = command->argument[0];

        switch (command->kind) {
        case COMMAND_STATUS:
                is_announced = false;
                return ANSWER_DONE;
        case COMMAND_CATEGORIES:
                return trace_choose(command->text) ? ANSWER_DONE : ANSWER_BAD_ARGUMENT;
        case COMMAND_KEYFRAME:
        case COMMAND_HEADER:
                __atomic_fetch_or(&requests, 1u << command->kind, __ATOMIC_RELAXED);
                return ANSWER_DONE;
        case COMMAND_PAUSE:
                close_gates(NO_GOAL);
                return ANSWER_DONE;
        case COMMAND_STEP_EVENT:
        case COMMAND_STEP_TREE:
        case COMMAND_STEP_SPACE:
                return step(command->kind, first);
        case COMMAND_GO:
                go_until(0, UINT64_MAX);
                return ANSWER_DONE;
        case COMMAND_RUN_TO_EVENT:
                return run_to_event(first, command->argument[1]);
        case COMMAND_RUN_TO_FAULT:
        case COMMAND_RUN_TO_ERROR:
        case COMMAND_RUN_TO_TREE:
                run_to(command->kind, first);
                return ANSWER_DONE;
        default:
                return ANSWER_UNKNOWN;
        }
}

/*
 * A command is answered before what follows from it is sent. Damage is reported once for all bytes that arrived
 * together.
 */
static void take(unsigned cpu, const uint8_t *bytes, size_t length)
{
        const uint64_t damaged = reader.damaged;

        for (size_t i = 0; i < length; i++) {
                struct command command;

                if (!command_take_byte(&reader, bytes[i], &command))
                        continue;
                if (command.answer == ANSWER_DONE)
                        command.answer = carry_out(&command);
                command_count(&reader, &command);
                if (command.answer != ANSWER_DAMAGED)
                        answer(cpu, command.number, command.answer);
        }
        if (reader.damaged != damaged)
                answer(cpu, 0, ANSWER_DAMAGED);
}

void gate_serve(unsigned cpu)
{
        uint8_t bytes[LINE_INPUT];

        if (is_open_for_good || __atomic_exchange_n(&is_served, true, __ATOMIC_ACQUIRE))
                return;
        take(cpu, bytes, line_read(bytes));
        if (!is_announced && all_stand() && !line_bytes_waiting())
                announce(cpu);
        __atomic_store_n(&is_served, false, __ATOMIC_RELEASE);
}
