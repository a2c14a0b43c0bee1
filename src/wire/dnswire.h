/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS questions and answers as values; bytes to and from them by ldns. One value
 * serves the network, the zone world and the tests. Knows no socket.
 */
#ifndef WIRE_DNSWIRE_H
#define WIRE_DNSWIRE_H

#include "core/facts/host.h"
#include "core/mxset.h"

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_DNAME = 39,
	DNS_DS = 43,
	DNS_RRSIG = 46,
	DNS_DNSKEY = 48
};
enum dns_section { SECTION_ANSWER, SECTION_AUTHORITY, SECTION_ADDITIONAL };

struct dns_question {
	struct dname name;
	enum dns_type type;
};

struct dns_record {
	enum dns_section section;
	struct dname owner;
	enum dns_type type;
	uint32_t ttl_s;
	uint32_t preference;        /* MX */
	uint32_t serial, minimum_s; /* SOA */
	struct dname target;        /* MX, CNAME, DNAME, NS, SOA's primary */
	struct addr addr;           /* A, AAAA */
	enum dns_type covers;       /* RRSIG */
	uint8_t labels;             /* RRSIG: of the owner as it stands in the zone (RFC 4034 section 3.1.3) */
};

struct dns_answer { /* owns record */
	unsigned id;
	int rcode; /* 0..15 */
	bool is_response, aa, tc, ad;
	bool has_question;
	struct dns_question question;
	bool has_rrsig; /* some RRSIG came in the answer section */
	size_t n, cap;
	struct dns_record *record;
};

void dns_answer_release(struct dns_answer *answer);
struct dns_record *dns_answer_add(struct dns_answer *answer); /* zeroed row */

#define DNS_EDNS_BYTES 1232 /* DNS flag day 2020: no fragment on any usual path */
/* A query's bytes: RD as asked, EDNS0 with that size, DO when dnssec. */
void dnswire_build_query(const struct dns_question *question, unsigned id, bool recurse, bool dnssec, struct str *out);
/* Any bytes; false when they are no DNS message. answer is overwritten: initialise with {0}. Unknown types are left out. */
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
