/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS questions and answers as values, and the bytes they come from and become. One value
 * serves the network, the zone world and the tests. Knows no socket.
 */
#ifndef WIRE_DNSWIRE_H
#define WIRE_DNSWIRE_H

#include "core/facts/host.h"
#include "core/facts/zone.h"
#include "core/mxset.h"

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_DNAME = 39,
	DNS_DS = 43,
	DNS_RRSIG = 46,
	DNS_DNSKEY = 48,
	DNS_TLSA = 52
};
#define DNS_HEADER_LEN 12 /* of every message, RFC 1035 section 4.1.1 */

enum dns_section { SECTION_ANSWER, SECTION_AUTHORITY, SECTION_ADDITIONAL /* not kept of a message */ };

struct dns_question {
	struct dname name;
	enum dns_type type;
};

struct dns_octets { /* in the octets of the answer that the record is in */
	uint32_t at, len;
};

struct dns_record {
	enum dns_section section;
	struct dname owner;
	enum dns_type type;
	uint32_t ttl_s;
	union {                      /* by type; of other types nothing */
		struct addr addr;    /* A, AAAA */
		struct dname target; /* CNAME, DNAME, NS, PTR */
		struct {
			uint32_t preference;
			struct dname host;
		} mx;
		struct {
			uint32_t serial, minimum_s;
			struct dname primary;
		} soa;
		struct dns_octets txt; /* its strings without a space between them */
		struct {
			uint8_t usage, selector, matching;
			struct dns_octets data;
		} tlsa;
		struct ds ds;
		struct {
			uint16_t flags;
			uint8_t algorithm;
		} dnskey;
		struct {
			enum dns_type covers;
			uint8_t labels; /* of the owner as it stands in the zone (RFC 4034 section 3.1.3) */
		} rrsig;
	};
};

struct dns_answer { /* owns record and octets */
	int rcode;  /* 0..15 */
	bool is_response, aa;
	bool has_question;
	struct dns_question question;
	bool has_rrsig; /* some RRSIG came in the answer section */
	size_t n, cap;
	struct dns_record *record;
	struct str octets; /* what is long in the records */
};

void dns_answer_release(struct dns_answer *answer);
struct dns_record *dns_answer_add(struct dns_answer *answer); /* zeroed row */
/* Borrowed until the answer changes. */
const uint8_t *dns_answer_octets(const struct dns_answer *answer, const struct dns_octets *octets);
/* The next record of the answer section after `from` (NULL: the first) that owner has of this type; NULL: no more. */
const struct dns_record *dns_answer_next(
	const struct dns_answer *answer, const struct dname *owner, enum dns_type type, const struct dns_record *from);

#define DNS_EDNS_BYTES 1232 /* DNS flag day 2020: no fragment on any usual path */
/* A query's bytes: RD as asked, EDNS0 with that size, DO when dnssec. */
void dnswire_build_query(const struct dns_question *question, unsigned id, bool recurse, bool dnssec, struct str *out);
/* Any bytes; false when they are no DNS message. answer is overwritten: initialise with {0}. Unknown types are left out, and the
 * additional section, for which nobody asked. */
bool dnswire_parse(const uint8_t *bytes, size_t len, struct dns_answer *answer);

/* The DNAME of the answer section that name lies below, or NULL. */
const struct dns_record *dns_answer_dname(const struct dns_answer *answer, const struct dname *name);
/* What the signature over the owner's records of this type tells of them: labels of the name that they stand at in the zone, fewer than
 * owner has where a wildcard made them (RFC 4034 section 3.1.3); -1: it came without a signature. */
int dns_answer_labels(const struct dns_answer *answer, const struct dname *owner, enum dns_type type);
/* What an answer says of its question, following aliases inside the answer, CNAME and DNAME (loops: ANSWER_BROKEN). Fills alias[] and
 * *n_alias; *final is the name at the chain's end, whose records count. A reply whose question is not ours, or no response, is
 * ANSWER_BROKEN. */
enum answer dns_answer_read(const struct dns_answer *answer, const struct dns_question *question, struct dname alias[FACTS_ALIASES],
	size_t *n_alias, struct dname *final);
/* The MX records at owner; lowest and highest TTL. set must be initialised. */
void dns_answer_mx(const struct dns_answer *answer, const struct dname *owner, struct mxset *set, uint32_t *ttl_max_s);

#endif
