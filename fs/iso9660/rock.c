/*
 * Rock Ridge (IEEE P1282, over P1281's fields): permissions, owners, names,
 * links and moved directories, behind the name in a record and in areas that
 * these lead to.
 */
#include "record.h"

#define AREAS_MOST	32u /* of one record */
#define FIELD		4u /* its signature, size and version */
#define SIGNATURE(a, b) ((u32)(a) | (u32)(b) << 8)

enum name_flag { NAME_GOES_ON = 1, NAME_SELF = 2, NAME_ABOVE = 4 };
enum part_flag {
	PART_GOES_ON = 1,
	PART_SELF = 2,
	PART_ABOVE = 4,
	PART_ROOT = 8
};

char target[TARGET_MOST + 1];

static u8 area[BLOCK];

/* Fields, one after the other. */
struct fields {
	const u8 *bytes;
	u32 left;
	u32 block, at, size; /* the area that goes on with them; size 0: none */
	u32 areas;
};

/* What the fields of one record have said so far. */
struct state {
	struct entry *e;
	bool has_name, name_ended, part_goes_on;
};

static u32 word_at(const u8 *field, u32 at)
{
	u32 value;

	memcpy(&value, field + at, sizeof value);
	return value;
}

static void fields_begin(struct fields *f, const struct record *r)
{
	u32 at = sizeof *r + r->name_size;

	at += at & 1;
	at += fs.skip;
	*f = (struct fields){ .bytes = (const u8 *)r + at };
	if (at < r->size)
		f->left = r->size - at;
}

/* The next area, if there is one: 1 or 0. */
static i32 area_load(struct fields *f)
{
	if (!f->size || f->areas++ == AREAS_MOST)
		return 0;
	if (f->block >= fs.blocks || f->at > BLOCK || f->size > BLOCK - f->at)
		return -E_FORM;
	RETURN_IF(volume_read(f->block, f->at, area, f->size));
	f->bytes = area;
	f->left = f->size;
	f->size = 0;
	return 1;
}

/* The next field, whole: 1, or 0 behind the last one. */
static i32 field_next(struct fields *f, const u8 **field)
{
	for (;;) {
		u32 size = f->left >= FIELD ? f->bytes[2] : 0;

		if (size < FIELD || size > f->left ||
		    (f->bytes[0] == 'S' && f->bytes[1] == 'T')) {
			i32 more = area_load(f);

			if (more <= 0)
				return more;
			continue;
		}
		*field = f->bytes;
		f->bytes += size;
		f->left -= size;
		if ((*field)[0] != 'C' || (*field)[1] != 'E' || size < 28)
			return 1;
		f->block = word_at(*field, 4);
		f->at = word_at(*field, 12);
		f->size = word_at(*field, 20);
	}
}

/* ---- one kind of field each ---- */

static bool is_kind(u32 kind)
{
	return kind == MODE_FILE || kind == MODE_FOLDER || kind == MODE_LINK ||
	       kind == MODE_CHARACTER || kind == MODE_BLOCK ||
	       kind == MODE_FIFO || kind == MODE_SOCKET;
}

static void take_mode(struct entry *e, const u8 *field)
{
	u32 mode = word_at(field, 4), kind = mode & MODE_KIND;
	bool is_folder = (e->mode & MODE_KIND) == MODE_FOLDER;

	/* what is no directory to the record is none, and the reverse */
	if (!is_kind(kind) || is_folder != (kind == MODE_FOLDER))
		kind = e->mode & MODE_KIND;
	e->mode = kind | (mode & 07777);
	e->links = word_at(field, 12);
	e->uid = word_at(field, 20);
	e->gid = word_at(field, 28);
}

static void take_times(struct entry *e, const u8 *field, u32 size)
{
	u32 *const times[] = { NULL, &e->modified, &e->accessed, &e->changed };
	u32 at = 5;

	if (size < 5 || field[4] & 0x80)
		return; /* as text, to the hundredth: nobody writes that */
	for (u32 n = 0; n < 4; n++) {
		struct stamp s;

		if (!(field[4] >> n & 1))
			continue;
		if (size - at < sizeof s)
			return;
		memcpy(&s, field + at, sizeof s);
		at += (u32)sizeof s;
		if (times[n])
			*times[n] = stamp_seconds(&s);
	}
}

static void take_name(struct state *s, const u8 *field, u32 size)
{
	struct entry *e = s->e;

	if (size < 5 || s->name_ended || field[4] & (NAME_SELF | NAME_ABOVE))
		return;
	if (!s->has_name)
		e->name_size = 0;
	s->has_name = true;
	s->name_ended = !(field[4] & NAME_GOES_ON);
	for (u32 n = 5; n < size; n++)
		if (!field[n] || field[n] == '/' || e->name_size == NAME_MOST) {
			e->name_size = 0;
			s->name_ended = true;
			return;
		} else {
			e->name[e->name_size++] = (char)field[n];
		}
}

static void target_add(struct entry *e, const char *text, u32 size)
{
	size = min(size, TARGET_MOST - e->target_size);
	memcpy(target + e->target_size, text, size);
	e->target_size += size;
}

static void take_link(struct state *s, const u8 *field, u32 size)
{
	struct entry *e = s->e;

	for (u32 at = 5; size - at >= 2 && at < size;
	     at += 2u + field[at + 1]) {
		u32 flags = field[at], length = field[at + 1];

		if (length > size - at - 2)
			return;
		if (e->target_size && !s->part_goes_on &&
		    target[e->target_size - 1] != '/')
			target_add(e, "/", 1);
		if (flags & PART_SELF)
			target_add(e, ".", 1);
		else if (flags & PART_ABOVE)
			target_add(e, "..", 2);
		else if (flags & PART_ROOT)
			target_add(e, "/", 1);
		else
			target_add(e, (const char *)field + at + 2, length);
		s->part_goes_on = flags & PART_GOES_ON;
	}
}

static void take_field(struct state *s, const u8 *field)
{
	u32 size = field[2];
	struct entry *e = s->e;

	switch (SIGNATURE(field[0], field[1])) {
	case SIGNATURE('P', 'X'):
		if (size >= 36)
			take_mode(e, field);
		break;
	case SIGNATURE('P', 'N'):
		if (size >= 20)
			e->device = (word_at(field, 4) & 0xFFF) << 8 |
				    (word_at(field, 12) & 0xFF);
		if (size >= 20 && !word_at(field, 4))
			e->device = word_at(field, 12) & 0xFFFF;
		break;
	case SIGNATURE('T', 'F'):
		take_times(e, field, size);
		break;
	case SIGNATURE('N', 'M'):
		take_name(s, field, size);
		break;
	case SIGNATURE('S', 'L'):
		if (size >= 5)
			take_link(s, field, size);
		break;
	case SIGNATURE('C', 'L'):
		if (size >= 12)
			e->child = word_at(field, 4);
		break;
	case SIGNATURE('R', 'E'):
		e->is_moved = true;
		break;
	}
}

i32 rock_read(const struct record *r, struct entry *e)
{
	struct state s = { .e = e };
	struct fields f;
	const u8 *field;
	i32 more;

	fields_begin(&f, r);
	while ((more = field_next(&f, &field)) > 0)
		take_field(&s, field);
	return more;
}

i32 rock_find(void)
{
	const struct record *r;
	struct fields f;
	const u8 *field;
	i32 there = record_load(fs.root_extent, 0, &r);

	RETURN_IF(there == -E_FORM ? 0 : there);
	if (there <= 0)
		return 0;
	fields_begin(&f, r);
	there = field_next(&f, &field);
	if (there <= 0 || field[0] != 'S' || field[1] != 'P' || field[2] < 7 ||
	    field[4] != 0xBE || field[5] != 0xEF)
		return there < 0 && there != -E_FORM ? there : 0;
	fs.skip = field[6];
	while ((there = field_next(&f, &field)) > 0)
		if (field[0] == 'P' && field[1] == 'X')
			return 1;
	fs.skip = 0;
	return there == -E_FORM ? 0 : there;
}
