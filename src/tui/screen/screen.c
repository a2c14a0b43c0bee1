/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "core/edit_text.h"
#include "tui/screen/screen.h"
#include "base/banned.h"

bool scene_adds_accounts(const struct scene *scene)
{
	return !scene->app->read_only && !scene->app->demo;
}

struct edit *reaction_edit(struct reaction *reaction, enum edit_verb verb, const struct mx *mx)
{
	struct edit *edit = &reaction->edit[reaction->n_edit++];

	assert(reaction->n_edit <= REACTION_EDITS);
	reaction->kind = REACT_EDIT;
	*edit = (struct edit){ .verb = verb };
	if (mx)
		edit->mx = *mx;
	return edit;
}

void reaction_fix(struct reaction *reaction, const struct dname *domain, const char *fix)
{
	const struct edit_grammar grammar = { .domain = domain };
	struct edits edits = { 0 };
	struct err err = { 0 };

	if (edit_parse_line(&grammar, fix, &edits, &err) && edits.n <= REACTION_EDITS) {
		reaction->kind = REACT_EDIT;
		reaction->n_edit = edits.n;
		memcpy(reaction->edit, edits.edit, edits.n * sizeof(*edits.edit));
	} else {
		reaction->kind = REACT_REFUSE;
		reaction->text = err.what;
	}
	edits_release(&edits);
}

void reaction_ask(struct reaction *reaction, enum question_kind ask, const char *filled)
{
	reaction->kind = REACT_ASK;
	reaction->ask = ask;
	snprintf(reaction->filled, sizeof(reaction->filled), "%s", filled);
}

bool screen_says_yes(const char *text)
{
	return !strcmp(text, "yes") || !strcmp(text, _("yes"));
}

void screen_mark_answer(
	struct screen *screen, const struct scene *scene, enum question_kind ask, const char *text, struct reaction *reaction)
{
	struct err err = { 0 };

	screen_filter_answer(screen, scene, ask, text, reaction);
	if (ask != ASK_MARK)
		return;
	reaction->kind = REACT_MARK;
	if (mark_parse(&reaction->mark, text, session_facts(scene->session), session_set(scene->session), &err))
		return;
	reaction->kind = REACT_REFUSE;
	reaction->text = err.what;
}

void screen_filter_answer(
	struct screen *screen, const struct scene *scene, enum question_kind ask, const char *text, struct reaction *reaction)
{
	(void)scene;
	if (ask != ASK_FILTER)
		return;
	snprintf(screen->filter, sizeof(screen->filter), "%s", text);
	screen->list.selected = 0;
	reaction->kind = REACT_DONE;
}

void scene_way(const struct scene *scene, enum action action, struct str *out)
{
	if (scene->spoken || !keymap_name(scene->keymap, action, out))
		str_addf(out, "\"%s\"", actions[action].name);
}
