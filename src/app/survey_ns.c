/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The delegation: which zone the domain is in, its name servers at the parent and in the zone itself, and what each of their
 * addresses says of the MX set when asked directly. */
#include <string.h>

#include "app/survey_job.h"
#include "base/banned.h"

/* ---- one server's own answers ---- */

static void server_mx(struct job *job, const struct dns_reply *reply)
{
	struct server_facts *row = &job->survey->facts->server[job->row];
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias;

	row->mx = survey_read(job, reply, alias, &n_alias, &final);
	row->authoritative = reply->answer && reply->answer->aa;
	if (row->mx == ANSWER_DATA)
		dns_answer_mx(reply->answer, &final, &row->set, &row->ttl_max_s);
	survey_settle(job->survey);
}

static void server_soa(struct job *job, const struct dns_reply *reply)
{
	struct server_facts *row = &job->survey->facts->server[job->row];
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias;

	row->soa = survey_read(job, reply, alias, &n_alias, &final);
	for (size_t i = 0; row->soa == ANSWER_DATA && i < reply->answer->n; i++)
		if (reply->answer->record[i].type == DNS_SOA && reply->answer->record[i].section == DNS_ANSWER)
			row->serial = reply->answer->record[i].serial;
}

static void add_server(struct survey *survey, struct name_server *ns, const struct addr *addr)
{
	struct facts *facts = survey->facts;
	struct server_facts *row = facts_server_add(facts, &ns->name, addr);
	struct dns_endpoint at = { *addr, 0 };
	size_t index = (size_t)(row - facts->server);

	ns->rows++;
	row->address = addr->family ? ANSWER_DATA : ns->address;
	row->at_parent = ns->at_parent;
	row->at_child = ns->at_child;
	row->port = 53;
	if (!addr->family || survey->app->has_server) /* --server: that one server is asked, and no other */
		return;
	row->mx = row->soa = ANSWER_PENDING;
	survey_ask(survey, &facts->domain, DNS_MX, &at, server_mx)->row = index;
	survey_ask(survey, &facts->zone, DNS_SOA, &at, server_soa)->row = index;
}

static struct name_server *find_ns(struct survey *survey, const struct dname *name)
{
	for (size_t i = 0; i < survey->n_ns; i++)
		if (dname_equal(&survey->ns[i].name, name))
			return &survey->ns[i];
	return NULL;
}

static void ns_address(struct job *job, const struct dns_reply *reply)
{
	struct name_server *ns = find_ns(job->survey, &job->host);
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias;
	enum answer answer = survey_read(job, reply, alias, &n_alias, &final);

	if (!ns)
		return;
	ns->waiting--;
	if (answer_is_soft(answer) || !answer_is_soft(ns->address))
		ns->address = answer;
	for (size_t i = 0; answer == ANSWER_DATA && i < reply->answer->n && ns->rows < SURVEY_NS_ADDRESSES; i++) {
		const struct dns_record *record = &reply->answer->record[i];
		if (record->section == DNS_ANSWER && record->type == job->question.type && dname_equal(&record->owner, &final))
			add_server(job->survey, ns, &record->addr);
	}
	if (!ns->waiting && !ns->rows)
		add_server(job->survey, ns, &(struct addr){ 0 });
}

static void mark_rows(struct survey *survey, const struct name_server *ns)
{
	for (size_t i = 0; i < survey->facts->n_server; i++) {
		struct server_facts *row = &survey->facts->server[i];
		if (!dname_equal(&row->name, &ns->name))
			continue;
		row->at_parent = ns->at_parent;
		row->at_child = ns->at_child;
	}
}

static void add_ns(struct survey *survey, const struct dname *name, bool at_parent)
{
	struct name_server *ns = find_ns(survey, name);

	if (!ns && survey->n_ns == SURVEY_NS_MAX)
		return;
	if (!ns) {
		ns = &survey->ns[survey->n_ns++];
		*ns = (struct name_server){ .name = *name, .waiting = 2 };
		survey_ask(survey, name, DNS_A, NULL, ns_address)->host = *name;
		survey_ask(survey, name, DNS_AAAA, NULL, ns_address)->host = *name;
	}
	ns->at_parent |= at_parent;
	ns->at_child |= !at_parent;
	mark_rows(survey, ns);
}

/* ---- the zone's own NS, and the parent's ---- */

static size_t add_ns_of(struct survey *survey, const struct dns_answer *answer, const struct dname *zone, bool at_parent)
{
	size_t n = 0;

	for (size_t i = 0; i < answer->n; i++) {
		const struct dns_record *record = &answer->record[i];
		if (record->type != DNS_NS || record->section == DNS_ADDITIONAL || !dname_equal(&record->owner, zone))
			continue;
		add_ns(survey, &record->target, at_parent);
		n++;
	}
	return n;
}

static void child_ns(struct job *job, const struct dns_reply *reply)
{
	struct facts *facts = job->survey->facts;
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias;

	facts->child_ns = survey_read(job, reply, alias, &n_alias, &final);
	survey_zone_servers(facts, &facts->zone, facts->child_ns, reply->answer);
	if (facts->child_ns == ANSWER_DATA)
		add_ns_of(job->survey, reply->answer, &facts->zone, false);
}

static void parent_says(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	struct facts *facts = survey->facts;

	if (survey->parent_answered)
		return;
	if (reply->failed == ANSWER_DATA && add_ns_of(survey, reply->answer, &facts->zone, true)) {
		survey->parent_answered = true;
		facts->parent_ns = ANSWER_DATA;
	} else {
		facts->parent_ns = reply->failed == ANSWER_DATA ? ANSWER_NODATA : reply->failed;
	}
}

static void parent_address(struct job *job, const struct dns_reply *reply)
{
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias;

	if (survey_read(job, reply, alias, &n_alias, &final) != ANSWER_DATA)
		return;
	for (size_t i = 0; i < reply->answer->n; i++) {
		const struct dns_record *record = &reply->answer->record[i];
		struct dns_endpoint at = { record->addr, 0 };
		if (record->section != DNS_ANSWER || record->type != DNS_A)
			continue;
		survey_ask(job->survey, &job->survey->facts->zone, DNS_NS, &at, parent_says);
		return;
	}
}

#define PARENT_SERVERS 3 /* of the parent's name servers, this many are asked; the first useful answer counts */

static void parent_ns(struct job *job, const struct dns_reply *reply)
{
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias, asked = 0;
	enum answer answer = survey_read(job, reply, alias, &n_alias, &final);

	if (answer != ANSWER_DATA) {
		job->survey->facts->parent_ns = answer;
		return;
	}
	for (size_t i = 0; i < reply->answer->n && asked < PARENT_SERVERS; i++) {
		const struct dns_record *record = &reply->answer->record[i];
		if (record->section != DNS_ANSWER || record->type != DNS_NS)
			continue;
		survey_ask(job->survey, &record->target, DNS_A, NULL, parent_address);
		asked++;
	}
}

static void parent_apex(struct job *job, const struct dns_reply *reply)
{
	struct dname apex;

	if (survey_apex(reply, &job->question.name, &apex))
		survey_ask(job->survey, &apex, DNS_NS, NULL, parent_ns);
	else
		job->survey->facts->parent_ns = reply->failed == ANSWER_DATA ? ANSWER_SERVFAIL : reply->failed;
}

static void child_apex(struct job *job, const struct dns_reply *reply)
{
	struct facts *facts = job->survey->facts;
	struct zone_facts *zone;
	struct dname parent;

	if (!survey_apex(reply, &facts->domain, &facts->zone)) {
		facts->child_ns = facts->parent_ns = reply->failed == ANSWER_DATA ? ANSWER_SERVFAIL : reply->failed;
		return;
	}
	zone = facts_zone_add(facts, &facts->zone);
	if (zone && zone->ns == ANSWER_UNASKED)
		zone->ns = ANSWER_PENDING;
	survey_ask(job->survey, &facts->zone, DNS_NS, NULL, child_ns)->of_zones = true;
	if (job->survey->app->world || job->survey->app->has_server || !dname_parent(&facts->zone, &parent))
		facts->parent_ns = ANSWER_UNASKED;
	else
		survey_ask(job->survey, &parent, DNS_SOA, NULL, parent_apex);
}

void survey_begin_delegation(struct survey *survey)
{
	survey->facts->child_ns = survey->facts->parent_ns = ANSWER_PENDING;
	survey_ask(survey, &survey->facts->domain, DNS_SOA, NULL, child_apex)->of_zones = true;
}
