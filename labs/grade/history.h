/*
 * Captured memory histories as scripts that a search has to place.
 *
 * A history (build/workloads/python3.ops) says at which address each region was on the machine on which it was
 * captured. For the score, every region goes to the lowest place that fits instead, in a space of its own, and what
 * the history says later about its addresses is said about the new ones. Regions that replace a part of another one
 * replace the same part of it there. The space is the smallest power of two that is at least the size of all regions
 * mapped.
 *
 * The places are computed by the oracle (tools/trace/script/oracle.h), so the script is right for every kernel whose
 * policy is first fit.
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>

/*
 * The script, which the caller frees, and its number of operations. BAD_INPUT if the text is no op script, NO_MEMORY.
 */
struct error history_relocate(const char *text, size_t length, char **out, unsigned *operations);
