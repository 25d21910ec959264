#include "arch/cpu.h"
#include "arch/this_cpu.h"
#include "arch/user_entry.h"
#include "boot/smp.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/memory_manager.h"
#include "mm/page_table.h"
#include "mm/tlb.h"
#include "mm/user_pages.h"
#include "sync/spinlock.h"
#include "test/test.h"

/*
 * These run on any number of processors. That of the case is one of them; the others are idle, and called in
 * interrupts.
 */

static const enum protection read_write = PROTECT_READ | PROTECT_WRITE;

static void call_others(void (*function)(void *), void *argument)
{
        for (unsigned cpu = 0; cpu < cpu_count; cpu++) {
                if (cpu != this_cpu_index())
                        smp_call(cpu, function, argument);
        }
}

static void wait_for_others(void)
{
        for (unsigned cpu = 0; cpu < cpu_count; cpu++) {
                while (cpu != this_cpu_index() && __atomic_load_n(&cpus[cpu].call, __ATOMIC_ACQUIRE)) {
                        tlb_serve();
                        cpu_relax();
                }
        }
}

/* --- calls ------------------------------------------------------------------------------------------------ */

static void note_index(void *noted)
{
        ((unsigned *)noted)[this_cpu_index()] = this_cpu_index() + 1;
}

TEST(each_processor_answers_under_its_own_index)
{
        unsigned noted[CPUS_MOST] = { 0 };

        call_others(note_index, noted);
        note_index(noted);
        wait_for_others();
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                CHECK(noted[cpu] == (cpu < cpu_count ? cpu + 1 : 0));
}

static void note_stack(void *noted)
{
        unsigned here;

        ((uintptr_t *)noted)[this_cpu_index()] = (uintptr_t)&here;
}

TEST(each_processor_has_a_stack_between_guards)
{
        uintptr_t noted[CPUS_MOST] = { 0 };

        call_others(note_stack, noted);
        note_stack(noted);
        wait_for_others();
        for (unsigned cpu = 0; cpu < cpu_count; cpu++) {
                const struct region *stack = memory_manager_occupant(noted[cpu]);

                CHECK(stack && stack->guard_before && stack->guard_after);
                for (unsigned other = 0; other < cpu; other++)
                        CHECK(memory_manager_occupant(noted[other]) != stack);
        }
}

/* --- locks ------------------------------------------------------------------------------------------------ */

enum { TURNS_EACH = 100 };

struct counter {
        struct spinlock lock;
        uint64_t value;
};

/* Slowly, so that without the lock others would come between. */
static void count_up(void *argument)
{
        struct counter *counter = argument;

        for (int i = 0; i < TURNS_EACH; i++) {
                uint64_t value;

                spinlock_acquire(&counter->lock);
                value = *(volatile uint64_t *)&counter->value;
                cpu_relax();
                *(volatile uint64_t *)&counter->value = value + 1;
                spinlock_release(&counter->lock);
        }
}

TEST(a_spinlock_lets_one_processor_at_a_time_count)
{
        struct counter counter = { .lock = SPINLOCK(LOCK_TEST) };

        call_others(count_up, &counter);
        count_up(&counter);
        wait_for_others();
        CHECK(counter.value == TURNS_EACH * cpu_count);
        CHECK(counter.lock.turn == TURNS_EACH * cpu_count);
}

struct waiting {
        struct spinlock lock;
        unsigned have_come;
};

static void take_and_give_back(void *argument)
{
        struct waiting *waiting = argument;

        __atomic_fetch_add(&waiting->have_come, 1, __ATOMIC_RELAXED);
        spinlock_acquire(&waiting->lock);
        spinlock_release(&waiting->lock);
}

TEST(a_processor_that_waits_for_a_lock_forgets_when_told)
{
        struct waiting waiting = { .lock = SPINLOCK(LOCK_TEST) };
        unsigned told;

        spinlock_acquire(&waiting.lock);
        call_others(take_and_give_back, &waiting);
        while (__atomic_load_n(&waiting.have_come, __ATOMIC_RELAXED) < cpu_count - 1)
                cpu_relax();
        told = tlb_flush(&kernel_page_table, (struct vrange){ KERNEL_MEMORY_BASE, KERNEL_MEMORY_BASE + PAGE_SIZE });
        spinlock_release(&waiting.lock);
        wait_for_others();
        CHECK(told == cpu_count - 1);
}

/* --- translations ----------------------------------------------------------------------------------------- */

enum { PAGES_MANY = 40 };                       /* more than are forgotten one by one */

struct look {
        struct vrange range;
        uint64_t value;                         /* expected in each page's first word */
        unsigned wrong;
};

static void look(void *argument)
{
        struct look *look = argument;

        for (uintptr_t page = look->range.base; page < look->range.end; page += PAGE_SIZE) {
                if (*(volatile uint64_t *)page != look->value)
                        __atomic_fetch_add(&look->wrong, 1, __ATOMIC_RELAXED);
        }
}

static void look_everywhere(struct look *wanted)
{
        call_others(look, wanted);
        look(wanted);
        wait_for_others();
}

/* One frame behind all pages of the range, with the value in its first word. */
static struct error show(struct vrange range, uintptr_t frame, uint64_t value)
{
        *(uint64_t *)direct_map(frame) = value;
        for (uintptr_t page = range.base; page < range.end; page += PAGE_SIZE)
                TRY(page_table_map(&kernel_page_table, page, frame, read_write));
        return SUCCESS;
}

/* Unmaps pages of the test's own frames, without a shootdown. Tables that become empty are freed. */
static void take_out(struct page_table *table, struct vrange range, const uintptr_t own[2])
{
        while (!vrange_is_empty(range)) {
                struct page_batch batch = { 0 };

                range.base = page_table_unmap(table, range, &batch);
                for (unsigned i = 0; i < batch.count; i++)
                        if (batch.frame[i] != own[0] && batch.frame[i] != own[1])
                                frame_free(batch.frame[i]);
        }
}

/* All processors see the first frame, then the second one. */
static void exchange(size_t pages, const uintptr_t frame[2])
{
        struct region *region;
        struct look wanted;

        CHECK_OK(region_create("shown", PROTECT_NONE, &region));
        CHECK_OK(memory_manager_reserve(region, pages * PAGE_SIZE));
        wanted = (struct look){ .range = region_range(region), .value = 1 };
        CHECK_OK(show(wanted.range, frame[0], 1));
        look_everywhere(&wanted);
        CHECK(!wanted.wrong);

        take_out(&kernel_page_table, wanted.range, frame);
        CHECK_OK(show(wanted.range, frame[1], wanted.value = 2));
        CHECK(tlb_flush(&kernel_page_table, wanted.range) == cpu_count - 1);
        look_everywhere(&wanted);
        CHECK(!wanted.wrong);
        take_out(&kernel_page_table, wanted.range, frame);
        tlb_flush(&kernel_page_table, wanted.range);
        memory_manager_free(region);
}

TEST(all_processors_forget_a_page_of_the_kernel)
{
        uintptr_t frame[2];

        CHECK_OK(frame_allocate(PURPOSE_TEST, &frame[0]));
        CHECK_OK(frame_allocate(PURPOSE_TEST, &frame[1]));
        exchange(1, frame);
        exchange(PAGES_MANY, frame);
        frame_free(frame[0]);
        frame_free(frame[1]);
}

static void switch_to(void *root)
{
        tlb_switch((uintptr_t)root);
}

struct copy {
        uintptr_t page;
        uint64_t value;
        size_t missing;                         /* bytes that could not be read */
};

static void copy(void *argument)
{
        struct copy *copy = argument;

        copy->missing = user_copy(&copy->value, (const void *)copy->page, sizeof copy->value);
}

TEST(processors_that_use_a_table_forget_its_pages_and_no_other_is_told)
{
        const struct vrange page = { USER_BASE, USER_BASE + PAGE_SIZE };
        struct copy wanted = { .page = page.base };
        struct page_table table = { 0 };
        uintptr_t frame;

        CHECK_OK(user_pages_create(&table));
        CHECK_OK(frame_allocate(PURPOSE_TEST, &frame));
        CHECK_OK(page_table_map(&table, page.base, frame, PROTECT_READ));
        *(uint64_t *)direct_map(frame) = 7;
        CHECK(tlb_flush(&table, page) == 0);
        if (cpu_count > 1) {
                const unsigned other = this_cpu_index() == 1 ? 0 : 1;

                smp_call(other, switch_to, (void *)table.root);
                smp_call(other, copy, &wanted);
                wait_for_others();
                CHECK(wanted.value == 7 && !wanted.missing);
                take_out(&table, page, (uintptr_t[]){ frame, frame });
                CHECK(tlb_flush(&table, page) == 1);
                smp_call(other, copy, &wanted);
                smp_call(other, switch_to, (void *)kernel_page_table.root);
                wait_for_others();
                CHECK(wanted.missing == sizeof wanted.value);
                CHECK(tlb_flush(&table, page) == 0);
        }
        take_out(&table, page, (uintptr_t[]){ frame, frame });
        frame_free(table.root);
        frame_free(frame);
}
