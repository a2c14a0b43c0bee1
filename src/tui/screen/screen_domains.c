/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many domains at a glance, each with its worst. Enter opens one; what is selected is acted on together. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/ladder.h"
#include "show/findings.h"
#include "show/translate.h"
#include "tui/fuzzy.h"
#include "tui/screen/domains.h"
#include "tui/screen/frame.h"
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

/* ---- cells ---- */

static void add_ladder(const struct roster_row *row, struct str *out)
{
	struct ladder ladder = { 0 };

	if (row->null_mx) {
		str_add(out, _("null MX"));
		return;
	}
	ladder_build(&ladder, &row->set);
	for (size_t i = 0; i < ladder.n && i < RUNGS; i++) {
		str_addf(out, "%s%u", i ? " " : "", (unsigned)ladder.rung[i].preference);
		for (size_t k = 0; k < ladder.rung[i].n && k < STROKES; k++)
			str_add(out, "─");
		if (ladder.rung[i].n > STROKES)
			str_addf(out, "%zu", ladder.rung[i].n);
	}
	if (ladder.n > RUNGS)
		str_add(out, " …");
	ladder_release(&ladder);
}

static void add_mail_at(const struct roster_row *row, struct str *out)
{
	char host[DNAME_TEXT_MAX];

	if (row->hoster && !row->null_mx)
		str_add(out, row->hoster);
	else if (row->own)
		str_add(out, _("own servers"));
	else if (row->set.n && !row->null_mx)
		text_escape(out, host, strlen(mx_host_show(&row->set.mx[0], host)));
}

static void add_account(const struct roster_row *row, struct str *out)
{
	text_escape(out, row->account, strlen(row->account));
}

static void add_ttl(const struct roster_row *row, struct str *out)
{
	if (row->set.n)
		translate_ttl(out, row->set.ttl_s);
}

static void add_served(const struct roster_row *row, struct str *out)
{
	if (row->truth.answered)
		str_addf(out, "%zu/%zu", row->truth.agree, row->truth.servers);
}

static void add_late(double late_s, struct str *out)
{
	struct str text;

	str_init(&text, 0);
	text_duration_about(&text, late_s);
	str_addf(out, _("late %s"), text.s);
	str_release(&text);
}

static void add_failure(const struct roster_row *row, struct str *out)
{
	if (row->null_mx)
		return;
	if (!row->failure_known)
		str_add(out, _("unknown"));
	else if (row->lost > 0.995)
		str_add(out, _("all lost"));
	else if (row->lost > 0)
		str_addf(out, _("%d %% lost"), (int)(row->lost * 100) ? (int)(row->lost * 100) : 1);
	else if (row->late_s > 0)
		add_late(row->late_s, out);
	else
		str_add(out, _("no loss"));
}

static void add_draft(const struct roster_row *row, struct str *out)
{
	if (row->drafted)
		str_addf(out, ngettext("%zu change", "%zu changes", row->changes), row->changes);
}

static void add_push(const struct roster_row *row, struct str *out)
{
	if (row->push_is)
		str_add(out, _(row->push_is));
}

void domains_state(const struct roster_row *row, struct str *out)
{
	if (row->state == ROSTER_UNASKED)
		str_add(out, _("not asked"));
	else if (row->state == ROSTER_ASKED)
		str_add(out, _("asking"));
	else if (row->worst)
		str_addf(out, *row->about ? "%s %s" : "%s", row->worst->id, row->about);
	else if (row->mx == ANSWER_NXDOMAIN)
		str_add(out, _("no such domain"));
	else if (!truth_tells(row->mx))
		str_add(out, _("no answer"));
	else
		str_add(out, _("nothing found"));
}

/* A column that no row has anything for is not shown. */
static bool has_account(const struct roster_row *row)
{
	return *row->account != '\0';
}

static bool has_servers(const struct roster_row *row)
{
	return row->state == ROSTER_TOLD && row->truth.answered;
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
	const char *title; /* N_() */
	int width, rank;
	bool told; /* only of a row that was told */
	void (*add)(const struct roster_row *row, struct str *out);
	bool (*has)(const struct roster_row *row); /* NULL: always shown */
} columns[] = {
	{ N_("ladder"), 12, 3, true, add_ladder, NULL },
	{ N_("mail at"), 17, 7, true, add_mail_at, NULL },
	{ N_("account"), 10, 8, false, add_account, has_account },
	{ N_("TTL"), 7, 6, true, add_ttl, NULL },
	{ N_("served"), 6, 4, true, add_served, has_servers },
	{ N_("worst finding"), 20, 1, false, domains_state, NULL },
	{ N_("if one fails"), 14, 2, true, add_failure, NULL },
	{ N_("draft"), 10, 5, false, add_draft, has_draft },
	{ N_("last push"), 11, 9, false, add_push, has_push },
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

/* As wide as it is meant to be, or as its longest words are in this language; "%zu" has a cell more than two digits. */
static int width_of(const struct column *column)
{
	int width = wider(column->width, _(column->title));

	if (column->add == add_push)
		return wider(wider(wider(width, _("published")), _("undone")), _("interrupted"));
	return column->add == add_draft ? wider(width + 1, ngettext("%zu change", "%zu changes", 99)) - 1 : width;
}

static void lay_out(struct layout *layout, const struct roster *roster, int width)
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
			int wide = width_of(&columns[i]);
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

static const char *row_symbol(const struct roster_row *row, enum role *role)
{
	*role = row->state == ROSTER_TOLD ? ROLE_WARNING : ROLE_PENDING;
	if (row->state == ROSTER_UNASKED)
		return " ";
	if (row->state == ROSTER_ASKED)
		return "…";
	if (row->worst) {
		*role = level_sign(row->level).role;
		return level_sign(row->level).symbol;
	}
	*role = truth_tells(row->mx) ? ROLE_OK : ROLE_WARNING;
	return truth_tells(row->mx) ? "✔" : "?";
}

static void draw_cells(struct canvas *canvas, const struct layout *layout, const struct roster_row *row, int y)
{
	int x = 4 + layout->name;
	enum role role;
	struct str text;

	row_symbol(row, &role);
	for (size_t i = 0; i < COLUMNS; i++) {
		struct pen pen = pen_until(canvas, x, y, x + layout->width[i]);

		if (layout->width[i] <= 0)
			continue;
		str_init(&text, 0);
		if (!columns[i].told || row->state == ROSTER_TOLD)
			columns[i].add(row, &text);
		pen_put(&pen, columns[i].add == domains_state ? role : columns[i].add == add_draft ? ROLE_DRAFT : ROLE_TEXT, text.s);
		str_release(&text);
		x += layout->width[i] + 1;
	}
}

static void draw_row(struct canvas *canvas, const struct layout *layout, const struct roster_row *row, int y, bool focus)
{
	struct pen pen = pen_at(canvas, 0, y), name = pen_until(canvas, 4, y, 3 + layout->name);
	enum role role;
	const char *symbol = row_symbol(row, &role);
	struct str text;

	str_init(&text, 0);
	translate_name(&text, &row->name, canvas->ascii);
	pen_put(&pen, ROLE_KEY, focus ? "▸" : " ");
	pen_put(&pen, ROLE_KEY, row->selected ? "*" : " ");
	pen_put(&pen, role, symbol);
	pen_put(&name, focus ? ROLE_SELECTED : ROLE_HOST, text.s);
	str_release(&text);
	draw_cells(canvas, layout, row, y);
}

static void draw_titles(struct canvas *canvas, const struct layout *layout, int y)
{
	struct pen pen = pen_until(canvas, 4, y, 3 + layout->name);
	int x = 4 + layout->name;

	pen_put(&pen, ROLE_DIM, _("domain"));
	for (size_t i = 0; i < COLUMNS; i++) {
		pen = pen_until(canvas, x, y, x + layout->width[i]);
		if (layout->width[i] <= 0)
			continue;
		pen_put(&pen, ROLE_DIM, _(columns[i].title));
		x += layout->width[i] + 1;
	}
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
	struct layout layout;
	int at = 0, last = screen->list.top + screen->list.page;

	lay_out(&layout, roster, canvas->width);
	draw_titles(canvas, &layout, area.top - 1);
	for (size_t i = 0; i < roster->n && at < last; i++) {
		int y = area.top + at - screen->list.top;

		if (!domains_shows(screen, roster->row[i]) || at++ < screen->list.top)
			continue;
		draw_row(canvas, &layout, roster->row[i], y, at - 1 == screen->list.selected);
		if (at - 1 == screen->list.selected)
			canvas_cursor(canvas, 4, y, false);
		canvas_hit(canvas, &(struct hit){ 0, y, canvas->width, ACTION_NONE, at - 1 });
	}
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	const struct roster *roster = scene->roster;
	struct area area;
	struct str title;
	int n = find_focus(screen, roster);

	str_init(&title, 0);
	add_title(roster, &title);
	area = frame_draw(canvas, scene, screen->class, title.s);
	str_release(&title);
	area.top++;
	list_fit(&screen->list, n, area.bottom - area.top);
	if (n) {
		screen->focus.host = row_at(screen, roster, screen->list.selected)->name;
		draw_rows(screen, roster, canvas, area);
	} else if (roster->n) {
		struct pen pen = pen_at(canvas, 1, area.top - 1);

		pen_put(&pen, ROLE_TEXT, _("No domain holds that word."));
	} else {
		domains_welcome(scene, canvas, (struct area){ area.top - 1, area.bottom });
	}
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

const struct screen_class screen_domains = { "domains", IN_DOMAINS, draw, act, answer, NULL };
