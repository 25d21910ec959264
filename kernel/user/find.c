/*
 * find: prints the lines that have a word in them: find WORD [FILE].
 */
#include "user/lib/line_reader.h"
#include "user/lib/user.h"
#include "user/lib/words.h"

/* Its status is 0 if there was such a line. */
int main(const char *argument)
{
        static struct line_reader reader;
        struct words words;
        char line[KPRINTF_MAX - 1];
        bool found = false;

        words_read(&words, argument);
        if (!words.count) {
                printf("find: what? As in: maps | find stack\n");
                return 2;
        }
        if (!line_reader_open(&reader, word(&words, 1)))
                return 2;
        while (line_next(&reader, line, sizeof line)) {
                if (!strstr(line, word(&words, 0)))
                        continue;
                printf("%s\n", line);
                found = true;
        }
        return reader.error.code ? print_error("find", reader.error) : !found;
}
