/*
 * Characters and ANSI escape sequences onto a grid of cells: what the screen
 * means, without the device it is on.
 */
#ifndef VGA_ANSI_H
#define VGA_ANSI_H

#include "gates/domain/domain.h"

#define SCREEN_COLUMNS 80
#define SCREEN_ROWS    25
#define SCREEN_CELLS   (SCREEN_COLUMNS * SCREEN_ROWS)

struct screen {
	u16 *cells; /* SCREEN_CELLS of them */
	u32 at; /* the cursor's, below SCREEN_CELLS */
};

/* Show or obey the next character of the text. */
void screen_show(struct screen *screen, char c);

/*
 * The pen is colours and how far an escape sequence has been read. It goes to
 * `place`, and comes back from there unless that was never saved to.
 */
void pen_save(void *place);
void pen_load(const void *place);

#endif
