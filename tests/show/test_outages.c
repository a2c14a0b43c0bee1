/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outage over time as a document: a row a sender, and what happens when, out of figures that are given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "said.h"
#include "show/outage.h"

static struct document document;

static int begin(void **state)
{
	(void)state;
	document_begin(&document);
	return 0;
}

static void is(const char *wanted)
{
	assert_string_equal(said(&document), wanted);
	assert_int_equal(document.depth, 0);
	assert_int_equal(document.item, -1);
	document_release(&document);
}

/* All of it is taken at once. */
static struct outage_result calm(const char *sender)
{
	return (struct outage_result){
		.sender = sender_find(sender), .length_s = 3600, .at_once = 1, .first_return_s = -1, .first_warning_s = -1
	};
}

/* Some is late, some returned; its queue is looked at by its own clock. */
static struct outage_result bad(const char *sender)
{
	struct outage_result result = calm(sender);

	result.at_once = 0;
	result.late = 0.75;
	result.warned = 1;
	result.returned_at_once = result.returned_late = 0.125;
	result.first_return_s = 7200;
	result.first_warning_s = 14400;
	result.empty_after_s = 5400;
	result.empty_after_range_s[0] = 3600;
	result.empty_after_range_s[1] = 7200;
	result.stream.used_again_s = 61;
	return result;
}

static void titles__stand__above_numbers(void **state)
{
	(void)state;
	outage_titles(&document);
	for (size_t i = 0; i < document.n_cell; i++)
		assert_int_equal(document.cell[i].number, i > 0);
	is("TITLES [heading Sender] [dim at once] [dim late] [dim late, median] [dim warned] [dim returned] [dim first return] [dim empty after] "
	   "[dim shuns for]\n");
}

static void row__is_of__the_mix_or_of_a_sender(void **state)
{
	struct outage_result result[2] = { calm("postfix"), calm("exim") };
	struct session_outage outage = { .n = 2, .result = result };

	(void)state;
	assert_ptr_equal(outage_row_result(&outage, 0), &outage.mix);
	assert_ptr_equal(outage_row_result(&outage, 1), &result[0]);
	assert_ptr_equal(outage_row_result(&outage, 2), &result[1]);
	assert_ptr_equal(outage_row_result(&outage, 3), &outage.mix);
}

static void row__tells__what_becomes_of_the_mail(void **state)
{
	struct outage_result result[6] = { calm("exim"), calm("exim"), calm("exim"), calm("exim"), bad("exchange-online"), calm("gmail") };
	struct session_outage outage = { .n = 6, .result = result, .mix = bad("exim") };

	(void)state;
	outage.mix.sender = NULL;
	result[4].late_median_s = 600;
	result[4].late_median_range_s[0] = 300;
	result[4].late_median_range_s[1] = 900;
	result[0].empty_after_s = result[0].empty_after_range_s[1] = 100; /* nothing waits */
	result[0].stream.used_again_s = 1;
	result[1].at_once = result[1].late = 0.5;
	result[1].warned = 0.25;
	result[1].empty_after_s = result[1].empty_after_range_s[0] = result[1].empty_after_range_s[1] = 1800;
	result[1].stream.used_again_s = 2;
	result[2].at_once = 0;
	result[2].returned_at_once = 1;
	result[2].first_return_s = 0;
	result[3].at_once = result[3].returned_late = 0.5;
	result[3].first_return_s = 60;
	result[5].unknown = true;
	for (size_t i = 0; i <= outage.n; i++)
		outage_row(&outage, i, &document);
	for (size_t i = 0; i < document.n_cell; i++)
		assert_int_equal(document.cell[i].number, i % OUTAGE_CELLS > 0);
	is("ROW [error ✖ the mix of senders] [dim 0 %] [warning 75 %] [dim] [notice 100 %] [error 25 %] [error 2h] [text 1h–2h] [dim]\n"
	   "ROW [ok ✔ Exim 4.96 (Debian)] [ok 100 %] [dim 0 %] [dim] [dim 0 %] [dim 0 %] [dim] [dim] [dim]\n"
	   "ROW [warning ▲ Exim 4.96 (Debian)] [ok 50 %] [warning 50 %] [text 0s] [notice 25 %] [dim 0 %] [dim] [text 30m] [text 2s]\n"
	   "ROW [error ✖ Exim 4.96 (Debian)] [dim 0 %] [dim 0 %] [dim] [dim 0 %] [error 100 %] [error 0s] [dim] [dim]\n"
	   "ROW [error ✖ Exim 4.96 (Debian)] [ok 50 %] [dim 0 %] [dim] [dim 0 %] [error 50 %] [error 1m] [text 0s] [dim]\n"
	   "ROW [error ✖ Exchange Online ?] [dim 0 %] [warning 75 %] [text 5m–15m] [notice 100 %] [error 25 %] [error 2h] [text 1h–2h] "
	   "[text 1m1s]\n"
	   "ROW [warning ? Gmail ?] [warning unknown] [text] [text] [text] [text] [text] [text] [text]\n");
}

#define WHEN "HEAD [heading What happens when]\n"
#define NOT_TOLD " [warning Nothing is told of senders whose mail comes to servers with addresses that are not known.]\n"
#define MIX " [dim Source of the mix of senders: made up.]\n"

static void events__are_told__in_the_order_of_time(void **state)
{
	struct outage_result result[2] = { calm("exim"), calm("gmail") };
	struct session_outage outage = { .n = 2, .result = result, .mix_source = "made up" };

	(void)state;
	result[0].stream.used_again_s = 60; /* soon enough */
	outage_events_document(&outage, &document);
	is(WHEN " [ok No sender warns its authors, returns mail or keeps any waiting.]\n" MIX);
	result[1].unknown = true;
	outage_events_document(&outage, &document);
	is(WHEN NOT_TOLD MIX);
	result[0] = bad("exim");
	outage_events_document(&outage, &document);
	is(WHEN NOT_TOLD "> [text 1m1s after the end Exim 4.96 (Debian) uses the servers again that were down.]\n"
			 "> [text After 2h Exim 4.96 (Debian) begins to return mail.]\n"
			 "> [text 1h to 2h after the end, by its own clock, the queue of Exim 4.96 (Debian) is empty.]\n"
			 "> [text After 4h Exim 4.96 (Debian) begins to tell authors of the delay.]\n" MIX);
	outage.n = 0;
	outage_events_document(&outage, &document);
	is(WHEN " [ok No sender warns its authors, returns mail or keeps any waiting.]\n" MIX);
}

static void share(struct sim_share *share, const char *host, double part)
{
	*share = (struct sim_share){ .share = part };
	assert_true(dname_parse(&share->host, host, NULL));
}

/* Who takes new mail: shares only where they are known, and what cannot be told is not. */
static void streams__tell__who_gets_new_mail(void **state)
{
	struct outage_result result[4] = { calm("exim"), calm("postfix"), calm("exchange-online"), calm("gmail") };
	struct session_outage outage = { .n = 4, .result = result };
	struct sim_share shares[3];

	(void)state;
	share(&shares[0], "mx1.exempel.com", 0.75);
	share(&shares[1], "mx2.exempel.com", 0.0001);
	share(&shares[2], "mx3.exempel.com", 0.25);
	for (size_t i = 0; i < 4; i++) {
		result[i].stream.sender = result[i].sender;
		result[i].stream.first.share = shares;
		result[i].stream.first.n = 3;
		result[i].stream.connections_mean = 1.5;
		result[i].stream.delay_median_s = 30;
	}
	result[1].stream.first.n = 0; /* nobody takes any */
	result[1].stream.first.deferred = 1;
	result[1].stream.untried = 0.5;
	result[1].stream.by_speed = true;
	result[2].stream.crowded = true;
	result[3].unknown = true;
	outage_streams_document(&outage, &document);
	for (size_t i = 6; i < 24; i++) /* behind the heading and the titles of columns */
		assert_int_equal(document.cell[i + 1].number, i % 6 > 1);
	is("HEAD [heading New mail while it lasts]\n"
	   ">TITLES [dim sender] [dim delivered by] [dim waits] [dim untried] [dim connections] [dim delay, median]\n"
	   ">ROW [text Exim 4.96 (Debian)] [host mx1.exempel.com 75 %, mx3.exempel.com 25 %] [dim 0 %] [dim 0 %] [text 1.50] [text 30s]\n"
	   ">ROW [text Postfix 3.7] [host] [warning 100 %] [text 50 %] [text 1.50] [dim]\n"
	   ">ROW [text Exchange Online ?] [host mx1.exempel.com, mx3.exempel.com] [dim 0 %] [dim 0 %] [warning unknown] [warning unknown]\n"
	   " [dim Postfix 3.7: it keeps connections open for mail that comes in a row, so a server that is slow to answer gets less. How "
	   "fast the servers are is not known.]\n"
	   " [warning ? unknown: more messages come than Exchange Online delivers at the same time, so they wait for each other.]\n");
	outage = (struct session_outage){ .n = 1, .result = &result[3] };
	outage_streams_document(&outage, &document);
	is("");
	result[2].stream.crowd_known = true;
	outage_stream_limits(&result[2].stream, &document);
	assert_non_null(strstr(said(&document), " [dim Exchange Online: more messages come than it delivers at the same time (at most "));
	document_release(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(titles__stand__above_numbers, begin),
		cmocka_unit_test_setup(row__is_of__the_mix_or_of_a_sender, begin),
		cmocka_unit_test_setup(row__tells__what_becomes_of_the_mail, begin),
		cmocka_unit_test_setup(streams__tell__who_gets_new_mail, begin),
		cmocka_unit_test_setup(events__are_told__in_the_order_of_time, begin),
	};

	return cmocka_run_group_tests_name("outages", tests, NULL, NULL);
}
