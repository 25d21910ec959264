#include "user/lib/words.h"

bool words_read(struct words *words, const char *argument)
{
        size_t length = 0;
        char quote = 0;
        bool inside = false;

        words->count = 0;
        for (; *argument && length + 1 < sizeof words->text; argument++) {
                const bool quotes = quote ? *argument == quote : *argument == '"' || *argument == '\'';

                if (*argument == ' ' && !quote) {
                        if (inside)
                                words->text[length++] = 0;
                        inside = false;
                        continue;
                }
                if (!inside) {
                        if (words->count == WORDS_MOST)
                                break;
                        words->offset[words->count++] = (uint16_t)length;
                }
                inside = true;
                if (quotes)
                        quote = quote ? 0 : *argument;
                else
                        words->text[length++] = *argument;
        }
        words->text[length] = 0;
        while (*argument == ' ')
                argument++;
        return !*argument;
}

bool parse_number(const char *digits, uint64_t *number)
{
        const char *digit = digits;

        for (*number = 0; *digit >= '0' && *digit <= '9'; digit++)
                if (__builtin_mul_overflow(*number, 10, number) ||
                    __builtin_add_overflow(*number, (uint64_t)(*digit - '0'), number))
                        return false;
        return digit > digits && !*digit;
}
