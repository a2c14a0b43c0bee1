/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What real senders did in scenarios that tests/data/senders-measured.json lacks: told in words, by the way each goes on
 * after a failure, or as rounded shares. The first column is the name that the study gives each.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define A "a A 198.18.1.1; "
#define B "b A 198.18.1.2; "
#define C "c A 198.18.1.3; "
#define TWO "@ MX 10 a; @ MX 20 b; " A B
#define THREE "@ MX 10 a; @ MX 20 b; @ MX 30 c; " A B C
#define EQUALS "@ MX 10 a; @ MX 10 b; " A B
#define EQUAL3 "@ MX 10 a; @ MX 10 b; @ MX 10 c; " A B C
#define REST "d A 198.18.1.4; e A 198.18.1.5; f A 198.18.1.6; g A 198.18.1.7"
#define SEVEN "@ MX 10 a; @ MX 10 b; @ MX 10 c; @ MX 10 d; @ MX 10 e; @ MX 10 f; @ MX 10 g; " A B C REST
#define SIX_EQUAL "@ MX 10 a; @ MX 10 b; @ MX 10 c; @ MX 10 d; @ MX 10 e; @ MX 10 f; " A B C REST
#define SIX_ONE "@ MX 10 a; @ MX 10 b; @ MX 10 c; @ MX 10 d; @ MX 10 e; @ MX 10 f; @ MX 20 g; " A B C REST
#define THREE_THREE "@ MX 10 a; @ MX 10 b; @ MX 10 c; @ MX 20 d; @ MX 20 e; @ MX 20 f; @ MX 30 g; " A B C REST
#define DUAL "@ MX 10 a; @ MX 10 b; " A "a AAAA 2001:db8::1; " B
#define DUAL3 "@ MX 10 a; @ MX 10 b; @ MX 10 c; " A "a AAAA 2001:db8::1; " B C
#define MANY                                                                                                                               \
	"@ MX 10 a; a AAAA 2001:db8::1; a AAAA 2001:db8::2; a AAAA 2001:db8::3; a AAAA 2001:db8::4; a AAAA 2001:db8::5; "                  \
	"a A 198.18.1.1; a A 198.18.1.2; a A 198.18.1.3; a A 198.18.1.4; a A 198.18.1.5"
#define BARE "@ MX 10 n; @ MX 20 b; " B
#define NOWHERE "@ MX 10 a; @ MX 20 b; a A 240.0.0.1; a A 0.1.2.3; a AAAA ff02::1; a AAAA fe80::1; " B
#define DEAD9 "v6 198.18.1.1 198.18.1.2 198.18.1.3 198.18.1.4"
#define MANY_A "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; a A 198.18.2.1; " B

struct row {
	const char *id, *records, *down;
	const char *senders; /* who did so */
	const char *shares;  /* "b 1", "queued 1", "198.18.1.1 .5" */
	double connections;  /* < 0: not told */
};

static const struct row rows[] = {
	/* a dual-stack host whose IPv6 is dead (S41: refused) */
	{ "S7b", DUAL, "2001:db8::1=timeout", "postfix exim sendmail", "a .5 b .5", -1 },
	{ "S41", DUAL, "2001:db8::1", "postfix sendmail", "a .5 b .5", -1 },
	{ "S41", DUAL, "2001:db8::1", "exim", "a .5 b .5", 2 },
	{ "S41", DUAL, "2001:db8::1", "opensmtpd", "a 1", 2 },
	{ "S45", DUAL3, "", "postfix", "a .5 b .25 c .25", 1 },
	{ "S45", DUAL3, "", "exim", "a .666666667 b .166666667 c .166666667", 1 },
	{ "S45", DUAL3, "", "opensmtpd dma", "a 1 2001:db8::1 1", 1 },
	{ "S45", DUAL3, "", "courier sendmail rfc5321", "a .333333333 2001:db8::1 .333333333", 1 },
	/* a null MX beside others: Postfix takes it for the whole set */
	{ "null", "@ MX 10 a; @ MX 20 .; " A, "", "postfix", "bounced 1", 0 },
	{ "null", "@ MX 10 a; @ MX 20 .; " A, "", "exim sendmail opensmtpd dma courier", "a 1", 1 },
	/* a host that exists without an address spoils all for dma; one that does not exist does not */
	{ "bare", BARE "n TXT x; ", "", "dma", "bounced 1", 0 },
	{ "bare", BARE "n TXT x; ", "", "postfix exim sendmail opensmtpd courier", "b 1", 1 },
	{ "gone", BARE, "", "postfix exim sendmail opensmtpd dma courier", "b 1", 1 },
	/* ::1 is nobody's own machine where nothing listens there */
	{ "loop6", TWO "a AAAA ::1", "", "exim sendmail dma courier", "a 1", 1 },
	{ "loop6", TWO "a AAAA ::1", "", "postfix", "bounced 1", 0 },
	/* no connection can be made to reserved, multicast and link-local addresses */
	{ "nowhere", NOWHERE, "", "postfix exim sendmail opensmtpd dma courier rfc5321", "b 1", 1 },
	{ "ula", "@ MX 10 a; @ MX 20 b; a AAAA fd00::1; " B, "", "exim", "b 1", 1 },
	{ "ula", "@ MX 10 a; @ MX 20 b; a AAAA fd00::1; " B, "", "postfix sendmail opensmtpd dma courier", "a 1", 1 },
	{ "ehlo", TWO, "a=ehlo-4xx", "dma", "bounced 1", 1 },
	{ "ehlo", TWO, "a=ehlo-4xx", "postfix exim sendmail opensmtpd rfc5321", "b 1", 2 },
	{ "literal", "@ MX 10 198.18.1.1.; @ MX 20 b; " B, "", "dma postfix sendmail opensmtpd", "198.18.1.1 1", 1 },
	/* one address under two preferences: Courier drops repeats within one only */
	{ "twice", "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; b A 198.18.1.1; ", "a b", "courier postfix sendmail dma", "queued 1", 2 },
	{ "twice", "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; b A 198.18.1.1; ", "a b", "exim opensmtpd", "queued 1", 1 },
	/* refusals in the greeting: who bounces, who waits */
	{ "S10c", TWO, "a b=greeting-5xx", "exim sendmail dma courier rfc5321", "bounced 1", 2 },
	{ "S10c", TWO, "a b=greeting-5xx", "postfix opensmtpd qmail", "queued 1", 2 },
	{ "S10d", TWO, "a=greeting-5xx b", "postfix exim sendmail opensmtpd rfc5321", "queued 1", 2 },
	{ "S10d", TWO, "a=greeting-5xx b", "dma courier", "bounced 1", 1 },
	{ "S10d", TWO, "a=greeting-5xx b", "qmail", "queued 1", 1 },
	{ "S8b", TWO, "a=greeting-4xx", "postfix exim sendmail opensmtpd dma", "b 1", 2 },
	{ "S8b", TWO, "a=greeting-4xx", "courier qmail", "queued 1", 1 },
	{ "S25c", TWO, "a=ehlo-5xx b=ehlo-5xx", "postfix dma courier", "bounced 1", 1 },
	{ "S25c", TWO, "a=ehlo-5xx b=ehlo-5xx", "exim sendmail", "bounced 1", 2 },
	{ "S25c", TWO, "a=ehlo-5xx b=ehlo-5xx", "opensmtpd", "queued 1", 2 },
	/* refusals later on */
	{ "S11b", TWO, "a=rcpt-4xx b=rcpt-5xx", "postfix exim sendmail dma", "bounced 1", 2 },
	{ "S11b", TWO, "a=rcpt-4xx b=rcpt-5xx", "opensmtpd courier qmail", "queued 1", 1 },
	{ "S26", TWO, "a=mail-4xx", "postfix exim sendmail dma", "b 1", 2 },
	{ "S26", TWO, "a=mail-4xx", "opensmtpd courier qmail", "queued 1", 1 },
	{ "S27b", TWO, "a=dot-4xx", "postfix exim sendmail dma", "b 1", 2 },
	{ "S27b", TWO, "a=dot-4xx", "opensmtpd courier qmail", "queued 1", 1 },
	{ "S33", EQUAL3, "a=rcpt-4xx", "postfix exim sendmail", "b .5 c .5", 4 / 3. },
	{ "S33", EQUAL3, "a=rcpt-4xx", "opensmtpd", "queued 1", 1 },
	{ "S33", EQUAL3, "a=rcpt-4xx", "dma", "b 1", 2 },
	{ "S33", EQUAL3, "a=rcpt-4xx", "courier qmail", "b .333333333 c .333333333 queued .333333333", 1 },
	{ "S36", MANY_A, "198.18.1.1=rcpt-4xx", "sendmail", "b 1", 2 },
	{ "S36", MANY_A, "198.18.1.1=rcpt-4xx", "postfix exim", "a 1 198.18.2.1 1", 1.5 },
	{ "S36", MANY_A, "198.18.1.1=rcpt-4xx", "dma", "a 1 198.18.2.1 1", 2 },
	{ "S36", MANY_A, "198.18.1.1=rcpt-4xx", "opensmtpd", "queued 1", 1 },
	{ "S39", THREE, "a=rcpt-4xx b=rcpt-4xx", "dma", "c 1", 3 },
	{ "S39", THREE, "a=rcpt-4xx b=rcpt-4xx", "courier qmail", "queued 1", 1 },
	/* the limits */
	{ "S14", SEVEN, "b=timeout c=timeout d=timeout e=timeout f=timeout g=timeout", "postfix exim", "a .714285714 queued .285714286",
		25 / 7. },
	{ "S14", SEVEN, "b=timeout c=timeout d=timeout e=timeout f=timeout g=timeout", "sendmail", "a 1", 4 },
	{ "S14c", SEVEN, "b=greeting-4xx c=greeting-4xx d=greeting-4xx e=greeting-4xx f=greeting-4xx g=greeting-4xx", "postfix exim",
		"a .714285714 queued .285714286", 25 / 7. },
	{ "S14d", SEVEN, "b=rcpt-4xx c=rcpt-4xx d=rcpt-4xx e=rcpt-4xx f=rcpt-4xx g=rcpt-4xx", "postfix", "a .285714286 queued .714285714",
		13 / 7. },
	{ "S14d", SEVEN, "b=rcpt-4xx c=rcpt-4xx d=rcpt-4xx e=rcpt-4xx f=rcpt-4xx g=rcpt-4xx", "exim", "a .714285714 queued .285714286",
		25 / 7. },
	{ "S43", SIX_ONE, "a=rcpt-4xx b=rcpt-4xx c=rcpt-4xx d=rcpt-4xx e=rcpt-4xx f=rcpt-4xx", "postfix", "queued 1", 2 },
	{ "S43", SIX_ONE, "a=rcpt-4xx b=rcpt-4xx c=rcpt-4xx d=rcpt-4xx e=rcpt-4xx f=rcpt-4xx", "exim", "g 1", 6 },
	{ "S43", SIX_ONE, "a=rcpt-4xx b=rcpt-4xx c=rcpt-4xx d=rcpt-4xx e=rcpt-4xx f=rcpt-4xx", "sendmail dma", "g 1", 7 },
	{ "S43", SIX_ONE, "a=rcpt-4xx b=rcpt-4xx c=rcpt-4xx d=rcpt-4xx e=rcpt-4xx f=rcpt-4xx", "opensmtpd courier qmail", "queued 1", 1 },
	{ "S44", THREE_THREE, "a b c d e f", "postfix", "queued 1", 5 },
	{ "S44", THREE_THREE, "a b c d e f", "exim", "g 1", 6 },
	{ "S44", THREE_THREE, "a b c d e f", "sendmail opensmtpd dma courier", "g 1", 7 },
	{ "S40", SIX_EQUAL, "a b c", "postfix exim sendmail", "d .333333333 e .333333333 f .333333333", 1.75 },
	{ "S40", SIX_EQUAL, "a b c", "dma", "d 1", 4 },
	{ "S47", MANY, DEAD9, "postfix", "198.18.1.5 .5 queued .5", -1 },
	{ "S47", MANY, DEAD9, "exim", "queued 1", 5 },
	{ "S47", MANY, DEAD9, "opensmtpd", "queued 1", -1 },
	{ "S47", MANY, DEAD9, "sendmail dma", "198.18.1.5 1", 10 },
	/* TLS, with nothing left */
	{ "S22x", TWO, "a=tls-fail b", "postfix sendmail courier", "queued 1", 2 },
	{ "S22x", TWO, "a=tls-fail b", "exim opensmtpd", "a 1", 2 },
	{ "S12x", TWO, "a=mute", "dma", "queued 1", 1 }, /* the lab: nothing came in eleven minutes */
	{ "S22x", TWO, "a=tls-fail b", "dma", "a 1", 1 },
	/* lookups */
	{ "S13b", EQUALS, "a=servfail", "postfix exim sendmail opensmtpd dma courier qmail", "b 1", 1 },
	{ "S17b", "@ A 198.18.1.9; @ AAAA 2001:db8::9", "", "postfix", "198.18.1.9 .5 2001:db8::9 .5", 1 },
	{ "S17b", "@ A 198.18.1.9; @ AAAA 2001:db8::9", "", "exim sendmail opensmtpd dma", "2001:db8::9 1", 1 },
	{ "S17b", "@ A 198.18.1.9; @ AAAA 2001:db8::9", "", "qmail", "198.18.1.9 1", 1 },
	{ "S20b", TWO, "a=nxdomain b=servfail", "postfix exim sendmail opensmtpd dma qmail", "queued 1", 0 },
	{ "S20b", TWO, "a=nxdomain b=servfail", "courier", "bounced 1", 0 },
	{ "S37", "@ MX 10 198.18.1.1.; @ MX 20 b; " B, "", "postfix sendmail opensmtpd", "198.18.1.1 1", 1 },
	{ "S37", "@ MX 10 198.18.1.1.; @ MX 20 b; " B, "", "exim", "b 1", 1 },
	/* repeats */
	{ "S18b", "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; b A 198.18.1.1", "198.18.1.1=rcpt-4xx", "postfix sendmail dma", "queued 1", 2 },
	{ "S18b", "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; b A 198.18.1.1", "198.18.1.1=rcpt-4xx", "exim opensmtpd courier", "queued 1", 1 },
	{ "twice", "@ MX 10 a; @ MX 10 a; @ MX 10 b; " A B, "", "exim sendmail rfc5321", "a .5 b .5", 1 },
	/* the sender's own machine, by loopback */
	{ "S28b", "@ MX 10 a; @ MX 20 b; a A 0.0.0.0; " B, "", "postfix", "bounced 1", 0 },
	{ "S28b", "@ MX 10 a; @ MX 20 b; a A 0.0.0.0; " B, "", "exim sendmail dma courier", "b 1", 1 },
	{ "S28b", "@ MX 10 a; @ MX 20 b; a A 0.0.0.0; " B, "", "opensmtpd", "queued 1", 0 },
	{ "S29", "@ MX 10 a; @ MX 20 b; @ MX 30 c; " A "b A 127.0.0.1; " C, "a", "postfix courier qmail", "queued 1", 1 },
	{ "S29", "@ MX 10 a; @ MX 20 b; @ MX 30 c; " A "b A 127.0.0.1; " C, "a", "exim sendmail dma", "c 1", 2 },
	{ "S29b", "@ MX 10 a; @ MX 20 b; a A 127.0.0.1; " B, "", "sendmail exim dma", "b 1", 1 },
	{ "S29b", "@ MX 10 a; @ MX 20 b; a A 127.0.0.1; " B, "", "postfix courier qmail", "bounced 1", 0 },
	{ "loop", "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; b A 127.0.0.1", "a", "sendmail", "bounced 1", 1 },
	{ "4.4.4", "@ MX 10 a; @ MX 20 b; b A 127.0.0.1", "", "postfix", "queued 1", 0 },
	{ "5.4.6", "@ MX 10 b; @ MX 20 a; b A 127.0.0.1; " A, "a=servfail", "postfix", "bounced 1", 0 },
	{ "5.4.6", "@ MX 10 a; @ MX 20 b; b A 127.0.0.1", "", "qmail", "bounced 1", 0 },
	/* the balance counts what is left once the sender has dropped itself */
	{ "balance",
		"@ MX 10 a; @ MX 20 b; a A 198.18.1.1; a A 198.18.1.2; a A 198.18.1.3; a A 198.18.1.4; a A 198.18.1.5; "
		"b A 127.0.0.1; b AAAA 2001:db8::9",
		"198.18.1.1 198.18.1.2 198.18.1.3 198.18.1.4", "postfix", "198.18.1.5 1", 3 },
	{ "balance",
		"@ MX 10 a; @ MX 20 b; a A 198.18.1.1; a A 198.18.1.2; a A 198.18.1.3; a A 198.18.1.4; a A 198.18.1.5; "
		"b AAAA 2001:db8::9",
		"a", "postfix", "b 1", 5 },
};

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-6;
}

static void mark_all(struct world *world, const char *down)
{
	char words[400], *save = NULL;

	snprintf(words, sizeof words, "%s", down);
	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		size_t len = strcspn(word, "=");
		char text[500];

		if (strpbrk(word, ".:") || strcmp(word, "v6") == 0)
			snprintf(text, sizeof text, "%s", word);
		else
			snprintf(text, sizeof text, "%.*s.example.com%s", (int)len, word, word + len);
		world_mark(world, text);
	}
}

static double share_of(const struct sim_outcome *outcome, const char *what)
{
	char host[100];

	if (strcmp(what, "queued") == 0)
		return outcome->deferred;
	if (strcmp(what, "bounced") == 0)
		return outcome->bounced;
	if (*what == '1') /* a literal in place of a name is a host as well */
		snprintf(host, sizeof host, "%s", what);
	else if (strchr(what, ':'))
		return world_address(outcome, what);
	else
		snprintf(host, sizeof host, "%s.example.com", what);
	return *what == '1' && world_address(outcome, what) > 0 ? world_address(outcome, what) : world_host(outcome, host);
}

static bool sender_agrees(const struct row *row, const char *sender)
{
	struct world world;
	struct sim_result result = { 0 };
	char shares[200], *save = NULL;
	bool good = true;

	world_init_records(&world, row->records);
	mark_all(&world, row->down);
	assert_non_null(sender_find(sender));
	failover_run(&world.in, sender_find(sender), &result);
	snprintf(shares, sizeof shares, "%s", row->shares);
	for (char *what = strtok_r(shares, " ", &save); what; what = strtok_r(NULL, " ", &save))
		good &= near(share_of(&result.first, what), strtod(strtok_r(NULL, " ", &save), NULL));
	good &= row->connections < 0 || near(result.connections_mean, row->connections);
	good &= result.exact;
	if (!good)
		print_message("# %s by %s should be %s; is: queued %g, bounced %g, %g connections\n", row->id, sender, row->shares,
			result.first.deferred, result.first.bounced, result.connections_mean);
	sim_result_release(&result);
	world_release(&world);
	return good;
}

static void failover__agrees__with_what_is_told(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char names[200], *save = NULL;

		snprintf(names, sizeof names, "%s", rows[i].senders);
		for (char *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save))
			wrong += !sender_agrees(&rows[i], name);
	}
	assert_int_equal(wrong, 0);
}

/* A name whose IPv4 lookup fails is unknown to a sender that has no IPv6, however well its IPv6 is known. */
static void failover__asks__by_family(void **state)
{
	struct world world;
	struct sim_result result = { 0 };
	struct host_facts *host;

	(void)state;
	world_init_records(&world, "@ MX 10 a; a AAAA 2001:db8::1");
	host = facts_host(&world.facts, &world.facts.live.mx[0].host);
	assert_non_null(host);
	failover_run(&world.in, sender_find("qmail"), &result);
	assert_true(near(result.first.bounced, 1));
	host->a = ANSWER_SERVFAIL;
	failover_run(&world.in, sender_find("qmail"), &result);
	assert_true(near(result.first.unknown, 1));
	failover_run(&world.in, sender_find("postfix"), &result);
	assert_true(near(result.first.share[0].share, 1));
	sim_result_release(&result);
	world_release(&world);
}

/* A mark on the domain says what its lookup comes to, whatever ours came to; without one, a lookup that gave nothing is unknown. */
static void failover__asks__for_the_domain_first(void **state)
{
	static const enum answer answers[] = { ANSWER_UNASKED, ANSWER_PENDING, ANSWER_TIMEOUT };
	struct world world;
	struct sim_result result = { 0 };

	(void)state;
	world_init_records(&world, "@ A 192.0.2.1");
	failover_run(&world.in, sender_find("postfix"), &result);
	assert_true(near(result.first.share[0].share, 1));
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		world.facts.mx = answers[i];
		failover_run(&world.in, sender_find("postfix"), &result);
		assert_true(near(result.first.unknown, 1));
	}
	world_mark(&world, "example.com=nxdomain");
	failover_run(&world.in, sender_find("postfix"), &result);
	assert_true(near(result.first.bounced, 1));
	assert_true(near(result.first.unknown, 0));
	sim_result_release(&result);
	world_release(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failover__agrees__with_what_is_told),
		cmocka_unit_test(failover__asks__by_family),
		cmocka_unit_test(failover__asks__for_the_domain_first),
	};

	return cmocka_run_group_tests_name("scenarios", tests, NULL, NULL);
}
