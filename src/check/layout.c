/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of the ladder, seen by senders as they are. */
#include <stdint.h>

#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "core/ladder.h"
#include "core/preset.h"
#include "base/banned.h"

static size_t addresses(const struct host_facts *host, uint8_t family)
{
	size_t n = 0;

	for (size_t i = 0; i < host->n_addr; i++)
		n += host->addr[i].family == family;
	return n;
}

static void spof_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	struct unknown unknown = { 0 };
	const struct host_facts *host;
	enum known known;

	if (in->set->n == 0 || !target_is_name(&in->set->mx[0]))
		return;
	for (size_t i = 1; i < in->set->n; i++)
		if (target_is_first(in, i))
			return;
	if (set_hoster(in))
		return; /* a hoster's one name stands for many machines */
	known = host_known(in, &in->set->mx[0].host, &host);
	unknown_count(&unknown, known, &in->set->mx[0].host);
	unknown_skip(&unknown, check, out);
	if (known == KNOWN && host->n_addr && addresses(host, 4) <= 1 && addresses(host, 6) <= 1)
		msg_set(&findings_add(out, check, NULL)->text, N_("all mail depends on %s alone"), mx_host_show(&in->set->mx[0], text));
}

const struct check check_spof = {
	.id = "spof",
	.level = LEVEL_NOTICE,
	.title = N_("More than one server should take the mail"),
	.why = N_(
		"While the only server is down, mail waits at the senders: for days at most of them, but for hours only at some, and it comes late."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = spof_run,
};

struct reach { /* addresses of servers that are names */
	size_t v4, v6;
	struct unknown unknown;
};

static struct reach reach_of(const struct check_input *in, size_t first, size_t n)
{
	struct reach reach = { 0 };

	for (size_t i = first; i < first + n; i++) {
		const struct host_facts *host = NULL;

		if (!record_is_name(in, i))
			continue;
		unknown_count(&reach.unknown, record_known(in, i, &host), &in->set->mx[i].host);
		reach.v4 += host ? addresses(host, 4) : 0;
		reach.v6 += host ? addresses(host, 6) : 0;
	}
	return reach;
}

static bool is_v6_only(const struct reach *reach)
{
	return reach->unknown.n == 0 && reach->v4 == 0 && reach->v6;
}

static void v6_rung(const struct check *check, const struct check_input *in, const struct rung *rung, struct findings *out)
{
	const struct mx *mx = &in->set->mx[rung->first];
	struct reach reach = reach_of(in, rung->first, rung->n);
	char text[DNAME_TEXT_MAX];

	if (is_v6_only(&reach))
		msg_set(&findings_add(out, check, mx)->text,
			rung->n > 1 ? N_("no server at preference %lu has an IPv4 address, %s included")
				    : N_("the only server at preference %lu, %s, has no IPv4 address"),
			(unsigned long)rung->preference, mx_host_show(mx, text));
}

static void v6_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct reach whole = reach_of(in, 0, in->set->n);
	struct ladder ladder = { 0 };

	ladder_build(&ladder, in->set);
	if (ladder.n > 1 && is_v6_only(&whole))
		msg_set(&findings_add(out, check, NULL)->text, N_("no server of the set has an IPv4 address"));
	else
		for (size_t r = 0; r < ladder.n; r++)
			v6_rung(check, in, &ladder.rung[r], out);
	unknown_skip(&whole.unknown, check, out);
	ladder_release(&ladder);
}

const struct check check_v6_only = {
	.id = "v6-only",
	.level = LEVEL_WARNING,
	.title = N_("Each rung must be reachable over IPv4"),
	.why = N_(
		"Senders without IPv6, among them all of the qmail family, cannot use such a rung; if it is the only one, they cannot deliver."),
	.reference = "RFC 5321 §5.2",
	.needs = NEEDS_HOSTS,
	.run = v6_run,
};

/* Does the sender give up before a server that has n addresses before it? */
static bool gives_up_before(const struct sender *sender, size_t n)
{
	return sender->address_max && n >= sender->address_max && !sender->rung_exempt;
}

static void crowded_text(struct msg *msg, size_t above, const struct mx *mx, const char *who)
{
	char text[DNAME_TEXT_MAX];

	msg_set(msg, N_("%zu addresses stand before %s; these senders give up before they reach it: %s"), above, mx_host_show(mx, text),
		who);
}

static void crowded_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct unknown unknown = { 0 };
	struct ladder ladder = { 0 };
	struct finding *finding;
	size_t above = 0;
	struct str who;
	bool stop;

	ladder_build(&ladder, in->set);
	for (size_t r = 0; r < ladder.n && ladder.n > 1; r++) {
		const struct rung *rung = &ladder.rung[r];

		senders_list(gives_up_before, above, &who);
		stop = who.len > 0;
		if (stop) {
			finding = findings_add(out, check, &in->set->mx[rung->first]);
			finding->level = set_hoster(in) ? LEVEL_INFO : check->level; /* what a hoster decides is no fault of the domain's */
			crowded_text(&finding->text, above, &in->set->mx[rung->first], who.s);
		}
		str_release(&who);
		if (stop)
			break;
		for (size_t i = rung->first; i < rung->first + rung->n; i++) {
			const struct host_facts *host = NULL;

			if (!record_is_name(in, i))
				continue;
			if (r + 1 < ladder.n)
				unknown_count(&unknown, record_known(in, i, &host), &in->set->mx[i].host);
			above += host ? host->n_addr + host->more : 0;
		}
	}
	unknown_skip(&unknown, check, out);
	ladder_release(&ladder);
}

const struct check check_crowded_top = {
	.id = "crowded-top",
	.level = LEVEL_WARNING,
	.title = N_("The backup must be among the addresses that senders try"),
	.why = N_(
		"Some senders try only so many addresses of a domain, Postfix by its smtp_mx_address_limit. What stands behind them gets no mail from these, though all before it are down."),
	.reference = "postconf(5)",
	.needs = NEEDS_HOSTS,
	.run = crowded_run,
};

/* Does the sender end its attempt after fewer servers that answered than there are rungs? */
static bool stops_before(const struct sender *sender, size_t rungs)
{
	return sender->session_max && sender->session_max < rungs;
}

static void ranks_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct ladder ladder = { 0 };
	struct str who;

	ladder_build(&ladder, in->set);
	senders_list(stops_before, ladder.n, &who);
	if (who.len && !set_hoster(in))
		msg_set(&findings_add(out, check, NULL)->text, N_("the ladder has %zu rungs; these senders may stop before the last: %s"),
			ladder.n, who.s);
	str_release(&who);
	ladder_release(&ladder);
}

const struct check check_two_host_senders = {
	.id = "two-host-senders",
	.level = LEVEL_NOTICE,
	.title = N_("Two rungs should be enough"),
	.why = N_(
		"A sender should try at least two servers and need not try more; some stop after so many that answered but would not take the mail. A third rung serves only a part of the senders."),
	.reference = "RFC 5321 §5.1",
	.run = ranks_run,
};

static void flat_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct mxset *set = in->set;

	if (set->n > 1 && set->mx[0].preference == set->mx[set->n - 1].preference && !set_hoster(in) && set_hosts(in) > 1)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("all servers stand at preference %lu: they share the mail, and none stands by"),
			(unsigned long)set->mx[0].preference);
}

const struct check check_flat = {
	.id = "flat",
	.level = LEVEL_INFO,
	.title = N_("It should be meant that no server stands by"),
	.why = N_(
		"Equal servers share the mail at all times. A server that is to take it only when the others are down needs a higher number."),
	.reference = "RFC 5321 §5.1",
	.run = flat_run,
};

static void dense_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct ladder ladder = { 0 };

	if (set_hoster(in))
		return;
	ladder_build(&ladder, in->set);
	for (size_t r = 1; r < ladder.n; r++)
		if (ladder.rung[r].preference - ladder.rung[r - 1].preference == 1) {
			msg_set(&findings_add(out, check, &in->set->mx[ladder.rung[r].first])->text,
				N_("between the preferences %lu and %lu there is no room for a rung"),
				(unsigned long)ladder.rung[r - 1].preference, (unsigned long)ladder.rung[r].preference);
			break;
		}
	ladder_release(&ladder);
}

const struct check check_dense = {
	.id = "dense",
	.level = LEVEL_INFO,
	.title = N_("There should be room between two rungs"),
	.why = N_("Numbers that follow each other leave no place for a server between them. The edit \"renumber\" makes them 10, 20, 30."),
	.reference = "RFC 5321 §5.1",
	.run = dense_run,
};

/* A rung as senders weigh it. */
struct weights {
	size_t n;                    /* hosts with an address */
	size_t with_v6;              /* of them, with an IPv6 address */
	size_t first_dual, first_v4; /* records; SIZE_MAX: none */
	size_t least, most;          /* addresses of one family */
	size_t least_all, most_all;  /* addresses of both */
	size_t heaviest;             /* the record with the most */
};

static void weigh_host(struct weights *w, size_t record, const struct host_facts *host)
{
	size_t v4 = addresses(host, 4), v6 = addresses(host, 6), most = v4 > v6 ? v4 : v6, all = host->n_addr + host->more;

	if (host->n_addr == 0)
		return;
	w->with_v6 += v6 > 0;
	if (v4 && v6)
		w->first_dual = w->first_dual == SIZE_MAX ? record : w->first_dual;
	else if (v4)
		w->first_v4 = w->first_v4 == SIZE_MAX ? record : w->first_v4;
	if (w->n == 0 || most < w->least)
		w->least = most;
	if (most > w->most)
		w->most = most;
	if (w->n == 0 || all < w->least_all)
		w->least_all = all;
	if (all > w->most_all) {
		w->most_all = all;
		w->heaviest = record;
	}
	w->n++;
}

typedef void (*weights_fn)(const struct check *check, const struct check_input *in, const struct weights *weights, struct findings *out);

/* Calls fn for each rung of which all is known and that has several hosts. A hoster's names are no choice of the domain's. */
static void each_rung(const struct check *check, const struct check_input *in, weights_fn fn, struct findings *out)
{
	struct unknown unknown = { 0 };
	struct ladder ladder = { 0 };

	if (set_hoster(in))
		return;
	ladder_build(&ladder, in->set);
	for (size_t r = 0; r < ladder.n; r++) {
		const struct rung *rung = &ladder.rung[r];
		struct weights weights = { .first_dual = SIZE_MAX, .first_v4 = SIZE_MAX };
		size_t before = unknown.n;

		for (size_t i = rung->first; rung->n > 1 && i < rung->first + rung->n; i++) {
			const struct host_facts *host = NULL;

			if (!record_is_new(in, i))
				continue;
			unknown_count(&unknown, record_known(in, i, &host), &in->set->mx[i].host);
			if (host)
				weigh_host(&weights, i, host);
		}
		if (unknown.n == before && weights.n > 1)
			fn(check, in, &weights, out);
	}
	unknown_skip(&unknown, check, out);
	ladder_release(&ladder);
}

/* Does a host get more of its rung's mail for having IPv6 beside IPv4? A sender that draws hosts chooses the family only within one. */
static bool favours_dual(const struct sender *sender, size_t n)
{
	(void)n;
	return sender->family == FAMILY_V6_BUBBLE_RUNG || sender->family == FAMILY_V6_FIRST_RUNG ||
	       (sender->order == ORDER_ADDRESS_SHUFFLE && sender->family == FAMILY_MIXED);
}

static void pull_rung(const struct check *check, const struct check_input *in, const struct weights *weights, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	const struct mx *mx;
	struct str who;

	if (weights->first_dual == SIZE_MAX || weights->first_v4 == SIZE_MAX)
		return;
	mx = &in->set->mx[weights->first_dual];
	senders_list(favours_dual, 0, &who);
	msg_set(&findings_add(out, check, mx)->text,
		weights->with_v6 == 1 ? N_("%s alone has IPv6 on its rung; these senders favour it: %s")
				      : N_("%s and others on its rung have IPv6, not all; these senders favour those that have: %s"),
		mx_host_show(mx, text), who.s);
	str_release(&who);
}

static void pull_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_rung(check, in, pull_rung, out);
}

const struct check check_dual_stack_pull = {
	.id = "dual-stack-pull",
	.level = LEVEL_NOTICE,
	.title = N_("Equals should all have IPv6, or none"),
	.why = N_(
		"Equal preference is no equal share. Exim tries the IPv6 addresses of a rung before the IPv4 ones, so a host that alone has IPv6 gets all of its mail beside one equal and two thirds beside two; dma, too, tries the IPv6 addresses of a rung first; Postfix draws among addresses, and two addresses are drawn twice as often."),
	.reference = "RFC 5321 §5.2",
	.needs = NEEDS_HOSTS,
	.run = pull_run,
};

static bool draws_addresses(const struct sender *sender, size_t n)
{
	(void)n;
	return sender->order == ORDER_ADDRESS_SHUFFLE;
}

static void weight_rung(const struct check *check, const struct check_input *in, const struct weights *weights, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	const struct mx *mx = &in->set->mx[weights->heaviest];
	struct str who;

	/* what IPv6 alone makes of it is said by dual-stack-pull */
	if (weights->most <= weights->least || weights->most_all <= weights->least_all)
		return;
	senders_list(draws_addresses, 0, &who);
	msg_set(&findings_add(out, check, mx)->text,
		N_("%s has %zu addresses, others on its rung have fewer; these senders draw among addresses: %s"), mx_host_show(mx, text),
		weights->most_all, who.s);
	str_release(&who);
}

static void weight_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_rung(check, in, weight_rung, out);
}

const struct check check_host_weight = {
	.id = "host-weight",
	.level = LEVEL_INFO,
	.title = N_("Equals should have equally many addresses"),
	.why = N_(
		"Postfix draws among the addresses of a rung, so a host with two gets twice the mail of one with one. Exim, Sendmail and Courier draw among hosts, however many addresses each has."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = weight_run,
};

static void v4_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	struct unknown unknown = { 0 };
	size_t v4 = 0, v6 = 0;

	if (set_hoster(in))
		return;
	for (unsigned round = 0; round < 2; round++) {
		for (size_t i = 0; i < in->set->n; i++) {
			const struct mx *mx = &in->set->mx[i];
			const struct host_facts *host = NULL;
			enum known known;

			if (!record_is_new(in, i))
				continue;
			known = record_known(in, i, &host);
			if (round == 0) {
				unknown_count(&unknown, known, &mx->host);
				v4 += host ? addresses(host, 4) : 0;
				v6 += host ? addresses(host, 6) : 0;
			} else if (known == KNOWN && !host->n_alias && addresses(host, 4) && !addresses(host, 6) && !record_hoster(in, i)) {
				msg_set(&findings_add(out, check, mx)->text, N_("%s has no IPv6 address"), mx_host_show(mx, text));
			}
		}
		if (round == 0 && v6 == 0)
			break;
	}
	if (v4 && v6 == 0 && unknown.n == 0)
		msg_set(&findings_add(out, check, NULL)->text, N_("no server has an IPv6 address"));
	unknown_skip(&unknown, check, out);
}

const struct check check_v4_only = {
	.id = "v4-only",
	.level = LEVEL_NOTICE,
	.title = N_("Each server should be reachable over IPv6"),
	.why = N_("Senders that have IPv6 alone cannot reach such a server; the others use IPv4."),
	.reference = "RFC 5321 §5.2",
	.needs = NEEDS_HOSTS,
	.run = v4_run,
};
