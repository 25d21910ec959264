/*
 * Tests of the kernel by a user program, in the spirit of xv6's usertests. Each case is a function that tries one thing
 * and returns whether the kernel did right. user/usertests.c runs each in a process of its own, and then checks that
 * all memory is free again.
 *
 *      static bool sleeping_no_time_returns(void)
 *      {
 *              sleep(0);
 *              return true;
 *      }
 *
 *      const struct user_case cases_of_example[] = {
 *              { "sleep-0", sleeping_no_time_returns },
 *              { 0 },
 *      };
 *
 * A case may leave children behind if they end by themselves. The macros RIGHT, RIGHT_OK and RIGHT_ERROR are those of
 * user/lib/trial.h.
 */
#pragma once

#include "lib/vocabulary/system_call.h"
#include "mm/layout.h"
#include "user/lib/thread.h"
#include "user/lib/trial.h"

struct user_case {
        const char *name;
        bool (*is_right)(void);
};

/* Each list ends with a case without a name. */
extern const struct user_case cases_of_pointers[], cases_of_flags[], cases_of_instructions[];
extern const struct user_case cases_of_mapping[], cases_of_pages[], cases_of_stacks[];
extern const struct user_case cases_of_processes[], cases_of_time[], cases_of_exec[], cases_of_pipes[];
extern const struct user_case cases_of_threads[];

/* Cases that take long, or that need a machine with little memory: they run only when asked for by name. */
extern const struct user_case cases_of_limits[];

/* The status of a process that was killed: 128 and the number of the trap, or 137 by a call. */
enum {
        KILLED_BY_DIVISION = 128,
        KILLED_BY_SINGLE_STEP = 129,
        KILLED_BY_INVALID_INSTRUCTION = 134,
        KILLED_BY_CALL = 137,
        KILLED_BY_STACK_FAULT = 140,
        KILLED_BY_PROTECTION_FAULT = 141,
        KILLED_BY_PAGE_FAULT = 142,
};

enum { NO_CHILD = 1000 };

/* Forks; the child calls `work` and exits with its result. Returns the child's status; NO_CHILD if fork failed. */
uint64_t status_of(int (*work)(void *argument), void *argument);

/* Makes a system call with any words at all, and returns its error. */
enum error_code call_code(enum system_call number, uint64_t first, uint64_t second, uint64_t third);

/* Maps `pages` pages to read and write at an address where nothing is. */
bool map_at(uintptr_t address, size_t pages, enum sharing sharing);

/* Far from the program, its stack and what is placed at random. */
#define PLAYGROUND ((uintptr_t)0x200000000000)

/* A byte of memory; the compiler assumes nothing about it. */
static inline volatile char *at(uintptr_t address)
{
        return (volatile char *)address;
}

/* What the program does instead of cases when a case executes it: usertests again N, elf-list, flags. */
int run_again(const char *count);
int run_elf_list(void);
int report_flags(void);
