/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/paint.h"

#include <string.h>

#include "tui/term/modes.h"
#include "tui/term/palette.h"
#include "base/banned.h"

#define CUP "\033[%i%p1%d;%p2%dH"
#define HPA "\033[%i%p1%dG"
#define ECH "\033[%p1%dX"
#define ASCII "\033(B"
#define GAP 4            /* so many cells are written again sooner than moved over */
#define MANY 8           /* so many blanks are erased sooner than written */
#define PLAIN ROLE_COUNT /* a look that says nothing */
#define NONE (ROLE_COUNT + 1)

/* ---- what the terminal is told ---- */

/* Adds the end of all attributes and colours. The set of characters is never another one. */
static void add_plain(char plain[TERMINFO_WORD])
{
	char sgr0[TERMINFO_WORD] = "";
	const char *end = sgr0;

	terminfo_add(sgr0, "sgr0", 0, 0);
	if (!strncmp(sgr0, ASCII, strlen(ASCII)))
		end += strlen(ASCII);
	if (strncmp(end, "\033[m", 3) != 0 && strncmp(end, "\033[0", 3) != 0)
		terminfo_add(plain, "op", 0, 0);
	modes_add(plain, TERMINFO_WORD, end);
}

static bool is_said(const char *name, const char *as)
{
	const char *bytes = terminfo_text(name);

	return bytes && !strncmp(bytes, as, strlen(as)) && (!bytes[strlen(as)] || !strncmp(bytes + strlen(as), "$<", 2));
}

void paint_init(struct painter *painter)
{
	*painter = (struct painter){ .stale = true };
	canvas_init(&painter->shown, 1, 1);
	add_plain(painter->plain);
	terminfo_add(painter->clear, "clear", 0, 0);
	terminfo_add(painter->erase, "el", 0, 0);
	painter->ansi = is_said("cup", CUP);
	painter->columns = painter->ansi && is_said("hpa", HPA);
	painter->wipes = is_said("ech", ECH);
	painter->feeds = is_said("cr", "\r") && (is_said("cud1", "\n") || is_said("ind", "\n"));
	painter->keeps_look = terminfo_flag("msgr");
	painter->corner = !terminfo_flag("am") || terminfo_flag("xenl");
}

void paint_release(struct painter *painter)
{
	canvas_release(&painter->shown);
}

/* Those that can be ended again. */
static int colours(void)
{
	bool has = terminfo_text("setaf") && terminfo_text("setab") && (terminfo_text("op") || terminfo_text("sgr0"));

	return has && terminfo_number("colors") > 0 ? terminfo_number("colors") : 0;
}

/* Without those that the terminal cannot show in colour. */
static void add_attributes(char word[TERMINFO_WORD], unsigned attributes, bool coloured)
{
	static const struct {
		unsigned attribute;
		int uncoloured; /* its bit of "ncv" */
		const char *name;
	} rows[] = { { LOOK_BOLD, 32, "bold" }, { LOOK_DIM, 16, "dim" }, { LOOK_UNDERLINE, 2, "smul" }, { LOOK_REVERSE, 0, "rev" },
		{ LOOK_ITALIC, 1 << 15, "sitm" }, { LOOK_STRIKE, 0, "smxx" } };
	int never = coloured && terminfo_number("ncv") > 0 ? terminfo_number("ncv") : 0;

	for (size_t i = 0; terminfo_text("sgr0") && i < sizeof(rows) / sizeof(*rows); i++)
		if (attributes & rows[i].attribute && !(never & rows[i].uncoloured))
			terminfo_add(word, rows[i].name, 0, 0);
}

static void get_look(char word[TERMINFO_WORD], const struct look *look)
{
	unsigned attributes = look->attributes;
	bool coloured = colours() && (look->fg != COLOUR_DEFAULT || look->bg != COLOUR_DEFAULT);
	int fg = coloured ? palette_number(look->fg, colours(), &attributes) : COLOUR_DEFAULT;
	int bg = coloured ? palette_number(look->bg, colours(), &(unsigned){ 0 }) : COLOUR_DEFAULT;

	*word = '\0';
	if (terminfo_number("xmc") >= 0 || terminfo_flag("xhp"))
		return; /* a look takes a cell there, or stays where it was begun */
	add_attributes(word, attributes, coloured);
	if (fg != COLOUR_DEFAULT)
		terminfo_add(word, "setaf", fg, 0);
	if (bg != COLOUR_DEFAULT)
		terminfo_add(word, "setab", bg, 0);
}

void paint_theme(struct painter *painter, const struct theme *theme)
{
	const struct look *looks = colours() >= COLOURS_MANY ? theme->look : theme->few;

	for (size_t i = 0; i < ROLE_COUNT; i++) {
		size_t k = 0;

		get_look(painter->look[i], &looks[i]);
		while (strcmp(painter->look[k], painter->look[i]) != 0)
			k++;
		painter->as[i] = *painter->look[i] ? (unsigned char)k : PLAIN;
	}
	painter->ground = painter->as[ROLE_TEXT];
	if (painter->ground != PLAIN &&
		(!terminfo_flag("bce") || looks[ROLE_TEXT].attributes & (LOOK_UNDERLINE | LOOK_REVERSE | LOOK_STRIKE)))
		painter->ground = NONE;
	painter->stale = true;
}

/* ---- a frame ---- */

struct row {
	struct painter *painter;
	struct str *out;
	const struct cell *cell;
	struct cell *shown;
	int width, height, y;
};

static void set_look(struct painter *painter, unsigned char as, struct str *out)
{
	if (painter->now == as)
		return;
	if (painter->now != PLAIN)
		str_add(out, painter->plain);
	if (as != PLAIN)
		str_add(out, painter->look[as]);
	painter->now = as;
}

static void add_number(struct str *out, int n)
{
	if (n >= 10)
		add_number(out, n / 10);
	str_add_char(out, (char)('0' + n % 10));
}

static void add_place(const struct painter *painter, int x, int y, struct str *out)
{
	char word[TERMINFO_WORD] = "";

	if (!painter->ansi) {
		terminfo_add(word, "cup", y, x);
		str_add(out, word);
		return;
	}
	str_add(out, "\033[");
	if (!painter->columns || y != painter->y) {
		add_number(out, y + 1);
		str_add_char(out, ';');
	}
	add_number(out, x + 1);
	str_add_char(out, painter->columns && y == painter->y ? 'G' : 'H');
}

static void move_to(struct painter *painter, int x, int y, struct str *out)
{
	if (x == painter->x && y == painter->y)
		return;
	if (!painter->keeps_look)
		set_look(painter, PLAIN, out);
	if (painter->feeds && x == 0 && painter->y >= 0 && y == painter->y + 1)
		str_add(out, "\r\n");
	else
		add_place(painter, x, y, out);
	painter->x = x;
	painter->y = y;
}

/* The bytes behind a cell's text may differ too: then it is painted for nothing. */
static bool is_new(const struct row *row, int x)
{
	return row->painter->stale || memcmp(&row->cell[x], &row->shown[x], sizeof(*row->cell)) != 0;
}

/* From where a cell is written: a few cells before it are nearer to write again than to move over. */
static int start(const struct row *row, int x)
{
	const struct painter *painter = row->painter;
	int from = painter->x;

	if (painter->y != row->y || from < 0 || from >= x || x - from > GAP)
		return x;
	for (int i = from; i < x; i++)
		if (painter->as[row->cell[i].role] != painter->now || !row->cell[i].s[0] || row->cell[i].s[1])
			return x;
	return from;
}

/* How many cells it takes there. Terminals differ in marks, and in emoji and signs that were one wide in older tables. */
static bool is_width_sure(const char *s, int width)
{
	unsigned char lead = (unsigned char)*s;

	return lead < 0x80 ? !s[1] : lead < 0xe0 ? !s[2] : lead < 0xf0 && !s[3] && (width == 1 || lead != 0xe2);
}

/* A cell, and what it takes of the one behind it; returns the next one. */
static int put_cell(const struct row *row, int x)
{
	struct painter *painter = row->painter;
	int next = x + 1;
	bool sure;

	while (next < row->width && !row->cell[next].s[0])
		next++;
	if (next == row->width && row->y == row->height - 1 && !painter->corner)
		return next;
	sure = is_width_sure(row->cell[x].s, next - x);
	x = start(row, x);
	move_to(painter, x, row->y, row->out);
	for (; x < next; x++) {
		set_look(painter, painter->as[row->cell[x].role], row->out);
		str_add_bytes(row->out, row->cell[x].s, row->cell[x].s[0] && !row->cell[x].s[1] ? 1 : strlen(row->cell[x].s));
	}
	painter->x = next;
	if (next == row->width || !sure) /* whether it is in the next row already, terminals differ */
		painter->x = painter->y = -1;
	return next;
}

static bool is_blank(const struct row *row, int x)
{
	return row->cell[x].s[0] == ' ' && !row->cell[x].s[1] && row->painter->as[row->cell[x].role] == row->painter->ground;
}

static int blanks(const struct row *row, int x)
{
	int n = 0;

	while (x + n < row->width && is_blank(row, x + n))
		n++;
	return n;
}

/* A cell, or the blank ones from here on in one; returns the next one. */
static int paint_cells(const struct row *row, int x)
{
	struct painter *painter = row->painter;
	int n = blanks(row, x);
	bool rest = x + n == row->width && *painter->erase;

	if (!rest && (n < MANY || !painter->wipes))
		return put_cell(row, x);
	move_to(painter, x, row->y, row->out);
	set_look(painter, painter->ground, row->out);
	if (rest) {
		str_add(row->out, painter->erase);
	} else {
		str_add(row->out, "\033[");
		add_number(row->out, n);
		str_add_char(row->out, 'X');
	}
	return x + n;
}

static void paint_row(const struct row *row)
{
	size_t size = (size_t)row->width * sizeof(*row->cell);

	if (!row->painter->stale && !memcmp(row->cell, row->shown, size))
		return;
	for (int x = 0; x < row->width;)
		x = row->cell[x].s[0] && is_new(row, x) ? paint_cells(row, x) : x + 1;
	memcpy(row->shown, row->cell, size);
}

/* What is there is cleared away. Where cleared cells look as those of a cleared canvas, none of these is painted. */
static void start_anew(struct painter *painter, const struct canvas *canvas, struct str *out)
{
	char sgr0[TERMINFO_WORD] = "";

	terminfo_add(sgr0, "sgr0", 0, 0); /* also what another program left of characters */
	str_add(out, sgr0);
	str_add(out, painter->plain);
	painter->now = PLAIN;
	if (painter->ground != NONE)
		set_look(painter, painter->ground, out);
	str_add(out, painter->clear);
	painter->x = painter->y = -1;
	canvas_resize(&painter->shown, canvas->width, canvas->height);
	painter->stale = !*painter->clear || painter->ground == NONE;
}

void paint_canvas(struct painter *painter, const struct canvas *canvas, struct str *out)
{
	struct canvas *shown = &painter->shown;

	if (painter->stale || canvas->width != shown->width || canvas->height != shown->height)
		start_anew(painter, canvas, out);
	for (int y = 0; y < canvas->height; y++) {
		size_t at = (size_t)y * (size_t)canvas->width;

		paint_row(&(struct row){ painter, out, &canvas->cell[at], &shown->cell[at], canvas->width, canvas->height, y });
	}
	set_look(painter, PLAIN, out);
	if (canvas->cursor_x >= 0)
		move_to(painter, canvas->cursor_x, canvas->cursor_y, out);
	painter->stale = false;
}
