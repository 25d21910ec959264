#include "lib/symbols.h"

const char *symbol_find(uintptr_t address, size_t *offset)
{
        const struct symbol *symbol = symbol_table;
        while (symbol->name && (address < symbol[0].address || symbol[1].address <= address))
                symbol++;
        *offset = address - symbol->address;
        return symbol->name;
}
