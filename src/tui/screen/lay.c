/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/lay.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

#define COLUMNS 8
#define GAP 2
#define LEAST 12  /* cells that a wrapped column needs; else the cells of a row stand below each other */
#define BESIDE 10 /* cells of a first column beside which the others stand even then, where they have enough */
#define ENOUGH 24 /* ... and where more stands before it than there is room for it */

struct columns {
	size_t n;
	bool out[COLUMNS]; /* there is no room for it, or it is empty */
	int width[COLUMNS], x[COLUMNS];
	bool stacked;
};

static void add_spot(struct lay *lay, const struct spot *spot)
{
	lay->spot = mem_grow(lay->spot, lay->n, &lay->cap, sizeof(*lay->spot));
	lay->spot[lay->n++] = *spot;
}

/* A cell from x on, wrapped at `right`; returns the row below it. */
static int place(struct lay *lay, const struct document_cell *cell, const struct spot *at, int right)
{
	struct spot spot = *at;
	size_t next = 0;

	spot.role = cell->role;
	if (*cell->symbol) {
		spot.text = cell->symbol;
		spot.len = (int)strlen(cell->symbol);
		add_spot(lay, &spot);
		spot.x += 2;
	}
	for (const char *text = cell->text.s; *text; text += next) {
		int cells = right - spot.x > 4 ? right - spot.x : 4;

		spot.text = text;
		spot.len = (int)text_row(text, (size_t)cells, &next);
		add_spot(lay, &spot);
		spot.y++;
	}
	return spot.y > at->y ? spot.y : at->y + 1;
}

static int cell_width(const struct document_cell *cell)
{
	return (*cell->symbol ? 2 : 0) + (int)text_width(cell->text.s);
}

static int total(const struct columns *columns)
{
	int width = 0;

	for (size_t i = 0; i < columns->n; i++)
		if (!columns->out[i])
			width += columns->width[i] + (width ? GAP : 0);
	return width;
}

/* Leaves out the column whose cell has the greatest weight. False where none may be left out. */
static bool leave_out(const struct document_cell *cells, struct columns *columns)
{
	size_t most = columns->n;

	for (size_t i = 0; i < columns->n; i++)
		if (!columns->out[i] && cells[i].weight && (most == columns->n || cells[i].weight > cells[most].weight))
			most = i;
	if (most == columns->n)
		return false;
	columns->out[most] = true;
	return true;
}

static bool same_shape(const struct part *a, const struct part *b)
{
	return b->kind == PART_ROW && a->n == b->n && a->depth == b->depth;
}

/* The rows from `part` on that share its columns, with the sentences between them; `end` is behind the last part. */
static size_t group(const struct part *part, const struct part *end)
{
	size_t n = 1;

	while (part + n < end && (same_shape(part, &part[n]) || (part[n].kind == PART_SENTENCE && part[n].depth > part->depth)))
		n++;
	return n;
}

static void widen(const struct document *document, const struct part *part, struct columns *columns)
{
	for (size_t i = 0; i < columns->n; i++) {
		int width = cell_width(&document->cell[part->first + i]);

		columns->width[i] = width > columns->width[i] ? width : columns->width[i];
	}
}

static void fit(const struct document *document, const struct part *part, size_t rows, int room, struct columns *columns)
{
	int x = part->depth * GAP, last = x;

	*columns = (struct columns){ .n = part->n < COLUMNS ? part->n : COLUMNS };
	for (size_t row = 0; row < rows; row++)
		if (part[row].kind == PART_ROW)
			widen(document, &part[row], columns);
	for (size_t i = 0; i < columns->n; i++)
		columns->out[i] = columns->width[i] == 0;
	if (part->kind == PART_TITLES)
		widen(document, part, columns);
	while (x + total(columns) > room && leave_out(&document->cell[part->first], columns))
		;
	for (size_t i = 0; i < columns->n; i++) {
		columns->x[i] = x;
		if (columns->out[i])
			continue;
		last = x;
		x += columns->width[i] + GAP;
	}
	columns->stacked =
		part->depth * GAP + total(columns) > room && (room - last < LEAST || (room - last < ENOUGH && room - last < last));
}

static int place_row(struct lay *lay, const struct document *document, const struct part *part, const struct columns *columns)
{
	bool beside = columns->n > 1 && columns->x[1] - columns->x[0] <= BESIDE && lay->width - columns->x[1] >= ENOUGH;
	int bottom = lay->height + 1;

	for (size_t i = 0; i < columns->n; i++) {
		const struct document_cell *cell = &document->cell[part->first + i];
		struct spot at = { .x = columns->x[i], .y = lay->height, .item = part->item };
		int below, right = lay->width;

		if (columns->out[i] || (!cell->text.len && !*cell->symbol))
			continue;
		if (cell->number && (!columns->stacked || (beside && !i)))
			at.x += columns->width[i] - cell_width(cell);
		if (columns->stacked && i > (size_t)beside) {
			at.x = beside ? columns->x[1] : (part->depth + 1) * GAP;
			at.y = bottom;
		}
		below = place(lay, cell, &at, right);
		bottom = below > bottom ? below : bottom;
	}
	return bottom;
}

static void place_text(struct lay *lay, const struct document *document, const struct part *part)
{
	const struct spot at = { .x = part->depth * GAP, .y = lay->height, .item = part->item };

	lay->height = place(lay, &document->cell[part->first], &at, lay->width);
}

static size_t place_group(struct lay *lay, const struct document *document, size_t from)
{
	size_t n = group(&document->part[from], &document->part[document->n]);
	struct columns columns;

	fit(document, &document->part[from], n, lay->width, &columns);
	for (size_t i = from; i < from + n; i++)
		if (document->part[i].kind != PART_SENTENCE)
			lay->height = place_row(lay, document, &document->part[i], &columns);
		else
			place_text(lay, document, &document->part[i]);
	return n;
}

void lay_document(struct lay *lay, const struct document *document, int width)
{
	*lay = (struct lay){ .width = width };
	for (size_t i = 0; i < document->n;)
		if (document->part[i].kind == PART_ROW || document->part[i].kind == PART_TITLES)
			i += place_group(lay, document, i);
		else
			place_text(lay, document, &document->part[i++]);
}

void lay_release(struct lay *lay)
{
	free(lay->spot);
	*lay = (struct lay){ 0 };
}

int lay_find(const struct lay *lay, int item)
{
	for (size_t i = 0; i < lay->n; i++)
		if (lay->spot[i].item == item)
			return lay->spot[i].y;
	return -1;
}

int lay_at(const struct lay *lay, int y)
{
	for (size_t i = 0; i < lay->n; i++)
		if (lay->spot[i].y == y)
			return lay->spot[i].item;
	return -1;
}

static void draw_spot(const struct spot *spot, struct canvas *canvas, int y)
{
	struct pen pen = pen_at(canvas, spot->x, y);
	struct str text;

	if (!spot->text[spot->len]) {
		pen_put(&pen, spot->role, spot->text);
		return;
	}
	str_init(&text, 0);
	str_add_bytes(&text, spot->text, (size_t)spot->len);
	pen_put(&pen, spot->role, text.s);
	str_release(&text);
}

void lay_draw(const struct lay *lay, struct canvas *canvas, int scroll, int selected)
{
	for (size_t i = 0; i < lay->n; i++) {
		int y = lay->spot[i].y - scroll;

		if (y >= 0 && y < canvas->height)
			draw_spot(&lay->spot[i], canvas, y);
	}
	for (size_t i = 0; selected >= 0 && i < lay->n; i++)
		if (lay->spot[i].item == selected)
			canvas_mark(canvas, lay->spot[i].y - scroll);
}

static void paste(const struct lay *lay, struct canvas *canvas, int top, int rows, int scroll)
{
	struct canvas inner;

	canvas_init(&inner, canvas->width - 2, rows);
	inner.ascii = canvas->ascii;
	inner.few_signs = canvas->few_signs;
	lay_draw(lay, &inner, scroll, -1);
	canvas_paste(canvas, &inner, 1, top);
	canvas_release(&inner);
}

int lay_height(const struct document *document, const struct canvas *canvas)
{
	struct lay lay;
	int height;

	lay_document(&lay, document, canvas->width - 2);
	height = lay.height;
	lay_release(&lay);
	return height;
}

int lay_top(const struct document *document, struct canvas *canvas, int top, int bottom)
{
	struct lay lay;
	int rows;

	lay_document(&lay, document, canvas->width - 2);
	rows = lay.height < bottom - top ? lay.height : bottom - top;
	if (rows > 0)
		paste(&lay, canvas, top, rows, 0);
	lay_release(&lay);
	return rows > 0 ? top + rows : top;
}

void lay_page(const struct document *document, struct canvas *canvas, int top, int bottom, int *scroll)
{
	struct lay lay;
	int rows;

	lay_document(&lay, document, canvas->width - 2);
	rows = lines_window(canvas, lay.height, top, bottom, scroll);
	paste(&lay, canvas, top, rows, *scroll);
	lay_release(&lay);
}
