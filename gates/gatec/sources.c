/*
 * Looks for the names of stubs in C sources. It knows comments, strings and
 * character constants, nothing more of C.
 */
#include "sources.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lexer.h"

struct source {
	const char *file;
	const char *at;
	u32 line;
};

/* Step over a string or character constant that begins here. */
static void quote_skip(struct source *source)
{
	char quote = *source->at++;

	while (*source->at != '\0' && *source->at != quote &&
	       *source->at != '\n') {
		if (source->at[0] == '\\' && source->at[1] != '\0') {
			source->at++;
			source->line += *source->at == '\n';
		}
		source->at++;
	}
	if (*source->at == quote)
		source->at++;
}

static void comment_skip(struct source *source)
{
	bool line = source->at[1] == '/';

	source->at += 2;
	while (*source->at != '\0') {
		if (line && *source->at == '\n')
			return;
		if (!line && strncmp(source->at, "*/", 2) == 0) {
			source->at += 2;
			return;
		}
		source->line += *source->at == '\n';
		source->at++;
	}
}

/* The next identifier, or NULL at the end. */
static const char *identifier_take(struct source *source)
{
	while (*source->at != '\0') {
		const char *start = source->at;

		if (*start == '"' || *start == '\'') {
			quote_skip(source);
		} else if (strncmp(start, "//", 2) == 0 ||
			   strncmp(start, "/*", 2) == 0) {
			comment_skip(source);
		} else if (isalnum((unsigned char)*start) || *start == '_') {
			while (isalnum((unsigned char)*source->at) ||
			       *source->at == '_')
				source->at++;
			if (!isdigit((unsigned char)*start))
				return text_copy(start,
						 (size_t)(source->at - start));
		} else {
			source->line += *start == '\n';
			source->at++;
		}
	}
	return NULL;
}

/* The C name of an imported function's stub. */
static void stub_name(const struct domain *one, const struct link *link,
		      const struct function *function, char name[80])
{
	snprintf(name, 80, "%s%s_%s",
		 one->core	 ? "down_" :
		 function->waits ? "waits_" :
				   "",
		 link->as, function->name);
}

/* Does any exported function of the domain wait? */
static bool domain_waits(const struct domain *one)
{
	for (u32 i = 0; i < one->export_count; i++) {
		const struct gate *gate = one->exports[i].gate;

		for (u32 f = 0; f < gate->function_count; f++)
			if (gate->functions[f].waits)
				return true;
	}
	return false;
}

static void use_note(struct domain *one, const struct source *source,
		     const char *identifier)
{
	char name[80];

	for (u32 i = 0; i < one->import_count; i++) {
		struct link *link = &one->imports[i];

		for (u32 f = 0; f < link->gate->function_count; f++) {
			const struct function *function =
				&link->gate->functions[f];

			stub_name(one, link, function, name);
			if (strcmp(name, identifier) != 0)
				continue;
			link->used = true;
			if (function->waits && !one->waits) {
				one->waits = text_copy(name, strlen(name));
				one->waits_at = (struct place){ source->file,
								source->line };
			}
		}
	}
	if (strcmp(identifier, "life_start") == 0 ||
	    strcmp(identifier, "life_stop") == 0)
		one->lives = true;
}

void source_read(struct domain *one, const char *file)
{
	struct source source = { .file = file, .line = 1 };
	const char *identifier;
	size_t size;

	source.at = file_read(file, &size);
	if (source.at == NULL)
		refuse((struct place){ file, 0 }, "cannot be read");
	while ((identifier = identifier_take(&source)) != NULL)
		use_note(one, &source, identifier);
}

void sources_check(const struct domain *one)
{
	if (one->waits && !one->core && !one->lives && !domain_waits(one))
		refuse(one->waits_at,
		       "%s waits, but no function that %s exports is marked "
		       "'waits'",
		       one->waits, one->name);
	char name[80];

	for (u32 i = 0; i < one->import_count; i++) {
		const struct link *link = &one->imports[i];

		if (link->used)
			continue;
		stub_name(one, link, &link->gate->functions[0], name);
		refuse((struct place){ one->place.file, link->line },
		       "'%s' is imported but no source calls it (%s or "
		       "another); drop the import",
		       link->name, name);
	}
}
