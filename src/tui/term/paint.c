/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/paint.h"

#include <string.h>

#include "base/text.h"
#include "tui/term/palette.h"
#include "base/banned.h"

#define ASCII_RUN 80 /* a cell of curses has 28 bytes */

void paint_init(struct painter *painter)
{
	canvas_init(&painter->shown, 1, 1);
	painter->stale = true;
}

void paint_release(struct painter *painter)
{
	canvas_release(&painter->shown);
}

static short pair_of(int number, const struct look *look, unsigned *attributes)
{
	int fg, bg;

	if (!has_colors() || (look->fg == COLOUR_DEFAULT && look->bg == COLOUR_DEFAULT) || number >= COLOR_PAIRS)
		return 0;
	fg = palette_number(look->fg, COLORS, attributes);
	bg = palette_number(look->bg, COLORS, &(unsigned){ 0 });
	return init_extended_pair(number, fg, bg) == OK ? (short)number : 0;
}

void paint_theme(struct painter *painter, const struct theme *theme)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		const struct look *look = has_colors() && COLORS >= COLOURS_MANY ? &theme->look[i] : &theme->few[i];
		unsigned attributes = look->attributes;
		attr_t a = A_NORMAL;

		painter->pair[i] = pair_of(i + 1, look, &attributes);
		a |= attributes & LOOK_BOLD ? A_BOLD : 0;
		a |= attributes & LOOK_DIM ? A_DIM : 0;
		a |= attributes & LOOK_UNDERLINE ? A_UNDERLINE : 0;
		a |= attributes & LOOK_REVERSE ? A_REVERSE : 0;
		a |= attributes & LOOK_ITALIC ? A_ITALIC : 0;
		painter->attribute[i] = a;
		setcchar(&painter->space[i], L" ", a, painter->pair[i], NULL);
	}
	painter->stale = true;
}

static void paint_cell(const struct painter *painter, const struct cell *cell, int x, int y)
{
	wchar_t wide[CELL_BYTES];
	size_t n = 0, len = strlen(cell->s), taken;
	uint32_t cp;
	cchar_t out;

	for (size_t i = 0; i < len && (taken = text_decode(cell->s + i, len - i, &cp)); i += taken)
		wide[n++] = (wchar_t)cp;
	if (!n)
		return;
	wide[n] = L'\0';
	if (setcchar(&out, wide, painter->attribute[cell->role], painter->pair[cell->role], NULL) == OK)
		mvadd_wch(y, x, &out);
}

struct row {
	const struct cell *cell;
	struct cell *shown;
	int width, y;
};

/* The bytes behind a cell's text may differ too: then it is painted for nothing. */
static bool differs(const struct cell *cells, const struct cell *shown, int n)
{
	return memcmp(cells, shown, (size_t)n * sizeof(*cells)) != 0;
}

static bool is_new(const struct painter *painter, const struct row *row, int x)
{
	return painter->stale || differs(&row->cell[x], &row->shown[x], 1);
}

static bool is_ascii(const struct cell *cell)
{
	return cell->s[0] >= 0x20 && cell->s[0] < 0x7f && !cell->s[1];
}

/* Nobody doubts how wide ASCII is: so much of it goes to curses at once. What else there is, is put where it belongs, cell by cell. */
static void paint_ascii(const struct painter *painter, const struct row *row, int x, int n)
{
	cchar_t run[ASCII_RUN];

	for (int i = 0; i < n; i++) {
		run[i] = painter->space[row->cell[x + i].role];
		run[i].chars[0] = (unsigned char)row->cell[x + i].s[0];
	}
	mvadd_wchnstr(row->y, x, run, n);
}

static void paint_row(const struct painter *painter, const struct row *row)
{
	if (!painter->stale && !differs(row->cell, row->shown, row->width))
		return;
	for (int x = 0, n; x < row->width; x += n ? n : 1) {
		for (n = 0; n < ASCII_RUN && x + n < row->width && is_ascii(&row->cell[x + n]) && is_new(painter, row, x + n);)
			n++;
		if (n)
			paint_ascii(painter, row, x, n);
		else if (is_new(painter, row, x))
			paint_cell(painter, &row->cell[x], x, row->y);
	}
	memcpy(row->shown, row->cell, (size_t)row->width * sizeof(*row->cell));
}

/* Erased cells are those of a cleared canvas, unless the theme colours plain text. */
static void start_blank(struct painter *painter)
{
	erase();
	if (painter->attribute[ROLE_TEXT] != A_NORMAL || painter->pair[ROLE_TEXT])
		return;
	canvas_clear(&painter->shown);
	painter->stale = false;
}

bool paint_canvas(struct painter *painter, const struct canvas *canvas)
{
	struct canvas *shown = &painter->shown;
	bool anew = painter->stale || canvas->width != shown->width || canvas->height != shown->height;

	if (anew) {
		canvas_resize(shown, canvas->width, canvas->height);
		painter->stale = true;
		start_blank(painter);
	}
	for (int y = 0; y < canvas->height; y++) {
		size_t at = (size_t)y * (size_t)canvas->width;

		paint_row(painter, &(struct row){ &canvas->cell[at], &shown->cell[at], canvas->width, y });
	}
	painter->stale = false;
	return anew;
}
