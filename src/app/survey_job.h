/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the survey: one question and what is done with its answer. Only survey*.c include this. */
#ifndef APP_SURVEY_JOB_H
#define APP_SURVEY_JOB_H

#include "app/ask.h"
#include "app/survey.h"
#include "wire/policy.h"

#define SURVEY_NS_MAX 16      /* name servers of a zone that are asked */
#define SURVEY_NS_ADDRESSES 4 /* addresses of one name server that are asked */

struct job;
typedef void (*job_fn)(struct job *job, const struct dns_reply *reply);

struct job {
	struct survey *survey;
	struct job *next, **at; /* *at is this one */
	struct ask *ask;
	struct dns_question question;
	struct dns_endpoint to; /* family 0: the survey's source */
	bool direct, asked_resolver;
	unsigned need;     /* enum need: what it helps to find */
	struct dname host; /* of a host's or name server's lookup: which */
	struct addr addr;  /* of an address's lookup: which */
	size_t row;        /* of a server's answer, or of a step: which */
	unsigned climbed;  /* of a zone's lookup: names gone up */
	bool of_name;      /* tells how the domain's name stands */
	bool of_parent;    /* one of the parent's servers: one answer is enough */
	job_fn done;
};

/* What is asked about, and what has to be known before it can be. */
enum survey_when {
	AT_START,
	AT_ZONE,   /* the zone's apex is known */
	AT_HOST,   /* a host is named, by the set or a draft */
	AT_END,    /* and is known to be an alias */
	AT_ADDRESS /* a host has this address */
};
struct survey_thing {
	const struct dname *host;
	const struct addr *addr;
};
struct survey_row {
	unsigned needs; /* enum need: begun where one of them is wanted; 0: always */
	enum survey_when when;
	void (*begin)(struct survey *survey, const struct survey_thing *thing);
};

struct survey_proof { /* a validation, other than of the MX answer */
	struct survey *survey;
	struct survey_proof *next, **at; /* *at is this one */
	struct dns_validation *validation;
	struct dname host;
	void (*done)(struct survey *survey, const struct dname *host, enum dnssec dnssec);
};

#define SURVEY_POLICY_ADDRESSES 8 /* of the host of an MTA-STS policy that are tried */
#define SURVEY_SPF_LOOKUPS 10     /* terms that ask: RFC 7208 section 4.6.4; of them, those that lead to a record are followed */
struct spf_node {                 /* a domain whose record is included, or the record is redirected to */
	struct dname name;
	size_t parent; /* its own index: the domain itself */
	bool main;     /* the domain itself, or what it is redirected to */
};

struct name_server {
	struct dname name;
	bool at_parent, at_child;
	unsigned waiting;    /* address lookups not answered */
	enum answer address; /* a failure of one of them, before "no such record" */
	size_t first_row;    /* in facts: there from the beginning */
	size_t addresses;
};

#define SURVEY_PARENT_MAX 4   /* name servers of the parent zone that are asked, one after the other */
#define SURVEY_ZONE_GROUPS 16 /* of targets with one name above them: their zone is looked up once */
#define SURVEY_ZONE_CLIMB 3   /* names above a target that are asked, where its own says nothing of the zone */

struct probing;
struct smtp_prober;

struct zone_group { /* targets with one name above them */
	struct dname above;
	bool each; /* one of them is a zone by itself: each is asked for */
};

struct survey {
	struct app *app;
	struct facts *facts;
	survey_fn changed;
	void *data;
	struct job *jobs;              /* running */
	struct loop_handle *deadline;  /* set while survey_wait() runs the loop */
	struct loop_handle *straggler; /* runs while nothing but authoritative servers is waited for */
	struct dns_cache *cache;       /* of this survey; NULL in a zone world */
	unsigned need;                 /* of the row, or of the answer, at work: new questions are for it */
	struct survey_proof *proofs;   /* running */
	struct http_exchange *fetch;   /* of the MTA-STS policy, running */
	unsigned policy_waiting;       /* lookups of its host */
	enum answer policy_answer;
	size_t n_policy_addr;
	struct addr policy_addr[SURVEY_POLICY_ADDRESSES];
	size_t n_spf;
	bool spf_failed;    /* an answer that it needs did not come */
	bool spf_says_more; /* its record has a mechanism other than "all" */
	struct spf_node spf[1 + SURVEY_SPF_LOOKUPS];
	size_t n_walk;
	struct dname walk[DMARC_WALK_MAX];
	struct dmarc_step dmarc[DMARC_WALK_MAX];
	struct dns_validation *validation;
	size_t n_ns;
	struct name_server ns[SURVEY_NS_MAX];
	bool parent_told; /* one of its servers gave an answer that counts */
	size_t n_parent, parent_next;
	struct dname parent[SURVEY_PARENT_MAX];
	enum answer star;  /* for "*" beside the domain's name */
	int signed_labels; /* of the domain's MX answer: dns_answer_labels() */
	bool given_up;     /* nothing more is asked of servers that do not answer */
	size_t n_zone_group;
	struct zone_group zone_group[SURVEY_ZONE_GROUPS];
	struct mxset also;                /* what is asked for beside the live set */
	const struct smtp_prober *prober; /* NULL: nothing is probed */
	struct probing *probing;          /* running */
	struct smtp_trial *trial;         /* owned; NULL: no recipient is named */
	bool trial_over;                  /* hosts that come now are probed without it */
	size_t n_probing, next_probe;     /* of the rows of facts: the first that was not begun */
};

/* Asks the survey's source (resolver, --server, zone world); `at` NULL. Or that server directly. */
struct job *survey_ask(struct survey *survey, const struct dname *name, enum dns_type type, const struct dns_endpoint *at, job_fn done);
/* ANSWER_* of a reply to the job's question; final: the name at the end of its aliases; n_alias (or NULL): how many they are. */
enum answer survey_read(const struct job *job, const struct dns_reply *reply, size_t *n_alias, struct dname *final);

bool survey_wants(const struct survey *survey, unsigned needs);
/* Begins every row that waited for this and is wanted. */
void survey_reached(struct survey *survey, enum survey_when when, const struct survey_thing *thing);
/* Validates the answer of the survey's own resolver. Where nothing can be validated, done is called at once. */
void survey_prove(struct survey *survey, const struct dns_question *question, const struct dname *host,
	void (*done)(struct survey *survey, const struct dname *host, enum dnssec dnssec));
void survey_tell(struct survey *survey); /* what is not a job's answer came: see survey.c */

/* The rows' beginnings; each in the file of its subject. */
void survey_begin_past(struct survey *survey, const struct survey_thing *none);
void survey_begin_mx(struct survey *survey, const struct survey_thing *none);
void survey_begin_delegation(struct survey *survey, const struct survey_thing *none);
void survey_look_up_name(struct survey *survey, const struct survey_thing *none); /* in zone files, which know at once */
void survey_begin_name(struct survey *survey, const struct survey_thing *none);   /* in the DNS, once the zone is known */
void survey_begin_parent(struct survey *survey, const struct survey_thing *none);
void survey_begin_ds(struct survey *survey, const struct survey_thing *none); /* in zone files */
void survey_begin_addresses(struct survey *survey, const struct survey_thing *host);
void survey_begin_zone(struct survey *survey, const struct survey_thing *host); /* of a target, and its name servers */
void survey_begin_registered(struct survey *survey, const struct survey_thing *host);
void survey_begin_star(struct survey *survey, const struct survey_thing *host); /* NULL: below the domain itself */
void survey_begin_tlsa(struct survey *survey, const struct survey_thing *host);
void survey_begin_tlsa_at_end(struct survey *survey, const struct survey_thing *host);
void survey_begin_ptr(struct survey *survey, const struct survey_thing *addr);
void survey_begin_dnsbl(struct survey *survey, const struct survey_thing *addr);
void survey_begin_sts(struct survey *survey, const struct survey_thing *none);
void survey_begin_tlsrpt(struct survey *survey, const struct survey_thing *none);
void survey_begin_dmarc(struct survey *survey, const struct survey_thing *none);
void survey_begin_spf(struct survey *survey, const struct survey_thing *none);

/* The domain's MX answer, where it turns out to matter. */
void survey_validate(struct survey *survey);
/* The next TXT record at owner after *record (NULL: the first), its strings joined. */
bool survey_text(const struct dns_reply *reply, const struct dname *owner, const struct dns_record **record, struct text *text);
/* Is a TTL of the answer the record's own, and not what a cache has left of it? */
bool survey_tells_ttl(const struct survey *survey, const struct dns_reply *reply);
/* "LABELS" before the name; false: the name would be too long. */
bool survey_below(const char *labels, const struct dname *name, struct dname *below);
void survey_fetch_policy(struct survey *survey); /* survey_fetch.c */
void survey_spf_settle(struct survey *survey);   /* survey_spf.c: after each answer */

/* survey_ns.c: a name server of the zone, named in the zone or at its parent. */
void survey_add_server(struct survey *survey, const struct dname *name, bool at_parent);
void survey_name_compare(struct survey *survey); /* after the MX answer */
void survey_begin_host(struct survey *survey, const struct dname *host);
void survey_begin_hosts(struct survey *survey, const struct mxset *set); /* survey_mx.c */
void survey_zone_servers(struct facts *facts, const struct dname *apex, enum answer kind, const struct dns_answer *answer);
/* The SOA's owner in an answer or in its authority section is the apex that the name lies under. */
bool survey_apex(const struct dns_reply *reply, const struct dname *name, struct dname *apex);
/* survey_smtp.c: addresses that were not known before. */
void survey_probe_more(struct survey *survey);
void survey_end_probes(struct survey *survey);
/* After an answer about the set: what is live now, and its hosts are asked for. */
void survey_settle(struct survey *survey);

#endif
