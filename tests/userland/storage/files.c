/*
 * Operations of the exerciser on the contents of files: by their paths and
 * through descriptors that stay open, also after the last name is gone.
 */
#include "exercise.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

uint8_t buffer[BUFFER];
uint32_t full;

static char path[PATH_ROOM];

/* A file that is open now: of those held, or by a path. */
struct grip {
	struct node *node;
	int fd, held;
};

static int grip_take(struct grip *g, int flags)
{
	struct name *name;

	if (held_count && below(3) == 0 && !(flags & (O_APPEND | O_TRUNC))) {
		const struct held *h = &held[below(held_count)];

		*g = (struct grip){ h->node, h->fd, 1 };
		strcpy(path, "an open file");
		return 1;
	}
	name = name_pick(REGULAR);
	if (!name)
		return 0;
	name_path(name->folder, name->text, path);
	*g = (struct grip){ name->node, open(path, flags), 0 };
	return result_check(g->fd, 0, 0, "open", path);
}

static void grip_give(const struct grip *g)
{
	if (!g->held)
		close(g->fd);
}

static uint32_t length_pick(void)
{
	switch (below(8)) {
	case 0:
		return 1 + below(131072);
	case 1:
	case 2:
		return 1 + below(100);
	case 3:
		return 4096 * (1 + below(4));
	default:
		return 1 + below(9000);
	}
}

/* Where to write: inside, at the end, a little or far behind it. */
static uint32_t place_pick(const struct node *n, uint32_t length)
{
	uint32_t at;

	switch (below(10)) {
	case 0:
		at = n->size + below(100000);
		break;
	case 1:
		at = below(options.far);
		break;
	case 2:
	case 3:
		at = n->size;
		break;
	default:
		at = below(n->size + 1);
	}
	if (below(3) == 0)
		at &= ~4095u;
	return at > options.far - length ? options.far - length : at;
}

/* Has this process or this file enough? */
static int sated(const struct node *n)
{
	return full || n->count >= PIECES - 4 ||
	       (options.room && used > options.room);
}

/* One write in one or two parts by one call. */
static long write_once(int fd, const uint8_t *from, uint32_t length,
		       uint32_t at, int append)
{
	struct iovec parts[2];

	parts[0].iov_base = (void *)from;
	parts[0].iov_len = length / 3;
	parts[1].iov_base = (void *)(from + length / 3);
	parts[1].iov_len = length - length / 3;
	if (append)
		return write(fd, from, length);
	return length & 1 ? pwrite(fd, from, length, at) :
			    pwritev(fd, parts, 2, at);
}

/* Writes all, or until there is no room. */
static void write_all(struct node *n, int fd, uint32_t at, uint32_t length,
		      int append)
{
	uint32_t seed = contents_seed(), done = 0;

	seed_fill(seed, at, buffer, length);
	while (done < length) {
		long r = write_once(fd, buffer + done, length - done, at + done,
				    append);

		if (!result_check(r, 0, 1, "write", path))
			break;
		if (r == 0 || r > (long)(length - done))
			differs("write %s: %ld of %u bytes", path, r,
				length - done);
		done += (uint32_t)r;
	}
	contents_write(n, at, done, seed);
}

void write_file(void)
{
	uint32_t length = length_pick();
	struct grip g;

	if (!grip_take(&g, O_RDWR))
		return;
	if (!sated(g.node))
		write_all(g.node, g.fd, place_pick(g.node, length), length, 0);
	grip_give(&g);
}

void append_file(void)
{
	uint32_t length = length_pick();
	struct grip g;

	if (!grip_take(&g, O_WRONLY | O_APPEND))
		return;
	if (!sated(g.node) && g.node->size < options.far - length)
		write_all(g.node, g.fd, g.node->size, length, 1);
	grip_give(&g);
}

void read_file(void)
{
	uint32_t at, length = length_pick();
	struct grip g;
	long r;

	if (!grip_take(&g, O_RDWR))
		return;
	at = below(g.node->size + 1);
	if (below(2) && g.node->count)
		at = g.node->piece[below(g.node->count)].start;
	if (length > g.node->size - at)
		length = g.node->size - at;
	r = pread(g.fd, buffer, length, at);
	if (r != (long)length)
		differs("read %s: %ld of %u bytes at %u, size %u: %s", path, r,
			length, at, g.node->size, r < 0 ? strerror(errno) : "");
	bytes_check(g.node, at, buffer, length, path);
	count->checks++;
	grip_give(&g);
}

void cut_file(void)
{
	struct grip g;
	uint32_t size;
	long r;

	if (!grip_take(&g, O_RDWR))
		return;
	size = below(6) ? below(g.node->size + 1) : below(options.far);
	if (below(6) == 0)
		size = 0;
	if (below(4) == 0)
		size &= ~4095u;
	r = g.held || below(2) ? ftruncate(g.fd, size) : truncate(path, size);
	if (result_check(r, 0, 0, "truncate", path))
		contents_cut(g.node, size);
	grip_give(&g);
}

void begin_file(void)
{
	struct grip g;

	if (!grip_take(&g, O_RDWR | O_TRUNC))
		return;
	contents_cut(g.node, 0);
	if (below(2) && !sated(g.node))
		write_all(g.node, g.fd, 0, length_pick(), 0);
	grip_give(&g);
}

void sync_file(void)
{
	struct grip g;
	long r = 0;

	if (!grip_take(&g, O_RDWR))
		return;
	switch (below(12)) {
	case 0:
		sync();
		break;
	case 1:
		r = syncfs(g.fd);
		break;
	case 2:
	case 3:
	case 4:
		r = fdatasync(g.fd);
		break;
	default:
		r = fsync(g.fd);
	}
	result_check(r, 0, 0, "fsync", path);
	grip_give(&g);
}

/* Keeps a file open; its name may go at once. */
void hold_file(void)
{
	struct name *name = name_pick(REGULAR);
	int fd;

	if (!name || held_count == HELD)
		return;
	name_path(name->folder, name->text, path);
	fd = open(path, O_RDWR);
	result_check(fd, 0, 0, "open", path);
	name->node->held++;
	held[held_count++] = (struct held){ name->node, fd };
	if (below(3) == 0 && result_check(unlink(path), 0, 0, "unlink", path))
		name_drop(name);
	node_check(held[held_count - 1].node, fd, path);
}

static void leave(uint32_t at)
{
	struct held h = held[at];

	node_check(h.node, h.fd, "an open file");
	contents_check(h.node, h.fd, "an open file");
	held[at] = held[--held_count];
	if (close(h.fd) < 0)
		differs("close: %s", strerror(errno));
	h.node->held--;
	node_give(h.node);
}

void leave_file(void)
{
	if (held_count)
		leave(below(held_count));
}

void held_leave(void)
{
	while (held_count)
		leave(0);
}
