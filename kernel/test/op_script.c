#include "lib/string.h"
#include "test/op_script.h"

/* --- words ------------------------------------------------------------------------------------------------ */

struct word {
        const char *text;
        size_t length;                          /* 0: the line is over */
};

/* The words of one line, a comment left out. */
struct line {
        const char *at, *end;
};

static struct word next_word(struct line *line)
{
        struct word word;

        while (line->at < line->end && (*line->at == ' ' || *line->at == '\t' || *line->at == '\r'))
                line->at++;
        word = (struct word){ line->at, 0 };
        if (line->at < line->end && *line->at == '#')
                line->at = line->end;
        while (line->at < line->end && *line->at != ' ' && *line->at != '\t' && *line->at != '\r')
                line->at++, word.length++;
        return word;
}

static bool is(struct word word, const char *text)
{
        return word.length == strlen(text) && !memcmp(word.text, text, word.length);
}

/* A digit's value, or 16 if it is none. */
static unsigned digit(char character)
{
        if (character >= '0' && character <= '9')
                return (unsigned)(character - '0');
        if (character >= 'a' && character <= 'f')
                return (unsigned)(character - 'a') + 10;
        if (character >= 'A' && character <= 'F')
                return (unsigned)(character - 'A') + 10;
        return 16;
}

/* Reads digits up to where they end, and moves the word past them. False if there are none or they overflow. */
static bool take_digits(struct word *word, uint64_t *number)
{
        unsigned base = 10;
        size_t used = 0;

        *number = 0;
        if (word->length > 2 && word->text[0] == '0' && word->text[1] == 'x') {
                base = 16;
                *word = (struct word){ word->text + 2, word->length - 2 };
        }
        for (; used < word->length && digit(word->text[used]) < base; used++)
                if (__builtin_mul_overflow(*number, base, number) ||
                    __builtin_add_overflow(*number, digit(word->text[used]), number))
                        return false;
        *word = (struct word){ word->text + used, word->length - used };
        return used > 0;
}

static bool parse_number(struct word word, uint64_t *number)
{
        return take_digits(&word, number) && !word.length;
}

/* A size: "64K" is 65536, "100" is rounded up to a page, "100!" is not. */
static bool parse_size(struct word word, size_t *size)
{
        static const struct { char suffix; unsigned shift; } units[] = {
                { 'K', 10 }, { 'M', 20 }, { 'G', 30 }, { 'T', 40 },
        };

        if (!take_digits(&word, size))
                return false;
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
                if (word.length && word.text[0] == units[i].suffix) {
                        if (__builtin_mul_overflow(*size, (size_t)1 << units[i].shift, size))
                                return false;
                        word = (struct word){ word.text + 1, word.length - 1 };
                        break;
                }
        }
        if (is(word, "!"))
                return true;
        return !word.length && vrange_round_up(size, *size);
}

static bool parse_protection(struct word word, enum protection *protection)
{
        static const struct { char letter; enum protection bit; } letters[] = {
                { 'r', PROTECT_READ }, { 'w', PROTECT_WRITE }, { 'x', PROTECT_EXECUTE },
        };
        unsigned bits = PROTECT_NONE;

        if (word.length != 3)
                return false;
        for (int i = 0; i < 3; i++) {
                if (word.text[i] == letters[i].letter)
                        bits |= letters[i].bit;
                else if (word.text[i] != '-')
                        return false;
        }
        *protection = (enum protection)bits;
        return true;
}

static bool parse_error_name(struct word word, enum error_code *code)
{
#define X(symbol, name, meaning)                                                                                    \
        if (is(word, #name)) {                                                                                      \
                *code = ERROR_##symbol;                                                                             \
                return true;                                                                                        \
        }
        ERROR_CODES(X)
#undef X
        return false;
}

/* --- lines ------------------------------------------------------------------------------------------------ */

/* Each parser yields NULL, or what is wrong with the line, in words. */
static const char *parse_address_and_size(struct line *line, struct vrange *range)
{
        size_t size;

        if (!parse_number(next_word(line), &range->base))
                return "an address is expected here: decimal, or hexadecimal after 0x";
        if (!parse_size(next_word(line), &size))
                return "a size is expected here: a number, perhaps followed by K, M, G or T";
        if (!vrange_make(range, range->base, size))
                return "address and size together are more than an address can say";
        return NULL;
}

static const char *parse_base_and_end(struct line *line, struct vrange *range)
{
        if (!parse_number(next_word(line), &range->base) || !parse_number(next_word(line), &range->end))
                return "two addresses are expected here: base and end";
        return NULL;
}

static const char *parse_where(struct line *line, struct mapping *mapping)
{
        static const struct { const char *word; enum where where; bool has_address; } ways[] = {
                { "anywhere", MAP_ANYWHERE, false }, { "at", MAP_SPECIFICALLY, true }, { "replace", MAP_REPLACE, true },
                { "near", MAP_NEAR, true }, { "random", MAP_RANDOM, false },
        };
        struct word word = next_word(line);

        for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
                if (!is(word, ways[i].word))
                        continue;
                mapping->where = ways[i].where;
                if (ways[i].has_address && !parse_number(next_word(line), &mapping->address))
                        return "an address is expected here: decimal, or hexadecimal after 0x";
                return NULL;
        }
        return "after the protection comes anywhere, at ADDRESS, replace ADDRESS, near ADDRESS or random";
}

static const char *parse_expectation(struct line *line, struct op *op)
{
        struct word word = next_word(line);

        op->expects = true;
        if (parse_number(word, &op->expected_address))
                op->expects_address = true;
        else if (!parse_error_name(word, &op->expected_error))
                return "after -> comes an address, ok, or the name of an error";
        if (next_word(line).length)
                return "the line should end after what is expected";
        return NULL;
}

enum { MEMORY_MOST = 1000000 };

/* What may follow an operation: options, and what is expected of it. */
static const char *parse_rest(struct line *line, struct op *op)
{
        for (struct word word = next_word(line); word.length; word = next_word(line)) {
                const char *problem = NULL;

                if (is(word, "->"))
                        return parse_expectation(line, op);
                if (op->kind == OP_MAP && is(word, "align")) {
                        if (!parse_size(next_word(line), &op->mapping.alignment) || !op->mapping.alignment)
                                problem = "after align comes a size, not zero";
                } else if (op->kind == OP_MAP && is(word, "guard")) {
                        if (!parse_size(next_word(line), &op->mapping.guard_before) ||
                            !parse_size(next_word(line), &op->mapping.guard_after))
                                problem = "after guard come two sizes: before and after";
                } else if (op->kind == OP_MAP && is(word, "window")) {
                        problem = parse_base_and_end(line, &op->mapping.window);
                } else if (!op_is_directive(op) && is(word, "memory")) {
                        op->is_scarce = true;
                        if (!parse_number(next_word(line), &op->memory) || op->memory > MEMORY_MOST)
                                problem = "after memory comes how many blocks there are: a number up to a million";
                } else {
                        problem = "there is a word too many here";
                }
                if (problem)
                        return problem;
        }
        return NULL;
}

static const char *parse_map(struct line *line, struct op *op)
{
        struct word name = next_word(line);

        if (!name.length || name.length >= REGION_NAME_SIZE)
                return "a name of 1 to 23 characters is expected here";
        memcpy(op->name, name.text, name.length);
        op->name[name.length] = 0;
        op->mapping.name = op->name;
        if (!parse_size(next_word(line), &op->mapping.size))
                return "a size is expected here: a number, perhaps followed by K, M, G or T";
        if (!parse_protection(next_word(line), &op->mapping.protection))
                return "a protection is expected here, such as rw- or r-x";
        return parse_where(line, &op->mapping);
}

static const char *parse_protect(struct line *line, struct op *op)
{
        const char *problem = parse_address_and_size(line, &op->range);

        if (!problem && !parse_protection(next_word(line), &op->protection))
                problem = "a protection is expected here, such as rw- or r-x";
        return problem;
}

static const char *parse_operation(struct line *line, struct word verb, struct op *op)
{
        if (is(verb, "map")) {
                op->kind = OP_MAP;
                return parse_map(line, op);
        }
        if (is(verb, "unmap")) {
                op->kind = OP_UNMAP;
                return parse_address_and_size(line, &op->range);
        }
        if (is(verb, "protect")) {
                op->kind = OP_PROTECT;
                return parse_protect(line, op);
        }
        if (is(verb, "resize")) {
                op->kind = OP_RESIZE;
                return parse_address_and_size(line, &op->range);
        }
        if (is(verb, "find")) {
                op->kind = OP_FIND;
                return parse_number(next_word(line), &op->range.base) ? NULL : "an address is expected here";
        }
        if (is(verb, "space")) {
                op->kind = OP_SPACE;
                return parse_base_and_end(line, &op->range);
        }
        if (is(verb, "seed")) {
                op->kind = OP_SEED;
                return parse_number(next_word(line), &op->seed) ? NULL : "a number is expected here";
        }
        if (is(verb, "keyframes")) {
                op->kind = OP_KEYFRAMES;
                return NULL;
        }
        return "a line begins with map, unmap, protect, resize, find, space, seed or keyframes";
}

static const char *parse_line(struct op_script *script, struct line *line, struct word verb, struct op *op)
{
        const char *problem;

        *op = (struct op){ 0 };
        problem = parse_operation(line, verb, op);
        if (problem)
                return problem;
        if (!op_is_directive(op))
                script->past_directives = true;
        else if (script->past_directives)
                return "space, seed and keyframes come before the first operation";
        else if (op->kind == OP_SPACE && (vrange_is_empty(op->range) || !vrange_is_page_aligned(op->range)))
                return "a space is at least one page, and its base and end are page aligned";
        return parse_rest(line, op);
}

struct op_script op_script_of(const char *text, size_t length)
{
        return (struct op_script){ .at = text, .end = text + length };
}

/* What a line asks for ends where an arrow or a comment begins. */
static size_t length_of_request(const char *text, const char *end)
{
        const char *at = text;

        while (at < end && *at != '#' && !(at + 1 < end && at[0] == '-' && at[1] == '>'))
                at++;
        while (at > text && (at[-1] == ' ' || at[-1] == '\t' || at[-1] == '\r'))
                at--;
        return (size_t)(at - text);
}

bool op_script_next(struct op_script *script, struct op *op)
{
        while (script->at < script->end && !script->problem) {
                struct line line = { script->at, script->at };
                struct word verb;

                while (line.end < script->end && *line.end != '\n')
                        line.end++;
                script->at = line.end < script->end ? line.end + 1 : line.end;
                script->line++;
                verb = next_word(&line);
                if (!verb.length || verb.text[0] == '#')
                        continue;
                script->text = verb.text;
                script->length = length_of_request(verb.text, line.end);
                script->problem = parse_line(script, &line, verb, op);
                return !script->problem;
        }
        return false;
}
