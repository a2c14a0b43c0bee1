/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/msg.h"
#include "core/dname.h"

static void dname_parse__reads__every_spelling(void **state)
{
	static const struct {
		const char *given, *text, *shown;
		unsigned labels;
	} rows[] = {
		{ ".", ".", ".", 0 },
		{ "com", "com", "com", 1 },
		{ "MX1.Example.COM.", "mx1.example.com", "mx1.example.com", 3 },
		{ "_dmarc.x", "_dmarc.x", "_dmarc.x", 2 },
		{ "*.x", "*.x", "*.x", 2 },
		{ "http://mail/", "http://mail/", "http://mail/", 1 },
		{ "192.0.2.1", "192.0.2.1", "192.0.2.1", 4 },
		{ "a\\.b.c", "a\\.b.c", "a\\.b.c", 2 },
		{ "a\\\\b", "a\\\\b", "a\\\\b", 1 },
		{ "\\097\\066", "ab", "ab", 1 },
		{ "a b", "a\\032b", "a\\032b", 1 },
		{ "a\\000b\\255", "a\\000b\\255", "a\\000b\\255", 1 },
		{ "\x1b[1m", "\\027[1m", "\\027[1m", 1 },
		{ "x;\"()@$", "x\\;\\\"\\(\\)\\@\\$", "x\\;\\\"\\(\\)\\@\\$", 1 },
		{ "r\xc3\xa4ksm\xc3\xb6rg\xc3\xa5s.se", "xn--rksmrgs-5wao1o.se", "r\xc3\xa4ksm\xc3\xb6rg\xc3\xa5s.se", 2 },
		{ "XN--RKSMRGS-5WAO1O.SE", "xn--rksmrgs-5wao1o.se", "r\xc3\xa4ksm\xc3\xb6rg\xc3\xa5s.se", 2 },
		{ "stra\xc3\x9f"
		  "e.de",
			"xn--strae-oqa.de",
			"stra\xc3\x9f"
			"e.de",
			2 },
		{ "\xc3\x85\xc3\x84\xc3\x96.se", "xn--4cab6c.se", "\xc3\xa5\xc3\xa4\xc3\xb6.se", 2 },
		{ "a\xcc\x8a.se", "xn--5ca.se", "\xc3\xa5.se", 2 }, /* decomposed */
		{ "xn--a.se", "xn--a.se", "xn--a.se", 2 },          /* no A-label: kept, shown as it is */
		{ "xn--.se", "xn--.se", "xn--.se", 2 },
		{ "xn--a\\000b.se", "xn--a\\000b.se", "xn--a\\000b.se", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dname name, again;
		char out[DNAME_TEXT_MAX];

		assert_true(dname_parse(&name, rows[i].given, NULL));
		assert_string_equal(dname_text(&name, out), rows[i].text);
		assert_true(dname_parse(&again, out, NULL));
		assert_true(dname_equal(&name, &again));
		assert_true(dname_parse(&again, dname_text_dot(&name, out), NULL));
		assert_true(dname_equal(&name, &again));
		assert_string_equal(dname_show(&name, out), rows[i].shown);
		assert_true(dname_parse(&again, out, NULL));
		assert_true(dname_equal(&name, &again));
		assert_int_equal(dname_labels(&name), rows[i].labels);
		assert_true(dname_from_wire(&again, name.wire, name.len));
		assert_true(dname_equal(&name, &again));
	}
}

static void dname_parse__refuses__what_is_no_name(void **state)
{
	static const char *const bad[] = { "", "..", ".a", "a..b", "a..", "a\\", "a\\25", "a\\256", "a\\2x5", "\xff.se",
		"a\xe2\x80\xae"
		"b",
		"\xe3\x80\x82",
		"a\xe3\x80\x82"
		"b",
		"\xc2\xad" };
	struct dname name = { .len = 99 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = { 0 };

		assert_false(dname_parse(&name, bad[i], &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_non_null(err.what.id);
	}
	assert_int_equal(name.len, 99);
}

static void dname_parse__holds__the_limits(void **state)
{
	char text[300], out[DNAME_TEXT_MAX];
	struct dname name;

	(void)state;
	memset(text, 'a', 64);
	text[63] = '\0';
	assert_true(dname_parse(&name, text, NULL));
	assert_int_equal(name.len, 65);
	text[63] = 'a';
	text[64] = '\0';
	assert_false(dname_parse(&name, text, NULL));
	/* 63 + 63 + 63 + 61 and their lengths and the root: 255 octets */
	memset(text, 'b', sizeof(text));
	text[63] = text[127] = text[191] = '.';
	text[253] = '\0';
	assert_true(dname_parse(&name, text, NULL));
	assert_int_equal(name.len, 255);
	assert_string_equal(dname_text(&name, out), text);
	text[253] = 'b';
	text[254] = '\0';
	assert_false(dname_parse(&name, text, NULL));
	text[253] = '.';
	assert_true(dname_parse(&name, text, NULL));
	/* the longest text: every octet as \DDD */
	for (int at = 0; at < 252; at += 64) {
		name.wire[at] = at == 192 ? 61 : 63;
		memset(name.wire + at + 1, 0xff, name.wire[at]);
	}
	name.wire[254] = 0;
	assert_true(dname_from_wire(&name, name.wire, 255));
	assert_true(strlen(dname_text_dot(&name, out)) < DNAME_TEXT_MAX);
	assert_int_equal(strlen(out), 250 * 4 + 4);
	dname_show(&name, out);
	assert_int_equal(strlen(out), 250 * 4 + 3);
}

static void dname_from_wire__refuses__what_is_not_one_name(void **state)
{
	static const struct {
		const char *wire;
		size_t len;
	} bad[] = { { "", 0 }, { "\1a", 2 }, { "\1a\0\0", 4 }, { "\5a\0", 3 }, { "\300\0", 2 }, { "\100", 1 }, { "\0\0", 2 } };
	struct dname name = { 0 };
	char out[DNAME_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(dname_from_wire(&name, (const uint8_t *)bad[i].wire, bad[i].len));
	assert_true(dname_from_wire(&name, (const uint8_t *)"\2MX\1b", 6));
	assert_string_equal(dname_text(&name, out), "mx.b");
	assert_true(dname_from_wire(&name, (const uint8_t *)"", 1));
	assert_true(dname_is_root(&name));
}

static struct dname parsed(const char *text)
{
	struct dname name = { 0 };

	if (*text)
		assert_true(dname_parse(&name, text, NULL));
	return name;
}

static void dname_cmp__sorts__canonically(void **state)
{
	/* RFC 4034 section 6.1 */
	static const char *const order[] = { "", ".", "example", "a.example", "yljkjljk.a.example", "z.a.example", "zabc.a.example",
		"z.example", "\\001.z.example", "*.z.example", "\\200.z.example" };
	size_t n = sizeof(order) / sizeof(order[0]);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n; k++) {
			struct dname a = parsed(order[i]), b = parsed(order[k]);
			int cmp = dname_cmp(&a, &b);

			assert_int_equal((cmp > 0) - (cmp < 0), (i > k) - (i < k));
		}
	}
}

static void dname_relative__goes_with__dname_under(void **state)
{
	static const struct {
		const char *name, *zone;
		bool under;
		const char *relative;
	} rows[] = {
		{ "mx.example.com", "example.com", true, "mx" },
		{ "a.b.example.com", "example.com", true, "a.b" },
		{ "example.com", "example.com", true, "@" },
		{ "badexample.com", "example.com", false, "badexample.com." },
		{ "com", "example.com", false, "com." },
		{ "mx.example.net", "example.com", false, "mx.example.net." },
		{ "example.com", ".", true, "example.com" },
		{ ".", ".", true, "@" },
		{ ".", "com", false, "." },
		{ "a\\.b.com", "b.com", false, "a\\.b.com." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dname name = parsed(rows[i].name), zone = parsed(rows[i].zone);
		char out[DNAME_TEXT_MAX];

		assert_int_equal(dname_under(&name, &zone), rows[i].under);
		assert_string_equal(dname_relative(&name, &zone, out), rows[i].relative);
	}
}

static void dname_parent__climbs__to_the_root(void **state)
{
	struct dname name = parsed("a.b.c");
	char out[DNAME_TEXT_MAX];
	size_t len = 0;

	(void)state;
	assert_memory_equal(dname_label(&name, 1, &len), "b", 1);
	assert_int_equal(len, 1);
	assert_null(dname_label(&name, 3, &len));
	assert_true(dname_parent(&name, &name));
	assert_string_equal(dname_text(&name, out), "b.c");
	assert_true(dname_parent(&name, &name));
	assert_true(dname_parent(&name, &name));
	assert_true(dname_is_root(&name));
	assert_false(dname_parent(&name, &name));
	name.len = 0;
	assert_string_equal(dname_text(&name, out), "");
	assert_string_equal(dname_show(&name, out), "");
	assert_false(dname_parent(&name, &name));
}

/* What stands before a zone's name, as a name of its own. */
static void dname_before__is__what_a_zone_was_put_behind(void **state)
{
	static const struct {
		const char *name, *zone, *before; /* before NULL: it is not below the zone */
	} rows[] = {
		{ "mx.example.net.exempel.com", "exempel.com", "mx.example.net" },
		{ "mx.exempel.com", "exempel.com", "mx" },
		{ "exempel.com", "exempel.com", "." },
		{ "mx.exempel.com", ".", "mx.exempel.com" },
		{ "mx.exempel.net", "exempel.com", NULL },
		{ "com", "exempel.com", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dname name = parsed(rows[i].name), zone = parsed(rows[i].zone), before = { .len = 99 };
		char out[DNAME_TEXT_MAX];

		assert_int_equal(dname_before(&name, &zone, &before), rows[i].before != NULL);
		if (rows[i].before)
			assert_string_equal(dname_text(&before, out), rows[i].before);
		else
			assert_int_equal(before.len, 99);
	}
}

/* The word n times, then more. */
static const char *long_label(char out[600], const char *word, size_t n, const char *more)
{
	size_t len = 0;

	while (n--)
		len += (size_t)snprintf(out + len, 600 - len, "%s", word);
	snprintf(out + len, 600 - len, "%s", more);
	return out;
}

static void expect_words(const char *given, const char *words)
{
	struct dname name;
	struct err err = { 0 };
	struct str text;

	assert_false(dname_parse(&name, given, &err));
	str_init(&text, 0);
	msg_format(&err.what, NULL, &text);
	assert_string_equal(text.s, words);
	str_release(&text);
}

static void dname_parse__says__what_is_wrong(void **state)
{
	char text[600], words[700];

	(void)state;
	expect_words("", "the name is empty");
	expect_words("a..b", "\"a..b\" has an empty label: a dot too many");
	expect_words("a\\25", "a backslash must be followed by a character or by three digits up to 255");
	expect_words(long_label(text, "a", 64, ""), "a label is longer than 63 octets");
	expect_words(long_label(text, "a.", 127, "b"), "the name is longer than 255 octets");
	/* as a person writes it */
	expect_words(long_label(text, "\xc3\xa4", 128, "a"), "a label is longer than 63 octets");
	long_label(text, "\xc3\xa4", 128, "");
	snprintf(words, sizeof(words), "\"%s\" is longer than 63 octets as an A-label", text);
	expect_words(text, words);
	long_label(text, "\xef\xbd\x81", 64, ""); /* of wide letters, each one octet as an A-label */
	snprintf(words, sizeof(words), "\"%s\" is longer than 63 octets as an A-label", text);
	expect_words(text, words);
	expect_words("\xe2\x80\xae", "\"\\u{202e}\" is not allowed as an internationalised label (IDNA2008)");
	expect_words("a\\000\xc3\xa4", "\"a\" is not allowed as an internationalised label (IDNA2008)");
}

/* 127 labels of one octet each fill a name. */
static void dname_parse__takes__as_many_labels_as_there_can_be(void **state)
{
	struct dname name, other;
	char text[600];
	size_t len = 0;

	(void)state;
	assert_true(dname_parse(&name, long_label(text, "a.", 126, "b"), NULL));
	assert_true(dname_parse(&other, long_label(text, "a.", 126, "c"), NULL));
	assert_int_equal(name.len, 255);
	assert_int_equal(dname_labels(&name), 127);
	assert_memory_equal(dname_label(&name, 126, &len), "b", 1);
	assert_null(dname_label(&name, 127, &len));
	assert_true(dname_cmp(&name, &other) < 0);
}

static void dname_star__stands__below(void **state)
{
	struct dname name, star, wanted;

	(void)state;
	assert_true(dname_parse(&name, "exempel.com", NULL));
	assert_true(dname_parse(&wanted, "*.exempel.com", NULL));
	assert_true(dname_star(&name, &star));
	assert_true(dname_equal(&star, &wanted));
	name.len = DNAME_WIRE_MAX - 1;
	assert_false(dname_star(&name, &star));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dname_parse__reads__every_spelling),
		cmocka_unit_test(dname_parse__refuses__what_is_no_name),
		cmocka_unit_test(dname_parse__holds__the_limits),
		cmocka_unit_test(dname_from_wire__refuses__what_is_not_one_name),
		cmocka_unit_test(dname_cmp__sorts__canonically),
		cmocka_unit_test(dname_relative__goes_with__dname_under),
		cmocka_unit_test(dname_parent__climbs__to_the_root),
		cmocka_unit_test(dname_parse__says__what_is_wrong),
		cmocka_unit_test(dname_parse__takes__as_many_labels_as_there_can_be),
		cmocka_unit_test(dname_before__is__what_a_zone_was_put_behind),
		cmocka_unit_test(dname_star__stands__below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
