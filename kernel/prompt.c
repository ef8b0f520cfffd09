/*
 * The prompt: reads lines, with editing, or the boot archive's file `monitor`;
 * splits them into words and runs commands from the tables.
 */
#include "kernel/prompt.h"

#include "kernel/console.h"
#include "kernel/load.h"
#include "kernel/memory.h"
#include "kernel/options.h"
#include "kernel/power.h"
#include "kernel/print.h"

#define LINE	128u
#define HISTORY 8u

static char history[HISTORY][LINE];
static u32 history_count;

static const struct command *const tables[] = {
	commands_domains,  commands_looking, commands_measuring,
	commands_breaking, commands_storm,   commands_faults,
	commands_stock,	   commands_trials,  commands_scan,
	commands_attacks,  commands_power,   commands_exercise,
	commands_marked,
};

void say(const char *format, ...)
{
	char line[256];
	va_list list;

	va_start(list, format);
	console_write(line, print_list(line, sizeof(line), format, list));
	va_end(list);
}

const char *error_name(i32 error)
{
	static const char *const names[] = {
		[E_GONE] = "-E_GONE: that domain is not there, or died",
		[E_RANGE] = "-E_RANGE: out of range",
		[E_BIG] = "-E_BIG: too large",
		[E_DENIED] = "-E_DENIED: not granted",
		[E_AGAIN] = "-E_AGAIN: nothing there yet",
		[E_TIME] = "-E_TIME: time ran out",
		[E_MEMORY] = "-E_MEMORY: no memory",
		[E_DEVICE] = "-E_DEVICE: the device is missing or wrong",
		[E_NAME] = "-E_NAME: nothing of that name",
		[E_BUSY] = "-E_BUSY: in use",
		[E_FORM] = "-E_FORM: malformed",
	};
	u32 n = (u32)-error;

	return n < sizeof(names) / sizeof(*names) && names[n] ? names[n] :
								"an error";
}

i32 word_number(const char *word)
{
	u32 base = 10, n = 0;

	if (word[0] == '0' && word[1] == 'x') {
		base = 16;
		word += 2;
	}
	if (!*word)
		return -1;
	for (; *word; word++) {
		u32 digit = (u32)(*word - '0');

		if (*word >= 'a' && *word <= 'f')
			digit = (u32)(*word - 'a') + 10;
		if (digit >= base || n > 0x7FFFFFF)
			return -1;
		n = n * base + digit;
	}
	return (i32)n;
}

static void help(void)
{
	for (u32 t = 0; t < sizeof(tables) / sizeof(*tables); t++)
		for (const struct command *c = tables[t]; c->name; c++)
			say("  %-11s%-18s%s\n", c->name, c->arguments, c->help);
	say("  %-11s%-18s%s\n", "help", "", "this list");
}

static void split(char *line, struct words *w)
{
	w->count = 0;
	for (u32 i = 0; i < PROMPT_WORDS; i++)
		w->word[i] = "";
	while (*line && w->count < PROMPT_WORDS) {
		while (*line == ' ')
			*line++ = 0;
		if (!*line)
			break;
		w->word[w->count++] = line;
		/* the last word keeps its spaces */
		while (*line && (*line != ' ' || w->count == PROMPT_WORDS))
			line++;
	}
}

static i32 run_words(const struct words *w)
{
	for (u32 t = 0; t < sizeof(tables) / sizeof(*tables); t++)
		for (const struct command *c = tables[t]; c->name; c++) {
			i32 error;

			if (!text_equal(c->name, w->word[0]))
				continue;
			error = c->run(w);
			if (error < 0)
				say("%s: %s\n", c->name, error_name(error));
			return error;
		}
	if (text_equal(w->word[0], "help")) {
		help();
		return 0;
	}
	say("%s: no such command; `help` lists them\n", w->word[0]);
	return -E_NAME;
}

i32 prompt_line(char *line)
{
	struct words w;

	split(line, &w);
	return w.count ? run_words(&w) : 0;
}

/* The file `monitor`: commands separated by newlines or semicolons. */
static i32 run_script(const u8 *text, u32 size)
{
	char line[LINE];
	u32 n = 0;
	i32 failed = 0;

	for (u32 i = 0; i <= size; i++) {
		u8 c = i < size ? text[i] : '\n';

		if (c != '\n' && c != ';') {
			if (n < LINE - 1)
				line[n++] = (char)c;
			continue;
		}
		line[n] = 0;
		n = 0;
		if (prompt_line(line) < 0)
			failed = 1;
	}
	return failed;
}

static void rub_out(u32 n)
{
	while (n--)
		print_bytes("\b \b", 3);
}

static u32 recall(char *line, u32 n, u32 *at, i32 step)
{
	u32 want = *at + (u32)step;

	if (want > history_count || history_count - want > HISTORY)
		return n;
	rub_out(n);
	*at = want;
	if (want == history_count)
		return 0;
	text_copy(line, LINE, history[want % HISTORY]);
	n = text_length(line);
	print_bytes(line, n);
	return n;
}

static void read_line(char *line)
{
	u32 n = 0, at = history_count;

	for (;;) {
		char key = console_key();

		if (key == '\r' || key == '\n')
			break;
		if ((key == 8 || key == 127) && n) {
			rub_out(1);
			n--;
		} else if (key == 21) { /* ^U */
			rub_out(n);
			n = 0;
		} else if (key == 27 && console_key() == '[') {
			char arrow = console_key();

			if (arrow == 'A' || arrow == 'B')
				n = recall(line, n, &at, arrow == 'A' ? -1 : 1);
		} else if (key >= ' ' && key < 127 && n < LINE - 1) {
			line[n++] = key;
			print_bytes(&key, 1);
		}
	}
	line[n] = 0;
	print_bytes("\n", 1);
	if (n)
		text_copy(history[history_count++ % HISTORY], LINE, line);
}

void prompt_run(void)
{
	const u8 *script;
	u32 size;
	char line[LINE];

	if (load_file("monitor", &script, &size) == 0) {
		i32 failed = run_script(script, size);

		console_drain();
		print("status %d\n", failed);
		power_stop(POWER_OFF);
	}
	print("Bulkhead's monitor. `help` lists the commands.\n");
	for (;;) {
		print("bulkhead> ");
		read_line(line);
		prompt_line(line);
	}
}
