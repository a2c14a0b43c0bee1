/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An account as sections of the configuration: what they say, what is refused, and that nothing else of the file changes. */
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

#include "app/setup.h"
#include "base/mem.h"
#include "io/scratch.h"

#define THERE "# mine\n[account old]\nprovider = digitalocean\n\n[domain old.example]\naccount = old\n"

struct scene {
	char *dir, path[300];
	struct app app;
	struct str out, text;
	struct err err;
};

/* config NULL: there is no file, nor its folder. */
static void open_scene(struct scene *scene, const char *config)
{
	struct app_options options = { .state_dir = scene->dir, .timeout_ms = 4321 };

	app_close(&scene->app);
	snprintf(scene->path, sizeof(scene->path), "%s/%s", scene->dir, config ? "config" : "sub/config");
	if (config)
		assert_true(store_write_file(scene->path, config, strlen(config), 0600, NULL));
	options.config = scene->path;
	if (config) {
		assert_true(app_open(&scene->app, &options, NULL));
		return;
	}
	scene->app.loop = loop_new();
	scene->app.config.path = mem_text(scene->path);
}

static int setup(void **state)
{
	struct scene *scene = mem_alloc(sizeof(*scene));

	scene->dir = scratch_new(NULL);
	str_init(&scene->out, 0);
	str_init(&scene->text, 0);
	open_scene(scene, THERE);
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	app_close(&scene->app);
	str_release(&scene->out);
	str_release(&scene->text);
	scratch_free(scene->dir);
	free(scene);
	return 0;
}

static void expect_file(struct scene *scene, const char *path, const char *wanted)
{
	str_clear(&scene->text);
	assert_true(store_read_file(path, 1 << 20, &scene->text, NULL));
	assert_string_equal(scene->text.s, wanted);
}

static void expect_words(struct scene *scene, enum err_code code, const char *words)
{
	assert_int_equal(scene->err.code, code);
	str_clear(&scene->text);
	msg_format(&scene->err.what, NULL, &scene->text);
	assert_string_equal(scene->text.s, words);
}

/* ---- what they say ---- */

static void sections__say__what_was_answered(void **state)
{
	static const char *const set[] = { "server=second", "server= a;b=c" };
	/* each once, however often it was typed */
	static const char *const domain[] = { "Exempel.COM.", "r\xc3\xa4ksm\xc3\xb6rg\xc3\xa5s.se", "exempel.com",
		"xn--rksmrgs-5wao1o.se" };
	struct scene *scene = *state;
	struct setup made = { .name = "main", .provider = provider_find("powerdns") };

	assert_true(setup_sections(&scene->app, &made, &scene->out, &scene->err));
	assert_string_equal(scene->out.s, "[account main]\nprovider = powerdns\n");
	str_clear(&scene->out);
	made.endpoint = "http://127.0.0.1:8081";
	made.key_file = "/etc/key of mine";
	made.key_command = "pass show 'a;b'";
	made.set = set;
	made.n_set = 1;
	made.domain = domain;
	made.n_domain = 4;
	assert_true(setup_sections(&scene->app, &made, &scene->out, &scene->err));
	assert_string_equal(scene->out.s, "[account main]\nprovider = powerdns\nendpoint = http://127.0.0.1:8081\n"
					  "key_file = /etc/key of mine\nkey_command = pass show 'a;b'\nserver = second\n"
					  "\n[domain exempel.com]\naccount = main\n\n[domain xn--rksmrgs-5wao1o.se]\naccount = main\n");
}

static void sections__refuse__what_cannot_stand_there(void **state)
{
	static const struct {
		const char *name, *endpoint, *key_file, *key_command, *set, *domain;
		const char *words;
	} rows[] = {
		{ "old", NULL, NULL, NULL, NULL, NULL, "there is an account old in the configuration already" },
		{ "", NULL, NULL, NULL, NULL, NULL, "\"\" cannot stand in the configuration as [account NAME]" },
		{ "a]b", NULL, NULL, NULL, NULL, NULL, "\"a]b\" cannot stand in the configuration as [account NAME]" },
		{ "a\"b", NULL, NULL, NULL, NULL, NULL, "\"a\"b\" cannot stand in the configuration as [account NAME]" },
		{ " a", NULL, NULL, NULL, NULL, NULL, "\" a\" cannot stand in the configuration as [account NAME]" },
		{ "a\t", NULL, NULL, NULL, NULL, NULL, "\"a\\x09\" cannot stand in the configuration as [account NAME]" },
		{ "\ta", NULL, NULL, NULL, NULL, NULL, "\"\\x09a\" cannot stand in the configuration as [account NAME]" },
		{ "a ", NULL, NULL, NULL, NULL, NULL, "\"a \" cannot stand in the configuration as [account NAME]" },
		{ ";a", NULL, NULL, NULL, NULL, NULL, "\";a\" cannot stand in the configuration as [account NAME]" },
		{ "b", "http://a ;b", NULL, NULL, NULL, NULL, "\"http://a ;b\" cannot stand in the configuration as endpoint" },
		{ "b", "a\t;b", NULL, NULL, NULL, NULL, "\"a\\x09;b\" cannot stand in the configuration as endpoint" },
		{ "b", "a\nb", NULL, NULL, NULL, NULL, "\"a\\x0ab\" cannot stand in the configuration as endpoint" },
		{ "b", NULL, "a\rb", NULL, NULL, NULL, "\"a\\x0db\" cannot stand in the configuration as key_file" },
		{ "b", NULL, NULL, " a", NULL, NULL, "\" a\" cannot stand in the configuration as key_command" },
		{ "b", NULL, NULL, "a ", NULL, NULL, "\"a \" cannot stand in the configuration as key_command" },
		{ "b", NULL, NULL, NULL, "server", NULL, "\"server\" is not NAME=VALUE" },
		{ "b", NULL, NULL, NULL, "nosuch=1", NULL, "PowerDNS Authoritative Server has no setting of that name: nosuch=1" },
		{ "b", NULL, NULL, NULL, "serve=1", NULL, "PowerDNS Authoritative Server has no setting of that name: serve=1" },
		{ "b", NULL, NULL, NULL, "servers=1", NULL, "PowerDNS Authoritative Server has no setting of that name: servers=1" },
		{ "b", NULL, NULL, NULL, "server=", NULL, "\"\" cannot stand in the configuration as server" },
		{ "b", NULL, NULL, NULL, NULL, "old.example", "old.example has a section in the configuration already" },
		{ "b", NULL, NULL, NULL, NULL, "OLD.example.", "old.example has a section in the configuration already" },
		{ "b", NULL, NULL, NULL, NULL, "a..b", "\"a..b\" has an empty label: a dot too many" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct setup made = { .name = rows[i].name,
			.provider = provider_find("powerdns"),
			.endpoint = rows[i].endpoint,
			.key_file = rows[i].key_file,
			.key_command = rows[i].key_command,
			.n_set = rows[i].set != NULL,
			.set = &rows[i].set,
			.n_domain = rows[i].domain != NULL,
			.domain = &rows[i].domain };

		scene->err = (struct err){ 0 };
		assert_false(setup_sections(&scene->app, &made, &scene->out, &scene->err));
		expect_words(scene, ERR_USAGE, rows[i].words);
	}
}

/* ---- the file ---- */

#define NEW "[account main]\nprovider = powerdns\n"

static void file__gets__the_sections_behind_what_stands_there(void **state)
{
	static const struct {
		const char *before, *after;
	} rows[] = {
		{ THERE, THERE "\n" NEW },
		{ "[main]\nread_only = yes", "[main]\nread_only = yes\n\n" NEW }, /* its last line has no end */
		{ "", NEW },
	};
	struct scene *scene = *state;

	str_add(&scene->out, NEW);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		open_scene(scene, rows[i].before);
		assert_true(setup_write(&scene->app, &scene->out, &scene->err));
		expect_file(scene, scene->path, rows[i].after);
	}
	/* one that is not there yet, nor its folder */
	open_scene(scene, NULL);
	assert_true(setup_write(&scene->app, &scene->out, &scene->err));
	expect_file(scene, scene->path, NEW);
}

/* The trial is on a copy: the sections are read as they will be, and the file is what it was. */
static void trial__reads__a_copy(void **state)
{
	struct scene *scene = *state;
	struct app trial;
	char *dir;

	str_add(&scene->out, NEW);
	assert_true(setup_trial(&scene->app, &scene->out, &trial, &dir, &scene->err));
	assert_non_null(config_find(&trial.config, "account", "main"));
	assert_non_null(config_find(&trial.config, "account", "old"));
	assert_int_equal(trial.timeout_ms, 4321);
	assert_int_equal(access(dir, F_OK), 0);
	setup_trial_end(&trial, dir);
	expect_file(scene, scene->path, THERE);
	/* what the program does not understand is refused before anything is written */
	str_clear(&scene->out);
	str_add(&scene->out, "[account main]\nnosuch = 1\n");
	assert_false(setup_trial(&scene->app, &scene->out, &trial, &dir, &scene->err));
	assert_int_equal(scene->err.code, ERR_USAGE);
	setup_trial_end(&trial, dir);
	expect_file(scene, scene->path, THERE);
}

/* A file that others may write is trusted by nobody. */
static void file__that_others_may_write__is_left_alone(void **state)
{
	struct scene *scene = *state;
	struct app trial;
	char *dir;

	str_add(&scene->out, NEW);
	assert_int_equal(chmod(scene->path, 0666), 0);
	assert_false(setup_write(&scene->app, &scene->out, &scene->err));
	assert_int_equal(scene->err.code, ERR_FILE);
	expect_file(scene, scene->path, THERE);
	assert_false(setup_trial(&scene->app, &scene->out, &trial, &dir, NULL));
	setup_trial_end(&trial, dir);
}

static void key__is_written__beside_the_configuration(void **state)
{
	struct scene *scene = *state;
	char wanted[300], *path;
	struct stat stat_of;

	for (int there = 1; there >= 0; there--) {
		open_scene(scene, there ? THERE : NULL);
		path = setup_write_key(&scene->app, "main", "geheim", &scene->err);
		snprintf(wanted, sizeof(wanted), "%s/%smain.key", scene->dir, there ? "" : "sub/");
		assert_string_equal(path, wanted);
		expect_file(scene, path, "geheim");
		assert_int_equal(stat(path, &stat_of), 0);
		assert_int_equal(stat_of.st_mode & 0777, 0600);
		/* none is written over */
		assert_null(setup_write_key(&scene->app, "main", "other", &scene->err));
		snprintf(wanted, sizeof(wanted), "there is a file %s already", path);
		expect_words(scene, ERR_FILE, wanted);
		expect_file(scene, path, "geheim");
		free(path);
	}
	assert_null(setup_write_key(&scene->app, "a]b", "other", &scene->err));
	assert_null(setup_write_key(&scene->app, "a\"b", "other", &scene->err));
	assert_null(setup_write_key(&scene->app, "../a", "other", &scene->err));
	expect_words(scene, ERR_USAGE, "\"../a\" cannot stand in the configuration as [account NAME]");
}

/* An account goes with its settings and with the lines that name it; comments, order and all other sections stay. */
static void account__is_removed__and_nothing_else(void **state)
{
	static const char before[] =
		"# ours\n[main]\nname = Eva\n\n# the laboratory\n[account lab]\nprovider = powerdns # by hand\n\n"
		"# a note within\nkey_env = KEY\n\n# the shops\n[domain exempel.com]\n  account = lab\nprotected = yes\n"
		"[account labour]\nprovider = digitalocean\n[domain exempel.net]\naccount = labour\n[domain exempel.org]\n"
		"account = lab # too";
	static const char after[] = "# ours\n[main]\nname = Eva\n\n# the laboratory\n\n# the shops\n[domain exempel.com]\n"
				    "protected = yes\n[account labour]\nprovider = digitalocean\n[domain exempel.net]\n"
				    "account = labour\n[domain exempel.org]\n";
	struct scene *scene = *state;
	struct stat info;

	open_scene(scene, before);
	assert_true(setup_remove(&scene->app, "lab", &scene->err));
	expect_file(scene, scene->path, after);
	assert_int_equal(stat(scene->path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_true(app_read_again(&scene->app, &scene->err));
	assert_null(config_find(&scene->app.config, "account", "lab"));
	assert_false(setup_remove(&scene->app, "lab", &scene->err));
	expect_words(scene, ERR_USAGE, "no account is named lab");
	assert_true(setup_remove(&scene->app, "labour", NULL));
	assert_true(app_read_again(&scene->app, NULL));
	expect_file(scene, scene->path,
		"# ours\n[main]\nname = Eva\n\n# the laboratory\n\n# the shops\n[domain exempel.com]\nprotected = yes\n"
		"[domain exempel.net]\n[domain exempel.org]\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sections__say__what_was_answered),
		TEST(sections__refuse__what_cannot_stand_there),
		TEST(file__gets__the_sections_behind_what_stands_there),
		TEST(trial__reads__a_copy),
		TEST(file__that_others_may_write__is_left_alone),
		TEST(key__is_written__beside_the_configuration),
		TEST(account__is_removed__and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
