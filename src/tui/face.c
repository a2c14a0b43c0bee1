/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/face.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "tui/voice.h"
#include "base/banned.h"

void face_init(struct face *face, const struct face_means *means)
{
	*face = (struct face){ .means = *means };
	canvas_init(&face->canvas, 1, 1);
	face->canvas.ascii = means->ascii;
	keymap_init(&face->keymap);
	prompt_init(&face->prompt);
	str_init(&face->refusal, 0);
	str_init(&face->message, 0);
	str_init(&face->copied, 0);
}

static void forget(struct face *face)
{
	free(face->typed_domain);
	free(face->reason);
	free(face->account);
	free(face->revert_next);
	face->typed_domain = face->reason = face->account = face->revert_next = NULL;
	history_release(&face->history);
	face->history = (struct history){ 0 };
}

void face_release(struct face *face)
{
	session_close(face->session);
	forget(face);
	canvas_release(&face->canvas);
	keymap_release(&face->keymap);
	prompt_release(&face->prompt);
	str_release(&face->refusal);
	str_release(&face->message);
	str_release(&face->copied);
	free(face->domain);
}

bool face_open(struct face *face, const struct dname *domain, struct err *err)
{
	struct session *session = NULL;
	struct provider_account account;

	if (domain) {
		session = session_open(face->means.app, domain, face->means.changed, face->means.data, err);
		if (!session)
			return false;
	}
	session_close(face->session);
	forget(face);
	face->session = session;
	face->depth = 0;
	if (domain && app_account(face->means.app, domain, NULL, &account, NULL))
		face->account = mem_text(account.name);
	face_show(face, domain ? "ladder" : "domains", NULL);
	if (session && session_draft_kept(session))
		face_say(face, ROLE_DRAFT, _("A draft from an earlier run is open: u undoes its edits, X throws it away."));
	return true;
}

void face_survey(struct face *face)
{
	const char *interrupted;

	if (!face->session)
		return;
	session_survey(face->session);
	interrupted = session_interrupted(face->session);
	if (interrupted)
		face_say(face, ROLE_ERROR, _("A push was interrupted part-way: U finishes it."));
}

void face_know(struct face *face, const struct known_domain *domain)
{
	for (size_t i = 0; i < face->n_domain; i++)
		if (dname_equal(&face->domain[i].name, &domain->name)) {
			face->domain[i].configured |= domain->configured;
			face->domain[i].drafted |= domain->drafted;
			return;
		}
	face->domain = mem_grow(face->domain, face->n_domain, &face->cap_domain, sizeof(*face->domain));
	face->domain[face->n_domain++] = *domain;
}

/* ---- the stack ---- */

struct screen *face_top(struct face *face)
{
	return &face->stack[face->depth - 1];
}

struct scene face_scene(const struct face *face)
{
	return (struct scene){
		.session = face->session, .history = &face->history, .keymap = &face->keymap, .account = face->account,
		.n_domain = face->n_domain, .domain = face->domain, .now = face->now, .ascii = face->means.ascii,
	};
}

void face_read_history(struct face *face)
{
	struct err err = { 0 };

	history_release(&face->history);
	face->history = (struct history){ 0 };
	face->history_revision = session_revision(face->session);
	if (!history_read(face->means.app, session_domain(face->session), &face->history, &err))
		face_say_err(face, &err);
}

/* What a screen needs before it is drawn, and only a change of something can give. */
static void prepare(struct face *face, const char *name)
{
	struct err err = { 0 };

	if (!strcmp(name, "history")) {
		face_read_history(face);
	} else if (!strcmp(name, "review") && session_drafting(face->session)) {
		if (session_plan(face->session, &err))
			session_preview(face->session);
		else
			face_say_err(face, &err);
	}
}

/* A screen that is open already is gone back to. */
void face_show(struct face *face, const char *name, const char *topic)
{
	const struct screen_class *class = screen_find(name);
	struct mx focus = { 0 };

	if (!class || (!face->session && class->place != IN_DOMAINS && class->place != IN_HELP && class->place != IN_TEXT))
		return;
	for (int i = 0; i < face->depth; i++)
		if (face->stack[i].class == class)
			face->depth = i;
	if (face->depth == FACE_DEPTH)
		face->depth--;
	if (face->depth)
		focus = face->stack[face->depth - 1].focus;
	face->stack[face->depth++] = (struct screen){ .class = class, .topic = topic, .focus = focus };
	prepare(face, name);
}

void face_back(struct face *face)
{
	struct screen *top = face_top(face);

	if (top->filter[0]) {
		top->filter[0] = '\0';
		return;
	}
	if (face->depth > 1) {
		if (top->class->place & (IN_SIMULATE | IN_REVIEW) && top->focus.host.len)
			face->stack[face->depth - 2].focus = top->focus;
		face->depth--;
	}
}

void face_say(struct face *face, enum role role, const char *text)
{
	str_clear(&face->message);
	str_add(&face->message, text);
	face->message_role = role;
}

void face_say_err(struct face *face, const struct err *err)
{
	str_clear(&face->message);
	voice_err(&face->message, err);
	face->message_role = ROLE_ERROR;
}

/* ---- in ---- */

static enum face_wish act_on_top(struct face *face, enum action action)
{
	struct screen *top = face_top(face);
	struct scene scene = face_scene(face);
	struct reaction *reaction = mem_alloc(sizeof(*reaction));
	enum face_wish wish = FACE_DRAW;

	top->class->act(top, &scene, action, reaction);
	if (reaction->kind == REACT_PASS)
		wish = face_act(face, action);
	else if (!face_do(face, reaction, &wish))
		face_say(face, ROLE_ERROR, face->refusal.s);
	free(reaction);
	return wish;
}

enum face_wish face_key(struct face *face, uint32_t key)
{
	enum action action;

	if (face->ask)
		return face_ask_key(face, key);
	action = keymap_action(&face->keymap, key, face_top(face)->class->place);
	str_clear(&face->message);
	if (!action) {
		struct str text, name;

		str_init(&text, 0);
		str_init(&name, 0);
		key_format(&name, key);
		str_addf(&text, _("%s does nothing here; ? shows the keys."), name.s);
		face_say(face, ROLE_MESSAGE, text.s);
		str_release(&text);
		str_release(&name);
		return FACE_DRAW;
	}
	return act_on_top(face, action);
}

enum face_wish face_click(struct face *face, int x, int y)
{
	const struct hit *hit = canvas_hit_at(&face->canvas, x, y);
	struct screen *top = face_top(face);

	if (!hit || face->ask)
		return FACE_DRAW;
	str_clear(&face->message);
	if (hit->action)
		return act_on_top(face, (enum action)hit->action);
	for (int n = top->list.selected; n != hit->row && hit->row < top->list.n;) {
		act_on_top(face, n < hit->row ? ACTION_DOWN : ACTION_UP);
		if (top->list.selected == n)
			break;
		n = top->list.selected;
	}
	return FACE_DRAW;
}

enum face_wish face_wheel(struct face *face, int rows)
{
	for (int i = 0; i < (rows < 0 ? -rows : rows) && !face->ask; i++)
		act_on_top(face, rows < 0 ? ACTION_UP : ACTION_DOWN);
	return FACE_DRAW;
}

void face_paste(struct face *face, const char *text, size_t len)
{
	if (face->ask)
		prompt_paste(&face->prompt, text, len);
	else
		face_say(face, ROLE_MESSAGE, _("Pasted text is taken only where something is asked for."));
}

/* ---- out ---- */

void face_draw(struct face *face, int width, int height, int64_t now)
{
	struct scene scene;
	struct screen *top;

	face->now = now;
	face_settle(face);
	top = face_top(face);
	scene = face_scene(face);
	if (width != face->canvas.width || height != face->canvas.height)
		canvas_resize(&face->canvas, width, height);
	canvas_clear(&face->canvas);
	top->class->draw(top, &scene, &face->canvas);
	face_ask_draw(face);
}
