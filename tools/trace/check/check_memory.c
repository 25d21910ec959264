#include "check/check_internal.h"

#include <stdlib.h>

/*
 * Frames: each is allocated before it is freed, and never twice; and a fault that fills or copies a page does so with a
 * frame that no fault has mapped since it was allocated.
 */

struct check_frame {
        uint64_t losses;                        /* there had been when it was named last: if there are more now, it is unknown */
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

/* Whether nothing that is missing may have been about it; NULL: it was never named. */
static bool is_known(const struct check *check, const struct check_frame *frame)
{
        return frame ? frame->losses == check->memory_losses : !check->memory_losses;
}

static struct error see_allocated(struct check *check, const struct event *event)
{
        uint64_t address = VALUE(event, frame_allocated, frame);
        struct check_frame *frame = frame_of(check, address);

        if (!frame)
                return fail_no_memory();
        if (frame->allocated && is_known(check, frame))
                check_report(check, event->number, NULL, "frame %s is allocated, but is in use already",
                             format_address(address));
        *frame = (struct check_frame){ .losses = check->memory_losses, .allocated = true };
        return SUCCESS;
}

/* A frame without a record was allocated among what is missing, or else never. */
static struct error see_freed(struct check *check, const struct event *event)
{
        uint64_t address = VALUE(event, frame_freed, frame);
        const bool was_known = is_known(check, id_map_get(&check->frames, address));
        struct check_frame *frame = frame_of(check, address);

        if (!frame)
                return fail_no_memory();
        if (was_known && !frame->allocated)
                check_report(check, event->number, NULL, "frame %s is freed, but is not allocated",
                             format_address(address));
        *frame = (struct check_frame){ .losses = check->memory_losses };
        return SUCCESS;
}

static void see_fault(struct check *check, const struct event *event)
{
        struct check_frame *frame = id_map_get(&check->frames, VALUE(event, page_fault, frame));
        uint64_t verdict = VALUE(event, page_fault, verdict), space = VALUE(event, page_fault, space);
        uint64_t page = VALUE(event, page_fault, address) & ~(uint64_t)(PAGE_SIZE - 1);

        if (!frame || !is_known(check, frame) || (verdict != FAULT_FILLED && verdict != FAULT_COPIED))
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

/*
 * kmalloc's blocks: freed only when allocated, allocated only when free. The map has those that are allocated, each
 * with the count of losses when it was, and 1 more.
 */
static uint64_t losses_of_block(const struct check *check, uint64_t block)
{
        return (uintptr_t)id_map_get(&check->blocks, block);
}

static struct error see_block_allocated(struct check *check, const struct event *event)
{
        uint64_t block = VALUE(event, kmalloc_allocated, block);
        const uint64_t now = check->memory_losses + 1;

        if (losses_of_block(check, block) == now) {
                check_report(check, event->number, NULL, "block %s is allocated, but is in use already",
                             format_address(block));
                return SUCCESS;
        }
        id_map_remove(&check->blocks, block);
        return id_map_put(&check->blocks, block, (void *)(uintptr_t)now).code ? fail_no_memory() : SUCCESS;
}

static void see_block_freed(struct check *check, const struct event *event)
{
        uint64_t block = VALUE(event, kmalloc_freed, block);

        if (!losses_of_block(check, block) && !check->memory_losses)
                check_report(check, event->number, NULL, "block %s is freed, but is not allocated",
                             format_address(block));
        id_map_remove(&check->blocks, block);
}

void check_memory_lost(struct check *check)
{
        check->memory_losses++;
}

void check_memory_forget(struct check *check)
{
        struct check_frame *frame;
        size_t position = 0;

        while ((frame = id_map_walk(&check->frames, &position)))
                free(frame);
        id_map_clear(&check->frames);
        id_map_clear(&check->blocks);
}

void check_memory_finish(struct check *check)
{
        const struct check_frame *frame;
        const void *losses;
        size_t position = 0;

        while ((frame = id_map_walk(&check->frames, &position)))
                check->totals.unknown_frames += frame->allocated && !is_known(check, frame);
        position = 0;
        while ((losses = id_map_walk(&check->blocks, &position)))
                check->totals.unknown_blocks += (uintptr_t)losses != check->memory_losses + 1;
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
