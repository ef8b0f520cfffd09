/*
 * Size classes, each a list of frames with a free block; a frame that holds no
 * block any more goes back at once, so that nothing is hoarded.
 */
#include "kernel/heap.h"

#include "kernel/list.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/thread.h"

#define SMALLEST 16u
#define CLASSES	 8u /* 16 to 2048 */
#define KIND_RUN 0x100u
#define HEADER	 16u /* at the start of a frame that is cut up */

struct slab {
	struct list partial;
	u32 first_free; /* offset in the frame; 0: none */
	u32 used;
};

_Static_assert(sizeof(struct slab) == HEADER, "header");

static struct list partial[CLASSES];
static u32 ready;
static struct spinlock heap_lock = SPINLOCK("heap");
static struct heap_use use; /* of small blocks; guarded by heap_lock */

static u32 class_of(u32 size)
{
	u32 class = 0;

	while ((SMALLEST << class) < size)
		class ++;
	return class;
}

static u32 order_of(u32 size)
{
	u32 order = 0;

	while ((PAGE << order) < size)
		order++;
	return order;
}

static struct slab *slab_cut(struct physical p, u32 class)
{
	struct slab *s = direct(p);
	u32 size = SMALLEST << class, last = 0;

	list_init(&s->partial);
	s->used = 0;
	for (u32 at = max(HEADER, size); at + size <= PAGE; at += size) {
		*(u32 *)((u8 *)s + at) = last;
		last = at;
	}
	s->first_free = last;
	frame_note(p)->kind = (u16) class;
	return s;
}

static void *block_take(u32 class)
{
	struct list *head = &partial[class];

	if (list_empty(head))
		return 0;
	struct slab *s = LIST_OF(head->next, struct slab, partial);
	u32 *block = (u32 *)((u8 *)s + s->first_free);
	s->first_free = *block;
	s->used++;
	use.blocks++;
	if (!s->first_free)
		list_remove(&s->partial);
	return block;
}

static void *take_small(u32 class)
{
	struct physical p;
	void *block;

	spin_lock(&heap_lock);
	for (u32 i = 0; !ready && i < CLASSES; i++)
		list_init(&partial[i]);
	ready = 1;
	block = block_take(class);
	spin_unlock(&heap_lock);
	if (block)
		return block;
	p = frame_take_now(0, 0);
	if (!frame_ok(p))
		return 0;
	spin_lock(&heap_lock);
	list_add_last(&partial[class], &slab_cut(p, class)->partial);
	use.frames++;
	block = block_take(class);
	spin_unlock(&heap_lock);
	return block;
}

static void *take_run(u32 size)
{
	u32 order = order_of(size);
	struct physical p = frame_take_now(order, 0);

	if (!frame_ok(p))
		return 0;
	frame_note(p)->kind = (u16)(KIND_RUN + order);
	return direct(p);
}

void *heap_take_now(u32 size)
{
	void *block = size > SMALLEST << (CLASSES - 1) ?
			      take_run(size) :
			      take_small(class_of(size));

	if (block)
		memory_fill(block, 0, size);
	return block;
}

void heap_give(void *block)
{
	if (!block)
		return;
	struct physical p = direct_physical(block);
	p.address &= ~(PAGE - 1);
	u32 kind = frame_note(p)->kind;
	if (kind >= KIND_RUN) {
		frame_give(p, kind - KIND_RUN);
		return;
	}
	struct slab *s = direct(p);
	u32 empty;

	spin_lock(&heap_lock);
	if (!s->first_free)
		list_add_last(&partial[kind], &s->partial);
	*(u32 *)block = s->first_free;
	s->first_free = (u32)block % PAGE;
	empty = --s->used == 0;
	use.blocks--;
	use.frames -= empty;
	if (empty)
		list_remove(&s->partial);
	spin_unlock(&heap_lock);
	if (empty)
		frame_give(p, 0);
}

struct heap_use heap_use(void)
{
	return use;
}
