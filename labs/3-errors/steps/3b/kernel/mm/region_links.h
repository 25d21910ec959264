/* What a region tree keeps in each region: its node. Only the files of the region tree change it. */
#pragma once

#include "arch/page_entry.h"
#include "lib/rbtree_node.h"
#include "lib/vrange.h"

struct region_links {
        struct rbtree_node node;
};
