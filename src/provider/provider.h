/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A DNS vendor as a step machine: each step takes the answer to the last request (NULL at first) and fills the next
 * request, or is done. No socket, no clock, no sleep inside. What a vendor can do is said in bits; one executor (app)
 * serves all. Most vendors are a shape (shape.h) that an engine drives. A step never sees a key: the row says how the
 * finished request is given its credentials, at each sending. A vendor is one file with one const row, and one line in
 * registry.c.
 */
#ifndef PROVIDER_PROVIDER_H
#define PROVIDER_PROVIDER_H

#include <limits.h>

#include "core/change.h"
#include "wire/httpmsg.h"

enum provider_cap {
	CAP_ATOMIC_SET = 1, /* one request replaces the records of the RRset as one */
	CAP_BATCH = 2,      /* several record changes in one transaction */
	CAP_NULL_MX = 4,
	CAP_LOCAL = 8,          /* no network: files */
	CAP_SERIAL_WRITES = 16, /* writes must not run in parallel on one server */
	CAP_COMMIT = 32,        /* there is a last call after the write (GOAL_COMMIT); it is published when that succeeded */
	CAP_COMPARE = 64,       /* a write itself fails where the set is not what its READ found */
	CAP_NO_TTL = 128,       /* with CAP_COMPARE: where the records are not, whatever their TTL */
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
	char *kept;     /* what stands beside the records and is written with them, in the vendor's own form; or NULL */
	char mark[160]; /* etag, serial ...: tells whether anybody touched the zone; or "" */
};
void provider_set_release(struct provider_set *set);
void provider_set_copy(struct provider_set *to, const struct provider_set *from); /* to must be initialised; is overwritten */
struct provider_record *provider_set_add(struct provider_set *set);               /* zeroed row */
/* What is published: without disabled ones; TTL the lowest. set must be initialised. */
void provider_set_published(const struct provider_set *from, struct mxset *set);
bool provider_set_ttl_mixed(const struct provider_set *set);
struct provider;
/* Is the TTL of each record left to the vendor? */
bool provider_set_ttl_automatic(const struct provider_set *set);
/* Is the TTL of a published record one that the vendor does not tell? Then ttl_s is what it mostly comes to. */
bool provider_set_ttl_guessed(const struct provider *provider, const struct provider_set *set);

/* What a login found. The account keeps it for all runs of the process. */
struct provider_login {
	char *token;            /* what is sent instead of the key; NULL: the key itself */
	int64_t until;          /* when the token ends; 0: no end known */
	int64_t clock_offset_s; /* the vendor's clock minus ours */
	char *who;              /* the account's own id at the vendor, where paths need it; or NULL */
};
void provider_login_release(struct provider_login *login);

struct zone_index;
struct provider_account { /* borrowed by steps; values are the account section's */
	const struct provider *provider;
	const char *name;     /* account name, for messages */
	const char *endpoint; /* base address, or the directory/file of a local provider */
	const char *key;      /* the secret, whole; lines: provider_key_line() */
	const char *(*setting)(const struct provider_account *account, const char *name); /* value, default, or NULL */
	const void *source;                                                               /* of setting() */
	const struct provider_login *login;                                               /* NULL: none yet */
	struct zone_index *zones; /* what is known of the account's zones, for all runs; NULL: nothing is kept */
};
const char *provider_setting(const struct provider_account *account, const char *name); /* "" where there is none */
/* Line 0, 1 ... of the key, wiped and freed by the caller; "" where there is none. */
char *provider_key_line(const struct provider_account *account, unsigned line);
/* The address that requests to a base of the row begin with ("api" for NULL), without final '/'. To be freed. NULL: no such base. */
char *provider_base(const struct provider_account *account, const char *base);

enum request_kind { REQUEST_HTTP, REQUEST_DNS, REQUEST_FILE_LOOK, REQUEST_FILE_READ, REQUEST_FILE_WRITE, REQUEST_RUN };

struct request {
	enum request_kind kind;
	bool writes;      /* changes something: journalled, refused when read-only. It alone decides: a login by POST is no write. */
	const char *base; /* of the row, string constant; NULL: "api" */
	uint32_t wait_ms; /* let pass before it is sent: an operation that still runs. Shown; can be stopped. */
	bool open;        /* HTTP: without credentials */
	struct http_request http;
	struct str dns;       /* DNS: the message, to go by TCP; sign() finishes it */
	struct str signature; /* what sign() wants to see again with the answer */
	/* local providers: */
	char *path; /* DNS: what the message says; FILE_*: the file; FILE_LOOK only looks whether it is there, what it is and how it begins
		     */
	bool may_miss;                   /* FILE_READ: where it cannot be read, the reply's content is NULL */
	struct str content;              /* FILE_WRITE: atomic replacement, only where the file still is what the last FILE_READ gave */
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
	const char *content;              /* FILE_READ, DNS */
	size_t content_len;
	const struct str *signature;            /* of the request */
	const struct provider_account *account; /* DNS: for the row's judge(), which looks at the signature */
	const struct file_look *look;           /* FILE_LOOK, FILE_READ */
	int64_t now;                            /* seconds since 1970 when the answer came: for Retry-After, serials */
	bool foreseen;                          /* a dry run: nothing was sent, take it as a yes */
	const struct verdict *verdict;          /* what provider_judge() made of it; NULL: it is not judged yet */
};

/* What an answer means, whatever its status. */
enum meaning {
	MEANING_ACCEPTED,
	MEANING_AUTH,      /* the credentials, or their rights */
	MEANING_THROTTLED, /* too much was asked: wait_s */
	MEANING_BUSY,      /* another operation is at work: a little later */
	MEANING_GONE,      /* what was named is not there */
	MEANING_STALE,     /* a compare was lost: the set is not what was read. Nothing was written. */
	MEANING_REFUSED,   /* with a sentence, if any */
	MEANING_FAILED,    /* the vendor's own trouble; whether a write took effect is not known */
};
struct verdict {
	enum meaning meaning;
	uint32_t wait_s;    /* THROTTLED, BUSY: as told; 0: nothing was told */
	char sentence[512]; /* the vendor's own, outside text; "" */
};

enum step { STEP_REQUEST, STEP_DONE, STEP_FAILED };

enum provider_goal { GOAL_VERIFY, GOAL_ZONES, GOAL_READ, GOAL_WRITE, GOAL_COMMIT };

/* Of a WRITE at a vendor that keeps each record by itself, so that app can look at the set in between. */
enum provider_part {
	PART_ALL,   /* everything, in order: where one request does it, and in a dry run */
	PART_ADD,   /* what is new, and TTLs */
	PART_REMOVE /* one record that is not wanted; DONE without a request when there is none */
};

struct provider_limits { /* what the vendor stores; 0, NULL: no limit known */
	uint32_t ttl_min_s, ttl_max_s;
	const uint32_t *ttls; /* only these; ends with 0 */
	size_t records_max;
	uint32_t preference_max;
};

/* What a vendor tells of the credentials that were verified, as it says it: outside text; "" where it does not. */
struct provider_told {
	char who[128], until[64], rights[256];
	bool wants_zone; /* of one that failed: nothing is told of the credentials unless a name is asked for */
};

struct vendor_state;
/* One run of one goal. The executor owns it and frees it; a vendor keeps its stage in `stage` and `state`. */
struct provider_run {
	const struct provider_account *account;
	enum provider_goal goal;
	struct dname owner; /* the name whose MX set it is. The root, of ZONES: all zones of the account, into account->zones */
	/* results and inputs: */
	struct dname zone; /* GOAL_ZONES fills it (longest suffix of owner); READ and WRITE take it */
	char *zone_id;     /* likewise; the vendor's own, of any length; NULL: as the zone's name */
	bool has_read;     /* ZONES: the answer held the set too; `have` is filled, and no READ is needed */
	size_t n_ns;       /* the zone's name servers as the vendor says, where it does (else 0): for delegation check */
	struct dname ns[16];
	bool ns_usual;                 /* the vendor did not say it of this zone: these are its usual ones */
	uint32_t first_ttl_s;          /* READ: the TTL that the zone gives a new record, where it tells; else 0 */
	struct provider_limits limits; /* the row's; ZONES and READ may narrow them for the zone */
	struct provider_set have;      /* READ fills it; WRITE takes what the last READ found */
	bool marked;                   /* READ: the mark is to be of after the set was read, whatever it costs */
	struct mxset want;             /* WRITE: the wanted set */
	enum provider_part part;       /* WRITE */
	bool automatic;                /* WRITE: the TTL is to be left to the vendor again */
	struct mxset disabled;         /* WRITE: where the vendor keeps records unpublished, these are to be kept so; want wins */
	bool guard;                    /* WRITE: nothing wanted is new, so others may be removing the rest: keep the anchor (changes.c) */
	int64_t now;
	unsigned stage, page, at;   /* the vendor's */
	struct vendor_state *state; /* what the step machine keeps (vendor.h); made by it */
	bool wrote;                 /* some write was answered with success */
	struct provider_told told;  /* VERIFY fills it */
};

struct provider_base {
	const char *name;     /* "login" */
	const char *standard; /* the address by default */
	const char *setting;  /* that replaces it, or NULL */
};

/* At most `most` requests within so many seconds: all, or those that write; of the account, or of one zone. Ends with most 0. */
struct provider_pace {
	unsigned most;
	uint32_t within_s;
	bool writes, zone;
};

/* Response headers that tell how much may still be asked: no more than `left` before `reset`, which is seconds from now, or
 * with reset_unix the time. */
struct provider_quota {
	const char *left, *reset; /* lower case */
	bool reset_unix;
};

struct shape;
struct provider {
	const char *name;                  /* "powerdns" */
	const char *title;                 /* "PowerDNS Authoritative Server" */
	const char *endpoint;              /* the "api" base by default, or "" */
	const struct provider_base *bases; /* further ones; ends with name NULL; or NULL. A request to any other host is refused. */
	const char *api_path;              /* what requests put after it by themselves, and an endpoint may end in all the same; or NULL */
	unsigned caps;
	struct provider_limits limits;
	uint32_t settle_s;                       /* how long a read may still show what was there before a write */
	unsigned key_lines;                      /* 0: the key is one word; 2: up to two lines; KEY_WHOLE: as many as there are */
	const char *key_help;                    /* N_(): which rights the key needs and where it is made; NULL: it takes no key */
	const struct provider_setting *settings; /* ends with name NULL; or NULL */
	/* The credentials of a finished request: a header with prefix and token, or key; {NULL}: none. With `user`, that setting and a
	 * colon stand before the key; "Basic " has both in base64 (RFC 7617). sign() instead, or besides, where it takes more; `now` is
	 * the vendor's clock. Both at each sending: a header of the same name is replaced. */
	struct {
		const char *header, *prefix, *user;
	} auth;
	bool (*sign)(struct provider_run *run, struct request *request, int64_t now, struct err *err);
	/* What has to be asked once for the account before anything else, as a step; DONE with `got` filled. Asked again before got->until,
	 * and once when the vendor says MEANING_AUTH. NULL: nothing. */
	enum step (*login)(
		struct provider_run *run, const struct reply *reply, struct request *request, struct provider_login *got, struct err *err);
	/* Another address of a base than row and settings have (of the key, say), to be freed; NULL: none. */
	char *(*own_base)(const struct provider_account *account, const char *base);
	/* Fills requests and returns STEP_REQUEST, or STEP_DONE, or STEP_FAILED with err. reply is NULL at first. A transport
	 * failure never reaches it, nor what judge() calls throttled or busy. In GOAL_WRITE, requests come in the order in which the name
	 * keeps its mail: the published set is at each moment the old, the new, or a union. engine_records, engine_rrset (shape.h), or own.
	 */
	enum step (*step)(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err);
	const struct shape *shape; /* of an engine */
	/* Changes what provider_judge() made of the HTTP status where this vendor means something else. NULL: it does not. */
	void (*judge)(const struct reply *reply, struct verdict *answer);
	/* How many writes to the zone lie between two marks of its set, or WRITES_UNKNOWN. NULL: marks tell nothing. */
	unsigned (*writes_between)(const char *before, const char *after);
	bool writes_most;                   /* they may be fewer: the mark also moves by itself */
	const struct provider_pace *pace;   /* NULL: none known */
	const struct provider_quota *quota; /* NULL: none */
	unsigned in_flight;                 /* requests of the account at the same time; 0: 1 */
	const char *const *headers;         /* further response headers that are read, lower case; ends with NULL; or NULL */
};
#define KEY_WHOLE UINT_MAX
#define WRITES_UNKNOWN UINT_MAX

void provider_run_init(
	struct provider_run *run, const struct provider_account *account, enum provider_goal goal, const struct dname *owner);
void provider_run_release(struct provider_run *run);
/* Forgets run->state: the next step begins anew. */
void provider_run_forget(struct provider_run *run);
/* ZONES of the root where the zones cannot be listed. ERR_REFUSED. */
enum step provider_lists_none(const struct provider_run *run, struct err *err);
/* The zone, its name servers and limits, as another run found them. */
void provider_run_know(struct provider_run *run, const struct provider_run *found);
void provider_run_set_zone_id(struct provider_run *run, const char *id);

/* What a reply means: 401/403 AUTH, 404/410 GONE, 412 STALE, 429 and 503 with Retry-After THROTTLED, 423 BUSY, other 4xx REFUSED, else
 * from 300 on FAILED; then the row's judge(). */
void provider_judge(const struct provider_account *account, const struct reply *reply, struct verdict *answer);
/* The error of an answer that is not ACCEPTED: AUTH ERR_AUTH; STALE ERR_CONFLICT; THROTTLED, BUSY, FAILED ERR_NETWORK; the others
 * ERR_REFUSED. The sentence is cut, and the account's secrets masked in it; where there is none, status and address are told. Always
 * false. */
bool provider_fail(
	const struct provider_account *account, const struct http_response *response, const struct verdict *answer, struct err *err);
/* text with "***" for each secret of the account, whole or its first eight bytes or more. */
void provider_mask(const struct provider_account *account, const char *text, struct str *out);
/* Gives a finished request its credentials. */
bool provider_dress(struct provider_run *run, struct request *request, int64_t now, struct err *err);

/* Does the vendor store such a set? Its limits, known without asking. ERR_REFUSED; ERR_USAGE for a TTL that is not known. */
bool provider_takes(const struct provider *provider, const struct mxset *want, struct err *err);
bool provider_limits_take(const struct provider *provider, const struct provider_limits *limits, const struct mxset *want, struct err *err);

extern const struct provider *const providers[]; /* registry.c; ends with NULL */
const struct provider *provider_find(const char *name);

#endif
