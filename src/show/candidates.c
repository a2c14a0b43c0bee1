/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/candidates.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "show/host.h"
#include "show/translate.h"
#include "sim/matrix/matrix.h"
#include "base/banned.h"

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

void candidate_text(const struct mark *mark, bool ascii, struct str *out)
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

/* The first host, then what is wider than a host, then the other hosts. */
void candidates_gather(const struct session *session, const struct dname *first, struct candidates *candidates)
{
	const struct facts *facts = session_facts(session);
	const struct sim_input in = {
		.domain = session_domain(session),
		.set = session_set(session),
		.facts = facts,
		.marks = session_marks(session),
	};
	struct mark domain = { .kind = MARK_DOMAIN, .name = *session_domain(session) };
	struct matrix all;

	matrix_init(&all, &in, session_sender(session), 1);
	for (size_t i = 0; i < all.n_failure; i++)
		if (all.failure[i].kind == MARK_HOST && (!first->len || dname_equal(&all.failure[i].name, first))) {
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
}

void candidates_release(struct candidates *candidates)
{
	free(candidates->candidate);
	marks_release(&candidates->all);
	*candidates = (struct candidates){ 0 };
}

/* ---- a row each ---- */

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
static bool add_without_address(const struct candidate *candidate, const struct facts *facts, struct document *document)
{
	const struct host_facts *host = facts_host(facts, &candidate->mark.name);
	struct sign sign;
	struct str word;

	if (candidate->mark.kind != MARK_HOST || (host && host->n_addr))
		return false;
	str_init(&word, 0);
	sign = host_state(host, &word);
	str_add(document_sign(document, sign, 0), word.s);
	str_release(&word);
	return true;
}

void candidate_row(const struct candidates *candidates, size_t i, const struct facts *facts, bool ascii, struct document *document)
{
	const struct candidate *candidate = &candidates->candidate[i];
	enum sim_state state = candidate->mark.state, other = from_elsewhere(candidate, &candidates->all);

	document->depth += candidate->inner;
	document_row(document);
	document->depth -= candidate->inner;
	candidate_text(&candidate->mark, ascii, document_cell(document, candidate->inner ? ROLE_ADDRESS : ROLE_HOST, 0, ""));
	if (state != SIM_UP)
		str_add(document_cell(document, ROLE_WHATIF, 0, "✖"), _(sim_states[state].label));
	else if (other != SIM_UP)
		str_add(document_cell(document, ROLE_DIM, 0, "▲"), _(sim_states[other].label));
	else if (!add_without_address(candidate, facts, document))
		str_add(document_cell(document, ROLE_OK, 0, "✔"), _(sim_states[SIM_UP].label));
}

/* ---- the states to choose ---- */

bool candidate_takes(const struct mark *mark, enum sim_state state)
{
	if (state == SIM_UP || mark->kind == MARK_HOST || mark->kind == MARK_ZONE)
		return true;
	if (mark->kind == MARK_SERVER)
		return state == SIM_SERVFAIL || state == SIM_DNS_TIMEOUT;
	return sim_states[state].of_name == (mark->kind == MARK_DOMAIN);
}

void candidate_state_row(enum sim_state state, bool now, struct document *document)
{
	bool up = state == SIM_UP;
	struct str *name;

	document_row(document);
	str_add(document_cell(document, up ? ROLE_OK : ROLE_WHATIF, 0, up ? "✔" : "✖"), _(sim_states[state].label));
	name = document_cell(document, ROLE_DIM, 0, "");
	str_addf(name, "%s%s", sim_states[state].name, now ? _(" (now)") : "");
}
