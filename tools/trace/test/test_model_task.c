/* The model follows tasks: who runs where, who asks the kernel for what, who is over. */
#include "model/model.h"
#include "support_stream.h"

/* --- a program to follow ---------------------------------------------------------------------------------- */

static void run_a_program(void)
{
        trace_task_created(1, 1, play_space(), "maps");
        trace_task_switched(1);
        trace_system_call_begin(1, SYSTEM_MMAP, 0x10000, 0, 0);
        trace_system_call_end(1, SYSTEM_MMAP, ERROR_OK, 0x20000);
        trace_system_call_begin(1, SYSTEM_MUNMAP, 0x20000, PAGE_SIZE, 0);
        trace_system_call_end(1, SYSTEM_MUNMAP, ERROR_OK, 0);
        trace_system_call_begin(1, SYSTEM_EXIT, 3, 0, 0);
        trace_task_exited(1, 3);
        trace_task_switched(0);
}

static struct model *model_of(const struct recorded *recorded)
{
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct model *model;
        struct event event;

        stream_put_together(&bytes, recorded);
        reader = stream_open(&bytes);
        assert_int_equal(model_create(&model).code, ERROR_OK);
        while (reader_next(reader, &event))
                if (model_apply(model, &event).code)
                        fail_msg("%s", model_error_message(model));
        reader_close(reader);
        bytes_free(&bytes);
        return model;
}

static void record_a_program(struct recorded *recorded)
{
        struct bytes bytes = { 0 };

        stream_record(&bytes, run_a_program);
        stream_take_apart(recorded, &bytes);
        bytes_free(&bytes);
}

/* The state when all that comes after the n-th event of a type is cut off. */
static struct model *model_after(enum trace_event type, size_t n)
{
        struct recorded recorded = { 0 };
        struct model *model;

        record_a_program(&recorded);
        recorded.count = recorded_nth(&recorded, type, n) + 1;
        model = model_of(&recorded);
        recorded_free(&recorded);
        return model;
}

static void the_model_follows_a_task([[maybe_unused]] void **state)
{
        struct model *model = model_after(EVENT_system_call_begin, 1);
        const struct model_task *task = model_task(model, 1);

        assert_non_null(task);
        assert_ptr_equal(model_task_at(model, 0), task);
        assert_null(model_task_at(model, 1));
        assert_ptr_equal(model_running(model, 0), task);
        assert_null(model_running(model, 1));
        assert_null(model_running(model, MODEL_CPUS_MAX));
        assert_string_equal(task->name, "maps");
        assert_int_equal(task->space, play_space());
        assert_true(task->in_call);
        assert_int_equal(task->call, SYSTEM_MUNMAP);
        assert_false(task->exited);
        model_destroy(model);
}

static void the_model_knows_that_a_task_has_exited([[maybe_unused]] void **state)
{
        struct model *model = model_after(EVENT_task_switched, 1);
        const struct model_task *task = model_task(model, 1);

        assert_true(task->exited);
        assert_false(task->in_call);
        assert_int_equal(task->status, 3);
        assert_null(model_running(model, 0));
        model_destroy(model);
}

static void a_task_that_never_came_to_be_is_refused([[maybe_unused]] void **state)
{
        struct event event = { .type = EVENT_task_switched, .number = 1 };
        struct model *model;

        event.field[EVENT_FIELD(task_switched, task)] = 7;
        assert_int_equal(model_create(&model).code, ERROR_OK);
        assert_int_equal(model_apply(model, &event).code, ERROR_BAD_INPUT);
        assert_string_equal(model_error_message(model), "there is no task 7");
        assert_null(model_task(model, 7));
        model_destroy(model);
}

static void a_task_that_came_to_be_among_missing_events_is_known_without_a_name([[maybe_unused]] void **state)
{
        struct event event = { .type = EVENT_task_switched, .number = 2, .missing = 1 };
        struct model *model;

        event.field[EVENT_FIELD(task_switched, task)] = 7;
        assert_int_equal(model_create(&model).code, ERROR_OK);
        assert_int_equal(model_apply(model, &event).code, ERROR_OK);
        assert_ptr_equal(model_running(model, 0), model_task(model, 7));
        assert_string_equal(model_task(model, 7)->name, "");
        model_lost(model, 3);
        assert_null(model_running(model, 0));
        model_destroy(model);
}

/* --- cpus ------------------------------------------------------------------------------------------------- */

static void tell(struct model *model, unsigned cpu, enum trace_event type, const uint64_t *fields)
{
        static uint64_t number;
        struct event event = { .type = type, .cpu = cpu, .number = ++number };

        for (size_t i = 0; i < 4; i++)
                event.field[i] = fields[i];
        assert_int_equal(model_apply(model, &event).code, ERROR_OK);
}

#define TELL(cpu, event, ...) tell(model, cpu, EVENT_##event, (uint64_t[4]){ __VA_ARGS__ })

static void the_model_knows_what_each_cpu_does([[maybe_unused]] void **state)
{
        const struct model_lock *pipe, *heap;
        struct model *model;

        assert_int_equal(model_create(&model).code, ERROR_OK);
        TELL(0, task_created, 7, 3, 1);
        TELL(1, task_switched, 7);
        TELL(1, system_call_begin, 7, SYSTEM_READ);
        TELL(1, task_switched, 0);
        TELL(2, task_switched, 7);
        assert_null(model_cpu(model, 1)->running);
        assert_ptr_equal(model_cpu(model, 2)->running, model_task(model, 7));
        assert_true(model_task(model, 7)->running && model_task(model, 7)->in_call);
        assert_int_equal(model_task(model, 7)->cpu, 2);
        assert_int_equal(model_task(model, 7)->process, 3);

        TELL(2, interrupt_begin, 32);
        assert_true(model_cpu(model, 2)->in_interrupt && !model_cpu(model, 1)->in_interrupt);
        assert_int_equal(model_cpu(model, 2)->vector, 32);
        TELL(2, interrupt_end, 32);
        assert_false(model_cpu(model, 2)->in_interrupt);

        TELL(1, lock_acquired, LOCK_PIPE, 0x9000, 5);
        TELL(1, lock_acquired, LOCK_KMALLOC, 0x8000, 1);
        pipe = model_lock(model, 0x9000);
        heap = model_lock(model, 0x8000);
        assert_ptr_equal(model_cpu(model, 1)->held, heap);
        assert_ptr_equal(heap->next, pipe);
        TELL(1, lock_released, LOCK_PIPE, 0x9000, 5, 0);
        assert_ptr_equal(model_cpu(model, 1)->held, heap);
        assert_null(heap->next);
        assert_int_equal(pipe->turn, 5);
        assert_false(pipe->held);

        model_lost(model, 1);
        assert_null(model_lock(model, 0x8000));
        assert_null(model_cpu(model, 1)->held);
        assert_false(model_task(model, 7)->running);
        model_destroy(model);
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_model_follows_a_task),
                cmocka_unit_test(the_model_knows_that_a_task_has_exited),
                cmocka_unit_test(a_task_that_never_came_to_be_is_refused),
                cmocka_unit_test(a_task_that_came_to_be_among_missing_events_is_known_without_a_name),
                cmocka_unit_test(the_model_knows_what_each_cpu_does),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
