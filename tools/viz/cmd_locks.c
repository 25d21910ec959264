#include "error_message.h"
#include "format.h"
#include "locks_picture.h"
#include "moment.h"
#include "verbs.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
        "usage: regionviz locks [OPTIONS] FILE -o PICTURE\n"
        "       regionviz locks [OPTIONS] FILE --text\n"
        "\n"
        "Draws which processor holds and waits for which lock at a moment, a cycle in red; and beside it the order in\n"
        "which classes of locks were taken in the whole recording, the first violation in red.\n"
        "\n"
        "  -o, --output PICTURE   the file to write: .svg, .png, .pdf or .dot\n"
        "  -a, --at MOMENT        an event (1204), a time (12.5ms), an operation on a tree, when it has chosen (op:57), or\n"
        "                         end; without it the first cycle, else the first violation, else the moment at which\n"
        "                         the most processors wait, else the end\n"
        "  -t, --tree ID          of which tree op:57 is; without it that with the most operations\n"
        "  -w, --text             print it in words; then -o may be left out\n"
        "  -T, --theme THEME      light or dark; without it an SVG follows the screen\n"
        "  -h, --help             show this\n"
        "\n"
        "Events of locks are in a recording that was made with --append trace=+lock. FILE cannot be a\n"
        "pipe if --at is given.\n"
        "Exit status: 0 fine; 2 wrong usage, or it cannot be drawn.\n";

struct options {
        const char *input, *output;
        enum format format;
        struct moment_when when;
        bool has_moment;
        uint64_t tree;
        enum theme_choice theme;
        bool in_words;
};

static int cannot(const char *words)
{
        fprintf(stderr, "regionviz locks: %s\n", words);
        return VIZ_CANNOT;
}

static struct error parse_moment(struct options *options, const char *argument)
{
        options->has_moment = true;
        if (!strcmp(argument, "end")) {
                options->when.kind = MOMENT_END;
                return SUCCESS;
        }
        if (moment_parse(&options->when, argument).code || options->when.kind == MOMENT_LAST_SEARCH ||
            (options->when.kind == MOMENT_EVENT && !options->when.number))
                return FAILF(BAD_ARGUMENT, "--at takes an event (1204), a time (12.5ms), an operation (op:57) or end, not "
                             "\"%s\"", argument);
        return SUCCESS;
}

static struct error parse_option(struct options *options, int option, const char *argument)
{
        char *end;

        switch (option) {
        case 'a':
                return parse_moment(options, argument);
        case 't':
                options->tree = strtoull(argument, &end, 10);
                if (*argument < '1' || *argument > '9' || *end)
                        return FAILF(BAD_ARGUMENT, "--tree takes the number of a tree, not \"%s\"", argument);
                return SUCCESS;
        case 'w':
                options->in_words = true;
                return SUCCESS;
        case 'T':
                if (strcmp(argument, "light") != 0 && strcmp(argument, "dark") != 0)
                        return FAILF(BAD_ARGUMENT, "--theme takes light or dark, not \"%s\"", argument);
                options->theme = !strcmp(argument, "light") ? THEME_ONLY_LIGHT : THEME_ONLY_DARK;
                return SUCCESS;
        default:
                options->output = argument;
                return render_format(&options->format, argument);
        }
}

/* The number of the event that a moment means; 0 if none was asked for. */
static struct error find_event(const struct options *options, uint64_t *event)
{
        struct moment moment = { .when = options->when };

        *event = 0;
        if (!options->has_moment)
                return SUCCESS;
        if (options->when.kind == MOMENT_EVENT) {
                *event = options->when.number;
                return SUCCESS;
        }
        TRY(moment_find(&moment, options->input, options->tree));
        *event = moment.event;
        moment_free(&moment);
        return SUCCESS;
}

static const char *file_name(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash ? slash + 1 : path;
}

static struct error run(const struct options *options)
{
        struct locks *locks;
        struct picture_size size = { 0 };
        struct error error = SUCCESS;
        uint64_t event;

        TRY(find_event(options, &event));
        TRY(locks_read(options->input, event, &locks));
        if (options->output)
                error = locks_write_picture(locks, file_name(options->input), options->format, options->theme,
                                            options->output, &size);
        if (!error.code && options->in_words)
                locks_write_words(locks, file_name(options->input), stdout);
        else if (!error.code) {
                char words[LOCKS_WORDS_SIZE];

                locks_moment_words(locks, words);
                printf("%s: locks at %s; %s x %s pixels\n", options->output, words, format_count(size.width),
                       format_count(size.height));
        }
        locks_free(locks);
        return error;
}

int cmd_locks(int argc, char **argv)
{
        static const struct option long_options[] = {
                { "output", required_argument, NULL, 'o' }, { "at", required_argument, NULL, 'a' },
                { "tree", required_argument, NULL, 't' },    { "theme", required_argument, NULL, 'T' },  { "text", no_argument, NULL, 'w' },
                { "help", no_argument, NULL, 'h' },         { 0 },
        };
        struct options options = { 0 };
        int option;

        while ((option = getopt_long(argc, argv, "o:a:t:T:wh", long_options, NULL)) != -1) {
                if (option == 'h') {
                        fputs(help, stdout);
                        return VIZ_FINE;
                }
                if (option == '?')
                        return cannot("try `regionviz locks --help'");
                if (parse_option(&options, option, optarg).code)
                        return cannot(error_message());
        }
        if (optind != argc - 1)
                return cannot("it takes one recording; try `regionviz locks --help'");
        if (!options.output && !options.in_words)
                return cannot("name the file to write, as in -o locks.svg, or ask for words with --text");
        options.input = argv[optind];
        return run(&options).code ? cannot(error_message()) : VIZ_FINE;
}
