#include "import/import_name.h"

#include "lib/vocabulary.h"

#include <stdio.h>
#include <string.h>

void import_name_numbered(struct mapping *new, const char *kind, unsigned *so_far)
{
        if (++*so_far == 1)
                new->root_length = snprintf(new->name, sizeof new->name, "%s", kind);
        else
                new->root_length = snprintf(new->name, sizeof new->name, "%s%u", kind, *so_far);
}

/* "lib3.text" for a part of lib3 */
static void name_segment(struct mapping *new, const struct mapping *whole, bool is_anonymous)
{
        const char *segment = is_anonymous                              ? "bss"
                              : new->protection & PROTECT_EXECUTE       ? "text"
                              : new->protection & PROTECT_WRITE         ? "data"
                                                                        : "rodata";

        new->root_length = whole->root_length;
        snprintf(new->name, sizeof new->name, "%.*s.%s", (int)whole->root_length, whole->name, segment);
}

static void name_with_number(struct mapping *new, const char *kind, unsigned *so_far)
{
        new->root_length = snprintf(new->name, sizeof new->name, "%s%u", kind, ++*so_far);
}

void import_name(struct mapping *new, const struct strace_call *call, const struct mapping *under,
                 struct import_names *names)
{
        bool is_anonymous = call->flags & LINUX_MAP_ANONYMOUS;
        bool is_part = call->flags & LINUX_MAP_FIXED && under && under->is_file;

        new->is_file = !is_anonymous || is_part;
        if (is_part)
                name_segment(new, under, is_anonymous);
        else if (*call->file)
                new->root_length = snprintf(new->name, sizeof new->name, "%s", call->file);
        else if (call->flags & LINUX_MAP_STACK)
                name_with_number(new, "stack", &names->stacks);
        else if (is_anonymous && new->protection == PROTECT_NONE)
                name_with_number(new, "reserve", &names->reservations);
        else if (is_anonymous)
                name_with_number(new, "anon", &names->anonymous);
        else if (call->flags & LINUX_MAP_DENYWRITE)
                name_with_number(new, "lib", &names->libraries);
        else
                name_with_number(new, "file", &names->files);
}
