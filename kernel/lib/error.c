#include "lib/error.h"

#define X(symbol, name, meaning) { #name, meaning },
static const struct { const char *name, *meaning; } words[] = {
        ERROR_CODES(X) { "unknown", "an error this build does not know" },
};
#undef X
enum { UNKNOWN = sizeof words / sizeof *words - 1 };

const char *error_name(enum error_code code)
{
        return words[(unsigned)code < UNKNOWN ? code : UNKNOWN].name;
}

const char *error_meaning(enum error_code code)
{
        return words[(unsigned)code < UNKNOWN ? code : UNKNOWN].meaning;
}
