/* Commands of the prompt that act on domains and on the machine. */
#include "core.h"
#include "kernel/answer.h"
#include "kernel/console.h"
#include "kernel/domain.h"
#include "kernel/load.h"
#include "kernel/linux/trace.h"
#include "kernel/memory.h"
#include "kernel/power.h"
#include "kernel/options.h"
#include "kernel/print.h"
#include "kernel/prompt.h"

static i32 with_domain(const struct words *w, i32 (*act)(struct domain *))
{
	struct domain *d = domain_find(w->word[1]);

	return d ? act(d) : -E_NAME;
}

static i32 run_load(const struct words *w)
{
	struct domain *d;
	i32 error = load_domain(w->word[1], &d);

	return error < 0 ? error : domain_start(d);
}

static i32 run_start(const struct words *w)
{
	return with_domain(w, domain_start);
}

static i32 run_stop(const struct words *w)
{
	return with_domain(w, domain_stop);
}

/* From its next start on: `restart` does it now. */
static i32 run_organize(const struct words *w)
{
	struct domain *d = domain_find(w->word[1]);
	u8 organization;

	if (!organization_read(w->word[2], &organization))
		return -E_RANGE;
	if (!d)
		return -E_NAME;
	d->organization = organization;
	return 0;
}

static i32 run_restart(const struct words *w)
{
	return with_domain(w, domain_restart);
}

static i32 run_unload(const struct words *w)
{
	return with_domain(w, domain_unload);
}

static i32 run_read(const struct words *w)
{
	struct import text;
	char line[81];
	i32 n = import_bind(&text, "text", w->count > 1 ? w->word[1] : 0);

	if (n < 0)
		return n;
	n = down_text_read(&text, 0, line, sizeof(line) - 1);
	if (n >= 0) {
		line[answer_count(n, sizeof(line) - 1)] = 0;
		say("%s\n", line);
	}
	import_unbind(&text);
	return n;
}

static i32 run_write(const struct words *w)
{
	struct import text;
	i32 n = import_bind(&text, "text", 0);

	if (n < 0)
		return n;
	n = down_text_write(&text, w->word[1], text_length(w->word[1]));
	import_unbind(&text);
	return n;
}

static i32 run_log(const struct words *w)
{
	struct import log;
	char text[128];
	i32 at, n = import_bind(&log, "log", 0);

	(void)w;
	if (n < 0)
		return n;
	at = down_log_first(&log);
	while (at >= 0 &&
	       (n = down_log_read(&log, (u32)at, text, sizeof(text))) > 0) {
		n = answer_count(n, sizeof(text));
		console_write(text, (u32)n);
		at += n;
	}
	import_unbind(&log);
	return n;
}

static i32 run_date(const struct words *w)
{
	struct import clock;
	struct clock_date today;
	i32 n = import_bind(&clock, "clock", 0);

	(void)w;
	if (n < 0)
		return n;
	n = down_clock_today(&clock, &today);
	if (n >= 0)
		say("%u seconds since 1970-01-01 00:00 UTC\n", today.seconds);
	import_unbind(&clock);
	return n;
}

static i32 run_pci(const struct words *w)
{
	struct import pci;
	struct pci_function f;
	i32 n = import_bind(&pci, "pci", 0);

	(void)w;
	if (n < 0)
		return n;
	for (u32 i = 0; down_pci_get(&pci, i, &f) >= 0; i++)
		say("%02x:%02x.%u  %04x:%04x  class %02x:%02x  irq %u\n", f.bus,
		    f.slot, f.number, f.vendor, f.device, f.class, f.subclass,
		    f.line);
	import_unbind(&pci);
	return 0;
}

static i32 run_trace(const struct words *w)
{
	i32 pid = word_number(w->word[1]);
	int off = text_equal(w->word[2], "off");

	if (pid <= 0 || (*w->word[2] && !off))
		return -E_FORM;
	return trace_switch((u32)pid, !off) < 0 ? -E_NAME : 0;
}

const struct command commands_domains[] = {
	{ "load", "NAME", "load a domain from the boot archive, start it",
	  run_load },
	{ "start", "NAME", "start a domain that is stopped or off", run_start },
	{ "stop", "NAME", "stop it in good order", run_stop },
	{ "restart", "NAME", "stop it, start a new generation", run_restart },
	{ "organize", "NAME far|sealed|ipc|queued", "from its next start on",
	  run_organize },
	{ "unload", "NAME", "forget a stopped domain", run_unload },
	{ "read", "[NAME]", "read the line that `hello` keeps", run_read },
	{ "write", "WORD", "have `hello` keep another one", run_write },
	{ "log", "", "what domains wrote about themselves", run_log },
	{ "date", "", "time of day, from the clock domain", run_date },
	{ "pci", "", "devices, from the pci domain", run_pci },
	{ "trace", "PID [off]", "log a process's system calls", run_trace },
	{ 0 },
};

static i32 run_poweroff(const struct words *w)
{
	(void)w;
	console_drain();
	print("status 0\n");
	power_stop(POWER_OFF);
}

static i32 run_reboot(const struct words *w)
{
	(void)w;
	console_drain();
	power_stop(POWER_REBOOT);
}

const struct command commands_power[] = {
	{ "poweroff", "", "turn the machine off", run_poweroff },
	{ "reboot", "", "start it again", run_reboot },
	{ 0 },
};
