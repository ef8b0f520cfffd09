/* The queue: laying it out, putting requests in, and taking answers out. */
#include "queue.h"
#include "virtio.h"

#define ENDS	     2u /* descriptors for the question and the answer */
#define QUESTION     16u /* bytes */
#define NOT_ANSWERED 0xFF

static u32 descriptors_bytes(u32 size)
{
	u32 bytes = size * (u32)sizeof(struct descriptor) +
		    (u32)sizeof(struct available) + (size + 1) * 2;

	return (bytes + QUEUE_ALIGN - 1) & ~(QUEUE_ALIGN - 1);
}

static u32 used_bytes(u32 size)
{
	u32 bytes = (u32)sizeof(struct used) + size * 8 + 2;

	return (bytes + QUEUE_ALIGN - 1) & ~(QUEUE_ALIGN - 1);
}

u32 queue_bytes(u32 size)
{
	return descriptors_bytes(size) + used_bytes(size) +
	       SLOTS * (u32)sizeof(struct slot);
}

void queue_make(struct queue *q, u32 size, bool tables, void *at, u32 address)
{
	u32 slots = descriptors_bytes(size) + used_bytes(size);

	memset(q, 0, sizeof *q);
	q->size = size;
	q->tables = tables;
	q->depth = SLOTS;
	q->stride = tables ? 1 : min(size / SLOTS, TABLE);
	if (q->stride <= ENDS && !tables) {
		q->stride = ENDS + 2;
		q->depth = size / q->stride;
	}
	q->descriptors = at;
	q->available = (void *)(q->descriptors + size);
	q->used = (void *)((u8 *)at + descriptors_bytes(size));
	q->slots = (void *)((u8 *)at + slots);
	q->slots_address = address + slots;
	q->free = ~0u >> (SLOTS - q->depth);
}

u32 queue_pieces(const struct queue *q)
{
	return (q->tables ? TABLE : q->stride) - ENDS;
}

static u32 slot_address(const struct queue *q, u32 slot)
{
	return q->slots_address + slot * (u32)sizeof(struct slot);
}

/* Descriptors `table[first]` and on, from the question to the answer. Returns
 * how many, or an error; nothing is in the queue yet. */
static i32 chain_fill(struct queue *q, u32 slot, u32 first,
		      struct descriptor *table, bool fill, from u8 *pieces,
		      u32 size, u32 bytes)
{
	u32 at = slot_address(q, slot) + offsetof(struct slot, kind);
	u32 n = 0, most = queue_pieces(q);
	u16 flags = fill ? DESCRIPTOR_NEXT | DESCRIPTOR_INTO : DESCRIPTOR_NEXT;
	struct block_piece p;

	table[n] = (struct descriptor){ at, QUESTION, DESCRIPTOR_NEXT, 0 };
	for (u32 done = 0; done < size; done += (u32)sizeof p) {
		if (n == most)
			return -E_BIG;
		if (size - done < sizeof p)
			return -E_RANGE;
		take(&p, pieces + done, sizeof p);
		if (!p.bytes || p.bytes > bytes)
			return -E_RANGE;
		bytes -= p.bytes;
		table[n].next = (u16)(first + n + 1);
		n++;
		table[n] = (struct descriptor){ p.address, p.bytes, flags, 0 };
	}
	if (bytes)
		return -E_RANGE;
	table[n].next = (u16)(first + n + 1);
	at = slot_address(q, slot) + offsetof(struct slot, status);
	table[++n] = (struct descriptor){ at, 1, DESCRIPTOR_INTO, 0 };
	return (i32)n + 1;
}

/* The device sees what is before it, once it sees what comes after. */
static void write_barrier(void)
{
	__asm__ volatile("" : : : "memory"); /* the processor keeps the order */
}

i32 queue_put(struct queue *q, u32 tag, u32 kind, u32 sector, bool fill,
	      from u8 *pieces, u32 size, u32 bytes)
{
	u32 slot = (u32)__builtin_ctz(q->free | 1u << 31);
	u32 head = slot * q->stride;
	i32 n;

	if (!q->free)
		return -E_AGAIN;
	struct slot *s = &q->slots[slot];
	if (q->tables)
		n = chain_fill(q, slot, 0, s->table, fill, pieces, size, bytes);
	else
		n = chain_fill(q, slot, head, q->descriptors + head, fill,
			       pieces, size, bytes);
	if (n < 0)
		return n;
	if (q->tables)
		q->descriptors[head] = (struct descriptor){
			slot_address(q, slot),
			(u32)n * (u32)sizeof(struct descriptor),
			DESCRIPTOR_TABLE, 0
		};
	s->kind = kind;
	s->zero = 0;
	s->sector = sector;
	s->status = NOT_ANSWERED;
	q->tags[slot] = tag;
	q->free &= ~(1u << slot);
	q->available->heads[q->given & (q->size - 1)] = (u16)head;
	write_barrier();
	q->available->index = ++q->given;
	return 0;
}

bool queue_tell(const struct queue *q)
{
	__sync_synchronize(); /* it must not look before it sees the index */
	return !(q->used->flags & USED_SILENT);
}

i32 queue_next(struct queue *q, u32 *tag, u8 *status)
{
	u16 ready = (u16)(q->used->index - q->seen);
	u32 head, slot;

	if (!ready)
		return 0;
	write_barrier();
	head = q->used->done[q->seen & (q->size - 1)].head;
	slot = head / q->stride;
	if (ready > q->size || slot >= q->depth || head % q->stride ||
	    q->free >> slot & 1)
		return -E_DEVICE;
	q->seen++;
	q->free |= 1u << slot;
	*tag = q->tags[slot];
	*status = *(volatile u8 *)&q->slots[slot].status;
	return 1;
}
