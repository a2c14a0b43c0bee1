/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/frame.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "show/accounts.h"
#include "show/findings.h"
#include "tui/screen/header.h"
#include "tui/screen/lay.h"
#include "base/banned.h"

#define NARROW 60 /* columns below which a pane is seen at a time */

bool frame_is_small(const struct canvas *canvas)
{
	return canvas->height < 16;
}

void frame_rule(struct canvas *canvas, int y)
{
	struct pen pen = pen_at(canvas, 0, y);

	pen_fill(&pen, ROLE_RULE, "─", canvas->width);
}

void draw_no_finding(struct pen *pen, const struct scene *scene)
{
	const char *sentence;
	struct sign sign = findings_none(scene->session, &sentence);

	pen_put(pen, sign.role, sentence);
}

/* ---- hints: as many as fit, the weightiest first, shown in the table's order ---- */

/* Is there a domain with a draft, so that a plan file would have something in it? */
static bool any_drafted(const struct roster *roster)
{
	for (size_t i = 0; i < roster->n; i++)
		if (roster->row[i]->drafted)
			return true;
	return false;
}

static bool is_unfit(const struct scene *scene, enum action action)
{
	for (const enum action *unfit = scene->unfit; unfit && *unfit; unfit++)
		if (*unfit == action)
			return true;
	return false;
}

/* Would this action do nothing now? For actions that need no open domain. */
static bool is_idle_anywhere(const struct scene *scene, enum action action)
{
	switch (action) {
	case ACTION_BACK:
		return scene->first && !(scene->filter && *scene->filter);
	case ACTION_SELECT:
	case ACTION_ORDER:
	case ACTION_EDIT_SELECTED:
		return !scene->roster->n;
	case ACTION_PLAN_FILE:
		return !any_drafted(scene->roster);
	case ACTION_ADD_ACCOUNT:
		return !scene_adds_accounts(scene);
	case ACTION_REMOVE_ACCOUNT:
		return !scene_adds_accounts(scene) || !accounts_at(&scene->app->config, 0);
	case ACTION_ZONES:
	case ACTION_TEST:
		return !accounts_at(&scene->app->config, 0);
	default:
		return false;
	}
}

/* Would the action do nothing at this moment, or be refused? */
static bool is_idle(const struct scene *scene, enum action action)
{
	const struct session *session = scene->session;
	const struct push *push = session ? session_current_push(session) : NULL;

	if (is_unfit(scene, action) || is_idle_anywhere(scene, action))
		return true;
	switch (action) {
	case ACTION_UNDO:
		return !session_draft(session)->n_undo;
	case ACTION_REDO:
		return !session_draft(session)->n_redo;
	case ACTION_RESUME:
		return !session_is_interrupted(session);
	case ACTION_REVIEW:
		return !session_drafting(session);
	case ACTION_WATCH:
		return !push || push->done;
	case ACTION_ACCEPT:
		return !session_findings(session)->n;
	case ACTION_EDIT:
	case ACTION_DELETE:
	case ACTION_LOWER:
	case ACTION_RAISE:
	case ACTION_LEVEL:
		return !session_set(session)->n;
	case ACTION_UNMARK:
		return !session_marks(session)->n;
	case ACTION_ACCOUNTS: /* it is the way on where none is known */
		return scene->account || !session_drafting(session);
	case ACTION_CUTOVER:
	case ACTION_APPROVE:
		return !session_drafting(session);
	case ACTION_PUSH:
		return !session_drafting(session) || !session_approved(session);
	case ACTION_DEMANDS:
		return !config_get(&scene->app->config, "main", "", "policy_file");
	case ACTION_STOP:
		return !push || push->done;
	case ACTION_REVERT:
		return !scene->history || !scene->history->n;
	default:
		return false;
	}
}

static const char *hint_text(const struct scene *scene, enum action action)
{
	return _(actions[action == ACTION_EDIT && scene->opens ? ACTION_OPEN : action].hint);
}

static int hint_width(const struct scene *scene, enum action action)
{
	struct str key;
	int width = 0;

	str_init(&key, 0);
	if (keymap_name(scene->keymap, action, &key))
		width = (int)(text_width(key.s) + text_width(hint_text(scene, action))) + 3;
	str_release(&key);
	return width;
}

static void draw_hint(struct pen *pen, const struct scene *scene, enum action action)
{
	int from = pen->x;
	struct str key;

	str_init(&key, 0);
	keymap_name(scene->keymap, action, &key);
	pen_put(pen, ROLE_KEY, key.s);
	pen_put(pen, ROLE_HINT, " ");
	pen_put(pen, ROLE_HINT, hint_text(scene, action));
	canvas_hit(pen->canvas, &(struct hit){ from, pen->y, pen->x - from, action, -1 });
	if (pen->x + 2 < pen->right)
		pen_put(pen, ROLE_HINT, "  ");
	str_release(&key);
}

/* The way to all other actions, and from a draft on; and where most of what a screen tells is hidden, the way to that. On home, edits come
 * before it. */
static bool is_hinted_first(const struct canvas *canvas, enum in_screen in, enum action action)
{
	if (action == ACTION_PANE)
		return in != IN_LADDER && canvas->width < NARROW;
	return action == ACTION_HELP || (action == ACTION_REVIEW && in == IN_LADDER);
}

static void draw_hints(struct canvas *canvas, const struct scene *scene, enum in_screen in)
{
	struct pen pen = pen_at(canvas, 1, canvas->height - 1);
	bool chosen[ACTION_COUNT] = { false };
	int room = canvas->width + 1; /* the last one needs no blanks behind it */

	for (int rank = -1; rank < ACTION_RANKS; rank++)
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
			bool now = rank < 0 ? is_hinted_first(canvas, in, (enum action)i) : actions[i].rank == rank;
			bool hinted = actions[i].hinted & (unsigned)in && now && !chosen[i];
			int width = hinted && !is_idle(scene, (enum action)i) ? hint_width(scene, (enum action)i) : 0;

			if (!width || width > room)
				continue;
			chosen[i] = true;
			room -= width;
		}
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		if (chosen[i])
			draw_hint(&pen, scene, (enum action)i);
}

void frame_select(struct canvas *canvas, int x, int y)
{
	canvas_mark(canvas, y);
	canvas_cursor(canvas, x, y, false);
}

struct area frame_area(const struct canvas *canvas)
{
	return frame_is_small(canvas) ? (struct area){ 1, canvas->height - 1 } : (struct area){ 2, canvas->height - 2 };
}

struct area frame_draw(struct canvas *canvas, const struct scene *scene, const struct screen_class *class, const char *title)
{
	struct str named;

	str_init(&named, 0);
	if (title)
		str_add(&named, title);
	if (title && scene->filter && *scene->filter) { /* rows are left out */
		str_add(&named, " ▏/ ");
		text_escape(&named, scene->filter, strlen(scene->filter));
	}
	header_draw(canvas, scene, title ? named.s : NULL,
		!(class->in & (IN_HELP | IN_TEXT | IN_DOMAINS | IN_THEMES | IN_ACCOUNTS | IN_REQUESTS)));
	str_release(&named);
	draw_hints(canvas, scene, class->in);
	canvas_cursor(canvas, 0, frame_area(canvas).top, false); /* where the text begins, unless a screen has a row in focus */
	if (!frame_is_small(canvas)) {
		frame_rule(canvas, 1);
		frame_rule(canvas, canvas->height - 2);
	}
	return frame_area(canvas);
}

void frame_page(struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area)
{
	struct document document;

	document_begin(&document);
	screen->class->tell(screen, scene, &document);
	screen->list.page = area.bottom - area.top - 1;
	lay_page(&document, canvas, area.top, area.bottom, &screen->scroll);
	document_release(&document);
}
