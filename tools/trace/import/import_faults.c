#include "import/import_faults.h"

#include "base/error_message.h"

#include <stdarg.h>
#include <stdio.h>

struct error import_fault(struct import_faults *faults, unsigned long line, const char *format, ...)
{
        char words[FAULT_SIZE];
        va_list arguments;
        int used = snprintf(words, sizeof words, "line %lu: ", line);

        va_start(arguments, format);
        vsnprintf(words + used, sizeof words - (size_t)used, format, arguments);
        va_end(arguments);
        if (faults->is_strict)
                return FAILF(BAD_INPUT, "%s: %s", faults->path, words);
        if (faults->count < FAULTS_KEPT)
                __builtin_memcpy(faults->words[faults->count], words, sizeof words);
        faults->count++;
        return SUCCESS;
}
