/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every finding, and the selected one explained. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "check/accept.h"
#include "tui/fuzzy.h"
#include "tui/screen/split.h"
#include "show/findings.h"
#include "show/translate.h"
#include "base/banned.h"

static bool shown(const struct screen *screen, const struct finding *finding)
{
	struct str text;
	bool yes;

	if (!screen->filter[0])
		return true;
	str_init(&text, 0);
	translate_msg(&text, &finding->text);
	yes = fuzzy_holds(text.s, screen->filter) || fuzzy_holds(finding->check->id, screen->filter);
	str_release(&text);
	return yes;
}

static const struct finding *finding_at(const struct screen *screen, const struct scene *scene, int row, int *count)
{
	const struct findings *findings = session_findings(scene->session);
	const struct finding *found = NULL;
	int n = 0;

	for (size_t i = 0; i < findings->n; i++)
		if (shown(screen, &findings->finding[i]) && n++ == row)
			found = &findings->finding[i];
	if (count)
		*count = n;
	return found;
}

static void draw_row(const struct screen *screen, const struct scene *scene, struct canvas *canvas, int row, int y)
{
	const struct finding *finding = finding_at(screen, scene, row, NULL);
	bool selected = row == screen->list.selected;
	struct pen pen = pen_at(canvas, 0, y);

	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	pen_put(&pen, finding_sign(finding).role, finding_sign(finding).symbol);
	pen_put(&pen, ROLE_TEXT, " ");
	pen_put(&pen, finding_sign(finding).role, level_word(finding->level));
	pen_put(&pen, ROLE_TEXT, " ");
	pen_to(&pen, 12);
	if (canvas->width >= 70) {
		pen_put(&pen, ROLE_DIM, finding->check->id);
		pen_to(&pen, 32);
	}
	if (finding->accepted)
		pen_putf(&pen, ROLE_DIM, "%s ", _("accepted:"));
	else if (finding->introduced)
		pen_putf(&pen, ROLE_CHANGED, "%s ", _("new:"));
	pen_msg(&pen, finding->accepted ? ROLE_ACCEPTED : ROLE_TEXT, &finding->text);
}

static void add_gap(struct document *document)
{
	document_sentence(document, ROLE_TEXT, "");
}

static void fill_detail(const struct scene *scene, const struct finding *finding, struct document *document)
{
	struct str fix, way;

	str_add(document_heading(document), _(finding->check->title));
	document_msg(document, ROLE_TEXT, "", &finding->text);
	add_gap(document);
	str_add(document_sentence(document, ROLE_TEXT, ""), _(finding->check->why));
	str_add(document_sentence(document, ROLE_DIM, ""), finding->check->reference);
	if (finding->introduced)
		str_add(document_sentence(document, ROLE_CHANGED, ""), _("The draft brings this finding."));
	if (finding->accepted)
		finding_accepted(finding->accepted, document_sentence(document, ROLE_DIM, ""));
	if (!finding->fix[0])
		return;
	str_init(&fix, 0);
	str_init(&way, 0);
	scene_way(scene, ACTION_FIX, &way);
	text_escape(&fix, finding->fix, strlen(finding->fix));
	add_gap(document);
	str_addf(document_sentence(document, ROLE_NOTICE, ""), _("%s mends it in the draft: %s"), way.s, fix.s);
	str_release(&fix);
	str_release(&way);
}

/* Which hints the selected one, or that there is none, takes away. */
static void find_unfit(const struct finding *selected, bool fits, enum action unfit[4])
{
	if (!selected || !selected->fix[0])
		*unfit++ = ACTION_FIX;
	if (!selected)
		*unfit++ = ACTION_ACCEPT;
	if (fits)
		*unfit++ = ACTION_PANE;
	*unfit = ACTION_NONE;
}

static void draw_header(const struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	const struct findings *findings = session_findings(scene->session);
	size_t accepted = findings->n - findings_count(findings, LEVEL_INFO, false);
	struct str title;

	str_init(&title, 0);
	str_add(&title, _("FINDINGS"));
	if (accepted) {
		str_add(&title, " ▏");
		str_addf(&title, _("%zu accepted"), accepted);
	}
	frame_draw(canvas, scene, screen->class, title.s);
	str_release(&title);
}

static void draw_none(const struct screen *screen, const struct scene *scene, struct canvas *canvas, int y)
{
	struct pen pen = pen_at(canvas, 1, y);

	if (screen->filter[0])
		pen_put(&pen, ROLE_OK, _("No finding holds that word."));
	else
		draw_no_finding(&pen, scene);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_area(canvas);
	int n, rows = (area.bottom - area.top) / 2;
	const struct finding *selected;
	struct document detail;
	struct scene here = *scene;
	enum action unfit[4];
	bool fits;

	finding_at(screen, scene, -1, &n);
	rows = n < rows ? n : rows;
	list_fit(&screen->list, n, rows);
	selected = finding_at(screen, scene, screen->list.selected, NULL);
	document_begin(&detail);
	if (selected)
		fill_detail(scene, selected, &detail);
	fits = split_fits(&detail, canvas, rows);
	screen->pane = screen->pane && !fits;
	find_unfit(selected, fits, unfit);
	here.unfit = unfit;
	draw_header(screen, &here, canvas);
	if (n)
		split_list(screen, scene, canvas, &detail, draw_row);
	else
		draw_none(screen, scene, canvas, area.top);
	document_release(&detail);
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct finding *finding;

	for (int row = 0; (finding = finding_at(screen, scene, row, NULL)); row++) {
		document->item = row;
		finding_document(finding, document);
	}
	document->item = -1;
	if (!document->n && screen->filter[0])
		str_add(document_sentence(document, ROLE_OK, ""), _("No finding holds that word."));
	else if (!document->n)
		findings_document(scene->session, true, document);
}

/* ---- accepting ---- */

#define DATE_LEN 10           /* "2027-01-31" */
#define ACCEPT_S (90 * 86400) /* what is offered: long enough to mend it, short enough to be remembered */

static void ask_accept(struct screen *screen, const struct scene *scene, const struct finding *finding, struct reaction *reaction)
{
	struct str day;

	screen->check = finding->check;
	screen->focus = finding->mx;
	if (finding->accepted) {
		reaction_ask(reaction, ASK_WITHDRAW, "");
		return;
	}
	str_init(&day, 0);
	text_time(&day, scene->now + ACCEPT_S);
	if (day.len > DATE_LEN)
		day.s[DATE_LEN] = '\0';
	reaction_ask(reaction, ASK_ACCEPT_UNTIL, day.s);
	str_release(&day);
}

/* The finding that was asked about: others may have come meanwhile, or it may be gone. */
static const struct finding *asked_about(const struct screen *screen, const struct scene *scene)
{
	const struct findings *findings = session_findings(scene->session);

	for (size_t i = 0; i < findings->n; i++)
		if (findings->finding[i].check == screen->check && mx_equal(&findings->finding[i].mx, &screen->focus))
			return &findings->finding[i];
	return NULL;
}

static void answer(struct screen *screen, const struct scene *scene, enum question_kind ask, const char *text, struct reaction *reaction)
{
	struct err err = { 0 };

	screen_filter_answer(screen, scene, ask, text, reaction);
	if (ask != ASK_ACCEPT_UNTIL && ask != ASK_ACCEPT_REASON && ask != ASK_WITHDRAW)
		return;
	reaction->finding = asked_about(screen, scene);
	reaction->until = screen->until;
	if (!reaction->finding) {
		reaction->kind = REACT_REFUSE;
		msg_set(&reaction->text, N_("this finding is not there any more"));
	} else if (ask == ASK_ACCEPT_UNTIL && !accept_parse_until(text, scene->now, &screen->until, &err)) {
		reaction->kind = REACT_REFUSE;
		reaction->text = err.what;
	} else if (ask == ASK_ACCEPT_UNTIL) {
		reaction_ask(reaction, ASK_ACCEPT_REASON, "");
	} else if (ask == ASK_ACCEPT_REASON) {
		reaction->kind = REACT_ACCEPT;
		snprintf(reaction->filled, sizeof(reaction->filled), "%s", text);
	} else {
		reaction->kind = reaction->finding->accepted && screen_says_yes(text) ? REACT_WITHDRAW : REACT_DONE;
	}
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct finding *finding = finding_at(screen, scene, screen->list.selected, NULL);

	if (split_act(screen, scene, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_FIX && finding && finding->fix[0]) {
		reaction_fix(reaction, session_domain(scene->session), finding->fix);
	} else if (action == ACTION_FIX) {
		reaction->kind = REACT_REFUSE;
		msg_set(&reaction->text, N_("this finding has no mechanical fix"));
	} else if (action == ACTION_ACCEPT && finding) {
		ask_accept(screen, scene, finding, reaction);
	} else if (action == ACTION_ACCEPT) {
		reaction->kind = REACT_REFUSE;
		msg_set(&reaction->text, N_("there is no finding to accept"));
	} else if (action == ACTION_OPEN) {
		reaction->kind = REACT_BACK;
	}
}

const struct screen_class screen_findings = { "findings", IN_FINDINGS, draw, act, answer, tell, NULL };
