#include "base/error_message.h"
#include "base/format.h"
#include "locks/locks_picture.h"
#include "moment/moment.h"
#include "verbs/picture_verb.h"

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
        struct picture_options common;          /* the first, as picture_verb.h wants it */
        struct moment_when when;
        bool has_moment;
};

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

static struct error parse_option(struct picture_options *common, int option, const char *argument)
{
        (void)option;                           /* there is only --at */
        return parse_moment((struct options *)common, argument);
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
        TRY(moment_find(&moment, options->common.recording[0], options->common.tree));
        *event = moment.event;
        moment_free(&moment);
        return SUCCESS;
}

static const char *file_name(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash ? slash + 1 : path;
}

static struct error run(struct picture_options *common)
{
        const struct options *options = (const struct options *)common;
        struct locks *locks;
        struct picture_size size = { 0 };
        struct error error = SUCCESS;
        uint64_t event;

        TRY(find_event(options, &event));
        TRY(locks_read(options->common.recording[0], event, &locks));
        if (options->common.output)
                error = locks_write_picture(locks, file_name(options->common.recording[0]), options->common.format,
                                            options->common.theme, options->common.output, &size);
        if (!error.code && options->common.in_words)
                locks_write_words(locks, file_name(options->common.recording[0]), stdout);
        else if (!error.code) {
                char words[LOCKS_WORDS_SIZE];

                locks_moment_words(locks, words);
                printf("%s: locks at %s; %s x %s pixels\n", options->common.output, words, format_count(size.width),
                       format_count(size.height));
        }
        locks_free(locks);
        return error;
}

int cmd_locks(int argc, char **argv)
{
        static const struct option long_options[] = {
                PICTURE_OPTIONS, TREE_OPTION, { "at", required_argument, NULL, 'a' }, { 0 },
        };
        static const struct picture_verb verb = {
                .name = "locks",
                .help = help,
                .options = long_options,
                .parse_option = parse_option,
                .run = run,
        };
        struct options options = { 0 };

        return picture_verb_run(&verb, argc, argv, &options.common);
}
