/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run begins with: options over configuration, zone files, the account of a domain; and what that account is read to hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/demo.h"
#include "app/held.h"
#include "core/truth.h"
#include "io/scratch.h"
#include "lab.h"
#include "../core/sets.h"

struct desk {
	char *dir, config[200], state[200], zone[200], other[200];
	struct app app;
	struct dname domain;
};

static const char zone_text[] = "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns1 hostmaster 1 3600 900 604800 300\n@ NS ns1\n@ MX 10 mx1\n";
static const char other_text[] = "$ORIGIN exempel.net.\n$TTL 60\n@ SOA ns1 hostmaster 1 3600 900 604800 300\n@ NS ns1\n";

static void put(const char *path, const char *text)
{
	assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
}

static int setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	desk->dir = scratch_new(NULL);
	snprintf(desk->config, sizeof(desk->config), "%s/config", desk->dir);
	snprintf(desk->state, sizeof(desk->state), "%s/state", desk->dir);
	snprintf(desk->zone, sizeof(desk->zone), "%s/zone", desk->dir);
	snprintf(desk->other, sizeof(desk->other), "%s/other", desk->dir);
	put(desk->zone, zone_text);
	put(desk->other, other_text);
	assert_true(dname_parse(&desk->domain, "exempel.com", NULL));
	*state = desk;
	return 0;
}

static int teardown(void **state)
{
	struct desk *desk = *state;

	app_close(&desk->app);
	scratch_free(desk->dir);
	free(desk);
	return 0;
}

static bool open_with(struct desk *desk, const char *config, struct app_options options, struct err *err)
{
	app_close(&desk->app);
	put(desk->config, config);
	options.config = desk->config;
	options.state_dir = desk->state;
	return app_open(&desk->app, &options, err);
}

static void refuse(struct desk *desk, const char *config, struct app_options options, enum err_code code)
{
	struct err err = { 0 };

	assert_false(open_with(desk, config, options, &err));
	assert_int_equal(err.code, code);
	assert_null(desk->app.loop);
	assert_null(desk->app.store);
	desk->app = (struct app){ 0 };
}

static void endpoint_is(const struct dns_endpoint *endpoint, const char *expected)
{
	struct str text;

	str_init(&text, 0);
	if (endpoint->addr.family)
		dns_endpoint_text(endpoint, &text);
	assert_string_equal(text.s ? text.s : "", expected);
	str_release(&text);
}

static void app_open__takes__options_before_the_configuration(void **state)
{
	static const char config[] = "[main]\nread_only = yes\n[dns]\nresolver = 127.0.0.1:5301\ntimeout = 7\n";
	struct desk *desk = *state;

	assert_true(open_with(desk, "", (struct app_options){ 0 }, NULL));
	endpoint_is(&desk->app.resolver, "");
	endpoint_is(&desk->app.server, "");
	assert_false(desk->app.has_server);
	assert_false(desk->app.read_only);
	assert_int_equal(desk->app.timeout_ms, DNS_TIMEOUT_MS);
	assert_int_equal(desk->app.http_timeout_ms, HTTP_TIMEOUT_MS);
	assert_null(desk->app.world);
	assert_null(desk->app.demo_dir);
	assert_string_equal(store_directory(desk->app.store), desk->state);
	assert_true(app_reload_world(&desk->app, NULL));
	assert_true(open_with(desk, config, (struct app_options){ 0 }, NULL));
	endpoint_is(&desk->app.resolver, "127.0.0.1:5301");
	assert_true(desk->app.read_only);
	assert_int_equal(desk->app.timeout_ms, 7000);
	assert_int_equal(desk->app.http_timeout_ms, HTTP_TIMEOUT_MS);
	assert_true(open_with(desk, "[dns]\ntimeout = 1\n", (struct app_options){ 0 }, NULL));
	assert_int_equal(desk->app.timeout_ms, 1000);
	assert_true(open_with(desk, config,
		(struct app_options){ .resolver = "127.0.0.2", .server = "127.0.0.3:54", .timeout_ms = 90, .account = "b" }, NULL));
	endpoint_is(&desk->app.resolver, "127.0.0.2");
	endpoint_is(&desk->app.server, "127.0.0.3:54");
	assert_true(desk->app.has_server);
	assert_int_equal(desk->app.timeout_ms, 90);
	assert_int_equal(desk->app.http_timeout_ms, 90);
	assert_string_equal(desk->app.account, "b");
	assert_true(open_with(desk, "[main]\nread_only = no\n", (struct app_options){ .read_only = true, .resolver = "" }, NULL));
	assert_true(desk->app.read_only);
	endpoint_is(&desk->app.resolver, "");
	refuse(desk, "", (struct app_options){ .resolver = "nobody" }, ERR_USAGE);
	refuse(desk, "", (struct app_options){ .server = "nobody" }, ERR_USAGE);
	refuse(desk, "[nosuch]\n", (struct app_options){ 0 }, ERR_USAGE);
}

static void app_open__reads__every_zone_file(void **state)
{
	struct desk *desk = *state;
	char relative[] = "zone", missing[] = "/nowhere/zone";
	char *both[] = { desk->zone, desk->other }, *bad[] = { desk->zone, missing }, *near[] = { relative }, *config[] = { desk->config };

	assert_true(open_with(desk, "", (struct app_options){ .n_zone = 2, .zone = both }, NULL));
	assert_int_equal(zoneworld_zones(desk->app.world), 2);
	assert_string_equal(desk->app.world_name, "zone");
	assert_int_equal(chdir(desk->dir), 0);
	assert_true(open_with(desk, "", (struct app_options){ .n_zone = 1, .zone = near }, NULL));
	assert_string_equal(desk->app.world_name, "zone");
	assert_int_equal(chdir("/"), 0);
	refuse(desk, "", (struct app_options){ .n_zone = 2, .zone = bad }, ERR_FILE);
	refuse(desk, "[main]\nread_only = no\n", (struct app_options){ .n_zone = 1, .zone = config }, ERR_USAGE);
}

static void demo__has__files_of_its_own(void **state)
{
	struct desk *desk = *state;
	char path[300];

	app_close(&desk->app);
	assert_true(app_open(&desk->app, &(struct app_options){ .demo = true, .config = "/nowhere", .state_dir = desk->state }, NULL));
	assert_true(desk->app.demo);
	assert_string_equal(desk->app.world_name, "demo");
	assert_int_equal(strncmp(store_directory(desk->app.store), desk->app.demo_dir, strlen(desk->app.demo_dir)), 0);
	assert_string_equal(store_directory(desk->app.store) + strlen(desk->app.demo_dir), "/state");
	assert_true(zoneworld_zones(desk->app.world) >= 2);
	snprintf(path, sizeof(path), "%s/exempel.com.zone", desk->app.demo_dir);
	assert_int_equal(access(path, R_OK), 0);
	/* what a push changed is read again; what cannot be read is said */
	put(path, "$ORIGIN exempel.com.\n");
	assert_int_equal(unlink(path), 0);
	{
		struct err err = { 0 };

		assert_false(app_reload_world(&desk->app, &err));
		assert_int_equal(err.code, ERR_FILE);
	}
}

/* Colours and keys of the user's, and nothing else of the user's. */
/* An older copy is answered by exempel.se to all, by exempel.org at its second server alone, until eight seconds after a push. */
static void demo__late_ones__catch_up_after_a_push(void **state)
{
	static const struct {
		const char *name, *at;
		bool late;
	} rows[] = {
		{ "exempel.se", NULL, true },
		{ "post.exempel.se", "203.0.113.33", true },
		{ "exempel.org", "203.0.113.2", true },
		{ "mx2.exempel.org", "203.0.113.2", true },
		{ "exempel.org", "203.0.113.1", false },
		{ "exempel.org", NULL, false },
		{ "exempel.com", "203.0.113.2", false },
	};
	struct desk *desk = *state;
	const struct app *app = &desk->app;

	assert_true(app_open(&desk->app, &(struct app_options){ .demo = true, .config = "/nowhere", .state_dir = desk->state }, NULL));
	for (int pushed = 0; pushed < 2; pushed++) {
		uint64_t from = loop_ms(), to;

		if (pushed)
			assert_true(demo_load(&desk->app, NULL));
		to = loop_ms();
		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
			struct dns_endpoint at = { 0 }, *asked = rows[i].at ? &at : NULL;
			struct dname name;

			assert_true(dname_parse(&name, rows[i].name, NULL));
			assert_true(!rows[i].at || addr_parse(&at.addr, rows[i].at));
			assert_int_equal(demo_world(app, asked, &name, from + 7999) != app->world, rows[i].late);
			assert_int_equal(demo_world(app, asked, &name, to + 8000) != app->world, rows[i].late && !pushed);
		}
	}
}

static void demo__takes__the_users_colours_and_keys(void **state)
{
	struct desk *desk = *state;

	app_close(&desk->app);
	put(desk->config, "[ui]\ntheme = safe\n[account lab]\nprovider = powerdns\n[keys]\nundo = Ctrl-U\n[main]\nread_only = yes\n");
	assert_true(app_open(&desk->app, &(struct app_options){ .demo = true, .config = desk->config, .state_dir = desk->state }, NULL));
	assert_string_equal(config_get(&desk->app.config, "ui", "", "theme"), "safe");
	assert_string_equal(config_get(&desk->app.config, "keys", "", "undo"), "Ctrl-U");
	assert_null(config_find(&desk->app.config, "account", "lab"));
	assert_non_null(config_find(&desk->app.config, "account", "demo"));
	assert_false(desk->app.read_only);
}

/* ---- accounts ---- */

static void account_is(struct desk *desk, const char *name, const char *expected)
{
	struct provider_account account;
	struct err err = { 0 };
	char text[300];

	if (app_account(&desk->app, &desk->domain, name, &account, &err))
		snprintf(text, sizeof(text), "%s %s %s", account.name, account.provider->name, account.endpoint);
	else
		snprintf(text, sizeof(text), "%d %s", err_exit_status(err.code), lab_text(&err.what));
	assert_string_equal(text, expected);
}

#define A "[account a]\nprovider = powerdns\nkey_env = K\n"
#define B "[account b]\nprovider = digitalocean\nendpoint = http://127.0.0.1:1\nkey_env = K\n"

static void account__is_chosen__by_name_domain_or_as_the_only_one(void **state)
{
	struct desk *desk = *state;

	assert_true(open_with(desk, "[main]\nname = anna\n", (struct app_options){ 0 }, NULL));
	account_is(desk, NULL, "2 no account is configured");
	assert_true(open_with(desk, A, (struct app_options){ 0 }, NULL));
	account_is(desk, NULL, "a powerdns http://127.0.0.1:8081");
	account_is(desk, "", "a powerdns http://127.0.0.1:8081");
	account_is(desk, "b", "2 no account is named b");
	assert_true(open_with(desk, A B, (struct app_options){ 0 }, NULL));
	account_is(desk, NULL, "2 several accounts are configured, and none is chosen");
	account_is(desk, "b", "b digitalocean http://127.0.0.1:1");
	assert_true(open_with(desk, "[account c]\nkey_env = K\n", (struct app_options){ 0 }, NULL));
	account_is(desk, NULL, "2 account c names no known provider: ");
	assert_true(open_with(desk, A B, (struct app_options){ .account = "b" }, NULL));
	account_is(desk, NULL, "b digitalocean http://127.0.0.1:1");
	account_is(desk, "a", "a powerdns http://127.0.0.1:8081");
	assert_true(open_with(
		desk, A B "[domain exempel.com]\naccount = b\n[domain exempel.net]\naccount = a\n", (struct app_options){ 0 }, NULL));
	account_is(desk, NULL, "b digitalocean http://127.0.0.1:1");
	assert_true(open_with(desk, A B "[domain exempel.com]\naccount = b\n", (struct app_options){ .account = "a" }, NULL));
	account_is(desk, NULL, "a powerdns http://127.0.0.1:8081");
	assert_true(open_with(desk, A B, (struct app_options){ .account = "" }, NULL));
	account_is(desk, NULL, "2 several accounts are configured, and none is chosen");
}

static void account__has__settings_with_defaults(void **state)
{
	struct desk *desk = *state;
	struct provider_account account;

	assert_true(open_with(desk, A, (struct app_options){ 0 }, NULL));
	assert_true(app_account(&desk->app, NULL, "a", &account, NULL));
	assert_string_equal(account.setting(&account, "server"), "localhost");
	assert_null(account.setting(&account, "nosuch"));
	assert_string_equal(account.setting(&account, "key_env"), "K");
	assert_true(open_with(desk, A "server = own\n", (struct app_options){ 0 }, NULL));
	assert_true(app_account(&desk->app, NULL, "a", &account, NULL));
	assert_string_equal(account.setting(&account, "server"), "own");
	assert_true(open_with(desk, B, (struct app_options){ 0 }, NULL));
	assert_true(app_account(&desk->app, NULL, "b", &account, NULL));
	assert_null(account.setting(&account, "server"));
	/* a vendor's own settings are known by the vendor alone */
	refuse(desk, A "sever = own\n", (struct app_options){ 0 }, ERR_USAGE);
	refuse(desk, B "server = own\n", (struct app_options){ 0 }, ERR_USAGE);
}

static void time__is_told__as_other_programs_read_it(void **state)
{
	json_t *value = app_time_json(1795600800);

	(void)state;
	assert_string_equal(json_string_value(value), "2026-11-25T10:00:00Z");
	json_decref(value);
	value = app_time_json(0);
	assert_true(json_is_null(value));
	json_decref(value);
}

/* ---- what is held ---- */

struct reading {
	struct lab lab;
	struct facts facts;
	struct held *held;
	unsigned told;
};

static void on_held(void *data)
{
	struct reading *reading = data;

	reading->told++;
	loop_stop(reading->lab.app.loop);
}

static void read_held(struct reading *reading, const char *name)
{
	struct dname domain;

	held_free(reading->held);
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	reading->told = 0;
	reading->held = held_start(&reading->lab.app, &reading->facts, name, on_held, reading);
	if (!reading->held)
		return;
	assert_true(held_running(reading->held));
	assert_int_equal(reading->told, 0);
	loop_run(reading->lab.app.loop);
	assert_false(held_running(reading->held));
	assert_int_equal(reading->told, 1);
}

static int open_reading(void **state)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	struct dname domain;

	lab_open_network(
		&reading->lab, "powerdns", "[account gone]\nprovider = powerdns\nkey_env = NOSUCH\n[domain exempel.com]\naccount = lab\n");
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	facts_init(&reading->facts, &domain);
	*state = reading;
	return 0;
}

static int close_reading(void **state)
{
	struct reading *reading = *state;

	held_free(reading->held);
	facts_release(&reading->facts);
	lab_close(&reading->lab);
	free(reading);
	return 0;
}

static void refuse_reads(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	call->http = 403;
	call->text = "{\"error\":\"no\"}";
}

static void held__is__what_the_account_reads(void **state)
{
	struct reading *reading = *state;
	const struct held_facts *held = &reading->facts.held;
	char text[4096];

	assert_int_equal(held->mx, ANSWER_UNASKED);
	vendor_hold(&reading->lab.vendor, "3600 20 mx2.exempel.com -5 mx9.exempel.com");
	reading->lab.vendor.record[1].ttl_s = 7200; /* unpublished: counts for nothing */
	read_held(reading, NULL);
	assert_int_equal(held->mx, ANSWER_DATA);
	assert_string_equal(held->account, "lab");
	assert_int_equal(held->set.n, 1);
	assert_true(held->at > 1700000000);
	assert_string_equal(held->reason, "");
	assert_true(held->zone.len > 0);
	assert_int_equal(reading->facts.live_source, SOURCE_PROVIDER);
	assert_int_equal(reading->facts.mx, ANSWER_DATA);
	assert_int_equal(held_error(reading->held)->code, ERR_NONE);
	vendor_hold(&reading->lab.vendor, "3600");
	read_held(reading, NULL);
	assert_int_equal(held->mx, ANSWER_NODATA);
	assert_int_equal(held->set.n, 0);
	assert_int_equal(held->ttl_max_s, 0);
	/* it cannot be read: what stood before is not known any more */
	vendor_hold(&reading->lab.vendor, "3600 20 mx2.exempel.com");
	read_held(reading, NULL);
	assert_string_equal(set_text(&held->set, text), "3600 20 mx2.exempel.com");
	assert_int_equal(held->ttl_max_s, 3600);
	reading->lab.vendor.hook = refuse_reads;
	read_held(reading, NULL);
	assert_int_equal(held->mx, ANSWER_REFUSED);
	assert_int_equal(held->set.n, 0);
	assert_string_equal(held->reason, "PowerDNS Authoritative Server refused the credentials of account lab: no");
	assert_int_equal(held_error(reading->held)->code, ERR_AUTH);
	/* and is read again */
	reading->lab.vendor.hook = NULL;
	read_held(reading, NULL);
	assert_int_equal(held->mx, ANSWER_DATA);
	assert_string_equal(held->reason, "");
}

static void held__of_an_account__that_is_not_there(void **state)
{
	struct reading *reading = *state;
	const struct held_facts *held = &reading->facts.held;
	struct provider_account account;
	struct err err = { 0 };

	/* somebody named it: that it is missing is said */
	read_held(reading, "nosuch");
	assert_int_equal(held->mx, ANSWER_REFUSED);
	assert_string_equal(held->reason, "no account is named nosuch");
	assert_false(held_account(&reading->lab.app, &reading->facts.domain, "nosuch", &account, &err));
	assert_null(account.provider);
	assert_int_equal(err.code, ERR_USAGE);
	assert_true(held_account(&reading->lab.app, &reading->facts.domain, "", &account, NULL));
	assert_string_equal(account.name, "lab");
	read_held(reading, "gone");
	assert_int_equal(held->mx, ANSWER_REFUSED);
	assert_int_equal(held_error(reading->held)->code, ERR_AUTH);
	assert_string_equal(held->account, "gone");
	/* nobody did, and there are two */
	lab_reopen(&reading->lab, "powerdns", "[account gone]\nprovider = powerdns\nkey_env = NOSUCH\n");
	assert_true(held_account(&reading->lab.app, &reading->facts.domain, NULL, &account, NULL));
	assert_null(account.provider);
	held_free(reading->held);
	reading->held = held_start(&reading->lab.app, &reading->facts, NULL, on_held, reading);
	assert_null(reading->held);
}

static void no_such_zone(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	call->http = 200;
	call->text = "[]";
}

/* The only account lacks the zone: where nobody named it, there is none to ask. */
static void held__of_the_only_account__without_the_zone(void **state)
{
	struct reading *reading = *state;

	lab_reopen(&reading->lab, "powerdns", "");
	vendor_hold(&reading->lab.vendor, LAB_BASE);
	read_held(reading, NULL);
	assert_int_equal(reading->facts.held.mx, ANSWER_DATA);
	held_free(reading->held);
	reading->held = NULL;
	lab_reopen(&reading->lab, "powerdns", "");
	reading->lab.vendor.hook = no_such_zone;
	read_held(reading, NULL);
	assert_int_equal(reading->facts.held.mx, ANSWER_UNASKED);
	assert_string_equal(reading->facts.held.account, "");
	assert_int_equal(reading->facts.held.set.n, 0);
	read_held(reading, "lab");
	assert_int_equal(reading->facts.held.mx, ANSWER_REFUSED);
	held_free(reading->held);
	reading->held = NULL;
	lab_reopen(&reading->lab, "powerdns", "");
	reading->lab.vendor.hook = refuse_reads;
	read_held(reading, NULL);
	assert_int_equal(reading->facts.held.mx, ANSWER_REFUSED);
	/* zone files are no account's */
	reading->lab.app.world = zoneworld_new();
	held_free(reading->held);
	reading->held = held_start(&reading->lab.app, &reading->facts, NULL, on_held, reading);
	assert_null(reading->held);
}

#define DESK(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define READING(name) cmocka_unit_test_setup_teardown(name, open_reading, close_reading)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(app_open__takes__options_before_the_configuration),
		DESK(app_open__reads__every_zone_file),
		DESK(demo__has__files_of_its_own),
		DESK(demo__late_ones__catch_up_after_a_push),
		DESK(demo__takes__the_users_colours_and_keys),
		DESK(account__is_chosen__by_name_domain_or_as_the_only_one),
		DESK(account__has__settings_with_defaults),
		cmocka_unit_test(time__is_told__as_other_programs_read_it),
		READING(held__is__what_the_account_reads),
		READING(held__of_an_account__that_is_not_there),
		READING(held__of_the_only_account__without_the_zone),
	};

	unsetenv("XDG_CONFIG_HOME");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
