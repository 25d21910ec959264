/*
 * The library by which a viewer owns a running machine: it boots, steps and reads along. The commands themselves are
 * tested by control.t.
 */
#include "base/error_message.h"
#include "control/control.h"
#include "stream/reader.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 30000, PAUSE_AT = 150 };

static char kernel[512], initrd[512];

/* The next message of a kind; what else comes is passed over. */
static struct control_message await(struct control *control, enum control_message_kind kind)
{
        struct control_message message;
        bool has_message;

        for (;;) {
                struct pollfd watched = { control_descriptor(control), POLLIN, 0 };

                assert_int_equal(control_receive(control, &message, &has_message).code, ERROR_OK);
                if (has_message && message.kind == kind)
                        return message;
                if (!has_message)
                        assert_true(poll(&watched, 1, PATIENCE_MS) > 0);
        }
}

static struct control *boot(const char *pause)
{
        const char *const arguments[] = {
                "--kernel", kernel, "--initrd", initrd, "--run", "teaching.ops", "--append", pause, NULL,
        };
        struct control *control;

        if (control_boot(arguments, &control).code)
                fail_msg("%s", error_message());
        return control;
}

static struct control_message command(struct control *control, struct control_command command)
{
        struct control_message message;
        uint64_t number;

        assert_int_equal(control_send(control, &command, &number).code, ERROR_OK);
        do
                message = await(control, CONTROL_ANSWER);
        while (message.number != number);
        return message;
}

/* All events that a reader gives out now; yields the number of the last one. */
static uint64_t read_on(struct reader *reader)
{
        struct event event = { .cpu_number = 0 };
        uint64_t last = 0;

        while (reader_next(reader, &event))
                last = event.cpu_number;
        assert_false(reader_failed(reader));
        return last;
}

static void a_viewer_boots_a_machine_steps_it_and_reads_along([[maybe_unused]] void **state)
{
        struct control *control = boot("pause=0:150");
        struct control_message message = await(control, CONTROL_ALL_STAND);
        struct reader *reader;
        struct source source;

        assert_int_equal(message.cpus, 1);
        assert_int_equal(message.cpu[0].stand, STAND_AFTER_EVENT);
        assert_int_equal(message.cpu[0].number, PAUSE_AT);
        assert_int_equal(control_source(control, &source).code, ERROR_OK);
        assert_int_equal(reader_open_source(source, "growing", &reader).code, ERROR_OK);
        assert_int_equal(read_on(reader), PAUSE_AT);
        for (uint64_t at = PAUSE_AT + 1; at < PAUSE_AT + 10; at++) {
                message = command(control,
                                  (struct control_command){ .kind = COMMAND_STEP_EVENT, .cpu = CONTROL_CPU_ANY });
                assert_int_equal(message.answer, ANSWER_DONE);
                assert_int_equal(await(control, CONTROL_ALL_STAND).cpu[0].number, at);
                assert_int_equal(read_on(reader), at);
        }
        message = command(control, (struct control_command){ .kind = COMMAND_STEP_EVENT, .cpu = 5 });
        assert_int_equal(message.answer, ANSWER_BAD_ARGUMENT);
        assert_int_equal(message.refused, 1);
        assert_int_equal(command(control, (struct control_command){ .kind = COMMAND_GO }).answer, ANSWER_DONE);
        await(control, CONTROL_ENDED);
        assert_true(read_on(reader) > 1000);
        reader_close(reader);
        control_close(control);
}

static void closing_ends_a_machine_that_stands_and_leaves_nothing([[maybe_unused]] void **state)
{
        struct control *control = boot("pause=0:1");
        char recording[512];

        await(control, CONTROL_ALL_STAND);
        snprintf(recording, sizeof recording, "%s", control_recording(control));
        assert_int_equal(access(recording, R_OK), 0);
        control_close(control);
        assert_int_equal(access(recording, F_OK), -1);
        *strrchr(recording, '/') = 0;
        assert_int_equal(access(recording, F_OK), -1);
}

static void what_cannot_be_sent_is_refused_here([[maybe_unused]] void **state)
{
        struct control *control = boot("pause=0:1");
        char long_text[CONTROL_CATEGORIES_MAX + 1] = "";
        uint64_t number;

        memset(long_text, 'x', sizeof long_text - 1);
        for (int i = 0; i < 3; i++) {
                const char *const categories[] = { NULL, "", long_text };
                const struct control_command wrong = { .kind = COMMAND_CATEGORIES, .categories = categories[i] };

                assert_int_equal(control_send(control, &wrong, &number).code, ERROR_BAD_ARGUMENT);
        }
        assert_int_equal(control_send(control, &(struct control_command){ .kind = COMMAND_STEP_EVENT, .cpu = CONTROL_CPUS_MAX },
                                      &number).code, ERROR_BAD_ARGUMENT);
        control_close(control);
}

static void a_recorder_that_cannot_start_says_why([[maybe_unused]] void **state)
{
        const char *const arguments[] = { "--kernel", "/nowhere/kernel.elf", NULL };
        struct control *control;

        assert_int_equal(control_boot(arguments, &control).code, ERROR_IO);
        assert_non_null(strstr(error_message(), "/nowhere/kernel.elf"));
        assert_int_equal(control_attach("/nowhere/live", &control).code, ERROR_NOT_FOUND);
        assert_non_null(strstr(error_message(), "/nowhere/live/control"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_viewer_boots_a_machine_steps_it_and_reads_along),
                cmocka_unit_test(closing_ends_a_machine_that_stands_and_leaves_nothing),
                cmocka_unit_test(what_cannot_be_sent_is_refused_here),
                cmocka_unit_test(a_recorder_that_cannot_start_says_why),
        };
        const char *build = getenv("BUILD") ? getenv("BUILD") : "build";
        char path[2048];

        /* The recorder does not lie beside a test. */
        snprintf(path, sizeof path, "%s:%s", build, getenv("PATH"));
        setenv("PATH", path, true);
        snprintf(kernel, sizeof kernel, "%s/kernel/understory.elf", build);
        snprintf(initrd, sizeof initrd, "%s/initrd.cpio", build);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
