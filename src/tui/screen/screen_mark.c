/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be marked, and as what: hosts, addresses, networks, IP families, DNS zones, name servers, the domain's own lookup. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "base/mem.h"
#include "sim/matrix/matrix.h"
#include "tui/fuzzy.h"
#include "tui/screen/draw_ladder.h"
#include "tui/screen/frame.h"
#include "show/translate.h"
#include "base/banned.h"

#define STATES_PANE 1 /* screen->pane: the states of one candidate, which screen->scroll tells the row of */

struct candidate {
	struct mark mark;         /* its state: its own mark, or SIM_UP */
	const struct dname *host; /* of an address: whose; NULL: nobody's */
	bool inner;               /* shown under the host above it */
};

struct candidates {
	size_t n, cap;
	struct candidate *candidate;
	int selected;
	struct marks all; /* with the zones that fail for want of name servers */
};

/* ---- the list ---- */

static bool holds(const struct candidates *candidates, const struct mark *mark)
{
	for (size_t i = 0; i < candidates->n; i++)
		if (mark_same_subject(&candidates->candidate[i].mark, mark))
			return true;
	return false;
}

static void add(struct candidates *candidates, const struct mark *mark, const struct dname *host, bool inner)
{
	if (holds(candidates, mark))
		return;
	candidates->candidate = mem_grow(candidates->candidate, candidates->n, &candidates->cap, sizeof(*candidates->candidate));
	candidates->candidate[candidates->n] = (struct candidate){ *mark, host, inner };
	candidates->candidate[candidates->n++].mark.state = SIM_UP;
}

static void add_kind(struct candidates *candidates, const struct matrix *all, enum mark_kind kind)
{
	for (size_t i = 0; i < all->n_failure; i++)
		if (all->failure[i].kind == kind)
			add(candidates, &all->failure[i], NULL, false);
}

static bool is_at(const struct mark *mark, const struct host_facts *host)
{
	for (size_t i = 0; i < host->n_addr; i++)
		if ((mark->kind == MARK_ADDRESS && addr_equal(&mark->addr, &host->addr[i])) ||
			(mark->kind == MARK_NET && addr_in(&host->addr[i], &mark->addr, mark->bits)))
			return true;
	return false;
}

/* A host, and below it its addresses and their networks. */
static void add_host(struct candidates *candidates, const struct matrix *all, const struct facts *facts, const struct mark *mark)
{
	const struct host_facts *host = facts_host(facts, &mark->name);

	if (holds(candidates, mark))
		return;
	add(candidates, mark, NULL, false);
	for (size_t i = 0; host && i < all->n_failure; i++)
		if (is_at(&all->failure[i], host))
			add(candidates, &all->failure[i], &host->host, true);
}

static void take_states(struct candidates *candidates, const struct marks *marks)
{
	for (size_t m = 0; m < marks->n; m++) {
		add(candidates, &marks->mark[m], NULL, false); /* typed, and in no list */
		for (size_t i = 0; i < candidates->n; i++)
			if (mark_same_subject(&candidates->candidate[i].mark, &marks->mark[m]))
				candidates->candidate[i].mark.state = marks->mark[m].state;
	}
}

static void candidate_text(const struct mark *mark, bool ascii, struct str *out)
{
	struct str name;

	str_init(&name, 0);
	if (mark->name.len)
		translate_name(&name, &mark->name, ascii);
	if (mark->kind == MARK_HOST)
		str_add(out, name.s);
	else if (mark->kind == MARK_ZONE)
		str_addf(out, _("DNS zone %s"), name.s);
	else if (mark->kind == MARK_SERVER)
		str_addf(out, _("name server %s"), name.s);
	else if (mark->kind == MARK_DOMAIN)
		str_addf(out, _("the MX lookup of %s"), name.s);
	else if (mark->kind == MARK_FAMILY)
		str_add(out, mark->family == 6 ? _("all of IPv6") : _("all of IPv4"));
	else
		mark_text(mark, out);
	str_release(&name);
}

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

/* The selected host first, then what is wider than a host, then the other hosts. */
static void things_build(struct candidates *candidates, const struct screen *screen, const struct scene *scene)
{
	const struct facts *facts = session_facts(scene->session);
	const struct sim_input in = {
		.domain = session_domain(scene->session),
		.set = session_set(scene->session),
		.facts = facts,
		.marks = session_marks(scene->session),
	};
	struct mark domain = { .kind = MARK_DOMAIN, .name = *session_domain(scene->session) };
	struct matrix all;

	matrix_init(&all, &in, session_sender(scene->session), 1);
	for (size_t i = 0; i < all.n_failure; i++)
		if (all.failure[i].kind == MARK_HOST &&
			(!screen->focus.host.len || dname_equal(&all.failure[i].name, &screen->focus.host))) {
			add_host(candidates, &all, facts, &all.failure[i]);
			break;
		}
	add_kind(candidates, &all, MARK_FAMILY);
	add_kind(candidates, &all, MARK_ZONE);
	add_kind(candidates, &all, MARK_SERVER);
	add(candidates, &domain, NULL, false);
	for (size_t i = 0; i < all.n_failure; i++)
		if (all.failure[i].kind == MARK_HOST)
			add_host(candidates, &all, facts, &all.failure[i]);
	take_states(candidates, in.marks);
	if (!marks_servers(in.marks, facts, &candidates->all))
		marks_copy(&candidates->all, in.marks);
	matrix_release(&all);
	leave_shown(candidates, screen, scene->ascii);
}

static void things_release(struct candidates *candidates)
{
	free(candidates->candidate);
	marks_release(&candidates->all);
	*candidates = (struct candidates){ 0 };
}

/* ---- states ---- */

static bool fits(const struct mark *mark, enum sim_state state)
{
	if (state == SIM_UP || mark->kind == MARK_HOST || mark->kind == MARK_ZONE)
		return true;
	if (mark->kind == MARK_SERVER)
		return state == SIM_SERVFAIL || state == SIM_DNS_TIMEOUT;
	return sim_states[state].of_name == (mark->kind == MARK_DOMAIN);
}

static bool is_offered(const struct screen *screen, const struct mark *mark, enum sim_state state)
{
	return fits(mark, state) &&
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

/* What another mark does to this candidate, as far as one can say: of a name its lookup, of an address the connection. */
static enum sim_state from_elsewhere(const struct candidate *candidate, const struct marks *marks)
{
	static const struct dname nobody = { 0 };

	if (candidate->mark.kind == MARK_HOST || candidate->mark.kind == MARK_ZONE)
		return marks_name(marks, &candidate->mark.name);
	if (candidate->mark.kind == MARK_DOMAIN)
		return marks_domain(marks, &candidate->mark.name);
	if (candidate->mark.kind == MARK_ADDRESS)
		return marks_address(marks, candidate->host ? candidate->host : &nobody, &candidate->mark.addr);
	return SIM_UP;
}

/* A host without an address is not up: what is known of it is said. False: it has one, or is no host. */
static bool draw_without_address(struct pen *pen, const struct candidate *candidate, const struct facts *facts)
{
	const struct host_facts *host = facts_host(facts, &candidate->mark.name);
	struct str text;

	if (candidate->mark.kind != MARK_HOST || (host && host->n_addr))
		return false;
	str_init(&text, 0);
	enum role role = ladder_host_state(host, &text);
	pen_put(pen, role, text.s);
	str_release(&text);
	return true;
}

static void draw_state(struct pen *pen, const struct candidate *candidate, const struct marks *marks, const struct facts *facts)
{
	enum sim_state state = candidate->mark.state, other = from_elsewhere(candidate, marks);

	if (state != SIM_UP)
		pen_putf(pen, ROLE_WHATIF, "✖ %s", _(sim_states[state].label));
	else if (other != SIM_UP)
		pen_putf(pen, ROLE_DIM, "▲ %s", _(sim_states[other].label));
	else if (!draw_without_address(pen, candidate, facts))
		pen_putf(pen, ROLE_OK, "✔ %s", _(sim_states[SIM_UP].label));
}

/* ---- drawing ---- */

static int state_column(const struct canvas *canvas)
{
	if (canvas->width < 60)
		return canvas->width > 24 ? canvas->width - 15 : 10;
	return canvas->width - 28 < 56 ? canvas->width - 28 : 56;
}

static void draw_candidate(struct canvas *canvas, const struct scene *scene, const struct candidates *candidates, int row, int y)
{
	const struct candidate *candidate = &candidates->candidate[row];
	bool selected = row == candidates->selected;
	int column = state_column(canvas), left = candidate->inner ? 4 : 2;
	struct pen pen = pen_at(canvas, 0, y), name = pen_until(canvas, left, y, column - 1);
	struct str text;

	str_init(&text, 0);
	candidate_text(&candidate->mark, scene->ascii, &text);
	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	pen_put(&name, candidate->inner ? ROLE_ADDRESS : ROLE_HOST, text.s);
	pen_to(&pen, column);
	draw_state(&pen, candidate, &candidates->all, session_facts(scene->session));
	str_release(&text);
	if (selected)
		frame_select(canvas, left, y);
}

static void draw_choice(struct canvas *canvas, enum sim_state state, int y, bool selected, bool now)
{
	struct pen pen = pen_at(canvas, 0, y);

	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	pen_to(&pen, 2);
	pen_put(&pen, state == SIM_UP ? ROLE_OK : ROLE_WHATIF, state == SIM_UP ? "✔" : "✖");
	pen_put(&pen, ROLE_TEXT, " ");
	pen_put(&pen, ROLE_TEXT, _(sim_states[state].label));
	pen_to(&pen, 22);
	pen_putf(&pen, ROLE_DIM, "%s%s", sim_states[state].name, now ? _(" (now)") : "");
	if (selected)
		frame_select(canvas, 4, y);
}

static void draw_states(struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area, const struct mark *mark)
{
	struct pen pen = pen_at(canvas, 1, area.top);
	struct str text;

	str_init(&text, 0);
	candidate_text(mark, scene->ascii, &text);
	pen_put(&pen, ROLE_HEADING, text.s);
	str_release(&text);
	area.top++;
	list_fit(&screen->list, row_of(screen, mark, SIM_STATES), area.bottom - area.top);
	for (int i = screen->list.top; i < screen->list.n && area.top < area.bottom; i++, area.top++) {
		enum sim_state state = state_at(screen, mark, i);

		draw_choice(canvas, state, area.top, i == screen->list.selected, state == mark->state);
		canvas_hit(canvas, &(struct hit){ 0, area.top, canvas->width, ACTION_NONE, i });
	}
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

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct candidates candidates = { 0 };
	struct area area;
	struct str title;

	str_init(&title, 0);
	title_of(scene, &title);
	area = frame_draw(canvas, scene, screen->class, title.s);
	str_release(&title);
	things_build(&candidates, screen, scene);
	if (screen->pane == STATES_PANE && (size_t)screen->scroll < candidates.n) {
		draw_states(screen, scene, canvas, area, &candidates.candidate[screen->scroll].mark);
	} else {
		screen->pane = 0;
		list_fit(&screen->list, (int)candidates.n, area.bottom - area.top);
		candidates.selected = screen->list.selected;
		if (!candidates.n) {
			struct pen pen = pen_at(canvas, 1, area.top);

			pen_put(&pen, ROLE_TEXT, _("Nothing of that name can be marked here; a mark can be typed."));
		}
		for (int i = screen->list.top; i < screen->list.n && area.top < area.bottom; i++, area.top++) {
			draw_candidate(canvas, scene, &candidates, i, area.top);
			canvas_hit(canvas, &(struct hit){ 0, area.top, canvas->width, ACTION_NONE, i });
		}
	}
	things_release(&candidates);
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
	things_build(&all, screen, scene);
	screen->scroll = 0;
	for (size_t i = 0; i < all.n; i++)
		if (mark_same_subject(&all.candidate[i].mark, mark))
			screen->scroll = (int)i;
	things_release(&all);
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
	things_build(&candidates, screen, scene);
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
	things_release(&candidates);
}

const struct screen_class screen_mark = { "mark", IN_MARK, draw, act, screen_mark_answer, NULL };
