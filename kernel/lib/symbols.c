#include "lib/symbols.h"

const char *symbol_find(uintptr_t address, size_t *offset)
{
        for (const struct symbol *symbol = symbol_table; symbol->name; symbol++) {
                if (symbol[0].address <= address && address < symbol[1].address) {
                        *offset = address - symbol->address;
                        return symbol->name;
                }
        }
        return NULL;
}
