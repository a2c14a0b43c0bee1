/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small pieces of the simulator: thinned delays, horizons, what may be told of a cut-over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sim/attempt/attempt.h"
#include "sim/cutover/cutover.h"
#include "sim/outage/outage.h"

/* Neighbours become one, at the place of the likelier; none of the mail is lost. */
static void lags__are_thinned__two_by_two(void **state)
{
	static const struct {
		struct lag in[5];
		size_t n, keep;
		struct lag out[5];
		size_t n_out;
	} rows[] = {
		{ { { 1, 1 }, { 2, 2 } }, 2, 2, { { 1, 1 }, { 2, 2 } }, 2 },
		{ { { 2, 2 }, { 1, 1 } }, 2, 1, { { 2, 3 } }, 1 },
		{ { { 1, 2 }, { 2, 1 } }, 2, 1, { { 1, 3 } }, 1 },
		{ { { 1, 1 }, { 2, 1 } }, 2, 1, { { 1, 2 } }, 1 },
		{ { { 5, 5 }, { 3, 3 }, { 1, 1 } }, 3, 2, { { 3, 4 }, { 5, 5 } }, 2 },
		{ { { 5, 1 }, { 4, 1 }, { 3, 1 }, { 2, 4 }, { 1, 1 } }, 5, 3, { { 2, 5 }, { 3, 2 }, { 5, 1 } }, 3 },
		{ { { 5, 1 }, { 4, 1 }, { 3, 1 }, { 2, 4 }, { 1, 1 } }, 5, 2, { { 2, 7 }, { 5, 1 } }, 2 },
		{ { { 0, 0 } }, 0, 3, { { 0, 0 } }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct lag lag[5];

		memcpy(lag, rows[i].in, sizeof lag);
		assert_int_equal(lags_thin(lag, rows[i].n, rows[i].keep), rows[i].n_out);
		for (size_t k = 0; k < rows[i].n_out; k++) {
			assert_int_equal(lag[k].t_s, rows[i].out[k].t_s);
			assert_int_equal(lag[k].p, rows[i].out[k].p);
		}
	}
}

static void outage__is_shown__half_as_long_again(void **state)
{
	static const uint32_t rows[][2] = { { 0, 7200 }, { 60, 7260 }, { 14399, 21599 }, { 14400, 21600 }, { 18000, 27000 },
		{ 172800, 259200 }, { 172802, 259202 }, { 864000, 950400 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(outage_horizon_s(rows[i][0]), rows[i][1]);
}

static void cutover__tells__what_is_known(void **state)
{
	struct cutover_sender sender = { .unknown = 0 };

	(void)state;
	assert_true(cutover_sender_tells(&sender) && cutover_sender_tells_off(&sender));
	sender.unknown_off = 0.5;
	assert_true(cutover_sender_tells(&sender));
	assert_false(cutover_sender_tells_off(&sender));
	sender = (struct cutover_sender){ .unknown = 0.5 };
	assert_false(cutover_sender_tells(&sender) || cutover_sender_tells_off(&sender));
	sender.unknown = 1e-7;
	assert_true(cutover_sender_tells(&sender));
	for (int a = OFF_DRAINED; a <= OFF_UNKNOWN; a++)
		for (int b = OFF_DRAINED; b < a; b++) {
			assert_string_not_equal(cutover_off_text((enum cutover_off)a), cutover_off_text((enum cutover_off)b));
			assert_string_not_equal(cutover_off_name((enum cutover_off)a), cutover_off_name((enum cutover_off)b));
		}
}

/* The draft's base, unless another set is known to be live. */
static void cutover__begins__with_what_is_live(void **state)
{
	static const struct {
		enum answer mx;
		bool same, own; /* own: what is live */
	} rows[] = {
		{ ANSWER_DATA, true, false },
		{ ANSWER_DATA, false, true },
		{ ANSWER_NODATA, false, true },
		{ ANSWER_NXDOMAIN, false, true },
		{ ANSWER_TIMEOUT, false, false },
		{ ANSWER_SERVFAIL, false, false },
		{ ANSWER_UNASKED, false, false },
		{ ANSWER_PENDING, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct facts facts;
		struct dname domain;
		struct mxset base;
		struct mx mx;

		assert_true(dname_parse(&domain, "example.com", NULL));
		facts_init(&facts, &domain);
		mxset_init(&base);
		mx_set(&mx, 10, "a.example");
		mxset_add(&base, &mx);
		if (rows[i].same)
			mxset_add(&facts.live, &mx);
		facts.mx = rows[i].mx;
		facts.live.ttl_s = 7; /* a TTL alone is no other set */
		if (rows[i].own)
			assert_null(cutover_from(&facts, &base));
		else
			assert_ptr_equal(cutover_from(&facts, &base), &base);
		mxset_release(&base);
		facts_release(&facts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lags__are_thinned__two_by_two),
		cmocka_unit_test(outage__is_shown__half_as_long_again),
		cmocka_unit_test(cutover__tells__what_is_known),
		cmocka_unit_test(cutover__begins__with_what_is_live),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
