#include "source.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The text without its spliced lines, a character at a time. */
struct scan {
        const char *at, *end;
        unsigned line;
};

/* How many bytes from here on are a `\`, perhaps blanks, and a newline, which the compiler does not see; 0: none. */
static size_t splice_length(const struct scan *scan)
{
        const char *at = scan->at;

        if (at == scan->end || *at != '\\')
                return 0;
        do {
                at++;
        } while (at < scan->end && *at != '\n' && isspace((unsigned char)*at));
        return at < scan->end && *at == '\n' ? (size_t)(at - scan->at) + 1 : 0;
}

static int peek(struct scan *scan)
{
        size_t splice;

        while ((splice = splice_length(scan))) {
                scan->at += splice;
                scan->line++;
        }
        return scan->at < scan->end ? (unsigned char)*scan->at : -1;
}

static int take(struct scan *scan)
{
        int character = peek(scan);

        if (character >= 0)
                scan->at++;
        scan->line += character == '\n';
        return character;
}

static void skip_blanks(struct scan *scan)
{
        while (peek(scan) != '\n' && isspace(peek(scan)))
                take(scan);
}

/* Whether a `#` that begins a directive is followed by `line`, by a number, or by a comment that may hide either. */
static bool is_line_directive(struct scan scan)
{
        char word[6] = "";
        size_t used = 0;

        skip_blanks(&scan);
        if (isdigit(peek(&scan)) || peek(&scan) == '/')
                return true;
        while ((isalnum(peek(&scan)) || peek(&scan) == '_') && used < sizeof word - 1)
                word[used++] = (char)take(&scan);
        return !strcmp(word, "line");
}

/*
 * The line of the first line directive; 0: there is none. A directive begins a line: before its `#` there are only blanks and
 * comments. What is a comment or a literal depends on all that comes before, and a mistake in that would be a way around this
 * check. So it does not matter here: whatever ends with the end of a comment counts as one.
 */
static unsigned line_directive_at(const char *text, size_t length)
{
        struct scan scan = { text, text + length, 1 };
        bool at_start = true;
        int character;

        if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
                scan.at += 3;                   /* a byte order mark, which the compiler does not see */
        while ((character = take(&scan)) >= 0) {
                const bool is_hash = character == '#' || (character == '%' && peek(&scan) == ':');

                if (at_start && is_hash) {
                        if (character == '%')
                                take(&scan);
                        if (is_line_directive(scan))
                                return scan.line;
                }
                if (character == '\n' || (character == '*' && peek(&scan) == '/')) {
                        if (character == '*')
                                take(&scan);
                        at_start = true;
                } else if (!isspace(character)) {
                        at_start = false;
                }
        }
        return 0;
}

bool source_is_fine(const char *name, const char *text, size_t length, char *words, size_t room)
{
        unsigned line;

        if (length > SOURCE_SIZE_MAX || memchr(text, 0, length)) {
                snprintf(words, room, "%s: this is no source file: %s", name,
                         length > SOURCE_SIZE_MAX ? "it is larger than 256 KiB" : "it holds bytes that are no text");
                return false;
        }
        line = line_directive_at(text, length);
        if (line)
                snprintf(words, room, "%s:%u: a line directive is not allowed here", name, line);
        return !line;
}
