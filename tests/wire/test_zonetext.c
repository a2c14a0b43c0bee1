/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "wire/zonetext.h"

#define HEAD "$TTL 3600\n@ IN SOA ns1 root 7 1h 15m 2w 5m\n\tNS ns1\n"

static void take_set(struct mxset *set, const char *text)
{
	char copy[512], *at = copy, *rest = NULL, *word;

	mxset_init(set);
	snprintf(copy, sizeof copy, "%s", text);
	word = strtok_r(at, " ", &rest);
	set->ttl_s = (uint32_t)strtoul(word, NULL, 10);
	while ((word = strtok_r(NULL, " ", &rest)) != NULL) {
		unsigned long preference = strtoul(word, NULL, 10);
		struct mx mx;

		mx_set(&mx, (uint32_t)preference, strtok_r(NULL, " ", &rest));
		mxset_add(set, &mx);
	}
}

static bool replace(const char *text, const char *owner_text, const char *want, uint32_t today, struct str *out)
{
	struct err err = { 0 };
	struct dname zone, owner;
	struct mxset set;
	bool ok;

	assert_true(dname_parse(&zone, "example.com", NULL));
	assert_true(dname_parse(&owner, owner_text, NULL));
	take_set(&set, want);
	str_init(out, 0);
	ok = zonetext_replace_mx(&(struct zonetext){ text, strlen(text), &zone, &owner }, &set, today, out, &err);
	assert_int_equal(err.code, ok ? ERR_NONE : ERR_USAGE);
	mxset_release(&set);
	return ok;
}

static const struct {
	const char *what, *text, *owner, *want, *out;
} cases[] = {
	{ "preference in place, columns kept", HEAD "@  IN MX 10   mx1 ; first\n@  IN MX 20   mx2 ; second\nwww A 192.0.2.1\n",
		"example.com", "3600 5 mx1.example.com 20 mx2.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@  IN MX 5    mx1 ; first\n@  IN MX 20   mx2 ; second\nwww A 192.0.2.1\n" },
	{ "added in the shape of the last", HEAD "@\tMX\t10 mx1\nwww\tA\t192.0.2.1\n", "example.com",
		"3600 10 mx1.example.com 20 mx2.example.net",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@\tMX\t10 mx1\n@\tMX\t20 mx2.example.net.\nwww\tA\t192.0.2.1\n" },
	{ "removed; the blank owner below is written", HEAD "mail MX 10 mx1\n     MX 20 mx2\n     A 192.0.2.1\n", "mail.example.com",
		"3600", "$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\nmail A 192.0.2.1\n" },
	{ "first of a group removed", HEAD "mail MX 10 mx1\n     MX 20 mx2\n     A 192.0.2.1\n", "mail.example.com",
		"3600 20 mx2.example.com", "$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\nmail MX 20 mx2\n     A 192.0.2.1\n" },
	{ "TTL made explicit", HEAD "@ IN MX 10 mx1\n", "example.com", "60 10 mx1.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@ 60 IN MX 10 mx1\n" },
	{ "TTL replaced; a TTL that others inherit is kept for them",
		"@ 1h IN SOA ns1 root 7 1h 15m 2w 5m\n\tNS ns1\n@ 2h MX 10 mx1\nwww A 192.0.2.1\n", "example.com", "60 10 mx1.example.com",
		"@ 1h IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@ 60 MX 10 mx1\nwww 7200 A 192.0.2.1\n" },
	{ "parentheses over lines", HEAD "@ IN MX ( 10 ; pref\n  mx1 ) ; host\n", "example.com", "3600 10 other.example.net",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@ IN MX ( 10 ; pref\n  other.example.net. ) ; host\n" },
	{ "first MX of a zone, no newline at the end", HEAD "www A 192.0.2.1", "example.com", "3600 0 .",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@\tIN\tMX\t0 .\nwww A 192.0.2.1" },
	{ "first MX of a new name, no newline at the end", HEAD "www A 192.0.2.1", "new.example.com", "60 10 a.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\nwww A 192.0.2.1\nnew\t60\tIN\tMX\t10 a.example.com.\n" },
	{ "CRLF", "$TTL 1h\r\n@ SOA ns1 root 7 1 1 1 1\r\n@ MX 10 a\r\n@ MX 20 b\r\n", "example.com",
		"3600 10 a.example.com 20 b.example.com 30 c.example.com",
		"$TTL 1h\r\n@ SOA ns1 root 8 1 1 1 1\r\n@ MX 10 a\r\n@ MX 20 b\r\n@ MX 30 c\r\n" },
	{ "origin, comments, quotes, case and other names stay",
		"; top\n$ORIGIN example.com.\n$TTL 3600\n@ IN SOA ns1 root ( 7 ; serial\n 1h 15m 2w 5m )\n\n; mail; here\n@ in mx 10 MX1\n"
		"$ORIGIN sub.example.com.\n@ MX 10 mx1\nt TXT \"a ; (b\" \"c\\\"d\"\n",
		"example.com", "3600 10 mx1.example.com 20 mx2.example.com",
		"; top\n$ORIGIN example.com.\n$TTL 3600\n@ IN SOA ns1 root ( 8 ; serial\n 1h 15m 2w 5m )\n\n; mail; here\n@ in mx 10 MX1\n@ in mx 20 mx2\n"
		"$ORIGIN sub.example.com.\n@ MX 10 mx1\nt TXT \"a ; (b\" \"c\\\"d\"\n" },
	{ "repeats are cleared", HEAD "@ MX 10 mx1\n@ MX 10 mx1\n", "example.com", "3600 10 mx1.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@ MX 10 mx1\n" },
};

static void zonetext_replace_mx__changes__only_that(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str out;

		if (!replace(cases[i].text, cases[i].owner, cases[i].want, 0, &out))
			fail_msg("%s: refused", cases[i].what);
		if (strcmp(out.s, cases[i].out) != 0)
			fail_msg("%s:\n%s\ninstead of\n%s", cases[i].what, out.s, cases[i].out);
		str_release(&out);
	}
}

static void zonetext_replace_mx__refuses__what_it_cannot_do(void **state)
{
	static const struct {
		const char *text, *owner, *want;
	} rows[] = {
		{ "$TTL 1\n@ NS ns1\n", "example.com", "60 10 a" },
		{ HEAD "$INCLUDE other\n", "example.com", "60 10 a" },
		{ HEAD "$GENERATE 1-9 a$ A 192.0.2.$\n", "example.com", "60 10 a" },
		{ HEAD, "example.net", "60 10 a" },
		{ HEAD, "example.com", "60 70000 a" },
		{ HEAD, "example.com", "60 10 a..b" },
		{ HEAD, "example.com", "4000000000 10 a" },
		{ HEAD "al CNAME www\n", "al.example.com", "60 10 a" },
		{ HEAD "sub NS ns1\n", "a.sub.example.com", "60 10 a" },
		{ HEAD "@ SOA ns1 root 8 1 1 1 1\n", "example.com", "60 10 a" },
		{ HEAD "out.example.net. A 192.0.2.1\n", "example.com", "60 10 a" },
		{ HEAD "@ MX 10\n", "example.com", "60 10 a" },
		{ HEAD "t TXT \"open\n", "example.com", "60 10 a" },
		{ HEAD "t TXT ( a\n", "example.com", "60 10 a" },
		{ HEAD "t TXT a )\n", "example.com", "60 10 a" },
		{ HEAD "t CH TXT a\n", "example.com", "60 10 a" },
		{ "@ MX 10 a\n", "example.com", "60 10 a" },
		{ "  MX 10 a\n", "example.com", "60 10 a" },
		{ "", "example.com", "60 10 a" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str out;

		if (replace(rows[i].text, rows[i].owner, rows[i].want, 0, &out))
			fail_msg("row %zu was taken: %s", i, out.s);
		str_release(&out);
	}
}

static void zonetext_replace_mx__raises__the_serial(void **state)
{
	static const struct {
		const char *was;
		uint32_t today;
		const char *now;
	} rows[] = {
		{ "7", 20261123, "8" },
		{ "2026112207", 20261123, "2026112301" },
		{ "2026112301", 20261123, "2026112302" },
		{ "2026112399", 20261123, "2026112400" },
		{ "2027010101", 20261123, "2027010102" },
		{ "2026112207", 0, "2026112208" },
		{ "4294967295", 20261123, "1         " },
		{ "1700000000", 20261123, "1700000001" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[128], expected[128];
		struct str out;

		snprintf(text, sizeof text, "@ 60 SOA ns1 root %s 1 1 1 1\n", rows[i].was);
		snprintf(expected, sizeof expected, "@ 60 SOA ns1 root %s 1 1 1 1\n", rows[i].now);
		assert_true(replace(text, "example.com", "60", rows[i].today, &out));
		assert_string_equal(out.s, expected);
		str_release(&out);
	}
}

static void zonetext_read_mx__knows__ttl_rules(void **state)
{
	static const struct {
		const char *text;
		uint32_t ttl_s;
		size_t n;
	} rows[] = {
		{ "$TTL 1h30m\n@ MX 10 a\n", 5400, 1 },
		{ "@ 1D SOA a b 1 1 1 1 1\n@ MX 10 a\n@ MX 20 b\n", 86400, 2 },
		{ "@ SOA a b 1 1 1 1 5m\n@ MX 10 a\n", 300, 1 },
		{ "$TTL 2w\n@ IN 60 MX 10 a\n@ 30 IN MX 20 b\n", 30, 2 },
		{ "$TTL 60\nwww A 192.0.2.1\n", 0, 0 },
		{ "$TTL 60\nexample.com. MX 10 a.\nEXAMPLE.com. MX 10 b.\n", 60, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dname zone;
		struct mxset set;

		mxset_init(&set);
		assert_true(dname_parse(&zone, "example.com", NULL));
		assert_true(zonetext_read_mx(&(struct zonetext){ rows[i].text, strlen(rows[i].text), &zone, &zone }, &set, NULL));
		assert_int_equal(set.ttl_s, rows[i].ttl_s);
		assert_int_equal(set.n, rows[i].n);
		mxset_release(&set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zonetext_replace_mx__changes__only_that),
		cmocka_unit_test(zonetext_replace_mx__refuses__what_it_cannot_do),
		cmocka_unit_test(zonetext_replace_mx__raises__the_serial),
		cmocka_unit_test(zonetext_read_mx__knows__ttl_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
