/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/must_judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "check/lint.h"
#include "check/needs.h"
#include "check/rules.h"
#include "core/preset.h"
#include "base/banned.h"

/* ---- mail under failures ---- */

enum must_answer must_judge_survives(const struct must *must, const struct must_input *input, struct msg *why)
{
	if (mxset_is_null(input->in->set)) {
		msg_set(why, N_("the null MX takes no mail at all"));
		return MUST_NOT_MET;
	}
	return input->survives(must, input->in, why);
}

/* ---- the TTL ---- */

static bool ttl_known(const struct check_input *in)
{
	const struct facts *facts = in->facts;
	bool guessed = !in->is_draft && facts->live_source == SOURCE_PROVIDER && facts->held.ttl_guessed;

	return in->set->ttl_s != MX_TTL_UNKNOWN && !guessed;
}

/* The TTL to judge, of records that may differ the highest or the lowest; MUST_MET: there is one. */
static enum must_answer find_ttl(const struct check_input *in, bool highest, uint32_t *ttl_s, struct msg *why)
{
	if (!in->set->n) {
		msg_set(why, N_("there are no MX records that could have a TTL"));
		return MUST_NOT_MET;
	}
	if (!ttl_known(in)) {
		msg_set(why, N_("the TTL of the set is not known: only a cache told it, or the provider does not"));
		return MUST_UNKNOWN;
	}
	*ttl_s = highest && !in->is_draft && in->facts->ttl_max_s > in->set->ttl_s ? in->facts->ttl_max_s : in->set->ttl_s;
	return MUST_MET;
}

static void say_ttl(uint32_t ttl_s, struct msg *why)
{
	char text[TEXT_SPAN_MAX];

	msg_set(why, N_("the TTL of the set is %s"), text_span(ttl_s, text));
}

enum must_answer must_judge_ttl_most(const struct must *must, const struct must_input *input, struct msg *why)
{
	uint32_t ttl_s;
	enum must_answer answer = find_ttl(input->in, true, &ttl_s, why);

	if (answer != MUST_MET || ttl_s <= must->number)
		return answer;
	say_ttl(ttl_s, why);
	return MUST_NOT_MET;
}

enum must_answer must_judge_ttl_least(const struct must *must, const struct must_input *input, struct msg *why)
{
	uint32_t ttl_s;
	enum must_answer answer = find_ttl(input->in, false, &ttl_s, why);

	if (answer != MUST_MET || ttl_s >= must->number)
		return answer;
	say_ttl(ttl_s, why);
	return MUST_NOT_MET;
}

/* ---- hosts and networks ---- */

struct nets { /* of one IP version: the first address of each */
	uint8_t family;
	unsigned bits;
	size_t n, cap;
	struct addr *net;
};

static void nets_add(struct nets *nets, const struct addr *addr)
{
	if (addr->family != nets->family)
		return;
	for (size_t i = 0; i < nets->n; i++)
		if (addr_in(addr, &nets->net[i], nets->bits))
			return;
	nets->net = mem_grow(nets->net, nets->n, &nets->cap, sizeof(*nets->net));
	nets->net[nets->n++] = *addr;
}

struct counted {
	size_t hosts, networks;
	struct unknown unknown; /* whose addresses are not all known: there may be more */
};

static void count(const struct check_input *in, struct counted *out)
{
	struct nets v4 = { .family = 4, .bits = 24 }, v6 = { .family = 6, .bits = 48 };

	*out = (struct counted){ 0 };
	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct host_facts *host = NULL;
		enum known known;

		if (!record_is_new(in, i))
			continue;
		known = record_known(in, i, &host);
		unknown_count(&out->unknown, known == KNOWN && host->more ? KNOWN_NOT : known, &mx->host);
		out->hosts += host && host->n_addr;
		for (size_t k = 0; host && k < host->n_addr; k++) {
			nets_add(&v4, &host->addr[k]);
			nets_add(&v6, &host->addr[k]);
		}
	}
	out->networks = v4.n > v6.n ? v4.n : v6.n;
	free(v4.net);
	free(v6.net);
}

/* May a host whose addresses are not known make up for what is missing? */
static bool may_be_more(const struct counted *counted, struct msg *why)
{
	char text[DNAME_TEXT_MAX];

	if (counted->unknown.n)
		msg_set(why, N_("the addresses of %s are not all known"), dname_show(&counted->unknown.host, text));
	return counted->unknown.n;
}

enum must_answer must_judge_hosts(const struct must *must, const struct must_input *input, struct msg *why)
{
	struct counted counted;

	count(input->in, &counted);
	if (counted.hosts >= must->number)
		return MUST_MET;
	if (may_be_more(&counted, why))
		return MUST_UNKNOWN;
	msg_set_n(why, counted.hosts, NP_("%zu host of the set has an address", "%zu hosts of the set have an address"), counted.hosts);
	return MUST_NOT_MET;
}

enum must_answer must_judge_networks(const struct must *must, const struct must_input *input, struct msg *why)
{
	struct counted counted;

	count(input->in, &counted);
	if (counted.networks >= must->number)
		return MUST_MET;
	if (may_be_more(&counted, why))
		return MUST_UNKNOWN;
	msg_set_n(why, counted.networks,
		NP_("the hosts lie in %zu network of one IP version (/24, /48)",
			"the hosts lie in %zu networks of one IP version (/24, /48)"),
		counted.networks);
	return MUST_NOT_MET;
}

/* ---- MTA-STS ---- */

/* Judges a policy that could not be fetched. A failure that every sender would see counts as not met. */
static enum must_answer sts_unread(const struct sts_facts *sts, struct msg *why)
{
	switch (sts->fetch) {
	case STS_FETCH_NO_ADDRESS:
	case STS_FETCH_REDIRECT:
	case STS_FETCH_STATUS:
	case STS_FETCH_TOO_LARGE:
		msg_set(why, N_("there is an MTA-STS record, but no policy that can be fetched"));
		return MUST_NOT_MET;
	case STS_FETCH_UNASKED:
	case STS_FETCH_PENDING:
	case STS_FETCH_OK:
	case STS_FETCH_UNREACHABLE:
	case STS_FETCH_CERTIFICATE:
	case STS_FETCH_TYPE:
		break;
	}
	msg_set(why, N_("the MTA-STS policy could not be fetched from here"));
	return MUST_UNKNOWN;
}

static bool sts_is(const struct sts_policy *policy, enum sts_mode mode)
{
	return policy->mode == STS_ENFORCE || (policy->mode == STS_TESTING && mode == STS_TESTING);
}

enum must_answer must_judge_sts(const struct must *must, const struct must_input *input, struct msg *why)
{
	const struct sts_facts *sts = &input->in->facts->sts;

	if (needs_missing(input->in, must->row->needs, &(struct needs_seen){ 0 }, why))
		return MUST_UNKNOWN;
	if (!sts->txt_valid) {
		msg_set(why, sts->n_record ? N_("the MTA-STS record is not valid") : N_("there is no MTA-STS record"));
		return MUST_NOT_MET;
	}
	if (sts->fetch != STS_FETCH_OK && sts->fetch != STS_FETCH_TYPE)
		return sts_unread(sts, why);
	if (sts_is(&sts->policy, must->mode))
		return MUST_MET;
	msg_set(why, sts->policy.mode == STS_TESTING ? N_("the MTA-STS policy only tests")
		     : sts->policy.mode == STS_NONE  ? N_("the MTA-STS policy is switched off")
						     : N_("the MTA-STS policy has no mode that senders know"));
	return MUST_NOT_MET;
}

/* ---- the hoster ---- */

enum must_answer must_judge_hoster(const struct must *must, const struct must_input *input, struct msg *why)
{
	const struct mxset *set = input->in->set;
	const struct preset *whose;
	char text[DNAME_TEXT_MAX];
	size_t named = 0;

	for (size_t i = 0; i < set->n; i++) {
		if (preset_is_leftover(&set->mx[i].host))
			continue;
		whose = target_is_name(&set->mx[i]) ? preset_of(&set->mx[i].host) : NULL;
		if (!whose || !preset_same_owner(whose, must->hoster)) {
			msg_set(why, N_("%s is not known as a mail server of %s"), mx_host_show(&set->mx[i], text), must->hoster->title);
			return MUST_NOT_MET;
		}
		named++;
	}
	if (named)
		return MUST_MET;
	msg_set(why, N_("the set names no mail server of %s"), must->hoster->title);
	return MUST_NOT_MET;
}

/* ---- DNSSEC ---- */

enum must_answer must_judge_dnssec(const struct must *must, const struct must_input *input, struct msg *why)
{
	(void)must;
	switch (input->in->facts->dnssec) {
	case DNSSEC_SECURE:
		return MUST_MET;
	case DNSSEC_INSECURE:
		msg_set(why, N_("the MX answer is not signed"));
		return MUST_NOT_MET;
	case DNSSEC_BOGUS:
		msg_set(why, N_("the MX answer fails its validation"));
		return MUST_NOT_MET;
	case DNSSEC_PENDING:
		msg_set(why, N_("not answered yet"));
		return MUST_UNKNOWN;
	case DNSSEC_UNCHECKED:
		break;
	}
	if (input->in->facts->unchecked_reason)
		*why = (struct msg){ .id = input->in->facts->unchecked_reason };
	else
		msg_set(why, N_("nothing was validated"));
	return MUST_UNKNOWN;
}

/* ---- a check ---- */

enum must_answer must_judge_no(const struct must *must, const struct must_input *input, struct msg *why)
{
	struct findings findings = { 0 };
	enum must_answer answer = MUST_MET;

	lint_one(must->check, input->in, &findings);
	if (findings.n) {
		*why = findings.finding[0].text;
		answer = MUST_NOT_MET;
	} else if (findings.n_skip) {
		*why = findings.skip[0].reason;
		answer = MUST_UNKNOWN;
	}
	findings_release(&findings);
	return answer;
}

/* ---- all of them ---- */

enum must_answer must_judge(const struct must *must, const struct must_input *input, struct msg *why)
{
	const struct check_input *in = input->in;
	enum known known = in->is_draft ? KNOWN : answer_known(in->facts->mx);
	char text[DNAME_TEXT_MAX];

	if (known == KNOWN)
		return must->row->judge(must, input, why);
	if (known == KNOWN_LATER)
		msg_set(why, N_("not answered yet"));
	else
		msg_set(why, N_("the MX records of %s are not known"), dname_show(in->domain, text));
	return MUST_UNKNOWN;
}
