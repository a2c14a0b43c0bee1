/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/facts/tlsa.h"

#include <stddef.h>

#include "base/banned.h"

enum { USAGE_TA = 2, USAGE_EE = 3 };
enum { SELECT_KEY = 1 };
enum { MATCH_WHOLE = 0, MATCH_SHA256 = 1, MATCH_SHA512 = 2 };

/* A certificate and a key begin with the head of a DER sequence, which tells their length: a digest in their place does not. */
static bool is_sequence(const struct tlsa *tlsa)
{
	size_t head = 2, inner;

	if (tlsa->len < 4 || tlsa->data[0] != 0x30)
		return false;
	inner = tlsa->data[1];
	if (inner == 0x81) {
		head = 3;
		inner = tlsa->data[2];
	} else if (inner == 0x82) {
		head = 4;
		inner = (size_t)tlsa->data[2] << 8 | tlsa->data[3];
	} else if (inner >= 0x80) {
		return false;
	}
	return head + inner == tlsa->len;
}

bool tlsa_is_usable(const struct tlsa *tlsa)
{
	if ((tlsa->usage != USAGE_TA && tlsa->usage != USAGE_EE) || tlsa->selector > SELECT_KEY)
		return false;
	switch (tlsa->matching) {
	case MATCH_WHOLE:
		return is_sequence(tlsa);
	case MATCH_SHA256:
		return tlsa->len == 32;
	case MATCH_SHA512:
		return tlsa->len == 64;
	default:
		return false;
	}
}

enum fact tlsa_any_usable(const struct tlsa_facts *facts)
{
	for (size_t i = 0; i < facts->n; i++)
		if (tlsa_is_usable(&facts->tlsa[i]))
			return FACT_YES;
	return facts->more ? FACT_UNKNOWN : FACT_NO;
}

void tlsa_settle(struct tlsa_facts *facts)
{
	bool own = facts->end == ANSWER_UNASKED || facts->end == ANSWER_NODATA || facts->end == ANSWER_NXDOMAIN;

	facts->answer = own ? facts->own : facts->end;
}

enum fact tlsa_wants_tls(const struct tlsa_facts *facts)
{
	if (!facts || !answer_is_final(facts->answer))
		return FACT_UNKNOWN;
	if (facts->host_dnssec == DNSSEC_INSECURE)
		return FACT_NO;
	if (facts->answer != ANSWER_DATA)
		return answer_is_soft(facts->answer) ? FACT_UNKNOWN : FACT_NO;
	if (facts->dnssec == DNSSEC_INSECURE)
		return FACT_NO;
	return facts->dnssec == DNSSEC_SECURE && facts->host_dnssec == DNSSEC_SECURE ? FACT_YES : FACT_UNKNOWN;
}

enum fact tlsa_guards(const struct tlsa_facts *facts)
{
	enum fact wants = tlsa_wants_tls(facts);
	enum fact usable = facts && facts->answer == ANSWER_DATA ? tlsa_any_usable(facts) : FACT_YES;

	return wants == FACT_NO || usable == FACT_YES ? wants : usable;
}
