/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLSA records of the exchanges, and whether they and the addresses are signed. */
#include <string.h>

#include "app/survey_job.h"
#include "base/banned.h"

static void end_proved(struct survey *survey, const struct dname *host, enum dnssec dnssec)
{
	facts_tlsa_add(survey->facts, host)->dnssec = dnssec;
}

static void own_proved(struct survey *survey, const struct dname *host, enum dnssec dnssec)
{
	if (facts_tlsa_add(survey->facts, host)->end != ANSWER_DATA)
		end_proved(survey, host, dnssec);
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

/* In place of what was there. */
static void keep_all(struct tlsa_facts *row, const struct survey *survey, const struct dns_reply *reply, bool aliased)
{
	const struct dns_record *record = NULL;

	row->n = row->more = 0;
	while ((record = dns_answer_next(reply->answer, &row->owner, DNS_TLSA, record)) != NULL) {
		keep(row, reply->answer, record);
		row->ttl_known = !aliased && survey_tells_ttl(survey, reply);
		row->ttl_s = record->ttl_s;
	}
}

static void prove(struct job *job, enum answer answer, void (*proved)(struct survey *survey, const struct dname *host, enum dnssec dnssec))
{
	struct survey *survey = job->survey;

	if (answer != ANSWER_DATA && !answer_is_soft(answer))
		return; /* no records, whoever signed that */
	if (answer == ANSWER_DATA) {
		survey_prove(survey, &job->question, &job->host, proved);
		survey_validate(survey);
	}
	survey_prove(survey, &(struct dns_question){ job->host, DNS_A }, &job->host, host_proved);
}

static void own_answered(struct job *job, const struct dns_reply *reply)
{
	struct tlsa_facts *row = facts_tlsa_add(job->survey->facts, &job->host);
	struct dname owner;
	size_t n_alias;

	row->own = survey_read(job, reply, &n_alias, &owner);
	if (row->end != ANSWER_DATA) {
		row->owner = owner;
		if (row->own == ANSWER_DATA)
			keep_all(row, job->survey, reply, n_alias);
	}
	tlsa_settle(row);
	prove(job, row->own, own_proved);
}

static void end_answered(struct job *job, const struct dns_reply *reply)
{
	struct tlsa_facts *row = facts_tlsa_add(job->survey->facts, &job->host);
	struct dname owner;
	size_t n_alias;

	row->end = survey_read(job, reply, &n_alias, &owner);
	if (row->end == ANSWER_DATA) {
		row->owner = owner;
		row->dnssec = DNSSEC_PENDING; /* not that of its own name's */
		keep_all(row, job->survey, reply, n_alias);
	}
	tlsa_settle(row);
	prove(job, row->end, end_proved);
}

/* *answer is the row's own or end. */
static void begin(struct survey *survey, struct tlsa_facts *row, const struct dname *at, enum answer *answer, job_fn done)
{
	const struct dname host = row->host;
	struct dname name;
	bool can_be = survey_below("_25._tcp", at, &name);

	*answer = can_be ? ANSWER_PENDING : ANSWER_NXDOMAIN;
	tlsa_settle(row);
	if (can_be)
		survey_ask(survey, &name, DNS_TLSA, NULL, done)->host = host;
}

void survey_begin_tlsa(struct survey *survey, const struct survey_thing *thing)
{
	struct tlsa_facts *row = facts_tlsa_add(survey->facts, thing->host);

	begin(survey, row, thing->host, &row->own, own_answered);
}

void survey_begin_tlsa_at_end(struct survey *survey, const struct survey_thing *thing)
{
	struct tlsa_facts *row = facts_tlsa_add(survey->facts, thing->host);
	const struct host_facts *host = facts_host(survey->facts, thing->host);

	if (row->end == ANSWER_UNASKED) /* both kinds of addresses tell it */
		begin(survey, row, &host->alias[host->n_alias - 1], &row->end, end_answered);
}
