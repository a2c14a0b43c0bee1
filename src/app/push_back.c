/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After a write: what is held now, against what must be held if nobody else wrote; the last call; published. */
#include <string.h>

#include "app/push_run.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/banned.h"

#define WRITE_ROUNDS 3 /* a write that the vendor or the network spoiled is read back, and what remains is written again */
#define REREADS 3      /* of one write that has to wait each time */
#define FRESH_MS 1500  /* for so long after the read it may be written to */
#define SETTLE_FIRST_MS 250
#define SETTLE_MOST_MS 4000

static void read_again(void *data);
static void read_then(struct push_run *run, exec_fn fn);

static bool whole(const struct push_run *run)
{
	return run->account.provider->caps & (CAP_ATOMIC_SET | CAP_BATCH);
}

/* ---- waiting for what was written to show ---- */

/* In whole seconds: as the account's section says, else the provider's row. */
static uint32_t settle_s(const struct push_run *run)
{
	const char *own = config_get(&run->app->config, "account", run->account.name, "settle");

	return own ? (uint32_t)config_number(&run->app->config, "account", run->account.name, "settle") : run->account.provider->settle_s;
}

bool push_settling(const struct push_run *run)
{
	return run->push.phase == PHASE_READING_BACK && run->timer && !run->exec;
}

static void tell_settling(struct push_run *run, uint64_t left_ms)
{
	int64_t until = loop_now() + (int64_t)(left_ms + 999) / 1000;
	struct str text;
	struct msg msg;

	str_init(&text, 0);
	text_time(&text, until);
	msg_set(&msg, N_("%s may still show what was there before: it is read again until %s"), run->account.provider->title, text.s);
	str_release(&text);
	push_waits(run, &msg, until);
}

/* Reads once more after a growing wait; false when the provider had all the time that it may need. */
static bool wait_more(struct push_run *run)
{
	uint64_t now = loop_ms(), left;

	if (!run->settle_until_ms) {
		run->settle_until_ms = now + (uint64_t)settle_s(run) * 1000;
		run->settle_wait_ms = SETTLE_FIRST_MS;
	}
	if (run->stopping || now >= run->settle_until_ms)
		return false;
	left = run->settle_until_ms - now;
	run->timer = loop_after(run->app->loop, left < run->settle_wait_ms ? left : run->settle_wait_ms, read_again, run);
	tell_settling(run, left);
	run->settle_wait_ms = run->settle_wait_ms * 2 < SETTLE_MOST_MS ? run->settle_wait_ms * 2 : SETTLE_MOST_MS;
	return true;
}

/* ---- published ---- */

static void published(struct push_run *run)
{
	struct err err = { 0 };

	push_end_turn(run);
	run->push.provider_verified = true;
	run->push.published_at = run->accepted_at ? run->accepted_at : loop_now();
	push_know_drain(run);
	if (run->app->demo && !app_reload_world(run->app, &err))
		push_end(run, PUSH_PUBLISHED, &err);
	else if (run->no_watch)
		push_end(run, PUSH_PUBLISHED, NULL);
	else
		push_watch(run);
	if (run->stopping && !run->push.done)
		push_watch_stop(run);
}

/* While the command ran, somebody else may have put another set into the file: then nobody knows which of the two it was for. */
static void committed_read_done(void *data, const struct provider_run *found, const struct err *err)
{
	struct push_run *run = data;
	struct mxset now;
	bool same;

	mxset_init(&now);
	if (!err)
		provider_set_published(&found->have, &now);
	same = !err && mxset_equal(&now, &run->push.held);
	mxset_release(&now);
	if (!err && !same)
		push_take_found(run, found);
	if (err)
		run->remark = *err;
	push_drop_exec(run);
	if (!err && !same)
		push_conflict(run);
	else
		published(run);
}

static void commit_done(void *data, const struct provider_run *done, const struct err *err)
{
	struct push_run *run = data;
	struct err why = err ? *err : (struct err){ 0 };

	(void)done;
	push_drop_exec(run);
	run->committing = false;
	if (run->dry) {
		push_end(run, err ? PUSH_FAILED : PUSH_RUNNING, err);
		return;
	}
	if (err)
		run->push.committed = COMMIT_FAILED;
	else if (run->part_requests)
		run->push.committed = COMMIT_DONE;
	run->push.held_known = true;
	if (err)
		push_unfinished(run, &why);
	else if (run->push.committed == COMMIT_DONE && run->account.provider->caps & CAP_LOCAL)
		read_then(run, committed_read_done);
	else
		published(run);
}

/* Notes where the held set is the wanted one but for a TTL or a repeated record. */
static void remark(struct push_run *run)
{
	const struct push *push = &run->push;
	char domain[DNAME_TEXT_MAX], held[TEXT_SPAN_MAX], want[TEXT_SPAN_MAX];

	if (push->plan.want.n && push->held.ttl_s != push->plan.want.ttl_s) {
		err_set(&run->remark, ERR_FALSE, N_("published, but %s holds a TTL of %s, not %s"), run->account.provider->title,
			text_span(push->held.ttl_s, held), text_span(push->plan.want.ttl_s, want));
		err_hint(&run->remark, N_("It takes no other TTL, or somebody else has changed it right after the write."));
	} else if (provider_set_ttl_mixed(&run->found.have)) {
		err_set(&run->remark, ERR_FALSE, N_("published, but %s keeps records of %s with different TTLs"),
			run->account.provider->title, dname_text(&push->plan.domain, domain));
	} else if (!mxset_equal(&push->held, &push->plan.want) && push->held.n > push->plan.want.n) {
		err_set(&run->remark, ERR_FALSE, N_("published, but %s keeps a record of %s more than once"), run->account.provider->title,
			dname_text(&push->plan.domain, domain));
	}
}

bool push_commit(struct push_run *run)
{
	struct exec_task task = { .account = &run->account,
		.goal = GOAL_COMMIT,
		.owner = &run->push.plan.domain,
		.found = &run->found,
		.want = &run->push.plan.want,
		.hooks = &push_hooks,
		.dry = run->dry };

	if (!(run->account.provider->caps & CAP_COMMIT))
		return false;
	run->committing = true;
	run->part_requests = 0;
	run->push.phase = PHASE_WRITING;
	push_changed(run);
	run->exec = exec_start(run->app, &task, commit_done, run);
	return true;
}

void push_wanted(struct push_run *run)
{
	remark(run);
	if (!push_commit(run))
		published(run);
}

/* ---- what was read back ---- */

/* The wanted set is held after so many writes to the zone, of which these were surely this push's: one at the least. A request without a
 * clear answer may be any of the others, or none. */
void push_count(struct push_run *run, unsigned n, unsigned taken)
{
	run->push.uncounted |= !(run->account.provider->caps & CAP_COMPARE) && n != WRITES_UNKNOWN && n > 1 && n > taken;
}

static unsigned taken_now(const struct push *push)
{
	unsigned n = 0;

	for (size_t i = 0; i < push->n_step; i++)
		n += push->step[i].writes && !push->step[i].commit && push->step[i].fate == FATE_TAKEN;
	return n;
}

/* Has the zone had more writes than this run made? Then another's change may be lost under ours. False where a zone counts no writes. */
static bool others_wrote(struct push_run *run)
{
	const struct provider *provider = run->account.provider;
	unsigned n = 0, ours = run->push.written - run->prior;

	/* Where a write itself compares, what others wrote after it overwrites nothing. */
	if (provider->caps & CAP_COMPARE)
		return false;
	if (provider->writes_between && *run->mark && *run->found.have.mark)
		n = provider->writes_between(run->mark, run->found.have.mark);
	if (n == WRITES_UNKNOWN)
		n = 0;
	if (n <= ours)
		push_count(run, n, taken_now(&run->push));
	run->push.unguarded |= ours && !n && whole(run);
	return n > ours;
}

static void all_parts_done(struct push_run *run)
{
	if (others_wrote(run))
		push_conflict(run);
	else
		push_wanted(run);
}

void push_part_done(struct push_run *run)
{
	struct err err = { 0 };

	if (run->stopping && !push_holds(run, &run->push.plan.want)) {
		err_set(&err, ERR_INTERRUPTED, N_("stopped on request"));
		push_give_up(run, &err);
	} else if (run->part == PART_ADD) {
		run->part = PART_REMOVE;
		push_write_part(run);
	} else if (run->part == PART_REMOVE && run->part_requests) {
		push_write_part(run);
	} else {
		all_parts_done(run);
	}
}

/* Somebody else has written. Where our removal left nothing of the wanted set, it is added again at once; else it is a conflict. */
static void other_wrote(struct push_run *run)
{
	bool gone = run->removed_any && run->push.plan.want.n && !push_has_any(&run->found.have, &run->push.plan.want);

	if (!gone || run->restoring || run->stopping) {
		push_conflict(run);
		return;
	}
	run->restoring = true;
	run->part = PART_ADD;
	push_write_part(run);
}

/* Did the provider round the TTL? It is neither the old nor the wanted one; the old one may still change. */
static bool ttl_settled(const struct push_run *run)
{
	struct mxset before;
	bool settled;

	mxset_init(&before);
	provider_set_published(&run->before, &before);
	settled = run->part == PART_REMOVE || !run->push.plan.want.n ||
		  (!provider_set_ttl_mixed(&run->found.have) &&
			  (run->push.held.ttl_s == run->push.plan.want.ttl_s || run->push.held.ttl_s != before.ttl_s));
	mxset_release(&before);
	return settled;
}

/* The old set is held: by more than one write to the zone somebody may have undone what was sent. */
static bool may_be_undone(const struct push_run *run)
{
	const struct provider *provider = run->account.provider;
	unsigned n = WRITES_UNKNOWN;

	if (provider->writes_between && *run->mark && *run->found.have.mark)
		n = provider->writes_between(run->mark, run->found.have.mark);
	return n != WRITES_UNKNOWN && n > 1;
}

/* Is it safe to ask for the same again? A whole set is the same whenever it takes effect; a record would be there twice. */
static bool may_write_again(struct push_run *run)
{
	return run->write_err.code == ERR_NETWORK && !run->stopping && !run->odd && !run->busy && !may_be_undone(run) &&
	       (whole(run) || run->part_fate < FATE_OPEN) && ++run->rounds < WRITE_ROUNDS;
}

/* A request without a clear answer took effect after all, as the read shows: what remains can go on. */
static bool moved_on(const struct push_run *run)
{
	const struct provider_set *before = &run->before, *now = &run->found.have;
	bool same = before->n == now->n;

	for (size_t i = 0; same && i < now->n; i++)
		same = mx_equal(&before->record[i].mx, &now->record[i].mx) && before->record[i].ttl_s == now->record[i].ttl_s;
	return !same && !run->stopping && run->part == PART_ADD && (run->odd || run->part_fate == FATE_OPEN);
}

/* The read still shows the set of before the write. */
static void not_seen(struct push_run *run)
{
	const struct push *push = &run->push;
	struct err why = run->write_err;
	bool failed = true;

	if (why.code == ERR_NONE)
		err_set(&why, ERR_REFUSED, N_("the provider accepted the change, but does not show it"));
	for (size_t i = 0; i < push->n_step; i++)
		failed &= push->step[i].fate <= FATE_FAILED;
	if (failed && !run->prior && mxset_equal(&push->held, &push->plan.base)) {
		run->push.written = 0;
		push_give_up(run, &why);
	} else {
		push_unfinished(run, &why);
	}
}

/* Did the provider refuse the record that guards the set? It would have stood there twice for a moment. */
static bool guard_refused(const struct push_run *run)
{
	return run->part == PART_REMOVE && *run->changed && !run->no_guard && run->part_fate == FATE_NONE && !run->busy &&
	       run->write_err.code == ERR_REFUSED;
}

static void write_unguarded(struct push_run *run)
{
	run->no_guard = run->push.unguarded = true;
	push_write_part(run);
}

static void judge(struct push_run *run)
{
	struct push_write write = { &run->before, &run->push.plan.want, run->part, run->account.provider->caps & CAP_ATOMIC_SET,
		run->changed, run->removed, run->part_fate == FATE_TAKEN };
	enum push_seen seen = push_compare(&write, &run->found.have);
	bool records = push_has_records(&run->found.have, &run->push.plan.want);

	if (run->restoring || seen == SEEN_OTHER)
		other_wrote(run);
	else if (seen == SEEN_ALL && ttl_settled(run))
		push_part_done(run);
	else if (guard_refused(run))
		write_unguarded(run);
	else if (moved_on(run) || may_write_again(run))
		push_write_part(run);
	else if (run->part_fate != FATE_NONE && wait_more(run))
		return;
	else if (seen == SEEN_ALL && run->write_err.code == ERR_NONE && !mxset_same_records(&run->push.plan.base, &run->push.plan.want))
		push_part_done(run);
	else if (records && run->part == PART_REMOVE && run->write_err.code == ERR_NONE)
		all_parts_done(run);
	else
		not_seen(run);
}

static void read_back_done(void *data, const struct provider_run *found, const struct err *err)
{
	struct push_run *run = data;
	struct err why = err ? *err : (struct err){ 0 };

	if (!err)
		push_take_found(run, found);
	push_drop_exec(run);
	if (!err)
		judge(run);
	else
		push_give_up(run, run->write_err.code != ERR_NONE ? &run->write_err : &why);
}

/* The zone that was written to: it was found before. */
static void read_then(struct push_run *run, exec_fn fn)
{
	struct exec_task task = { .account = &run->account,
		.goal = GOAL_READ,
		.owner = &run->push.plan.domain,
		.found = &run->found,
		.marked = run->part_fate == FATE_OPEN,
		.hooks = &push_read_hooks };

	run->push.phase = PHASE_READING_BACK;
	push_changed(run);
	run->exec = exec_start(run->app, &task, fn, run);
}

static void read_again(void *data)
{
	struct push_run *run = data;

	run->timer = NULL;
	run->push.wait.id = NULL;
	read_then(run, read_back_done);
}

void push_read_back(struct push_run *run)
{
	read_again(run);
}

/* ---- read again, as the write had to wait for its turn ---- */

/* Where the write itself compares, it needs no fresh read. */
bool push_is_stale(struct push_run *run, const struct request *request, struct err *err)
{
	unsigned caps = run->account.provider->caps;
	bool compares = caps & CAP_COMPARE && !(caps & CAP_NO_TTL);

	run->stale = request->writes && !compares && !run->committing && !run->restoring && run->part_fate == FATE_NONE &&
		     run->rereads < REREADS && loop_ms() - run->read_ms > FRESH_MS;
	if (run->stale)
		err_set(err, ERR_NETWORK, N_("the request had to wait: what is held is read again first"));
	return run->stale;
}

static void afresh_done(void *data, const struct provider_run *found, const struct err *err)
{
	struct push_run *run = data;
	struct push_write write = { &run->before, &run->push.plan.want, run->part, run->account.provider->caps & CAP_ATOMIC_SET, "", "",
		false };
	struct err why = err ? *err : (struct err){ 0 };

	if (!err) {
		push_take_found(run, found);
		run->busy = false; /* it answers again */
	}
	push_drop_exec(run);
	if (why.code != ERR_NONE)
		push_give_up(run, &why);
	else if (!run->push.written)
		push_compare_base(run);
	else if (push_compare(&write, &run->found.have) == SEEN_OTHER)
		other_wrote(run);
	else
		push_write_part(run);
}

void push_read_afresh(struct push_run *run)
{
	run->stale = false;
	run->rereads++;
	run->write_err = (struct err){ 0 };
	read_then(run, afresh_done);
}
