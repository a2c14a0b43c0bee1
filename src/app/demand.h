/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A policy file, and what becomes of its demands: read, digested for an approval, judged. The file that the configuration names is read
 * anew each time: what it says now counts. Judges no network and asks none; struct demands borrows the policy's lines.
 */
#ifndef APP_DEMAND_H
#define APP_DEMAND_H

#include "app/app.h"
#include "check/musts.h"

/* path NULL: policy_file of the configuration; where there is none, nothing is demanded. ERR_USAGE with FILE:LINE, ERR_FILE. musts: {0}
 * first. */
bool demand_read(struct app *app, const char *path, struct musts *musts, struct err *err);
/* The digest of all that is demanded of the domain: "sha256:…"; "" where nothing is. */
void demand_digest(const struct musts *musts, const struct dname *domain, char digest[PLAN_ID_MAX]);

struct demand {
	const struct must_line *line;
	enum must_answer answer;
	struct msg why; /* where it is not MUST_MET */
};

struct demands {
	size_t n, cap;
	struct demand *row;
};

/* Each line of the input's domain, in the file's order. demands: {0} first. */
void demands_judge(const struct musts *musts, const struct check_input *in, struct demands *demands);
size_t demands_open(const struct demands *demands); /* that are not met, or not known to be */
void demands_release(struct demands *demands);

#endif
