/* Domains and descriptors: what no other system's /proc has. */
#include "files.h"
#include "text.h"

i32 domains_make(struct who w)
{
	struct inspect_compartment d;

	(void)w;
	put("name            state       org     gen     base     size code data"
	    "    KiB  crossings faults restarts\n");
	for (u32 i = 0; inspect_compartment(i, &d) >= 0; i++) {
		put_left((const char *)d.name, 16);
		put_left((const char *)d.state, 12);
		put_left((const char *)d.organization, 7);
		print("%4u %08x %08x %04x %04x %6u %10u %6u %8u\n",
		      d.generation, d.base, d.size, d.code, d.data, d.memory,
		      d.calls, d.faults, d.restarts);
	}
	return 0;
}

/* Of a gate the base is where it leads to, and the selector of that follows. */
i32 segments_make(struct who w)
{
	struct inspect_segment s;
	i32 slot;

	(void)w;
	put("sel      base    limit level kind               owner           "
	    "gate\n");
	for (u32 at = 0; (slot = inspect_segment(at, &s)) >= 0; at++) {
		at = (u32)slot;
		print("%04x %08x %08x %5u ", s.selector, s.base, s.limit,
		      s.level);
		put_left((const char *)s.kind, 19);
		if (s.target) {
			put_left((const char *)s.owner, 16);
			print("%04x %s", s.target, (const char *)s.name);
		} else {
			put((const char *)s.owner);
		}
		put("\n");
	}
	return 0;
}
