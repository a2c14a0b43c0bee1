/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The zones that the targets' names lie in, and the name servers of each: one question a group of targets with the same name above
 * them, and one a zone. What no answer tells stays unknown. */
#include "app/survey_job.h"
#include "io/suffix.h"
#include "base/banned.h"

bool survey_apex(const struct dns_reply *reply, const struct dname *name, struct dname *apex)
{
	for (size_t i = 0; reply->failed == ANSWER_DATA && i < reply->answer->n; i++) {
		const struct dns_record *record = &reply->answer->record[i];
		if (record->type == DNS_SOA && dname_under(name, &record->owner)) {
			*apex = record->owner;
			return true;
		}
	}
	return false;
}

void survey_zone_servers(struct facts *facts, const struct dname *apex, enum answer kind, const struct dns_answer *answer)
{
	struct zone_facts *zone = facts_zone_add(facts, apex);
	const struct dns_record *record = NULL;

	if (!zone)
		return;
	zone->ns = kind;
	while (kind == ANSWER_DATA && (record = dns_answer_next(answer, apex, DNS_NS, record)) != NULL)
		zone_facts_add_ns(zone, &record->target);
}

static void servers_answered(struct job *job, const struct dns_reply *reply)
{
	struct dname final;
	enum answer kind = survey_read(job, reply, NULL, &final);

	survey_zone_servers(job->survey->facts, &job->question.name, kind, reply->answer);
}

static struct zone_group *find_group(struct survey *survey, const struct dname *host)
{
	struct dname above;

	for (size_t i = 0; dname_parent(host, &above) && i < survey->n_zone_group; i++)
		if (dname_equal(&survey->zone_group[i].above, &above))
			return &survey->zone_group[i];
	return NULL;
}

/* A target that is a zone by itself says nothing of those beside it. */
static void ask_beside(struct survey *survey, const struct dname *host)
{
	struct zone_group *group = find_group(survey, host);

	if (!group || group->each)
		return;
	group->each = true;
	for (size_t i = 0; i < survey->facts->n_host; i++) {
		const struct dname other = survey->facts->host[i].host;
		if (!dname_equal(&other, host) && find_group(survey, &other) == group)
			survey_begin_zone(survey, &(struct survey_thing){ .host = &other });
	}
}

static void zone_answered(struct job *job, const struct dns_reply *reply);

static void climb(struct job *job)
{
	struct job *next;
	struct dname above;

	if (job->climbed == SURVEY_ZONE_CLIMB || !dname_parent(&job->question.name, &above) || dname_is_root(&above))
		return;
	next = survey_ask(job->survey, &above, DNS_SOA, NULL, zone_answered);
	next->host = job->host;
	next->climbed = job->climbed + 1;
}

static void zone_answered(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	struct dname final, apex;
	size_t n_alias;
	enum answer kind = survey_read(job, reply, &n_alias, &final);
	struct zone_facts *zone;

	if (answer_is_soft(kind))
		return;
	/* An alias is answered for by the zone of its target: the name above tells more. */
	if (n_alias || !survey_apex(reply, &job->question.name, &apex)) {
		climb(job);
		return;
	}
	if (dname_is_root(&apex))
		return;
	zone = facts_zone_add(survey->facts, &apex);
	if (zone && zone->ns == ANSWER_UNASKED) {
		zone->ns = ANSWER_PENDING;
		survey_ask(survey, &apex, DNS_NS, NULL, servers_answered);
	}
	if (dname_equal(&apex, &job->host))
		ask_beside(survey, &apex);
}

/* The delegation's survey finds the domain's own zone. */
void survey_begin_zone(struct survey *survey, const struct survey_thing *thing)
{
	const struct dname *host = thing->host;
	struct zone_group *group = find_group(survey, host);
	struct dname above;
	struct job *job;

	if (dname_equal(host, &survey->facts->domain) || !dname_parent(host, &above) || (group && !group->each) ||
		(!group && survey->n_zone_group == SURVEY_ZONE_GROUPS))
		return;
	if (!group)
		survey->zone_group[survey->n_zone_group++].above = above;
	job = survey_ask(survey, host, DNS_SOA, NULL, zone_answered);
	job->host = *host;
}

/* ---- registered domains ---- */

/* That it does not exist is said by the zone above; an answer without that zone's SOA is not enough to say so. */
static void registered_answered(struct job *job, const struct dns_reply *reply)
{
	struct registered_facts *row = facts_registered_add(job->survey->facts, &job->host);
	struct dname final, apex;
	size_t n_alias;

	row->ns = survey_read(job, reply, &n_alias, &final);
	if (row->ns == ANSWER_DATA || row->ns == ANSWER_NODATA || n_alias)
		row->exists = FACT_YES;
	else if (row->ns == ANSWER_NXDOMAIN && survey_apex(reply, &job->host, &apex) && !dname_equal(&apex, &job->host))
		row->exists = FACT_NO;
}

void survey_begin_registered(struct survey *survey, const struct survey_thing *thing)
{
	struct registered_facts *row;
	struct dname name;

	if (!suffixes_registered(app_suffixes(survey->app), thing->host, &name) || facts_registered(survey->facts, &name) ||
		survey->facts->n_registered == FACTS_REGISTERED)
		return;
	row = facts_registered_add(survey->facts, &name);
	row->ns = ANSWER_PENDING;
	survey_ask(survey, &name, DNS_NS, NULL, registered_answered)->host = name;
}
