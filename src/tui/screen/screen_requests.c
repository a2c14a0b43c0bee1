/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What went out to those who hold the zones, in this run and for the open domain in others, the last one first, with its answer. */
#include "app/app.h"
#include "app/requests.h"
#include "base/i18n.h"
#include "show/requests.h"
#include "tui/fuzzy.h"
#include "tui/screen/split.h"
#include "tui/screen/screen.h"
#include "base/banned.h"

static bool shown(const struct screen *screen, const struct request_row *row)
{
	struct str text;
	bool yes;

	if (!screen->filter[0])
		return true;
	str_init(&text, 0);
	request_text(row, &text);
	yes = fuzzy_holds(text.s, screen->filter);
	str_release(&text);
	return yes;
}

/* The i-th: those of this run, then those of the journal. */
static const struct request_row *row_at(const struct scene *scene, size_t i)
{
	size_t n = scene->app->requests->n;

	if (i < n)
		return requests_at(scene->app->requests, i);
	return scene->past ? requests_at(scene->past, i - n) : NULL;
}

/* Whose requests follow: a run knows its own alone, and the journal is read when the screen is opened. */
static void add_heading(const struct request_row *row, bool *told, struct document *document)
{
	if (!*told)
		str_add(document_heading(document), row->push ? _("Of other runs, as the journal had them") : _("Of this run"));
	*told = true;
}

/* All that are shown, and the one that is selected; returns how many. */
static int gather(const struct screen *screen, const struct scene *scene, struct document *document, const struct request_row **selected)
{
	const struct request_row *row;
	bool told[2] = { false };
	int n = 0;

	*selected = NULL;
	for (size_t i = 0; (row = row_at(scene, i)); i++) {
		if (!shown(screen, row))
			continue;
		if (n == screen->list.selected)
			*selected = row;
		document->item = -1;
		add_heading(row, &told[row->push != NULL], document);
		document->item = n++;
		request_add_row(row, document);
	}
	document->item = -1;
	return n;
}

static void add_none(const struct screen *screen, struct document *document)
{
	str_add(document_sentence(document, ROLE_TEXT, ""),
		screen->filter[0] ? _("No request holds that word.") : _("Nothing was asked of an account in this run yet."));
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct request_row *selected;

	if (!gather(screen, scene, document, &selected))
		add_none(screen, document);
}

static void tell_selected(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct request_row *selected = requests_selected(screen, scene);

	if (selected)
		request_document(selected, document);
}

/* Keeps the selected request selected: new ones come before it. */
static void follow(struct screen *screen, const struct scene *scene)
{
	const struct request_row *row;
	int n = 0;

	for (size_t i = 0; screen->number && (row = row_at(scene, i)); i++)
		if (shown(screen, row) && n++ >= 0 && row->number == screen->number)
			screen->list.selected = n - 1;
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	enum action unfit[4] = { ACTION_NONE }, *last = unfit;
	struct scene here = *scene;
	const struct request_row *selected;
	struct area area;
	struct split split;

	follow(screen, scene);
	split_begin(&split);
	split.n = gather(screen, scene, &split.rows, &selected);
	if (selected)
		request_document(selected, &split.below);
	else
		add_none(screen, &split.below);
	if (!selected || !selected->curl)
		*last++ = ACTION_COPY;
	if (!split.n && !screen->filter[0])
		*last++ = ACTION_FILTER;
	if (split_fits(&split.below, canvas, split_rows(&split, canvas)))
		*last = ACTION_PANE;
	here.unfit = unfit;
	screen->pane = screen->pane && !*last;
	area = frame_draw(canvas, &here, screen->class, _("REQUESTS"));
	split_draw(&split, canvas, area, screen);
	split_release(&split);
}

const struct request_row *requests_selected(const struct screen *screen, const struct scene *scene)
{
	const struct request_row *selected;
	struct document rows;

	document_begin(&rows);
	gather(screen, scene, &rows, &selected);
	document_release(&rows);
	return selected;
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct request_row *selected;

	if (!split_act(screen, scene, action))
		return;
	selected = requests_selected(screen, scene);
	screen->number = selected && screen->list.selected ? selected->number : 0; /* the top row is the last one, whichever that is */
	reaction->kind = REACT_DONE;
}

const struct screen_class screen_requests = { "requests", IN_REQUESTS, draw, act, screen_filter_answer, tell, tell_selected };
