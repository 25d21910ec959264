/*
 * What a controller on the host may command, how the kernel answers, and where a processor stands while the machine is
 * paused. The frames that carry these words are in docs/trace-format.md, "Commands".
 */
#pragma once

#include "lib/vocabulary/enumerator.h"

/* Each with its arguments. A cpu's number is sent plus 1; 0 lets the kernel choose. */
#define COMMANDS(X)                                                                                                 \
        X(COMMAND_STATUS, status, "no argument: answer, and if all processors stand say so again")                  \
        X(COMMAND_CATEGORIES, categories, "a text like +lock,-tree: which categories of events to emit")            \
        X(COMMAND_KEYFRAME, keyframe, "no argument: send a keyframe at the next safe point")                        \
        X(COMMAND_HEADER, header, "no argument: send the header of the stream again")                               \
        X(COMMAND_PAUSE, pause, "no argument: all stop, each after its next event or where it enters the kernel")   \
        X(COMMAND_STEP_EVENT, step_event, "cpu: one processor goes on until it has emitted an event")               \
        X(COMMAND_STEP_TREE, step_tree, "cpu: one processor goes on until an operation on a tree ends")             \
        X(COMMAND_STEP_SPACE, step_space, "cpu: one processor goes on until an operation on a space ends")          \
        X(COMMAND_GO, go, "no argument: all go on")                                                                 \
        X(COMMAND_RUN_TO_EVENT, run_to_event, "cpu (plus 1), number: all go on until this cpu has emitted it")      \
        X(COMMAND_RUN_TO_FAULT, run_to_fault, "no argument: all go on until a page fault")                          \
        X(COMMAND_RUN_TO_ERROR, run_to_error, "no argument: all go on until an error is raised")                    \
        X(COMMAND_RUN_TO_TREE, run_to_tree, "tree: all go on until an operation on this tree begins, or, if 0, on any")

enum command_kind { COMMANDS(ENUMERATOR) COMMAND_KINDS };

#define ANSWERS(X)                                                                                                  \
        X(ANSWER_DONE, done, "the command is carried out, or has begun to be")                                      \
        X(ANSWER_UNKNOWN, unknown, "there is no such command, or none in this version of the format")               \
        X(ANSWER_BAD_ARGUMENT, bad_argument, "the command is known, its arguments are not right")                   \
        X(ANSWER_NOT_NOW, not_now, "a step, while the machine does not stand")                                      \
        X(ANSWER_REPEATED, repeated, "its number is not above that of the command before")                          \
        X(ANSWER_DAMAGED, damaged, "bytes arrived that are no command; the number of this answer is 0")

enum answer { ANSWERS(ENUMERATOR) };

#define STANDS(X)                                                                                                   \
        X(STAND_OFF, off, "this processor has not been started, or was stopped for good")                           \
        X(STAND_AFTER_EVENT, after_event, "right after its newest event")                                           \
        X(STAND_AT_ENTRY, at_entry, "where it entered the kernel, before anything was done there")                  \
        X(STAND_WAITS, waits, "in a loop that waits for another processor, most likely for its lock")

enum stand { STANDS(ENUMERATOR) };
