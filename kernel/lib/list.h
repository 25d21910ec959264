/*
 * Doubly linked lists. The links are a member of what is listed, so no call allocates anything or can fail.
 *
 *      struct thread {
 *              struct list_node node;
 *              ...
 *      };
 *      struct list ready = { 0 };              empty: all zero will do
 *
 *      list_append(&ready, &thread->node);
 *      for (struct list_node *node = ready.first; node; node = node->next)
 *              show(container_of(node, struct thread, node));
 *      list_remove(&ready, &thread->node);
 *
 * The caller holds the lock that guards the list. A node is in one list at most; removing it takes the list that it is
 * in. Every call is O(1).
 *
 *      first                               last
 *        |                                  |
 *        v                                  v
 *      [node]  <->  [node]  <->  ...  <->  [node]         at either end the missing neighbour is NULL
 */
#pragma once

#include "lib/types.h"

struct list_node {
        struct list_node *previous, *next;
};

struct list {
        struct list_node *first, *last;
};

/* The structure of which `pointer` is the member. */
#define container_of(pointer, type, member) ((type *)(void *)((char *)(pointer) - offsetof(type, member)))

static inline bool list_is_empty(const struct list *list)
{
        return !list->first;
}

/*
 * Inserts `node` after `previous`, which is in the list; NULL: at the front.
 *
 *      previous  <->  next         ->         previous  <->  node  <->  next
 */
static inline void list_insert_after(struct list *list, struct list_node *previous, struct list_node *node)
{
        node->previous = previous;
        node->next = previous ? previous->next : list->first;
        if (previous)
                previous->next = node;
        else
                list->first = node;
        if (node->next)
                node->next->previous = node;
        else
                list->last = node;
}

static inline void list_append(struct list *list, struct list_node *node)
{
        list_insert_after(list, list->last, node);
}

static inline void list_remove(struct list *list, struct list_node *node)
{
        if (node->previous)
                node->previous->next = node->next;
        else
                list->first = node->next;
        if (node->next)
                node->next->previous = node->previous;
        else
                list->last = node->previous;
        *node = (struct list_node){ 0 };
}

/* Removes the first node and yields it; NULL if there is none. */
static inline struct list_node *list_take_first(struct list *list)
{
        struct list_node *first = list->first;

        if (first)
                list_remove(list, first);
        return first;
}
