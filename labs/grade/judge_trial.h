/*
 * A recording while it is judged: what judge.c, which follows the script, and judge_rules.c, which looks at what a step
 * asks for beside right answers, both look at.
 */
#pragma once

#include "check/check.h"
#include "judge.h"
#include "script/oracle.h"
#include "stream/event_table.h"

enum { REGIONS_MADE_MAX = 8 };

/* What the rules of a step look at: what one line of the script made the tree do. */
struct line_work {
        bool searched;                          /* the regions answered where the region goes that is being mapped */
        bool took;                              /* and said of a hole that it is taken */
        unsigned lookups, placements, changes;  /* operations of the tree, of these kinds */
        unsigned draws;                         /* addresses drawn at random ... */
        uint64_t drawn;                         /* ... and the newest of them */
};

struct trial {
        struct judgement *out;
        struct check *check;
        struct oracle oracle;
        struct op_script script;
        struct op op;                           /* being run */
        const struct judge_rules *rules;
        struct line_work work;                  /* of the line that is being run */
        uint64_t space;                         /* the script's; 0: it has not begun */
        bool is_running;                        /* a line was begun, and is not judged yet */
        bool has_answer;
        struct oracle_answer answer;            /* the newest that the space gave ... */
        uint64_t answered;                      /* ... at this event */
        uint64_t made[REGIONS_MADE_MAX];        /* the regions created since the line began */
        size_t made_count;
        bool ended, passed;
};

#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

/* The tree of the script's space; NULL: it has not been created. */
const struct model_tree *tree_of(const struct trial *trial);

/* Keeps the first event at which something is wrong, and the newest words about it: the oracle's replace those of the
 * check. */
[[gnu::format(printf, 3, 4)]] void find_fault(struct trial *trial, uint64_t event, const char *format, ...);

/* A tree cannot promise more later than when it was created: called when the script begins. */
void judge_rules_check_promise(struct trial *trial, const struct event *event);

/* An event of the script's run: notes what its line makes the tree do, and what the step forbids. */
void judge_rules_follow(struct trial *trial, const struct event *event);

/* Any event of the run, also before the script begins: in a step without the range allocator there is none of it. */
void judge_rules_check_alone(struct trial *trial, const struct event *event);

/* Whether a line whose answer is right was answered by whom, and at the cost, that the step asks for. */
bool judge_rules_hold(struct trial *trial);
