/* Domains from the boot archive. */
#include "kernel/load.h"

#include "kernel/archive.h"
#include "kernel/boot.h"
#include "kernel/memory.h"
#include "kernel/print.h"

#define FOLDER "domains/"

i32 load_file(const char *path, const u8 **bytes, u32 *size)
{
	struct archive_file file;
	i32 error;

	if (!boot.archive)
		return -E_NAME;
	error = archive_find(boot.archive, boot.archive_size, path, &file);
	if (error < 0)
		return error;
	*bytes = file.bytes;
	*size = file.size;
	return 0;
}

/* A file system of disks: every mount has one of its own. */
static int is_for_instances(const u8 *bytes, u32 size)
{
	struct image image;
	const char *why;

	if (image_check(bytes, size, &image, &why) < 0)
		return 0;
	for (u32 n = 0; n < image.manifest->import_count; n++)
		if (text_equal(image.imports[n].gate, "volume"))
			return 1;
	return 0;
}

static i32 load_bytes(const char *name, const char *as, const u8 *bytes,
		      u32 size, struct domain **out)
{
	const char *why;
	i32 error = domain_load(bytes, size, as, out, &why);

	if (error < 0)
		print("domain %s: not loaded: %s\n", name, why);
	return error;
}

i32 load_domain(const char *name, struct domain **out)
{
	static const char *const folders[] = { FOLDER, "waiting/",
						"tests/" };
	const u8 *bytes;
	u32 size;

	for (u32 i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		char path[64];

		print_to(path, sizeof(path), "%s%s", folders[i], name);
		if (load_file(path, &bytes, &size) == 0)
			return load_bytes(name, 0, bytes, size, out);
	}
	print("domain %s: not in the boot archive\n", name);
	return -E_NAME;
}

int load_is_for_disks(const char *kind)
{
	const u8 *bytes;
	char path[64];
	u32 size;

	print_to(path, sizeof(path), FOLDER "%s", kind);
	return load_file(path, &bytes, &size) == 0 &&
	       is_for_instances(bytes, size);
}

i32 load_instance(const char *kind, const char *name, struct domain **out)
{
	const u8 *bytes;
	char path[64];
	u32 size;
	i32 error;

	print_to(path, sizeof(path), FOLDER "%s", kind);
	error = load_file(path, &bytes, &size);
	if (error < 0)
		return error;
	if (!is_for_instances(bytes, size))
		return -E_NAME;
	return load_bytes(name, name, bytes, size, out);
}

/* Does a running domain, or the core, export what d imports from `other`? */
static int waits_for(const struct domain *d, const struct domain *other)
{
	const struct image *i = &d->image, *o = &other->image;

	if (d == other || other->state != DOMAIN_LOADED)
		return 0;
	for (u32 n = 0; n < i->manifest->import_count; n++)
		for (u32 m = 0; m < o->manifest->export_count; m++)
			if (text_equal(i->imports[n].gate, o->exports[m].gate))
				return 1;
	return 0;
}

static struct domain *next_to_start(void)
{
	for (struct list *l = domains.next; l != &domains; l = l->next) {
		struct domain *d = LIST_OF(l, struct domain, list);
		u32 waiting = 0;

		if (d->state != DOMAIN_LOADED)
			continue;
		for (struct list *m = domains.next; m != &domains; m = m->next)
			waiting |= (u32)waits_for(
				d, LIST_OF(m, struct domain, list));
		if (!waiting)
			return d;
	}
	return 0;
}

void load_boot_domains(void)
{
	struct archive archive;
	struct archive_file file;
	struct domain *d;
	i32 more;

	if (!boot.archive) {
		print("boot: no archive with domains was loaded\n");
		return;
	}
	archive_open(&archive, boot.archive, boot.archive_size);
	while ((more = archive_next(&archive, &file)) > 0) {
		u32 n = sizeof(FOLDER) - 1;

		if ((file.mode & 0170000) == 0100000 &&
		    memcmp(file.name, FOLDER, n) == 0 &&
		    !is_for_instances(file.bytes, file.size))
			load_bytes(file.name + n, 0, file.bytes, file.size,
				   &d);
	}
	if (more < 0)
		print("boot: the archive is malformed; the rest of it is "
		      "ignored\n");
	while ((d = next_to_start()))
		domain_start(d);
}
