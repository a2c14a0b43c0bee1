/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a survey still waits for, for each thing that may run: who waits for one thing waits for no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/survey_job.h"

static const char *words_of(const struct survey *survey)
{
	static char text[100];
	const struct {
		bool so;
		const char *word;
	} words[] = {
		{ survey_running(survey), "running" },
		{ survey_asking(survey), "asking" },
		{ survey_probing(survey), "probing" },
		{ survey_finding_name(survey), "name" },
		{ survey_finding_dane(survey), "dane" },
		{ survey_finding(survey, NEEDS_SPF), "spf" },
		{ survey_finding(survey, NEEDS_DNSSEC), "dnssec" },
		{ survey_finding(survey, NEEDS_TLSA), "tlsa" },
		{ survey_finding(survey, NEEDS_STS_POLICY), "policy" },
		{ survey_finding(survey, 0), "nothing" },
	};
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].so)
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", at ? " " : "", words[i].word);
	return text;
}

static void survey__tells__what_it_waits_for(void **state)
{
	static const struct {
		unsigned need[2]; /* of the questions that run; 0: none */
		bool of_name;     /* the second */
		bool validation, proofs, fetch, probing;
		enum answer tlsa;
		const char *words;
	} rows[] = {
		{ .words = "" },
		{ .need = { NEEDS_SPF }, .words = "running asking spf" },
		{ .need = { NEEDS_SPF, NEEDS_TLSA }, .words = "running asking dane spf tlsa" },
		{ .need = { NEEDS_SPF, NEEDS_NAME }, .of_name = true, .words = "running asking name spf" },
		{ .need = { NEEDS_MX | NEEDS_DNSSEC | NEEDS_STS_POLICY }, .words = "running asking dnssec policy" },
		{ .validation = true, .words = "running dnssec" },
		{ .validation = true, .tlsa = ANSWER_NODATA, .words = "running dnssec" },
		{ .validation = true, .tlsa = ANSWER_DATA, .words = "running dane dnssec" },
		{ .validation = true, .tlsa = ANSWER_SERVFAIL, .words = "running dane dnssec" },
		{ .tlsa = ANSWER_DATA, .words = "" },
		{ .proofs = true, .words = "running dane tlsa" },
		{ .fetch = true, .words = "running policy" },
		{ .probing = true, .words = "running probing" },
	};
	char thing;
	void *runs = &thing; /* whatever it is */

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct facts facts = { 0 };
		struct job second = { .need = rows[i].need[1], .of_name = rows[i].of_name };
		struct job first = { .need = rows[i].need[0], .next = second.need ? &second : NULL };
		struct survey survey = { .facts = &facts,
			.jobs = first.need ? &first : NULL,
			.validation = rows[i].validation ? runs : NULL,
			.proofs = rows[i].proofs ? runs : NULL,
			.fetch = rows[i].fetch ? runs : NULL,
			.probing = rows[i].probing ? runs : NULL };
		struct dname host;

		assert_true(dname_parse(&host, "mx.exempel.com", NULL));
		if (rows[i].tlsa != ANSWER_UNASKED)
			facts_tlsa_add(&facts, &host)->answer = rows[i].tlsa;
		assert_string_equal(words_of(&survey), rows[i].words);
		facts_release(&facts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(survey__tells__what_it_waits_for) };

	return cmocka_run_group_tests_name("survey_finding", tests, NULL, NULL);
}
