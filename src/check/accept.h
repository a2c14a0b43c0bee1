/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings that somebody accepted: for a domain, one check (at one host, or at any), with a reason, until a day. Read from a text file
 * that is kept and reviewed like other files, a line each:
 *
 *     # domain    check[@host]                     until        reason
 *     exempel.com target-cname@reserv.exempel.net  2027-01-31   moves with the next contract
 *
 * The day counts to its end, in UTC; then the finding is back. Pure; struct accepts owns its rows.
 */
#ifndef CHECK_ACCEPT_H
#define CHECK_ACCEPT_H

#include "check/check.h"

#define ACCEPT_REASON_MAX 200
#define ACCEPTED_MAX 1048576 /* bytes of the file */

struct accepted {
	struct dname domain;
	const struct check *check;
	struct dname host; /* len 0: at any host, and of the set as a whole */
	int64_t until;     /* seconds since 1970: its last second */
	char reason[ACCEPT_REASON_MAX];
};

struct accepts {
	size_t n, cap;
	struct accepted *row;
};

/* Adds the lines of a file. ERR_USAGE with the line's number; then nothing was added. accepts: {0} first. */
bool accepts_parse(struct accepts *accepts, const char *text, struct err *err);
void accepts_release(struct accepts *accepts);
/* One line, as accepts_parse() reads it, and its end. */
void accepts_line(const struct accepted *row, struct str *out);
/* "2027-01-31", a time, or a duration from now such as 90d. ERR_USAGE; also for what is over. */
bool accept_parse_until(const char *text, int64_t now, int64_t *until, struct err *err);
/* The last second of the first that ends of those that still hold for the domain; 0: none does. */
int64_t accepts_next_end(const struct accepts *accepts, const struct dname *domain, int64_t now);
/* "ID" or "ID@HOST" into check and host. ERR_USAGE. */
bool accept_parse_what(struct accepted *row, const char *what, struct err *err);
/* Marks the findings of domain that are accepted at `now`. They borrow rows, and stand behind the others. */
void findings_accept(struct findings *findings, const struct accepts *accepts, const struct dname *domain, int64_t now);

#endif
