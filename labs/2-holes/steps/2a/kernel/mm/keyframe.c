#include "mm/keyframe.h"
#include "mm/region_tree.h"
#include "sync/spinlock.h"
#include "trace/trace.h"

static struct spinlock watched_lock = SPINLOCK(LOCK_WATCHED);
static struct list watched GUARDED_BY(watched_lock);
static uint64_t newest_space GUARDED_BY(watched_lock);

void keyframe_watch(struct watched_space *space)
{
        spinlock_acquire(&watched_lock);
        space->id = ++newest_space;
        list_insert_after(&watched, NULL, &space->node);
        trace_space_created(space->id, space->tree->id, space->name);
        spinlock_release(&watched_lock);
}

static void forget_locked(struct watched_space *space) REQUIRES(watched_lock)
{
        list_remove(&watched, &space->node);
        trace_space_destroyed(space->id);
}

void keyframe_forget(struct watched_space *space)
{
        spinlock_acquire(&watched_lock);
        forget_locked(space);
        spinlock_release(&watched_lock);
}

static uint64_t id_of(const struct rbtree_node *node)
{
        return node ? ((const struct region *)node)->id : 0;
}

static void send_node(const struct region_tree *tree, const struct rbtree_node *node)
{
        const struct region *region = (const struct region *)node;      /* the node is its first member */
        const struct rbtree_node *parent = rbtree_parent(node);
        const struct vrange range = region_range(region);
        trace_keyframe_node(tree->id, region->id, id_of(parent), parent ? rbtree_side(parent, node) : LEFT,
                            rbtree_colour(node), range.base, range.end, region->protection,
                            trace_pages(region->guard_before), trace_pages(region->guard_after), 0, 0, 0);      /* no gaps are kept */
}

/* The node after this one, parents before children: down if possible, else to the nearest right turn not yet taken. */
static const struct rbtree_node *next_before_children(const struct rbtree_node *node)
{
        if (node->child[LEFT] || node->child[RIGHT])
                return node->child[LEFT] ? node->child[LEFT] : node->child[RIGHT];
        const struct rbtree_node *parent;
        while ((parent = rbtree_parent(node)) && (rbtree_side(parent, node) == RIGHT || !parent->child[RIGHT]))
                node = parent;
        return parent ? parent->child[RIGHT] : NULL;
}

size_t keyframe_send(void)
{
        size_t spaces = 0, nodes = 0;
        spinlock_acquire(&watched_lock);
        for (const struct list_node *at = watched.first; at; at = at->next)
                spaces++;
        trace_keyframe_begin(spaces);
        for (struct list_node *at = watched.first; at; at = at->next) {
                const struct watched_space *space = container_of(at, struct watched_space, node);
                const struct region_tree *tree = space->tree;
                trace_keyframe_space(space->id, tree->id, space->name);
                trace_keyframe_tree(tree->id, tree->operations, tree->range.base, tree->range.end, tree->count,
                                    id_of(tree->nodes.root), 0);
                for (const struct rbtree_node *node = tree->nodes.root; node; node = next_before_children(node)) {
                        send_node(tree, node);
                        nodes++;
                }
        }
        trace_keyframe_end(nodes);
        spinlock_release(&watched_lock);
        return nodes;
}
