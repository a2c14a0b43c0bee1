/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "tui/screen/screen.h"
#include "base/banned.h"

static void add_word(struct reaction *reaction, const char *word)
{
	if (word && reaction->n < REACTION_WORDS)
		snprintf(reaction->word[reaction->n++], sizeof(reaction->word[0]), "%s", word);
}

void reaction_edit(struct reaction *reaction, const char *verb, const char *a, const char *b)
{
	reaction->kind = REACT_EDIT;
	if (reaction->n)
		add_word(reaction, "");
	add_word(reaction, verb);
	add_word(reaction, a);
	add_word(reaction, b);
}

void reaction_ask(struct reaction *reaction, enum question_kind ask, const char *filled)
{
	reaction->kind = REACT_ASK;
	reaction->ask = ask;
	add_word(reaction, filled);
}

void screen_mark_answer(
	struct screen *screen, const struct scene *scene, enum question_kind ask, const char *text, struct reaction *reaction)
{
	struct err err = { 0 };

	(void)screen;
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
