#include "mm/vm_object.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"

struct error vm_object_create(struct vm_object **out)
{
        struct vm_object *object = kmalloc(sizeof *object, PURPOSE_OBJECT);
        struct error error;

        if (!object)
                return FAIL(NO_MEMORY);
        error = frame_allocate(PURPOSE_PAGE_TABLE, &object->guarded_.pages.root);
        if (error.code) {
                kfree(object);
                return error;
        }
        object->lock.class = LOCK_OBJECT;
        object->holders = 1;
        *out = object;
        return SUCCESS;
}

void vm_object_hold(struct vm_object *object)
{
        if (object)
                __atomic_add_fetch(&object->holders, 1, __ATOMIC_RELAXED);
}

static void drop_all_locked(struct vm_object *object) REQUIRES(object->lock)
{
        page_table_drop(vm_object_pages(object), (struct vrange){ 0, USER_END });
        frame_free(vm_object_pages(object)->root);
}

void vm_object_release(struct vm_object *object)
{
        if (!object || __atomic_sub_fetch(&object->holders, 1, __ATOMIC_ACQ_REL))
                return;
        spinlock_acquire(&object->lock);
        drop_all_locked(object);
        spinlock_release(&object->lock);
        kfree(object);
}

static struct error make_page(const struct page_table *pages, struct vrange at, uintptr_t *frame)
{
        struct error error;

        TRY(frame_allocate(PURPOSE_OBJECT, frame));
        error = page_table_map(pages, at, *frame, PROTECT_READ);
        if (error.code)
                frame_free(*frame);
        return error;
}

static struct error show_locked(struct vm_object *object, size_t offset, const struct page_table *table, uintptr_t page,
                                enum protection protection, uintptr_t *frame) REQUIRES(object->lock)
{
        const struct page_table *pages = vm_object_pages(object);
        const struct vrange at = { offset, offset + PAGE_SIZE };
        struct translation behind;
        bool is_there = page_table_translate(pages, offset, &behind);
        struct error error;

        if (!is_there)
                TRY(make_page(pages, at, &behind.frame));
        error = page_table_map(table, (struct vrange){ page, page + PAGE_SIZE }, behind.frame, protection);
        if (!error.code) {
                frame_share(behind.frame);
                *frame = behind.frame;
        } else if (!is_there) {
                page_table_drop(pages, at);
        }
        return error;
}

struct error vm_object_show(struct vm_object *object, size_t offset, const struct page_table *table, uintptr_t page,
                            enum protection protection, uintptr_t *frame)
{
        struct error error;

        spinlock_acquire(&object->lock);
        error = show_locked(object, offset, table, page, protection, frame);
        spinlock_release(&object->lock);
        return error;
}
