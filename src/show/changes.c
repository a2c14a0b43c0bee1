/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/changes.h"

#include "base/i18n.h"
#include "core/change.h"
#include "base/banned.h"

size_t changes_document(const struct mxset *from, const struct mxset *to, struct document *document)
{
	static const struct sign signs[] = {
		[CHANGE_TTL] = { ROLE_CHANGED, "~" },
		[CHANGE_ADD] = { ROLE_ADDED, "+" },
		[CHANGE_PREFER] = { ROLE_CHANGED, "~" },
		[CHANGE_REMOVE] = { ROLE_REMOVED, "-" },
	};
	struct changes changes = { 0 };
	size_t n;

	changes_between(&changes, from, to);
	for (size_t i = 0; i < changes.n; i++) {
		const struct sign *sign = &signs[changes.change[i].kind];
		struct msg msg;

		change_msg(&changes.change[i], &msg);
		document_msg(document, sign->role, sign->symbol, &msg);
	}
	n = changes.n;
	changes_release(&changes);
	return n;
}

void approvals_document(const struct plan *plan, struct document *document)
{
	for (size_t i = 0; i < plan->n_approval; i++) {
		const struct approval *approval = &plan->approval[i];
		struct msg msg;

		if (*approval->note)
			msg_set(&msg, N_("approved by %s at %s: %s"), approval->by, approval->at, approval->note);
		else
			msg_set(&msg, N_("approved by %s at %s"), approval->by, approval->at);
		document_msg(document, ROLE_DIM, "", &msg);
	}
}
