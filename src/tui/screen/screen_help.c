/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every action with its keys, searchable and executable, and the short lessons. */
#include <string.h>

#include "base/i18n.h"
#include "core/explain.h"
#include "tui/fuzzy.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

struct entry {
	enum action action;
	const struct topic *topic;
	const char *heading;
};

static bool action_shown(const struct screen *screen, const struct scene *scene, enum action action)
{
	struct str keys;
	bool yes;

	str_init(&keys, 0);
	keymap_names(scene->keymap, action, &keys);
	yes = fuzzy_holds(actions[action].name, screen->filter) || fuzzy_holds(_(actions[action].help), screen->filter) ||
	      !strcmp(keys.s, screen->filter);
	str_release(&keys);
	return yes;
}

static void count(const struct entry *entry, int row, int *n, struct entry *found)
{
	if (*n == row)
		*found = *entry;
	++*n;
}

/* The row-th entry; how many there are in *n. Headings are entries that do nothing. */
static struct entry entry_at(const struct screen *screen, const struct scene *scene, int row, int *n)
{
	struct entry found = { ACTION_NONE, NULL, NULL };

	*n = 0;
	for (size_t i = 0; topics[i].name; i++) {
		if (i == 0 && !screen->filter[0])
			count(&(struct entry){ ACTION_NONE, NULL, N_("Short lessons") }, row, n, &found);
		if (fuzzy_holds(_(topics[i].title), screen->filter) || fuzzy_holds(topics[i].name, screen->filter))
			count(&(struct entry){ ACTION_NONE, &topics[i], NULL }, row, n, &found);
	}
	for (int group = 0; group < TOPIC_COUNT; group++) {
		if (!screen->filter[0])
			count(&(struct entry){ ACTION_NONE, NULL, action_topics[group] }, row, n, &found);
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
			if ((int)actions[i].group == group && action_shown(screen, scene, (enum action)i))
				count(&(struct entry){ (enum action)i, NULL, NULL }, row, n, &found);
	}
	return found;
}

static void draw_entry(struct canvas *canvas, const struct scene *scene, const struct entry *entry, int y, bool selected)
{
	struct pen pen = pen_at(canvas, 1, y);
	struct pen keys = pen_until(canvas, 3, y, canvas->width < 60 ? 12 : 24);
	struct str text;

	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	if (entry->heading) {
		pen_put(&pen, ROLE_HEADING, _(entry->heading));
		return;
	}
	str_init(&text, 0);
	if (entry->action)
		keymap_names(scene->keymap, entry->action, &text);
	else
		str_add(&text, entry->topic->name);
	pen_put(&keys, ROLE_KEY, text.s);
	str_release(&text);
	pen_to(&pen, keys.right + 1);
	pen_put(&pen, ROLE_TEXT, entry->action ? _(actions[entry->action].help) : _(entry->topic->title));
	if (entry->action && canvas->width >= 100)
		pen_right(&pen, ROLE_DIM, actions[entry->action].name);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("HELP"));
	int n, ignored;

	entry_at(screen, scene, -1, &n);
	list_fit(&screen->list, n, area.bottom - area.top);
	for (int i = 0; i < screen->list.page && screen->list.top + i < n; i++) {
		int row = screen->list.top + i;
		struct entry entry = entry_at(screen, scene, row, &ignored);

		draw_entry(canvas, scene, &entry, area.top + i, row == screen->list.selected);
		if (row == screen->list.selected)
			frame_select(canvas, 1, area.top + i);
		canvas_hit(canvas, &(struct hit){ 0, area.top + i, canvas->width, ACTION_NONE, row });
	}
	if (!n) {
		struct pen pen = pen_at(canvas, 1, area.top);
		pen_put(&pen, ROLE_TEXT, _("Nothing holds that word."));
	}
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	int n;
	struct entry entry = entry_at(screen, scene, screen->list.selected, &n);

	if (list_move(&screen->list, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_OPEN) {
		reaction->kind = entry.topic ? REACT_OPEN : entry.action ? REACT_ACT : REACT_DONE;
		reaction->name = "text";
		reaction->topic = entry.topic ? entry.topic->name : NULL;
		reaction->action = entry.action;
	}
}

const struct screen_class screen_help = { "help", IN_HELP, draw, act, screen_filter_answer, NULL };

/* ---- one lesson ---- */

static void draw_text(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("HELP"));
	const struct topic *topic = screen->topic ? topic_find(screen->topic) : NULL;
	struct lines lines = { .width = canvas->width - 2 < 78 || scene->spoken ? canvas->width - 2 : 78 };

	if (topic) {
		lines_add(&lines, ROLE_HEADING, 0, _(topic->title));
		lines_gap(&lines);
		lines_add(&lines, ROLE_TEXT, 0, _(topic->text));
		if (*topic->reference) {
			lines_gap(&lines);
			lines_add(&lines, ROLE_DIM, 0, topic->reference);
		}
	}
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

const struct screen_class screen_text = { "text", IN_TEXT, draw_text, act_text, NULL, NULL };
