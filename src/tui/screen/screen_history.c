/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Past pushes, newest first; the selected one's changes below. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/change.h"
#include "tui/fuzzy.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "show/translate.h"
#include "base/banned.h"

static const char *state_word(const char *state)
{
	static const struct {
		const char *state, *word;
	} table[] = {
		{ "published", N_("✔ published") },
		{ "unchanged", N_("✔ unchanged") },
		{ "unknown", N_("✖ unknown") },
		{ "abandoned", N_("✖ given up") },
		{ "partial", N_("✖ partial") },
		{ "failed", N_("✖ failed") },
		{ "conflict", N_("✖ conflict") },
		{ "interrupted", N_("✖ interrupted") },
	};

	for (size_t i = 0; state && i < sizeof(table) / sizeof(*table); i++)
		if (!strcmp(table[i].state, state))
			return _(table[i].word);
	return "";
}

/* The plan's note, and what was noted with each approval. */
static void add_notes(struct str *out, const struct past_push *push)
{
	const char *between = "  ";

	if (push->note && push->note[0]) {
		str_add(out, between);
		text_escape(out, push->note, strlen(push->note));
		between = "; ";
	}
	for (size_t i = 0; i < push->plan.n_approval; i++) {
		const char *note = push->plan.approval[i].note;

		if (!note || !note[0])
			continue;
		str_add(out, between);
		text_escape(out, note, strlen(note));
		between = "; ";
	}
}

static bool is_running(const struct scene *scene, const struct past_push *push)
{
	const struct push *running = session_current_push(scene->session);

	return running && !running->done && push->id && !strcmp(running->id, push->id);
}

static void row_text(struct str *text, const struct past_push *push)
{
	str_add(text, "  ");
	if (push->by)
		text_escape(text, push->by, strlen(push->by));
	if (push->ticket && push->ticket[0]) {
		str_add(text, "  ");
		text_escape(text, push->ticket, strlen(push->ticket));
	}
	add_notes(text, push);
	if (push->revert_of)
		str_addf(text, "  %s", _("(a revert)"));
}

/* What is searched: the time, the state, who and what for. */
static bool shown(const struct screen *screen, const struct past_push *push)
{
	struct str text;
	bool yes;

	if (!screen->filter[0])
		return true;
	str_init(&text, 0);
	text_time(&text, push->at);
	str_addf(&text, " %s", state_word(push->state));
	row_text(&text, push);
	yes = fuzzy_holds(text.s, screen->filter);
	str_release(&text);
	return yes;
}

/* Of the pushes shown, newest first; *count (or NULL): how many there are. */
static const struct past_push *push_at(const struct screen *screen, const struct scene *scene, int row, int *count)
{
	const struct past_push *found = NULL;
	int n = 0;

	for (size_t i = scene->history ? scene->history->n : 0; i-- > 0;)
		if (shown(screen, &scene->history->push[i]) && n++ == row)
			found = &scene->history->push[i];
	if (count)
		*count = n;
	return found;
}

static void draw_row(struct canvas *canvas, const struct scene *scene, const struct past_push *push, int y, bool selected)
{
	bool good = push->state && !strcmp(push->state, "published"), running = is_running(scene, push);
	struct pen pen = pen_at(canvas, 1, y);
	struct str text;

	str_init(&text, 0);
	text_time(&text, push->at);
	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸ " : "  ");
	pen_put(&pen, selected ? ROLE_SELECTED : ROLE_TEXT, text.s);
	pen_put(&pen, ROLE_TEXT, "  ");
	pen_put(&pen, running ? ROLE_PENDING : good ? ROLE_OK : ROLE_ERROR, running ? _("… running") : state_word(push->state));
	str_clear(&text);
	row_text(&text, push);
	pen_put(&pen, ROLE_TEXT, text.s);
	str_release(&text);
}

static void add_approval(struct lines *lines, const struct approval *approval)
{
	struct msg msg;

	if (*approval->note)
		msg_set(&msg, N_("approved by %s at %s: %s"), approval->by, approval->at, approval->note);
	else
		msg_set(&msg, N_("approved by %s at %s"), approval->by, approval->at);
	lines_msg(lines, ROLE_DIM, 2, &msg);
}

static void draw_detail(struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area)
{
	const struct past_push *push = push_at(screen, scene, screen->list.selected, NULL);
	struct lines lines = { .width = canvas->width - 2 };
	struct changes changes = { 0 };
	int scroll = 0;

	if (!push)
		return;
	changes_between(&changes, &push->plan.base, &push->plan.want);
	lines_addf(&lines, ROLE_HEADING, 0, "%s", push->id ? push->id : "");
	for (size_t i = 0; i < changes.n; i++) {
		struct msg msg;

		change_msg(&changes.change[i], &msg);
		lines_msg(&lines, ROLE_TEXT, 2, &msg);
	}
	for (size_t i = 0; i < push->plan.n_approval; i++)
		add_approval(&lines, &push->plan.approval[i]);
	lines_draw(&lines, canvas, area.top, area.bottom, &scroll);
	lines_release(&lines);
	changes_release(&changes);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("HISTORY"));
	int n, rows = (area.bottom - area.top) / 2;

	push_at(screen, scene, 0, &n);
	if (!n) {
		struct pen pen = pen_at(canvas, 1, area.top);
		pen_put(&pen, ROLE_TEXT, screen->filter[0] ? _("No push holds that word.") : _("Nothing was pushed from here yet."));
		return;
	}
	rows = n < rows ? n : rows;
	list_fit(&screen->list, n, rows);
	for (int i = 0; i < rows; i++) {
		int row = screen->list.top + i;

		draw_row(canvas, scene, push_at(screen, scene, row, NULL), area.top + i, row == screen->list.selected);
		if (row == screen->list.selected)
			canvas_cursor(canvas, 1, area.top + i, false);
		canvas_hit(canvas, &(struct hit){ 0, area.top + i, canvas->width, ACTION_NONE, row });
	}
	area.top += rows;
	if (!frame_is_small(canvas))
		frame_rule(canvas, area.top++);
	draw_detail(screen, scene, canvas, area);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct past_push *push = push_at(screen, scene, screen->list.selected, NULL);

	if (list_move(&screen->list, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_REVERT) {
		reaction->kind = push ? REACT_ROLLBACK : REACT_DONE;
		reaction->name = push ? push->id : NULL;
	}
}

const struct screen_class screen_history = { "history", IN_HISTORY, draw, act, screen_filter_answer };
