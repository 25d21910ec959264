/*
 * assert(expression) stops the kernel if the expression is false, and prints it. A pattern and values may follow:
 *
 *      assert(region->in_tree);
 *      assert(count <= most, "count %zu, most %zu", count, most);
 *
 * The pattern must be a string literal.
 */
#pragma once

/* Prints what is wrong, where, and at which trace event, and does not return. Supplied by the environment. */
__attribute__((format(printf, 4, 5)))
_Noreturn void assertion_failed(const char *expression, const char *file, int line, const char *pattern, ...);

#define assert(expression, ...)                                                                                     \
        ((expression) ? (void)0 : assertion_failed(#expression, __FILE__, __LINE__, "." __VA_OPT__(" " __VA_ARGS__)))
