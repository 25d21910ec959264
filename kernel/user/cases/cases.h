/* The cases of the program `cases` that have a file of their own (user/cases.c says what cases are). */
#pragma once

#include "lib/vocabulary/system_call.h"
#include "user/lib/trial.h"

/* The status of a process that kill() has ended. */
enum { KILLED_BY_CALL = 137 };

/* Maps private pages and writes to each. False if there is no memory for them. */
bool map_and_touch(size_t pages);

/* --- registers.c ------------------------------------------------------------------------------------------- */

bool segment_registers_belong_to_one_thread(void);
bool each_thread_has_its_floating_point_registers(void);
bool exec_resets_floating_point(void);
bool floating_point_is_reset(void);

/* --- groups.c ---------------------------------------------------------------------------------------------- */

bool a_group_that_grows_is_ended_as_a_whole(void);
bool two_groups_that_grow_are_ended_at_once(void);
bool groups_that_take_all_memory_are_ended(void);
bool a_group_has_rules(void);
