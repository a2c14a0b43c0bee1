/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/err.h"

/* A tongue that knows some sentences, not all of them rightly. */
static const char *one(const char *id)
{
	if (strcmp(id, "%s before %s") == 0)
		return "%2$s efter %1$s";
	if (strcmp(id, "%s to %s to %s to %s") == 0)
		return "%4$s %1$s %s %3$s %0$s %:$s %1s";
	if (strcmp(id, "%s alone") == 0)
		return "%s och %s och %9$s och %q och %";
	return id;
}

static const char *many(const char *id, const char *plural, unsigned long n)
{
	(void)id;
	(void)plural;
	return n == 1 ? "en post" : "%lu poster";
}

static const struct msg_tongue tongue = { one, many };

static void assert_says(const struct msg *msg, const struct msg_tongue *in, const char *expected)
{
	struct str out;

	str_init(&out, 0);
	msg_format(msg, in, &out);
	assert_string_equal(out.s, expected);
	str_release(&out);
}

static void msg_set__renders__each_conversion(void **state)
{
	struct msg msg;

	(void)state;
	msg_set(&msg, "%s %c %d %u", "text", 'x', -5, 4000000000u);
	assert_says(&msg, NULL, "text x -5 4000000000");
	msg_set(&msg, "%ld %lu %zu %i%%", -5L, 5UL, (size_t)7, 1);
	assert_says(&msg, NULL, "-5 5 7 1%");
	msg_set(&msg, "%lld %llu", -9223372036854775807LL, 18446744073709551615ULL);
	assert_says(&msg, NULL, "-9223372036854775807 18446744073709551615");
	msg_set(&msg, "100%% sure");
	assert_says(&msg, NULL, "100% sure");
	memset(&msg, 0, sizeof(msg));
	assert_says(&msg, NULL, "");
}

static void msg_set__cuts__between_characters(void **state)
{
	const char *volatile nothing = NULL; /* the compiler need not know */
	char text[600];
	struct msg msg;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i += 2)
		memcpy(text + i, "\xc3\xa5", 2);
	text[598] = '\0';
	msg_set(&msg, "%s", text);
	len = strlen(msg.arg[0]);
	assert_int_equal(len, MSG_ARG_MAX - 1);
	assert_string_equal(msg.arg[0] + len - 3, "...");
	assert_int_equal((unsigned char)msg.arg[0][len - 4], 0xa5);
	text[0] = 'x';
	for (size_t i = 1; i < sizeof(text) - 2; i += 2)
		memcpy(text + i, "\xc3\xa5", 2);
	text[599] = '\0';
	msg_set(&msg, "%s", text);
	len = strlen(msg.arg[0]);
	assert_int_equal(len, MSG_ARG_MAX - 2);
	assert_memory_equal(msg.arg[0] + len - 5, "\xc3\xa5...", 6);
	memset(text, 'x', MSG_ARG_MAX);
	text[MSG_ARG_MAX - 1] = '\0';
	msg_set(&msg, "%s", text);
	assert_string_equal(msg.arg[0], text);
	memset(text, 'x', MSG_ARG_MAX);
	text[MSG_ARG_MAX] = '\0';
	msg_set(&msg, "%s", text);
	assert_int_equal(strlen(msg.arg[0]), MSG_ARG_MAX - 1);
	assert_string_equal(msg.arg[0] + MSG_ARG_MAX - 5, "x...");
	msg_set(&msg, "%s %s", nothing, "b");
	assert_says(&msg, NULL, " b");
}

static void msg_set__survives__its_own_arguments(void **state)
{
	struct msg msg;

	(void)state;
	msg_set(&msg, "%s", "inner");
	msg_set(&msg, "<%s>", msg.arg[0]);
	assert_says(&msg, NULL, "<inner>");
}

static void msg_format__translates__and_reorders(void **state)
{
	struct msg msg;

	(void)state;
	msg_set(&msg, "%s before %s", "a", "b");
	assert_says(&msg, NULL, "a before b");
	assert_says(&msg, &tongue, "b efter a");
	msg_set(&msg, "%s alone", "a"); /* a wrong translation shows what it can */
	assert_says(&msg, &tongue, "a och  och  och %q och %");
	msg_set(&msg, "%s %u%% %% %c %s", "a", 2u, 'c', "d"); /* as many as a message may have */
	assert_says(&msg, NULL, "a 2% % c d");
	msg_set(&msg, "%s to %s to %s to %s", "a", "b", "c", "d"); /* without a number: the one after the last */
	assert_says(&msg, &tongue, "d a b c %0$s %:$s %1s");
	msg_set_n(&msg, 0, "one record", "%lu records", 0UL);
	assert_says(&msg, NULL, "0 records");
	msg_set_n(&msg, 1, "one record", "%lu records", 1UL);
	assert_says(&msg, NULL, "one record");
	assert_says(&msg, &tongue, "en post");
	msg_set_n(&msg, 3, "one record", "%lu records", 3UL);
	assert_says(&msg, NULL, "3 records");
	assert_says(&msg, &tongue, "3 poster");
}

/* A tongue need not know both kinds of sentence. */
static void msg_format__falls_back__to_the_sentence_itself(void **state)
{
	static const struct msg_tongue plain = { one, NULL }, counted = { NULL, many };
	struct msg msg;

	(void)state;
	msg_set(&msg, "%s before %s", "a", "b");
	assert_says(&msg, &plain, "b efter a");
	assert_says(&msg, &counted, "a before b");
	msg_set_n(&msg, 1, "one record", "%lu records", 1UL);
	assert_says(&msg, &plain, "one record");
	assert_says(&msg, &counted, "en post");
	msg_set_n(&msg, 2, "one record", "%lu records", 2UL);
	assert_says(&msg, &plain, "2 records");
}

static void msg_format__escapes__its_arguments(void **state)
{
	struct msg msg;

	(void)state;
	msg_set(&msg, "host %s", "\x1b]0;x\x07%s\xe2\x80\xae");
	assert_says(&msg, NULL, "host \\x1b]0;x\\x07%s\\u{202e}");
}

static void err_format__puts__the_outermost_first(void **state)
{
	struct err err;
	struct str out;

	(void)state;
	assert_false(err_set(&err, ERR_FILE, "no room on %s", "disk"));
	assert_null(err.hint.id);
	err_hint(&err, "delete %s", "something");
	assert_says(&err.hint, NULL, "delete something");
	assert_false(err_context(&err, "one"));
	err_context(&err, "two");
	err_context(&err, "three");
	err_context(&err, "four"); /* takes the place of three */
	str_init(&out, 0);
	err_format(&err, NULL, &out);
	assert_string_equal(out.s, "four: two: one: no room on disk");
	assert_int_equal(err.code, ERR_FILE);
	err_set(&err, ERR_USAGE, "again");
	str_clear(&out);
	err_format(&err, NULL, &out);
	assert_string_equal(out.s, "again");
	assert_int_equal(err.code, ERR_USAGE);
	assert_null(err.hint.id);
	str_release(&out);
	assert_false(err_set(NULL, ERR_USAGE, "nobody listens"));
	err_hint(NULL, "nobody");
	assert_false(err_context(NULL, "nobody"));
}

static void err_exit_status__follows__the_contract(void **state)
{
	(void)state;
	for (int code = ERR_NONE; code < ERR_CODES; code++) {
		assert_int_equal(err_exit_status((enum err_code)code), code == ERR_BLOCKED ? 1 : code);
		for (int other = ERR_NONE; other < code; other++)
			assert_string_not_equal(err_code_name((enum err_code)code), err_code_name((enum err_code)other));
	}
	assert_string_equal(err_code_name(ERR_CONFLICT), "conflict");
	assert_int_equal(err_exit_status(ERR_APPROVAL), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(msg_set__renders__each_conversion),
		cmocka_unit_test(msg_set__cuts__between_characters),
		cmocka_unit_test(msg_set__survives__its_own_arguments),
		cmocka_unit_test(msg_format__translates__and_reorders),
		cmocka_unit_test(msg_format__falls_back__to_the_sentence_itself),
		cmocka_unit_test(msg_format__escapes__its_arguments),
		cmocka_unit_test(err_format__puts__the_outermost_first),
		cmocka_unit_test(err_exit_status__follows__the_contract),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
