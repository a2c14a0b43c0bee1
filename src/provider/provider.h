/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A DNS vendor as a step machine: each step takes the answer to the last request
 * (NULL at first) and fills the next request, or is done. No socket, no clock, no
 * sleep inside. What a vendor can do is said in bits; one executor (app) serves
 * all. A vendor is one file with one const row, and one line in registry.c.
 */
#ifndef PROVIDER_PROVIDER_H
#define PROVIDER_PROVIDER_H

#include "core/change.h"
#include "wire/httpmsg.h"

enum provider_cap {
	CAP_ATOMIC_SET = 1, /* one request replaces the RRset as one */
	CAP_BATCH = 2,      /* several record changes in one transaction */
	CAP_NULL_MX = 4,
	CAP_LOCAL = 8,          /* no network: files */
	CAP_SERIAL_WRITES = 16, /* writes must not run in parallel on one server */
	CAP_COMMIT = 32,        /* there is a last call after the write (GOAL_COMMIT); it is published when that succeeded */
	CAP_COMPARE = 64,       /* a write itself fails where the set is not what its READ found */
};

struct provider_setting {     /* of an [account NAME] section, beyond provider, endpoint, key_* */
	const char *name;     /* "server" */
	const char *standard; /* default, or NULL: required */
	const char *help;     /* N_() */
};

/* A record as the vendor holds it. */
struct provider_record {
	struct mx mx;
	uint32_t ttl_s;
	char id[128];     /* record's id at record-by-record vendors, else "" */
	bool disabled;    /* kept by the vendor, not published */
	bool locked;      /* owned by a service of the vendor: must not be touched */
	char stored[288]; /* as the vendor spelled it, where that has to be given back; else "" */
	bool automatic;   /* its TTL is left to the vendor; ttl_s is what that comes to today */
};

/* What the vendor holds for the name: the owner's MX records, and what goes with them. */
struct provider_set {
	size_t n, cap;
	struct provider_record *record;
	char mark[160]; /* etag, serial ...: tells whether anybody touched the zone; or "" */
};
void provider_set_release(struct provider_set *set);
struct provider_record *provider_set_add(struct provider_set *set); /* zeroed row */
/* What is published: without disabled ones; TTL the lowest. set must be initialised. */
void provider_set_published(const struct provider_set *from, struct mxset *set);
bool provider_set_ttl_mixed(const struct provider_set *set);

struct provider;
struct provider_account { /* borrowed by steps; values are the account section's */
	const struct provider *provider;
	const char *name;     /* account name, for messages */
	const char *endpoint; /* base address without final '/', or the directory/file of a local provider */
	const char *key;      /* secret */
	const char *(*setting)(const struct provider_account *account, const char *name); /* value, default, or NULL */
	const void *source;                                                               /* of setting() */
};

enum request_kind { REQUEST_HTTP, REQUEST_FILE_LOOK, REQUEST_FILE_READ, REQUEST_FILE_WRITE, REQUEST_RUN };

struct request {
	enum request_kind kind;
	bool writes; /* changes something: journalled, refused when read-only */
	struct http_request http;
	/* local providers: */
	char *path;         /* FILE_*: the file; FILE_LOOK only looks whether it is there, what it is and how it begins */
	bool may_miss;      /* FILE_READ: where it cannot be read, the reply's content is NULL */
	struct str content; /* FILE_WRITE: atomic replacement, only if the file still has `expect` */
	struct str expect;
	char *command;                   /* RUN: words split by the io floor, no shell */
	char changed[128], removed[128]; /* id of the one record that this request changes in place, or removes; else "" */
	struct msg title;                /* N_() "replace the MX set of %s": one line for review, progress, journal */
};
void request_init(struct request *request);
void request_release(struct request *request);

struct file_look {
	bool exists, directory, readable;
	unsigned long links; /* names that the file has */
	const char *head;    /* its first bytes */
	size_t n_head;
};

struct reply {
	const struct http_response *http; /* HTTP */
	const char *content;              /* FILE_READ */
	size_t content_len;
	const struct file_look *look; /* FILE_LOOK, FILE_READ */
	int64_t now;                  /* seconds since 1970 when the answer came: for Retry-After, serials */
	bool foreseen;                /* a dry run: nothing was sent, take it as a yes */
};

enum step { STEP_REQUEST, STEP_DONE, STEP_FAILED };

enum provider_goal { GOAL_VERIFY, GOAL_ZONES, GOAL_READ, GOAL_WRITE, GOAL_COMMIT };

/* Of a WRITE at a vendor that keeps each record by itself, so that app can look at the set in between. */
enum provider_part {
	PART_ALL,   /* everything, in order: where one request does it, and in a dry run */
	PART_ADD,   /* what is new, and TTLs */
	PART_REMOVE /* one record that is not wanted; DONE without a request when there is none */
};

/* One run of one goal. The executor owns it and frees it; a vendor keeps its stage in `stage` and `state`. */
struct provider_run {
	const struct provider_account *account;
	enum provider_goal goal;
	struct dname owner; /* the name whose MX set it is */
	/* results and inputs: */
	struct dname zone; /* GOAL_ZONES fills it (longest suffix of owner); READ and WRITE take it */
	char zone_id[160]; /* likewise; the vendor's own */
	size_t n_ns;       /* the zone's name servers as the vendor says, where it does (else 0): for delegation check */
	struct dname ns[16];
	uint32_t first_ttl_s;     /* READ: the TTL that the zone gives a new record, where it tells; else 0 */
	struct provider_set have; /* READ fills it; WRITE takes what the last READ found */
	struct mxset want;        /* WRITE: the wanted set */
	enum provider_part part;  /* WRITE */
	bool automatic;           /* WRITE: the TTL is to be left to the vendor again */
	struct mxset disabled;    /* WRITE: where the vendor keeps records unpublished, these are to be kept so; want wins */
	bool guard;               /* WRITE: nothing wanted is new, so others may be removing the rest: keep the anchor (record.c) */
	int64_t now;
	unsigned stage, page, at; /* the vendor's */
	void *state;              /* the vendor's; freed by provider->release_state */
	bool wrote;               /* some write was answered with success */
};

struct provider {
	const char *name;     /* "powerdns" */
	const char *title;    /* "PowerDNS Authoritative Server" */
	const char *endpoint; /* the base address by default, or "" */
	const char *api_path; /* what requests put after it by themselves, and an endpoint may end in all the same; or NULL */
	unsigned caps;
	uint32_t ttl_min_s, ttl_max_s; /* what the vendor stores; 0: no limit known */
	size_t records_max;            /* 0: not known */
	uint32_t settle_s;             /* how long a read may still show what was there before a write */
	bool needs_key;
	const char *key_help;                    /* N_(): which rights the key needs and where it is made */
	const struct provider_setting *settings; /* ends with name NULL; or NULL */
	/* Fills request and returns STEP_REQUEST, or STEP_DONE, or STEP_FAILED with err. reply is NULL at first. A transport
	 * failure never reaches it. In GOAL_WRITE, requests come in the order in which the name keeps its mail: the published
	 * set is at each moment the old, the new, or a union. */
	enum step (*step)(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err);
	void (*release_state)(void *state); /* may be NULL */
	/* How many writes to the zone lie between two marks of its set: 0 is not known. NULL: marks tell nothing. */
	unsigned (*writes_between)(const char *before, const char *after, int64_t now);
};

void provider_run_init(
	struct provider_run *run, const struct provider_account *account, enum provider_goal goal, const struct dname *owner);
void provider_run_release(struct provider_run *run);

/* The usual meanings of a vendor's HTTP status: 401/403 ERR_AUTH, 409/412 ERR_CONFLICT, 429 ERR_NETWORK (try later), 4xx ERR_REFUSED,
 * 5xx ERR_NETWORK; `detail` is the vendor's own sentence (cut, outside text) or NULL. Always false. */
bool provider_fail(const struct provider_account *account, const struct http_response *response, const char *detail, struct err *err);

/* Does the vendor store such a set? Its limits, known without asking. ERR_REFUSED; ERR_USAGE for a TTL that is not known. */
bool provider_takes(const struct provider *provider, const struct mxset *want, struct err *err);

extern const struct provider *const providers[]; /* registry.c; ends with NULL */
const struct provider *provider_find(const char *name);

#endif
