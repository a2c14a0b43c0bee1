/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy from its file to its answers: where it is wrong, what an approval is given under, and what survives a failure. */
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

#include "../check/scene.h"
#include "app/demand.h"
#include "base/mem.h"
#include "io/scratch.h"

struct desk {
	char *dir, *file;
	struct app app;
};

static void put(const char *path, const char *text)
{
	assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
}

static char *joined(const char *dir, const char *name)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/%s", dir, name);
	return str_take(&path);
}

/* With the policy's file in the configuration, or without one. */
static void open_app(struct desk *desk, bool configured)
{
	char *config = joined(desk->dir, "config"), *state = joined(desk->dir, "state");
	struct app_options options = { .config = config, .state_dir = state };
	struct str text;

	str_init(&text, 0);
	if (configured)
		str_addf(&text, "[main]\npolicy_file = %s\n", desk->file);
	else
		str_add(&text, "[main]\n");
	put(config, text.s);
	assert_true(app_open(&desk->app, &options, NULL));
	str_release(&text);
	free(config);
	free(state);
}

static int set_up(void **state)
{
	struct desk *desk = mem_alloc(sizeof(*desk));

	desk->dir = scratch_new(NULL);
	assert_non_null(desk->dir);
	desk->file = joined(desk->dir, "policy");
	open_app(desk, true);
	*state = desk;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *desk = *state;

	app_close(&desk->app);
	scratch_free(desk->dir);
	free(desk->file);
	free(desk);
	return 0;
}

/* ---- the file ---- */

static void wrong(struct desk *desk, const char *text, const char *what, const char *hint)
{
	struct musts musts = { 0 };
	struct err err = { 0 };
	struct str said, wanted;

	put(desk->file, text);
	str_init(&said, 0);
	str_init(&wanted, 0);
	assert_false(demand_read(&desk->app, NULL, &musts, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_int_equal(musts.n + musts.n_section, 0);
	err_format(&err, NULL, &said);
	str_addf(&wanted, "%s:%s", desk->file, what);
	assert_string_equal(said.s, wanted.s);
	str_clear(&said);
	msg_format(&err.hint, NULL, &said);
	assert_string_equal(said.s ? said.s : "", hint);
	str_release(&said);
	str_release(&wanted);
}

static void demand_read__names__file_and_line(void **state)
{
	struct desk *desk = *state;

	wrong(desk, "must = dnssec\n", "1: must stands before any [section]", "Begin with [domain NAME] or [group NAME].");
	wrong(desk, "# ours\n\n[domain exempel.com]\nmust = ttl <= 1h\nmust = no target-cnam  # a slip\n",
		"5: there is no check \"target-cnam\"", "mxladder list checks shows them.");
	wrong(desk, "[domain exempel.com]\nmust = ttl < 1h\n", "2: \"ttl < 1h\" is no demand that can be judged",
		"These can: survives any one|pair [of hosts|networks]; ttl <= DURATION; ttl >= DURATION; NUMBER hosts; NUMBER networks; mta-sts "
		"enforce|testing; hoster NAME; dnssec; no CHECK.");
	wrong(desk, "[domain exempel.com]\nmust dnssec\n", "2: neither a [section] nor a setting = value", "");
	wrong(desk, "[domain exempel.com\n", "1: a section's head has no ]", "");
	wrong(desk, "[all]\n", "1: a policy has no section [all]", "It has [domain NAME] and [group NAME].");
	wrong(desk, "[domain a..b]\n", "1: \"a..b\" has an empty label: a dot too many", "");
	wrong(desk, "[domain exempel.com]\nmust = dnssec\n[group shops]\nmust = dnssec\n", "3: no domain is in the group shops",
		"Name them: \"domains = NAME, NAME\", or \"domains = *\" for every domain.");
}

static void demand_read__says__that_the_file_is_not_there(void **state)
{
	struct desk *desk = *state;
	struct musts musts = { 0 };
	struct err err = { 0 };

	assert_false(demand_read(&desk->app, NULL, &musts, &err));
	assert_int_equal(err.code, ERR_FILE);
	put(desk->file, "[domain exempel.com]\nmust = dnssec\n");
	assert_true(demand_read(&desk->app, NULL, &musts, NULL));
	assert_int_equal(musts.n, 1);
	assert_int_equal(musts.line[0].line, 2);
	musts_release(&musts);
	app_close(&desk->app);
	open_app(desk, false);
	assert_true(demand_read(&desk->app, NULL, &musts, NULL));
	assert_int_equal(musts.n, 0);
	assert_true(demand_read(&desk->app, desk->file, &musts, NULL));
	assert_int_equal(musts.n, 1);
	musts_release(&musts);
}

/* What the configuration names is obeyed: nobody else may write it, and no pipe is waited for. */
static void demand_read__obeys__no_file_of_others(void **state)
{
	struct desk *desk = *state;
	struct musts musts = { 0 };
	struct err err = { 0 };

	put(desk->file, "[domain exempel.com]\nmust = dnssec\n");
	assert_int_equal(chmod(desk->file, 0664), 0);
	assert_false(demand_read(&desk->app, NULL, &musts, &err));
	assert_int_equal(err.code, ERR_FILE);
	assert_string_equal(err.what.id, "%s can be written by others");
	assert_int_equal(musts.n, 0);
	assert_true(demand_read(&desk->app, desk->file, &musts, NULL)); /* of one that is named the caller answers for */
	musts_release(&musts);
	assert_int_equal(unlink(desk->file), 0);
	assert_int_equal(mkfifo(desk->file, 0600), 0);
	err = (struct err){ 0 };
	assert_false(demand_read(&desk->app, NULL, &musts, &err));
	assert_string_equal(err.what.id, "%s is no regular file");
}

static void digest_of(struct desk *desk, const char *text, const char *name, char digest[PLAN_ID_MAX])
{
	struct musts musts = { 0 };
	struct dname domain;

	put(desk->file, text);
	assert_true(dname_parse(&domain, name, NULL));
	assert_true(demand_read(&desk->app, NULL, &musts, NULL));
	demand_digest(&musts, &domain, digest);
	musts_release(&musts);
}

static void demand_digest__changes__with_what_is_demanded_alone(void **state)
{
	char one[PLAN_ID_MAX], other[PLAN_ID_MAX];
	struct desk *desk = *state;

	digest_of(desk, "[domain exempel.com]\nmust = ttl <= 1h\nmust = dnssec\n", "exempel.com", one);
	/* of "dnssec\nttl <= 1h\n" */
	assert_string_equal(one, "sha256:9b9e887f11d69056d36eb0cb5ab5431046f9b9dea5e1dca8402a766f3b61ff94");
	digest_of(desk, "# moved\n[group all]\ndomains = *\nmust = dnssec\nmust = ttl <= 60m\n[domain exempel.com]\nmust = dnssec\n",
		"exempel.com", other);
	assert_string_equal(one, other);
	digest_of(desk, "[domain exempel.com]\nmust = ttl <= 2h\nmust = dnssec\n", "exempel.com", other);
	assert_string_not_equal(one, other);
	digest_of(desk, "[domain exempel.com]\nmust = ttl <= 1h\n", "exempel.net", other);
	assert_string_equal(other, "");
}

/* ---- what survives ---- */

/* Of a draft: each line's answer and why. */
static void judged(struct desk *desk, struct scene *scene, const char *must, const char *wanted)
{
	struct demands demands = { 0 };
	struct musts musts = { 0 };
	struct str text;

	str_init(&text, 0);
	str_addf(&text, "[domain exempel.com]\nmust = %s\n", must);
	put(desk->file, text.s);
	str_clear(&text);
	assert_true(demand_read(&desk->app, NULL, &musts, NULL));
	demands_judge(&musts, &scene->in, &demands);
	assert_int_equal(demands.n, 1);
	assert_int_equal(demands_open(&demands), demands.row[0].answer != MUST_MET);
	assert_ptr_equal(demands.row[0].line, &musts.line[0]);
	str_add(&text, must_answer_name(demands.row[0].answer));
	if (demands.row[0].why.id) {
		str_add(&text, ": ");
		msg_format(&demands.row[0].why, NULL, &text);
	}
	if (strcmp(text.s, wanted) != 0)
		fail_msg("%s: \"%s\", not \"%s\"", must, text.s, wanted);
	demands_release(&demands);
	musts_release(&musts);
	str_release(&text);
}

static void survives__is_what_the_matrix_finds(void **state)
{
	static const struct {
		const char *records, *world, *must, *says;
	} rows[] = {
		{ "10 mx.a.example|20 mx.b.example", "mx.a.example 9.9.9.9|mx.b.example 9.9.8.9", "survives any one", "met" },
		{ "10 mx.a.example|20 mx.b.example", "mx.a.example 9.9.9.9|mx.b.example 9.9.8.9", "survives any pair",
			"not met: mail is lost while this is down: mx.a.example + mx.b.example" },
		{ "10 mx.a.example|20 mx.b.example|20 mx.c.example", "mx.a.example 9.9.9.9|mx.b.example 9.9.8.9|mx.c.example 9.9.7.9",
			"survives any pair", "met" },
		{ "10 mx.a.example|20 mx.b.example|20 mx.c.example", "mx.a.example 9.9.9.9|mx.b.example 9.9.8.9|mx.c.example 9.9.8.7",
			"survives any pair of hosts", "met" },
		{ "10 mx.a.example|20 mx.b.example|20 mx.c.example", "mx.a.example 9.9.9.9|mx.b.example 9.9.8.9|mx.c.example 9.9.8.7",
			"survives any pair of networks", "not met: mail is lost while this is down: 9.9.9.0/24 + 9.9.8.0/24" },
		{ "10 mx.a.example|20 mx.b.example", "mx.a.example 9.9.9.9|mx.b.example 9.9.9.8", "survives any one of hosts", "met" },
		{ "10 mx.a.example|20 mx.b.example", "mx.a.example 9.9.9.9|mx.b.example 9.9.9.8", "survives any one of networks",
			"not met: mail is lost while this is down: 9.9.9.0/24" },
		{ "10 mx.a.example", "mx.a.example 9.9.9.9", "survives any one of hosts",
			"not met: mail is lost while this is down: mx.a.example" },
		{ "10 mx.a.example|20 mx.b.example", "mx.a.example 9.9.9.9|mx.b.example ?", "survives any one of hosts",
			"unknown: whether mail is lost while this is down is not known: mx.a.example" },
		{ "10 mx.a.example|20 mx.b.example", "mx.a.example 9.9.9.9|mx.b.example !", "survives any one of hosts",
			"not met: mail is lost while this is down: mx.a.example" },
		{ "10 mx.a.example|20 mx.b.example", "mx.a.example ?|mx.b.example ?", "survives any one",
			"unknown: whether mail is lost while this is down is not known: mx.a.example" },
		{ "10 mx.a.example|20 mx.b.example", "", "survives any one of hosts",
			"unknown: whether mail is lost while this is down is not known: mx.a.example" },
		{ "10 mx.a.example|20 mx.b.example", "", "survives any one of networks",
			"unknown: no server is known that could take the mail" },
	};
	struct desk *desk = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;

		scene_open(&scene, rows[i].records, rows[i].world);
		judged(desk, &scene, rows[i].must, rows[i].says);
		scene.in.is_draft = true;
		judged(desk, &scene, rows[i].must, rows[i].says);
		scene_close(&scene);
	}
}

static void demands_judge__answers__each_line_of_the_domain(void **state)
{
	struct desk *desk = *state;
	struct demands demands = { 0 };
	struct musts musts = { 0 };
	struct scene scene;

	put(desk->file,
		"[group all]\ndomains = *\nmust = ttl <= 30m\nmust = ttl <= 1h\nmust = dnssec\n[domain exempel.net]\nmust = ttl >= 2h\n");
	assert_true(demand_read(&desk->app, NULL, &musts, NULL));
	scene_open(&scene, "10 mx.a.example", "");
	demands_judge(&musts, &scene.in, &demands);
	assert_int_equal(demands.n, 3);
	assert_int_equal(demands.row[0].answer, MUST_NOT_MET);
	assert_int_equal(demands.row[1].answer, MUST_MET);
	assert_int_equal(demands.row[2].answer, MUST_UNKNOWN);
	assert_int_equal(demands_open(&demands), 2);
	demands_release(&demands);
	musts_release(&musts);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(demand_read__names__file_and_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(demand_read__says__that_the_file_is_not_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(demand_read__obeys__no_file_of_others, set_up, tear_down),
		cmocka_unit_test_setup_teardown(demand_digest__changes__with_what_is_demanded_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(survives__is_what_the_matrix_finds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(demands_judge__answers__each_line_of_the_domain, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("demand", tests, NULL, NULL);
}
