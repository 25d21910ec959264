#include "lib/vocabulary/system_call.h"
#include "user/lib/user.h"
#include "user/lib/words.h"

static struct error call(uint64_t number, uint64_t first, uint64_t second, uint64_t third, uint64_t *value)
{
        uint64_t result = number, out = third;

        __asm__ volatile("int $0x80" : "+a"(result), "+d"(out) : "D"(first), "S"(second) : "memory");
        if (value)
                *value = out;
        return (struct error){ .code = (int16_t)result };
}

struct error any_call(uint64_t number, const uint64_t word[3], uint64_t *value)
{
        return call(number, word[0], word[1], word[2], value);
}

/* For calls that have nothing to tell. */
static void tell(enum system_call number, uint64_t word)
{
        error_ignore(call(number, word, 0, 0, NULL));
}

/* --- files ------------------------------------------------------------------------------------------------ */

struct error write(unsigned file, const void *bytes, size_t size)
{
        uint64_t taken;

        for (size_t done = 0; done < size; done += taken) {
                TRY(call(SYSTEM_WRITE, file, (uintptr_t)bytes + done, size - done, &taken));
                if (!taken)
                        return FAIL(IO);
        }
        return SUCCESS;
}

struct error read(unsigned file, void *bytes, size_t most, size_t *count)
{
        return call(SYSTEM_READ, file, (uintptr_t)bytes, most, count);
}

struct error open(const char *name, unsigned *file)
{
        uint64_t value;

        TRY(call(SYSTEM_OPEN, (uintptr_t)name, 0, 0, &value));
        *file = (unsigned)value;
        return SUCCESS;
}

struct error close(unsigned file)
{
        return call(SYSTEM_CLOSE, file, 0, 0, NULL);
}

struct error pipe(struct pipe_ends *ends)
{
        return call(SYSTEM_PIPE, (uintptr_t)ends, 0, 0, NULL);
}

struct error dup2(unsigned file, unsigned number)
{
        return call(SYSTEM_DUP2, file, number, 0, NULL);
}

/* --- memory ----------------------------------------------------------------------------------------------- */

static struct error request_mapping(const struct mapping *mapping, uint32_t file, uint64_t offset, uintptr_t *base)
{
        struct mmap_request request = {
                .size = mapping->size,
                .address = mapping->address,
                .alignment = mapping->alignment,
                .guard_before = mapping->guard_before,
                .guard_after = mapping->guard_after,
                .window_base = mapping->window.base,
                .window_end = mapping->window.end,
                .protection = mapping->protection,
                .where = mapping->where,
                .sharing = mapping->sharing,
                .file = file,
                .offset = offset,
        };

        if (mapping->name)
                format(request.name, sizeof request.name, "%s", mapping->name);
        return call(SYSTEM_MMAP, (uintptr_t)&request, 0, 0, base);
}

struct error mmap(const struct mapping *mapping, uintptr_t *base)
{
        return request_mapping(mapping, 0, 0, base);
}

struct error mmap_file(const struct mapping *mapping, unsigned file, uint64_t offset, uintptr_t *base)
{
        if (file == UINT32_MAX)
                return FAIL(NOT_FOUND);         /* 1 + file would be 0, which stands for no file at all */
        return request_mapping(mapping, 1 + file, offset, base);
}

struct error munmap(uintptr_t address, size_t size)
{
        return call(SYSTEM_MUNMAP, address, size, 0, NULL);
}

struct error mprotect(uintptr_t address, size_t size, enum protection protection)
{
        return call(SYSTEM_MPROTECT, address, size, protection, NULL);
}

struct error resize(uintptr_t base, size_t size)
{
        return call(SYSTEM_RESIZE, base, size, 0, NULL);
}

struct error madvise(uintptr_t address, size_t size, int advice)
{
        return call(SYSTEM_MADVISE, address, size, (uint64_t)advice, NULL);
}

struct error regions(uint64_t process, struct region_listing *listing, size_t most, size_t *count)
{
        return call(SYSTEM_REGIONS, process, (uintptr_t)listing, most, count);
}

struct error memory(struct memory_listing *listing)
{
        return call(SYSTEM_MEMORY, (uintptr_t)listing, 0, 0, NULL);
}

/* --- processes -------------------------------------------------------------------------------------------- */

void exit(int status)
{
        tell(SYSTEM_EXIT, (uint64_t)status);
        __builtin_unreachable();
}

struct error fork(uint64_t *child)
{
        return call(SYSTEM_FORK, 0, 0, 0, child);
}

struct error execv(const char *name, const char *const *vector)
{
        return call(SYSTEM_EXEC, (uintptr_t)name, (uintptr_t)vector, 0, NULL);
}

/* A single word is handed on as it is, however long: the kernel says whether it is too long. */
struct error exec(const char *name, const char *text)
{
        const char *vector[WORDS_MOST + 2] = { name, *text ? text : NULL };
        struct words words;

        if (strchr(text, ' ') || strchr(text, '"') || strchr(text, '\'')) {
                if (!words_read(&words, text))
                        return FAIL(BAD_ARGUMENT);
                for (size_t i = 0; i < words.count; i++)
                        vector[1 + i] = word(&words, i);
        }
        return execv(name, vector);
}

struct error wait(uint64_t child, struct ending *ending)
{
        return waitpid(child, ending, 0);
}

struct error waitpid(uint64_t child, struct ending *ending, int options)
{
        return call(SYSTEM_WAIT, child, (uintptr_t)&ending->status, (uint64_t)options, &ending->process);
}

uint64_t clock(void)
{
        uint64_t nanoseconds = 0;

        error_ignore(call(SYSTEM_CLOCK, 0, 0, 0, &nanoseconds));
        return nanoseconds;
}

struct error kill(uint64_t process)
{
        return call(SYSTEM_KILL, process, 0, 0, NULL);
}

struct error kill_group(uint64_t group, uint64_t *count)
{
        return call(SYSTEM_KILL, -group, 0, 0, count);
}

struct error setpgid(uint64_t process, uint64_t group)
{
        return call(SYSTEM_SETPGID, process, group, 0, NULL);
}

uint64_t getpid(void)
{
        uint64_t process = 0;

        error_ignore(call(SYSTEM_GETPID, 0, 0, 0, &process));
        return process;
}

struct error processes(struct process_listing *listing, size_t most, size_t *count)
{
        return call(SYSTEM_PROCESSES, (uintptr_t)listing, most, 0, count);
}

/* --- threads ---------------------------------------------------------------------------------------------- */

struct error thread_create(void (*where)(void), uintptr_t stack, void *argument, uint64_t *id)
{
        return call(SYSTEM_THREAD_CREATE, (uintptr_t)where, stack, (uintptr_t)argument, id);
}

void thread_exit(void)
{
        tell(SYSTEM_THREAD_EXIT, 0);
        __builtin_unreachable();
}

struct error join(uint64_t id)
{
        return call(SYSTEM_JOIN, id, 0, 0, NULL);
}

void yield(void)
{
        tell(SYSTEM_YIELD, 0);
}

void sleep(uint64_t milliseconds)
{
        tell(SYSTEM_SLEEP, milliseconds);
}
