/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/dnswire.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/rr.h"
#include "base/banned.h"

#define RECORDS_FIRST 16
#define FIXED_LEN 10 /* of a record, behind its name: type, class, TTL, length */

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

static void add_u16(struct str *out, unsigned value)
{
	str_add_char(out, (char)(value >> 8 & 0xFF));
	str_add_char(out, (char)(value & 0xFF));
}

void dnswire_build_query(const struct dns_question *question, unsigned id, bool recurse, bool dnssec, struct str *out)
{
	add_u16(out, id);
	add_u16(out, recurse ? 0x0100 : 0);
	add_u16(out, 1);
	add_u16(out, 0);
	add_u16(out, 0);
	add_u16(out, 1);
	str_add_bytes(out, question->name.wire, question->name.len);
	add_u16(out, question->type);
	add_u16(out, LDNS_RR_CLASS_IN);
	/* RFC 6891 section 6.1.2: root, OPT, size, flags with DO (RFC 3225), no options */
	str_add_char(out, '\0');
	add_u16(out, LDNS_RR_TYPE_OPT);
	add_u16(out, DNS_EDNS_BYTES);
	add_u16(out, 0);
	add_u16(out, dnssec ? 0x8000 : 0);
	add_u16(out, 0);
}

bool rr_name(struct dname *name, const ldns_rdf *rdf)
{
	return rdf && ldns_rdf_get_type(rdf) == LDNS_RDF_TYPE_DNAME && dname_from_wire(name, ldns_rdf_data(rdf), ldns_rdf_size(rdf));
}

static uint32_t rr_number(const ldns_rr *rr, size_t i)
{
	const ldns_rdf *rdf = ldns_rr_rdf(rr, i);

	if (!rdf)
		return 0;
	if (ldns_rdf_size(rdf) == 1)
		return ldns_rdf2native_int8(rdf);
	if (ldns_rdf_size(rdf) == 2)
		return ldns_rdf2native_int16(rdf);
	return ldns_rdf_size(rdf) == 4 ? ldns_rdf2native_int32(rdf) : 0;
}

static bool rr_address(struct addr *addr, const ldns_rdf *rdf, uint8_t family)
{
	size_t size = family == 4 ? 4 : 16;

	if (!rdf || ldns_rdf_size(rdf) != size)
		return false;
	addr->family = family;
	memcpy(addr->bytes, ldns_rdf_data(rdf), size);
	return true;
}

static struct dns_octets keep_octets(struct str *octets, const uint8_t *bytes, size_t len)
{
	struct dns_octets kept = { 0 };

	if (!octets)
		return kept;
	kept = (struct dns_octets){ (uint32_t)octets->len, (uint32_t)len };
	str_add_bytes(octets, bytes, len);
	return kept;
}

/* Its strings; each begins with its length. */
static struct dns_octets read_strings(const ldns_rr *rr, struct str *octets)
{
	struct dns_octets text = { octets ? (uint32_t)octets->len : 0, 0 };

	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *rdf = ldns_rr_rdf(rr, i);

		if (ldns_rdf_size(rdf) > 1)
			text.len += keep_octets(octets, ldns_rdf_data(rdf) + 1, ldns_rdf_size(rdf) - 1).len;
	}
	return text;
}

static bool read_tlsa(struct dns_record *record, const ldns_rr *rr, struct str *octets)
{
	const ldns_rdf *data = ldns_rr_rdf(rr, 3);

	record->tlsa.usage = (uint8_t)rr_number(rr, 0);
	record->tlsa.selector = (uint8_t)rr_number(rr, 1);
	record->tlsa.matching = (uint8_t)rr_number(rr, 2);
	if (data)
		record->tlsa.data = keep_octets(octets, ldns_rdf_data(data), ldns_rdf_size(data));
	return data != NULL;
}

/* What is kept of keys and signatures. */
static void read_dnssec(struct dns_record *record, const ldns_rr *rr)
{
	if (record->type == DNS_RRSIG) {
		record->rrsig.covers = (enum dns_type)rr_number(rr, 0);
		record->rrsig.labels = (uint8_t)rr_number(rr, 2);
	} else if (record->type == DNS_DS) {
		record->ds = (struct ds){ .key_tag = (uint16_t)rr_number(rr, 0),
			.algorithm = (uint8_t)rr_number(rr, 1),
			.digest_type = (uint8_t)rr_number(rr, 2) };
	} else {
		record->dnskey.flags = (uint16_t)rr_number(rr, 0);
		record->dnskey.algorithm = (uint8_t)rr_number(rr, 2);
	}
}

bool rr_read(struct dns_record *record, const ldns_rr *rr, struct str *octets)
{
	if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN || !rr_name(&record->owner, ldns_rr_owner(rr)))
		return false;
	record->type = (enum dns_type)ldns_rr_get_type(rr);
	record->ttl_s = ldns_rr_ttl(rr);
	if (record->ttl_s > MX_TTL_MAX) /* RFC 2181 section 8: the top bit set means zero */
		record->ttl_s = 0;
	switch ((int)ldns_rr_get_type(rr)) {
	case LDNS_RR_TYPE_A:
		return rr_address(&record->addr, ldns_rr_rdf(rr, 0), 4);
	case LDNS_RR_TYPE_AAAA:
		return rr_address(&record->addr, ldns_rr_rdf(rr, 0), 6);
	case LDNS_RR_TYPE_NS:
	case LDNS_RR_TYPE_CNAME:
	case LDNS_RR_TYPE_DNAME:
	case LDNS_RR_TYPE_PTR:
		return rr_name(&record->target, ldns_rr_rdf(rr, 0));
	case LDNS_RR_TYPE_MX:
		record->mx.preference = rr_number(rr, 0);
		return rr_name(&record->mx.host, ldns_rr_rdf(rr, 1));
	case LDNS_RR_TYPE_SOA:
		record->soa.serial = rr_number(rr, 2);
		record->soa.minimum_s = rr_number(rr, 6);
		return rr_name(&record->soa.primary, ldns_rr_rdf(rr, 0));
	case LDNS_RR_TYPE_TXT:
		record->txt = read_strings(rr, octets);
		return true;
	case LDNS_RR_TYPE_TLSA:
		return read_tlsa(record, rr, octets);
	case LDNS_RR_TYPE_RRSIG:
	case LDNS_RR_TYPE_DS:
	case LDNS_RR_TYPE_DNSKEY:
		read_dnssec(record, rr);
		return true;
	default:
		return false;
	}
}

static void keep_record(struct dns_answer *answer, const ldns_rr *rr, enum dns_section section)
{
	struct dns_record *record = dns_answer_add(answer);

	if (section == SECTION_ANSWER && ldns_rr_get_type(rr) == LDNS_RR_TYPE_RRSIG)
		answer->has_rrsig = true;
	record->section = section;
	if (!rr_read(record, rr, &answer->octets))
		answer->n--;
}

/* The next record at *at, or NULL where there is none that can be read. It is the caller's. */
static ldns_rr *next_rr(const uint8_t *bytes, size_t len, size_t *at, ldns_pkt_section section)
{
	ldns_rr *rr = NULL;
	ldns_status status = ldns_wire2rr(&rr, bytes, len, at, section);

	if (status == LDNS_STATUS_MEM_ERR)
		mem_exhausted();
	return status == LDNS_STATUS_OK ? rr : NULL;
}

/* A message has one question or none (RFC 9619); of several, none is kept. */
static bool read_questions(struct dns_answer *answer, const uint8_t *bytes, size_t len, size_t *at)
{
	unsigned n = LDNS_QDCOUNT(bytes);

	for (unsigned left = n; left; left--) {
		ldns_rr *rr = next_rr(bytes, len, at, LDNS_SECTION_QUESTION);

		if (!rr)
			return false;
		if (n == 1) {
			answer->question.type = (enum dns_type)ldns_rr_get_type(rr);
			answer->has_question =
				ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN && rr_name(&answer->question.name, ldns_rr_owner(rr));
		}
		ldns_rr_free(rr);
	}
	return true;
}

/* Past one record of the additional section, which holds nothing that was asked for: its type. False: it is not whole. */
static bool skip_rr(const uint8_t *bytes, size_t len, size_t *at, unsigned *type)
{
	while (*at < len && bytes[*at] && bytes[*at] < 0xC0)
		*at += 1u + bytes[*at];
	if (*at >= len)
		return false;
	*at += bytes[*at] ? 2 : 1;
	if (len < FIXED_LEN || *at > len - FIXED_LEN)
		return false;
	*type = (unsigned)bytes[*at] << 8 | bytes[*at + 1];
	*at += FIXED_LEN + ((size_t)bytes[*at + 8] << 8 | bytes[*at + 9]);
	return *at <= len;
}

/* Record by record: reading a whole packet, ldns forgets to free the first of several OPT or TSIG records. A message has one of
 * each at most (RFC 6891 section 6.1.1, RFC 8945 section 5.2). */
static bool read_records(struct dns_answer *answer, const uint8_t *bytes, size_t len, size_t at)
{
	const struct {
		unsigned n;
		ldns_pkt_section from;
		enum dns_section section;
	} part[] = {
		{ LDNS_ANCOUNT(bytes), LDNS_SECTION_ANSWER, SECTION_ANSWER },
		{ LDNS_NSCOUNT(bytes), LDNS_SECTION_AUTHORITY, SECTION_AUTHORITY },
	};
	unsigned n_opt = 0, n_tsig = 0, type;

	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		for (unsigned left = part[i].n; left; left--) {
			ldns_rr *rr = next_rr(bytes, len, &at, part[i].from);

			if (!rr)
				return false;
			n_opt += ldns_rr_get_type(rr) == LDNS_RR_TYPE_OPT;
			n_tsig += ldns_rr_get_type(rr) == LDNS_RR_TYPE_TSIG;
			keep_record(answer, rr, part[i].section);
			ldns_rr_free(rr);
		}
	for (unsigned left = LDNS_ARCOUNT(bytes); left; left--) {
		if (!skip_rr(bytes, len, &at, &type))
			return false;
		n_opt += type == LDNS_RR_TYPE_OPT;
		n_tsig += type == LDNS_RR_TYPE_TSIG;
	}
	return n_opt <= 1 && n_tsig <= 1;
}

bool dnswire_parse(const uint8_t *bytes, size_t len, struct dns_answer *answer)
{
	size_t at = DNS_HEADER_LEN;

	dns_answer_release(answer);
	if (len < DNS_HEADER_LEN || len > UINT16_MAX)
		return false;
	answer->id = LDNS_ID_WIRE(bytes);
	answer->rcode = LDNS_RCODE_WIRE(bytes);
	answer->is_response = LDNS_QR_WIRE(bytes);
	answer->aa = LDNS_AA_WIRE(bytes);
	answer->tc = LDNS_TC_WIRE(bytes);
	answer->ad = LDNS_AD_WIRE(bytes);
	answer->cap = LDNS_ANCOUNT(bytes) + LDNS_NSCOUNT(bytes) + 1u;
	answer->cap = answer->cap < RECORDS_FIRST ? answer->cap : RECORDS_FIRST;
	answer->record = mem_resize(NULL, answer->cap, sizeof *answer->record);
	if (read_questions(answer, bytes, len, &at) && read_records(answer, bytes, len, at))
		return true;
	dns_answer_release(answer);
	return false;
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
				 : answer->rcode == LDNS_RCODE_NOERROR || answer->rcode == LDNS_RCODE_NXDOMAIN)
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
	case LDNS_RCODE_NOERROR:
		return dns_answer_next(answer, final, question->type, NULL) ? ANSWER_DATA : ANSWER_NODATA;
	case LDNS_RCODE_NXDOMAIN:
		return ANSWER_NXDOMAIN;
	case LDNS_RCODE_SERVFAIL:
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
