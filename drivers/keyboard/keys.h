/*
 * From scan codes to characters: a US keyboard, scan code set 1, typed as on
 * a terminal of type `linux`.
 */
#ifndef KEYBOARD_KEYS_H
#define KEYBOARD_KEYS_H

#include "gates/domain/ring.h"

/* Note one byte of scan code, and put the characters that it completes. */
void key_code(struct ring *typed, u8 code);

#endif
