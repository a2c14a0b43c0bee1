/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proof that an edited zone says the wanted set and nothing else: each thing that may have gone wrong is found. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "wire/zonelines.h"

#define NOTHING_BEHIND 1000 /* no entry is behind this one: both texts are read to their ends */
#define TAIL "x A 192.0.2.1\n$ORIGIN sub\ny TXT \"a b\" c\n"

static const char before[] = "$TTL 60\na. SOA ns root 5 1 1 1 30\n@ NS ns\n@ MX 10 m\n" TAIL;

static const struct {
	const char *now;
	bool holds;
} texts[] = {
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\n" TAIL, true },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ 90 MX 20 n.a.\n@ NS ns\n" TAIL, true }, /* the MX records stand where they like */
	{ "$TTL 60 ; c\na.   SOA ns root ( 6 1 1 1 30 )\n@ NS ns\n@ 90 MX 20 n\n" TAIL "; c\n\n", true },
	/* the set */
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 m\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 10 n\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 60 MX 20 n\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\n@ 90 MX 30 o\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\n@ 60 MX 20 n\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20\n" TAIL, false },
	/* the SOA record */
	{ "$TTL 60\na. SOA ns root 5 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 7 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 2 1 1 30\n@ NS ns\n@ 90 MX 20 n\n" TAIL, false },
	{ "$TTL 60\na. SOA ns r 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\n" TAIL, false },
	{ "$TTL 60\na. 30 SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\n" TAIL, false },
	{ "$TTL 60\nb. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\n" TAIL, false },
	/* the others */
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS nx\n@ 90 MX 20 n\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ 61 NS ns\n@ 90 MX 20 n\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\nb NS ns\n@ 90 MX 20 n\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ DNAME ns\n@ 90 MX 20 n\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ 90 MX 20 n\n" TAIL, false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ NS ns\n@ 90 MX 20 n\n" TAIL, false },
	{ "$TTL 61\na. SOA ns root 6 1 1 1 30\n@ 60 NS ns\n@ 90 MX 20 n\nx 60 A 192.0.2.1\n$ORIGIN sub\ny 60 TXT \"a b\" c\n", false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\nx A 192.0.2.1\n$ORIGIN sux\ny TXT \"a b\" c\n", false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\nx A 192.0.2.1\n$ORIGIN sub\ny TXT \"a b\"\n", false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\nx A 192.0.2.1\n$ORIGIN sub\ny TXT \"a  b\" c\n", false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\nx A 192.0.2.1\n$ORIGIN sub\ny TXT c \"a b\"\n", false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\nx A 192.0.2.1\n$ORIGIN sub\n", false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\n" TAIL "z A 192.0.2.1\n", false },
	{ "$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\n" TAIL "(\n", false },
};

static bool proven(const char *now, size_t last, size_t n_soa)
{
	struct zonetext in = { .text = before, .len = strlen(before) };
	struct zoneproof proof = { .text = now, .len = strlen(now), .serial = 6, .last = last, .n_soa = n_soa };
	struct mxset set = { 0 };
	struct dname zone;
	struct mx mx;
	bool holds;

	assert_true(dname_parse(&zone, "a", NULL));
	in.zone = in.owner = &zone;
	set.ttl_s = 90;
	mx_set(&mx, 20, "n.a");
	mxset_add(&set, &mx);
	proof.set = &set;
	holds = zoneproof_holds(&in, &proof);
	mxset_release(&set);
	return holds;
}

static void zoneproof_holds__finds__whatever_else_was_changed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (proven(texts[i].now, NOTHING_BEHIND, 1) != texts[i].holds)
			fail_msg("%s", texts[i].now);
}

/* The entries are SOA, NS, MX, A, TXT: behind the last that is changed, the same bytes in the same state need no reading. */
static void zoneproof_holds__ends_early__only_in_the_same_state(void **state)
{
	(void)state;
	assert_true(proven(texts[0].now, 2, 1));
	for (size_t last = 0; last < 6; last++)
		for (size_t n_soa = 0; n_soa < 3; n_soa++)
			for (size_t i = 0; i < 3; i++)
				assert_true(proven(texts[i].now, last, n_soa));
	/* changed behind it, in as many bytes */
	assert_false(
		proven("$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\nx A 192.0.2.2\n$ORIGIN sub\ny TXT \"a b\" c\n", 2, 1));
	assert_false(
		proven("$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\nx A 192.0.2.1\n$ORIGIN sub\ny TXT \"a b\" d\n", 2, 1));
	assert_false(
		proven("$TTL 60\na. SOA ns root 6 1 1 1 30\n@ NS ns\n@ 90 MX 20 n\nx A 192.0.2.1\n$ORIGIN sub\ny TXT \"a b\"  d\n", 2, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zoneproof_holds__finds__whatever_else_was_changed),
		cmocka_unit_test(zoneproof_holds__ends_early__only_in_the_same_state),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
