/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a question went: what an answer was, whether it was validated, and what follows where nothing is known. */
#ifndef CORE_ANSWER_H
#define CORE_ANSWER_H

#include <stdbool.h>

#define FACTS_REASON 240 /* bytes of the words for a failure */

enum answer {
	ANSWER_UNASKED, /* nobody asked: unknown */
	ANSWER_PENDING,
	ANSWER_DATA,
	ANSWER_NODATA, /* the name exists, not this type */
	ANSWER_NXDOMAIN,
	ANSWER_SERVFAIL,
	ANSWER_REFUSED, /* or another rcode; see reason */
	ANSWER_TIMEOUT,
	ANSWER_UNREACHABLE, /* network error before any answer */
	ANSWER_BROKEN,      /* bytes that are no answer to the question, or were cut off, and TCP fails; alias loop */
	ANSWER_KINDS
};

enum dnssec {
	DNSSEC_PENDING,
	DNSSEC_SECURE,
	DNSSEC_INSECURE,
	DNSSEC_BOGUS,    /* reason says why */
	DNSSEC_UNCHECKED /* reason says why: no anchor, resolver strips signatures, zone file, ... */
};

enum fact { FACT_UNKNOWN, FACT_NO, FACT_YES }; /* unknown: nobody asked, or no answer tells */

bool answer_is_final(enum answer answer);    /* neither unasked nor pending */
bool answer_is_soft(enum answer answer);     /* a failure that a retry may mend: SERVFAIL, time-out, ... */
const char *answer_name(enum answer answer); /* N_() id for people */
const char *dnssec_name(enum dnssec dnssec); /* "secure" | "insecure" | "bogus" | "unchecked" (also for pending) */

#endif
