/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which zone the domain is in, and who answers for it: in the zone's own NS records, and in its parent's. Asked ahead: the
 * NS records of the domain and of the name above it go out with the first questions, whichever turns out to be the zone. */
#include "app/survey_job.h"
#include "base/banned.h"

#define PARENT_FIRST 2 /* of the parent's name servers, this many are asked at first; the first useful answer counts */

static bool asks_parent(const struct survey *survey)
{
	return !survey->app->world && !survey->app->has_server;
}

/* The servers that an answer names for a zone. */
static size_t add_servers(struct survey *survey, const struct dns_answer *answer, const struct dname *zone, bool at_parent)
{
	size_t n = 0;

	for (size_t i = 0; i < answer->n; i++) {
		const struct dns_record *record = &answer->record[i];
		if (record->type != DNS_NS || record->section == SECTION_ADDITIONAL || !dname_equal(&record->owner, zone))
			continue;
		survey_add_server(survey, &record->target, at_parent);
		n++;
	}
	return n;
}

/* ---- what the parent's servers say ---- */

static void ask_next_of_parent(struct survey *survey);

/* The next one is asked where this one did not help. */
static void parent_failed(struct survey *survey, enum answer how)
{
	if (survey->parent_told)
		return;
	survey->facts->parent_ns = how;
	ask_next_of_parent(survey);
}

static void parent_says(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	struct facts *facts = survey->facts;
	struct dname final;
	enum answer answer = survey_read(job, reply, NULL, &final);

	if (survey->parent_told)
		return;
	if (!answer_is_soft(answer) && add_servers(survey, reply->answer, &facts->zone, true)) {
		facts->parent_ns = ANSWER_DATA;
		facts->delegated = FACT_YES;
	} else if ((answer == ANSWER_NODATA || answer == ANSWER_NXDOMAIN) && reply->answer->aa) {
		facts->parent_ns = answer;
		facts->delegated = FACT_NO;
	} else {
		parent_failed(survey, answer_is_soft(answer) ? answer : ANSWER_BROKEN);
		return;
	}
	survey->parent_told = true;
}

/* An answer without authority, or from the zone itself, says nothing of what the parent has. */
static void ds_answered(struct job *job, const struct dns_reply *reply)
{
	struct ds_facts *ds = &job->survey->facts->ds;
	const struct dns_record *record = NULL;
	struct dname final, apex;
	enum answer answer = survey_read(job, reply, NULL, &final);

	if (answer_is_final(ds->ds) && !answer_is_soft(ds->ds))
		return;
	if (answer == ANSWER_NODATA && survey_apex(reply, &final, &apex) && dname_equal(&apex, &final))
		answer = ANSWER_UNASKED;
	else if (job->direct && !answer_is_soft(answer) && !reply->answer->aa)
		answer = ANSWER_BROKEN;
	ds->ds = answer;
	while (answer == ANSWER_DATA && (record = dns_answer_next(reply->answer, &final, DNS_DS, record)) != NULL) {
		if (ds->n < FACTS_DS)
			ds->record[ds->n++] = record->ds;
		else
			ds->more++;
	}
}

static void parent_address(struct job *job, const struct dns_reply *reply)
{
	const struct dns_record *record = NULL;
	struct dname final;
	enum answer answer = survey_read(job, reply, NULL, &final);

	while (answer == ANSWER_DATA && (record = dns_answer_next(reply->answer, &final, job->question.type, record)) != NULL) {
		struct dns_endpoint at = { record->addr, 0 };
		if (!dns_has_route(&at.addr))
			continue;
		survey_ask(job->survey, &job->survey->facts->zone, DNS_NS, &at, parent_says)->of_parent = true;
		if (survey_wants(job->survey, NEEDS_DS))
			survey_ask(job->survey, &job->survey->facts->zone, DNS_DS, &at, ds_answered)->of_parent = true;
		return;
	}
	if (job->question.type == DNS_A)
		survey_ask(job->survey, &job->question.name, DNS_AAAA, NULL, parent_address);
	else
		parent_failed(job->survey, answer_is_soft(answer) ? answer : ANSWER_UNREACHABLE);
}

static void ask_next_of_parent(struct survey *survey)
{
	if (survey->given_up || survey->parent_next == survey->n_parent)
		return;
	survey_ask(survey, &survey->parent[survey->parent_next++], DNS_A, NULL, parent_address);
}

static void parent_ns(struct job *job, const struct dns_reply *reply)
{
	const struct dns_record *record = NULL;
	struct survey *survey = job->survey;
	struct dname final, apex;
	size_t n_alias;
	enum answer answer = survey_read(job, reply, &n_alias, &final);

	if (answer != ANSWER_DATA || n_alias) {
		if (!answer_is_soft(answer) && survey_apex(reply, &job->question.name, &apex) && !dname_equal(&apex, &job->question.name))
			survey_ask(survey, &apex, DNS_NS, NULL, parent_ns);
		else
			survey->facts->parent_ns = answer_is_soft(answer) ? answer : ANSWER_SERVFAIL;
		return;
	}
	while (survey->n_parent < SURVEY_PARENT_MAX && (record = dns_answer_next(reply->answer, &final, DNS_NS, record)) != NULL)
		survey->parent[survey->n_parent++] = record->target;
	for (size_t i = 0; i < PARENT_FIRST; i++)
		ask_next_of_parent(survey);
}

/* ---- the zone ---- */

/* A name that a registry's zone holds, or lacks, has no servers of its own: those are left alone. */
static bool is_registry(const struct survey *survey, const struct dname *apex)
{
	return dname_labels(apex) < 2 && !dname_equal(apex, &survey->facts->domain);
}

static void zone_found(struct survey *survey, const struct dname *apex)
{
	struct facts *facts = survey->facts;

	facts->zone = *apex;
	facts_zone_add(facts, apex);
	facts->parent_ns = ANSWER_UNASKED;
	survey_reached(survey, AT_ZONE, NULL);
}

void survey_begin_parent(struct survey *survey, const struct survey_thing *none)
{
	struct facts *facts = survey->facts;
	struct dname parent;

	(void)none;
	if (!asks_parent(survey) || is_registry(survey, &facts->zone) || !dname_parent(&facts->zone, &parent))
		return;
	facts->parent_ns = ANSWER_PENDING;
	if (survey_wants(survey, NEEDS_DS))
		facts->ds.ds = ANSWER_PENDING;
	survey_ask(survey, &parent, DNS_NS, NULL, parent_ns);
}

void survey_begin_ds(struct survey *survey, const struct survey_thing *none)
{
	(void)none;
	if (survey->app->world && !dname_is_root(&survey->facts->zone))
		survey_ask(survey, &survey->facts->zone, DNS_DS, NULL, ds_answered);
}

static void zone_answers(struct survey *survey, const struct dns_reply *reply, enum answer answer)
{
	struct facts *facts = survey->facts;

	facts->child_ns = answer;
	survey_zone_servers(facts, &facts->zone, answer, reply->answer);
	if (answer == ANSWER_DATA && !is_registry(survey, &facts->zone))
		add_servers(survey, reply->answer, &facts->zone, false);
}

/* Reads the NS answer of the domain's name, then of each name above it, until one of them is a zone. */
static void child_ns(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	const struct dname asked = job->question.name;
	struct dname final, above;
	size_t n_alias;
	enum answer answer = survey_read(job, reply, &n_alias, &final);
	bool failed = !n_alias && (!answer_is_final(answer) || answer_is_soft(answer)); /* an alias stands in some zone */

	if (survey->facts->zone.len || (answer == ANSWER_DATA && !n_alias)) {
		if (!survey->facts->zone.len)
			zone_found(survey, &asked);
		zone_answers(survey, reply, answer);
	} else if (!failed && !n_alias && survey_apex(reply, &asked, &above)) {
		zone_found(survey, &above);
		survey_ask(survey, &above, DNS_NS, NULL, child_ns);
	} else if (!failed && dname_parent(&asked, &above)) {
		survey_ask(survey, &above, DNS_NS, NULL, child_ns);
	} else {
		survey->facts->child_ns = survey->facts->parent_ns = failed ? answer : ANSWER_SERVFAIL;
	}
}

void survey_begin_delegation(struct survey *survey, const struct survey_thing *none)
{
	struct facts *facts = survey->facts;
	struct dname parent;

	(void)none;
	facts->child_ns = facts->parent_ns = ANSWER_PENDING;
	survey_ask(survey, &facts->domain, DNS_NS, NULL, child_ns);
	if (asks_parent(survey) && survey->cache && dname_parent(&facts->domain, &parent))
		dns_cache_fetch(survey->cache, NULL, &(struct dns_question){ parent, DNS_NS });
}
