/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A push on a network: what its gates learn from the DNS, and its watch of the name servers after it is published. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/push_run.h"
#include "dnsd.h"
#include "io/dns_cache.h"
#include "lab.h"
#include "../core/sets.h"

#define WANT "60 10 mx2.exempel.com"
#define COMMON "@ NS ns1\n@ NS ns2\nns1 A 127.0.0.10\nns2 A 127.0.0.11\nmx1 A 9.9.9.1\nmx2 A 9.9.9.2\n"
#define PUSH "[push]\nseen_apart = 0\nwatch = 2\n"

struct scene {
	struct lab lab;
	struct dnsd dnsd;
	struct dnsd_server *resolver, *parent, *one, *two;
	uint32_t watch_s; /* 0: as configured */
	const char *late; /* a name whose first question of this type gets no answer */
	enum dns_type late_type;
	bool came_late;
};

static void serve(struct dnsd_server *server, const char *mx)
{
	char zone[600];

	snprintf(zone, sizeof(zone), COMMON "%s", mx);
	dnsd_clear(server);
	dnsd_zone(server, "exempel.com.", zone);
}

static void resolve(struct scene *scene, const char *mx)
{
	serve(scene->resolver, mx);
	dnsd_zone(scene->resolver, "com.", "@ NS a.gtld\na.gtld A 127.0.0.20\nexempel NS ns1.exempel\n");
}

static void open_scene(struct scene *scene, const char *more)
{
	lab_open_network(&scene->lab, "powerdns", more);
	scene->dnsd = (struct dnsd){ .loop = scene->lab.app.loop };
	scene->resolver = dnsd_add(&scene->dnsd, "127.0.0.53", DNSD_RESOLVES);
	scene->parent = dnsd_add(&scene->dnsd, "127.0.0.20", DNSD_ANSWERS);
	scene->one = dnsd_add(&scene->dnsd, "127.0.0.10", DNSD_ANSWERS);
	scene->two = dnsd_add(&scene->dnsd, "127.0.0.11", DNSD_ANSWERS);
	dnsd_refer(scene->parent, "exempel.com", "ns1.exempel.com");
	serve(scene->one, "@ MX 10 mx1\n");
	serve(scene->two, "@ MX 10 mx1\n");
	resolve(scene, "@ MX 10 mx1\n");
}

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	open_scene(scene, PUSH);
	*state = scene;
	return 0;
}

static void close_scene(struct scene *scene)
{
	dnsd_close(&scene->dnsd);
	lab_close(&scene->lab);
}

static int teardown(void **state)
{
	close_scene(*state);
	free(*state);
	return 0;
}

/* The servers take over what the provider holds. */
static void follow(struct vendor *vendor, struct vendor_call *call)
{
	struct scene *scene = vendor->data;

	if (!call->writes)
		return;
	serve(scene->one, "@ 60 MX 10 mx2\n");
	serve(scene->two, "@ 60 MX 10 mx2\n");
}

static void first_follows(struct vendor *vendor, struct vendor_call *call)
{
	struct scene *scene = vendor->data;

	if (call->writes)
		serve(scene->one, "@ 60 MX 10 mx2\n");
}

static const struct push *push(struct scene *scene, void (*hook)(struct vendor *vendor, struct vendor_call *call))
{
	scene->lab.vendor.hook = hook;
	scene->lab.vendor.data = scene;
	return lab_push(&scene->lab, &(struct push_options){ .watch_s = scene->watch_s });
}

static void push__is_everywhere__when_each_server_gives_it(void **state)
{
	struct scene *scene = *state;
	const struct push *look;
	int64_t last;

	lab_plan(&scene->lab, LAB_BASE, WANT);
	look = push(scene, follow);
	lab_expect(look, PUSH_PUBLISHED, ERR_NONE);
	assert_false(scene->lab.run->probe); /* nobody asked for it */
	assert_int_equal(look->served.n, 2);
	assert_true(look->served.everywhere);
	assert_string_equal(served_row_text(&look->served.row[0]), "has the new set");
	last = look->served.changed_at > look->published_at ? look->served.changed_at : look->published_at;
	assert_int_equal(look->safe_at, last + 3600);
	assert_int_equal(look->tail_at, last + 3600 + 86400);
	assert_true(look->drain.known && !look->drain.negative);
	assert_int_equal(look->drain.hold_s, 3600);
	assert_int_equal(push_exit_status(look), 0);
	/* the parent named one of them, the zone both: no name is asked for twice */
	assert_non_null(strstr(scene->dnsd.log, "127.0.0.20 exempel.com NS\n"));
}

static void push__that_not_every_server_gives__says_so(void **state)
{
	struct scene *scene = *state;
	const struct push *look;
	uint64_t begun = loop_ms();

	lab_plan(&scene->lab, LAB_BASE, WANT);
	look = push(scene, first_follows);
	lab_expect(look, PUSH_PUBLISHED, ERR_FALSE);
	assert_true(loop_ms() - begun >= 1900);
	assert_false(look->served.everywhere);
	assert_int_equal(look->safe_at, 0);
	assert_int_equal(look->tail_at, 0);
	assert_int_equal(push_exit_status(look), 1);
	assert_string_equal(lab_text(&look->err.what),
		"published, but it was not seen that every name server gives the new set, twice and some time apart");
	assert_string_equal(lab_text(&look->err.hint), "Look again later: mxladder verify exempel.com.");
	assert_string_equal(served_row_text(&look->served.row[1]), "has another set");
}

static void fail_in_watch(struct dnsd_server *resolver, const struct dns_question *question)
{
	struct scene *scene = resolver->data;
	bool watched = scene->lab.run && push_look(scene->lab.run)->phase == PHASE_WATCHING;

	resolver->how = watched && question->type == DNS_NS ? DNSD_FAILS : DNSD_RESOLVES;
}

/* Each server that was known gives the set; that there is no other now is not known, so nothing is said of every server, nor of a date. */
static void push__that_cannot_ask_for_other_servers__says_so(void **state)
{
	struct scene *scene = *state;
	const struct push *look;
	json_t *said;

	lab_plan(&scene->lab, LAB_BASE, WANT);
	scene->resolver->hook = fail_in_watch;
	scene->resolver->data = scene;
	look = push(scene, follow);
	lab_expect(look, PUSH_PUBLISHED, ERR_FALSE);
	assert_true(look->served.by_all);
	assert_false(look->served.everywhere);
	assert_int_equal(look->safe_at, 0);
	assert_int_equal(push_exit_status(look), 1);
	assert_string_equal(lab_text(&look->err.what),
		"published, and each name server that is known gives the new set; whether the zone has others now could not be asked");
	assert_string_equal(lab_text(&look->err.hint), "Look again later: mxladder verify exempel.com.");
	said = push_to_json(look);
	assert_string_equal(json_string_value(json_object_get(json_object_get(said, "verified"), "others")), "unknown");
	json_decref(said);
}

/* A provider that rounds a TTL: the servers give what it keeps, and that is looked for. */
static void round_ttl(struct vendor *vendor, struct vendor_call *call)
{
	struct scene *scene = vendor->data;

	if (!call->writes)
		return;
	vendor_hold(vendor, "120 10 mx2.exempel.com");
	call->lost = true;
	serve(scene->one, "@ 120 MX 10 mx2\n");
	serve(scene->two, "@ 120 MX 10 mx2\n");
}

static void watch__looks_for__what_the_provider_keeps(void **state)
{
	struct scene *scene = *state;
	const struct push *look;

	lab_plan(&scene->lab, LAB_BASE, WANT);
	look = push(scene, round_ttl);
	lab_expect(look, PUSH_PUBLISHED, ERR_FALSE);
	assert_true(look->served.everywhere);
	assert_true(look->safe_at > 0);
	assert_string_equal(lab_text(&look->err.what), "published, but PowerDNS Authoritative Server holds a TTL of 2m, not 1m");
}

static void stop_in_watch(struct lab *lab)
{
	if (push_look(lab->run)->phase == PHASE_WATCHING && !push_look(lab->run)->done)
		push_stop(lab->run);
}

static void stop_in_read_back(struct lab *lab)
{
	if (push_look(lab->run)->phase == PHASE_READING_BACK)
		push_stop(lab->run);
}

static void watch__stopped__says_what_was_seen(void **state)
{
	struct scene *scene = *state;
	const struct push *look;
	uint64_t begun;

	lab_plan(&scene->lab, LAB_BASE, WANT);
	scene->lab.moved = stop_in_watch;
	scene->watch_s = 20;
	begun = loop_ms();
	look = push(scene, first_follows);
	lab_expect(look, PUSH_PUBLISHED, ERR_FALSE);
	assert_true(loop_ms() - begun < 15000);
	assert_false(look->unfinished);
	lab_forget(&scene->lab);
	lab_plan(&scene->lab, LAB_BASE, WANT);
	serve(scene->one, "@ MX 10 mx1\n");
	scene->lab.moved = stop_in_read_back;
	look = push(scene, follow);
	lab_expect(look, PUSH_PUBLISHED, ERR_FALSE);
	assert_int_equal(look->served.n, 0);
	assert_string_equal(lab_text(&look->err.what), "published, but stopped before any name server was asked");
	assert_string_equal(lab_text(&look->err.hint), "Look again later: mxladder verify exempel.com.");
}

static void watch__of_named_servers__asks_those(void **state)
{
	struct scene *scene = *state;
	const struct push *look;
	struct dns_endpoint at;

	lab_plan(&scene->lab, LAB_BASE, WANT);
	assert_true(dns_endpoint_parse(&at, "127.0.0.10", NULL));
	scene->lab.vendor.hook = first_follows;
	scene->lab.vendor.data = scene;
	look = lab_push(&scene->lab, &(struct push_options){ .n_server = 1, .server = &at, .watch_s = 20 });
	lab_expect(look, PUSH_PUBLISHED, ERR_NONE);
	assert_int_equal(look->served.n, 1);
	assert_int_equal(look->served.row[0].name.len, 0);
}

/* ---- what gates learn ---- */

static void push__of_a_zone__that_nobody_delegates_is_blocked(void **state)
{
	struct scene *scene = *state;
	const struct push *look;

	scene->parent->n_referral = 0;
	dnsd_zone(scene->parent, "com.", "@ NS a.gtld\n");
	lab_plan(&scene->lab, LAB_BASE, WANT);
	look = push(scene, follow);
	lab_expect(look, PUSH_FAILED, ERR_BLOCKED);
	assert_int_equal(look->gates.n, 1);
	assert_string_equal(look->gates.gate[0].id, "wrong-zone");
	assert_int_equal(look->gates.gate[0].answer, GATE_NO);
	assert_int_equal(scene->lab.vendor.writes, 0);
	assert_false(look->unfinished);
}

/* The gates do not wait for name servers that are silent, nor longer than two questions may take. */
static void gates__wait__for_what_they_look_at_alone(void **state)
{
	struct scene *scene = *state;
	const struct push *look;
	uint64_t begun;

	scene->lab.app.timeout_ms = 20000;
	scene->one->how = scene->two->how = DNSD_SILENT;
	lab_plan(&scene->lab, LAB_BASE, WANT);
	begun = loop_ms();
	look = lab_push(&scene->lab, NULL);
	lab_expect(look, PUSH_PUBLISHED, ERR_NONE);
	assert_true(loop_ms() - begun < 15000);
	lab_forget(&scene->lab);
	/* the resolver answers nothing: after 2 * 300 + 1000 ms it is judged by what is known, and cannot be told */
	scene->lab.app.timeout_ms = 300;
	scene->resolver->how = DNSD_SILENT;
	lab_plan(&scene->lab, LAB_BASE, WANT);
	begun = loop_ms();
	look = lab_push(&scene->lab, NULL);
	lab_expect(look, PUSH_FAILED, ERR_BLOCKED);
	assert_true(loop_ms() - begun < 15000);
	for (size_t i = 0; i < look->gates.n; i++)
		assert_int_equal(look->gates.gate[i].answer, GATE_UNKNOWN);
	assert_int_equal(look->gates.n, 4);
	assert_string_equal(look->gates.gate[0].id, "undeliverable");
	assert_string_equal(look->gates.gate[1].id, "unknown-host");
	assert_string_equal(look->gates.gate[2].id, "mta-sts");
	assert_string_equal(look->gates.gate[3].id, "wrong-zone");
}

static void come_late(struct dnsd_server *server, const struct dns_question *question)
{
	struct scene *scene = server->data;
	char text[DNAME_TEXT_MAX];
	bool silent = !scene->came_late && question->type == scene->late_type && !strcmp(dname_text(&question->name, text), scene->late);

	scene->came_late |= silent;
	server->how = silent ? DNSD_SILENT : DNSD_RESOLVES;
}

static void plan_for(struct lab *lab, const char *domain, const char *base, const char *want)
{
	lab_plan(lab, base, want);
	assert_true(dname_parse(&lab->plan.domain, domain, NULL));
	plan_seal(&lab->plan);
}

/* Where one answer that they look at comes late, they are judged after it: before, each of these would not be known, or be another. */
static void gates__wait__for_each_answer_that_they_look_at(void **state)
{
	static const struct {
		const char *domain, *base, *want, *late;
		enum dns_type type;
	} rows[] = {
		{ "ny.exempel.com", "3600", WANT, "ny.exempel.com", DNS_MX },
		{ "ny.exempel.com", "3600", WANT, "exempel.com", DNS_NS },
		{ "ny.exempel.com", "3600", WANT, "mx2.exempel.com", DNS_A },
		{ "ny.exempel.com", "3600", "60 10 mx3.exempel.com", "mx3.exempel.com", DNS_AAAA },
		{ "ny.exempel.com", "3600", WANT, "com", DNS_NS },
		{ "exempel.com", LAB_BASE, "3600", "exempel.com", DNS_A },
	};
	struct scene *scene = *state;

	scene->lab.app.timeout_ms = 1500;
	resolve(scene, "@ MX 10 mx1\n@ A 9.9.9.9\nny A 9.9.9.9\nmx3 AAAA 2620:fe::9\n");
	scene->resolver->hook = come_late;
	scene->resolver->data = scene;
	/* the parent names another server than the account's zone: the zone's own records tell that it is the same */
	scene->parent->n_referral = 0;
	dnsd_refer(scene->parent, "exempel.com", "ns9.exempel.com");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct push *look;

		dns_cache_forget(app_answers(&scene->lab.app));
		scene->late = rows[i].late;
		scene->late_type = rows[i].type;
		scene->came_late = false;
		plan_for(&scene->lab, rows[i].domain, rows[i].base, rows[i].want);
		look = lab_push(&scene->lab, &(struct push_options){ .dry_run = true, .preview = true });
		assert_true(scene->came_late);
		if (look->err.code != ERR_NONE || look->gates.n)
			fail_msg("row %zu: %s %s", i, look->gates.n ? look->gates.gate[0].id : "", lab_text(&look->err.what));
	}
}

/* What is taken back brings no new error; an override lets through what it names, and the journal keeps it. */
static void push__that_is_taken_back__is_not_blocked_anew(void **state)
{
	const struct push_override why[] = { { "target-ip", "a test" } };
	struct scene *scene = *state;
	const struct push *look;

	lab_plan(&scene->lab, LAB_BASE, "3600 10 mx1.exempel.com 20 192.0.2.1");
	look = lab_push(&scene->lab, NULL);
	lab_expect(look, PUSH_FAILED, ERR_BLOCKED);
	assert_int_equal(look->gates.n, 1);
	assert_false(look->gates.gate[0].overridden);
	look = lab_push(&scene->lab, &(struct push_options){ .no_watch = true, .n_override = 1, .override = why });
	lab_expect(look, PUSH_PUBLISHED, ERR_NONE);
	assert_true(look->gates.gate[0].overridden);
	/* somebody else put the old set back: to publish this one again is another push */
	lab_plan(&scene->lab, LAB_BASE, "3600 10 mx1.exempel.com 20 192.0.2.1");
	lab_expect(lab_push(&scene->lab, NULL), PUSH_FAILED, ERR_BLOCKED);
	lab_plan(&scene->lab, "3600 10 mx1.exempel.com 30 192.0.2.9", LAB_BASE);
	lab_expect(lab_push(&scene->lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	lab_plan(&scene->lab, LAB_BASE, "3600 10 mx1.exempel.com 30 192.0.2.9");
	look = lab_push(&scene->lab, NULL);
	lab_expect(look, PUSH_PUBLISHED, ERR_NONE);
	assert_int_equal(look->gates.n, 0);
}

/* ---- what old answers are worth ---- */

static void drain__of_a_first_set__is_the_zones_negative_ttl(void **state)
{
	struct scene *scene = *state;
	const struct push *look;

	serve(scene->one, "");
	serve(scene->two, "");
	resolve(scene, "@ A 9.9.9.9\n");
	lab_plan(&scene->lab, "3600", WANT);
	vendor_hold(&scene->lab.vendor, "3600");
	look = push(scene, follow);
	lab_expect(look, PUSH_PUBLISHED, ERR_NONE);
	assert_true(look->drain.known && look->drain.negative && !look->drain.assumed);
	assert_int_equal(look->drain.hold_s, 300);
	assert_int_equal(
		look->safe_at, (look->served.changed_at > look->published_at ? look->served.changed_at : look->published_at) + 300);
}

/* A name's first record takes the place of a wildcard's answer, whose TTL nobody told. */
static void drain__of_a_first_set__is_not_known_under_a_wildcard(void **state)
{
	static const struct {
		const char *base;
		enum fact synthesised, wildcard;
		bool wildcard_mx, known;
	} rows[] = {
		{ "3600", FACT_UNKNOWN, FACT_UNKNOWN, false, true },
		{ "3600", FACT_NO, FACT_NO, false, true },
		{ "3600", FACT_YES, FACT_UNKNOWN, false, false },
		{ "3600", FACT_YES, FACT_YES, true, false },
		{ "3600", FACT_UNKNOWN, FACT_YES, true, false },
		{ "3600", FACT_UNKNOWN, FACT_YES, false, true },
		{ "3600", FACT_UNKNOWN, FACT_UNKNOWN, true, true },
		{ "3600", FACT_UNKNOWN, FACT_NO, true, true },
		{ "3600", FACT_NO, FACT_YES, true, true },
		{ LAB_BASE, FACT_YES, FACT_YES, true, true },
	};
	struct push_run run = { .facts = { .negative_ttl_s = 300 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct drain *drain = &run.push.drain;
		uint32_t hold_s = !rows[i].known ? 0 : !strcmp(rows[i].base, LAB_BASE) ? 3600 : 300;

		set_from(&run.push.plan.base, rows[i].base);
		run.facts.synthesised = rows[i].synthesised;
		run.facts.wildcard = rows[i].wildcard;
		run.facts.wildcard_mx = rows[i].wildcard_mx;
		push_know_drain(&run);
		if (drain->known != rows[i].known || drain->hold_s != hold_s)
			fail_msg("row %zu: known %d, %u s", i, drain->known, (unsigned)drain->hold_s);
	}
	mxset_release(&run.push.plan.base);
}

/* Nobody tells which servers the zone has. */
static void watch__without_a_server__says_so(void **state)
{
	static const struct push_override why[] = { { "wrong-zone", "a test" } };
	struct scene *scene = *state;
	const struct push *look;

	dnsd_clear(scene->resolver);
	dnsd_zone(scene->resolver, "exempel.com.", "@ MX 10 mx1\nmx1 A 9.9.9.1\nmx2 A 9.9.9.2\n");
	scene->parent->n_referral = 0;
	lab_plan(&scene->lab, LAB_BASE, WANT);
	look = lab_push(&scene->lab, &(struct push_options){ .watch_s = 1, .n_override = 1, .override = why });
	lab_expect(look, PUSH_PUBLISHED, ERR_FALSE);
	assert_int_equal(look->served.n, 0);
	assert_string_equal(lab_text(&look->err.what), "published, but no name server of the zone could be found to verify it on");
	assert_string_equal(lab_text(&look->err.hint), "Name the servers with --server.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(push__is_everywhere__when_each_server_gives_it),
		TEST(push__that_not_every_server_gives__says_so),
		TEST(push__that_cannot_ask_for_other_servers__says_so),
		TEST(watch__looks_for__what_the_provider_keeps),
		TEST(watch__stopped__says_what_was_seen),
		TEST(watch__of_named_servers__asks_those),
		TEST(push__of_a_zone__that_nobody_delegates_is_blocked),
		TEST(gates__wait__for_what_they_look_at_alone),
		TEST(gates__wait__for_each_answer_that_they_look_at),
		TEST(push__that_is_taken_back__is_not_blocked_anew),
		TEST(drain__of_a_first_set__is_the_zones_negative_ttl),
		TEST(drain__of_a_first_set__is_not_known_under_a_wildcard),
		TEST(watch__without_a_server__says_so),
	};

	if (!dnsd_enter())
		return puts("1..0 # SKIP this machine lets no network namespace be made") < 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
