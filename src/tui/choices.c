/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/choices.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "core/edit_text.h"
#include "core/explain.h"
#include "base/banned.h"

#define IN_HELP_TEXT (UINT_MAX / 2) /* the words were found in what it does: behind all names */
#define WORD_LEAST 2                /* fewer letters are in every sentence */

static const struct edit_row open_row = { "open", "DOMAIN", N_("open another domain") };

/* The edit that the line begins with, if its operands follow. */
static const char *verb_of(const char *typed)
{
	size_t len = strcspn(typed, " ");

	if (!typed[len])
		return NULL;
	if (len == strlen(open_row.name) && !strncmp(typed, open_row.name, len))
		return open_row.name;
	for (size_t i = 0; edit_rows[i].name; i++)
		if (len == strlen(edit_rows[i].name) && !strncmp(typed, edit_rows[i].name, len))
			return edit_rows[i].name;
	return NULL;
}

static void add(struct choices *choices, const struct choice *choice, const char *typed)
{
	unsigned cost = fuzzy_cost(choice->name, typed, NULL);

	if (cost == FUZZY_NONE && choice->help && strlen(typed) >= WORD_LEAST && fuzzy_holds(_(choice->help), typed))
		cost = IN_HELP_TEXT;
	if (cost == FUZZY_NONE)
		return;
	choices->choice = mem_grow(choices->choice, choices->n, &choices->cap, sizeof(*choices->choice));
	choices->choice[choices->n] = *choice;
	choices->choice[choices->n].cost = *typed ? cost : 0;
	choices->choice[choices->n].order = choices->n;
	choices->n++;
}

static bool is_past(const struct choices_from *from, const char *name, bool topic)
{
	for (size_t i = 0; i < from->n_past; i++)
		if (from->past[i].topic == topic && !strcmp(from->past[i].line, name))
			return true;
	return false;
}

static void add_past(struct choices *choices, const struct choices_from *from, const char *typed)
{
	for (size_t i = 0; i < from->n_past; i++) {
		const struct past_command *past = &from->past[i];
		enum action action = past->topic ? ACTION_NONE : action_find(past->line);
		const struct topic *topic = past->topic ? topic_find(past->line) : NULL;

		add(choices,
			&(struct choice){ .name = past->line,
				.action = action,
				.topic = past->topic,
				.help = action  ? actions[action].help
					: topic ? topic->title
						: NULL },
			typed);
	}
}

/* Movements come last in the palette: their keys are quicker than their names. */
static void add_actions(struct choices *choices, const struct choices_from *from, const char *typed, bool moves)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		if (actions[i].in & from->in && i != ACTION_PALETTE && (actions[i].group == TOPIC_MOVE) == moves &&
			!is_past(from, actions[i].name, false))
			add(choices, &(struct choice){ .name = actions[i].name, .help = actions[i].help, .action = (enum action)i }, typed);
}

static void add_edit(struct choices *choices, const struct edit_row *row, const char *typed)
{
	add(choices, &(struct choice){ .name = row->name, .operands = row->operands, .help = row->help }, typed);
}

/* Adds the edits; with `verb`, that one alone. An edit without operands is an action too. */
static void add_edits(struct choices *choices, const struct choices_from *from, const char *verb, const char *typed)
{
	for (size_t i = 0; from->session && edit_rows[i].name; i++)
		if (*edit_rows[i].operands && (!verb || !strcmp(verb, edit_rows[i].name)))
			add_edit(choices, &edit_rows[i], typed);
	if (!verb || verb == open_row.name)
		add_edit(choices, &open_row, typed);
}

static int by_cost(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void choices_find(struct choices *choices, const struct choices_from *from, const char *typed)
{
	const char *verb = verb_of(typed);

	*choices = (struct choices){ 0 };
	if (verb) {
		add_edits(choices, from, verb, "");
		add_past(choices, from, typed);
		return;
	}
	add_past(choices, from, typed);
	add_actions(choices, from, typed, false);
	add_edits(choices, from, NULL, typed);
	for (size_t i = 0; topics[i].name; i++)
		if (!is_past(from, topics[i].name, true))
			add(choices, &(struct choice){ .name = topics[i].name, .help = topics[i].title, .topic = true }, typed);
	add_actions(choices, from, typed, true);
	if (choices->n)
		qsort(choices->choice, choices->n, sizeof(*choices->choice), by_cost);
}

void choices_release(struct choices *choices)
{
	free(choices->choice);
	*choices = (struct choices){ 0 };
}

const struct choice *choices_meant(const struct choices *choices, int selected, bool moved, const char *typed)
{
	if (!choices->n || (!moved && verb_of(typed)))
		return NULL;
	if (moved && (size_t)selected < choices->n)
		return &choices->choice[selected];
	/* An action of another screen may work here all the same: its whole name means it. */
	if (strcmp(choices->choice[0].name, typed) != 0 && (action_find(typed) || topic_find(typed)))
		return NULL;
	return &choices->choice[0];
}
