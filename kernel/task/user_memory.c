#include "task/user_memory.h"
#include "arch/user_entry.h"
#include "lib/string.h"
#include "mm/layout.h"
#include "task/process.h"
#include "task/scheduler.h"

/*
 * A fault in user_copy() is recorded where it is handled; for an address that no program may use it is recorded here.
 */
static struct error check(uintptr_t address, size_t size, enum access access)
{
        struct vrange range;
        if (!size)
                return SUCCESS;                 /* no byte moves, so no address matters */
        if (vrange_make(&range, address, size) && range.end <= USER_END)
                return SUCCESS;
        thread_current()->fault = page_fault_resolve(process_current()->space, address < USER_END ? USER_END : address,
                                                     access);
        return FAIL(BAD_ARGUMENT);
}

struct error user_memory_read(void *to, uintptr_t from, size_t size)
{
        TRY(check(from, size, ACCESS_READ));
        return user_copy(to, (const void *)from, size) ? FAIL(BAD_ARGUMENT) : SUCCESS;
}

struct error user_memory_write(uintptr_t to, const void *from, size_t size)
{
        TRY(check(to, size, ACCESS_WRITE));
        return user_copy((void *)to, from, size) ? FAIL(BAD_ARGUMENT) : SUCCESS;
}

/* A page at a time: a text may end just before one that is not there. */
struct error user_memory_read_text(char *to, uintptr_t from, size_t room)
{
        for (size_t done = 0, part; done < room; done += part) {
                part = PAGE_SIZE - (from + done) % PAGE_SIZE;
                part = part < room - done ? part : room - done;
                TRY(user_memory_read(to + done, from + done, part));
                if (strnlen(to + done, part) < part)
                        return SUCCESS;
        }
        return FAIL(BAD_ARGUMENT);
}
