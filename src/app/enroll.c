/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/enroll.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/account.h"
#include "app/exec.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "core/meant.h"
#include "base/banned.h"

const struct provider *enroll_offer(size_t i)
{
	return providers[i];
}

struct enroll *enroll_new(struct app *app)
{
	struct enroll *enroll = mem_alloc(sizeof(*enroll));

	*enroll = (struct enroll){ .app = app };
	return enroll;
}

static void end_trial(struct enroll *enroll)
{
	exec_free(enroll->exec);
	enroll->exec = NULL;
	enroll->zones = NULL;
	if (enroll->dir)
		setup_trial_end(&enroll->trial, enroll->dir);
	enroll->dir = NULL;
}

static void drop_key(struct enroll *enroll)
{
	if (enroll->key_written)
		unlink(enroll->key_file);
	enroll->key_written = false;
	free(enroll->key_file);
	free(enroll->key_command);
	enroll->key_file = enroll->key_command = NULL;
}

void enroll_free(struct enroll *enroll)
{
	if (!enroll)
		return;
	end_trial(enroll);
	drop_key(enroll);
	free(enroll->name);
	free(enroll->endpoint);
	while (enroll->n_set)
		free(enroll->set[--enroll->n_set]);
	while (enroll->n_domain)
		free(enroll->domain[--enroll->n_domain]);
	free(enroll->domain);
	free(enroll);
}

/* ---- answers ---- */

static void take(char **place, const char *text)
{
	free(*place);
	*place = *text ? mem_text(text) : NULL;
}

bool enroll_provider(struct enroll *enroll, const char *text, struct err *err)
{
	enroll->provider = provider_find(text);
	return enroll->provider || err_set(err, ERR_USAGE, N_("no provider is named %s"), text);
}

bool enroll_name(struct enroll *enroll, const char *text, struct err *err)
{
	take(&enroll->name, *text ? text : enroll->provider->name);
	return setup_name(enroll->app, enroll->name, err);
}

bool enroll_endpoint(struct enroll *enroll, const char *text, struct err *err)
{
	bool usual = !strcmp(text, enroll->provider->endpoint);

	free(enroll->endpoint);
	enroll->endpoint = !*text || usual ? NULL : enroll->provider->caps & CAP_LOCAL ? setup_path(text) : mem_text(text);
	return enroll->endpoint || *enroll->provider->endpoint ||
	       err_set(err, ERR_USAGE, N_("%s has no address that would do for all"), enroll->provider->title);
}

const struct provider_setting *enroll_setting(const struct enroll *enroll)
{
	size_t n = 0;

	for (const struct provider_setting *s = enroll->provider->settings; s && s->name; s++)
		if (!s->standard && n++ == enroll->n_set)
			return s;
	return NULL;
}

bool enroll_set(struct enroll *enroll, const char *value, struct err *err)
{
	const struct provider_setting *setting = enroll_setting(enroll);
	struct str set;

	if (!*value)
		return err_set(err, ERR_USAGE, N_("%s needs a value for %s"), enroll->provider->title, setting->name);
	str_init(&set, 0);
	str_addf(&set, "%s=%s", setting->name, value);
	enroll->set[enroll->n_set++] = str_take(&set);
	return true;
}

bool enroll_key_place(struct enroll *enroll, const char *text, struct err *err)
{
	drop_key(enroll);
	if (*text == '!') {
		take(&enroll->key_command, text + 1 + strspn(text + 1, " "));
		return enroll->key_command || err_set(err, ERR_USAGE, N_("there is no command behind the !"));
	}
	enroll->key_file = setup_path(text);
	return *text == '~' || access(enroll->key_file, R_OK) == 0 ||
	       err_set(err, ERR_FILE, N_("there is no file %s that could be read"), enroll->key_file);
}

bool enroll_key(struct enroll *enroll, const char *key, struct err *err)
{
	drop_key(enroll);
	if (!*key)
		return err_set(err, ERR_USAGE, N_("%s needs a key"), enroll->provider->title);
	enroll->key_file = setup_write_key(enroll->app, enroll->name, key, err);
	enroll->key_written = enroll->key_file != NULL;
	return enroll->key_written;
}

/* ---- trying it ---- */

static bool sections(const struct enroll *enroll, struct str *out, struct err *err)
{
	const struct setup setup = {
		.name = enroll->name,
		.provider = enroll->provider,
		.endpoint = enroll->endpoint,
		.key_file = enroll->key_file,
		.key_command = enroll->key_command,
		.n_set = enroll->n_set,
		.set = (const char *const *)enroll->set,
		.n_domain = enroll->n_domain,
		.domain = (const char *const *)enroll->domain,
	};

	return setup_sections(enroll->app, &setup, out, err);
}

static bool ask(struct enroll *enroll, enum provider_goal goal, exec_fn fn)
{
	struct exec_task task = { .account = &enroll->known, .goal = goal };
	struct dname owner;

	dname_root(&owner); /* all zones */
	if (goal == GOAL_ZONES || account_domain(&enroll->trial.config, enroll->name, &owner))
		task.owner = &owner;
	exec_free(enroll->exec);
	enroll->exec = exec_start(&enroll->trial, &task, fn, enroll);
	return enroll->exec != NULL;
}

/* Goes on with the zones, or without them: an account whose provider gives no list is as good. */
static void on_zones(void *data, const struct provider_run *run, const struct err *err)
{
	struct enroll *enroll = data;

	(void)run;
	enroll->zones = err ? NULL : account_of(&enroll->trial, &enroll->known);
	enroll->done(enroll->data, NULL);
}

static void on_verified(void *data, const struct provider_run *run, const struct err *err)
{
	struct enroll *enroll = data;

	enroll->wants_domain = err && (enroll->wants_domain || run->told.wants_zone);
	if (err || !ask(enroll, GOAL_ZONES, on_zones))
		enroll->done(enroll->data, err);
}

bool enroll_try(struct enroll *enroll, void (*done)(void *data, const struct err *err), void *data, struct err *err)
{
	struct str text;
	struct dname none;
	bool ok;

	end_trial(enroll);
	dname_root(&none);
	enroll->done = done;
	enroll->data = data;
	str_init(&text, 0);
	ok = sections(enroll, &text, err) && setup_trial(enroll->app, &text, &enroll->trial, &enroll->dir, err);
	str_release(&text);
	if (!ok)
		return false;
	app_join(&enroll->trial, enroll->app);
	return app_account(&enroll->trial, &none, enroll->name, &enroll->known, err) && ask(enroll, GOAL_VERIFY, on_verified);
}

/* ---- domains ---- */

static void add(struct enroll *enroll, const char *name)
{
	for (size_t i = 0; i < enroll->n_domain; i++)
		if (!strcmp(enroll->domain[i], name))
			return;
	enroll->domain = mem_grow(enroll->domain, enroll->n_domain, &enroll->cap_domain, sizeof(*enroll->domain));
	enroll->domain[enroll->n_domain++] = mem_text(name);
}

static void add_all(struct enroll *enroll)
{
	struct account_zone zone;
	char text[DNAME_TEXT_MAX];
	struct dname name;

	for (size_t at = 0; enroll->zones && account_zone(enroll->zones, &at, &zone);)
		if (dname_parse(&name, zone.name, NULL) && !config_domain(&enroll->app->config, &name))
			add(enroll, dname_text(&name, text));
}

bool enroll_domains(struct enroll *enroll, const char *text, struct err *err)
{
	char *rest = mem_text(text), *save = NULL, name[DNAME_TEXT_MAX];
	struct dname domain;
	bool ok = true;

	while (enroll->n_domain)
		free(enroll->domain[--enroll->n_domain]);
	for (char *word = strtok_r(rest, " \t,", &save); ok && word; word = strtok_r(NULL, " \t,", &save)) {
		if (!strcmp(word, "*")) {
			add_all(enroll);
			continue;
		}
		ok = meant_domain(&domain, word, err);
		if (ok)
			add(enroll, dname_text(&domain, name));
	}
	free(rest);
	return ok;
}

bool enroll_write(struct enroll *enroll, struct err *err)
{
	struct str text;
	bool ok;

	str_init(&text, 0);
	ok = sections(enroll, &text, err) && setup_write(enroll->app, &text, err);
	str_release(&text);
	if (ok)
		enroll->key_written = false; /* it belongs to the configuration now */
	return ok && app_read_again(enroll->app, err);
}
