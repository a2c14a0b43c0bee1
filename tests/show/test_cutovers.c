/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cut-over in words, of results that are put there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "said.h"
#include "show/cutover.h"

static struct cutover cutover;
static struct cutover_host host[1];
static struct document document;

/* Drops one server: drained after an hour, stretched answers after two. */
static int begin(void **state)
{
	(void)state;
	host[0] = (struct cutover_host){ .off = OFF_DRAINED, .off_at = 7200, .share = 0.25 };
	assert_true(dname_parse(&host[0].host, "r\xc3\xa4ka.example", NULL));
	cutover = (struct cutover){ .kind = CUTOVER_DROPS, .drained_at = 3600, .tail_at = 7200, .off_at = 7200, .n_host = 1, .host = host };
	document_begin(&document);
	return 0;
}

static int end(void **state)
{
	(void)state;
	document_release(&document);
	return 0;
}

static void holds(int64_t now, bool ascii, const char *wanted)
{
	cutover.now = now;
	cutover_document(&cutover, ascii, &document);
	assert_int_equal(document.depth, 0);
	if (!strstr(said(&document), wanted))
		fail_msg("\"%s\" is not in: %s", wanted, said(&document));
	document_release(&document);
}

static void nothing__is_told__by_its_reason(void **state)
{
	(void)state;
	assert_string_equal(cutover_nothing(NULL), "There is nothing to cut over: the draft changes nothing.");
	assert_null(cutover_nothing(&cutover));
	cutover.kind = CUTOVER_NOTHING;
	assert_string_equal(cutover_nothing(&cutover), "There is nothing to cut over: what is live is the draft already.");
	cutover.kind = CUTOVER_UNKNOWN;
	assert_string_equal(cutover_nothing(&cutover), "What is live is not known, so there is nothing to cut over from.");
}

static void verdict__says_what_is_kept__until_when(void **state)
{
	(void)state;
	holds(0, false, " [warning ▲ Keep the old servers until 1970-01-01T02:00:00Z.]\n");
	cutover.kind = CUTOVER_KEEPS;
	holds(0, false, " [warning ▲ Keep the old names' address records until 1970-01-01T02:00:00Z.]\n");
	cutover.at = cutover.off_at;
	holds(0, false, " [ok ✔ The old servers may be switched off as soon as the draft is served.]\n");
	cutover.off_at = 0;
	holds(0, false, " [ok ✔ No server goes, so none has to be kept for old answers.]\n");
}

static void document__goes_from_the_verdict__to_where_its_numbers_are_from(void **state)
{
	struct msg warning, basis;
	struct cutover_step steps[2] = { { .kind = MOVE_CHANGE, .at = 1 }, { .kind = MOVE_WAIT, .at = 2 } };

	(void)state;
	msg_set(&warning, "careful with %s", "it");
	msg_set(&basis, "counted by %s", "us");
	msg_set(&steps[0].text, "Push.");
	msg_set(&steps[1].text, "Wait.");
	msg_set(&cutover.no_stages, "It is short already.");
	msg_set(&cutover.gain, "It is shorter.");
	cutover.n_warning = cutover.n_basis = 1;
	cutover.warning[0] = warning;
	cutover.basis[0] = basis;
	cutover.direct.n = 2;
	cutover.direct.step[0] = steps[0];
	cutover.direct.step[1] = steps[1];
	holds(0, true,
		" [warning ▲ Keep the old servers until 1970-01-01T02:00:00Z.]\n"
		" [warning ▲ careful with it]\n"
		"HEAD [heading When, if you push the draft now]\n"
		">ROW [text 1970-01-01T00:00:00Z] [text every name server has the draft (assumed)]\n"
		">ROW [text 1970-01-01T01:00:00Z] [text caches that keep to the TTL have it]\n"
		">ROW [text 1970-01-01T02:00:00Z] [text caches that stretch the TTL have it (assumed)]\n"
		">ROW [host 1970-01-01T02:00:00Z] [host xn--rka-qla.example may be switched off; until then 25 % of the mail of old answers goes "
		"there and nowhere else]\n"
		"HEAD [heading In one go]\n"
		">ROW [text 1970-01-01T00:00:01Z] [text Push.]\n"
		">ROW [dim 1970-01-01T00:00:02Z] [dim Wait.]\n"
		"> [notice It is short already.]\n"
		"HEAD [heading Where the numbers are from]\n"
		"> [dim counted by us]\n");
	cutover.staged.n = 1;
	cutover.staged.step[0] = steps[0];
	holds(1, false,
		"HEAD [heading Step by step, for a short change]\n>ROW [text 1970-01-01T00:00:01Z] [text Push.]\n> [notice It is shorter.]\n");
	holds(1, false, "HEAD [heading When]\n");
	cutover.tail_at = cutover.drained_at;
	holds(0, false, "caches that keep to the TTL have it]\n>ROW [host ");
}

static void host__is_told__by_its_reason_and_share(void **state)
{
	static const struct {
		enum cutover_off off;
		double unknown, share;
		const char *text;
	} rows[] = {
		{ OFF_DRAINED, 0, 0.9999, "may be switched off; until then >99 % of the mail of old answers goes there and nowhere else]" },
		{ OFF_DRAINED, 1, 0.25, "may be switched off; until then mail of old answers goes there and nowhere else]" },
		{ OFF_OTHERS, 0, 0.004,
			"may be switched off: its 0.4 % of the mail of old answers goes to servers that stay, after a failed attempt]" },
		{ OFF_OTHERS, 0, 0.25,
			"may be switched off: its 25 % of the mail of old answers goes to servers that stay, after a failed attempt]" },
		{ OFF_OTHERS, 1, 0.25, "may be switched off: its mail of old answers goes to servers that stay, after a failed attempt]" },
		{ OFF_UNUSED, 0, 0.25, "may be switched off: no sender tries it first]" },
	};
	char wanted[300];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		host[0].off = rows[i].off;
		host[0].share = rows[i].share;
		cutover.unknown = rows[i].unknown;
		snprintf(wanted, sizeof(wanted), "[host r\xc3\xa4ka.example %s\n", rows[i].text);
		holds(0, false, wanted);
	}
	host[0].off = OFF_NAME;
	holds(0, false, "[host the address records of r\xc3\xa4ka.example may go: the server stays under another name]\n");
	host[0].off = OFF_UNKNOWN;
	holds(0, false, "[host no mail of old answers goes to r\xc3\xa4ka.example any more; what would become of it before cannot be told");
}

static void curve__is_a_table__of_some_points(void **state)
{
	struct cutover_point points[9] = { { .old = 1, .to_old = 0.5, .waits = 0.25, .lost = 0.125 } };

	(void)state;
	cutover.at = 86400;
	points[6].t_s = 60;
	points[8].t_s = 90;
	cutover.n_point = 9;
	memcpy(cutover.point, points, sizeof(points));
	cutover_curve(&cutover, &document);
	assert_int_equal(document.n, 4);
	assert_string_equal(said(&document),
		"TITLES [dim after] [dim time] [dim old answers] [dim mail to old servers] [dim waits if off] [dim returned if off]\n"
		"ROW [text 0s] [text 1970-01-02T00:00:00Z] [text 100 %] [text 50 %] [text 25 %] [text 12 %]\n"
		"ROW [text 1m] [text 1970-01-02T00:01:00Z] [text 0 %] [text 0 %] [text 0 %] [text 0 %]\n"
		"ROW [text 1m30s] [text 1970-01-02T00:01:30Z] [text 0 %] [text 0 %] [text 0 %] [text 0 %]\n");
	document_release(&document);
	cutover.unknown = cutover.unknown_off = 1;
	cutover_curve(&cutover, &document);
	assert_non_null(strstr(
		said(&document), "ROW [text 0s] [text 1970-01-02T00:00:00Z] [text 100 %] [text unknown] [text unknown] [text unknown]\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing__is_told__by_its_reason, begin, end),
		cmocka_unit_test_setup_teardown(verdict__says_what_is_kept__until_when, begin, end),
		cmocka_unit_test_setup_teardown(document__goes_from_the_verdict__to_where_its_numbers_are_from, begin, end),
		cmocka_unit_test_setup_teardown(host__is_told__by_its_reason_and_share, begin, end),
		cmocka_unit_test_setup_teardown(curve__is_a_table__of_some_points, begin, end),
	};

	return cmocka_run_group_tests_name("cutovers", tests, NULL, NULL);
}
