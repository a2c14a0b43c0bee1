/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings about an MX set. A check is a row and a function in a file by
 * subject; check/checks.c holds the one array; check/lint.h runs it. Pure: sees
 * only what it is given, and says "not checked" when what it needs is unknown.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "core/facts.h"

enum check_level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTICE, LEVEL_INFO, LEVEL_COUNT };

struct check_index;

struct check_store { /* what the account's provider stores; 0, NULL: no limit is known */
	const char *title;
	uint32_t ttl_min_s, ttl_max_s;
	const uint32_t *ttls; /* only these; ends with 0 */
	size_t records_max;
	bool takes_null;
};

struct check_input {
	const struct dname *domain;
	const struct dname *zone;        /* apex; NULL or len 0: unknown, the domain is assumed */
	const struct mxset *set;         /* live, or the draft's wanted set */
	const struct facts *facts;       /* live facts (host rows of the draft's hosts too); never NULL */
	bool is_draft;                   /* set is a draft: facts about the live answer do not describe it */
	const struct check_store *store; /* NULL: no account is configured */
	const struct check_index *index; /* lint_run() makes it; NULL: a check alone makes do without */
};

#define FINDING_FIX_MAX 320

struct check;
struct accepted;
struct finding {
	const struct check *check;
	enum check_level level;          /* the check's, unless the case is milder; or an error, of a check that may err */
	struct mx mx;                    /* the record it is about; host.len 0 and odd "" for the set as a whole */
	struct msg text;                 /* one sentence */
	char fix[FINDING_FIX_MAX];       /* an edit for core/edit ("remove mx1.example.com"), or "" */
	bool introduced;                 /* the draft brings it: set by lint_draft() */
	const struct accepted *accepted; /* somebody knows of it and lives with it: set by findings_accept(); NULL: nobody */
};

struct findings {
	size_t n, cap;
	struct finding *finding;
	size_t n_skip, cap_skip;
	struct skip {
		const char *id; /* of a check, or "servers", "dnssec": what was not looked at */
		struct msg reason;
	} * skip; /* not checked, and why */
};

struct check {
	const char *id; /* "target-cname" */
	enum check_level level;
	bool may_err;          /* milder, but a case of it may be an error */
	const char *title;     /* N_(): what the rule is, a few words */
	const char *why;       /* N_(): what goes wrong otherwise */
	const char *reference; /* "RFC 5321 section 5.1" */
	unsigned needs;        /* enum need: where one of them is not known, lint_run() says that it was not checked */
	void (*run)(const struct check *check, const struct check_input *in, struct findings *out);
};

void findings_release(struct findings *findings);
void findings_clear(struct findings *findings);
/* A new row; mx may be NULL. The caller then sets text with msg_set() and maybe fix. */
struct finding *findings_add(struct findings *out, const struct check *check, const struct mx *mx);
struct msg *findings_skip(struct findings *out, const struct check *check);
/* A "not checked" row for something that is no check; id is a constant. */
struct msg *findings_unseen(struct findings *out, const char *id);
const char *check_level_name(enum check_level level); /* "error" ... for JSON; a front end shows N_() of it */

#endif
