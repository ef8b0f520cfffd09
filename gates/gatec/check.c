/*
 * Links names to gates, numbers the functions, and refuses systems whose
 * parts do not fit: imports without exporter, shared ports, lists too long.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "imports.h"
#include "lexer.h"

static int gate_order(const void *left, const void *right)
{
	const struct gate *const *one = left, *const *two = right;

	return strcmp((*one)->name, (*two)->name);
}

static int domain_order(const void *left, const void *right)
{
	const struct domain *const *one = left, *const *two = right;

	if ((*one)->core != (*two)->core)
		return (*one)->core ? -1 : 1;
	return strcmp((*one)->name, (*two)->name);
}

/* Number all functions from 1, and hash all gates into one number. */
static void gates_number(struct system *all)
{
	u32 id = 1;

	all->hash = HASH_START;
	for (u32 i = 0; i < all->gate_count; i++) {
		struct gate *gate = all->gates[i];

		all->hash =
			hash_add(all->hash, gate->name, strlen(gate->name) + 1);
		all->hash =
			hash_add(all->hash, &gate->hash, sizeof(gate->hash));
		for (u32 f = 0; f < gate->function_count; f++)
			gate->functions[f].id = (u16)id++;
	}
	if (all->flat) /* the other builds' domains are refused */
		all->hash = hash_add(all->hash, "flat", sizeof("flat"));
}

_Static_assert(LIMIT_GATES *LIMIT_FUNCTIONS < 65536, "numbers fit 16 bits");

static void links_find(const struct system *all, const struct domain *one,
		       struct link *list, u32 count)
{
	for (u32 i = 0; i < count; i++) {
		list[i].gate = system_gate(all, list[i].name);
		if (list[i].gate == NULL)
			refuse((struct place){ one->place.file, list[i].line },
			       "there is no gate '%s'; is %s.gate missing?",
			       list[i].name, list[i].name);
	}
}

void system_link(struct system *all)
{
	qsort(all->gates, all->gate_count, sizeof(all->gates[0]), gate_order);
	qsort(all->domains, all->domain_count, sizeof(all->domains[0]),
	      domain_order);
	gates_number(all);
	all->life = system_gate(all, "life");
	if (all->life == NULL)
		refuse((struct place){ "life.gate", 0 },
		       "is not among the files; every domain exports it");
	for (u32 i = 0; i < all->domain_count; i++) {
		struct domain *one = all->domains[i];

		links_find(all, one, one->exports, one->export_count);
		links_find(all, one, one->imports, one->import_count);
	}
}

static u32 exporters(const struct system *all, const struct gate *gate,
		     const struct domain *besides)
{
	u32 count = 0;

	for (u32 i = 0; i < all->domain_count; i++)
		if (all->domains[i] != besides)
			count += domain_exports(all->domains[i], gate);
	return count;
}

/* Refuse imports that nobody serves, or whose C names would clash. */
static void imports_check(const struct system *all, const struct domain *one)
{
	for (u32 i = 0; i < one->import_count; i++) {
		const struct link *link = &one->imports[i];
		struct place place = { one->place.file, link->line };

		for (u32 k = 0; k < one->export_count; k++)
			if (strcmp(one->exports[k].name, link->as) == 0)
				refuse(place,
				       "'%s' is both imported and exported; "
				       "write 'imports %s as NAME'",
				       link->as, link->name);
		for (u32 k = 0; k < i; k++)
			if (strcmp(one->imports[k].as, link->as) == 0)
				refuse(place, "two imports are called '%s'",
				       link->as);
		if (strcmp(link->as, "life") == 0)
			refuse(place, "no import may be called 'life'");
		if (exporters(all, link->gate, one) == 0)
			refuse(place,
			       "nobody%s exports '%s'; add a domain that "
			       "does, or drop the import",
			       domain_exports(one, link->gate) ?
				       " but this domain" :
				       "",
			       link->name);
	}
}

/* Refuse more functions than a manifest holds. */
static void entries_check(const struct system *all, const struct domain *one)
{
	u32 count = all->life->function_count;

	for (u32 i = 0; i < one->export_count; i++) {
		count += one->exports[i].gate->function_count;
		if (!one->core && count > MANIFEST_ENTRIES)
			refuse((struct place){ one->place.file,
					       one->exports[i].line },
			       "exports %u functions, life's included; at "
			       "most %d: split the domain",
			       count, MANIFEST_ENTRIES);
	}
}

/* Refuse a range of `one` that meets a range of `other`. */
static void ranges_check(const struct domain *one, const struct range *mine,
			 u32 count, const struct domain *other,
			 const struct range *theirs, u32 their_count,
			 const char *what)
{
	for (u32 i = 0; i < count; i++)
		for (u32 k = 0; k < their_count; k++)
			if (mine[i].first <= theirs[k].last &&
			    theirs[k].first <= mine[i].last)
				refuse((struct place){ one->place.file,
						       mine[i].line },
				       "%s 0x%x-0x%x overlaps 0x%x-0x%x of "
				       "%s (%s:%u)",
				       what, mine[i].first, mine[i].last,
				       theirs[k].first, theirs[k].last,
				       other->name, other->place.file,
				       theirs[k].line);
}

static void irqs_check(const struct domain *one, const struct domain *other)
{
	if (one->pci_count > 0 && other->pci_count > 0)
		return;
	for (u32 i = 0; i < one->irq_count; i++)
		for (u32 k = 0; k < other->irq_count; k++)
			if (one->irqs[i].first == other->irqs[k].first)
				refuse((struct place){ one->place.file,
						       one->irqs[i].line },
				       "irq %u belongs to %s (%s:%u); only "
				       "pci devices share a line",
				       one->irqs[i].first, other->name,
				       other->place.file, other->irqs[k].line);
}

/* Refuse hardware that two domains claim; the later one gets the blame. */
static void hardware_check(const struct system *all, u32 index)
{
	const struct domain *one = all->domains[index];

	for (u32 i = 0; i < index; i++) {
		const struct domain *other = all->domains[i];

		ranges_check(one, one->ports, one->port_count, other,
			     other->ports, other->port_count, "ports");
		ranges_check(one, one->mmios, one->mmio_count, other,
			     other->mmios, other->mmio_count, "mmio");
		irqs_check(one, other);
	}
}

void system_check(struct system *all)
{
	for (u32 i = 0; i < all->domain_count; i++) {
		imports_check(all, all->domains[i]);
		entries_check(all, all->domains[i]);
		hardware_check(all, i);
	}
	imports_walk(all);
}
