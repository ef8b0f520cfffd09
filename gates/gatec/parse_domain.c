/*
 * Reads .dom files: what a domain is and may touch. Absent means none.
 * The grammar stands at the top of main.c.
 */
#include "parse.h"

#include <string.h>

#include "lexer.h"

/* `A-B` or `A`. */
static struct range range_parse(struct lexer *lex, const char *what, u32 most)
{
	struct place place = lexer_place(lex);
	struct range range = { .line = place.line };

	range.first = token_number(lex, what, 0, most);
	range.last = range.first;
	if (token_accept(lex, "-"))
		range.last = token_number(lex, what, 0, most);
	if (range.last < range.first)
		refuse(place, "%s 0x%x-0x%x ends before it begins", what,
		       range.first, range.last);
	return range;
}

/* Add a range to a list, unless it meets one that is there. */
static void range_add(struct lexer *lex, struct range *list, u32 *count,
		      u32 most, const char *what, struct range range)
{
	struct place place = { lex->file, range.line };

	for (u32 i = 0; i < *count; i++)
		if (list[i].first <= range.last && range.first <= list[i].last)
			refuse(place, "%s 0x%x-0x%x is stated twice", what,
			       range.first, range.last);
	if (*count == most)
		refuse(place, "more than %u entries of %s", most, what);
	list[(*count)++] = range;
}

static void ports_parse(struct lexer *lex, struct domain *one)
{
	do
		range_add(lex, one->ports, &one->port_count, MANIFEST_PORTS,
			  "ports", range_parse(lex, "ports", 0xFFFF));
	while (token_accept(lex, ","));
}

static void irq_parse(struct lexer *lex, struct domain *one)
{
	do {
		struct range line = { .line = lex->now.line };

		line.first = token_number(lex, "irq", 0, LIMIT_IRQ);
		line.last = line.first;
		range_add(lex, one->irqs, &one->irq_count, MANIFEST_IRQS, "irq",
			  line);
	} while (token_accept(lex, ","));
}

static void pci_parse(struct lexer *lex, struct domain *one)
{
	do {
		struct place place = lexer_place(lex);
		struct manifest_pci pci = { 0 };
		u32 digits = 4;

		if (token_accept(lex, "class")) {
			pci.by_class = 1;
			digits = 2;
		}
		pci.match = token_hex(lex, "pci numbers", digits) << digits * 4;
		token_expect(lex, ":");
		pci.match |= token_hex(lex, "pci numbers", digits);
		for (u32 i = 0; i < one->pci_count; i++)
			if (one->pcis[i].match == pci.match &&
			    one->pcis[i].by_class == pci.by_class)
				refuse(place, "the same pci device twice");
		if (one->pci_count == MANIFEST_PCIS)
			refuse(place, "more than %d entries of pci",
			       MANIFEST_PCIS);
		one->pcis[one->pci_count++] = pci;
	} while (token_accept(lex, ","));
}

static void mmio_parse(struct lexer *lex, struct domain *one)
{
	struct range range = range_parse(lex, "mmio", 0xFFFFFFFF);

	if (range.first % 4096 != 0 || range.last % 4096 != 4095)
		refuse((struct place){ lex->file, range.line },
		       "mmio 0x%x-0x%x is not whole pages of 4 KiB",
		       range.first, range.last);
	if (range.last - range.first >= LIMIT_MEMORY)
		refuse((struct place){ lex->file, range.line },
		       "mmio 0x%x-0x%x is larger than %d bytes", range.first,
		       range.last, LIMIT_MEMORY);
	range_add(lex, one->mmios, &one->mmio_count, MANIFEST_MMIOS, "mmio",
		  range);
}

/* heap, kept and dma: once each. */
static void size_parse(struct lexer *lex, const char *what, u32 *size)
{
	if (*size != 0)
		refuse(lexer_place(lex), "memory %s is stated twice", what);
	*size = token_number(lex, what, 1, LIMIT_MEMORY);
}

static void memory_parse(struct lexer *lex, struct domain *one)
{
	do {
		struct place place = lexer_place(lex);

		if (token_accept(lex, "mmio")) {
			mmio_parse(lex, one);
			continue;
		}
		if (one->core)
			refuse(place, "the core states no memory but mmio");
		if (token_accept(lex, "heap"))
			size_parse(lex, "heap", &one->heap);
		else if (token_accept(lex, "kept"))
			size_parse(lex, "kept", &one->kept);
		else if (token_accept(lex, "dma")) {
			size_parse(lex, "dma", &one->dma);
			if (token_accept(lex, "below"))
				one->dma_below = token_number(
					lex, "below", one->dma, 0xFFFFFFFF);
		} else {
			refuse(place,
			       "memory '%s' is unknown: mmio, heap, "
			       "kept or dma",
			       lex->now.text);
		}
	} while (token_accept(lex, ","));
}

static void stack_parse(struct lexer *lex, struct domain *one)
{
	one->stack = token_number(lex, "stack", LIMIT_STACK_LEAST, LIMIT_STACK);
}

static void needs_parse(struct lexer *lex, struct domain *one)
{
	one->needs = token_number(lex, "needs", 1, LIMIT_MEMORY);
}

static void concurrent_parse(struct lexer *lex, struct domain *one)
{
	(void)lex;
	one->concurrent = true;
}

/* A gate's name, not twice in the same list. */
static struct link *link_add(struct lexer *lex, struct domain *one,
			     struct link *list, u32 *count, u32 most,
			     const char *what)
{
	struct place place = lexer_place(lex);
	const char *name = token_name(lex, "a gate", LIMIT_NAME, false);

	if (strcmp(name, "life") == 0)
		refuse(place, "life is implied; leave it out");
	for (u32 i = 0; i < *count; i++)
		if (strcmp(list[i].name, name) == 0)
			refuse(place, "gate %s is in %s twice", name, what);
	if (one->core)
		most = LIMIT_LINKS;
	if (*count == most)
		refuse(place, "more than %u gates in %s", most, what);
	list[*count] = (struct link){
		.name = name, .as = name, .slots = 1, .line = place.line
	};
	return &list[(*count)++];
}

static void exports_parse(struct lexer *lex, struct domain *one)
{
	do
		link_add(lex, one, one->exports, &one->export_count,
			 MANIFEST_EXPORTS - 1, "exports");
	while (token_accept(lex, ","));
}

static void imports_parse(struct lexer *lex, struct domain *one)
{
	do {
		struct link *link =
			link_add(lex, one, one->imports, &one->import_count,
				 MANIFEST_IMPORTS, "imports");
		struct place place = lexer_place(lex);

		if (token_accept(lex, "[")) {
			link->slots = token_number(lex, "import slots", 2,
						   LIMIT_SLOTS);
			token_expect(lex, "]");
		}
		if (token_accept(lex, "as"))
			link->as =
				token_name(lex, "an import", LIMIT_NAME, false);
		if (one->core && (link->slots > 1 || link->as != link->name))
			refuse(place, "the core says in each call whom it "
				      "calls; leave [n] and 'as' out");
	} while (token_accept(lex, ","));
}

static const struct statement {
	const char *word;
	void (*parse)(struct lexer *lex, struct domain *one);
	bool core; /* may stand in core.dom */
} statements[] = {
	{ "stack", stack_parse, false },
	{ "ports", ports_parse, true },
	{ "irq", irq_parse, true },
	{ "pci", pci_parse, false },
	{ "memory", memory_parse, true },
	{ "concurrent", concurrent_parse, false },
	{ "needs", needs_parse, false },
	{ "exports", exports_parse, true },
	{ "imports", imports_parse, true },
};

#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

static void statement_parse(struct lexer *lex, struct domain *one, u32 *seen)
{
	struct place place = lexer_place(lex);
	struct token word = token_take(lex);

	for (u32 i = 0; i < STATEMENTS; i++) {
		if (strcmp(statements[i].word, word.text) != 0)
			continue;
		if (one->core && !statements[i].core)
			refuse(place, "the core states no '%s'", word.text);
		if (*seen & 1u << i)
			refuse(place,
			       "'%s' is stated twice; put it all in "
			       "one line",
			       word.text);
		*seen |= 1u << i;
		statements[i].parse(lex, one);
		token_expect(lex, ";");
		return;
	}
	refuse(place,
	       "'%s' is unknown: stack, ports, irq, pci, memory, "
	       "concurrent, needs, exports or imports",
	       word.text);
}

struct domain *domain_parse(struct system *all, const char *file)
{
	struct domain *one = memory_take(sizeof(*one));
	struct domain *same;
	struct lexer lex;
	u32 seen = 0;

	lexer_open(&lex, file);
	one->place = lexer_place(&lex);
	one->name = "core";
	one->core = token_accept(&lex, "core");
	if (!one->core) {
		if (!token_accept(&lex, "domain"))
			refuse(one->place,
			       "begin with 'domain NAME;' or "
			       "'core;', not with '%s'",
			       lex.now.text);
		one->name = token_name(&lex, "a domain", LIMIT_NAME, true);
	}
	file_name_check(one->place, one->name, ".dom");
	same = system_domain(all, one->name);
	if (same != NULL)
		refuse(one->place, "domain %s is declared in %s already",
		       one->name, same->place.file);
	if (all->domain_count == LIMIT_DOMAINS)
		refuse(one->place, "more than %d domains", LIMIT_DOMAINS);
	token_expect(&lex, ";");
	while (lex.now.kind != TOKEN_END)
		statement_parse(&lex, one, &seen);
	if (!one->core && one->stack == 0)
		refuse(one->place,
		       "domain %s states no stack; say how many "
		       "bytes one call takes, as in 'stack 2048;'",
		       one->name);
	all->domains[all->domain_count++] = one;
	return one;
}
