#include "mm/vm_object.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/pause.h"

struct error vm_object_create(struct vm_object **out)
{
        struct vm_object *object = kmalloc(sizeof *object, PURPOSE_OBJECT);
        if (!object)
                return FAIL(NO_MEMORY);
        TRY_OR(frame_allocate(PURPOSE_PAGE_TABLE, &object->pages.guarded_.root), kfree(object));
        object->lock.class = LOCK_OBJECT;
        *out = object;
        return SUCCESS;
}

void vm_object_destroy(struct vm_object *object)
{
        struct vrange rest = { 0, USER_END };
        spinlock_acquire(&object->lock);
        page_table_drop_step(vm_object_pages(object), &rest);
        while (!vrange_is_empty(rest)) {
                spinlock_release(&object->lock);
                pause_between_steps();
                spinlock_acquire(&object->lock);
                page_table_drop_step(vm_object_pages(object), &rest);
        }
        frame_free(vm_object_pages(object)->root);
        spinlock_release(&object->lock);
        kfree(object);
}

static struct error show_locked(struct vm_object *object, size_t offset, struct page_table *table, uintptr_t page,
                                enum protection protection, uintptr_t *frame) REQUIRES(object->lock)
{
        struct page_table *pages = vm_object_pages(object);
        struct translation translation;
        const bool is_new = !page_table_translate(pages, offset, &translation);
        if (is_new) {
                TRY(frame_allocate(PURPOSE_OBJECT, &translation.frame));
                TRY_OR(page_table_map(pages, offset, translation.frame, PROTECT_READ), frame_free(translation.frame));
        }

        const struct error error = page_table_map(table, page, translation.frame, protection);
        if (error.code) {
                if (is_new)
                        page_table_drop(pages, (struct vrange){ offset, offset + PAGE_SIZE });
                return error;
        }
        frame_share(translation.frame);
        *frame = translation.frame;
        return SUCCESS;
}

struct error vm_object_show(struct vm_object *object, size_t offset, struct page_table *table, uintptr_t page,
                            enum protection protection, uintptr_t *frame)
{
        return WITH_LOCK(&object->lock, show_locked(object, offset, table, page, protection, frame));
}
