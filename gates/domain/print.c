/*
 * The formatter: text into a buffer and nowhere else. No allocation, no
 * locale, 32-bit numbers only.
 */
#include "gates/domain/domain.h"

#include <stdarg.h>

struct output {
	char *buf;
	u32 used, size;
};

static void put(struct output *out, char c)
{
	if (out->used + 1 < out->size)
		out->buf[out->used++] = c;
}

static void put_text(struct output *out, const char *text)
{
	while (*text)
		put(out, *text++);
}

static void put_number(struct output *out, u32 value, u32 base, bool negative,
		       u32 width, char fill)
{
	char digits[10];
	u32 n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);

	if (negative && fill == '0')
		put(out, '-');
	for (u32 used = n + negative; used < width; used++)
		put(out, fill);
	if (negative && fill != '0')
		put(out, '-');
	while (n)
		put(out, digits[--n]);
}

/* What follows a '%'. Returns where to go on. */
static const char *put_argument(struct output *out, const char *format,
				va_list *arguments)
{
	char fill = *format == '0' ? '0' : ' ';
	u32 width = 0;
	i32 value;

	while (*format >= '0' && *format <= '9')
		width = width * 10 + (u32)(*format++ - '0');

	switch (*format) {
	case 's':
		put_text(out, va_arg(*arguments, const char *));
		break;
	case 'c':
		put(out, (char)va_arg(*arguments, int));
		break;
	case 'd':
		value = va_arg(*arguments, i32);
		put_number(out, value < 0 ? -(u32)value : (u32)value, 10,
			   value < 0, width, fill);
		break;
	case 'u':
		put_number(out, va_arg(*arguments, u32), 10, false, width,
			   fill);
		break;
	case 'x':
		put_number(out, va_arg(*arguments, u32), 16, false, width,
			   fill);
		break;
	case '%':
		put(out, '%');
		break;
	default:
		assert(!"a conversion that print_to knows");
	}
	return format + 1;
}

u32 print_to(char *buf, u32 size, const char *format, ...)
{
	struct output out = { .buf = buf, .size = size };
	va_list arguments;

	assert(size > 0);
	va_start(arguments, format);
	while (*format) {
		if (*format == '%')
			format = put_argument(&out, format + 1, &arguments);
		else
			put(&out, *format++);
	}
	va_end(arguments);
	buf[out.used] = '\0';
	return out.used;
}
