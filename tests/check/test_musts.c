/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy's sections and lines: which are a domain's, and what an approval is given under. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "check/musts.h"

static void section(struct musts *musts, const char *kind, const char *name)
{
	assert_true(musts_add_section(musts, kind, name, 1, NULL));
}

static void pair(struct musts *musts, const char *name, const char *value, int line)
{
	assert_true(musts_add_pair(musts, name, value, line, NULL));
}

static void build(struct musts *musts)
{
	section(musts, "domain", "Exempel.com.");
	pair(musts, "must", "survives any pair", 2);
	pair(musts, "must", "ttl <= 1h", 3);
	section(musts, "group", "shops");
	pair(musts, "domains", "exempel.com,  shop.exempel.net", 6);
	pair(musts, "must", "two networks", 7);
	pair(musts, "must", "ttl <= 60m", 8);
	pair(musts, "domains", "exempel.org", 9);
	section(musts, "group", "all");
	pair(musts, "domains", "*", 11);
	pair(musts, "must", "one host", 12);
}

static void lines_are(const struct musts *musts, const char *name, const char *lines, const char *canonical)
{
	struct dname domain;
	struct str text;

	str_init(&text, 0);
	assert_true(dname_parse(&domain, name, NULL));
	for (const struct must_line *line = NULL; (line = musts_next(musts, &domain, line));)
		str_addf(&text, "%d ", line->line);
	assert_string_equal(text.s ? text.s : "", lines);
	str_clear(&text);
	musts_canonical(musts, &domain, &text);
	assert_string_equal(text.s ? text.s : "", canonical);
	str_release(&text);
}

static void domain__has__its_lines_and_its_groups(void **state)
{
	struct musts musts = { 0 };

	(void)state;
	build(&musts);
	lines_are(&musts, "exempel.com", "2 3 7 8 12 ", "1 host\n2 networks\nsurvives any pair\nttl <= 1h\n");
	lines_are(&musts, "shop.exempel.net", "7 8 12 ", "1 host\n2 networks\nttl <= 1h\n");
	lines_are(&musts, "exempel.org", "7 8 12 ", "1 host\n2 networks\nttl <= 1h\n");
	lines_are(&musts, "exempel.net", "12 ", "1 host\n");
	lines_are(&musts, "a.exempel.com", "12 ", "1 host\n");
	assert_null(musts_idle(&musts));
	musts_release(&musts);
	lines_are(&musts, "exempel.com", "", "");
}

static void needs__are_those_of_the_domain(void **state)
{
	struct musts musts = { 0 };
	struct dname domain;

	(void)state;
	build(&musts);
	assert_true(dname_parse(&domain, "exempel.net", NULL));
	assert_int_equal(musts_needs(&musts, &domain), NEEDS_HOSTS);
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	assert_int_equal(musts_needs(&musts, &domain), NEEDS_HOSTS | NEEDS_TARGET_ZONES | NEEDS_MX);
	musts_release(&musts);
}

static void refused(const struct err *err, const char *what, const char *hint)
{
	struct str text;

	str_init(&text, 0);
	assert_int_equal(err->code, ERR_USAGE);
	err_format(err, NULL, &text);
	assert_string_equal(text.s, what);
	str_clear(&text);
	msg_format(&err->hint, NULL, &text);
	assert_string_equal(text.s ? text.s : "", hint);
	str_release(&text);
}

static void sections__are_domains_and_groups(void **state)
{
	static const struct {
		const char *kind, *name, *what, *hint;
	} rows[] = {
		{ "all", "", "a policy has no section [all]", "It has [domain NAME] and [group NAME]." },
		{ "domain", "", "a policy has no section [domain]", "It has [domain NAME] and [group NAME]." },
		{ "group", "", "a policy has no section [group]", "It has [domain NAME] and [group NAME]." },
		{ "account", "x", "a policy has no section [account x]", "It has [domain NAME] and [group NAME]." },
		{ "domain", "a..b", "\"a..b\" has an empty label: a dot too many", "" },
		{ "domain", "*", "\"*\" names no domain", "A group has each domain by its name, or \"domains = *\" for every domain." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct musts musts = { 0 };
		struct err err = { 0 };

		assert_false(musts_add_section(&musts, rows[i].kind, rows[i].name, 1, &err));
		refused(&err, rows[i].what, rows[i].hint);
		assert_int_equal(musts.n_section, 0);
	}
}

static void lines__are_demands_and_domains(void **state)
{
	struct musts musts = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_false(musts_add_pair(&musts, "must", "dnssec", 1, &err));
	refused(&err, "must stands before any [section]", "Begin with [domain NAME] or [group NAME].");
	section(&musts, "domain", "exempel.com");
	err = (struct err){ 0 };
	assert_false(musts_add_pair(&musts, "domains", "exempel.net", 1, &err));
	refused(&err, "a section domain of a policy has no line domains", "It has lines \"must = DEMAND\".");
	section(&musts, "group", "g");
	assert_ptr_equal(musts_idle(&musts), &musts.section[1]);
	err = (struct err){ 0 };
	assert_false(musts_add_pair(&musts, "should", "dnssec", 1, &err));
	refused(&err, "a section group of a policy has no line should", "It has lines \"must = DEMAND\" and \"domains = NAME, NAME\".");
	err = (struct err){ 0 };
	assert_false(musts_add_pair(&musts, "domains", "exempel.net, a..b, exempel.org", 1, &err));
	refused(&err, "\"a..b\" has an empty label: a dot too many", "");
	err = (struct err){ 0 };
	assert_false(musts_add_pair(&musts, "domains", "*.com", 1, &err));
	refused(&err, "\"*.com\" names no domain", "A group has each domain by its name, or \"domains = *\" for every domain.");
	assert_false(musts_add_pair(&musts, "must", "be good", 1, NULL));
	assert_int_equal(musts.n, 0);
	musts_release(&musts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domain__has__its_lines_and_its_groups),
		cmocka_unit_test(needs__are_those_of_the_domain),
		cmocka_unit_test(sections__are_domains_and_groups),
		cmocka_unit_test(lines__are_demands_and_domains),
	};

	return cmocka_run_group_tests_name("musts", tests, NULL, NULL);
}
