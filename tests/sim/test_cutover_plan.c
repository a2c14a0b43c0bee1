/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "move.h"

static void check_steps(const struct cutover_plan *plan, const char *expected)
{
	struct str text;

	str_init(&text, 0);
	for (size_t i = 0; i < plan->n; i++)
		str_addf(&text, "%s%s %lld", i ? ", " : "", cutover_step_name(plan->step[i].kind), (long long)(plan->step[i].at - NOW));
	assert_string_equal(text.s, expected);
	str_release(&text);
}

static void plan__lowers__waits_changes_waits_raises(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1", "10 new", HOUR);
	move_run(&m);
	check_steps(&m.result.direct, "change 0, wait 0, wait 3600, switch-off 90000");
	check_steps(&m.result.staged, "lower-ttl 0, wait 0, change 3600, wait 3600, wait 3900, switch-off 90300, raise-ttl 90300");
	assert_int_equal(m.result.staged.step[0].ttl_s, 300);
	assert_int_equal(m.result.staged.step[6].ttl_s, HOUR);
	/* the change may be later: so may the lowering, the old TTL before it */
	m.in.at = NOW + 10 * HOUR;
	move_run(&m);
	check_steps(&m.result.direct, "change 36000, wait 36000, wait 39600, switch-off 126000");
	check_steps(
		&m.result.staged, "lower-ttl 32400, wait 32400, change 36000, wait 36000, wait 36300, switch-off 122700, raise-ttl 122700");
	/* too soon for the old TTL: the plan moves it */
	m.in.at = NOW + 600;
	move_run(&m);
	assert_int_equal(m.result.staged.change_at, NOW + HOUR);
	move_end(&m);
}

static void plan__leaves_out__what_gains_nothing(void **state)
{
	struct move m;

	(void)state;
	/* short already */
	move_begin(&m, "@ 300 MX 10 a; a A 192.0.2.1", "10 new", HOUR);
	move_run(&m);
	assert_int_equal(m.result.staged.n, 0);
	assert_non_null(strstr(m.result.no_stages.id, "short"));
	move_end(&m);
	/* the draft is to stay short: nothing to raise */
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1", "10 new", 120);
	move_run(&m);
	check_steps(&m.result.staged, "lower-ttl 0, wait 0, change 3600, wait 3600, wait 3720, switch-off 90120");
	assert_int_equal(m.result.staged.step[0].ttl_s, 120);
	move_end(&m);
}

/* A TTL that an earlier push lowered is short, and caches hold the long one for a while. */
static void plan__waits_for__an_earlier_push(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ 300 MX 10 a; a A 192.0.2.1", "10 new", HOUR);
	m.world.facts.past = (struct past_facts){ .known = FACT_YES, .gone_at = NOW + 10 * HOUR };
	move_run(&m);
	assert_true(m.result.earlier);
	check_steps(&m.result.direct, "change 0, wait 0, wait 36000, switch-off 122400");
	assert_non_null(strstr(m.result.direct.step[1].text.id, "before an earlier push"));
	check_steps(&m.result.staged, "wait 0, change 36000, wait 36000, wait 36300, switch-off 122700, raise-ttl 122700");
	assert_non_null(strstr(m.result.staged.step[0].text.id, "before an earlier push"));
	assert_non_null(strstr(m.result.staged.step[2].text.id, "the TTL: then"));
	assert_non_null(strstr(m.result.basis[0].id, "before an earlier push"));
	m.world.facts.past.gone_at = NOW + 300; /* the TTL of now lasts as long */
	move_run(&m);
	assert_false(m.result.earlier);
	check_steps(&m.result.direct, "change 0, wait 0, wait 300, switch-off 86700");
	move_end(&m);
}

static void plan__is_never__worse(void **state)
{
	static const char *const lives[] = {
		"@ MX 10 a; a A 192.0.2.1",
		"@ 90000 MX 10 a; @ 90000 MX 10 b; a A 192.0.2.1; b A 192.0.2.2",
		"@ 600 MX 10 a; @ 600 MX 20 b; a A 192.0.2.1; b A 203.0.113.1",
		"@ 0 MX 10 a; a A 192.0.2.1",
		"@ MX 0 .",
		"@ A 192.0.2.1",
		"@ 2147483647 MX 10 a; a A 192.0.2.1",
		"@ MX 10 gone",
		"ns1 A 192.0.2.1",
	};
	static const char *const drafts[] = { "10 new", "10 a", "10 a, 10 new", "20 b, 10 new", "0 .", "", "10 192.0.2.1" };

	(void)state;
	for (size_t i = 0; i < sizeof lives / sizeof *lives; i++)
		for (size_t k = 0; k < sizeof drafts / sizeof *drafts; k++) {
			struct move m;
			const struct cutover *r = &m.result;

			move_begin(&m, lives[i], drafts[k], 1800);
			move_run(&m);
			for (size_t p = 0; p < r->n_point; p++) {
				const struct cutover_point *point = &r->point[p];

				assert_true(point->old >= 0 && point->old <= 1 + 1e-9 && point->to_old <= point->old + 1e-9);
				assert_true(
					point->lost > -1e-9 && point->waits > -1e-9 && point->lost + point->waits <= point->to_old + 1e-9);
				assert_true(!r->staged.n || point->planned <= point->to_old + 1e-9);
				assert_true(!p || (point->old <= point[-1].old + 1e-9 && point->t_s > point[-1].t_s));
			}
			for (size_t p = 1; p < r->direct.n; p++)
				assert_true(r->direct.step[p].at >= r->direct.step[p - 1].at);
			for (size_t p = 1; p < r->staged.n; p++)
				assert_true(r->staged.step[p].at >= r->staged.step[p - 1].at);
			if (r->staged.n)
				assert_true(r->staged.tail_at - r->staged.change_at < r->tail_at - r->at);
			else
				assert_true(r->kind <= CUTOVER_NOTHING || r->no_stages.id);
			for (size_t p = 0; p < r->direct.n; p++)
				assert_non_null(r->direct.step[p].text.id);
			assert_int_equal(r->off_at != 0, r->n_host && r->kind != CUTOVER_NOTHING);
			move_end(&m);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plan__lowers__waits_changes_waits_raises),
		cmocka_unit_test(plan__leaves_out__what_gains_nothing),
		cmocka_unit_test(plan__waits_for__an_earlier_push),
		cmocka_unit_test(plan__is_never__worse),
	};

	return cmocka_run_group_tests_name("cutover_plan", tests, NULL, NULL);
}
