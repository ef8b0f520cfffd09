/*
 * C prototypes of gate functions. Parameters keep the order of the .gate
 * file; a buffer is a pointer and, unless its size is fixed, a length.
 */
#include "prototype.h"

#include <stdlib.h>
#include <string.h>

#include "lexer.h"

void type_print(FILE *to, const struct gate *gate, const struct type *type)
{
	if (type->record != NULL)
		fprintf(to, "struct %s_%s", gate->name, type->record->name);
	else if (strcmp(type->name, "bool") == 0)
		fprintf(to, "_Bool");
	else
		fprintf(to, "%s", type->name);
}

static void param_print(FILE *to, const struct gate *gate,
			const struct param *param, enum buffer_style style)
{
	if (param->kind == BUFFER_NONE) {
		type_print(to, gate, &param->type);
		fprintf(to, " %s", param->name);
		return;
	}
	if (style == STYLE_CALLEE)
		style = param->kind == BUFFER_FROM ? STYLE_FS : STYLE_GS;
	if (style == STYLE_FS)
		fprintf(to, "from ");
	else if (param->kind == BUFFER_FROM)
		fprintf(to, "const ");
	if (style == STYLE_GS)
		fprintf(to, "into ");
	type_print(to, gate, &param->type);
	fprintf(to, " *%s", param->name);
	if (param->count_name != NULL)
		fprintf(to, ", u32 %s", param->count_name);
}

/* Write `text`, broken at blanks behind commas to stay within 80 columns. */
static void wrapped_print(FILE *to, const char *text)
{
	size_t column = 0;

	while (*text != '\0') {
		size_t part = strcspn(text, ",");

		part += text[part] == ',';
		if (column > 8 && column + part > 78) {
			fprintf(to, "\n\t");
			column = 8;
			part -= *text == ' ';
			text += *text == ' ';
		}
		fprintf(to, "%.*s", (int)part, text);
		column += part;
		text += part;
	}
}

void prototype_print(FILE *to, const struct gate *gate,
		     const struct function *one, const char *name,
		     const char *first, const enum buffer_style style[2])
{
	u32 count = one->word_count + one->buffer_count;
	char *text;
	size_t size;
	FILE *line = open_memstream(&text, &size);

	if (line == NULL)
		refuse((struct place){ "gatec", 0 }, "out of memory");
	fprintf(line, "i32 %s(%s", name, first ? first : count ? "" : "void");
	for (u32 i = 0; i < count; i++) {
		if (i > 0 || first != NULL)
			fprintf(line, ", ");
		param_print(line, gate, &one->params[i],
			    i < one->word_count ? STYLE_NEAR :
						  style[i - one->word_count]);
	}
	fprintf(line, ");");
	fclose(line);
	wrapped_print(to, text);
	fputc('\n', to);
	free(text);
}

void comment_print(FILE *to, const char *comment)
{
	if (comment != NULL)
		fputs(comment, to);
}
