/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roster_zones.h"

#include <stdlib.h>
#include <string.h>

#include "app/account.h"
#include "app/exec.h"
#include "base/mem.h"
#include "base/banned.h"

struct roster_zones {
	struct roster *roster;
	size_t section; /* of the configuration: the next one to be looked at */
	struct provider_account account;
	struct exec *exec;
	struct loop_handle *soon;
	struct dname all;
	roster_zones_fn fn;
	void *data;
};

static void next(void *data);

static void tell(struct roster_zones *zones, size_t n, const struct err *err)
{
	zones->fn(zones->data, zones->account.name, n, err);
}

static size_t take(struct roster_zones *zones)
{
	struct account *account = account_of(zones->roster->app, &zones->account);
	struct account_zone zone;
	struct dname name;
	size_t at = 0, n = 0;

	while (account_zone(account, &at, &zone))
		if (dname_parse(&name, zone.name, NULL)) {
			roster_know(zones->roster, &name, zones->account.name);
			n++;
		}
	roster_sort(zones->roster, zones->roster->order);
	return n;
}

static void listed(void *data, const struct provider_run *run, const struct err *err)
{
	struct roster_zones *zones = data;

	(void)run;
	tell(zones, err ? 0 : take(zones), err);
	zones->soon = loop_after(zones->roster->app->loop, 0, next, zones);
}

static void next(void *data)
{
	struct roster_zones *zones = data;
	const struct config *config = &zones->roster->app->config;
	struct exec_task task = { .account = &zones->account, .goal = GOAL_ZONES, .owner = &zones->all };

	zones->soon = NULL;
	exec_free(zones->exec);
	zones->exec = NULL;
	while (zones->section < config->n) {
		const struct config_section *section = &config->section[zones->section++];
		struct err err = { 0 };

		if (strcmp(section->kind, "account") != 0)
			continue;
		zones->account = (struct provider_account){ .name = section->name };
		if (app_account(zones->roster->app, &zones->all, section->name, &zones->account, &err)) {
			zones->exec = exec_start(zones->roster->app, &task, listed, zones);
			return;
		}
		tell(zones, 0, &err);
	}
	zones->fn(zones->data, NULL, 0, NULL);
}

struct roster_zones *roster_zones_start(struct roster *roster, roster_zones_fn fn, void *data)
{
	struct roster_zones *zones = mem_alloc(sizeof(*zones));

	*zones = (struct roster_zones){ .roster = roster, .fn = fn, .data = data };
	dname_root(&zones->all);
	zones->soon = loop_after(roster->app->loop, 0, next, zones);
	return zones;
}

void roster_zones_free(struct roster_zones *zones)
{
	if (!zones)
		return;
	exec_free(zones->exec);
	loop_cancel(zones->soon);
	free(zones);
}
