/*
 * What execve hands to a new program: strings gathered from the old space
 * while there still is one, and the first stack made of them in the new.
 */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/execute.h"
#include "kernel/random.h"
#include "kernel/space/user.h"

#define ROOM_FIRST   4096u
#define STRING_MOST  131072u
#define STRINGS_MOST (6u << 20)
#define WORDS_EXTRA  48u /* argc, two NULLs, auxiliary vector */
#define RANDOM_BYTES 16u
#define CLOCK_TICKS  100u
#define SIGNAL_STACK 2048u /* what AT_MINSIGSTKSZ says */

static const char platform[] = "i686";

/* From the System V ABI, and Linux' own from 15 up. */
enum {
	AT_NULL = 0,
	AT_PHDR = 3,
	AT_PHENT = 4,
	AT_PHNUM = 5,
	AT_PAGESZ = 6,
	AT_BASE = 7,
	AT_FLAGS = 8,
	AT_ENTRY = 9,
	AT_UID = 11,
	AT_EUID = 12,
	AT_GID = 13,
	AT_EGID = 14,
	AT_PLATFORM = 15,
	AT_HWCAP = 16,
	AT_CLKTCK = 17,
	AT_SECURE = 23,
	AT_RANDOM = 25,
	AT_EXECFN = 31,
	AT_SYSINFO = 32,
	AT_SYSINFO_EHDR = 33,
	AT_MINSIGSTKSZ = 51,
};

/* ---- strings ---- */

/* What RLIMIT_STACK leaves to strings: a quarter. */
static u32 strings_limit(void)
{
	u32 soft = process_current()->limits[LIMIT_STACK].soft;

	return max(STRING_MOST, min(soft / 4, STRINGS_MOST));
}

static i32 strings_grow(struct strings *s, u32 wanted)
{
	u32 room = s->room ? s->room : ROOM_FIRST;

	while (room < wanted)
		room *= 2;
	if (room == s->room)
		return 0;
	char *text = heap_take_now(room);

	if (!text)
		return -ENOMEM;
	memory_copy(text, s->text, s->size);
	heap_give(s->text);
	s->text = text;
	s->room = room;
	return 0;
}

static i32 string_add_user(struct strings *s, u32 user)
{
	u32 words = (s->arguments + s->environment + 1) * 4;

	for (;;) {
		u32 room = min(s->room - s->size, STRING_MOST);
		i32 n = room ? user_text(s->text + s->size, user, room) :
			       -ENAMETOOLONG;

		if (n >= 0) {
			s->size += (u32)n + 1;
			return s->size + words > s->most ? -E2BIG : 0;
		}
		if (n != -ENAMETOOLONG)
			return n;
		if (room == STRING_MOST || s->room >= s->most)
			return -E2BIG;
		n = strings_grow(s, s->room + 1);
		if (n < 0)
			return n;
	}
}

i32 strings_add(struct strings *s, const char *text)
{
	u32 size = text_length(text) + 1;
	i32 r = strings_grow(s, s->size + size);

	if (r < 0)
		return r;
	memory_copy(s->text + s->size, text, size);
	s->size += size;
	return 0;
}

/* The texts that a vector in the user's memory leads to; NULL: none. */
static i32 strings_add_vector(struct strings *s, u32 vector, u32 *count)
{
	u32 user;
	i32 r = 0;

	if (!vector)
		return 0;
	for (;; vector += 4) {
		if (user_read32(&user, vector) < 0)
			return -EFAULT;
		if (!user)
			return 0;
		r = string_add_user(s, user);
		if (r < 0)
			return r;
		++*count;
	}
}

i32 strings_take(struct strings *s, u32 user_arguments, u32 user_environment)
{
	i32 r;

	memory_fill(s, 0, sizeof(*s));
	s->most = strings_limit();
	r = strings_grow(s, ROOM_FIRST);
	if (r == 0)
		r = strings_add_vector(s, user_arguments, &s->arguments);
	if (r == 0 && !s->arguments) { /* none is an empty one, as in Linux */
		r = strings_add(s, "");
		s->arguments = 1;
	}
	s->environment_at = s->size;
	if (r == 0)
		r = strings_add_vector(s, user_environment, &s->environment);
	s->path_at = s->size;
	if (r < 0)
		strings_drop(s);
	return r;
}

i32 strings_first(struct strings *s, const char *path)
{
	i32 r;

	memory_fill(s, 0, sizeof(*s));
	s->most = strings_limit();
	r = strings_add(s, path);
	s->arguments = 1;
	s->environment_at = s->size;
	if (r == 0)
		r = strings_add(s, "HOME=/");
	if (r == 0)
		r = strings_add(s, "TERM=linux");
	s->environment = 2;
	s->path_at = s->size;
	return r;
}

void strings_drop(struct strings *s)
{
	heap_give(s->text);
	s->text = 0;
}

i32 strings_replace_first(struct strings *s, const char *const *texts,
			  u32 count)
{
	u32 old = text_length(s->text) + 1, fresh = 0;
	i32 r;

	for (u32 i = 0; i < count; i++)
		fresh += text_length(texts[i]) + 1;
	r = strings_grow(s, s->size + fresh);
	if (r < 0)
		return r;
	memmove(s->text + fresh, s->text + old, s->size - old);
	for (u32 i = 0, at = 0; i < count; i++) {
		u32 size = text_length(texts[i]) + 1;

		memory_copy(s->text + at, texts[i], size);
		at += size;
	}
	s->size += fresh - old;
	s->environment_at += fresh - old;
	s->path_at += fresh - old;
	s->arguments += count - 1;
	return 0;
}

/* ---- the first stack ---- */

u32 stack_need(const struct strings *s)
{
	return s->size + (s->arguments + s->environment + WORDS_EXTRA) * 4 +
	       256;
}

static u32 cpu_features(void)
{
	u32 eax = 1, ebx, ecx, edx;

	__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
	return edx;
}

/* Addresses of `count` texts from text + at, which lies at `user`. */
static u32 *pointers_put(u32 *to, const char *text, u32 user, u32 count)
{
	while (count--) {
		u32 size = text_length(text) + 1;

		*to++ = user;
		text += size;
		user += size;
	}
	*to++ = 0;
	return to;
}

static u32 *pair_put(u32 *to, u32 name, u32 value)
{
	to[0] = name;
	to[1] = value;
	return to + 2;
}

static u32 *auxiliary_put(u32 *to, const struct auxiliary *a)
{
	const struct credentials *c = &process_current()->credentials;

	if (a->vdso) {
		to = pair_put(to, AT_SYSINFO, a->vdso_entry);
		to = pair_put(to, AT_SYSINFO_EHDR, a->vdso);
	}
	to = pair_put(to, AT_HWCAP, cpu_features());
	to = pair_put(to, AT_PAGESZ, PAGE);
	to = pair_put(to, AT_CLKTCK, CLOCK_TICKS);
	to = pair_put(to, AT_PHDR, a->header);
	to = pair_put(to, AT_PHENT, sizeof(struct elf_program));
	to = pair_put(to, AT_PHNUM, a->header_count);
	to = pair_put(to, AT_BASE, a->base);
	to = pair_put(to, AT_FLAGS, 0);
	to = pair_put(to, AT_ENTRY, a->entry);
	to = pair_put(to, AT_UID, c->uid);
	to = pair_put(to, AT_EUID, c->euid);
	to = pair_put(to, AT_GID, c->gid);
	to = pair_put(to, AT_EGID, c->egid);
	to = pair_put(to, AT_SECURE, a->secure);
	return pair_put(to, AT_MINSIGSTKSZ, SIGNAL_STACK);
}

/* The small things between strings and vectors; returns their lowest byte. */
static u32 extras_write(u32 below, u32 *platform_at, u32 *random_at)
{
	u8 random[RANDOM_BYTES];

	*platform_at = below - (u32)sizeof(platform);
	*random_at = (*platform_at - RANDOM_BYTES) & ~15u;
	random_bytes(random, RANDOM_BYTES);
	if (user_write(*platform_at, platform, sizeof(platform)) < 0 ||
	    user_write(*random_at, random, RANDOM_BYTES) < 0)
		return 0;
	return *random_at;
}

i32 stack_lay_out(struct space *space, u32 top, const struct strings *s,
		  const struct auxiliary *a, u32 *esp)
{
	u32 text = top - 4 - s->size, platform_at, random_at;
	u32 words = s->arguments + s->environment + WORDS_EXTRA;
	u32 below = extras_write(text, &platform_at, &random_at);
	u32 *vector = heap_take_now(words * 4), *to = vector;
	i32 r = vector ? 0 : -ENOMEM;

	if (r == 0) {
		*to++ = s->arguments;
		to = pointers_put(to, s->text, text, s->arguments);
		to = pointers_put(to, s->text + s->environment_at,
				  text + s->environment_at, s->environment);
		to = auxiliary_put(to, a);
		to = pair_put(to, AT_RANDOM, random_at);
		to = pair_put(to, AT_EXECFN, text + s->path_at);
		to = pair_put(to, AT_PLATFORM, platform_at);
		to = pair_put(to, AT_NULL, 0);
		u32 size = (u32)(to - vector) * 4;

		*esp = (below - size) & ~15u;
		space->auxiliary =
			*esp + (s->arguments + s->environment + 3) * 4;
		if (!below || user_write(text, s->text, s->size) < 0 ||
		    user_write(*esp, vector, size) < 0)
			r = -EFAULT;
	}
	heap_give(vector);
	space->args_start = text;
	space->args_end = space->environment_start = text + s->environment_at;
	space->environment_end = text + s->path_at;
	return r;
}
