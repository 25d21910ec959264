#include "base/error_message.h"
#include "base/format.h"
#include "record/machine.h"
#include "record/recording.h"
#include "verbs/command.h"
#include "verbs/record_options.h"

#include <stdlib.h>
#include <string.h>

/* --- with a machine --------------------------------------------------------------------------------------- */

/* Why we stopped the machine, in words. */
static const char *why_stopped(enum machine_stop stop, const struct record_options *options)
{
        static char words[512];

        switch (stop) {
        case MACHINE_INTERRUPTED:
                return "stopped by a signal";
        case MACHINE_SILENT_BUSY:
                if (!options->machine.control && strstr(options->machine.append, "pause="))
                        return "the kernel stands where pause= has stopped it, and no controller can let it go on; "
                               "give --control FOLDER, then use `regiontrace ctl'";
                snprintf(words, sizeof words,
                         "nothing arrived for %s in which the machine was at work (--silence), and it was stopped; most "
                         "likely the kernel loops with interrupts off",
                         format_counted(options->machine.silence, "second"));
                return words;
        case MACHINE_SILENT_IDLE:
                snprintf(words, sizeof words,
                         "nothing arrived for %s, and the machine was idle (--silence); it was stopped. Most likely "
                         "its processors have halted with interrupts off",
                         format_counted(options->machine.silence, "second"));
                return words;
        default:
                snprintf(words, sizeof words,
                         "the run did not end within %s of its own time (--deadline), and it was ended",
                         format_counted(options->deadline, "second"));
                return words;
        }
}

/* Whether the run was stopped from outside, by us or by the kernel, which says nothing against what ran last. */
static bool was_stopped(const struct recording *recording, struct machine_ending ending)
{
        return recording->timed_out || ending.stop != MACHINE_ENDED;
}

/* Why the run is no success, in words; NULL if it is one. What explains most comes first. */
static const char *failure(const struct recording *recording, struct machine_ending ending,
                           const struct record_options *options)
{
        static char words[128];

        if (was_stopped(recording, ending))
                return why_stopped(recording->timed_out ? MACHINE_TOO_LONG : ending.stop, options);
        if (ending.status == 127)
                return "QEMU could not be started";
        if (ending.status < 0)
                return "QEMU was killed by a signal";
        if (ending.status == 0)
                return "QEMU's exit status is 0: the machine reset itself, most likely by a triple fault";
        if (recording->failure[0])
                return recording->failure;
        if (ending.status == 1)
                return "QEMU's exit status is 1: it could not run the machine, and says why above";
        if (ending.status == 33)
                return NULL;
        snprintf(words, sizeof words, "the machine's exit status is %d; a run that passed has 33", ending.status);
        return words;
}

/*
 * If there is no stream, the machine's exit explains the failure best; if the machine exited normally, the stream does.
 */
static const char *explain(const struct recording *recording, struct machine_ending ending,
                           const struct record_options *options)
{
        const char *words;

        if (recording->begun || ending.status == 33)
                return failure(recording, ending, options);
        words = failure(&(struct recording){ 0 }, ending, options);
        return words ? words : recording->failure;
}

static bool ask_keyframe(void *machine)
{
        return machine_ask_keyframe(machine);
}

static int record_machine(struct record_options *options)
{
        struct recording recording;
        struct machine_ending ending;
        struct machine *machine;
        const char *words;

        if (machine_start(&options->machine, &machine).code)
                return command_cannot("record", "%s", error_message());
        if (options->verbose)
                machine_print_command(machine, stderr);
        if (recording_make(machine_source(machine), options->output, (struct recording_line){ machine, ask_keyframe },
                           options->output, record_guest_seconds(options), &recording).code) {
                machine_destroy(machine);
                return command_cannot("record", "%s", error_message());
        }
        if (recording.overran)
                machine_stop_too_long(machine);
        ending = machine_finish(machine);
        words = explain(&recording, ending, options);
        if (words) {
                fprintf(stderr, "%s: the run failed: %s\n", options->output, words);
                recording_print_where(&recording, was_stopped(&recording, ending) ? STOPPED_THERE : FAILED_THERE, stderr);
                machine_print_console(machine, stderr);
        } else {
                recording_print(&recording, options->output, stdout);
        }
        machine_destroy(machine);
        if (words)
                return EXIT_CHECK_FAILED;
        return command_flush("record") ? EXIT_FINE : EXIT_CANNOT;
}

/* --- without ---------------------------------------------------------------------------------------------- */

static int record_stream(const struct record_options *options)
{
        struct recording recording;
        struct source source;

        if (!command_may_write("record", options->from, options->output))
                return EXIT_CANNOT;
        if (source_open(options->from, &source).code ||
            recording_make(source, options->from, (struct recording_line){ 0 }, options->output, 0, &recording).code)
                return command_cannot("record", "%s", error_message());
        if (recording.failure[0]) {
                fprintf(stderr, "%s: the run failed: %s\n", options->output, recording.failure);
                recording_print_where(&recording, FAILED_THERE, stderr);
                return EXIT_CHECK_FAILED;
        }
        recording_print(&recording, options->output, stdout);
        return command_flush("record") ? EXIT_FINE : EXIT_CANNOT;
}

/* ---------------------------------------------------------------------------------------------------------- */

int cmd_record(int argc, char **argv)
{
        struct record_options options;
        int status;

        if (!record_options_take(argc, argv, &options, &status))
                return status;
        if (strcmp(options.output, "-") == 0)
                status = command_cannot("record",
                                        "-o takes the name of a file: what the run says goes to standard output");
        else
                status = options.from ? record_stream(&options) : record_machine(&options);
        record_options_free(&options);
        return status;
}
