/*
 * One error pattern, in the kernel, in user programs and in the host tools.
 *
 * A function that can fail returns a struct error, which the compiler does not let a caller ignore; what it
 * yields comes back through its last parameter. When an error returns, nothing has changed.
 *
 *      struct error map_initrd(struct vrange physical, struct region **out)
 *      {
 *              if (!vrange_is_page_aligned(physical))
 *                      return FAIL(BAD_ARGUMENT);      raises an error here: file and line are kept
 *              struct region *region;
 *              TRY(region_create("initrd", PROTECT_READ, &region));    passes an error on
 *              *out = region;
 *              return SUCCESS;
 *      }
 *
 * FAIL calls error_raised() (lib/environment.h): the kernel traces it, a host tool may ignore it.
 */
#pragma once

#include "lib/environment.h"

/* Every code, its printed name, and what it means to the reader of a message. Codes never change their number. */
#define ERROR_CODES(X)                                                                                              \
        X(OK, ok, "success")                                                                                        \
        X(BAD_ARGUMENT, bad_argument, "an argument is outside what the call accepts")                               \
        X(NO_MEMORY, no_memory, "no hole is large enough, or no frame is free")                                     \
        X(NOT_FOUND, not_found, "nothing is there")                                                                 \
        X(OVERLAP, overlap, "something else is already there")                                                      \
        X(OUT_OF_RANGE, out_of_range, "outside the range this object may use")                                      \
        X(BAD_INPUT, bad_input, "the input is damaged or not understood")                                           \
        X(IO, io, "reading or writing failed")                                                                      \
        X(TIMED_OUT, timed_out, "the deadline passed")                                                              \
        X(CLOSED, closed, "the other end has no user any more")                                                     \
        X(INTERRUPTED, interrupted, "the waiting thread was killed")

#define ERROR_CODE_(symbol, name, meaning) ERROR_##symbol,
enum error_code { ERROR_CODES(ERROR_CODE_) };

#define MUST_CHECK [[nodiscard]]

/* `file` is an offset into the file-name section, which is sent once at the start of every trace. */
struct MUST_CHECK error {
        int16_t code;
        uint16_t line;
        uint32_t file;
};

#define SUCCESS ((struct error){ 0 })

/* The file-name section: one string for each source file that raises errors. */
extern const char __start_file_names[], __stop_file_names[];
[[maybe_unused]] static const char error_this_file[] __attribute__((section("file_names"), aligned(1))) = __BASE_FILE__;

#define FAIL(symbol)                                                                                                \
        ({                                                                                                          \
                struct error fail_error_ = { ERROR_##symbol, __LINE__, error_this_file - __start_file_names };      \
                error_raised(fail_error_);                                                                          \
                fail_error_;                                                                                        \
        })

/* Passes an error on; TRY_OR first undoes what would otherwise stay: TRY_OR(fill(thing), kfree(thing)). */
#define TRY(expression) TRY_OR(expression, (void)0)
#define TRY_OR(expression, undo)                                                                                    \
        do {                                                                                                        \
                struct error try_error_ = (expression);                                                             \
                if (try_error_.code) {                                                                              \
                        undo;                                                                                       \
                        return try_error_;                                                                          \
                }                                                                                                   \
        } while (0)

/* For the rare caller that does the same whether the call failed or not. */
static inline void error_ignore(struct error error)
{
        (void)error;
}

static inline bool error_is(struct error error, enum error_code code)
{
        return error.code == (int16_t)code;
}

/* "no_memory", and "no hole is large enough, or no frame is free". A number that is no code is "unknown". */
const char *error_name(enum error_code code);
const char *error_meaning(enum error_code code);
