/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many domains at a glance, each with its worst. Enter opens one; what is selected is acted on together. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/ladder.h"
#include "show/domains.h"
#include "tui/fuzzy.h"
#include "tui/screen/domains.h"
#include "tui/screen/frame.h"
#include "tui/screen/lay.h"
#include "base/banned.h"

#define RUNGS 3 /* shown of a ladder */
#define STROKES 3
#define NAME_LEAST 20
#define NAME_MOST 44

/* ---- which rows ---- */

bool domains_shows(const struct screen *screen, const struct roster_row *row)
{
	return fuzzy_holds(row->shown, screen->filter) || fuzzy_holds(row->text, screen->filter) ||
	       (*row->account && fuzzy_holds(row->account, screen->filter)) || (row->worst && fuzzy_holds(row->worst->id, screen->filter));
}

static struct roster_row *row_at(const struct screen *screen, const struct roster *roster, int at)
{
	int n = 0;

	for (size_t i = 0; i < roster->n; i++)
		if (domains_shows(screen, roster->row[i]) && n++ == at)
			return roster->row[i];
	return NULL;
}

size_t domains_meant(const struct screen *screen, const struct roster *roster, struct roster_row **out)
{
	struct roster_row *focus = row_at(screen, roster, screen->list.selected);
	size_t n = 0;

	for (size_t i = 0; i < roster->n; i++)
		if (roster->row[i]->selected)
			out[n++] = roster->row[i];
	if (!n && focus)
		out[n++] = focus;
	return n;
}

/* ---- columns ---- */

/* A column that no row has anything for is not shown. */
static bool has_account(const struct roster_row *row)
{
	return *row->account != '\0';
}

static bool has_servers(const struct roster_row *row)
{
	return row->state == ROSTER_TOLD && row->truth.answered;
}

static bool has_fails(const struct roster_row *row)
{
	return row->state == ROSTER_TOLD && *row->fails;
}

static bool has_draft(const struct roster_row *row)
{
	return row->drafted;
}

static bool has_push(const struct roster_row *row)
{
	return row->push_is != NULL;
}

/* By rank they go where there is no room for all. */
static const struct column {
	enum domain_cell cell;
	int width, rank;
	bool (*has)(const struct roster_row *row); /* NULL: always shown */
} columns[] = {
	{ DOMAIN_LADDER, 12, 3, NULL },
	{ DOMAIN_MAIL_AT, 17, 7, NULL },
	{ DOMAIN_ACCOUNT, 10, 8, has_account },
	{ DOMAIN_TTL, 7, 6, NULL },
	{ DOMAIN_SERVED, 6, 4, has_servers },
	{ DOMAIN_STATE, 20, 1, NULL },
	{ DOMAIN_FAILURE, 14, 2, NULL },
	{ DOMAIN_FAILS, 20, 10, has_fails },
	{ DOMAIN_DRAFT, 10, 5, has_draft },
	{ DOMAIN_PUSH, 11, 9, has_push },
};

#define COLUMNS (sizeof(columns) / sizeof(*columns))

struct layout {
	int name, width[COLUMNS]; /* 0: not shown */
};

static bool any_has(const struct roster *roster, const struct column *column)
{
	for (size_t i = 0; column->has && i < roster->n; i++)
		if (column->has(roster->row[i]))
			return true;
	return !column->has;
}

static int wider(int width, const char *text)
{
	return (int)text_width(text) > width ? (int)text_width(text) : width;
}

/* A column is as wide as its row says, or as its longest words in this language. "%zu" is one cell wider than two digits. */
static int width_of(const struct document *titles, const struct column *column)
{
	int width = wider(column->width, titles->cell[column->cell].text.s);

	if (column->cell == DOMAIN_PUSH)
		return wider(wider(wider(width, _("published")), _("undone")), _("interrupted"));
	return column->cell == DOMAIN_DRAFT ? wider(width + 1, ngettext("%zu change", "%zu changes", 99)) - 1 : width;
}

static void lay_out(struct layout *layout, const struct roster *roster, const struct document *titles, int width)
{
	int room, widest = NAME_LEAST, wanted = -1;

	*layout = (struct layout){ 0 };
	for (size_t i = 0; i < roster->n; i++) {
		int len = (int)strlen(roster->row[i]->shown);

		widest = len > widest && len <= NAME_MOST ? len : widest;
	}
	layout->name = widest + 1 < width / 3 ? widest + 1 : width / 3 < NAME_LEAST ? NAME_LEAST : width / 3;
	room = width - 4 - layout->name;
	for (int rank = 1; rank <= (int)COLUMNS; rank++)
		for (size_t i = 0; i < COLUMNS; i++) {
			if (columns[i].rank != rank || !any_has(roster, &columns[i]))
				continue;
			if (rank == 1)
				wanted = (int)i;
			int wide = width_of(titles, &columns[i]);
			if (rank == 1 || room >= wide + 1) {
				layout->width[i] = wide;
				room -= wide + 1;
			} else {
				rank = (int)COLUMNS;
			}
		}
	layout->width[wanted] += room; /* what is left, or what lacks, is the finding's */
}

/* ---- rows ---- */

/* Its rungs as strokes, as the ladder has them. */
static void put_rungs(struct pen *pen, const struct mxset *set)
{
	struct ladder ladder = { 0 };
	struct str text;

	str_init(&text, 0);
	ladder_build(&ladder, set);
	for (size_t i = 0; i < ladder.n && i < RUNGS; i++) {
		str_addf(&text, "%s%u", i ? " " : "", (unsigned)ladder.rung[i].preference);
		for (size_t k = 0; k < ladder.rung[i].n && k < STROKES; k++)
			str_add(&text, "─");
		if (ladder.rung[i].n > STROKES)
			str_addf(&text, "%zu", ladder.rung[i].n);
	}
	if (ladder.n > RUNGS)
		str_add(&text, " …");
	pen_put(pen, ROLE_TEXT, text.s);
	ladder_release(&ladder);
	str_release(&text);
}

/* From column 4 on, the cells of the titles or of a row, which has rungs. */
static void draw_cells(
	struct canvas *canvas, const struct layout *layout, const struct document *document, int y, const struct mxset *rungs)
{
	int x = 4 + layout->name;
	struct pen pen = pen_until(canvas, 4, y, x - 1);

	pen_put(&pen, document->cell[DOMAIN_NAME].role, document->cell[DOMAIN_NAME].text.s);
	for (size_t i = 0; i < COLUMNS; i++) {
		const struct document_cell *cell = &document->cell[columns[i].cell];

		if (layout->width[i] <= 0)
			continue;
		pen = pen_until(canvas, x, y, x + layout->width[i]);
		if (rungs && columns[i].cell == DOMAIN_LADDER)
			put_rungs(&pen, rungs);
		else
			pen_put(&pen, cell->role, cell->text.s);
		x += layout->width[i] + 1;
	}
}

static void draw_row(struct canvas *canvas, const struct layout *layout, const struct roster_row *row, int y, bool focus)
{
	struct pen pen = pen_at(canvas, 0, y);
	struct document document;
	const struct document_cell *level;

	document_begin(&document);
	domain_row(row, canvas->ascii, &document);
	level = &document.cell[DOMAIN_LEVEL];
	pen_put(&pen, ROLE_KEY, focus ? "▸" : " ");
	pen_put(&pen, ROLE_KEY, row->selected ? "*" : " ");
	pen_put(&pen, level->role, level->symbol);
	draw_cells(canvas, layout, &document, y, row->state == ROSTER_TOLD && !row->null_mx ? &row->set : NULL);
	document_release(&document);
}

/* ---- the whole ---- */

static void add_title(const struct roster *roster, struct str *out)
{
	static const char *const orders[ROSTER_ORDERS] = {
		[ROSTER_BY_NAME] = N_("by name"),
		[ROSTER_BY_WORST] = N_("worst first"),
		[ROSTER_BY_TTL] = N_("shortest TTL first"),
		[ROSTER_BY_ACCOUNT] = N_("by account"),
	};
	size_t selected = 0, open = roster->n - roster->told;

	for (size_t i = 0; i < roster->n; i++)
		selected += roster->row[i]->selected;
	str_addf(out, _("DOMAINS %zu"), roster->n);
	str_addf(out, " ▏%s", _(orders[roster->order]));
	if (open) {
		str_add(out, " ▏");
		str_addf(out, _("%zu still asked"), open);
	}
	if (selected) {
		str_add(out, " ▏");
		str_addf(out, ngettext("%zu selected", "%zu selected", selected), selected);
	}
}

/* How many rows are shown, and where the one in focus is now: it is the domain that stays, not the place. */
static int find_focus(struct screen *screen, const struct roster *roster)
{
	int n = 0, at = -1;

	for (size_t i = 0; i < roster->n; i++) {
		if (!domains_shows(screen, roster->row[i]))
			continue;
		if (screen->focus.host.len && dname_equal(&roster->row[i]->name, &screen->focus.host))
			at = n;
		n++;
	}
	if (at >= 0)
		screen->list.selected = at;
	return n;
}

static void draw_rows(struct screen *screen, const struct roster *roster, struct canvas *canvas, struct area area)
{
	struct document titles;
	struct layout layout;
	int at = 0, last = screen->list.top + screen->list.page;

	document_begin(&titles);
	domains_titles(&titles);
	lay_out(&layout, roster, &titles, canvas->width);
	draw_cells(canvas, &layout, &titles, area.top - 1, NULL);
	document_release(&titles);
	for (size_t i = 0; i < roster->n && at < last; i++) {
		int y = area.top + at - screen->list.top;

		if (!domains_shows(screen, roster->row[i]) || at++ < screen->list.top)
			continue;
		draw_row(canvas, &layout, roster->row[i], y, at - 1 == screen->list.selected);
		if (at - 1 == screen->list.selected)
			frame_select(canvas, 4, y);
		canvas_hit(canvas, &(struct hit){ 0, y, canvas->width, ACTION_NONE, at - 1 });
	}
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct roster *roster = scene->roster;

	domains_titles(document);
	for (size_t i = 0; i < roster->n; i++)
		if (domains_shows(screen, roster->row[i])) {
			document->item++;
			domain_row(roster->row[i], scene->ascii, document);
		}
	if (document->item < 0)
		domains_none(scene, document);
	document->item = -1;
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	static const enum action of_rows[] = { ACTION_OPEN, ACTION_SELECT, ACTION_EDIT_SELECTED, ACTION_PLAN_FILE, ACTION_NONE },
				 of_list[] = { ACTION_FILTER, ACTION_NONE };
	const struct roster *roster = scene->roster;
	struct scene here = *scene;
	struct document document;
	struct area area;
	struct str title;
	int n = find_focus(screen, roster);

	here.unfit = n ? NULL : roster->n ? of_rows : of_list;
	str_init(&title, 0);
	add_title(roster, &title);
	area = frame_draw(canvas, &here, screen->class, title.s);
	str_release(&title);
	area.top++;
	list_fit(&screen->list, n, area.bottom - area.top);
	if (n) {
		screen->focus.host = row_at(screen, roster, screen->list.selected)->name;
		draw_rows(screen, roster, canvas, area);
		return;
	}
	document_begin(&document);
	domains_none(scene, &document);
	lay_page(&document, canvas, area.top - 1, area.bottom, &screen->scroll);
	document_release(&document);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct roster_row *row;

	if (list_move(&screen->list, action)) {
		row = row_at(screen, scene->roster, screen->list.selected);
		screen->focus.host = row ? row->name : (struct dname){ 0 };
		reaction->kind = REACT_DONE;
		return;
	}
	row = row_at(screen, scene->roster, screen->list.selected);
	if (action == ACTION_OPEN && row) {
		screen->focus.host = row->name;
		reaction->kind = REACT_DOMAIN;
		reaction->domain = row->name;
	} else if (action == ACTION_NEW_DOMAIN || (action == ACTION_OPEN && !scene->roster->n)) {
		reaction_ask(reaction, ASK_OPEN, "");
	} else if ((action == ACTION_EDIT_SELECTED || action == ACTION_PLAN_FILE) && !row) {
		reaction->kind = REACT_REFUSE;
		msg_set(&reaction->text, N_("There is no domain here."));
	} else if (action == ACTION_EDIT_SELECTED || action == ACTION_PLAN_FILE) {
		reaction_ask(reaction, action == ACTION_PLAN_FILE ? ASK_PLAN_FILE : ASK_EDIT_SELECTED, "");
	} else if (action == ACTION_NAMES) {
		reaction_ask(reaction, ASK_NAMES, "");
	} else if (action == ACTION_SELECT || action == ACTION_SELECT_ALL || action == ACTION_ORDER || action == ACTION_SURVEY ||
		   action == ACTION_ZONES) {
		reaction->kind = REACT_ROSTER;
		reaction->action = action;
	}
}

/* Another word: the first row that it leaves comes into focus. */
static void answer(struct screen *screen, const struct scene *scene, enum question_kind ask, const char *text, struct reaction *reaction)
{
	screen->focus.host = (struct dname){ 0 };
	screen_filter_answer(screen, scene, ask, text, reaction);
}

const struct screen_class screen_domains = { "domains", IN_DOMAINS, draw, act, answer, tell, NULL };
