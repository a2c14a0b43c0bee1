/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of the exchanges' addresses, and whether they lead back. */
#include <stdio.h>

#include "app/survey_job.h"
#include "base/banned.h"

#define PTR_MAX 64 /* addresses that are asked about */

static bool reverse_name(const struct addr *addr, struct dname *name)
{
	char text[80];
	size_t at = 0;

	if (addr->family == 4) {
		snprintf(text, sizeof(text), "%u.%u.%u.%u.in-addr.arpa", addr->bytes[3], addr->bytes[2], addr->bytes[1], addr->bytes[0]);
		return dname_parse(name, text, NULL);
	}
	for (size_t i = 16; i-- > 0;)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%x.%x.", addr->bytes[i] & 15u, addr->bytes[i] >> 4);
	snprintf(text + at, sizeof(text) - at, "ip6.arpa");
	return dname_parse(name, text, NULL);
}

/* No name leads back, once each has been looked up and none failed. */
static void back_answered(struct job *job, const struct dns_reply *reply)
{
	struct ptr_facts *row = facts_ptr_add(job->survey->facts, &job->addr);
	const struct dns_record *record = NULL;
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias;
	enum answer answer = survey_read(job, reply, alias, &n_alias, &final);

	row->waiting--;
	row->failed |= !answer_is_final(answer) || answer_is_soft(answer);
	while (answer == ANSWER_DATA && (record = dns_answer_next(reply->answer, &final, job->question.type, record)) != NULL)
		if (addr_equal(&record->addr, &job->addr))
			row->back = FACT_YES;
	if (!row->waiting && !row->failed && !row->more && row->back == FACT_UNKNOWN)
		row->back = FACT_NO;
}

static void ptr_answered(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	struct ptr_facts *row = facts_ptr_add(survey->facts, &job->addr);
	const struct dns_record *record = NULL;
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias;

	row->ptr = survey_read(job, reply, alias, &n_alias, &final);
	while (row->ptr == ANSWER_DATA && (record = dns_answer_next(reply->answer, &final, DNS_PTR, record)) != NULL) {
		if (row->n == FACTS_PTR_NAMES) {
			row->more++;
			continue;
		}
		row->name[row->n++] = record->target;
		row->waiting++;
		survey_ask(survey, &record->target, job->addr.family == 4 ? DNS_A : DNS_AAAA, NULL, back_answered)->addr = job->addr;
	}
}

void survey_begin_ptr(struct survey *survey, const struct survey_thing *thing)
{
	struct facts *facts = survey->facts;
	struct dname name;

	if (facts_ptr(facts, thing->addr) || facts->n_ptr == PTR_MAX || !reverse_name(thing->addr, &name))
		return;
	facts_ptr_add(facts, thing->addr)->ptr = ANSWER_PENDING;
	survey_ask(survey, &name, DNS_PTR, NULL, ptr_answered)->addr = *thing->addr;
}
