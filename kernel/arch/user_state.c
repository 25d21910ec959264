#include "arch/user_state.h"

/* Of the layout of fxsave: where its two control words are, and what they are after a reset of the unit. */
enum { CONTROL_WORD = 0, CONTROL_WORD_MASKED = 0x037f };
enum { MXCSR = 24, MXCSR_MASKED = 0x1f80 };

void user_state_init(struct user_state *state)
{
        *state = (struct user_state){ 0 };
        *(uint16_t *)(state->floating_point + CONTROL_WORD) = CONTROL_WORD_MASKED;
        *(uint32_t *)(state->floating_point + MXCSR) = MXCSR_MASKED;
}

void user_state_save(struct user_state *state)
{
        __asm__ volatile("fxsave64 %0" : "=m"(state->floating_point));
        __asm__ volatile("movw %%ds, %0" : "=m"(state->ds));
        __asm__ volatile("movw %%es, %0" : "=m"(state->es));
        __asm__ volatile("movw %%fs, %0" : "=m"(state->fs));
        __asm__ volatile("movw %%gs, %0" : "=m"(state->gs));
}

/* Ring 3 could load each selector, so ring 0 can load it again: the descriptor tables never change. */
void user_state_load(const struct user_state *state)
{
        __asm__ volatile("fxrstor64 %0" : : "m"(state->floating_point));
        __asm__ volatile("movw %0, %%ds" : : "m"(state->ds));
        __asm__ volatile("movw %0, %%es" : : "m"(state->es));
        __asm__ volatile("movw %0, %%fs" : : "m"(state->fs));
        __asm__ volatile("movw %0, %%gs" : : "m"(state->gs));
}
