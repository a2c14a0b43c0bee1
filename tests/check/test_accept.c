/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "check/accept.h"
#include "check/lint.h"

#define DAY_END 1801439999 /* 2027-01-31T23:59:59Z */

/* What is read is written again as it was understood. */
static void accepts_parse__reads__what_it_writes(void **state)
{
	static const char text[] = "# what we live with\n"
				   "\n"
				   "exempel.com target-cname@Reserv.Exempel.NET. 2027-01-31  moves with the next contract \t\r\n"
				   "  Exempel.com spof 2027-01-31T12:00:00Z one is what we pay for";
	struct accepts accepts = { 0 };
	struct str out;

	(void)state;
	assert_true(accepts_parse(&accepts, text, NULL));
	assert_int_equal(accepts.n, 2);
	assert_int_equal(accepts.row[0].until, DAY_END);
	str_init(&out, 0);
	for (size_t i = 0; i < accepts.n; i++)
		accepts_line(&accepts.row[i], &out);
	assert_string_equal(out.s, "exempel.com target-cname@reserv.exempel.net 2027-01-31T23:59:59Z moves with the next contract\n"
				   "exempel.com spof 2027-01-31T12:00:00Z one is what we pay for\n");
	str_release(&out);
	accepts_release(&accepts);
}

static void accept_parse_until__takes__a_day_a_time_a_duration(void **state)
{
	static const struct {
		const char *text;
		int64_t until; /* 0: refused */
	} cases[] = {
		{ "2027-01-31", DAY_END },
		{ "2027-01-31T12:00:00Z", DAY_END + 1 - 43200 },
		{ "90d", 1795000000 + 90 * 86400 },
		{ "1h", 1795003600 },
		{ "2026-11-17", 0 }, /* the day before; the clock says 2026-11-18 */
		{ "2026-11-18", 1795046399 },
		{ "0", 0 },
		{ "2027-02-30", 0 },
		{ "soon", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t until = -1;
		struct err err = { 0 };
		bool ok = accept_parse_until(cases[i].text, 1795000000, &until, &err);

		assert_int_equal(ok, cases[i].until != 0);
		if (ok)
			assert_int_equal(until, cases[i].until);
		else
			assert_int_equal(err.code, ERR_USAGE);
		if (!strcmp(cases[i].text, "2026-11-17")) { /* by whose clock it is over */
			assert_string_equal(err.what.id, "\"%s\" is over already: this machine's clock shows %s");
			assert_string_equal(err.what.arg[1], "2026-11-18T11:06:40Z");
		}
	}
}

static void accepts_next_end__is_of_the_domain__and_not_over(void **state)
{
	static const char text[] = "exempel.com spof 2027-03-31 a\nexempel.com spf 2027-01-31 b\nexempel.net spof 2027-01-01 c\n"
				   "exempel.com v4-only 2026-01-01 d\n";
	struct accepts accepts = { 0 };
	struct dname domain;

	(void)state;
	assert_true(accepts_parse(&accepts, text, NULL));
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	assert_int_equal(accepts_next_end(&accepts, &domain, 1795000000), DAY_END);
	assert_int_equal(accepts_next_end(&accepts, &domain, DAY_END), DAY_END);
	assert_int_equal(accepts_next_end(&accepts, &domain, DAY_END + 1), DAY_END + 59 * 86400);
	assert_int_equal(accepts_next_end(&accepts, &domain, DAY_END + 60 * 86400), 0);
	accepts_release(&accepts);
}

static void accepts_parse__names__the_line(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "exempel.com spof 2027-01-31", "line 1: a line holds a domain, a check, a day such as 2027-01-31, and a reason" },
		{ "#\nexempel.com", "line 2: a line holds a domain, a check, a day such as 2027-01-31, and a reason" },
		{ "exempel.com nothing 2027-01-31 why", "line 1: there is no check \"nothing\"" },
		{ "exempel.com spof tomorrow why", "line 1: \"tomorrow\" is no day such as 2027-01-31" },
		{ "exempel.com spof 2027-02-30 why", "line 1: \"2027-02-30\" is no day such as 2027-01-31" },
		{ "exempel.com spof 2027-01-31 why\nexempel..com spof 2027-01-31 why", NULL },
		{ "exempel.com spof@a..b 2027-01-31 why", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct accepts accepts = { 0 };
		struct err err = { 0 };
		struct str says;

		str_init(&says, 0);
		assert_false(accepts_parse(&accepts, cases[i].text, &err));
		assert_int_equal(accepts.n, 0);
		assert_int_equal(err.code, ERR_USAGE);
		err_format(&err, NULL, &says);
		if (cases[i].says)
			assert_string_equal(says.s, cases[i].says);
		str_release(&says);
		accepts_release(&accepts);
	}
}

static void accepts_parse__takes__no_endless_reason(void **state)
{
	char line[512] = "exempel.com spof 2027-01-31 ";
	struct accepts accepts = { 0 };
	size_t at = strlen(line);

	(void)state;
	memset(line + at, 'x', ACCEPT_REASON_MAX - 1);
	assert_true(accepts_parse(&accepts, line, NULL));
	memset(line + at, 'x', ACCEPT_REASON_MAX);
	assert_false(accepts_parse(&accepts, line, NULL));
	assert_int_equal(accepts.n, 1);
	accepts_release(&accepts);
}

/* Which findings of the scene are open at `now`, by id; then, behind a bar, those that are accepted. */
static void stands(const char *text, const char *domain, int64_t now, const char *wanted)
{
	struct accepts accepts = { 0 };
	struct findings out = { 0 };
	struct scene scene;
	struct dname name;
	struct str seen;
	size_t open;

	assert_true(accepts_parse(&accepts, text, NULL));
	assert_true(dname_parse(&name, domain, NULL));
	scene_open(&scene, "10 mx1.exempel.com|20 r.exempel.net|30 gone.exempel.com",
		"mx1.exempel.com 5.9.0.1|r.exempel.net ->b.exempel.net 5.9.2.3|gone.exempel.com !");
	lint_run(&scene.in, &out);
	findings_accept(&out, &accepts, &name, now);
	str_init(&seen, 0);
	open = findings_count(&out, LEVEL_INFO, false);
	for (size_t i = 0; i < out.n; i++) {
		assert_int_equal(out.finding[i].accepted == NULL, i < open);
		if (out.finding[i].level <= LEVEL_WARNING || out.finding[i].accepted)
			str_addf(&seen, "%s%s", i == open ? "|" : seen.len ? " " : "", out.finding[i].check->id);
	}
	assert_string_equal(seen.s, wanted);
	str_release(&seen);
	findings_release(&out);
	accepts_release(&accepts);
	scene_close(&scene);
}

static void findings_accept__lasts__until_its_end(void **state)
{
	static const char host[] = "exempel.com target-cname@r.exempel.net 2027-01-31 why";
	static const char other[] = "exempel.com target-cname@gone.exempel.com 2027-01-31 why";
	static const char any[] = "exempel.com target-cname 2027-01-31 why\nexempel.com target-nxdomain 2027-01-30 why";

	(void)state;
	stands("", "exempel.com", 0, "target-cname target-nxdomain");
	stands(host, "exempel.com", DAY_END, "target-nxdomain|target-cname");
	stands(host, "exempel.com", DAY_END + 1, "target-cname target-nxdomain");
	stands(host, "exempel.net", DAY_END, "target-cname target-nxdomain");
	stands(other, "exempel.com", DAY_END, "target-cname target-nxdomain");
	stands(any, "exempel.com", DAY_END, "target-nxdomain|target-cname");
	stands(any, "exempel.com", DAY_END - 86400, "|target-cname target-nxdomain");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_parse__reads__what_it_writes),
		cmocka_unit_test(accept_parse_until__takes__a_day_a_time_a_duration),
		cmocka_unit_test(accepts_next_end__is_of_the_domain__and_not_over),
		cmocka_unit_test(accepts_parse__names__the_line),
		cmocka_unit_test(accepts_parse__takes__no_endless_reason),
		cmocka_unit_test(findings_accept__lasts__until_its_end),
	};

	return cmocka_run_group_tests_name("accept", tests, NULL, NULL);
}
