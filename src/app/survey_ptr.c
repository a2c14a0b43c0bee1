/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of the exchanges' addresses, and whether they lead back; whether block lists have the addresses. */
#include <stdio.h>
#include <string.h>

#include "app/survey_job.h"
#include "base/banned.h"

#define PTR_MAX 64 /* addresses that are asked about */

/* The address turned round before `zone` (RFC 1035 section 3.5, RFC 3596 section 2.5, RFC 5782 section 2). */
static bool reverse_name(const struct addr *addr, const char *zone, struct dname *name)
{
	char text[80 + FACTS_LIST_NAME];
	size_t at = 0;

	if (addr->family == 4) {
		snprintf(text, sizeof(text), "%u.%u.%u.%u.%s", addr->bytes[3], addr->bytes[2], addr->bytes[1], addr->bytes[0], zone);
		return dname_parse(name, text, NULL);
	}
	for (size_t i = 16; i-- > 0;)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%x.%x.", addr->bytes[i] & 15u, addr->bytes[i] >> 4);
	snprintf(text + at, sizeof(text) - at, "%s", zone);
	return dname_parse(name, text, NULL);
}

/* No name leads back, once each has been looked up and none failed. */
static void back_answered(struct job *job, const struct dns_reply *reply)
{
	struct ptr_facts *row = facts_ptr_add(job->survey->facts, &job->addr);
	const struct dns_record *record = NULL;
	struct dname final;
	enum answer answer = survey_read(job, reply, NULL, &final);

	row->waiting--;
	row->failed |= !answer_is_final(answer) || answer_is_soft(answer);
	while (answer == ANSWER_DATA && (record = dns_answer_next(reply->answer, &final, job->question.type, record)) != NULL)
		if (addr_equal(&record->addr, &job->addr))
			row->back = FACT_YES;
	if (!row->waiting && !row->failed && !row->more && row->back == FACT_UNKNOWN)
		row->back = FACT_NO;
}

static void ptr_answered(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	struct ptr_facts *row = facts_ptr_add(survey->facts, &job->addr);
	const struct dns_record *record = NULL;
	struct dname final;

	row->ptr = survey_read(job, reply, NULL, &final);
	while (row->ptr == ANSWER_DATA && (record = dns_answer_next(reply->answer, &final, DNS_PTR, record)) != NULL) {
		if (row->n == FACTS_PTR_NAMES) {
			row->more++;
			continue;
		}
		row->name[row->n++] = record->target;
		row->waiting++;
		survey_ask(survey, &record->target, job->addr.family == 4 ? DNS_A : DNS_AAAA, NULL, back_answered)->addr = job->addr;
	}
}

void survey_begin_ptr(struct survey *survey, const struct survey_thing *thing)
{
	struct facts *facts = survey->facts;
	struct dname name;

	if (facts_ptr(facts, thing->addr) || facts->n_ptr == PTR_MAX ||
		!reverse_name(thing->addr, thing->addr->family == 4 ? "in-addr.arpa" : "ip6.arpa", &name))
		return;
	facts_ptr_add(facts, thing->addr)->ptr = ANSWER_PENDING;
	survey_ask(survey, &name, DNS_PTR, NULL, ptr_answered)->addr = *thing->addr;
}

/* ---- block lists ---- */

#define LISTED_MAX 128 /* rows */

/* RFC 5782 section 2.1: a listing is an address in 127.0.0.0/8; lists say there too that they do not answer this resolver. */
static enum fact listing(const struct addr *code)
{
	if (code->family != 4 || code->bytes[0] != 127)
		return FACT_UNKNOWN;
	return code->bytes[1] == 255 && code->bytes[2] == 255 ? FACT_UNKNOWN : FACT_YES;
}

static void listed_answered(struct job *job, const struct dns_reply *reply)
{
	struct listed_facts *row = &job->survey->facts->listed[job->row];
	const struct dns_record *record;
	struct dname final;

	row->answer = survey_read(job, reply, NULL, &final);
	if (row->answer == ANSWER_NXDOMAIN)
		row->listed = FACT_NO;
	record = row->answer == ANSWER_DATA ? dns_answer_next(reply->answer, &final, DNS_A, NULL) : NULL;
	if (!record)
		return;
	row->code = record->addr;
	row->listed = listing(&record->addr);
}

static void ask_list(struct survey *survey, const struct addr *addr, const char *list)
{
	struct facts *facts = survey->facts;
	size_t before = facts->n_listed;
	struct listed_facts *row = before < LISTED_MAX ? facts_listed_add(facts, addr, list) : NULL;
	struct dname name;

	if (facts->n_listed == before || !reverse_name(addr, list, &name))
		return;
	row->answer = ANSWER_PENDING;
	survey_ask(survey, &name, DNS_A, NULL, listed_answered)->row = before;
}

void survey_begin_dnsbl(struct survey *survey, const struct survey_thing *thing)
{
	const char *at = config_get(&survey->app->config, "dns", "", "dnsbl");
	char list[FACTS_LIST_NAME];

	while (at && *at) {
		size_t len = strcspn(at, ", ");

		snprintf(list, sizeof(list), "%.*s", (int)len, at);
		if (len && len < sizeof(list))
			ask_list(survey, thing->addr, list);
		at += len;
		at += strspn(at, ", ");
	}
}
