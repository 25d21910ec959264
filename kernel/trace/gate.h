/*
 * The gate: where processors stop when the machine is paused, and where commands of a controller on the host are
 * carried out. docs/trace-format.md, "Commands", says what each command does.
 *
 *      a processor runs:     ... event  event  event | event ...
 *                                                    ^ gate: a pause is wanted, or this is the event to run to
 *      it stands:            sends its events, answers shootdowns, reads commands; its timer is held
 *      all stand:            the clock stands still; a frame says so to the host
 *
 * There is a gate behind each event, where the kernel is entered, in an idle processor's loop, and in each loop that
 * waits for another processor. A processor may stand with any locks held; so the gate takes none, and emits nothing.
 * While one processor steps, all others stand.
 *
 * Interrupts must be off for every call here. O(1), but for the time for which a processor stands.
 */
#pragma once

#include "lib/vocabulary/control.h"
#include "trace/trace.h"

/* What a processor does over and over while it stands or waits: answer shootdowns. Set when the machine starts. */
extern void (*gate_wait_hook)(void);

/*
 * Whether a processor stands, steps or runs to something. Then others may stand with locks held: what needs them all to
 * come to a place without locks is put off.
 */
bool gate_is_closed(unsigned cpu);

/* Before a run: pause behind this event of a processor, or behind the next one if this one is past already. */
void gate_pause_at(unsigned cpu, uint64_t number);

/*
 * Behind an event of this processor. To be called only if its number is the stream's `gate_at` or more: behind an event
 * that is all there is to test. UINT64_MAX, as at first: the processor runs. 0: its gate is closed, the other gates
 * too.
 */
void gate_after_event(unsigned cpu, enum trace_event event, const uint64_t *fields);

/* Where the kernel is entered and where threads change: what was done before is complete, and nothing new has begun. */
void gate_at_entry(void);

/*
 * What each turn of a loop does that waits for another processor: calls gate_wait_hook(), relaxes, and stands if the
 * machine is paused. A processor that is stepping cannot go on here: its step ends.
 */
void gate_in_wait(void);

/* Carries out the commands that have arrived, if no other processor is doing so. */
void gate_serve(unsigned cpu);

/* In a panic: the gate is open from now on, and no command is read any more. */
void gate_open_for_good(void);

/* Whether a controller has sent this command since the last call: COMMAND_KEYFRAME or COMMAND_HEADER. */
bool gate_take_request(enum command_kind request);
