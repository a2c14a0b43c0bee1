/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An account that is added an answer at a time: what each answer becomes, what is refused, and what is left of it afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/account.h"
#include "app/enroll.h"
#include "lab.h"

struct scene {
	struct lab lab;
	struct enroll *enroll;
	struct err err;
	unsigned done;
	enum err_code code; /* of what done was told */
};

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	lab_open(&scene->lab, "powerdns", "[domain exempel.com]\naccount = lab\n");
	scene->enroll = enroll_new(&scene->lab.app);
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	enroll_free(scene->enroll);
	lab_close(&scene->lab);
	free(scene);
	return 0;
}

static void forget(struct scene *scene)
{
	scene->err = (struct err){ 0 };
}

static void expect_refused(struct scene *scene, enum err_code code, const char *words)
{
	assert_int_equal(scene->err.code, code);
	assert_string_equal(lab_text(&scene->err.what), words);
	forget(scene);
}

/* A path in the lab's folder; static. */
static const char *path_of(const struct scene *scene, const char *name)
{
	static char path[400];

	snprintf(path, sizeof(path), "%s/%s", scene->lab.dir, name);
	return path;
}

static bool is_there(const struct scene *scene, const char *name)
{
	return access(path_of(scene, name), F_OK) == 0;
}

/* ---- answers ---- */

static void offers__are_all_providers(void **state)
{
	size_t n = 0, known = 0;

	(void)state;
	for (; enroll_offer(n); n++) {
		unsigned needed = 0;

		known += provider_find(enroll_offer(n)->name) == enroll_offer(n);
		for (const struct provider_setting *s = enroll_offer(n)->settings; s && s->name; s++)
			needed += !s->standard;
		assert_true(needed <= ENROLL_SETS);
	}
	assert_int_equal(known, n);
	assert_true(n > 20);
}

static void provider__is_found__by_its_name(void **state)
{
	struct scene *scene = *state;

	assert_false(enroll_provider(scene->enroll, "nosuch", &scene->err));
	expect_refused(scene, ERR_USAGE, "no provider is named nosuch");
	assert_true(enroll_provider(scene->enroll, "ovh", &scene->err));
	assert_ptr_equal(scene->enroll->provider, provider_find("ovh"));
}

static void name__is_the_providers_own__where_none_is_given(void **state)
{
	struct scene *scene = *state;

	assert_true(enroll_provider(scene->enroll, "ovh", &scene->err));
	assert_true(enroll_name(scene->enroll, "", &scene->err));
	assert_string_equal(scene->enroll->name, "ovh");
	assert_true(enroll_name(scene->enroll, "other", &scene->err));
	assert_string_equal(scene->enroll->name, "other");
	assert_false(enroll_name(scene->enroll, "lab", &scene->err));
	expect_refused(scene, ERR_USAGE, "there is an account lab in the configuration already");
}

/* A path is made whole where it leads somewhere; "~" is left to those that know whose home it is. */
static void endpoint__is_kept__where_it_is_not_the_usual_one(void **state)
{
	static const struct {
		const char *provider, *typed, *kept; /* "@": the folder that the test stands in; NULL: none */
		const char *refused;
	} rows[] = {
		{ "powerdns", "", NULL, NULL },
		{ "powerdns", "http://127.0.0.1:8081", NULL, NULL },
		{ "powerdns", "http://127.0.0.1:1", "http://127.0.0.1:1", NULL },
		{ "powerdns", ".", ".", NULL },
		{ "rfc2136", "", NULL, "Dynamic DNS update (RFC 2136) has no address that would do for all" },
		{ "rfc2136", "192.0.2.1", "192.0.2.1", NULL },
		{ "zonefile", "", NULL, "zone file has no address that would do for all" },
		{ "zonefile", ".", "@", NULL },
		{ "zonefile", "/nowhere/.", "/nowhere/.", NULL },
		{ "zonefile", "/.", "/.", NULL },
		{ "zonefile", "~", "~", NULL },
		{ "zonefile", "no/such/folder", "no/such/folder", NULL },
	};
	struct scene *scene = *state;
	char here[1000];

	assert_non_null(getcwd(here, sizeof(here)));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *kept = rows[i].kept && !strcmp(rows[i].kept, "@") ? here : rows[i].kept;

		assert_true(enroll_provider(scene->enroll, rows[i].provider, &scene->err));
		assert_int_equal(enroll_endpoint(scene->enroll, rows[i].typed, &scene->err), !rows[i].refused);
		if (rows[i].refused)
			expect_refused(scene, ERR_USAGE, rows[i].refused);
		if (kept)
			assert_string_equal(scene->enroll->endpoint, kept);
		else
			assert_null(scene->enroll->endpoint);
	}
}

static void settings__are_asked_for__that_have_no_default(void **state)
{
	struct scene *scene = *state;

	assert_true(enroll_provider(scene->enroll, "digitalocean", &scene->err));
	assert_null(enroll_setting(scene->enroll));
	assert_true(enroll_provider(scene->enroll, "powerdns", &scene->err));
	assert_null(enroll_setting(scene->enroll));
	assert_true(enroll_provider(scene->enroll, "namecheap", &scene->err));
	assert_string_equal(enroll_setting(scene->enroll)->name, "api_user");
	assert_false(enroll_set(scene->enroll, "", &scene->err));
	expect_refused(scene, ERR_USAGE, "Namecheap needs a value for api_user");
	assert_int_equal(scene->enroll->n_set, 0);
	assert_true(enroll_set(scene->enroll, "anna", &scene->err));
	assert_string_equal(enroll_setting(scene->enroll)->name, "client_ip");
	assert_true(enroll_set(scene->enroll, "192.0.2.7", &scene->err));
	assert_null(enroll_setting(scene->enroll));
	assert_int_equal(scene->enroll->n_set, 2);
	assert_string_equal(scene->enroll->set[0], "api_user=anna");
	assert_string_equal(scene->enroll->set[1], "client_ip=192.0.2.7");
}

/* ---- the key ---- */

static void key__is_a_command_or_a_file(void **state)
{
	struct scene *scene = *state;
	char words[500];

	assert_true(enroll_key_place(scene->enroll, "!  pass show vendor", &scene->err));
	assert_string_equal(scene->enroll->key_command, "pass show vendor");
	assert_null(scene->enroll->key_file);
	assert_false(enroll_key_place(scene->enroll, "!  ", &scene->err));
	expect_refused(scene, ERR_USAGE, "there is no command behind the !");
	assert_null(scene->enroll->key_command);
	assert_true(enroll_key_place(scene->enroll, "~/no-such-key", &scene->err));
	assert_string_equal(scene->enroll->key_file, "~/no-such-key");
	assert_false(enroll_key_place(scene->enroll, path_of(scene, "key"), &scene->err));
	snprintf(words, sizeof(words), "there is no file %s that could be read", path_of(scene, "key"));
	expect_refused(scene, ERR_FILE, words);
	assert_true(store_write_file(path_of(scene, "key"), "x", 1, 0600, NULL));
	assert_true(enroll_key_place(scene->enroll, path_of(scene, "key"), &scene->err));
	assert_string_equal(scene->enroll->key_file, path_of(scene, "key"));
	assert_true(enroll_key_place(scene->enroll, "!true", &scene->err));
	assert_null(scene->enroll->key_file);
	assert_string_equal(scene->enroll->key_command, "true");
	assert_true(is_there(scene, "key")); /* that was not written here */
}

static void typed_key__lies_in_a_file__until_another_takes_its_place(void **state)
{
	struct scene *scene = *state;
	struct str text;
	struct stat is;

	str_init(&text, 0);
	assert_true(enroll_provider(scene->enroll, "powerdns", &scene->err) && enroll_name(scene->enroll, "", &scene->err));
	assert_false(enroll_key(scene->enroll, "", &scene->err));
	expect_refused(scene, ERR_USAGE, "PowerDNS Authoritative Server needs a key");
	assert_false(is_there(scene, "powerdns.key"));
	assert_true(enroll_key(scene->enroll, "first", &scene->err));
	assert_true(enroll_key(scene->enroll, "second", &scene->err));
	assert_string_equal(scene->enroll->key_file, path_of(scene, "powerdns.key"));
	assert_true(store_read_file(path_of(scene, "powerdns.key"), 100, &text, NULL));
	assert_string_equal(text.s, "second");
	assert_int_equal(stat(path_of(scene, "powerdns.key"), &is), 0);
	assert_int_equal(is.st_mode & 07777, 0600);
	assert_true(enroll_key_place(scene->enroll, "!true", &scene->err));
	assert_false(is_there(scene, "powerdns.key"));
	assert_true(store_write_file(path_of(scene, "powerdns.key"), "x", 1, 0600, NULL));
	assert_false(enroll_key(scene->enroll, "third", &scene->err));
	assert_int_equal(scene->err.code, ERR_FILE);
	enroll_free(scene->enroll);
	scene->enroll = NULL;
	assert_true(is_there(scene, "powerdns.key"));
	str_release(&text);
}

/* ---- trying it ---- */

static void tried(void *data, const struct err *err)
{
	struct scene *scene = data;

	scene->done++;
	scene->code = err ? err->code : ERR_NONE;
	loop_stop(scene->lab.app.loop);
}

/* The account "second" at the vendor, with a key of its own. */
static void answer_all(struct scene *scene)
{
	char endpoint[60];

	snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", scene->lab.vendor.port);
	assert_true(enroll_provider(scene->enroll, "powerdns", &scene->err));
	assert_true(enroll_name(scene->enroll, "second", &scene->err));
	assert_true(enroll_endpoint(scene->enroll, endpoint, &scene->err));
	assert_true(enroll_key(scene->enroll, "geheim-geheim", &scene->err));
}

static void try_it(struct scene *scene, enum err_code code)
{
	scene->done = 0;
	assert_true(enroll_try(scene->enroll, tried, scene, &scene->err));
	loop_run(scene->lab.app.loop);
	assert_int_equal(scene->done, 1);
	assert_int_equal(scene->code, code);
}

static bool lists(struct vendor_call *call)
{
	if (!strstr(call->path, "/zones"))
		call->text = "{\"type\":\"Server\",\"id\":\"localhost\"}";
	return strstr(call->path, "/zones?") != NULL;
}

static void three_zones(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	if (lists(call))
		call->text = "[{\"id\":\"exempel.com.\",\"name\":\"exempel.com.\",\"kind\":\"Native\"},"
			     "{\"id\":\"andra.se.\",\"name\":\"andra.se.\",\"kind\":\"Native\"},"
			     "{\"id\":\"tredje.se.\",\"name\":\"tredje.se.\",\"kind\":\"Native\"}]";
}

static void no_list(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	call->http = lists(call) ? 403 : 0;
}

static void no_key(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	call->http = 401;
}

static const char *domains(const struct enroll *enroll)
{
	static char text[300];
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < enroll->n_domain; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, " %s", enroll->domain[i]);
	return text;
}

static void domains__come_once__and_those_that_are_there_not_with_all(void **state)
{
	struct scene *scene = *state;

	scene->lab.vendor.hook = three_zones;
	answer_all(scene);
	try_it(scene, ERR_NONE);
	assert_non_null(scene->enroll->zones);
	assert_true(enroll_domains(scene->enroll, "", &scene->err));
	assert_string_equal(domains(scene->enroll), "");
	assert_true(enroll_domains(scene->enroll, "*", &scene->err));
	assert_string_equal(domains(scene->enroll), " andra.se tredje.se");
	assert_true(enroll_domains(scene->enroll, "fj\xc3\xa4rde.se,\ttredje.se * Tredje.SE.", &scene->err));
	assert_string_equal(domains(scene->enroll), " xn--fjrde-hra.se tredje.se andra.se");
	assert_false(enroll_domains(scene->enroll, "a..b c.se", &scene->err));
	assert_int_equal(scene->err.code, ERR_USAGE);
	assert_string_equal(domains(scene->enroll), "");
}

static void account__that_is_accepted__is_written_and_read(void **state)
{
	struct scene *scene = *state;
	struct dname domain;

	scene->lab.vendor.hook = three_zones;
	answer_all(scene);
	try_it(scene, ERR_NONE);
	assert_true(enroll_domains(scene->enroll, "andra.se", &scene->err));
	assert_null(config_get(&scene->lab.app.config, "account", "second", "provider"));
	assert_true(enroll_write(scene->enroll, &scene->err));
	assert_string_equal(config_get(&scene->lab.app.config, "account", "second", "provider"), "powerdns");
	assert_string_equal(config_get(&scene->lab.app.config, "account", "second", "key_file"), path_of(scene, "second.key"));
	assert_true(dname_parse(&domain, "andra.se", NULL));
	assert_non_null(config_domain(&scene->lab.app.config, &domain));
	enroll_free(scene->enroll);
	scene->enroll = NULL;
	assert_true(is_there(scene, "second.key"));
}

static void account__that_is_not_accepted__leaves_nothing(void **state)
{
	struct scene *scene = *state;

	scene->lab.vendor.hook = no_key;
	answer_all(scene);
	try_it(scene, ERR_AUTH);
	assert_null(scene->enroll->zones);
	scene->lab.vendor.hook = three_zones;
	try_it(scene, ERR_NONE);
	assert_non_null(scene->enroll->zones);
	scene->lab.vendor.hook = no_key;
	try_it(scene, ERR_AUTH);
	assert_null(scene->enroll->zones);
	assert_true(is_there(scene, "second.key"));
	enroll_free(scene->enroll);
	scene->enroll = NULL;
	assert_false(is_there(scene, "second.key"));
	assert_null(config_get(&scene->lab.app.config, "account", "second", "provider"));
}

/* The trial's folder goes with the next trial, or with the answers. */
static void provider__that_gives_no_list__is_none_the_worse(void **state)
{
	struct scene *scene = *state;
	char dir[300];

	scene->lab.vendor.hook = no_list;
	answer_all(scene);
	try_it(scene, ERR_NONE);
	assert_null(scene->enroll->zones);
	assert_true(enroll_domains(scene->enroll, "*", &scene->err));
	assert_string_equal(domains(scene->enroll), "");
	snprintf(dir, sizeof(dir), "%s", scene->enroll->dir);
	assert_int_equal(access(dir, F_OK), 0);
	try_it(scene, ERR_NONE);
	assert_int_not_equal(access(dir, F_OK), 0);
	snprintf(dir, sizeof(dir), "%s", scene->enroll->dir);
	enroll_free(scene->enroll);
	scene->enroll = NULL;
	assert_int_not_equal(access(dir, F_OK), 0);
}

static void try__refuses__what_cannot_be_written(void **state)
{
	struct scene *scene = *state;

	answer_all(scene);
	assert_true(enroll_domains(scene->enroll, "exempel.com", &scene->err));
	assert_false(enroll_try(scene->enroll, tried, scene, &scene->err));
	expect_refused(scene, ERR_USAGE, "exempel.com has a section in the configuration already");
	assert_false(enroll_write(scene->enroll, &scene->err));
	expect_refused(scene, ERR_USAGE, "exempel.com has a section in the configuration already");
	assert_int_equal(scene->done, 0);
	enroll_free(scene->enroll);
	scene->enroll = NULL;
	assert_false(is_there(scene, "second.key"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offers__are_all_providers),
		cmocka_unit_test_setup_teardown(provider__is_found__by_its_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(name__is_the_providers_own__where_none_is_given, set_up, tear_down),
		cmocka_unit_test_setup_teardown(endpoint__is_kept__where_it_is_not_the_usual_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(settings__are_asked_for__that_have_no_default, set_up, tear_down),
		cmocka_unit_test_setup_teardown(key__is_a_command_or_a_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(typed_key__lies_in_a_file__until_another_takes_its_place, set_up, tear_down),
		cmocka_unit_test_setup_teardown(domains__come_once__and_those_that_are_there_not_with_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(account__that_is_accepted__is_written_and_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(account__that_is_not_accepted__leaves_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(provider__that_gives_no_list__is_none_the_worse, set_up, tear_down),
		cmocka_unit_test_setup_teardown(try__refuses__what_cannot_be_written, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("enroll", tests, NULL, NULL);
}
