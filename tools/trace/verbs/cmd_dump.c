#include "base/error_message.h"
#include "stream/event_print.h"
#include "verbs/command.h"
#include "verbs/command_options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
        "usage: regiontrace dump [OPTIONS] FILE\n"
        "\n"
        "Prints the events of a recording in order of time, one a line: number, time since the stream began,\n"
        "name, fields; and, if several cpus send events, the cpu and the number there. FILE may be a pipe, a Unix\n"
        "socket, or - for standard input. An event is printed if it passes all filters.\n"
        "\n"
        "  -c, --category NAME   only events of this category (as listed by `regiontrace events')\n"
        "  -e, --event NAME      only events of this name\n"
        "  -t, --tree ID         only events of this tree\n"
        "      --cpu N           only events of this cpu\n"
        "      --from N, --to N  only events numbered N and above, or up to N\n"
        "  -j, --json            JSON, an object a line\n"
        "  -m, --memory MIB      how much memory it may take (1024)\n"
        "  -h, --help            show this\n"
        "\n"
        "Exit status: 0 fine; 1 part of the stream could not be understood, standard error says which;\n"
        "2 wrong usage, or FILE cannot be read.\n";

struct filter {
        const char *category, *event;
        bool by_tree, by_cpu;
        uint64_t tree, cpu, from, to;
};

static bool is_of_tree(const struct event *event, uint64_t tree)
{
        for (size_t i = 0; i < event->schema->fields; i++)
                if (strcmp(event->schema->field[i].name, "tree") == 0)
                        return event->raw[i] == tree;
        return false;
}

static bool passes(const struct filter *filter, const struct event *event)
{
        return event->number >= filter->from && event->number <= filter->to &&
               (!filter->category || strcmp(event->schema->category, filter->category) == 0) &&
               (!filter->event || strcmp(event->schema->name, filter->event) == 0) &&
               (!filter->by_tree || is_of_tree(event, filter->tree)) && (!filter->by_cpu || event->cpu == filter->cpu);
}

enum shape { AS_TEXT, AS_JSON };

/* So many bytes of lines are written at once; on a terminal, every line by itself. */
enum { WRITTEN_AT_ONCE = 1 << 16 };

static void write_lines(struct buffer *lines)
{
        fwrite(lines->bytes, 1, lines->length, stdout);
        lines->length = 0;
}

/* Prints the events that pass the filter. False if there was no memory. */
static bool print_events(struct reader *reader, const struct filter *filter, enum shape shape)
{
        const size_t enough = isatty(STDOUT_FILENO) ? 1 : WRITTEN_AT_ONCE;
        struct buffer lines = { 0 };
        struct event event;

        while (!ferror(stdout) && reader_next(reader, &event)) {
                if (!passes(filter, &event))
                        continue;
                if (shape == AS_JSON)
                        event_print_json(&lines, &event);
                else
                        event_print(&lines, reader_schema(reader), &event);
                if (lines.length >= enough)
                        write_lines(&lines);
        }
        write_lines(&lines);
        free(lines.bytes);
        return !lines.failed;
}

static int dump(struct reader *reader, const struct filter *filter, enum shape shape)
{
        struct reader_totals totals;

        if (!command_has_names("dump", reader_schema(reader), filter->category, filter->event))
                return EXIT_CANNOT;
        if (!print_events(reader, filter, shape))
                return command_cannot("dump", "not enough memory");
        if (!command_flush("dump"))
                return EXIT_CANNOT;
        if (reader_failed(reader))
                return command_cannot("dump", "%s", error_message());
        command_print_notices(stderr, reader);
        totals = reader_totals(reader);
        return totals.damaged ? EXIT_CHECK_FAILED : EXIT_FINE;
}

int cmd_dump(int argc, char **argv)
{
        struct filter filter = { .to = UINT64_MAX };
        uint64_t memory = MEMORY_MEBIBYTES;
        bool json = false;
        const struct command_option options[] = {
                { "category", 'c', .text = &filter.category },
                { "event", 'e', .text = &filter.event },
                { "tree", 't', .number = &filter.tree, .is_given = &filter.by_tree },
                { "cpu", .number = &filter.cpu, .is_given = &filter.by_cpu },
                { "from", .number = &filter.from },
                { "to", .number = &filter.to },
                { "json", 'j', .flag = &json },
                { "memory", 'm', .number = &memory },
                { 0 },
        };
        struct reader *reader;
        int status;

        if (!command_options("dump", argc, argv, help, options, &status))
                return status;
        command_limit_memory(memory);
        if (!command_open("dump", argc, argv, &reader))
                return EXIT_CANNOT;
        status = dump(reader, &filter, json ? AS_JSON : AS_TEXT);
        reader_close(reader);
        return status;
}
