/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A plan: what is to be pushed where, from which base; the file's JSON, the
 * canonical form and its id, the approvals. Knows
 * no file and no clock; signatures are made and checked by io. Owns its sets,
 * texts and approvals.
 */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include <jansson.h>

#include "core/mxset.h"

#define PLAN_ID_MAX 72 /* "sha256:" + 64 hexadecimal digits + zero byte */
#define PLAN_FILE_MAX ((size_t)16 << 20)

#define PLAN_APPROVALS_MAX 256u
#define PLAN_TICKET_MAX 200 /* bytes */

struct approval {
	char *by, *at, *note;
	char *until;     /* NULL: no end of its own */
	char *signature; /* NULL: unsigned */
	char *policy;    /* digest of what a policy demanded of the domain when it was approved; NULL: nothing */
	char *key;       /* fingerprint of the key that signed, as the file says; NULL: not told */
	bool first_form; /* neither "until" nor "key" in the file: a signature is of the plan alone */
};

struct plan {
	struct dname domain, zone; /* zone.len 0: not known yet, "" in the file */
	char *account, *provider;  /* may be "" in a draft that names no account yet */
	struct mxset base, want;
	char *note, *created_at, *created_by;
	char *ticket;         /* the change's number in somebody's system; "": none */
	char id[PLAN_ID_MAX]; /* as the file said, or plan_seal() made */
	size_t n_approval;
	struct approval *approval;
};

struct plans { /* a file: one plan, or several */
	size_t n, cap;
	struct plan *plan;
	bool many; /* was, or is to be written as, {"mxladder_plans":1,...} */
};

void plan_init(struct plan *plan);
void plan_release(struct plan *plan);
void plan_copy(struct plan *to, const struct plan *from);
/* Canonical JSON: sorted keys, no spaces, of domain, zone, account, provider, base, want. */
void plan_canonical(const struct plan *plan, struct str *out);
void plan_digest(const struct plan *plan, char id[PLAN_ID_MAX]);       /* what the id must be */
void plan_digest_text(const struct str *text, char id[PLAN_ID_MAX]);   /* "sha256:" of any text */
void plan_seal(struct plan *plan);                                     /* id = digest; approvals of another id are dropped */
void plan_approve(struct plan *plan, const struct approval *approval); /* copies it */
void plan_unapprove(struct plan *plan);                                /* takes the last one away */
void approval_release(struct approval *approval);
/* A ticket is one line of up to PLAN_TICKET_MAX bytes that is not blank, and the plan has no other; else ERR_USAGE. */
bool plan_takes_ticket(const struct plan *plan, const char *ticket, struct err *err);
/* The same, and nobody signed the plan without it. */
bool plan_set_ticket(struct plan *plan, const char *ticket, struct err *err);
/* What an approval signs, as canonical JSON: its at, by, note, until, the plan's id, and its policy and ticket where there is
 * one. */
void plan_approval_canonical(const struct plan *plan, const struct approval *approval, struct str *out);

/* One plan as it stands in a file and in the journal. New reference. */
json_t *plan_to_json(const struct plan *plan);
/* The same back, as plans_parse() judges it; plan is overwritten, untouched where it fails. */
bool plan_from_json(struct plan *plan, const json_t *value, struct err *err);

void plans_release(struct plans *plans);
/* ERR_USAGE with the line, or the member's path; refuses an id that is not the digest (ERR_APPROVAL where the plan
 * has approvals), unknown versions, more than PLAN_APPROVALS_MAX approvals of a plan or PLAN_FILE_MAX bytes; tolerates unknown members. A
 * plan without approvals may lack its id. plans is overwritten: initialise with {0}. */
bool plans_parse(struct plans *plans, const char *text, size_t len, struct err *err);
void plans_format(const struct plans *plans, struct str *out); /* two-space indent, final newline */

/* {"ttl":..,"records":[..]}, shared with the journal and JSON output. New reference. */
json_t *mxset_to_json(const struct mxset *set);
bool mxset_from_json(struct mxset *set, const json_t *value, const char *where, struct err *err);

#endif
