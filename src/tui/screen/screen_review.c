/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Review: live beside draft, the changes in words, what they bring, what the simulator says, the exact requests. */
#include "base/i18n.h"
#include "core/truth.h"
#include "show/accounts.h"
#include "show/review.h"
#include "show/translate.h"
#include "tui/screen/draw_ladder.h"
#include "tui/screen/lay.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

#define SIDE_BY_SIDE 72

static void ttl_heading(struct pen *pen, const char *word, uint32_t ttl_s)
{
	struct str ttl;

	str_init(&ttl, 0);
	translate_ttl(&ttl, ttl_s);
	pen_put(pen, ROLE_HEADING, word);
	pen_put(pen, ROLE_DIM, "  ");
	pen_putf(pen, ROLE_DIM, _("TTL %s"), ttl.s);
	str_release(&ttl);
}

static void draw_column(struct canvas *canvas, const struct ladder_rows *rows, struct pen pen, int bottom, bool ascii)
{
	int left = pen.x;

	for (size_t i = 0; i < rows->n && pen.y < bottom; i++, pen.y++) {
		pen = pen_until(canvas, left, pen.y, pen.right);
		ladder_line(&pen, &rows->row[i], ascii);
		pen.x = left;
	}
}

/* What the draft began from, by who tells it; where that is another set by now, or nobody tells it, it is only that. */
static const char *base_word(const struct scene *scene)
{
	struct truth truth;

	truth_look(&truth, session_facts(scene->session), scene->now);
	if (session_moved(scene->session) || truth.live == TRUTH_UNKNOWN)
		return _("Base");
	return truth.live == TRUTH_HELD ? _("Held") : truth.live == TRUTH_SERVED ? _("Served") : _("Cached");
}

/* Returns the first row below. */
static int draw_ladders(struct canvas *canvas, const struct scene *scene, struct area area)
{
	const struct draft *draft = session_draft(scene->session);
	struct ladder_rows before = { 0 }, behind = { 0 };
	int middle = canvas->width / 2, most;
	struct pen left = pen_until(canvas, 1, area.top, middle - 1), right = pen_at(canvas, middle + 1, area.top);

	ladder_rows_build(&before, NULL, &draft->base);
	ladder_rows_build(&behind, &draft->base, &draft->want);
	most = (int)(before.n > behind.n ? before.n : behind.n);
	if (most > (area.bottom - area.top) / 2)
		most = (area.bottom - area.top) / 2;
	ttl_heading(&left, base_word(scene), draft->base.ttl_s);
	ttl_heading(&right, _("Draft"), draft->want.ttl_s);
	draw_column(canvas, &before, pen_until(canvas, 1, area.top + 1, middle - 1), area.top + 1 + most, scene->ascii);
	draw_column(canvas, &behind, pen_at(canvas, middle + 1, area.top + 1), area.top + 1 + most, scene->ascii);
	for (int y = area.top; y <= area.top + most; y++) {
		struct pen pen = pen_at(canvas, middle - 1, y);
		pen_put(&pen, ROLE_RULE, "│");
	}
	ladder_rows_release(&before);
	ladder_rows_release(&behind);
	return area.top + 1 + most;
}

enum { FOLDED, UNFOLDING /* since the last frame */, UNFOLDED }; /* screen->pane: the requests */

/* Is it the way on to add an account? Not where accounts are configured and none is the domain's, nor where none may be written. */
static bool adds_account(const struct scene *scene)
{
	return !scene->account && !accounts_at(&scene->app->config, 0) && scene_adds_accounts(scene);
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	struct str approve, push, unfold, accounts;

	str_init(&approve, 0);
	str_init(&push, 0);
	str_init(&unfold, 0);
	scene_way(scene, ACTION_APPROVE, &approve);
	scene_way(scene, ACTION_PUSH, &push);
	scene_way(scene, ACTION_OPEN, &unfold);
	str_init(&accounts, 0);
	scene_way(scene, ACTION_ACCOUNTS, &accounts);
	/* Who hears it cannot look at a part again: all is told. */
	review_document(&(struct review_view){ .session = scene->session,
				.now = scene->now,
				.approve = approve.s,
				.push = push.s,
				.accounts = adds_account(scene) ? accounts.s : NULL,
				.unfold = screen->pane == FOLDED && !scene->spoken ? unfold.s : NULL,
				.ascii = scene->ascii },
		document);
	str_release(&approve);
	str_release(&push);
	str_release(&unfold);
	str_release(&accounts);
}

/* Scrolls to the requests that were just unfolded. */
static void go_to_requests(struct screen *screen, const struct document *document, int width)
{
	struct lay lay;

	lay_document(&lay, document, width);
	if (lay_find(&lay, REVIEW_REQUESTS) >= 0)
		screen->scroll = lay_find(&lay, REVIEW_REQUESTS);
	lay_release(&lay);
	screen->pane = UNFOLDED;
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	enum action unfit[3] = { ACTION_NONE }, *last = unfit;
	struct scene here = *scene;
	struct area area;
	struct document document;

	if (!review_folds(scene->session))
		*last++ = ACTION_OPEN;
	if (!scene->account)
		*last = ACTION_APPROVE;
	here.unfit = unfit;
	area = frame_draw(canvas, &here, screen->class, _("REVIEW"));
	if (session_drafting(scene->session) && canvas->width >= SIDE_BY_SIDE && area.bottom - area.top >= 14) {
		area.top = draw_ladders(canvas, scene, area);
		frame_rule(canvas, area.top++);
	}
	document_begin(&document);
	tell(screen, scene, &document);
	if (screen->pane == UNFOLDING)
		go_to_requests(screen, &document, canvas->width - 2);
	screen->list.page = area.bottom - area.top - 1;
	lay_page(&document, canvas, area.top, area.bottom, &screen->scroll);
	document_release(&document);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	if (lines_scroll(&screen->scroll, screen->list.page, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_OPEN) {
		reaction->kind = REACT_DONE;
		if (review_folds(scene->session))
			screen->pane = screen->pane == FOLDED ? UNFOLDING : FOLDED;
	}
}

const struct screen_class screen_review = { "review", IN_REVIEW, draw, act, NULL, tell, NULL };
