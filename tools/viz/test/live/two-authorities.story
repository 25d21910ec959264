# A list of regions in no order, and a range allocator beside it, which is not told that half of heap is unmapped.
0 list_created 1 0x10000 0x90000 nothing
0 space_created 1 1 play
0 allocator_created 5 1 0x10000 0x90000
0 free_range_added 5 0x10000 0x90000
0 space_begin 1 1 map 0x30000 0x4000 3
0 authority_asked 1 allocator take 0x30000 0x4000
0 free_range_carved 5 0x30000 0x34000
0 authority_answered 1 allocator ok 0x30000
0 region_created 1 heap
0 tree_begin 1 1 1 place_specifically 1 0x4000 0x1000 0 0 0x10000 0x90000 0x30000
0 region_changed 1 0 0 0 0x30000 0x34000 3 0 0
0 list_link 1 1 0
0 tree_end 1 1 ok 1 0x30000
0 space_end 1 1 ok 0x30000
0 space_begin 1 2 map 0x20000 0x2000 3
0 authority_asked 1 allocator take 0x20000 0x2000
0 free_range_carved 5 0x20000 0x22000
0 authority_answered 1 allocator ok 0x20000
0 region_created 2 text
0 tree_begin 1 2 2 place_specifically 2 0x2000 0x1000 0 0 0x10000 0x90000 0x20000
0 list_visit 1 1 fits
0 region_changed 2 0 0 0 0x20000 0x22000 3 0 0
0 list_link 1 2 1
0 tree_end 1 2 ok 2 0x20000
0 space_end 1 2 ok 0x20000
# The upper half of heap is unmapped; the list is told of it, and the allocator is not.
0 space_begin 1 3 unmap 0x32000 0x2000 3
0 tree_begin 1 3 3 resize 1 0x2000 0x1000 0 0 0x10000 0x90000 0x30000
0 region_changed 1 0x30000 0x34000 3 0x30000 0x32000 3 0 0
0 tree_end 1 3 ok 1 0x30000
0 space_end 1 3 ok 0x32000
0 lookup_hit 1 1 0x30000
0 lookup_missed 1 0x50000
0 end 99 0 passed
