/*
 * The import graph. A domain's edges lead to every other domain that exports
 * what it imports; the core is the bottom: whom it calls down to does not
 * count, and whoever imports nothing else stands right above it.
 */
#include "imports.h"

#include <string.h>

#include "lexer.h"

enum visit { VISIT_NOT, VISIT_OPEN, VISIT_DONE };

/* The domains being visited, for the message about a cycle. */
struct path {
	const struct domain *domain[LIMIT_DOMAINS];
	u32 count;
};

static _Noreturn void cycle_refuse(const struct path *path,
				   const struct link *link,
				   const struct domain *again)
{
	const struct domain *last = path->domain[path->count - 1];
	size_t size = (path->count + 1) * (MANIFEST_NAME_SIZE + 4);
	char *text = memory_take(size);
	u32 i = 0;

	while (path->domain[i] != again)
		i++;
	for (; i < path->count; i++) {
		strcat(text, path->domain[i]->name);
		strcat(text, " -> ");
	}
	strcat(text, again->name);
	refuse((struct place){ last->place.file, link->line },
	       "importing '%s' closes a cycle: %s; calls go down, what goes "
	       "up is an event",
	       link->name, text);
}

static void needs_check(const struct domain *one, u64 needs)
{
	if (needs > LIMIT_MEMORY)
		refuse(one->place,
		       "one call into %s may take %llu bytes, callees "
		       "included; at most %d",
		       one->name, needs, LIMIT_MEMORY);
}

static void domain_walk(struct system *all, struct domain *one,
			struct path *path);

/* Walk below one import; returns the most bytes a call through it takes. */
static u64 link_walk(struct system *all, struct domain *one,
		     const struct link *link, struct path *path)
{
	u64 most = 0;

	for (u32 i = 0; i < all->domain_count; i++) {
		struct domain *to = all->domains[i];

		if (to == one || !domain_exports(to, link->gate))
			continue;
		if (to->visit == VISIT_OPEN)
			cycle_refuse(path, link, to);
		domain_walk(all, to, path);
		if (to->depth + 1 > one->depth)
			one->depth = to->depth + 1;
		if (one->depth > LIMIT_CHAIN)
			refuse((struct place){ one->place.file, link->line },
			       "importing '%s' makes a chain of %u imports; "
			       "at most %d",
			       link->name, one->depth, LIMIT_CHAIN);
		for (u32 f = 0; f < link->gate->function_count; f++) {
			u64 needs =
				function_needs(to, &link->gate->functions[f]);

			if (needs > most)
				most = needs;
		}
	}
	return most;
}

static void domain_walk(struct system *all, struct domain *one,
			struct path *path)
{
	u64 below = 0;

	if (one->visit == VISIT_DONE)
		return;
	one->visit = VISIT_OPEN;
	path->domain[path->count++] = one;
	for (u32 i = 0; i < one->import_count && !one->core; i++)
		below += link_walk(all, one, &one->imports[i], path);
	needs_check(one, below);
	one->below = (u32)below;
	for (u32 f = 0; f < all->life->function_count; f++)
		needs_check(one, function_needs(one, &all->life->functions[f]));
	for (u32 i = 0; i < one->export_count; i++) {
		const struct gate *gate = one->exports[i].gate;

		for (u32 f = 0; f < gate->function_count; f++)
			needs_check(one,
				    function_needs(one, &gate->functions[f]));
	}
	path->count--;
	one->visit = VISIT_DONE;
}

void imports_walk(struct system *all)
{
	struct path path = { .count = 0 };

	for (u32 i = 0; i < all->domain_count; i++)
		domain_walk(all, all->domains[i], &path);
}

void imports_reach(const struct system *all, const struct domain *one,
		   bool reached[LIMIT_DOMAINS])
{
	for (u32 i = 0; i < one->import_count; i++)
		for (u32 k = 0; k < all->domain_count; k++) {
			const struct domain *to = all->domains[k];

			if (to == one || reached[k] ||
			    !domain_exports(to, one->imports[i].gate))
				continue;
			reached[k] = true;
			if (!to->core)
				imports_reach(all, to, reached);
		}
}
