/*
 * The words of a program's argument. They are separated by spaces; "two words" or 'two words' between quotes are one.
 *
 *      struct words words;
 *
 *      words_read(&words, argument);
 *      for (size_t i = 0; i < words.count; i++)
 *              printf("%s\n", word(&words, i));
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORDS_MOST = 32, WORDS_TEXT_SIZE = 1024 };

struct words {
        size_t count;
        uint16_t offset[WORDS_MOST];
        char text[WORDS_TEXT_SIZE];
};

/* False if there are more than WORDS_MOST, or more than fit into the text: the rest is left out. */
bool words_read(struct words *words, const char *argument);

/* The i-th, from 0; empty if there are not so many. */
static inline const char *word(const struct words *words, size_t i)
{
        return i < words->count ? words->text + words->offset[i] : "";
}

/* A decimal number, all of it; false if it is none, or too large. */
[[nodiscard]] bool parse_number(const char *digits, uint64_t *number);
