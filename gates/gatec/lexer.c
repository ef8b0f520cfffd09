/*
 * Cuts .gate and .dom files into words, numbers and signs, and keeps the
 * comments. Trusts nothing: whatever byte does not fit is refused.
 */
#include "lexer.h"

#include <ctype.h>
#include <string.h>

#define FILE_MOST (1 << 20)

void lexer_open(struct lexer *lex, const char *file)
{
	size_t size;
	char *text = file_read(file, &size);
	struct place start = { file, 0 };

	if (text == NULL)
		refuse(start, "cannot be read");
	if (size > FILE_MOST)
		refuse(start, "is larger than %d bytes", FILE_MOST);
	*lex = (struct lexer){ .file = file,
			       .at = text,
			       .end = text + size,
			       .line = 1,
			       .hash = HASH_START };
	token_take(lex);
}

struct place lexer_place(const struct lexer *lex)
{
	return (struct place){ lex->file, lex->now.line };
}

u32 hash_add(u32 hash, const void *data, size_t size)
{
	const u8 *byte = data;

	while (size-- > 0)
		hash = (hash ^ *byte++) * 16777619u;
	return hash;
}

/* Take the comment at lex->at; no trailing blanks, no line continuation. */
static char *comment_take(struct lexer *lex)
{
	const char *start = lex->at;
	size_t size;

	while (lex->at < lex->end && *lex->at != '\n')
		lex->at++;
	size = (size_t)(lex->at - start);
	while (size > 2 && (start[size - 1] == '\\' ||
			    isspace((unsigned char)start[size - 1])))
		size--;
	if (memchr(start, 0, size) != NULL)
		refuse((struct place){ lex->file, lex->line },
		       "a NUL byte in a comment; write plain text");
	return text_copy(start, size);
}

/* `above` with one more line under it. */
static const char *comment_join(const char *above, const char *line)
{
	size_t old = above ? strlen(above) : 0;
	size_t more = strlen(line);
	char *whole = memory_take(old + more + 2);

	if (old > 0)
		memcpy(whole, above, old);
	memcpy(whole + old, line, more);
	whole[old + more] = '\n';
	return whole;
}

/* Skip blanks and comments up to the next token, keeping its comments. */
static void blank_skip(struct lexer *lex, struct token *next)
{
	bool behind = lex->now.text != NULL; /* a token, on this line */
	bool empty = true; /* nothing on this line yet */

	for (; lex->at < lex->end; lex->at++) {
		if (*lex->at == '\n') {
			if (empty && !behind)
				next->comment = NULL;
			lex->line++;
			behind = false;
			empty = true;
		} else if (lex->at[0] == '/' && lex->at[1] == '/') {
			const char *line = comment_take(lex);

			empty = false;
			if (behind)
				next->trailing = comment_join(NULL, line);
			else
				next->comment =
					comment_join(next->comment, line);
			lex->at--;
		} else if (!strchr(" \t\r", *lex->at)) {
			return;
		}
	}
}

static bool word_part(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

struct token token_take(struct lexer *lex)
{
	struct token taken = lex->now;
	struct token next = { .kind = TOKEN_END, .text = "end of file" };
	const char *start;

	if (taken.text != NULL) {
		lex->hash = hash_add(lex->hash, taken.text, strlen(taken.text));
		lex->hash = hash_add(lex->hash, " ", 1);
	}
	blank_skip(lex, &next);
	next.line = lex->line;
	start = lex->at;
	if (start < lex->end && word_part(*start)) {
		next.kind = isdigit((unsigned char)*start) ? TOKEN_NUMBER :
							     TOKEN_WORD;
		while (lex->at < lex->end && word_part(*lex->at))
			lex->at++;
	} else if (start < lex->end) {
		next.kind = TOKEN_SIGN;
		if (*start == '\0' || !strchr("{}()[];,-:", *start))
			refuse((struct place){ lex->file, lex->line },
			       isprint((unsigned char)*start) ?
				       "unexpected character '%c'" :
				       "unexpected byte 0x%02x",
			       (unsigned char)*start);
		lex->at++;
	}
	if (next.kind != TOKEN_END)
		next.text = text_copy(start, (size_t)(lex->at - start));
	lex->now = next;
	return taken;
}

bool token_is(const struct lexer *lex, const char *text)
{
	return lex->now.kind != TOKEN_END && strcmp(lex->now.text, text) == 0;
}

bool token_accept(struct lexer *lex, const char *text)
{
	if (!token_is(lex, text))
		return false;
	token_take(lex);
	return true;
}

void token_expect(struct lexer *lex, const char *text)
{
	if (!token_accept(lex, text))
		refuse(lexer_place(lex), "expected '%s' before '%s'", text,
		       lex->now.text);
}

/* Words that would not compile, or mean something else, as a name. */
static bool word_reserved(const char *word)
{
	static const char *const words[] = {
		"again",      "asm",	  "auto",     "bool",	  "break",
		"case",	      "char",	  "const",    "continue", "core",
		"core_gates", "default",  "do",	      "domain",	  "double",
		"else",	      "enum",	  "extern",   "float",	  "for",
		"from",	      "gate",	  "goto",     "i16",	  "i32",
		"i64",	      "i8",	  "if",	      "inline",	  "int",
		"into",	      "linux",	  "i386",     "long",	  "needs",
		"one",	      "register", "restrict", "return",	  "short",
		"signed",     "sizeof",	  "static",   "struct",	  "switch",
		"typedef",    "typeof",	  "u16",      "u32",	  "u64",
		"u8",	      "union",	  "unix",     "unsigned", "void",
		"volatile",   "waits",	  "while",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

const char *token_name(struct lexer *lex, const char *what, u32 most,
		       bool underscores)
{
	struct place place = lexer_place(lex);
	const char *name = lex->now.text;
	size_t size = strlen(name);

	if (lex->now.kind != TOKEN_WORD)
		refuse(place, "expected %s before '%s'", what, name);
	if (word_reserved(name))
		refuse(place, "'%s' is a reserved word; choose another for %s",
		       name, what);
	if (size > most)
		refuse(place, "'%s' is too long for %s: at most %u characters",
		       name, what, most);
	for (size_t i = 0; i < size; i++)
		if (!islower((unsigned char)name[i]) &&
		    !isdigit((unsigned char)name[i]) &&
		    !(underscores && name[i] == '_'))
			refuse(place, "'%s': write %s in lower-case letters%s",
			       name, what,
			       underscores ? ", digits and underscores" :
					     " and digits");
	if (name[0] == '_' || name[size - 1] == '_' || strstr(name, "__"))
		refuse(place, "'%s': underscores only singly and inside", name);
	token_take(lex);
	return name;
}

/* The value of digits in a base, with an optional K or M; ~0 if it is bad. */
static u64 number_value(const char *text)
{
	u64 base = 10, value = 0;

	if (text[0] == '0' && text[1] == 'x') {
		base = 16;
		text += 2;
	} else if (text[0] == '0' && text[1] != '\0') {
		return ~0ull;
	}
	if (!isxdigit((unsigned char)*text))
		return ~0ull;
	for (; isxdigit((unsigned char)*text); text++) {
		u64 digit = (u64)(isdigit((unsigned char)*text) ?
					  *text - '0' :
					  tolower(*text) - 'a' + 10);

		if (digit >= base)
			return ~0ull;
		value = value * base + digit;
		if (value > 0xFFFFFFFFu)
			return ~0ull - 1;
	}
	if (*text == 'K' || *text == 'M')
		value <<= *text++ == 'K' ? 10 : 20;
	return *text == '\0' ? value : ~0ull;
}

u32 token_number(struct lexer *lex, const char *what, u32 least, u32 most)
{
	struct place place = lexer_place(lex);
	const char *text = lex->now.text;
	u64 value;

	if (lex->now.kind != TOKEN_NUMBER)
		refuse(place, "expected %s (a number) before '%s'", what, text);
	value = number_value(text);
	if (value == ~0ull)
		refuse(place,
		       "bad number '%s' for %s: write decimal or 0x hex, "
		       "K or M behind it for sizes",
		       text, what);
	if (value < least || value > most)
		refuse(place, "%s %s is out of range: %u to %u (0x%x)", what,
		       text, least, most, most);
	token_take(lex);
	return (u32)value;
}

u32 token_hex(struct lexer *lex, const char *what, u32 digits)
{
	struct place place = lexer_place(lex);
	const char *text = lex->now.text;
	u32 value = 0;

	if (strlen(text) != digits ||
	    strspn(text, "0123456789abcdefABCDEF") != digits)
		refuse(place, "'%s': write %s as %u hex digits without 0x",
		       text, what, digits);
	for (; *text != '\0'; text++)
		value = value << 4 | (u32)(isdigit((unsigned char)*text) ?
						   *text - '0' :
						   tolower(*text) - 'a' + 10);
	token_take(lex);
	return value;
}
