/*
 * What domains ask of the core: ports, heap, DMA and device memory, the clock,
 * events and the record. Each request is checked against the manifest of
 * whoever asks, and that is read off the thread's linkage.
 */
#include "core.h"
#include "gates/monitor.h"
#include "gates/unwind.h"
#include "gates/bytes.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/port.h"
#include "kernel/print.h"
#include "kernel/tsc.h"
#include "kernel/wide.h"
#include "kernel/window.h"

/* A driver that forgot a port in its .dom learns of it here, once. */
static int port_refused(u32 port, u32 width)
{
	struct domain *d = generation_asking()->domain;

	if (!d->ports_refused++)
		print("domain %s: port 0x%x, %u bits: its .dom does not grant "
		      "it\n",
		      d->name, port, width * 8);
	return 0;
}

static int port_granted(u32 port, u32 width)
{
	const struct domain *d = generation_asking()->domain;

	for (u32 i = 0; i < d->image.manifest->port_count; i++)
		if (port >= d->image.ports[i].first &&
		    port + width - 1 <= d->image.ports[i].last &&
		    port < 0x10000)
			return 1;
	return busmaster_has_ports(&d->busmasters, port, width) ||
	       port_refused(port, width);
}

i32 up_port_read8(u32 port)
{
	return port_granted(port, 1) ? port_in8((u16)port) : -E_DENIED;
}

i32 up_port_read16(u32 port)
{
	return port_granted(port, 2) ? port_in16((u16)port) : -E_DENIED;
}

i32 up_port_read32(u32 port, into u32 *value)
{
	if (!port_granted(port, 4))
		return -E_DENIED;
	u32 read = port_in32((u16)port);
	return lend_give(value, &read, sizeof(read));
}

i32 up_port_write8(u32 port, u32 value)
{
	if (!port_granted(port, 1))
		return -E_DENIED;
	port_out8((u16)port, (u8)value);
	return 0;
}

i32 up_port_write16(u32 port, u32 value)
{
	if (!port_granted(port, 2))
		return -E_DENIED;
	port_out16((u16)port, (u16)value);
	return 0;
}

i32 up_port_write32(u32 port, u32 value)
{
	if (!port_granted(port, 4))
		return -E_DENIED;
	port_out32((u16)port, value);
	return 0;
}

#define BLOCK 256u /* bytes moved between checks of the lend */

i32 up_port_read_block(u32 port, into u8 *data, u32 size)
{
	u8 block[BLOCK];

	if (!port_granted(port, 2))
		return -E_DENIED;
	if (size % 2)
		return -E_RANGE;
	for (u32 done = 0; done < size; done += BLOCK) {
		u32 n = min(BLOCK, size - done);

		port_in_block((u16)port, block, n / 2);
		if (lend_give(data + done, block, n) < 0)
			return -E_GONE;
	}
	return (i32)size;
}

i32 up_port_write_block(u32 port, from u8 *data, u32 size)
{
	u8 block[BLOCK];

	if (!port_granted(port, 2))
		return -E_DENIED;
	if (size % 2)
		return -E_RANGE;
	for (u32 done = 0; done < size; done += BLOCK) {
		u32 n = min(BLOCK, size - done);

		if (lend_take(block, data + done, n) < 0)
			return -E_GONE;
		port_out_block((u16)port, block, n / 2);
	}
	return (i32)size;
}

static struct mutex growing = MUTEX(growing, "heaps");

static i32 heap_grow(struct generation *g, u32 bytes)
{
	u32 at = g->origin + g->heap_end;

	if (!bytes || bytes % PAGE || bytes > g->heap_most - g->heap_end ||
	    bytes / PAGE > thread_current()->reserved)
		return -E_MEMORY; /* the last: more than the gate's `needs` */
	for (u32 done = 0; done < bytes; done += PAGE) {
		struct physical p = frame_take_reserved();

		assert(frame_ok(p)); /* set aside before the call */
		memory_fill(direct(p), 0, PAGE);
		page_map(g->base + g->heap_end, p, PAGE_WRITE | PAGE_GLOBAL);
		g->heap_end += PAGE;
	}
	return (i32)at;
}

/* A `concurrent` domain may have several threads here at once. */
i32 up_memory_grow(u32 bytes)
{
	i32 at;

	mutex_lock(&growing);
	at = heap_grow(generation_asking(), bytes);
	mutex_unlock(&growing);
	return at;
}

static i32 offset_or_name(u32 offset)
{
	return offset ? (i32)(generation_asking()->origin + offset) : -E_NAME;
}

i32 up_memory_dma(void)
{
	return offset_or_name(generation_asking()->dma);
}

i32 up_memory_mmio(u32 index)
{
	if (index >= generation_asking()->domain->image.manifest->mmio_count)
		return -E_NAME;
	return (i32)(generation_asking()->origin +
		     generation_asking()->mmio[index]);
}

i32 up_memory_dma_address(into u32 *address)
{
	struct domain *d = generation_asking()->domain;

	if (!frame_ok(d->dma))
		return -E_NAME;
	return lend_give(address, &d->dma.address, sizeof(u32));
}

i32 up_time_now(into struct time_instant *at)
{
	struct time_instant now;

	now.seconds = (u32)wide_divide(tsc_now(), 1000000000, &now.nanoseconds);
	return lend_give(at, &now, sizeof(now));
}

i32 up_time_sleep(u32 milliseconds)
{
	struct generation *g = monitor_pause();
	enum wait_result r;

	r = thread_sleep(tsc_now() + wide_product(milliseconds, 1000000));
	monitor_resume(g);
	return r == WAIT_INTERRUPTED ? -E_GONE : 0;
}

#define LINE 240u

i32 up_record_line(from char *text, u32 size)
{
	char line[LINE + 1];
	u32 n = min(size, LINE);

	if (lend_take(line, text, n) < 0)
		return -E_GONE;
	for (u32 i = 0; i < n; i++)
		if (line[i] < ' ' || line[i] > '~')
			line[i] = '?';
	line[n++] = '\n';
	print_bytes(line, n);
	return (i32)size;
}

/* Bit 31 would make the answer of event_wait look like an error. */
#define EVENTS 0x7FFFFFFFu

i32 up_event_raise(u32 mask)
{
	struct domain *d = generation_asking()->domain;

	if (mask & ~EVENTS)
		return -E_RANGE;
	scheduler_lock();
	d->raised |= mask;
	wake_all(&d->event_waiters);
	scheduler_unlock();
	return 0;
}

i32 up_event_wait(u32 mask, u32 milliseconds)
{
	struct generation *g = monitor_pause(), *self = generation_asking();
	struct domain *d = self->domain;
	u64 deadline = milliseconds ?
			       tsc_now() + wide_product(milliseconds, 1000000) :
			       WAIT_FOREVER;
	i32 result = mask & ~EVENTS ? -E_RANGE : 0;

	scheduler_lock();
	while (!result) {
		enum wait_result r;

		result = (i32)(d->raised & mask);
		if (self->dead)
			result = -E_GONE;
		if (result)
			break;
		r = wait_in(&d->event_waiters, deadline);
		if (r == WAIT_INTERRUPTED)
			result = -E_GONE;
		else if (r == WAIT_TIMED_OUT)
			result = d->raised & mask ? 0 : -E_TIME;
	}
	if (result > 0)
		d->raised &= ~(u32)result;
	scheduler_unlock();
	monitor_resume(g);
	return result;
}
