/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <cmocka.h>

#include "io/config.h"
#include "io/scratch.h"
#include "io/store.h"

#define LONG_DOMAIN "a-very-long-label-that-nobody-would-really-use-here.and-another-one-behind-it.exempel.com"

static bool known(const char *provider, const char *name)
{
	return provider && !strcmp(provider, "powerdns") && (!name || !strcmp(name, "server"));
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
	assert_string_equal(config_value(config_find(&config, "account", "lab"), "server"), "localhost");
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

/* The files that it names are the same ones wherever the program is run. */
static void config_read__takes__files_from_beside_itself(void **state)
{
	const char *dir = *state;
	struct config config = { 0 };
	struct str wanted;

	assert_true(read_text(dir,
		"[main]\npolicy_file = demands\nallowed_signers = /etc/signers\naccepted_file = ~x/accepted\n"
		"[account a]\nprovider = powerdns\nendpoint = zones\nkey_file = ../keys/lab\nserver = localhost\n",
		&config, NULL));
	str_init(&wanted, 0);
	str_addf(&wanted, "%s/demands", dir);
	assert_string_equal(config_get(&config, "main", "", "policy_file"), wanted.s);
	str_clear(&wanted);
	str_addf(&wanted, "%s/../keys/lab", dir);
	assert_string_equal(config_get(&config, "account", "a", "key_file"), wanted.s);
	assert_string_equal(config_get(&config, "main", "", "allowed_signers"), "/etc/signers");
	assert_string_equal(config_get(&config, "account", "a", "endpoint"), "zones");
	assert_string_equal(config_get(&config, "account", "a", "server"), "localhost");
	str_release(&wanted);
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
	assert_null(config_value(config_find(&config, "ui", ""), "theme"));
	config_release(&config);
	free(path);
}

/* What was said, its hint behind " / ", for the text of a configuration. */
static char *said_of(const char *dir, const char *text)
{
	struct config config = { 0 };
	struct err err = { 0 };
	char *path = path_in(dir);
	struct str said;

	str_init(&said, 0);
	assert_false(read_text(dir, text, &config, &err));
	assert_int_equal(err.code, ERR_USAGE);
	err_format(&err, NULL, &said);
	assert_memory_equal(said.s, path, strlen(path));
	if (err.hint.id) {
		str_add(&said, " / ");
		msg_format(&err.hint, NULL, &said);
	}
	memmove(said.s, said.s + strlen(path), said.len - strlen(path) + 1);
	config_release(&config);
	free(path);
	return str_take(&said);
}

static void config_read__says__what_is_wrong_and_what_to_do(void **state)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{ "[dnss]\n", ":1: no section is called [dnss] / mxladder list settings shows the sections and their settings." },
		{ "[ui x]\n", ":1: no section is called [ui x] / mxladder list settings shows the sections and their settings." },
		{ "[account]\n", ":1: no section is called [account] / mxladder list settings shows the sections and their settings." },
		{ "[mix]\n", ":1: no section is called [mix] / mxladder list settings shows the sections and their settings." },
		{ "[traffic]\n", ":1: no section is called [traffic] / mxladder list settings shows the sections and their settings." },
		{ "[sender]\n", ":1: no section is called [sender] / mxladder list settings shows the sections and their settings." },
		{ "[ui]\n[dns]\n[ui]\n", ":3: this section began on line 1 already / Put both parts together." },
		{ "\n[domain a.test]\n[domain A.Test.]\n", ":3: this section began on line 2 already / Put both parts together." },
		{ "[account a]\n[account a]\n", ":2: this section began on line 1 already / Put both parts together." },
		{ "[domain a..b]\n", ":1: not a domain name: a..b" },
		{ "mouse = yes\n", ":1: mouse stands before any [section]" },
		{ "[ui]\nmouse = yes\nmouse = yes\n", ":3: mouse is set twice in its section" },
		{ "[ui]\nmouses = yes\n",
			":2: section ui has no setting called mouses / mxladder list settings shows the sections and their settings." },
		{ "[ui]\nmouse = Yes\n", ":2: mouse cannot be \"Yes\" / It is yes or no." },
		{ "[dns]\nresolver = x\n", ":2: resolver cannot be \"x\"" },
		{ "[dns]\nresolver\n", ":2: neither a [section] nor a setting = value" },
		{ "[dns]\n\nx\n[ui]\n", ":3: neither a [section] nor a setting = value" },
		{ "[dns\n", ":1: a section's head has no ]" },
		{ "[account a]\nx = 1\n",
			":2: accounts of this provider have no setting called x / mxladder list providers shows the settings of each." },
		{ "[account a]\nprovider = powerdns\nserver = x\n[account b]\n\nserver = x\n",
			":6: accounts of this provider have no setting called server / mxladder list providers shows the settings of each." },
		{ "[account a]\n\nserver = x\nprovider = powerdnss\n",
			":4: account a names no known provider: powerdnss / mxladder list providers shows them." },
		{ "\xef\xbb\xbf[ui]\n", ":1: it begins with a byte order mark / Save it as UTF-8 without one." },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *said = said_of(*state, cases[i].text);

		assert_string_equal(said, cases[i].said);
		free(said);
	}
}

static void config_read__takes__each_type_to_its_limits(void **state)
{
	static const struct {
		const char *head, *setting, *good[4], *bad[5];
	} cases[] = {
		{ "main", "read_only", { "yes", "no" }, { "1", "true", "yes no", "y", "nope" } },
		{ "domain a.test", "approvals", { "0", "16", "7" }, { "17", "-1", "1.0", "0x1", "two" } },
		{ "push", "watch", { "1", "86400", "1d", "2m" }, { "0", "86401", "-1", "2 m", "m" } },
		{ "push", "seen_apart", { "0", "3600", "1h" }, { "3601", "2h", "-1", "x" } },
		{ "dns", "timeout", { "1", "60", "1m" }, { "0", "61", "2m", "1s1" } },
		{ "dns", "resolver", { "192.0.2.1", "192.0.2.1:5353", "[::1]:53", "::1" },
			{ "resolver.test", "192.0.2.1:0", "192.0.2.1:65536" } },
		{ "ui", "theme", { "x", "a b" }, { "", "   " } },
		{ "ui", "mouse", { "yes" }, { "" } },
		{ "main", "sign_key", { "/a/b" }, { "" } },
		{ "keys", "undo", { "u" }, { "" } },
	};
	const char *dir = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (size_t k = 0; k < 9; k++) {
			const char *value = k < 4 ? cases[i].good[k] : cases[i].bad[k - 4];
			struct config config = { 0 };
			char text[200];

			if (!value)
				continue;
			snprintf(text, sizeof(text), "[%s]\n%s = %s\n", cases[i].head, cases[i].setting, value);
			if (read_text(dir, text, &config, NULL) != (k < 4))
				fail_msg("%s", text);
			if (k < 4)
				assert_string_equal(config.section[0].pair[0].value, value);
			config_release(&config);
		}
	}
}

static void config_get__falls_back__on_the_standard(void **state)
{
	struct config config = { 0 };
	struct dname name;

	assert_true(read_text(*state, "[push]\nwatch = 3m\n[main]\nread_only = yes\n", &config, NULL));
	assert_int_equal(config_number(&config, "push", "", "watch"), 180);
	assert_int_equal(config_number(&config, "push", "", "seen_apart"), 10);
	assert_int_equal(config_number(&config, "dns", "", "resolver"), 0);
	assert_true(config_yes(&config, "main", "", "read_only"));
	assert_true(config_yes(&config, "ui", "", "mouse"));
	assert_false(config_yes(&config, "ui", "", "ascii"));
	assert_false(config_yes(&config, "dns", "", "anchor_file"));
	assert_null(config_get(&config, "ui", "", "no such setting"));
	assert_null(config_find(&config, "account", "main"));
	assert_null(config_find(&config, "domain", "push"));
	assert_int_equal(config_find(&config, "main", "")->line, 3);
	assert_int_equal(config_find(&config, "push", "")->pair[0].line, 2);
	assert_true(dname_parse(&name, "a.test", NULL));
	assert_string_equal(config_domain_get(&config, &name, "protected"), "no");
	config_release(&config);
}

static void config_read__takes__comments_blanks_and_indents(void **state)
{
	static const struct {
		const char *line, *value;
	} cases[] = {
		{ "theme = a # b", "a" },
		{ "theme = a\t# b", "a" },
		{ "theme = a#b", "a#b" },
		{ "theme = a#b # c", "a#b" },
		{ "theme=a", "a" },
		{ "\t theme   =   a  b \t ", "a  b" },
		{ "theme = #", "#" },
		{ "theme = a ; b", "a" },
		{ "theme = a = b", "a = b" },
		{ "theme = ~/x", "~/x" }, /* no path */
		{ "; theme = b\n\n# x\n  # x\n\r\ntheme = a\r", "a" },
	};
	const char *dir = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct config config = { 0 };
		char text[200];

		snprintf(text, sizeof(text), "[ui\t ] # the screen\n%s", cases[i].line); /* without an end of line */
		if (!read_text(dir, text, &config, NULL))
			fail_msg("%s", text);
		assert_string_equal(config_get(&config, "ui", "", "theme"), cases[i].value);
		assert_int_equal(config.n, 1);
		assert_int_equal(config.section[0].n, 1);
		config_release(&config);
	}
}

#define LINE_MAX_CHARACTERS 198 /* what inih takes of one, as Debian builds it */

static void config_read__refuses__a_line_that_would_be_cut(void **state)
{
	const char *dir = *state;

	for (int more = 0; more < 2; more++) {
		struct config config = { 0 };
		struct str text, value;
		struct err err = { 0 };

		str_init(&text, 0);
		str_init(&value, 0);
		while (value.len < LINE_MAX_CHARACTERS - strlen("theme = ") + (size_t)more)
			str_add(&value, "x");
		str_addf(&text, "[ui]\n  theme = %s\nmouse = no\n", value.s);
		assert_int_equal(read_text(dir, text.s, &config, &err), !more);
		if (more) {
			char *said = said_of(dir, text.s);

			assert_string_equal(said, ":2: the line is longer than 198 characters");
			free(said);
		} else {
			assert_string_equal(config_get(&config, "ui", "", "theme"), value.s);
			assert_false(config_yes(&config, "ui", "", "mouse"));
		}
		str_release(&text);
		str_release(&value);
		config_release(&config);
	}
}

static void config_read__finds_its_file__by_the_environment(void **state)
{
	static const char text[] = "[ui]\ntheme = own\n";
	const char *dir = *state;
	char folder[300], file[320], *home = strdup(getenv("HOME"));

	snprintf(folder, sizeof(folder), "%s/.config/mxladder", dir);
	snprintf(file, sizeof(file), "%s/.config", dir);
	assert_int_equal(mkdir(file, 0700), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	snprintf(file, sizeof(file), "%s/config", folder);
	assert_true(store_write_file(file, text, strlen(text), 0600, NULL));
	setenv("HOME", dir, 1);
	for (int i = 0; i < 3; i++) {
		static const char *const xdg[] = { NULL, "", "relative" };
		struct config config = { 0 };

		unsetenv("XDG_CONFIG_HOME");
		if (xdg[i])
			setenv("XDG_CONFIG_HOME", xdg[i], 1);
		assert_true(config_read(&config, NULL, known, NULL));
		assert_string_equal(config.path, file);
		assert_string_equal(config_get(&config, "ui", "", "theme"), "own");
		config_release(&config);
	}
	for (int i = 0; i < 2; i++) {
		struct config config = { 0 };

		if (i)
			unsetenv("HOME");
		else
			setenv("HOME", "", 1);
		assert_true(config_read(&config, NULL, known, NULL));
		assert_string_equal(config.path, "");
		assert_int_equal(config.n, 0);
		config_release(&config);
	}
	setenv("HOME", home, 1);
	free(home);
}

#define MANY 20000

/* Twenty thousand sections and as many settings: nothing is looked for from the beginning again. */
static void config_read__is_quick__with_very_many_sections(void **state)
{
	clock_t began = clock();
	struct config config = { 0 };
	struct dname name;
	struct str text;
	char one[64];

	str_init(&text, 0);
	for (int i = 0; i < MANY; i++)
		str_addf(&text, "[domain d%05d.test]\naccount=a%d\n", i, i);
	str_add(&text, "[keys]\n");
	for (int i = 0; i < MANY; i++)
		str_addf(&text, "k%d=a\n", i);
	assert_true(read_text(*state, text.s, &config, NULL));
	assert_int_equal(config.n, MANY + 1);
	for (int i = 0; i < MANY; i++) {
		snprintf(one, sizeof(one), "D%05d.TEST.", i);
		assert_true(dname_parse(&name, one, NULL));
		snprintf(one, sizeof(one), "a%d", i);
		assert_string_equal(config_domain_get(&config, &name, "account"), one);
	}
	assert_string_equal(config_get(&config, "keys", "", "k19999"), "a");
	assert_true((clock() - began) / CLOCKS_PER_SEC < 10); /* a tenth of a second; without an index, minutes */
	str_release(&text);
	config_release(&config);
}

static void config_release__leaves__nothing(void **state)
{
	size_t held = 0;

	for (unsigned round = 0; round < 20; round++) {
		struct config config = { 0 };

		assert_true(read_text(*state,
			"[account a]\nprovider = powerdns\nkey_file = k\n[domain a.test]\naccount = a\n[ui]\nmouse = no\n", &config, NULL));
		assert_int_equal(config.n, 3);
		config_release(&config);
		if (round == 15)
			held = mallinfo2().uordblks;
	}
	assert_int_equal(mallinfo2().uordblks, held);
}

static void settings__are_each__once_and_sound(void **state)
{
	static const struct {
		const char *section, *name;
		uint32_t min, max;
	} ranges[] = {
		{ "main", "approval_age", 60, 315360000 },
		{ "account", "settle", 0, 600 },
		{ "domain", "approvals", 0, 16 },
		{ "domain", "approval_age", 60, 315360000 },
		{ "push", "watch", 1, 86400 },
		{ "push", "seen_apart", 0, 3600 },
		{ "push", "hook_timeout", 1, 600 },
		{ "probe", "port", 1, 65535 },
		{ "probe", "connect_timeout", 1, 300 },
		{ "probe", "reply_timeout", 1, 300 },
		{ "dns", "timeout", 1, 60 },
		{ "simulate", "outage", 1, 31536000 },
	};

	size_t with_range = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		const struct setting *s = settings;

		while (s->section && (strcmp(s->section, ranges[i].section) != 0 || strcmp(s->name, ranges[i].name) != 0))
			s++;
		assert_non_null(s->section);
		assert_int_equal(s->min, ranges[i].min);
		assert_int_equal(s->max, ranges[i].max);
	}
	for (const struct setting *s = settings; s->section; s++) {
		if (s->type != SETTING_NUMBER && s->type != SETTING_DURATION)
			assert_true(!s->min && !s->max);
		assert_true(*s->name && *s->help);
		with_range += s->type == SETTING_NUMBER || s->type == SETTING_DURATION;
		for (const struct setting *t = settings; t < s; t++)
			assert_true(strcmp(s->section, t->section) != 0 || strcmp(s->name, t->name) != 0);
	}
	assert_int_equal(with_range, sizeof(ranges) / sizeof(*ranges));
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
		TEST(config_read__takes__files_from_beside_itself),
		TEST(config_read__names_the_line__of_what_is_wrong),
		TEST(config_read__never_repeats__what_may_be_a_secret),
		TEST(config_read__wants_a_named_file__and_not_the_standard_one),
		TEST(config_read__says__what_is_wrong_and_what_to_do),
		TEST(config_read__takes__each_type_to_its_limits),
		TEST(config_get__falls_back__on_the_standard),
		TEST(config_read__takes__comments_blanks_and_indents),
		TEST(config_read__refuses__a_line_that_would_be_cut),
		TEST(config_read__finds_its_file__by_the_environment),
		TEST(config_read__is_quick__with_very_many_sections),
		TEST(config_release__leaves__nothing),
		TEST(settings__are_each__once_and_sound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
