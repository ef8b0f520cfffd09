/*
 * Calls every function of the good system in every way that must compile.
 * With WRONG set to a number it also has one call that must not.
 */
#include "shaper.h"
#include "user.h"

i32 near_calls(u32 n);
i32 near_calls(u32 n)
{
	struct shape_line line;
	struct shape_point ends[2] = { { .x = 1 }, { .y = 2 } };
	const char text[] = "text";
	u8 out[10];

	return shape_none() + shape_words(1, -1, 2, -2, n > 3) +
	       waits_shape_take(0, "text", 4) +
	       waits_shape_take(n, text, sizeof(text)) +
	       waits_shape_fill(&line) +
	       shape_both(1, 2, 3, 4, 5, out + 1, n, ends);
}

i32 lends_passed_on(from char *text, into char *fill,
		    into struct shape_line *line, into u8 *out,
		    from struct shape_point *ends,
		    into struct shape_point *other);
i32 lends_passed_on(from char *text, into char *fill,
		    into struct shape_line *line, into u8 *out,
		    from struct shape_point *ends,
		    into struct shape_point *other)
{
	struct shape_point here[2];
	u8 near[4];

	return waits_shape_take(1, text + 1, 2) + waits_shape_take(1, fill, 2) +
	       waits_shape_fill(line) +
	       shape_both(1, 2, 3, 4, 5, out, 6, here) +
	       shape_both(1, 2, 3, 4, 5, out, 6, ends) +
	       shape_both(1, 2, 3, 4, 5, out, 6, other) +
	       shape_both(1, 2, 3, 4, 5, near, 4, ends) +
	       shape_both(1, 2, 3, 4, 5, near, 4, other);
}

/* What shaper imports: slots, and a name of its own. */
i32 slot_calls(from char *text, into u32 *value);
i32 slot_calls(from char *text, into u32 *value)
{
	u32 here;

	return low_ask(2, 1) + low_tell(0, "x", 1) + low_tell(1, text, 1) +
	       ticks_now(&here) + ticks_now(value) + waits_ticks_sleep(5);
}

/* What shaper defines: the types must be those of the header. */
i32 shape_none(void)
{
	return 0;
}

i32 life_interrupt(u32 line)
{
	return line == 11;
}

#ifdef WRONG
i32 wrong_call(from char *text, from u8 *bytes, into u32 *number);
i32 wrong_call(from char *text, from u8 *bytes, into u32 *number)
{
	const char mine[4] = "";
	struct shape_point point;

	(void)text, (void)bytes, (void)number, (void)mine, (void)point;
#if WRONG == 1 /* a `from` lend passed on as `into` */
	return shape_both(1, 2, 3, 4, 5, bytes, 1, &point);
#elif WRONG == 2 /* a lend of other elements */
	return waits_shape_take(0, bytes, 1);
#elif WRONG == 3 /* constants to be filled */
	return shape_both(1, 2, 3, 4, 5, mine, 1, &point);
#elif WRONG == 4 /* a length that is fixed */
	return waits_shape_fill(&point, 1);
#elif WRONG == 5 /* another struct */
	return waits_shape_fill(&point);
#elif WRONG == 6 /* a call that waits, without saying so */
	return ticks_sleep(5);
#elif WRONG == 7 /* a number for a pointer */
	return waits_shape_take(0, 1, 1);
#elif WRONG == 8 /* no slot */
	return low_ask(1);
#elif WRONG == 9 /* `into` of other elements */
	return ticks_now((into u16 *)number);
#endif
}
#endif
