/*
 * What a Perfetto file holds and what it refuses to. With a folder as argument this tests nothing, and leaves
 * recordings there for perfetto.t to convert.
 */
#include "arch/traps.h"
#include "perfetto/perfetto_file.h"
#include "stream/event_table.h"
#include "support_stream.h"

#include <stdio.h>

/* --- the file --------------------------------------------------------------------------------------------- */

/* What a body writes into a file that is then finished. */
static size_t write_file(uint8_t **bytes, void (*body)(struct perfetto_file *file))
{
        struct perfetto_file *file;
        size_t length;
        FILE *stream = open_memstream((char **)bytes, &length);

        assert_non_null(stream);
        assert_int_equal(perfetto_file_create(stream, &file).code, ERROR_OK);
        body(file);
        assert_int_equal(perfetto_file_finish(file).code, ERROR_OK);
        perfetto_file_destroy(file);
        fclose(stream);
        return length;
}

static void write_one_track(struct perfetto_file *file)
{
        perfetto_describe(file, &(struct perfetto_track){ .uuid = 7, .name = "heap" });
}

static void a_file_begins_a_sequence([[maybe_unused]] void **state)
{
        static const uint8_t expected[] = {
                /* Sequence 1: what was interned is cleared; its first packet. */
                0x0a, 0x07, 0x50, 0x01, 0x68, 0x01, 0xb8, 0x05, 0x01,
                /* Sequence 1: needs what is interned; a track descriptor. */
                0x0a, 0x15, 0x50, 0x01, 0x68, 0x02, 0xe2, 0x03, 0x0e,
                0x08, 0x07, 0x12, 0x04, 'h', 'e', 'a', 'p', 0x58, 0x03, 0x60, 0x00, 0x78, 0x02,
        };
        uint8_t *bytes;
        size_t length = write_file(&bytes, write_one_track);

        assert_int_equal(length, sizeof expected);
        assert_memory_equal(bytes, expected, length);
        free(bytes);
}

static void write_ends_too_many(struct perfetto_file *file)
{
        write_one_track(file);
        assert_false(perfetto_end(file, 7, 10));
        perfetto_begin(file, 7, 10, "category", "outer");
        perfetto_close(file);
        perfetto_begin(file, 7, 20, "category", "inner");
        perfetto_close(file);
        assert_true(perfetto_end(file, 7, 30));
        perfetto_close(file);
        assert_true(perfetto_is_open(file, 7));
        assert_true(perfetto_end(file, 7, 40));
        perfetto_close(file);
        assert_false(perfetto_is_open(file, 7));
        assert_false(perfetto_end(file, 7, 50));
        assert_false(perfetto_end(file, 8, 50));
        assert_int_equal(perfetto_file_totals(file).slices, 2);
}

static void a_slice_ends_only_where_one_is_open([[maybe_unused]] void **state)
{
        uint8_t *bytes;

        write_file(&bytes, write_ends_too_many);
        free(bytes);
}

static void write_one_slice(struct perfetto_file *file)
{
        write_one_track(file);
        perfetto_begin(file, 7, 10, "category", "name");
        perfetto_close(file);
}

static void write_one_slice_and_its_end(struct perfetto_file *file)
{
        write_one_slice(file);
        assert_true(perfetto_end(file, 7, 10));
        perfetto_close(file);
}

static void write_one_slice_and_forget(struct perfetto_file *file)
{
        write_one_slice(file);
        perfetto_forget(file, 7);
}

static void an_open_slice_is_ended_at_the_end_or_when_its_track_is_forgotten([[maybe_unused]] void **state)
{
        uint8_t *closed, *left_open, *forgotten;
        size_t length = write_file(&closed, write_one_slice_and_its_end);

        assert_int_equal(write_file(&left_open, write_one_slice), length);
        assert_memory_equal(left_open, closed, length);
        assert_int_equal(write_file(&forgotten, write_one_slice_and_forget), length);
        assert_memory_equal(forgotten, closed, length);
        free(closed);
        free(left_open);
        free(forgotten);
}

static void a_full_disk_is_told_when_finishing([[maybe_unused]] void **state)
{
        FILE *stream = fopen("/dev/full", "wb");
        struct perfetto_file *file;

        if (!stream)
                skip();
        assert_int_equal(perfetto_file_create(stream, &file).code, ERROR_OK);
        write_one_slice(file);
        assert_int_equal(perfetto_file_finish(file).code, ERROR_IO);
        perfetto_file_destroy(file);
        fclose(stream);
}

/* --- recordings ------------------------------------------------------------------------------------------- */

/* What events say of a program: it maps, touches, is refused, unmaps, and ends within its last call. */
static void run_a_program(void)
{
        uint64_t space = play_space();
        struct region *region;

        trace_task_created(1, 1, space, "maps");
        trace_task_switched(1);
        trace_system_call_begin(1, SYSTEM_MMAP, 0x10000, 0, 0);
        trace_space_begin(space, 1, MAP, 0, 4 * PAGE_SIZE, PROTECT_READ);
        region = play_place(4);
        assert_non_null(region);
        trace_space_end(space, 1, ERROR_OK, region->base);
        trace_system_call_end(1, SYSTEM_MMAP, ERROR_OK, region->base);
        trace_page_fault(space, region->base, ACCESS_READ, FAULT_FILLED, region->id, 0x600000);
        trace_frame_allocated(0x600000, PURPOSE_USER_PAGE);
        trace_page_fault(space, 0x8, ACCESS_WRITE, FAULT_NOT_MAPPED, 0, 0);
        trace_system_call_begin(1, SYSTEM_MUNMAP, region->base, 4 * PAGE_SIZE, 0);
        play_remove(region);
        trace_system_call_end(1, SYSTEM_MUNMAP, ERROR_OK, 0);
        trace_frame_freed(0x600000);
        trace_system_call_begin(1, SYSTEM_EXIT, 3, 0, 0);
        trace_task_exited(1, 3);
        trace_task_switched(0);
}

/* Everything that leaves its mark outside a tree, once. */
static void say_everything(void)
{
        struct region *low = play_place(2), *high = play_place_at(0x20000, 3);

        assert_non_null(low);
        assert_non_null(high);
        trace_case_begin("a case \"with quotes\"");
        region_set_protection(low, PROTECT_READ | PROTECT_EXECUTE);
        region_set_protection(low, PROTECT_READ | PROTECT_EXECUTE);
        assert_null(play_place_at(0x21000, 1));
        trace_error_raised(ERROR_OVERLAP, 0, 120);
        trace_error_raised(ERROR_NO_MEMORY, 1 << 30, 7);
        trace_script_begin(play_space(), "by-hand.ops");
        trace_script_line(2);
        trace_script_line(3);
        trace_script_mismatch(3, ERROR_OK, 0x1000, ERROR_NO_MEMORY, 0);
        trace_script_end(2, VERDICT_FAILED);
        trace_case_end("a case \"with quotes\"", VERDICT_PASSED);
        trace_panicked("not really");
        run_a_program();
}

/*
 * Three cpus: a thread waits in a call on cpu 1, is woken from cpu 0 and goes on on cpu 2, where an interrupt takes it
 * away again. The other thread of its process acquires two locks, and releases them in the same order.
 */
static void run_on_three_cpus(void)
{
        uint64_t space = play_space();

        trace_task_created(1, 0, 0, "main");
        trace_task_created(2, 5, space, "sh");
        trace_task_created(3, 5, space, "sh");
        trace_task_switched(1);
        play_on(1);
        trace_task_switched(2);
        trace_system_call_begin(2, SYSTEM_READ, 0, 0x20000, 1);
        trace_task_switched(3);
        play_on(0);
        trace_interrupt_begin(33);
        trace_task_woken(2, 1);
        trace_interrupt_end(33);
        play_on(2);
        trace_task_switched(2);
        trace_system_call_end(2, SYSTEM_READ, ERROR_OK, 1);
        trace_interrupt_begin(TRAP_TIMER);
        trace_task_switched(0);
        trace_interrupt_end(TRAP_TIMER);
        play_on(1);
        trace_lock_acquired(LOCK_PIPE, 0x9000, 1);
        trace_lock_acquired(LOCK_KMALLOC, 0x8000, 1);
        play_on(2);
        trace_lock_wanted(LOCK_PIPE, 0x9000);
        play_on(1);
        trace_lock_released(LOCK_PIPE, 0x9000, 1, 700);
        trace_lock_released(LOCK_KMALLOC, 0x8000, 1, 50);
        trace_tlb_shootdown(space, 0x20000, PAGE_SIZE, 2);
        trace_task_loaded(3, space, "maps");
        play_on(2);
        trace_lock_acquired(LOCK_PIPE, 0x9000, 2);
        trace_lock_released(LOCK_PIPE, 0x9000, 2, 0);
        play_on(1);
        trace_task_exited(3, 0);
        trace_task_switched(0);
}

/*
 * A shell starts a child and waits for it. The child loads another program and starts a thread, ends its first thread
 * and then the other, which wakes the shell. The shell gives its turn up once more and ends.
 */
static void run_a_family(void)
{
        enum { NEW_SPACE = 77 };
        uint64_t space = play_space();

        assert_non_null(play_place(1));
        trace_task_created(1, 1, 0, "sh");
        trace_task_switched(1);
        trace_system_call_begin(1, SYSTEM_FORK, 0, 0, 0);
        trace_task_created(2, 2, space, "sh");
        trace_system_call_end(1, SYSTEM_FORK, ERROR_OK, 2);
        trace_system_call_begin(1, SYSTEM_WAIT, 2, 0, 0);
        trace_task_switched(2);
        trace_task_loaded(2, NEW_SPACE, "cat");
        trace_task_created(3, 2, NEW_SPACE, "cat");
        trace_task_exited(2, 0);
        trace_task_switched(3);
        trace_task_woken(1, 1);
        trace_task_exited(3, 0);
        trace_task_switched(1);
        trace_system_call_end(1, SYSTEM_WAIT, ERROR_OK, 2);
        trace_task_switched(0);
        trace_task_switched(1);
        trace_task_exited(1, 0);
        trace_task_switched(0);
}

static void resize(struct region *region, uintptr_t base, uint64_t pages)
{
        struct vrange range = { base, base + pages * PAGE_SIZE };

        assert_int_equal(region_tree_resize(play_tree(), region, range, 0, 0).code, ERROR_OK);
}

/* A region loses its lower half, another comes to lie there, and the first grows down to that. */
static void cut_a_region_from_below(void)
{
        struct region *first = play_place_at(0x10000, 4), *second;

        assert_non_null(first);
        resize(first, 0x12000, 2);
        second = play_place_at(0x10000, 1);
        assert_non_null(second);
        resize(first, 0x11000, 3);
}

/* Places regions one above the other. */
static void place_many(void)
{
        for (int i = 0; i < 40; i++)
                assert_non_null(play_place_at(0x10000 + 2 * (uintptr_t)i * PAGE_SIZE, 1));
        assert_non_null(play_place(3));
}

static void leave_bytes(const char *folder, const char *name, const struct bytes *bytes)
{
        char path[4096];
        FILE *file;

        snprintf(path, sizeof path, "%s/%s.rtrace", folder, name);
        file = fopen(path, "wb");
        if (!file || fwrite(bytes->at, bytes->length, 1, file) != 1 || fclose(file)) {
                perror(path);
                exit(2);
        }
}

static void leave_recording(const char *folder, const char *name, void (*body)(void))
{
        struct bytes bytes = { 0 };

        stream_record(&bytes, body);
        leave_bytes(folder, name, &bytes);
        bytes_free(&bytes);
}

/* The stream breaks off in the middle of the last operation, before what it has found is linked. */
static void leave_cut_operation(const char *folder)
{
        struct recorded recorded = { 0 };
        struct bytes bytes = { 0 }, cut = { 0 };
        size_t link;

        stream_record(&bytes, place_many);
        stream_take_apart(&recorded, &bytes);
        link = recorded_nth(&recorded, EVENT_tree_link, 40);
        while (recorded.count > link)
                recorded_drop(&recorded, recorded.count - 1);
        stream_put_together(&cut, &recorded);
        leave_bytes(folder, "operation-cut", &cut);
        recorded_free(&recorded);
        bytes_free(&bytes);
        bytes_free(&cut);
}

/* Changes single fields at random: what comes of it is well encoded, and may say anything. */
static void change_fields(struct recorded *recorded, struct rng *rng)
{
        for (int i = 0; i < 6; i++) {
                struct recorded_event *event = &recorded->event[rng_below(rng, recorded->count)];
                uint64_t *field = &event->field[rng_below(rng, event_table[event->type].fields)];

                *field = rng_below(rng, 4) ? rng_below(rng, 12) : rng_next(rng);
        }
}

static void leave_hostile_recordings(const char *folder, int count)
{
        struct recorded recorded = { 0 };
        struct bytes bytes = { 0 }, changed = { 0 };
        struct rng rng;
        char name[32];

        rng_seed(&rng, 11);
        stream_record(&bytes, say_everything);
        for (int i = 0; i < count; i++) {
                stream_take_apart(&recorded, &bytes);
                change_fields(&recorded, &rng);
                stream_put_together(&changed, &recorded);
                snprintf(name, sizeof name, "hostile-%d", i);
                leave_bytes(folder, name, &changed);
        }
        recorded_free(&recorded);
        bytes_free(&bytes);
        bytes_free(&changed);
}

int main(int argc, char **argv)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_file_begins_a_sequence),
                cmocka_unit_test(a_slice_ends_only_where_one_is_open),
                cmocka_unit_test(an_open_slice_is_ended_at_the_end_or_when_its_track_is_forgotten),
                cmocka_unit_test(a_full_disk_is_told_when_finishing),
        };

        if (argc == 2) {
                leave_recording(argv[1], "program", run_a_program);
                leave_recording(argv[1], "everything", say_everything);
                leave_recording(argv[1], "three-cpus", run_on_three_cpus);
                leave_recording(argv[1], "family", run_a_family);
                leave_recording(argv[1], "moved", cut_a_region_from_below);
                leave_cut_operation(argv[1]);
                leave_hostile_recordings(argv[1], 40);
                return 0;
        }
        return cmocka_run_group_tests(tests, NULL, NULL);
}
