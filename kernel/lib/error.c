#include "lib/error.h"

static const struct {
        const char *name, *meaning;
} codes[] = {
#define X(symbol, name, meaning) { #name, meaning },
        ERROR_CODES(X)
#undef X
};

static bool is_known(enum error_code code)
{
        return (unsigned)code < sizeof codes / sizeof *codes;
}

const char *error_name(enum error_code code)
{
        return is_known(code) ? codes[code].name : "unknown";
}

const char *error_meaning(enum error_code code)
{
        return is_known(code) ? codes[code].meaning : "an error this build does not know";
}
