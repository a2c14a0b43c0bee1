/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "show/translate.h"
#include "base/banned.h"

void canvas_init(struct canvas *canvas, int width, int height)
{
	*canvas = (struct canvas){ 0 };
	canvas_resize(canvas, width, height);
}

void canvas_release(struct canvas *canvas)
{
	free(canvas->cell);
	canvas->cell = NULL;
}

void canvas_resize(struct canvas *canvas, int width, int height)
{
	canvas->width = width > 0 ? width : 1;
	canvas->height = height > 0 ? height : 1;
	canvas->cell = mem_resize(canvas->cell, (size_t)canvas->width * (size_t)canvas->height, sizeof(*canvas->cell));
	canvas_clear(canvas);
}

void canvas_clear(struct canvas *canvas)
{
	size_t n = (size_t)canvas->width * (size_t)canvas->height, done = 1;

	canvas->cell[0] = (struct cell){ " ", ROLE_TEXT };
	for (size_t more; done < n; done += more) {
		more = done < n - done ? done : n - done;
		memcpy(&canvas->cell[done], canvas->cell, more * sizeof(*canvas->cell));
	}
	canvas->n_hit = 0;
	canvas_cursor(canvas, -1, -1, false);
}

void canvas_hit(struct canvas *canvas, const struct hit *hit)
{
	if (canvas->n_hit < CANVAS_HITS)
		canvas->hit[canvas->n_hit++] = *hit;
}

const struct hit *canvas_hit_at(const struct canvas *canvas, int x, int y)
{
	for (size_t i = canvas->n_hit; i-- > 0;) {
		const struct hit *hit = &canvas->hit[i];

		if (y == hit->y && x >= hit->x && x < hit->x + hit->width)
			return hit;
	}
	return NULL;
}

void canvas_cursor(struct canvas *canvas, int x, int y, bool shown)
{
	canvas->cursor_x = x;
	canvas->cursor_y = y;
	canvas->cursor_shown = shown;
}

void canvas_mark(struct canvas *canvas, int y)
{
	for (int x = 0; y >= 0 && y < canvas->height && x < canvas->width; x++)
		canvas->cell[y * canvas->width + x].role = ROLE_SELECTED;
}

static void make_blank(struct cell *cell)
{
	cell->s[0] = ' ';
	cell->s[1] = '\0';
}

/* A wide character that loses a half there leaves a blank in place of the other one. */
static void part_wide(struct canvas *canvas, int x, int y)
{
	struct cell *cell = &canvas->cell[y * canvas->width + x];

	if (x > 0 && !cell->s[0])
		make_blank(cell - 1);
	if (x + 1 < canvas->width && !cell[1].s[0])
		make_blank(cell + 1);
}

static void paste_row(struct canvas *canvas, int x, int y, const struct cell *from, int width)
{
	part_wide(canvas, x, y);
	part_wide(canvas, x + width - 1, y);
	memcpy(&canvas->cell[y * canvas->width + x], from, (size_t)width * sizeof(*from));
}

void canvas_paste(struct canvas *canvas, const struct canvas *from, int x, int y)
{
	int width = from->width < canvas->width - x ? from->width : canvas->width - x;

	for (int row = 0; row < from->height && y + row < canvas->height && width > 0; row++) {
		const struct cell *cell = &from->cell[row * from->width];

		paste_row(canvas, x, y + row, cell, width);
		if (width < from->width && !cell[width].s[0])
			make_blank(&canvas->cell[(y + row) * canvas->width + x + width - 1]);
	}
	for (size_t i = 0; i < from->n_hit; i++) {
		struct hit hit = from->hit[i];

		hit.x += x;
		hit.y += y;
		canvas_hit(canvas, &hit);
	}
}

/* ---- pens ---- */

struct pen pen_at(struct canvas *canvas, int x, int y)
{
	return pen_until(canvas, x, y, canvas->width);
}

struct pen pen_until(struct canvas *canvas, int x, int y, int right)
{
	return (struct pen){ canvas, x, y, right < canvas->width ? right : canvas->width };
}

static const char *ascii_for(uint32_t cp)
{
	static const struct {
		uint32_t cp;
		char ascii[2];
	} table[] = {
		{ 0x2502, "|" },
		{ 0x2500, "-" },
		{ 0x252c, "+" },
		{ 0x251c, "+" },
		{ 0x2514, "+" },
		{ 0x2575, "'" },
		{ 0x258f, "|" },
		{ 0x2524, "+" },
		{ 0x2534, "+" },
		{ 0x253c, "+" },
		{ 0x2581, "_" },
		{ 0x2582, "_" },
		{ 0x2583, "_" },
		{ 0x2584, "=" },
		{ 0x2585, "=" },
		{ 0x2586, "#" },
		{ 0x2587, "#" },
		{ 0x2588, "#" },
		{ 0x2592, ":" },
		{ 0x258c, "#" },
		{ 0x00b7, "." },
		{ 0x2714, "+" },
		{ 0x2716, "x" },
		{ 0x25b2, "!" },
		{ 0x25b8, ">" },
		{ 0x2026, "~" },
		{ 0x2192, ">" },
		{ 0x2013, "-" },
		{ 0x2191, "^" },
		{ 0x2193, "v" },
		{ 0x25cb, "o" },
		{ 0x25cf, "*" },
		{ 0x00a7, "S" },
		{ 0x00b1, "~" },
		{ 0x00e5, "a" },
		{ 0x00e4, "a" },
		{ 0x00f6, "o" },
		{ 0x00c5, "A" },
		{ 0x00c4, "A" },
		{ 0x00d6, "O" },
		{ 0x00e9, "e" },
		{ 0x201c, "\"" },
		{ 0x201d, "\"" },
		{ 0x2019, "'" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].cp == cp)
			return table[i].ascii;
	return "?";
}

/* In none of the usual console fonts: ticks, crosses, the chart's eighths, the thin bar, the open circle. */
static bool is_rare(uint32_t cp)
{
	return cp == 0x2714 || cp == 0x2716 || (cp >= 0x2581 && cp <= 0x2587) || cp == 0x258c || cp == 0x258f || cp == 0x25cb;
}

static struct cell *cell_at(const struct pen *pen)
{
	if (pen->y < 0 || pen->y >= pen->canvas->height || pen->x < 0 || pen->x >= pen->canvas->width)
		return NULL;
	return &pen->canvas->cell[pen->y * pen->canvas->width + pen->x];
}

static void cell_set(const struct pen *pen, enum role role, const char *s, size_t len)
{
	struct cell *cell = cell_at(pen);

	if (!cell || len >= CELL_BYTES)
		return;
	part_wide(pen->canvas, pen->x, pen->y);
	memcpy(cell->s, s, len);
	cell->s[len] = '\0';
	cell->role = (unsigned char)role;
}

static void put_mark(const struct pen *pen, const char *s, size_t len)
{
	struct pen back = *pen;
	struct cell *cell;

	back.x--;
	cell = cell_at(&back);
	if (cell && cell->s[0] == '\0') {
		back.x--;
		cell = cell_at(&back);
	}
	if (cell && strlen(cell->s) + len < CELL_BYTES) {
		size_t old = strlen(cell->s);
		memcpy(cell->s + old, s, len);
		cell->s[old + len] = '\0';
	}
}

static void put_char(struct pen *pen, enum role role, uint32_t cp)
{
	char bytes[4];
	size_t len = text_encode(cp, bytes);
	int width = text_cp_width(cp);

	if (width == 0) {
		put_mark(pen, bytes, pen->canvas->ascii ? 0 : len);
		return;
	}
	if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
		cell_set(pen, role, "?", 1);
	else if ((pen->canvas->ascii && cp >= 0x80) || (pen->canvas->few_signs && is_rare(cp)))
		cell_set(pen, role, ascii_for(cp), 1);
	else
		cell_set(pen, role, bytes, len);
	pen->x++;
	if (width == 2) {
		cell_set(pen, role, pen->canvas->ascii ? "?" : "", pen->canvas->ascii);
		pen->x++;
	}
}

static void put_bytes(struct pen *pen, enum role role, const char *text, size_t len)
{
	uint32_t cp;

	for (size_t i = 0, n; i < len; i += n) {
		if (text[i] >= 0x20 && text[i] < 0x7f) { /* nearly all of it */
			cell_set(pen, role, text + i, n = 1);
			pen->x++;
			continue;
		}
		n = text_decode(text + i, len - i, &cp);
		if (!n)
			return;
		put_char(pen, role, cp);
	}
}

void pen_put(struct pen *pen, enum role role, const char *text)
{
	int room = pen->right - pen->x;

	if (room <= 0)
		return;
	if (text_width(text) <= (size_t)room) {
		put_bytes(pen, role, text, strlen(text));
		return;
	}
	put_bytes(pen, role, text, text_fit(text, (size_t)room - 1));
	put_char(pen, role, 0x2026);
	pen_fill(pen, role, " ", pen->right - pen->x);
}

void pen_putf(struct pen *pen, enum role role, const char *format, ...)
{
	struct str text;
	va_list args;

	str_init(&text, 0);
	va_start(args, format);
	str_vaddf(&text, format, args);
	va_end(args);
	pen_put(pen, role, text.s);
	str_release(&text);
}

void pen_msg(struct pen *pen, enum role role, const struct msg *msg)
{
	struct str text;

	str_init(&text, 0);
	msg_format(msg, &translate_tongue, &text);
	pen_put(pen, role, text.s);
	str_release(&text);
}

void pen_to(struct pen *pen, int x)
{
	if (pen->x < x)
		pen->x = x < pen->right ? x : pen->right;
}

void pen_fill(struct pen *pen, enum role role, const char *symbol, int n)
{
	const struct cell *first = cell_at(pen);
	int from = pen->x;

	for (int i = 0; i < n && pen->x < pen->right; i++) {
		struct cell *cell = cell_at(pen);

		if (i > 0 && first && cell && pen->x == from + i) { /* one wide: as the first */
			part_wide(pen->canvas, pen->x, pen->y);
			*cell = *first;
			pen->x++;
		} else {
			put_bytes(pen, role, symbol, strlen(symbol));
		}
	}
}

void pen_right(struct pen *pen, enum role role, const char *text)
{
	int width = (int)text_width(text);

	if (pen->right - width < pen->x)
		return;
	pen_to(pen, pen->right - width);
	pen_put(pen, role, text);
}

/* ---- dumps ---- */

static void trim(struct str *out, size_t from)
{
	while (out->len > from && out->s[out->len - 1] == ' ')
		out->s[--out->len] = '\0';
	str_add_char(out, '\n');
}

void canvas_text(const struct canvas *canvas, struct str *out)
{
	for (int y = 0; y < canvas->height; y++) {
		size_t from = out->len;

		for (int x = 0; x < canvas->width; x++)
			str_add(out, canvas->cell[y * canvas->width + x].s);
		trim(out, from);
	}
}
