/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLSA records of an exchange (RFC 6698, RFC 7672): _25._tcp. before its name. */
#ifndef CORE_FACTS_TLSA_H
#define CORE_FACTS_TLSA_H

#include "core/answer.h"
#include "core/dname.h"

#define FACTS_TLSA 16     /* records kept; `more` counts the rest */
#define TLSA_DATA_MAX 320 /* bytes kept: any digest, and a whole key of 2048 bits */

struct tlsa {
	uint8_t usage, selector, matching;
	uint16_t len; /* of the data as it came: where it is more than TLSA_DATA_MAX, the rest is not kept */
	uint8_t data[TLSA_DATA_MAX];
};

struct tlsa_facts {
	struct dname host;
	struct dname owner;      /* where the records stand: the end of an alias chain */
	enum answer answer;      /* what counts of the next two */
	enum answer own;         /* of the lookup before the host's own name */
	enum answer end;         /* before the name at the end of its alias chain: such records count before its own; UNASKED: no alias */
	enum dnssec dnssec;      /* of the answer; nothing where it is not final */
	enum dnssec host_dnssec; /* of the host's addresses */
	bool ttl_known;          /* a cache tells only what is left */
	uint32_t ttl_s;
	size_t n, more;
	struct tlsa tlsa[FACTS_TLSA];
};

/* Can a sender use the record at all? Usage, selector and matching type are known, a digest has its length, and what should be
 * a whole certificate or key looks like one. */
bool tlsa_is_usable(const struct tlsa *tlsa);
/* Any of the records that came. UNKNOWN: it may be one that was not kept. */
enum fact tlsa_any_usable(const struct tlsa_facts *facts);
/* Makes `answer` of the other two: records at an alias' end count before those at its own name (RFC 7672 section 2.2.3). */
void tlsa_settle(struct tlsa_facts *facts);
/* Do senders with DANE insist on TLS at the host, where the MX set is signed too? NULL: nobody asked. They do also where none of its
 * records can be used (RFC 7672 section 2.2). */
enum fact tlsa_wants_tls(const struct tlsa_facts *facts);
/* And do they compare its certificate with the records? Not where none can be used. */
enum fact tlsa_guards(const struct tlsa_facts *facts);

#endif
