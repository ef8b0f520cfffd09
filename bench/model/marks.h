/*
 * The calls that bench/model looks at, and the marks around each: a NOP whose
 * bytes the plugin trace.c knows. The call's instructions lie between MARK(its
 * number) and MARK(MARKED_END), the loading of its arguments among them.
 */
#ifndef BENCH_MODEL_MARKS_H
#define BENCH_MODEL_MARKS_H

/* CALL(number, name, payload): name is WAY.WHAT; payload: it depends on the
 * size. A way is near, across, up (made by the domain tracer) or down (made by
 * the core). */
#define MARKED_CALLS(CALL) \
	CALL(NEAR_NONE, "near.none", 0) \
	CALL(NEAR_SINGLE, "near.single", 0) \
	CALL(NEAR_BOTH, "near.both", 0) \
	CALL(NEAR_INDIRECT, "near.indirect", 0) \
	CALL(NEAR_MOVED, "near.moved", 1) \
	CALL(ACROSS_NONE, "across.none", 0) \
	CALL(ACROSS_SINGLE, "across.single", 0) \
	CALL(ACROSS_BOTH, "across.both", 0) \
	CALL(ACROSS_TAKEN, "across.taken", 1) \
	CALL(ACROSS_GIVEN, "across.given", 1) \
	CALL(ACROSS_MOVED, "across.moved", 1) \
	CALL(UP_NONE, "up.none", 0) \
	CALL(UP_SINGLE, "up.single", 0) \
	CALL(UP_BOTH, "up.both", 0) \
	CALL(DOWN_NONE, "down.none", 0) \
	CALL(DOWN_SINGLE, "down.single", 0) \
	CALL(DOWN_BOTH, "down.both", 0) \
	CALL(DOWN_TAKEN, "down.taken", 1) \
	CALL(DOWN_GIVEN, "down.given", 1) \
	CALL(DOWN_MOVED, "down.moved", 1)

#define MARKED_NUMBER(number, name, payload) MARKED_##number,
enum marked { MARKED_CALLS(MARKED_NUMBER) MARKED_COUNT, MARKED_END = 255 };

#define MARK(number) \
	__asm__ volatile(".byte 0x0F, 0x1F, 0x80, %c0, 0x4C, 0x0D, 0xE1" \
			 : \
			 : "i"(number) \
			 : "memory")

/* One call of a switch over enum marked. */
#define MARKED(number, call) \
	case MARKED_##number: \
		MARK(MARKED_##number); \
		call; \
		MARK(MARKED_END); \
		return 0

#endif
