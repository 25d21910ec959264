#include "base/error_message.h"
#include "script/script_generate.h"
#include "script/script_shrink.h"
#include "verbs/command.h"
#include "verbs/command_options.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
        "usage: regiontrace script --seed N [--shape NAME] [--operations N] [--expect] [-o FILE]\n"
        "       regiontrace script --shrink SCRIPT [-o FILE] -- COMMAND...\n"
        "\n"
        "Writes an op script at random: the same seed, shape and number of operations always make the same one.\n"
        "With --shrink, leaves out lines of a script for as long as COMMAND, with the script's path behind it, fails\n"
        "(exits with another status than 0), and writes the smallest script found.\n"
        "\n"
        "  -s, --seed N         what everything is drawn from (1)\n"
        "      --shape NAME     which operations are drawn (mixed); --shapes lists them\n"
        "      --shapes         list the shapes\n"
        "  -n, --operations N   how many operations (40), at most 100000\n"
        "  -x, --expect         write the right answer behind each operation\n"
        "      --shrink SCRIPT  shrink this script, which fails\n"
        "  -o, --output FILE    where it is written (standard output)\n"
        "  -h, --help           show this\n"
        "\n"
        "Exit status: 0 fine; 1 the script to shrink does not fail; 2 wrong usage, or a file cannot be read or written.\n";

enum { OPERATIONS = 40, OPERATIONS_MAX = 100000, RUNS_MAX = 5000 };

static int list_shapes(void)
{
        for (size_t i = 0; script_shape_name(i); i++)
                printf("%-12s %s\n", script_shape_name(i), script_shape_words(i));
        return command_flush("script") ? EXIT_FINE : EXIT_CANNOT;
}

static int generate(const struct script_request *request, const char *output)
{
        char *script;
        int status;

        if (script_generate(request, &script).code)
                return command_cannot("script", "%s", error_message());
        status = command_write_text("script", script, output);
        free(script);
        return status;
}

/* --- shrinking -------------------------------------------------------------------------------------------- */

/* The command, which gets the path of the candidate as its last argument. */
struct trial {
        char **command;
        char path[32];
        posix_spawn_file_actions_t nowhere;     /* its input and its output */
        int reason;                             /* why it could not be run: an error number; 0: it was */
};

static bool spew(const char *path, const char *text)
{
        FILE *file = fopen(path, "w");

        return file && (fputs(text, file) >= 0) & (fclose(file) == 0);
}

static bool command_fails(void *context, const char *script)
{
        struct trial *trial = context;
        int status;
        pid_t child;

        if (!spew(trial->path, script))
                return false;
        trial->reason = posix_spawnp(&child, trial->command[0], &trial->nowhere, NULL, trial->command, environ);
        return !trial->reason && waitpid(child, &status, 0) == child && status != 0;
}

static char *slurp(const char *path)
{
        FILE *file = fopen(path, "r");
        char *text = NULL;
        size_t room = 0;

        if (!file)
                return NULL;
        if (getdelim(&text, &room, 0, file) < 0) {
                free(text);
                text = strdup("");
        }
        fclose(file);
        return text;
}

static int shrink_text(const char *name, const char *script, struct trial *trial, const char *output)
{
        struct shrinking shrinking = { command_fails, trial, RUNS_MAX };
        const bool fails = command_fails(trial, script);
        char *smallest;
        int status;

        if (trial->reason)
                return command_cannot("script", "%s: cannot be run: %s", trial->command[0], strerror(trial->reason));
        if (!fails) {
                command_cannot("script", "%s: the command does not fail with this script", name);
                return EXIT_CHECK_FAILED;
        }
        if (script_shrink(script, &shrinking, &smallest).code)
                return command_cannot("script", "%s", error_message());
        status = command_write_text("script", smallest, output);
        free(smallest);
        return status;
}

static int shrink(const char *path, char **arguments, int count, const char *output)
{
        struct trial trial = { .path = "/tmp/regiontrace-XXXXXX" };
        char *script = slurp(path);
        int status, fd;

        if (!script)
                return command_cannot("script", "%s: cannot be opened: %s", path, strerror(errno));
        trial.command = calloc((size_t)count + 2, sizeof *trial.command);
        fd = mkstemp(trial.path);
        if (fd < 0 || !trial.command)
                return command_cannot("script", "%s: %s", trial.path, strerror(errno));
        close(fd);
        memcpy(trial.command, arguments, (size_t)count * sizeof *arguments);
        trial.command[count] = trial.path;
        posix_spawn_file_actions_init(&trial.nowhere);
        for (fd = 0; fd <= 2; fd++)
                posix_spawn_file_actions_addopen(&trial.nowhere, fd, "/dev/null", O_RDWR, 0);
        status = shrink_text(path, script, &trial, output);
        posix_spawn_file_actions_destroy(&trial.nowhere);
        unlink(trial.path);
        free(trial.command);
        free(script);
        return status;
}

/* --- options ---------------------------------------------------------------------------------------------- */

int cmd_script(int argc, char **argv)
{
        struct script_request request = { .seed = 1, .shape = "mixed", .operations = OPERATIONS };
        const char *output = "-", *to_shrink = NULL;
        bool shapes = false;
        const struct command_option options[] = {
                { "seed", 's', .number = &request.seed },
                { "shape", .text = &request.shape },
                { "shapes", .flag = &shapes },
                { "operations", 'n', .number = &request.operations },
                { "expect", 'x', .flag = &request.expect },
                { "shrink", .text = &to_shrink },
                { "output", 'o', .text = &output },
                { 0 },
        };
        int status;

        if (!command_options("script", argc, argv, help, options, &status))
                return status;
        if (shapes)
                return list_shapes();
        if (to_shrink && optind < argc)
                return shrink(to_shrink, argv + optind, argc - optind, output);
        if (to_shrink || optind < argc)
                return command_cannot("script", to_shrink ? "--shrink takes a command behind --" :
                                                            "takes no file; see regiontrace script --help");
        if (request.operations > OPERATIONS_MAX)
                return command_cannot("script", "--operations is at most %d", OPERATIONS_MAX);
        return generate(&request, output);
}
