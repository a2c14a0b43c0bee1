/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key as one number: a character's code point (Ctrl-A is 1), or a KEYCODE_. Names as in the configuration: "u", "Ctrl-R", "PgUp". Pure.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdint.h>

#include "base/err.h"

enum keycode {
	KEYCODE_NONE = 0,
	KEYCODE_TAB = 9,
	KEYCODE_ENTER = 13,
	KEYCODE_ESC = 27,
	KEYCODE_SPACE = 32,
	KEYCODE_FIRST = 0x110000,
	KEYCODE_UP = KEYCODE_FIRST,
	KEYCODE_DOWN,
	KEYCODE_LEFT,
	KEYCODE_RIGHT,
	KEYCODE_PGUP,
	KEYCODE_PGDN,
	KEYCODE_HOME,
	KEYCODE_END,
	KEYCODE_INSERT,
	KEYCODE_DELETE,
	KEYCODE_BACKSPACE,
	KEYCODE_BACKTAB,
	KEYCODE_F1,
	KEYCODE_F12 = KEYCODE_F1 + 11,
	KEYCODE_CTRL_LEFT,
	KEYCODE_CTRL_RIGHT,
	KEYCODE_END_OF_LIST
};

#define KEY_ALT 0x1000000u /* added to any of them: Alt is held */

void key_format(struct str *out, uint32_t key);
bool key_parse(uint32_t *key, const char *text, struct err *err); /* ERR_USAGE */

#endif
