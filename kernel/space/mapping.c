/*
 * Which areas map an inode, and taking pages of it out of all of them. A space
 * that ends takes its areas off these lists first and then waits for visitors,
 * so that nobody here ever counts a space.
 */
#include "kernel/space/area.h"
#include "kernel/space/table.h"
#include "kernel/vfs/inode.h"

static struct spinlock mapping_lock = SPINLOCK("mapping");
static struct mutex truncating = MUTEX(truncating, "truncation");
static u32 visits; /* guarded by truncating */

void mapping_add(struct area *a)
{
	if (!a->inode)
		return;
	spin_lock(&mapping_lock);
	list_add_last(&a->inode->areas, &a->mapping);
	spin_unlock(&mapping_lock);
}

void mapping_remove(struct area *a)
{
	if (!a->inode)
		return;
	spin_lock(&mapping_lock);
	list_remove(&a->mapping);
	spin_unlock(&mapping_lock);
}

/* A space that maps i and has not been visited yet. */
static struct space *visit_next(struct inode *i)
{
	struct space *found = 0;

	spin_lock(&mapping_lock);
	for (struct list *l = i->areas.next; l != &i->areas; l = l->next) {
		struct space *s = LIST_OF(l, struct area, mapping)->space;

		if (s->visit == visits)
			continue;
		s->visit = visits;
		s->visitors++;
		found = s;
		break;
	}
	spin_unlock(&mapping_lock);
	return found;
}

static void visit_end(struct space *s)
{
	spin_lock(&mapping_lock);
	s->visitors--;
	spin_unlock(&mapping_lock);
}

/* What is lent stays until it is back: a domain must not meet a fault because
 * somebody else made the file shorter. */
static void visit(struct space *s, struct inode *i, u32 page)
{
	space_lock_unpinned(s);
	for (u32 n = 0; n < s->area_count; n++) {
		const struct area *a = s->index[n];
		u32 pages = (a->end - a->start) / PAGE;
		u32 skipped = page > a->page ? page - a->page : 0;

		if (a->inode == i && skipped < pages)
			table_clear(s, a->start + skipped * PAGE, a->end);
	}
	mutex_unlock(&s->lock);
}

void mapping_truncate(struct inode *i, u32 page)
{
	struct space *s;

	if (list_empty(&i->areas))
		return;
	mutex_lock(&truncating);
	visits++;
	while ((s = visit_next(i))) {
		visit(s, i, page);
		visit_end(s);
	}
	mutex_unlock(&truncating);
}

void mapping_settle(struct space *s)
{
	while (__atomic_load_n(&s->visitors, __ATOMIC_ACQUIRE))
		thread_yield();
}
