#include "lib/error.h"

const char *error_name(enum error_code code)
{
        switch (code) {
#define X(symbol, name, meaning)                                                                                    \
        case ERROR_##symbol:                                                                                        \
                return #name;
                ERROR_CODES(X)
#undef X
        }
        return "unknown";
}

const char *error_meaning(enum error_code code)
{
        switch (code) {
#define X(symbol, name, meaning)                                                                                    \
        case ERROR_##symbol:                                                                                        \
                return meaning;
                ERROR_CODES(X)
#undef X
        }
        return "an error this build does not know";
}
