/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLSA records that go with a change: each step, its lines and its waits, word by word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "core/facts/smtp.h"
#include "../core/names.h"

/* A letter a host: s records signed all the way, u unsigned, h the host unsigned, ? not validated, x of no use, - none, N no such name,
 * f the lookup fails, p pending; "." nobody asked. */
static void publish_tlsa(struct bench *bench, const char *host, char how)
{
	const struct dname name = name_of(host);
	struct tlsa_facts *row;

	if (how == '.')
		return;
	row = facts_tlsa_add(&bench->facts, &name);
	*row = (struct tlsa_facts){ .host = name, .answer = ANSWER_DATA, .n = 1, .dnssec = DNSSEC_SECURE, .host_dnssec = DNSSEC_SECURE };
	row->tlsa[0] = (struct tlsa){ .usage = how == 'x' ? 1 : 3, .selector = 1, .matching = 1, .len = 32 };
	if (how == 'u')
		row->dnssec = DNSSEC_INSECURE;
	if (how == 'h')
		row->host_dnssec = DNSSEC_INSECURE;
	if (how == '?')
		row->dnssec = row->host_dnssec = DNSSEC_UNCHECKED;
	if (strchr("-Nfp", how)) {
		row->n = 0;
		row->host_dnssec = DNSSEC_PENDING;
		row->answer = how == '-' ? ANSWER_NODATA : how == 'N' ? ANSWER_NXDOMAIN : how == 'f' ? ANSWER_TIMEOUT : ANSWER_PENDING;
	}
}

static struct smtp_facts *probe(struct bench *bench, const char *host, const char *at, uint8_t key)
{
	const struct dname name = name_of(host);
	struct smtp_facts *row;
	struct addr addr;

	assert_true(addr_parse(&addr, at));
	row = facts_smtp_add(&bench->facts, &name, &addr);
	row->seen = SMTP_READY;
	row->tls = SMTP_TLS_UP;
	row->cert.n_chain = 1;
	memset(row->cert.chain[0].key_sha256, key, SMTP_SHA256);
	return row;
}

#define MOVED "3600 10 mx1.exempel.com 20 mx3.exempel.com"

static void tlsa__steps__follow_from_what_the_old_and_the_new_hosts_have(void **state)
{
	static const struct {
		const char *old; /* of mx1 and mx2 */
		char new;
		enum dnssec mx;
		const char *steps;
	} rows[] = {
		{ "ss", '-', DNSSEC_SECURE, "before - tlsa\nchange - mx 3600s\n" },
		{ "ss", 'N', DNSSEC_SECURE, "before - tlsa\nchange - mx 3600s\n" },
		{ "ss", 'u', DNSSEC_SECURE, "before - tlsa\nchange - mx 3600s\n" },
		{ "ss", 'h', DNSSEC_SECURE, "before - tlsa\nchange - mx 3600s\n" },
		{ "ss", 'x', DNSSEC_SECURE, "before - tlsa\nchange - mx 3600s\n" },
		{ "ss", 's', DNSSEC_SECURE, "before + tlsa\nchange - mx 3600s\n" },
		{ "ss", '?', DNSSEC_SECURE, "before + tlsa\nchange - mx 3600s\n" },
		{ "ss", 'f', DNSSEC_SECURE, "before ? tlsa\nchange - mx 3600s\n" },
		{ "ss", 'p', DNSSEC_SECURE, "before ? tlsa\nchange - mx 3600s\n" },
		{ "ss", '.', DNSSEC_SECURE, "before ? tlsa\nchange - mx 3600s\n" },
		/* nobody validated */
		{ "??", '-', DNSSEC_UNCHECKED, "before - tlsa\nchange - mx 3600s\n" },
		{ "ss", '-', DNSSEC_PENDING, "before - tlsa\nchange - mx 3600s\n" },
		{ "sf", '-', DNSSEC_SECURE, "before - tlsa\nchange - mx 3600s\n" },
		/* there is nothing to keep */
		{ "ss", '-', DNSSEC_INSECURE, "" },
		{ "s-", '-', DNSSEC_SECURE, "" },
		{ "-s", '-', DNSSEC_SECURE, "" },
		{ "su", '-', DNSSEC_SECURE, "" },
		{ "sx", '-', DNSSEC_SECURE, "" },
		{ "--", '-', DNSSEC_SECURE, "" },
		{ "--", 's', DNSSEC_SECURE, "" },
		{ "..", '.', DNSSEC_SECURE, "" },
		{ "ff", '-', DNSSEC_SECURE, "" },
		/* but a lookup that fails keeps senders away by itself */
		{ "--", 'f', DNSSEC_SECURE, "before ? tlsa\nchange - mx 3600s\n" },
		{ "--", 'p', DNSSEC_SECURE, "" },
	};
	struct bench bench;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		open_bench(&bench, BASE, MOVED);
		bench.facts.dnssec = rows[i].mx;
		publish_tlsa(&bench, "mx1.exempel.com", rows[i].old[0]);
		publish_tlsa(&bench, "mx2.exempel.net", rows[i].old[1]);
		publish_tlsa(&bench, "mx3.exempel.com", rows[i].new);
		expect(&bench, false, rows[i].steps);
		close_bench(&bench);
	}
}

#define LINE "_25._tcp.mx3.exempel.com. IN TLSA 3 1 1 "
#define KEY(x) x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
#define LACK_WHY "why: Senders that use DANE check all servers now; to one without TLSA records they deliver without looking.\n"
#define MOVE                                                                                                                               \
	"change - mx 3600s\nwhat: Push the change of the MX set.\n"                                                                        \
	"wait: Then keep the old servers up for 1h, until the old set has run out of caches; some resolvers hold it up to a day longer.\n"

static void open_dane(struct bench *bench, const char *want, char new)
{
	open_bench(bench, BASE, want);
	bench->facts.dnssec = DNSSEC_SECURE;
	publish_tlsa(bench, "mx1.exempel.com", 's');
	publish_tlsa(bench, "mx2.exempel.net", 's');
	publish_tlsa(bench, "mx3.exempel.com", new);
}

static void tlsa__lines__are_of_the_keys_that_a_probe_saw(void **state)
{
	struct smtp_facts *row;
	struct bench bench;

	(void)state;
	open_dane(&bench, MOVED, '-');
	expect(&bench, true,
		"before - tlsa\nwhat: Publish TLSA records for mx3.exempel.com.\n" LACK_WHY
		"missing: The lines are not known: no probe saw the server's certificate.\n" MOVE);
	probe(&bench, "mx3.exempel.com", "192.0.2.3", 0xa5);
	probe(&bench, "mx3.exempel.com", "2001:db8::3", 0xa5); /* the same key */
	probe(&bench, "mx1.exempel.com", "192.0.2.1", 0x11);   /* another host's */
	expect(&bench, true,
		"before - tlsa\nwhat: Publish TLSA records for mx3.exempel.com.\n" LACK_WHY
		"missing: The key is what a probe from here saw: compare it with the server's own before it is published.\n" LINE KEY(
			"a5") "\n" MOVE);
	row = probe(&bench, "mx3.exempel.com", "192.0.2.4", 0x0f);
	expect_text(&bench, "tlsa", LINE KEY("a5") "\n" LINE KEY("0f") "\n");
	row->cert.n_chain = 0;
	expect_text(&bench, "tlsa", LINE KEY("a5") "\n");
	row->cert.n_chain = 1;
	row->tls = SMTP_TLS_BROKEN;
	expect_text(&bench, "tlsa", LINE KEY("a5") "\n");
	facts_tlsa(&bench.facts, &bench.want.mx[1].host)->owner = name_of("tlsa.exempel.com");
	expect_text(&bench, "tlsa", "tlsa.exempel.com. IN TLSA 3 1 1 " KEY("a5") "\n");
	bench.facts.zone.len = 0;
	expect_text(&bench, "tlsa", "");
	close_bench(&bench);

	open_dane(&bench, "3600 10 mx1.exempel.com 20 mx4.exempel.org", '-');
	publish_tlsa(&bench, "mx4.exempel.org", '-');
	probe(&bench, "mx4.exempel.org", "192.0.2.9", 0xa5);
	expect(&bench, true,
		"before - tlsa\nwhat: Publish TLSA records for mx4.exempel.org.\n" LACK_WHY
		"missing: They stand in somebody else's zone: only who runs the server can publish them.\n" MOVE);
	bench.facts.dnssec = DNSSEC_UNCHECKED;
	expect(&bench, true,
		"before - tlsa\nwhat: Publish TLSA records for mx4.exempel.org.\n"
		"why: All servers have TLSA records now, which senders use where all is signed; to one without they deliver without "
		"looking.\n"
		"missing: They stand in somebody else's zone: only who runs the server can publish them.\n" MOVE);
	close_bench(&bench);
}

static void tlsa__records_that_are_there__fit_or_not(void **state)
{
	struct smtp_facts *one, *other;
	struct tlsa_facts *row;
	struct bench bench;

	(void)state;
	open_dane(&bench, MOVED, 's');
	expect(&bench, true,
		"before + tlsa\nwhat: mx3.exempel.com has TLSA records.\n"
		"missing: Whether they fit its certificate is not known: no probe saw it.\n" MOVE);
	one = probe(&bench, "mx3.exempel.com", "192.0.2.3", 0xa5);
	one->dane = FACT_YES;
	expect(&bench, true, "before + tlsa\nwhat: mx3.exempel.com has TLSA records.\n" MOVE);
	other = probe(&bench, "mx3.exempel.com", "192.0.2.4", 0x5a);
	one = facts_smtp(&bench.facts, &bench.want.mx[1].host, &bench.facts.smtp[0].addr);
	other->dane = FACT_NO;
	expect(&bench, true,
		"before - tlsa ?s\n"
		"what: Publish a TLSA record for the key of mx3.exempel.com beside those that are there: a probe saw a certificate that none "
		"of them fits.\n"
		"why: Senders that use DANE deliver to no server whose certificate no TLSA record fits.\n"
		"missing: The key is what a probe from here saw: compare it with the server's own before it is published.\n" LINE KEY(
			"5a") "\nwait: Then wait for twice the TTL of the records, which is not known.\n" MOVE);
	one->dane = FACT_NO;
	row = facts_tlsa(&bench.facts, &bench.want.mx[1].host);
	row->ttl_s = 300;
	row->ttl_known = true;
	expect(&bench, true,
		"before - tlsa 600s\n"
		"what: Publish a TLSA record for the key of mx3.exempel.com beside those that are there: a probe saw a certificate that none "
		"of them fits.\n"
		"why: Senders that use DANE deliver to no server whose certificate no TLSA record fits.\n"
		"missing: The key is what a probe from here saw: compare it with the server's own before it is published.\n" LINE KEY(
			"a5") "\n" LINE
			KEY("5a") "\nwait: Then wait 10m, twice the TTL of the records: caches that keep to it have the new one then.\n" MOVE);
	/* also where the old hosts have none: its own records are what senders go by */
	facts_tlsa(&bench.facts, &bench.base.mx[0].host)->answer = ANSWER_NODATA;
	expect(&bench, false, "before - tlsa 600s\nchange - mx 3600s\n");
	row->dnssec = DNSSEC_INSECURE; /* and where they count for nothing, they keep nobody away */
	expect(&bench, false, "");
	close_bench(&bench);
}

static void tlsa__order__is_before_the_policy_and_after_the_drain(void **state)
{
	struct bench bench;

	(void)state;
	open_dane(&bench, "3600 10 mx3.exempel.com 20 mx5.exempel.com", '-');
	publish_tlsa(&bench, "mx5.exempel.com", 'f');
	publish_policy(&bench, STS_ENFORCE, "mx1.exempel.com mx2.exempel.net");
	expect(&bench, false,
		"before - tlsa\nbefore ? tlsa\nbefore - sts-policy\nbefore - sts-id 604800s\nchange - mx 3600s\nafter - sts-tighten\n"
		"after - sts-tighten-id\nafter - tlsa-old\n");
	bench.facts.sts.n_record = 0;
	bench.facts.sts.txt = ANSWER_NXDOMAIN;
	publish_tlsa(&bench, "mx5.exempel.com", 's');
	expect(&bench, true,
		"before - tlsa\nwhat: Publish TLSA records for mx3.exempel.com.\n" LACK_WHY
		"missing: The lines are not known: no probe saw the server's certificate.\n"
		"before + tlsa\nwhat: mx5.exempel.com has TLSA records.\n"
		"missing: Whether they fit its certificate is not known: no probe saw it.\n" MOVE
		"after - tlsa-old\nwhat: Take the TLSA records of mx1.exempel.com away, when it takes no mail any more.\n");
	publish_tlsa(&bench, "mx5.exempel.com", 'f');
	expect(&bench, true,
		"before - tlsa\nwhat: Publish TLSA records for mx3.exempel.com.\n" LACK_WHY
		"missing: The lines are not known: no probe saw the server's certificate.\n"
		"before ? tlsa\nwhat: Find out whether mx5.exempel.com has TLSA records.\n"
		"why: Where its addresses are signed, senders that use DANE keep away from a server as long as this lookup fails.\n" MOVE
		"after - tlsa-old\nwhat: Take the TLSA records of mx1.exempel.com away, when it takes no mail any more.\n");
	close_bench(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tlsa__steps__follow_from_what_the_old_and_the_new_hosts_have),
		cmocka_unit_test(tlsa__lines__are_of_the_keys_that_a_probe_saw),
		cmocka_unit_test(tlsa__records_that_are_there__fit_or_not),
		cmocka_unit_test(tlsa__order__is_before_the_policy_and_after_the_drain),
	};

	return cmocka_run_group_tests_name("companion_dane", tests, NULL, NULL);
}
