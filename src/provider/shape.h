/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shape of a vendor's API: paths, members, pages, bodies. Two engines drive it: engine_records where each record is kept by
 * itself, engine_rrset where the set is written as one. They hold the order that keeps the mail, follow pages, find the zone, and
 * name what cannot be read; a shape only says where things stand. Vendors include this and vendor.h.
 *
 * Templates. In a path, and in the text of a body, words in braces are replaced; what comes in is percent-encoded in a path and
 * escaped as JSON in a body:
 *   {zone}      the zone's id            {zone_name}   its name            {zone_dot}   with final dot
 *   {owner}     the name of the set      {owner_dot}   with final dot      {at}         relative to the zone, "@" for the zone itself
 *   {relative}  the same, "" for the zone itself
 *   {id}        the record's             {page}        1, 2 ...            {start}      rows before the page
 *   {cursor}    of the next page, "" at first          {operation}         that is waited for
 *   {who}       the account's id at the vendor         {NAME}              a setting of the row, or what word() knows
 *   {ask}       the name that may be a zone            {ask_dot}           with final dot
 * {raw:WORD} puts it in as it is. A part in brackets is left out where a word in it comes to nothing:
 * "/zones?page={page}[&account.id={account_id}]".
 *
 * Pointers name a member of a reply: "result/0/name"; "" is the reply itself. Numbers pick from arrays.
 */
#ifndef PROVIDER_SHAPE_H
#define PROVIDER_SHAPE_H

#include "provider/vendor.h"
#include "provider/zones.h"

enum shape_paging {
	PAGE_NONE,
	PAGE_LINK,   /* `more` points to the next page's address; {page} counts */
	PAGE_FOLLOW, /* the same, and that address itself is asked: a cursor is in it */
	PAGE_HEADER, /* the header Link (RFC 8288) has it, as rel="next"; that address itself is asked */
	PAGE_LAST,   /* `more` points to the number of the last page */
	PAGE_TOTAL,  /* `more` points to the number of all rows */
	PAGE_CURSOR, /* `more` points to the next {cursor}; missing or "": the end */
	PAGE_MORE,   /* `more` points to a boolean */
	PAGE_FULL,   /* a page of `size` rows has one after it */
};

struct shape_list {
	const char *path;   /* template; NULL: there is no such call */
	const char *method; /* NULL: GET, or POST where there is a body */
	const char *body;   /* template, or NULL */
	const char *rows;   /* pointer to the rows: an array, or the one row as an object. Missing: not what the API says. */
	enum shape_paging paging;
	const char *more;
	unsigned size;
	bool none_is_gone;          /* "gone" is an empty list */
	const char *header, *value; /* a further request header, its value a template as a body's is; or NULL */
};

enum shape_name {      /* of a row */
	NAME_FULL,     /* whole, with or without final dot */
	NAME_RELATIVE, /* to the zone; "", "@" or the zone's name for itself */
};
enum shape_target {
	TARGET_FULL, /* whole, with or without final dot */
	TARGET_DOT,  /* whole with a final dot, else relative to the zone */
};

/* Where a record's parts stand in a row. */
struct shape_row {
	const char *id;     /* text or number; NULL: none */
	const char *type;   /* NULL: only MX records come */
	const char *mx;     /* what the type is for MX; NULL: "MX" */
	const char *name;   /* NULL: only the set's name comes */
	const char *ttl;    /* of the row; null, or NULL: none, see ttl_default */
	const char *policy; /* there: the set follows a routing policy, and is left alone; or NULL */
	const char *values; /* the row is a set, and its records stand here; NULL: the row is one record */
	/* in the record: */
	const char *preference;      /* NULL: stands before the target, "10 mx1.example.net." */
	const char *preference_else; /* where it is not there; or NULL */
	const char *target;          /* NULL: the record itself is the text */
	const char *disabled;        /* true: kept, not published; or NULL */
	bool empty_is_null;          /* an empty target with preference 0 is a null MX; else it is none that can be read */
	enum shape_name names;
	enum shape_target targets;
};

/* One writing call. */
struct shape_call {
	const char *method, *path; /* path NULL: the vendor has no such call */
	int status[3];             /* as documented; any other 2xx is odd. {0}: any 2xx */
	const char *record;        /* where in the answer the record stands as it is now, to be checked; NULL: it does not */
};

/* An operation that goes on after its call was accepted. */
struct shape_wait {
	const char *id;            /* in the call's answer; missing: nothing to wait for. Or in the next: the same again */
	const char *path;          /* template of the question, with {operation} */
	const char *state;         /* in its answer: what the operation has come to */
	const char *done, *failed; /* the words of its ends; failed NULL: it does not fail */
	const char *reason;        /* in its answer: why it failed; or NULL */
	uint32_t every_ms;
};

struct shape {
	/* The reply's bytes as a tree, new reference or NULL. NULL: JSON. */
	json_t *(*load)(const struct str *body);
	/* Appends the tree of a body as bytes, and names their type in the header. NULL: JSON. */
	void (*dump)(const json_t *json, struct http_request *http);
	const char *accept; /* NULL: application/json */
	/* Words of templates that only this vendor has: appends the value, false where it knows no such word. NULL: none. */
	bool (*word)(const struct provider_run *run, const char *word, struct str *out);
	/* The last touch of a step on any request: further headers. NULL: none. */
	void (*touch)(const struct provider_run *run, struct request *request);
	/* The first of these that is there is the vendor's sentence in an answer that is not 2xx. Ends with NULL; or NULL. */
	const char *const *sentence;

	struct shape_list verify;      /* asked with the smallest right; `rows` must be there */
	struct shape_list verify_else; /* where that is refused, and the setting is there; or path NULL */
	const char *verify_else_with;
	/* In the accepted answer: whose the key is, until when it is good, and the header that has its rights; or NULL. */
	const char *verified_who, *verified_until, *verified_rights;
	/* Looks at the accepted answer. False with err. NULL: nothing more. */
	bool (*verified)(struct provider_run *run, const json_t *json, struct err *err);

	/* The zone: asked by name, {ask} and {ask_dot} being the owner and then its parents, or found in the list. With both, the list is
	 * asked where no name fits, or where many zones were asked for. */
	struct shape_list zone_named, zone_list;
	struct shape_list zone_all; /* where there is no zone_list, for a zone is not looked up in it: to show them all; or path NULL */
	bool named_is_zone;         /* an answer of zone_named that is accepted says that {ask} is a zone: its rows do not name it */
	bool one_asks;              /* zone_named answers for the owner with the zone that it lies in: one question is enough */
	bool zone_holds_set;        /* zone_named's answer is also what `read` would give */
	const char *zone_name, *zone_id; /* in a row; zone_id NULL: the name is the id */
	const char *zone_ttl;            /* in a row: the TTL that it gives a new record; or NULL */
	const char *zone_servers;        /* in a row: its name servers, an array of names; or NULL */
	const char *zone_setting;        /* which setting chooses among zones of one name; or NULL */
	/* A row's other things: entry has name and id. False: none of ours (private, internal). NULL: nothing more. */
	bool (*zone)(const struct provider_run *run, const json_t *row, struct zone_entry *entry);

	struct shape_list read;
	bool read_names_zone;  /* its answer says at zone_name whose records it has */
	const char *read_each; /* template: the rows of `read` are ids, and {id} is asked for with this; or NULL */
	const char *each;      /* pointer to the row in its answer */
	struct shape_row row;
	struct shape_list servers; /* the zone's name servers, asked for where nothing has told them; or path NULL */
	const char *server;        /* a row's: the whole name; NULL: where row.target has it, written as a target is */
	/* Among the rows of `read`, or of zone_named with named_is_zone, are NS records: those of the zone itself are its servers. */
	bool rows_have_servers;
	/* Where the API tells no servers: those that the vendor's zones usually have, with blanks between. Others may serve them too. */
	const char *usual_servers;
	/* A record's other things: locked, automatic ... False with err. row and value are the same where a row is a record. NULL: nothing.
	 */
	bool (*record)(struct provider_run *run, const json_t *row, const json_t *value, struct provider_record *record, struct err *err);
	/* Looks at each whole page of a read (serial, name servers, limits). False with err. NULL: nothing. */
	bool (*page)(struct provider_run *run, const json_t *json, struct err *err);
	bool has_automatic;       /* a TTL can be left to the vendor: as null, or as ttl_automatic */
	uint32_t ttl_automatic;   /* how the API writes that */
	uint32_t ttl_automatic_s; /* what it comes to; 0: run->first_ttl_s */
	bool ttl_guessed;         /* ttl_automatic_s is what it mostly comes to: the vendor does not tell */

	/* engine_records. `change` without path: the vendor cannot; then add and remove. */
	struct shape_call add, change, remove;
	/* The body of a call, for change->verb; a new reference. */
	json_t *(*body)(const struct provider_run *run, const struct vendor_change *change);
	bool remove_has_body;
	/* engine_records with CAP_BATCH: all changes as one call. */
	struct shape_call batch;
	json_t *(*batch_body)(const struct provider_run *run, const struct vendor_change *change, size_t n);

	/* engine_rrset. create NULL path: replace makes it; remove NULL path: replace with an empty set. set_body() for create and
	 * replace (of remove only where replace does it). More than one call: next() fills call k (from 0), false when there is none. */
	struct shape_call create, replace, clear;
	json_t *(*set_body)(const struct provider_run *run);
	bool (*next)(struct provider_run *run, unsigned k, struct request *request);

	struct shape_call commit; /* with CAP_COMMIT; {0}: none */
	struct shape_wait wait;   /* after each accepted writing call */
};

enum step engine_records(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err);
enum step engine_rrset(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err);

/* ---- for the callbacks ---- */

/* The member that a pointer names; NULL. */
const json_t *shape_at(const json_t *json, const char *pointer);
/* Text of it: a text as it is, a whole number in digits; "" for everything else. scratch holds a number. */
const char *shape_text(const json_t *json, const char *pointer, char scratch[24]);
/* A template filled. To be freed. */
char *shape_fill(const struct provider_run *run, const char *pattern, bool is_body);
/* A body, as dump() or JSON has it; takes the reference. */
void shape_body(const struct provider_run *run, struct request *request, json_t *json);
/* A request as the shape's others are. */
void shape_request(const struct provider_run *run, struct request *request, const char *method, const char *path);

#endif
