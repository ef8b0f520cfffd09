/* Mounts, in the two forms that programs read. */
#include "files.h"
#include "links.h"
#include "text.h"

#define SPECIAL " \t\n\\" /* what would end a field */

/* What the core calls a mount's flags, as mount(2) has them. */
static const struct {
	u32 flag;
	const char *text;
} options[] = {
	{ 2, ",nosuid" },
	{ 4, ",nodev" },
	{ 8, ",noexec" },
	{ 1024, ",noatime" },
};

static const char *source_of(const struct inspect_mounted *m)
{
	return m->source[0] ? (const char *)m->source : "none";
}

static void put_options(u32 flags)
{
	put(flags & 1 ? "ro" : "rw");
	for (u32 i = 0; i < sizeof options / sizeof *options; i++)
		if (flags & options[i].flag)
			put(options[i].text);
	if (!(flags & 1024))
		put(",relatime");
}

/* A mount and, in path_text, its path: 1; 0: it cannot be seen; or an error. */
static i32 mount_read(u32 index, struct inspect_mounted *m)
{
	i32 n = inspect_mounted(index, m);

	if (n < 0)
		return n;
	n = path_end(inspect_mounted_path(index, path_text, PATH_ROOM));
	return n < 0 ? n : n > 0;
}

i32 mounts_make(struct who w)
{
	struct inspect_mounted m;
	i32 n;

	(void)w;
	for (u32 i = 0; (n = mount_read(i, &m)) >= 0; i++) {
		if (!n)
			continue;
		put_escaped(source_of(&m), SPECIAL);
		put(" ");
		put_escaped(path_text, SPECIAL);
		put(" ");
		put((const char *)m.type);
		put(" ");
		put_options(m.flags);
		put(" 0 0\n");
	}
	return 0;
}

i32 mountinfo_make(struct who w)
{
	struct inspect_mounted m;
	i32 n;

	(void)w;
	for (u32 i = 0; (n = mount_read(i, &m)) >= 0; i++) {
		if (!n)
			continue;
		print("%u %u 0:%u / ", m.number, m.parent, m.number);
		put_escaped(path_text, SPECIAL);
		put(" ");
		put_options(m.flags);
		put(" - ");
		put((const char *)m.type);
		put(" ");
		put_escaped(source_of(&m), SPECIAL);
		put(m.flags & 1 ? " ro\n" : " rw\n");
	}
	return 0;
}
