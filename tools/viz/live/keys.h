/*
 * Every key of the viewer, in one table: the bottom line, the help, the manual's table and what a key does come from here.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

enum key_group { KEYS_TIME, KEYS_LOOK, KEYS_FIND, KEYS_OTHER, KEYS_GROUPS };

/*      action                  keys            F-key   label           group           what it does */
#define ACTIONS(X)                                                                                                  \
        X(STEP_FORWARD,         "Right l",      0,      "",             KEYS_TIME,      "the next event of the list")         \
        X(STEP_BACK,            "Left h",       0,      "",             KEYS_TIME,      "the event before")                   \
        X(OPERATION_BACK,       "[",            7,      "Op ←",      KEYS_TIME,      "the operation before, at its begin") \
        X(OPERATION_FORWARD,    "]",            8,      "Op →",         KEYS_TIME,      "the next operation, at its begin")   \
        X(PLAY,                 "Space",        5,      "Play",         KEYS_TIME,      "play; pause")                        \
        X(PAUSE_OR_GO,          "P",            0,      "",             KEYS_TIME,      "a running kernel: pause it; let it go on") \
        X(FASTER,               ">",            0,      "",             KEYS_TIME,      "play faster")                        \
        X(SLOWER,               "<",            0,      "",             KEYS_TIME,      "play slower")                        \
        X(FAULT_FORWARD,        "x",            0,      "",             KEYS_TIME,      "the next page fault")                \
        X(FAULT_BACK,           "X",            0,      "",             KEYS_TIME,      "the page fault before")              \
        X(ERROR_FORWARD,        "e",            0,      "",             KEYS_TIME,      "the next error")                     \
        X(ERROR_BACK,           "E",            0,      "",             KEYS_TIME,      "the error before")                   \
        X(FINDING,              "c",            0,      "",             KEYS_TIME,      "the first finding of `regiontrace check'") \
        X(DIFFERENCE,           "d",            0,      "",             KEYS_TIME,      "of two recordings: their first difference") \
        X(FIRST,                "Home g",       0,      "",             KEYS_TIME,      "the first event")                    \
        X(LAST,                 "End G",        0,      "",             KEYS_TIME,      "the last event")                     \
        X(GO_TO,                ": t",          0,      "",             KEYS_TIME,      "go to an event (1204), a time (12.5ms) or an operation (op:57)") \
        X(PREDICT,              "p",            6,      "Predict",      KEYS_TIME,      "predict mode: say what is decided before it is shown") \
        X(SPACES,               "a",            2,      "Spaces",       KEYS_LOOK,      "choose an address space")            \
        X(TASKS,                "T",            9,      "Tasks",        KEYS_LOOK,      "tasks and processors")               \
        X(LOCKS,                "o",            0,      "",             KEYS_LOOK,      "locks: who holds and who waits")     \
        X(FOCUS_NEXT,           "Tab",          0,      "",             KEYS_LOOK,      "go to the next pane")                \
        X(FOCUS_BACK,           "BackTab",      0,      "",             KEYS_LOOK,      "go to the pane before")              \
        X(UP,                   "Up k",         0,      "",             KEYS_LOOK,      "in the tree: select the parent; in a list: go up") \
        X(DOWN,                 "Down j",       0,      "",             KEYS_LOOK,      "in the tree: select a child; in a list: go down") \
        X(SELECT_BACK,          "b",            0,      "",             KEYS_LOOK,      "select the region below in address order") \
        X(SELECT_NEXT,          "w",            0,      "",             KEYS_LOOK,      "select the region above in address order") \
        X(ENTER,                "Enter",        0,      "",             KEYS_LOOK,      "choose; in the tree: show the selected region in the bar") \
        X(MAXIMISE,             "z",            0,      "",             KEYS_LOOK,      "the pane alone; all panes again")    \
        X(ZOOM_IN,              "+ =",          0,      "",             KEYS_LOOK,      "larger, in the tree or the bar")     \
        X(ZOOM_OUT,             "-",            0,      "",             KEYS_LOOK,      "smaller")                            \
        X(FIT,                  "0",            0,      "",             KEYS_LOOK,      "as much as fits; follow the action again") \
        X(PAN_LEFT,             "H ShiftLeft",  0,      "",             KEYS_LOOK,      "move the view left")                 \
        X(PAN_DOWN,             "J ShiftDown",  0,      "",             KEYS_LOOK,      "move the view down")                 \
        X(PAN_UP,               "K ShiftUp",    0,      "",             KEYS_LOOK,      "move the view up")                   \
        X(PAN_RIGHT,            "L ShiftRight", 0,      "",             KEYS_LOOK,      "move the view right")                \
        X(SEARCH,               "/",            3,      "Search",       KEYS_FIND,      "search the events for words")        \
        X(MATCH_FORWARD,        "n",            0,      "",             KEYS_FIND,      "the next match")                     \
        X(MATCH_BACK,           "N",            0,      "",             KEYS_FIND,      "the match before")                   \
        X(FILTER,               "f",            4,      "Filter",       KEYS_FIND,      "list: this tree; all trees and spaces; everything") \
        X(SAVE,                 "s",            0,      "",             KEYS_OTHER,     "save the picture (.svg, .dot, .png, .txt) or the operation as a recording (.rtrace)") \
        X(HELP,                 "?",            1,      "Help",         KEYS_OTHER,     "these keys")                         \
        X(CLOSE,                "Esc",          0,      "",             KEYS_OTHER,     "close what is open; end the selection") \
        X(QUIT,                 "q",            10,     "Quit",         KEYS_OTHER,     "end")

enum action {
        ACTION_NONE,
#define X(name, ...) ACTION_##name,
        ACTIONS(X)
#undef X
        ACTION_COUNT
};

struct key_help {
        const char *keys;                       /* as in the table: names, separated by blanks */
        int function_key;                       /* 0: none */
        const char *label, *meaning;
        enum key_group group;
};

/* By enum action, without ACTION_NONE. */
const struct key_help *key_help(enum action action);
const char *key_group_name(enum key_group group);

/* What a key of curses does; ACTION_NONE if nothing. */
enum action key_action(int key);
/* "Right, l, F8": the keys of an action, in words. */
void key_names(char *out, size_t size, enum action action);
/* The table of keys for the manual, in Markdown. */
void keys_write_table(FILE *file);
