#include "import/import_arguments.h"

#include "import/import_text.h"
#include "lib/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>

enum call_kind call_kind(const char *name)
{
        static const struct {
                const char *name;
                enum call_kind kind;
        } known[] = {
                { "mmap", CALL_MMAP },          { "mmap2", CALL_MMAP },         { "old_mmap", CALL_MMAP },
                { "munmap", CALL_MUNMAP },      { "shmat", CALL_SHMAT },        { "shmdt", CALL_SHMDT },
                { "mprotect", CALL_MPROTECT },  { "pkey_mprotect", CALL_MPROTECT },
                { "mremap", CALL_MREMAP },      { "brk", CALL_BRK },
        };

        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
                if (!strcmp(name, known[i].name))
                        return known[i].kind;
        return CALL_OTHER;
}

/* --- the parts of an argument list ---------------------------------------------------------------------------- */

enum { ARGUMENTS_MAX = 6 };

struct span {
        const char *at;
        size_t length;
};

struct arguments {
        struct span each[ARGUMENTS_MAX];
        size_t count;
        const char *behind;             /* what follows the closing parenthesis; NULL: there is none */
};

static struct span trimmed(const char *begin, const char *end)
{
        while (end > begin && isspace((unsigned char)end[-1]))
                end--;
        return (struct span){ begin, end - begin };
}

static const char deleted[] = "(deleted)";

/*
 * Commas and parentheses do not count inside the path that strace -y prints behind a descriptor: 3</a (b).so>(deleted)
 */
static struct arguments arguments_split(const char *text)
{
        struct arguments list = { 0 };
        unsigned depth = 0;
        const char *begin = skip_spaces(text);

        for (const char *at = begin; *at && list.count < ARGUMENTS_MAX; at++) {
                if (*at == '<' && (depth || (at > text && isdigit((unsigned char)at[-1]) && at[1] != '<')))
                        depth++;
                else if (*at == '>' && depth && !--depth && begins_with(at + 1, deleted))
                        at += strlen(deleted) + 1;
                if (depth || (*at != ',' && *at != ')'))
                        continue;
                list.each[list.count++] = trimmed(begin, at);
                begin = skip_spaces(at + 1);
                if (*at == ')') {
                        list.behind = begin;
                        break;
                }
        }
        return list;
}

static bool span_says(struct span span, const char *word)
{
        return span.length == strlen(word) && !memcmp(span.at, word, span.length);
}

/* --- numbers, words, files ------------------------------------------------------------------------------------ */

/* Addresses of i386 may have been printed with their highest bit in all the bits above. */
static uint64_t without_sign(uint64_t number)
{
        return number >= 0xffffffff80000000 && number < 0xfffffffffffff000 ? (uint32_t)number : number;
}

/* A number as strace writes it, followed by nothing or a remark in C comment signs. */
static bool parse_number(struct span span, uint64_t *out)
{
        char digits[32];
        char *end;

        if (span_says(span, "NULL")) {
                *out = 0;
                return true;
        }
        if (!span.length || !isdigit((unsigned char)*span.at))
                return false;
        if (span.length >= sizeof digits)
                span.length = sizeof digits - 1;
        memcpy(digits, span.at, span.length);
        digits[span.length] = 0;
        *out = without_sign(strtoull(digits, &end, 0));
        end = (char *)skip_spaces(end);
        return !*end || begins_with(end, "/*");
}

static unsigned word_bits(struct span word)
{
        static const struct {
                const char *word;
                unsigned bits;
        } known[] = {
                { "PROT_READ", PROTECT_READ },
                { "PROT_WRITE", PROTECT_WRITE },
                { "PROT_EXEC", PROTECT_EXECUTE },
                { "PROT_GROWSDOWN", LINUX_PROT_GROWSDOWN },
                { "MAP_FIXED", LINUX_MAP_FIXED },
                { "MAP_ANONYMOUS", LINUX_MAP_ANONYMOUS },
                { "MAP_GROWSDOWN", LINUX_MAP_GROWSDOWN },
                { "MAP_DENYWRITE", LINUX_MAP_DENYWRITE },
                { "MAP_STACK", LINUX_MAP_STACK },
                { "MAP_HUGETLB", LINUX_MAP_HUGETLB },
                { "MAP_FIXED_NOREPLACE", LINUX_MAP_FIXED_NOREPLACE },
                { "SHM_RDONLY", LINUX_SHM_RDONLY },
                { "SHM_EXEC", LINUX_SHM_EXEC },
                { "MREMAP_FIXED", LINUX_MREMAP_FIXED },
                { "MREMAP_DONTUNMAP", LINUX_MREMAP_DONTUNMAP },
        };

        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
                if (span_says(word, known[i].word))
                        return known[i].bits;
        return 0;
}

/* Words and numbers joined by |. A word that is not needed here counts as 0, like 21<<MAP_HUGE_SHIFT. */
static unsigned parse_bits(struct span span)
{
        unsigned bits = 0;
        const char *end = span.at + span.length;

        for (const char *at = span.at; at < end;) {
                const char *bar = memchr(at, '|', end - at);
                struct span word = { at, (bar ? bar : end) - at };
                uint64_t number;

                if (parse_number(word, &number))
                        return bits | (unsigned)number;
                bits |= word_bits(word);
                at = bar ? bar + 1 : end;
        }
        return bits;
}

/* From 3</usr/lib/libm.so.6> the name "libm", which is short enough for a picture. */
static void parse_file(char file[FILE_NAME_SIZE], struct span descriptor)
{
        const char *end = descriptor.at + descriptor.length;
        const char *path = memchr(descriptor.at, '<', descriptor.length);
        size_t length = 0;

        *file = 0;
        if (!path)
                return;
        for (const char *at = ++path; at < end && *at != '>'; at++)
                if (*at == '/')
                        path = at + 1;
        if (begins_with(path, "memfd:"))
                path += strlen("memfd:");
        for (; path < end && length < FILE_NAME_SIZE - 1; path++) {
                if (*path == '>' || (end - path >= 3 && !memcmp(path, ".so", 3)))
                        break;
                file[length++] = isalnum((unsigned char)*path) || strchr("._-+", *path) ? *path : '_';
        }
        file[length] = 0;
}

/* --- whole calls ---------------------------------------------------------------------------------------------- */

/* "= 0x7f72...", "= 0", "= -1 ENOMEM (Cannot allocate memory)", "= ?" */
static bool parse_result(struct strace_call *call, const char *text)
{
        char *end;

        if (*text != '=')
                return false;
        text = skip_spaces(text + 1);
        call->returned = *text != '?';
        if (!call->returned)
                return true;
        if (*text == '-') {
                text = skip_spaces(text + 1 + strspn(text + 1, "0123456789"));
                copy_name(call->error, text);
                return *call->error;
        }
        if (!isdigit((unsigned char)*text))
                return false;
        call->result = without_sign(strtoull(text, &end, 0));
        return !*end || isspace((unsigned char)*end);
}

/* shmat(3, NULL, SHM_RDONLY): becomes a mapping of a segment. */
static void parse_shmat(struct strace_call *call, const struct arguments *list)
{
        unsigned flags = parse_bits(list->each[2]);

        parse_number(list->each[0], &call->segment);
        call->protection = PROTECT_READ | (flags & LINUX_SHM_RDONLY ? 0 : PROTECT_WRITE) |
                           (flags & LINUX_SHM_EXEC ? PROTECT_EXECUTE : 0);
        snprintf(call->file, sizeof call->file, "shm");
}

const char *call_parse(struct strace_call *out, enum call_kind kind, const char *text)
{
        static const size_t wanted[] = {
                [CALL_MMAP] = 6, [CALL_MUNMAP] = 2, [CALL_MPROTECT] = 3, [CALL_MREMAP] = 4, [CALL_BRK] = 1,
                [CALL_SHMAT] = 3, [CALL_SHMDT] = 1,
        };
        struct arguments list = arguments_split(text);

        *out = (struct strace_call){ .kind = kind };
        if (strstr(text, import_unfinished))
                return NULL;
        if (!list.behind)
                return "the call's closing parenthesis is missing";
        if (list.count < wanted[kind])
                return "the call has too few arguments";
        if (kind == CALL_SHMAT) {
                parse_shmat(out, &list);
                return parse_result(out, list.behind) ? NULL : "what the call returned is missing or not understood";
        }
        if (!parse_number(list.each[0], &out->address))
                return "its first argument is not an address";
        if (kind != CALL_BRK && kind != CALL_SHMDT && !parse_number(list.each[1], &out->size))
                return "its second argument is not a size";
        if (kind == CALL_MREMAP && !parse_number(list.each[2], &out->new_size))
                return "its third argument is not a size";
        if (kind == CALL_MMAP || kind == CALL_MPROTECT) {
                unsigned bits = parse_bits(list.each[2]);

                out->protection = bits & (PROTECT_READ | PROTECT_WRITE | PROTECT_EXECUTE);
                out->grows_down = bits & LINUX_PROT_GROWSDOWN;
        }
        if (kind == CALL_MMAP || kind == CALL_MREMAP)
                out->flags = parse_bits(list.each[3]);
        if (kind == CALL_MMAP)
                parse_file(out->file, list.each[4]);
        return parse_result(out, list.behind) ? NULL : "what the call returned is missing or not understood";
}

bool call_second_number(const char *text, uint64_t *out)
{
        struct arguments list = arguments_split(text);

        return list.count > 1 && parse_number(list.each[1], out);
}

bool call_result(const char *text, long *out)
{
        const char *found = NULL;
        char *end;

        for (const char *at = text; (at = strstr(at, ") ")); at++)
                found = at;
        if (!found)
                return false;
        found = skip_spaces(found + 1);
        if (*found != '=')
                return false;
        *out = strtol(found + 1, &end, 0);
        return end != found + 1;
}
