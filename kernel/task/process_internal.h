/*
 * What the files of processes share: the one lock, and what it guards.
 */
#pragma once

#include "task/process.h"

extern struct spinlock processes_lock;
extern struct process *all_processes GUARDED_BY(processes_lock);        /* begun and not gone, in order of their ids */
extern struct process *first_process GUARDED_BY(processes_lock);        /* gets those left behind; NULL: the kernel */

static inline struct kin *kin_of(struct process *process) REQUIRES(processes_lock)
{
        return &process->kin.guarded_;
}

static inline struct membership *membership_of(struct thread *thread) REQUIRES(processes_lock)
{
        return &thread->membership.guarded_;
}

/* An empty one with a new id, without space and files. NO_MEMORY. */
struct error process_allocate(const char *name, struct process **out);

/* One more thread, which is the process's from now on. NO_MEMORY. */
struct error process_add_thread(struct process *process, const struct trap_frame *registers, struct thread **out);

/*
 * Frees all its threads but the one that runs. They never ran or are over; one that is may still be on its way off its
 * stack, and use the process's pages until it has left. This waits for that.
 */
void process_join_others(struct process *process);

/* The process joins the list, as a child of the one named, and its thread may run. */
void process_begin(struct process *process, struct process *parent);

/* Puts one into the list; takes one off, if it is there; finds the one of this id, or NULL. O(processes). */
void process_insert_locked(struct process *process) REQUIRES(processes_lock);
void process_unlink_locked(struct process *process) REQUIRES(processes_lock);
struct process *process_find_locked(uint64_t id) REQUIRES(processes_lock);

/* Ends its threads. */
void process_end_locked(struct process *process, uint64_t status) REQUIRES(processes_lock);

/* Waits until a child (0: any) is over and takes it off the list; NULL if there is none. INTERRUPTED. */
struct error process_await_locked(struct process *parent, uint64_t id, struct process **out) REQUIRES(processes_lock);
