/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the domain publishes in TXT records: MTA-STS, TLS reporting, DMARC. Aliases are followed; a record of another kind at the name, as a
 * wildcard makes it, does not count. */
#include <string.h>

#include "app/reading.h"
#include "app/survey_job.h"
#include "base/banned.h"

bool survey_text(const struct dns_reply *reply, const struct dname *owner, const struct dns_record **record, struct text *text)
{
	*record = dns_answer_next(reply->answer, owner, DNS_TXT, *record);
	if (*record)
		*text = (struct text){ (const char *)dns_answer_octets(reply->answer, &(*record)->txt), (*record)->txt.len };
	return *record != NULL;
}

bool survey_tells_ttl(const struct survey *survey, const struct dns_reply *reply)
{
	return reading_tells_ttl(survey->facts, reply);
}

bool survey_below(const char *labels, const struct dname *name, struct dname *below)
{
	struct dname first;
	uint8_t wire[2 * DNAME_WIRE_MAX];
	size_t len;

	if (!dname_parse(&first, labels, NULL))
		return false;
	len = first.len - 1u;
	memcpy(wire, first.wire, len);
	memcpy(wire + len, name->wire, name->len);
	len += name->len;
	return len <= DNAME_WIRE_MAX && dname_from_wire(below, wire, len);
}

/* ---- names with the zone's name twice ---- */

static const struct {
	const char *labels;
	bool (*is)(struct text text);
	bool expected; /* of every domain */
} doubled[DOUBLED_KINDS] = {
	[DOUBLED_DMARC] = { "_dmarc", dmarc_is_record, true },
	[DOUBLED_STS] = { "_mta-sts", sts_is_record, false },
	[DOUBLED_TLSRPT] = { "_smtp._tls", tlsrpt_is_record, false },
};

static void doubled_answered(struct job *job, const struct dns_reply *reply)
{
	struct dname *found = &job->survey->facts->doubled[job->row];
	const struct dns_record *record = NULL;
	struct dname final;
	struct text text;

	if (survey_read(job, reply, NULL, &final) != ANSWER_DATA)
		return;
	while (!found->len && survey_text(reply, &final, &record, &text))
		if (doubled[job->row].is(text))
			*found = job->question.name;
}

/* A record of the kind is not at its place: does it stand at the doubled name? Of a kind that not every domain is to have, only zone files
 * are asked. */
static void ask_doubled(struct survey *survey, enum doubled kind)
{
	const struct facts *facts = survey->facts;
	const struct dname *zone = facts->zone.len ? &facts->zone : &facts->domain;
	struct dname name, twice;
	char text[DNAME_TEXT_MAX];

	if (!doubled[kind].expected && !survey->app->world)
		return;
	if (survey_below(doubled[kind].labels, &facts->domain, &name) && survey_below(dname_text(&name, text), zone, &twice))
		survey_ask(survey, &twice, DNS_TXT, NULL, doubled_answered)->row = kind;
}

static bool is_missing(enum answer answer)
{
	return answer == ANSWER_NODATA || answer == ANSWER_NXDOMAIN;
}

/* ---- MTA-STS ---- */

/* What both lookups come to: an address is one, a failure of either leaves the rest unknown. */
static enum answer both(enum answer one, enum answer other)
{
	if (one == ANSWER_DATA || other == ANSWER_DATA)
		return ANSWER_DATA;
	if (!answer_is_final(one) || answer_is_soft(one))
		return one;
	return other;
}

static void policy_address(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	struct sts_facts *sts = &survey->facts->sts;
	const struct dns_record *record = NULL;
	struct dname final;
	enum answer answer = survey_read(job, reply, NULL, &final);

	while (answer == ANSWER_DATA && survey->n_policy_addr < SURVEY_POLICY_ADDRESSES &&
		(record = dns_answer_next(reply->answer, &final, job->question.type, record)) != NULL)
		survey->policy_addr[survey->n_policy_addr++] = record->addr;
	survey->policy_answer = survey->policy_waiting == 2 ? answer : both(survey->policy_answer, answer);
	if (--survey->policy_waiting)
		return;
	sts->address = survey->policy_answer;
	if (sts->address == ANSWER_NODATA || sts->address == ANSWER_NXDOMAIN)
		sts->fetch = STS_FETCH_NO_ADDRESS; /* zone files tell that too, where nothing is fetched */
	else if (sts->fetch == STS_FETCH_PENDING && sts->address == ANSWER_DATA)
		survey_fetch_policy(survey);
	else if (sts->fetch == STS_FETCH_PENDING)
		sts->fetch = STS_FETCH_UNREACHABLE;
}

static void sts_answered(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	struct sts_facts *sts = &survey->facts->sts;
	const struct dns_record *record = NULL;
	struct dname final, host;
	size_t n_alias;
	struct text text;

	sts->txt = survey_read(job, reply, &n_alias, &final);
	sts->owner = final;
	while (sts->txt == ANSWER_DATA && survey_text(reply, &final, &record, &text)) {
		if (!sts_is_record(text)) {
			sts->nearly = sts->nearly || sts_is_nearly(text);
			continue;
		}
		sts->ttl_known = !n_alias && survey_tells_ttl(survey, reply);
		sts->ttl_s = record->ttl_s;
		sts->txt_valid = sts_read_record(text, sts->id);
		sts->n_record++;
	}
	sts->txt_valid = sts->txt_valid && sts->n_record == 1;
	if (is_missing(sts->txt))
		ask_doubled(survey, DOUBLED_STS);
	if (!sts->n_record || !survey_below("mta-sts", &survey->facts->domain, &host))
		return;
	sts->address = ANSWER_PENDING;
	if (survey_wants(survey, NEEDS_STS_POLICY) && !survey->app->world)
		sts->fetch = STS_FETCH_PENDING;
	survey->policy_waiting = 2;
	survey_ask(survey, &host, DNS_A, NULL, policy_address);
	survey_ask(survey, &host, DNS_AAAA, NULL, policy_address);
}

static void ask_text(struct survey *survey, const char *labels, enum answer *answer, job_fn done)
{
	struct dname name;

	*answer = ANSWER_NXDOMAIN;
	if (!survey_below(labels, &survey->facts->domain, &name))
		return; /* such a name cannot be */
	*answer = ANSWER_PENDING;
	survey_ask(survey, &name, DNS_TXT, NULL, done);
}

void survey_begin_sts(struct survey *survey, const struct survey_thing *none)
{
	(void)none;
	ask_text(survey, "_mta-sts", &survey->facts->sts.txt, sts_answered);
}

/* ---- TLS reporting ---- */

static void tlsrpt_answered(struct job *job, const struct dns_reply *reply)
{
	struct tlsrpt_facts *tlsrpt = &job->survey->facts->tlsrpt;
	const struct dns_record *record = NULL;
	struct dname final;
	struct text text;

	tlsrpt->txt = survey_read(job, reply, NULL, &final);
	while (tlsrpt->txt == ANSWER_DATA && survey_text(reply, &final, &record, &text)) {
		if (!tlsrpt_is_record(text))
			continue;
		tlsrpt->valid = tlsrpt_read_record(text, tlsrpt->rua);
		tlsrpt->n_record++;
	}
	tlsrpt->valid = tlsrpt->valid && tlsrpt->n_record == 1;
	if (is_missing(tlsrpt->txt))
		ask_doubled(job->survey, DOUBLED_TLSRPT);
}

void survey_begin_tlsrpt(struct survey *survey, const struct survey_thing *none)
{
	(void)none;
	ask_text(survey, "_smtp._tls", &survey->facts->tlsrpt.txt, tlsrpt_answered);
}

/* ---- DMARC ---- */

static void dmarc_answered(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	struct dmarc_step *step = &survey->dmarc[job->row];
	const struct dns_record *record = NULL;
	struct dname final;
	struct text text;

	step->answer = survey_read(job, reply, NULL, &final);
	while (step->answer == ANSWER_DATA && survey_text(reply, &final, &record, &text)) {
		if (!dmarc_is_record(text)) {
			step->nearly = step->nearly || dmarc_is_nearly(text);
			continue;
		}
		step->valid = dmarc_read_record(text, &step->record);
		step->n_record++;
	}
	step->valid = step->valid && step->n_record == 1;
	for (size_t i = 0; i < survey->n_walk; i++)
		if (survey->dmarc[i].answer == ANSWER_PENDING)
			return;
	dmarc_settle(survey->walk, survey->dmarc, survey->n_walk, &survey->facts->dmarc);
	if (!survey->facts->dmarc.at.len && is_missing(survey->dmarc[0].answer))
		ask_doubled(survey, DOUBLED_DMARC);
}

/* The names of the walk side by side: they are few, and what is above many domains is asked for once. */
void survey_begin_dmarc(struct survey *survey, const struct survey_thing *none)
{
	struct dname name;

	(void)none;
	survey->n_walk = dmarc_walk(&survey->facts->domain, survey->walk);
	survey->facts->dmarc.txt = survey->n_walk ? ANSWER_PENDING : ANSWER_NXDOMAIN;
	for (size_t i = 0; i < survey->n_walk; i++) {
		survey->dmarc[i] = (struct dmarc_step){ .answer = ANSWER_NXDOMAIN };
		if (!survey_below("_dmarc", &survey->walk[i], &name))
			continue;
		survey->dmarc[i].answer = ANSWER_PENDING;
		survey_ask(survey, &name, DNS_TXT, NULL, dmarc_answered)->row = i;
	}
}
