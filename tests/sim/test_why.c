/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reasons follow from the fields: every sender has some for each group, and a changed field changes its sentence alone. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "sim/attempt/why.h"

static void sentences(const struct sender *sender, struct str *out)
{
	struct why_row row[WHY_ROWS];
	size_t n = why_sender(sender, row);

	str_clear(out);
	for (size_t i = 0; i < n; i++) {
		msg_format(&row[i].text, NULL, out);
		str_add_char(out, '\n');
	}
}

static void why_sender__speaks_of_every_group(void **state)
{
	(void)state;
	for (size_t i = 0; senders[i]; i++) {
		struct why_row row[WHY_ROWS];
		size_t n = why_sender(senders[i], row), in_group[SENDER_GROUPS] = { 0 };

		assert_true(n < WHY_ROWS);
		for (size_t k = 0; k < n; k++) {
			assert_non_null(row[k].text.id);
			assert_true(k == 0 || row[k].group >= row[k - 1].group);
			in_group[row[k].group]++;
		}
		for (enum sender_group g = GROUP_ORDER; g < SENDER_GROUPS; g++) {
			assert_true(in_group[g] > 0);
			assert_true(why_group_title(g)[0]);
		}
	}
}

static void why_sender__follows_the_fields(void **state)
{
	static const struct {
		const char *sender, *field, *value, *sentence;
	} rows[] = {
		{ "postfix", "addresses", "3", "An attempt ends after 3 addresses, whatever servers are left." },
		{ "postfix", "conversations", "7", "An attempt ends after 7 servers that answered EHLO and then failed." },
		{ "exim", "memory_time", "20m", "leaves an address alone for 20m, with all mail; later" },
		{ "exim", "memory", "none", "It remembers nothing from one message to the next." },
		{ "qmail", "memory_time", "1h", "two minutes or more apart, it leaves an address alone for 1h" },
		{ "sendmail", "life", "2d", "After 2d the message is returned." },
		{ "sendmail", "warn", "0", "Its author is not told of a delay." },
		{ "gmail", "greeting-5xx", "queue", "The message waits; no other server is tried." },
		{ "rfc5321", "null_mx", "queue", "It does not know the null MX" },
		{ "rfc5321", "order", "addresses", "a host with two addresses gets twice the mail" },
		{ "dma", "step_delay", "9s", "Between two servers it waits 9s." },
		{ "courier", "slow_name", "stall", "One host whose lookup is not answered stops all mail for the domain." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sender sender = *sender_find(rows[i].sender);
		struct str before, after;

		str_init(&before, 0);
		str_init(&after, 0);
		sentences(&sender, &before);
		assert_true(sender_field_set(&sender, rows[i].field, rows[i].value, NULL));
		sentences(&sender, &after);
		assert_non_null(strstr(after.s, rows[i].sentence));
		assert_string_not_equal(before.s, after.s);
		str_release(&before);
		str_release(&after);
	}
}

/* How many at a time, to begin with and in the end: where that is one number, it does not go up. */
static void why_sender__says__how_many_at_a_time(void **state)
{
	static const struct {
		unsigned parallel, parallel_max;
		const char *sentence; /* NULL: none */
	} rows[] = {
		{ 0, 5, NULL },
		{ 1, 1, "It begins with 1 delivery to a domain at a time; further messages wait until that one gets through.\n" },
		{ 5, 5, "It begins with 5 deliveries to a domain at the same time; further messages wait until these get through.\n" },
		{ 5, 6,
			"It begins with 5 deliveries to a domain at the same time, and goes up to 6 as they get through; further messages "
			"wait.\n" },
	};
	struct sender sender = *sender_find("postfix");
	struct str text;

	(void)state;
	str_init(&text, 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *at;

		sender.parallel = rows[i].parallel;
		sender.parallel_max = rows[i].parallel_max;
		sentences(&sender, &text);
		at = strstr(text.s, "It begins with ");
		assert_int_equal(at != NULL, rows[i].sentence != NULL);
		if (rows[i].sentence)
			assert_non_null(strstr(text.s, rows[i].sentence));
	}
	str_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(why_sender__speaks_of_every_group),
		cmocka_unit_test(why_sender__follows_the_fields),
		cmocka_unit_test(why_sender__says__how_many_at_a_time),
	};

	return cmocka_run_group_tests_name("why", tests, NULL, NULL);
}
