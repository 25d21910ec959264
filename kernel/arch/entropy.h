/*
 * Numbers that nobody can guess: for the places of stacks and mappings, and for stack canaries. They come from the
 * processor's own source (RDRAND) where it has one, else from its clock, which is a poor one.
 * Under seed=N on the command line they all follow from N instead, and a run can be repeated.
 */
#pragma once

#include <stdint.h>

/* Before the first number is drawn: from a seed, or, if that is NULL, from the processor. */
void entropy_init(const uint64_t *seed);

/* A fresh one. Any processor may ask at any time. */
uint64_t entropy_draw(void);
