/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of senders tests itself; schedules against what was watched. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "sim/sender/sender.h"

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
			assert_true(sender->out[s] != OUT_OK || s == SIM_STARTTLS_4XX || s == SIM_TLS_FAIL || s == SIM_NO_STARTTLS ||
				    s == SIM_TLSA_MISMATCH || s == SIM_CERT_INVALID);
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
	/* its retries are documented; what an attempt does is not */
	assert_string_equal(sender_sure_name(sender_sureness_over_time(sender_find("exchange-online"))), "assumed");
	assert_string_equal(sender_sure_name(sender_sureness_over_time(sender_find("courier"))), "document");
}

/* Watched for 41 minutes with all servers refused: Postfix 0, 299, 599, 1200, 2400; OpenSMTPD 0, 400, 1599; Sendmail each
 * ten minutes; Exim 0, 1799. */
static void sender__retries__as_watched(void **state)
{
	static const struct {
		const char *name;
		uint64_t at_s[6];
	} rows[] = {
		{ "postfix", { 0, 300, 600, 1200, 2400, 4800 } },
		{ "opensmtpd", { 0, 400, 1600, 3600, 6400, 10000 } },
		{ "sendmail", { 0, 600, 1200, 1800, 2400, 3000 } },
		{ "exim", { 0, 1800, 3600, 5400, 7200, 9000 } },
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

/* courier(8): three attempts five minutes apart, then a pause that doubles from a quarter of an hour to two hours, for ever. */
static void sender__retries__in_rounds(void **state)
{
	static const uint64_t at_s[] = { 0, 300, 600, 1500, 1800, 2100, 3900, 4200, 4500, 8100, 8400, 8700, 15900, 16200, 16500, 23700,
		24000 };
	struct sender made = *sender_find("courier");
	uint64_t now_s = 0;

	(void)state;
	for (unsigned n = 0; n < sizeof at_s / sizeof *at_s; n++) {
		now_s = sender_attempt_s(&made, n, now_s);
		assert_int_equal(now_s, at_s[n]);
	}
	made.retry_round = 0;
	assert_false(sender_check(&made, NULL));
	made.retry_round = 1;
	assert_true(sender_check(&made, NULL));
	made.retry_pause_s = 7201;
	assert_false(sender_check(&made, NULL));
}

/* The first attempt is at once, whenever the queue is looked at; without queue runs an attempt is made when it is due. */
static void sender__retries__by_its_queue_runs_alone(void **state)
{
	struct sender made = *sender_find("postfix");
	uint64_t due_s = sender_due_s(&made, 1, 0);

	(void)state;
	assert_true(due_s > 100);
	made.retry_grid_s = 0;
	assert_int_equal(sender_attempt_after(&made, 0, 0, 500), 0);
	assert_int_equal(sender_attempt_after(&made, 1, 0, due_s + 500), due_s);
	assert_int_equal(sender_attempt_after(&made, 1, 0, 100), due_s);
	made.retry_grid_s = (unsigned)due_s;
	assert_int_equal(sender_attempt_after(&made, 0, 0, 500), 0);
	assert_int_equal(sender_attempt_after(&made, 1, 0, due_s + 500), due_s + 500);
	assert_int_equal(sender_attempt_after(&made, 1, 0, due_s), due_s);
	assert_int_equal(sender_attempt_after(&made, 1, 0, 100), due_s + 100);
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

/* Each field of each sender reads back as it was written, and makes the same sender again. */
static void sender_field__reads_back(void **state)
{
	(void)state;
	for (size_t i = 0; senders[i]; i++) {
		struct sender made = *sender_find("rfc5321");

		for (size_t k = 0; k < sender_field_count(); k++) {
			struct str value, again;

			str_init(&value, 0);
			str_init(&again, 0);
			sender_field_text(senders[i], k, &value);
			if (value.len > 0)
				assert_true(sender_field_set(&made, sender_field_at(k).name, value.s, NULL));
			sender_field_text(&made, k, &again);
			if (value.len > 0)
				assert_string_equal(again.s, value.s);
			assert_true(sender_field_at(k).values[0] && sender_field_at(k).help[0]);
			str_release(&value);
			str_release(&again);
		}
		assert_memory_equal(made.out, senders[i]->out, sizeof made.out);
		assert_int_equal(made.order, senders[i]->order);
		assert_int_equal(made.null_mx, senders[i]->null_mx);
		assert_int_equal(made.life_s, senders[i]->life_s);
		assert_true(sender_check(&made, NULL));
		assert_int_equal(sender_sureness(&made), SURE_CONFIGURED);
	}
}

static void sender_field__refuses(void **state)
{
	static const struct {
		const char *name, *value;
	} rows[] = {
		{ "colour", "red" },
		{ "order", "" },
		{ "order", "host" },
		{ "order", "addresses|hosts" },
		{ "null_mx", "next" },
		{ "null_mx", "" },
		{ "balances", "true" },
		{ "addresses", "5s" },
		{ "addresses", "-1" },
		{ "addresses", "100001" },
		{ "life", "5 days" },
		{ "refused", "retry" },
		{ "up", "bounce" },
		{ "nxdomain", "queue" },
		{ "retry_steps", "" },
		{ "retry_steps", "15m until 2h" },
		{ "retry_steps", "15m, 1h" },
		{ "retry_steps", "15m until 2h, 1h until 1h, 6h" },
		{ "retry_steps", "0s" },
		{ "retry_steps", "15m until 2h, 6h," },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sender sender = *sender_find("postfix"), before = sender;
		struct err err = { 0 };

		assert_false(sender_field_set(&sender, rows[i].name, rows[i].value, &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_non_null(err.hint.id);
		assert_memory_equal(&sender, &before, sizeof sender);
	}
}

/* The most that each takes. */
static void sender_field__takes__up_to_its_bounds(void **state)
{
	static const struct {
		const char *name, *value;
		bool good;
	} rows[] = {
		{ "addresses", "0", true },
		{ "addresses", "100000", true },
		{ "addresses", "100001", false },
		{ "retry_steps", "1m until 1h, 2m until 2h, 3m until 3h, 4m until 4h, 5m until 5h, 6m until 6h, 7m until 7h, 8m", true },
		{ "retry_steps", "1m until 1h, 2m until 2h, 3m until 3h, 4m until 4h, 5m until 5h, 6m until 6h, 7m until 7h, 8m until 8h",
			false },
		{ "retry_steps", "1m until 1h, 2m until 1h1s, 3m", true },
		{ "retry_steps", "1m until 1h, 2m until 1h, 3m", false },
		{ "retry_steps", "1m until 0s, 3m", false },
		{ "retry_steps", "1s", true },
		{ "retry_steps", "000000000000000000000000000000000000000000000000000000000000001", true },
		{ "retry_steps", "0000000000000000000000000000000000000000000000000000000000000001", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sender sender = *sender_find("rfc5321");

		assert_int_equal(sender_field_set(&sender, rows[i].name, rows[i].value, NULL), rows[i].good);
	}
}

/* What is just enough for a schedule, and what is not. */
static void sender_check__knows__where_a_schedule_ends(void **state)
{
	static const struct {
		const char *base, *fields[6][2];
		bool good;
	} rows[] = {
		{ "rfc5321", { { "retry", "steps" }, { "retry_grid", "0" }, { "retry_steps", "1m" }, { "life", "1998m" } }, true },
		{ "rfc5321", { { "retry", "steps" }, { "retry_grid", "0" }, { "retry_steps", "1m" }, { "life", "1999m" } }, false },
		{ "rfc5321", { { "retry", "steps" }, { "retry_first", "0" }, { "retry_steps", "1h" }, { "life", "1" } }, true },
		{ "postfix", { { "retry", "age" }, { "retry_first", "1h" }, { "retry_longest", "1h" } }, true },
		{ "postfix", { { "retry", "age" }, { "retry_first", "1h" }, { "retry_longest", "59m" } }, false },
		{ "postfix", { { "retry", "square" }, { "retry_first", "1h" }, { "retry_longest", "0" } }, true },
		{ "postfix", { { "retry", "grow" }, { "retry_percent", "100" }, { "retry_first", "1h" }, { "retry_longest", "1h" } },
			true },
		{ "postfix", { { "retry", "grow" }, { "retry_percent", "99" }, { "retry_first", "1h" }, { "retry_longest", "1h" } },
			false },
		{ "postfix", { { "retry", "age" }, { "retry_percent", "99" } }, true },
		{ "postfix",
			{ { "retry", "rounds" }, { "retry_percent", "100" }, { "retry_round", "1" }, { "retry_pause", "1h" },
				{ "retry_first", "1h" }, { "retry_longest", "1h" } },
			true },
		{ "postfix",
			{ { "retry", "rounds" }, { "retry_percent", "99" }, { "retry_round", "1" }, { "retry_pause", "1h" },
				{ "retry_first", "1h" }, { "retry_longest", "1h" } },
			false },
		{ "postfix",
			{ { "retry", "rounds" }, { "retry_percent", "100" }, { "retry_round", "0" }, { "retry_pause", "1h" },
				{ "retry_first", "1h" }, { "retry_longest", "1h" } },
			false },
		{ "postfix",
			{ { "retry", "rounds" }, { "retry_percent", "100" }, { "retry_round", "1" }, { "retry_pause", "0" },
				{ "retry_first", "1h" }, { "retry_longest", "1h" } },
			false },
		{ "postfix",
			{ { "retry", "rounds" }, { "retry_percent", "100" }, { "retry_round", "1" }, { "retry_pause", "61m" },
				{ "retry_first", "1h" }, { "retry_longest", "1h" } },
			false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sender sender = *sender_find(rows[i].base);

		for (size_t k = 0; k < 6 && rows[i].fields[k][0]; k++)
			assert_true(sender_field_set(&sender, rows[i].fields[k][0], rows[i].fields[k][1], NULL));
		assert_int_equal(sender_check(&sender, NULL), rows[i].good);
	}
}

static void sender_check__wants_a_schedule(void **state)
{
	static const struct {
		const char *base, *name, *value;
	} rows[] = {
		{ "postfix", "life", "0" },
		{ "postfix", "retry_first", "0" },
		{ "postfix", "retry_longest", "1" },
		{ "dma", "retry_percent", "99" },
		{ "rfc5321", "retry_steps", "1s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sender sender = *sender_find(rows[i].base);

		assert_true(sender_check(&sender, NULL));
		assert_true(sender_field_set(&sender, rows[i].name, rows[i].value, NULL));
		assert_false(sender_check(&sender, NULL));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(senders__are__whole_rows),
		cmocka_unit_test(sender__says__how_sure_it_is),
		cmocka_unit_test(sender__retries__as_watched),
		cmocka_unit_test(sender__retries__in_rounds),
		cmocka_unit_test(sender__retries__by_its_queue_runs_alone),
		cmocka_unit_test(sender__never_stands_still),
		cmocka_unit_test(sender_field__reads_back),
		cmocka_unit_test(sender_field__refuses),
		cmocka_unit_test(sender_check__wants_a_schedule),
		cmocka_unit_test(sender_field__takes__up_to_its_bounds),
		cmocka_unit_test(sender_check__knows__where_a_schedule_ends),
	};

	return cmocka_run_group_tests_name("sender", tests, NULL, NULL);
}
