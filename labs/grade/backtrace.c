#include "backtrace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES_MAX = 12 };

/*
 * The addresses of a backtrace, the newest first. Behind a call it is that of the next instruction: one less is in the
 * call.
 */
static size_t read_places(const char *said, char place[PLACES_MAX][24])
{
        const char *line = strstr(said, "how it got here");
        size_t count = 0;
        uint64_t address;

        while (line && count < PLACES_MAX && (line = strchr(line, '\n'))) {
                line++;
                if (sscanf(line, " | %16" SCNx64 " ", &address) != 1)
                        break;
                snprintf(place[count], sizeof place[count], "%#" PRIx64, count ? address - 1 : address);
                count++;
        }
        return count;
}

static bool is_theirs(const struct grading *grading, const char *place)
{
        for (size_t i = 0; i < grading->files; i++)
                if (strstr(place, grading->file[i]))
                        return true;
        return false;
}

/* addr2line says two lines about each address: the function, then file:line. */
static void add_places(const struct grading *grading, const char *found, bool theirs, char **out)
{
        while (*found) {
                const int function = (int)strcspn(found, "\n");
                const char *place = found + function + (found[function] == '\n');
                const int length = (int)strcspn(place, "\n");
                char *text = strndup(place, strcspn(place, " \n")), *shown = strstr(text, "kernel/");

                if (shown && is_theirs(grading, shown) == theirs)
                        add_words(out, "    %s%.*s %s\n", theirs ? "your file: " : "called by: ", function, found,
                                  shown);
                free(text);
                found = place + length + (place[length] == '\n');
        }
}

struct error backtrace_words(const struct grading *grading, const char *said, char **out)
{
        char place[PLACES_MAX][24];
        char *argv[PLACES_MAX + 5] = { "addr2line", "-f", "-e", "tree/build/kernel/understory.elf" };
        const size_t count = read_places(said, place);
        char *found;
        int status;

        *out = NULL;
        if (!count)
                return SUCCESS;
        for (size_t i = 0; i < count; i++)
                argv[4 + i] = place[i];
        TRY(run_confined(grading, "places", 20, argv, &status));
        if (status)
                return SUCCESS;                 /* the console has the names of the functions, too */
        found = work_text(grading, "run/places.txt", TEXT_MAX);
        add_places(grading, found, true, out);
        add_places(grading, found, false, out);
        free(found);
        return SUCCESS;
}
