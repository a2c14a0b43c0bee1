/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/drain.h"
#include "sets.h"

#define AT 1000000

static void drain__ends__after_the_old_ttl_or_the_negative_one(void **state)
{
	static const struct {
		const char *old;
		uint32_t highest_s, negative_s;
		struct drain drain;
		int64_t end, tail;
	} cases[] = {
		{ "45000 10 mx.example", 0, 300, { true, false, false, 45000, 0 }, AT + 45000, AT + 45000 + 86400 },
		{ "300 10 mx.example", 3600, 0, { true, false, false, 3600, 0 }, AT + 3600, AT + 3600 + 86400 },
		{ "3600 10 mx.example", 300, 0, { true, false, false, 3600, 0 }, AT + 3600, AT + 3600 + 86400 },
		{ "0 10 mx.example", 0, 0, { true, false, false, 0, 0 }, AT, AT + 86400 },
		{ "3600", 0, 900, { true, true, false, 900, 0 }, AT + 900, AT + 900 + 86400 },
		{ "3600", 0, 0, { true, true, true, 10800, 0 }, AT + 10800, AT + 10800 + 86400 },
		{ "4294967295 10 mx.example", 0, 900, { false, false, false, 0, 0 }, 0, 0 },
	};
	struct mxset old;

	(void)state;
	mxset_init(&old);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct drain drain;

		set_from(&old, cases[i].old);
		drain = drain_of(&old, cases[i].highest_s, cases[i].negative_s);
		assert_int_equal(drain.known, cases[i].drain.known);
		assert_int_equal(drain.negative, cases[i].drain.negative);
		assert_int_equal(drain.assumed, cases[i].drain.assumed);
		assert_int_equal(drain.hold_s, cases[i].drain.hold_s);
		assert_int_equal(drain_end(&drain, AT), cases[i].end);
		assert_int_equal(drain_tail(&drain, AT), cases[i].tail);
		assert_int_equal(drain_end(&drain, 0), 0);
		assert_int_equal(drain_tail(&drain, 0), 0);
	}
	mxset_release(&old);
}

static void drain_msg__tells__what_is_gone_and_what_is_assumed(void **state)
{
	static const struct {
		struct drain drain;
		const char *says;
	} cases[] = {
		{ { true, false, false, 300, 0 },
			"Caches that keep to the TTL have lost the old set at %s: hosts that it alone names may be retired then." },
		{ { true, true, false, 300, 0 }, "Caches that keep to the negative TTL have forgotten that there was no MX record at %s." },
		{ { true, true, true, 10800, 0 },
			"Caches have forgotten that there was no MX record at %s, if they hold that for 3 hours: for how long they do is not known." },
	};
	struct msg msg;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str text;

		drain_msg(&cases[i].drain, AT, &msg);
		assert_string_equal(msg.id, cases[i].says);
		str_init(&text, 0);
		msg_format(&msg, NULL, &text);
		assert_non_null(strstr(text.s, "1970-01-12T13:46:40Z"));
		str_release(&text);
	}
	drain_tail_msg(AT, &msg);
	assert_non_null(strstr(msg.id, "(assumed)"));
}

/* An earlier push counts for a set that is replaced, by its date or by its TTL. */
static void drain_add_past__holds__to_what_lasts_longer(void **state)
{
	static const struct {
		struct drain drain;
		struct past_facts past;
		int64_t end;
		uint32_t left;
	} cases[] = {
		{ { true, false, false, 300, 0 }, { .known = FACT_YES }, AT + 300, 300 },
		{ { true, false, false, 300, 0 }, { .known = FACT_YES, .gone_at = AT + 299 }, AT + 300, 300 },
		{ { true, false, false, 300, 0 }, { .known = FACT_YES, .gone_at = AT + 301 }, AT + 301, 301 },
		{ { true, false, false, 300, 0 }, { .known = FACT_YES, .gone_at = AT - 5, .hold_s = 7200 }, AT + 7200, 7200 },
		{ { true, false, false, 300, 0 }, { .known = FACT_YES, .gone_at = AT - 5, .hold_s = 299 }, AT + 300, 300 },
		{ { true, false, false, 300, 0 }, { .known = FACT_NO, .gone_at = AT + 900, .hold_s = 900 }, AT + 300, 300 },
		{ { true, true, false, 300, 0 }, { .known = FACT_YES, .gone_at = AT + 900, .hold_s = 900 }, AT + 300, 300 },
		{ { false, false, false, 0, 0 }, { .known = FACT_YES, .gone_at = AT + 900, .hold_s = 900 }, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct drain drain = cases[i].drain;

		drain_add_past(&drain, &cases[i].past);
		assert_int_equal(drain_end(&drain, AT), cases[i].end);
		assert_int_equal(drain_left(&drain, AT), cases[i].left);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drain__ends__after_the_old_ttl_or_the_negative_one),
		cmocka_unit_test(drain_add_past__holds__to_what_lasts_longer),
		cmocka_unit_test(drain_msg__tells__what_is_gone_and_what_is_assumed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
