#include "lib/bitmap.h"
#include "lib/assert.h"
#include "lib/string.h"

static uint64_t bit(size_t number)
{
        return (uint64_t)1 << number % BITMAP_WORD_BITS;
}

static size_t words_for(size_t bits)
{
        return (bits + BITMAP_WORD_BITS - 1) / BITMAP_WORD_BITS;
}

void bitmap_init(struct bitmap *bitmap, size_t limit, uint64_t *words)
{
        uint64_t *next = words;
        size_t bits = limit;
        *bitmap = (struct bitmap){ .limit = limit };
        do {
                assert(bitmap->levels < BITMAP_LEVELS_MOST, "%zu numbers are too many", limit);
                bitmap->level[bitmap->levels++] = next;
                bits = words_for(bits);
                next += bits;
        } while (bits > 1);
        memset(words, 0, (size_t)(next - words) * sizeof *words);
}

bool bitmap_has(const struct bitmap *bitmap, size_t number)
{
        return number < bitmap->limit && bitmap->level[0][number / BITMAP_WORD_BITS] & bit(number);
}

/* Upwards while the word was empty: only then does the level above not know of it yet. */
void bitmap_add(struct bitmap *bitmap, size_t number)
{
        assert(number < bitmap->limit && !bitmap_has(bitmap, number), "%zu", number);
        bitmap->count++;
        for (unsigned level = 0; level < bitmap->levels; level++) {
                uint64_t *word = &bitmap->level[level][number / BITMAP_WORD_BITS];
                const bool was_empty = !*word;
                *word |= bit(number);
                if (!was_empty)
                        return;
                number /= BITMAP_WORD_BITS;
        }
}

/* Upwards while the word has become empty. */
void bitmap_remove(struct bitmap *bitmap, size_t number)
{
        assert(bitmap_has(bitmap, number), "%zu", number);
        bitmap->count--;
        for (unsigned level = 0; level < bitmap->levels; level++) {
                uint64_t *word = &bitmap->level[level][number / BITMAP_WORD_BITS];
                *word &= ~bit(number);
                if (*word)
                        return;
                number /= BITMAP_WORD_BITS;
        }
}

/* The bits of word number `index` that stand for numbers from `first` up to `end`. */
static uint64_t bits_in_word(size_t index, size_t first, size_t end)
{
        const size_t base = index * BITMAP_WORD_BITS;
        uint64_t mask = ~(uint64_t)0;
        if (first > base)
                mask &= ~(uint64_t)0 << (first - base);
        if (end < base + BITMAP_WORD_BITS)
                mask &= ((uint64_t)1 << (end - base)) - 1;
        return mask;
}

/* How many bits are 1: first in each two bits, then in each four, then in each byte; then all bytes are summed up. */
static size_t count_ones(uint64_t word)
{
        word -= word >> 1 & 0x5555555555555555;
        word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
        word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
        return word * 0x0101010101010101 >> 56;
}

/* Each word of the range is filled, level by level; words that are filled make a range of bits one level up. */
void bitmap_add_range(struct bitmap *bitmap, size_t first, size_t end)
{
        assert(end <= bitmap->limit);
        for (unsigned level = 0; level < bitmap->levels && first < end; level++) {
                for (size_t index = first / BITMAP_WORD_BITS; index < words_for(end); index++) {
                        uint64_t *word = &bitmap->level[level][index];
                        const uint64_t added = bits_in_word(index, first, end) & ~*word;
                        *word |= added;
                        if (level == 0)
                                bitmap->count += count_ones(added);
                }
                first /= BITMAP_WORD_BITS;
                end = words_for(end);
        }
}

bool bitmap_lowest(const struct bitmap *bitmap, size_t *number)
{
        size_t found = 0;
        if (!bitmap->count)
                return false;
        for (unsigned level = bitmap->levels; level-- > 0;)
                found = found * BITMAP_WORD_BITS + (size_t)__builtin_ctzll(bitmap->level[level][found]);
        *number = found;
        return true;
}

bool bitmap_next_missing(const struct bitmap *bitmap, size_t *number)
{
        size_t next = *number;
        while (next < bitmap->limit) {
                const uint64_t missing = ~bitmap->level[0][next / BITMAP_WORD_BITS] >> next % BITMAP_WORD_BITS;
                if (missing) {
                        *number = next + (size_t)__builtin_ctzll(missing);
                        return *number < bitmap->limit;
                }
                next = (next / BITMAP_WORD_BITS + 1) * BITMAP_WORD_BITS;
        }
        return false;
}
