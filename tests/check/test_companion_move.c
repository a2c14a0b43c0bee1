/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a move itself: which there are, in which order, with what words, and on which dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "bench.h"

#define FASTMAIL "3600 10 in1-smtp.messagingengine.com 20 in2-smtp.messagingengine.com"
#define GOOGLE "3600 1 smtp.google.com"
#define DAY 86400

static void each_step(const struct bench *bench, bool whole, const char *expected)
{
	struct companion_input in = { &bench->base, &bench->want, &bench->facts, AT };
	struct companions companions = { 0 };
	struct str text;

	companions_find(&companions, &in);
	str_init(&text, 0);
	for (size_t i = 0; i < companions.n; i++) {
		const struct companion *step = &companions.companion[i];
		struct msg date;

		describe(step, whole, &text);
		companion_date_msg(&companions, i, &date);
		if (date.id) {
			msg_format(&date, NULL, &text);
			str_add_char(&text, '\n');
		}
	}
	assert_string_equal(text.s, expected);
	str_release(&text);
	companions_release(&companions);
}

#define AFTER_1H "Not before 2026-11-26T12:45:00Z, if each step before it is done at once.\n"
#define AFTER_2H "Not before 2026-11-26T13:45:00Z, if each step before it is done at once.\n"

static void move__from_a_hoster_to_another__is_a_recipe(void **state)
{
	struct bench bench;

	(void)state;
	open_bench(&bench, FASTMAIL, GOOGLE);
	bench.facts.spf = (struct spf_facts){ .txt = ANSWER_NODATA, .result = SPF_NONE };
	each_step(&bench, true,
		"before ? hoster\n"
		"what: Set the domain and its mailboxes up at Google Workspace.\n"
		"why: A hoster may refuse mail for a domain that it does not know.\n"
		"before - spf ?s\n"
		"what: Let Google Workspace send by the SPF record, with include:_spf.google.com.\n"
		"why: Compare that with what the hoster tells you. Receivers may refuse mail of servers that SPF does not name.\n"
		"missing: This is the new term alone: a whole record of now, to put it in, is not known here.\n"
		"include:_spf.google.com\n"
		"wait: Send nothing by it until the earlier record has run out of caches; its TTL is not known here.\n"
		"before - lower-ttl 3600s\n"
		"what: Lower the TTL of the present set to 5m, by a push of its own; then draft the change anew, on what is there.\n"
		"why: The shorter the TTL, the sooner senders go to the new servers, or back to the old ones.\n"
		"mxladder draft exempel.com ttl 5m\n"
		"wait: Then wait 1h: for so long caches hold the set with the TTL that it had.\n"
		"change - mx 3600s\n"
		"what: Push the change of the MX set.\n"
		"why: Then see that each name server gives the new set, and that a message from elsewhere arrives: mxladder verify exempel.com.\n"
		"wait: Then keep the old servers up for 1h, until the old set has run out of caches; some resolvers hold it up to a day "
		"longer.\n" AFTER_1H "after ? drain-not-over\n"
		"what: Only then may these stop taking mail for the domain, when their own queues are empty too: "
		"in1-smtp.messagingengine.com, in2-smtp.messagingengine.com.\n" AFTER_2H "after ? leftover-verification\n"
		"what: Take out the records that proved to Fastmail whose the domain is, when nothing there is used any more.\n" AFTER_2H);
	close_bench(&bench);
}

static void move__steps__follow_from_who_comes_and_goes(void **state)
{
	static const struct {
		const char *base, *want, *steps;
	} rows[] = {
		{ BASE, "3600 10 mx1.exempel.com", "change - mx 3600s\nafter ? drain-not-over\n" AFTER_1H }, /* own servers: no hoster */
		{ BASE, BASE " 30 mx3.exempel.com", "" }, { BASE, "60 5 mx2.exempel.net 10 mx1.exempel.com", "" },
		{ BASE, BASE " 30 mx01.mail.icloud.com", "before ? hoster\nbefore ? spf ?s\nchange - mx\n" }, /* nobody goes */
		{ "300 10 mx1.exempel.com", "300 1 mx.yandex.net",
			"before ? hoster\nbefore ? spf ?s\nchange - mx 300s\nafter ? drain-not-over\n"
			"Not before 2026-11-26T11:50:00Z, if each step before it is done at once.\n" },
		{ "301 10 mx1.exempel.com", "300 10 mail.tutanota.de",
			"before ? hoster\nbefore ? spf ?s\nbefore - lower-ttl 301s\nchange - mx 301s\n"
			"Not before 2026-11-26T11:50:01Z, if each step before it is done at once.\nafter ? drain-not-over\n"
			"Not before 2026-11-26T11:55:02Z, if each step before it is done at once.\n" },
		{ FASTMAIL, BASE,
			"before - lower-ttl 3600s\nchange - mx 3600s\n" AFTER_1H "after ? drain-not-over\n" AFTER_2H
			"after ? leftover-verification\n" AFTER_2H },
		{ GOOGLE, "3600 1 aspmx.l.google.com", "change - mx 3600s\nafter ? drain-not-over\n" AFTER_1H }, /* the same hoster */
		{ "4294967295 10 mx1.exempel.com", "300 1 mx.yandex.net",
			"before ? hoster\nbefore ? spf ?s\nchange - mx ?s\nafter ? drain-not-over\n" }, /* no TTL, no date */
	};
	struct bench bench;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		open_bench(&bench, rows[i].base, rows[i].want);
		each_step(&bench, false, rows[i].steps);
		close_bench(&bench);
	}
}

/* A name that only the hoster can tell is asked for, and what an earlier push left in caches counts. */
#define MIMECAST "3600 10 eu-smtp-inbound-1.mimecast.com"

/* Behind a new filter the old hoster goes on: nothing of it is taken out. */
static void move__behind_a_filter__leaves_the_mailboxes(void **state)
{
	static const char moved[] =
		"before ? hoster\nbefore - lower-ttl 3600s\nchange - mx 3600s\n" AFTER_1H "after ? drain-not-over\n" AFTER_2H;
	static const char left[] = "before ? hoster\nbefore - lower-ttl 3600s\nchange - mx 3600s\n" AFTER_1H
				   "after ? drain-not-over\n" AFTER_2H "after ? leftover-verification\n" AFTER_2H;
	static const struct {
		const char *base, *want, *steps, *set_up, *drain; /* a word of each sentence */
	} rows[] = {
		{ GOOGLE, MIMECAST, moved, "name the servers there that hold the mailboxes", "where they hold the mailboxes" },
		{ BASE, MIMECAST, moved, "name the servers there that hold the mailboxes", "where they hold the mailboxes" },
		{ MIMECAST, "3600 10 mx1.a.iphmx.com", left, "name the servers there that hold the mailboxes", "when their own queues" },
		{ FASTMAIL, "3600 10 mx1.improvmx.com", left, "where the mail of each address is to go", "when their own queues" },
		{ FASTMAIL, "3600 10 mxa.mailgun.org", left, "Set the domain up at %s.", "when their own queues" },
	};
	struct bench bench;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct companions companions = { 0 };
		struct companion_input in;
		size_t k = 0;

		open_bench(&bench, rows[i].base, rows[i].want);
		in = (struct companion_input){ &bench.base, &bench.want, &bench.facts, AT };
		each_step(&bench, false, rows[i].steps);
		companions_find(&companions, &in);
		assert_non_null(strstr(companions.companion[0].what.id, rows[i].set_up));
		while (strcmp(companions.companion[k].id, "drain-not-over") != 0)
			k++;
		assert_non_null(strstr(companions.companion[k].what.id, rows[i].drain));
		companions_release(&companions);
		close_bench(&bench);
	}
}

static void move__asks__and_waits_for_what_was_before(void **state)
{
	struct companion_input in;
	struct companions companions = { 0 };
	struct bench bench;

	(void)state;
	open_bench(&bench, "300 10 mx1.exempel.com", "300 0 abc.mail.protection.outlook.com");
	bench.facts.past = (struct past_facts){ .known = FACT_YES, .gone_at = AT + 3 * DAY };
	each_step(&bench, false,
		"before ? hoster\nbefore ? spf ?s\nbefore + lower-ttl 259200s\nchange - mx 259200s\n"
		"Not before 2026-11-29T11:45:00Z, if each step before it is done at once.\nafter ? drain-not-over\n"
		"Not before 2026-12-02T11:45:00Z, if each step before it is done at once.\n");
	in = (struct companion_input){ &bench.base, &bench.want, &bench.facts, AT };
	companions_find(&companions, &in);
	assert_non_null(strstr(companions.companion[0].missing.id, "It cannot be made from the domain"));
	assert_string_equal(companions.companion[2].what.id, "The TTL of the set is short.");
	companions_release(&companions);
	close_bench(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(move__from_a_hoster_to_another__is_a_recipe),
		cmocka_unit_test(move__steps__follow_from_who_comes_and_goes),
		cmocka_unit_test(move__behind_a_filter__leaves_the_mailboxes),
		cmocka_unit_test(move__asks__and_waits_for_what_was_before),
	};

	return cmocka_run_group_tests_name("companion_move", tests, NULL, NULL);
}
