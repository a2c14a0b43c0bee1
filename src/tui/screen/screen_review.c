/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Review: live beside draft, the changes in words, what they bring, what the simulator says, the exact requests. */
#include <stdio.h>
#include <string.h>

#include "app/push_kind.h"
#include "base/i18n.h"
#include "base/text.h"
#include "core/change.h"
#include "tui/screen/draw_ladder.h"
#include "tui/screen/lines.h"
#include "show/findings.h"
#include "show/translate.h"
#include "base/banned.h"

#define SIDE_BY_SIDE 72

static void ttl_heading(struct pen *pen, const char *word, uint32_t ttl_s)
{
	struct str ttl;

	str_init(&ttl, 0);
	translate_ttl(&ttl, ttl_s);
	pen_put(pen, ROLE_HEADING, word);
	pen_put(pen, ROLE_DIM, "  ");
	pen_putf(pen, ROLE_DIM, _("TTL %s"), ttl.s);
	str_release(&ttl);
}

static void draw_column(struct canvas *canvas, const struct ladder_rows *rows, struct pen pen, int bottom, bool ascii)
{
	int left = pen.x;

	for (size_t i = 0; i < rows->n && pen.y < bottom; i++, pen.y++) {
		pen = pen_until(canvas, left, pen.y, pen.right);
		ladder_line(&pen, &rows->row[i], ascii);
		pen.x = left;
	}
}

/* Returns the first row below. */
static int draw_ladders(struct canvas *canvas, const struct scene *scene, struct area area)
{
	const struct draft *draft = session_draft(scene->session);
	struct ladder_rows before = { 0 }, behind = { 0 };
	int middle = canvas->width / 2, most;
	struct pen left = pen_until(canvas, 1, area.top, middle - 1), right = pen_at(canvas, middle + 1, area.top);

	ladder_rows_build(&before, NULL, &draft->base);
	ladder_rows_build(&behind, &draft->base, &draft->want);
	most = (int)(before.n > behind.n ? before.n : behind.n);
	if (most > (area.bottom - area.top) / 2)
		most = (area.bottom - area.top) / 2;
	ttl_heading(&left, _("Live"), draft->base.ttl_s);
	ttl_heading(&right, _("Draft"), draft->want.ttl_s);
	draw_column(canvas, &before, pen_until(canvas, 1, area.top + 1, middle - 1), area.top + 1 + most, scene->ascii);
	draw_column(canvas, &behind, pen_at(canvas, middle + 1, area.top + 1), area.top + 1 + most, scene->ascii);
	for (int y = area.top; y <= area.top + most; y++) {
		struct pen pen = pen_at(canvas, middle - 1, y);
		pen_put(&pen, ROLE_RULE, "│");
	}
	ladder_rows_release(&before);
	ladder_rows_release(&behind);
	return area.top + 1 + most;
}

static void add_changes(struct lines *lines, const struct draft *draft)
{
	struct changes changes = { 0 };

	changes_between(&changes, &draft->base, &draft->want);
	lines_addf(lines, ROLE_HEADING, 0, ngettext("%zu change", "%zu changes", changes.n), changes.n);
	for (size_t i = 0; i < changes.n; i++) {
		static const enum role by_kind[] = { ROLE_CHANGED, ROLE_ADDED, ROLE_CHANGED, ROLE_REMOVED };
		static const char *const symbols[] = { "~ ", "+ ", "~ ", "- " };
		struct msg msg;
		struct str text;

		change_msg(&changes.change[i], &msg);
		str_init(&text, 0);
		str_add(&text, symbols[changes.change[i].kind]);
		translate_msg(&text, &msg);
		lines_add(lines, by_kind[changes.change[i].kind], 2, text.s);
		str_release(&text);
	}
	changes_release(&changes);
}

static void add_findings(struct lines *lines, const struct findings *findings)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++)
		n += findings->finding[i].introduced;
	if (!n) {
		lines_add(lines, ROLE_OK, 0, _("✔ The draft brings no new finding."));
		return;
	}
	lines_addf(lines, ROLE_HEADING, 0, ngettext("The draft brings %zu finding", "The draft brings %zu findings", n), n);
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *finding = &findings->finding[i];
		struct str text;

		if (!finding->introduced)
			continue;
		str_init(&text, 0);
		str_addf(&text, "%s %s: ", level_sign(finding->level).symbol, level_word(finding->level));
		translate_msg(&text, &finding->text);
		lines_add(lines, level_sign(finding->level).role, 2, text.s);
		str_release(&text);
	}
}

static void add_worst(struct lines *lines, const struct scene *scene)
{
	struct msg before, behind;
	struct str text;

	session_worst(scene->session, session_sender(scene->session), true, &before);
	session_worst(scene->session, session_sender(scene->session), false, &behind);
	lines_addf(lines, ROLE_HEADING, 0, _("The worst single failure (%s)"), sender_title(session_sender(scene->session)));
	str_init(&text, 0);
	str_addf(&text, "%s ", _("before:"));
	translate_msg(&text, &before);
	lines_add(lines, ROLE_TEXT, 2, text.s);
	str_clear(&text);
	str_addf(&text, "%s ", _("after:"));
	translate_msg(&text, &behind);
	lines_add(lines, ROLE_TEXT, 2, text.s);
	str_release(&text);
}

static void add_companion(struct lines *lines, const struct companions *companions, size_t i)
{
	const struct companion *step = &companions->companion[i];
	static const char *const symbols[] = { [FACT_UNKNOWN] = "?", [FACT_NO] = "▲", [FACT_YES] = "✔" };
	static const enum role by_seen[] = { [FACT_UNKNOWN] = ROLE_WARNING, [FACT_NO] = ROLE_WARNING, [FACT_YES] = ROLE_OK };
	bool own = step->when == COMPANION_CHANGE; /* the push does it */
	struct msg date;
	struct str text;

	str_init(&text, 0);
	str_addf(&text, "%zu. %s ", i + 1, own ? "─" : symbols[step->seen]);
	translate_msg(&text, &step->what);
	lines_add(lines, own ? ROLE_TEXT : by_seen[step->seen], 2, text.s);
	str_release(&text);
	companion_date_msg(companions, i, &date);
	if (date.id)
		lines_msg(lines, ROLE_TEXT, 5, &date);
	if (step->why.id)
		lines_msg(lines, ROLE_DIM, 5, &step->why);
	if (step->missing.id)
		lines_msg(lines, ROLE_WARNING, 5, &step->missing);
	if (step->text)
		lines_add(lines, ROLE_TEXT, 7, step->text);
	if (step->wait.id)
		lines_msg(lines, ROLE_TEXT, 5, &step->wait);
}

/* What goes before the push, and what comes after it. */
static void add_companions(struct lines *lines, const struct companions *companions)
{
	if (companions->n)
		lines_add(lines, ROLE_HEADING, 0, _("What has to change together with the set, in this order"));
	for (size_t i = 0; i < companions->n; i++)
		add_companion(lines, companions, i);
}

/* Of which kind the push is. */
static void add_kind(struct lines *lines, const struct scene *scene)
{
	const struct plan *plan = session_plan(scene->session, NULL);
	struct msg msg[PUSH_KIND_MSGS];
	struct push_kind kind;
	size_t n = plan && push_kind(plan, session_preview_push(scene->session), &kind) ? push_kind_msgs(&kind, msg) : 0;

	if (n)
		lines_add(lines, ROLE_HEADING, 0, _("How it is pushed"));
	for (size_t i = 0; i < n; i++)
		lines_msg(lines, ROLE_TEXT, 2, &msg[i]);
}

static void add_requests(struct lines *lines, const struct scene *scene)
{
	const struct push *preview = session_preview_push(scene->session);
	struct str text;

	if (!preview)
		return;
	lines_add(lines, ROLE_HEADING, 0, _("The requests"));
	if (!preview->done && preview->phase < PHASE_PREVIEWED)
		lines_add(lines, ROLE_PENDING, 2, _("… reading from the provider"));
	for (size_t i = 0; i < preview->n_step; i++) {
		const char *request = preview->step[i].request;

		str_init(&text, 0);
		if (request)
			text_escape(&text, request, strlen(request));
		/* Line breaks are the request's own layout. */
		for (char *at; (at = strstr(text.s, "\\x0a"));) {
			*at = '\n';
			memmove(at + 1, at + 4, strlen(at + 4) + 1);
		}
		lines_msg(lines, ROLE_TEXT, 2, &preview->step[i].title);
		lines_add(lines, ROLE_DIM, 4, text.s);
		str_release(&text);
	}
	if (preview->err.code) {
		str_init(&text, 0);
		str_add(&text, "✖ ");
		translate_err(&text, &preview->err);
		lines_add(lines, ROLE_ERROR, 2, text.s);
		str_release(&text);
	}
}

static void add_approvals(struct lines *lines, const struct scene *scene)
{
	struct err err = { 0 };
	const struct plan *plan = session_plan(scene->session, &err);
	const struct gates *gates = session_gates(scene->session);
	struct str text;

	str_init(&text, 0);
	if (!plan) {
		translate_err(&text, &err);
		lines_add(lines, ROLE_ERROR, 0, text.s);
	} else if (session_approved(scene->session) && gates && gates_blocking(gates) > 0) {
		lines_add(lines, ROLE_WARNING, 0, _("▲ Approved, but blocked as told below: P asks for a reason."));
	} else if (session_approved(scene->session)) {
		lines_add(lines, ROLE_OK, 0, _("✔ Approved: P pushes."));
	} else {
		lines_add(lines, ROLE_WARNING, 0, _("▲ Not approved yet: A approves."));
	}
	if (plan && *plan->ticket) {
		struct msg msg;

		msg_set(&msg, N_("Ticket: %s"), plan->ticket);
		lines_msg(lines, ROLE_TEXT, 0, &msg);
	}
	for (size_t i = 0; plan && i < plan->n_approval; i++) {
		str_clear(&text);
		text_escape(&text, plan->approval[i].by, strlen(plan->approval[i].by));
		str_add(&text, *plan->approval[i].note ? ": " : "");
		text_escape(&text, plan->approval[i].note, strlen(plan->approval[i].note));
		lines_add(lines, ROLE_TEXT, 2, text.s);
	}
	str_release(&text);
}

/* What blocks the push, as far as the preview has asked. */
static void add_gates(struct lines *lines, const struct gates *gates)
{
	for (size_t i = 0; gates && i < gates->n; i++) {
		struct str reason;

		str_init(&reason, 0);
		translate_msg(&reason, &gates->gate[i].reason);
		lines_addf(lines, ROLE_ERROR, 0,
			gates->gate[i].answer == GATE_NO ? _("✖ Blocks the push: %s (%s)")
							 : _("✖ Blocks the push, as nobody can tell: %s (%s)"),
			reason.s, gates->gate[i].id);
		str_release(&reason);
	}
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("REVIEW"));
	struct lines lines = { .width = canvas->width - 2 };

	if (!session_drafting(scene->session)) {
		lines_add(&lines, ROLE_TEXT, 0, _("There is nothing to review: the draft changes nothing."));
		lines_draw(&lines, canvas, area.top, area.bottom, &screen->scroll);
		lines_release(&lines);
		return;
	}
	if (canvas->width >= SIDE_BY_SIDE && area.bottom - area.top >= 14) {
		area.top = draw_ladders(canvas, scene, area);
		frame_rule(canvas, area.top++);
	}
	add_approvals(&lines, scene);
	add_gates(&lines, session_gates(scene->session));
	add_changes(&lines, session_draft(scene->session));
	add_findings(&lines, session_findings(scene->session));
	add_worst(&lines, scene);
	add_companions(&lines, session_companions(scene->session, scene->now));
	add_kind(&lines, scene);
	add_requests(&lines, scene);
	screen->list.page = area.bottom - area.top - 1;
	lines_draw(&lines, canvas, area.top, area.bottom, &screen->scroll);
	lines_release(&lines);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	(void)scene;
	if (lines_scroll(&screen->scroll, screen->list.page, action))
		reaction->kind = REACT_DONE;
}

const struct screen_class screen_review = { "review", IN_REVIEW, draw, act, NULL };
