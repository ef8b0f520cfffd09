/*
 * Prints a checked system's authority. The order is by name, so that the
 * text changes only where authority does.
 */
#include "authority.h"

#include <stdlib.h>
#include <string.h>

#include "imports.h"

/* `first` in front of a list, `", "` between its members. */
static const char *mark(bool *begun, const char *first)
{
	const char *text = *begun ? ", " : first;

	*begun = true;
	return text;
}

static void ranges_print(FILE *to, const char *what, const struct range *list,
			 u32 count)
{
	for (u32 i = 0; i < count; i++) {
		fprintf(to, "%s0x%x", i == 0 ? what : ", ", list[i].first);
		if (list[i].last != list[i].first)
			fprintf(to, "-0x%x", list[i].last);
	}
	if (count > 0)
		fputc('\n', to);
}

static void hardware_print(FILE *to, const struct domain *one)
{
	ranges_print(to, "  ports      ", one->ports, one->port_count);
	for (u32 i = 0; i < one->irq_count; i++)
		fprintf(to, "%s%u", i == 0 ? "  irq        " : ", ",
			one->irqs[i].first);
	if (one->irq_count > 0)
		fputc('\n', to);
	for (u32 i = 0; i < one->pci_count; i++) {
		u32 match = one->pcis[i].match;

		fputs(i == 0 ? "  pci        " : ", ", to);
		if (one->pcis[i].by_class)
			fprintf(to, "class %02x:%02x", match >> 8,
				match & 0xFF);
		else
			fprintf(to, "%04x:%04x", match >> 16, match & 0xFFFF);
	}
	if (one->pci_count > 0)
		fputc('\n', to);
	ranges_print(to, "  mmio       ", one->mmios, one->mmio_count);
	if (one->dma > 0)
		fprintf(to, "  dma        %u", one->dma);
	if (one->dma > 0 && one->dma_below > 0)
		fprintf(to, " below 0x%x", one->dma_below);
	if (one->dma > 0)
		fputc('\n', to);
}

static void numbers_print(FILE *to, const struct domain *one)
{
	if (one->stack > 0)
		fprintf(to, "  stack      %u\n", one->stack);
	if (one->heap > 0)
		fprintf(to, "  heap       %u\n", one->heap);
	if (one->kept > 0)
		fprintf(to, "  kept       %u\n", one->kept);
	if (one->needs > 0)
		fprintf(to, "  needs      %u a call\n", one->needs);
	if (one->below > 0)
		fprintf(to, "  below      %u a call\n", one->below);
	if (one->concurrent)
		fprintf(to, "  concurrent\n");
}

/* The exported functions that may wait. */
static void waits_print(FILE *to, const struct domain *one)
{
	bool begun = false;

	for (u32 i = 0; i < one->export_count; i++) {
		const struct gate *gate = one->exports[i].gate;

		for (u32 f = 0; f < gate->function_count; f++)
			if (gate->functions[f].waits)
				fprintf(to, "%s%s.%s",
					mark(&begun, "  waits      "),
					gate->name, gate->functions[f].name);
	}
	if (begun)
		fputc('\n', to);
}

/* `gate[n] as NAME <- exporter, exporter`, one line each. */
static void import_print(FILE *to, const struct system *all,
			 const struct domain *one, const struct link *link)
{
	bool begun = false;

	fprintf(to, "  imports    %s", link->name);
	if (link->slots > 1)
		fprintf(to, "[%u]", link->slots);
	if (link->as != link->name)
		fprintf(to, " as %s", link->as);
	for (u32 i = 0; i < all->domain_count; i++)
		if (all->domains[i] != one &&
		    domain_exports(all->domains[i], link->gate))
			fprintf(to, "%s%s", mark(&begun, " <- "),
				all->domains[i]->name);
	fputc('\n', to);
}

static void domain_print(FILE *to, const struct system *all,
			 const struct domain *one)
{
	fprintf(to, one->core ? "core\n" : "domain %s\n", one->name);
	hardware_print(to, one);
	numbers_print(to, one);
	for (u32 i = 0; i < one->export_count; i++)
		fprintf(to, "%s%s", i == 0 ? "  exports    " : ", ",
			one->exports[i].name);
	if (one->export_count > 0)
		fputc('\n', to);
	waits_print(to, one);
	for (u32 i = 0; i < one->import_count; i++)
		import_print(to, all, one, &one->imports[i]);
	fputc('\n', to);
}

static void reach_print(FILE *to, const struct system *all,
			const struct domain *one)
{
	bool reached[LIMIT_DOMAINS] = { false };
	bool begun = false;

	imports_reach(all, one, reached);
	fprintf(to, "  %-10s", one->name);
	for (u32 i = 0; i < all->domain_count; i++)
		if (reached[i] && all->domains[i] != one)
			fprintf(to, "%s%s", mark(&begun, " "),
				all->domains[i]->name);
	fprintf(to, begun ? "\n" : " nobody\n");
}

void authority_print(const struct system *all, FILE *to)
{
	fprintf(to, "What each domain may touch and call. Sizes in bytes; "
		    "absent means none.\nEvery domain also exports life to "
		    "the core.\n\n");
	for (u32 i = 0; i < all->domain_count; i++)
		domain_print(to, all, all->domains[i]);
	fprintf(to, "who can reach whom, directly or through others\n");
	for (u32 i = 0; i < all->domain_count; i++)
		reach_print(to, all, all->domains[i]);
}
