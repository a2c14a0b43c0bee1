/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session's cut-over, and what changes together with the set. Dates are told by the minute, so that a redraw computes nothing. */
#include "app/session_private.h"
#include "base/banned.h"

#define MINUTE_S 60

const struct cutover *session_cutover(struct session *session, int64_t now)
{
	struct cutover_part part[MIX_SENDERS];
	struct mix mix;
	struct cutover_input input = {
		.domain = &session->domain,
		.facts = &session->facts,
		.live = cutover_from(&session->facts, &session->draft.base),
		.draft = &session->draft.want,
		.now = now - now % MINUTE_S,
		.seed = SESSION_SEED,
	};

	if (!session_drafting(session))
		return NULL;
	profiles_mix(&session->app->profiles, NULL, &mix, NULL);
	input.part = part;
	input.n_part = profiles_parts(&session->app->profiles, &mix, part);
	if (!session->cut || session->cutover.now != input.now) {
		cutover_run(&input, &session->cutover);
		session->cut = true;
	}
	return &session->cutover;
}

const struct companions *session_companions(struct session *session, int64_t now)
{
	struct companion_input in = {
		.base = &session->draft.base, .want = &session->draft.want, .facts = &session->facts, .at = now - now % MINUTE_S
	};

	if (!session->companions_known || session->companions_at != in.at)
		companions_find(&session->companions, &in);
	session->companions_known = true;
	session->companions_at = in.at;
	return &session->companions;
}
