#include "user/sh/names.h"
#include "user/lib/user.h"

static size_t last_line_length(const struct names *names)
{
        size_t length = 0;

        while (length < names->length && names->text[names->length - 1 - length] != '\n')
                length++;
        return length;
}

void add_name(struct names *names, const char *name, size_t length)
{
        const char before = last_line_length(names) + 1 + length > LINE_COLUMNS ? '\n' : ' ';

        if (names->length + length + sizeof " \n" < NAMES_SIZE)
                names->length += format(names->text + names->length, NAMES_SIZE - names->length, "%c%.*s", before,
                                        (int)length, name);
}

void print_names(struct names *names)
{
        names->text[names->length++] = '\n';
        console_write(names->text, names->length);
}
