/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every action with its keys, searchable and executable, and the short lessons. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/explain.h"
#include "show/lesson.h"
#include "tui/fuzzy.h"
#include "tui/screen/frame.h"
#include "tui/screen/lay.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

#define KEYS_AT 2 /* columns where the keys of an action begin, and end */
#define KEYS_NARROW 11
#define KEYS_WIDE 23

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

struct entries {
	size_t n, cap;
	struct entry *entry;
};

static void add(struct entries *entries, struct entry entry)
{
	entries->entry = mem_grow(entries->entry, entries->n, &entries->cap, sizeof(*entries->entry));
	entries->entry[entries->n++] = entry;
}

/* Those that are shown; entries->entry is the caller's to free. Headings are entries that do nothing. */
static void gather(const struct screen *screen, const struct scene *scene, struct entries *entries)
{
	bool whole = !screen->filter[0];

	if (whole)
		add(entries, (struct entry){ ACTION_NONE, NULL, N_("Short lessons") });
	for (const struct topic *topic = topics; topic->name; topic++)
		if (fuzzy_holds(_(topic->title), screen->filter) || fuzzy_holds(topic->name, screen->filter))
			add(entries, (struct entry){ ACTION_NONE, topic, NULL });
	for (int group = 0; group < TOPIC_COUNT; group++) {
		if (whole)
			add(entries, (struct entry){ ACTION_NONE, NULL, action_topics[group] });
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
			if ((int)actions[i].group == group && action_shown(screen, scene, (enum action)i))
				add(entries, (struct entry){ (enum action)i, NULL, NULL });
	}
}

/* A heading; or its keys, what it does and its name; or a lesson's name and title. */
static void add_entry(const struct scene *scene, const struct entry *entry, struct document *document)
{
	if (entry->heading) {
		str_add(document_heading(document), _(entry->heading));
		return;
	}
	document_row(document);
	if (entry->topic) {
		document_put(document, ROLE_KEY, 0, entry->topic->name);
		document_put(document, ROLE_TEXT, 0, _(entry->topic->title));
		return;
	}
	keymap_names(scene->keymap, entry->action, document_cell(document, ROLE_KEY, 0, ""));
	document_put(document, ROLE_TEXT, 0, _(actions[entry->action].help));
	document_put(document, ROLE_DIM, 1, actions[entry->action].name);
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	struct entries entries = { 0 };

	gather(screen, scene, &entries);
	for (size_t row = 0; row < entries.n; row++) {
		document->item = (int)row;
		add_entry(scene, &entries.entry[row], document);
	}
	document->item = -1;
	if (!entries.n)
		str_add(document_sentence(document, ROLE_TEXT, ""), _("Nothing holds that word."));
	free(entries.entry);
}

/* A lesson's name is typed as it stands, so it is seen whole: it has no cell for an action's name behind it. */
static int lesson_end(const struct document *document)
{
	int end = KEYS_AT;

	for (size_t i = 0; i < document->n; i++) {
		int width = (int)text_width(document->cell[document->part[i].first].text.s);

		if (document->part[i].kind == PART_ROW && document->part[i].n == 2 && KEYS_AT + width > end)
			end = KEYS_AT + width;
	}
	return end;
}

static void draw_entry(struct canvas *canvas, const struct document *document, const struct part *part, int y, bool selected)
{
	const struct document_cell *cell = &document->cell[part->first];
	int end = canvas->width >= 60 ? KEYS_WIDE : part->n == 2 ? lesson_end(document) : KEYS_NARROW;
	struct pen pen = pen_at(canvas, 0, y);
	struct pen keys = pen_until(canvas, KEYS_AT, y, end);

	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	if (part->kind != PART_ROW) {
		pen_put(&pen, cell->role, cell->text.s);
		return;
	}
	pen_put(&keys, cell[0].role, cell[0].text.s);
	pen_to(&pen, keys.right + 1);
	pen_put(&pen, cell[1].role, cell[1].text.s);
	if (part->n > 2 && canvas->width >= 100)
		pen_right(&pen, cell[2].role, cell[2].text.s);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("HELP"));
	struct document document;

	document_begin(&document);
	tell(screen, scene, &document);
	list_fit(&screen->list, document.part[0].item < 0 ? 0 : (int)document.n, area.bottom - area.top);
	for (int i = 0; i < screen->list.page && screen->list.top + i < screen->list.n; i++) {
		int row = screen->list.top + i;

		draw_entry(canvas, &document, &document.part[row], area.top + i, row == screen->list.selected);
		if (row == screen->list.selected)
			frame_select(canvas, 1, area.top + i);
		canvas_hit(canvas, &(struct hit){ 0, area.top + i, canvas->width, ACTION_NONE, row });
	}
	if (!screen->list.n)
		lay_top(&document, canvas, area.top, area.bottom);
	document_release(&document);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	size_t row = (size_t)screen->list.selected;
	struct entries entries = { 0 };

	if (list_move(&screen->list, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_OPEN) {
		gather(screen, scene, &entries);
		reaction->kind = REACT_DONE;
		if (row < entries.n && entries.entry[row].topic) {
			reaction->kind = REACT_OPEN;
			reaction->name = "text";
			reaction->topic = entries.entry[row].topic->name;
		} else if (row < entries.n && entries.entry[row].action) {
			reaction->kind = REACT_ACT;
			reaction->action = entries.entry[row].action;
		}
		free(entries.entry);
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
