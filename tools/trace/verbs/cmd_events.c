#include "stream/event_table.h"
#include "verbs/command.h"
#include "verbs/command_options.h"

#include <getopt.h>
#include <string.h>

static const char help[] =
        "usage: regiontrace events\n"
        "\n"
        "Prints all events and the words of all enumerations as Markdown tables. They are made from\n"
        "kernel/trace/events.def and, for those that no kernel sends, tools/trace/saved_events.def.\n"
        "\n"
        "  -h, --help   show this\n"
        "\n"
        "Exit status: 0 fine; 2 wrong usage.\n";

static void print_category(const struct category_description *category)
{
        printf("## %s: %s\n\n| event | fields | when it is sent |\n|---|---|---|\n", category->name, category->meaning);
        for (int i = EVENT_TIME + 1; i < EVENT_COUNT_ALL; i++) {
                const struct event_description *event = &event_table[i];

                if (strcmp(event->category, category->name) != 0)
                        continue;
                printf("| `%s` | ", event->name);
                for (size_t field = 0; field < event->fields; field++)
                        printf("%s`%s` %s", field ? ", " : "", event->field[field].name, event->field[field].type);
                printf(" | %s |\n", event->meaning);
        }
        printf("\n");
}

static void print_words(const struct enumeration_description *enumeration)
{
        printf("| `%s` | meaning |\n|---|---|\n", enumeration->name);
        for (size_t i = 0; i < enumeration->words; i++)
                printf("| `%s` | %s |\n", enumeration->word[i].name, enumeration->word[i].meaning);
        printf("\n");
}

int cmd_events(int argc, char **argv)
{
        const struct command_option options[] = { { 0 } };
        int status;

        if (!command_options("events", argc, argv, help, options, &status))
                return status;
        if (optind < argc) {
                command_cannot("events", "takes no arguments, but got \"%s\"", argv[optind]);
                return command_usage("events");
        }
        printf("# Events\n\n");
        for (size_t i = 0; i < category_table_size; i++)
                print_category(&category_table[i]);
        printf("# Words\n\n");
        for (size_t i = 0; i < enumeration_table_size; i++)
                print_words(&enumeration_table[i]);
        return command_flush("events") ? EXIT_FINE : EXIT_CANNOT;
}
