/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/embedded.h"
#include "base/mem.h"
#include "io/scratch.h"
#include "base/banned.h"

#define LATE_MS 8000 /* after a push, until those have it that are late */

static const struct {
	const char *file;
	const char *at; /* the server; NULL: all of them, for it is the provider that is late */
} late_files[] = {
	{ "demo/exempel.org.late", "203.0.113.2" },
	{ "demo/exempel.se.late", NULL },
};

#define LATE (sizeof(late_files) / sizeof(*late_files))

struct demo_late {
	uint64_t until_ms; /* UINT64_MAX: nothing was pushed yet */
	struct addr at[LATE];
	struct zoneworld *world[LATE];
};

/* ---- the copy ---- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static bool is_zone(const char *name)
{
	size_t len = strlen(name);

	return !strncmp(name, "demo/", 5) && len > 5 && !strcmp(name + len - 5, ".zone");
}

char *demo_path(const struct app *app, const char *name)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/%s", app->demo_dir, name);
	return str_take(&path);
}

/* The user's own colours and keys go with the demo; a configuration that cannot be read does not stop it. */
static void add_manners(struct str *out, const char *path)
{
	struct config own = { 0 };
	bool ok = config_read(&own, path, app_knows_setting, NULL);

	for (size_t i = 0; ok && i < own.n; i++) {
		const struct config_section *section = &own.section[i];

		if (strcmp(section->kind, "ui") != 0 && strcmp(section->kind, "keys") != 0)
			continue;
		str_addf(out, "[%s]\n", section->kind);
		for (size_t k = 0; k < section->n; k++)
			str_addf(out, "%s = %s\n", section->pair[k].name, section->pair[k].value);
	}
	config_release(&own);
}

/* The neighbour has one mail server: a second one in reserve, which the domain can have of exempel.com. As it was kept once: a digest
 * that is made before the first frame would be waited for. */
static bool write_draft(const struct app *app, struct err *err)
{
	static const char *const folders[] = { "state", "state/drafts" };
	size_t len = 0;
	const char *text = embedded_find("demo/exempel.net.json", &len);

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		char *path = demo_path(app, folders[i]);
		mkdir(path, 0700); /* where that fails, so does the write */
		free(path);
	}
	return scratch_write(app->demo_dir, "state/drafts/exempel.net.json", text, len, err);
}

bool demo_write(struct app *app, const char *user_config, struct err *err)
{
	const char *name;
	struct str config;
	bool ok = true;

	app->demo_dir = scratch_new_in_memory(err);
	if (!app->demo_dir)
		return false;
	for (size_t i = 0; ok && (name = embedded_name(i)); i++) {
		size_t len;
		const char *text = embedded_find(name, &len);
		if (!is_zone(name))
			continue;
		ok = scratch_write(app->demo_dir, base_name(name), text, len, err);
	}
	str_init(&config, 0);
	/* The name servers of the demo are one file: their answers cannot differ from one moment to the next. */
	str_addf(&config, "[push]\nseen_apart = 0\n[account demo]\nprovider = zonefile\nendpoint = %s\n", app->demo_dir);
	add_manners(&config, user_config);
	ok = ok && scratch_write(app->demo_dir, "config", config.s, config.len, err) && write_draft(app, err);
	str_release(&config);
	return ok;
}

/* ---- the world ---- */

static bool add_zone(struct app *app, const char *name, struct err *err)
{
	char *path = demo_path(app, base_name(name));
	struct str text;
	bool ok;

	str_init(&text, ZONETEXT_MAX);
	ok = store_read_zone(path, &text, err) && zoneworld_add(app->world, path, text.s, text.len, err);
	str_release(&text);
	free(path);
	return ok;
}

static bool add_late(struct demo_late *late, size_t i, struct err *err)
{
	size_t len;
	const char *text = embedded_find(late_files[i].file, &len);

	late->world[i] = zoneworld_new();
	if (late_files[i].at)
		addr_parse(&late->at[i], late_files[i].at);
	return zoneworld_add(late->world[i], late_files[i].file, text, len, err);
}

bool demo_load(struct app *app, struct err *err)
{
	const char *name;
	bool ok = true;

	zoneworld_free(app->world);
	app->world = zoneworld_new();
	snprintf(app->world_name, sizeof app->world_name, "demo");
	for (size_t i = 0; ok && (name = embedded_name(i)); i++)
		ok = !is_zone(name) || add_zone(app, name, err);
	if (app->late) {
		app->late->until_ms = loop_ms() + LATE_MS;
		return ok;
	}
	app->late = mem_alloc(sizeof(*app->late));
	*app->late = (struct demo_late){ .until_ms = UINT64_MAX };
	for (size_t i = 0; ok && i < LATE; i++)
		ok = add_late(app->late, i, err);
	return ok;
}

const struct zoneworld *demo_world(const struct app *app, const struct dns_endpoint *at, const struct dname *name, uint64_t now_ms)
{
	const struct demo_late *late = app->late;

	for (size_t i = 0; late && now_ms < late->until_ms && i < LATE; i++)
		if (dname_under(name, zoneworld_zone(late->world[i], 0)) &&
			(!late->at[i].family || (at && addr_equal(&at->addr, &late->at[i]))))
			return late->world[i];
	return app->world;
}

void demo_close(struct app *app)
{
	for (size_t i = 0; app->late && i < LATE; i++)
		zoneworld_free(app->late->world[i]);
	free(app->late);
	scratch_free(app->demo_dir);
}

bool demo_lists(const struct app *app, const struct dname *zone)
{
	struct dns_answer answer = { 0 };
	struct dns_question question = { *zone, DNS_MX };
	bool has = zoneworld_ask(app->world, &question, &answer) && dns_answer_next(&answer, zone, DNS_MX, NULL) != NULL;

	dns_answer_release(&answer);
	return has;
}
