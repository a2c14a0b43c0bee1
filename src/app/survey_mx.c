/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The domain's own MX answer and the addresses of its exchanges. */
#include <stdio.h>
#include <string.h>

#include "app/survey_job.h"
#include "core/truth.h"
#include "base/banned.h"

static uint32_t lowest_ttl(const struct dns_answer *answer)
{
	uint32_t lowest = UINT32_MAX;

	for (size_t i = 0; i < answer->n; i++)
		if (answer->record[i].section == SECTION_ANSWER && answer->record[i].ttl_s < lowest)
			lowest = answer->record[i].ttl_s;
	return lowest == UINT32_MAX ? 0 : lowest;
}

/* IPv4 first, then by number: the same picture whichever answer came first and however the server turned them. */
static bool stands_before(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family == 4;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) < 0;
}

static void insert_address(struct host_facts *row, const struct addr *addr)
{
	size_t at = row->n_addr++;

	for (; at > 0 && stands_before(addr, &row->addr[at - 1]); at--)
		row->addr[at] = row->addr[at - 1];
	row->addr[at] = *addr;
}

static void add_addresses(struct job *job, struct host_facts *row, const struct dns_answer *answer, const struct dname *final)
{
	const struct dns_record *record = NULL;

	while ((record = dns_answer_next(answer, final, job->question.type, record)) != NULL) {
		if (row->n_addr == FACTS_ADDRESSES) {
			row->more++;
			continue;
		}
		insert_address(row, &record->addr);
		survey_reached(job->survey, AT_ADDRESS, &(struct survey_thing){ .host = &row->host, .addr = &record->addr });
	}
}

static void host_answered(struct job *job, const struct dns_reply *reply)
{
	struct host_facts *row = facts_host(job->survey->facts, &job->host);
	struct dname alias[FACTS_ALIASES], final, meant;
	size_t n_alias;
	enum answer answer;
	uint32_t ttl_s;

	if (!row)
		return;
	answer = survey_read(job, reply, alias, &n_alias, &final);
	ttl_s = reply->answer ? lowest_ttl(reply->answer) : 0;
	if (n_alias) {
		row->n_alias = n_alias;
		memcpy(row->alias, alias, sizeof(alias));
	}
	if (answer == ANSWER_DATA)
		add_addresses(job, row, reply->answer, &final);
	if (answer == ANSWER_NXDOMAIN && !n_alias && facts_undotted(job->survey->facts, &job->host, &meant)) {
		survey_begin_host(job->survey, &meant);
		row = facts_host(job->survey->facts, &job->host);
	}
	if (job->question.type == DNS_A) {
		row->a = answer;
		row->a_ttl_s = ttl_s;
	} else {
		row->aaaa = answer;
		row->aaaa_ttl_s = ttl_s;
	}
}

void survey_begin_addresses(struct survey *survey, const struct survey_thing *thing)
{
	struct host_facts *row = facts_host_add(survey->facts, thing->host);

	row->a = row->aaaa = ANSWER_PENDING;
	survey_ask(survey, thing->host, DNS_A, NULL, host_answered)->host = *thing->host;
	survey_ask(survey, thing->host, DNS_AAAA, NULL, host_answered)->host = *thing->host;
}

void survey_begin_host(struct survey *survey, const struct dname *host)
{
	if (facts_host(survey->facts, host))
		return;
	facts_host_add(survey->facts, host);
	survey_reached(survey, AT_HOST, &(struct survey_thing){ .host = host });
}

void survey_begin_hosts(struct survey *survey, const struct mxset *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->mx[i].host.len && !dname_is_root(&set->mx[i].host))
			survey_begin_host(survey, &set->mx[i].host);
}

/* The TTL of a cached SOA record counts down, as all do; its minimum does not. */
static void read_negative_ttl(struct facts *facts, const struct dns_answer *answer)
{
	struct cached_facts *cached = &facts->cached;

	for (size_t i = 0; i < answer->n; i++) {
		const struct dns_record *record = &answer->record[i];
		if (record->type != DNS_SOA || record->section != SECTION_AUTHORITY)
			continue;
		cached->negative_s = record->ttl_s < record->soa.minimum_s ? record->ttl_s : record->soa.minimum_s;
		facts->negative_ttl_s = cached->exact ? cached->negative_s : record->soa.minimum_s;
	}
}

void survey_settle(struct survey *survey)
{
	truth_settle(survey->facts);
	if (truth_tells(survey->facts->mx))
		survey_begin_hosts(survey, &survey->facts->live);
	if (survey->facts->mx == ANSWER_NODATA)
		survey_begin_host(survey, &survey->facts->domain);
}

/* A resolver gives the DNAME that it followed; without one, any answer that tells says that there is none. */
static void read_dname(const struct survey *survey, const struct dns_answer *answer)
{
	struct facts *facts = survey->facts;
	const struct dns_record *record = answer ? dns_answer_dname(answer, &facts->domain) : NULL;

	if (survey->app->world)
		return; /* it knows: survey_name.c */
	if (record) {
		facts->below_dname = FACT_YES;
		facts->dname_owner = record->owner;
	} else if (truth_tells(facts->cached.mx)) {
		facts->below_dname = FACT_NO;
	}
}

/* "No record" from a server that is no authority, and gives nobody's word for it: a lame one, or one that sends on to others. */
static bool tells_nothing(const struct dns_answer *answer)
{
	bool soa = false;

	for (size_t i = 0; i < answer->n; i++)
		soa |= answer->record[i].type == DNS_SOA && answer->record[i].section == SECTION_AUTHORITY;
	return !answer->aa && !soa;
}

static void mx_answered(struct job *job, const struct dns_reply *reply)
{
	struct facts *facts = job->survey->facts;
	struct cached_facts *cached = &facts->cached;
	struct dname final;

	cached->mx = survey_read(job, reply, facts->alias, &facts->n_alias, &final);
	if (facts->source == SOURCE_SERVER && cached->mx == ANSWER_NODATA && tells_nothing(reply->answer))
		cached->mx = ANSWER_BROKEN;
	cached->at = loop_now();
	cached->exact = survey_tells_ttl(job->survey, reply);
	if (reply->answer && cached->mx != ANSWER_DATA)
		read_negative_ttl(facts, reply->answer);
	if (cached->mx == ANSWER_REFUSED && reply->answer)
		snprintf(facts->mx_reason, sizeof(facts->mx_reason), "rcode %d", reply->answer->rcode);
	if (cached->mx == ANSWER_DATA)
		dns_answer_mx(reply->answer, &final, &cached->set, &cached->ttl_max_s);
	if (cached->mx == ANSWER_DATA && !facts->n_alias)
		job->survey->signed_labels = dns_answer_labels(reply->answer, &final, DNS_MX);
	read_dname(job->survey, reply->answer);
	survey_name_compare(job->survey);
}

void survey_begin_mx(struct survey *survey, const struct survey_thing *none)
{
	(void)none;
	survey->facts->mx = survey->facts->cached.mx = ANSWER_PENDING;
	survey_ask(survey, &survey->facts->domain, DNS_MX, NULL, mx_answered);
}
