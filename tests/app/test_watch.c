/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Name servers that are watched until all give the set: who is asked, what each is said to do, when the watch ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/watch.h"
#include "dnsd.h"
#include "../core/sets.h"

#define NEW "@ MX 10 mx2\n"
#define OLD "@ MX 10 mx1\n"
#define PATIENT_MS 15000 /* where nobody is silent: no question is asked again, however slow the machine */
#define HOSTS "ns1 A 127.0.0.10\nns2 A 127.0.0.11\nfar A 192.0.2.1\nnone TXT x\n"

struct scene {
	char *dir;
	struct app app;
	struct dnsd dnsd;
	struct dnsd_server *resolver, *one, *two;
	struct dname domain, zone, name[4];
	struct mxset want;
	struct served served;
	struct watch *watch;
	unsigned changes;
	uint64_t begun_ms, took_ms;
};

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->dir = dnsd_open_app(&scene->dnsd, &scene->app, NULL);
	scene->resolver = dnsd_add(&scene->dnsd, "127.0.0.53", DNSD_RESOLVES);
	scene->one = dnsd_add(&scene->dnsd, "127.0.0.10", DNSD_ANSWERS);
	scene->two = dnsd_add(&scene->dnsd, "127.0.0.11", DNSD_ANSWERS);
	dnsd_zone(scene->one, "exempel.com.", "@ NS ns1\n@ NS ns2\n" NEW);
	dnsd_zone(scene->two, "exempel.com.", "@ NS ns1\n@ NS ns2\n" NEW);
	dnsd_zone(scene->resolver, "exempel.com.", "@ NS ns1\n@ NS ns2\n" HOSTS);
	assert_true(dname_parse(&scene->domain, "exempel.com", NULL));
	scene->zone = scene->domain;
	mxset_init(&scene->want);
	set_from(&scene->want, "3600 10 mx2.exempel.com");
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	watch_free(scene->watch);
	served_release(&scene->served);
	mxset_release(&scene->want);
	dnsd_close_app(&scene->dnsd, &scene->app, scene->dir);
	free(scene);
	return 0;
}

/* The resolver knows no name servers of the zone: those that are known already are all. */
static void forget_servers(struct scene *scene)
{
	dnsd_clear(scene->resolver);
	dnsd_zone(scene->resolver, "exempel.com.", HOSTS);
}

static void moved(void *data)
{
	struct scene *scene = data;

	scene->changes++;
	if (scene->watch && watch_done(scene->watch))
		loop_stop(scene->app.loop);
}

static void start(struct scene *scene, const char *names, uint32_t watch_s, uint32_t apart_ms)
{
	char copy[200], *rest = NULL;
	struct watch_task task = { .domain = &scene->domain,
		.zone = &scene->zone,
		.want = &scene->want,
		.name = scene->name,
		.watch_s = watch_s,
		.apart_ms = apart_ms };

	snprintf(copy, sizeof(copy), "%s", names);
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		assert_true(dname_parse(&scene->name[task.n_name++], word, NULL));
	scene->changes = 0;
	scene->begun_ms = loop_ms();
	scene->watch = watch_start(&scene->app, &task, &scene->served, moved, scene);
	assert_int_equal(scene->changes, 0);
}

static void run(struct scene *scene, const char *names, uint32_t watch_s, uint32_t apart_ms)
{
	start(scene, names, watch_s, apart_ms);
	loop_run(scene->app.loop);
	scene->took_ms = loop_ms() - scene->begun_ms;
	assert_true(watch_done(scene->watch));
}

/* "ns1.exempel.com 127.0.0.10 answers 2 7": name, address, state, times seen, serial. */
static void expect_rows(struct scene *scene, const char *expected)
{
	char name[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];
	struct str text;

	str_init(&text, 0);
	for (size_t i = 0; i < scene->served.n; i++) {
		const struct served_row *row = &scene->served.row[i];

		str_addf(&text, "%s%s %s %s %u %u", i ? "\n" : "", row->name.len ? dname_text(&row->name, name) : "-",
			row->at.addr.family ? addr_text(&row->at.addr, addr) : "-", server_state_name(row->state), row->seen.times,
			row->serial);
		assert_int_equal(row->has_serial, row->serial != 0);
		assert_int_equal(row->no_route, row->state == SERVER_UNREACHABLE);
	}
	assert_string_equal(text.s, expected);
	str_release(&text);
}

static void watch__ends__when_each_server_gave_the_set_twice(void **state)
{
	struct scene *scene = *state;

	scene->app.timeout_ms = PATIENT_MS;
	run(scene, "", 20, 400);
	expect_rows(scene, "ns1.exempel.com 127.0.0.10 answers 2 7\nns2.exempel.com 127.0.0.11 answers 2 7");
	assert_true(scene->served.everywhere);
	assert_true(scene->served.changed_at > 1700000000 && scene->served.changed_at <= loop_now());
	/* it rests for as long as two answers are to be apart, and asks no sooner */
	assert_true(scene->took_ms >= 340 && scene->took_ms < 5000);
	assert_int_equal(scene->one->asked, 4);
	assert_int_equal(scene->two->asked, 4);
	assert_string_equal(scene->dnsd.log, "127.0.0.53 exempel.com NS\n"
					     "127.0.0.10 exempel.com MX\n127.0.0.10 exempel.com SOA\n127.0.0.11 exempel.com MX\n"
					     "127.0.0.11 exempel.com SOA\n127.0.0.10 exempel.com MX\n127.0.0.10 exempel.com SOA\n"
					     "127.0.0.11 exempel.com MX\n127.0.0.11 exempel.com SOA\n127.0.0.53 exempel.com NS\n");
	assert_int_equal(scene->changes, 2);
}

/* From the second question on the zone is delegated to another server. */
static void move_zone(struct dnsd_server *resolver, const struct dns_question *question)
{
	unsigned *asked = resolver->data;

	if (question->type != DNS_NS || (*asked)++ != 1)
		return;
	dnsd_clear(resolver);
	dnsd_zone(resolver, "exempel.com.", "@ NS ns2\n" HOSTS);
}

/* What everybody gives is said only of those that are delegated to in the end. */
static void watch__of_a_zone_that_moves__asks_the_new_servers_too(void **state)
{
	struct scene *scene = *state;
	unsigned asked;

	scene->app.timeout_ms = PATIENT_MS;
	scene->resolver->hook = move_zone;
	scene->resolver->data = &asked;
	for (int old = 1; old >= 0; old--) {
		asked = 0;
		dnsd_clear(scene->resolver);
		dnsd_zone(scene->resolver, "exempel.com.", "@ NS ns1\n" HOSTS);
		dnsd_clear(scene->two);
		dnsd_zone(scene->two, "exempel.com.", old ? "@ NS ns2\n" OLD : "@ NS ns2\n" NEW);
		run(scene, "", old ? 1 : 20, 0);
		assert_int_equal(scene->served.n, 2);
		assert_int_equal(scene->served.row[1].state, SERVER_ANSWERS);
		assert_int_equal(scene->served.row[1].seen.times, old ? 0 : 2);
		assert_int_equal(scene->served.everywhere, !old);
		assert_int_equal(asked, old ? 2 : 3);
		watch_free(scene->watch);
		scene->watch = NULL;
		served_release(&scene->served);
	}
}

/* Counts the questions for name servers; those from the second up to this one get no answer. */
struct unanswered {
	unsigned asked, until;
	struct watch **stop; /* at the second */
};

static void fail_again(struct dnsd_server *resolver, const struct dns_question *question)
{
	struct unanswered *unanswered = resolver->data;

	resolver->how = DNSD_RESOLVES;
	if (question->type != DNS_NS || ++unanswered->asked < 2)
		return;
	if (unanswered->stop)
		watch_stop(*unanswered->stop);
	if (unanswered->asked <= unanswered->until)
		resolver->how = DNSD_FAILS;
}

/* That there are no others is known of an answer alone: without one it is asked again, and in the end it is open. */
static void watch__that_gets_no_answer_about_others__does_not_know(void **state)
{
	struct scene *scene = *state;
	static const struct {
		unsigned until;
		bool stop;
		uint32_t watch_s;
		enum served_others others;
		const char *name;
	} rows[] = {
		{ 2, false, 20, OTHERS_NONE, "none" }, { 1000, false, 1, OTHERS_UNKNOWN, "unknown" },
		{ 1, true, 20, OTHERS_UNKNOWN, "unknown" }, { 1, false, 0, OTHERS_UNASKED, NULL }, /* each gave it once */
	};

	scene->resolver->hook = fail_again;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct unanswered unanswered = { .until = rows[i].until, .stop = rows[i].stop ? &scene->watch : NULL };
		bool twice = rows[i].others != OTHERS_UNASKED;

		scene->resolver->data = &unanswered;
		run(scene, "", rows[i].watch_s, 0);
		assert_int_equal(scene->served.others, rows[i].others);
		assert_int_equal(scene->served.by_all, twice);
		assert_int_equal(scene->served.everywhere, rows[i].others == OTHERS_NONE);
		assert_int_equal(scene->served.changed_at != 0, twice);
		if (rows[i].name)
			assert_string_equal(served_others_name(&scene->served), rows[i].name);
		else
			assert_null(served_others_name(&scene->served));
		assert_int_equal(unanswered.asked > 2, rows[i].until > 1);
		watch_free(scene->watch);
		scene->watch = NULL;
		served_release(&scene->served);
	}
}

/* The second server gives the old set for two rounds. */
static void turn_new(struct dnsd_server *server, const struct dns_question *question)
{
	if (question->type != DNS_MX || server->asked < 5)
		return;
	dnsd_clear(server);
	dnsd_zone(server, "exempel.com.", "@ NS ns1\n@ NS ns2\n" NEW);
}

static void watch__asks_again__while_a_server_has_another_set(void **state)
{
	struct scene *scene = *state;

	dnsd_clear(scene->two);
	dnsd_zone(scene->two, "exempel.com.", "@ NS ns1\n@ NS ns2\n" OLD);
	scene->two->hook = turn_new;
	run(scene, "ns1.exempel.com ns2.exempel.com ns1.exempel.com", 20, 0);
	/* at once, after 300 ms, then 600 ms; the second needs one more answer, which need not wait */
	expect_rows(scene, "ns1.exempel.com 127.0.0.10 answers 4 7\nns2.exempel.com 127.0.0.11 answers 2 7");
	assert_true(scene->served.everywhere);
	assert_true(scene->took_ms >= 800 && scene->took_ms < 9000);
	assert_int_equal(scene->changes, 4);
	assert_int_equal(scene->served.changed_at, scene->served.row[1].seen.since);
	assert_true(scene->served.row[1].seen.since >= scene->served.row[0].seen.since);
}

static void turn_new_at_once(struct dnsd_server *server, const struct dns_question *question)
{
	if (question->type != DNS_MX || server->asked < 3)
		return;
	dnsd_clear(server);
	dnsd_zone(server, "exempel.com.", "@ NS ns1\n@ NS ns2\n" NEW);
}

/* Once all give the set, the next round comes when the last of them may be asked again: the first gave it 300 ms after the second. */
static void watch__rests__for_as_long_as_the_last_one_needs(void **state)
{
	struct scene *scene = *state;

	scene->app.timeout_ms = PATIENT_MS;
	dnsd_clear(scene->one);
	dnsd_zone(scene->one, "exempel.com.", "@ NS ns1\n@ NS ns2\n" OLD);
	scene->one->hook = turn_new_at_once;
	run(scene, "ns1.exempel.com ns2.exempel.com", 20, 500);
	expect_rows(scene, "ns1.exempel.com 127.0.0.10 answers 2 7\nns2.exempel.com 127.0.0.11 answers 2 7");
	assert_true(scene->served.everywhere);
	assert_int_equal(scene->one->asked, 6); /* at once, after 300 ms, then 500 ms; for the set and the serial */
	assert_int_equal(scene->two->asked, 6);
	assert_true(scene->took_ms >= 700);
}

static void stop_at_the_second(struct dnsd_server *server, const struct dns_question *question)
{
	(void)question;
	if (server->asked == 3)
		loop_stop(server->dnsd->loop);
}

/* Nothing rests while one of them, be it the first, has another set: it is asked again soon. */
static void watch__asks_again_soon__whichever_server_has_another_set(void **state)
{
	struct scene *scene = *state;

	scene->app.timeout_ms = PATIENT_MS;
	dnsd_clear(scene->one);
	dnsd_zone(scene->one, "exempel.com.", "@ NS ns1\n@ NS ns2\n" OLD);
	scene->one->hook = stop_at_the_second;
	start(scene, "ns1.exempel.com ns2.exempel.com", 60, 20000);
	loop_run(scene->app.loop);
	assert_true(scene->one->asked >= 3);
	assert_true(loop_ms() - scene->begun_ms < 15000);
	assert_false(watch_done(scene->watch));
}

/* However long it would rest, it ends when its time is over. */
static void watch__that_rests__ends_in_time(void **state)
{
	struct scene *scene = *state;
	struct loop_handle *guard;

	scene->app.timeout_ms = PATIENT_MS;
	forget_servers(scene);
	start(scene, "ns1.exempel.com", 1, 60000);
	guard = loop_after(scene->app.loop, 20000, (loop_fn)loop_stop, scene->app.loop);
	loop_run(scene->app.loop);
	assert_true(watch_done(scene->watch));
	loop_cancel(guard);
	assert_true(loop_ms() - scene->begun_ms >= 900);
	expect_rows(scene, "ns1.exempel.com 127.0.0.10 answers 1 7");
	assert_false(scene->served.everywhere);
}

static void watch__says__what_each_server_does(void **state)
{
	static const struct {
		enum dnsd_how how;
		const char *row;
	} cases[] = {
		{ DNSD_SILENT, "ns2.exempel.com 127.0.0.11 silent 0 0" },
		{ DNSD_REFUSES, "ns2.exempel.com 127.0.0.11 refuses 0 0" },
		{ DNSD_FAILS, "ns2.exempel.com 127.0.0.11 lame 0 0" },
		{ DNSD_LAME, "ns2.exempel.com 127.0.0.11 lame 0 0" },
		{ DNSD_RESOLVES, "ns2.exempel.com 127.0.0.11 lame 0 7" },
	};
	struct scene *scene = *state;

	forget_servers(scene);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		watch_free(scene->watch);
		scene->watch = NULL;
		served_release(&scene->served);
		scene->two->how = cases[i].how;
		run(scene, "ns2.exempel.com", i ? 0 : 1, 0);
		expect_rows(scene, cases[i].row);
		assert_false(scene->served.everywhere);
		assert_int_equal(scene->served.changed_at, 0);
		if (!i) /* it was asked until the time was over, and no longer */
			assert_true(scene->took_ms >= 900 && scene->took_ms < 9000);
	}
}

static void watch__waits__for_no_server_that_it_cannot_ask(void **state)
{
	struct scene *scene = *state;

	forget_servers(scene);
	run(scene, "ns1.exempel.com far.exempel.com none.exempel.com gone.exempel.com", 20, 0);
	expect_rows(scene, "ns1.exempel.com 127.0.0.10 answers 2 7\nfar.exempel.com 192.0.2.1 unreachable 0 0\n"
			   "none.exempel.com - no-address 0 0\ngone.exempel.com - no-address 0 0");
	assert_false(scene->served.everywhere);
	assert_true(scene->took_ms < 5000);
}

static void fail_for_ns2(struct dnsd_server *server, const struct dns_question *question)
{
	char text[DNAME_TEXT_MAX];

	server->how = !strcmp(dname_text(&question->name, text), "ns2.exempel.com") ? DNSD_FAILS : DNSD_RESOLVES;
}

static void watch__knows__no_address_where_the_look_up_fails(void **state)
{
	struct scene *scene = *state;

	forget_servers(scene);
	scene->resolver->hook = fail_for_ns2;
	run(scene, "ns2.exempel.com", 20, 0);
	expect_rows(scene, "ns2.exempel.com - not-asked 0 0");
	assert_string_equal(served_row_text(&scene->served.row[0]), "not asked: its address could not be looked up");
}

static void watch__asks__each_address_of_a_name(void **state)
{
	struct scene *scene = *state;

	forget_servers(scene);
	dnsd_zone(scene->resolver, "exempel.net.", "ns A 127.0.0.10\nns A 127.0.0.11\nns AAAA 2001:db8::1\n");
	run(scene, "ns.exempel.net", 20, 0);
	expect_rows(scene, "ns.exempel.net 127.0.0.10 answers 2 7\nns.exempel.net 127.0.0.11 answers 2 7\n"
			   "ns.exempel.net 2001:db8::1 unreachable 0 0");
	assert_true(scene->served.everywhere);
}

static void watch__of_named_servers__asks_those_alone(void **state)
{
	struct scene *scene = *state;
	struct dns_endpoint at;

	assert_true(dns_endpoint_parse(&at, "127.0.0.11", NULL));
	served_add(&scene->served, NULL, &at);
	run(scene, "ns1.exempel.com", 20, 0); /* though the survey found another */
	expect_rows(scene, "- 127.0.0.11 answers 2 7");
	assert_int_equal(scene->served.others, OTHERS_UNASKED);
	assert_int_equal(scene->resolver->asked, 0);
	assert_int_equal(scene->one->asked, 0);
	assert_true(scene->served.everywhere);
}

static void watch__without_any_server__ends(void **state)
{
	struct scene *scene = *state;

	scene->resolver->how = DNSD_REFUSES;
	run(scene, "", 20, 0);
	assert_int_equal(scene->served.n, 0);
	assert_false(scene->served.everywhere);
	assert_true(scene->took_ms < 5000);
}

/* TTLs are the set's own: another TTL is another set. */
static void watch__compares__the_ttl_too(void **state)
{
	struct scene *scene = *state;

	forget_servers(scene);
	scene->want.ttl_s = 60;
	run(scene, "ns1.exempel.com", 0, 0);
	expect_rows(scene, "ns1.exempel.com 127.0.0.10 answers 0 7");
	assert_string_equal(served_row_text(&scene->served.row[0]), "has another set");
	assert_false(scene->served.row[0].seen.matches);
	watch_free(scene->watch);
	served_release(&scene->served);
	scene->want.ttl_s = MX_TTL_UNKNOWN; /* that nobody knows it says nothing against it */
	run(scene, "ns1.exempel.com", 0, 0);
	expect_rows(scene, "ns1.exempel.com 127.0.0.10 answers 1 7");
	assert_true(scene->served.row[0].seen.matches);
}

static void watch__of_a_record_that_is_kept_twice__looks_for_it_once(void **state)
{
	struct scene *scene = *state;

	forget_servers(scene);
	set_from(&scene->want, "3600 10 mx2.exempel.com 10 mx2.exempel.com");
	assert_int_equal(scene->want.n, 2);
	run(scene, "ns1.exempel.com", 1, 0);
	expect_rows(scene, "ns1.exempel.com 127.0.0.10 answers 2 7");
	assert_true(scene->served.everywhere);
}

/* ---- stopping ---- */

static void stop(void *data)
{
	struct scene *scene = data;

	watch_stop(scene->watch);
	watch_stop(scene->watch);
}

static void watch__stopped__ends_soon_with_what_is_known(void **state)
{
	struct scene *scene = *state;

	scene->two->how = DNSD_SILENT;
	start(scene, "ns1.exempel.com ns2.exempel.com", 20, 5000);
	loop_after(scene->app.loop, 80, stop, scene);
	loop_run(scene->app.loop);
	assert_true(watch_done(scene->watch));
	assert_true(loop_ms() - scene->begun_ms < 4500);
	expect_rows(scene, "ns1.exempel.com 127.0.0.10 answers 1 7\nns2.exempel.com 127.0.0.11 not-asked 0 0");
	assert_int_equal(scene->served.row[1].state, SERVER_NOT_ASKED);
	assert_false(scene->served.everywhere);
	assert_int_equal(scene->changes, 1);
	watch_stop(scene->watch);
	assert_int_equal(scene->changes, 1);
	/* The first of the list too. */
	watch_free(scene->watch);
	served_release(&scene->served);
	scene->one->how = DNSD_SILENT;
	start(scene, "ns1.exempel.com ns2.exempel.com", 20, 5000);
	loop_after(scene->app.loop, 80, stop, scene);
	loop_run(scene->app.loop);
	assert_int_equal(scene->served.row[0].state, SERVER_NOT_ASKED);
	assert_int_equal(scene->served.row[1].state, SERVER_NOT_ASKED);
}

static void watch__is_configured__in_seconds(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(watch_configured_s(&scene->app), 120);
	assert_int_equal(watch_configured_apart_ms(&scene->app), 10000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(watch__ends__when_each_server_gave_the_set_twice),
		TEST(watch__of_a_zone_that_moves__asks_the_new_servers_too),
		TEST(watch__that_gets_no_answer_about_others__does_not_know),
		TEST(watch__asks_again__while_a_server_has_another_set),
		TEST(watch__rests__for_as_long_as_the_last_one_needs),
		TEST(watch__asks_again_soon__whichever_server_has_another_set),
		TEST(watch__that_rests__ends_in_time),
		TEST(watch__says__what_each_server_does),
		TEST(watch__waits__for_no_server_that_it_cannot_ask),
		TEST(watch__knows__no_address_where_the_look_up_fails),
		TEST(watch__asks__each_address_of_a_name),
		TEST(watch__of_named_servers__asks_those_alone),
		TEST(watch__without_any_server__ends),
		TEST(watch__compares__the_ttl_too),
		TEST(watch__of_a_record_that_is_kept_twice__looks_for_it_once),
		TEST(watch__stopped__ends_soon_with_what_is_known),
		TEST(watch__is_configured__in_seconds),
	};

	if (!dnsd_enter())
		return puts("1..0 # SKIP this machine lets no network namespace be made") < 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
