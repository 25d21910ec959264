/* What the files of processes share: the one lock, and what it guards. */
#pragma once

#include "task/calls.h"

extern struct spinlock processes_lock;

/* Stands for the kernel's main thread, the parent of the first process. It has no threads, and the number 0. */
extern struct process kernel_process;

/* Gets the orphans. Before it has begun, and when it has exited: the kernel. */
extern struct process *first_process GUARDED_BY(processes_lock);

GUARDED_MEMBER(family_of, struct process, family, processes_lock)

GUARDED_MEMBER(membership_of, struct thread, membership, processes_lock)

/* The process of a node of its parent's lists, and the thread of a node of its process's; NULL for NULL. */
static inline struct process *process_of_sibling(struct list_node *sibling) REQUIRES(processes_lock)
{
        return sibling ? container_of(sibling, struct process, family.guarded_.sibling) : NULL;
}

static inline struct thread *thread_of_member(struct list_node *node) REQUIRES(processes_lock)
{
        return node ? container_of(node, struct thread, membership.guarded_.node) : NULL;
}

/* --- process_table.c: all processes, by id ----------------------------------------------------------------- */

/* Adds a process, removes one, finds the one of this id, or NULL. O(log n). */
void process_table_insert_locked(struct process *process) REQUIRES(processes_lock);
void process_table_remove_locked(struct process *process) REQUIRES(processes_lock);
struct process *process_find_locked(uint64_t id) REQUIRES(processes_lock);

/* A copy of what is known of a process among the others. It may have changed by the time it is looked at. O(1). */
struct family process_family(struct process *process);

/* The process with the lowest id above `after`; NULL if there is none. O(log n). */
struct process *process_find_above_locked(uint64_t after) REQUIRES(processes_lock);

/* --- process.c --------------------------------------------------------------------------------------------- */

/*
 * Puts a new process into the table, as a child of `parent`, and lets its thread run. INTERRUPTED if the parent is
 * exiting. O(log n).
 */
struct error process_begin(struct process *process, struct process *parent);

/* --- process_exit.c ---------------------------------------------------------------------------------------- */

/* Has all threads of a process exit. What was the status of a process that is exiting already stays. O(threads). */
void process_end_locked(struct process *process, uint64_t status) REQUIRES(processes_lock);

/*
 * Waits until a child (0: any) has exited, and takes it out of the table and from its parent; NULL if there is no such
 * child or, with WNOHANG, if none has exited yet. INTERRUPTED. O(log n).
 */
struct error process_reap_locked(struct process *parent, uint64_t id, uint64_t options, struct process **out)
        REQUIRES(processes_lock);

/*
 * Frees all threads of a process but the calling one. They never ran or have exited; one that has may still be on its
 * stack, with the pages of the process in use, until it has switched away. This waits for that. O(threads).
 */
void process_free_other_threads(struct process *process);

/* --- process_group.c --------------------------------------------------------------------------------------- */

/* In place of a group: all processes but the first. */
enum { EVERY_GROUP = 0 };

/*
 * Ends the processes of a group, and yields how many. It passes over all processes, and no process begins meanwhile: so
 * none is missed. Takes the lock of processes for one process at a time. O(n log n).
 */
uint64_t process_end_group(uint64_t group);

/* Waits until no process_end_group() is under way. INTERRUPTED if this thread is killed meanwhile. */
struct error process_wait_for_passes_locked(void) REQUIRES(processes_lock);

/* Whether a group is that of the first process. Takes the lock of processes. O(1). */
bool process_is_first_group(uint64_t group);
