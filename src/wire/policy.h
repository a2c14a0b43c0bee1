/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts that a domain publishes beside its MX set, from bytes to values: MTA-STS (RFC 8461), TLS reporting (RFC 8460), DMARC (RFC 9989).
 * Any bytes may come; nothing is owned. SPF is in spf.h.
 */
#ifndef WIRE_POLICY_H
#define WIRE_POLICY_H

#include "core/addr.h"
#include "core/facts/policy.h"

struct text { /* borrowed bytes: the strings of a TXT record without a space between them, or a file */
	const char *s;
	size_t len;
};

/* Does it begin as a record of its kind does? Others at the same name do not count. */
bool sts_is_record(struct text text);
/* Does it mean to be one, in other letters, between quotation marks, or without the semicolon? It is none for senders. */
bool sts_is_nearly(struct text text);
bool tlsrpt_is_record(struct text text);
bool dmarc_is_record(struct text text);
bool dmarc_is_nearly(struct text text);

/* false: the record is no valid one. */
bool sts_read_record(struct text text, char id[STS_ID_MAX + 1]);
bool tlsrpt_read_record(struct text text, char rua[POLICY_URI_MAX]); /* cut where it is longer */

/* What can be read of a policy file; what is wrong with it is in policy->problems. */
void sts_read_policy(struct text text, struct sts_policy *policy);

struct dmarc_record {
	enum dmarc_policy p, sp, np; /* UNKNOWN: the tag is not there */
	char psd;                    /* 'y', 'n' or 'u' */
	bool testing;                /* t=y */
	unsigned spared;             /* 100 - pct; 0 where it is not there, or is no number up to 100 */
	char rua[POLICY_URI_MAX];
};
bool dmarc_read_record(struct text text, struct dmarc_record *record);

#define DMARC_WALK_MAX 8 /* names asked (RFC 9989 section 4.10) */
/* The names of the walk: the domain, and those above it. Returns how many. */
size_t dmarc_walk(const struct dname *domain, struct dname walk[DMARC_WALK_MAX]);

struct dmarc_step { /* of one name of the walk */
	enum answer answer;
	size_t n_record;
	bool valid;  /* n_record is 1, and it can be read */
	bool nearly; /* another means to be one */
	struct dmarc_record record;
};
/* What counts for the domain, once all steps are there: facts->at, policy and the rest. */
void dmarc_settle(const struct dname *walk, const struct dmarc_step *step, size_t n, struct dmarc_facts *facts);

#endif
