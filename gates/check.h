/*
 * The invariants: what must hold of every descriptor at every moment. Debug
 * builds check after every crossing.
 */
#ifndef GATES_CHECK_H
#define GATES_CHECK_H

/* NULL if all hold, else a sentence about the first that does not. */
const char *invariants_check(void);

#endif
