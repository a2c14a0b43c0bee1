/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates on what protects the mail on its way, MTA-STS and DANE, by rows of cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "gate_scene.h"

#define STS(...) .sts = { .txt = ANSWER_DATA, .n_record = 1, __VA_ARGS__ }

/* Whether senders that honour MTA-STS would skip a new host. A policy that names it, or none, lets it through. */
static void gate_mta_sts__blocks__a_new_host_of_an_unread_policy(void **state)
{
	static const struct {
		struct scene scene;
		const char *expected;
	} rows[] = {
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_STATUS, .status = 404) }, "mta-sts=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_UNREACHABLE) }, "mta-sts=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_CERTIFICATE) }, "mta-sts=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_NO_ADDRESS) }, "mta-sts=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_PENDING) }, "mta-sts=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_UNASKED) }, "mta-sts=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", .sts = { .txt = ANSWER_SERVFAIL } }, "mta-sts=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", .sts = { .txt = ANSWER_PENDING } }, "mta-sts=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", .sts = { .txt = ANSWER_NXDOMAIN } }, "" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", .sts = { .txt = ANSWER_UNASKED } }, "" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_OK, .policy.mode = STS_NONE) }, "" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_OK, .policy.mode = STS_ENFORCE) }, "sts-order=no" },
		/* what it has may not be all */
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_OK) }, "mta-sts=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_TYPE) }, "mta-sts=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_OK, .policy = { .mode = STS_ENFORCE, .more = 1 }) },
			"mta-sts=unknown" },
		{ { BASE, BASE, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_OK, .policy = { .mode = STS_ENFORCE, .more = 1 }) }, "" },
		/* the domain's own address is to take the mail */
		{ { BASE, "3600", .hosts = "mx1+ @+", STS(.fetch = STS_FETCH_OK, .policy.mode = STS_ENFORCE) }, "mta-sts=no" },
		{ { BASE, "3600", .hosts = "mx1+ @+", STS(.fetch = STS_FETCH_OK, .policy.mode = STS_TESTING) }, "" },
		{ { BASE, "3600", .hosts = "mx1+ @+", STS(.fetch = STS_FETCH_OK, .policy = { .mode = STS_ENFORCE, .more = 1 }) },
			"mta-sts=unknown" },
		{ { BASE, "3600", .hosts = "mx1+ @+", STS(.fetch = STS_FETCH_STATUS) }, "mta-sts=unknown" },
		{ { BASE, "3600", .hosts = "mx1+ @+", STS(.fetch = STS_FETCH_OK, .policy.mode = STS_NONE) }, "" },
		{ { BASE, "3600", .hosts = "mx1+ @-", STS(.fetch = STS_FETCH_OK, .policy.mode = STS_ENFORCE) }, "undeliverable=no" },
		{ { BASE, "3600", .hosts = "mx1+ @?", STS(.fetch = STS_FETCH_OK, .policy.mode = STS_ENFORCE) },
			"undeliverable=unknown mta-sts=no" },
		{ { BASE, "3600 0 .", .hosts = "mx1+ @+", STS(.fetch = STS_FETCH_OK, .policy.mode = STS_ENFORCE) }, "" },
		/* no new host; what stood before; taking back */
		{ { PAIR, BASE, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_STATUS) }, "" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", .stood = true, STS(.fetch = STS_FETCH_STATUS) }, "" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", .undo = true, STS(.fetch = STS_FETCH_STATUS) }, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(&rows[i].scene, rows[i].expected);
}

#define DANE(MX, TLSA) .hosts = "mx1+ mx2+ mx3+", .mx = DNSSEC_##MX, .tlsa = TLSA

static void gate_dane__blocks__a_new_host_that_it_does_not_protect(void **state)
{
	static const struct {
		struct scene scene;
		const char *expected;
	} rows[] = {
		{ { BASE, PAIR, DANE(SECURE, "mx1s mx2s") }, "" },
		{ { BASE, PAIR, DANE(SECURE, "mx1s mx2-") }, "dane=no" },
		{ { BASE, NEW, DANE(SECURE, "mx1s mx2-") }, "dane=no" },
		{ { BASE, PAIR, DANE(SECURE, "mx1s mx2u") }, "dane=no" },
		{ { BASE, PAIR, DANE(SECURE, "mx1s mx2i") }, "dane=no" },
		{ { BASE, PAIR " 30 mx3.exempel.com", DANE(SECURE, "mx1s mx2s mx3-") }, "dane=no" },
		{ { BASE, PAIR, DANE(SECURE, "mx1s mx2?") }, "" }, /* they are there */
		{ { BASE, PAIR, DANE(UNCHECKED, "mx1? mx2-") }, "dane=unknown" },
		{ { BASE, PAIR, DANE(BOGUS, "mx1s mx2-") }, "dane=unknown" },
		{ { BASE, PAIR, DANE(SECURE, "mx1F mx2-") }, "dane=unknown" },
		{ { BASE, PAIR, DANE(SECURE, "mx1t mx2-") }, "" }, /* nothing says that the host is signed */
		/* there is nothing to lose */
		{ { BASE, PAIR, DANE(INSECURE, "mx1s mx2-") }, "" },
		{ { BASE, PAIR, DANE(SECURE, "mx1u mx2-") }, "" },
		{ { BASE, PAIR, DANE(SECURE, "mx1- mx2-") }, "" },
		{ { PAIR, PAIR " 30 mx3.exempel.com", DANE(SECURE, "mx1s mx2- mx3-") }, "" },
		{ { BASE, PAIR, DANE(UNCHECKED, "mx2-") }, "" },
		{ { BASE, PAIR, DANE(UNCHECKED, NULL) }, "" },
		/* no host comes */
		{ { PAIR, BASE, DANE(SECURE, "mx1- mx2s") }, "" },
		{ { PAIR, "60 10 mx1.exempel.com 20 mx2.exempel.com", DANE(SECURE, "mx1s mx2-") }, "" },
		{ { BASE, PAIR, DANE(SECURE, "mx1s mx2-"), .stood = true }, "" },
		{ { BASE, PAIR, DANE(SECURE, "mx1s mx2-"), .undo = true }, "" },
		/* senders that use DANE keep away while the lookup fails */
		{ { BASE, PAIR, DANE(INSECURE, "mx1- mx2f") }, "dane=unknown" },
		{ { BASE, PAIR, DANE(INSECURE, "mx1- mx2t") }, "dane=unknown" },
		{ { BASE, PAIR, DANE(INSECURE, "mx1- mx2p") }, "dane=unknown" },
		{ { BASE, PAIR, DANE(SECURE, "mx1s mx2p") }, "dane=unknown" },
		{ { BASE, PAIR, DANE(INSECURE, "mx1- mx2F") }, "tlsa-servfail=no" },
		{ { BASE, PAIR, DANE(INSECURE, "mx1- mx2i") }, "" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2?", .tlsa = "mx1- mx2t" }, "unknown-host=unknown" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(&rows[i].scene, rows[i].expected);
}

static void gate_cover__says__what_is_not_known(void **state)
{
	const struct {
		struct scene scene;
		const char *words;
	} rows[] = {
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_OK) },
			"whether senders keep away from mx2.exempel.com, which the plan adds, is not known: the MTA-STS policy has no mode "
			"that is known" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_STATUS) },
			"whether the MTA-STS policy names mx2.exempel.com, which the plan adds, is not known: the policy could not be read" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", .sts = { .txt = ANSWER_TIMEOUT } },
			"whether there is an MTA-STS policy that does not name mx2.exempel.com, which the plan adds, is not known" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2+", STS(.fetch = STS_FETCH_OK, .policy = { .mode = STS_TESTING, .more = 1 }) },
			"whether the MTA-STS policy names mx2.exempel.com, which the plan adds, is not known: it has more lines than were "
			"read" },
		{ { BASE, "3600", .hosts = "mx1+ @+", STS(.fetch = STS_FETCH_OK, .policy.mode = STS_ENFORCE) },
			"the MTA-STS policy (enforce) does not name exempel.com itself, whose own address would take the mail" },
		{ { BASE, "3600", .hosts = "mx1+ @+", STS(.fetch = STS_FETCH_STATUS) },
			"whether an MTA-STS policy keeps senders away from exempel.com itself, whose own address would take the mail, is "
			"not known" },
		{ { BASE, PAIR, DANE(SECURE, "mx1s mx2-") },
			"all servers are protected by DANE now, and mx2.exempel.com, which the plan adds, is not" },
		{ { BASE, PAIR, DANE(UNCHECKED, "mx1? mx2-") },
			"whether all servers are protected by DANE now is not known, and mx2.exempel.com, which the plan adds, is not" },
		{ { BASE, PAIR, DANE(INSECURE, "mx1- mx2t") },
			"whether senders that use DANE deliver to mx2.exempel.com, which the plan adds, is not known: its TLSA records are not "
			"known" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect_words(&rows[i].scene, rows[i].words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gate_mta_sts__blocks__a_new_host_of_an_unread_policy),
		cmocka_unit_test(gate_dane__blocks__a_new_host_that_it_does_not_protect),
		cmocka_unit_test(gate_cover__says__what_is_not_known),
	};

	return cmocka_run_group_tests_name("gate_cover", tests, NULL, NULL);
}
