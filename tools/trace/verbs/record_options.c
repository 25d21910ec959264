#include "verbs/record_options.h"
#include "verbs/command.h"
#include "verbs/command_options.h"

#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
        "usage: regiontrace record [OPTIONS] [-o FILE.rtrace]\n"
        "       regiontrace record --from STREAM [-o FILE.rtrace]\n"
        "\n"
        "Boots the kernel in QEMU and records its trace line; or records a stream that exists\n"
        "already. The machine is killed when nothing arrives for too long, when it runs for too long, or\n"
        "with Ctrl-C, and leaves nothing behind.\n"
        "\n"
        "  -o, --output FILE     the recording (run.rtrace); compressed if the name ends with .zst\n"
        "  -r, --run SCRIPT      the op script to run: puts run=SCRIPT on the kernel's command line\n"
        "  -e, --exec PROGRAM    the program to run (after the script, if there is one too), or PROGRAM:WORD to give\n"
        "                        it a word, such as a file's name; blanks cannot be part of either\n"
        "      --wait-all        wait for processes that the program has started; without it they are killed\n"
        "  -a, --append WORDS    more words for the kernel's command line\n"
        "  -k, --kernel FILE     the kernel (build/kernel/understory.elf)\n"
        "  -i, --initrd FILE     the initial ramdisk, with the op scripts (build/initrd.cpio)\n"
        "  -m, --machine TYPE    pc, q35 or microvm (pc), and its properties: pc,acpi=off\n"
        "      --transport LINE  the trace line: auto, a virtio serial port, and a UART until the kernel has found it;\n"
        "                        virtio, likewise, but the run fails without it; uart, the slow way (auto)\n"
        "      --cpus N          how many processors it has, 1 to 8 (1)\n"
        "      --memory SIZE     how much memory it has (128M), at least 9M\n"
        "      --console FILE    where the console goes; - is standard output (shown if the run fails)\n"
        "      --silence N       seconds without anything from the machine until it is stopped (20); only time in which\n"
        "                        QEMU could run counts, so that a busy host makes no run fail\n"
        "      --deadline N      seconds of the machine's own time until it is stopped (10): a second is about a\n"
        "                        thousand million instructions; with --no-icount, as for --silence (60)\n"
        "      --no-icount       let time pass as it does here: faster, but no two runs are alike\n"
        "      --seed N          what QEMU draws random numbers from (1)\n"
        "      --control FOLDER  let a controller pause and step the kernel: makes FOLDER, with a socket in it, to which\n"
        "                        `regiontrace ctl' and `regionviz live' connect; while none is connected, and events went\n"
        "                        missing, the kernel is asked for a keyframe, which shows what they have changed\n"
        "      --sandbox         let QEMU give up what it does not need: starting programs, becoming another user; for a\n"
        "                        kernel that is not trusted (Linux, a QEMU with seccomp)\n"
        "      --from STREAM     no machine: a file, a pipe, - for standard input, or a Unix socket\n"
        "  -v, --verbose         print QEMU's command line\n"
        "  -h, --help            show this\n"
        "\n"
        "Exit status: 0 the run passed: the machine's exit status is 33 and the stream ends with the\n"
        "verdict `passed'; 1 it did not, standard error says how; 2 wrong usage, or not possible here.\n";

enum { SILENCE_SECONDS = 20, DEADLINE_SECONDS = 10, DEADLINE_SECONDS_NO_ICOUNT = 60, SECONDS_MAX = 1000000 };

/* --- values of options ------------------------------------------------------------------------------------ */

/* A size in MiB, as QEMU takes it: 128M, or 128, which is the same. Other forms are left to QEMU. */
static double parse_mebibytes(const char *text)
{
        static const struct {
                const char *name;
                double mebibytes;
        } units[] = { { "", 1 }, { "K", 0x1p-10 }, { "M", 1 }, { "G", 0x1p10 }, { "T", 0x1p20 } };
        char *unit;
        double number = strtod(text, &unit);

        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
                if (unit != text && !strcasecmp(unit, units[i].name))
                        return number * units[i].mebibytes;
        return INFINITY;
}

/* If the kernel's image does not fit into memory, the machine resets itself without a message. */
static bool is_memory(const char *size)
{
        if (!(parse_mebibytes(size) < MACHINE_MEMORY_LEAST))
                return true;
        command_cannot("record", "--memory %s is too little: the kernel boots with %dM and more", size,
                       MACHINE_MEMORY_LEAST);
        return false;
}

static bool is_number_of_cpus(uint64_t cpus)
{
        if (cpus >= 1 && cpus <= MACHINE_CPUS_MAX)
                return true;
        command_cannot("record", "--cpus is 1 to %d, not %" PRIu64, MACHINE_CPUS_MAX, cpus);
        return false;
}

static bool is_machine(const char *type)
{
        static const char *const types[] = { "pc", "q35", "microvm" };
        const size_t length = strcspn(type, ",");

        for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
                if (strlen(types[i]) == length && memcmp(type, types[i], length) == 0)
                        return true;
        }
        command_cannot("record", "--machine is pc, q35 or microvm, not \"%s\"", type);
        return false;
}

static bool find_transport(const char *name, enum machine_transport *out)
{
        static const char *const names[] = {
                [MACHINE_AUTO] = "auto", [MACHINE_UART] = "uart", [MACHINE_VIRTIO] = "virtio",
        };

        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                if (strcmp(name, names[i]) == 0) {
                        *out = (enum machine_transport)i;
                        return true;
                }
        }
        command_cannot("record", "--transport is auto, uart or virtio, not \"%s\"", name);
        return false;
}

/* A blank ends the word on the kernel's command line, and the rest would be lost. */
static bool is_one_word(const char *option, const char *text)
{
        if (!text || !text[strcspn(text, " \t\n\v\f\r")])
                return true;
        command_cannot("record", "--%s \"%s\": a blank ends a word of the kernel's command line; programs that need "
                       "more words are for the shell (`make run'), more words for the kernel are for --append",
                       option, text);
        return false;
}

static unsigned seconds_of(uint64_t number)
{
        return number > SECONDS_MAX ? SECONDS_MAX : (unsigned)number;
}

/* --- what follows ----------------------------------------------------------------------------------------- */

/*
 * With -icount the machine's clock counts instructions, so it shows when the run takes too long: the kernel then ends
 * the run itself, so that the recording is whole. A kernel that hangs cannot do that. So if the times of its events
 * show that it has gone on for another second, the machine is stopped.
 * Otherwise the clock is the host's, which goes on while QEMU waits for a processor; then QEMU's own time is limited.
 */
static bool has_kernel_limit(const struct record_options *options)
{
        return options->machine.repeatable && options->deadline;
}

unsigned record_guest_seconds(const struct record_options *options)
{
        return has_kernel_limit(options) ? options->deadline + 1 : 0;
}

/* The words of the kernel's command line, a blank between them. To be freed; NULL if there is no memory. */
static char *kernel_command_line(const struct record_options *options)
{
        char seconds[sizeof "4294967295"] = "";
        const struct {
                const char *front, *rest;
        } words[] = {
                { "run=", options->run },
                { "exec=", options->exec },
                { "wait-all", options->wait_all ? "" : NULL },
                { "", *options->append ? options->append : NULL },
                { "transport=", options->machine.transport == MACHINE_VIRTIO ? "virtio" : NULL },
                { "time-limit=", has_kernel_limit(options) ? seconds : NULL },
        };
        char *line = NULL;
        size_t length;
        FILE *out = open_memstream(&line, &length);

        if (!out)
                return NULL;
        if (has_kernel_limit(options))
                snprintf(seconds, sizeof seconds, "%u", options->deadline);
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
                if (words[i].rest)
                        fprintf(out, "%s%s%s", ftell(out) > 0 ? " " : "", words[i].front, words[i].rest);
        }
        if (fclose(out) != 0) {
                free(line);
                return NULL;
        }
        return line;
}

/* Whether each value is one that its option takes. */
static bool are_possible(const struct record_options *options)
{
        const struct machine_options *machine = &options->machine;

        if (options->from && (options->run || options->exec || machine->control)) {
                command_cannot("record",
                               "--from records a stream that exists already: no machine is booted that --run, "
                               "--exec or --control could be for");
                return false;
        }
        return is_one_word("run", options->run) && is_one_word("exec", options->exec) && is_machine(machine->type) &&
               is_number_of_cpus(machine->cpus) && is_memory(machine->memory);
}

/* What was not given follows from what was. */
static bool complete(struct record_options *options, int *status)
{
        if (options->from)
                return true;
        if (!options->has_deadline)
                options->deadline = options->machine.repeatable ? DEADLINE_SECONDS : DEADLINE_SECONDS_NO_ICOUNT;
        options->command_line = kernel_command_line(options);
        if (!options->command_line) {
                *status = command_cannot("record", "no memory");
                return false;
        }
        options->machine.append = options->command_line;
        options->machine.recording = options->output;
        options->machine.longest = options->machine.repeatable ? 0 : options->deadline;
        return true;
}

/* --- all of them ------------------------------------------------------------------------------------------ */

bool record_options_take(int argc, char **argv, struct record_options *out, int *status)
{
        struct machine_options *machine = &out->machine;
        const char *transport = "auto";
        uint64_t silence = SILENCE_SECONDS, deadline = 0;
        bool no_icount = false;
        const struct command_option options[] = {
                { "output", 'o', .text = &out->output },
                { "run", 'r', .text = &out->run },
                { "exec", 'e', .text = &out->exec },
                { "wait-all", .flag = &out->wait_all },
                { "append", 'a', .text = &out->append },
                { "kernel", 'k', .text = &machine->kernel },
                { "initrd", 'i', .text = &machine->initrd },
                { "machine", 'm', .text = &machine->type },
                { "transport", .text = &transport },
                { "cpus", .number = &machine->cpus },
                { "memory", .text = &machine->memory },
                { "console", .text = &machine->console },
                { "silence", .number = &silence },
                { "deadline", .number = &deadline, .is_given = &out->has_deadline },
                { "no-icount", .flag = &no_icount },
                { "seed", .number = &machine->seed },
                { "control", .text = &machine->control },
                { "sandbox", .flag = &machine->confined },
                { "from", .text = &out->from },
                { "verbose", 'v', .flag = &out->verbose },
                { 0 },
        };

        *out = (struct record_options){
                .machine = {
                        .kernel = "build/kernel/understory.elf",
                        .initrd = "build/initrd.cpio",
                        .type = "pc",
                        .cpus = 1,
                        .memory = "128M",
                        .seed = 1,
                },
                .output = "run.rtrace",
                .append = "",
        };
        if (!command_options("record", argc, argv, help, options, status))
                return false;
        if (optind < argc) {
                command_cannot("record", "takes options only; did you mean --run %s?", argv[optind]);
                *status = command_usage("record");
                return false;
        }
        machine->silence = seconds_of(silence);
        machine->repeatable = !no_icount;
        out->deadline = seconds_of(deadline);
        *status = EXIT_CANNOT;
        return are_possible(out) && find_transport(transport, &machine->transport) && complete(out, status);
}

void record_options_free(struct record_options *options)
{
        free(options->command_line);
}
