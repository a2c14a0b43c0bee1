/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/dnswire.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/dnsupdate.h"
#include "base/banned.h"

#define CLASS_IN 1
#define TYPE_OPT 41

void dns_answer_release(struct dns_answer *answer)
{
	free(answer->record);
	str_release(&answer->octets);
	*answer = (struct dns_answer){ 0 };
}

struct dns_record *dns_answer_add(struct dns_answer *answer)
{
	answer->record = mem_grow(answer->record, answer->n, &answer->cap, sizeof *answer->record);
	answer->record[answer->n] = (struct dns_record){ 0 };
	return &answer->record[answer->n++];
}

void dnswire_build_query(const struct dns_question *question, unsigned id, bool recurse, bool dnssec, struct str *out)
{
	/* RFC 6891 section 6.1.2: root, OPT, size, flags with DO (RFC 3225), no options */
	const uint8_t head[DNS_HEADER_LEN] = { (uint8_t)(id >> 8), (uint8_t)id, recurse, [5] = 1, [11] = 1 },
		      tail[] = { (uint8_t)(question->type >> 8), (uint8_t)question->type, 0, CLASS_IN, 0, 0, TYPE_OPT, DNS_EDNS_BYTES >> 8,
			      DNS_EDNS_BYTES & 0xFF, 0, 0, dnssec ? 0x80 : 0, 0, 0, 0 };

	str_add_bytes(out, head, sizeof(head));
	str_add_bytes(out, question->name.wire, question->name.len);
	str_add_bytes(out, tail, sizeof(tail));
}

const uint8_t *dns_answer_octets(const struct dns_answer *answer, const struct dns_octets *octets)
{
	return octets->len ? (const uint8_t *)answer->octets.s + octets->at : (const uint8_t *)"";
}

const struct dns_record *dns_answer_next(
	const struct dns_answer *answer, const struct dname *owner, enum dns_type type, const struct dns_record *from)
{
	const struct dns_record *record = from ? from + 1 : answer->record, *end = answer->n ? answer->record + answer->n : record;

	for (; record < end; record++)
		if (record->section == SECTION_ANSWER && record->type == type && dname_equal(&record->owner, owner))
			return record;
	return NULL;
}

static bool seen(const struct dname *name, const struct dname *start, const struct dname *alias, size_t n)
{
	if (dname_equal(name, start))
		return true;
	for (size_t i = 0; i < n; i++)
		if (dname_equal(name, &alias[i]))
			return true;
	return false;
}

const struct dns_record *dns_answer_dname(const struct dns_answer *answer, const struct dname *name)
{
	for (size_t i = 0; i < answer->n; i++) {
		const struct dns_record *record = &answer->record[i];

		if (record->section == SECTION_ANSWER && record->type == DNS_DNAME && dname_under(name, &record->owner) &&
			!dname_equal(name, &record->owner))
			return record;
	}
	return NULL;
}

int dns_answer_labels(const struct dns_answer *answer, const struct dname *owner, enum dns_type type)
{
	for (size_t i = 0; i < answer->n; i++) {
		const struct dns_record *record = &answer->record[i];

		if (record->section == SECTION_ANSWER && record->type == DNS_RRSIG && record->rrsig.covers == type &&
			dname_equal(&record->owner, owner))
			return record->rrsig.labels;
	}
	return -1;
}

/* The next name of the chain: a CNAME, or what a DNAME makes of the name where the CNAME was left out (RFC 6672 section 2.2).
 * 1: there is one, 0: none, -1: the name would be too long. */
static int next_link(const struct dns_answer *answer, const struct dname *name, struct dname *target)
{
	const struct dns_record *link = dns_answer_next(answer, name, DNS_CNAME, NULL);
	uint8_t wire[2 * DNAME_WIRE_MAX];
	size_t kept;

	if (link) {
		*target = link->target;
		return 1;
	}
	link = dns_answer_dname(answer, name);
	if (!link)
		return 0;
	kept = (size_t)name->len - link->owner.len;
	memcpy(wire, name->wire, kept);
	memcpy(wire + kept, link->target.wire, link->target.len);
	return kept + link->target.len <= DNAME_WIRE_MAX && dname_from_wire(target, wire, kept + link->target.len) ? 1 : -1;
}

enum answer dns_answer_read(const struct dns_answer *answer, const struct dns_question *question, struct dname alias[FACTS_ALIASES],
	size_t *n_alias, struct dname *final)
{
	struct dname target;
	int link = 0;

	*n_alias = 0;
	*final = question->name;
	if (!answer->is_response)
		return ANSWER_BROKEN;
	if (answer->has_question ? (answer->question.type != question->type || !dname_equal(&answer->question.name, &question->name))
				 : answer->rcode == RCODE_NOERROR || answer->rcode == RCODE_NXDOMAIN)
		return ANSWER_BROKEN; /* only an error may come without the question */
	while (question->type != DNS_CNAME && question->type != DNS_DNAME && (link = next_link(answer, final, &target)) > 0) {
		if (*n_alias == FACTS_ALIASES || seen(&target, &question->name, alias, *n_alias))
			return ANSWER_BROKEN;
		alias[(*n_alias)++] = target;
		*final = target;
	}
	if (link < 0)
		return ANSWER_BROKEN;
	switch (answer->rcode) {
	case RCODE_NOERROR:
		return dns_answer_next(answer, final, question->type, NULL) ? ANSWER_DATA : ANSWER_NODATA;
	case RCODE_NXDOMAIN:
		return ANSWER_NXDOMAIN;
	case RCODE_SERVFAIL:
		return ANSWER_SERVFAIL;
	default:
		return ANSWER_REFUSED;
	}
}

void dns_answer_mx(const struct dns_answer *answer, const struct dname *owner, struct mxset *set, uint32_t *ttl_max_s)
{
	uint32_t lowest = MX_TTL_MAX;

	*ttl_max_s = 0;
	while (set->n)
		mxset_remove(set, set->n - 1);
	for (size_t i = 0; i < answer->n; i++) {
		const struct dns_record *record = &answer->record[i];

		if (record->section != SECTION_ANSWER || record->type != DNS_MX || !dname_equal(&record->owner, owner))
			continue;
		mxset_append(set, &(struct mx){ .preference = record->mx.preference, .host = record->mx.host });
		if (record->ttl_s < lowest)
			lowest = record->ttl_s;
		if (record->ttl_s > *ttl_max_s)
			*ttl_max_s = record->ttl_s;
	}
	mxset_sort(set);
	set->ttl_s = set->n ? lowest : 0;
}
