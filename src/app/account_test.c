/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/account_test.h"

#include <stdlib.h>
#include <string.h>

#include "app/account.h"
#include "app/exec.h"
#include "base/mem.h"
#include "base/banned.h"

struct trial {
	struct account_test test; /* the first member: what is shown */
	struct account_tests *tests;
	struct provider_account account;
	struct exec *exec;
	struct trial *next;
};

struct account_tests {
	struct app *app;
	void (*changed)(void *data);
	void *data;
	struct trial *first;
};

struct account_tests *account_tests_new(struct app *app, void (*changed)(void *data), void *data)
{
	struct account_tests *tests = mem_alloc(sizeof(*tests));

	*tests = (struct account_tests){ .app = app, .changed = changed, .data = data };
	return tests;
}

static void trial_free(struct trial *trial)
{
	exec_free(trial->exec);
	free(trial->test.name);
	free(trial->test.who);
	free(trial);
}

void account_tests_free(struct account_tests *tests)
{
	while (tests && tests->first) {
		struct trial *trial = tests->first;

		tests->first = trial->next;
		trial_free(trial);
	}
	free(tests);
}

static struct trial **place_of(struct account_tests *tests, const char *name)
{
	struct trial **at = &tests->first;

	while (*at && strcmp((*at)->test.name, name) != 0)
		at = &(*at)->next;
	return at;
}

const struct account_test *account_test_of(const struct account_tests *tests, const char *name)
{
	for (const struct trial *trial = tests ? tests->first : NULL; trial; trial = trial->next)
		if (!strcmp(trial->test.name, name))
			return &trial->test;
	return NULL;
}

void account_test_forget(struct account_tests *tests, const char *name)
{
	struct trial **at = place_of(tests, name), *trial = *at;

	if (!trial)
		return;
	*at = trial->next;
	trial_free(trial);
}

/* ---- verify, then the zones ---- */

static void end(struct trial *trial)
{
	trial->test.running = false;
	trial->test.at = loop_now();
	if (trial->tests->changed)
		trial->tests->changed(trial->tests->data);
}

static void ask(struct trial *trial, enum provider_goal goal, exec_fn fn)
{
	struct exec_task task = { .account = &trial->account, .goal = goal };
	struct dname owner;

	dname_root(&owner); /* all zones */
	if (goal == GOAL_ZONES || account_domain(&trial->tests->app->config, trial->test.name, &owner))
		task.owner = &owner;
	exec_free(trial->exec);
	trial->exec = exec_start(trial->tests->app, &task, fn, trial);
}

static void on_zones(void *data, const struct provider_run *run, const struct err *err)
{
	struct trial *trial = data;
	struct account *account = account_of(trial->tests->app, &trial->account);
	struct account_zone zone;

	(void)run;
	if (err)
		trial->test.why_no_zones = *err;
	trial->test.zones_known = !err;
	if (account->login.who)
		trial->test.who = mem_text(account->login.who);
	trial->test.until = account->login.until;
	for (size_t at = 0; !err && account_zone(account, &at, &zone);)
		trial->test.zones++;
	end(trial);
}

static void on_verified(void *data, const struct provider_run *run, const struct err *err)
{
	struct trial *trial = data;

	(void)run;
	if (err) {
		trial->test.err = *err;
		end(trial);
	} else {
		ask(trial, GOAL_ZONES, on_zones);
	}
}

void account_test_begin(struct account_tests *tests, const char *name)
{
	struct trial *trial = *place_of(tests, name);
	struct dname none;

	if (trial && trial->test.running)
		return;
	account_test_forget(tests, name);
	trial = mem_alloc(sizeof(*trial));
	*trial = (struct trial){ .test = { .name = mem_text(name), .running = true }, .tests = tests, .next = tests->first };
	tests->first = trial;
	dname_root(&none);
	if (app_account(tests->app, &none, name, &trial->account, &trial->test.err))
		ask(trial, GOAL_VERIFY, on_verified);
	else
		end(trial);
}

const struct provider *account_provider(const struct config_section *section)
{
	const char *name = config_value(section, "provider");

	return name ? provider_find(name) : NULL;
}
