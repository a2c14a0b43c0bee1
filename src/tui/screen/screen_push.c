/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A push as it runs: when old answers have drained, each name server, and its steps. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "show/translate.h"
#include "base/banned.h"

static enum role end_role(const struct push *push)
{
	return push->state == PUSH_PUBLISHED || push->state == PUSH_UNCHANGED || push->undone ? ROLE_OK : ROLE_ERROR;
}

/* What it does now, or how it ended: that in app's words. */
static void add_state(struct lines *lines, const struct push *push)
{
	static const char *const running[] = {
		[PHASE_STARTING] = N_("… Starting"),
		[PHASE_READING] = N_("… Reading what the provider has now"),
		[PHASE_PREVIEWED] = N_("… Compared with the plan"),
		[PHASE_WRITING] = N_("… Writing"),
		[PHASE_READING_BACK] = N_("… Reading back"),
		[PHASE_WATCHING] = N_("… Published; asking every name server"),
		[PHASE_ENDED] = N_("… Ending"),
	};
	struct msg msg = { 0 };
	struct str text;

	if (!push_state_msg(push, &msg)) {
		lines_add(lines, ROLE_PENDING, 0, _(running[push->phase]));
		if (push->wait.id)
			lines_msg(lines, ROLE_PENDING, 2, &push->wait);
		return;
	}
	str_init(&text, 0);
	translate_msg(&text, &msg);
	lines_headed(lines, end_role(push), 0, end_role(push) == ROLE_OK ? "✔" : "✖", text.s);
	str_clear(&text);
	if (push_written_msg(push, &msg)) {
		translate_msg(&text, &msg);
		lines_add(lines, ROLE_TEXT, 2, text.s);
	}
	if (push->state == PUSH_UNKNOWN || push->state == PUSH_PARTIAL)
		lines_add(lines, ROLE_TEXT, 2, _("U reads again what is held, and finishes the push."));
	str_release(&text);
}

static void add_step(struct lines *lines, const struct push_step *step)
{
	static const char *const symbols[] = { "·", "…", "✔", "✖", "·" };
	static const char *const words[] = { N_("waits"), N_("sent"), N_("done"), N_("failed"), N_("skipped") };
	static const enum role by_state[] = { ROLE_DIM, ROLE_PENDING, ROLE_OK, ROLE_ERROR, ROLE_DIM };
	struct str text;

	str_init(&text, 0);
	str_addf(&text, "%s %s: ", symbols[step->state], _(words[step->state]));
	translate_msg(&text, &step->title);
	if (step->http)
		str_addf(&text, "  HTTP %d", step->http);
	lines_add(lines, by_state[step->state], 2, text.s);
	str_release(&text);
}

static void add_server(struct lines *lines, const struct served_row *row, bool ascii)
{
	bool good = seen_is_enough(&row->seen), pending = row->state == SERVER_PENDING || (row->seen.matches && !good);
	char address[ADDR_TEXT_MAX];
	struct str text;

	str_init(&text, 0);
	str_addf(&text, "%s ", good ? "✔" : pending ? "…" : "▲");
	translate_name(&text, &row->name, ascii);
	if (row->at.addr.family)
		str_addf(&text, "  %s", addr_text(&row->at.addr, address));
	str_addf(&text, "  %s", _(served_row_text(row)));
	if (row->has_serial) {
		str_add(&text, "  ");
		str_addf(&text, _("serial %u"), row->serial);
	}
	lines_add(lines, good ? ROLE_OK : pending ? ROLE_PENDING : ROLE_WARNING, 2, text.s);
	str_release(&text);
}

static void add_threeway(struct lines *lines, const struct push *push)
{
	char host[DNAME_TEXT_MAX];

	lines_add(lines, ROLE_HEADING, 0, _("Who has what: in the plan's base, live now, wanted"));
	for (size_t i = 0; i < push->conflict.n; i++) {
		const struct threeway_row *row = &push->conflict.row[i];
		struct str name;

		str_init(&name, 0);
		mx_host_show(&row->mx, host);
		text_escape(&name, host, strlen(host));
		lines_addf(lines, row->in_base == row->in_live ? ROLE_TEXT : ROLE_ERROR, 2, "%5u %s: %s %s, %s %s, %s %s",
			row->mx.preference, name.s, _("base"), row->in_base ? _("yes") : _("no"), _("live"),
			row->in_live ? _("yes") : _("no"), _("wanted"), row->in_want ? _("yes") : _("no"));
		str_release(&name);
	}
}

/* When caches have lost the old answer. */
static void add_drain(struct lines *lines, const struct push *push, int64_t now)
{
	struct str text;
	struct msg msg;

	if (!push->safe_at)
		return;
	str_init(&text, 0);
	drain_msg(&push->drain, push->safe_at, &msg);
	translate_msg(&text, &msg);
	lines_add(lines, push->safe_at <= now ? ROLE_OK : ROLE_NOTICE, 0, text.s);
	str_clear(&text);
	if (push->safe_at > now) {
		text_duration(&text, (uint64_t)(push->safe_at - now + 59) / 60 * 60);
		lines_addf(lines, ROLE_NOTICE, 0, _("That is %s from now: keep old servers until then."), text.s);
		str_clear(&text);
	}
	drain_tail_msg(push->tail_at, &msg);
	translate_msg(&text, &msg);
	lines_add(lines, ROLE_DIM, 0, text.s);
	str_release(&text);
}

static void add_push(struct lines *lines, const struct push *push, const struct scene *scene)
{
	struct str text;
	struct msg unguarded;

	add_state(lines, push);
	if (push->err.code) {
		str_init(&text, 0);
		translate_err(&text, &push->err);
		lines_add(lines, ROLE_ERROR, 2, text.s);
		str_release(&text);
	}
	if (push_unguarded_msg(push, &unguarded))
		lines_msg(lines, ROLE_DIM, 0, &unguarded);
	if (push->hook == HOOK_FAILED) {
		str_init(&text, 0);
		translate_err(&text, &push->hook_err);
		lines_add(lines, ROLE_WARNING, 0, text.s);
		str_release(&text);
	}
	add_drain(lines, push, scene->now);
	if (push->served.n)
		lines_add(lines, ROLE_HEADING, 0, _("Name servers"));
	for (size_t i = 0; i < push->served.n; i++)
		add_server(lines, &push->served.row[i], scene->ascii);
	lines_gap(lines);
	for (size_t i = 0; i < push->n_step; i++)
		add_step(lines, &push->step[i]);
	if (push->provider_verified)
		lines_add(lines, ROLE_OK, 2, _("✔ done: read back, and it is what was wanted"));
	if (push->state == PUSH_CONFLICT)
		add_threeway(lines, push);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("PUSH"));
	const struct push *push = session_current_push(scene->session);
	struct lines lines = { .width = canvas->width - 2 };

	if (push)
		add_push(&lines, push, scene);
	else
		lines_add(&lines, ROLE_TEXT, 0, _("Nothing was pushed in this session."));
	screen->list.page = area.bottom - area.top - 1;
	lines_draw(&lines, canvas, area.top, area.bottom, &screen->scroll);
	lines_release(&lines);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct push *push = session_current_push(scene->session);

	if (lines_scroll(&screen->scroll, screen->list.page, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_REVERT && push && push->done) {
		reaction->kind = REACT_ROLLBACK;
		reaction->name = push->id;
	}
}

const struct screen_class screen_push = { "push", IN_PUSH, draw, act, NULL };
