/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/account.h"
#include "app/demo.h"
#include "app/requests.h"
#include "app/work.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/dns_cache.h"
#include "io/smtp.h"
#include "io/suffix.h"
#include "base/banned.h"

/* A vendor's own settings are known by the vendor alone; config.c asks through this, with name NULL for the vendor itself. */
bool app_knows_setting(const char *provider, const char *name)
{
	const struct provider *vendor = provider ? provider_find(provider) : NULL;

	if (!name)
		return vendor != NULL;
	for (const struct provider_setting *s = vendor ? vendor->settings : NULL; s && s->name; s++)
		if (!strcmp(s->name, name))
			return true;
	return false;
}

static bool add_zone_file(struct app *app, const char *path, const struct dname *domain, struct err *err)
{
	struct str text;
	bool ok;

	str_init(&text, ZONETEXT_MAX);
	ok = store_read_zone(path, &text, err) &&
	     zoneworld_read(app->world, &(struct zoneworld_text){ path, text.s, text.len, domain }, err);
	str_release(&text);
	return ok;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

bool app_reload_world(struct app *app, struct err *err)
{
	return app->demo ? demo_load(app, err) : true;
}

/* ---- opening and closing ---- */

static bool open_zones(struct app *app, const struct app_options *options, struct err *err)
{
	if (!options->n_zone)
		return true;
	app->world = zoneworld_new();
	snprintf(app->world_name, sizeof app->world_name, "%s", base_name(options->zone[0]));
	for (size_t i = 0; i < options->n_zone; i++)
		if (!add_zone_file(app, options->zone[i], options->domain, err))
			return false;
	return true;
}

static bool open_config(struct app *app, const struct app_options *options, struct err *err)
{
	char *demo = app->demo ? demo_path(app, "config") : NULL;
	bool ok = config_read(&app->config, demo ? demo : options->config, app_knows_setting, err);

	free(demo);
	return ok && profiles_read(&app->profiles, &app->config, err);
}

static bool open_endpoints(struct app *app, const struct app_options *options, struct err *err)
{
	const char *resolver = options->resolver;

	if (!resolver)
		resolver = config_get(&app->config, "dns", "", "resolver");
	if (resolver && *resolver && !dns_endpoint_parse(&app->resolver, resolver, err))
		return false;
	app->has_server = options->server != NULL;
	return !options->server || dns_endpoint_parse(&app->server, options->server, err);
}

bool app_open(struct app *app, const struct app_options *options, struct err *err)
{
	char *state = NULL;
	bool ok = false;

	*app = (struct app){ .demo = options->demo,
		.account = options->account,
		.timeout_ms = options->timeout_ms,
		.http_timeout_ms = options->timeout_ms ? options->timeout_ms : HTTP_TIMEOUT_MS };
	app->loop = loop_new();
	app->requests = requests_new();
	if (app->demo && (!demo_write(app, options->config, err) || !demo_load(app, err)))
		goto out;
	if (!open_config(app, options, err) || !open_zones(app, options, err) || !open_endpoints(app, options, err))
		goto out;
	app->read_only = options->read_only || config_yes(&app->config, "main", "", "read_only");
	if (!app->timeout_ms) {
		long s = config_number(&app->config, "dns", "", "timeout");
		app->timeout_ms = s > 0 ? (uint32_t)s * 1000 : DNS_TIMEOUT_MS;
	}
	if (app->demo)
		state = demo_path(app, "state");
	app->store = store_new(state ? state : options->state_dir, err);
	ok = app->store != NULL;
out:
	free(state);
	if (!ok)
		app_close(app);
	return ok;
}

struct old_config {
	struct config config;
	struct old_config *next;
};

bool app_read_again(struct app *app, struct err *err)
{
	struct config fresh = { 0 };
	struct old_config *old;

	if (!config_read(&fresh, app->config.path, app_knows_setting, err)) {
		config_release(&fresh);
		return false;
	}
	old = mem_alloc(sizeof(*old));
	*old = (struct old_config){ app->config, app->old_config };
	app->old_config = old;
	app->config = fresh;
	app->read_again++;
	return true;
}

static void release_old(struct app *app)
{
	while (app->old_config) {
		struct old_config *old = app->old_config;

		app->old_config = old->next;
		config_release(&old->config);
		free(old);
	}
}

void app_join(struct app *app, const struct app *other)
{
	loop_free(app->loop);
	requests_free(app->requests);
	app->loop = other->loop;
	app->requests = other->requests;
	app->joined = true;
}

void app_close(struct app *app)
{
	work_release(app);
	accounts_release(app);
	dns_cache_free(app->answers);
	suffixes_free(app->suffixes);
	dns_free(app->dns);
	http_free(app->http);
	dnstcp_pool_free(app->dnstcp);
	smtp_prober_free(app->prober);
	zoneworld_free(app->world);
	store_free(app->store);
	profiles_release(&app->profiles);
	config_release(&app->config);
	release_old(app);
	demo_close(app);
	if (!app->joined)
		requests_free(app->requests);
	if (app->loop && !app->joined)
		loop_free(app->loop);
	*app = (struct app){ 0 };
}

struct dns *app_dns(struct app *app)
{
	if (!app->dns)
		app->dns = dns_new(app->loop, &app->resolver, config_get(&app->config, "dns", "", "anchor_file"));
	return app->dns;
}

struct dns_cache *app_answers(struct app *app)
{
	if (!app->answers)
		app->answers = dns_cache_new_shared(app_dns(app), app->timeout_ms);
	return app->answers;
}

const struct suffixes *app_suffixes(struct app *app)
{
	if (!app->suffixes)
		app->suffixes = suffixes_new();
	return app->suffixes;
}

struct http *app_http(struct app *app)
{
	if (!app->http)
		app->http = http_new(app->loop);
	return app->http;
}

struct dnstcp_pool *app_dnstcp(struct app *app)
{
	if (!app->dnstcp)
		app->dnstcp = dnstcp_pool_new(app->loop, DNSTCP_IDLE_MS);
	return app->dnstcp;
}

const struct smtp_prober *app_prober(struct app *app, struct err *err)
{
	long port = config_number(&app->config, "probe", "", "port");
	struct smtp_options options = { .port = port > 0 ? (uint16_t)port : 0,
		.name = config_get(&app->config, "probe", "", "name"),
		.ca_file = config_get(&app->config, "probe", "", "ca_file"),
		.connect_ms = (uint32_t)config_number(&app->config, "probe", "", "connect_timeout") * 1000,
		.reply_ms = (uint32_t)config_number(&app->config, "probe", "", "reply_timeout") * 1000 };

	if (app->demo) {
		err_set(err, ERR_USAGE, N_("the demo probes no mail server"));
		return NULL;
	}
	if (!app->prober)
		app->prober = smtp_prober_new(app->loop, &options, err);
	return app->prober;
}

uint32_t app_probe_ms(struct app *app, bool trial)
{
	const struct smtp_prober *prober = app_prober(app, NULL);

	return prober ? smtp_prober_ms(prober, trial) : 0;
}

/* ---- accounts ---- */

static const char *account_setting(const struct provider_account *account, const char *name)
{
	const char *value = config_value(account->source, name);

	for (const struct provider_setting *s = account->provider->settings; !value && s && s->name; s++)
		if (!strcmp(s->name, name))
			value = s->standard;
	return value;
}

/* The name of the account to use, or NULL with err. */
static const char *choose_account(struct app *app, const struct dname *domain, const char *name, struct err *err)
{
	const char *only = NULL;

	if (!name || !*name)
		name = app->account;
	if ((!name || !*name) && domain)
		name = config_domain_get(&app->config, domain, "account");
	if (name && *name)
		return name;
	for (size_t i = 0; i < app->config.n; i++) {
		const struct config_section *section = &app->config.section[i];
		if (strcmp(section->kind, "account") != 0)
			continue;
		if (only) {
			err_set(err, ERR_USAGE, N_("several accounts are configured, and none is chosen"));
			err_hint(err, N_("Name one with --account, or with account = in the domain's section."));
			return NULL;
		}
		only = section->name;
	}
	if (!only) {
		err_set(err, ERR_USAGE, N_("no account is configured"));
		err_hint(err, N_("Add an [account NAME] section to the configuration; the manual shows one."));
	}
	return only;
}

static bool has_settings(const struct provider_account *account, struct err *err)
{
	for (const struct provider_setting *s = account->provider->settings; s && s->name; s++)
		if (!s->standard && !*provider_setting(account, s->name))
			return err_set(err, ERR_USAGE, N_("account %s lacks %s, which %s needs"), account->name, s->name,
				account->provider->title);
	return true;
}

bool app_account(struct app *app, const struct dname *domain, const char *name, struct provider_account *account, struct err *err)
{
	const struct config_section *section;
	const char *vendor, *endpoint;

	name = choose_account(app, domain, name, err);
	if (!name)
		return false;
	section = config_find(&app->config, "account", name);
	if (!section)
		return err_set(err, ERR_USAGE, N_("no account is named %s"), name);
	vendor = config_value(section, "provider");
	if (!vendor || !provider_find(vendor)) {
		err_set(err, ERR_USAGE, N_("account %s names no known provider: %s"), name, vendor ? vendor : "");
		err_hint(err, N_("mxladder list providers shows them."));
		return false;
	}
	*account = (struct provider_account){
		.provider = provider_find(vendor), .name = section->name, .setting = account_setting, .source = section
	};
	endpoint = config_value(section, "endpoint");
	account->endpoint = endpoint ? endpoint : account->provider->endpoint;
	return has_settings(account, err);
}

json_t *app_time_json(int64_t at)
{
	struct str text;
	json_t *value;

	if (!at)
		return json_null();
	str_init(&text, 0);
	text_time(&text, at);
	value = json_string(text.s);
	str_release(&text);
	return value;
}
