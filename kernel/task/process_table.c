/*
 * The table of processes: a red-black tree ordered by id. What is found there is copied for the caller while the lock
 * of processes keeps it from being freed.
 */
#include "lib/string.h"
#include "task/process_internal.h"

/* The hooks do nothing: nodes keep no data of their subtrees, and the events of threads trace processes. */
static inline void rbtree_linked(struct rbtree *, struct rbtree_node *, struct rbtree_node *, enum side) {}
static inline void rbtree_unlinked(struct rbtree *, struct rbtree_node *, struct rbtree_node *, enum side) {}
static inline void rbtree_exchanged(struct rbtree *, struct rbtree_node *, struct rbtree_node *) {}
static inline void rbtree_rotated(struct rbtree *, struct rbtree_node *, struct rbtree_node *, enum side) {}
static inline void rbtree_coloured(struct rbtree *, struct rbtree_node *) {}

#include "lib/rbtree.h"

static struct rbtree table GUARDED_BY(processes_lock);

static inline struct process *process_at(struct rbtree_node *node) REQUIRES(processes_lock)
{
        return node ? container_of(node, struct process, family.guarded_.by_id) : NULL;
}

void process_table_insert_locked(struct process *process)
{
        struct rbtree_node *parent = NULL, *node = table.root;
        enum side side = LEFT;

        while (node) {
                parent = node;
                side = process->id < process_at(node)->id ? LEFT : RIGHT;
                node = node->child[side];
        }
        rbtree_insert(&table, &family_of(process)->by_id, parent, side);
}

void process_table_remove_locked(struct process *process)
{
        struct rbtree_node *node = &family_of(process)->by_id;

        rbtree_remove(&table, node, rbtree_neighbour(node, RIGHT));
}

struct process *process_find_above_locked(uint64_t after)
{
        struct rbtree_node *node = table.root, *best = NULL;

        while (node) {
                const bool is_above = process_at(node)->id > after;

                if (is_above)
                        best = node;
                node = node->child[is_above ? LEFT : RIGHT];
        }
        return process_at(best);
}

struct process *process_find_locked(uint64_t id)
{
        struct process *found = id ? process_find_above_locked(id - 1) : NULL;

        return found && found->id == id ? found : NULL;
}

struct family process_family(struct process *process)
{
        return WITH_LOCK(&processes_lock, *family_of(process));
}

/* --- looking at processes ---------------------------------------------------------------------------------- */

static struct process_listing describe_locked(struct process *process) REQUIRES(processes_lock)
{
        struct address_space_totals totals = { 0 };
        const struct family *family = family_of(process);
        enum thread_state state = THREAD_ENDED;

        if (process->space)
                totals = address_space_totals(process->space);
        if (!family->exited)
                state = family->exiting ? THREAD_EXITS : thread_state(thread_of_member(family->threads.first));
        struct process_listing listing = {
                .process = process->id,
                .parent = family->parent->id,
                .group = family->group,
                .threads = family->running,
                .state = state,
                .regions = totals.regions,
                .pages = totals.pages,
        };

        memcpy(listing.name, process->name, sizeof listing.name);
        return listing;
}

bool process_next(uint64_t after, struct process_listing *out)
{
        spinlock_acquire(&processes_lock);
        struct process *next = process_find_above_locked(after);
        if (next)
                *out = describe_locked(next);
        spinlock_release(&processes_lock);
        return next;
}

struct error process_regions(uint64_t id, uintptr_t from, struct region_listing *out, size_t most, size_t *count)
{
        spinlock_acquire(&processes_lock);
        struct process *process = process_find_locked(id);
        *count = 0;
        if (process && process->space)
                *count = address_space_list(process->space, from, out, most);
        spinlock_release(&processes_lock);
        return process ? SUCCESS : FAIL(NOT_FOUND);
}

/* The lock keeps the spaces of the threads from being destroyed. */
void processes_show(void)
{
        spinlock_acquire(&processes_lock);
        threads_show(&processes_lock);
        spinlock_release(&processes_lock);
}

/* One at a time: copying may fault, so it is done with no lock held. Between two of them is a preemption point. */
CALL(processes)
{
        struct process_listing one = { 0 };

        *value = 0;
        while (process_next(one.process, &one)) {
                if (*value < word[1])
                        TRY(user_memory_write(word[0] + *value * sizeof one, &one, sizeof one));
                ++*value;
                TRY(thread_preemption_point());
        }
        return SUCCESS;
}

CALL(getpid)
{
        *value = process_current()->id;
        return SUCCESS;
}
