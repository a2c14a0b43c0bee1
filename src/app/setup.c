/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/setup.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "core/meant.h"
#include "io/scratch.h"
#include "base/banned.h"

#define CONFIG_MAX ((size_t)1 << 20)

/* ---- the sections ---- */

/* inih cuts a value at " ;" and at its ends; a section's name ends with "]". */
static bool stands(const char *what, const char *value, const char *refused, struct err *err)
{
	if (*value && !strpbrk(value, "\r\n") && !strpbrk(value, refused) && !strstr(value, " ;") && !strstr(value, "\t;") &&
		!strchr(" \t;", *value) && !strchr(" \t", value[strlen(value) - 1]))
		return true;
	return err_set(err, ERR_USAGE, N_("\"%s\" cannot stand in the configuration as %s"), value, what);
}

static bool add_line(struct str *out, const char *name, const char *value, struct err *err)
{
	if (!value)
		return true;
	str_addf(out, "%s = %s\n", name, value);
	return stands(name, value, "", err);
}

static const struct provider_setting *setting_of(const struct provider *provider, const char *name, size_t len)
{
	for (const struct provider_setting *s = provider->settings; s && s->name; s++)
		if (strlen(s->name) == len && !strncmp(s->name, name, len))
			return s;
	return NULL;
}

static bool add_set(struct str *out, const struct provider *provider, const char *set, struct err *err)
{
	size_t len = strcspn(set, "=");
	const struct provider_setting *setting = setting_of(provider, set, len);

	if (!set[len])
		return err_set(err, ERR_USAGE, N_("\"%s\" is not NAME=VALUE"), set);
	if (!setting) {
		err_set(err, ERR_USAGE, N_("%s has no setting of that name: %s"), provider->title, set);
		err_hint(err, N_("mxladder list providers shows them."));
		return false;
	}
	return add_line(out, setting->name, set + len + 1, err);
}

/* The one at i, once however often it was typed. */
static bool add_domain(const struct app *app, struct str *out, const struct setup *setup, size_t i, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	struct dname domain, before;

	if (!meant_domain(&domain, setup->domain[i], err))
		return false;
	for (size_t k = 0; k < i; k++)
		if (meant_domain(&before, setup->domain[k], NULL) && dname_equal(&before, &domain))
			return true;
	if (config_domain(&app->config, &domain))
		return err_set(err, ERR_USAGE, N_("%s has a section in the configuration already"), dname_show(&domain, text));
	str_addf(out, "\n[domain %s]\naccount = %s\n", dname_text(&domain, text), setup->name);
	return true;
}

char *setup_path(const char *path)
{
	char *whole = *path != '/' && *path != '~' ? realpath(path, NULL) : NULL;

	return whole ? whole : mem_text(path);
}

bool setup_name(const struct app *app, const char *name, struct err *err)
{
	if (!stands("[account NAME]", name, "]\"", err))
		return false;
	return !config_find(&app->config, "account", name) ||
	       err_set(err, ERR_USAGE, N_("there is an account %s in the configuration already"), name);
}

bool setup_sections(const struct app *app, const struct setup *setup, struct str *out, struct err *err)
{
	bool ok = setup_name(app, setup->name, err);

	str_addf(out, "[account %s]\nprovider = %s\n", setup->name, setup->provider->name);
	ok = ok && add_line(out, "endpoint", setup->endpoint, err) && add_line(out, "key_file", setup->key_file, err) &&
	     add_line(out, "key_command", setup->key_command, err);
	for (size_t i = 0; ok && i < setup->n_set; i++)
		ok = add_set(out, setup->provider, setup->set[i], err);
	for (size_t i = 0; ok && i < setup->n_domain; i++)
		ok = add_domain(app, out, setup, i, err);
	return ok;
}

/* ---- the file ---- */

/* What it holds now, and with the sections behind it. */
static bool read_both(const struct app *app, const struct str *sections, struct str *now, struct str *then, struct err *err)
{
	str_init(now, CONFIG_MAX);
	str_init(then, 0);
	if (access(app->config.path, F_OK) == 0 && !store_read_trusted(app->config.path, CONFIG_MAX, now, err))
		return false;
	str_add_bytes(then, now->s, now->len);
	if (now->len)
		str_add(then, now->s[now->len - 1] == '\n' ? "\n" : "\n\n");
	str_add_bytes(then, sections->s, sections->len);
	return true;
}

bool setup_trial(const struct app *app, const struct str *sections, struct app *trial, char **dir, struct err *err)
{
	struct app_options options = { .timeout_ms = app->timeout_ms };
	struct str now, then, path;
	bool ok;

	*trial = (struct app){ 0 };
	*dir = scratch_new(err);
	str_init(&path, 0);
	ok = *dir && read_both(app, sections, &now, &then, err);
	if (*dir) {
		str_addf(&path, "%s/config", *dir);
		options.config = path.s;
		options.state_dir = *dir;
		ok = ok && scratch_write(*dir, "config", then.s, then.len, err) && app_open(trial, &options, err);
		str_release(&now);
		str_release(&then);
	}
	str_release(&path);
	return ok;
}

void setup_trial_end(struct app *trial, char *dir)
{
	app_close(trial);
	scratch_free(dir);
}

bool setup_write(const struct app *app, const struct str *sections, struct err *err)
{
	struct str now, then;
	struct app trial;
	char *dir;
	bool ok = setup_trial(app, sections, &trial, &dir, err);

	setup_trial_end(&trial, dir);
	ok = read_both(app, sections, &now, &then, ok ? err : NULL) && ok && store_make_directory_of(app->config.path, err) &&
	     store_replace_file(app->config.path, &now, &then, err);

	str_release(&now);
	str_release(&then);
	return ok;
}

static void no_second(const char *path, struct err *err)
{
	err_set(err, ERR_FILE, N_("there is a file %s already"), path);
	err_hint(err, N_("If it is the key, name it as the file that holds it; else name the account otherwise."));
}

char *setup_write_key(const struct app *app, const char *name, const char *key, struct err *err)
{
	const char *slash = strrchr(app->config.path, '/');
	struct str path;

	str_init(&path, 0);
	if (slash)
		str_add_bytes(&path, app->config.path, (size_t)(slash - app->config.path) + 1);
	str_addf(&path, "%s.key", name);
	if (!stands("[account NAME]", name, "/]\"", err))
		;
	else if (access(path.s, F_OK) == 0)
		no_second(path.s, err);
	else if (store_make_directory_of(path.s, err) && store_write_file(path.s, key, strlen(key), 0600, err))
		return str_take(&path);
	str_release(&path);
	return NULL;
}
