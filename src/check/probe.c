/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail servers one by one, as probes met them. */
#include "check/probe.h"

#include <stdio.h>

#include "base/i18n.h"
#include "base/text.h"
#include "check/checks.h"
#include "core/ladder.h"
#include "base/banned.h"

void probe_each(const struct check *check, const struct check_input *in, probe_fn fn, struct findings *out)
{
	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct host_facts *host = NULL;

		if (in->facts->n_smtp && record_is_new(in, i))
			host = record_host(in, i);
		for (size_t k = 0; host && k < host->n_addr; k++) {
			const struct smtp_facts *row = facts_smtp(in->facts, &mx->host, &host->addr[k]);

			if (row && smtp_is_final(row->seen))
				fn(check, in, mx, row, out);
		}
	}
}

const char *probe_who(const struct smtp_facts *row, char out[PROBE_WHO_MAX])
{
	char host[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];

	snprintf(out, PROBE_WHO_MAX, "%s (%s)", dname_show(&row->host, host), addr_text(&row->addr, addr));
	return out;
}

/* The connection failed for a reason that is the server's, not this network's. */
static bool has_failed(const struct facts *facts, const struct smtp_facts *row)
{
	return row->seen == SMTP_REFUSED || (row->seen == SMTP_SILENT && smtp_reach(facts, row->addr.family) == FACT_YES);
}

static bool is_down(const struct facts *facts, const struct smtp_facts *row)
{
	switch (row->seen) {
	case SMTP_DROPPED:
	case SMTP_MUTE:
	case SMTP_GREETS_4XX:
	case SMTP_GREETS_5XX:
	case SMTP_EHLO_4XX:
	case SMTP_EHLO_5XX:
		return true;
	default:
		return has_failed(facts, row);
	}
}

enum host_state probe_host(const struct facts *facts, const struct dname *host)
{
	const struct host_facts *known = facts->n_smtp ? facts_host(facts, host) : NULL;
	size_t down = 0;

	for (size_t i = 0; known && i < known->n_addr; i++) {
		const struct smtp_facts *row = facts_smtp(facts, host, &known->addr[i]);

		if (row && row->seen == SMTP_READY)
			return HOST_READY;
		down += row && is_down(facts, row);
	}
	return known && known->n_addr && down == known->n_addr && !known->more ? HOST_DOWN : HOST_UNKNOWN;
}

const struct smtp_facts *probe_ready(const struct facts *facts, const struct dname *host)
{
	const struct host_facts *known = facts->n_smtp ? facts_host(facts, host) : NULL;

	for (size_t i = 0; known && i < known->n_addr; i++) {
		const struct smtp_facts *row = facts_smtp(facts, host, &known->addr[i]);

		if (row && row->seen == SMTP_READY)
			return row;
	}
	return NULL;
}

/* ---- the connection ---- */

static void name_row(const struct mx *mx, const struct smtp_facts *row, char host[DNAME_TEXT_MAX], char addr[ADDR_TEXT_MAX])
{
	mx_host_show(mx, host);
	addr_text(&row->addr, addr);
}

/* Did every server fail? Not where one is not wholly known: it may be the one that answers. */
static bool all_failed(const struct check_input *in)
{
	for (size_t i = 0; i < in->set->n; i++) {
		const struct host_facts *host = NULL;

		if (!record_is_name(in, i) || record_known(in, i, &host) != KNOWN || host->more)
			return false;
		for (size_t k = 0; k < host->n_addr; k++) {
			const struct smtp_facts *row = facts_smtp(in->facts, &host->host, &host->addr[k]);

			if (!row || !has_failed(in->facts, row))
				return false;
		}
	}
	return true;
}

static void port_row(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct smtp_facts *row, struct findings *out)
{
	char host[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX], span[TEXT_SPAN_MAX];
	size_t nolisting = probe_nolisting(in);
	struct finding *finding;

	name_row(mx, row, host, addr);
	if (nolisting < in->set->n && dname_equal(&in->set->mx[nolisting].host, &mx->host))
		return;
	if (has_failed(in->facts, row)) {
		finding = findings_add(out, check, mx);
		finding->level = all_failed(in) ? LEVEL_ERROR : LEVEL_WARNING;
		if (row->seen == SMTP_REFUSED)
			msg_set(&finding->text, N_("%s (%s) refuses the connection"), host, addr);
		else
			msg_set(&finding->text, N_("%s (%s) did not answer for %s"), host, addr, text_span(row->whole_ms / 1000, span));
	} else if (row->seen == SMTP_SILENT) {
		msg_set(findings_skip(out, check),
			N_("%s (%s) does not answer, and no server does over IPv%u from here: this network may let no mail out that way"),
			host, addr, row->addr.family);
	} else if (row->seen == SMTP_UNREACHABLE) {
		msg_set(findings_skip(out, check), N_("%s (%s) cannot be reached from here: %s"), host, addr, row->reason);
	}
}

static void port_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	probe_each(check, in, port_row, out);
}

const struct check check_port25 = {
	.id = "port25",
	.level = LEVEL_ERROR,
	.title = N_("A mail server must answer at port 25"),
	.why = N_(
		"As seen from this machine. Senders go on to the next address, at once after a refusal, but after half a minute to some minutes of silence; when no server answers, mail waits and is returned in the end."),
	.reference = "RFC 5321 §4.5.4.1",
	.needs = NEEDS_HOSTS | NEEDS_SMTP,
	.run = port_run,
};

/* ---- the greeting ---- */

#define SLOW_MS 10000

/* False: there is nothing to say. */
static bool tell_greeting(struct msg *msg, const struct smtp_facts *row, const char *host, const char *addr)
{
	char span[TEXT_SPAN_MAX];

	switch (row->seen) {
	case SMTP_DROPPED:
		msg_set(msg, N_("%s (%s) hangs up before it greets"), host, addr);
		return true;
	case SMTP_MUTE:
		msg_set(msg, N_("%s (%s) takes the connection, and did not greet for %s"), host, addr,
			text_span((row->whole_ms - row->connect_ms) / 1000, span));
		return true;
	case SMTP_GREETS_4XX:
		msg_set(msg, N_("%s (%s) greets with a refusal for now: %u %s"), host, addr, row->code, row->reply);
		return true;
	case SMTP_GREETS_5XX:
		msg_set(msg, N_("%s (%s) greets with a refusal for good: %u %s"), host, addr, row->code, row->reply);
		return true;
	case SMTP_GREETS_ODD:
		msg_set(msg, N_("%s (%s) does not greet as a mail server does"), host, addr);
		return true;
	case SMTP_EHLO_4XX:
		msg_set(msg, N_("%s (%s) refuses EHLO for now: %u %s"), host, addr, row->code, row->reply);
		return true;
	case SMTP_EHLO_5XX:
		msg_set(msg, N_("%s (%s) refuses EHLO and HELO for good: %u %s"), host, addr, row->code, row->reply);
		return true;
	case SMTP_EHLO_ODD:
		msg_set(msg, N_("%s (%s) gives no reply to EHLO that can be read"), host, addr);
		return true;
	case SMTP_READY:
		msg_set(msg, N_("%s (%s) greets after %s only"), host, addr, text_span(row->greeting_ms / 1000, span));
		return row->greeting_ms >= SLOW_MS;
	default:
		return false;
	}
}

static void greeting_row(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct smtp_facts *row, struct findings *out)
{
	char host[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];
	struct finding *finding;
	struct msg msg = { 0 };

	(void)in;
	name_row(mx, row, host, addr);
	if (!tell_greeting(&msg, row, host, addr))
		return;
	finding = findings_add(out, check, mx);
	finding->text = msg;
	if (row->seen == SMTP_READY)
		finding->level = LEVEL_NOTICE;
}

static void greeting_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	probe_each(check, in, greeting_row, out);
}

const struct check check_greeting = {
	.id = "greeting",
	.level = LEVEL_WARNING,
	.title = N_("A mail server should greet, and take EHLO"),
	.why = N_(
		"A server that is up but refuses, or keeps still, is worse than one that is off: some senders wait for minutes, some return the mail, and qmail tries no other server then."),
	.reference = "RFC 5321 §3.1",
	.needs = NEEDS_HOSTS | NEEDS_SMTP,
	.run = greeting_run,
};

/* ---- TLS ---- */

/* Does the domain promise TLS? Then senders that keep to it do not deliver without. */
static bool is_promised(const struct check_input *in, const struct dname *host)
{
	const struct tlsa_facts *tlsa = facts_tlsa(in->facts, host);

	if (in->facts->sts.policy.mode == STS_ENFORCE)
		return true;
	return tlsa && tlsa->answer == ANSWER_DATA && tlsa->dnssec == DNSSEC_SECURE;
}

static bool tell_tls(struct msg *msg, const struct smtp_facts *row, const char *host, const char *addr)
{
	switch (row->tls) {
	case SMTP_TLS_NOT_OFFERED:
		msg_set(msg, N_("%s (%s) offers no STARTTLS"), host, addr);
		return true;
	case SMTP_TLS_4XX:
	case SMTP_TLS_5XX:
		msg_set(msg, N_("%s (%s) offers STARTTLS, and refuses it then: %u %s"), host, addr, row->code, row->reply);
		return true;
	case SMTP_TLS_ODD:
		msg_set(msg, N_("%s (%s) offers STARTTLS, and gives no reply to it that can be read"), host, addr);
		return true;
	case SMTP_TLS_BROKEN:
		msg_set(msg, N_("the TLS handshake with %s (%s) fails"), host, addr);
		return true;
	case SMTP_TLS_UNKNOWN:
	case SMTP_TLS_UP:
		break;
	}
	return false;
}

static void starttls_row(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct smtp_facts *row, struct findings *out)
{
	char host[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];
	bool promised = is_promised(in, &mx->host);
	struct finding *finding;
	struct msg msg = { 0 };

	name_row(mx, row, host, addr);
	if (!tell_tls(&msg, row, host, addr) || (!promised && probe_is_weaker(in, &mx->host)))
		return;
	finding = findings_add(out, check, mx);
	finding->level = promised ? LEVEL_ERROR : LEVEL_WARNING;
	finding->text = msg;
}

static void starttls_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	probe_each(check, in, starttls_row, out);
}

const struct check check_starttls = {
	.id = "starttls",
	.level = LEVEL_WARNING,
	.may_err = true,
	.title = N_("A mail server should take mail over TLS"),
	.why = N_(
		"Without TLS all mail crosses the net in the clear, and senders that keep to MTA-STS or DANE do not deliver where these ask for it. Where it is offered and fails, Postfix and Sendmail go to the next server."),
	.reference = "RFC 3207",
	.needs = NEEDS_HOSTS | NEEDS_SMTP,
	.run = starttls_run,
};

/* ---- the certificate ---- */

#define SOON_S (14 * 86400)

static bool ends_soon(const struct smtp_facts *row)
{
	int64_t left = row->cert.not_after - row->at, life = row->cert.not_after - row->cert.not_before;

	return left <= SOON_S && left < life / 10;
}

static void tell_cert(struct msg *msg, const struct smtp_facts *row, const char *host, const char *addr)
{
	enum smtp_cert_state state = smtp_cert_state(row);
	const struct smtp_tls_facts *cert = &row->cert;
	struct str when;

	str_init(&when, 0);
	text_time(&when, state == SMTP_CERT_EARLY ? cert->not_before : cert->not_after);
	if (state == SMTP_CERT_EXPIRED)
		msg_set(msg, N_("the certificate of %s (%s) ended on %s, by this machine's clock"), host, addr, when.s);
	else if (state == SMTP_CERT_EARLY)
		msg_set(msg, N_("the certificate of %s (%s) begins on %s only, by this machine's clock"), host, addr, when.s);
	else if (state == SMTP_CERT_SELF_SIGNED)
		msg_set(msg, N_("the certificate of %s (%s) is signed by nobody but itself"), host, addr);
	else if (state == SMTP_CERT_UNTRUSTED)
		msg_set(msg, N_("the certificate of %s (%s) is not trusted: %s"), host, addr, cert->trust_reason);
	else if (state == SMTP_CERT_OTHER_NAME && cert->n_names)
		msg_set(msg, N_("the certificate of %s (%s) is not for that name, but for %s"), host, addr, cert->name[0]);
	else if (state == SMTP_CERT_OTHER_NAME)
		msg_set(msg, N_("the certificate of %s (%s) names no host"), host, addr);
	else
		msg_set(msg, N_("the certificate of %s (%s) ends soon, on %s"), host, addr, when.s);
	str_release(&when);
}

/* A finding where senders that check certificates would refuse this one. Senders with DANE look at TLSA records instead. */
static void cert_row(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct smtp_facts *row, struct findings *out)
{
	enum smtp_cert_state state = smtp_cert_state(row);
	char host[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];
	struct finding *finding;

	name_row(mx, row, host, addr);
	if (state == SMTP_CERT_UNJUDGED)
		msg_set(findings_skip(out, check), N_("this machine has no authorities to judge the certificate of %s (%s) by"), host,
			addr);
	if (state == SMTP_CERT_NONE || state == SMTP_CERT_UNJUDGED || row->dane == FACT_YES || (state == SMTP_CERT_GOOD && !ends_soon(row)))
		return;
	finding = findings_add(out, check, mx);
	tell_cert(&finding->text, row, host, addr);
	if (state != SMTP_CERT_GOOD && in->facts->sts.policy.mode == STS_ENFORCE)
		finding->level = LEVEL_ERROR;
}

static void cert_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	probe_each(check, in, cert_row, out);
}

const struct check check_cert = {
	.id = "cert",
	.level = LEVEL_WARNING,
	.may_err = true,
	.title = N_("A mail server's certificate should be valid"),
	.why = N_(
		"Most senders take any certificate, but those that keep to MTA-STS want one that names the host, is in date and is signed by a known authority; under \"enforce\" they do not deliver otherwise."),
	.reference = "RFC 8461 §4.2",
	.needs = NEEDS_HOSTS | NEEDS_SMTP,
	.run = cert_run,
};
