/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a policy demands of a domain, and whether it holds: as lines, and as JSON. */
#ifndef CLI_PRINT_DEMANDS_H
#define CLI_PRINT_DEMANDS_H

#include <jansson.h>

#include "app/demand.h"

struct policy_told {
	const char *path; /* NULL: no policy was named, and none is configured */
	struct musts musts;
	struct demands demands; /* of the subject at hand */
};

/* The file of --require, or the configured one. told: {0} first. */
bool policy_told_read(struct policy_told *told, struct app *app, const char *path, struct err *err);
void policy_told_judge(struct policy_told *told, const struct check_input *in);
void policy_told_release(struct policy_told *told);
/* Of the subject that was judged last. Nothing where there is no policy; JSON null. */
void print_demands(const struct policy_told *told, const struct dname *domain);
json_t *print_demands_json(const struct policy_told *told, const struct dname *domain); /* a new reference */

#endif
