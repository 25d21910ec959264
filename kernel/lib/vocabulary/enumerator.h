/* Makes an enum of a list of words: `enum side { SIDES(ENUMERATOR) };`. */
#pragma once

#define ENUMERATOR(symbol, name, meaning) symbol,
