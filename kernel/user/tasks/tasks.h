/* The ways of the program `tasks` that are about files, which have a file of their own (user/tasks.c). */
#pragma once

#include "user/lib/thread.h"
#include "user/lib/trial.h"

/* A thread's function: sets the flag that it is given. */
static inline void finish(void *flag)
{
        *(volatile bool *)flag = true;
}

bool files_have_numbers(void);
bool a_pipe_knows_who_is_left(void);
bool who_writes_much_gives_way(void);
bool who_lists_processes_gives_way(void);
bool a_byte_is_read_only_where_it_may_be_put(void);
