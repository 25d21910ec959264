#include "check_internal.h"

#include <stdlib.h>

/*
 * Frames: each is allocated before it is freed, and never twice; and a fault that fills or copies a page does so with a
 * frame that no fault has mapped since it was allocated.
 */

struct check_frame {
        bool allocated;
        bool faulted_in;                        /* since it was allocated, at ... */
        uint64_t space, page;
};

/* The record of a frame, created at the first request; NULL if there is no memory. */
static struct check_frame *frame_of(struct check *check, uint64_t address)
{
        struct check_frame *frame = id_map_get(&check->frames, address);

        if (frame)
                return frame;
        frame = calloc(1, sizeof *frame);
        if (frame && id_map_put(&check->frames, address, frame).code) {
                free(frame);
                return NULL;
        }
        return frame;
}

static struct error see_allocated(struct check *check, const struct event *event)
{
        uint64_t address = VALUE(event, frame_allocated, frame);
        struct check_frame *frame = frame_of(check, address);

        if (!frame)
                return fail_no_memory();
        if (frame->allocated)
                check_report(check, event->number, NULL, "frame %s is allocated, but is in use already",
                             format_address(address));
        *frame = (struct check_frame){ .allocated = true };
        return SUCCESS;
}

/* A frame without a record was allocated before events were lost, or else never. */
static struct error see_freed(struct check *check, const struct event *event)
{
        uint64_t address = VALUE(event, frame_freed, frame);
        bool is_known = id_map_get(&check->frames, address) || !check->frames_unknown;
        struct check_frame *frame = frame_of(check, address);

        if (!frame)
                return fail_no_memory();
        if (is_known && !frame->allocated)
                check_report(check, event->number, NULL, "frame %s is freed, but is not allocated",
                             format_address(address));
        frame->allocated = false;
        return SUCCESS;
}

static void see_fault(struct check *check, const struct event *event)
{
        struct check_frame *frame = id_map_get(&check->frames, VALUE(event, page_fault, frame));
        uint64_t verdict = VALUE(event, page_fault, verdict), space = VALUE(event, page_fault, space);
        uint64_t page = VALUE(event, page_fault, address) & ~(uint64_t)(PAGE_SIZE - 1);

        if (!frame || (verdict != FAULT_FILLED && verdict != FAULT_COPIED))
                return;
        if (!frame->allocated)
                check_report(check, event->number, NULL, "the fault at %s is %s with frame %s, which is free",
                             format_address(VALUE(event, page_fault, address)), fault_verdict_name(verdict),
                             format_address(VALUE(event, page_fault, frame)));
        else if (frame->faulted_in)
                check_report(check, event->number, NULL, "the fault at %s is %s with frame %s, which is %s",
                             format_address(VALUE(event, page_fault, address)), fault_verdict_name(verdict),
                             format_address(VALUE(event, page_fault, frame)),
                             frame->space == space && frame->page == page ? "the old one" : "in use elsewhere");
        frame->faulted_in = true;
        frame->space = space;
        frame->page = page;
}

/* kmalloc's blocks: freed only when allocated, allocated only when free. The map has those that are allocated. */
static struct error see_block_allocated(struct check *check, const struct event *event)
{
        uint64_t block = VALUE(event, kmalloc_allocated, block);

        if (id_map_get(&check->blocks, block)) {
                check_report(check, event->number, NULL, "block %s is allocated, but is in use already",
                             format_address(block));
                return SUCCESS;
        }
        return id_map_put(&check->blocks, block, check).code ? fail_no_memory() : SUCCESS;
}

static void see_block_freed(struct check *check, const struct event *event)
{
        uint64_t block = VALUE(event, kmalloc_freed, block);

        if (!id_map_get(&check->blocks, block)) {
                if (!check->blocks_unknown)
                        check_report(check, event->number, NULL, "block %s is freed, but is not allocated",
                                     format_address(block));
                return;
        }
        id_map_remove(&check->blocks, block);
}

void check_memory_forget(struct check *check)
{
        struct check_frame *frame;
        size_t position = 0;

        while ((frame = id_map_walk(&check->frames, &position)))
                free(frame);
        id_map_clear(&check->frames);
        id_map_clear(&check->blocks);
        check->frames_unknown = check->blocks_unknown = true;
}

struct error check_memory(struct check *check, const struct event *event)
{
        switch (event->type) {
        case EVENT_frame_allocated:
                return see_allocated(check, event);
        case EVENT_frame_freed:
                return see_freed(check, event);
        case EVENT_kmalloc_allocated:
                return see_block_allocated(check, event);
        case EVENT_kmalloc_freed:
                see_block_freed(check, event);
                return SUCCESS;
        case EVENT_page_fault:
                see_fault(check, event);
                return SUCCESS;
        default:
                return SUCCESS;
        }
}
