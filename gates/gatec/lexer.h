/*
 * The words of .gate and .dom files, one ahead, with the comments that stand
 * over them; and gatec's one way of refusing a file.
 */
#ifndef GATEC_LEXER_H
#define GATEC_LEXER_H

#include "model.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_SIGN };

struct token {
	enum token_kind kind;
	const char *text;
	const char *comment; /* whole lines right above, or NULL */
	const char *trailing; /* behind the token before it, or NULL */
	u32 line;
};

struct lexer {
	const char *file;
	const char *at, *end; /* what is not read yet */
	u32 line;
	u32 hash; /* FNV-1a over the tokens taken, each with one space */
	struct token now; /* the next token to take */
};

#define HASH_START 2166136261u

/* Print `file:line: message` and end with status 1. Line 0 is not printed. */
_Noreturn void refuse(struct place place, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Zeroed memory that lives until gatec ends. */
void *memory_take(size_t size);

/* `size` bytes of `text` as a string that lives until gatec ends. */
char *text_copy(const char *text, size_t size);

/* A whole file, NUL-terminated; its size in `*size`. NULL: not readable. */
char *file_read(const char *path, size_t *size);

/* FNV-1a over `size` more bytes. */
u32 hash_add(u32 hash, const void *data, size_t size);

/* Read `file` and stand on its first token. */
void lexer_open(struct lexer *lex, const char *file);

/* The place of the next token. */
struct place lexer_place(const struct lexer *lex);

/* Take the next token. */
struct token token_take(struct lexer *lex);

/* Is the next token this text? `accept` takes it if so; `expect` refuses. */
bool token_is(const struct lexer *lex, const char *text);
bool token_accept(struct lexer *lex, const char *text);
void token_expect(struct lexer *lex, const char *text);

/*
 * Take a name of at most `most` characters: lower-case letters, digits and,
 * with `underscores`, single inner underscores; no word of C or of gatec.
 */
const char *token_name(struct lexer *lex, const char *what, u32 most,
		       bool underscores);

/* Take a number within bounds: decimal or 0x hex, with K or M for sizes. */
u32 token_number(struct lexer *lex, const char *what, u32 least, u32 most);

/* Take exactly `digits` hex digits without 0x. */
u32 token_hex(struct lexer *lex, const char *what, u32 digits);

#endif
