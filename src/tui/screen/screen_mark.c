/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be marked, and as what: hosts, addresses, networks, IP families, DNS zones, name servers, the domain's own lookup. */
#include "base/i18n.h"
#include "base/text.h"
#include "show/candidates.h"
#include "tui/fuzzy.h"
#include "tui/screen/frame.h"
#include "tui/screen/lay.h"
#include "base/banned.h"

#define STATES_PANE 1  /* screen->pane: the states of one candidate, which screen->scroll tells the row of */
#define STATE_NAMES 22 /* column */

/* ---- the list ---- */

/* While the states of one are chosen, the filter is theirs. */
static void leave_shown(struct candidates *candidates, const struct screen *screen, bool ascii)
{
	struct str text;
	size_t n = 0;

	if (screen->pane == STATES_PANE || !screen->filter[0])
		return;
	str_init(&text, 0);
	for (size_t i = 0; i < candidates->n; i++) {
		str_clear(&text);
		candidate_text(&candidates->candidate[i].mark, ascii, &text);
		if (fuzzy_holds(text.s, screen->filter))
			candidates->candidate[n++] = candidates->candidate[i];
	}
	candidates->n = n;
	str_release(&text);
}

/* ---- states ---- */

static bool is_offered(const struct screen *screen, const struct mark *mark, enum sim_state state)
{
	return candidate_takes(mark, state) &&
	       (fuzzy_holds(_(sim_states[state].label), screen->filter) || fuzzy_holds(sim_states[state].name, screen->filter));
}

static enum sim_state state_at(const struct screen *screen, const struct mark *mark, int row)
{
	for (int state = 0; state < SIM_STATES; state++)
		if (is_offered(screen, mark, (enum sim_state)state) && row-- == 0)
			return (enum sim_state)state;
	return SIM_UP;
}

static int row_of(const struct screen *screen, const struct mark *mark, enum sim_state wanted)
{
	int row = 0;

	for (int state = 0; state < (int)wanted; state++)
		row += is_offered(screen, mark, (enum sim_state)state);
	return row;
}

enum sim_state mark_next_state(enum mark_kind kind, enum sim_state now)
{
	static const enum sim_state servers[] = { SIM_UP, SIM_REFUSED, SIM_TIMEOUT, SIM_GREETING_4XX, SIM_GREETING_5XX, SIM_RCPT_4XX,
		SIM_RCPT_5XX };
	static const enum sim_state names[] = { SIM_UP, SIM_SERVFAIL, SIM_NXDOMAIN, SIM_DNS_TIMEOUT };
	static const enum sim_state askers[] = { SIM_UP, SIM_DNS_TIMEOUT, SIM_SERVFAIL };
	const enum sim_state *round = servers;
	size_t n = sizeof(servers) / sizeof(*servers);

	if (kind == MARK_ZONE || kind == MARK_DOMAIN) {
		round = names;
		n = sizeof(names) / sizeof(*names);
	} else if (kind == MARK_SERVER) {
		round = askers;
		n = sizeof(askers) / sizeof(*askers);
	}
	for (size_t i = 0; i + 1 < n; i++)
		if (round[i] == now)
			return round[i + 1];
	return SIM_UP;
}

/* ---- what is told ---- */

static void things_gather(const struct screen *screen, const struct scene *scene, struct candidates *candidates)
{
	candidates_gather(scene->session, &screen->focus.host, candidates);
	leave_shown(candidates, screen, scene->ascii);
}

static bool tells_states(const struct screen *screen, const struct candidates *candidates)
{
	return screen->pane == STATES_PANE && (size_t)screen->scroll < candidates->n;
}

static void tell_states(const struct screen *screen, const struct scene *scene, const struct mark *mark, struct document *document)
{
	candidate_text(mark, scene->ascii, document_heading(document));
	for (int row = 0; row < row_of(screen, mark, SIM_STATES); row++) {
		enum sim_state state = state_at(screen, mark, row);

		document->item = row;
		candidate_state_row(state, state == mark->state, document);
	}
	document->item = -1;
}

static void tell_things(const struct candidates *candidates, const struct scene *scene, struct document *document)
{
	for (size_t i = 0; i < candidates->n; i++) {
		document->item = (int)i;
		candidate_row(candidates, i, session_facts(scene->session), scene->ascii, document);
	}
	document->item = -1;
	if (!candidates->n)
		str_add(document_sentence(document, ROLE_TEXT, ""), _("Nothing of that name can be marked here; a mark can be typed."));
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	struct candidates candidates = { 0 };

	things_gather(screen, scene, &candidates);
	if (tells_states(screen, &candidates))
		tell_states(screen, scene, &candidates.candidate[screen->scroll].mark, document);
	else
		tell_things(&candidates, scene, document);
	candidates_release(&candidates);
}

/* ---- drawing ---- */

static int state_column(const struct canvas *canvas)
{
	if (canvas->width < 60)
		return canvas->width > 24 ? canvas->width - 15 : 10;
	return canvas->width - 28 < 56 ? canvas->width - 28 : 56;
}

static void put_cell(struct pen *pen, const struct document_cell *cell)
{
	if (*cell->symbol)
		pen_putf(pen, cell->role, "%s ", cell->symbol);
	pen_put(pen, cell->role, cell->text.s);
}

static void draw_row(struct canvas *canvas, const struct document *document, const struct part *part, int column, int y)
{
	const struct document_cell *cell = &document->cell[part->first];
	int left = 2 + 2 * part->depth;
	struct pen name = pen_until(canvas, left, y, column - 1), state = pen_at(canvas, column, y);

	put_cell(&name, &cell[0]);
	put_cell(&state, &cell[1]);
	canvas_hit(canvas, &(struct hit){ 0, y, canvas->width, ACTION_NONE, part->item });
}

static void title_of(const struct scene *scene, struct str *out)
{
	const struct sim_result *result = session_result(scene->session, session_sender(scene->session));

	struct str share;

	str_init(&share, 0);
	text_share(&share, 1 - result->first.deferred - result->first.bounced - result->first.unknown);
	str_addf(out, _("WHAT IS DOWN ▏%s delivered at once ▏%s"), share.s, sender_title(result->sender));
	str_release(&share);
}

static void draw_selected(struct canvas *canvas, const struct document *document, const struct part *part, int y)
{
	struct pen pen = pen_at(canvas, 0, y);

	pen_put(&pen, ROLE_KEY, "▸");
	frame_select(canvas, 2 + 2 * part->depth + (*document->cell[part->first].symbol ? 2 : 0), y);
}

/* The rows in view; what stands before the first is its heading. */
static void draw_rows(struct screen *screen, const struct document *document, struct canvas *canvas, struct area area, int column)
{
	int heads = document->part[0].item < 0, top;

	if (heads)
		area.top = lay_top(
			&(struct document){ .n = 1, .part = document->part, .cell = document->cell }, canvas, area.top, area.bottom);
	top = area.top;
	list_fit(&screen->list, (int)document->n - heads, area.bottom - area.top);
	for (int i = screen->list.top; i < screen->list.n && area.top < area.bottom; i++, area.top++)
		draw_row(canvas, document, &document->part[heads + i], column, area.top);
	if (screen->list.n)
		draw_selected(
			canvas, document, &document->part[heads + screen->list.selected], top + screen->list.selected - screen->list.top);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct candidates candidates = { 0 };
	struct document document;
	struct area area;
	struct str title;

	str_init(&title, 0);
	title_of(scene, &title);
	area = frame_draw(canvas, scene, screen->class, title.s);
	str_release(&title);
	things_gather(screen, scene, &candidates);
	if (!tells_states(screen, &candidates))
		screen->pane = 0;
	candidates_release(&candidates);
	document_begin(&document);
	tell(screen, scene, &document);
	draw_rows(screen, &document, canvas, area, screen->pane == STATES_PANE ? STATE_NAMES : state_column(canvas));
	document_release(&document);
}

/* ---- answers ---- */

static void to_things(struct screen *screen)
{
	screen->pane = 0;
	screen->filter[0] = '\0';
	screen->list = (struct list){ .selected = screen->scroll, .n = screen->scroll + 1, .page = 1 };
}

/* The filter has done its work; its row in the whole list is found again. */
static void to_states(struct screen *screen, const struct scene *scene, const struct mark *mark)
{
	struct candidates all = { 0 };

	screen->filter[0] = '\0';
	things_gather(screen, scene, &all);
	screen->scroll = 0;
	for (size_t i = 0; i < all.n; i++)
		if (mark_same_subject(&all.candidate[i].mark, mark))
			screen->scroll = (int)i;
	candidates_release(&all);
	screen->pane = STATES_PANE;
	screen->list = (struct list){ .selected = row_of(screen, mark, mark->state), .n = SIM_STATES, .page = 1 };
}

static void act_on_candidate(
	struct screen *screen, const struct scene *scene, const struct mark *mark, enum action action, struct reaction *reaction)
{
	reaction->mark = *mark;
	if (action == ACTION_OPEN) {
		to_states(screen, scene, mark);
		reaction->kind = REACT_DONE;
	} else {
		reaction->kind = REACT_MARK;
		reaction->mark.state = mark_next_state(mark->kind, mark->state);
	}
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	bool states = screen->pane == STATES_PANE;
	int row = states ? screen->scroll : screen->list.selected;
	struct candidates candidates = { 0 };

	if (list_move(&screen->list, action)) {
		reaction->kind = REACT_DONE;
		return;
	}
	if (action != ACTION_MARK && action != ACTION_OPEN && !(states && action == ACTION_BACK && !screen->filter[0]))
		return;
	things_gather(screen, scene, &candidates);
	if (row < 0 || (size_t)row >= candidates.n || !screen->list.n) {
		reaction->kind = REACT_DONE;
	} else if (!states) {
		act_on_candidate(screen, scene, &candidates.candidate[row].mark, action, reaction);
	} else {
		reaction->kind = action == ACTION_BACK ? REACT_DONE : REACT_MARK;
		reaction->mark = candidates.candidate[row].mark;
		reaction->mark.state = state_at(screen, &reaction->mark, screen->list.selected);
		to_things(screen);
	}
	candidates_release(&candidates);
}

const struct screen_class screen_mark = { "mark", IN_MARK, draw, act, screen_mark_answer, tell, NULL };
