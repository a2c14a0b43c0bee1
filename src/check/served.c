/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the zone's name servers, its parent and a cache say. A draft is served by nobody: of the live set nothing is said beside it. */
#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "core/server.h"
#include "core/truth.h"
#include "base/banned.h"

static bool told(const struct server_facts *server)
{
	return server_state(server) == SERVER_ANSWERS && !server->elsewhere;
}

static const struct server_facts *first_that(const struct facts *facts, bool (*is)(const struct server_facts *server))
{
	for (size_t i = 0; i < facts->n_server; i++)
		if (is(&facts->server[i]))
			return &facts->server[i];
	return NULL;
}

static bool is_first_of_name(const struct facts *facts, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (dname_equal(&facts->server[k].name, &facts->server[i].name))
			return false;
	return true;
}

/* ---- one set everywhere ---- */

static void disagree_text(struct msg *msg, const struct server_facts *a, const struct server_facts *b)
{
	char one[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX], one_set[SET_TEXT_MAX], other_set[SET_TEXT_MAX];

	dname_show(&a->name, one);
	dname_show(&b->name, other);
	if (!a->set.n && !b->set.n)
		msg_set(msg, N_("%s says that the name does not exist, and %s that it exists and has no MX record"),
			a->mx == ANSWER_NXDOMAIN ? one : other, a->mx == ANSWER_NXDOMAIN ? other : one);
	else if (!a->set.n || !b->set.n)
		msg_set(msg, a->set.n ? N_("%s has the set %s, and %s has no MX record") : N_("%s has no MX record, and %s has the set %s"),
			one, a->set.n ? set_text(&a->set, one_set) : other, a->set.n ? other : set_text(&b->set, other_set));
	else
		msg_set(msg, N_("%s has the set %s, and %s has the set %s"), one, set_text(&a->set, one_set), other,
			set_text(&b->set, other_set));
}

static void disagree_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct server_facts *first;
	char one[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX], ttl[TEXT_SPAN_MAX], another[TEXT_SPAN_MAX];

	if (in->is_draft)
		return;
	first = first_that(in->facts, told);
	for (size_t i = 0; first && i < in->facts->n_server; i++) {
		const struct server_facts *server = &in->facts->server[i];
		struct finding *finding;

		if (!told(server))
			continue;
		if (server->mx != first->mx || !mxset_same_records(&server->set, &first->set)) {
			disagree_text(&findings_add(out, check, NULL)->text, first, server);
			return;
		}
		if (server->set.n && server->set.ttl_s != first->set.ttl_s) {
			finding = findings_add(out, check, NULL);
			finding->level = LEVEL_WARNING;
			msg_set(&finding->text, N_("%s gives the set a TTL of %s, %s one of %s"), dname_show(&first->name, one),
				text_span(first->set.ttl_s, ttl), dname_show(&server->name, other), text_span(server->set.ttl_s, another));
			return;
		}
	}
}

const struct check check_auth_disagree = {
	.id = "auth-disagree",
	.level = LEVEL_ERROR,
	.title = N_("All name servers must give one set"),
	.why = N_(
		"Which set a sender sees depends on the server that its resolver asks. After a change this passes; else a transfer fails, or a server holds an old copy."),
	.reference = "RFC 1034 §4.3.5",
	.needs = NEEDS_SERVERS,
	.run = disagree_run,
};

/* ---- each server answers ---- */

static bool answers_elsewhere(const struct facts *facts, const struct dname *name)
{
	for (size_t i = 0; i < facts->n_server; i++)
		if (dname_equal(&facts->server[i].name, name) && server_state(&facts->server[i]) == SERVER_ANSWERS)
			return true;
	return false;
}

static void fail_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	for (size_t i = 0; i < in->facts->n_server; i++) {
		const struct server_facts *server = &in->facts->server[i];
		struct msg fault;

		if (is_first_of_name(in->facts, i) && server_state(server) != SERVER_UNREACHABLE &&
			!answers_elsewhere(in->facts, &server->name) && server_trouble_text(server, &fault))
			findings_add(out, check, NULL)->text = fault;
	}
}

const struct check check_auth_fail = {
	.id = "auth-fail",
	.level = LEVEL_WARNING,
	.title = N_("Each name server of the zone must answer for it"),
	.why = N_(
		"A resolver that asks this server loses time, and finds nothing where the others are down. Mend it, or take it out of the delegation."),
	.reference = "RFC 1034 §4.2.2",
	.needs = NEEDS_SERVERS,
	.run = fail_run,
};

static bool has_serial(const struct server_facts *server)
{
	return told(server) && server->soa == ANSWER_DATA;
}

static bool sets_agree(const struct facts *facts)
{
	const struct server_facts *first = first_that(facts, told);

	for (size_t i = 0; i < facts->n_server; i++)
		if (told(&facts->server[i]) && !mxset_equal(&facts->server[i].set, &first->set))
			return false;
	return true;
}

static void serial_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct server_facts *first;
	char one[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];

	if (!sets_agree(in->facts))
		return; /* sets that differ say more */
	first = first_that(in->facts, has_serial);
	for (size_t i = 0; first && i < in->facts->n_server; i++) {
		const struct server_facts *server = &in->facts->server[i];

		if (!has_serial(server) || server->serial == first->serial)
			continue;
		msg_set(&findings_add(out, check, NULL)->text, N_("%s has the zone's serial %lu, %s has %lu"),
			dname_show(&first->name, one), (unsigned long)first->serial, dname_show(&server->name, other),
			(unsigned long)server->serial);
		return;
	}
}

const struct check check_serial_lag = {
	.id = "serial-lag",
	.level = LEVEL_NOTICE,
	.title = N_("All name servers should hold one version of the zone"),
	.why = N_(
		"The set is the same everywhere, but not the zone: a server is behind, or each counts for itself, as some hosts let them. A change may come late there."),
	.reference = "RFC 1996 §2",
	.needs = NEEDS_SERVERS,
	.run = serial_run,
};

/* ---- the parent's view ---- */

static bool both_known(const struct facts *facts)
{
	return facts->parent_ns == ANSWER_DATA && facts->child_ns == ANSWER_DATA;
}

static bool parents_skip(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct facts *facts = in->facts;

	if (both_known(facts))
		return false;
	if (facts->parent_ns == ANSWER_PENDING || facts->child_ns == ANSWER_PENDING)
		msg_set(findings_skip(out, check), N_("not answered yet"));
	else
		msg_set(findings_skip(out, check), N_("the name servers that the parent names, or the zone, are not known"));
	return true;
}

static bool is_at_both(const struct server_facts *server)
{
	return server->at_parent && server->at_child;
}

/* Is one of the addresses of the servers that the parent names one of the zone's own, too? */
static bool share_address(const struct facts *facts)
{
	for (size_t i = 0; i < facts->n_server; i++)
		for (size_t k = 0; facts->server[i].at_parent && k < facts->n_server; k++)
			if (facts->server[k].at_child && facts->server[k].addr.family &&
				addr_equal(&facts->server[i].addr, &facts->server[k].addr))
				return true;
	return false;
}

static bool is_known_to_be_apart(const struct facts *facts)
{
	bool parent = false, child = false;

	for (size_t i = 0; i < facts->n_server; i++) {
		if (!facts->server[i].addr.family)
			return false;
		parent = parent || facts->server[i].at_parent;
		child = child || facts->server[i].at_child;
	}
	return parent && child && !first_that(facts, is_at_both) && !share_address(facts);
}

static void parent_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct facts *facts = in->facts;
	char text[DNAME_TEXT_MAX];

	if (parents_skip(check, in, out) || is_known_to_be_apart(facts))
		return; /* wrong-zone says more */
	for (size_t i = 0; i < facts->n_server; i++) {
		const struct server_facts *server = &facts->server[i];

		if (server->at_parent == server->at_child || !is_first_of_name(facts, i))
			continue;
		msg_set(&findings_add(out, check, NULL)->text,
			server->at_parent ? N_("the parent zone names the server %s, the zone itself does not")
					  : N_("the zone names the server %s, its parent does not"),
			dname_show(&server->name, text));
	}
}

const struct check check_parent_child_ns = {
	.id = "parent-child-ns",
	.level = LEVEL_WARNING,
	.title = N_("The zone and its parent should name the same servers"),
	.why = N_(
		"Resolvers begin with the parent's list and may go on with the zone's. A server on one list alone is asked by some of them and forgotten at changes."),
	.reference = "RFC 1034 §4.2.2",
	.needs = NEEDS_PARENT | NEEDS_SERVERS,
	.run = parent_run,
};

static bool is_at_child(const struct server_facts *server)
{
	return server->at_child;
}

static bool is_at_parent(const struct server_facts *server)
{
	return server->at_parent;
}

static void wrong_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char parent[DNAME_TEXT_MAX], child[DNAME_TEXT_MAX];

	if (parents_skip(check, in, out) || !is_known_to_be_apart(in->facts))
		return;
	msg_set(&findings_add(out, check, NULL)->text,
		N_("the parent zone names other servers (%s ...) than the zone itself (%s ...), and they share no address"),
		dname_show(&first_that(in->facts, is_at_parent)->name, parent),
		dname_show(&first_that(in->facts, is_at_child)->name, child));
}

const struct check check_wrong_zone = {
	.id = "wrong-zone",
	.level = LEVEL_ERROR,
	.title = N_("The zone that is asked must be the one that is kept"),
	.why = N_(
		"Two copies of one zone: the world asks the servers that the parent names, and what the others hold is seen by few or none. Change the delegation, or the zone's NS records."),
	.reference = "RFC 1034 §4.2.2",
	.needs = NEEDS_PARENT | NEEDS_SERVERS,
	.run = wrong_run,
};

/* ---- what the resolver says itself ---- */

static bool some_server_has(const struct facts *facts, const struct mxset *set, size_t *n)
{
	bool has = false;

	for (size_t i = 0; i < facts->n_server; i++)
		if (server_state(&facts->server[i]) == SERVER_ANSWERS) {
			*n += 1;
			has |= mxset_same_records(&facts->server[i].set, set);
		}
	return has;
}

static void split_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct cached_facts *cached = &in->facts->cached;
	char text[SET_TEXT_MAX];
	size_t n = 0;

	if (in->is_draft)
		return;
	if (in->facts->source != SOURCE_RESOLVER) {
		msg_set(findings_skip(out, check), N_("no resolver's answer can be compared with what is held or served"));
		return;
	}
	if (!truth_tells(cached->mx) || !cached->exact || some_server_has(in->facts, &cached->set, &n) || !n)
		return;
	if (cached->set.n)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("the resolver answers as an authority itself, with a set that no name server of the zone gives: %s"),
			set_text(&cached->set, text));
	else
		msg_set(&findings_add(out, check, NULL)->text,
			N_("the resolver answers as an authority itself that there is no MX record, which no name server of the zone says"));
}

const struct check check_split_view = {
	.id = "split-view",
	.level = LEVEL_NOTICE,
	.title = N_("The resolver should see what the world sees"),
	.why = N_(
		"A resolver with a zone of its own under this name hides what is published. What is seen through it here is not what senders elsewhere see."),
	.reference = "RFC 9499 §6",
	.needs = NEEDS_SERVERS | NEEDS_MX,
	.run = split_run,
};

/* ---- what caches hold ---- */

/* Is there a live set that others than the cache told, and a cache's answer to compare? */
static bool cache_is_known(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct facts *facts = in->facts;

	if (truth_tells(facts->mx) && truth_tells(facts->cached.mx) && !facts->cached.exact &&
		(facts->live_source == SOURCE_SERVER || facts->live_source == SOURCE_PROVIDER))
		return true;
	if (facts->cached.mx == ANSWER_PENDING)
		msg_set(findings_skip(out, check), N_("not answered yet"));
	else
		msg_set(findings_skip(out, check), N_("no resolver's answer can be compared with what is held or served"));
	return false;
}

static void lag_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct cached_facts *cached = &in->facts->cached;
	char text[SET_TEXT_MAX], left[TEXT_SPAN_MAX];

	if (in->is_draft || !cache_is_known(check, in, out) || mxset_same_records(&cached->set, in->set))
		return;
	if (cached->set.n)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("a cache held another set when it was asked, for another %s by its own word: %s"),
			text_span(cached->set.ttl_s, left), set_text(&cached->set, text));
	else
		msg_set(&findings_add(out, check, NULL)->text, N_("a cache held that there is no MX record, when it was asked"));
}

const struct check check_cache_lag = {
	.id = "cache-lag",
	.level = LEVEL_INFO,
	.title = N_("It should be known what caches still hold"),
	.why = N_("Senders behind such a cache use the old set until it runs out. Keep the old servers running for that long."),
	.reference = "RFC 1034 §3.6",
	.needs = NEEDS_MX,
	.run = lag_run,
};

static void stretch_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct cached_facts *cached = &in->facts->cached;
	char kept[TEXT_SPAN_MAX], ttl[TEXT_SPAN_MAX];

	if (in->is_draft || !cache_is_known(check, in, out))
		return;
	if (cached->set.n && in->set->ttl_s != MX_TTL_UNKNOWN && mxset_same_records(&cached->set, in->set) &&
		cached->set.ttl_s > in->set->ttl_s)
		msg_set(&findings_add(out, check, NULL)->text, N_("the resolver keeps the set for %s, though its TTL is %s"),
			text_span(cached->set.ttl_s, kept), text_span(in->set->ttl_s, ttl));
}

const struct check check_ttl_stretch = {
	.id = "ttl-stretch",
	.level = LEVEL_INFO,
	.title = N_("A resolver should keep no answer longer than its TTL"),
	.why = N_("Or the TTL was higher when it asked. A cut-over reaches those behind this resolver later than the zone's TTL says."),
	.reference = "RFC 1035 §3.2.1",
	.needs = NEEDS_MX,
	.run = stretch_run,
};

static void negative_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct facts *facts = in->facts;
	char left[TEXT_SPAN_MAX];

	if (!in->is_draft || !in->set->n || facts->live.n || !truth_tells(facts->mx))
		return;
	if (facts->negative_ttl_s)
		msg_set(&findings_add(out, check, NULL)->text, N_("caches may hold that there is no MX record for %s more"),
			text_span(facts->negative_ttl_s, left));
	else
		msg_set(findings_skip(out, check), N_("for how long caches hold that there is no MX record is not known"));
}

const struct check check_negative_ttl = {
	.id = "negative-ttl",
	.level = LEVEL_INFO,
	.title = N_("It should be known when a first MX record is seen"),
	.why = N_(
		"That there is nothing is kept too, for as long as the zone's SOA record says. Until then some mail goes where it went without MX records."),
	.reference = "RFC 2308 §5",
	.needs = NEEDS_MX,
	.run = negative_run,
};
