/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Home: the ladder, live or drafted, and what is wrong with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "show/answers.h"
#include "show/findings.h"
#include "show/host.h"
#include "show/ladder.h"
#include "tui/screen/home.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

/* Why what is held is not known, and what there is where there is no set. */
static int draw_answer(struct canvas *canvas, const struct scene *scene, struct area area)
{
	struct lines lines = { .width = canvas->width - 2 };
	struct document document;
	int scroll = 0, n;

	document_begin(&document);
	ladder_answer(scene->session, &document);
	for (size_t i = 0; i < document.n_cell; i++)
		lines_add(&lines, document.cell[i].role, 0, document.cell[i].text.s);
	document_release(&document);
	n = (int)lines.n < area.bottom - area.top ? (int)lines.n : area.bottom - area.top;
	if (n)
		lines_draw(&lines, canvas, area.top, area.bottom, &scroll);
	lines_release(&lines);
	return n;
}

static void keep_focus(struct screen *screen, const struct ladder_rows *rows)
{
	size_t at = ladder_rows_find(rows, &screen->focus);

	screen->list.n = (int)rows->n;
	if ((screen->focus.host.len || screen->focus.odd[0]) && at < rows->n)
		screen->list.selected = (int)at;
	if (screen->list.selected >= (int)rows->n)
		screen->list.selected = rows->n ? (int)rows->n - 1 : 0;
	if (rows->n)
		screen->focus = rows->row[screen->list.selected].mx;
}

/* Where the cursor is in another pane than the ladder, what acts on a row is refused, and a finding or an answer is opened. */
static void find_unfit(const struct screen *screen, struct scene *scene)
{
	static const enum action of_rows[] = { ACTION_DELETE, ACTION_LOWER, ACTION_RAISE, ACTION_LEVEL, ACTION_MARK, ACTION_NONE };
	static const enum action of_panes[] = { ACTION_DELETE, ACTION_LOWER, ACTION_RAISE, ACTION_LEVEL, ACTION_MARK, ACTION_EDIT,
		ACTION_NONE };

	if (home_about(screen) == HOME_LADDER)
		return;
	scene->opens = home_opens(screen, scene);
	scene->unfit = scene->opens ? of_rows : of_panes;
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct scene here = *scene;
	struct area area;
	bool rules = !frame_is_small(canvas);
	struct ladder_rows rows;

	find_unfit(screen, &here);
	area = frame_draw(canvas, &here, screen->class, NULL);
	ladder_gather(scene->session, &rows);
	keep_focus(screen, &rows);
	home_draw(&(struct home){
		.screen = screen,
		.scene = scene,
		.canvas = canvas,
		.rows = &rows,
		.area = area,
		.top_rule = rules ? area.top - 1 : -1,
		.bottom_rule = rules ? area.bottom : -1,
		.draw_answer = draw_answer,
	});
	ladder_rows_release(&rows);
}

/* ---- actions ---- */

/* ---- what is told ---- */

/* A number that is typed is a row of the ladder. */
static void end_items(struct document *document, size_t from)
{
	for (size_t i = from; i < document->n; i++)
		document->part[i].item = -1;
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct facts *facts = session_facts(scene->session);
	struct ladder_rows rows;
	size_t first;

	(void)screen;
	ladder_answer(scene->session, document);
	ladder_gather(scene->session, &rows);
	ladder_document(scene->session, &rows, scene->ascii, document);
	ladder_rows_release(&rows);
	first = document->n;
	if (session_findings(scene->session)->n)
		str_add(document_heading(document), _("Findings"));
	if (answer_is_final(facts->mx) || session_drafting(scene->session))
		findings_document(scene->session, false, document);
	if (answers_rows(facts))
		str_add(document_heading(document), _("Who answers what"));
	answers_document(facts, scene->now, scene->ascii, document);
	end_items(document, first);
}

static void tell_selected(const struct screen *screen, const struct scene *scene, struct document *document)
{
	if (screen->list.n)
		host_document(&(struct host_view){ scene->session, &screen->focus, scene->now, scene->ascii }, document);
}

/* ---- acting ---- */

static void ask_record(const struct screen *screen, enum action action, struct reaction *reaction)
{
	char text[DNAME_TEXT_MAX], filled[DNAME_TEXT_MAX + 16];

	if (action == ACTION_ADD) {
		reaction_ask(reaction, ASK_ADD, "");
		return;
	}
	mx_host_show(&screen->focus, text);
	snprintf(filled, sizeof(filled), "%u %s", screen->focus.preference, text);
	reaction_ask(reaction, ASK_EDIT, filled);
}

static void mark_next(const struct scene *scene, const struct mx *mx, struct reaction *reaction)
{
	enum sim_state now = marks_host(session_marks(scene->session), &mx->host);

	reaction->kind = REACT_MARK;
	reaction->mark = (struct mark){ .kind = MARK_HOST, .name = mx->host, .state = mark_next_state(MARK_HOST, now) };
}

/* The record of the rung above, to be level with. */
static const struct mx *rung_above(const struct mxset *set, const struct mx *mx)
{
	for (size_t i = set->n; i-- > 0;)
		if (set->mx[i].preference < mx->preference)
			return &set->mx[i];
	return NULL;
}

static void act_on_record(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct mxset *set = session_set(scene->session);
	bool removed = !mxset_has(set, &screen->focus);
	const struct mx *above = rung_above(set, &screen->focus);

	reaction->kind = REACT_DONE;
	if (action == ACTION_DELETE)
		reaction_edit(reaction, removed ? EDIT_ADD : EDIT_REMOVE, &screen->focus);
	else if (removed)
		return;
	else if (action == ACTION_RAISE || action == ACTION_LOWER)
		reaction_edit(reaction, action == ACTION_RAISE ? EDIT_RAISE : EDIT_LOWER, &screen->focus);
	else if (action == ACTION_LEVEL && above)
		reaction_edit(reaction, EDIT_LEVEL, &screen->focus)->with = *above;
	else if (action == ACTION_MARK && screen->focus.host.len)
		mark_next(scene, &screen->focus, reaction);
	else if (action == ACTION_EDIT)
		ask_record(screen, action, reaction);
}

static void fix_one(const struct scene *scene, const struct finding *finding, struct reaction *reaction)
{
	if (*finding->fix) {
		reaction_fix(reaction, session_domain(scene->session), finding->fix);
		return;
	}
	reaction->kind = REACT_REFUSE;
	msg_set(&reaction->text, N_("this finding has no mechanical fix"));
}

static void fix_first(const struct screen *screen, const struct scene *scene, struct reaction *reaction)
{
	const struct findings *findings = session_findings(scene->session);

	for (size_t i = 0; i < findings->n; i++)
		if (*findings->finding[i].fix && mx_equal(&findings->finding[i].mx, &screen->focus)) {
			fix_one(scene, &findings->finding[i], reaction);
			return;
		}
	reaction->kind = REACT_REFUSE;
	msg_set(&reaction->text, N_("no finding about this host has a mechanical fix"));
}

/* To the next or previous record that a finding is about. */
static void go_to_finding(struct screen *screen, const struct scene *scene, int step)
{
	const struct findings *findings = session_findings(scene->session);
	struct ladder_rows rows;

	ladder_gather(scene->session, &rows);
	for (int i = screen->list.selected + step; i >= 0 && i < (int)rows.n; i += step)
		for (size_t k = 0; k < findings->n; k++)
			if (mx_equal(&findings->finding[k].mx, &rows.row[i].mx)) {
				list_select(&screen->list, i);
				screen->focus = rows.row[i].mx;
				goto out;
			}
out:
	ladder_rows_release(&rows);
}

static void act_on_set(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	struct str ttl;

	switch (action) {
	case ACTION_ADD:
		ask_record(screen, action, reaction);
		break;
	case ACTION_TTL:
		str_init(&ttl, 0);
		if (session_set(scene->session)->ttl_s != MX_TTL_UNKNOWN)
			text_duration(&ttl, session_set(scene->session)->ttl_s);
		reaction_ask(reaction, ASK_TTL, ttl.s);
		str_release(&ttl);
		break;
	case ACTION_RENUMBER:
		reaction_edit(reaction, EDIT_RENUMBER, NULL);
		break;
	case ACTION_PRESET:
		reaction_ask(reaction, ASK_PRESET, "");
		break;
	case ACTION_NULL_MX:
		reaction_ask(reaction, ASK_NULL_MX, "");
		break;
	case ACTION_FIX:
		fix_first(screen, scene, reaction);
		break;
	case ACTION_NEXT:
	case ACTION_PREVIOUS:
		go_to_finding(screen, scene, action == ACTION_NEXT ? 1 : -1);
		reaction->kind = REACT_DONE;
		break;
	default:
		break;
	}
}

/* What acts on a row of the ladder, while the cursor is in another pane. */
static void act_elsewhere(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct findings *findings = session_findings(scene->session);
	size_t at = (size_t)screen->beside[0].selected;
	bool on_finding = home_about(screen) == HOME_FINDINGS && at < findings->n;

	if (on_finding && action == ACTION_FIX) {
		fix_one(scene, &findings->finding[at], reaction);
	} else if (on_finding && action == ACTION_EDIT) {
		reaction->kind = REACT_OPEN;
		reaction->name = "findings";
	} else {
		struct str way;

		str_init(&way, 0);
		scene_way(scene, ACTION_PANE, &way);
		reaction->kind = REACT_REFUSE;
		msg_set(&reaction->text, N_("That acts on a row of the ladder: %s goes there."), way.s);
		str_release(&way);
	}
}

static bool acts_on_row(enum action action)
{
	return action == ACTION_DELETE || action == ACTION_RAISE || action == ACTION_LOWER || action == ACTION_LEVEL ||
	       action == ACTION_MARK || action == ACTION_EDIT;
}

/* Behind the last sender comes the mix of all. */
static void turn_sender(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct sender *const *list = session_senders(scene->session);
	size_t last = 0;

	while (list[last + 1])
		last++;
	if (!screen->mix && session_sender(scene->session) == list[action == ACTION_SENDER_NEXT ? last : 0]) {
		screen->mix = true;
		reaction->kind = REACT_DONE;
		return;
	}
	reaction->kind = REACT_SENDER;
	if (screen->mix)
		reaction->sender = list[action == ACTION_SENDER_NEXT ? 0 : last];
	else
		screen_simulate.act(screen, scene, action, reaction);
	screen->mix = false;
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	bool home = screen->class == &screen_ladder, moved;
	struct ladder_rows rows;

	/* Keys may come faster than frames: the rows are those of now, not those of the last frame. */
	ladder_gather(scene->session, &rows);
	keep_focus(screen, &rows);
	moved = home && home_act(screen, scene, action);
	if (!moved && !(home && screen->pane) && list_move(&screen->list, action)) {
		moved = true;
		screen->scroll = 0;
	}
	if (rows.n)
		screen->focus = rows.row[screen->list.selected].mx;
	ladder_rows_release(&rows);
	if (moved)
		reaction->kind = REACT_DONE;
	else if (home && (action == ACTION_SENDER_NEXT || action == ACTION_SENDER_PREVIOUS))
		turn_sender(screen, scene, action, reaction);
	else if (home && home_about(screen) != HOME_LADDER && (acts_on_row(action) || action == ACTION_FIX))
		act_elsewhere(screen, scene, action, reaction);
	else if (acts_on_row(action) && !screen->list.n)
		reaction->kind = REACT_DONE;
	else if (acts_on_row(action))
		act_on_record(screen, scene, action, reaction);
	else
		act_on_set(screen, scene, action, reaction);
}

const struct screen_class screen_ladder = { "ladder", IN_LADDER, draw, act, screen_mark_answer, tell, tell_selected };
