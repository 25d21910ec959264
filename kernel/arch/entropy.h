/*
 * Numbers that nobody can guess: for the places of stacks and mappings, and for stack canaries. Each comes from the
 * processor's own source (RDRAND), so that who is given one learns nothing about another. A processor without it leaves
 * the clock to go by, and then whoever has one number can compute the rest.
 * Under seed=N on the command line they all follow from N, and a run can be repeated.
 */
#pragma once

#include <stdint.h>

/* Before the first number is drawn: from a seed, or, if that is NULL, from the processor. */
void entropy_init(const uint64_t *seed);

/* A fresh one. Any processor may ask at any time. */
uint64_t entropy_draw(void);
