/*
 * The oracle of op scripts: an address space as a sorted array of regions, which knows the right answer of each
 * operation.
 *
 * It is made from the operations alone and shares no code with the kernel. Placing is decided by the reference model
 * (reference.h); cutting, joining and resizing are simple changes of the array. A call costs O(regions).
 *
 *      struct oracle oracle;
 *      struct op op;
 *
 *      oracle_init(&oracle, range);
 *      while (op_script_next(&script, &op)) {
 *              ... run it: `outcome` is what the space answered ...
 *              if (!oracle_accepts(&oracle, &op, outcome, words, sizeof words))
 *                      printf("%s\n", words);                  "placed at 0x14000, but the lowest place ..."
 *              TRY(oracle_apply(&oracle, &op, outcome));
 *      }
 */
#pragma once

#include "check/reference.h"
#include "test/op_script.h"             /* kernel/test/op_script.h: the one parser of op scripts */

struct oracle_region {
        struct vrange range;                    /* without guards */
        size_t before, after;                   /* guards, in bytes */
        enum protection protection;
        char name[REGION_NAME_SIZE];
};

struct oracle {
        struct vrange range;
        size_t count, room;
        struct oracle_region *region;           /* in address order */
        struct reference holes;                 /* the same ranges, for placing */
};

/* What an operation answers. The address is that of the region that was mapped or found. */
struct oracle_answer {
        enum error_code error;
        uint64_t address;
};

void oracle_init(struct oracle *oracle, struct vrange range);
void oracle_free(struct oracle *oracle);

/*
 * The right answer of an operation now. For random placement it is one of many: the lowest place; oracle_accepts()
 * accepts all. NO_MEMORY.
 */
struct error oracle_answer(struct oracle *oracle, const struct op *op, struct oracle_answer *out);

/* Whether an answer is right. If not, false and the reason in words; NO_MEMORY is such a reason. */
bool oracle_accepts(struct oracle *oracle, const struct op *op, struct oracle_answer answer, char *words, size_t room);

/* Changes the array as an accepted answer says; an error changes nothing. NO_MEMORY. */
struct error oracle_apply(struct oracle *oracle, const struct op *op, struct oracle_answer answer);

/*
 * Whether a tree has exactly the same addresses mapped and guarded, with the same protection and names. How they are
 * cut into regions does not matter. If it has not, false, the reason in words, and the lowest address at which they
 * differ.
 */
bool oracle_matches(const struct oracle *oracle, const struct model_tree *tree, uint64_t *address, char *words,
                    size_t room);
