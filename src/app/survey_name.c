/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the domain's name stands in its zone: under a wildcard, or by itself. Zone files tell. In the DNS, "*" beside the name exists, or is
 * itself made by a wildcard further up, just where a wildcard would answer for the name (RFC 4592); where it does not, the name above may
 * exist by this name alone, so "*" further up is asked for too. A signature tells whether the records were made (RFC 4034). */
#include <string.h>

#include "app/survey_job.h"
#include "base/banned.h"

#define STARS_UP 8 /* names further up that are asked */

bool survey_finding_name(const struct survey *survey)
{
	for (const struct job *job = survey->jobs; job; job = job->next)
		if (job->of_name)
			return true;
	return false;
}

/* ---- in the DNS ---- */

static bool is_star(const struct dname *name)
{
	return name->len > 2 && name->wire[0] == 1 && name->wire[1] == '*';
}

/* The signature counts labels: the wildcard stands below as many of the name's last ones. */
static void compare_signature(struct facts *facts, unsigned labels)
{
	struct dname above = facts->domain;

	if (labels >= dname_labels(&facts->domain)) {
		facts->synthesised = FACT_NO;
		return;
	}
	while (dname_labels(&above) > labels)
		dname_parent(&above, &above);
	facts->wildcard = facts->synthesised = FACT_YES;
	dname_star(&above, &facts->wildcard_name);
}

/* The MX answer of the name is the wildcard's, where both tell the same; another set shows that the name exists by itself. */
static void compare(struct survey *survey)
{
	struct facts *facts = survey->facts;
	const struct cached_facts *mine = &facts->cached;

	if (survey->app->world)
		return;
	if (survey->signed_labels >= 0 && !is_star(&facts->domain))
		compare_signature(facts, (unsigned)survey->signed_labels);
	else if (survey->star == ANSWER_NXDOMAIN || facts->wildcard == FACT_NO || mine->mx == ANSWER_NXDOMAIN)
		facts->synthesised = FACT_NO;
	else if (facts->wildcard == FACT_YES && (mine->mx == ANSWER_DATA || mine->mx == ANSWER_NODATA) &&
		 ((mine->mx == ANSWER_DATA) != facts->wildcard_mx || !mxset_same_records(&mine->set, &facts->wildcard_set)))
		facts->synthesised = FACT_NO;
}

static void star_answered(struct job *job, const struct dns_reply *reply);

static void ask_star(struct survey *survey, const struct dname *above, unsigned climbed)
{
	struct dname star;
	struct job *job;

	if (!dname_star(above, &star))
		return;
	job = survey_ask(survey, &star, DNS_MX, NULL, star_answered);
	job->climbed = climbed;
	job->of_name = true;
}

/* No wildcard here, as long as the name above exists; does one stand further up? */
static void look_further_up(struct survey *survey, const struct dname *above, unsigned climbed)
{
	struct facts *facts = survey->facts;
	struct dname next;

	if (dname_equal(above, &facts->zone) || facts->cached.mx == ANSWER_NXDOMAIN)
		facts->wildcard = FACT_NO;
	else if (climbed < STARS_UP && dname_parent(above, &next))
		ask_star(survey, &next, climbed + 1);
}

static void star_beside(struct survey *survey, const struct job *job, const struct dns_reply *reply)
{
	struct facts *facts = survey->facts;
	struct dname final, above;
	size_t n_alias;
	enum answer answer = survey_read(job, reply, &n_alias, &final);
	uint32_t ttl_max_s;

	dname_parent(&job->question.name, &above);
	if (answer == ANSWER_DATA) {
		facts->wildcard_mx = true;
		dns_answer_mx(reply->answer, &final, &facts->wildcard_set, &ttl_max_s);
	}
	if (survey->app->world || !answer_is_final(answer) || answer_is_soft(answer))
		return;
	survey->star = answer == ANSWER_NXDOMAIN && n_alias ? ANSWER_NODATA : answer;
	if (survey->star == ANSWER_NXDOMAIN) {
		look_further_up(survey, &above, 0);
	} else {
		facts->wildcard = FACT_YES;
		if (dname_equal(&above, &facts->zone))
			facts->wildcard_name = job->question.name;
	}
}

static void star_answered(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	struct dname final, above;
	size_t n_alias;

	if (!job->climbed)
		star_beside(survey, job, reply);
	else if (survey_read(job, reply, &n_alias, &final) == ANSWER_NXDOMAIN && !n_alias && dname_parent(&job->question.name, &above))
		look_further_up(survey, &above, job->climbed);
	survey_name_compare(survey);
}

void survey_name_compare(struct survey *survey)
{
	compare(survey);
	survey_settle(survey);
}

/* ---- in zone files ---- */

void survey_look_up_name(struct survey *survey, const struct survey_thing *none)
{
	struct facts *facts = survey->facts;
	struct zonestand stand;

	(void)none;
	if (!survey->app->world || !zoneworld_stand(survey->app->world, &facts->domain, &stand))
		return;
	facts->below_dname = stand.below_dname ? FACT_YES : FACT_NO;
	facts->dname_owner = stand.dname_owner;
	facts->wildcard = stand.wildcard ? FACT_YES : FACT_NO;
	facts->synthesised = stand.wildcard && !stand.exists ? FACT_YES : FACT_NO;
	if (stand.wildcard) {
		struct dname above;

		facts->wildcard_name = stand.wildcard_name;
		dname_parent(&stand.wildcard_name, &above);
		ask_star(survey, &above, 0);
	}
}

void survey_begin_name(struct survey *survey, const struct survey_thing *none)
{
	struct facts *facts = survey->facts;
	struct dname above, star;

	(void)none;
	if (survey->app->world)
		return;
	if (dname_equal(&facts->domain, &facts->zone)) {
		facts->wildcard = facts->synthesised = FACT_NO;
		return;
	}
	if (!dname_parent(&facts->domain, &above) || !dname_star(&above, &star))
		return;
	if (!dname_equal(&star, &facts->domain))
		ask_star(survey, &above, 0);
	else if (dname_equal(&above, &facts->zone))
		facts->wildcard = facts->synthesised = FACT_NO; /* it is the wildcard, and there is none above it */
}
