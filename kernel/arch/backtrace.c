#include "arch/backtrace.h"
#include "lib/printf.h"
#include "lib/symbols.h"

/* What a function that keeps a frame pointer leaves at it. */
struct stack_frame {
        const struct stack_frame *caller;
        uintptr_t return_address;
};

/* `where` is what to look the name up by: for a return address the call before it, perhaps a function's last bytes. */
void backtrace_print_place(uintptr_t address, uintptr_t where)
{
        const struct symbol *symbol = symbol_find(where);
        if (symbol)
                kprintf("  %016lx  %s+0x%lx\n", address, symbol->name, address - symbol->address);
        else
                kprintf("  %016lx\n", address);
}

/* Frame pointers may be anything by now: one is followed only into memory that is there. */
static bool is_stack_frame(const struct stack_frame *frame)
{
        const uintptr_t address = (uintptr_t)frame;
        return address % sizeof address == 0 && memory_is_readable(address) &&
               memory_is_readable(address + sizeof address);
}

size_t backtrace_take(const void *from, uintptr_t *places, size_t most)
{
        const struct stack_frame *frame = from;
        size_t count = 0;
        for (; count < most && is_stack_frame(frame) && frame->return_address; frame = frame->caller)
                places[count++] = frame->return_address;
        return count;
}

void backtrace_print(const uintptr_t *places, size_t count)
{
        for (size_t i = 0; i < count; i++)
                backtrace_print_place(places[i], places[i] - 1);
}
