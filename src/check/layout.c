/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of the ladder, seen by senders as they are. */
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
		if (target_is_first(in->set, i))
			return;
	if (preset_recognise(in->set, in->domain))
		return;		/* a hoster's one name stands for many machines */
	known = host_known(in, &in->set->mx[0].host, &host);
	unknown_count(&unknown, known, &in->set->mx[0].host);
	unknown_skip(&unknown, check, out);
	if (known == KNOWN && host->n_addr && addresses(host, 4) <= 1 && addresses(host, 6) <= 1)
		msg_set(&findings_add(out, check, NULL)->text, N_("all mail depends on %s alone"), mx_host_show(&in->set->mx[0], text));
}

const struct check check_spof = {
	.id = "spof",
	.level = LEVEL_NOTICE,
	.title = N_("More than one server takes the mail"),
	.why = N_("While the only server is down, mail waits at the senders: for days at most of them, but for hours only at some, and it comes late."),
	.reference = "RFC 5321 §5.1",
	.needs_dns = true,
	.run = spof_run,
};

static void v6_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	struct unknown unknown = { 0 };
	struct ladder ladder = { 0 };

	ladder_build(&ladder, in->set);
	for (size_t r = 0; r < ladder.n; r++) {
		size_t v4 = 0, v6 = 0, before = unknown.n;

		for (size_t i = ladder.rung[r].first; i < ladder.rung[r].first + ladder.rung[r].n; i++) {
			const struct host_facts *host = NULL;

			if (!target_is_name(&in->set->mx[i]))
				continue;
			unknown_count(&unknown, host_known(in, &in->set->mx[i].host, &host), &in->set->mx[i].host);
			v4 += host ? addresses(host, 4) : 0;
			v6 += host ? addresses(host, 6) : 0;
		}
		if (unknown.n == before && v4 == 0 && v6)
			msg_set(&findings_add(out, check, &in->set->mx[ladder.rung[r].first])->text,
				N_("no server at preference %lu has an IPv4 address, %s included"), (unsigned long)ladder.rung[r].preference,
				mx_host_show(&in->set->mx[ladder.rung[r].first], text));
	}
	unknown_skip(&unknown, check, out);
	ladder_release(&ladder);
}

const struct check check_v6_only = {
	.id = "v6-only",
	.level = LEVEL_WARNING,
	.title = N_("Each rung can be reached over IPv4"),
	.why = N_("Senders without IPv6, among them all of the qmail family, cannot use such a rung; if it is the only one, they cannot deliver."),
	.reference = "RFC 5321 §5.2",
	.needs_dns = true,
	.run = v6_run,
};

#define POSTFIX_ADDRESSES 5	/* smtp_mx_address_limit */

static void crowded_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	struct unknown unknown = { 0 };
	struct ladder ladder = { 0 };
	size_t above = 0;

	ladder_build(&ladder, in->set);
	for (size_t r = 0; r < ladder.n && ladder.n > 1; r++) {
		const struct rung *rung = &ladder.rung[r];

		if (above >= POSTFIX_ADDRESSES) {
			msg_set(&findings_add(out, check, &in->set->mx[rung->first])->text,
				N_("%zu addresses stand before %s: senders with Postfix try the first five and never reach it"), above,
				mx_host_show(&in->set->mx[rung->first], text));
			break;
		}
		for (size_t i = rung->first; i < rung->first + rung->n; i++) {
			const struct host_facts *host = NULL;

			if (!target_is_name(&in->set->mx[i]))
				continue;
			if (r + 1 < ladder.n)
				unknown_count(&unknown, host_known(in, &in->set->mx[i].host, &host), &in->set->mx[i].host);
			above += host ? host->n_addr + host->more : 0;
		}
	}
	unknown_skip(&unknown, check, out);
	ladder_release(&ladder);
}

const struct check check_crowded_top = {
	.id = "crowded-top",
	.level = LEVEL_WARNING,
	.title = N_("The backup is among the addresses that senders try"),
	.why = N_("Postfix tries at most five addresses of a domain (smtp_mx_address_limit). What stands behind them gets no mail from it."),
	.reference = "postconf(5)",
	.needs_dns = true,
	.run = crowded_run,
};

static void ranks_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct ladder ladder = { 0 };

	ladder_build(&ladder, in->set);
	if (ladder.n > 2)
		msg_set(&findings_add(out, check, NULL)->text, N_("the ladder has %zu rungs; some senders try only two servers"), ladder.n);
	ladder_release(&ladder);
}

const struct check check_two_host_senders = {
	.id = "two-host-senders",
	.level = LEVEL_NOTICE,
	.title = N_("Two rungs are enough"),
	.why = N_("A sender should try at least two servers and need not try more: Postfix stops after two that answered but failed. A third rung serves only a part of the senders."),
	.reference = "RFC 5321 §5.1",
	.run = ranks_run,
};
