/*
 * churn: works its allocator hard, and always in the same way.
 *
 * Texts of many sizes go into a list and into a search tree; every now and then one is taken out again and a large
 * buffer comes and goes, and at the end everything is freed in another order than it was made. Exits with 0 if every
 * text was still what it should be.
 */
#include "lib/rng.h"
#include "user/lib/user.h"

enum { ENTRIES = 3000, TEXT_MOST = 900, BUFFER_EVERY = 100 };

struct entry {
        struct entry *next;             /* in the list */
        struct entry *child[2];         /* in the tree */
        uint64_t key;
        size_t size;
        char *text;
};

static struct rng rng;
static struct entry *list, *tree;
static size_t live, bad;

/* --- entries ---------------------------------------------------------------------------------------------- */

static char letter(uint64_t key)
{
        return (char)('a' + key % 26);
}

static struct entry *entry_create(void)
{
        struct entry *entry = malloc(sizeof *entry);

        if (!entry)
                return NULL;
        *entry = (struct entry){ .key = rng_next(&rng), .size = 1 + rng_below(&rng, TEXT_MOST) };
        entry->text = malloc(entry->size);
        if (!entry->text) {
                free(entry);
                return NULL;
        }
        memset(entry->text, letter(entry->key), entry->size);
        live++;
        return entry;
}

/* Looks at both ends of the text: another write over it most likely began or ended there. */
static void entry_free(struct entry *entry)
{
        bad += entry->text[0] != letter(entry->key) || entry->text[entry->size - 1] != letter(entry->key);
        free(entry->text);
        free(entry);
        live--;
}

/* --- collections ------------------------------------------------------------------------------------------ */

static void tree_add(struct entry *entry)
{
        struct entry **link = &tree;

        while (*link)
                link = &(*link)->child[entry->key > (*link)->key];
        *link = entry;
}

/* Frees the tree in the order of its keys, by turning left branches to the right until there are none. */
static void tree_free(void)
{
        while (tree) {
                struct entry *left = tree->child[0], *right = tree->child[1];

                if (left) {
                        tree->child[0] = left->child[1];
                        left->child[1] = tree;
                        tree = left;
                } else {
                        entry_free(tree);
                        tree = right;
                }
        }
}

static void list_add(struct entry *entry)
{
        entry->next = list;
        list = entry;
}

static void list_drop_first(void)
{
        struct entry *first = list;

        if (!first)
                return;
        list = first->next;
        entry_free(first);
}

/* --- the work --------------------------------------------------------------------------------------------- */

/* A large block has a region to itself: here the tree of regions sees one come and go. */
static bool use_buffer(void)
{
        size_t size = PAGE_SIZE * (2 + rng_below(&rng, 62));
        char *buffer = malloc(size);

        if (!buffer)
                return false;
        for (size_t at = 0; at < size; at += PAGE_SIZE)
                buffer[at] = 1;
        free(buffer);
        return true;
}

static bool step(size_t number)
{
        struct entry *entry = entry_create();

        if (!entry || (number % BUFFER_EVERY == 0 && !use_buffer()))
                return false;
        if (number % 2)
                list_add(entry);
        else
                tree_add(entry);
        if (number % 3 == 0)
                list_drop_first();
        return true;
}

int main([[maybe_unused]] const char *argument)
{
        size_t most;

        rng_seed(&rng, 1);
        for (size_t i = 0; i < ENTRIES; i++) {
                if (!step(i)) {
                        printf("churn: no memory after %zu entries\n", i);
                        return 1;
                }
        }
        most = live;
        tree_free();
        while (list)
                list_drop_first();
        printf("churn: %u entries made, %zu alive at the height, %zu at the end, %zu damaged\n", ENTRIES, most, live,
               bad);
        return live || bad;
}
