/*
 * gatec reads a system's .gate and .dom files and writes the C and assembly
 * that its parts meet in. It always reads the whole system, refuses whatever
 * does not fit (`file:line: message`, status 1), and writes only files whose
 * contents changed.
 *
 * A .gate file states what can be asked:
 *
 *   file     = "gate" NAME ";" { struct | function }
 *   struct   = "struct" NAME "{" { type field { "," field } ";" } "}" ";"
 *   field    = NAME [ "[" number "]" ]
 *   type     = u8 u16 u32 i8 i16 i32 char bool | "struct" NAME
 *   function = "i32" NAME "(" [ param { "," param } ] ")"
 *              { "waits" | "again" | "needs" number } ";"
 *   param    = type NAME                               a word: no struct
 *            | ( "from" | "into" ) type NAME "[" count "]"
 *   count    = NAME | number | "one"
 *
 * A .dom file states what a domain is and may touch; absent means none:
 *
 *   file     = ( "domain" NAME | "core" ) ";" { statement ";" }
 *   statement, each at most once:
 *     "stack" number | "needs" number | "concurrent"
 *     "ports" range { "," range }      "irq" number { "," number }
 *     "pci" pci { "," pci }            pci = [ "class" ] hex ":" hex
 *     "memory" memory { "," memory }
 *     "exports" NAME { "," NAME }      "imports" import { "," import }
 *   memory   = "mmio" range | "heap" number | "kept" number
 *            | "dma" number [ "below" number ]
 *   range    = number [ "-" number ]                   inclusive
 *   import   = NAME [ "[" number "]" ] [ "as" NAME ]
 *   number   = decimal or 0x hex, K or M behind it for sizes
 *
 * Comments run from // to the end of the line. Those right above a struct or
 * a function, and the one beside `gate NAME;`, are copied into the headers.
 *
 * What the grammar does not show:
 * - At most five words, then at most one `from` and one `into`. A named
 *   count is a second C parameter, in bytes, for types of one byte only; a
 *   fixed count is none: the stub passes the size and the thunk insists.
 * - A struct is known in its own gate only, as `struct GATE_NAME` in C, and
 *   must have no padding, for padding would carry a stranger's bytes.
 * - Names have lower-case letters and digits; all but those of gates and
 *   imports also single inner underscores, so that GATE_FUNCTION is one
 *   function only. A file is named after what it declares.
 * - `life` is exported by every domain and imported by the core unsaid; it
 *   counts among the exports of a manifest.
 * - The core may state ports, irq and mmio: kept from all domains. It has no
 *   manifest. Its imports do not count as edges when cycles and chains are
 *   looked for; a chain of imports ends at the core.
 * - An import leads to every *other* domain that exports the gate; which one
 *   is bound is decided when the system runs.
 * - A call takes the `needs` of its function, of its domain, and for each
 *   import of that domain the most that a call there takes.
 * - Neither ports nor (whole pages of) mmio are shared by two domains; an
 *   irq only if both state pci.
 * - --check-sources counts a name as used where it stands outside comments
 *   and strings. Gates that are not among the files it takes from gates/ in
 *   the current folder.
 */
#include <stdio.h>
#include <string.h>

#include "authority.h"
#include "check.h"
#include "emit.h"
#include "lexer.h"
#include "parse.h"
#include "sources.h"

static const char usage[] =
	"gatec [--debug] [--flat] -o DIRECTORY FILE.gate... FILE.dom...\n"
	"        write headers, stubs, thunks and tables of the whole system\n"
	"gatec --authority FILE.gate... FILE.dom...\n"
	"        print who may touch and call what\n"
	"gatec --check-sources NAME.dom [FILE.gate...] FILE.c...\n"
	"        refuse imports the sources never use, and calls that wait\n"
	"        from a domain that never does; gates not given: gates/*.gate\n"
	"gatec --help\n"
	"        print this\n";

enum mode { MODE_NONE, MODE_EMIT, MODE_AUTHORITY, MODE_SOURCES };

struct options {
	enum mode mode;
	bool debug, flat;
	const char *directory;
	const char *domain; /* file, for MODE_SOURCES */
};

static _Noreturn void usage_refuse(const char *what, const char *which)
{
	refuse((struct place){ "gatec", 0 }, "%s%s; see gatec --help", what,
	       which);
}

static bool suffix_is(const char *text, const char *suffix)
{
	size_t size = strlen(text), end = strlen(suffix);

	return size > end && strcmp(text + size - end, suffix) == 0;
}

static void mode_set(struct options *options, enum mode mode)
{
	if (options->mode != MODE_NONE)
		usage_refuse("more than one thing to do", "");
	options->mode = mode;
}

/* Read options from the front; returns the index of the first file. */
static int options_read(struct options *options, int count, char **words)
{
	int i = 1;

	for (; i < count && words[i][0] == '-'; i++) {
		const char *next = i + 1 < count ? words[i + 1] : NULL;

		if (strcmp(words[i], "--debug") == 0) {
			options->debug = true;
		} else if (strcmp(words[i], "--flat") == 0) {
			options->flat = true;
		} else if (strcmp(words[i], "--authority") == 0) {
			mode_set(options, MODE_AUTHORITY);
		} else if (strcmp(words[i], "-o") == 0 && next != NULL) {
			mode_set(options, MODE_EMIT);
			options->directory = next;
			i++;
		} else if (strcmp(words[i], "--check-sources") == 0 &&
			   next != NULL && suffix_is(next, ".dom")) {
			mode_set(options, MODE_SOURCES);
			options->domain = next;
			i++;
		} else {
			usage_refuse("unknown or incomplete option ", words[i]);
		}
	}
	if (options->mode == MODE_NONE)
		usage_refuse("nothing to do", "");
	if (i == count)
		usage_refuse("no files", "");
	return i;
}

/* Read gates/NAME.gate unless the gate was read already. */
static void gate_find(struct system *all, const char *name)
{
	size_t size = strlen(name) + sizeof("gates/.gate");
	char *path = memory_take(size);

	snprintf(path, size, "gates/%s.gate", name);
	if (system_gate(all, name) == NULL)
		gate_parse(all, path);
}

/* The gates of one domain, as far as they were not given. */
static void gates_find(struct system *all, const struct domain *one)
{
	gate_find(all, "life");
	for (u32 i = 0; i < one->export_count; i++)
		gate_find(all, one->exports[i].name);
	for (u32 i = 0; i < one->import_count; i++)
		gate_find(all, one->imports[i].name);
}

/*
 * Read the .gate and .dom files. MODE_SOURCES has one .dom file, which is
 * an option, and returns its domain; its other files are C.
 */
static struct domain *system_read(struct system *all,
				  const struct options *options, int count,
				  char **files)
{
	struct domain *one = NULL;

	all->flat = options->flat;
	if (options->mode == MODE_SOURCES)
		one = domain_parse(all, options->domain);
	for (int i = 0; i < count; i++)
		if (suffix_is(files[i], ".gate"))
			gate_parse(all, files[i]);
		else if (options->mode == MODE_SOURCES)
			continue;
		else if (suffix_is(files[i], ".dom"))
			domain_parse(all, files[i]);
		else
			usage_refuse("neither .gate nor .dom: ", files[i]);
	if (one != NULL)
		gates_find(all, one);
	system_link(all);
	return one;
}

static void system_emit(const struct system *all, const struct options *options)
{
	for (u32 i = 0; i < all->gate_count; i++)
		emit_gate_header(options->directory, all->gates[i]);
	for (u32 i = 0; i < all->domain_count; i++) {
		const struct domain *one = all->domains[i];

		if (one->core) {
			emit_core(all, options->directory, one);
			emit_core_asm(all, options->directory, one,
				      options->debug);
		} else {
			emit_domain_header(all, options->directory, one);
			emit_domain_asm(all, options->directory, one,
					options->debug);
		}
	}
}

int main(int count, char **words)
{
	static struct system all;
	struct options options = { .mode = MODE_NONE };
	struct domain *one;
	int first;

	if (count == 2 && strcmp(words[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	first = options_read(&options, count, words);
	one = system_read(&all, &options, count - first, words + first);
	if (options.mode == MODE_SOURCES) {
		for (int i = first; i < count; i++)
			if (!suffix_is(words[i], ".gate"))
				source_read(one, words[i]);
		sources_check(one);
		return 0;
	}
	system_check(&all);
	if (options.mode == MODE_AUTHORITY)
		authority_print(&all, stdout);
	else
		system_emit(&all, &options);
	if (fflush(stdout) != 0)
		refuse((struct place){ "gatec", 0 }, "cannot print");
	return 0;
}
