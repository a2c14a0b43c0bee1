/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One demand on a domain's MX set, as a line of a policy writes it: "survives any pair", "ttl <= 1h", "two networks". It is judged like a
 * check, of what is served, or of a draft; what cannot be told is not met, and said so. Knows no file and no domain by name: check/musts.h
 * has the lines. Pure.
 */
#ifndef CHECK_MUST_H
#define CHECK_MUST_H

#include "check/check.h"

struct preset;
struct must_row;

enum must_answer { MUST_MET, MUST_NOT_MET, MUST_UNKNOWN };
enum must_loss { MUST_LOSS_ANY, MUST_LOSS_HOSTS, MUST_LOSS_NETWORKS }; /* of what "survives" tells */

struct must {
	const struct must_row *row;
	uint32_t number; /* seconds; how many; how many at the same time */
	enum must_loss loss;
	enum sts_mode mode;
	const struct preset *hoster;
	const struct check *check;
};

struct must_input {
	const struct check_input *in;
	/* Tries the failures; above this floor is who can. */
	enum must_answer (*survives)(const struct must *must, const struct check_input *in, struct msg *why);
};

struct must_row {
	const char *form; /* "ttl <= DURATION" */
	const char *help; /* N_() */
	unsigned needs;   /* enum need; of "no CHECK" the check's come to it */
	bool (*parse)(struct must *must, const char *const word[], size_t n);
	void (*text)(const struct must *must, struct str *out);
	enum must_answer (*judge)(const struct must *must, const struct must_input *input, struct msg *why);
};
extern const struct must_row must_rows[]; /* ends with form NULL */

/* ERR_USAGE, with the forms there are. */
bool must_parse(struct must *must, const char *text, struct err *err);
void must_text(const struct must *must, struct str *out); /* in the one form of writing: what it parses as is the same */
unsigned must_needs(const struct must *must);
/* why: a sentence, set where the answer is not MUST_MET. */
enum must_answer must_judge(const struct must *must, const struct must_input *input, struct msg *why);
const char *must_answer_name(enum must_answer answer); /* "met" | "not met" | "unknown": for JSON; a front end shows N_() of it */

#endif
