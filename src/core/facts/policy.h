/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a domain publishes beside its MX set: MTA-STS (RFC 8461), TLS reporting (RFC 8460), SPF (RFC 7208) and DMARC (RFC 9989). Texts are
 * from outside: escape them.
 */
#ifndef CORE_FACTS_POLICY_H
#define CORE_FACTS_POLICY_H

#include "core/answer.h"
#include "core/dname.h"

#define STS_ID_MAX 32
#define STS_MX_MAX 32 /* patterns kept; `more` counts the rest */
#define STS_DETAIL_MAX 120
#define POLICY_TEXT_MAX 512 /* of a record kept */
#define POLICY_URI_MAX 256
#define SPF_NAMES_MAX 16 /* names of include and redirect kept */

enum sts_mode { STS_MODE_UNKNOWN, STS_ENFORCE, STS_TESTING, STS_NONE };

/* What a policy does that RFC 8461 section 3.2 does not let it. */
enum sts_problem {
	STS_NO_VERSION = 1 << 0,  /* version: STSv1 is not there, or is not the first line */
	STS_NO_MODE = 1 << 1,     /* none, or one that is not known */
	STS_NO_MAX_AGE = 1 << 2,  /* none, or no number up to 31557600 */
	STS_NO_MX = 1 << 3,       /* none, where the mode wants one */
	STS_MX_ADDRESS = 1 << 4,  /* an address for a pattern */
	STS_MX_WILDCARD = 1 << 5, /* an asterisk that is not the whole first label */
	STS_MX_NAME = 1 << 6,     /* a pattern that is no name */
	STS_LINE_ENDS = 1 << 7,   /* other line ends than the two that are allowed, or blanks where none may be */
	STS_LINE = 1 << 8,        /* a line that is no "key: value" */
	STS_TWICE = 1 << 9,       /* a key other than mx more than once */
};

struct sts_pattern {
	bool wildcard; /* one label more, any, before name */
	struct dname name;
};

struct sts_policy {
	enum sts_mode mode;
	uint32_t max_age_s;
	unsigned problems;           /* enum sts_problem */
	char detail[STS_DETAIL_MAX]; /* the line of the first problem that has one, from outside */
	size_t others;               /* lines of keys that are not known, as a later version may have them */
	size_t n_mx, more;
	struct sts_pattern mx[STS_MX_MAX];
};

enum sts_fetch {
	STS_FETCH_UNASKED,
	STS_FETCH_PENDING,
	STS_FETCH_OK,
	STS_FETCH_NO_ADDRESS,  /* mta-sts.DOMAIN has none */
	STS_FETCH_UNREACHABLE, /* no connection, no answer in time */
	STS_FETCH_CERTIFICATE, /* not for mta-sts.DOMAIN, expired, not trusted here: reason */
	STS_FETCH_REDIRECT,    /* status says which; not followed (section 3.3) */
	STS_FETCH_STATUS,      /* another than 200 */
	STS_FETCH_TYPE,        /* it came, and is read, but not as text/plain */
	STS_FETCH_TOO_LARGE,
};

struct sts_facts {
	enum answer txt;    /* of _mta-sts.DOMAIN, aliases followed */
	struct dname owner; /* where the record stands: the end of an alias chain; len 0: not known */
	bool ttl_known;     /* a cache tells only what is left */
	uint32_t ttl_s;
	size_t n_record; /* TXT records that begin as v=STSv1; does: one is right */
	bool nearly;     /* a TXT record there means to begin so, and does not */
	bool txt_valid;  /* one record, with an id of 1 to 32 letters and digits */
	char id[STS_ID_MAX + 1];
	enum answer address; /* of mta-sts.DOMAIN */
	enum sts_fetch fetch;
	long status;               /* of HTTP; 0: none */
	char reason[FACTS_REASON]; /* more of why it failed, or "" */
	struct sts_policy policy;  /* means something where fetch is OK or TYPE */
};

/* Does the host match the pattern, or one of the policy's (RFC 8461 section 4.1)? */
bool sts_fits(const struct sts_pattern *pattern, const struct dname *host);
bool sts_covers(const struct sts_policy *policy, const struct dname *host);
/* A policy came, whatever it says. */
bool sts_is_read(const struct sts_facts *sts);
/* Is there a policy, enforced or in testing, that tells senders which servers to use? Of one that has no mode it is not known what
 * senders still hold. */
enum fact sts_binds(const struct sts_facts *sts);
/* Do senders that keep to policies refuse servers for this one? UNKNOWN also where it breaks the rules: others may hold an older one. */
enum fact sts_enforces(const struct sts_facts *sts);
/* May they send to the host? YES also where there is no record of a policy, or nobody has asked for one; UNKNOWN while its lookup runs, and
 * where that failed. */
enum fact sts_allows(const struct sts_facts *sts, const struct dname *host);

struct tlsrpt_facts {
	enum answer txt; /* of _smtp._tls.DOMAIN */
	size_t n_record; /* that begin as v=TLSRPTv1; does */
	bool valid;      /* one record, with a rua */
	char rua[POLICY_URI_MAX];
};

enum spf_result { SPF_UNKNOWN, SPF_NONE, SPF_OK, SPF_PERMERROR, SPF_TEMPERROR };
enum spf_problem {
	SPF_TWO_RECORDS = 1 << 0,
	SPF_LOOKUPS = 1 << 1, /* more than 10 terms that ask (RFC 7208 section 4.6.4) */
	SPF_VOID = 1 << 2,    /* more than 2 answers without data */
	SPF_SYNTAX = 1 << 3,
	SPF_INCLUDE_NONE = 1 << 4, /* an include or redirect of a domain without an SPF record */
	SPF_MX_LIMIT = 1 << 5,     /* "mx" of a name with more than 10 MX records */
	SPF_LOOP = 1 << 6,         /* an include of what includes it */
};

struct spf_facts {
	enum answer txt; /* of the domain */
	enum spf_result result;
	unsigned problems; /* enum spf_problem */
	size_t n_record;
	bool nearly;      /* a TXT record of the domain means to be one, and is none */
	bool holds_dmarc; /* a DMARC record stands at the domain itself, where nobody looks for it */
	bool ttl_known;   /* of its one record; a cache tells only what is left */
	uint32_t ttl_s;
	char text[POLICY_TEXT_MAX]; /* of the first, cut where it is longer */
	unsigned lookups, voids;    /* as far as they could be followed */
	bool has_mx;                /* "mx" of the domain itself is in its record, or in one that it includes */
	bool has_a;                 /* "a" of the domain itself */
	bool authorises;            /* ip4, ip6, include, redirect, exists, ptr or +all: somebody may send */
	char all;                   /* '+', '-', '~', '?' of "all", in the record or the one it is redirected to; 0: there is none */
	bool open_end;              /* neither "all" nor a redirect is in it, nor in the one it is redirected to */
	bool exactly_none;          /* "-all" is all that it says, itself or where it is redirected to */
	size_t n_name, more;
	struct dname name[SPF_NAMES_MAX]; /* of include and redirect, in all records that were followed */
	char detail[STS_DETAIL_MAX];      /* the term of the first problem that has one, from outside */
};

enum dmarc_policy { DMARC_UNKNOWN, DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT };

struct dmarc_facts {
	enum answer txt; /* of _dmarc before `at`; of the domain itself where nothing was found */
	size_t n_record; /* there, that begin as v=DMARC1 does: of more than one none counts */
	struct dname at; /* the domain or the one above it that has the record; len 0: none, or none is known */
	bool valid;
	bool nearly;              /* a TXT record at _dmarc of the domain means to be one, and is none */
	enum dmarc_policy policy; /* that is published for the domain: p, of a record further up sp, or np */
	bool testing;             /* t=y: who reads RFC 9989 goes one step below it */
	unsigned spared;          /* 100 - pct: to so many percent of the mail those who read RFC 7489 do not apply it */
	char rua[POLICY_URI_MAX];
};

/* A record at a name that has the zone's name twice, as _dmarc.example.com.example.com: the final dot was left out in a zone file, or the
 * whole name was typed where a panel adds the zone's. (Of SPF it cannot be told from what a wildcard gives.) */
enum doubled { DOUBLED_DMARC, DOUBLED_STS, DOUBLED_TLSRPT, DOUBLED_KINDS };

#endif
