#include "base/error_message.h"
#include "base/format.h"
#include "html/page.h"
#include "verbs/verbs.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char help[] =
        "usage: regionviz html [OPTIONS] FILE -o PAGE.html\n"
        "\n"
        "Makes one page that plays the operations of a region tree in any browser, step by step, forward and back:\n"
        "the tree, the address space, the holes, and why each decision was made. It is one file and needs no network.\n"
        "\n"
        "  -o, --output PAGE   the file to write\n"
        "  -t, --tree ID       which tree; without it the one with the most operations\n"
        "      --from N        begin with this operation of the tree (1)\n"
        "      --to N          end with this one; a page has 2,000 operations and 3 MB at most, and says what it left out\n"
        "  -h, --help          show this\n"
        "\n"
        "FILE is read three times, so it cannot be a pipe.\n"
        "Exit status: 0 the page is written; 2 wrong usage, or it cannot be made.\n";

static int cannot(const char *words)
{
        fprintf(stderr, "regionviz html: %s\n", words);
        return VIZ_CANNOT;
}

/* A whole number from 1. */
static struct error parse_number(uint64_t *out, const char *option, const char *text)
{
        char *end;

        errno = 0;
        *out = strtoull(text, &end, 10);
        if (*text < '1' || *text > '9' || *end || errno)
                return FAILF(BAD_ARGUMENT, "--%s takes a number from 1, not \"%s\"", option, text);
        return SUCCESS;
}

/* The page is written beside its place and then put there, so that a failure leaves no half of it. */
static struct error write_page(const char *path, const struct steps_request *request, struct steps_totals *totals)
{
        char *part;
        FILE *out;
        struct error error;

        if (asprintf(&part, "%s.part", path) < 0)
                return fail_no_memory();
        out = fopen(part, "w");
        error = out ? page_write(out, request, totals) : FAILF(IO, "%s: cannot be written: %s", path, strerror(errno));
        if (out && (ferror(out) | fclose(out)) && !error.code)
                error = FAILF(IO, "%s: cannot be written", path);
        if (!error.code && rename(part, path))
                error = FAILF(IO, "%s: cannot be written: %s", path, strerror(errno));
        if (error.code && out)
                remove(part);
        free(part);
        return error;
}

static int make(const char *output, const struct steps_request *request)
{
        struct steps_totals totals;
        struct stat status;

        if (write_page(output, request, &totals).code)
                return cannot(error_message());
        printf("%s: tree %s (%s), %s, %s, %s\n", output, format_count(totals.tree), totals.space,
               format_counted(totals.operations, "operation"), format_counted(totals.steps, "step"),
               stat(output, &status) ? "" : format_about((uint64_t)status.st_size));
        if (totals.left_out)
                printf("Left out: %s (--from, --to)\n", format_counted(totals.left_out, "operation"));
        if (totals.unknown)
                printf("Unknown, since events are missing: %s\n", format_counted(totals.unknown, "operation"));
        return VIZ_FINE;
}

static bool ends_in_html(const char *path)
{
        static const char ending[] = ".html";
        const size_t length = strlen(path), of_ending = sizeof ending - 1;

        return length > of_ending && !strcmp(path + length - of_ending, ending);
}

int cmd_html(int argc, char **argv)
{
        enum { FROM = 256, TO };
        static const struct option long_options[] = {
                { "output", required_argument, NULL, 'o' }, { "tree", required_argument, NULL, 't' },
                { "from", required_argument, NULL, FROM },  { "to", required_argument, NULL, TO },
                { "help", no_argument, NULL, 'h' },         { 0 },
        };
        struct steps_request request = { .from = 1, .to = UINT64_MAX };
        const char *output = NULL;
        struct error error = SUCCESS;
        int option;

        while ((option = getopt_long(argc, argv, "o:t:h", long_options, NULL)) != -1) {
                switch (option) {
                case 'h':
                        fputs(help, stdout);
                        return VIZ_FINE;
                case 'o':
                        output = optarg;
                        break;
                case 't':
                        error = parse_number(&request.tree, "tree", optarg);
                        break;
                case FROM:
                        error = parse_number(&request.from, "from", optarg);
                        break;
                case TO:
                        error = parse_number(&request.to, "to", optarg);
                        break;
                default:
                        return cannot("try `regionviz html --help'");
                }
                if (error.code)
                        return cannot(error_message());
        }
        if (optind != argc - 1)
                return cannot("it takes one recording; try `regionviz html --help'");
        if (!output)
                return cannot("name the file to write, as in -o tree.html");
        if (!ends_in_html(output))
                return cannot("-o takes a name that ends in .html, or a browser does not take the file for a page");
        if (!strcmp(argv[optind], "-"))
                return cannot("the recording is read three times, so it must be a file");
        request.path = argv[optind];
        return make(output, &request);
}
