/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every single and every pair of failures of a set, worst first, and the smallest
 * sets of things whose loss stops all mail. What can fail: hosts, addresses,
 * networks (/24, /48), IP families, the zones of the hosts' names, and the name
 * servers of those zones and of the domain's own. Runs in portions, so that an interface can
 * show progress and stop. struct matrix owns its arrays and borrows the input.
 */
#ifndef SIM_MATRIX_H
#define SIM_MATRIX_H

#include "sim/attempt/failover.h"

#define MATRIX_CUT 4 /* largest cut set looked for */

struct matrix_row {
	size_t n; /* 1 or 2 things that fail together */
	size_t failure[2];
	double now;     /* delivered by the first attempt */
	double late;    /* delivered by a later one */
	double bounced; /* refused for good */
	double lost;    /* bounced, or undelivered in the end */
	bool no_worse;  /* of a pair: one of the two alone does as much */
	bool repeats;   /* an earlier failure takes away just the same: a host comes before its only address */
};

struct matrix_cut {
	size_t n;
	size_t failure[MATRIX_CUT];
};

struct matrix {
	const struct sender *sender;
	struct sim_input in;
	unsigned depth; /* 1, or 2: pairs too */
	size_t n_failure, cap_failure;
	struct mark *failure;     /* hosts first, then addresses, networks, families, zones, name servers */
	size_t *same_as;          /* of each failure: the first one of hosts, addresses and networks that takes away the same, or itself */
	struct matrix_row *alone; /* of each failure: its single failure */
	size_t n_row, cap_row;
	struct matrix_row *row;
	size_t next[2];             /* the pair that comes next */
	struct matrix_known *known; /* how what was run ended */
	size_t n_run;               /* failures that were run; every other row is like one of them */
};

/* in and what it points to must outlive the matrix; its marks stay set beside each failure. */
void matrix_init(struct matrix *matrix, const struct sim_input *in, const struct sender *sender, unsigned depth);
void matrix_release(struct matrix *matrix);
size_t matrix_total(const struct matrix *matrix); /* rows when done */
/* Runs at most so many more failures; false when all are done, and the rows are sorted, worst first. */
bool matrix_step(struct matrix *matrix, size_t count);
void matrix_sort(struct matrix *matrix); /* what there is so far, worst first */
/* The marks of the input, and these things beside them. */
void matrix_marks(const struct matrix *matrix, const size_t *failure, size_t n, struct marks *marks);
/* "mx1.example.com", or two joined; as mark_text */
void matrix_text(const struct matrix *matrix, const size_t *failure, size_t n, struct str *out);
/* Could other mail servers help against this? Not against the loss of the mail domain's own zone or of all its name servers (no
 * MX answer), nor of a whole IP family. */
bool matrix_counts(const struct matrix *matrix, const struct matrix_row *row);
/* Smallest sets of things that hold every address of the set between them, up to MATRIX_CUT things, beside the marks of the input;
 * none of them holds a smaller one, and of things that hold the same the first stands for all. Name servers hold what their zone
 * does, all of its servers together. Smallest first; returns how many, at most max: none where the marks stop the mail already. */
size_t matrix_cutsets(const struct matrix *matrix, struct matrix_cut *cut, size_t max);
/* How many addresses of hosts the marks of the input take away, of how many. */
size_t matrix_gone(const struct matrix *matrix, size_t *all);
bool matrix_stopped(const struct matrix *matrix); /* all of them, and there are some */
/* Why a cut set stops the mail: "mx1.example.com and mx2.example.com share 192.0.2.10". */
void matrix_cutset_msg(const struct matrix *matrix, const struct matrix_cut *cut, struct msg *msg);

/* Within the matrix: the names that mail goes to (of an implicit MX the domain alone); fills same_as. */
size_t matrix_hosts(const struct matrix *matrix);
const struct dname *matrix_host(const struct matrix *matrix, size_t i);
/* Fills the row's outcome: runs it, unless one was run that leaves the sender just as much. */
void matrix_run(struct matrix *matrix, struct matrix_row *row);
void matrix_forget(struct matrix *matrix);
void matrix_alike(const struct matrix *matrix, size_t *same_as);

#endif
