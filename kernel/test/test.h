/*
 * Test cases inside the kernel. A case is a function whose name is the sentence it shows to be true:
 *
 *      TEST(frames_are_zeroed)
 *      {
 *              uintptr_t frame;
 *
 *              CHECK_OK(frame_allocate(PURPOSE_TEST, &frame));
 *              CHECK(*(uint64_t *)direct_map(frame) == 0);
 *              frame_free(frame);
 *      }
 *
 * A check that fails ends its case. A case gives back all it takes: one that keeps frames or blocks of
 * kmalloc's has failed.
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/verdict.h"
#include "test/fault_injection.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"

#include <stdint.h>

struct test_case {
        const char *name;
        void (*run)(void);
};

#define TEST(sentence)                                                                                              \
        static void sentence(void);                                                                                 \
        static const struct test_case sentence##_case = { #sentence, sentence };                                    \
        __attribute__((section("test_cases"), used))                                                                \
        static const struct test_case *const sentence##_entry = &sentence##_case;                                   \
        static void sentence(void)

#define CHECK(expression)                                                                                           \
        do {                                                                                                        \
                if (!(expression)) {                                                                                \
                        test_failed(__FILE__, __LINE__, #expression, "is false");                                   \
                        return;                                                                                     \
                }                                                                                                   \
        } while (0)

#define CHECK_OK(expression) CHECK_ERROR(expression, OK)
#define CHECK_ERROR(expression, symbol)                                                                             \
        do {                                                                                                        \
                enum error_code check_code_ = (enum error_code)(expression).code;                                   \
                if (check_code_ != ERROR_##symbol) {                                                                \
                        test_failed(__FILE__, __LINE__, #expression, error_name(check_code_));                      \
                        return;                                                                                     \
                }                                                                                                   \
        } while (0)

/* The next `n` requests for frames, or for blocks of kmalloc's, may succeed, all after them fail, until FAIL_NEVER. */
#define FAIL_NEVER INJECT_NEVER
static inline void frames_fail_after(size_t n)
{
        fault_injection_set(INJECT_INTO_FRAMES, n);
}

static inline void kmalloc_fail_after(size_t n)
{
        fault_injection_set(INJECT_INTO_BLOCKS, n);
}

/* How many frames are free when kmalloc keeps no spare pages: what a case compares. */
static inline size_t free_frames(void)
{
        kmalloc_trim();
        return frames_free_count();
}

/* Notes that the case that is running has failed, and prints where and what. */
void test_failed(const char *file, int line, const char *expression, const char *what);

/*
 * Runs the cases whose names contain `word`, all of them if it is empty. Reports as KTAP on the console, and in the
 * trace. FAILED if one fails, or if there is none.
 */
enum verdict test_run_all(const char *word);

/*
 * Panics on purpose, in one of several ways. FAILED if there is no such way: then the console says which there are.
 */
enum verdict test_panic(const char *way);

/* Breaks the trace line's virtio device in a way, then emits. PASSED if the trace has gone on by the UART. */
enum verdict test_line(const char *way);

/* Does work by which the trace is measured, and prints what it took. FAILED if there is no such work, or no memory. */
enum verdict measure_trace(const char *way);
