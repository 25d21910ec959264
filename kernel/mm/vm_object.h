/*
 * Memory that several regions share, in one space or in many: a write to a page is seen by all of them. It has no size:
 * a page is created when it is first touched, anywhere below USER_END, and stays as long as the object. The
 * object belongs to one region backing (mm/region_backing.h), which counts the regions that show it.
 */
#pragma once

#include "mm/page_table.h"
#include "sync/spinlock.h"

struct vm_object {
        struct spinlock lock;
        struct { struct page_table guarded_; } pages;   /* a sparse array: what lies at an offset is "mapped" there */
};

GUARDED_MEMBER(vm_object_pages, struct vm_object, pages, object->lock)

/* A new object, without pages. NO_MEMORY. O(1). */
struct error vm_object_create(struct vm_object **out);

/*
 * Frees an object that no region shows any more, and its pages, in steps with pauses between them: no lock may be held
 * if it has pages. O(pages).
 */
void vm_object_destroy(struct vm_object *object);

/*
 * Maps the object's page at `offset`, created if it is missing, at a page that has no frame; they share it. NO_MEMORY.
 * Takes the object's lock, with the one held that guards `table`. O(levels of both tables).
 */
struct error vm_object_show(struct vm_object *object, size_t offset, struct page_table *table, uintptr_t page,
                            enum protection protection, uintptr_t *frame);
