/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Past pushes, newest first; the selected one's changes below. */
#include <string.h>

#include "base/i18n.h"
#include "show/history.h"
#include "show/speech.h"
#include "tui/fuzzy.h"
#include "tui/screen/split.h"
#include "base/banned.h"

static bool is_running(const struct scene *scene, const struct past_push *push)
{
	const struct push *running = session_current_push(scene->session);

	return running && !running->done && push->id && !strcmp(running->id, push->id);
}

/* What is searched: the time, the state, who and what for. */
static bool shown(const struct screen *screen, const struct scene *scene, const struct past_push *push)
{
	struct document document;
	struct str text;
	bool yes;

	if (!screen->filter[0])
		return true;
	str_init(&text, 0);
	document_begin(&document);
	past_push_row(push, true, is_running(scene, push), &document);
	speech_add(&document, false, &text);
	document_release(&document);
	yes = fuzzy_holds(text.s, screen->filter);
	str_release(&text);
	return yes;
}

/* Of the pushes shown, newest first; *count (or NULL): how many there are. */
static const struct past_push *push_at(const struct screen *screen, const struct scene *scene, int row, int *count)
{
	const struct past_push *found = NULL;
	int n = 0;

	for (size_t i = scene->history ? scene->history->n : 0; i-- > 0;)
		if (shown(screen, scene, &scene->history->push[i]) && n++ == row)
			found = &scene->history->push[i];
	if (count)
		*count = n;
	return found;
}

static void draw_row(const struct screen *screen, const struct scene *scene, struct canvas *canvas, int row, int y)
{
	const struct past_push *push = push_at(screen, scene, row, NULL);
	bool selected = row == screen->list.selected;
	struct pen pen = pen_at(canvas, 0, y);
	struct document document;

	document_begin(&document);
	past_push_row(push, true, is_running(scene, push), &document);
	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	for (size_t i = 0; i < document.n_cell; i++) {
		const struct document_cell *cell = &document.cell[i];
		if (!cell->text.len)
			continue;
		pen_put(&pen, ROLE_TEXT, i ? "  " : "");
		if (*cell->symbol)
			pen_putf(&pen, cell->role, "%s ", cell->symbol);
		pen_put(&pen, cell->role, cell->text.s);
	}
	document_release(&document);
}

static const char *nothing(const struct screen *screen)
{
	return screen->filter[0] ? _("No push holds that word.") : _("The journal here holds no push.");
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct past_push *push;

	for (int row = 0; (push = push_at(screen, scene, row, NULL)); row++) {
		document->item = row;
		past_push_row(push, true, is_running(scene, push), document);
		document->item = -1;
		document->depth++;
		past_push_document(push, false, document);
		past_push_sets(push, scene->ascii, document);
		document->depth--;
	}
	if (!document->n)
		str_add(document_sentence(document, ROLE_TEXT, ""), nothing(screen));
}

/* Which hints the selected one, or that there is none, takes away. */
static void find_unfit(const struct past_push *push, bool fits, bool none, enum action unfit[4])
{
	if (none)
		*unfit++ = ACTION_FILTER;
	if (!push || !history_can_revert(push, NULL))
		*unfit++ = ACTION_REVERT;
	if (fits)
		*unfit++ = ACTION_PANE;
	*unfit = ACTION_NONE;
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_area(canvas);
	int n, rows = (area.bottom - area.top) / 2;
	const struct past_push *push;
	struct document detail;
	struct scene here = *scene;
	enum action unfit[4];
	bool fits;

	push_at(screen, scene, -1, &n);
	rows = n < rows ? n : rows;
	list_fit(&screen->list, n, rows);
	push = push_at(screen, scene, screen->list.selected, NULL);
	document_begin(&detail);
	if (push) {
		past_push_document(push, true, &detail);
		past_push_sets(push, scene->ascii, &detail);
	}
	fits = split_fits(&detail, canvas, rows);
	screen->pane = screen->pane && !fits;
	find_unfit(push, fits, !n && !screen->filter[0], unfit);
	here.unfit = unfit;
	frame_draw(canvas, &here, screen->class, _("HISTORY"));
	if (n) {
		split_list(screen, scene, canvas, &detail, draw_row);
	} else {
		struct pen pen = pen_at(canvas, 1, area.top);
		pen_put(&pen, ROLE_TEXT, nothing(screen));
	}
	document_release(&detail);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct past_push *push = push_at(screen, scene, screen->list.selected, NULL);

	if (split_act(screen, scene, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_REVERT) {
		reaction->kind = push ? REACT_ROLLBACK : REACT_DONE;
		reaction->name = push ? push->id : NULL;
	}
}

const struct screen_class screen_history = { "history", IN_HISTORY, draw, act, screen_filter_answer, tell, NULL };
