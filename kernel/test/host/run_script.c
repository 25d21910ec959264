/*
 * run_script SCRIPT -o TRACE: runs an op script on the host, with the kernel's own code, and records its trace.
 */
#include "host_env.h"
#include "test/script.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *trace;

static void write_trace(const void *bytes, size_t length)
{
        if (trace)
                fwrite(bytes, 1, length, trace);
}

static char *read_all(const char *path, size_t *length)
{
        FILE *file = fopen(path, "rb");
        char *text = NULL;
        size_t got;

        if (!file)
                return NULL;
        *length = 0;
        do {
                text = realloc(text, *length + 65536);
                if (!text)
                        abort();
                got = fread(text + *length, 1, 65536, file);
                *length += got;
        } while (got);
        fclose(file);
        return text;
}

static int usage(int status)
{
        fprintf(status ? stderr : stdout,
                "usage: run_script SCRIPT [-o TRACE]\n"
                "Runs an op script on the host, with the kernel's own code, and records its trace.\n"
                "Exits with 0 if every outcome was as expected, 1 if one was not, 2 if it could not run.\n");
        return status;
}

int main(int argc, char **argv)
{
        static const struct option options[] = { { "output", 1, NULL, 'o' }, { "help", 0, NULL, 'h' }, { 0 } };
        const char *output = NULL, *name;
        enum verdict verdict;
        size_t length;
        char *text;
        int option;

        while ((option = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
                if (option == 'h')
                        return usage(0);
                if (option != 'o')
                        return usage(2);
                output = optarg;
        }
        if (optind != argc - 1)
                return usage(2);
        name = strrchr(argv[optind], '/') ? strrchr(argv[optind], '/') + 1 : argv[optind];
        text = read_all(argv[optind], &length);
        if (text && output)
                trace = fopen(output, "wb");
        if (!text || (output && !trace)) {
                fprintf(stderr, "run_script: %s: %s\n", text ? output : argv[optind], strerror(errno));
                return 2;
        }
        host_trace_start(write_trace);
        verdict = script_run(name, text, length);
        host_trace_finish(verdict);
        free(text);
        if (trace && fclose(trace)) {
                fprintf(stderr, "run_script: %s: %s\n", output, strerror(errno));
                return 2;
        }
        return verdict == VERDICT_PASSED ? 0 : 1;
}
