/* What a region has of its place in the list: its node, a block of memory of its own (mm/region_list.h). */
#pragma once

#include "arch/page_entry.h"
#include "lib/vrange.h"

struct region_links {
        struct region_list_node *node;          /* NULL: in no list */
};
