/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reasons of checks tell of a sender is what the table of senders has of it: where one changes, the other must. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "check/lint.h"
#include "sim/sender/sender.h"

static bool returns_own(const struct sender *s)
{
	return s->self == SELF_CUT && s->self_any == SELF_CUT;
}

static bool loops_own(const struct sender *s)
{
	return s->self == SELF_LOOP && s->self_any == SELF_LOOP;
}

static bool leaves_out(const struct sender *s)
{
	return s->self == SELF_IGNORE && s->self_any == SELF_IGNORE && s->ignores_private;
}

static bool counts_twice(const struct sender *s)
{
	return s->dedupe == DEDUPE_NONE && s->address_max == 5 && s->session_max == 2;
}

static bool tries_once(const struct sender *s)
{
	return s->dedupe == DEDUPE_ADDRESS;
}

static bool waits_4_s(const struct sender *s)
{
	return s->slow_dns == SLOW_SKIP && s->slow_dns_s == 4;
}

static bool waits_12_s(const struct sender *s)
{
	return s->slow_dns == SLOW_SKIP && s->slow_dns_s == 12;
}

static bool holds_all(const struct sender *s)
{
	return s->slow_dns == SLOW_STALL;
}

static bool draws_addresses(const struct sender *s)
{
	return s->order == ORDER_ADDRESS_SHUFFLE;
}

static bool draws_hosts(const struct sender *s)
{
	return s->order == ORDER_HOST_SHUFFLE;
}

static bool prefers_v6(const struct sender *s)
{
	return s->order == ORDER_HOST_SHUFFLE && s->family == FAMILY_V6_BUBBLE_RUNG;
}

static bool v6_first_listed(const struct sender *s)
{
	return s->order == ORDER_RESOLVER && s->family == FAMILY_V6_FIRST_RUNG;
}

static void reasons__tell__what_the_table_has(void **state)
{
	static const struct {
		const char *check, *sender, *words;
		bool (*is)(const struct sender *sender);
	} rows[] = {
		{ "special-address", "postfix", "Postfix returns the mail", returns_own },
		{ "special-address", "opensmtpd", "OpenSMTPD sends it round and round to itself", loops_own },
		{ "special-address", "exim", "Exim as Debian sets it up leaves these and private addresses out", leaves_out },
		{ "same-address", "postfix",
			"Postfix counts the address twice against the five that it tries and the two servers that it talks to",
			counts_twice },
		{ "same-address", "exim", "Exim and OpenSMTPD try it once", tries_once },
		{ "same-address", "opensmtpd", "Exim and OpenSMTPD try it once", tries_once },
		{ "slow-name", "postfix", "it took Postfix and Exim some 4 seconds", waits_4_s },
		{ "slow-name", "exim", "it took Postfix and Exim some 4 seconds", waits_4_s },
		{ "slow-name", "sendmail", "and Sendmail 12", waits_12_s },
		{ "slow-name", "opensmtpd", "OpenSMTPD holds all mail of the domain", holds_all },
		{ "host-weight", "postfix", "Postfix draws among the addresses of a rung", draws_addresses },
		{ "host-weight", "exim", "Exim, Sendmail and Courier draw among hosts", draws_hosts },
		{ "host-weight", "sendmail", "Exim, Sendmail and Courier draw among hosts", draws_hosts },
		{ "host-weight", "courier", "Exim, Sendmail and Courier draw among hosts", draws_hosts },
		{ "dual-stack-pull", "exim", "Exim tries the IPv6 addresses of a rung before the IPv4 ones", prefers_v6 },
		{ "dual-stack-pull", "dma", "dma, too, tries the IPv6 addresses of a rung first", v6_first_listed },
		{ "dual-stack-pull", "postfix", "Postfix draws among addresses", draws_addresses },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct check *check = check_find(rows[i].check);
		const struct sender *sender = sender_find(rows[i].sender);

		assert_non_null(check);
		assert_non_null(sender);
		if (!strstr(check->why, rows[i].words))
			fail_msg("%s does not say: %s", rows[i].check, rows[i].words);
		if (!rows[i].is(sender))
			fail_msg("%s says, and the table has it otherwise: %s", rows[i].check, rows[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(reasons__tell__what_the_table_has) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
