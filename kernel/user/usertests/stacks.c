/*
 * Stacks: they grow to wherever they are touched, down to their limit, and never into anything else.
 */
#include "user/usertests/usertests.h"

enum { STACK_LIMIT = 8 << 20 };

/* The top of the stack that this function runs on, to a page, as the kernel lists it; and its base. */
static bool find_stack(struct vrange *stack)
{
        static struct region_listing listing[64];
        const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
        size_t count;

        RIGHT_OK(regions(0, listing, 64, &count));
        for (size_t i = 0; i < count && i < 64; i++) {
                if (here >= listing[i].base && here < listing[i].end) {
                        *stack = (struct vrange){ listing[i].base, listing[i].end };
                        return true;
                }
        }
        return false;
}

static int touch(void *address)
{
        *at((uintptr_t)address) = 1;
        return 0;
}

/* The frame's address leaves the function, so that no compiler makes a loop of this. */
static int recurse(void *levels)
{
        char frame[PAGE_SIZE / 2];
        int result = 0;

        __asm__ volatile("" : : "r"(frame) : "memory");
        frame[0] = 1;
        if (levels)
                result = recurse((void *)((uintptr_t)levels - 1));
        __asm__ volatile("" : : "r"(frame) : "memory");
        return result + frame[0] - 1;
}

static bool a_stack_grows_to_its_limit_and_no_further(void)
{
        struct vrange stack;

        RIGHT(find_stack(&stack));
        RIGHT(status_of(touch, (void *)(stack.end - STACK_LIMIT)) == 0);
        RIGHT(status_of(touch, (void *)(stack.end - STACK_LIMIT / 2)) == 0);
        RIGHT(status_of(touch, (void *)(stack.end - STACK_LIMIT - 2 * PAGE_SIZE)) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(touch, (void *)stack.end) == KILLED_BY_PAGE_FAULT);
        return true;
}

static bool deep_calls_are_fine_and_endless_ones_are_not(void)
{
        RIGHT(status_of(recurse, (void *)500UL) == 0);
        RIGHT(status_of(recurse, (void *)100000UL) == KILLED_BY_PAGE_FAULT);
        return true;
}

/* The region in its way is neither overwritten nor moved. */
static bool a_stack_does_not_grow_into_another_region(void)
{
        struct vrange stack;
        uint64_t child;
        struct ending ending;
        uintptr_t below;

        RIGHT(find_stack(&stack));
        below = stack.base - 64 * PAGE_SIZE;
        RIGHT(map_at(below, 1, MAP_SHARED));
        *at(below) = 'x';
        RIGHT(status_of(touch, (void *)(below - PAGE_SIZE)) == KILLED_BY_PAGE_FAULT);
        RIGHT_OK(fork(&child));
        if (!child)
                exit(recurse((void *)1000UL));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == KILLED_BY_PAGE_FAULT);
        for (size_t i = 1; i < PAGE_SIZE; i++)
                RIGHT(*at(below + i) == 0);
        RIGHT(*at(below) == 'x');
        return true;
}

/* The kernel writes where the stack has not grown to yet. */
static bool a_call_makes_the_stack_grow_too(void)
{
        struct vrange stack;
        struct memory_listing *listing;

        RIGHT(find_stack(&stack));
        listing = (struct memory_listing *)(stack.base - 100 * PAGE_SIZE);
        RIGHT_OK(memory(listing));
        RIGHT(listing->total > 0);
        return true;
}

[[gnu::noinline]] static int touch_large_frame(size_t place)
{
        volatile char large[300000];

        large[place] = 7;
        return large[place];
}

static bool large_frames_are_touched_in_any_order(void)
{
        RIGHT(touch_large_frame(0) == 7);
        RIGHT(touch_large_frame(150000) == 7);
        RIGHT(touch_large_frame(299999) == 7);
        return true;
}

/* A child's stack grows by itself, and the parent's is as it was. */
static bool a_child_has_a_stack_of_its_own(void)
{
        struct vrange before, after;

        RIGHT(find_stack(&before));
        RIGHT(status_of(recurse, (void *)400UL) == 0);
        RIGHT(find_stack(&after));
        RIGHT(before.base == after.base && before.end == after.end);
        return true;
}

static void overflow(void *unused)
{
        (void)unused;
        recurse((void *)1000UL);
}

static int overflow_in_a_thread(void *unused)
{
        struct thread thread;

        (void)unused;
        if (thread_start(overflow, NULL, &thread).code)
                return 1;
        return thread_join(&thread).code;
}

/* A thread's stack is ordinary memory: it does not grow, and a guard lies below. */
static bool a_thread_s_stack_ends_at_its_guard(void)
{
        RIGHT(status_of(overflow_in_a_thread, NULL) == KILLED_BY_PAGE_FAULT);
        return true;
}

const struct user_case cases_of_stacks[] = {
        { "stack-limit", a_stack_grows_to_its_limit_and_no_further },
        { "stack-deep", deep_calls_are_fine_and_endless_ones_are_not },
        { "stack-neighbour", a_stack_does_not_grow_into_another_region },
        { "stack-call", a_call_makes_the_stack_grow_too },
        { "stack-frames", large_frames_are_touched_in_any_order },
        { "stack-child", a_child_has_a_stack_of_its_own },
        { "stack-thread", a_thread_s_stack_ends_at_its_guard },
        { 0 },
};
