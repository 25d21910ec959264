#include "lib/symbols.h"

const struct symbol *symbol_find(uintptr_t address)
{
        const struct symbol *symbol = symbol_table;
        while (symbol->name && (address < symbol[0].address || symbol[1].address <= address))
                symbol++;
        return symbol->name ? symbol : NULL;
}
