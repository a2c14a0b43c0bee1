/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks that look at more than the set and its hosts: name servers, parent, caches, TTLs, the provider, the name itself. Word by word. */
#include "scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#define SET "10 mx1.exempel.com|20 mx2.exempel.net"
#define HOSTS "mx1.exempel.com 5.9.0.1|mx2.exempel.net 5.9.1.1"

/* A name server that answers with the scene's set and serial 7. */
static struct server_facts *add_server(struct scene *scene, const char *name, const char *address)
{
	struct server_facts *server;
	struct addr addr = { 0 };
	struct dname host;

	assert_true(dname_parse(&host, name, NULL));
	assert_true(!*address || addr_parse(&addr, address));
	server = facts_server_add(&scene->facts, &host, &addr);
	server->address = *address ? ANSWER_DATA : ANSWER_NODATA;
	server->mx = server->soa = ANSWER_DATA;
	server->authoritative = server->at_parent = server->at_child = true;
	server->serial = 7;
	mxset_copy(&server->set, &scene->set);
	return server;
}

static void open_served(struct scene *scene)
{
	scene_open(scene, SET, HOSTS);
	add_server(scene, "ns1.exempel.com", "5.9.9.1");
	add_server(scene, "ns2.exempel.net", "5.9.9.2");
	scene->facts.parent_ns = scene->facts.child_ns = ANSWER_DATA;
}

static void auth_disagree__names__both_sets(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	scene_says("auth-disagree", &scene, "");
	scene_close(&scene);
	open_served(&scene);
	scene_says("auth-disagree", &scene, "");
	scene.facts.server[1].set.ttl_s = 60;
	scene_says("auth-disagree", &scene, "warning: ns1.exempel.com gives the set a TTL of 1h, ns2.exempel.net one of 1m");
	mxset_remove(&scene.facts.server[1].set, 1);
	scene_says("auth-disagree", &scene,
		"error: ns1.exempel.com has the set 10 mx1.exempel.com, 20 mx2.exempel.net, and ns2.exempel.net has the set 10 mx1.exempel.com");
	mxset_release(&scene.facts.server[1].set);
	scene.facts.server[1].mx = ANSWER_NODATA;
	scene_says("auth-disagree", &scene,
		"error: ns1.exempel.com has the set 10 mx1.exempel.com, 20 mx2.exempel.net, and ns2.exempel.net has no MX record");
	mxset_release(&scene.facts.server[0].set);
	scene.facts.server[0].mx = ANSWER_NXDOMAIN;
	scene_says("auth-disagree", &scene,
		"error: ns1.exempel.com says that the name does not exist, and ns2.exempel.net that it exists and has no MX record");
	scene.facts.server[0].mx = ANSWER_NODATA;
	scene_says("auth-disagree", &scene, "");
	scene.facts.server[1].mx = ANSWER_NXDOMAIN;
	scene_says("auth-disagree", &scene,
		"error: ns2.exempel.net says that the name does not exist, and ns1.exempel.com that it exists and has no MX record");
	scene.in.is_draft = true;
	scene_says("auth-disagree", &scene, "");
	scene.in.is_draft = false;
	scene.facts.server[1].elsewhere = true;
	scene_says("auth-disagree", &scene, "");
	scene.facts.server[0].mx = scene.facts.server[1].mx = ANSWER_UNASKED;
	scene_says("auth-disagree", &scene, ""); /* nobody answers: the bit says that it was not checked */
	scene_close(&scene);
}

static void auth_fail__tells__each_state_apart(void **state)
{
	struct server_facts *server;
	struct scene scene;

	(void)state;
	open_served(&scene);
	scene_says("auth-fail", &scene, "");
	server = &scene.facts.server[1];
	server->mx = ANSWER_TIMEOUT;
	scene_says("auth-fail", &scene, "warning: no answer from ns2.exempel.net (5.9.9.2)");
	server->mx = ANSWER_REFUSED;
	scene_says("auth-fail", &scene, "warning: ns2.exempel.net (5.9.9.2) refuses to answer");
	server->mx = ANSWER_DATA;
	server->authoritative = false;
	scene_says("auth-fail", &scene, "warning: ns2.exempel.net (5.9.9.2) is no authority for the zone, or fails");
	server->mx = ANSWER_UNREACHABLE; /* from here: that says nothing of the server */
	scene_says("auth-fail", &scene, "");
	server->mx = ANSWER_UNASKED;
	server->addr.family = 0;
	server->address = ANSWER_NXDOMAIN;
	scene_says("auth-fail", &scene, "warning: the name server ns2.exempel.net has no address");
	server = add_server(&scene, "ns2.exempel.net", "5.9.9.3"); /* it answers at another address */
	scene_says("auth-fail", &scene, "");
	server->mx = ANSWER_REFUSED; /* once for its name, whatever its other address does */
	scene_says("auth-fail", &scene, "warning: the name server ns2.exempel.net has no address");
	scene_close(&scene);
}

static void serial_lag__keeps_still__where_the_sets_differ(void **state)
{
	struct scene scene;

	(void)state;
	open_served(&scene);
	scene_says("serial-lag", &scene, "");
	scene.facts.server[1].serial = 6;
	scene_says("serial-lag", &scene, "notice: ns1.exempel.com has the zone's serial 7, ns2.exempel.net has 6");
	mxset_remove(&scene.facts.server[1].set, 1);
	scene_says("serial-lag", &scene, "");
	mxset_copy(&scene.facts.server[1].set, &scene.set);
	scene.facts.server[1].soa = ANSWER_TIMEOUT;
	scene_says("serial-lag", &scene, "");
	scene_close(&scene);
}

/* Lists that overlap, and lists that have nothing in common: one of the two checks speaks. */
static void parent_child_ns__leaves__other_zones_to_wrong_zone(void **state)
{
	struct scene scene;

	(void)state;
	open_served(&scene);
	scene_says("parent-child-ns", &scene, "");
	scene_says("wrong-zone", &scene, "");
	scene.facts.server[1].at_child = false;
	scene_says("parent-child-ns", &scene, "warning: the parent zone names the server ns2.exempel.net, the zone itself does not");
	scene.facts.server[1].at_child = true;
	scene.facts.server[1].at_parent = false;
	scene_says("parent-child-ns", &scene, "warning: the zone names the server ns2.exempel.net, its parent does not");
	scene_says("wrong-zone", &scene, "");
	scene.facts.server[0].at_child = false;
	scene_says("parent-child-ns", &scene, "");
	scene_says("wrong-zone", &scene,
		"error: the parent zone names other servers (ns1.exempel.com ...) than the zone itself (ns2.exempel.net ...), and they share no "
		"address");
	scene.facts.server[1].addr = scene.facts.server[0].addr; /* one server by two names */
	scene_says("wrong-zone", &scene, "");
	scene_says("parent-child-ns", &scene,
		"warning: the parent zone names the server ns1.exempel.com, the zone itself does not|"
		"warning: the zone names the server ns2.exempel.net, its parent does not");
	scene.facts.server[1].addr.family = 0; /* nobody knows whether it is the same */
	scene_says("wrong-zone", &scene, "");
	scene.facts.parent_ns = ANSWER_PENDING;
	scene_says("wrong-zone", &scene, "- not answered yet");
	scene.facts.parent_ns = ANSWER_UNASKED;
	scene_says("parent-child-ns", &scene, "- the name servers that the parent names, or the zone, are not known");
	scene_close(&scene);
}

static void cache_lag__and__ttl_stretch(void **state)
{
	struct cached_facts *cached;
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	cached = &scene.facts.cached;
	scene_says("cache-lag", &scene, "- no resolver's answer can be compared with what is held or served");
	cached->mx = ANSWER_PENDING;
	scene_says("ttl-stretch", &scene, "- not answered yet");
	cached->mx = ANSWER_DATA;
	scene.facts.live_source = SOURCE_SERVER;
	mxset_copy(&cached->set, &scene.set);
	cached->set.ttl_s = 100;
	scene_says("cache-lag", &scene, "");
	scene_says("ttl-stretch", &scene, "");
	cached->set.ttl_s = 3600;
	scene_says("ttl-stretch", &scene, "");
	cached->set.ttl_s = 3601;
	scene_says("ttl-stretch", &scene, "info: the resolver keeps the set for 1h1s, though its TTL is 1h");
	scene.set.ttl_s = MX_TTL_UNKNOWN;
	scene_says("ttl-stretch", &scene, "");
	mxset_remove(&cached->set, 1);
	scene_says("cache-lag", &scene,
		"info: a cache held another set when it was asked, for another 1h1s by its own word: 10 mx1.exempel.com");
	scene_says("ttl-stretch", &scene, "");
	mxset_release(&cached->set);
	cached->mx = ANSWER_NODATA;
	scene_says("cache-lag", &scene, "info: a cache held that there is no MX record, when it was asked");
	cached->exact = true; /* not a cache's */
	scene_says("cache-lag", &scene, "- no resolver's answer can be compared with what is held or served");
	scene.in.is_draft = true;
	scene_says("cache-lag", &scene, "");
	scene_says("ttl-stretch", &scene, "");
	scene_close(&scene);
}

static void negative_ttl__is__of_a_first_record(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	scene.in.is_draft = true;
	scene_says("negative-ttl", &scene, "");
	mxset_release(&scene.facts.live);
	scene.facts.mx = ANSWER_NODATA;
	scene_says("negative-ttl", &scene, "- for how long caches hold that there is no MX record is not known");
	scene.facts.negative_ttl_s = 900;
	scene_says("negative-ttl", &scene, "info: caches may hold that there is no MX record for 15m more");
	scene.in.is_draft = false;
	scene_says("negative-ttl", &scene, "");
	scene_close(&scene);
}

static void ttl__is__long_or_short(void **state)
{
	static const struct {
		uint32_t ttl;
		const char *is_long, *is_short;
	} cases[] = {
		{ 0, "", "warning: the TTL is 0: no cache keeps the set" },
		{ 1, "", "warning: the set is kept for 1s only" },
		{ 59, "", "warning: the set is kept for 59s only" },
		{ 60, "", "" },
		{ 86400, "", "" },
		{ 86401, "warning: the set is kept for 1d1s, over a day", "" },
		{ 604800, "warning: the set is kept for 7d, over a day", "" },
		{ 604801, "warning: the set is kept for 7d1s, over a week; many resolvers cut that to a week or a day", "" },
		{ MX_TTL_UNKNOWN, "- the TTL of the set is not known: only a cache told it",
			"- the TTL of the set is not known: only a cache told it" },
	};
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		scene.set.ttl_s = cases[i].ttl;
		scene_says("ttl-long", &scene, cases[i].is_long);
		scene_says("ttl-short", &scene, cases[i].is_short);
	}
	scene_close(&scene);
	scene_open(&scene, "0 .", "");
	scene.set.ttl_s = 864000;
	scene_says("ttl-long", &scene, ""); /* nothing is moved */
	scene_close(&scene);
	scene_open(&scene, "", "");
	scene.set.ttl_s = 0;
	scene_says("ttl-short", &scene, "");
	scene_close(&scene);
}

/* What the provider cannot store, where the draft brings it. */
static void store__limits__what_a_draft_brings(void **state)
{
	static const uint32_t ttls[] = { 300, 3600, 0 };
	struct check_store store = { .title = "Exempel DNS", .ttl_min_s = 300, .ttl_max_s = 86400, .records_max = 1 };
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	scene.in.is_draft = true;
	scene.set.ttl_s = 299;
	scene_says("ttl-floor", &scene, "");
	scene.in.store = &store;
	scene_says("ttl-floor", &scene, "error: Exempel DNS stores no TTL below 5m, and the set has 4m59s");
	scene.set.ttl_s = 86401;
	scene_says("ttl-floor", &scene, "error: Exempel DNS stores no TTL above 1d, and the set has 1d1s");
	store.ttl_max_s = 0;
	scene_says("ttl-floor", &scene, "");
	store.ttls = ttls;
	scene_says("ttl-floor", &scene, "error: Exempel DNS stores certain TTLs alone, and 1d1s is none of them");
	scene.set.ttl_s = 300;
	scene_says("ttl-floor", &scene, "");
	scene.set.ttl_s = scene.facts.live.ttl_s = 200; /* it is there already */
	scene_says("ttl-floor", &scene, "");
	scene_says("cap-count", &scene, "");
	mxset_remove(&scene.facts.live, 0);
	scene_says("cap-count", &scene, "error: Exempel DNS stores at most 1 records of a name, and the set has 2");
	store.records_max = 2;
	scene_says("cap-count", &scene, "");
	scene_says("cap-null", &scene, "");
	scene.in.is_draft = false;
	store.records_max = 1;
	scene_says("cap-count", &scene, "");
	scene_close(&scene);
	scene_open(&scene, "0 .", "");
	scene.in.is_draft = true;
	scene.in.store = &store;
	scene_says("cap-null", &scene, ""); /* it is there already */
	mxset_release(&scene.facts.live);
	scene_says("cap-null", &scene, "error: a null MX is not written at Exempel DNS: it refuses one, or is not known to take one");
	store.takes_null = true;
	scene_says("cap-null", &scene, "");
	scene_close(&scene);
}

static void last_mx__wants__one_that_is_known(void **state)
{
	static const struct {
		const char *set, *world, *says;
	} cases[] = {
		{ "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com !|mx2.exempel.com",
			"error: no server of this set can take the mail of exempel.com: none has an address" },
		{ "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com !|mx2.exempel.com 5.9.0.1", "" },
		{ "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com !|mx2.exempel.com ?",
			"- the addresses of mx2.exempel.com are not known" },
		{ "10 1.2.3.4", "", "" }, /* some senders deliver to it: target-ip says so */
		{ "0 .", "", "" },
		{ "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct scene scene;

		scene_open(&scene, cases[i].set, cases[i].world);
		scene_says("last-mx", &scene, "");
		scene.in.is_draft = true;
		scene_says("last-mx", &scene, cases[i].says);
		scene_close(&scene);
	}
}

static void same_dns_fate__is__one_foreign_zone(void **state)
{
	struct scene scene;
	struct dname apex;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.net|20 mx2.exempel.net", "");
	scene_says("same-dns-fate", &scene, "");
	assert_true(dname_parse(&apex, "exempel.net", NULL));
	facts_zone_add(&scene.facts, &apex);
	scene_says("same-dns-fate", &scene, "notice: the names of all servers lie in the zone exempel.net");
	assert_true(dname_parse(&apex, "mx2.exempel.net", NULL));
	facts_zone_add(&scene.facts, &apex);
	scene_says("same-dns-fate", &scene, "");
	scene_close(&scene);
	scene_open(&scene, "10 mx1.exempel.com|20 mx2.exempel.com", "");
	assert_true(dname_parse(&apex, "exempel.com", NULL));
	facts_zone_add(&scene.facts, &apex);
	scene_says("same-dns-fate", &scene, ""); /* without it there is no MX set either */
	scene_close(&scene);
	scene_open(&scene, "10 mx1.exempel.net", "");
	assert_true(dname_parse(&apex, "exempel.net", NULL));
	facts_zone_add(&scene.facts, &apex);
	scene_says("same-dns-fate", &scene, "");
	scene_close(&scene);
}

static void target_ttl__is__far_from_the_sets(void **state)
{
	struct host_facts *host;
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com", "mx1.exempel.com 5.9.0.1 2a01::1");
	host = &scene.facts.host[0];
	host->a_ttl_s = 90000; /* 25 times 3600 */
	host->aaaa_ttl_s = 90000;
	scene_says("target-ttl", &scene, "notice: the addresses of mx1.exempel.com may be kept for 1d1h, the MX set for 1h");
	host->aaaa_ttl_s = 3600;
	scene_says("target-ttl", &scene, "");
	host->aaaa_ttl_s = 60;
	scene_says("target-ttl", &scene, ""); /* a cache counts down */
	scene.facts.cached.exact = true;
	scene_says("target-ttl", &scene, "notice: the addresses of mx1.exempel.com may be kept for 1m only, the MX set for 1h");
	assert_true(dname_parse(&scene.zone, "exempel.net", NULL)); /* another's business */
	scene_says("target-ttl", &scene, "");
	scene.set.ttl_s = MX_TTL_UNKNOWN;
	scene_says("target-ttl", &scene, "");
	scene_close(&scene);
}

static void wildcard_mx__tells__what_is_covered(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	scene_says("wildcard-mx", &scene, "");
	scene.facts.wildcard = scene.facts.synthesised = FACT_YES;
	assert_true(dname_parse(&scene.facts.wildcard_name, "*.com", NULL));
	scene_says("wildcard-mx", &scene,
		"notice: the records of exempel.com are made from the wildcard *.com: they end with the first record of its own");
	scene.in.is_draft = true;
	scene_says("wildcard-mx", &scene, "");
	assert_true(dname_parse(&scene.domain, "*.exempel.com", NULL));
	scene_says("wildcard-mx", &scene,
		"notice: *.exempel.com answers for names that hold nothing themselves: a name with any record of its own is not covered");
	scene_close(&scene);
}

static void tld_root_mx__is__a_name_without_a_dot(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	scene_says("tld-root-mx", &scene, "");
	assert_true(dname_parse(&scene.domain, "com", NULL));
	scene_says("tld-root-mx", &scene, "warning: com is a top-level domain, and has MX records");
	scene_close(&scene);
	scene_open(&scene, "0 .", "");
	assert_true(dname_parse(&scene.domain, "com", NULL));
	scene_says("tld-root-mx", &scene, "");
	scene_close(&scene);
}

static void m365_derived__asks__of_a_new_name(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "0 exempel-com.mail.protection.outlook.com", "");
	scene_says("m365-derived", &scene, "");
	scene.in.is_draft = true;
	scene_says("m365-derived", &scene, ""); /* it is there already */
	mxset_release(&scene.facts.live);
	scene_says("m365-derived", &scene,
		"notice: exempel-com.mail.protection.outlook.com is made from the domain's name: is it what the admin centre of Microsoft 365 "
		"shows?");
	scene_close(&scene);
	scene_open(&scene, "0 exempel-com01.mail.protection.outlook.com|5 exempel-com.k-v1.mx.microsoft", "");
	mxset_release(&scene.facts.live);
	scene.in.is_draft = true;
	scene_says("m365-derived", &scene, "");
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(auth_disagree__names__both_sets),
		cmocka_unit_test(auth_fail__tells__each_state_apart),
		cmocka_unit_test(serial_lag__keeps_still__where_the_sets_differ),
		cmocka_unit_test(parent_child_ns__leaves__other_zones_to_wrong_zone),
		cmocka_unit_test(cache_lag__and__ttl_stretch),
		cmocka_unit_test(negative_ttl__is__of_a_first_record),
		cmocka_unit_test(ttl__is__long_or_short),
		cmocka_unit_test(store__limits__what_a_draft_brings),
		cmocka_unit_test(last_mx__wants__one_that_is_known),
		cmocka_unit_test(same_dns_fate__is__one_foreign_zone),
		cmocka_unit_test(target_ttl__is__far_from_the_sets),
		cmocka_unit_test(wildcard_mx__tells__what_is_covered),
		cmocka_unit_test(tld_root_mx__is__a_name_without_a_dot),
		cmocka_unit_test(m365_derived__asks__of_a_new_name),
	};

	return cmocka_run_group_tests_name("views", tests, NULL, NULL);
}
