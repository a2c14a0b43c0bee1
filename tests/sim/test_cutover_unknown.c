/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cut-overs where addresses are not known: what they leave open is told, and nothing is told of it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "move.h"

static void know_nothing(struct move *move, const char *host)
{
	struct dname name;
	struct host_facts *row;

	assert_true(dname_parse(&name, host, NULL));
	row = facts_host_add(&move->world.facts, &name);
	row->a = row->aaaa = ANSWER_TIMEOUT;
	row->n_addr = 0;
}

/* Its mail is neither told as delivered nor as lost, and it is not said to be unused. */
static void unknown_address__of_what_goes__is_told(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a", "10 new", HOUR);
	know_nothing(&m, "a.example.com");
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_DROPS);
	assert_true(move_near(m.result.unknown, 1) && move_near(m.result.unknown_off, 1));
	assert_false(cutover_tells(&m.result) || cutover_tells_off(&m.result));
	assert_true(move_near(move_sender(&m, "postfix")->unknown, 1));
	assert_int_equal(move_host(&m, "a.example.com")->off, OFF_UNKNOWN);
	assert_int_equal(move_host(&m, "a.example.com")->off_at, m.result.tail_at);
	assert_true(m.result.n_warning >= 1 && m.result.staged.n > 0);
	assert_non_null(strstr(m.result.warning[0].id, "nobody can say"));
	assert_string_equal(m.result.warning[0].arg[0], "a.example.com");
	assert_string_equal(m.result.warning[0].arg[1], "100 %");
	assert_non_null(strstr(m.result.direct.step[m.result.direct.n - 1].text.id, "no name in the draft"));
	move_end(&m);
}

/* Nobody knows whether the first takes its mail, so the backup may be what mail goes to. */
static void unknown_address__before_a_backup__leaves_it_open(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; @ MX 20 b; b A 192.0.2.2", "10 a", HOUR);
	know_nothing(&m, "a.example.com");
	move_run(&m);
	assert_int_equal(move_host(&m, "b.example.com")->off, OFF_UNKNOWN);
	assert_int_equal(m.result.off_at, m.result.tail_at);
	assert_non_null(strstr(m.result.warning[0].id, "nobody can say"));
	move_end(&m);
}

/* All is known as long as the first is there; what stays is not known to take its mail. */
static void unknown_address__of_what_stays__takes_nothing_over(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; @ MX 20 b; a A 192.0.2.1", "10 b", HOUR);
	know_nothing(&m, "b.example.com");
	move_run(&m);
	assert_true(cutover_tells(&m.result) && !cutover_tells_off(&m.result));
	assert_true(move_near(m.result.to_old, 1) && move_near(m.result.unknown, 0));
	assert_true(m.result.unknown_off > 0.5);
	assert_int_equal(move_host(&m, "a.example.com")->off, OFF_UNKNOWN);
	assert_int_equal(move_host(&m, "a.example.com")->off_at, m.result.tail_at);
	move_end(&m);
}

static void unknown_address__of_the_draft__may_be_an_old_server(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.2", "10 a, 20 other", HOUR);
	know_nothing(&m, "other.example.com");
	move_run(&m);
	assert_true(cutover_tells_off(&m.result));
	assert_int_equal(m.result.n_warning, 1);
	assert_non_null(strstr(m.result.warning[0].id, "may be one that the draft leads to"));
	assert_string_equal(m.result.warning[0].arg[0], "other.example.com");
	assert_int_equal(move_host(&m, "b.example.com")->off, OFF_UNKNOWN);
	assert_int_equal(m.result.off_at, m.result.tail_at);
	/* the backup's loss costs nothing, but whether all mail gets through with the draft is not known */
	assert_true(m.result.staged.n > 0);
	move_end(&m);
}

static void unknown_address__of_the_domain__is_no_null_mx(void **state)
{
	struct move m;

	(void)state;
	move_begin(&m, "@ TXT x", "10 new", HOUR);
	know_nothing(&m, "example.com");
	move_run(&m);
	assert_int_equal(m.result.kind, CUTOVER_DROPS);
	assert_true(move_near(m.result.unknown, 1));
	assert_int_equal(move_host(&m, "example.com")->off, OFF_UNKNOWN);
	move_end(&m);
}

/* Both families must have an answer that is sure, or an address be there. */
static void address__is_lacking__by_both_answers(void **state)
{
	struct move m;
	struct dname name, other, literal, root;
	struct host_facts *row;

	(void)state;
	assert_true(dname_parse(&name, "x.example.com", NULL) && dname_parse(&other, "none.example.com", NULL));
	assert_true(dname_parse(&literal, "192.0.2.7", NULL) && dname_parse(&root, ".", NULL));
	move_begin(&m, "@ MX 10 a", "10 new", HOUR);
	row = facts_host_add(&m.world.facts, &name);
	for (int a = 0; a < ANSWER_KINDS; a++)
		for (int aaaa = 0; aaaa < ANSWER_KINDS; aaaa++) {
			bool sure = a >= ANSWER_DATA && a <= ANSWER_NXDOMAIN && aaaa >= ANSWER_DATA && aaaa <= ANSWER_NXDOMAIN;

			row->a = (enum answer)a;
			row->aaaa = (enum answer)aaaa;
			row->n_addr = 0;
			assert_int_equal(cutover_lacks(&m.world.facts, &name), !sure);
			row->n_addr = 1;
			assert_false(cutover_lacks(&m.world.facts, &name));
		}
	assert_true(cutover_lacks(&m.world.facts, &other));
	assert_false(cutover_lacks(&m.world.facts, &literal));
	assert_false(cutover_lacks(&m.world.facts, &root));
	move_end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_address__of_what_goes__is_told),
		cmocka_unit_test(unknown_address__before_a_backup__leaves_it_open),
		cmocka_unit_test(unknown_address__of_what_stays__takes_nothing_over),
		cmocka_unit_test(unknown_address__of_the_draft__may_be_an_old_server),
		cmocka_unit_test(unknown_address__of_the_domain__is_no_null_mx),
		cmocka_unit_test(address__is_lacking__by_both_answers),
	};

	return cmocka_run_group_tests_name("cutover_unknown", tests, NULL, NULL);
}
