/*
 * Registers that a program can change and that no trap saves, since the kernel does not use them: those of the
 * floating-point unit and of SSE, and the data segment selectors. Each thread of a process has its own; they are saved
 * and loaded when threads are switched.
 *
 * Programs cannot change the bases of FS and GS other than by loading a selector, which makes them 0: the instructions
 * for that are left off.
 */
#pragma once

#include <stdint.h>

struct user_state {
        _Alignas(16) uint8_t floating_point[512];       /* as fxsave lays it out */
        uint16_t ds, es, fs, gs;
};

/* What a program begins with: exceptions of floating point are masked, registers are empty, selectors are null. */
void user_state_init(struct user_state *state);

/* Keeps this processor's registers; loads them. O(1). */
void user_state_save(struct user_state *state);
void user_state_load(const struct user_state *state);
