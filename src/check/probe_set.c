/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail servers beside each other, as probes met them: what differs between rungs, and where the mail goes now. */
#include "check/probe.h"

#include "base/i18n.h"
#include "check/checks.h"
#include "core/ladder.h"
#include "base/banned.h"

/* ---- what a good server has ---- */

#define TLS12 0x0303
#define RSA_BITS 2048

static bool tell_params(struct msg *msg, const struct smtp_facts *row, const char *host, const char *addr)
{
	const struct smtp_tls_facts *cert = &row->cert;

	if (cert->number < TLS12)
		msg_set(msg, N_("%s (%s) chose %s, though newer TLS was offered"), host, addr, cert->version);
	else if (!cert->forward)
		msg_set(msg, N_("%s (%s) chose %s, whose keys open all that was recorded once the server's key is known"), host, addr,
			cert->cipher);
	else if (cert->rsa && cert->key_bits < RSA_BITS)
		msg_set(msg, N_("the key of %s (%s) has %u bits only"), host, addr, cert->key_bits);
	else if (cert->weak_signature && cert->trust != SMTP_SELF_SIGNED)
		msg_set(msg, N_("the certificate of %s (%s) is signed by way of MD5 or SHA-1"), host, addr);
	else
		return false;
	return true;
}

static void params_row(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct smtp_facts *row, struct findings *out)
{
	char host[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];
	struct msg msg = { 0 };

	(void)in;
	mx_host_show(mx, host);
	if (row->tls == SMTP_TLS_UP && tell_params(&msg, row, host, addr_text(&row->addr, addr)))
		findings_add(out, check, mx)->text = msg;
}

static void params_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	probe_each(check, in, params_row, out);
}

const struct check check_tls_params = {
	.id = "tls-params",
	.level = LEVEL_NOTICE,
	.title = N_("A mail server should know TLS as it is today"),
	.why = N_("Newer senders refuse old versions, short keys and weak digests, and then send in the clear or not at all."),
	.reference = "RFC 9325 §3, §4",
	.needs = NEEDS_HOSTS | NEEDS_SMTP,
	.run = params_run,
};

static void tlsa_row(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct smtp_facts *row, struct findings *out)
{
	const struct tlsa_facts *tlsa = facts_tlsa(in->facts, &mx->host);
	char host[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];
	struct finding *finding;

	if (row->dane != FACT_NO || !tlsa || tlsa->dnssec == DNSSEC_INSECURE || tlsa->dnssec == DNSSEC_BOGUS)
		return;
	mx_host_show(mx, host);
	finding = findings_add(out, check, mx);
	if (tlsa->dnssec != DNSSEC_SECURE)
		finding->level = LEVEL_WARNING;
	msg_set(&finding->text, N_("no TLSA record of %s matches what %s shows"), host, addr_text(&row->addr, addr));
}

static void tlsa_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	probe_each(check, in, tlsa_row, out);
}

const struct check check_tlsa_mismatch = {
	.id = "tlsa-mismatch",
	.level = LEVEL_ERROR,
	.title = N_("A TLSA record must match the certificate that is shown"),
	.why = N_(
		"Senders with DANE do not deliver to a server whose certificate no signed TLSA record matches: the mail waits, and is returned in the end. This is what follows when a certificate is renewed and its TLSA record is not."),
	.reference = "RFC 7672 §2.2, §3",
	.needs = NEEDS_HOSTS | NEEDS_SMTP | NEEDS_TLSA,
	.run = tlsa_run,
};

/* ---- where the mail goes now ---- */

static bool rung_is(const struct check_input *in, const struct rung *rung, enum host_state state)
{
	for (size_t i = rung->first; i < rung->first + rung->n; i++)
		if (!record_is_name(in, i) || probe_host(in->facts, &in->set->mx[i].host) != state)
			return false;
	return rung->n > 0;
}

/* The first record after the first rung whose host answers as it should, or the set's n. */
static size_t first_ready(const struct check_input *in, const struct ladder *ladder)
{
	for (size_t i = ladder->rung[0].n; i < in->set->n; i++)
		if (record_is_name(in, i) && probe_host(in->facts, &in->set->mx[i].host) == HOST_READY)
			return i;
	return in->set->n;
}

/* A record that answers while the whole first rung is down, or the set's n. */
static size_t taking_over(const struct check_input *in)
{
	struct ladder ladder = { 0 };
	size_t found = in->set->n;

	ladder_build(&ladder, in->set);
	if (ladder.n > 1 && rung_is(in, &ladder.rung[0], HOST_DOWN))
		found = first_ready(in, &ladder);
	ladder_release(&ladder);
	return found;
}

static bool refuses_all(const struct check_input *in, const struct mx *mx)
{
	const struct host_facts *host = facts_host(in->facts, &mx->host);

	for (size_t i = 0; host && i < host->n_addr; i++) {
		const struct smtp_facts *row = facts_smtp(in->facts, &mx->host, &host->addr[i]);

		if (!row || row->seen != SMTP_REFUSED)
			return false;
	}
	return host && host->n_addr;
}

size_t probe_nolisting(const struct check_input *in)
{
	if (taking_over(in) == in->set->n || in->set->mx[0].preference == in->set->mx[1].preference || !refuses_all(in, &in->set->mx[0]))
		return in->set->n;
	return 0;
}

static void nolisting_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char first[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];
	size_t top = probe_nolisting(in);

	if (top < in->set->n)
		msg_set(&findings_add(out, check, &in->set->mx[top])->text,
			N_("%s refuses every connection, and %s answers: is that meant (nolisting)?"),
			mx_host_show(&in->set->mx[top], first), mx_host_show(&in->set->mx[taking_over(in)], other));
}

const struct check check_nolisting = {
	.id = "nolisting",
	.level = LEVEL_NOTICE,
	.title = N_("A first server that refuses every connection should be meant"),
	.why = N_(
		"Some let the first server refuse all, so that senders that try no other give up. Mail then comes later from some senders, and not at all from those that try one server alone. Where it is not meant, the server is down."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS | NEEDS_SMTP,
	.run = nolisting_run,
};

static void first_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char other[DNAME_TEXT_MAX];
	size_t taker = taking_over(in);

	if (taker < in->set->n && probe_nolisting(in) == in->set->n)
		msg_set(&findings_add(out, check, NULL)->text, N_("no server of preference %lu answers as it should now, and %s does"),
			(unsigned long)in->set->mx[0].preference, mx_host_show(&in->set->mx[taker], other));
}

const struct check check_bad_first = {
	.id = "bad-first",
	.level = LEVEL_WARNING,
	.title = N_("The first servers should be up"),
	.why = N_(
		"As seen from this machine, now. While a backup takes all mail, each message comes late from senders that wait for the first one, and senders that stop at a server that speaks and refuses do not come to the backup."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS | NEEDS_SMTP,
	.run = first_run,
};

/* ---- differences ---- */

/* Calls fn for each other host that answers, with the first one that does. */
static void each_pair(const struct check *check, const struct check_input *in,
	void (*fn)(const struct check *check, const struct mx *mx, const struct smtp_facts *pair[2], struct findings *out),
	struct findings *out)
{
	const struct smtp_facts *pair[2] = { NULL, NULL };

	for (size_t i = 0; i < in->set->n; i++) {
		if (!record_is_new(in, i))
			continue;
		pair[1] = probe_ready(in->facts, &in->set->mx[i].host);
		if (pair[0] && pair[1])
			fn(check, &in->set->mx[i], pair, out);
		else if (!pair[0])
			pair[0] = pair[1];
	}
}

#define MEGABYTE 1000000

static void uneven_pair(const struct check *check, const struct mx *mx, const struct smtp_facts *pair[2], struct findings *out)
{
	static const unsigned offers[] = { SMTP_8BITMIME, SMTP_SMTPUTF8 };
	char a[PROBE_WHO_MAX], b[PROBE_WHO_MAX];

	probe_who(pair[0], a);
	probe_who(pair[1], b);
	if (pair[0]->size && pair[1]->size && pair[0]->size / MEGABYTE != pair[1]->size / MEGABYTE)
		msg_set(&findings_add(out, check, mx)->text, N_("%s says that it takes messages of up to %llu bytes, and %s of up to %llu"),
			a, (unsigned long long)pair[0]->size, b, (unsigned long long)pair[1]->size);
	for (size_t i = 0; i < sizeof(offers) / sizeof(*offers); i++) {
		bool first = pair[0]->offers & offers[i], second = pair[1]->offers & offers[i];

		if (first != second)
			msg_set(&findings_add(out, check, mx)->text, N_("%s offers %s, and %s does not"), first ? a : b,
				smtp_offer_name(offers[i]), first ? b : a);
	}
}

static void uneven_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_pair(check, in, uneven_pair, out);
}

const struct check check_uneven_limits = {
	.id = "uneven-limits",
	.level = LEVEL_NOTICE,
	.title = N_("All servers should take the same messages"),
	.why = N_(
		"A message that one server takes and another refuses is returned or not by the chance of which one is met; where the backup takes more than the first, it may be unable to hand on what it took."),
	.reference = "RFC 5321 §5.1, RFC 1870",
	.needs = NEEDS_HOSTS | NEEDS_SMTP,
	.run = uneven_run,
};

/* TLS at all of the addresses that answer, at none, or not so clearly. */
static enum fact has_tls(const struct check_input *in, const struct dname *host)
{
	const struct host_facts *known = in->facts->n_smtp ? facts_host(in->facts, host) : NULL;
	size_t ready = 0, tls = 0;

	for (size_t i = 0; known && i < known->n_addr; i++) {
		const struct smtp_facts *row = facts_smtp(in->facts, host, &known->addr[i]);

		ready += row && row->seen == SMTP_READY;
		tls += row && row->seen == SMTP_READY && row->tls == SMTP_TLS_UP;
	}
	return !ready || (tls && tls < ready) ? FACT_UNKNOWN : tls ? FACT_YES : FACT_NO;
}

/* The first host of a better preference that has TLS, or the set's n. */
static size_t better_with_tls(const struct check_input *in, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (in->set->mx[i].preference < in->set->mx[at].preference && record_is_name(in, i) &&
			has_tls(in, &in->set->mx[i].host) == FACT_YES)
			return i;
	return in->set->n;
}

bool probe_is_weaker(const struct check_input *in, const struct dname *host)
{
	size_t at = target_find(in, host);

	return at < in->set->n && has_tls(in, host) == FACT_NO && better_with_tls(in, at) < in->set->n;
}

static void weak_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char weak[DNAME_TEXT_MAX], good[DNAME_TEXT_MAX];

	for (size_t i = 0; in->facts->n_smtp && i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];

		if (record_is_new(in, i) && probe_is_weaker(in, &mx->host))
			msg_set(&findings_add(out, check, mx)->text,
				N_("%s, which is tried after %s, has no working TLS, and that one has"), mx_host_show(mx, weak),
				mx_host_show(&in->set->mx[better_with_tls(in, i)], good));
	}
}

const struct check check_weak_backup = {
	.id = "weak-backup",
	.level = LEVEL_WARNING,
	.title = N_("A backup should be no weaker than the first server"),
	.why = N_(
		"Who can make the first server look down gets the mail sent to the backup, in the clear. Spammers prefer backups for the same reason."),
	.reference = "RFC 7672 §2.2",
	.needs = NEEDS_HOSTS | NEEDS_SMTP,
	.run = weak_run,
};
