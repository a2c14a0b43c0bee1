/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "io/config.h"
#include "io/scratch.h"
#include "io/store.h"

#define LONG_DOMAIN "a-very-long-label-that-nobody-would-really-use-here.and-another-one-behind-it.exempel.com"

static bool known(const char *provider, const char *name)
{
	return provider && !strcmp(provider, "powerdns") && !strcmp(name, "server");
}

static char *path_in(const char *dir)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/config", dir);
	return str_take(&path);
}

static bool read_text(const char *dir, const char *text, struct config *config, struct err *err)
{
	char *path = path_in(dir);
	bool ok;

	assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
	ok = config_read(config, path, known, err);
	free(path);
	return ok;
}

static const char whole[] = "# comment\n"
			    "[account lab]\n"
			    "provider = powerdns\n"
			    "endpoint = http://127.0.0.1:8081        # replaces the default\n"
			    "  server   = localhost\n"
			    "key_file = ~/keys/lab\n"
			    "\n"
			    "[domain exempel.com]   # the shop\r\n"
			    "account = lab\r\n"
			    "protected = yes\n"
			    "approvals = 2\n"
			    "[domain " LONG_DOMAIN "]\n"
			    "protected = yes\n"
			    "[domain r\xc3\xa4ksm\xc3\xb6rg\xc3\xa5s.example]\n"
			    "account = lab\n"
			    "[dns]\n"
			    "resolver = 127.0.0.1:53\n"
			    "timeout = 30s\n"
			    "[ui]\n"
			    "theme = mono\n"
			    "[keys]\n"
			    "undo = u, Ctrl-Z\n"
			    "help = #\n";

static void config_read__reads__the_manual_s_example(void **state)
{
	const char *dir = *state;
	struct config config = { 0 };
	struct dname name;
	struct str home;
	struct err err = { 0 };

	assert_true(read_text(dir, whole, &config, &err));
	assert_int_equal(err.code, ERR_NONE);
	assert_string_equal(config_get(&config, "account", "lab", "endpoint"), "http://127.0.0.1:8081");
	assert_string_equal(config_get(&config, "account", "lab", "server"), "localhost");
	str_init(&home, 0);
	str_addf(&home, "%s/keys/lab", getenv("HOME"));
	assert_string_equal(config_get(&config, "account", "lab", "key_file"), home.s);
	str_release(&home);
	assert_true(dname_parse(&name, "EXEMPEL.com.", NULL));
	assert_string_equal(config_domain_get(&config, &name, "account"), "lab");
	assert_string_equal(config_domain_get(&config, &name, "approvals"), "2");
	assert_true(dname_parse(&name, LONG_DOMAIN, NULL));
	assert_string_equal(config_domain_get(&config, &name, "protected"), "yes");
	assert_true(dname_parse(&name, "xn--rksmrgs-5wao1o.example", NULL));
	assert_non_null(config_domain(&config, &name));
	assert_true(dname_parse(&name, "other.example", NULL));
	assert_null(config_domain(&config, &name));
	assert_string_equal(config_domain_get(&config, &name, "protected"), "no");
	assert_int_equal(config_number(&config, "dns", "", "timeout"), 30);
	assert_false(config_yes(&config, "main", "", "read_only"));
	assert_string_equal(config_get(&config, "keys", "", "undo"), "u, Ctrl-Z");
	assert_string_equal(config_get(&config, "keys", "", "help"), "#");
	assert_null(config_get(&config, "dns", "", "anchor_file"));
	config_release(&config);
}

static void config_read__names_the_line__of_what_is_wrong(void **state)
{
	static const struct {
		const char *text;
		int line;
	} cases[] = {
		{ "[dns]\nresolvr = 127.0.0.1\n", 2 },
		{ "\n\n[dnss]\n", 3 },
		{ "[dns]\nresolver = not an address\n", 2 },
		{ "[dns]\ntimeout = 5\ntimeout = 6\n", 3 },
		{ "[dns]\ntimeout = 0\n", 2 },
		{ "[dns]\n[ui]\n[dns]\n", 3 },
		{ "[domain exempel.com]\n[domain EXEMPEL.com.]\n", 2 },
		{ "[domain]\n", 1 },
		{ "[domain ..]\n", 1 },
		{ "[ui x]\n", 1 },
		{ "[ui\n", 1 },
		{ "theme = mono\n", 1 },
		{ "[ui]\nmouse = maybe\n", 2 },
		{ "[ui]\ntheme =\n", 2 },
		{ "[ui]\nno setting here\n", 2 },
		{ "[domain exempel.com]\napprovals = -1\n", 2 },
		{ "[domain exempel.com]\napprovals = 2x\n", 2 },
		{ "[account a]\nprovider = powerdns\nkey = secret\n", 3 },
		{ "[account a]\nserver = localhost\n", 2 }, /* whose setting, without a provider? */
		{ "[main]\nread_only = yes\nname = \n", 3 },
	};
	const char *dir = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct config config = { 0 };
		struct err err = { 0 };
		struct str said;
		char where[32];

		str_init(&said, 0);
		assert_false(read_text(dir, cases[i].text, &config, &err));
		assert_int_equal(err.code, ERR_USAGE);
		err_format(&err, NULL, &said);
		snprintf(where, sizeof(where), "/config:%d: ", cases[i].line);
		if (!strstr(said.s, where))
			fail_msg("case %zu: %s", i, said.s);
		str_release(&said);
		config_release(&config);
	}
}

static void config_read__never_repeats__what_may_be_a_secret(void **state)
{
	const char *dir = *state;
	struct config config = { 0 };
	struct err err = { 0 };
	struct str said;

	str_init(&said, 0);
	assert_false(read_text(dir, "[account a]\nprovider = powerdns\nkey = s3cret\n", &config, &err));
	err_format(&err, NULL, &said);
	assert_null(strstr(said.s, "s3cret"));
	str_release(&said);
	config_release(&config);
}

static void config_read__wants_a_named_file__and_not_the_standard_one(void **state)
{
	const char *dir = *state;
	struct config config = { 0 };
	struct err err = { 0 };
	char *path = path_in(dir);

	assert_false(config_read(&config, path, known, &err));
	assert_int_equal(err.code, ERR_FILE);
	setenv("XDG_CONFIG_HOME", dir, 1);
	assert_true(config_read(&config, NULL, known, NULL));
	assert_int_equal(config.n, 0);
	assert_string_equal(config_get(&config, "ui", "", "theme"), "default");
	config_release(&config);
	free(path);
}

static void settings__are_each__once_and_sound(void **state)
{
	(void)state;
	for (const struct setting *s = settings; s->section; s++) {
		assert_true(*s->name && *s->help);
		assert_true(s->type != SETTING_CHOICE || s->choices);
		assert_true((s->type != SETTING_NUMBER && s->type != SETTING_DURATION) || s->max > s->min);
		for (const struct setting *t = settings; t < s; t++)
			assert_true(strcmp(s->section, t->section) != 0 || strcmp(s->name, t->name) != 0);
	}
}

static int set_up(void **state)
{
	*state = scratch_new(NULL);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	scratch_free(*state);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(config_read__reads__the_manual_s_example),
		TEST(config_read__names_the_line__of_what_is_wrong),
		TEST(config_read__never_repeats__what_may_be_a_secret),
		TEST(config_read__wants_a_named_file__and_not_the_standard_one),
		TEST(settings__are_each__once_and_sound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
