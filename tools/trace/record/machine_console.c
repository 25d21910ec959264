#include "base/error_message.h"
#include "record/machine_internal.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* The first lines name words of the command line that the kernel does not know; the last ones are about its end. */
enum { FIRST_BYTES = 512, FIRST_LINES = 2, LAST_BYTES = 2048 };

/* At most so many bytes from here on, as text. */
static void read_text(FILE *console, char *text, size_t size)
{
        const size_t length = fread(text, 1, size, console);

        text[length] = 0;
        for (size_t i = 0; i < length; i++)
                if (text[i] == 0 || text[i] == '\r')
                        text[i] = ' ';
}

static void print_lines(FILE *out, char *text, int most)
{
        char *line;

        while (most && (line = strsep(&text, "\n"))) {
                text_make_printable(line, strlen(line));
                if (!*line)
                        continue;
                fprintf(out, "  | %s\n", line);
                most--;
        }
}

/* The last bytes, from the beginning of a line on. False if the console has no more than these. */
static bool read_last(FILE *console, char text[static LAST_BYTES + 1], char **lines)
{
        const bool has_more = fseek(console, -LAST_BYTES, SEEK_END) == 0;
        char *end_of_line;

        if (!has_more)
                rewind(console);
        read_text(console, text, LAST_BYTES);
        end_of_line = has_more ? strchr(text, '\n') : NULL;
        *lines = end_of_line ? end_of_line + 1 : text;
        return has_more;
}

void machine_print_console(const struct machine *machine, FILE *out)
{
        FILE *console = machine->console ? fopen(machine->console, "rb") : NULL;
        char first[FIRST_BYTES + 1], last[LAST_BYTES + 1], *lines;

        if (!console)
                return;
        if (read_last(console, last, &lines)) {
                rewind(console);
                read_text(console, first, FIRST_BYTES);
                fprintf(out, "The console's first lines:\n");
                print_lines(out, first, FIRST_LINES);
        }
        fclose(console);
        fprintf(out, *lines ? "The console's last lines:\n" : "The console stayed empty.\n");
        print_lines(out, lines, INT_MAX);
}
