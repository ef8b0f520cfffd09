/* print.h's formats: text and numbers made into characters, in memory alone. */
#include "kernel/print.h"

struct sink {
	char *at, *end;
};

static void put(struct sink *s, char c)
{
	if (s->at < s->end)
		*s->at++ = c;
}

static void put_number(struct sink *s, u32 n, u32 base, u32 width, char pad)
{
	char digits[12];
	u32 count = 0;

	do {
		digits[count++] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	while (width > count) {
		put(s, pad);
		width--;
	}
	while (count)
		put(s, digits[--count]);
}

static void put_string(struct sink *s, const char *text, u32 width, u32 left)
{
	u32 length = 0;

	if (!text)
		text = "(none)";
	while (text[length])
		length++;
	for (u32 i = length; !left && i < width; i++)
		put(s, ' ');
	while (*text)
		put(s, *text++);
	for (u32 i = length; left && i < width; i++)
		put(s, ' ');
}

static void put_argument(struct sink *s, char kind, u32 width, char pad,
			 u32 left, va_list *list)
{
	i32 n;

	switch (kind) {
	case 's':
		put_string(s, va_arg(*list, const char *), width, left);
		break;
	case 'c':
		put(s, (char)va_arg(*list, int));
		break;
	case 'd':
		n = va_arg(*list, int);
		if (n < 0) {
			put(s, '-');
			n = -n;
		}
		put_number(s, (u32)n, 10, width, pad);
		break;
	case 'u':
		put_number(s, va_arg(*list, u32), 10, width, pad);
		break;
	case 'x':
		put_number(s, va_arg(*list, u32), 16, width, pad);
		break;
	default:
		put(s, kind);
	}
}

u32 print_list(char *buffer, u32 size, const char *format, va_list arguments)
{
	struct sink s = { buffer, buffer + size - 1 };
	va_list list;

	va_copy(list, arguments);

	for (; *format; format++) {
		u32 width = 0, left = 0;
		char pad = ' ';

		if (*format != '%') {
			put(&s, *format);
			continue;
		}
		format++;
		if (*format == '-') {
			left = 1;
			format++;
		}
		if (*format == '0')
			pad = *format++;
		while (*format >= '0' && *format <= '9')
			width = width * 10 + (u32)(*format++ - '0');
		if (!*format)
			break;
		put_argument(&s, *format, width, pad, left, &list);
	}
	va_end(list);
	*s.at = 0;
	return (u32)(s.at - buffer);
}

u32 print_to(char *buffer, u32 size, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	u32 n = print_list(buffer, size, format, list);
	va_end(list);
	return n;
}
