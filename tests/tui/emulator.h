/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal's screen from the bytes that were sent to it: what xterm, its kin and the Linux console share. Knows no device. */
#ifndef TESTS_TUI_EMULATOR_H
#define TESTS_TUI_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define EMU_WIDTH 80
#define EMU_HEIGHT 24

struct emu_cell {
	char s[16];
	char look[32]; /* "b31;40": bold, dim, underlined, reversed, italic; colours */
};

struct emulator {
	struct emu_cell cell[EMU_HEIGHT][EMU_WIDTH];
	int x, y;
	bool hidden, wrap; /* the cursor; the last column was written */
	char fg[12], bg[12];
	bool bold, dim, underline, reverse, italic;
	char rest[4096]; /* of a sequence that has not ended yet */
	size_t n_rest;
	void (*mark)(struct emulator *emu, const char *text); /* OSC 777: a message of the test's own */
};

void emu_init(struct emulator *emu);
void emu_write(struct emulator *emu, const char *bytes, size_t len);
void emu_text(const struct emulator *emu, struct str *out);  /* rows, blanks at their end cut */
void emu_looks(const struct emulator *emu, struct str *out); /* of each row: the looks, with how many cells have them */

#endif
