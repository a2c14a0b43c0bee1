/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/history.h"

#include <stdlib.h>
#include <string.h>

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

static struct past_push *find_or_add(struct history *history, const char *id)
{
	for (size_t i = 0; i < history->n; i++)
		if (!strcmp(history->push[i].id, id))
			return &history->push[i];
	history->push = mem_grow(history->push, history->n, &history->cap, sizeof(*history->push));
	history->push[history->n] = (struct past_push){ .id = mem_text(id) };
	plan_init(&history->push[history->n].plan);
	return &history->push[history->n++];
}

static void read_plan(struct past_push *push, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);
	struct plans plans = { 0 };

	if (text && plans_parse(&plans, text, strlen(text), NULL) && plans.n == 1)
		plan_copy(&push->plan, &plans.plan[0]);
	plans_release(&plans);
	free(text);
}

static void read_begin(struct past_push *push, const json_t *event, bool resumed)
{
	const char *at = member(event, "at");

	set_text(&push->state, "interrupted"); /* until an end is read */
	if (resumed)
		return;
	if (at)
		text_parse_time(at, &push->at);
	read_plan(push, json_object_get(event, "plan"));
	set_text(&push->note, push->plan.note);
	set_text(&push->by, push->plan.n_approval ? push->plan.approval[0].by : push->plan.created_by);
	set_text(&push->revert_of, member(event, "revert_of"));
	push->n_override = json_array_size(json_object_get(event, "overrides"));
}

/* A partial push is unfinished business whatever ended it. */
static void read_end(struct past_push *push, const json_t *event)
{
	const char *state = member(event, "state");

	set_text(&push->state, state ? state : "interrupted");
	json_decref(push->record);
	push->record = json_deep_copy(event);
}

bool history_read(struct app *app, const struct dname *domain, struct history *history, struct err *err)
{
	json_t *events = store_journal_read(app->store, domain, err), *event;
	size_t i;

	if (!events)
		return false;
	json_array_foreach(events, i, event)
	{
		const char *what = member(event, "event"), *id = member(event, "push");
		if (!what || !id)
			continue;
		if (!strcmp(what, "begin") || !strcmp(what, "resume"))
			read_begin(find_or_add(history, id), event, *what == 'r');
		else if (!strcmp(what, "end"))
			read_end(find_or_add(history, id), event);
	}
	json_decref(events);
	return true;
}

void history_release(struct history *history)
{
	for (size_t i = 0; i < history->n; i++) {
		struct past_push *push = &history->push[i];
		free(push->id);
		free(push->state);
		free(push->by);
		free(push->note);
		free(push->revert_of);
		plan_release(&push->plan);
		json_decref(push->record);
	}
	free(history->push);
	*history = (struct history){ 0 };
}

const struct past_push *history_find(const struct history *history, const char *id)
{
	for (size_t i = history->n; i-- > 0;) {
		const struct past_push *push = &history->push[i];
		if (id ? !strcmp(push->id, id) : push->state && !strcmp(push->state, "published"))
			return push;
	}
	return NULL;
}

const struct past_push *history_unfinished(const struct history *history)
{
	for (size_t i = history->n; i-- > 0;) {
		const struct past_push *push = &history->push[i];
		if (push->state && (!strcmp(push->state, "interrupted") || !strcmp(push->state, "partial")))
			return push;
	}
	return NULL;
}

void history_revert_plan(const struct past_push *push, struct plan *plan)
{
	struct mxset base;

	plan_copy(plan, &push->plan);
	base = plan->base;
	plan->base = plan->want;
	plan->want = base;
	free(plan->note);
	plan->note = mem_text("");
	plan_seal(plan);
}
