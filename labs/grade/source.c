#include "source.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The text without its spliced lines, comments and the insides of literals, a character at a time. */
struct scan {
        const char *at, *end;
        unsigned line;
};

/* The next character behind `\` newline, which the compiler does not see. */
static int peek(struct scan *scan)
{
        for (;;) {
                size_t left = (size_t)(scan->end - scan->at);

                if (left >= 2 && scan->at[0] == '\\' && scan->at[1] == '\n')
                        scan->at += 2;
                else if (left >= 3 && scan->at[0] == '\\' && scan->at[1] == '\r' && scan->at[2] == '\n')
                        scan->at += 3;
                else
                        return left ? (unsigned char)*scan->at : -1;
                scan->line++;
        }
}

static int take(struct scan *scan)
{
        int character = peek(scan);

        if (character >= 0)
                scan->at++;
        scan->line += character == '\n';
        return character;
}

static void skip_comment(struct scan *scan)
{
        int last = 0, character;

        while ((character = take(scan)) >= 0 && !(last == '*' && character == '/'))
                last = character;
}

static void skip_literal(struct scan *scan, int quote)
{
        int character;

        while ((character = take(scan)) >= 0 && character != quote && character != '\n')
                if (character == '\\')
                        take(scan);
}

/* The next character that counts; a comment is a blank, a literal its quote. */
static int next(struct scan *scan)
{
        int character = take(scan);

        if (character == '/' && peek(scan) == '*') {
                take(scan);
                skip_comment(scan);
                return ' ';
        }
        if (character == '/' && peek(scan) == '/') {
                while (peek(scan) >= 0 && peek(scan) != '\n')
                        take(scan);
                return ' ';
        }
        if (character == '"' || character == '\'')
                skip_literal(scan, character);
        return character;
}

static bool is_assembly(const char *word)
{
        return !strcmp(word, "asm") || !strcmp(word, "__asm") || !strcmp(word, "__asm__");
}

/* Where in a line the scan is: at its start, behind `#`, or anywhere else. */
enum place { AT_START, AT_PERCENT, IN_DIRECTIVE, ELSEWHERE };

static enum place after(enum place place, int character)
{
        if (character == '\n')
                return AT_START;
        if (isspace(character) && place != AT_PERCENT)
                return place;
        if (place == AT_START && character == '%')
                return AT_PERCENT;
        if ((place == AT_START && character == '#') || (place == AT_PERCENT && character == ':'))
                return IN_DIRECTIVE;
        return ELSEWHERE;
}

bool source_is_fine(const char *name, const char *text, size_t length, char *words, size_t room)
{
        struct scan scan = { text, text + length, 1 };
        enum place place = AT_START, began = ELSEWHERE;
        char word[32];
        size_t used = 0;
        int character;

        if (length > SOURCE_SIZE_MAX || memchr(text, 0, length)) {
                snprintf(words, room, "%s: this is no source file: %s", name,
                         length > SOURCE_SIZE_MAX ? "it is larger than 256 KiB" : "it holds bytes that are no text");
                return false;
        }
        do {
                character = next(&scan);
                if (isalnum(character) || character == '_') {
                        if (!used)
                                began = place;
                        if (used < sizeof word - 1)
                                word[used++] = (char)character;
                        place = ELSEWHERE;
                        continue;
                }
                word[used] = 0;
                if (is_assembly(word) || (began == IN_DIRECTIVE && used && (!strcmp(word, "line") || isdigit(*word)))) {
                        snprintf(words, room, "%s:%u: %s is not allowed here", name, scan.line - (character == '\n'),
                                 is_assembly(word) ? "inline assembly" : "a line directive");
                        return false;
                }
                used = 0;
                began = ELSEWHERE;
                place = after(place, character);
        } while (character >= 0);
        return true;
}
