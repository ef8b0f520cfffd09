/* Ways to run out of memory, each by a process that may be killed for it. */
#ifndef OOM_H
#define OOM_H

struct way {
	const char *name;
	void (*run)(void); /* in a process group of its own; may return */
	int killed; /* the system cannot but kill somebody */
};

extern const struct way ways[];
extern const unsigned way_count;

#endif
