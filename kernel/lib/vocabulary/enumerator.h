/* What makes enums and tables of a list of words. */
#pragma once

/* An enum: `enum side { SIDES(ENUMERATOR) };`. */
#define ENUMERATOR(symbol, name, meaning) symbol,

/* A table of the names, or of what they mean: `const char *const names[] = { SIDES(WORD_NAME) };`. */
#define WORD_NAME(symbol, name, meaning) [symbol] = #name,
#define WORD_MEANING(symbol, name, meaning) [symbol] = meaning,
