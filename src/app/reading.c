/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/reading.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum answer reading_answer(const struct dns_question *question, const struct dns_reply *reply, struct dname alias[FACTS_ALIASES],
	size_t *n_alias, struct dname *final)
{
	*n_alias = 0;
	*final = question->name;
	if (reply->failed == ANSWER_UNASKED && reply->answer)
		dns_answer_read(reply->answer, question, alias, n_alias, final);
	if (reply->failed != ANSWER_DATA)
		return reply->failed;
	return dns_answer_read(reply->answer, question, alias, n_alias, final);
}

bool reading_tells_ttl(const struct facts *facts, const struct dns_reply *reply)
{
	return facts->source == SOURCE_ZONE || (reply->answer && reply->answer->aa);
}

/* ---- the set ---- */

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

/* "No record" from a server that is no authority, and gives nobody's word for it: a lame one, or one that sends on to others. */
static bool tells_nothing(const struct dns_answer *answer)
{
	bool soa = false;

	for (size_t i = 0; i < answer->n; i++)
		soa |= answer->record[i].type == DNS_SOA && answer->record[i].section == SECTION_AUTHORITY;
	return !answer->aa && !soa;
}

void reading_mx(struct facts *facts, const struct dns_reply *reply, struct dname *final)
{
	const struct dns_question question = { facts->domain, DNS_MX };
	struct cached_facts *cached = &facts->cached;

	cached->mx = reading_answer(&question, reply, facts->alias, &facts->n_alias, final);
	if (facts->source == SOURCE_SERVER && cached->mx == ANSWER_NODATA && tells_nothing(reply->answer))
		cached->mx = ANSWER_BROKEN;
	cached->exact = reading_tells_ttl(facts, reply);
	if (reply->answer && cached->mx != ANSWER_DATA)
		read_negative_ttl(facts, reply->answer);
	if (cached->mx == ANSWER_REFUSED && reply->answer)
		snprintf(facts->mx_reason, sizeof(facts->mx_reason), "rcode %d", reply->answer->rcode);
	if (cached->mx == ANSWER_DATA)
		dns_answer_mx(reply->answer, final, &cached->set, &cached->ttl_max_s);
}

/* ---- an exchange ---- */

static uint32_t lowest_ttl(const struct dns_answer *answer)
{
	uint32_t lowest = UINT32_MAX;

	for (size_t i = 0; i < answer->n; i++)
		if (answer->record[i].section == SECTION_ANSWER && answer->record[i].ttl_s < lowest)
			lowest = answer->record[i].ttl_s;
	return lowest == UINT32_MAX ? 0 : lowest;
}

/* IPv4 before IPv6, then by number, so that the order does not depend on which answer came first. */
static bool stands_before(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family == 4;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) < 0;
}

static void add_address(struct host_facts *row, const struct addr *addr)
{
	size_t at = row->n_addr;

	if (at == FACTS_ADDRESSES) {
		row->more++;
		return;
	}
	for (row->n_addr++; at > 0 && stands_before(addr, &row->addr[at - 1]); at--)
		row->addr[at] = row->addr[at - 1];
	row->addr[at] = *addr;
}

enum answer reading_host(struct host_facts *row, const struct dns_question *question, const struct dns_reply *reply, struct dname *final)
{
	struct dname alias[FACTS_ALIASES];
	const struct dns_record *record = NULL;
	size_t n_alias;
	enum answer answer = reading_answer(question, reply, alias, &n_alias, final);
	uint32_t ttl_s = reply->answer ? lowest_ttl(reply->answer) : 0;

	if (n_alias) {
		row->n_alias = n_alias;
		memcpy(row->alias, alias, n_alias * sizeof(*alias));
	}
	while (answer == ANSWER_DATA && (record = dns_answer_next(reply->answer, final, question->type, record)) != NULL)
		add_address(row, &record->addr);
	if (question->type == DNS_A) {
		row->a = answer;
		row->a_ttl_s = ttl_s;
	} else {
		row->aaaa = answer;
		row->aaaa_ttl_s = ttl_s;
	}
	return answer;
}
