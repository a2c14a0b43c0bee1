/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void set_text(char **to, const char *text)
{
	free(*to);
	*to = mem_text(text);
}

static struct past_push *add_push(struct history *history, const char *id)
{
	history->push = mem_grow(history->push, history->n, &history->cap, sizeof(*history->push));
	history->push[history->n] = (struct past_push){ .id = mem_text(id) };
	plan_init(&history->push[history->n].plan);
	return &history->push[history->n++];
}

static void read_overrides(struct past_push *push, const json_t *event)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(event, "overrides"), i, one)
	{
		if (!member(one, "id") || !member(one, "reason"))
			continue;
		push->override = mem_grow(push->override, push->n_override, &push->cap_override, sizeof(*push->override));
		push->override[push->n_override++] = (struct past_override){ mem_text(member(one, "id")), mem_text(member(one, "reason")) };
	}
}

static int64_t time_of(const json_t *event)
{
	const char *text = member(event, "at");
	int64_t at = 0;

	return text && text_parse_time(text, &at) ? at : 0;
}

static void count_write(struct past_push *push, int64_t at)
{
	push->written++;
	push->since++;
	push->written_at = at;
	push->run_wrote = true;
	json_decref(push->left);
	push->left = NULL;
}

/* A request whose answer is not in the journal may have been sent. */
static void settle_request(struct past_push *push)
{
	if (push->asked)
		count_write(push, push->asked_at);
	push->asked = false;
}

static void read_run(struct past_push *push)
{
	settle_request(push);
	set_text(&push->state, "interrupted"); /* until an end is read */
	push->unfinished = true;
	push->run_wrote = false;
}

static bool read_begin(struct past_push *push, const json_t *event)
{
	read_run(push);
	push->at = time_of(event);
	if (!plan_from_json(&push->plan, json_object_get(event, "plan"), NULL))
		return false;
	/* What was said at the push, else in the plan. */
	set_text(&push->note, member(event, "note") ? member(event, "note") : push->plan.note);
	set_text(&push->ticket, member(event, "ticket") ? member(event, "ticket") : push->plan.ticket);
	set_text(&push->by, push->plan.n_approval ? push->plan.approval[0].by : push->plan.created_by);
	set_text(&push->revert_of, member(event, "revert_of"));
	read_overrides(push, event);
	return true;
}

/* Takes the old TTL from what the push found before its first request, where the plan does not know it. */
static void know_ttl(struct past_push *push)
{
	const json_t *ttl = json_object_get(json_array_get(push->held, 0), "ttl");

	if (push->plan.base.ttl_s == MX_TTL_UNKNOWN && json_is_integer(ttl))
		push->plan.base.ttl_s = (uint32_t)json_integer_value(ttl);
}

static void read_request(struct past_push *push, const json_t *event)
{
	settle_request(push);
	push->asked = !json_is_false(json_object_get(event, "writes"));
	push->asked_at = time_of(event);
	if (!push->mark && member(event, "mark")) {
		push->mark = mem_text(member(event, "mark"));
		push->since = push->since_taken = 0;
	}
	if (!push->held)
		push->held = json_incref(json_object_get(event, "held"));
	know_ttl(push);
}

/* Reads an answer's line. Lines of 2026-11-25 have no fate: a refusal changed nothing, anything else is unknown. */
static void read_answer(struct past_push *push, const json_t *event)
{
	const char *fate = member(event, "fate");
	json_int_t http = json_integer_value(json_object_get(event, "http"));
	bool refused = fate ? !strcmp(fate, "none") : http >= 400 && http < 500;

	if (push->asked && !refused) {
		count_write(push, time_of(event));
		push->since_taken += fate && !strcmp(fate, "taken");
	}
	push->asked = false;
}

/* The program of 2026-11-25 called a resume failed that had not got far enough to see what its push had written. */
static bool end_unfinished(const struct past_push *push, const json_t *event)
{
	const json_t *told = json_object_get(event, "unfinished");

	if (json_is_boolean(told))
		return json_is_true(told);
	if (!strcmp(push->state, "interrupted") || !strcmp(push->state, "partial"))
		return true;
	return (!strcmp(push->state, "failed") || !strcmp(push->state, "conflict")) && push->written && !push->run_wrote &&
	       !json_is_true(json_object_get(event, "undone"));
}

static void read_end(struct past_push *push, json_t *event)
{
	const char *state = member(event, "state");
	const json_t *written = json_object_get(event, "written");
	json_t *held = json_object_get(event, "held");

	settle_request(push);
	if (json_is_object(held)) {
		json_decref(push->left);
		push->left = json_incref(held);
		free(push->mark);
		push->mark = NULL;
	}
	set_text(&push->state, state ? state : "interrupted");
	if (json_is_integer(written))
		push->written = (unsigned)json_integer_value(written);
	push->unfinished = end_unfinished(push, event);
	push->undone = json_is_true(json_object_get(event, "undone"));
	json_decref(push->record);
	push->record = json_incref(event);
}

/* A watch that was taken up again saw more than the one of the push. */
static void read_verify(struct past_push *push, const json_t *event)
{
	static const char *const dates[] = { "safe_to_retire_old_hosts_at", "stretched_until" };
	json_t *verified = push->record ? json_object_get(push->record, "verified") : NULL;

	if (!verified)
		return;
	json_object_set(verified, "servers", json_object_get(json_object_get(event, "verified"), "servers"));
	json_object_set(verified, "others", json_object_get(json_object_get(event, "verified"), "others"));
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++)
		json_object_set(push->record, dates[i], json_object_get(event, dates[i]));
}

static void read_event(struct past_push *push, const char *what, json_t *event)
{
	if (!strcmp(what, "resume"))
		read_run(push);
	else if (!strcmp(what, "request"))
		read_request(push, event);
	else if (!strcmp(what, "answer"))
		read_answer(push, event);
	else if (!strcmp(what, "verify"))
		read_verify(push, event);
	else if (!strcmp(what, "hook") && push->record)
		json_object_set(push->record, "hook", json_object_get(event, "hook"));
	else if (!strcmp(what, "end"))
		read_end(push, event);
}

static struct past_push *find_push(struct history *history, const char *id)
{
	for (size_t i = 0; i < history->n; i++)
		if (!strcmp(history->push[i].id, id))
			return &history->push[i];
	return NULL;
}

/* Each line tells of a push, and the first one of each is its beginning: else lines are lost. */
static bool read_events(struct history *history, const json_t *events, struct err *err)
{
	json_t *event;
	size_t i;

	json_array_foreach(events, i, event)
	{
		const char *what = member(event, "event"), *id = member(event, "push");
		struct past_push *push = id ? find_push(history, id) : NULL;

		if (what && id && !push && !strcmp(what, "begin"))
			push = add_push(history, id);
		if (!what || !id)
			return err_set(err, ERR_FILE, N_("line %zu of the journal tells of no push"), i + 1);
		/* The program of 2026-11-25 kept the answers of dry runs too. */
		if (!push && !strcmp(what, "answer"))
			continue;
		if (!push)
			return err_set(err, ERR_FILE, N_("line %zu of the journal goes on with the push %s, whose beginning is missing"),
				i + 1, id);
		if (!strcmp(what, "begin") && !read_begin(push, event))
			return err_set(err, ERR_FILE, N_("line %zu of the journal begins a push whose plan cannot be read"), i + 1);
		read_event(push, what, event);
	}
	for (i = 0; i < history->n; i++)
		settle_request(&history->push[i]);
	return true;
}

bool history_read(struct app *app, const struct dname *domain, struct history *history, struct err *err)
{
	json_t *events = store_journal_read(app->store, domain, err);
	char name[DNAME_TEXT_MAX];
	bool ok;

	if (!events)
		return false;
	ok = read_events(history, events, err);
	json_decref(events);
	if (!ok) {
		err_hint(err,
			N_("Whether a push of %s is unfinished cannot be told. Compare what the provider holds, then move the journal away."),
			dname_text(domain, name));
		history_release(history);
	}
	return ok;
}

/* The program of 2026-11-25 did not say whether its push was left unfinished. */
static bool all_ended(const struct history *history)
{
	size_t n = 0;

	while (n < history->n && !history->push[n].unfinished && json_is_false(json_object_get(history->push[n].record, "unfinished")))
		n++;
	return n == history->n;
}

static void put_before(struct history *history, struct history *earlier)
{
	for (size_t i = 0; i < history->n; i++) {
		earlier->push = mem_grow(earlier->push, earlier->n, &earlier->cap, sizeof(*earlier->push));
		earlier->push[earlier->n++] = history->push[i];
	}
	free(history->push);
	*history = *earlier;
}

bool history_read_back(struct app *app, const struct dname *domain, size_t most, struct history *history, struct err *err)
{
	json_t *events = store_journal_last(app->store, domain, history->n ? history->push[0].id : NULL, most);
	struct history earlier = { 0 };
	bool known = events && read_events(&earlier, events, NULL) && all_ended(&earlier);

	json_decref(events);
	earlier.part = known && earlier.n == most;
	if (known) {
		put_before(history, &earlier);
		return true;
	}
	history_release(&earlier);
	history_release(history);
	return history_read(app, domain, history, err);
}

void history_release(struct history *history)
{
	for (size_t i = 0; i < history->n; i++) {
		struct past_push *push = &history->push[i];
		free(push->id);
		free(push->state);
		free(push->by);
		free(push->note);
		free(push->ticket);
		free(push->revert_of);
		for (size_t k = 0; k < push->n_override; k++) {
			free(push->override[k].id);
			free(push->override[k].reason);
		}
		free(push->override);
		plan_release(&push->plan);
		free(push->mark);
		json_decref(push->left);
		json_decref(push->held);
		json_decref(push->record);
	}
	free(history->push);
	*history = (struct history){ 0 };
}

static bool is_published(const struct past_push *push)
{
	return push->state && !strcmp(push->state, "published");
}

/* Notes whether push i was taken back by a later one, and by which. Each taking back counts for one push. */
static void note_reverted(const struct history *history, size_t i, bool *reverted, bool *reverting)
{
	const struct past_push *push = &history->push[i];

	for (size_t k = i + 1; k < history->n; k++) {
		const struct past_push *later = &history->push[k];
		bool named = later->revert_of && !strcmp(later->revert_of, push->id);
		bool old = later->record && !json_object_get(later->record, "unfinished"); /* it never named what it took back */
		bool turned = old && !later->revert_of && mxset_equal(&later->plan.base, &push->plan.want) &&
			      mxset_equal(&later->plan.want, &push->plan.base);
		if (is_published(later) && !reverting[k] && (named || turned)) {
			reverted[i] = reverting[k] = true;
			return;
		}
	}
}

static const struct past_push *last_change(const struct history *history)
{
	bool *reverted = mem_alloc(history->n + 1), *reverting = mem_alloc(history->n + 1);
	const struct past_push *found = NULL;

	for (size_t i = history->n; i-- > 0;)
		if (is_published(&history->push[i]))
			note_reverted(history, i, reverted, reverting);
	for (size_t i = history->n; i-- > 0 && !found;) {
		const struct past_push *push = &history->push[i];
		if (is_published(push) && !reverted[i] && !reverting[i] && !push->revert_of &&
			!mxset_equal(&push->plan.base, &push->plan.want))
			found = push;
	}
	free(reverted);
	free(reverting);
	return found;
}

const struct past_push *history_find(const struct history *history, const char *id)
{
	if (!id)
		return last_change(history);
	for (size_t i = history->n; i-- > 0;)
		if (!strcmp(history->push[i].id, id))
			return &history->push[i];
	return NULL;
}

const struct past_push *history_unfinished(const struct history *history)
{
	for (size_t i = history->n; i-- > 0;)
		if (history->push[i].unfinished)
			return &history->push[i];
	return NULL;
}

bool history_can_revert(const struct past_push *push, struct err *err)
{
	bool nothing = mxset_equal(&push->plan.base, &push->plan.want) || !push->state || !strcmp(push->state, "unchanged") ||
		       (!strcmp(push->state, "failed") && !push->unfinished) || (!strcmp(push->state, "conflict") && !push->written);

	return !nothing || err_set(err, ERR_FALSE, N_("the push %s changed nothing: there is nothing to take back"), push->id);
}

const char *history_state_text(const struct past_push *push)
{
	static const struct {
		const char *state, *text;
	} table[] = {
		{ "published", N_("published") },
		{ "unchanged", N_("unchanged") },
		{ "unknown", N_("unknown") },
		{ "partial", N_("partial") },
		{ "failed", N_("failed") },
		{ "conflict", N_("conflict") },
		{ "abandoned", N_("given up") },
	};

	if (push->undone)
		return N_("undone");
	for (size_t i = 0; push->state && i < sizeof(table) / sizeof(*table); i++)
		if (!strcmp(table[i].state, push->state))
			return table[i].text;
	return N_("interrupted");
}

void history_revert_plan(const struct past_push *push, struct plan *plan)
{
	struct mxset base;

	plan_copy(plan, &push->plan);
	base = plan->base;
	plan->base = plan->want;
	plan->want = base;
	free(plan->note);
	free(plan->ticket);
	plan->note = mem_text("");
	plan->ticket = mem_text("");
	plan_seal(plan);
}
