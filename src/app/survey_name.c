/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the domain's name stands in its zone: under a wildcard, or by itself. One question tells: "*" beside the name exists,
 * or is itself made by a wildcard further up, just where a wildcard would answer for the name (RFC 4592). */
#include <string.h>

#include "app/survey_job.h"
#include "base/banned.h"

/* The MX answer of the name is the wildcard's, where both tell the same; another set shows that the name exists by itself. */
static void compare(struct facts *facts)
{
	const struct cached_facts *mine = &facts->cached;

	if (facts->wildcard == FACT_NO || mine->mx == ANSWER_NXDOMAIN)
		facts->synthesised = FACT_NO;
	else if (facts->wildcard == FACT_YES && (mine->mx == ANSWER_DATA || mine->mx == ANSWER_NODATA) &&
		 ((mine->mx == ANSWER_DATA) != facts->wildcard_mx || !mxset_same_records(&mine->set, &facts->wildcard_set)))
		facts->synthesised = FACT_NO;
}

static void star_answered(struct job *job, const struct dns_reply *reply)
{
	struct facts *facts = job->survey->facts;
	struct dname alias[FACTS_ALIASES], final, above;
	size_t n_alias;
	enum answer answer = survey_read(job, reply, alias, &n_alias, &final);
	uint32_t ttl_max_s;

	if (!answer_is_final(answer) || answer_is_soft(answer))
		return;
	facts->wildcard = answer == ANSWER_NXDOMAIN && !n_alias ? FACT_NO : FACT_YES;
	if (facts->wildcard == FACT_YES && dname_parent(&job->question.name, &above) && dname_equal(&above, &facts->zone))
		facts->wildcard_name = job->question.name;
	facts->wildcard_mx = answer == ANSWER_DATA;
	if (answer == ANSWER_DATA)
		dns_answer_mx(reply->answer, &final, &facts->wildcard_set, &ttl_max_s);
	compare(facts);
}

void survey_name_compare(struct survey *survey)
{
	compare(survey->facts);
}

void survey_begin_name(struct survey *survey)
{
	struct facts *facts = survey->facts;
	uint8_t wire[DNAME_WIRE_MAX + 2] = { 1, '*' };
	struct dname above, star;

	if (dname_equal(&facts->domain, &facts->zone)) {
		facts->wildcard = facts->synthesised = FACT_NO;
		return;
	}
	if (!dname_parent(&facts->domain, &above))
		return;
	memcpy(wire + 2, above.wire, above.len);
	if (above.len + 2u > DNAME_WIRE_MAX || !dname_from_wire(&star, wire, above.len + 2u))
		return;
	if (!dname_equal(&star, &facts->domain))
		survey_ask(survey, &star, DNS_MX, NULL, star_answered);
	else if (dname_equal(&above, &facts->zone))
		facts->wildcard = facts->synthesised = FACT_NO; /* it is the wildcard, and there is none above it */
}
