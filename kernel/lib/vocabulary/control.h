/*
 * What a controller on the host may command, how the kernel answers, and where a processor stands while the machine is
 * paused. The frames that carry these words are in docs/trace-format.md, "Commands".
 */
#pragma once

/* Each with its arguments. A cpu's number is sent plus 1; 0 lets the kernel choose. */
#define COMMANDS(X)                                                                                                 \
        X(STATUS, status, "no argument: answer, and if all processors stand say so again")                          \
        X(CATEGORIES, categories, "a text like +lock,-tree: which categories of events to emit")                    \
        X(KEYFRAME, keyframe, "no argument: send a keyframe at the next safe point")                                \
        X(HEADER, header, "no argument: send the header of the stream again")                                       \
        X(PAUSE, pause, "no argument: every processor stops after its next event, or where it enters the kernel")   \
        X(STEP_EVENT, step_event, "cpu: one processor goes on until it has emitted an event")                       \
        X(STEP_TREE, step_tree, "cpu: one processor goes on until an operation on a tree ends")                     \
        X(STEP_SPACE, step_space, "cpu: one processor goes on until an operation on a space ends")                  \
        X(GO, go, "no argument: all go on")                                                                         \
        X(RUN_TO_EVENT, run_to_event, "cpu (plus 1), number: all go on until this cpu has emitted that event")      \
        X(RUN_TO_FAULT, run_to_fault, "no argument: all go on until a page fault")                                  \
        X(RUN_TO_ERROR, run_to_error, "no argument: all go on until an error is raised")                            \
        X(RUN_TO_TREE, run_to_tree, "tree: all go on until an operation on this tree begins, or, if 0, on any")

#define COMMAND_ENUMERATOR(symbol, name, meaning) COMMAND_##symbol,
enum command_kind { COMMANDS(COMMAND_ENUMERATOR) COMMAND_KINDS };

#define ANSWERS(X)                                                                                                  \
        X(DONE, done, "the command is carried out, or has begun to be")                                             \
        X(UNKNOWN, unknown, "there is no such command, or none in this version of the format")                      \
        X(BAD_ARGUMENT, bad_argument, "the command is known, its arguments are not right")                          \
        X(NOT_NOW, not_now, "a step, while the machine does not stand")                                             \
        X(REPEATED, repeated, "its number is not above that of the command before")                                 \
        X(DAMAGED, damaged, "bytes arrived that are no command; the number of this answer is 0")

#define ANSWER_ENUMERATOR(symbol, name, meaning) ANSWER_##symbol,
enum answer { ANSWERS(ANSWER_ENUMERATOR) };

#define STANDS(X)                                                                                                   \
        X(OFF, off, "this processor has not been started, or was stopped for good")                                 \
        X(AFTER_EVENT, after_event, "right after its newest event")                                                 \
        X(AT_ENTRY, at_entry, "where it entered the kernel, before anything was done there")                        \
        X(WAITS, waits, "in a loop that waits for another processor, most likely for its lock")

#define STAND_ENUMERATOR(symbol, name, meaning) STAND_##symbol,
enum stand { STANDS(STAND_ENUMERATOR) };
