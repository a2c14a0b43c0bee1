/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every single and every pair of failures of a set, worst first, and the smallest
 * sets of things whose loss stops all mail. What can fail: hosts, addresses,
 * networks (/24, /48), IP families and the zones of the hosts' names. Runs in
 * portions, so that a face can show progress and stop. struct matrix owns its
 * arrays and borrows the input.
 */
#ifndef SIM_MATRIX_H
#define SIM_MATRIX_H

#include "sim/failover.h"

#define MATRIX_CUT 4		/* largest cut set looked for */

struct matrix_row {
	size_t n;		/* 1 or 2 things that fail together */
	size_t thing[2];
	double now;		/* delivered by the first attempt */
	double late;		/* delivered by a later one */
	double bounced;		/* refused for good */
	double lost;		/* bounced, or undelivered in the end */
	bool no_worse;		/* of a pair: one of the two alone does as much (known when all are done) */
};

struct matrix_cut {
	size_t n;
	size_t thing[MATRIX_CUT];
};

struct matrix {
	const struct sender *sender;
	struct sim_input in;
	unsigned depth;		/* 1, or 2: pairs too */
	size_t n_thing, cap_thing;
	struct mark *thing;	/* hosts first, then addresses, networks, families, zones */
	size_t n_row, cap_row;
	struct matrix_row *row;
	size_t next[2];		/* where the walk stands */
};

/* in and what it points to must outlive the matrix; its marks stay set beside each failure. */
void matrix_init(struct matrix *matrix, const struct sim_input *in, const struct sender *sender, unsigned depth);
void matrix_release(struct matrix *matrix);
size_t matrix_total(const struct matrix *matrix);	/* rows when done */
/* Runs at most so many more failures; false when all are done, and the rows are sorted, worst first. */
bool matrix_step(struct matrix *matrix, size_t count);
/* "mx1.example.com", or two joined; as mark_text */
void matrix_text(const struct matrix *matrix, const size_t *thing, size_t n, struct str *out);
/* Could other mail servers help against this? Not against the loss of the mail domain's own zone (no MX answer), nor of a
 * whole IP family. */
bool matrix_counts(const struct matrix *matrix, const struct matrix_row *row);
/* Smallest sets of things that hold every address of the set between them, up to MATRIX_CUT things; none of them holds a
 * smaller one, and of things that hold the same the first stands for all. Smallest first; returns how many, at most max. */
size_t matrix_cuts(const struct matrix *matrix, struct matrix_cut *cut, size_t max);

/* Within the matrix: the names that mail goes to (of an implicit MX the domain alone), and whether a thing is the zone that
 * holds the mail domain itself: without it there is no MX answer either. */
size_t matrix_hosts(const struct matrix *matrix);
const struct dname *matrix_host(const struct matrix *matrix, size_t i);
bool matrix_own_zone(const struct matrix *matrix, size_t thing);

#endif
