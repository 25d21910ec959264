/* What the oracle says about answers, and about a whole tree. */
#include "base/error_message.h"
#include "base/format.h"
#include "script/oracle.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- answers ---------------------------------------------------------------------------------------------- */

/* "no_memory", or "0x14000" */
static const char *say(struct oracle_answer answer)
{
        return answer.error ? error_name(answer.error) : format_address(answer.address);
}

static bool yields_address(const struct op *op)
{
        return op->kind == OP_MAP || op->kind == OP_FIND;
}

/* A random placement is right wherever `map ... at` would be right. */
static struct error accepts_random(struct oracle *oracle, const struct op *op, struct oracle_answer right,
                                   struct oracle_answer answer, bool *out)
{
        struct op at = *op;
        struct oracle_answer there;

        *out = right.error == answer.error;
        if (answer.error || right.error)
                return SUCCESS;
        at.mapping.where = MAP_SPECIFICALLY;
        at.mapping.address = answer.address;
        TRY(oracle_answer(oracle, &at, &there));
        *out = !there.error;
        return SUCCESS;
}

/* Where a wrong answer collides: " (taken by heap, 0x14000 to 0x18000)" */
static const char *who_is_there(const struct oracle *oracle, const struct op *op, struct oracle_answer answer)
{
        static char words[128];

        words[0] = 0;
        for (size_t i = 0; op->kind == OP_MAP && !answer.error && i < oracle->count; i++) {
                const struct oracle_region *region = &oracle->region[i];
                struct vrange footprint = { region->range.base - region->before, region->range.end + region->after };

                if (footprint.base < answer.address + op->mapping.size && answer.address < footprint.end) {
                        snprintf(words, sizeof words, ", where %.*s lies (%s to %s)", REGION_NAME_SIZE, region->name,
                                 format_address(footprint.base), format_address(footprint.end));
                        break;
                }
        }
        return words;
}

bool oracle_accepts(struct oracle *oracle, const struct op *op, struct oracle_answer answer, char *words, size_t room)
{
        struct oracle_answer right;
        struct error error = oracle_answer(oracle, op, &right);
        bool fine = right.error == answer.error && (right.error || !yields_address(op) || right.address == answer.address);

        if (!error.code && op->kind == OP_MAP && op->mapping.where == MAP_RANDOM)
                error = accepts_random(oracle, op, right, answer, &fine);
        if (error.code) {
                snprintf(words, room, "%s", error_message());
                return false;
        }
        if (fine)
                return true;
        if (answer.error && !right.error && yields_address(op))
                snprintf(words, room, op->kind == OP_MAP ? "the answer was %s, but %s fit at %s" :
                                                           "the answer was %s, but %s is mapped: the region at %s holds it",
                         say(answer), op->kind == OP_MAP ? format_bytes(op->mapping.size) : format_address(op->range.base),
                         say(right));
        else if (answer.error || right.error)
                snprintf(words, room, "the answer was %s%s, but it should be %s",
                         answer.error ? error_name(answer.error) : yields_address(op) ? say(answer) : "ok",
                         who_is_there(oracle, op, answer), right.error ? error_name(right.error) : "ok");
        else
                snprintf(words, room, "the answer was %s%s, but it should be %s", say(answer),
                         who_is_there(oracle, op, answer), say(right));
        return false;
}

/* --- a whole tree ----------------------------------------------------------------------------------------- */

/* What an address is used for. */
struct use {
        enum { IS_FREE, IS_GUARD, IS_MAPPED } kind;
        enum protection protection;             /* and the region's name, if it is mapped */
        const char *name;
};

static const char *use_words(struct use use)
{
        static char words[2][64];
        static unsigned turn;
        char *out = words[turn++ % 2];

        if (use.kind == IS_MAPPED)
                snprintf(out, sizeof words[0], "mapped %s as \"%s\"", format_protection(use.protection), use.name);
        else
                snprintf(out, sizeof words[0], "%s", use.kind == IS_FREE ? "free" : "a guard");
        return out;
}

/* The use of `address` as one region sees it, and where that ends: `end` is lowered to it. */
static void use_of(struct vrange range, struct vrange footprint, struct use mapped, uint64_t address, struct use *use,
                   uint64_t *end)
{
        const uint64_t borders[] = { footprint.base, range.base, range.end, footprint.end };

        for (size_t i = 0; i < sizeof borders / sizeof borders[0]; i++)
                if (borders[i] > address && borders[i] < *end)
                        *end = borders[i];
        if (vrange_contains(range, address))
                *use = mapped;
        else if (vrange_contains(footprint, address) && use->kind == IS_FREE)
                use->kind = IS_GUARD;
}

static struct use oracle_use(const struct oracle *oracle, uint64_t address, uint64_t *end)
{
        struct use use = { .kind = IS_FREE };

        for (size_t i = 0; i < oracle->count; i++) {
                const struct oracle_region *region = &oracle->region[i];
                struct vrange footprint = { region->range.base - region->before, region->range.end + region->after };

                use_of(region->range, footprint, (struct use){ IS_MAPPED, region->protection, region->name }, address,
                       &use, end);
        }
        return use;
}

static struct use tree_use(const struct model_tree *tree, uint64_t address, uint64_t *end)
{
        struct use use = { .kind = IS_FREE };

        for (const struct model_region *region = model_outermost(tree, LEFT); region;
             region = model_neighbour(region, RIGHT))
                use_of(region->range, model_footprint(region),
                       (struct use){ IS_MAPPED, region->protection, region->name ? region->name : "" }, address, &use, end);
        return use;
}

static bool is_same_use(struct use a, struct use b)
{
        if (a.kind != IS_MAPPED || b.kind != IS_MAPPED)
                return a.kind == b.kind;
        return a.protection == b.protection && !strcmp(a.name, b.name);
}

/* Goes from border to border, through the whole range. */
bool oracle_matches(const struct oracle *oracle, const struct model_tree *tree, uint64_t *address, char *words,
                    size_t room)
{
        for (uint64_t at = oracle->range.base, end; at < oracle->range.end; at = end) {
                struct use right, found;

                end = oracle->range.end;
                right = oracle_use(oracle, at, &end);
                found = tree_use(tree, at, &end);
                if (is_same_use(right, found))
                        continue;
                *address = at;
                snprintf(words, room, "%s to %s is %s, but it should be %s", format_address(at), format_address(end),
                         use_words(found), use_words(right));
                return false;
        }
        return true;
}
