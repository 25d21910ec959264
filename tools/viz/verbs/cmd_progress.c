#include "base/error_message.h"
#include "base/format.h"
#include "progress/progress_picture.h"
#include "stream/event_table.h"
#include "verbs/picture_verb.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
        "usage: regionviz progress [OPTIONS] FILE -o PICTURE\n"
        "       regionviz progress [OPTIONS] FILE --text\n"
        "\n"
        "Draws the progress of two processors, or of two threads, one against the other: the path that was taken, what\n"
        "locks forbid as rectangles, and in red where both were between a check and the act that relied on it.\n"
        "\n"
        "  -o, --output PICTURE   the file to write: .svg, .png, .pdf, or .dot (for `neato -n2')\n"
        "  -x, --axes A,B         cpu:0,cpu:1 or task:3,task:4; unless it says, the two cpus with the most events\n"
        "  -c, --call CALL        take this system call for the time between check and act (a program that checks, calls\n"
        "                         it, and acts); then the axes are two threads. Else it is an operation on a tree, from\n"
        "                         its first visit to its last change\n"
        "  -a, --at EVENT         show what is around this event; unless it says, the first race, or the first wait for a\n"
        "                         lock, or the first lock that both take\n"
        "  -s, --steps N          show N steps of each axis at least, 4 to 400 (40)\n"
        "  -w, --text             print it in words; then -o may be left out\n"
        "  -T, --theme THEME      light or dark; unless it says, an SVG follows the screen and all else is light\n"
        "  -h, --help             show this\n"
        "\n"
        "Locks are in a recording made with `--append trace=+lock'. FILE is read twice, so it cannot be a pipe.\n"
        "Exit status: 0 the picture is written; 2 wrong usage, or it cannot be drawn.\n";

enum { STEPS = 40 };

struct options {
        struct picture_options common;          /* the first, as picture_verb.h wants it */
        struct progress_request request;
};

/* "cpu:0" or "task:3"; `*end` is what follows. */
static bool parse_axis(struct progress_axis *out, const char *text, char **end)
{
        size_t length = !strncmp(text, "cpu:", 4) ? 4 : !strncmp(text, "task:", 5) ? 5 : 0;

        if (!length || text[length] < '0' || text[length] > '9')
                return false;
        *out = (struct progress_axis){ length == 4 ? AXIS_CPU : AXIS_TASK, strtoull(text + length, end, 10) };
        return true;
}

static struct error parse_axes(struct progress_request *request, const char *text)
{
        char *end;

        if (parse_axis(&request->axis[0], text, &end) && *end == ',' &&
            parse_axis(&request->axis[1], end + 1, &end) && !*end)
                return SUCCESS;
        return FAILF(BAD_ARGUMENT, "--axes takes two, as in cpu:0,cpu:1 or task:3,task:4, not \"%s\"", text);
}

static struct error parse_call(struct progress_request *request, const char *text)
{
        const struct enumeration_description *calls = enumeration_of_name("system_call");

        for (size_t i = 0; calls && i < calls->words; i++)
                if (!strcmp(text, calls->word[i].name)) {
                        request->window = (int)i;
                        return SUCCESS;
                }
        return FAILF(BAD_ARGUMENT, "--call: there is no system call \"%s\"", text);
}

static struct error parse_option(struct picture_options *common, int option, const char *argument)
{
        struct options *options = (struct options *)common;

        switch (option) {
        case 'x':
                return parse_axes(&options->request, argument);
        case 'c':
                return parse_call(&options->request, argument);
        case 'a':
                return picture_verb_number(&options->request.at, "at", argument);
        default:
                TRY(picture_verb_number(&options->request.steps, "steps", argument));
                if (options->request.steps < PROGRESS_STEPS_LEAST || options->request.steps > PROGRESS_STEPS_MOST)
                        return FAILF(BAD_ARGUMENT, "--steps takes %d to %d", PROGRESS_STEPS_LEAST, PROGRESS_STEPS_MOST);
                return SUCCESS;
        }
}

static struct error write_picture(const struct progress *progress, const struct options *options)
{
        struct progress_picture *drawing;
        struct picture_size size;
        struct error error;

        TRY(progress_picture_create(&drawing, progress));
        error = render(progress_picture_of(drawing), options->common.format, options->common.theme,
                       options->common.output);
        size = render_size(progress_picture_of(drawing), options->common.format);
        progress_picture_free(drawing);
        if (!error.code && !options->common.in_words)
                printf("%s: %s and %s, %s; %s x %s pixels\n", options->common.output, progress->name[0],
                       progress->name[1], progress->why, format_count(size.width), format_count(size.height));
        return error;
}

static struct error run(struct picture_options *common)
{
        struct options *options = (struct options *)common;
        struct progress *progress;
        struct error error = SUCCESS;

        options->request.path = common->recording[0];
        TRY(progress_make(&progress, &options->request));
        if (options->common.output)
                error = write_picture(progress, options);
        if (!error.code && options->common.in_words)
                progress_write_words(progress, stdout);
        progress_free(progress);
        return error;
}

int cmd_progress(int argc, char **argv)
{
        static const struct option long_options[] = {
                PICTURE_OPTIONS,
                { "axes", required_argument, NULL, 'x' }, { "call", required_argument, NULL, 'c' },
                { "at", required_argument, NULL, 'a' }, { "steps", required_argument, NULL, 's' },
                { 0 },
        };
        static const struct picture_verb verb = {
                .name = "progress",
                .help = help,
                .options = long_options,
                .times_read = "twice",
                .parse_option = parse_option,
                .run = run,
        };
        struct options options = { .request = { .window = WINDOW_OF_TREES, .steps = STEPS } };

        return picture_verb_run(&verb, argc, argv, &options.common);
}
