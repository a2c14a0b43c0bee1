/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session's outage over time, for every sender and their mix. Made when asked for, kept until something changes. */
#include <stdlib.h>

#include "app/session_private.h"
#include "base/mem.h"
#include "base/banned.h"

#define DAY_S 86400

struct outage_run {
	struct session_outage outage;
	struct outage_result result[MIX_SENDERS];
	int64_t hour; /* of the day that it began with */
};

uint32_t session_outage_length(const struct session *session)
{
	return session->outage_s ? session->outage_s : (uint32_t)config_number(&session->app->config, "simulate", "", "outage");
}

void session_set_outage(struct session *session, uint32_t length_s)
{
	session->outage_s = length_s;
	session_outage_drop(session);
	session->revision++;
}

void session_outage_drop(struct session *session)
{
	struct outage_run *run = session->outage;

	for (size_t i = 0; run && i < run->outage.n; i++)
		outage_result_release(&run->result[i]);
	if (run)
		outage_result_release(&run->outage.mix);
	free(run);
	session->outage = NULL;
}

/* The marks of the what-if; where there are none, every host is down. */
static void set_marks(const struct session *session, struct marks *marks)
{
	const struct mxset *set = session_set(session);

	if (session->marks.n) {
		marks_copy(marks, &session->marks);
		return;
	}
	for (size_t i = 0; i < set->n; i++) {
		struct mark mark = { .kind = MARK_HOST, .name = set->mx[i].host, .state = SIM_REFUSED };

		if (mark.name.len && !dname_is_root(&mark.name))
			marks_set(marks, &mark);
	}
	if (!set->n)
		marks_set(marks, &(struct mark){ .kind = MARK_HOST, .name = session->domain, .state = SIM_REFUSED });
}

static void run_all(struct session *session, struct outage_run *run)
{
	struct session_outage *outage = &run->outage;
	struct marks marks = { 0 };
	struct sim_input in;
	struct outage_input input = { .in = &in,
		.length_s = outage->length_s,
		.starts_s = (uint32_t)(run->hour * 3600),
		.horizon_s = outage_horizon_s(outage->length_s) };
	struct mix mix;

	set_marks(session, &marks);
	in = (struct sim_input){ .domain = &session->domain,
		.set = session_set(session),
		.facts = &session->facts,
		.is_draft = session_drafting(session),
		.marks = &marks,
		.seed = SESSION_SEED };
	profiles_traffic(&session->app->profiles, NULL, input.per_hour, NULL);
	profiles_mix(&session->app->profiles, NULL, &mix, NULL);
	outage->mix_source = mix.source;
	for (const struct sender *const *list = session_senders(session); list[outage->n]; outage->n++) {
		outage_run(&input, list[outage->n], &run->result[outage->n]);
		outage_add(&outage->mix, &run->result[outage->n], mix.weight[outage->n]);
	}
	marks_release(&marks);
}

const struct session_outage *session_outage(struct session *session, int64_t now)
{
	struct outage_run *run = session->outage;
	int64_t hour = now % DAY_S / 3600;

	if (run && run->hour == hour)
		return &run->outage;
	session_outage_drop(session);
	run = session->outage = mem_alloc(sizeof(*run));
	run->hour = hour;
	run->outage.length_s = session_outage_length(session);
	run->outage.all_down = !session->marks.n;
	run->outage.result = run->result;
	run_all(session, run);
	return &run->outage;
}
