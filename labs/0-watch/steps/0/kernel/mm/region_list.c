#include "mm/region_list.h"
#include "mm/kmalloc.h"
#include "mm/lookup_cache.h"

/* --- nodes ------------------------------------------------------------------------------------------------ */

enum { RESERVED = 8192 };

static struct region_list_node reserved[RESERVED];
static struct list given_back;                  /* of the reserved nodes: used once, and free again */
static size_t used_once;                        /* the first so many of them have been used */

struct region_list_node *region_list_node_create(void)
{
        return kmalloc(sizeof(struct region_list_node), PURPOSE_REGION);
}

struct region_list_node *region_list_node_reserve(void)
{
        struct list_node *node = list_take_first(&given_back);

        if (node)
                return container_of(node, struct region_list_node, node);
        return used_once < RESERVED ? &reserved[used_once++] : NULL;
}

void region_list_node_free(struct region_list_node *node)
{
        const bool is_reserved = node >= reserved && node < reserved + RESERVED;

        if (is_reserved)
                list_append(&given_back, &node->node);
        else
                kfree(node);
}

/* --- the list --------------------------------------------------------------------------------------------- */

void region_list_link(struct region_tree *tree, struct region *region, struct region_list_node *node,
                      struct region *previous)
{
        node->region = region;
        region->links.node = node;
        list_insert_after(&tree->nodes, previous ? &previous->links.node->node : NULL, &node->node);
        trace_list_link(tree->id, region->id, id_of(previous));
}

struct region_list_node *region_list_unlink(struct region_tree *tree, struct region *region)
{
        struct region_list_node *node = region->links.node;

        list_remove(&tree->nodes, &node->node);
        node->region = NULL;
        region->links.node = NULL;
        trace_list_unlink(tree->id, region->id);
        lookup_cache_drop(tree, region);
        return node;
}
