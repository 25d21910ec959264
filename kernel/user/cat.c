/*
 * cat: prints a file, or what it is given to read.
 */
#include "user/lib/line_reader.h"
#include "user/lib/user.h"

int main(const char *argument)
{
        static struct line_reader reader;
        char line[KPRINTF_MAX - 1];

        if (!line_reader_open(&reader, argument))
                return 1;
        while (line_next(&reader, line, sizeof line))
                printf("%s\n", line);
        return reader.error.code ? print_error("cat", reader.error) : 0;
}
