/* Cases: segment and floating-point registers belong to one thread, and exec resets them. */
#include "user/cases/cases.h"
#include "user/lib/thread.h"

enum { SELECTOR = 0x1b /* data of ring 3 */ };

static uint16_t gs_register(void)
{
        uint16_t gs;

        __asm__ volatile("movw %%gs, %0" : "=m"(gs));
        return gs;
}

static void load_segments(uint16_t selector)
{
        __asm__ volatile("movw %w0, %%ds; movw %w0, %%es; movw %w0, %%fs; movw %w0, %%gs" : : "r"(selector));
}

/* A child that never touches gs must find it as it was at the fork, whatever the parent loads meanwhile. */
bool segment_registers_belong_to_one_thread(void)
{
        struct ending ending;
        uint64_t child;
        bool is_right = true;

        RIGHT(gs_register() == 0);
        RIGHT_OK(fork(&child));
        for (int i = 0; i < 100; i++) {
                if (child)
                        load_segments(SELECTOR);
                yield();
                is_right &= gs_register() == (child ? SELECTOR : 0);
        }
        if (!child)
                exit(!is_right);
        RIGHT(is_right);
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        return true;
}

static double value_in_xmm7(void)
{
        double value;

        __asm__ volatile("movsd %%xmm7, %0" : "=m"(value));
        return value;
}

/* A register, a sum, and the x87's stack, all of them in use while others run. */
static bool computes_beside_others(double own)
{
        double sum = 0;
        long double top;

        __asm__ volatile("fldt %0" : : "m"((long double){ own }));
        for (int i = 1; i <= 100; i++) {
                __asm__ volatile("movsd %0, %%xmm7" : : "m"(own));
                yield();
                if (value_in_xmm7() != own)
                        return false;
                sum += own / i;
        }
        __asm__ volatile("fstpt %0" : "=m"(top));
        for (int i = 1; i <= 100; i++)
                sum -= own / i;
        return top == own && sum < 1e-6 && sum > -1e-6;
}

static bool thread_is_right[3];

static void compute_in_thread(void *index)
{
        const size_t i = (size_t)index;

        thread_is_right[i] = computes_beside_others(1.5 + (double)i);
}

bool each_thread_has_its_floating_point_registers(void)
{
        struct thread thread[3];
        struct ending ending;
        uint64_t child;
        double kept = 0.75;

        for (size_t i = 0; i < 3; i++)
                RIGHT_OK(thread_start(compute_in_thread, (void *)i, &thread[i]));
        RIGHT(computes_beside_others(99.25));
        for (size_t i = 0; i < 3; i++) {
                RIGHT_OK(thread_join(&thread[i]));
                RIGHT(thread_is_right[i]);
        }
        __asm__ volatile("movsd %0, %%xmm7" : : "m"(kept));
        RIGHT_OK(fork(&child));
        if (!child)
                exit(value_in_xmm7() != kept || !computes_beside_others(3.5));
        RIGHT(computes_beside_others(4.5));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        return true;
}

/* The new program finds the unit as it is after a reset: what this one has changed it does not see. */
bool exec_resets_floating_point(void)
{
        static const uint32_t rounding_down = 0x3f80;

        __asm__ volatile("ldmxcsr %0; movsd %1, %%xmm7" : : "m"(rounding_down), "m"((double){ 1.25 }));
        load_segments(SELECTOR);
        RIGHT_OK(exec("cases", "is-reset"));
        return false;
}

bool floating_point_is_reset(void)
{
        uint32_t control;

        __asm__ volatile("stmxcsr %0" : "=m"(control));
        RIGHT(control == 0x1f80);
        RIGHT(gs_register() == 0);
        return true;
}
