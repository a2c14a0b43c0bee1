/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wildcards beside a target and below the domain, earlier pushes, a resolver with a zone of its own, a provider's own TTL: word by word. */
#include "scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#define DAY 86400
#define NOW 1764163200 /* 2025-11-26T13:20:00Z */

/* "*" below the name: how its addresses were answered, and which they are. */
static struct star_facts *add_star(struct scene *scene, const char *above, enum answer a, const char *address)
{
	struct star_facts *star;
	struct dname name;

	assert_true(dname_parse(&name, above, NULL));
	star = facts_star_add(&scene->facts, &name);
	assert_non_null(star);
	star->a = a;
	star->aaaa = ANSWER_NODATA;
	star->n_addr = 0;
	if (address)
		assert_true(addr_parse(&star->addr[star->n_addr++], address));
	return star;
}

static void target_wildcard__has__the_same_addresses(void **state)
{
	static const struct {
		const char *host;
		enum answer a;
		const char *address, *says;
	} rows[] = {
		{ "mx1.exempel.com 5.9.0.1", ANSWER_DATA, "5.9.0.1",
			"notice: mx1.exempel.com has the addresses that a wildcard gives to any name beside it" },
		{ "mx1.exempel.com 5.9.0.1 2a01::1", ANSWER_DATA, "5.9.0.1", "" },
		{ "mx1.exempel.com 5.9.0.1", ANSWER_DATA, "5.9.0.2", "" },
		{ "mx1.exempel.com 5.9.0.1 5.9.0.2", ANSWER_DATA, "5.9.0.1", "" },
		{ "mx1.exempel.com 2a01::1", ANSWER_DATA, "5.9.0.1", "" },
		{ "mx1.exempel.com 2a01::1", ANSWER_DATA, NULL, "" },
		{ "mx1.exempel.com 5.9.0.1", ANSWER_NODATA, NULL, "" },
		{ "mx1.exempel.com 5.9.0.1", ANSWER_NXDOMAIN, NULL, "" },
		{ "mx1.exempel.com 5.9.0.1", ANSWER_SERVFAIL, NULL, "- what a wildcard beside mx1.exempel.com answers is not known" },
		{ "mx1.exempel.com 5.9.0.1", ANSWER_PENDING, NULL, "- not answered yet" },
		{ "mx1.exempel.com ?", ANSWER_DATA, "5.9.0.1", "- the addresses of mx1.exempel.com are not known" },
	};
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scene_open(&scene, "10 mx1.exempel.com", rows[i].host);
		add_star(&scene, "exempel.com", rows[i].a, rows[i].address);
		scene_says("target-wildcard", &scene, rows[i].says);
		scene_close(&scene);
	}
	scene_open(&scene, "10 mx1.exempel.com", "mx1.exempel.com 5.9.0.1");
	scene_says("target-wildcard", &scene, "- what a wildcard beside mx1.exempel.com answers is not known"); /* nobody asked */
	add_star(&scene, "exempel.com", ANSWER_DATA, "5.9.0.1")->more = 1;
	scene_says("target-wildcard", &scene, "");
	scene_close(&scene);
	/* a hoster's own matter, a name below a top-level domain, and what is no name */
	scene_open(&scene, "10 smtp.google.com|20 exempel.com|30 5.9.0.1|0 .", "smtp.google.com 5.9.0.1|exempel.com 5.9.0.1");
	add_star(&scene, "google.com", ANSWER_DATA, "5.9.0.1");
	add_star(&scene, "com", ANSWER_DATA, "5.9.0.1");
	scene_says("target-wildcard", &scene, "");
	scene_close(&scene);
}

/* Both families count, and one that differs is enough where the other is not known. */
static void target_wildcard__compares__both_families(void **state)
{
	static const char found[] = "notice: mx1.exempel.com has the addresses that a wildcard gives to any name beside it";
	static const char unknown[] = "- what a wildcard beside mx1.exempel.com answers is not known";
	static const struct {
		const char *host;
		enum answer a, aaaa;
		const char *v4, *v6, *says;
	} rows[] = {
		{ "mx1.exempel.com 5.9.0.1 2a01::1", ANSWER_DATA, ANSWER_DATA, "5.9.0.1", "2a01::1", found },
		{ "mx1.exempel.com 2a01::1", ANSWER_NODATA, ANSWER_DATA, NULL, "2a01::1", found },
		{ "mx1.exempel.com 5.9.0.1 2a01::1", ANSWER_DATA, ANSWER_DATA, "5.9.0.1", "2a01::2", "" },
		{ "mx1.exempel.com 5.9.0.1", ANSWER_DATA, ANSWER_DATA, "5.9.0.1", "2a01::1", "" },
		{ "mx1.exempel.com 2a01::1", ANSWER_DATA, ANSWER_DATA, "5.9.0.1", "2a01::1", "" },
		{ "mx1.exempel.com 5.9.0.1 2a01::1", ANSWER_DATA, ANSWER_SERVFAIL, "5.9.0.1", NULL, unknown },
		{ "mx1.exempel.com 5.9.0.1 2a01::1", ANSWER_DATA, ANSWER_SERVFAIL, "5.9.0.2", NULL, "" },
		{ "mx1.exempel.com 5.9.0.1 2a01::1", ANSWER_TIMEOUT, ANSWER_DATA, NULL, "2a01::1", unknown },
		{ "mx1.exempel.com 5.9.0.1 2a01::1", ANSWER_TIMEOUT, ANSWER_NODATA, NULL, NULL, "" },
		{ "mx1.exempel.com 5.9.0.1 2a01::1", ANSWER_DATA, ANSWER_PENDING, "5.9.0.1", NULL, "- not answered yet" },
	};
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct star_facts *star;

		scene_open(&scene, "10 mx1.exempel.com", rows[i].host);
		star = add_star(&scene, "exempel.com", rows[i].a, rows[i].v4);
		star->aaaa = rows[i].aaaa;
		if (rows[i].v6)
			assert_true(addr_parse(&star->addr[star->n_addr++], rows[i].v6));
		scene_says("target-wildcard", &scene, rows[i].says);
		scene_close(&scene);
	}
}

/* Records at a wildcard, meant for the domain itself too. */
static void wildcard_mx__does_not_hold__for_the_domain(void **state)
{
	struct scene scene;
	struct star_facts *star;

	(void)state;
	scene_open(&scene, "", "exempel.com 5.9.0.1");
	star = add_star(&scene, "exempel.com", ANSWER_NODATA, NULL);
	star->mx = ANSWER_NODATA;
	scene_says("implicit-mx", &scene, "warning: no MX record: mail goes to the address of exempel.com itself");
	star->mx = ANSWER_DATA;
	scene_says("implicit-mx", &scene,
		"warning: no MX record: mail goes to the address of exempel.com itself; the MX records of *.exempel.com hold for names below it alone");
	scene_close(&scene);
	scene_open(&scene, "", "exempel.com");
	star = add_star(&scene, "exempel.com", ANSWER_NODATA, NULL);
	star->mx = ANSWER_DATA;
	scene_says("undeliverable", &scene,
		"error: exempel.com has neither MX records nor an address; the MX records of *.exempel.com hold for names below it alone");
	scene_close(&scene);
}

static void wildcard_address__takes__mail(void **state)
{
	static const char found[] =
		"info: a name below exempel.com that holds nothing itself has addresses by a wildcard, and no MX record: they take its mail";
	static const char unknown[] = "- what a wildcard below exempel.com answers is not known";
	static const struct {
		enum answer a, aaaa, mx;
		const char *says;
	} rows[] = {
		{ ANSWER_DATA, ANSWER_NODATA, ANSWER_NODATA, found },
		{ ANSWER_NODATA, ANSWER_DATA, ANSWER_NODATA, found },
		{ ANSWER_SERVFAIL, ANSWER_DATA, ANSWER_NODATA, found },
		{ ANSWER_NODATA, ANSWER_NODATA, ANSWER_NODATA, "" },
		{ ANSWER_DATA, ANSWER_DATA, ANSWER_DATA, "" },
		{ ANSWER_SERVFAIL, ANSWER_TIMEOUT, ANSWER_DATA, "" },
		{ ANSWER_NXDOMAIN, ANSWER_NXDOMAIN, ANSWER_NXDOMAIN, "" },
		{ ANSWER_DATA, ANSWER_DATA, ANSWER_SERVFAIL, unknown },
		{ ANSWER_SERVFAIL, ANSWER_NODATA, ANSWER_NODATA, unknown },
		{ ANSWER_NODATA, ANSWER_TIMEOUT, ANSWER_NODATA, unknown },
		{ ANSWER_DATA, ANSWER_DATA, ANSWER_PENDING, "- not answered yet" },
		{ ANSWER_PENDING, ANSWER_NODATA, ANSWER_NODATA, "- not answered yet" },
		{ ANSWER_NODATA, ANSWER_PENDING, ANSWER_NODATA, "- not answered yet" },
	};
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com", "");
	scene_says("wildcard-address", &scene, unknown);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct star_facts *star = add_star(&scene, "exempel.com", rows[i].a, NULL);

		star->aaaa = rows[i].aaaa;
		star->mx = rows[i].mx;
		scene_says("wildcard-address", &scene, rows[i].says);
	}
	assert_true(dname_parse(&scene.domain, "*.exempel.com", NULL));
	scene_says("wildcard-address", &scene, "");
	assert_true(dname_parse(&scene.domain, "com", NULL));
	scene_says("wildcard-address", &scene, "");
	scene_close(&scene);
}

static void drain_not_over__while__an_earlier_answer_lasts(void **state)
{
	static const char found[] =
		"warning: caches may hold what stood before an earlier push until 2025-11-27T13:20:00Z or longer: until then mx1.exempel.com "
		"is still asked";
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com|20 mx2.exempel.com", "");
	scene.facts.observed_at = NOW;
	scene.in.is_draft = true;
	mxset_remove(&scene.set, 0);
	scene_says("drain-not-over", &scene, "- earlier pushes were not looked at");
	scene.facts.past.known = FACT_NO;
	scene_says("drain-not-over", &scene, "- the journal of earlier pushes could not be read");
	scene.facts.past.known = FACT_YES;
	scene_says("drain-not-over", &scene, "");
	scene.facts.past.gone_at = NOW + DAY;
	scene_says("drain-not-over", &scene, found);
	scene.facts.live.ttl_s = DAY;
	scene_says("drain-not-over", &scene, ""); /* the set of now lasts as long */
	scene.facts.live.ttl_s = DAY - 1;
	scene_says("drain-not-over", &scene, found);
	scene.facts.live.ttl_s = MX_TTL_UNKNOWN;
	scene_says("drain-not-over", &scene, found);
	scene.in.is_draft = false;
	scene_says("drain-not-over", &scene, "");
	scene.in.is_draft = true;
	mxset_copy(&scene.set, &scene.facts.live);
	scene_says("drain-not-over", &scene, ""); /* nobody goes */
	scene_close(&scene);
}

static void ttl_not_restored__a_week__after_a_move(void **state)
{
	struct past_facts *past;
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com", "");
	past = &scene.facts.past;
	scene_says("ttl-not-restored", &scene, "- earlier pushes were not looked at");
	scene.facts.observed_at = NOW;
	*past = (struct past_facts){ FACT_YES, 0, 0, DAY, 300, NOW - 7 * DAY - 1 };
	scene.set.ttl_s = 300;
	scene_says("ttl-not-restored", &scene,
		"notice: a push from here lowered the TTL from 1d to 5m at 2025-11-19T13:19:59Z, and that is what it is now");
	past->lowered_at++;
	scene_says("ttl-not-restored", &scene, "");
	past->lowered_at--;
	scene.set.ttl_s = 301;
	scene_says("ttl-not-restored", &scene, "");
	past->lowered_to_s = scene.set.ttl_s = 3600; /* no TTL for a move */
	scene_says("ttl-not-restored", &scene, "");
	past->lowered_to_s = scene.set.ttl_s = 3599;
	scene.in.is_draft = true;
	scene_says("ttl-not-restored", &scene, "");
	scene.in.is_draft = false;
	scene.set.ttl_s = MX_TTL_UNKNOWN;
	scene_says("ttl-not-restored", &scene, "- the TTL of the set is not known: only a cache told it");
	past->lowered_from_s = past->lowered_to_s = 0;
	scene_says("ttl-not-restored", &scene, "");
	scene_close(&scene);
}

static struct server_facts *add_server(struct scene *scene, const char *address)
{
	struct server_facts *server;
	struct dname name;
	struct addr addr;

	assert_true(dname_parse(&name, "ns.exempel.com", NULL) && addr_parse(&addr, address));
	server = facts_server_add(&scene->facts, &name, &addr);
	server->address = server->mx = ANSWER_DATA;
	server->authoritative = true;
	mxset_copy(&server->set, &scene->set);
	return server;
}

static void split_view__is__a_resolver_of_its_own_mind(void **state)
{
	struct cached_facts *cached;
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com", "");
	cached = &scene.facts.cached;
	cached->mx = ANSWER_NODATA;
	cached->exact = true;
	scene_says("split-view", &scene, ""); /* there is nothing to compare */
	add_server(&scene, "5.9.9.1");
	scene_says("split-view", &scene,
		"notice: the resolver answers as an authority itself that there is no MX record, which no name server of the zone says");
	cached->exact = false;
	scene_says("split-view", &scene, ""); /* a cache's: cache-lag */
	cached->exact = true;
	cached->mx = ANSWER_DATA;
	mxset_copy(&cached->set, &scene.set);
	scene_says("split-view", &scene, "");
	cached->set.mx[0].preference = 20;
	scene_says("split-view", &scene,
		"notice: the resolver answers as an authority itself, with a set that no name server of the zone gives: 20 mx1.exempel.com");
	mxset_copy(&add_server(&scene, "5.9.9.2")->set, &cached->set);
	scene_says("split-view", &scene, ""); /* one of them gives it: auth-disagree */
	scene.facts.server[1].mx = ANSWER_REFUSED;
	scene.in.is_draft = true;
	scene_says("split-view", &scene, "");
	scene.in.is_draft = false;
	cached->mx = ANSWER_TIMEOUT;
	scene_says("split-view", &scene, "");
	scene.facts.source = SOURCE_ZONE;
	scene_says("split-view", &scene, "- no resolver's answer can be compared with what is held or served");
	scene_close(&scene);
}

static void ttl_auto__is__the_providers(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com", "");
	scene.facts.held.ttl_automatic = true;
	strcpy(scene.facts.held.account, "huset");
	scene_says("ttl-auto", &scene, "");
	scene.facts.live_source = SOURCE_PROVIDER;
	scene_says("ttl-auto", &scene, "info: account huset leaves the TTL to the provider: that is 1h now");
	scene.facts.held.ttl_guessed = true;
	scene_says("ttl-auto", &scene, "info: account huset leaves the TTL to the provider, which does not tell it");
	scene.facts.held.ttl_automatic = false;
	scene_says("ttl-auto", &scene, "");
	scene.facts.held.ttl_automatic = scene.in.is_draft = true;
	scene_says("ttl-auto", &scene, "");
	scene.in.is_draft = false;
	mxset_release(&scene.set);
	scene_says("ttl-auto", &scene, "");
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(target_wildcard__has__the_same_addresses),
		cmocka_unit_test(target_wildcard__compares__both_families),
		cmocka_unit_test(wildcard_mx__does_not_hold__for_the_domain),
		cmocka_unit_test(wildcard_address__takes__mail),
		cmocka_unit_test(drain_not_over__while__an_earlier_answer_lasts),
		cmocka_unit_test(ttl_not_restored__a_week__after_a_move),
		cmocka_unit_test(split_view__is__a_resolver_of_its_own_mind),
		cmocka_unit_test(ttl_auto__is__the_providers),
	};

	return cmocka_run_group_tests_name("past", tests, NULL, NULL);
}
