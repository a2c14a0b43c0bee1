/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Approvals of a plan: made here, and counted before a push. One key is one pair of eyes, whatever principals name it. An approval has an
 * age, and may have an end of its own. Where a domain asks for signed approvals, only signatures of allowed keys count.
 */
#ifndef APP_APPROVAL_H
#define APP_APPROVAL_H

#include "app/app.h"
#include "core/plan.h"

struct approver {
	const char *by, *note; /* note NULL: none */
	const char *key_file;  /* NULL: unsigned */
	int64_t until;         /* 0: no end of its own */
};
/* Adds an approval, made now. ERR_APPROVAL where the domain asks for signed approvals, this machine knows the allowed keys, and this
 * approval could not count. */
bool push_approve(struct app *app, struct plan *plan, const struct approver *approver, struct err *err);
/* Is the plan approved as its domain's configuration asks? ERR_APPROVAL. */
bool push_approved(struct app *app, const struct plan *plan, struct err *err);

/* Must the domain's name be given again before a push? */
bool push_protected(const struct app *app, const struct dname *domain);
/* Is that so, and was it (typed NULL: not given)? ERR_APPROVAL. */
bool push_confirmed(const struct app *app, const struct dname *domain, const char *typed, struct err *err);

#endif
