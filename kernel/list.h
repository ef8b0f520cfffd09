/*
 * A doubly linked ring threaded through what it lists. A node outside every
 * list points to itself.
 */
#ifndef KERNEL_LIST_H
#define KERNEL_LIST_H

#include <stddef.h>

struct list {
	struct list *next, *prev;
};

#define LIST_OF(node, type, field) \
	((type *)((char *)(node)-offsetof(type, field)))

static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline int list_empty(const struct list *l)
{
	return l->next == l;
}

static inline void list_add_last(struct list *l, struct list *node)
{
	node->prev = l->prev;
	node->next = l;
	l->prev->next = node;
	l->prev = node;
}

static inline void list_add_first(struct list *l, struct list *node)
{
	list_add_last(l->next, node);
}

static inline void list_remove(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}

#endif
