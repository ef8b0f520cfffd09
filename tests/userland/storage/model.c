/*
 * The model of what one process has made: names, nodes, and of each file the
 * pieces that its bytes come from. It makes no system call.
 */
#include "exercise.h"
#include <stdlib.h>
#include <string.h>

struct name *names[NAMES];
uint32_t name_count;
struct node own, common;
struct held held[HELD];
uint32_t held_count;
uint32_t used;

static uint64_t state;
static uint32_t seeds;

void chance_start(uint32_t seed)
{
	state = (seed + 1ull) * 0x9E3779B97F4A7C15ull;
	seeds = seed << 20;
	for (uint32_t i = 0; i < 8; i++)
		below(2);
}

uint32_t below(uint32_t bound)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 24) % bound;
}

struct node *node_make(enum kind kind, uint32_t mode)
{
	struct node *n = calloc(1, sizeof(*n));

	if (!n)
		differs("no memory for the model");
	n->kind = kind;
	n->mode = mode;
	return n;
}

void node_give(struct node *n)
{
	if (n->names || n->held)
		return;
	contents_cut(n, 0);
	free(n->target);
	free(n);
}

struct name *name_add(struct node *folder, const char *text, struct node *n)
{
	struct name *name = calloc(1, sizeof(*name));

	if (!name || name_count == NAMES)
		differs("no room for the model");
	name->folder = folder;
	name->node = n;
	strcpy(name->text, text);
	n->names++;
	if (n->kind == FOLDER)
		n->up = name;
	names[name_count++] = name;
	return name;
}

void name_drop(struct name *name)
{
	struct node *n = name->node;

	for (uint32_t i = 0; i < name_count; i++)
		if (names[i] == name)
			names[i] = names[--name_count];
	n->names--;
	node_give(n);
	free(name);
}

struct name *name_find(const struct node *folder, const char *text)
{
	for (uint32_t i = 0; i < name_count; i++)
		if (names[i]->folder == folder &&
		    strcmp(names[i]->text, text) == 0)
			return names[i];
	return NULL;
}

int folder_empty(const struct node *folder)
{
	for (uint32_t i = 0; i < name_count; i++)
		if (names[i]->folder == folder)
			return 0;
	return 1;
}

uint32_t folder_folders(const struct node *folder)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < name_count; i++)
		found += names[i]->folder == folder &&
			 names[i]->node->kind == FOLDER;
	return found;
}

int folder_within(const struct node *folder, const struct node *above)
{
	while (folder != above && folder->up)
		folder = folder->up->folder;
	return folder == above;
}

struct name *name_pick(enum kind kind)
{
	uint32_t at;

	if (!name_count)
		return NULL;
	at = below(name_count);
	for (uint32_t i = 0; i < name_count; i++) {
		struct name *name = names[(at + i) % name_count];

		if (kind == ANY || name->node->kind == kind)
			return name;
	}
	return NULL;
}

static uint32_t depth(const struct node *folder)
{
	uint32_t d = 0;

	for (; folder->up; folder = folder->up->folder)
		d++;
	return d;
}

struct node *folder_pick(void)
{
	struct name *name = below(4) ? name_pick(FOLDER) : NULL;

	if (name && depth(name->node) < 6)
		return name->node;
	return below(3) ? &own : &common;
}

void name_invent(const struct node *folder, char text[256])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-+=,@ ~";
	uint32_t length, at = 0;

	do {
		length = below(16) ? 3 + below(12) : 40 + below(210);
		if (folder->shared)
			at = (uint32_t)sprintf(text, "p%u-", process);
		while (at < length)
			text[at++] = letters[below(sizeof(letters) - 1)];
		text[at] = 0;
		at = 0;
	} while (text[0] == '~' || text[0] == '-' || name_find(folder, text));
}

char *folder_path(const struct node *folder, char *path)
{
	if (!folder->up)
		return strcpy(path, folder->path);
	return name_path(folder->up->folder, folder->up->text, path);
}

char *name_path(const struct node *folder, const char *text, char *path)
{
	folder_path(folder, path);
	strcat(path, "/");
	return strcat(path, text);
}

uint32_t contents_seed(void)
{
	if (++seeds == 0)
		seeds++;
	return seeds;
}

/* Takes bytes `at` to `end` - 1 out of a file's pieces; a piece may become
 * two. Where one that begins at `at` belongs is returned. */
static uint32_t pieces_clear(struct node *n, uint32_t at, uint32_t end)
{
	struct piece old[PIECES + 2];
	uint32_t place = 0, many = n->count;

	memcpy(old, n->piece, sizeof(old));
	n->count = 0;
	for (uint32_t i = 0; i < many; i++) {
		struct piece left = old[i], right = old[i];

		if (left.end > at)
			left.end = at;
		if (right.start < end)
			right.start = end;
		used -= old[i].end - old[i].start;
		if (left.start < left.end) {
			used += left.end - left.start;
			n->piece[n->count++] = left;
			place = n->count;
		}
		if (right.start < right.end) {
			used += right.end - right.start;
			n->piece[n->count++] = right;
		}
	}
	return place;
}

void contents_write(struct node *n, uint32_t at, uint32_t length, uint32_t seed)
{
	uint32_t place;

	n->modified = 0;
	if (!length)
		return;
	place = pieces_clear(n, at, at + length);
	if (n->count > PIECES)
		differs("a file has too many pieces");
	memmove(&n->piece[place + 1], &n->piece[place],
		(n->count - place) * sizeof(*n->piece));
	n->piece[place] = (struct piece){ at, at + length, seed };
	n->count++;
	used += length;
	if (n->size < at + length)
		n->size = at + length;
}

void contents_cut(struct node *n, uint32_t size)
{
	n->modified = 0;
	n->size = size;
	pieces_clear(n, size, UINT32_MAX);
}

static uint8_t seed_byte(uint32_t seed, uint32_t at)
{
	uint32_t x = (seed * 0x9E3779B1u) ^ ((at >> 2) * 0x85EBCA6Bu);

	x ^= x >> 15;
	x *= 0xC2B2AE35u;
	return (uint8_t)(x >> (8 * (at & 3)));
}

void seed_fill(uint32_t seed, uint32_t at, uint8_t *to, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		to[i] = seed_byte(seed, at + i);
}

void contents_fill(const struct node *n, uint32_t at, uint8_t *to,
		   uint32_t length)
{
	memset(to, 0, length);
	for (uint32_t i = 0; i < n->count; i++) {
		const struct piece *p = &n->piece[i];
		uint32_t start = p->start > at ? p->start : at;
		uint32_t end = p->end < at + length ? p->end : at + length;

		if (start < end)
			seed_fill(p->seed, start, to + (start - at),
				  end - start);
	}
}
