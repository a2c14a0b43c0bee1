/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of senders tests itself; schedules against what was watched. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "sim/sender.h"

static void senders__are__whole_rows(void **state)
{
	(void)state;
	assert_string_equal(sender_name(senders[0]), "rfc5321");
	for (size_t i = 0; senders[i]; i++) {
		const struct sender *sender = senders[i];

		assert_ptr_equal(sender_find(sender->name), sender);
		assert_true(sender->title[0] != '\0' && sender->life_s > 0);
		for (size_t g = 0; g < SENDER_GROUPS; g++)
			assert_true(sender->source[g].text && sender->source[g].text[0]);
		for (size_t s = SIM_REFUSED; s < SIM_NXDOMAIN; s++)
			assert_true(sender->out[s] != OUT_OK || s == SIM_STARTTLS_4XX || s == SIM_TLS_FAIL);
		assert_int_equal(sender->out[SIM_UP], OUT_OK);
	}
	assert_null(sender_find("nobody"));
}

static void sender__says__how_sure_it_is(void **state)
{
	(void)state;
	assert_string_equal(sender_sure_name(sender_sureness(sender_find("postfix"))), "measured");
	assert_string_equal(sender_sure_name(sender_sureness(sender_find("qmail"))), "source");
	assert_string_equal(sender_sure_name(sender_sureness(sender_find("rfc5321"))), "document");
	assert_string_equal(sender_sure_name(sender_sureness(sender_find("gmail"))), "assumed");
}

/* Watched for 41 minutes with all servers refused: Postfix 0, 299, 599, 1200, 2400; OpenSMTPD 0, 400, 1599; Sendmail each
 * ten minutes; Exim 0, 1799. */
static void sender__retries__as_watched(void **state)
{
	static const struct { const char *name; uint64_t at_s[6]; } rows[] = {
		{ "postfix", { 0, 300, 600, 1200, 2400, 4800 } },
		{ "opensmtpd", { 0, 400, 1600, 3600, 6400, 10000 } },
		{ "sendmail", { 0, 600, 1200, 1800, 2400, 3000 } },
		{ "exim", { 0, 1800, 3600, 5400, 7200, 10800 } },
		{ "qmail", { 0, 400, 1600, 3600, 6400, 10000 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t at_s = 0;

		for (unsigned n = 0; n < 6; n++) {
			at_s = sender_attempt_s(sender_find(rows[i].name), n, at_s);
			assert_int_equal(at_s, rows[i].at_s[n]);
		}
	}
}

static void sender__never_stands_still(void **state)
{
	(void)state;
	for (size_t i = 0; senders[i]; i++) {
		uint64_t at_s = 0;
		unsigned n = 0;

		while (at_s <= senders[i]->life_s) {
			uint64_t next_s = sender_attempt_s(senders[i], ++n, at_s);

			assert_true(next_s > at_s && n < 2000);
			at_s = next_s;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(senders__are__whole_rows),
		cmocka_unit_test(sender__says__how_sure_it_is),
		cmocka_unit_test(sender__retries__as_watched),
		cmocka_unit_test(sender__never_stands_still),
	};

	return cmocka_run_group_tests_name("sender", tests, NULL, NULL);
}
