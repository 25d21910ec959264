/*
 * regiontrace import: the memory calls of a real Linux program become an op script.
 */
#include "verbs/command.h"
#include "verbs/command_options.h"

#include "base/error_message.h"
#include "base/format.h"
#include "import/import_script.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
        "usage: regiontrace import [--strict] [-o FILE.ops] FILE.strace\n"
        "\n"
        "Turns the memory calls of a Linux program into an op script that does the same to one of our address\n"
        "spaces. Capture them with: strace -f -e trace=memory,process -o FILE.strace PROGRAM\n"
        "\n"
        "  -o, --output FILE   write the script there; without this, or as '-', to standard output\n"
        "  -s, --strict        refuse a capture with a line that cannot be parsed; without this, the line is named\n"
        "                      and left out\n"
        "  -h, --help          show this\n"
        "\n"
        "FILE.strace may be '-', standard input. Exit status: 0 fine, 1 the capture is not understood, 2 wrong\n"
        "usage, or a file cannot be read or written.\n";

/* The lines that were left out because they cannot be parsed. */
static void report_faults(const struct import_faults *faults)
{
        for (size_t i = 0; i < faults->count && i < FAULTS_KEPT; i++)
                fprintf(stderr, "%s: warning: %s\n", faults->path, faults->words[i]);
        if (faults->count)
                fprintf(stderr, "%s: %s left out\n", faults->path, format_counted(faults->count, "line"));
}

static void report(const char *path, const struct strace *strace, const struct import_summary *summary)
{
        fprintf(stderr, "%s: %s read, %s written", path, format_counted(strace->count, "memory call"),
                format_counted(summary->operations, "operation"));
        fprintf(stderr, ", %s of them inferred", format_count(summary->inferred));
        if (summary->left_out)
                fprintf(stderr, "; %s left out, see the script", format_counted(summary->left_out, "call"));
        fputc('\n', stderr);
        for (size_t i = 0; i < strace->skipped_names; i++)
                fprintf(stderr, "  skipped: %s, %s\n", strace->skipped[i].name,
                        format_counted(strace->skipped[i].count, "call"));
        if (strace->forked_calls)
                fprintf(stderr, "  skipped: %s of forked processes, which have address spaces of their own\n",
                        format_counted(strace->forked_calls, "call"));
        if (strace->replaced_at)
                fprintf(stderr, "  skipped: everything before line %lu, where execve began a new program\n",
                        strace->replaced_at);
        if (strace->cut_calls)
                fprintf(stderr, "  warning: of %s only the beginning or the end was captured\n",
                        format_counted(strace->cut_calls, "call"));
        if (summary->unseen)
                fprintf(stderr,
                        "  warning: %s inferred for calls that were not captured; capture every thread (strace -f)\n",
                        format_counted(summary->unseen, "operation"));
}

static int failure(struct error error)
{
        fprintf(stderr, "regiontrace import: %s\n", error_message());
        return error_is(error, ERROR_BAD_INPUT) ? EXIT_CHECK_FAILED : EXIT_CANNOT;
}

static struct error make_script(FILE *in, struct import_faults *faults, FILE *script)
{
        struct strace strace;
        struct import_summary summary;
        struct error error = strace_read(&strace, in, faults);

        if (error.code) {
                report_faults(faults);
                return error;
        }
        error = import_script(script, &strace, faults, &summary);
        report_faults(faults);
        if (!error.code)
                report(faults->path, &strace, &summary);
        strace_free(&strace);
        return error;
}

/* The output is not opened before the script is complete. */
static int import(FILE *in, struct import_faults *faults, const char *output)
{
        char *text = NULL;
        size_t length;
        FILE *script = open_memstream(&text, &length);
        struct error error = script ? make_script(in, faults, script) : fail_no_memory();
        int status;

        if (script && fclose(script) && !error.code)
                error = fail_no_memory();
        status = error.code ? failure(error) : command_write_text("import", text, output);
        free(text);
        return status;
}

int cmd_import(int argc, char **argv)
{
        struct import_faults faults = { 0 };
        const char *output = "-", *path;
        const struct command_option options[] = {
                { "output", 'o', .text = &output },
                { "strict", 's', .flag = &faults.is_strict },
                { 0 },
        };
        int status;
        FILE *in;

        if (!command_options("import", argc, argv, usage, options, &status))
                return status;
        if (argc - optind != 1)
                return command_cannot("import", "exactly one capture is wanted; see regiontrace import --help");
        path = faults.path = argv[optind];
        if (!command_may_write("import", path, output))
                return EXIT_CANNOT;
        in = strcmp(path, "-") ? fopen(path, "r") : stdin;
        if (!in)
                return command_cannot("import", "%s: cannot be opened: %s", path, strerror(errno));
        status = import(in, &faults, output);
        if (in != stdin)
                fclose(in);
        return status;
}
