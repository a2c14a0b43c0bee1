/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLSA records of the exchanges, and whether they and the addresses are signed. */
#include <string.h>

#include "app/survey_job.h"
#include "base/banned.h"

static void tlsa_proved(struct survey *survey, const struct dname *host, enum dnssec dnssec)
{
	facts_tlsa_add(survey->facts, host)->dnssec = dnssec;
}

static void host_proved(struct survey *survey, const struct dname *host, enum dnssec dnssec)
{
	facts_tlsa_add(survey->facts, host)->host_dnssec = dnssec;
}

static void keep(struct tlsa_facts *row, const struct dns_answer *answer, const struct dns_record *record)
{
	size_t len = record->tlsa.data.len;
	struct tlsa *tlsa;

	if (row->n == FACTS_TLSA) {
		row->more++;
		return;
	}
	tlsa = &row->tlsa[row->n++];
	*tlsa = (struct tlsa){
		.usage = record->tlsa.usage, .selector = record->tlsa.selector, .matching = record->tlsa.matching, .len = (uint16_t)len
	};
	memcpy(tlsa->data, dns_answer_octets(answer, &record->tlsa.data), len < TLSA_DATA_MAX ? len : TLSA_DATA_MAX);
}

static void tlsa_answered(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	struct tlsa_facts *row = facts_tlsa_add(survey->facts, &job->host);
	const struct dns_record *record = NULL;
	size_t n_alias;

	row->answer = survey_read(job, reply, &n_alias, &row->owner);
	while (row->answer == ANSWER_DATA && (record = dns_answer_next(reply->answer, &row->owner, DNS_TLSA, record)) != NULL) {
		keep(row, reply->answer, record);
		row->ttl_known = !n_alias && survey_tells_ttl(survey, reply);
		row->ttl_s = record->ttl_s;
	}
	if (row->answer != ANSWER_DATA && !answer_is_soft(row->answer))
		return; /* no records, whoever signed that */
	if (row->answer == ANSWER_DATA) {
		survey_prove(survey, &job->question, &job->host, tlsa_proved);
		survey_validate(survey);
	}
	survey_prove(survey, &(struct dns_question){ job->host, DNS_A }, &job->host, host_proved);
}

void survey_begin_tlsa(struct survey *survey, const struct survey_thing *thing)
{
	struct tlsa_facts *row = facts_tlsa_add(survey->facts, thing->host);
	struct dname name;

	row->answer = ANSWER_NXDOMAIN;
	if (!survey_below("_25._tcp", thing->host, &name))
		return; /* such a name cannot be */
	row->answer = ANSWER_PENDING;
	survey_ask(survey, &name, DNS_TLSA, NULL, tlsa_answered)->host = *thing->host;
}
