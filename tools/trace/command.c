#include "command.h"
#include "error_message.h"
#include "format.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int command_cannot(const char *verb, const char *format, ...)
{
        va_list arguments;

        fflush(stdout);
        fprintf(stderr, "regiontrace %s: ", verb);
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
        fputc('\n', stderr);
        return EXIT_CANNOT;
}

int command_usage(const char *verb)
{
        fprintf(stderr, "Try `regiontrace %s --help'.\n", verb);
        return EXIT_CANNOT;
}

bool command_number(const char *verb, const char *option, const char *text, uint64_t *out)
{
        char *end;

        errno = 0;
        *out = strtoull(text, &end, 10);
        if (*text >= '0' && *text <= '9' && !*end && errno == 0)
                return true;
        command_cannot(verb, "--%s takes a whole number, not \"%s\"", option, text);
        return false;
}

bool command_open(const char *verb, int argc, char **argv, struct reader **out)
{
        if (optind + 1 != argc) {
                command_cannot(verb, "takes one FILE");
                command_usage(verb);
                return false;
        }
        if (!reader_open(argv[optind], out).code)
                return true;
        command_cannot(verb, "%s", error_message());
        return false;
}

bool command_may_write(const char *verb, const char *input, const char *output)
{
        struct stat from, to;

        if (!strcmp(output, "-") || stat(output, &to) || !S_ISREG(to.st_mode))
                return true;
        if (strcmp(input, "-") ? stat(input, &from) : fstat(STDIN_FILENO, &from))
                return true;
        if (from.st_dev != to.st_dev || from.st_ino != to.st_ino)
                return true;
        command_cannot(verb, "%s is the file that is read; name another one for the output", output);
        return false;
}

void command_print_notices(FILE *out, const struct reader *reader)
{
        struct reader_totals totals = reader_totals(reader);
        const char *words;
        size_t i = 0;

        for (; (words = reader_notice(reader, i)); i++)
                fprintf(out, "%s: %s\n", reader_name(reader), words);
        if (i < totals.damaged)
                fprintf(out, "%s: in all, %s thrown away\n", reader_name(reader),
                        format_counted(totals.damaged, "frame"));
}

bool command_flush(const char *verb)
{
        if (fflush(stdout) == 0 && !ferror(stdout))
                return true;
        command_cannot(verb, "standard output: %s", strerror(errno));
        return false;
}
