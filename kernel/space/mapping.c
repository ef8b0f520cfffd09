/*
 * Which areas map an inode, and taking pages of it out of all of them. A space
 * that ends takes its areas off these lists first and then waits for visitors,
 * so that nobody here ever counts a space.
 */
#include "kernel/space/area.h"
#include "kernel/memory.h"
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

/* What is to be done to the pages of i from number `page` on, `count` of them:
 * taken out, or made read-only. */
struct visit {
	struct inode *inode;
	u32 page, count;
	int protects;
};

static void visit_area(struct space *s, const struct area *a,
		       const struct visit *v)
{
	u32 pages = (a->end - a->start) / PAGE, count;
	u32 skipped = v->page > a->page ? v->page - a->page : 0;
	u32 before = a->page > v->page ? a->page - v->page : 0;
	u32 start = a->start + skipped * PAGE;

	if (a->inode != v->inode || skipped >= pages || before >= v->count)
		return;
	count = min(pages - skipped, v->count - before);
	if (!v->protects)
		table_clear(s, start, start + count * PAGE);
	else if (a->flags & AREA_SHARED)
		table_protect(s, start, start + count * PAGE, 0);
}

/* What is lent stays until it is back: a domain must not meet a fault because
 * somebody else made the file shorter. */
static void visit(struct space *s, const struct visit *v)
{
	space_lock_unpinned(s);
	for (u32 n = 0; n < s->area_count; n++)
		visit_area(s, s->index[n], v);
	mutex_unlock(&s->lock);
}

static void visit_all(const struct visit *v)
{
	struct space *s;

	if (list_empty(&v->inode->areas))
		return;
	mutex_lock(&truncating);
	visits++;
	while ((s = visit_next(v->inode))) {
		visit(s, v);
		visit_end(s);
	}
	mutex_unlock(&truncating);
}

void mapping_truncate(struct inode *i, u32 page)
{
	struct visit v = { i, page, 0xFFFFFFFFu - page, 0 };

	visit_all(&v);
}

void mapping_protect(struct inode *i, u32 page, u32 count)
{
	struct visit v = { i, page, count, 1 };

	visit_all(&v);
}

void mapping_settle(struct space *s)
{
	while (__atomic_load_n(&s->visitors, __ATOMIC_ACQUIRE))
		thread_yield();
}
