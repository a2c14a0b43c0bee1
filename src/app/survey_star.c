/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the journal knows of the domain, and wildcards: "*" below the domain, whose addresses take mail for any name there, and "*" beside
 * an exchange. Asked for as it is written, that name is answered as any name would be that holds nothing itself (RFC 4592 section 2.1.3).
 */
#include "app/history.h"
#include "app/survey_job.h"
#include "core/preset.h"
#include "base/banned.h"

void survey_begin_past(struct survey *survey, const struct survey_thing *none)
{
	struct facts *facts = survey->facts;
	struct history history = { 0 };

	(void)none;
	facts->past = (struct past_facts){ .known = FACT_NO };
	if (!survey->app->store || !history_read(survey->app, &facts->domain, &history, NULL))
		return;
	history_past(&history, NULL, loop_now(), &facts->past);
	history_release(&history);
}

static void keep_address(struct star_facts *row, const struct addr *addr)
{
	if (row->n_addr < FACTS_STAR_ADDRESSES)
		row->addr[row->n_addr++] = *addr;
	else
		row->more++;
}

static void star_told(struct job *job, const struct dns_reply *reply)
{
	struct dname final, above;
	const struct dns_record *record = NULL;
	struct star_facts *row;
	enum answer answer = survey_read(job, reply, NULL, &final);

	dname_parent(&job->question.name, &above);
	row = facts_star(job->survey->facts, &above);
	*(job->question.type == DNS_A ? &row->a : job->question.type == DNS_AAAA ? &row->aaaa : &row->mx) = answer;
	while (answer == ANSWER_DATA && job->question.type != DNS_MX &&
		(record = dns_answer_next(reply->answer, &final, job->question.type, record)) != NULL)
		keep_address(row, &record->addr);
}

static void ask(struct survey *survey, const struct dname *star, enum dns_type type, enum answer *answer)
{
	if (*answer != ANSWER_UNASKED)
		return;
	*answer = ANSWER_PENDING;
	survey_ask(survey, star, type, NULL, star_told);
}

/* A hoster's wildcard is its own matter. */
void survey_begin_star(struct survey *survey, const struct survey_thing *host)
{
	struct dname above = survey->facts->domain, star;
	struct star_facts *row;

	if (host && (preset_of(host->host) || !dname_parent(host->host, &above)))
		return;
	if (dname_labels(&above) < 2 || !dname_star(&above, &star) || !(row = facts_star_add(survey->facts, &above)))
		return;
	ask(survey, &star, DNS_A, &row->a);
	ask(survey, &star, DNS_AAAA, &row->aaaa);
	if (!host)
		ask(survey, &star, DNS_MX, &row->mx);
}
