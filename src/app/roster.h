/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many domains at a glance: a row each, filled in while surveys that share their answers (app/audit.h) tell. A row keeps what a line of a
 * list shows, not the facts, so that a thousand rows are small. No account is read: what a row shows is served, or in the zone files that
 * stand for the network. Owns its rows.
 */
#ifndef APP_ROSTER_H
#define APP_ROSTER_H

#include "app/app.h"
#include "check/accept.h"
#include "core/mxset.h"
#include "core/truth.h"

#define ROSTER_ABOUT 64

enum roster_state {
	ROSTER_UNASKED, /* since it came here */
	ROSTER_ASKED,   /* now */
	ROSTER_TOLD
};

enum roster_order { ROSTER_BY_NAME, ROSTER_BY_WORST, ROSTER_BY_TTL, ROSTER_BY_ACCOUNT, ROSTER_ORDERS };

struct roster_row {
	struct dname name;
	char *text, *shown; /* the name in A-labels, and for people */
	bool configured, selected;
	char *account; /* "": none is known */
	enum roster_state state;
	/* of ROSTER_TOLD */
	enum answer mx;
	bool null_mx;
	struct mxset set;
	const char *hoster; /* the title of whose set it is; NULL: of no hoster that is known */
	bool own;           /* all hosts lie under the domain */
	struct truth truth;
	size_t n_level[LEVEL_COUNT];
	const struct check *worst; /* NULL: nothing was found */
	enum check_level level;    /* of it */
	char about[ROSTER_ABOUT];  /* the host that it is about, or "" */
	bool failure_known;        /* what the single failure that does most harm does: */
	double lost, late_s;
	char fails[ROSTER_ABOUT]; /* what fails then, as matrix_text(); "" where it does none */
	/* what is kept of it, whether asked or not; where it was looked at */
	bool looked;
	bool drafted;        /* there is a draft; changes is 0 where it cannot be read */
	size_t changes;      /* of the draft */
	struct mxset want;   /* what it would publish; empty where there is none */
	int64_t push_at;     /* of the last push; 0: none */
	const char *push_is; /* N_(): how it stands; NULL: none */
};

struct roster {
	struct app *app;
	size_t n, cap;
	struct roster_row **row; /* in order */
	enum roster_order order;
	size_t told, asked; /* rows in these states */
	size_t unlooked;    /* rows at whose draft and pushes nobody looked */
	void (*changed)(void *data);
	void *data;
	struct audit *audit;    /* NULL: nobody asks */
	size_t from;            /* the row from which on the next name is looked for */
	struct accepts accepts; /* what was accepted is not the worst of a row */
	size_t n_name;          /* rows of by_name */
	struct roster_row **by_name;
};

struct roster *roster_new(struct app *app, void (*changed)(void *data), void *data);
void roster_free(struct roster *roster); /* NULL is accepted */

/* The row of the name, made where there is none; rows stay where they are in memory. account NULL: nothing new is known. Not in order until
 * roster_sort(). */
struct roster_row *roster_know(struct roster *roster, const struct dname *name, const char *account);
struct roster_row *roster_find(const struct roster *roster, const struct dname *name); /* or NULL */
/* What is kept on disk of the domain: its draft, its last push. */
void roster_look(struct roster *roster, struct roster_row *row);
/* Looks at each row that was never looked at: before the rows are shown, and no sooner, for a draft takes long to read. */
void roster_settle(struct roster *roster);
void roster_sort(struct roster *roster, enum roster_order order);

void roster_read_accepts(struct roster *roster); /* it was written */
/* Asks all that were not asked, those from this row on first. */
void roster_ask(struct roster *roster, size_t from);
void roster_ask_again(struct roster *roster, struct roster_row *row); /* is not asked, then: what is shared is asked anew too */

/* A list of names, one a line; "#" begins a comment. How many came; ERR_USAGE with the line of what is no name, and then none comes. */
bool roster_read(struct roster *roster, const char *path, size_t *n, struct err *err);

#endif
