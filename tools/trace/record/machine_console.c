#include "base/error_message.h"
#include "record/machine_internal.h"

#include <stdio.h>
#include <string.h>

enum { CONSOLE_TAIL = 2048 };

void machine_print_console(const struct machine *machine, FILE *out)
{
        FILE *console = machine->console ? fopen(machine->console, "rb") : NULL;
        char tail[CONSOLE_TAIL + 1], *start = tail;
        size_t length;

        if (!console)
                return;
        if (fseek(console, -CONSOLE_TAIL, SEEK_END) == 0)
                start = NULL;                   /* begins in the middle of a line */
        else
                rewind(console);
        length = fread(tail, 1, CONSOLE_TAIL, console);
        fclose(console);
        tail[length] = 0;
        for (size_t i = 0; i < length; i++)
                if (tail[i] == 0 || tail[i] == '\r')
                        tail[i] = ' ';
        if (!start)
                start = strchr(tail, '\n') ? strchr(tail, '\n') + 1 : tail;
        if (!*start) {
                fprintf(out, "The console stayed empty.\n");
                return;
        }
        fprintf(out, "The console's last lines:\n");
        for (char *line; (line = strsep(&start, "\n"));) {
                text_make_printable(line, strlen(line));
                if (*line)
                        fprintf(out, "  | %s\n", line);
        }
}
