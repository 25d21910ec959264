/*
 * assert(expression) stops the kernel if the expression is false, and prints it. A pattern and values may follow:
 *
 *      assert(region->in_tree);
 *      assert(count <= most, "count %zu, most %zu", count, most);
 *
 * The pattern must be a string literal.
 */
#pragma once

#include "lib/environment.h"

#define assert(expression, ...)                                                                                     \
        ((expression) ? (void)0 : assertion_failed(#expression, __FILE__, __LINE__, "." __VA_OPT__(" " __VA_ARGS__)))
