#include "user/lib/command.h"
#include "lib/string.h"

static char *skip(char *at, const char *bytes)
{
        while (*at && strchr(bytes, *at))
                at++;
        return at;
}

/* Where a command ends: at one of "|&;", or the end of the line. A comment is cut off. */
static char *find_end(char *at, const char **problem)
{
        char quote = 0;

        for (char before = ' '; *at; before = *at++) {
                if (quote)
                        quote = *at == quote ? 0 : quote;
                else if (*at == '"' || *at == '\'')
                        quote = *at;
                else if (*at == '#' && before == ' ')
                        *at-- = 0;
                else if (strchr("|&;", *at))
                        break;
        }
        if (quote)
                *problem = "a quote is not closed";
        return at;
}

/* The command from `at` to `end`, where it is cut off. Says what is wrong with it. */
static const char *add_command(struct pipeline *pipeline, char *at, char *end)
{
        struct command *command = &pipeline->command[pipeline->count];

        if (at == end)
                return "a command is missing";
        if (pipeline->count++ == COMMANDS_MOST)
                return "too many commands in a row";
        while (end > at && end[-1] == ' ')
                end--;
        *end = 0;
        command->name = at;
        while (*at && *at != ' ')
                at++;
        command->argument = skip(at, " ");
        *at = 0;
        return NULL;
}

bool pipeline_next(char **line, struct pipeline *out, const char **problem)
{
        char *at = skip(*line, " ;"), mark = '|';

        *out = (struct pipeline){ 0 };
        *problem = NULL;
        if (!*at || *at == '#')
                return false;
        while (mark == '|' && !*problem) {
                char *end = find_end(at, problem);

                mark = *end;
                if (!*problem)
                        *problem = add_command(out, at, end);
                at = skip(mark ? end + 1 : end, " ");
        }
        out->in_background = mark == '&';
        *line = at;
        return !*problem;
}
