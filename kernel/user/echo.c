/*
 * echo: prints its words.
 */
#include "user/lib/user.h"
#include "user/lib/words.h"

int main(const char *argument, [[maybe_unused]] struct file file)
{
        struct words words;

        words_read(&words, argument);
        for (size_t i = 0; i < words.count; i++)
                printf(i ? " %s" : "%s", word(&words, i));
        printf("\n");
        return 0;
}
