/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the journal knows that a push needs: what earlier runs of it wrote, and what it takes back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/push_run.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

#define MORE 4 /* times as many pushes are read, where those that were do not tell */

void push_add_override(struct push_run *run, const char *id, const char *reason)
{
	if (run->n_override == PUSH_OVERRIDES)
		return;
	run->override[run->n_override].id = mem_text(id);
	run->override[run->n_override++].reason = mem_text(reason);
}

/* Takes from the journal what a set cannot tell of the records before that push: which were not published, and whose TTL was automatic. */
static void take_restored(struct push_run *run, const struct past_push *past)
{
	const struct mxset *want = &run->push.plan.want;
	bool automatic = json_array_size(past->held) > 0;
	const json_t *record;
	size_t i;

	json_array_foreach(past->held, i, record)
	{
		const char *host = json_string_value(json_object_get(record, "host"));
		struct mx mx;

		mx_set(&mx, (uint32_t)json_integer_value(json_object_get(record, "preference")), host ? host : "");
		if (json_is_true(json_object_get(record, "disabled")))
			mxset_add(&run->disabled, &mx);
		else
			automatic &= json_is_true(json_object_get(record, "automatic")) &&
				     json_integer_value(json_object_get(record, "ttl")) == want->ttl_s;
	}
	run->automatic = automatic;
}

static void set_text(char **to, const char *text)
{
	free(*to);
	*to = mem_text(text);
}

/* What earlier runs of this push wrote, what it is for, and what was overridden for them. */
static void take_past(struct push_run *run, const struct past_push *past)
{
	run->prior = run->push.written = past->written;
	run->push.written_at = past->written_at;
	if (past->mark)
		snprintf(run->left_mark, sizeof(run->left_mark), "%s", past->mark);
	run->since_mark = past->since;
	run->since_taken = past->since_taken;
	run->left_known = past->left && mxset_from_json(&run->left, past->left, "", NULL);
	set_text(&run->push.note, past->note);
	set_text(&run->push.ticket, past->ticket);
	for (size_t i = 0; i < past->n_override; i++)
		push_add_override(run, past->override[i].id, past->override[i].reason);
	if (run->undo)
		take_restored(run, past);
	else
		set_text(&run->push.revert_of, past->revert_of);
}

bool push_know_more(struct push_run *run, struct err *err)
{
	size_t most = run->history.n ? run->history.n * MORE : 1;

	return history_read_back(run->app, &run->push.plan.domain, most, &run->history, err);
}

/* A plan that turns round the last change takes it back, wherever it was made. */
static void take_reverted(struct push_run *run, const struct history *history)
{
	const struct past_push *past = history_find(history, run->push.revert_of);
	const struct plan *plan = &run->push.plan;

	if (!past || run->undo || !mxset_equal(&past->plan.base, &plan->want) || !mxset_equal(&past->plan.want, &plan->base))
		return;
	if (!run->push.revert_of)
		run->push.revert_of = mem_text(past->id);
	run->takes_back = true;
	take_restored(run, past);
}

/* An earlier push that stands part-way must be ended first. */
bool push_look_back(struct push_run *run, struct err *err)
{
	struct history *history = &run->history;
	const struct past_push *past;
	bool ok;

	history_release(history);
	/* The last push, where it is a change that stands, is what would be taken back. */
	do {
		if (!push_know_more(run, err))
			return false;
	} while (history->part && !history_find(history, run->push.revert_of));
	past = history_unfinished(history);
	ok = !past || run->resume;
	if (!ok) {
		err_set(err, ERR_INTERRUPTED, N_("the push %s of this domain is unfinished"), past->id);
		err_hint(
			err, N_("mxladder resume finishes it; with --undo it takes it back, with --abandon REASON it leaves it as it is."));
	} else if (past && run->resume && !strcmp(past->id, run->push.id)) {
		take_past(run, past);
	}
	take_reverted(run, history);
	return ok;
}
