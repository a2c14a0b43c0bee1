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

#define MATRIX_NOTHING 1e-9 /* less mail than this is none */

#define MATRIX_CUT 4 /* largest cut set looked for */

#define MATRIX_ROWS 1000000 /* of more failures and pairs only the single failures are tried */

struct matrix_row {
	uint32_t failure[2]; /* what fails together */
	uint32_t end;        /* rows with the same ended alike */
	uint8_t n;           /* 1 or 2 */
	bool no_worse;       /* of a pair: one of the two alone does as much */
	bool repeats;        /* an earlier failure takes away just the same: a host comes before its only address */
	double now;          /* delivered by the first attempt */
	double late;         /* delivered by a later one */
	double bounced;      /* refused for good */
	double lost;         /* bounced, or undelivered in the end */
	double unknown;      /* it comes to an address that is not known */
};

struct matrix_cut {
	size_t n;
	uint32_t failure[MATRIX_CUT];
};

struct matrix {
	const struct sender *sender;
	struct sim_input in;
	unsigned depth;      /* 1, or 2: pairs too */
	bool pairs_left_out; /* they were asked for, and are too many */
	size_t n_failure, cap_failure;
	struct mark *failure;   /* hosts first, then addresses, networks, families, zones, name servers */
	size_t *same_as;        /* of each failure: the first one of hosts, addresses and networks that takes away the same, or itself */
	size_t n_ready;         /* failures of which is known what they do: until then nothing is tried */
	size_t n_row;           /* tried so far */
	struct matrix_row *row; /* as they were tried: each single failure, then the pairs */
	uint32_t *sorted;       /* matrix_at() */
	uint32_t next[2];       /* the pair that comes next */
	struct matrix_known *known; /* what each failure does, and how what was run ended */
	struct matrix_cover *cover; /* which addresses each failure takes away */
	double unknown;             /* the greatest part of any row so far that is not known */
	size_t n_run;               /* failures that were run; every other row is like one of them */
};

/* in and what it points to must outlive the matrix; its marks stay set beside each failure. */
void matrix_init(struct matrix *matrix, const struct sim_input *in, const struct sender *sender, unsigned depth);
/* The same for an interface that must not wait: matrix_step() does the rest first. Cut sets can be told from matrix_ready() on. */
void matrix_begin(struct matrix *matrix, const struct sim_input *in, const struct sender *sender, unsigned depth);
bool matrix_ready(const struct matrix *matrix);
void matrix_release(struct matrix *matrix);
size_t matrix_total(const struct matrix *matrix); /* rows when done */
/* Runs at most so many more failures; false when all are done, and the rows are sorted, worst first. */
bool matrix_step(struct matrix *matrix, size_t count);
void matrix_sort(struct matrix *matrix); /* what there is so far, worst first */
/* The i-th of the rows as they were sorted last; those tried since stand behind. */
const struct matrix_row *matrix_at(const struct matrix *matrix, size_t i);
/* The marks of the input, and these things beside them. */
void matrix_marks(const struct matrix *matrix, const uint32_t *failure, size_t n, struct marks *marks);
/* "mx1.example.com", or two joined; as mark_text */
void matrix_text(const struct matrix *matrix, const uint32_t *failure, size_t n, struct str *out);
enum matrix_ignore { IGNORE_V4 = 1, IGNORE_V6 = 2, IGNORE_OWN_ZONE = 4, IGNORE_OWN_SERVERS = 8 };

/* Is the failure among those that are to be left out: an IP family, the mail domain's own zone, so many of its name servers that the
 * domain has no MX answer? No other mail server helps against those. */
bool matrix_ignored(const struct matrix *matrix, const struct matrix_row *row, unsigned ignore);
/* Smallest sets of things that hold every address of the set between them, up to MATRIX_CUT things, beside the marks of the input;
 * none of them holds a smaller one, and of things that hold the same the first stands for all. Name servers hold what their zone
 * does, all of its servers together. Smallest first; returns how many, at most max: none where the marks stop the mail already. */
size_t matrix_cutsets(const struct matrix *matrix, struct matrix_cut *cut, size_t max);
/* How many addresses of hosts the marks of the input take away, of how many. */
size_t matrix_gone(const struct matrix *matrix, size_t *all);
bool matrix_stopped(const struct matrix *matrix); /* all of them, and there are some */
struct cut_words {
	struct msg why;  /* it stops the mail: "mx1.example.com and mx2.example.com share 192.0.2.10" */
	double unknown;  /* part of the mail that then comes to servers whose addresses are not known: those it may not stop */
	struct msg rest; /* the same in words; set where unknown > 0 */
};
void matrix_cutset_words(const struct matrix *matrix, const struct matrix_cut *cut, struct cut_words *words);

/* Within the matrix: the names that mail goes to (of an implicit MX the domain alone); fills same_as. */
size_t matrix_hosts(const struct matrix *matrix);
const struct dname *matrix_host(const struct matrix *matrix, size_t i);
/* Fills the row's outcome: runs it, unless one was run that leaves the sender just as much. */
void matrix_run(struct matrix *matrix, struct matrix_row *row);
void matrix_know(struct matrix *matrix);
void matrix_know_failure(struct matrix *matrix, uint32_t failure); /* what it does */
void matrix_forget(struct matrix *matrix);
/* The ends by rank, worst first, of which equals have the same; to be freed. *n: how many ranks. */
uint32_t *matrix_ranks(const struct matrix *matrix, size_t *n);

struct cover_pair { /* an address of a host; borrowed */
	const struct dname *host;
	const struct addr *addr;
};

struct matrix_cover { /* bits by pair */
	size_t n_pair, words;
	struct cover_pair *pair;
	uint64_t *all, *gone;     /* every pair; those that the marks of the input take away */
	uint64_t *alone, *beside; /* by failure: taken away by it, and with the marks of the input */
};

void matrix_cover(struct matrix *matrix);
void matrix_cover_failure(struct matrix *matrix, uint32_t failure);
void matrix_alike(struct matrix *matrix); /* same_as, from all covers */
void matrix_uncover(struct matrix *matrix);
/* What these failures take away together, beside the marks of the input. bits begin as 0. */
void matrix_cover_set(const struct matrix *matrix, const uint32_t *failure, size_t n, uint64_t *bits);
size_t matrix_count_bits(const struct matrix_cover *cover, const uint64_t *bits);
/* By failure the first one with the same bits, or itself; name servers by themselves. To be freed. */
size_t *matrix_first_covers(const struct matrix *matrix, const uint64_t *bits);

#endif
