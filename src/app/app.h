/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the whole program run shares: loop, configuration, asker, sender of requests, store, and what the command line chose. Made
 * once by main/cli, given by pointer to every use case. Owns its parts.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include <jansson.h>

#include "app/profiles.h"
#include "io/dnstcp.h"
#include "io/http.h"
#include "io/store.h"
#include "provider/provider.h"
#include "wire/zonetext.h"

struct app_options {
	size_t n_zone;
	char *const *zone;          /* --zone FILE ... */
	const struct dname *domain; /* what the command line is about: the zone's name where a zone file does not say it; or NULL */
	const char *resolver, *server, *config, *account, *state_dir;
	bool read_only, demo;
	uint32_t timeout_ms; /* of one DNS question or HTTP request; 0: what is configured, and HTTP_TIMEOUT_MS */
};

struct suffixes;
struct work;
struct account;
struct smtp_prober;
struct requests;
struct demo_late;

struct app {
	struct loop *loop;
	struct config config;
	struct profiles profiles;
	struct dns *dns;            /* made at the first question: app_dns() */
	struct dns_cache *answers;  /* what all surveys of this run share: app_answers() */
	struct suffixes *suffixes;  /* read at the first use: app_suffixes() */
	unsigned surveys;           /* that have begun and are not freed; and surveys_begin() */
	struct http *http;          /* made at the first request: app_http() */
	struct dnstcp_pool *dnstcp; /* made at the first message: app_dnstcp() */
	struct smtp_prober *prober; /* made at the first probe: app_prober() */
	struct store *store;
	struct zoneworld *world;              /* --zone, --demo; else NULL */
	struct demo_late *late;               /* --demo: what some servers still answer: app/demo.h */
	char *demo_dir;                       /* --demo: private copy of the demo zone, removed at the end */
	struct dns_endpoint resolver, server; /* family 0: not given */
	bool has_server;
	bool read_only, demo;
	uint32_t timeout_ms, http_timeout_ms;
	const char *account;
	struct requests *requests; /* that left: app/requests.h */
	struct account *accounts;  /* what their runs share: app/account.h */
	char world_name[80];
	struct old_config *old_config; /* what was read before the configuration was read again: others borrow from it */
	unsigned read_again;           /* so often it was */
	bool joined;                   /* loop and requests are another app's */
	struct work *work;             /* the pushes of this run, whatever is looked at: app/work.h */
	void (*work_changed)(void *data);
	void *work_data;
	/* A provider is waited for, and no push says so: a sentence, or NULL when it goes on. May be NULL. */
	void (*waits)(void *data, const struct msg *why);
	void *waits_data;
};

/* Reads configuration and zones; asks nothing. */
bool app_open(struct app *app, const struct app_options *options, struct err *err);
bool app_knows_setting(const char *provider, const char *name); /* of an account; name NULL: is there that provider? */
void app_close(struct app *app);
/* The file may have grown; what others borrowed of the old one stays. Sender profiles stay as they are. */
bool app_read_again(struct app *app, struct err *err);
void app_join(struct app *app,
	const struct app *other); /* from now on in the other's loop, its requests among the other's; before anything is asked */
struct dns *app_dns(struct app *app);
struct dns_cache *app_answers(struct app *app);
const struct suffixes *app_suffixes(struct app *app);
struct http *app_http(struct app *app);
struct dnstcp_pool *app_dnstcp(struct app *app);
/* What probes mail servers. NULL with err: never in the demo, whose addresses are nobody's; ERR_FILE where it cannot be made. */
const struct smtp_prober *app_prober(struct app *app, struct err *err);
uint32_t app_probe_ms(struct app *app, bool trial); /* the longest that a probe, or one with a trial, may take; 0: none can be made */
/* --demo: reads the private zone file again after a push changed it. */
bool app_reload_world(struct app *app, struct err *err);

/* The account for a domain: --account, else the domain's, else the only one. Fills account; key stays NULL (fetched when needed).
 * ERR_USAGE. */
bool app_account(struct app *app, const struct dname *domain, const char *name, struct provider_account *account, struct err *err);

/* A moment, seconds since 1970, as what other programs read: RFC 3339 UTC, null for 0. New reference. */
json_t *app_time_json(int64_t at);

#endif
