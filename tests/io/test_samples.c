/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files as the program of 2026-11-25 wrote them: they can be read, and mean the same. */
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

#include "../core/sets.h"
#include "io/config.h"
#include "io/store.h"

static void sample(const char *name, struct str *text)
{
	const char *top = getenv("top_srcdir");
	char path[600];

	snprintf(path, sizeof(path), "%s/tests/data/2026-11-25/%s", top ? top : ".", name);
	str_init(text, 1 << 20);
	assert_true(store_read_file(path, 1 << 20, text, NULL));
}

/* An account's own settings are known by its vendor. */
static bool known(const char *provider, const char *name)
{
	return !name || !strcmp(name, strcmp(provider, "zonefile") == 0 ? "reload_command" : "server");
}

static void config__of_2026_11_25__means_the_same(void **state)
{
	static const struct {
		const char *kind, *name, *setting, *value;
	} rows[] = {
		{ "main", "", "name", "anna@exempel.com" },
		{ "main", "", "read_only", "no" },
		{ "account", "lab", "provider", "powerdns" },
		{ "account", "lab", "endpoint", "http://127.0.0.1:8081" },
		{ "account", "lab", "server", "localhost" },
		{ "account", "lab", "key_env", "MXLADDER_LAB_KEY" },
		{ "account", "files", "endpoint", "/var/lib/mxladder-zones" },
		{ "account", "files", "reload_command", "rndc reload exempel.net" },
		{ "domain", "exempel.com", "protected", "yes" },
		{ "domain", "exempel.com", "approvals", "2" },
		{ "domain", "exempel.com", "account", "lab" },
		{ "dns", "", "resolver", "127.0.0.1:53" },
		{ "dns", "", "timeout", "3s" },
		{ "simulate", "", "mix", "ours" },
		{ "simulate", "", "traffic", "office" },
		{ "simulate", "", "outage", "36h" },
		{ "sender", "patient", "base", "postfix" },
		{ "sender", "patient", "title", "Postfix, patient" },
		{ "sender", "patient", "addresses", "9" },
		{ "sender", "patient", "connect_timeout", "1m30s" },
		{ "mix", "ours", "exim", "20.5" },
		{ "traffic", "office", "per_hour", "1,1,1,1,1,1,5,20,60,80,80,70,60,80,80,70,60,40,20,10,5,2,1,1" },
		{ "ui", "", "theme", "light" },
		{ "ui", "", "mouse", "no" },
		{ "keys", "", "undo", "u, Ctrl-Z" },
	};
	struct config config = { 0 };
	struct dname domain;
	struct str text;
	char path[] = "/tmp/test_samples-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	sample("config", &text);
	assert_true(fd >= 0 && write(fd, text.s, text.len) == (ssize_t)text.len);
	close(fd);
	assert_true(config_read(&config, path, known, NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *value = config_get(&config, rows[i].kind, rows[i].name, rows[i].setting);

		if (!value || strcmp(value, rows[i].value) != 0)
			fail_msg("[%s %s] %s: %s", rows[i].kind, rows[i].name, rows[i].setting, value ? value : "nothing");
	}
	assert_true(dname_parse(&domain, "exempel.net", NULL));
	assert_string_equal(config_domain_get(&config, &domain, "account"), "files"); /* "Exempel.NET." there */
	config_release(&config);
	unlink(path);
	str_release(&text);
}

static void plan__of_2026_11_25__means_the_same(void **state)
{
	static const struct {
		const char *file, *id, *base, *want, *note, *approved_by;
		bool is_signed;
	} rows[] = {
		{ "plan-unsigned.json", "sha256:30d5b20865f26a35cf54163bde45970e8d6d1bcac38f74d7a8f6a8a99bb5196f",
			"45000 10 mejlserver1.exempel.com 10 mejlserver2.exempel.com 20 reserv.exempel.net",
			"3600 10 mejlserver1.exempel.com 10 mejlserver2.exempel.com 20 reserv.exempel.net 30 mx3.exempel.net",
			"CHG-17, a \"quoted\" note", NULL, false },
		{ "plan-approved.json", "sha256:30d5b20865f26a35cf54163bde45970e8d6d1bcac38f74d7a8f6a8a99bb5196f", NULL,
			"3600 10 mejlserver1.exempel.com 10 mejlserver2.exempel.com 20 reserv.exempel.net 30 mx3.exempel.net",
			"CHG-17, a \"quoted\" note", "anna@exempel.com", false },
		{ "plan-signed.json", "sha256:30d5b20865f26a35cf54163bde45970e8d6d1bcac38f74d7a8f6a8a99bb5196f", NULL,
			"3600 10 mejlserver1.exempel.com 10 mejlserver2.exempel.com 20 reserv.exempel.net 30 mx3.exempel.net",
			"CHG-17, a \"quoted\" note", "anna@exempel.com", true },
		{ "plan-null.json", NULL, "45000 10 mejlserver1.exempel.com 10 mejlserver2.exempel.com 20 reserv.exempel.net", "45000 0 .",
			"", NULL, false },
		{ "plan-odd.json", "sha256:e61ad87ae6349e4f7e9313f3ebd97444aad2171cfbe6db53bbca8300d3b35fa8", NULL,
			"86400 10 xn--rksmrgs-5wao1o.example 10 mx3.exempel.net", "", NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct plans plans = { 0 };
		struct str text;
		char out[4096];

		sample(rows[i].file, &text);
		assert_true(plans_parse(&plans, text.s, text.len, NULL));
		assert_int_equal(plans.n, 1);
		if (rows[i].id)
			assert_string_equal(plans.plan[0].id, rows[i].id);
		if (rows[i].base)
			assert_string_equal(set_text(&plans.plan[0].base, out), rows[i].base);
		assert_string_equal(set_text(&plans.plan[0].want, out), rows[i].want);
		assert_string_equal(plans.plan[0].note, rows[i].note);
		assert_int_equal(plans.plan[0].n_approval, rows[i].approved_by != NULL);
		if (rows[i].approved_by) {
			assert_string_equal(plans.plan[0].approval[0].by, rows[i].approved_by);
			assert_int_equal(plans.plan[0].approval[0].signature != NULL, rows[i].is_signed);
		}
		plans_release(&plans);
		str_release(&text);
	}
}

static void file_of_plans__of_2026_11_25__has_both(void **state)
{
	struct plans plans = { 0 };
	struct str text;
	char out[4096];

	(void)state;
	sample("plan-several.json", &text);
	assert_true(plans_parse(&plans, text.s, text.len, NULL));
	assert_true(plans.many);
	assert_int_equal(plans.n, 2);
	assert_string_equal(set_text(&plans.plan[1].want, out), "45000 0 .");
	plans_release(&plans);
	str_release(&text);
}

static void draft__of_2026_11_25__means_the_same(void **state)
{
	static const struct {
		const char *domain, *base, *want, *undone, *redone;
		size_t n_undo, n_redo;
	} rows[] = {
		{ "exempel.com", "45000 10 mejlserver1.exempel.com 10 mejlserver2.exempel.com 20 reserv.exempel.net",
			"45000 10 mejlserver1.exempel.com 10 mejlserver2.exempel.com 20 reserv.exempel.net 30 mx3.exempel.net",
			"45000 10 mejlserver1.exempel.com 10 mejlserver2.exempel.com 20 reserv.exempel.net",
			"3600 10 mejlserver1.exempel.com 10 mejlserver2.exempel.com 20 reserv.exempel.net 30 mx3.exempel.net", 1, 2 },
		{ "exempel.net", "3600 10 mx3.exempel.net", "86400 10 mx3.exempel.net 15 xn--rksmrgs-5wao1o.example 20 mail.exempel.net",
			"3600 10 mx3.exempel.net 15 xn--rksmrgs-5wao1o.example 20 mail.exempel.net", NULL, 4, 0 },
	};
	char dir[] = "/tmp/test_samples-XXXXXX";
	struct store *store;

	(void)state;
	assert_non_null(mkdtemp(dir));
	store = store_new(dir, NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char name[128], path[256], out[4096];
		struct draft draft = { 0 };
		struct dname domain;
		struct plan plan;
		struct str text;

		snprintf(name, sizeof(name), "draft-%s.json", rows[i].domain);
		sample(name, &text);
		snprintf(path, sizeof(path), "%s/drafts", dir);
		mkdir(path, 0700);
		snprintf(path, sizeof(path), "%s/drafts/%s.json", dir, rows[i].domain);
		assert_true(store_write_file(path, text.s, text.len, 0600, NULL));
		assert_true(dname_parse(&domain, rows[i].domain, NULL));
		plan_init(&plan);
		assert_true(store_draft_load(store, &domain, &plan, &draft, NULL));
		assert_string_equal(set_text(&draft.base, out), rows[i].base);
		assert_string_equal(set_text(&draft.want, out), rows[i].want);
		assert_int_equal(draft.n_undo, rows[i].n_undo);
		assert_int_equal(draft.n_redo, rows[i].n_redo);
		if (rows[i].redone) {
			assert_true(draft_redo(&draft));
			assert_string_equal(set_text(&draft.want, out), rows[i].redone);
			assert_true(draft_undo(&draft));
		}
		assert_true(draft_undo(&draft));
		assert_string_equal(set_text(&draft.want, out), rows[i].undone);
		unlink(path);
		plan_release(&plan);
		draft_release(&draft);
		str_release(&text);
	}
	store_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config__of_2026_11_25__means_the_same),
		cmocka_unit_test(plan__of_2026_11_25__means_the_same),
		cmocka_unit_test(file_of_plans__of_2026_11_25__has_both),
		cmocka_unit_test(draft__of_2026_11_25__means_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
