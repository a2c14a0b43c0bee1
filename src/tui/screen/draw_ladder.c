/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/draw_ladder.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "show/host.h"
#include "show/outcome.h"
#include "show/translate.h"
#include "tui/screen/addresses.h"
#include "base/banned.h"

struct columns {
	int digits, name, name_width, share, bar, bar_width, address, state, down, right;
	bool brief; /* names below the domain by their first label */
};                  /* bar_width 0, share < 0, address < 0, down < 0: left out; right: the first column that is not the state's */

struct drawing {
	const struct scene *scene;
	const struct ladder_view *view;
	struct columns columns;
};

int ladder_height(const struct ladder_rows *rows, bool gaps)
{
	int n = (int)rows->n;

	for (size_t i = 1; gaps && i < rows->n; i++)
		n += rows->row[i].first;
	return n;
}

static enum role row_role(const struct ladder_row *row)
{
	static const enum role by_mark[] = { ROLE_HOST, ROLE_ADDED, ROLE_REMOVED, ROLE_CHANGED };

	return by_mark[row->mark];
}

static const char *tree_symbol(const struct ladder_row *row)
{
	if (row->first)
		return row->last ? "─" : "┬";
	return row->last ? "└" : "├";
}

/* Brief: of a name right below the domain the first label, which no whole name looks like. */
static void add_name(struct str *text, const struct scene *scene, const struct mx *mx, bool brief)
{
	struct dname parent;

	if (brief && dname_parent(&mx->host, &parent) && dname_equal(&parent, session_domain(scene->session))) {
		translate_mx(text, mx, scene->ascii);
		text->s[strcspn(text->s, ".")] = '\0';
		text->len = strlen(text->s);
		return;
	}
	translate_mx(text, mx, scene->ascii);
}

static int longest(const struct ladder_rows *rows, const struct scene *scene, bool brief)
{
	int most = 0;

	for (size_t i = 0; i < rows->n; i++) {
		struct str text;

		str_init(&text, 0);
		add_name(&text, scene, &rows->row[i].mx, brief);
		if ((int)text_width(text.s) > most)
			most = (int)text_width(text.s);
		str_release(&text);
	}
	return most;
}

static struct sign down_words(const struct scene *scene, const struct ladder_view *view, const struct mx *mx, struct str *words)
{
	struct session_down mix;

	if (view->down_words)
		str_addf(words, "%s ", _("if down"));
	if (view->down_mix)
		return outcome_down(session_down_mix(scene->session, &mx->host, &mix) ? &mix : NULL, words);
	return outcome_down(session_down(scene->session, &mx->host, session_sender(scene->session)), words);
}

#define DOWN_LEAST 9 /* cells, whatever is known yet; the head in the rule above may be longer */

/* Cells of the longest outcome, with its sign. */
static int down_width(const struct scene *scene, const struct ladder_view *view)
{
	int most = DOWN_LEAST;

	for (size_t i = 0; i < view->rows->n; i++) {
		struct str words;

		str_init(&words, 0);
		down_words(scene, view, &view->rows->row[i].mx, &words);
		if ((int)text_width(words.s) + 2 > most)
			most = (int)text_width(words.s) + 2;
		str_release(&words);
	}
	return most;
}

#define SHARE 6 /* cells of a share, with the blank behind it */

static void draw_share(struct pen *pen, const struct columns *c, double share)
{
	struct str text;
	int halves = (int)(share * c->bar_width * 2 + 0.5);

	str_init(&text, 0);
	outcome_part(&text, share);
	pen_to(pen, c->share + SHARE - 1 - (int)text.len);
	pen_put(pen, ROLE_TEXT, text.s);
	str_release(&text);
	if (!c->bar_width)
		return;
	pen_to(pen, c->bar);
	if (!halves)
		pen_put(pen, ROLE_DIM, "·");
	pen_fill(pen, ROLE_BAR, "█", halves / 2);
	pen_fill(pen, ROLE_BAR, "▌", halves % 2);
}

enum role ladder_host_state(const struct host_facts *host, struct str *text)
{
	struct str word;
	struct sign sign;

	str_init(&word, 0);
	sign = host_state(host, &word);
	str_addf(text, "%s %s", sign.symbol, word.s);
	str_release(&word);
	return sign.role;
}

/* What other marks make of a host: its lookup, or a connection to its addresses; *part: of some of them only. */
static enum sim_state from_elsewhere(const struct ladder_view *view, const struct mx *mx, bool *part)
{
	const struct host_facts *host = facts_host(view->facts, &mx->host);
	struct marks full = { 0 };
	const struct marks *marks = marks_servers(view->marks, view->facts, &full) ? &full : view->marks;
	enum sim_state found = marks_name(marks, &mx->host);
	size_t n = 0;

	for (size_t i = 0; found == SIM_UP && host && i < host->n_addr; i++)
		n += marks_address(marks, &mx->host, &host->addr[i]) != SIM_UP;
	for (size_t i = 0; n > 0 && found == SIM_UP; i++)
		found = marks_address(marks, &mx->host, &host->addr[i]);
	*part = n > 0 && n < host->n_addr;
	marks_release(&full);
	return found;
}

/* Answered for good, and without any. */
static bool has_no_address(const struct host_facts *host)
{
	return host && answer_is_final(host->a) && answer_is_final(host->aaaa) && !answer_is_soft(host->a) && !answer_is_soft(host->aaaa) &&
	       !host->n_addr;
}

static enum role mark_state(const struct ladder_view *view, const struct mx *mx, struct str *text)
{
	const struct host_facts *host = facts_host(view->facts, &mx->host);
	enum sim_state state = view->marks ? marks_host(view->marks, &mx->host) : SIM_UP;
	bool part = false;

	if (has_no_address(host)) /* no mark makes that better or worse */
		return ladder_host_state(host, text);
	if (state == SIM_UP && view->marks && view->what_if)
		state = from_elsewhere(view, mx, &part);
	if (part && state != SIM_UP) {
		str_add(text, "▲ ");
		str_addf(text, _("partly %s"), _(sim_states[state].label));
		return ROLE_WHATIF;
	}
	if (state != SIM_UP) {
		str_addf(text, "%s %s", state == SIM_UNKNOWN ? "?" : "✖", _(sim_states[state].label));
		return ROLE_WHATIF;
	}
	if (view->what_if && host && host->n_addr) {
		str_addf(text, "✔ %s", _("up"));
		return ROLE_OK;
	}
	return ladder_host_state(host, text);
}

/* alone: there is room for the state only; the tree has a sign of what the draft does. */
static enum role row_state(const struct ladder_view *view, const struct ladder_row *row, bool alone, struct str *text)
{
	if (row->mark == ROW_REMOVED) {
		str_add(text, _("- removed"));
		return ROLE_REMOVED;
	}
	if (row->mark == ROW_CHANGED && !alone)
		str_addf(text, _("~ was %u, "), row->old_preference);
	if (row->mark == ROW_ADDED && !alone)
		str_add(text, _("+ added, "));
	return dname_is_root(&row->mx.host) || !row->mx.host.len ? ROLE_TEXT : mark_state(view, &row->mx, text);
}

#define NARROW 60
#define LEAST_NAME 8
#define BAR 24 /* cells that a bar grows to */
#define BAR_LEAST 3
#define DOWN 50  /* columns from which there is room for what becomes of the mail */
#define PLACE 14 /* cells that addresses need */

/* Cells of the longest state. */
static int state_width(const struct ladder_view *view, bool alone)
{
	int most = 0;

	for (size_t i = 0; i < view->rows->n; i++) {
		struct str text;

		str_init(&text, 0);
		row_state(view, &view->rows->row[i], alone, &text);
		most = (int)text_width(text.s) > most ? (int)text_width(text.s) : most;
		str_release(&text);
	}
	return most;
}

/* Cells of the preferences; where there is room, of the longest that there are. */
static int digits_of(const struct ladder_rows *rows, int width)
{
	unsigned most = 0;
	int digits = 2;

	for (size_t i = 0; i < rows->n; i++)
		most = rows->row[i].mx.preference > most ? rows->row[i].mx.preference : most;
	for (unsigned limit = 100; limit <= most; limit *= 10)
		digits++;
	return width < NARROW ? digits : 5;
}

/* Names stand whole, and states have their words: before one of the two is cut, names are told by their label and shares left out. */
static void fit_names(struct columns *c, const struct scene *scene, const struct ladder_view *view, int room)
{
	int state = state_width(view, true), least = c->right - c->name - state - 1;

	c->name_width = longest(view->rows, scene, false);
	c->brief = c->name_width + SHARE > least;
	if (c->brief)
		c->name_width = longest(view->rows, scene, true);
	if (c->name_width + SHARE > least)
		c->share = -1;
	else
		least -= SHARE;
	room = room < least ? room : least;
	c->name_width = c->name_width < room ? c->name_width : room > LEAST_NAME ? room : LEAST_NAME;
}

static struct columns columns_for(const struct canvas *canvas, const struct scene *scene, const struct ladder_view *view)
{
	int state = state_width(view, true) + 1;
	struct columns c = { .address = -1, .down = -1, .right = canvas->width };
	int width, room, gap = 2;

	if (view->down && canvas->width >= DOWN) {
		c.down = canvas->width - down_width(scene, view) - 1;
		c.right = c.down - 1;
	}
	width = c.right;
	c.digits = digits_of(view->rows, width);
	c.name = c.digits + (width < NARROW ? 4 : 5);
	fit_names(&c, scene, view, width - c.name - (width < NARROW ? 0 : width < 90 ? 24 : 46));
	c.bar = c.name + c.name_width + 1 + (c.share < 0 ? 0 : SHARE);
	c.share = c.share < 0 ? -1 : c.name + c.name_width + 1;
	c.bar_width = c.share < 0 ? 0 : width >= 90 ? 12 : width >= 72 ? 8 : 0;
	c.state = c.bar + (c.bar_width ? c.bar_width + 2 : 0);
	if (!view->what_if && width - c.state >= PLACE + state) {
		c.address = c.state;
		c.state += width - c.state >= 30 + state ? 30 : width - c.state - state;
	} else if (view->down) {
		room = width - c.bar - state_width(view, false) - gap;
		if (room < BAR_LEAST)
			room += --gap;
		c.bar_width = room < BAR_LEAST || c.share < 0 ? 0 : room < BAR ? room : BAR;
		c.state = c.bar + (c.bar_width ? c.bar_width + gap : 0);
	}
	return c;
}

static bool fits(const struct str *text, int room)
{
	return (int)text_width(text->s) <= room;
}

/* The longest of these that fits: the row's state with what the draft does, what the draft does, the host's state. */
static enum role fit_state(const struct ladder_view *view, const struct ladder_row *row, int room, struct str *text)
{
	enum role role = row_state(view, row, false, text);

	if (fits(text, room))
		return role;
	if (row->mark == ROW_CHANGED) {
		str_clear(text);
		str_addf(text, _("~ was %u"), row->old_preference);
		if (fits(text, room))
			return ROLE_CHANGED;
	}
	str_clear(text);
	return row_state(view, row, true, text);
}

/* What became of the row stands whole; the addresses have what is left. */
static void draw_end(struct pen *pen, const struct columns *c, const struct ladder_view *view, const struct ladder_row *row)
{
	int first = c->address < 0 ? c->state : c->address, from;
	struct str text;
	enum role role;

	str_init(&text, 0);
	role = fit_state(view, row, pen->right - first, &text);
	from = pen->right - (int)text_width(text.s);
	from = from > c->state || c->address < 0 ? c->state : from < c->address ? c->address : from;
	if (c->address >= 0 && row->mark != ROW_REMOVED) {
		struct pen addresses = pen_until(pen->canvas, c->address, pen->y, from - 1);

		addresses_draw(&addresses, facts_host(view->facts, &row->mx.host));
	}
	pen->x = from;
	pen_put(pen, role, text.s);
	str_release(&text);
}

/* What becomes of the mail when the host alone is silent. */
static void draw_down(struct pen pen, const struct scene *scene, const struct ladder_view *view, const struct ladder_row *row)
{
	struct str words;
	struct sign sign;

	str_init(&words, 0);
	sign = down_words(scene, view, &row->mx, &words);
	pen_put(&pen, sign.role, sign.symbol);
	pen_put(&pen, sign.role, " ");
	pen_put(&pen, sign.role, words.s);
	str_release(&words);
}

static void draw_row(struct canvas *canvas, const struct drawing *drawing, size_t i, int y)
{
	const struct ladder_view *view = drawing->view;
	const struct scene *scene = drawing->scene;
	const struct ladder_row *row = &view->rows->row[i];
	const struct columns c = drawing->columns;
	bool selected = view->list && view->list->selected == (int)i;
	struct pen pen = pen_until(canvas, 0, y, c.right);
	double share = view->result ? outcome_share(&view->result->first, &row->mx) : -1;
	struct str text;

	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	if (row->first)
		pen_putf(&pen, ROLE_PREFERENCE, "%*u", c.digits, row->mx.preference);
	pen_to(&pen, c.digits + 2);
	pen_put(&pen, ROLE_TREE, tree_symbol(row));
	pen_put(&pen, row_role(row), row_mark_symbol(row->mark));
	pen_to(&pen, c.name);
	str_init(&text, 0);
	add_name(&text, scene, &row->mx, c.brief);
	struct pen name = pen_until(canvas, c.name, y, c.name + c.name_width);
	pen_put(&name, selected ? ROLE_SELECTED : row_role(row), text.s);
	str_release(&text);
	if (share >= 0 && c.share >= 0 && row->mark != ROW_REMOVED && !host_pending(facts_host(view->facts, &row->mx.host)))
		draw_share(&pen, &c, share);
	draw_end(&pen, &c, view, row);
	if (c.down >= 0 && row->mark != ROW_REMOVED)
		draw_down(pen_at(canvas, c.down, y), scene, view, row);
	canvas_hit(canvas, &(struct hit){ 0, y, canvas->width, ACTION_NONE, (int)i });
	if (selected && view->focus)
		canvas_mark(canvas, y);
	if (selected)
		canvas_cursor(canvas, c.name, y, false);
}

void ladder_draw(struct canvas *canvas, struct area area, const struct scene *scene, const struct ladder_view *view)
{
	const struct drawing drawing = { scene, view, columns_for(canvas, scene, view) };
	bool gaps = ladder_height(view->rows, true) <= area.bottom - area.top;
	int y = area.top, rows = area.bottom - area.top;

	if (view->list)
		list_fit(view->list, (int)view->rows->n, gaps ? (int)view->rows->n : rows);
	for (size_t i = view->list ? (size_t)view->list->top : 0; i < view->rows->n && y < area.bottom; i++, y++) {
		if (gaps && i && view->rows->row[i].first) {
			struct pen pen = pen_at(canvas, drawing.columns.digits + 2, y++);
			pen_put(&pen, ROLE_TREE, "│");
		}
		draw_row(canvas, &drawing, i, y);
	}
}

void ladder_line(struct pen *pen, const struct ladder_row *row, bool ascii)
{
	struct str text;

	if (row->first)
		pen_putf(pen, ROLE_PREFERENCE, "%5u ", row->mx.preference);
	else
		pen_put(pen, ROLE_TEXT, "      ");
	pen_put(pen, ROLE_TREE, tree_symbol(row));
	pen_put(pen, row_role(row), row_mark_symbol(row->mark));
	pen_put(pen, ROLE_TEXT, " ");
	str_init(&text, 0);
	translate_mx(&text, &row->mx, ascii);
	pen_put(pen, row_role(row), text.s);
	str_release(&text);
}
