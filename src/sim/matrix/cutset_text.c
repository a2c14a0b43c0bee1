/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cut set means, in a sentence. */
#include "sim/matrix/matrix.h"

#include <stdio.h>

#include "base/i18n.h"

#include "base/banned.h"

#define SOME 0.0005 /* a part below this is none */

struct wording {
	const struct matrix *matrix;
	const struct matrix_cut *cut;
	bool left;  /* marks take a part away: the words are of what is left */
	bool known; /* some address is not known: the words are of those that are */
	struct msg *msg;
};

static const struct mark *mark_at(const struct wording *w, size_t i)
{
	return &w->matrix->failure[w->cut->failure[i]];
}

static bool all_are(const struct wording *w, enum mark_kind kind)
{
	for (size_t i = 0; i < w->cut->n; i++) {
		if (mark_at(w, i)->kind != kind)
			return false;
	}
	return true;
}

/* A host or a name server by its name alone, as people read it; others as marks are written. */
static void failure_text(const struct mark *mark, bool bare, struct str *out)
{
	char name[DNAME_TEXT_MAX];

	if (mark->kind == MARK_HOST || (bare && mark->kind == MARK_SERVER))
		str_add(out, dname_show(&mark->name, name));
	else
		mark_text(mark, out);
}

/* The hosts that have addresses: how many, and the names of the first two. */
static size_t hosts_text(const struct matrix *matrix, struct str *first, struct str *second)
{
	size_t n = 0;

	for (size_t i = 0; i < matrix->n_failure && matrix->failure[i].kind == MARK_HOST; i++) {
		const struct host_facts *facts = facts_host(matrix->in.facts, &matrix->failure[i].name);

		if (facts && facts->n_addr > 0 && ++n <= 2)
			failure_text(&matrix->failure[i], true, n == 1 ? first : second);
	}
	return n;
}

/* What every address is or lies in, where some are not known. */
static void describe_known(const struct wording *w, const char *what, bool inside)
{
	if (inside)
		msg_set(w->msg, w->left ? N_("every known address that is left lies in %s") : N_("every address that is known lies in %s"),
			what);
	else
		msg_set(w->msg, w->left ? N_("every known address that is left is %s") : N_("every address that is known is %s"), what);
}

/* An address or a network that all of them have in common. */
static void describe_common(const struct wording *w)
{
	bool shared = mark_at(w, 0)->kind == MARK_ADDRESS;
	struct str first, second, failure;

	str_init(&first, 0);
	str_init(&second, 0);
	str_init(&failure, 0);
	failure_text(mark_at(w, 0), false, &failure);
	if (w->known)
		describe_known(w, failure.s, !shared);
	else if (w->left)
		msg_set(w->msg, shared ? N_("all mail servers that are left share %s") : N_("all mail servers that are left lie in %s"),
			failure.s);
	else if (hosts_text(w->matrix, &first, &second) == 2)
		msg_set(w->msg, shared ? N_("%s and %s share %s") : N_("%s and %s lie in %s"), first.s, second.s, failure.s);
	else
		msg_set(w->msg, shared ? N_("all mail servers share %s") : N_("all mail servers lie in %s"), failure.s);
	str_release(&first);
	str_release(&second);
	str_release(&failure);
}

static size_t count_in(const struct zone_facts *zone, const struct dname *server)
{
	size_t n = 0;

	for (size_t j = 0; j < zone->n_ns; j++)
		n += dname_equal(server, &zone->name_server[j]);
	return n;
}

/* The zone that these name servers are, with those that are marked; the domain's own first. */
static const struct zone_facts *zone_by_servers(const struct wording *w)
{
	const struct facts *facts = w->matrix->in.facts;
	const struct marks *marks = w->matrix->in.marks;
	const struct zone_facts *found = NULL;

	for (size_t z = 0; z < facts->n_zone; z++) {
		const struct zone_facts *zone = &facts->zones[z];
		size_t inside = 0, marked = 0;

		for (size_t i = 0; i < w->cut->n; i++)
			inside += count_in(zone, &mark_at(w, i)->name);
		for (size_t i = 0; marks && i < marks->n; i++)
			marked += marks->mark[i].kind == MARK_SERVER ? count_in(zone, &marks->mark[i].name) : 0;
		if (inside == w->cut->n && zone->n_ns == inside + marked && (!found || dname_under(w->matrix->in.domain, &zone->apex)))
			found = zone;
	}
	return found;
}

static void describe_host(const struct wording *w, const char *name)
{
	if (w->known && w->left)
		msg_set(w->msg, N_("%s is the only mail server that is left whose address is known"), name);
	else if (w->left)
		msg_set(w->msg, N_("%s is the only mail server that is left"), name);
	else if (matrix_hosts(w->matrix) == 1)
		msg_set(w->msg, N_("%s is the only mail server"), name);
	else
		msg_set(w->msg,
			w->known ? N_("%s is the only mail server whose address is known")
				 : N_("%s is the only mail server that has an address"),
			name);
}

/* The zone of the mail servers' names, or of the domain itself. */
static void describe_zone(const struct wording *w, const struct dname *zone)
{
	char name[DNAME_TEXT_MAX];

	dname_show(zone, name);
	if (dname_under(w->matrix->in.domain, zone))
		msg_set(w->msg, N_("the domain itself is in the zone %s: without it no MX record is found"), name);
	else if (w->known)
		msg_set(w->msg,
			w->left ? N_("the name of every mail server that is left whose address is known is in the zone %s")
				: N_("the name of every mail server whose address is known is in the zone %s"),
			name);
	else
		msg_set(w->msg,
			w->left ? N_("the name of every mail server that is left is in the zone %s")
				: N_("every mail server's name is in the zone %s"),
			name);
}

static void describe_one(const struct wording *w)
{
	const struct mark *mark = mark_at(w, 0);
	const struct zone_facts *zone;
	char name[DNAME_TEXT_MAX], of[DNAME_TEXT_MAX];

	switch (mark->kind) {
	case MARK_HOST:
		describe_host(w, dname_show(&mark->name, name));
		break;
	case MARK_ADDRESS:
	case MARK_NET:
		describe_common(w);
		break;
	case MARK_FAMILY:
		if (w->known)
			describe_known(w, mark->family == 6 ? "IPv6" : "IPv4", false);
		else
			msg_set(w->msg, w->left ? N_("every address that is left is %s") : N_("every address of the mail servers is %s"),
				mark->family == 6 ? "IPv6" : "IPv4");
		break;
	case MARK_ZONE:
		describe_zone(w, &mark->name);
		break;
	case MARK_SERVER:
		zone = zone_by_servers(w);
		msg_set(w->msg,
			zone && zone->n_ns > 1 ? N_("%s is the only name server of %s that is left")
					       : N_("%s is the only name server of %s"),
			dname_show(&mark->name, name), zone ? dname_show(&zone->apex, of) : "?");
		break;
	case MARK_DOMAIN:
		break;
	}
}

/* Are the words of all mail servers? */
static bool all_there(const struct wording *w)
{
	return !w->left && !w->known;
}

static void describe_two(const struct wording *w, const struct zone_facts *zone)
{
	char name[DNAME_TEXT_MAX];
	struct str a, b;

	str_init(&a, 0);
	str_init(&b, 0);
	failure_text(mark_at(w, 0), zone != NULL, &a);
	failure_text(mark_at(w, 1), zone != NULL, &b);
	if (zone && zone->n_ns > 2)
		msg_set(w->msg, N_("both name servers of %s that are left must fail: %s and %s"), dname_show(&zone->apex, name), a.s, b.s);
	else if (zone)
		msg_set(w->msg, N_("both name servers of %s must fail: %s and %s"), dname_show(&zone->apex, name), a.s, b.s);
	else if (all_there(w) && all_are(w, MARK_HOST))
		msg_set(w->msg, N_("both mail servers must fail: %s and %s"), a.s, b.s);
	else if (all_there(w) && all_are(w, MARK_ADDRESS))
		msg_set(w->msg, N_("both addresses must fail: %s and %s"), a.s, b.s);
	else
		msg_set(w->msg, N_("both must fail: %s and %s"), a.s, b.s);
	str_release(&a);
	str_release(&b);
}

static void describe_more(const struct wording *w, const struct zone_facts *zone)
{
	unsigned long n = w->cut->n;
	char name[DNAME_TEXT_MAX];
	struct str list;

	str_init(&list, 0);
	for (size_t i = 0; i < n; i++) {
		str_add(&list, i ? ", " : "");
		failure_text(mark_at(w, i), all_are(w, MARK_SERVER), &list);
	}
	if (zone && zone->n_ns > n)
		msg_set_n(w->msg, n,
			NP_("all %lu name server of %s that is left must fail: %s",
				"all %lu name servers of %s that are left must fail: %s"),
			n, dname_show(&zone->apex, name), list.s);
	else if (zone)
		msg_set_n(w->msg, n, NP_("all %lu name server of %s must fail: %s", "all %lu name servers of %s must fail: %s"), n,
			dname_show(&zone->apex, name), list.s);
	else if (!w->left && all_are(w, MARK_SERVER))
		msg_set_n(w->msg, n, NP_("all %lu name server must fail: %s", "all %lu name servers must fail: %s"), n, list.s);
	else if (all_there(w) && all_are(w, MARK_HOST))
		msg_set_n(w->msg, n, NP_("all %lu mail server must fail: %s", "all %lu mail servers must fail: %s"), n, list.s);
	else if (all_there(w) && all_are(w, MARK_ADDRESS))
		msg_set_n(w->msg, n, NP_("all %lu address must fail: %s", "all %lu addresses must fail: %s"), n, list.s);
	else
		msg_set(w->msg, N_("all of these must fail: %s"), list.s);
	str_release(&list);
}

/* Is there a mail server of which nobody knows whether it has an address? */
static bool any_unknown(const struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->n_failure && matrix->failure[i].kind == MARK_HOST; i++) {
		const struct host_facts *facts = facts_host(matrix->in.facts, &matrix->failure[i].name);

		if (!facts || (facts->n_addr == 0 && (!answer_is_final(facts->a) || answer_is_soft(facts->a) ||
							     !answer_is_final(facts->aaaa) || answer_is_soft(facts->aaaa))))
			return true;
	}
	return false;
}

/* What the attempts come to with the whole set down, where some address is not known. */
static double unknown_part(const struct matrix *matrix, const struct matrix_cut *cut)
{
	struct sim_input in = matrix->in;
	struct sim_result result = { 0 };
	struct marks marks = { 0 };
	double unknown;

	matrix_marks(matrix, cut->failure, cut->n, &marks);
	in.marks = &marks;
	in.no_trace = true;
	failover_run(&in, matrix->sender, &result);
	unknown = result.final.unknown;
	sim_result_release(&result);
	marks_release(&marks);
	return unknown > SOME ? unknown : 0;
}

static void describe_rest(double unknown, struct msg *msg)
{
	unsigned percent = (unsigned)(unknown * 100 + 0.5);
	char text[16];

	snprintf(text, sizeof text, "%u %%", percent < 1 ? 1 : percent > 99 ? 99 : percent);
	if (unknown > 1 - SOME)
		msg_set(msg, N_("then all mail comes to servers whose addresses are not known, and may be taken there"));
	else
		msg_set(msg, N_("then %s of the mail comes to servers whose addresses are not known, and may be taken there"), text);
}

void matrix_cutset_words(const struct matrix *matrix, const struct matrix_cut *cut, struct cut_words *words)
{
	size_t all, gone = matrix_gone(matrix, &all);
	struct wording w = { matrix, cut, gone > 0, any_unknown(matrix), &words->why };
	const struct zone_facts *zone = all_are(&w, MARK_SERVER) ? zone_by_servers(&w) : NULL;

	*words = (struct cut_words){ .unknown = w.known ? unknown_part(matrix, cut) : 0 };
	if (words->unknown > 0)
		describe_rest(words->unknown, &words->rest);
	if (cut->n == 1)
		describe_one(&w);
	else if (cut->n == 2)
		describe_two(&w, zone);
	else if (cut->n > 2)
		describe_more(&w, zone);
}
