/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worst single failure of a domain, as audit tells it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../check/scene.h"
#include "app/audit_worst.h"

static void worst_is(const char *records, const char *world, const char *what, double lost)
{
	struct audit_worst worst;
	struct scene scene;

	scene_open(&scene, records, world);
	scene.facts.null_mx = mxset_is_null(&scene.set);
	if (!what) {
		assert_false(audit_worst(&scene.facts, &worst));
	} else {
		assert_true(audit_worst(&scene.facts, &worst));
		assert_string_equal(worst.what.s, what);
		assert_true(worst.lost > lost - 1e-6 && worst.lost < lost + 1e-6);
		assert_true(worst.late_s >= 0);
	}
	audit_worst_release(&worst);
	scene_close(&scene);
}

static void worst__is_the_failure_that_loses_most(void **state)
{
	(void)state;
	worst_is("10 mx.a.example|20 mx.b.example", "mx.a.example 9.9.9.9|mx.b.example 9.9.8.9", "mx.a.example", 0);
	worst_is("10 mx.a.example|20 mx.b.example", "mx.a.example 9.9.9.9|mx.b.example 9.9.9.8", "9.9.9.0/24", 1);
	worst_is("10 mx.a.example", "mx.a.example 9.9.9.9", "mx.a.example", 1);
}

/* Of failures that lose as much, the one that keeps mail waiting longest: a name that nobody answers for, not a host that refuses at once.
 */
static void worst__is_the_latest__of_those_that_lose_the_same(void **state)
{
	static const char *const records[] = { "10 mx.a.example|20 mx.b.example", "20 mx.a.example|10 mx.b.example" };
	static const char *const zones[] = { "a.example", "b.example" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct audit_worst worst;
		struct scene scene;
		struct zone_facts *zone;
		struct dname name;

		scene_open(&scene, records[i / 2], "mx.a.example 9.9.9.9|mx.b.example 9.9.8.9");
		assert_true(dname_parse(&name, zones[i % 2], NULL));
		zone = facts_zone_add(&scene.facts, &name);
		zone->ns = ANSWER_DATA;
		assert_true(dname_parse(&name, "ns.hoster.example", NULL));
		zone_facts_add_ns(zone, &name);
		assert_true(audit_worst(&scene.facts, &worst));
		assert_string_equal(worst.what.s, "ns:ns.hoster.example");
		assert_true(worst.lost < 1e-6);
		assert_true(worst.late_s > 5 - 1e-6 && worst.late_s < 5 + 1e-6); /* so long a sender waits for the name */
		audit_worst_release(&worst);
		scene_close(&scene);
	}
}

static void worst__is_not_told__where_something_is_not_known(void **state)
{
	struct audit_worst worst;
	struct scene scene;

	(void)state;
	worst_is("10 mx.a.example|20 mx.b.example", "mx.a.example 9.9.9.9|mx.b.example ?", NULL, 0);
	worst_is("10 mx.a.example|20 mx.b.example", "", NULL, 0);
	worst_is("10 mx.a.example", "", "mx.a.example", 1); /* whatever its address: there is no other */
	worst_is("0 .", "", NULL, 0);
	scene_open(&scene, "10 mx.a.example", "mx.a.example 9.9.9.9");
	scene.facts.mx = ANSWER_TIMEOUT;
	assert_false(audit_worst(&scene.facts, &worst));
	audit_worst_release(&worst);
	scene.facts.mx = ANSWER_NXDOMAIN;
	assert_false(audit_worst(&scene.facts, &worst));
	audit_worst_release(&worst);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worst__is_the_failure_that_loses_most),
		cmocka_unit_test(worst__is_the_latest__of_those_that_lose_the_same),
		cmocka_unit_test(worst__is_not_told__where_something_is_not_known),
	};

	return cmocka_run_group_tests_name("audit_worst", tests, NULL, NULL);
}
