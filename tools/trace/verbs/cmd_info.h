/*
 * What the files of the verb `info` share: cmd_info.c gathers and prints for people, cmd_info_json.c for programs.
 */
#pragma once

#include "model/model.h"
#include "stream/reader.h"

enum { SCRIPTS_MAX = 1000 };

struct cpu_counts {
        uint64_t events, switches, interrupts;
};

struct lock_counts {
        uint64_t acquired, wanted;
        uint64_t longest;                       /* ticks that one was held at most */
};

/* The longest time that any lock was held, and where that ended. */
struct longest_hold {
        uint64_t ticks;                         /* 0: none was timed */
        uint64_t class;
        uint64_t event;
        unsigned cpu;
};

struct script {
        char *name;
        uint64_t operations, mismatches;
        bool ended;
        uint64_t verdict;
};

struct info {
        struct reader *reader;
        struct model *model;
        uint64_t *events;                       /* how many of each type of the stream's schema */
        struct cpu_counts cpu[MODEL_CPUS_MAX];
        struct longest_hold longest_hold;
        struct lock_counts *lock;               /* by class; the last is for all that this build does not know */
        uint64_t first_ticks, last_ticks;
        bool ended;
        uint64_t verdict;
        uint64_t not_applied;                   /* events that could not be applied to the model */
        size_t scripts;
        struct script script[SCRIPTS_MAX];
};

/* How many classes of locks this build knows. */
size_t info_lock_classes(void);

void info_print_json(const struct info *info);
