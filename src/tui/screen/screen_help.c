/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every action with its keys, searchable and executable, and the short lessons. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "core/explain.h"
#include "show/help.h"
#include "show/lesson.h"
#include "tui/fuzzy.h"
#include "tui/screen/lines.h"
#include "tui/screen/split.h"
#include "base/banned.h"

struct found {
	size_t n, cap;
	struct help_line *line;
};

static bool holds(const struct screen *screen, const struct help_line *line)
{
	return fuzzy_holds(line->name, screen->filter) || fuzzy_holds(_(line->text), screen->filter) ||
	       (line->keys && !strcmp(line->keys, screen->filter));
}

/* Takes the line's keys. */
static void add(const struct screen *screen, struct found *found, const struct help_line *line)
{
	if (!holds(screen, line)) {
		free(line->keys);
		return;
	}
	found->line = mem_grow(found->line, found->n, &found->cap, sizeof(*found->line));
	found->line[found->n++] = *line;
}

/* Headings stand above all that there is, not above what a word found. */
static void add_group(const struct screen *screen, const struct scene *scene, int group, struct found *found)
{
	const char *heading = screen->filter[0] ? NULL : action_topics[group];
	struct str keys;

	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		if ((int)actions[i].group != group)
			continue;
		str_init(&keys, 0);
		keymap_names(scene->keymap, (enum action)i, &keys);
		add(screen, found, &(struct help_line){ heading, actions[i].name, actions[i].help, str_take(&keys) });
		heading = NULL;
	}
}

static void gather(const struct screen *screen, const struct scene *scene, struct found *found)
{
	const char *heading = screen->filter[0] ? NULL : N_("Short lessons");

	*found = (struct found){ 0 };
	for (const struct topic *topic = topics; topic->name; topic++) {
		add(screen, found, &(struct help_line){ heading, topic->name, topic->title, NULL });
		heading = NULL;
	}
	for (int group = 0; group < TOPIC_COUNT; group++)
		add_group(screen, scene, group, found);
}

static void release(struct found *found)
{
	for (size_t i = 0; i < found->n; i++)
		free(found->line[i].keys);
	free(found->line);
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	struct found found;

	gather(screen, scene, &found);
	help_document(found.line, found.n, document);
	release(&found);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("HELP"));
	struct document document;
	struct found found;

	gather(screen, scene, &found);
	document_begin(&document);
	help_document(found.line, found.n, &document);
	split_items(&document, (int)found.n, canvas, area, &screen->list);
	document_release(&document);
	release(&found);
}

static void open_line(const struct help_line *line, struct reaction *reaction)
{
	if (line->keys) {
		reaction->kind = REACT_ACT;
		reaction->action = action_find(line->name);
		return;
	}
	reaction->kind = REACT_OPEN;
	reaction->name = "text";
	reaction->topic = line->name;
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	size_t row = (size_t)screen->list.selected;
	struct found found;

	if (list_move(&screen->list, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_OPEN) {
		gather(screen, scene, &found);
		reaction->kind = REACT_DONE;
		if (row < found.n)
			open_line(&found.line[row], reaction);
		release(&found);
	}
}

const struct screen_class screen_help = { "help", IN_HELP, draw, act, screen_filter_answer, tell, NULL };

/* ---- one lesson ---- */

static void tell_text(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct topic *topic = screen->topic ? topic_find(screen->topic) : NULL;

	(void)scene;
	if (topic)
		lesson_document(topic->title, topic->text, topic->reference, document);
}

static void draw_text(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("HELP"));
	struct lines lines = { .width = canvas->width - 2 < 78 ? canvas->width - 2 : 78 };
	struct document document;

	document_begin(&document);
	tell_text(screen, scene, &document);
	for (size_t i = 0; i < document.n_cell; i++) {
		lines_gap(&lines);
		lines_add(&lines, document.cell[i].role, 0, document.cell[i].text.s);
	}
	document_release(&document);
	screen->list.page = area.bottom - area.top - 1;
	lines_draw(&lines, canvas, area.top, area.bottom, &screen->scroll);
	lines_release(&lines);
}

static void act_text(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	(void)scene;
	if (lines_scroll(&screen->scroll, screen->list.page, action))
		reaction->kind = REACT_DONE;
	else if (action == ACTION_OPEN)
		reaction->kind = REACT_BACK;
}

const struct screen_class screen_text = { "text", IN_TEXT, draw_text, act_text, NULL, tell_text, NULL };
