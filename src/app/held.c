/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/held.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/exec.h"
#include "base/mem.h"
#include "core/truth.h"
#include "base/banned.h"

struct held {
	struct facts *facts;
	struct exec *exec;
	struct loop_handle *timer; /* of a failure that needs no request */
	struct err err;
	bool implied; /* nobody named the account: it is the only one */
	held_fn changed;
	void *data;
};

static bool is_named(struct app *app, const struct dname *domain, const char *name)
{
	return (name && *name) || app->account || config_domain_get(&app->config, domain, "account");
}

bool held_account(struct app *app, const struct dname *domain, const char *name, struct provider_account *account, struct err *err)
{
	bool asked = is_named(app, domain, name);
	struct err why = { 0 };

	*account = (struct provider_account){ 0 };
	if (app_account(app, domain, name && *name ? name : NULL, account, &why))
		return true;
	account->provider = NULL;
	if (asked && err)
		*err = why;
	return !asked;
}

static uint32_t highest_ttl(const struct provider_set *set)
{
	uint32_t highest = 0;

	for (size_t i = 0; i < set->n; i++)
		if (!set->record[i].disabled && set->record[i].ttl_s > highest)
			highest = set->record[i].ttl_s;
	return highest;
}

static void take(struct held_facts *facts, const struct provider_run *run)
{
	provider_set_published(&run->have, &facts->set);
	facts->mx = facts->set.n ? ANSWER_DATA : ANSWER_NODATA;
	facts->ttl_max_s = highest_ttl(&run->have);
	facts->ttl_automatic = provider_set_ttl_automatic(&run->have);
	facts->ttl_guessed = provider_set_ttl_guessed(run->account->provider, &run->have);
	facts->first_ttl_s = run->first_ttl_s;
	facts->zone = run->zone;
	facts->at = loop_now();
	facts->reason[0] = '\0';
}

static enum answer kind_of(const struct err *err)
{
	return err->code == ERR_NETWORK ? ANSWER_UNREACHABLE : ANSWER_REFUSED;
}

static void fail(struct held *held)
{
	struct held_facts *facts = &held->facts->held;
	struct str text;

	str_init(&text, 0);
	err_format(&held->err, NULL, &text);
	mxset_release(&facts->set);
	facts->mx = kind_of(&held->err);
	snprintf(facts->reason, sizeof facts->reason, "%s", text.s);
	str_release(&text);
}

/* The only account there is has no zone for this domain, and nobody said that it has: there is no account to ask. */
static void forget(struct held_facts *facts)
{
	mxset_release(&facts->set);
	*facts = (struct held_facts){ 0 };
}

static void tell(struct held *held)
{
	truth_settle(held->facts);
	held->changed(held->data);
}

static void on_read(void *data, const struct provider_run *run, const struct err *err)
{
	struct held *held = data;

	if (err && held->implied && err->code == ERR_REFUSED && !run->zone.len) {
		forget(&held->facts->held);
	} else if (err) {
		held->err = *err;
		fail(held);
	} else {
		take(&held->facts->held, run);
	}
	exec_free(held->exec);
	held->exec = NULL;
	tell(held);
}

static void on_no_account(void *data)
{
	struct held *held = data;

	held->timer = NULL;
	fail(held);
	tell(held);
}

struct held *held_start(struct app *app, struct facts *facts, const char *name, held_fn changed, void *data)
{
	struct provider_account account;
	struct held *held;
	struct err why = { 0 };
	bool sound = held_account(app, &facts->domain, name, &account, &why);

	if (sound && (!account.provider || (app->world && !(account.provider->caps & CAP_LOCAL))))
		return NULL;
	held = mem_alloc(sizeof *held);
	*held = (struct held){
		.facts = facts, .err = why, .implied = !is_named(app, &facts->domain, name), .changed = changed, .data = data
	};
	if (!truth_tells(facts->held.mx))
		facts->held.mx = ANSWER_PENDING;
	if (sound) {
		struct exec_task task = { .account = &account, .goal = GOAL_READ, .owner = &facts->domain };

		snprintf(facts->held.account, sizeof facts->held.account, "%s", account.name);
		held->exec = exec_start(app, &task, on_read, held);
	} else {
		held->timer = loop_after(app->loop, 0, on_no_account, held);
	}
	return held;
}

bool held_running(const struct held *held)
{
	return held && (held->exec || held->timer);
}

const struct err *held_error(const struct held *held)
{
	return &held->err;
}

void held_free(struct held *held)
{
	if (!held)
		return;
	exec_free(held->exec);
	loop_cancel(held->timer);
	free(held);
}
