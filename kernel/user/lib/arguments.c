/*
 * What lies between the kernel and main(): the arguments are kept, and put together to one text.
 */
#include "user/lib/user.h"
#include "user/lib/words.h"

struct arguments arguments;

/* From the start code. */
int arguments_begin(size_t count, const char *const *word);

static bool needs_quotes(const char *text)
{
        return !*text || strchr(text, ' ') || strchr(text, '"') || strchr(text, '\'');
}

/* Between quotes where words_read() would cut it otherwise. */
static size_t add(char *text, size_t length, const char *argument)
{
        const char *quote = !needs_quotes(argument) ? "" : strchr(argument, '"') ? "'" : "\"";

        return length + format(text + length, WORDS_TEXT_SIZE - length, "%s%s%s%s", length ? " " : "", quote, argument,
                               quote);
}

int arguments_begin(size_t count, const char *const *word)
{
        static char text[WORDS_TEXT_SIZE];
        size_t length = 0;

        arguments = (struct arguments){ count, word };
        for (size_t i = 1; i < count && length < sizeof text; i++)
                length = add(text, length, word[i]);
        return main(text);
}
