/* Stacks that end, or are no stacks. */
#include "act.h"

/* Called through a pointer, so that it is no tail call and stays a call. */
static u32 (*volatile again)(u32 depth);

static u32 recurse(u32 depth)
{
	volatile u8 some[64];

	some[0] = (u8)depth;
	return again(depth + 1) + some[0];
}

static i32 overflow(const struct trial *t)
{
	(void)t;
	again = recurse;
	return (i32)again(0);
}

/* More in one frame than a stack has, which the build would refuse. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wframe-larger-than="
static i32 large_frame(const struct trial *t)
{
	volatile u8 large[5000];

	(void)t;
	large[0] = 1;
	return large[0] - 1;
}
#pragma GCC diagnostic pop

/* Push and pop a word with ESP at `at`. */
static void push_at(u32 at)
{
	__asm__ volatile("movl %%esp, %%ecx\n\t"
			 "movl %0, %%esp\n\t"
			 "pushl %%eax\n\t"
			 "popl %%eax\n\t"
			 "movl %%ecx, %%esp"
			 :
			 : "r"(at)
			 : "eax", "ecx", "memory");
}

static void pop_at(u32 at)
{
	__asm__ volatile("movl %%esp, %%ecx\n\t"
			 "movl %0, %%esp\n\t"
			 "popl %%eax\n\t"
			 "movl %%ecx, %%esp"
			 :
			 : "r"(at)
			 : "eax", "ecx", "memory");
}

static i32 esp_zero(const struct trial *t)
{
	(void)t;
	push_at(0);
	return 0;
}

static i32 esp_text(const struct trial *t)
{
	(void)t;
	push_at(0x1800);
	return 0;
}

static i32 esp_page_zero(const struct trial *t)
{
	(void)t;
	push_at(64);
	return 0;
}

static i32 esp_past_window(const struct trial *t)
{
	(void)t;
	push_at(limit_of(data_selector()) + 64);
	return 0;
}

/* Where the caller says: in the core, or in another window. */
static i32 esp_linear(const struct trial *t)
{
	pop_at(t->argument - t->base);
	return 0;
}

static i32 esp_guard(const struct trial *t)
{
	u32 esp;

	(void)t;
	__asm__ volatile("movl %%esp, %0" : "=r"(esp));
	push_at((esp & ~4095u) - 16);
	return 0;
}

/* A buffer that was lent is a segment, but no stack to fault on. */
static i32 lend_as_stack(const struct trial *t)
{
	__asm__ volatile("movl %%gs, %%eax\n\t"
			 "movl %%eax, %%ss\n\t"
			 "movl %0, %%esp\n\t"
			 "ud2"
			 :
			 : "r"(t->room)
			 : "eax", "memory");
	return 0;
}

const struct act acts_stack[] = {
	{ "stack-overflow", overflow },
	{ "stack-large-frame", large_frame },
	{ "esp-zero", esp_zero },
	{ "esp-text", esp_text },
	{ "esp-page-zero", esp_page_zero },
	{ "esp-past-window", esp_past_window },
	{ "esp-linear", esp_linear },
	{ "esp-guard", esp_guard },
	{ "lend-as-stack", lend_as_stack },
	{ NULL, NULL },
};
