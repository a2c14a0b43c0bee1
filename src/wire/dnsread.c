/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnswire.h's messages from bytes. A library that makes a value of each field takes ten times as long. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/dnswire.h"
#include "base/banned.h"

#define RECORDS_FIRST 16
#define LABEL_MAX 63
#define POINTER 0xC0                      /* and above: the first octet of a pointer (RFC 1035 section 4.1.4) */
#define POINTERS_MAX (DNAME_WIRE_MAX / 2) /* as many as labels: more are a loop, or lead nowhere */
#define CLASS_IN 1
#define TYPE_OPT 41
#define TYPE_TSIG 250

struct reader {
	const uint8_t *bytes;
	size_t len, at, end; /* end: of the record's data, or of the message */
};

static unsigned u16_at(const struct reader *reader, size_t at)
{
	return (unsigned)reader->bytes[at] << 8 | reader->bytes[at + 1];
}

static uint32_t u32_at(const struct reader *reader, size_t at)
{
	return (uint32_t)u16_at(reader, at) << 16 | u16_at(reader, at + 2);
}

/* Past so many bytes; false: there are not so many. */
static bool skip(struct reader *reader, size_t len)
{
	if (len > reader->end - reader->at)
		return false;
	reader->at += len;
	return true;
}

/* Copies a label, folded, with its length before it, to the name's end, if it lies in the message and the name stays a name. */
static bool add_label(const struct reader *reader, size_t at, struct dname *name)
{
	const uint8_t *label = reader->bytes + at;
	size_t len = 1u + label[0];

	if (label[0] > LABEL_MAX || len > reader->len - at || name->len + len > DNAME_WIRE_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		name->wire[name->len + i] = (uint8_t)(label[i] + (label[i] >= 'A' && label[i] <= 'Z' ? 'a' - 'A' : 0));
	name->len = (uint8_t)(name->len + len);
	return true;
}

/* Into a zeroed name. Pointers may lead to any place of the message. */
static bool read_name(struct reader *reader, struct dname *name)
{
	size_t at = reader->at, end = 0; /* where the first pointer ends */
	unsigned pointers = 0;

	while (true) {
		if (at + 1 < reader->len && reader->bytes[at] >= POINTER && pointers++ < POINTERS_MAX) {
			end = end ? end : at + 2;
			at = u16_at(reader, at) & 0x3FFF;
			continue;
		}
		if (at >= reader->len || !add_label(reader, at, name))
			return false;
		if (!reader->bytes[at])
			return skip(reader, (end ? end : at + 1) - reader->at);
		at += 1u + reader->bytes[at];
	}
}

static bool skip_name(struct reader *reader)
{
	const uint8_t *bytes = reader->bytes;

	while (reader->at < reader->end && bytes[reader->at] && bytes[reader->at] < 0xC0)
		reader->at += 1u + bytes[reader->at];
	return reader->at < reader->end && skip(reader, bytes[reader->at] ? 2 : 1);
}

/* ---- a record ---- */

static struct dns_octets keep_octets(struct str *octets, const uint8_t *bytes, size_t len)
{
	struct dns_octets kept = { (uint32_t)octets->len, (uint32_t)len };

	str_add_bytes(octets, bytes, len);
	return kept;
}

static bool read_address(struct reader *reader, struct addr *addr, uint8_t family)
{
	size_t at = reader->at, size = family == 4 ? 4 : 16;

	if (!skip(reader, size))
		return false;
	addr->family = family;
	memcpy(addr->bytes, reader->bytes + at, size);
	return true;
}

/* Its strings; each begins with its length. */
static bool read_strings(struct reader *reader, struct dns_octets *text, struct str *octets)
{
	*text = (struct dns_octets){ (uint32_t)octets->len, 0 };
	while (reader->at < reader->end) {
		const uint8_t *string = reader->bytes + reader->at;

		if (!skip(reader, 1u + string[0]))
			return false;
		text->len += keep_octets(octets, string + 1, string[0]).len;
	}
	return true;
}

static bool read_soa(struct reader *reader, struct dns_record *record)
{
	struct dname person = { 0 };
	size_t at;

	if (!read_name(reader, &record->soa.primary) || !read_name(reader, &person))
		return false;
	at = reader->at;
	if (!skip(reader, 20))
		return false;
	record->soa.serial = u32_at(reader, at);
	record->soa.minimum_s = u32_at(reader, at + 16);
	return true;
}

static bool read_tlsa(struct reader *reader, struct dns_record *record, struct str *octets)
{
	const uint8_t *at = reader->bytes + reader->at;

	if (!skip(reader, 3))
		return false;
	record->tlsa.usage = at[0];
	record->tlsa.selector = at[1];
	record->tlsa.matching = at[2];
	record->tlsa.data = keep_octets(octets, at + 3, reader->end - reader->at);
	reader->at = reader->end;
	return true;
}

/* What is kept of keys and signatures. */
static bool read_dnssec(struct reader *reader, struct dns_record *record)
{
	size_t at = reader->at;
	struct dname signer = { 0 };

	if (record->type == DNS_RRSIG) {
		if (!skip(reader, 18) || !read_name(reader, &signer))
			return false;
		record->rrsig.covers = (enum dns_type)u16_at(reader, at);
		record->rrsig.labels = reader->bytes[at + 3];
	} else if (!skip(reader, 4)) {
		return false;
	} else if (record->type == DNS_DS) {
		record->ds = (struct ds){
			.key_tag = (uint16_t)u16_at(reader, at), .algorithm = reader->bytes[at + 2], .digest_type = reader->bytes[at + 3]
		};
	} else {
		record->dnskey.flags = (uint16_t)u16_at(reader, at);
		record->dnskey.algorithm = reader->bytes[at + 3];
	}
	reader->at = reader->end; /* the signature, the digest or the key */
	return true;
}

static bool is_known(enum dns_type type)
{
	static const enum dns_type known[] = { DNS_A, DNS_AAAA, DNS_MX, DNS_RRSIG, DNS_CNAME, DNS_NS, DNS_SOA, DNS_PTR, DNS_TXT, DNS_DNAME,
		DNS_DS, DNS_DNSKEY, DNS_TLSA };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i] == type)
			return true;
	return false;
}

/* False: they are not what the type says. */
static bool read_data(struct reader *reader, struct dns_record *record, struct str *octets)
{
	size_t at = reader->at;

	switch (record->type) {
	case DNS_A:
		return read_address(reader, &record->addr, 4);
	case DNS_AAAA:
		return read_address(reader, &record->addr, 6);
	case DNS_MX:
		if (!skip(reader, 2))
			return false;
		record->mx.preference = u16_at(reader, at);
		return read_name(reader, &record->mx.host);
	case DNS_NS:
	case DNS_CNAME:
	case DNS_DNAME:
	case DNS_PTR:
		return read_name(reader, &record->target);
	case DNS_SOA:
		return read_soa(reader, record);
	case DNS_TXT:
		return read_strings(reader, &record->txt, octets);
	case DNS_TLSA:
		return read_tlsa(reader, record, octets);
	case DNS_DS:
	case DNS_DNSKEY:
	case DNS_RRSIG:
		return read_dnssec(reader, record);
	}
	return false;
}

/* Past the fixed part, whose place is *head; reader->end is where the data end. False: the record is not whole. */
static bool read_head(struct reader *reader, size_t *head)
{
	size_t data;

	*head = reader->at;
	if (!skip(reader, 10))
		return false;
	data = u16_at(reader, *head + 8);
	if (data > reader->end - reader->at)
		return false;
	reader->end = reader->at + data;
	return true;
}

/* Most often a pointer to the question. */
static bool read_owner(struct reader *reader, const struct dns_answer *answer, struct dname *owner)
{
	if (!answer->question.name.len || reader->at + 2 > reader->end || u16_at(reader, reader->at) != (POINTER << 8 | DNS_HEADER_LEN))
		return read_name(reader, owner);
	*owner = answer->question.name;
	return skip(reader, 2);
}

static bool read_record(struct reader *reader, struct dns_answer *answer, enum dns_section section, unsigned *type)
{
	struct dns_record *record = dns_answer_add(answer);
	size_t head;

	if (!read_owner(reader, answer, &record->owner) || !read_head(reader, &head))
		return false;
	*type = u16_at(reader, head);
	record->section = section;
	record->type = (enum dns_type) * type;
	record->ttl_s = u32_at(reader, head + 4);
	if (record->ttl_s > MX_TTL_MAX) /* RFC 2181 section 8: the top bit set means zero */
		record->ttl_s = 0;
	if (section == SECTION_ANSWER && record->type == DNS_RRSIG)
		answer->has_rrsig = true;
	if (u16_at(reader, head + 2) != CLASS_IN || !is_known(record->type)) {
		answer->n--;
		return skip(reader, reader->end - reader->at);
	}
	return read_data(reader, record, &answer->octets) && reader->at == reader->end;
}

/* Skips a record of the additional section, where nothing was asked for, and tells its type. */
static bool skip_record(struct reader *reader, unsigned *type)
{
	size_t head;

	if (!skip_name(reader) || !read_head(reader, &head))
		return false;
	*type = u16_at(reader, head);
	return skip(reader, reader->end - reader->at);
}

/* ---- a message ---- */

/* A message has one question or none (RFC 9619); of several, none is kept. */
static bool read_questions(struct reader *reader, struct dns_answer *answer)
{
	unsigned n = u16_at(reader, 4);

	for (unsigned left = n; left; left--) {
		struct dname name = { 0 };
		size_t at;

		if (!read_name(reader, &name))
			return false;
		at = reader->at;
		if (!skip(reader, 4))
			return false;
		if (n == 1) {
			answer->question = (struct dns_question){ name, (enum dns_type)u16_at(reader, at) };
			answer->has_question = u16_at(reader, at + 2) == CLASS_IN;
		}
	}
	return true;
}

/* OPT and TSIG come once at most (RFC 6891 section 6.1.1, RFC 8945 section 5.2). */
static bool read_records(struct reader *reader, struct dns_answer *answer)
{
	unsigned n_opt = 0, n_tsig = 0, type = 0;

	for (enum dns_section section = SECTION_ANSWER; section <= SECTION_ADDITIONAL; section++)
		for (unsigned left = u16_at(reader, 6 + 2 * (size_t)section); left; left--) {
			reader->end = reader->len;
			if (section == SECTION_ADDITIONAL ? !skip_record(reader, &type) : !read_record(reader, answer, section, &type))
				return false;
			n_opt += type == TYPE_OPT;
			n_tsig += type == TYPE_TSIG;
		}
	return n_opt <= 1 && n_tsig <= 1;
}

bool dnswire_parse(const uint8_t *bytes, size_t len, struct dns_answer *answer)
{
	struct reader reader = { bytes, len, DNS_HEADER_LEN, len };

	dns_answer_release(answer);
	if (len < DNS_HEADER_LEN || len > UINT16_MAX)
		return false;
	answer->rcode = bytes[3] & 15;
	answer->is_response = bytes[2] & 0x80;
	answer->aa = bytes[2] & 0x04;
	answer->cap = u16_at(&reader, 6) + u16_at(&reader, 8);
	answer->cap = answer->cap < RECORDS_FIRST ? answer->cap : RECORDS_FIRST;
	answer->record = answer->cap ? mem_resize(NULL, answer->cap, sizeof *answer->record) : NULL;
	if (read_questions(&reader, answer) && read_records(&reader, answer))
		return true;
	dns_answer_release(answer);
	return false;
}
