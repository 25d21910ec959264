#include "base/error_message.h"

#include <stdarg.h>
#include <stdio.h>

static _Thread_local char words[1024];

void error_message_set(const char *format, ...)
{
        char fresh[sizeof words];               /* the newest message may be among the arguments */
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(fresh, sizeof fresh, format, arguments);
        va_end(arguments);
        __builtin_memcpy(words, fresh, sizeof words);
}

const char *error_message(void)
{
        return words;
}

static const char *no_memory_words = "this machine has no memory left for it";

void error_message_for_no_memory(const char *no_memory)
{
        no_memory_words = no_memory;
}

struct error fail_no_memory(void)
{
        return FAILF(NO_MEMORY, "%s", no_memory_words);
}

/* The length of the well-formed UTF-8 character at `text`, of at most `length` bytes; 0 if there is none. */
static size_t utf8_length(const unsigned char *text, size_t length)
{
        unsigned char first = text[0];
        size_t size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;

        if (size > length)
                return 0;
        for (size_t i = 1; i < size; i++)
                if ((text[i] & 0xc0) != 0x80)
                        return 0;
        /* Longer than need be, halves of UTF-16 pairs, beyond the last character, control characters of two bytes. */
        if ((first == 0xe0 && text[1] < 0xa0) || (first == 0xed && text[1] > 0x9f) ||
            (first == 0xf0 && text[1] < 0x90) || (first == 0xf4 && text[1] > 0x8f) ||
            (first == 0xc2 && text[1] < 0xa0))
                return 0;
        return size;
}

void text_make_printable(char *text, size_t length)
{
        for (size_t i = 0; i < length;) {
                size_t size = utf8_length((const unsigned char *)text + i, length - i);

                if (size == 0 || (size == 1 && ((unsigned char)text[i] < ' ' || text[i] == 0x7f))) {
                        text[i] = '?';
                        size = 1;
                }
                i += size;
        }
}
