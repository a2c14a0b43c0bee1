/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "move.h"

static double old_at(const struct move *move, double t_s)
{
	const struct cutover *r = &move->result;

	for (size_t i = 0; i < r->n_point; i++)
		if (fabs(r->point[i].t_s - t_s) < 0.5)
			return r->point[i].old;
	fail_msg("no point at %g", t_s);
	return -1;
}

static void caches__drain__in_a_straight_line(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1", "10 new", HOUR);
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_DROPS);
	assert_int_equal(m.result.hold_s, HOUR);
	assert_true(move_near(old_at(&m, 0), 1));
	assert_true(move_near(old_at(&m, HOUR / 2), (1 - 0.0874) / 2 + 0.0874 * (1 - 1800.0 / (HOUR + DAY))));
	assert_true(move_near(old_at(&m, HOUR), 0.0874 * (1 - 3600.0 / (HOUR + DAY))));
	assert_true(move_near(old_at(&m, HOUR + DAY), 0));
	assert_int_equal(m.result.at, NOW);
	assert_int_equal(m.result.drained_at, NOW + HOUR);
	assert_int_equal(m.result.tail_at, NOW + HOUR + DAY);
	assert_int_equal(m.result.n_basis, CUTOVER_BASIS);
	assert_string_equal(m.result.basis[1].arg[0], "8.74 %");
	move_end(&m);
}

static void assumptions__are__the_callers(void **state)
{
	static const struct cutover_assume none = { .short_ttl_s = 60, .negative_s = 60 };
	static const struct cutover_assume nobody = { .short_ttl_s = 60, .negative_s = 60, .stretch_s = DAY };
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1", "10 new", HOUR);
	m.in.assume = &none;
	move_run(&m);
	assert_true(move_near(old_at(&m, HOUR), 0));
	assert_int_equal(m.result.tail_at, m.result.drained_at);
	assert_int_equal(m.result.staged.step[0].ttl_s, 60);
	assert_true(move_near(m.result.point[m.result.n_point - 1].t_s, HOUR));
	move_end(&m);
	/* nobody stretches it, however long they might */
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1", "10 new", HOUR);
	m.in.assume = &nobody;
	move_run(&m);
	assert_int_equal(m.result.drained_at, NOW + HOUR);
	assert_int_equal(m.result.tail_at, NOW + HOUR);
	move_end(&m);
}

static void highest_ttl__counts__where_they_differ(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1", "10 new", HOUR);
	m.world.facts.ttl_max_s = 2 * HOUR;
	move_run(&m);
	assert_int_equal(m.result.hold_s, 2 * HOUR);
	move_end(&m);
}

/* The only server goes: mail waits, and is returned only by who gives up before a stretching resolver asks again. */
static void only_server__must_wait__for_the_drain(void **state)
{
	double late = 0.0874 * (1 - 86400.0 / (HOUR + DAY));
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1", "10 new", HOUR);
	move_run(&m);
	assert_int_equal(m.result.n_host, 1);
	assert_int_equal(move_host(&m, "a.example.com")->off, OFF_DRAINED);
	assert_int_equal(move_host(&m, "a.example.com")->off_at, NOW + HOUR + DAY);
	assert_int_equal(m.result.off_at, NOW + HOUR + DAY);
	assert_true(move_near(m.result.to_old, 1));
	assert_true(move_near(m.result.lost, late * move_sender(&m, "exchange-online")->weight));
	assert_true(move_near(m.result.waits, 1 - m.result.lost));
	assert_true(move_near(move_sender(&m, "postfix")->waits, 1));
	assert_true(move_near(move_sender(&m, "postfix")->bounced, 0));
	assert_true(m.result.n_warning >= 2);
	assert_non_null(strstr(m.result.warning[0].id, "returned to its authors"));
	assert_string_equal(m.result.warning[0].arg[1], move_sender(&m, "exchange-online")->sender->title);
	assert_non_null(strstr(m.result.warning[1].id, "would wait"));
	assert_string_equal(m.result.warning[1].arg[0], ">99 %"); /* some is returned */
	assert_string_equal(m.result.warning[1].arg[1], "1d1h");
	assert_string_equal(m.result.warning[1].arg[2], "1d");
	/* without their names even patient senders bounce */
	assert_true(move_near(move_sender(&m, "postfix")->nameless, 1));
	assert_true(move_near(move_sender(&m, "opensmtpd")->nameless, 0));
	move_end(&m);
}

static void long_ttl__outlives__patience(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ 864000 MX 10 a; a A 192.0.2.1", "10 new", HOUR);
	move_run(&m);
	assert_int_equal(m.result.hold_s, 10 * DAY);
	/* of caches ten days old at most, half live longer than the five days of Postfix; stretched ones a little more */
	assert_true(move_near(m.result.sender[0].weight, 1.0 / (double)m.result.n_sender));
	assert_true(m.result.lost > 0.4 && m.result.lost < 0.9);
	assert_non_null(strstr(m.result.warning[0].id, "returned to its authors"));
	move_end(&m);
}

static void equals__take_over__at_once(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; @ MX 10 b; a A 192.0.2.1; b A 192.0.2.2", "10 b", HOUR);
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_DROPS);
	assert_int_equal(move_host(&m, "a.example.com")->off, OFF_OTHERS);
	assert_int_equal(m.result.off_at, NOW);
	assert_true(m.result.to_old > 0.3 && m.result.to_old < 0.7);
	assert_true(move_near(m.result.lost + m.result.waits, 0));
	assert_int_equal(m.result.n_warning, 0);
	move_end(&m);
}

static void backup__is_used__by_nobody(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.2", "10 a", HOUR);
	move_run(&m);
	assert_int_equal(move_host(&m, "b.example.com")->off, OFF_UNUSED);
	assert_true(move_near(m.result.to_old, 0));
	assert_int_equal(m.result.staged.n, 0);
	assert_non_null(strstr(m.result.no_stages.id, "gets through"));
	assert_int_equal(m.result.n_warning, 0);
	move_end(&m);
}

/* Both go: together they are all there is, so the first must stay; the backup is not asked for while it does. */
static void pair__goes__one_must_wait(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.2", "10 new", HOUR);
	move_run(&m);
	assert_int_equal(move_host(&m, "a.example.com")->off, OFF_DRAINED);
	assert_int_equal(move_host(&m, "b.example.com")->off, OFF_UNUSED);
	assert_int_equal(m.result.off_at, m.result.tail_at);
	move_end(&m);
}

static void new_name__of_an_old_address__keeps_the_server(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 203.0.113.1", "10 new", HOUR);
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_KEEPS);
	assert_int_equal(move_host(&m, "a.example.com")->off, OFF_NAME);
	assert_true(move_near(m.result.to_old, 0));
	assert_true(move_near(m.result.lost + m.result.waits, 0));
	assert_true(m.result.nameless > 0.5);
	assert_int_equal(m.result.n_warning, 1);
	assert_non_null(strstr(m.result.warning[0].id, "address records"));
	assert_int_equal(m.result.staged.n, 0);
	assert_int_equal(m.result.off_at, m.result.tail_at);
	move_end(&m);
}

static void one_address__of_two__goes(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 203.0.113.1; a A 192.0.2.9", "10 new", HOUR);
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_DROPS);
	assert_int_equal(move_host(&m, "a.example.com")->off, OFF_OTHERS);
	assert_true(move_near(move_sender(&m, "postfix")->to_old, 0.5));
	move_end(&m);
}

static void senders__choose__differently(void **state)
{
	struct cutover_part part[] = { { sender_find("exim"), 3 }, { sender_find("postfix"), 1 }, { sender_find("qmail"), 0 } };
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; @ MX 10 b; a A 192.0.2.1; a AAAA 2001:db8::1; b A 192.0.2.2", "10 a", HOUR);
	m.in.part = part;
	m.in.n_part = 3;
	move_run(&m);
	assert_int_equal(m.result.n_sender, 2);
	assert_true(move_near(move_sender(&m, "exim")->to_old, 0));
	assert_true(move_near(move_sender(&m, "postfix")->to_old, 1.0 / 3));
	assert_true(move_near(m.result.to_old, 1.0 / 12));
	move_end(&m);
}

/* ---- what is no move ---- */

static void sets__that_agree__need_no_cutover(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1", "10 a", HOUR);
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_NOTHING);
	assert_int_equal(m.result.n_point, 0);
	m.draft.ttl_s = DAY;
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_TTL);
	assert_int_equal(m.result.drained_at, NOW + HOUR);
	assert_int_equal(m.result.direct.n, 2);
	assert_int_equal(m.result.staged.n, 0);
	assert_int_equal(m.result.off_at, 0);
	assert_int_equal(m.result.n_warning, 0);
	move_end(&m);
}

static void new_server__beside_the_old__drops_none(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1", "20 a, 10 new", DAY);
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_KEEPS);
	assert_int_equal(m.result.n_host, 0);
	assert_int_equal(m.result.off_at, 0);
	assert_int_equal(m.result.staged.n, 0);
	move_end(&m);
}

static void live__unknown__is_said(void **state)
{
	struct mxset base = { 0 };
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1", "10 new", HOUR);
	m.world.facts.mx = ANSWER_TIMEOUT;
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_UNKNOWN);
	assert_false(cutover_tells(&m.result) || cutover_tells_off(&m.result));
	assert_int_equal(m.result.direct.n, 0);
	/* what a plan began from is as good */
	mxset_copy(&base, &m.world.facts.live);
	base.ttl_s = 2 * HOUR;
	m.in.live = &base;
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_DROPS);
	assert_int_equal(m.result.hold_s, 2 * HOUR);
	assert_true(move_near(m.result.fails, 0));
	assert_true(m.result.presumed);
	assert_non_null(strstr(m.result.warning[0].id, "What is live now is not known"));
	mxset_release(&base);
	move_end(&m);
}

/* ---- without MX, and the null MX ---- */

static void implicit_mx__drains__by_the_negative_ttl(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ A 192.0.2.1", "10 new", DAY);
	m.world.facts.negative_ttl_s = 300;
	move_run(&m);
	assert_true(m.result.negative);
	assert_false(m.result.hold_assumed);
	assert_int_equal(m.result.hold_s, 300);
	assert_int_equal(move_host(&m, "example.com")->off, OFF_DRAINED);
	assert_int_equal(m.result.staged.n, 0);
	assert_true(move_near(m.result.nameless, 0));
	m.world.facts.negative_ttl_s = 0;
	move_run(&m);
	assert_true(m.result.hold_assumed);
	assert_non_null(strstr(m.result.basis[0].id, "assumed"));
	assert_int_equal(m.result.hold_s, 3 * HOUR);
	move_end(&m);
}

static void implicit_mx__named__is_the_same_server(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ A 203.0.113.1", "10 new", DAY);
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_KEEPS);
	move_end(&m);
}

static void null_mx__gives_way__with_nothing_to_lose(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 0 .", "10 new", HOUR);
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_KEEPS);
	assert_true(move_near(m.result.fails, 1));
	assert_true(move_near(m.result.lost, 0));
	assert_int_equal(m.result.n_warning, 1);
	/* the sooner the old answer goes, the sooner mail comes */
	assert_true(m.result.staged.n > 0);
	move_end(&m);
}

static void null_mx__as_the_draft__drops_every_server(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1", "0 .", HOUR);
	move_run(&m);
	assert_int_equal(move_host(&m, "a.example.com")->off, OFF_DRAINED);
	move_end(&m);
}

static void draft__without_records__leads_to_the_domain(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; a A 192.0.2.1; @ A 192.0.2.1", "", HOUR);
	move_know(&m, "example.com", "192.0.2.1");
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_KEEPS);
	assert_int_equal(move_host(&m, "a.example.com")->off, OFF_NAME);
	move_end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(caches__drain__in_a_straight_line),
		cmocka_unit_test(assumptions__are__the_callers),
		cmocka_unit_test(highest_ttl__counts__where_they_differ),
		cmocka_unit_test(only_server__must_wait__for_the_drain),
		cmocka_unit_test(long_ttl__outlives__patience),
		cmocka_unit_test(equals__take_over__at_once),
		cmocka_unit_test(backup__is_used__by_nobody),
		cmocka_unit_test(pair__goes__one_must_wait),
		cmocka_unit_test(new_name__of_an_old_address__keeps_the_server),
		cmocka_unit_test(one_address__of_two__goes),
		cmocka_unit_test(senders__choose__differently),
		cmocka_unit_test(sets__that_agree__need_no_cutover),
		cmocka_unit_test(new_server__beside_the_old__drops_none),
		cmocka_unit_test(live__unknown__is_said),
		cmocka_unit_test(implicit_mx__drains__by_the_negative_ttl),
		cmocka_unit_test(implicit_mx__named__is_the_same_server),
		cmocka_unit_test(null_mx__gives_way__with_nothing_to_lose),
		cmocka_unit_test(null_mx__as_the_draft__drops_every_server),
		cmocka_unit_test(draft__without_records__leads_to_the_domain),
	};

	return cmocka_run_group_tests_name("cutover", tests, NULL, NULL);
}
