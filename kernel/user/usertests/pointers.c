/*
 * Bad pointers, to every call that takes one. The kernel must kill the program as for a bad access of its own: with the
 * status of a page fault.
 */
#include "user/usertests/usertests.h"

/* Four pages, full of 'x': one to read and write, one to read, one without access, and one that is not mapped. */
enum { PAGE_WRITABLE, PAGE_READABLE, PAGE_FORBIDDEN, PAGE_UNMAPPED };

static uintptr_t playground_page(size_t number)
{
        return PLAYGROUND + number * PAGE_SIZE;
}

static bool map_playground(void)
{
        RIGHT(map_at(PLAYGROUND, PAGE_UNMAPPED, MAP_PRIVATE));
        memset((void *)PLAYGROUND, 'x', PAGE_UNMAPPED * PAGE_SIZE);
        RIGHT_OK(mprotect(playground_page(PAGE_READABLE), PAGE_SIZE, PROTECT_READ));
        RIGHT_OK(mprotect(playground_page(PAGE_FORBIDDEN), PAGE_SIZE, PROTECT_NONE));
        RIGHT(map_at(USER_END - PAGE_SIZE, 1, MAP_PRIVATE));
        memset((void *)(USER_END - PAGE_SIZE), 'x', PAGE_SIZE);
        return true;
}

/* A call, and which of its words is the pointer. */
struct pointer_call {
        enum system_call number;
        unsigned which;
        uint64_t word[3];
        bool writes;                    /* the kernel is to write there */
        void (*prepare)(struct pointer_call *call);
};

static int make_call(void *argument)
{
        struct pointer_call *call = argument;

        if (call->prepare)
                call->prepare(call);
        return call_code(call->number, call->word[0], call->word[1], call->word[2]);
}

static bool kills(struct pointer_call call, uintptr_t address)
{
        uint64_t status;

        call.word[call.which] = address;
        status = status_of(make_call, &call);
        if (status == KILLED_BY_PAGE_FAULT)
                return true;
        printf("usertests: the pointer 0x%lx: status %lu\n", address, status);
        return false;
}

/* All of these calls read or write at least 8 bytes there, so that the one before an edge goes across. */
static bool each_bad_pointer_kills(struct pointer_call call)
{
        const uintptr_t bad[] = {
                0, 8, USER_BASE - 4,
                playground_page(PAGE_FORBIDDEN), playground_page(PAGE_FORBIDDEN) - 4, playground_page(PAGE_UNMAPPED),
                USER_END - 4, USER_END, USER_END + PAGE_SIZE - 4, (uintptr_t)1 << 47,
                (uintptr_t)1 << 63, DIRECT_MAP_BASE - 4, DIRECT_MAP_BASE, KERNEL_MEMORY_BASE, 0xffffffff80200000,
                -(uintptr_t)4, -(uintptr_t)1,
        };

        RIGHT(map_playground());
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
                RIGHT(kills(call, bad[i]));
        if (call.writes) {
                RIGHT(kills(call, playground_page(PAGE_READABLE)));
                RIGHT(kills(call, playground_page(PAGE_READABLE) - 4));
        }
        return true;
}

static void open_a_file(struct pointer_call *call)
{
        unsigned file;

        if (open("index", &file).code)
                exit(1);
        call->word[0] = file;
}

static void end_a_child(struct pointer_call *call)
{
        uint64_t child;

        if (fork(&child).code)
                exit(1);
        if (!child)
                exit(0);
        call->word[0] = child;
}

static bool write_from_bad_pointers(void)
{
        return each_bad_pointer_kills((struct pointer_call){ SYSTEM_WRITE, 1, .word = { FILE_OUTPUT, 0, 8 } });
}

static bool read_to_bad_pointers(void)
{
        return each_bad_pointer_kills((struct pointer_call){ SYSTEM_READ, 1, .word = { 0, 0, 64 }, .writes = true,
                                                                 .prepare = open_a_file });
}

static bool mmap_of_bad_pointers(void)
{
        return each_bad_pointer_kills((struct pointer_call){ SYSTEM_MMAP, .which = 0 });
}

static bool regions_to_bad_pointers(void)
{
        return each_bad_pointer_kills((struct pointer_call){ SYSTEM_REGIONS, 1, .word = { 0, 0, 1 }, .writes = true });
}

static bool processes_to_bad_pointers(void)
{
        return each_bad_pointer_kills((struct pointer_call){ SYSTEM_PROCESSES, 0, .word = { 0, 1 }, .writes = true });
}

static bool memory_to_bad_pointers(void)
{
        return each_bad_pointer_kills((struct pointer_call){ SYSTEM_MEMORY, 0, .writes = true });
}

static bool pipe_to_bad_pointers(void)
{
        return each_bad_pointer_kills((struct pointer_call){ SYSTEM_PIPE, 0, .writes = true });
}

/* 0 stands for "nowhere" here, and is the only one that is right. */
static int wait_for_status_nowhere(void *unused)
{
        struct pointer_call call = { .number = SYSTEM_WAIT };

        (void)unused;
        end_a_child(&call);
        return call_code(SYSTEM_WAIT, call.word[0], 0, 0);
}

static bool wait_to_bad_pointers(void)
{
        const struct pointer_call call = { SYSTEM_WAIT, 1, .writes = true, .prepare = end_a_child };
        const uintptr_t bad[] = { 8, playground_page(PAGE_FORBIDDEN) - 4, playground_page(PAGE_READABLE), USER_END - 4,
                                  USER_END, 0xffffffff80200000, -(uintptr_t)4 };

        RIGHT(map_playground());
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
                RIGHT(kills(call, bad[i]));
        RIGHT(status_of(wait_for_status_nowhere, NULL) == 0);
        return true;
}

static bool open_of_bad_names(void)
{
        return each_bad_pointer_kills((struct pointer_call){ SYSTEM_OPEN, .which = 0 });
}

static bool exec_of_bad_names(void)
{
        static const char *const vector[] = { "echo", NULL };

        return each_bad_pointer_kills((struct pointer_call){ SYSTEM_EXEC, 0, .word = { 0, (uintptr_t)vector } });
}

/* The bytes there, all 'x', are no pointer either. */
static bool exec_of_bad_vectors(void)
{
        return each_bad_pointer_kills((struct pointer_call){ SYSTEM_EXEC, 1, .word = { (uintptr_t)"echo" } });
}

static bool exec_of_bad_words_in_a_good_vector(void)
{
        const uintptr_t bad[] = { 8, USER_END - 4, USER_END, 0xffffffff80200000, -(uintptr_t)1 };

        RIGHT(map_playground());
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
                const uintptr_t vector[] = { (uintptr_t)"echo", bad[i], 0 };

                RIGHT(kills((struct pointer_call){ SYSTEM_EXEC, 1, .word = { (uintptr_t)"echo" } }, (uintptr_t)vector));
        }
        return true;
}

/* What ends with the last byte that a program may have is right. */
static bool the_last_bytes_of_user_space_may_be_used(void)
{
        static const char name[] = "index";
        char *end = (char *)USER_END;
        unsigned file;
        size_t count;

        RIGHT(map_at(USER_END - PAGE_SIZE, 1, MAP_PRIVATE));
        memcpy(end - sizeof name, name, sizeof name);
        RIGHT_OK(open(end - sizeof name, &file));
        RIGHT_OK(read(file, end - 8, 8, &count));
        RIGHT(count == 8);
        RIGHT_OK(pipe((struct pipe_ends *)(end - sizeof(struct pipe_ends))));
        RIGHT_OK(memory((struct memory_listing *)(end - sizeof(struct memory_listing))));
        RIGHT(((struct memory_listing *)end)[-1].total > 0);
        return true;
}

/* A text may end where its page does, and what lies behind it is not looked at; longer than any name it is refused. */
static bool a_text_is_read_no_further_than_its_end(void)
{
        static const char name[] = "index";
        char *end = (char *)playground_page(PAGE_FORBIDDEN);
        unsigned file;

        RIGHT(map_playground());
        RIGHT_OK(mprotect(playground_page(PAGE_READABLE), PAGE_SIZE, PROTECT_READ_WRITE));
        memcpy(end - sizeof name, name, sizeof name);
        RIGHT_OK(open(end - sizeof name, &file));
        memset(end - PAGE_SIZE, 'x', PAGE_SIZE);
        RIGHT_ERROR(open(end - PAGE_SIZE, &file), BAD_ARGUMENT);
        return true;
}

/* Bytes of a page that was never touched come and go through calls alone. */
static bool calls_fill_untouched_pages(void)
{
        const uintptr_t edge = PLAYGROUND + PAGE_SIZE;
        struct pipe_ends ends;
        size_t count;

        RIGHT(map_at(PLAYGROUND, 2, MAP_PRIVATE));
        RIGHT_OK(pipe(&ends));
        RIGHT_OK(write(ends.to_write, "across", 6));
        RIGHT_OK(read(ends.to_read, (void *)(edge - 3), 6, &count));
        RIGHT(count == 6 && !memcmp((void *)(edge - 3), "across", 6));
        RIGHT_OK(madvise(PLAYGROUND, 2 * PAGE_SIZE, MADV_DONTNEED));
        RIGHT_OK(write(ends.to_write, (void *)(edge - 3), 6));
        RIGHT(*at(edge - 3) == 0);
        return true;
}

const struct user_case cases_of_pointers[] = {
        { "write-pointers", write_from_bad_pointers },
        { "read-pointers", read_to_bad_pointers },
        { "mmap-pointers", mmap_of_bad_pointers },
        { "regions-pointers", regions_to_bad_pointers },
        { "processes-pointers", processes_to_bad_pointers },
        { "memory-pointers", memory_to_bad_pointers },
        { "pipe-pointers", pipe_to_bad_pointers },
        { "wait-pointers", wait_to_bad_pointers },
        { "open-pointers", open_of_bad_names },
        { "exec-name-pointers", exec_of_bad_names },
        { "exec-vector-pointers", exec_of_bad_vectors },
        { "exec-word-pointers", exec_of_bad_words_in_a_good_vector },
        { "last-bytes", the_last_bytes_of_user_space_may_be_used },
        { "text-end", a_text_is_read_no_further_than_its_end },
        { "untouched-pages", calls_fill_untouched_pages },
        { 0 },
};
