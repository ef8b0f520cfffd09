/*
 * Tracing system calls: each becomes one line as strace(1) writes it, when it
 * is over; calls that do not come back, when they begin. What an argument is
 * says its letter in calls.def.
 */
#include "kernel/linux/trace.h"

#include "kernel/heap.h"
#include "kernel/linux/call.h"
#include "kernel/linux/names.h"
#include "kernel/memory.h"
#include "kernel/print.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"

#define LINE 480u
#define TEXT 32u /* bytes of a buffer that are shown, as strace does */
#define PATH 96u
#define WORDS 8u /* strings of an argument vector that are shown */

struct line {
	u32 used;
	char text[LINE];
};

static void add(struct line *l, const char *text)
{
	while (*text && l->used < LINE - 1)
		l->text[l->used++] = *text++;
	l->text[l->used] = 0;
}

#define ADD(l, ...) \
	do { \
		char add_text[40]; \
		print_to(add_text, sizeof(add_text), __VA_ARGS__); \
		add(l, add_text); \
	} while (0)

/* One byte of a string, quoted as in C. */
static void add_byte(struct line *l, u8 c)
{
	static const char plain[] = "\n\t\r\v\f\"\\", quoted[] = "ntrvf\"\\";
	char text[3] = { (char)c, 0, 0 };

	for (u32 i = 0; plain[i]; i++)
		if ((u8)plain[i] == c) {
			text[0] = '\\';
			text[1] = quoted[i];
			add(l, text);
			return;
		}
	if (c >= ' ' && c < 127)
		add(l, text);
	else
		ADD(l, "\\%u%u%u", c >> 6, c >> 3 & 7, c & 7);
}

static void add_bytes(struct line *l, u32 user, u32 size)
{
	u8 bytes[TEXT];
	u32 n = min(size, TEXT);

	if (user_read(bytes, user, n) < 0) {
		ADD(l, "0x%x", user);
		return;
	}
	add(l, "\"");
	for (u32 i = 0; i < n; i++)
		add_byte(l, bytes[i]);
	add(l, size > n ? "\"..." : "\"");
}

static void add_string(struct line *l, u32 user)
{
	char text[PATH];
	i32 n = user ? user_text(text, user, PATH) : -EFAULT;

	if (!user) {
		add(l, "NULL");
	} else if (n == -EFAULT) {
		ADD(l, "0x%x", user);
	} else {
		u32 size = n < 0 ? PATH - 1 : (u32)n;

		add(l, "\"");
		for (u32 i = 0; i < size; i++)
			add_byte(l, (u8)text[i]);
		add(l, n < 0 ? "\"..." : "\"");
	}
}

static void add_vector(struct line *l, u32 user)
{
	u32 at, n = 0;

	add(l, "[");
	while (user_read32(&at, user + 4 * n) >= 0 && at && n < WORDS) {
		add(l, n++ ? ", " : "");
		add_string(l, at);
	}
	add(l, n == WORDS ? ", ...]" : "]");
}

static void add_time(struct line *l, u32 user)
{
	u32 pair[2];

	if (!user)
		add(l, "NULL");
	else if (user_read(pair, user, sizeof(pair)) < 0)
		ADD(l, "0x%x", user);
	else
		ADD(l, "{tv_sec=%u, tv_nsec=%u}", pair[0], pair[1]);
}

static void add_number(struct line *l, char letter, u32 word)
{
	switch (letter) {
	case 'a':
		if ((i32)word == AT_FDCWD)
			add(l, "AT_FDCWD");
		else
			ADD(l, "%d", (i32)word);
		break;
	case 'o':
		ADD(l, "0%u%u%u%u", word >> 9 & 7, word >> 6 & 7,
		    word >> 3 & 7, word & 7);
		break;
	case 'u':
	case 'n':
		ADD(l, "%u", word);
		break;
	case 'x':
		ADD(l, word ? "0x%x" : "%x", word);
		break;
	case 'p':
		if (word)
			ADD(l, "0x%x", word);
		else
			add(l, "NULL");
		break;
	default:
		ADD(l, "%d", (i32)word);
	}
}

/* Argument `i`, in its letter's way; the next one may say how long it is. */
static void add_argument(struct line *l, const struct call *c, u32 i,
			 const u32 *words, i32 result)
{
	char names[96];
	char letter = c->format[i];

	switch (letter) {
	case 's':
		add_string(l, words[i]);
		break;
	case 'b':
		add_bytes(l, words[i], words[i + 1]);
		break;
	case 'B':
		if (result < 0)
			add_number(l, 'p', words[i]);
		else
			add_bytes(l, words[i], (u32)result);
		break;
	case 'V':
		add_vector(l, words[i]);
		break;
	case 'T':
		add_time(l, words[i]);
		break;
	default:
		if (names_of_flags(letter, words[i], names, sizeof(names)))
			add(l, names);
		else
			add_number(l, letter, words[i]);
	}
}

static struct line *line_make(const struct frame *f, i32 result)
{
	const u32 words[6] = { f->ebx, f->ecx, f->edx,
			       f->esi, f->edi, f->ebp };
	const struct call *c = f->error < CALLS ? &calls[f->error] : 0;
	struct line *l = heap_take_now(sizeof(*l));

	if (!l)
		return 0;
	ADD(l, "[pid %u] ", task_current()->tid);
	if (!c || !c->name) {
		ADD(l, "syscall_%u(", f->error);
		c = 0;
	} else {
		add(l, c->name);
		add(l, "(");
	}
	for (u32 i = 0; c && c->format && i < c->arguments; i++) {
		add(l, i ? ", " : "");
		add_argument(l, c, i, words, result);
	}
	add(l, ")");
	return l;
}

enum special {
	CALL_EXIT = 1,
	CALL_EXECVE = 11,
	CALL_SIGRETURN = 119,
	CALL_RT_SIGRETURN = 173,
	CALL_EXIT_GROUP = 252,
	CALL_EXECVEAT = 358,
};

static int comes_back(u32 number)
{
	return number != CALL_EXIT && number != CALL_EXIT_GROUP &&
	       number != CALL_SIGRETURN && number != CALL_RT_SIGRETURN;
}

static int loses_arguments(u32 number)
{
	return number == CALL_EXECVE || number == CALL_EXECVEAT;
}

struct line *trace_enter(const struct frame *f)
{
	struct line *l;

	if (loses_arguments(f->error))
		return line_make(f, -1);
	l = comes_back(f->error) ? 0 : line_make(f, -1);
	if (l)
		print("%s = ?\n", l->text);
	heap_give(l);
	return 0;
}

static void add_result(struct line *l, i32 result)
{
	const char *name = result < 0 ? names_errno(-result) : 0;

	if (name) {
		add(l, " = -1 ");
		add(l, name);
	} else if (result <= -ERESTARTSYS && result >= -ERESTART_BLOCK) {
		add(l, " = ? (a signal came)");
	} else if (result > 0xFFFFF || result < 0) {
		ADD(l, " = 0x%x", (u32)result);
	} else {
		ADD(l, " = %d", result);
	}
}

void trace_leave(const struct frame *f, struct line *l, u32 number, i32 result)
{
	if (!l && comes_back(number))
		l = line_make(f, result);
	if (!l)
		return;
	add_result(l, result);
	print("%s\n", l->text);
	heap_give(l);
}

i32 trace_switch(u32 pid, int on)
{
	struct process *p = process_find(pid);

	if (!p)
		return -ESRCH;
	spin_lock(&process_lock);
	for (struct list *at = p->tasks.next; at != &p->tasks; at = at->next) {
		struct thread *t =
			LIST_OF(at, struct task, sibling)->thread;

		if (on)
			__atomic_or_fetch(&t->attention, ATTENTION_TRACE,
					  __ATOMIC_SEQ_CST);
		else
			__atomic_and_fetch(&t->attention, ~(u32)ATTENTION_TRACE,
					   __ATOMIC_SEQ_CST);
	}
	spin_unlock(&process_lock);
	process_drop(p);
	return 0;
}
