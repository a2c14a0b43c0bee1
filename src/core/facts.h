/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was observed of a domain's mail routing, and when; unknown stays unknown.
 * Filled by a survey, answer by answer; read by checks, simulation and faces.
 * Rows hold no pointers; struct facts owns its arrays.
 */
#ifndef CORE_FACTS_H
#define CORE_FACTS_H

#include "core/mxset.h"

#define FACTS_ALIASES 8    /* links of an alias chain kept; a longer chain or a loop is ANSWER_BROKEN */
#define FACTS_ADDRESSES 32 /* addresses of a host kept; `more` counts the rest */
#define FACTS_ZONES 16     /* zones of the targets kept */
#define FACTS_NS 16        /* name servers of a zone kept; `more` counts the rest */
#define FACTS_REASON 240

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
	ANSWER_BROKEN,      /* bytes that are no answer to the question; alias loop */
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

enum fact_source { SOURCE_RESOLVER, SOURCE_SERVER, SOURCE_ZONE, SOURCE_PROVIDER };

struct addr {
	uint8_t family; /* 4 or 6; 0: none */
	uint8_t bytes[16];
};

struct host_facts { /* one exchange of the set (or of the draft) */
	struct dname host;
	enum answer a, aaaa;
	size_t n_alias; /* host is an alias: alias[0] is what it points to, and so on */
	struct dname alias[FACTS_ALIASES];
	size_t n_addr, more;
	struct addr addr[FACTS_ADDRESSES]; /* as the server ordered them; IPv6 and IPv4 apart by family */
	uint32_t a_ttl_s, aaaa_ttl_s;      /* lowest on the chain */
};

struct server_facts { /* one address of one authoritative name server */
	struct dname name;
	struct addr addr;    /* family 0: none is known; `address` says why */
	enum answer address; /* what the lookup of the name's addresses gave */
	uint16_t port;
	enum answer mx, soa;
	bool authoritative; /* AA was set */
	bool elsewhere;     /* it answered with an alias of a name that it does not tell: it has no set to compare */
	uint32_t serial;
	struct mxset set; /* owned by struct facts; means nothing unless server_state() is SERVER_ANSWERS */
	uint32_t ttl_max_s;
	bool at_parent, at_child; /* named in the parent's NS / in the zone's own NS */
};

struct zone_facts { /* a zone that the domain or an exchange lies in, and who answers for it */
	struct dname apex;
	enum answer ns; /* its own NS records */
	size_t n_ns, more;
	struct dname name_server[FACTS_NS]; /* in canonical order */
};

struct held_facts {     /* the set in the provider's zone, as its account read it */
	enum answer mx; /* UNASKED: no account was asked; DATA or NODATA; else it could not be read, and reason says why */
	char account[64];
	int64_t at;
	struct mxset set;
	uint32_t ttl_max_s;
	struct dname zone;    /* that the provider holds the name in; len 0: not known */
	uint32_t first_ttl_s; /* what the zone gives a new record; 0: the provider does not tell */
	char reason[FACTS_REASON];
};

struct cached_facts { /* the answer of the resolver, of the one server or of the zone files that are asked */
	enum answer mx;
	bool exact; /* the TTL is the set's own: it came with authority, or out of a zone file */
	int64_t at;
	struct mxset set; /* its TTL as it was when the answer came */
	uint32_t ttl_max_s;
	uint32_t negative_s; /* of an answer without records: for how long it was still kept when it came; 0 unknown */
};

struct smtp_facts; /* core/facts/smtp.h */

struct facts {
	struct dname domain;
	enum fact_source source; /* whom the survey asks: RESOLVER, SERVER or ZONE */
	char source_name[80];    /* "127.0.0.1:53", a file's name; outside text, escape it */
	int64_t observed_at;     /* seconds since 1970 of the MX answer; 0: none yet */

	enum answer mx; /* what the live set is: DATA, NODATA, NXDOMAIN; else it is not known, and this is how the look-up went */
	size_t n_alias; /* the domain is an alias */
	struct dname alias[FACTS_ALIASES];
	struct held_facts held;
	struct cached_facts cached;
	enum fact_source live_source; /* who told the live set; PROVIDER: it is held, SERVER: it is served */
	struct mxset live;            /* what is held, else served, else cached: truth_settle(); its TTL may be MX_TTL_UNKNOWN */
	uint32_t ttl_max_s;           /* highest TTL among the records: differs from live.ttl_s when mixed */
	bool implicit;                /* no MX, and the domain itself has (or may have) addresses; see host row of the domain */
	bool null_mx;
	enum dnssec dnssec;
	const char *unchecked_reason;    /* N_(), a constant: why nothing was validated; or NULL */
	char bogus_reason[FACTS_REASON]; /* the validator's words, from outside: escape them */
	char mx_reason[FACTS_REASON];    /* more of how the look-up failed, or "" */
	uint32_t negative_ttl_s;         /* caches keep a negative MX answer at most so long (SOA, RFC 2308); 0 unknown */

	size_t n_host, cap_host;
	struct host_facts *host;
	size_t n_slot, *host_slot; /* where a host's row is, plus 1, by a hash of its name; facts.c's own */

	struct dname zone; /* the zone's apex; len 0: unknown */
	enum answer parent_ns, child_ns;
	enum fact delegated;        /* does the parent's own server name servers for the zone? */
	enum fact wildcard;         /* would a wildcard answer for the domain's name, if that held nothing itself (RFC 4592)? */
	enum fact synthesised;      /* does its MX answer come from that wildcard now? */
	bool wildcard_mx;           /* the wildcard has MX records */
	struct mxset wildcard_set;  /* what it has */
	struct dname wildcard_name; /* "*.example.com", where `wildcard` is yes and the answers tell where it stands; else len 0 */
	enum fact below_dname;      /* does the name lie below a DNAME, so that nothing can stand at it (RFC 6672)? */
	struct dname dname_owner;   /* where that is yes */
	size_t n_server, cap_server;
	struct server_facts *server;

	size_t n_zone, cap_zone;
	struct zone_facts *zones; /* of the exchanges' names, and the domain's own; a zone that was not found has no row */

	size_t n_smtp, cap_smtp;
	struct smtp_facts *smtp; /* what probes of the exchanges' addresses met; none where nothing was probed */
};

void facts_init(struct facts *facts, const struct dname *domain);
void facts_release(struct facts *facts);
void facts_copy(struct facts *to, const struct facts *from); /* to must be initialised */

/* Borrowed row or NULL. */
struct host_facts *facts_host(const struct facts *facts, const struct dname *host);
/* The row of host, made when missing (all ANSWER_UNASKED). Earlier row pointers die. */
struct host_facts *facts_host_add(struct facts *facts, const struct dname *host);
struct server_facts *facts_server_add(struct facts *facts, const struct dname *name, const struct addr *addr);
/* The innermost known zone that name lies in; borrowed row or NULL. */
const struct zone_facts *facts_zone_of(const struct facts *facts, const struct dname *name);
/* The name that was meant, if host got the zone's (or the domain's) name added because its final dot was forgotten; false where it can have
 * been no name by itself. */
bool facts_undotted(const struct facts *facts, const struct dname *host, struct dname *meant);
/* Does the domain lie in a zone that is delegated away from the account's? */
enum fact facts_below_cut(const struct facts *facts);
/* The row of this zone, made when missing; NULL: there are FACTS_ZONES already. Earlier row pointers die. */
struct zone_facts *facts_zone_add(struct facts *facts, const struct dname *apex);
void zone_facts_add_ns(struct zone_facts *zone, const struct dname *name); /* once, in its place */

bool answer_is_final(enum answer answer);                   /* neither unasked nor pending */
bool answer_is_soft(enum answer answer);                    /* a failure that a retry may mend: SERVFAIL, time-out, ... */
const char *answer_name(enum answer answer);                /* N_() id for people */
const char *dnssec_name(enum dnssec dnssec);                /* "secure" | "insecure" | "bogus" | "unchecked" (also for pending) */
const char *facts_dnssec_reason(const struct facts *facts); /* of bogus or unchecked: from outside, or a N_() id; NULL: none */
const char *fact_source_name(enum fact_source source);      /* "resolver" | "server" | "zone" | "provider" */

bool addr_parse(struct addr *addr, const char *text); /* no port, no brackets, no zone */
#define ADDR_TEXT_MAX 46
const char *addr_text(const struct addr *addr, char out[ADDR_TEXT_MAX]); /* RFC 5952 */
bool addr_equal(const struct addr *a, const struct addr *b);
/* Is addr in net/bits? */
bool addr_in(const struct addr *addr, const struct addr *net, unsigned bits);

#endif
