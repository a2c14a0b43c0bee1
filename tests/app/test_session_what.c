/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session's what-if, to the number: results that are kept until something changes, the worst failure, outage and cut-over. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/session.h"
#include "io/scratch.h"
#include "typed.h"

struct world {
	char *dir;
	struct app app;
	struct session *session;
	unsigned told;
};

static void moved(void *data)
{
	struct world *world = data;

	world->told++;
	if (world->session && !session_surveying(world->session))
		loop_stop(world->app.loop);
}

static void add_zone(struct app *app, const char *origin, const char *records)
{
	char text[1024];

	snprintf(text, sizeof(text), "$ORIGIN %s.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n%s",
		origin, records);
	assert_true(zoneworld_add(app->world, origin, text, strlen(text), NULL));
}

static int setup(void **state)
{
	/* by night a message an hour, from eight to eighteen sixty */
	static const char config[] = "[traffic days]\nper_hour = 1,1,1,1,1,1,1,1,60,60,60,60,60,60,60,60,60,60,1,1,1,1,1,1\n"
				     "[simulate]\ntraffic = days\n";
	static const char zone[] = "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\n";
	struct world *world = calloc(1, sizeof(*world));
	char path[200], file[200], store[200], *zones[] = { file };
	struct app_options options = { .n_zone = 1, .zone = zones, .config = path, .state_dir = store };

	world->dir = scratch_new(NULL);
	snprintf(path, sizeof(path), "%s/config", world->dir);
	snprintf(file, sizeof(file), "%s/zone", world->dir);
	snprintf(store, sizeof(store), "%s/state", world->dir);
	assert_true(store_write_file(path, config, sizeof(config) - 1, 0600, NULL));
	assert_true(store_write_file(file, zone, sizeof(zone) - 1, 0600, NULL));
	assert_true(app_open(&world->app, &options, NULL));
	add_zone(&world->app, "two.example", "@ MX 10 a\n@ MX 20 b\na A 198.51.100.1\nb A 198.51.100.2\n");
	add_zone(&world->app, "one.example", "@ MX 10 a\na A 198.51.100.1\n");
	add_zone(&world->app, "even.example", "@ MX 10 a\n@ MX 10 b\n@ MX 10 c\na A 198.51.100.1\nb A 198.51.100.2\nc TXT x\n");
	add_zone(&world->app, "dark.example", "@ MX 10 a.nowhere.example.\n@ MX 20 b.nowhere.example.\n");
	add_zone(&world->app, "gone.example", "@ MX 10 x\n");
	add_zone(&world->app, "both.example", "@ MX 10 x\n@ MX 20 y\n");
	add_zone(&world->app, "null.example", "@ MX 0 .\n");
	add_zone(&world->app, "own.example", "@ A 198.51.100.9\n");
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	session_close(world->session);
	app_close(&world->app);
	scratch_free(world->dir);
	free(world);
	return 0;
}

static void open_domain(struct world *world, const char *name)
{
	struct dname domain;

	session_close(world->session);
	world->session = NULL;
	assert_true(dname_parse(&domain, name, NULL));
	world->session = session_open(&world->app, &domain, moved, world);
	session_survey(world->session);
	loop_run(world->app.loop);
}

static void edit(struct world *world, const char *text)
{
	assert_true(session_type(world->session, text, NULL));
}

static void mark_host(struct world *world, const char *name)
{
	struct mark mark = { .kind = MARK_HOST, .state = SIM_REFUSED };

	assert_true(dname_parse(&mark.name, name, NULL));
	session_mark(world->session, &mark);
}

static const char *worst(struct world *world, bool live)
{
	static char text[300];
	struct msg msg = { 0 };
	struct str words;

	session_worst(world->session, sender_find("postfix"), live, &msg);
	str_init(&words, 0);
	msg_format(&msg, NULL, &words);
	snprintf(text, sizeof(text), "%s", words.s);
	str_release(&words);
	return text;
}

static void worst__is_told__for_live_and_draft(void **state)
{
	static const struct {
		const char *domain, *words;
	} rows[] = {
		{ "two.example", "any one server may fail: all mail is still delivered" },
		{ "one.example", "when a.one.example fails, 100 % of the mail is not delivered" },
		{ "gone.example", "when x.gone.example fails, 100 % of the mail is not delivered" }, /* it comes back at once */
		{ "both.example", "when x.both.example fails, 100 % of the mail is not delivered" }, /* of two that are alike, the first */
		{ "dark.example", "not every server's address is known: what its failure does cannot be told" },
		{ "null.example", "there is no mail server that could fail" },
		{ "own.example", "there is no mail server that could fail" },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		open_domain(world, rows[i].domain);
		assert_string_equal(worst(world, true), rows[i].words);
		assert_string_equal(worst(world, false), rows[i].words);
	}
	open_domain(world, "two.example");
	edit(world, "remove a.two.example");
	assert_string_equal(worst(world, true), "any one server may fail: all mail is still delivered");
	assert_string_equal(worst(world, false), "when b.two.example fails, 100 % of the mail is not delivered");
}

static void result__is_kept__until_something_changes(void **state)
{
	struct world *world = *state;
	const struct sender *postfix = sender_find("postfix"), *exim = sender_find("exim");
	const struct sim_result *result, *calm;

	open_domain(world, "two.example");
	assert_ptr_equal(session_sender(world->session), senders[0]);
	result = session_result(world->session, postfix);
	assert_ptr_equal(result->sender, postfix);
	assert_true(result->first.share[0].share > 1 - 1e-9);
	((struct sim_result *)(uintptr_t)result)->delay_max_s = 12345;
	assert_true(session_result(world->session, postfix)->delay_max_s == 12345); /* not made anew */
	assert_true(session_result(world->session, exim) != result);
	assert_ptr_equal(session_result(world->session, exim)->sender, exim);
	assert_ptr_equal(result->sender, postfix);
	mark_host(world, "a.two.example");
	result = session_result(world->session, postfix);
	assert_true(result->first.share[0].share < 1e-9);
	assert_true(result->first.share[1].share > 1 - 1e-9);
	/* calm knows no mark; live is not the draft */
	calm = session_calm(world->session, postfix, true);
	assert_true(calm->first.share[0].share > 1 - 1e-9);
	edit(world, "prefer b.two.example 5");
	assert_true(session_calm(world->session, postfix, true)->first.share[0].share > 1 - 1e-9);
	assert_int_equal(session_calm(world->session, postfix, true)->first.n, 2);
	session_mark_clear(world->session);
	assert_int_equal(session_marks(world->session)->n, 0);
}

static void revision__moves__with_what_is_shown(void **state)
{
	struct world *world = *state;
	unsigned long before;

	open_domain(world, "two.example");
	before = session_revision(world->session);
	session_set_sender(world->session, sender_find("exim"));
	assert_int_equal(session_revision(world->session), before + 1);
	assert_ptr_equal(session_sender(world->session), sender_find("exim"));
	session_set_outage(world->session, 7200);
	assert_int_equal(session_revision(world->session), before + 2);
	mark_host(world, "a.two.example");
	assert_true(session_revision(world->session) > before + 2);
	before = session_revision(world->session);
	session_mark_clear(world->session);
	assert_true(session_revision(world->session) > before);
	before = session_revision(world->session);
	edit(world, "ttl 60");
	assert_true(session_revision(world->session) > before);
	before = session_revision(world->session);
	session_result(world->session, session_sender(world->session));
	assert_int_equal(session_revision(world->session), before);
}

/* Nobody is spoken to by a test: the addresses that are known are this machine's own, which no probe goes to. */
static void probe__own_addresses__are_left_out(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };
	struct mark mark = { .kind = MARK_FAMILY, .family = 6, .state = SIM_REFUSED };

	add_zone(&world->app, "self.example",
		"@ MX 10 a\na A 127.0.0.1\na A 127.255.255.254\na A 0.0.0.0\na A 224.0.0.1\na AAAA ::1\na AAAA ::\na AAAA ff02::1\na AAAA ::ffff:192.0.2.1\n");
	open_domain(world, "self.example");
	assert_int_equal(session_facts(world->session)->host[0].n_addr, 8);
	session_mark(world->session, &mark);
	assert_false(session_mark_probed(world->session, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.what.id, "no mail server was probed");
	assert_int_equal(session_marks(world->session)->n, 1);
	assert_false(session_facts(world->session)->probed);
	assert_true(session_probe(world->session, NULL));
	assert_false(session_probing(world->session));
	assert_true(session_facts(world->session)->probed);
	assert_int_equal(session_facts(world->session)->n_smtp, 0);
	/* An intrusive probe wants the domain's own name, in whatever way it is written. */
	assert_false(session_try(world->session, "other.example", &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.what.arg[0], "other.example");
	assert_string_equal(err.what.arg[1], "self.example");
	assert_false(session_try(world->session, "yes", &err));
	assert_false(session_facts(world->session)->intrusive);
	open_domain(world, "a+b.example");
	assert_false(session_try(world->session, "a+b.example", &err));
	assert_string_equal(err.what.id, "%s can be the domain of no mail address");
	assert_false(session_facts(world->session)->intrusive);
	open_domain(world, "self.example");
	session_mark(world->session, &mark);
	assert_true(session_probe(world->session, NULL));
	assert_true(session_try(world->session, "SELF.example.", NULL));
	assert_true(session_facts(world->session)->intrusive);
	/* What was not probed is not known. */
	assert_true(session_mark_probed(world->session, NULL));
	assert_int_equal(session_marks(world->session)->n, 8);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(session_marks(world->session)->mark[i].state, SIM_UNKNOWN);
}

static void outage__is_kept__for_the_hour(void **state)
{
	static const int64_t noon = 1795608000; /* 2026-11-25T12:00:00Z */
	struct world *world = *state;
	const struct session_outage *outage;
	struct mix mix;
	size_t n = 0;

	open_domain(world, "two.example");
	while (session_senders(world->session)[n])
		n++;
	assert_int_equal(session_outage_length(world->session), 86400);
	outage = session_outage(world->session, noon);
	assert_int_equal(outage->n, n);
	assert_int_equal(outage->length_s, 86400);
	assert_true(profiles_mix(&world->app.profiles, NULL, &mix, NULL));
	assert_string_equal(outage->mix_source, mix.source);
	assert_true(outage->all_down);
	assert_ptr_equal(outage->result[0].sender, session_senders(world->session)[0]);
	assert_ptr_equal(session_outage(world->session, noon + 3599), outage);
	assert_true(fabs(outage->mix.messages - 614.115) < 0.001 && fabs(outage->mix.late - 0.98918) < 0.00001);
	assert_ptr_equal(session_outage(world->session, noon + 86400), outage);
	assert_true(fabs(session_outage(world->session, noon + 3600)->mix.messages - 613.770) < 0.001);
	outage = session_outage(world->session, noon + 12 * 3600);
	assert_true(fabs(outage->mix.messages - 614.115) < 0.001 && fabs(outage->mix.late - 0.99982) < 0.00001);
	session_set_outage(world->session, 60);
	assert_int_equal(session_outage_length(world->session), 60);
	assert_int_equal(session_outage(world->session, noon)->length_s, 60);
	mark_host(world, "a.two.example");
	outage = session_outage(world->session, noon);
	assert_false(outage->all_down);
	assert_true(outage->mix.late < 0.5);
	edit(world, "remove b.two.example"); /* what stood in for it is gone */
	assert_true(session_outage(world->session, noon)->mix.late > 0.5);
}

static double to_first(const struct sim_result *result)
{
	return result->first.n ? result->first.share[0].share : -1;
}

/* Whoever sends, and whatever is looked at: a change of the draft, of a mark, of what is live leaves nothing old behind. */
static void results__of_each_sender__follow_each_change(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; world->app.profiles.list[i]; i++) {
		const struct sender *sender = world->app.profiles.list[i];

		open_domain(world, "two.example");
		assert_true(to_first(session_result(world->session, sender)) > 0.99);
		assert_int_equal(session_calm(world->session, sender, false)->first.n, 2);
		assert_int_equal(session_calm(world->session, sender, true)->first.n, 2);
		mark_host(world, "a.two.example");
		assert_true(to_first(session_result(world->session, sender)) < 0.01);
		session_mark_clear(world->session);
		assert_true(to_first(session_result(world->session, sender)) > 0.99);
		edit(world, "remove b.two.example");
		assert_int_equal(session_calm(world->session, sender, false)->first.n, 1);
		assert_int_equal(session_calm(world->session, sender, true)->first.n, 2);
		assert_int_equal(session_result(world->session, sender)->first.n, 1);
		zoneworld_free(world->app.world);
		world->app.world = zoneworld_new();
		add_zone(&world->app, "two.example",
			"@ MX 10 a\n@ MX 20 b\n@ MX 30 c\na A 198.51.100.1\nb A 198.51.100.2\nc A 198.51.100.3\n");
		session_survey(world->session);
		loop_run(world->app.loop);
		assert_int_equal(session_calm(world->session, sender, true)->first.n, 3);
		assert_true(session_discard(world->session, NULL));
		zoneworld_free(world->app.world);
		world->app.world = zoneworld_new();
		add_zone(&world->app, "two.example", "@ MX 10 a\n@ MX 20 b\na A 198.51.100.1\nb A 198.51.100.2\n");
	}
}

/* Where there is no MX, the domain's own host is what fails. */
static void outage__without_an_mx__is_of_the_domain_itself(void **state)
{
	struct world *world = *state;
	const struct session_outage *outage;

	open_domain(world, "own.example");
	outage = session_outage(world->session, 1795608000);
	assert_true(outage->all_down);
	assert_true(outage->mix.late > 0.9);
	mark_host(world, "elsewhere.example");
	outage = session_outage(world->session, 1795608000);
	assert_false(outage->all_down);
	assert_true(outage->mix.late < 1e-9);
}

/* The plan that is kept with a draft names the zone that the domain lies in. */
static void draft__on_disk__names_its_zone(void **state)
{
	struct world *world = *state;
	struct draft draft = { 0 };
	struct plan plan;
	char text[DNAME_TEXT_MAX];

	open_domain(world, "sub.two.example");
	edit(world, "add 10 a.two.example");
	assert_true(session_save(world->session, NULL));
	plan_init(&plan);
	assert_true(store_draft_load(world->app.store, session_domain(world->session), &plan, &draft, NULL));
	assert_string_equal(dname_text(&plan.zone, text), "two.example");
	assert_string_equal(dname_text(&plan.domain, text), "sub.two.example");
	plan_release(&plan);
	draft_release(&draft);
	assert_true(session_discard(world->session, NULL));
}

/* ---- what is sampled ---- */

static void open_many(struct world *world)
{
	struct str text;

	str_init(&text, 0);
	for (int i = 1; i <= 12; i++)
		str_addf(&text, "@ MX 10 h%d\nh%d A 198.51.100.%d\n", i, i, i);
	add_zone(&world->app, "many.example", text.s);
	str_release(&text);
	open_domain(world, "many.example");
}

static struct sim_input input_of(struct world *world, const struct marks *marks, uint64_t seed)
{
	return (struct sim_input){ .domain = session_domain(world->session),
		.set = session_set(world->session),
		.facts = session_facts(world->session),
		.is_draft = session_drafting(world->session),
		.marks = marks,
		.seed = seed };
}

/* What a sender meets by chance begins from one seed, on every machine. */
static void outage__is_the_same__each_time(void **state)
{
	struct world *world = *state;
	const struct session_outage *outage;
	size_t differ = 0;

	open_many(world);
	for (int i = 1; i <= 5; i++) {
		char host[40];

		snprintf(host, sizeof(host), "h%d.many.example", i);
		mark_host(world, host);
	}
	outage = session_outage(world->session, 1795608000);
	for (uint64_t seed = 1; seed < 3; seed++) {
		struct sim_input in = input_of(world, session_marks(world->session), seed);
		struct outage_input input = { .in = &in, .length_s = 86400, .starts_s = 12 * 3600, .horizon_s = outage_horizon_s(86400) };

		profiles_traffic(&world->app.profiles, NULL, input.per_hour, NULL);
		for (size_t i = 0; i < outage->n; i++) {
			struct outage_result result = { 0 };

			outage_run(&input, session_senders(world->session)[i], &result);
			if (seed == 1)
				assert_true(result.late == outage->result[i].late &&
					    result.stream.delay_p95_s == outage->result[i].stream.delay_p95_s &&
					    result.stream.connections_mean == outage->result[i].stream.connections_mean);
			differ += result.stream.connections_mean != outage->result[i].stream.connections_mean;
			outage_result_release(&result);
		}
	}
	assert_true(differ > 0); /* chance has its say here */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(worst__is_told__for_live_and_draft),
		TEST(result__is_kept__until_something_changes),
		TEST(revision__moves__with_what_is_shown),
		TEST(probe__own_addresses__are_left_out),
		TEST(outage__is_kept__for_the_hour),
		TEST(results__of_each_sender__follow_each_change),
		TEST(outage__without_an_mx__is_of_the_domain_itself),
		TEST(draft__on_disk__names_its_zone),
		TEST(outage__is_the_same__each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
