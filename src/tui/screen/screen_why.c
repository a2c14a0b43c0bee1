/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why the numbers are what they are: the way of one message with the rule of each step, then all rules of the sender, with their sources.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "sim/attempt/why.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "show/translate.h"
#include "base/banned.h"

static void add_source(struct lines *lines, const char *source, enum sender_sure sure)
{
	const char *label = _(sender_sure_label(sure));

	if (sure == SURE_ASSUMED)
		lines_addf(lines, ROLE_WARNING, 4, "? %s", label);
	else
		lines_addf(lines, ROLE_DIM, 4, "· %s (%s)", source, label);
}

/* ---- the message ---- */

static void add_step(struct lines *lines, const struct sim_step *step, bool ascii)
{
	char address[ADDR_TEXT_MAX];
	struct str text, at;

	str_init(&text, 0);
	str_init(&at, 0);
	text_duration(&at, (uint64_t)(step->at_s + 0.5));
	str_add_char(&at, ' ');
	if (step->host.len)
		translate_name(&text, &step->host, ascii);
	if (step->addr.family)
		str_addf(&text, " %s", addr_text(&step->addr, address));
	str_add(&text, step->host.len ? ": " : "");
	translate_msg(&text, &step->result);
	lines_headed(lines, ROLE_TEXT, 1, at.s, text.s);
	if (*step->rule)
		lines_add(lines, ROLE_INFO, 4, _(step->rule));
	add_source(lines, step->source, step->sure);
	str_release(&text);
	str_release(&at);
}

static void add_message(struct lines *lines, struct session *session, bool ascii)
{
	const struct sim_result *result = session_result(session, session_sender(session));

	lines_add(lines, ROLE_HEADING, 0, _("One message, step by step"));
	for (size_t i = 0; i < result->n_step; i++)
		add_step(lines, &result->step[i], ascii);
	if (result->exact)
		lines_add(lines, ROLE_DIM, 1, _("The shares are exact: every order that can be drawn was followed."));
	else
		lines_addf(lines, ROLE_DIM, 1,
			_("The shares are sampled from %lu messages; a share is off by %.1f points at most, two times in three."),
			result->samples, 100 * result->stderr_share);
	lines_gap(lines);
}

/* ---- the sender ---- */

static void add_rules(struct lines *lines, const struct sender *sender)
{
	struct why_row *row = mem_alloc(WHY_ROWS * sizeof(*row));
	size_t n = why_sender(sender, row);

	lines_addf(lines, ROLE_HEADING, 0, _("How %s works"), sender_title(sender));
	for (size_t i = 0; i < n; i++) {
		struct str text;

		if (i == 0 || row[i].group != row[i - 1].group)
			lines_add(lines, ROLE_HEADING, 1, _(why_group_title(row[i].group)));
		str_init(&text, 0);
		translate_msg(&text, &row[i].text);
		if (row[i].state)
			lines_addf(lines, ROLE_TEXT, 3, "%s: %s", _(sim_states[row[i].state].label), text.s);
		else
			lines_add(lines, ROLE_TEXT, 3, text.s);
		str_release(&text);
		if (i + 1 == n || row[i + 1].group != row[i].group)
			add_source(lines, sender->source[row[i].group].text, sender->source[row[i].group].sure);
	}
	free(row);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	const struct sender *sender = session_sender(scene->session);
	struct lines lines = { .width = canvas->width - 2 };
	struct str title;
	struct area area;

	str_init(&title, 0);
	str_addf(&title, "%s ▏%s", _("WHY"), sender_title(sender));
	area = frame_draw(canvas, scene, screen->class, title.s);
	str_release(&title);
	add_message(&lines, scene->session, scene->ascii);
	add_rules(&lines, sender);
	screen->list.page = area.bottom - area.top - 1;
	lines_draw(&lines, canvas, area.top, area.bottom, &screen->scroll);
	lines_release(&lines);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	if (lines_scroll(&screen->scroll, screen->list.page, action))
		reaction->kind = REACT_DONE;
	else if (action == ACTION_SENDER_NEXT || action == ACTION_SENDER_PREVIOUS)
		screen_simulate.act(screen, scene, action, reaction);
}

const struct screen_class screen_why = { "why", IN_WHY, draw, act, NULL, NULL };
