// sources:
/*
 * fs/tmpfs on the host: random operations against a model that is nothing but
 * tables, with deaths before and after commits; listings that change while
 * they are read; what is asked with numbers and names that make no sense.
 */
#define _GNU_SOURCE

#include "tmpfs_model.h"

#define ROUNDS 60000u

static u32 op, random_state = 1;

static u32 random_below(u32 n)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % n;
}

/* A node that has names, of any kind, or a directory. */
static u32 random_node(bool must_be_folder)
{
	for (;;) {
		u32 i = 1 + random_below(NODES - 1);

		if (random_below(4) == 0)
			return 1;
		if (nodes[i].inode && nodes[i].links &&
		    (!must_be_folder || folder(i)))
			return i;
	}
}

/* Few enough that they meet; some of them long. */
static void random_name(char *text)
{
	u32 n = random_below(40);
	int width = n % 8 == 0 ? 50 : n % 8 == 1 ? 28 : 0;

	sprintf(text, "n%0*u", width, n);
}

/* An operation with its arguments, so that it can be asked again. */
struct call {
	enum { MAKING, LINKING, UNLINKING, RENAMING, FORGETTING } what;
	u32 words[5];
	const char *text;
	u32 size;
	struct filesystem_attributes made;
};

static i32 ask(struct call *c)
{
	const u32 *w = c->words;

	switch (c->what) {
	case MAKING:
		return filesystem_make(w[0], w[1], w[2], w[3], w[4], c->text,
				       c->size, &c->made);
	case LINKING:
		return filesystem_link(w[0], w[1], w[2], c->text, c->size);
	case UNLINKING:
		return filesystem_unlink(w[0], w[1], w[2], c->text, c->size);
	case RENAMING:
		return filesystem_rename(w[0], w[1], w[2], w[3], c->text,
					 c->size);
	default:
		return filesystem_forget(w[0], w[1]);
	}
}

/* Ask until there is an answer, with a death now and then. */
static i32 survive(struct call *c)
{
	i32 answer;

	if (random_below(8) == 0)
		death = DIE_BEFORE + random_below(2);
	if (setjmp(death_place))
		domain_start();
	answer = ask(c);
	death = LIVE;
	check_committed();
	return answer;
}

static void forget(u32 node)
{
	struct call c = { .what = FORGETTING,
			  .words = { ++op, nodes[node].inode } };

	assert_int_equal(survive(&c), 0);
	nodes[node].inode = 0;
}

static void try_make(u32 dir, const char *text)
{
	static const u32 kinds[] = { MODE_FILE, MODE_FOLDER, MODE_LINK,
				     MODE_CHARACTER };
	struct model_name *room = model_room();
	u32 node = node_room(), mode = kinds[random_below(4)];
	char both[200];
	struct call c = {
		.what = MAKING,
		.words = { ++op, nodes[dir].inode, mode | 0640, 5, 6 },
		.text = both,
		.size = (u32)sprintf(both, "%s%c%s", text, 0, "123456")
	};
	i32 answer;

	if (!room || node == NODES)
		return;
	answer = survive(&c);
	if (model_find(dir, text)) {
		assert_int_equal(answer, -E_EXISTS);
		return;
	}
	assert_int_equal(answer, 0);
	assert_int_equal(c.made.mode, mode | 0640);
	nodes[node] = (struct model_node){ .inode = c.made.inode,
					   .mode = mode | 0640,
					   .links = mode == MODE_FOLDER ? 2 : 1,
					   .parent = dir };
	nodes[dir].links += mode == MODE_FOLDER;
	room->dir = dir;
	room->node = node;
	strcpy(room->text, text);
}

static void try_link(u32 dir, const char *text)
{
	struct model_name *room = model_room();
	u32 node = random_node(false);
	struct call c = { .what = LINKING,
			  .words = { ++op, nodes[dir].inode,
				     nodes[node].inode },
			  .text = text,
			  .size = (u32)strlen(text) };
	i32 answer, expected = 0;

	if (!room)
		return;
	answer = survive(&c);
	if (folder(node))
		expected = -E_FOLDER;
	else if (model_find(dir, text))
		expected = -E_EXISTS;
	assert_int_equal(answer, expected);
	if (expected)
		return;
	nodes[node].links++;
	room->dir = dir;
	room->node = node;
	strcpy(room->text, text);
}

static void try_unlink(u32 dir, const char *text)
{
	struct model_name *n = model_find(dir, text);
	u32 wanted = random_below(2), node = n ? n->node : 0;
	struct call c = { .what = UNLINKING,
			  .words = { ++op, nodes[dir].inode, wanted },
			  .text = text,
			  .size = (u32)strlen(text) };
	i32 answer = survive(&c), expected = 0;

	if (!n)
		expected = -E_NAME;
	else if (folder(node) != wanted)
		expected = wanted ? -E_KIND : -E_FOLDER;
	else if (wanted && !model_empty(node))
		expected = -E_FILLED;
	if (!expected) {
		model_leave(node, dir);
		n->dir = 0;
		expected = (i32)nodes[node].links;
	}
	assert_int_equal(answer, expected);
	if (answer == 0 && nodes[node].links == 0)
		forget(node);
}

static void try_rename(u32 dir, const char *text)
{
	u32 how = random_below(3), to_dir = random_node(true), gone = 0;
	struct call c = { .what = RENAMING };
	struct model_name *a = model_find(dir, text), *b;
	char to[64], both[160];
	i32 answer, expected;

	random_name(to);
	c.size = (u32)sprintf(both, "%s%c%s", text, 0, to);
	c.text = both;
	memcpy(c.words,
	       (u32[]){ ++op, nodes[dir].inode, nodes[to_dir].inode, how }, 16);
	b = model_find(to_dir, to);
	expected = model_rename(how, dir, to_dir, a, b);
	answer = survive(&c);
	if (!expected && (!b || a->node != b->node)) {
		gone = model_move(how, dir, to_dir, a, b, to);
		expected = gone ? (i32)nodes[gone].inode : 0;
	}
	assert_int_equal(answer, expected);
	if (gone)
		forget(gone);
}

/* Every name is found, leads to its inode, and links are what they are. */
static void check_model(void)
{
	for (u32 i = 0; i < NAMES; i++) {
		struct filesystem_attributes a;
		struct model_node *n = &nodes[names[i].node];

		if (!names[i].dir)
			continue;
		assert_int_equal(filesystem_lookup(nodes[names[i].dir].inode,
						   names[i].text,
						   (u32)strlen(names[i].text),
						   &a),
				 0);
		assert_int_equal(a.inode, n->inode);
		assert_int_equal(a.links, n->links);
		assert_int_equal(a.mode, n->mode);
	}
}

static u32 listed(u32 inode, u32 room)
{
	u8 list[600];
	u32 at = 0, count = 0;

	for (;;) {
		i32 n = filesystem_entries(inode, at, list, room);

		assert_true(n >= 0);
		if (n == 0)
			return count;
		for (u32 i = 0; i < (u32)n; i += 10u + list[i + 9]) {
			memcpy(&at, list + i + 4, 4);
			count++;
		}
	}
}

static void check_listings(void)
{
	for (u32 dir = 1; dir < NODES; dir++) {
		u32 count = 0;

		if (!nodes[dir].inode || !folder(dir))
			continue;
		for (u32 i = 0; i < NAMES; i++)
			count += names[i].dir == dir;
		assert_int_equal(listed(nodes[dir].inode, 300), count);
	}
}

static void test_model(void **state)
{
	void (*const tries[])(u32, const char *) = { try_make,	 try_make,
						     try_link,	 try_unlink,
						     try_unlink, try_rename };

	(void)state;
	domain_load();
	nodes[1] = (struct model_node){ .mode = MODE_FOLDER,
					.links = 2,
					.parent = 1 };
	nodes[1].inode = (u32)filesystem_mount("mode=755,size=10%", 17);
	for (u32 round = 0; round < ROUNDS; round++) {
		char text[64];

		random_name(text);
		tries[random_below(6)](random_node(true), text);
		if (round % 500 == 0) {
			check_model();
			check_listings();
		}
	}
	assert_true(generation > 100);
	assert_int_equal(filesystem_forget(++op, nodes[1].inode), 0);
	check_committed();
	assert_int_equal(head->counts.used, 0);
	assert_int_equal(head->counts.nodes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
