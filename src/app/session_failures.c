/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a single failure comes to before and after the draft. Made when asked for, kept until something changes. */
#include <stdlib.h>

#include "app/session_private.h"
#include "base/mem.h"
#include "base/banned.h"

static struct session_failure *row_of(struct session_failures *all, const struct dname *host)
{
	for (size_t i = 0; i < all->n; i++)
		if (dname_equal(&all->failure[i].host, host))
			return &all->failure[i];
	all->failure = mem_grow(all->failure, all->n, &all->cap, sizeof(*all->failure));
	all->failure[all->n] = (struct session_failure){ .host = *host };
	return &all->failure[all->n++];
}

static void try_set(struct session *session, bool live, const struct sender *sender, struct session_failures *all)
{
	const struct mxset *set = live ? &session->facts.live : session_set(session);

	for (size_t i = 0; i < set->n; i++) {
		struct session_failure *row;

		if (!set->mx[i].host.len || dname_is_root(&set->mx[i].host))
			continue;
		row = row_of(all, &set->mx[i].host);
		if (live ? row->in_live : row->in_draft)
			continue;
		*(live ? &row->in_live : &row->in_draft) = true;
		session_try_down(session, live, sender, &row->host, live ? &row->before : &row->after);
	}
}

void session_failures_drop(struct session *session)
{
	free(session->failures.all.failure);
	session->failures = (struct failures_kept){ 0 };
}

const struct session_failures *session_failures(struct session *session, const struct sender *sender)
{
	struct failures_kept *kept = &session->failures;

	if (kept->sender == sender)
		return &kept->all;
	session_failures_drop(session);
	kept->sender = sender;
	if (!truth_tells(session->facts.mx) || session->facts.live.n > SESSION_DOWN_HOSTS || session_set(session)->n > SESSION_DOWN_HOSTS)
		return &kept->all;
	try_set(session, true, sender, &kept->all);
	try_set(session, false, sender, &kept->all);
	return &kept->all;
}
