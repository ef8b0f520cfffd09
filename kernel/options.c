/* Words of the kernel's command line. */
#include "kernel/options.h"

#include "kernel/domain.h"
#include "kernel/linux/vdso.h"
#include "kernel/memory.h"
#include "kernel/print.h"

struct options options = {
	.organization = FLAT_BUILD ? ORGANIZATION_FLAT : ORGANIZATION_FAR,
	.budget = 5,
	.watchdog = 1000,
	.awake = 100,
	.way = VDSO_SYSENTER,
	.scan = SCAN_SAY,
	.init = "/sbin/init",
};

/* After `name=` in word, or NULL. */
static const char *value_of(const char *word, const char *name)
{
	while (*name && *word == *name) {
		word++;
		name++;
	}
	return !*name && *word == '=' ? word + 1 : 0;
}

/* -1 unless text is a decimal number. */
static i32 number_of(const char *text)
{
	i32 n = 0;

	if (!*text)
		return -1;
	for (; *text >= '0' && *text <= '9' && n < 100000000; text++)
		n = n * 10 + *text - '0';
	return *text ? -1 : n;
}

static int set_number(u32 *out, const char *text)
{
	i32 n = number_of(text);

	if (n < 0)
		return 0;
	*out = (u32)n;
	return 1;
}

static int way_read(const char *value)
{
	static const char *const names[] = {
		[VDSO_INT80] = "int80",
		[VDSO_SYSENTER] = "sysenter",
		[VDSO_GATE] = "gate",
	};

	for (u32 i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (text_equal(value, names[i])) {
			options.way = i;
			return 1;
		}
	return 0;
}

const char *organization_name(u32 organization)
{
	static const char *const names[ORGANIZATIONS] = {
		[ORGANIZATION_FAR] = "far",   [ORGANIZATION_SEALED] = "sealed",
		[ORGANIZATION_IPC] = "ipc",   [ORGANIZATION_QUEUED] = "queued",
		[ORGANIZATION_FLAT] = "flat",
	};

	return organization < ORGANIZATIONS ? names[organization] : 0;
}

int organization_read(const char *value, u8 *out)
{
	const char *name;

	for (u32 i = 0; (name = organization_name(i)); i++)
		if (text_equal(value, name) &&
		    (i == ORGANIZATION_FLAT) == FLAT_BUILD) {
			*out = (u8)i;
			return 1;
		}
	return 0;
}

#define DOMAIN_WORD "domain."

/* domain.NAME=ORGANIZATION */
static int domain_word_read(const char *word)
{
	u32 n = sizeof(DOMAIN_WORD) - 1, end = n;

	if (memcmp(word, DOMAIN_WORD, n) != 0 ||
	    options.domain_count == OPTIONS_DOMAINS)
		return 0;
	while (word[end] && word[end] != '=')
		end++;
	if (!word[end] || end - n >= sizeof(options.domains[0].name))
		return 0;
	text_copy(options.domains[options.domain_count].name, end - n + 1,
		  word + n);
	return organization_read(
		       word + end + 1,
		       &options.domains[options.domain_count].organization) &&
	       ++options.domain_count;
}

/* Whether `domain` is `name`, or an instance of it, such as ext2.1. */
static int is_instance_of(const char *domain, const char *name)
{
	while (*name && *domain == *name) {
		domain++;
		name++;
	}
	return !*name && (!*domain || *domain == '.');
}

u8 options_organization(const char *domain)
{
	u8 organization = options.organization;

	for (u32 i = 0; i < options.domain_count; i++)
		if (is_instance_of(domain, options.domains[i].name))
			organization = options.domains[i].organization;
	return organization;
}

/* The words about programs. */
static int program_word_read(const char *word)
{
	const char *value;

	if ((value = value_of(word, "syscall")))
		return way_read(value);
	if ((value = value_of(word, "init"))) {
		text_copy(options.init, sizeof(options.init), value);
		return *value == '/';
	}
	if ((value = value_of(word, "root"))) {
		text_copy(options.root, sizeof(options.root), value);
		return 1;
	}
	if ((value = value_of(word, "rows")))
		return set_number(&options.rows, value);
	if ((value = value_of(word, "columns")))
		return set_number(&options.columns, value);
	if (value_of(word, "term"))
		return 1; /* for init */
	if ((value = value_of(word, "trace")))
		return set_number(&options.trace, value);
	if ((value = value_of(word, "monitor")))
		return set_number(&options.monitor, value);
	return 0;
}

static int scan_read(const char *value)
{
	options.scan = text_equal(value, "refuse") ? SCAN_REFUSE :
		       text_equal(value, "off")	   ? SCAN_OFF :
						     SCAN_SAY;
	return options.scan != SCAN_SAY || text_equal(value, "say");
}

static int word_read(const char *word)
{
	const char *value;

	if ((value = value_of(word, "channel")) &&
	    text_equal(value, "framed")) {
		options.com1_is_framed = 1;
		return 1;
	}
	if ((value = value_of(word, "channel")) && text_equal(value, "com1")) {
		options.com1_is_channel = 1;
		return 1;
	}
	if ((value = value_of(word, "report"))) {
		options.brief_reports = (u32)text_equal(value, "brief");
		return options.brief_reports || text_equal(value, "full");
	}
	if ((value = value_of(word, "budget"))) {
		if (!text_equal(value, "none"))
			return set_number(&options.budget, value);
		options.budget = 0;
		return 1;
	}
	if ((value = value_of(word, "watchdog")))
		return set_number(&options.watchdog, value) &&
		       options.watchdog <= 60000; /* ticks fit 16 bits */
	if ((value = value_of(word, "domains")))
		return organization_read(value, &options.organization);
	if (domain_word_read(word))
		return 1;
	if ((value = value_of(word, "scan")))
		return scan_read(value);
	if ((value = value_of(word, "cpus")))
		return set_number(&options.cpus, value);
	if ((value = value_of(word, "awake")))
		return set_number(&options.awake, value) &&
		       options.awake <= 10000;
	return program_word_read(word);
}

void options_read(const char *line)
{
	char word[64];
	u32 first = 1;

	while (*line) {
		u32 n = 0;

		while (*line == ' ')
			line++;
		while (*line && *line != ' ') {
			if (n < sizeof(word) - 1)
				word[n++] = *line;
			line++;
		}
		word[n] = 0;
		/* loaders may put the kernel's own file name first */
		if (n && !word_read(word) && !first)
			print("boot: unknown word `%s`: ignored\n", word);
		first = 0;
	}
}
