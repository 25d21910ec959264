/*
 * What the files of processes share: the one lock, and what it guards.
 */
#pragma once

#include "task/process.h"

struct processes {
        struct process *first_of_all;           /* the list of those that have begun and are not gone */
        struct process *first;                  /* gets those left behind; NULL: the kernel does */
        uint64_t newest;
};

extern struct spinlock processes_lock;
extern struct all_processes { struct processes guarded_; } all_processes;

/* For the kernel's main thread: a process without a parent is over. */
extern struct wait_queue kernel_news;

static inline struct processes *processes(void) REQUIRES(processes_lock)
{
        return &all_processes.guarded_;
}

static inline struct kin *kin_of(struct process *process) REQUIRES(processes_lock)
{
        return &process->kin.guarded_;
}

static inline struct membership *membership_of(struct thread *thread) REQUIRES(processes_lock)
{
        return &thread->membership.guarded_;
}

/* An empty one with a new id, without space and files. */
struct error process_allocate(const char *name, struct process **out);

/* One more thread, which is the process's from now on. NO_MEMORY. */
struct error process_add_thread(struct process *process, const struct trap_frame *registers, struct thread **out);

/* The process joins the list, as a child of the one named, and its thread may run. */
void process_begin(struct process *process, struct process *parent);

/* The one of this id that has begun and is not gone; NULL if there is none. */
struct process *process_find_locked(uint64_t id) REQUIRES(processes_lock);

/* Takes one off the list, if it is there. */
void process_unlink_locked(struct process *process) REQUIRES(processes_lock);

/* Ends its threads. */
void process_end_locked(struct process *process, uint64_t status) REQUIRES(processes_lock);
