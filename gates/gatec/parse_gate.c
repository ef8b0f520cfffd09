/*
 * Reads .gate files: structures, and functions with their words and buffers.
 * The grammar stands at the top of main.c.
 */
#include "parse.h"

#include <stdio.h>
#include <string.h>

#include "lexer.h"

static const struct type basic_types[] = {
	{ "u32", NULL, 4, 4 },	{ "i32", NULL, 4, 4 },	{ "u16", NULL, 2, 2 },
	{ "i16", NULL, 2, 2 },	{ "u8", NULL, 1, 1 },	{ "i8", NULL, 1, 1 },
	{ "char", NULL, 1, 1 }, { "bool", NULL, 1, 1 },
};

void file_name_check(struct place place, const char *name, const char *suffix)
{
	const char *base = strrchr(place.file, '/');
	size_t size = strlen(name);

	base = base ? base + 1 : place.file;
	if (strncmp(base, name, size) != 0 || strcmp(base + size, suffix) != 0)
		refuse(place, "'%s' must be in a file named %s%s", name, name,
		       suffix);
}

static const struct record *record_find(const struct gate *gate,
					const char *name)
{
	for (u32 i = 0; i < gate->record_count; i++)
		if (strcmp(gate->records[i].name, name) == 0)
			return &gate->records[i];
	return NULL;
}

/* A basic type, or `struct NAME` of a struct above in the same gate. */
static struct type type_parse(struct lexer *lex, const struct gate *gate)
{
	struct place place = lexer_place(lex);
	const struct record *record;

	for (size_t i = 0; i < sizeof(basic_types) / sizeof(basic_types[0]);
	     i++)
		if (token_accept(lex, basic_types[i].name))
			return basic_types[i];
	if (!token_accept(lex, "struct"))
		refuse(place,
		       "'%s' is not a type: u8 u16 u32 i8 i16 i32 char bool, "
		       "or a struct of this gate",
		       lex->now.text);
	record = record_find(gate, lex->now.text);
	if (record == NULL)
		refuse(place, "struct %s is not declared above in this gate",
		       lex->now.text);
	token_take(lex);
	return (struct type){ record->name, record, record->size,
			      record->align };
}

static void field_parse(struct lexer *lex, struct record *record,
			struct type type)
{
	struct place place = lexer_place(lex);
	struct field *field = &record->fields[record->field_count];
	const char *name = token_name(lex, "a field", LIMIT_C_NAME, true);

	if (record->field_count == LIMIT_FIELDS)
		refuse(place, "more than %d fields in struct %s", LIMIT_FIELDS,
		       record->name);
	for (u32 i = 0; i < record->field_count; i++)
		if (strcmp(record->fields[i].name, name) == 0)
			refuse(place, "field '%s' is declared twice", name);
	field->name = name;
	field->type = type;
	if (token_accept(lex, "[")) {
		field->count =
			token_number(lex, "an array's length", 1, LIMIT_BUFFER);
		token_expect(lex, "]");
	}
	if (record->size % type.align != 0)
		refuse(place,
		       "field '%s' would leave %u bytes of padding before it; "
		       "reorder the fields or name the gap",
		       name, type.align - record->size % type.align);
	if ((u64)type.size * (field->count ? field->count : 1) + record->size >
	    LIMIT_BUFFER)
		refuse(place, "struct %s is larger than %d bytes", record->name,
		       LIMIT_BUFFER);
	record->size += type.size * (field->count ? field->count : 1);
	if (type.align > record->align)
		record->align = type.align;
	record->field_count++;
}

static void record_parse(struct lexer *lex, struct gate *gate)
{
	struct place place = lexer_place(lex);
	struct record *record = &gate->records[gate->record_count];

	if (gate->record_count == LIMIT_STRUCTS)
		refuse(place, "more than %d structs in one gate",
		       LIMIT_STRUCTS);
	record->comment = lex->now.comment;
	record->align = 1;
	token_expect(lex, "struct");
	record->name = token_name(lex, "a struct", LIMIT_C_NAME, true);
	if (record_find(gate, record->name) != NULL)
		refuse(place, "struct %s is declared twice", record->name);
	token_expect(lex, "{");
	do {
		struct type type = type_parse(lex, gate);

		do
			field_parse(lex, record, type);
		while (token_accept(lex, ","));
		token_expect(lex, ";");
	} while (!token_accept(lex, "}"));
	token_expect(lex, ";");
	if (record->size % record->align != 0)
		refuse(place,
		       "struct %s would leave %u bytes of padding at its end; "
		       "name the gap",
		       record->name,
		       record->align - record->size % record->align);
	gate->record_count++;
}

/* `[one]`, `[number]` or `[name]` behind a buffer. */
static void count_parse(struct lexer *lex, struct param *param)
{
	struct place place = lexer_place(lex);
	u64 count = 1;

	if (!token_accept(lex, "["))
		refuse(place,
		       "buffer '%s' needs a length: [name], [number] "
		       "or [one]",
		       param->name);
	if (lex->now.kind == TOKEN_NUMBER) {
		count = token_number(lex, "a buffer's length", 1, LIMIT_BUFFER);
	} else if (!token_accept(lex, "one")) {
		if (param->type.size != 1)
			refuse(place,
			       "buffer '%s' of %s needs [one] or [number]: "
			       "a named length counts bytes of char or u8",
			       param->name, param->type.name);
		param->count_name = token_name(lex, "a buffer's length",
					       LIMIT_C_NAME, true);
	}
	token_expect(lex, "]");
	if (param->count_name != NULL)
		return;
	count *= param->type.size;
	if (count > LIMIT_BUFFER)
		refuse(place,
		       "buffer '%s' of fixed size is larger than %d "
		       "bytes",
		       param->name, LIMIT_BUFFER);
	param->fixed = (u32)count;
}

/* Refuse `name` if a parameter or a length of `one` has it already. */
static void param_name_check(struct place place, const struct function *one,
			     u32 count, const char *name)
{
	for (u32 i = 0; i < count; i++) {
		const struct param *other = &one->params[i];

		if (strcmp(other->name, name) == 0 ||
		    (other->count_name != NULL &&
		     strcmp(other->count_name, name) == 0))
			refuse(place, "parameter '%s' is declared twice", name);
	}
}

static void word_parse(struct lexer *lex, const struct gate *gate,
		       struct function *one)
{
	struct place place = lexer_place(lex);
	struct param *param = &one->params[one->word_count];

	param->type = type_parse(lex, gate);
	if (token_is(lex, "from") || token_is(lex, "into"))
		refuse(place, "write '%s' before the type", lex->now.text);
	param->name = token_name(lex, "a parameter", LIMIT_C_NAME, true);
	if (one->buffer_count > 0)
		refuse(place,
		       "word '%s' stands behind a buffer; words come first",
		       param->name);
	if (param->type.record != NULL)
		refuse(place,
		       "a struct is no word: write 'from' or 'into' before "
		       "it and [one] behind '%s'",
		       param->name);
	if (strcmp(param->type.name, "char") == 0)
		refuse(place, "a word of type char has no sign; use u8 or i8");
	if (token_is(lex, "["))
		refuse(place,
		       "'%s' is a buffer: write 'from' or 'into' before it",
		       param->name);
	if (one->word_count == LIMIT_WORDS)
		refuse(place, "more than %d words; pass a struct in a buffer",
		       LIMIT_WORDS);
	param_name_check(place, one, one->word_count, param->name);
	one->word_count++;
}

static void buffer_parse(struct lexer *lex, const struct gate *gate,
			 struct function *one)
{
	struct place place = lexer_place(lex);
	u32 before = one->word_count + one->buffer_count;
	struct param param = { .kind = BUFFER_INTO };

	if (token_is(lex, "from"))
		param.kind = BUFFER_FROM;
	for (u32 i = one->word_count; i < before; i++)
		if (one->params[i].kind == param.kind)
			refuse(place,
			       "two '%s' buffers in one call; at most "
			       "one of each kind",
			       lex->now.text);
	token_take(lex);
	param.type = type_parse(lex, gate);
	param.name = token_name(lex, "a buffer", LIMIT_C_NAME, true);
	param_name_check(place, one, before, param.name);
	count_parse(lex, &param);
	if (param.count_name != NULL) {
		param_name_check(place, one, before, param.count_name);
		if (strcmp(param.count_name, param.name) == 0)
			refuse(place, "parameter '%s' is declared twice",
			       param.name);
	}
	one->params[before] = param;
	one->buffer_count++;
}

/* `waits`, `again` and `needs N` behind the parameters, in any order. */
static void marks_parse(struct lexer *lex, struct function *one)
{
	while (!token_accept(lex, ";")) {
		struct place place = lexer_place(lex);
		const char *text = lex->now.text;

		if ((one->waits && token_is(lex, "waits")) ||
		    (one->again && token_is(lex, "again")) ||
		    (one->needs != 0 && token_is(lex, "needs")))
			refuse(place, "'%s' is said twice", text);
		if (token_accept(lex, "waits"))
			one->waits = true;
		else if (token_accept(lex, "again"))
			one->again = true;
		else if (token_accept(lex, "needs"))
			one->needs =
				token_number(lex, "needs", 1, LIMIT_MEMORY);
		else
			refuse(place,
			       "expected ';', 'waits', 'again' or "
			       "'needs' before '%s'",
			       text);
	}
}

static void function_parse(struct lexer *lex, struct gate *gate)
{
	struct place place = lexer_place(lex);
	struct function *one = &gate->functions[gate->function_count];

	if (gate->function_count == LIMIT_FUNCTIONS)
		refuse(place, "more than %d functions in one gate",
		       LIMIT_FUNCTIONS);
	one->place = place;
	one->comment = lex->now.comment;
	if (!token_accept(lex, "i32"))
		refuse(place,
		       "'%s' begins neither a struct nor a function: "
		       "every function returns i32",
		       lex->now.text);
	one->name = token_name(lex, "a function", LIMIT_C_NAME, true);
	for (u32 i = 0; i < gate->function_count; i++)
		if (strcmp(gate->functions[i].name, one->name) == 0)
			refuse(place, "function '%s' is declared twice",
			       one->name);
	token_expect(lex, "(");
	if (!token_is(lex, ")"))
		do
			if (token_is(lex, "from") || token_is(lex, "into"))
				buffer_parse(lex, gate, one);
			else
				word_parse(lex, gate, one);
		while (token_accept(lex, ","));
	token_expect(lex, ")");
	marks_parse(lex, one);
	gate->function_count++;
}

void gate_parse(struct system *all, const char *file)
{
	struct gate *gate = memory_take(sizeof(*gate));
	struct gate *same;
	struct lexer lex;

	lexer_open(&lex, file);
	gate->records = memory_take(LIMIT_STRUCTS * sizeof(*gate->records));
	gate->functions =
		memory_take(LIMIT_FUNCTIONS * sizeof(*gate->functions));
	gate->place = lexer_place(&lex);
	gate->comment = lex.now.comment;
	token_expect(&lex, "gate");
	gate->name = token_name(&lex, "a gate", LIMIT_NAME, false);
	file_name_check(gate->place, gate->name, ".gate");
	same = system_gate(all, gate->name);
	if (same != NULL)
		refuse(gate->place, "gate %s is declared in %s already",
		       gate->name, same->place.file);
	if (all->gate_count == LIMIT_GATES)
		refuse(gate->place, "more than %d gates", LIMIT_GATES);
	token_expect(&lex, ";");
	if (lex.now.trailing != NULL)
		gate->comment = lex.now.trailing;
	while (lex.now.kind != TOKEN_END)
		if (token_is(&lex, "struct"))
			record_parse(&lex, gate);
		else
			function_parse(&lex, gate);
	if (gate->function_count == 0)
		refuse(gate->place, "gate %s has no function", gate->name);
	gate->hash = lex.hash;
	all->gates[all->gate_count++] = gate;
}
