/*
 * Writes C prototypes of gate functions, shared by the domains' headers and
 * the core's.
 */
#ifndef GATEC_PROTOTYPE_H
#define GATEC_PROTOTYPE_H

#include <stdio.h>

#include "model.h"

/* How a buffer is written in a prototype. */
enum buffer_style {
	STYLE_NEAR, /* a pointer into the caller's own segment */
	STYLE_FS, /* a `from` lend, passed on */
	STYLE_GS, /* an `into` lend, passed on */
	STYLE_CALLEE, /* as the callee sees it: from in FS, into in GS */
};

/* The C spelling of a type. */
void type_print(FILE *to, const struct gate *gate, const struct type *type);

/*
 * `i32 NAME(FIRST, words, buffers);`, wrapped at 80 columns. FIRST, if it is
 * not NULL, is a parameter in front.
 */
void prototype_print(FILE *to, const struct gate *gate,
		     const struct function *one, const char *name,
		     const char *first, const enum buffer_style style[2]);

/* The comment of the .gate file, as it stands there. */
void comment_print(FILE *to, const char *comment);

#endif
