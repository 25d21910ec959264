#include "base/error_message.h"
#include "base/format.h"
#include "control/control.h"
#include "verbs/command.h"

#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char help[] =
        "usage: regiontrace ctl [OPTIONS] FOLDER COMMAND\n"
        "\n"
        "Controls a kernel that is being recorded: FOLDER is that of `regiontrace record --control FOLDER', or\n"
        "the socket in it.\n"
        "\n"
        "  status             say how each processor stands, if all do\n"
        "  wait               wait until all processors stand, and say how: for pause= on the kernel's command line\n"
        "  pause              stop every processor, and wait until all stand\n"
        "  step               let one processor go on until it has emitted an event\n"
        "  step op            ... until an operation on a tree has ended\n"
        "  step space-op      ... until an operation on a space has ended\n"
        "  run-to CPU:N       let all go on until this cpu has emitted its event N\n"
        "  run-to fault       ... until a page fault\n"
        "  run-to error       ... until an error is raised\n"
        "  run-to op [TREE]   ... until an operation on this tree begins, or on any\n"
        "  go                 let all go on\n"
        "  categories LIST    emit these events from now on: +lock,-visit\n"
        "  keyframe           send a keyframe at the next safe point\n"
        "  header             send the header of the stream again, for a reader that begins there\n"
        "\n"
        "wait, pause, step and run-to wait until all processors stand again, and say where.\n"
        "\n"
        "  -c, --cpu N          step: this processor, not the one that the kernel chooses\n"
        "  -t, --timeout N      seconds to wait for the kernel (10)\n"
        "  -h, --help           show this\n"
        "\n"
        "Exit status: 0 it is done; 1 the kernel refused, did not answer or has ended; 2 wrong usage, or FOLDER\n"
        "cannot be reached.\n";

enum { TIMEOUT_SECONDS = 10 };

/* Whether it is done when the kernel has answered, or only when all processors stand; the last one sends no command. */
enum wait { FOR_ANSWER, FOR_ALL_TO_STAND, FOR_STATUS, ONLY_FOR_ALL_TO_STAND };

struct request {
        struct control_command command;
        enum wait wait;
};

/* --- what is wanted --------------------------------------------------------------------------------------- */

static const struct word {
        const char *first, *second;             /* NULL: one word */
        enum command_kind kind;
        enum wait wait;
} words[] = {
        { "status", NULL, COMMAND_STATUS, FOR_STATUS },
        { "wait", NULL, COMMAND_STATUS, ONLY_FOR_ALL_TO_STAND },
        { "pause", NULL, COMMAND_PAUSE, FOR_ALL_TO_STAND },
        { "step", NULL, COMMAND_STEP_EVENT, FOR_ALL_TO_STAND },
        { "step", "op", COMMAND_STEP_TREE, FOR_ALL_TO_STAND },
        { "step", "space-op", COMMAND_STEP_SPACE, FOR_ALL_TO_STAND },
        { "run-to", "fault", COMMAND_RUN_TO_FAULT, FOR_ALL_TO_STAND },
        { "run-to", "error", COMMAND_RUN_TO_ERROR, FOR_ALL_TO_STAND },
        { "run-to", "op", COMMAND_RUN_TO_TREE, FOR_ALL_TO_STAND },
        { "go", NULL, COMMAND_GO, FOR_ANSWER },
        { "keyframe", NULL, COMMAND_KEYFRAME, FOR_ANSWER },
        { "header", NULL, COMMAND_HEADER, FOR_ANSWER },
};

static bool parse_whole(const char *text, uint64_t *out)
{
        char *end;

        *out = strtoull(text, &end, 10);
        return *text >= '0' && *text <= '9' && !*end;
}

/* "1:200" */
static bool parse_event(const char *text, struct control_command *out)
{
        const char *colon = strchr(text, ':');

        out->kind = COMMAND_RUN_TO_EVENT;
        out->cpu = text[0] - '0';
        return colon == text + 1 && out->cpu >= 0 && out->cpu < CONTROL_CPUS_MAX &&
               parse_whole(colon + 1, &out->number) && out->number;
}

static const struct word *find_word(const char *first, const char *second)
{
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
                if (!strcmp(words[i].first, first) && !words[i].second == !second &&
                    (!second || !strcmp(words[i].second, second)))
                        return &words[i];
        }
        return NULL;
}

/* False if the words are no command. */
static bool parse(int count, char **argument, struct request *out)
{
        const char *second = count > 1 ? argument[1] : NULL;
        const struct word *word = find_word(argument[0], second);

        if (count == 2 && !strcmp(argument[0], "categories")) {
                out->command.kind = COMMAND_CATEGORIES;
                out->command.categories = second;
                return true;
        }
        if (count == 2 && !word && !strcmp(argument[0], "run-to")) {
                out->wait = FOR_ALL_TO_STAND;
                return parse_event(second, &out->command);
        }
        if (!word)
                return false;
        out->command.kind = word->kind;
        out->wait = word->wait;
        return count <= 2 || (count == 3 && word->kind == COMMAND_RUN_TO_TREE &&
                              parse_whole(argument[2], &out->command.number));
}

/* --- waiting for the kernel ------------------------------------------------------------------------------- */

static double now(void)
{
        struct timespec time;

        clock_gettime(CLOCK_MONOTONIC, &time);
        return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* The next message. False, after an error was printed, if there is none before `until`. */
static bool await_message(struct control *control, double until, const char *what, struct control_message *out)
{
        for (;;) {
                struct pollfd watched = { control_descriptor(control), POLLIN, 0 };
                const double left = until - now();
                bool has_message;

                if (control_receive(control, out, &has_message).code) {
                        command_cannot("ctl", "%s", error_message());
                        return false;
                }
                if (has_message && out->kind == CONTROL_ENDED) {
                        command_cannot("ctl", "the run has ended");
                        return false;
                }
                if (has_message)
                        return true;
                if (left <= 0) {
                        command_cannot("ctl", "%s within the time allowed (--timeout)", what);
                        return false;
                }
                poll(&watched, 1, (int)(left * 1000) + 1);
        }
}

static void print_stands(const struct control_message *message)
{
        static const char *const meaning[] = {
                STANDS(WORD_MEANING)
        };

        for (unsigned cpu = 0; cpu < message->cpus; cpu++)
                printf("cpu %u: event %s, %s\n", cpu, format_count(message->cpu[cpu].number),
                       meaning[message->cpu[cpu].stand]);
}

static bool is_done(const struct control_message *message)
{
        static const char *const meaning[] = {
                ANSWERS(WORD_MEANING)
        };

        if (message->answer == ANSWER_DONE)
                return true;
        command_cannot("ctl", "the kernel refuses: %s", meaning[message->answer]);
        return false;
}

/* After `status` the kernel says again that all stand, if they do; if not, nothing comes. */
static int finish_status(struct control *control)
{
        struct control_message message;
        bool has_message = false;
        struct pollfd watched = { control_descriptor(control), POLLIN, 0 };

        poll(&watched, 1, 500);
        if (control_receive(control, &message, &has_message).code || !has_message || message.kind != CONTROL_ALL_STAND)
                printf("the machine runs\n");
        else
                print_stands(&message);
        return EXIT_FINE;
}

static int wait_for_all_to_stand(struct control *control, double until)
{
        struct control_message message;

        do {
                if (!await_message(control, until, "not all processors stand", &message))
                        return EXIT_CHECK_FAILED;
        } while (message.kind != CONTROL_ALL_STAND);
        print_stands(&message);
        return EXIT_FINE;
}

/* The message "all stand" may be older than the command; what counts comes after the answer. */
static int request_and_wait(struct control *control, const struct request *request, double until)
{
        struct control_message message;
        uint64_t number;

        if (request->wait == ONLY_FOR_ALL_TO_STAND)
                return wait_for_all_to_stand(control, until);
        if (control_send(control, &request->command, &number).code)
                return command_cannot("ctl", "%s", error_message());
        do {
                if (!await_message(control, until, "the kernel does not answer", &message))
                        return EXIT_CHECK_FAILED;
        } while (message.kind != CONTROL_ANSWER || message.number != number);
        if (!is_done(&message))
                return EXIT_CHECK_FAILED;
        if (request->wait == FOR_STATUS)
                return finish_status(control);
        return request->wait == FOR_ANSWER ? EXIT_FINE : wait_for_all_to_stand(control, until);
}

/* --- options ---------------------------------------------------------------------------------------------- */

static const struct option long_options[] = {
        { "cpu", required_argument, NULL, 'c' },
        { "timeout", required_argument, NULL, 't' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
};

static bool take_cpu(struct request *request)
{
        uint64_t cpu;

        if (!command_number("ctl", "cpu", optarg, &cpu))
                return false;
        if (cpu >= CONTROL_CPUS_MAX) {
                command_cannot("ctl", "--cpu is 0 to %d, not %s", CONTROL_CPUS_MAX - 1, optarg);
                return false;
        }
        request->command.cpu = (int)cpu;
        return true;
}

int cmd_ctl(int argc, char **argv)
{
        struct request request = { .command = { .cpu = CONTROL_CPU_ANY } };
        uint64_t timeout = TIMEOUT_SECONDS;
        struct control *control;
        int option, status;

        while ((option = getopt_long(argc, argv, "+c:t:h", long_options, NULL)) != -1) {
                if (option == 'h')
                        return command_help("ctl", help);
                if (option != 'c' && option != 't')
                        return command_usage("ctl");
                if (option == 'c' ? !take_cpu(&request) : !command_number("ctl", "timeout", optarg, &timeout))
                        return EXIT_CANNOT;
        }
        if (argc - optind < 2) {
                command_cannot("ctl", "takes the recorder's folder and a command");
                return command_usage("ctl");
        }
        if (!parse(argc - optind - 1, argv + optind + 1, &request)) {
                command_cannot("ctl", "\"%s%s%s\" is no command", argv[optind + 1], argc - optind > 2 ? " " : "",
                               argc - optind > 2 ? argv[optind + 2] : "");
                return command_usage("ctl");
        }
        if (control_attach(argv[optind], &control).code)
                return command_cannot("ctl", "%s", error_message());
        status = request_and_wait(control, &request, now() + (double)timeout);
        control_close(control);
        return command_flush("ctl") ? status : EXIT_CANNOT;
}
