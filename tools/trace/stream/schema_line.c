#include "stream/schema_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *schema_next_word(struct schema_line *line)
{
        char *word = line->rest, *space;

        if (!word || !*word)
                return NULL;
        space = strchr(word, ' ');
        line->rest = space ? space + 1 : NULL;
        if (space)
                *space = 0;
        return word;
}

bool schema_next_number(struct schema_line *line, uint64_t *out)
{
        const char *word = schema_next_word(line);
        char *end;

        if (!word || *word < '0' || *word > '9')
                return false;
        errno = 0;
        *out = strtoull(word, &end, 10);
        return !*end && errno == 0;
}

void *schema_grow(void *array, size_t count, size_t size)
{
        if (count & (count - 1))
                return array;
        return reallocarray(array, count ? 2 * count : 1, size);
}
