/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was observed of a domain's mail routing, and when; unknown stays unknown.
 * Filled by a survey, answer by answer; read by checks, simulation and front ends.
 * Rows hold no pointers; struct facts owns its arrays. Who wants one subject alone includes its header in core/facts/.
 */
#ifndef CORE_FACTS_H
#define CORE_FACTS_H

#include "core/facts/host.h"
#include "core/facts/mx.h"
#include "core/facts/policy.h"
#include "core/facts/server.h"
#include "core/facts/tlsa.h"
#include "core/facts/zone.h"
#include "core/needs.h"

enum fact_source { SOURCE_RESOLVER, SOURCE_SERVER, SOURCE_ZONE, SOURCE_PROVIDER };

struct smtp_facts; /* core/facts/smtp.h */

struct facts {
	struct dname domain;
	unsigned asked;          /* enum need: what the survey was to find; of the rest nobody asked */
	enum fact_source source; /* whom the survey asks: RESOLVER, SERVER or ZONE */
	char source_name[80];    /* "127.0.0.1:53", a file's name; outside text, escape it */
	int64_t observed_at;     /* seconds since 1970 of the MX answer; 0: none yet */

	enum answer mx; /* what the live set is: DATA, NODATA, NXDOMAIN; else it is not known, and this is how the lookup went */
	size_t n_alias; /* the domain is an alias; alias[] stands below */
	struct cached_facts cached;
	enum fact_source live_source; /* who told the live set; PROVIDER: it is held, SERVER: it is served */
	struct mxset live;            /* what is held, else served, else cached: truth_settle(); its TTL may be MX_TTL_UNKNOWN */
	uint32_t ttl_max_s;           /* highest TTL among the records: differs from live.ttl_s when mixed */
	bool implicit;                /* no MX, and the domain itself has (or may have) addresses; see host row of the domain */
	bool null_mx;
	enum dnssec dnssec;
	const char *unchecked_reason; /* N_(), a constant: why nothing was validated; or NULL */
	char mx_reason[FACTS_REASON]; /* more of how the lookup failed, or "" */
	uint32_t negative_ttl_s;      /* caches keep a negative MX answer at most so long (SOA, RFC 2308); 0 unknown */

	size_t n_host, cap_host;
	struct host_facts *host;
	size_t n_slot, *host_slot; /* where a host's row is, plus 1, by a hash of its name; facts.c's own */

	struct dname alias[FACTS_ALIASES]; /* as many as n_alias says; beyond them anything */

	/* What a look at the set and its hosts does not find stands last: facts_reset() leaves it as it is where nobody asked for more. */
	struct held_facts held;
	struct past_facts past;
	char bogus_reason[FACTS_REASON]; /* the validator's words, from outside: escape them */

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

	size_t n_star, cap_star;
	struct star_facts *star; /* below the domain's own name, and beside the exchanges' names */

	struct ds_facts ds; /* of the domain's zone, at its parent */
	size_t n_registered, cap_registered;
	struct registered_facts *registered; /* of the exchanges' names */
	size_t n_ptr, cap_ptr;
	struct ptr_facts *ptr;        /* of the exchanges' addresses */
	size_t n_ptr_slot, *ptr_slot; /* where an address's row is, as above */
	size_t n_listed, cap_listed;
	struct listed_facts *listed; /* of the exchanges' addresses, where lists are configured */
	size_t n_tlsa, cap_tlsa;
	struct tlsa_facts *tlsa; /* of the exchanges */
	bool probed;             /* probes were asked for */
	bool intrusive;          /* and that they name recipients */
	size_t n_smtp, cap_smtp;
	struct smtp_facts *smtp; /* what probes of the exchanges' addresses met; none where nothing was probed */

	struct sts_facts sts;
	struct tlsrpt_facts tlsrpt;
	struct spf_facts spf;
	struct dmarc_facts dmarc;
	struct dname
		doubled[DOUBLED_KINDS]; /* where such a record stands, looked for where there is none at its place; len 0: none is known */
};

void facts_init(struct facts *facts, const struct dname *domain);
void facts_release(struct facts *facts);
/* As released and initialised; keeps room for hosts and sets, and does not clear again what `asked` never named. */
void facts_reset(struct facts *facts, const struct dname *domain);
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
/* Without MX records: does the domain itself take the mail, at an address of its own (RFC 5321 5.1)? */
enum fact facts_takes_itself(const struct facts *facts);
/* The row of this zone, made when missing; NULL: there are FACTS_ZONES already. Earlier row pointers die. */
struct zone_facts *facts_zone_add(struct facts *facts, const struct dname *apex);
void zone_facts_add_ns(struct zone_facts *zone, const struct dname *name); /* once, in its place */
/* Borrowed row or NULL: nobody asked. */
struct ptr_facts *facts_ptr(const struct facts *facts, const struct addr *addr);
struct tlsa_facts *facts_tlsa(const struct facts *facts, const struct dname *host);
/* Of "*" below the name. */
struct star_facts *facts_star(const struct facts *facts, const struct dname *above);
/* Of the registered domain that the name lies in. */
struct registered_facts *facts_registered(const struct facts *facts, const struct dname *name);
/* The row, made when missing (all ANSWER_UNASKED). Earlier row pointers of the kind die. */
struct ptr_facts *facts_ptr_add(struct facts *facts, const struct addr *addr);
struct listed_facts *facts_listed_add(struct facts *facts, const struct addr *addr, const char *list);
struct tlsa_facts *facts_tlsa_add(struct facts *facts, const struct dname *host);
struct star_facts *facts_star_add(struct facts *facts, const struct dname *above); /* NULL: there are FACTS_STARS already */
struct registered_facts *facts_registered_add(struct facts *facts, const struct dname *name);

const char *facts_dnssec_reason(const struct facts *facts); /* of bogus or unchecked: from outside, or a N_() id; NULL: none */
const char *fact_source_name(enum fact_source source);      /* "resolver" | "server" | "zone" | "provider" */

#endif
