#include "task/user_trap.h"
#include "arch/cpu.h"
#include "lib/printf.h"
#include "task/process.h"
#include "task/safe_point.h"
#include "task/scheduler.h"
#include "trace/choice.h"

enum { TEXT_SIZE = 160 };

/* Says where an address is: "in "heap", 0x10000-0x20000 rw-". */
static void describe_place(const struct page_fault *fault, char text[TEXT_SIZE])
{
        const struct region_seen *region = &fault->region;
        const struct vrange range = region->range;
        if (vrange_is_empty(range)) {
                format(text, TEXT_SIZE, "the space is empty");
                return;
        }
        const char *where = vrange_contains(range, fault->address) ? "in" :
                            fault->verdict != FAULT_GUARD ? "the nearest is" :
                            fault->address < range.base ? "below" : "above";
        format(text, TEXT_SIZE, "%s \"%s\", 0x%lx-0x%lx %c%c%c", where, region->name, range.base, range.end,
               region->protection & PROTECT_READ ? 'r' : '-', region->protection & PROTECT_WRITE ? 'w' : '-',
               region->protection & PROTECT_EXECUTE ? 'x' : '-');
}

static const char *reason(const struct page_fault *fault)
{
        static const char *const meanings[] = { FAULT_VERDICTS(WORD_MEANING) };
        if (fault->verdict == FAULT_NOT_ALLOWED && fault->access == ACCESS_EXECUTE &&
            fault->region.protection & PROTECT_WRITE)
                return "what may be written is never executed";
        if (page_fault_is_resolved(fault))
                return "the processor made the access as the kernel, which may not use pages of programs";
        return meanings[fault->verdict];
}

/* `doing` says how it came to that: by a system call, or nothing. */
static _Noreturn void kill_for_fault(const struct trap_frame *frame, const struct page_fault *fault, const char *doing)
{
        char place[TEXT_SIZE];
        describe_place(fault, place);
        kprintf("%s: killed at 0x%lx: %stried to %s 0x%lx: %s (%s)\n", process_current()->name, frame->rip, doing,
                access_word(fault->access), fault->address, reason(fault), place);
        process_current()->fault = *fault;
        process_exit(PROCESS_KILLED + TRAP_PAGE_FAULT);
}

static _Noreturn void kill_for_trap(const struct trap_frame *frame)
{
        kprintf("%s: killed at 0x%lx: %s\n", process_current()->name, frame->rip, trap_name(frame->vector));
        process_exit(PROCESS_KILLED + frame->vector);
}

/* If no frame is free for this process, another one is ended, and its frames are used. No lock is held here. */
static bool resolve(uintptr_t address, enum access access)
{
        struct thread *me = thread_current();

        do {
                while (!process_may_take_memory() && process_end_largest())
                        continue;
                me->fault = page_fault_resolve(me->process->space, address, access);
        } while (me->fault.verdict == FAULT_NO_MEMORY && !thread_is_killed() && process_end_largest());
        return page_fault_is_resolved(&me->fault);
}

bool user_fault_in_kernel(uintptr_t address, enum access access)
{
        return process_current() && resolve(address, access);
}

/*
 * A fault without the user bit is of an access that the processor made with the rights of the kernel, as QEMU 7.2 does
 * for iretq in ring 3. No page of a program allows that: it would fault for ever.
 */
void user_trap(struct trap_frame *frame)
{
        if (frame->vector != TRAP_PAGE_FAULT)
                kill_for_trap(frame);
        const bool is_resolved = resolve(cpu_fault_address(), trap_access(frame->error));

        if (thread_is_killed())
                return;                         /* meanwhile: user_trap_return() ends it */
        if (!is_resolved || !(frame->error & FAULT_USER))
                kill_for_fault(frame, &thread_current()->fault, "");
}

/* A program that gives the kernel a bad pointer has done what it would be killed for if it had followed it itself. */
void user_system_call(struct trap_frame *frame)
{
        struct page_fault *fault = &thread_current()->fault;
        fault->verdict = FAULT_FILLED;
        uint64_t value = 0;
        const struct error error = system_call(frame->rax, (uint64_t[]){ frame->rdi, frame->rsi, frame->rdx }, &value);
        if (!page_fault_is_resolved(fault))
                kill_for_fault(frame, fault, "by a system call it ");
        frame->rax = (uint64_t)error.code;
        frame->rdx = value;
}

void user_trap_return(void)
{
        safe_point(KEYFRAME_IF_REQUESTED);
        if (choice_is_yes())
                thread_yield();
        if (thread_is_killed())
                process_thread_exit();
}
