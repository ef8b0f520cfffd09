/* Bytes of lends and of windows that are not there to be read or written. */
#include "act.h"

static i32 from_read_past(const struct trial *t)
{
	LOOK("fs", t->size);
	return 0;
}

static i32 from_read_last(const struct trial *t)
{
	LOOK("fs", t->size - 1);
	return 0;
}

/* Two bytes inside, two outside. */
static i32 from_read_straddle(const struct trial *t)
{
	u32 value;

	__asm__ volatile("movl %%fs:(%1), %0" : "=r"(value) : "r"(t->size - 2));
	return 0;
}

static i32 from_take_past(const struct trial *t)
{
	u8 buffer[128];

	take(buffer, t->data, t->size + 1);
	return 0;
}

static i32 from_write(const struct trial *t)
{
	(void)t;
	TOUCH("fs", 0);
	return 0;
}

static i32 from_read_negative(const struct trial *t)
{
	(void)t;
	LOOK("fs", -1);
	return 0;
}

static i32 into_write_past(const struct trial *t)
{
	TOUCH("gs", t->room);
	return 0;
}

static i32 into_write_last(const struct trial *t)
{
	TOUCH("gs", t->room - 1);
	return 0;
}

static i32 into_read_past(const struct trial *t)
{
	LOOK("gs", t->room);
	return 0;
}

/* As give() does, one byte too many; each byte is written back as it is. */
static i32 into_give_past(const struct trial *t)
{
	u32 count = t->room + 1, at = 0, here = 0, segment;

	__asm__ volatile("movl %%gs, %3\n\t"
			 "movl %3, %%es\n\t"
			 "rep movsb %%gs:(%%esi), %%es:(%%edi)\n\t"
			 "movl %%ds, %3\n\t"
			 "movl %3, %%es"
			 : "+c"(count), "+S"(at), "+D"(here), "=&r"(segment)
			 :
			 : "memory");
	return 0;
}

/* A lend of no bytes has not even a first one. */
static i32 empty_read(const struct trial *t)
{
	(void)t;
	LOOK("fs", 0);
	return 0;
}

static i32 empty_write(const struct trial *t)
{
	(void)t;
	TOUCH("gs", 0);
	return 0;
}

static i32 window_read_past(const struct trial *t)
{
	(void)t;
	LOOK("ds", limit_of(data_selector()) + 1);
	return 0;
}

static i32 window_write_past(const struct trial *t)
{
	(void)t;
	TOUCH("ds", limit_of(data_selector()) + 1);
	return 0;
}

/* The caller says where: in another window, or in the core. */
static i32 linear_read(const struct trial *t)
{
	LOOK("ds", t->argument - t->base);
	return 0;
}

static i32 linear_write(const struct trial *t)
{
	TOUCH("ds", t->argument - t->base);
	return 0;
}

static i32 null_read(const struct trial *t)
{
	(void)t;
	LOOK("ds", 0);
	return 0;
}

static i32 null_write(const struct trial *t)
{
	(void)t;
	TOUCH("ds", 8);
	return 0;
}

static i32 text_write(const struct trial *t)
{
	(void)t;
	TOUCH("ds", text_write);
	return 0;
}

static i32 constants_write(const struct trial *t)
{
	(void)t;
	TOUCH("ds", acts_bytes);
	return 0;
}

/* The last page of every window is never mapped. */
static i32 hole_read(const struct trial *t)
{
	(void)t;
	LOOK("ds", limit_of(data_selector()) - 8);
	return 0;
}

static i32 heap_read_past(const struct trial *t)
{
	i32 heap = memory_grow(4096);

	(void)t;
	if (heap < 0)
		return heap;
	LOOK("ds", heap + 4096);
	return 0;
}

const struct act acts_bytes[] = {
	{ "from-read-past", from_read_past },
	{ "from-read-last", from_read_last },
	{ "from-read-straddle", from_read_straddle },
	{ "from-take-past", from_take_past },
	{ "from-read-negative", from_read_negative },
	{ "from-write", from_write },
	{ "into-write-past", into_write_past },
	{ "into-write-last", into_write_last },
	{ "into-read-past", into_read_past },
	{ "into-give-past", into_give_past },
	{ "empty-read", empty_read },
	{ "empty-write", empty_write },
	{ "window-read-past", window_read_past },
	{ "window-write-past", window_write_past },
	{ "linear-read", linear_read },
	{ "linear-write", linear_write },
	{ "null-read", null_read },
	{ "null-write", null_write },
	{ "text-write", text_write },
	{ "constants-write", constants_write },
	{ "hole-read", hole_read },
	{ "heap-read-past", heap_read_past },
	{ NULL, NULL },
};
