/*
 * count: counts the lines, words and bytes of a file, or of what it is given to read.
 */
#include "user/lib/user.h"

enum { CHUNK_SIZE = 512 };

struct counts {
        size_t lines, words, bytes;
        bool inside_word;
};

static void count(struct counts *counts, const char *bytes, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                const bool is_space = bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\n';

                counts->lines += bytes[i] == '\n';
                counts->words += !is_space && !counts->inside_word;
                counts->inside_word = !is_space;
        }
        counts->bytes += size;
}

int main(const char *argument)
{
        struct counts counts = { 0 };
        char chunk[CHUNK_SIZE];
        unsigned input = FILE_INPUT;
        struct error error;
        size_t size;

        error = *argument ? open(argument, &input) : SUCCESS;
        while (!error.code && !(error = read(input, chunk, sizeof chunk, &size)).code && size)
                count(&counts, chunk, size);
        if (error.code)
                return print_error(*argument ? argument : "count", error);
        printf("%zu lines, %zu words, %zu bytes\n", counts.lines, counts.words, counts.bytes);
        return 0;
}
