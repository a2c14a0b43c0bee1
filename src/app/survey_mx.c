/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The domain's own MX answer and the addresses of its exchanges. */
#include "app/reading.h"
#include "app/survey_job.h"
#include "core/truth.h"
#include "base/banned.h"

static void host_answered(struct job *job, const struct dns_reply *reply)
{
	struct host_facts *row = facts_host(job->survey->facts, &job->host);
	const struct dns_record *record = NULL;
	struct dname final, meant;
	enum answer answer;
	size_t kept;

	if (!row)
		return;
	kept = row->n_addr;
	answer = reading_host(row, &job->question, reply, &final);
	if (row->n_alias)
		survey_reached(job->survey, AT_END, &(struct survey_thing){ .host = &job->host });
	for (kept = row->n_addr - kept; kept && (record = dns_answer_next(reply->answer, &final, job->question.type, record)); kept--)
		survey_reached(job->survey, AT_ADDRESS, &(struct survey_thing){ .host = &job->host, .addr = &record->addr });
	if (answer == ANSWER_NXDOMAIN && dname_equal(&final, &job->host) && facts_undotted(job->survey->facts, &job->host, &meant))
		survey_begin_host(job->survey, &meant);
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

static void mx_answered(struct job *job, const struct dns_reply *reply)
{
	struct facts *facts = job->survey->facts;
	struct cached_facts *cached = &facts->cached;
	struct dname final;

	reading_mx(facts, reply, &final);
	cached->at = loop_now();
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
