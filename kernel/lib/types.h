/*
 * The types that almost every header needs, from the compiler's own headers: bool; size_t and NULL; uint64_t and so on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
