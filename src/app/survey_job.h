/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the survey: one question and what is done with its answer. Only survey*.c include this. */
#ifndef APP_SURVEY_JOB_H
#define APP_SURVEY_JOB_H

#include "app/ask.h"
#include "app/survey.h"

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
	struct dname host; /* of a host's or name server's lookup: which */
	size_t row;        /* of a server's answer: which */
	unsigned climbed;  /* of a zone's lookup: names gone up */
	bool of_zones;     /* ends in name servers of a zone */
	bool of_name;      /* tells how the domain's name stands */
	bool of_parent;    /* one of the parent's servers: one answer is enough */
	job_fn done;
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
};

/* Asks the survey's source (resolver, --server, zone world); `at` NULL. Or that server directly. */
struct job *survey_ask(struct survey *survey, const struct dname *name, enum dns_type type, const struct dns_endpoint *at, job_fn done);
/* ANSWER_* of a reply to the job's question; fills the chain. */
enum answer survey_read(
	const struct job *job, const struct dns_reply *reply, struct dname alias[FACTS_ALIASES], size_t *n_alias, struct dname *final);

void survey_begin_delegation(struct survey *survey); /* survey_delegation.c */
void survey_look_up_name(struct survey *survey);     /* survey_name.c: in zone files, which know at once */
void survey_begin_name(struct survey *survey);       /* in the DNS, once the zone is known */
/* survey_ns.c: a name server of the zone, named in the zone or at its parent. */
void survey_add_server(struct survey *survey, const struct dname *name, bool at_parent);
void survey_name_compare(struct survey *survey); /* after the MX answer */
void survey_begin_host(struct survey *survey, const struct dname *host);
void survey_begin_hosts(struct survey *survey, const struct mxset *set); /* survey_mx.c */
void survey_begin_mx(struct survey *survey);
/* survey_zone.c: the zone of a target, and its name servers. */
void survey_begin_zone(struct survey *survey, const struct dname *host);
void survey_zone_servers(struct facts *facts, const struct dname *apex, enum answer kind, const struct dns_answer *answer);
/* The SOA's owner in an answer or in its authority section is the apex that the name lies under. */
bool survey_apex(const struct dns_reply *reply, const struct dname *name, struct dname *apex);
/* After an answer about the set: what is live now, and its hosts are asked for. */
void survey_settle(struct survey *survey);

#endif
