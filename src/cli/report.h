/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found, in the forms that pipelines read: SARIF 2.1.0 and JUnit's XML. Knows no survey; the caller has the findings. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <jansson.h>

#include "check/check.h"
#include "cli/print_demands.h"

/* One domain, live or as a plan wants it. */
struct report_subject {
	const struct dname *domain;
	const char *file; /* that was judged; NULL: none */
	bool is_draft;
	enum check_level bar; /* a finding at or above it fails */
	const struct findings *findings;
	bool (*looked_at)(void *data, const char *id); /* was the check run at all? */
	void *data;
	const struct policy_told *policy;
};

/* Grows by a subject; report_end() frees what it holds. */
struct report {
	json_t *results, *skipped; /* of SARIF */
	size_t subjects;
	struct dname domain; /* the last subject's */
	struct str suites;   /* of JUnit */
	bool junit;
};

void report_begin(struct report *report, bool junit);
void report_add(struct report *report, const struct report_subject *subject);
/* Prints it, unless the run failed, and ends it. */
void report_end(struct report *report, bool print);

#endif
