/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of the mail something happens to, and what becomes of it by each sender. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/session.h"
#include "io/scratch.h"
#include "said.h"
#include "show/outcome.h"
#include "show/senders.h"
#include "show/why.h"

#define SOME 0.0005 /* what is no more than that is none */

static void part__is_told__neither_as_nothing_nor_as_all(void **state)
{
	static const struct {
		double share;
		const char *words;
	} rows[] = {
		{ 0, "0 %" },
		{ 0.0004, "0 %" },
		{ 0.0006, "1 %" },
		{ 0.004, "1 %" },
		{ 0.0149, "1 %" },
		{ 0.0151, "2 %" },
		{ 0.494, "49 %" },
		{ 0.496, "50 %" },
		{ 0.5, "50 %" },
		{ 0.9849, "98 %" },
		{ 0.991, "99 %" },
		{ 0.9994, "99 %" },
		{ 0.9996, "100 %" },
		{ 1, "100 %" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str text;

		str_init(&text, 0);
		outcome_part(&text, rows[i].share);
		assert_string_equal(text.s, rows[i].words);
		str_release(&text);
	}
}

/* What lies within the noise is none, of what is lost and of what is not known; half a second is a delay. */
/* Nothing is not told of a host while the share of another, or its own, is not known. */
static void outcome_share__tells__what_is_known(void **state)
{
	static const struct {
		double a, b, unknown, tells_a, tells_b;
	} rows[] = { { 1, 0, 0, 1, 0 }, { 0, 0, 1, -1, -1 }, { 0.5, 0, 0.5, 0.5, -1 } };
	struct mx mx[3];

	(void)state;
	mx_set(&mx[0], 10, "a.example");
	mx_set(&mx[1], 20, "b.example");
	mx_set(&mx[2], 30, "b.example");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sim_share share[] = { { .preference = 10, .host = mx[0].host, .share = rows[i].a },
			{ .preference = 20, .host = mx[1].host, .share = rows[i].b } };
		struct sim_outcome outcome = { .n = 2, .share = share, .unknown = rows[i].unknown };

		assert_float_equal((float)outcome_share(&outcome, &mx[0]), (float)(rows[i].tells_a), 0.0001F);
		assert_float_equal((float)outcome_share(&outcome, &mx[1]), (float)(rows[i].tells_b), 0.0001F);
		assert_float_equal((float)outcome_share(&outcome, &mx[2]), (float)(-1), 0.0001F);
	}
}

static void outcome__within_the_noise__is_none(void **state)
{
	static const struct {
		struct session_down down;
		const char *words;
	} rows[] = {
		{ { .known = true, .lost = SOME }, "✔no delay" },
		{ { .known = true, .lost = SOME * 1.01 }, "✖1 % lost" },
		{ { .known = true, .unknown = SOME }, "✔no delay" },
		{ { .known = true, .unknown = SOME * 1.01 }, "?not known" },
		{ { .known = true, .delay_min_s = 0.5, .delay_max_s = 0.5 }, "✔1s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str words, text;

		str_init(&words, 0);
		str_init(&text, 0);
		str_add(&text, outcome_down(&rows[i].down, &words).symbol);
		str_add(&text, words.s);
		assert_string_equal(text.s, rows[i].words);
		str_release(&words);
		str_release(&text);
	}
}

/* ---- senders ---- */

#define WHY_BEGINS                                                                                                                         \
	"HEAD [heading One message, step by step]\n"                                                                                       \
	">ROW [text 0s] [warning ▲ a.exempel.com [198.51.100.1]] [text The server refuses the connection (RST).]\n"                      \
	"> [info After this failure the next address is tried.]\n"                                                                         \
	"> [dim · Postfix 3.7 global/mail_params.h:1072 (measured)]\n"                                                                    \
	">ROW [text 0s] [ok ✔ b.exempel.com [198.51.100.2]] [text The server accepts the message.]\n"
#define HEADS "TITLES [heading All senders] [dim delivered] [dim/1 delay] [dim/2 worst case]\n"

static struct app app;
static struct session *session;
static char *dir;

static void moved(void *data)
{
	(void)data;
	if (session && !session_surveying(session))
		loop_stop(app.loop);
}

static int begin(void **state)
{
	static const char zone[] = "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n"
				   "@ MX 10 a\n@ MX 20 b\na A 198.51.100.1\nb A 198.51.100.2\n";
	char path[300], file[300], store[300], *zones[] = { file };
	struct app_options options = { .n_zone = 1, .zone = zones, .config = path, .state_dir = store };
	struct dname domain;

	(void)state;
	dir = scratch_new(NULL);
	snprintf(path, sizeof(path), "%s/config", dir);
	snprintf(file, sizeof(file), "%s/zone", dir);
	snprintf(store, sizeof(store), "%s/state", dir);
	assert_true(scratch_write(dir, "config", "", 0, NULL));
	assert_true(scratch_write(dir, "zone", zone, sizeof(zone) - 1, NULL));
	app = (struct app){ 0 };
	assert_true(app_open(&app, &options, NULL));
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	session = session_open(&app, &domain, moved, NULL);
	session_survey(session);
	loop_run(app.loop);
	session_set_sender(session, sender_find("exim"));
	return 0;
}

static int end(void **state)
{
	(void)state;
	session_close(session);
	session = NULL;
	app_close(&app);
	scratch_free(dir);
	return 0;
}

static const char *told(const struct sender *const *list)
{
	static char text[2000];
	struct document document;

	document_begin(&document);
	senders_document(session, list, &document);
	assert_int_equal(document.item, -1);
	snprintf(text, sizeof(text), "%s", said(&document));
	document_release(&document);
	return text;
}

static void mark(const char *text)
{
	struct mark made;

	assert_true(mark_parse(&made, text, session_facts(session), session_set(session), NULL));
	session_mark(session, &made);
}

/* The worst that may happen: returned before never delivered before not known. No delay of mail that none is sure to get. */
static void sender__is_told__by_what_becomes_of_its_mail(void **state)
{
	static const struct {
		double bounced, deferred, unknown, delay_s[2];
		const char *row;
	} rows[] = {
		{ 0, 0, 0, { 0, 0 }, "[ok ✔ 100 %] [text/1 0s] [text/2 –]" },
		{ 0, 0, 0, { 30, 132 }, "[ok ✔ 100 %] [text/1 30s–2m12s] [text/2 –]" },
		{ 0.25, 0.25, 0.25, { 30, 30 }, "[error ✖ 25 %] [text/1 30s] [text/2 25 % bounced]" },
		{ 0, 0.25, 0.5, { 30, 30 }, "[error ✖ 25 %] [text/1 30s] [text/2 25 % never]" },
		{ 0, 0, 0.5, { 30, 30 }, "[warning ? 50 %] [text/1 30s] [text/2 50 % unknown]" },
		{ 0.004, 0, 0, { 30, 30 }, "[error ✖ 99 %] [text/1 30s] [text/2 1 % bounced]" },
		{ SOME, 0, 0, { 30, 30 }, "[ok ✔ 100 %] [text/1 30s] [text/2 –]" },
		{ 0, SOME, 0, { 30, 30 }, "[ok ✔ 100 %] [text/1 30s] [text/2 –]" },
		{ 0, 0, SOME, { 30, 30 }, "[ok ✔ 100 %] [text/1 30s] [text/2 –]" },
		{ 0.998, 0, 0, { 30, 30 }, "[error ✖ 1 %] [text/1 30s] [text/2 99 % bounced]" },
		{ 1, 0, 0, { 30, 30 }, "[error ✖ 0 %] [text/1 –] [text/2 100 % bounced]" },
		{ 0, 0.75, 0.25, { 30, 30 }, "[error ✖ 0 %] [text/1 –] [text/2 75 % never]" },
		{ 0, 0, 1, { 30, 30 }, "[warning ? 0 %] [text/1 –] [text/2 100 % unknown]" },
	};
	const struct sender *const list[] = { sender_find("postfix"), NULL };
	struct sim_result *result = (struct sim_result *)(uintptr_t)session_result(session, list[0]);
	char wanted[300];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		result->final.bounced = rows[i].bounced;
		result->final.deferred = rows[i].deferred;
		result->final.unknown = rows[i].unknown;
		result->delay_min_s = rows[i].delay_s[0];
		result->delay_max_s = rows[i].delay_s[1];
		snprintf(wanted, sizeof(wanted), HEADS "ROW 0: [text Postfix 3.7] %s\n", rows[i].row);
		assert_string_equal(told(list), wanted);
	}
}

/* The chosen one, and those of which is assumed how they meet a domain first. */
static void senders__are_told__in_their_order(void **state)
{
	const struct sender *const list[] = { sender_find("postfix"), sender_find("exim"), sender_find("exchange-online"), NULL };

	(void)state;
	assert_string_equal(told(list), HEADS "ROW 0: [text Postfix 3.7] [ok ✔ 100 %] [text/1 0s] [text/2 –]\n"
					      "ROW 1: [selected Exim 4.96 (Debian)] [ok ✔ 100 %] [text/1 0s] [text/2 –]\n"
					      "ROW 2: [text Exchange Online ?] [ok ✔ 100 %] [text/1 0s] [text/2 –]\n");
	assert_string_equal(told(list + 3), HEADS);
	mark("a.exempel.com=rcpt-5xx");
	mark("b.exempel.com=refused");
	assert_string_equal(told(list), HEADS "ROW 0: [text Postfix 3.7] [error ✖ 0 %] [text/1 –] [text/2 100 % bounced]\n"
					      "ROW 1: [selected Exim 4.96 (Debian)] [error ✖ 0 %] [text/1 –] [text/2 100 % bounced]\n"
					      "ROW 2: [text Exchange Online ?] [error ✖ 0 %] [text/1 –] [text/2 100 % bounced]\n");
}

/* Each step with its rule below it, then the rules in groups; what is assumed has a sign of its own. */
static void why__is_told__step_by_step_with_its_source(void **state)
{
	struct document document;

	(void)state;
	mark("a.exempel.com=refused");
	document_begin(&document);
	why_document(session_result(session, sender_find("postfix")), false, &document);
	assert_int_equal(document.depth, 0);
	assert_true(!strncmp(said(&document), WHY_BEGINS, strlen(WHY_BEGINS)));
	document_release(&document);
	document_begin(&document);
	why_document(session_result(session, sender_find("exchange-online")), false, &document);
	assert_non_null(strstr(said(&document), "\nHEAD [heading How Exchange Online works]\n>HEAD [heading Order]\n> [text "));
	assert_non_null(strstr(said(&document), "\n> [warning ? assumed]\n>HEAD [heading Limits of an attempt]\n"));
	assert_non_null(strstr(said(&document), "\n> [text refused: The next server is tried; after the last the message waits.]\n"));
	document_release(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcome_share__tells__what_is_known),
		cmocka_unit_test(part__is_told__neither_as_nothing_nor_as_all),
		cmocka_unit_test(outcome__within_the_noise__is_none),
		cmocka_unit_test_setup_teardown(sender__is_told__by_what_becomes_of_its_mail, begin, end),
		cmocka_unit_test_setup_teardown(senders__are_told__in_their_order, begin, end),
		cmocka_unit_test_setup_teardown(why__is_told__step_by_step_with_its_source, begin, end),
	};

	return cmocka_run_group_tests_name("senders", tests, NULL, NULL);
}
