/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/change.h"
#include "sets.h"

static void assert_changes(const struct changes *changes, const char *expected)
{
	struct str out;

	str_init(&out, 0);
	for (size_t i = 0; i < changes->n; i++) {
		struct msg msg;

		change_msg(&changes->change[i], &msg);
		str_add(&out, i ? " " : "");
		msg_format(&msg, NULL, &out);
	}
	assert_string_equal(out.s, expected);
	str_release(&out);
}

static void changes_between__never_leaves__the_name_without_mail(void **state)
{
	static const struct {
		const char *from, *to, *says;
	} rows[] = {
		{ "60 10 a.x", "60 10 A.x.", "" },
		{ "60", "90", "" },
		{ "60", "90 10 a.x", "Give the new set the TTL 1m30s. Add a.x with preference 10." },
		{ "4294967295 10 a.x", "3600 10 a.x", "Set the TTL to 1h; what it is now is not known." },
		{ "4294967295 10 a.x", "4294967295 20 a.x", "Change the preference of a.x from 10 to 20." },
		{ "60 10 a.x", "90", "Remove a.x with preference 10." },
		{ "60 10 a.x", "4294967295 10 a.x", "Keep the TTL, which is not known." },
		{ "60 1 a.x 2 b.x 3 c.x", "60 4 c.x 5 a.x 6 d.x",
			"Add d.x with preference 6. Change the preference of c.x from 3 to 4. Change the preference of a.x from 1 to 5. "
			"Remove b.x with preference 2." },
		{ "60 10 -", "60 20 -", "Add  with preference 20. Remove  with preference 10." },
		{ "45000 10 a.x", "3600 10 a.x", "Change the TTL from 12h30m to 1h." },
		{ "60 10 a.x 20 b.x", "90 10 c.x 30 b.x",
			"Change the TTL from 1m to 1m30s. Add c.x with preference 10. "
			"Change the preference of b.x from 20 to 30. Remove a.x with preference 10." },
		{ "60 10 a.x 20 a.x", "60 20 a.x 30 a.x", "Change the preference of a.x from 10 to 30." },
		{ "60 10 a.x 10 a.x", "60 10 a.x", "Remove a.x with preference 10." },
		{ "60 10 a.x", "60 0 .",
			"Add a null MX record with preference 0: the domain takes no mail. "
			"Remove a.x with preference 10." },
		{ "60 0 .", "60 10 a.x", "Add a.x with preference 10. Remove the null MX record with preference 0." },
		{ "60 10 a..x", "60 20 b..x", "Add b..x with preference 20. Remove a..x with preference 10." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mxset from = { 0 }, to = { 0 };
		struct changes changes = { 0 };

		set_from(&from, rows[i].from);
		set_from(&to, rows[i].to);
		changes_between(&changes, &from, &to);
		assert_changes(&changes, rows[i].says);
		changes_release(&changes);
		mxset_release(&from);
		mxset_release(&to);
	}
}

static void threeway_build__shows__each_record_once(void **state)
{
	struct mxset base = { 0 }, live = { 0 }, want = { 0 };
	struct threeway three = { 0 };

	(void)state;
	set_from(&base, "60 10 a.x 20 b.x");
	set_from(&live, "90 10 a.x 5 c.x");
	set_from(&want, "30 20 b.x 10 a.x 10 a.x 40 d.x");
	threeway_build(&three, &base, &live, &want);
	assert_int_equal(three.n, 4);
	assert_true(!three.row[3].in_base && !three.row[3].in_live && three.row[3].in_want);
	assert_int_equal(three.row[3].mx.preference, 40);
	assert_int_equal(three.row[0].mx.preference, 5);
	assert_true(!three.row[0].in_base && three.row[0].in_live && !three.row[0].in_want);
	assert_true(three.row[1].in_base && three.row[1].in_live && three.row[1].in_want);
	assert_true(three.row[2].in_base && !three.row[2].in_live && three.row[2].in_want);
	assert_int_equal(three.n_base, 2);
	assert_int_equal(three.n_live, 2);
	assert_int_equal(three.n_want, 4);
	assert_int_equal(three.ttl_base_s, 60);
	assert_int_equal(three.ttl_live_s, 90);
	assert_int_equal(three.ttl_want_s, 30);
	threeway_release(&three);
	mxset_release(&base);
	mxset_release(&live);
	mxset_release(&want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_between__never_leaves__the_name_without_mail),
		cmocka_unit_test(threeway_build__shows__each_record_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
