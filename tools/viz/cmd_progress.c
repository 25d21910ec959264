#include "error_message.h"
#include "event_table.h"
#include "format.h"
#include "progress_picture.h"
#include "render.h"
#include "verbs.h"

#include <getopt.h>
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
        struct progress_request request;
        const char *output;
        enum theme_choice theme;
        enum format format;
        bool in_words;
};

static int cannot(const char *words)
{
        fprintf(stderr, "regionviz progress: %s\n", words);
        return VIZ_CANNOT;
}

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

static struct error parse_number(uint64_t *out, const char *option, const char *text)
{
        char *end;

        *out = strtoull(text, &end, 10);
        if (*text < '1' || *text > '9' || *end)
                return FAILF(BAD_ARGUMENT, "--%s takes a number from 1, not \"%s\"", option, text);
        return SUCCESS;
}

static struct error parse_option(struct options *options, int option, const char *argument)
{
        switch (option) {
        case 'x':
                return parse_axes(&options->request, argument);
        case 'c':
                return parse_call(&options->request, argument);
        case 'a':
                return parse_number(&options->request.at, "at", argument);
        case 's':
                TRY(parse_number(&options->request.steps, "steps", argument));
                if (options->request.steps < PROGRESS_STEPS_LEAST || options->request.steps > PROGRESS_STEPS_MOST)
                        return FAILF(BAD_ARGUMENT, "--steps takes %d to %d", PROGRESS_STEPS_LEAST, PROGRESS_STEPS_MOST);
                return SUCCESS;
        case 'w':
                options->in_words = true;
                return SUCCESS;
        case 'T':
                if (strcmp(argument, "light") && strcmp(argument, "dark"))
                        return FAILF(BAD_ARGUMENT, "--theme takes light or dark, not \"%s\"", argument);
                options->theme = strcmp(argument, "dark") ? THEME_ONLY_LIGHT : THEME_ONLY_DARK;
                return SUCCESS;
        default:
                options->output = argument;
                return render_format(&options->format, argument);
        }
}

static struct error write_picture(const struct progress *progress, const struct options *options)
{
        struct progress_picture *drawing;
        struct picture_size size;
        struct error error;

        TRY(progress_picture_create(&drawing, progress));
        error = render(progress_picture_of(drawing), options->format, options->theme, options->output);
        size = render_size(progress_picture_of(drawing), options->format);
        progress_picture_free(drawing);
        if (!error.code && !options->in_words)
                printf("%s: %s and %s, %s; %s x %s pixels\n", options->output, progress->name[0], progress->name[1],
                       progress->why, format_count(size.width), format_count(size.height));
        return error;
}

static struct error run(const struct options *options)
{
        struct progress *progress;
        struct error error = SUCCESS;

        TRY(progress_make(&progress, &options->request));
        if (options->output)
                error = write_picture(progress, options);
        if (!error.code && options->in_words)
                progress_write_words(progress, stdout);
        progress_free(progress);
        return error;
}

int cmd_progress(int argc, char **argv)
{
        static const struct option long_options[] = {
                { "output", required_argument, NULL, 'o' }, { "axes", required_argument, NULL, 'x' },
                { "call", required_argument, NULL, 'c' },   { "at", required_argument, NULL, 'a' },
                { "steps", required_argument, NULL, 's' },  { "text", no_argument, NULL, 'w' },
                { "theme", required_argument, NULL, 'T' },  { "help", no_argument, NULL, 'h' },         { 0 },
        };
        struct options options = { .request = { .window = WINDOW_OF_TREES, .steps = STEPS } };
        int option;

        while ((option = getopt_long(argc, argv, "o:x:c:a:s:wT:h", long_options, NULL)) != -1) {
                if (option == 'h') {
                        fputs(help, stdout);
                        return VIZ_FINE;
                }
                if (option == '?')
                        return cannot("try `regionviz progress --help'");
                if (parse_option(&options, option, optarg).code)
                        return cannot(error_message());
        }
        if (optind != argc - 1)
                return cannot("it takes one recording; try `regionviz progress --help'");
        if (!options.output && !options.in_words)
                return cannot("name the file to write, as in -o progress.svg, or ask for words with --text");
        options.request.path = argv[optind];
        if (!strcmp(argv[optind], "-"))
                return cannot("the recording is read twice, so it must be a file");
        return run(&options).code ? cannot(error_message()) : VIZ_FINE;
}
