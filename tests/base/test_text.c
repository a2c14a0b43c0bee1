/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"

static void text_decode__takes__what_is_utf8(void **state)
{
	static const struct {
		const char *bytes;
		size_t len, taken;
		uint32_t cp;
	} rows[] = {
		{ "", 0, 0, 0 },
		{ "a", 1, 1, 'a' },
		{ "\0", 1, 1, 0 },
		{ "\xc3\xa5", 2, 2, 0xE5 },
		{ "\xe2\x82\xac", 3, 3, 0x20AC },
		{ "\xf0\x9f\x98\x80", 4, 4, 0x1F600 },
		{ "\xf4\x8f\xbf\xbf", 4, 4, 0x10FFFF },
		{ "\xef\xbf\xbd", 3, 3, 0xFFFD },
		{ "\x80", 1, 1, 0xFFFD },     /* a tail alone */
		{ "\xc0\x80", 2, 1, 0xFFFD }, /* overlong */
		{ "\xc1\xbf", 2, 1, 0xFFFD },
		{ "\xe0\x9f\xbf", 3, 1, 0xFFFD },
		{ "\xf0\x8f\xbf\xbf", 4, 1, 0xFFFD },
		{ "\xed\xa0\x80", 3, 1, 0xFFFD }, /* a surrogate */
		{ "\xed\xbf\xbf", 3, 1, 0xFFFD }, /* the last of them */
		{ "\xed\x9f\xbf", 3, 3, 0xD7FF }, /* around them */
		{ "\xee\x80\x80", 3, 3, 0xE000 },
		{ "\xe0\xa0\x80", 3, 3, 0x800 }, /* the least of each length */
		{ "\xc2\x80", 2, 2, 0x80 },
		{ "\xf0\x90\x80\x80", 4, 4, 0x10000 },
		{ "\xf4\x90\x80\x80", 4, 1, 0xFFFD }, /* past Unicode */
		{ "\xf5\x80\x80\x80", 4, 1, 0xFFFD },
		{ "\xff", 1, 1, 0xFFFD },
		{ "\xe2\x82", 2, 1, 0xFFFD }, /* cut */
		{ "\xe2\x82z", 3, 1, 0xFFFD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t cp = 1;

		assert_int_equal(text_decode(rows[i].bytes, rows[i].len, &cp), rows[i].taken);
		assert_int_equal(cp, rows[i].cp);
	}
}

static void text_encode__turns_back__every_code_point(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x110000; cp += 7) {
		char bytes[4];
		uint32_t back;
		size_t n = text_encode(cp, bytes);
		int bad = cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF);

		assert_int_equal(text_decode(bytes, n, &back), n);
		assert_int_equal(back, bad ? 0xFFFD : cp);
	}
}

/* The last of each length and the first of the next, byte by byte. */
static void text_encode__takes__as_few_bytes_as_it_can(void **state)
{
	static const struct {
		uint32_t cp;
		const char *bytes;
	} rows[] = {
		{ 0x7F, "\x7f" },
		{ 0x80, "\xc2\x80" },
		{ 0x7FF, "\xdf\xbf" },
		{ 0x800, "\xe0\xa0\x80" },
		{ 0xD7FF, "\xed\x9f\xbf" },
		{ 0xD800, "\xef\xbf\xbd" },
		{ 0xDFFF, "\xef\xbf\xbd" },
		{ 0xE000, "\xee\x80\x80" },
		{ 0xFFFF, "\xef\xbf\xbf" },
		{ 0x10000, "\xf0\x90\x80\x80" },
		{ 0x10FFFF, "\xf4\x8f\xbf\xbf" },
		{ 0x110000, "\xef\xbf\xbd" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char bytes[5] = { 0 };
		uint32_t back;
		size_t n = text_encode(rows[i].cp, bytes);

		assert_string_equal(bytes, rows[i].bytes);
		assert_int_equal(n, strlen(rows[i].bytes));
		assert_int_equal(text_decode(bytes, n, &back), n);
		if (strcmp(bytes, "\xef\xbf\xbd"))
			assert_int_equal(back, rows[i].cp);
	}
}

static void text_width__counts__cells(void **state)
{
	static const struct {
		const char *text;
		size_t cells;
	} rows[] = {
		{ "", 0 }, { "abc", 3 }, { "r\xc3\xa4ksm\xc3\xb6rg\xc3\xa5s", 10 }, { "a\xcc\x8a", 1 }, /* a and a ring above */
		{ "\xe4\xb8\xad\xe6\x96\x87", 4 },                                                      /* two wide ones */
		{ "a\xcc\x80", 1 }, { "\xcb\xbf", 1 }, { "\xc2\xad", 1 },
		{ "a\x7f"
		  "b\x7e",
			4 },
		{ "\xff\xfe", 2 }, { "\x1b", 1 }, { "\xe2\x94\x80", 1 }, /* a line to draw with */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(text_width(rows[i].text), rows[i].cells);
}

static void text_fit__never_splits__a_character(void **state)
{
	static const struct {
		const char *text;
		size_t cells, bytes;
	} rows[] = {
		{ "abc", 0, 0 },
		{ "abc", 2, 2 },
		{ "abc", 9, 3 },
		{ "\xc3\xa5\xc3\xa4", 1, 2 },
		{ "a\xcc\x8a"
		  "b",
			1, 3 },
		{ "\xe4\xb8\xad\xe6\x96\x87", 3, 3 },
		{ "\xe4\xb8\xad", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(text_fit(rows[i].text, rows[i].cells), rows[i].bytes);
}

static void text_copy__never_splits__a_character(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		const char *copy;
	} rows[] = {
		{ "abc", 4, "abc" },
		{ "abc", 3, "ab" },
		{ "abc", 1, "" },
		{ "", 1, "" },
		{ "a\xc3\xa5", 4, "a\xc3\xa5" },
		{ "a\xc3\xa5", 3, "a" },
		{ "\xc3\xa5\xc3\xa4", 4, "\xc3\xa5" },
		{ "\xe4\xb8\xad", 3, "" },
		{ "\x80\x80\x80", 3, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char copy[5] = "????";

		text_copy(copy, rows[i].size, rows[i].text);
		assert_string_equal(copy, rows[i].copy);
	}
}

static void text_shorten__tells__that_it_cut(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		const char *copy;
	} rows[] = {
		{ "abc", 4, "abc" },
		{ "abcd", 4, "..." },
		{ "abcde", 5, "a..." },
		{ "\xc3\xa5", 4, "\xc3\xa5" },
		{ "a\xc3\xa5\xc3\xa4", 5, "a..." },
		{ "\xc3\xa5\xc3\xa5\xc3\xa5", 7, "\xc3\xa5\xc3\xa5\xc3\xa5" },
		{ "\xc3\xa5\xc3\xa5\xc3\xa5", 6, "\xc3\xa5..." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char copy[8] = "???????";

		text_shorten(copy, rows[i].size, rows[i].text);
		assert_string_equal(copy, rows[i].copy);
	}
}

static void text_row__breaks__at_blanks(void **state)
{
	static const struct {
		const char *text;
		size_t cells, len, next;
	} rows[] = {
		{ "", 4, 0, 0 },
		{ "abcd", 4, 4, 4 },
		{ "ab cd", 5, 5, 5 },
		{ "ab cd", 4, 2, 3 },
		{ "ab   cd", 4, 4, 5 },
		{ "abcd ef", 4, 4, 5 },
		{ "a bc de", 5, 4, 5 },
		{ "abcdef", 4, 4, 4 }, /* no blank */
		{ " bcdef", 4, 4, 4 },
		{ "\xe4\xb8\xad", 1, 1, 1 }, /* always goes on */
		{ "ab\ncd", 9, 2, 3 },
		{ "ab\ncd", 2, 2, 3 },
		{ "ab c\nd", 3, 2, 3 },
		{ "\xc3\xa5\xc3\xa4 b", 3, 4, 5 },
		{ "late: 50 %", 8, 5, 6 }, /* a number keeps its sign */
		{ "50 %", 3, 3, 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t next = 99;

		assert_int_equal(text_row(rows[i].text, rows[i].cells, &next), rows[i].len);
		assert_int_equal(next, rows[i].next);
	}
}

static void text_escape__shows__what_hides(void **state)
{
	static const struct {
		const char *raw, *shown;
	} rows[] = {
		{ "plain \\ text", "plain \\ text" }, { "\x1b[31mred", "\\x1b[31mred" }, { "a\nb\tc\x7f", "a\\x0ab\\x09c\\x7f" },
		{ "\xc2\x9b"
		  "31m",
			"\\u{9b}31m" },                                     /* C1: CSI */
		{ "\xff", "\\xff" }, { "\xe2\x80\xae", "\\u{202e}" },       /* right-to-left override */
		{ "\xe2\x81\xa6", "\\u{2066}" },                            /* isolate */
		{ "\xe2\x80\x8b", "\\u{200b}" },                            /* zero width space */
		{ "\xe2\x80\xa8", "\\u{2028}" },                            /* line separator */
		{ "\xef\xbb\xbf", "\\u{feff}" }, { "\xc2\xad", "\\u{ad}" }, /* soft hyphen */
		{ "\xe3\x85\xa4", "\\u{3164}" },                            /* Hangul filler */
		{ "\xf3\xa0\x81\x81", "\\u{e0041}" },                       /* tag */
		{ "\xc3\xa5\xe4\xb8\xad", "\xc3\xa5\xe4\xb8\xad" }, { " ~", " ~" }, { "\x1f\x7f", "\\x1f\\x7f" },
		{ "\xef\xbf\xbd", "\xef\xbf\xbd" }, /* what stands for what cannot be read */
		{ "\xef\xbf\xbe", "\\u{fffe}" },    /* no character */
		{ "\xe2\x80\xa9", "\\u{2029}" },    /* paragraph separator */
		{ "\xc2\xa0", "\xc2\xa0" },         /* a space that keeps together */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out;

		str_init(&out, 0);
		text_escape(&out, rows[i].raw, strlen(rows[i].raw));
		assert_string_equal(out.s, rows[i].shown);
		str_release(&out);
	}
}

static void text_parse_duration__reads__only_durations(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		uint32_t seconds;
	} rows[] = {
		{ "0", true, 0 },
		{ "90", true, 90 },
		{ "90s", true, 90 },
		{ "15m", true, 900 },
		{ "12h30m", true, 45000 },
		{ "45000", true, 45000 },
		{ "4d", true, 345600 },
		{ "1d1h1m1s", true, 90061 },
		{ "4294967295", true, 4294967295u },
		{ "4294967295s", true, 4294967295u },
		{ "4294967296", false, 0 },
		{ "49711d", false, 0 },
		{ "99999999999999999999", false, 0 },
		{ "1193047h", false, 0 },
		{ "", false, 0 },
		{ "h", false, 0 },
		{ "1x", false, 0 },
		{ "1h30", false, 0 },
		{ "30m12h", false, 0 },
		{ "1h1h", false, 0 },
		{ "-1", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "1.5h", false, 0 },
		{ "1H", true, 3600 },
		{ "1D", true, 86400 },
		{ "1w", true, 604800 },
		{ "2W1d12H5M3S", true, 1339503 },
		{ "1d1w", false, 0 },
		{ "7102w", false, 0 },
		{ "7101w3d6h28m15s", true, 4294967295u },
		{ "7101w3d6h28m16s", false, 0 },
		{ "1h:", false, 0 },
		{ "1/", false, 0 },
		{ "1Y", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t seconds = 77;

		assert_int_equal(text_parse_duration(rows[i].text, &seconds), rows[i].ok);
		assert_int_equal(seconds, rows[i].ok ? rows[i].seconds : 77);
	}
}

static void text_duration_about__rounds(void **state)
{
	static const struct {
		double seconds;
		const char *text;
	} rows[] = {
		{ -1, "0s" },
		{ 0.4, "0s" },
		{ 59.6, "1m" },
		{ 3599, "59m59s" },
		{ 3629, "1h" },
		{ 3631, "1h1m" },
		{ 86416, "1d" },
		{ 172799, "2d" },
		{ 86429, "1d" },
		{ 86431, "1d1m" },
		{ 172800 + 1799, "2d" },
		{ 172800 + 1800, "2d1h" },
		{ 59.4, "59s" },
		{ 0.5, "1s" },
		{ 3599.4, "59m59s" },
		{ 3599.5, "1h" },
		{ 3630, "1h1m" },
		{ 345600 + 1799, "4d" },
		{ 345600 + 1801, "4d1h" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str out;

		str_init(&out, 0);
		text_duration_about(&out, rows[i].seconds);
		assert_string_equal(out.s, rows[i].text);
		str_release(&out);
	}
}

static void text_duration__turns_back__exactly(void **state)
{
	static const struct {
		uint32_t seconds;
		const char *text;
	} rows[] = {
		{ 0, "0s" },
		{ 1, "1s" },
		{ 60, "1m" },
		{ 3600, "1h" },
		{ 45000, "12h30m" },
		{ 90061, "1d1h1m1s" },
		{ 86400, "1d" },
		{ 86399, "23h59m59s" },
		{ 1209600, "14d" },
		{ 4294967295u, "49710d6h28m15s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out;
		uint32_t back = 0;

		str_init(&out, 0);
		text_duration(&out, rows[i].seconds);
		assert_string_equal(out.s, rows[i].text);
		assert_true(text_parse_duration(out.s, &back));
		assert_int_equal(back, rows[i].seconds);
		str_release(&out);
	}
}

static void text_time__turns_back__exactly(void **state)
{
	static const struct {
		int64_t at;
		const char *text;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 951868799, "2000-02-29T23:59:59Z" },
		{ 1795428672, "2026-11-23T10:11:12Z" },
		{ 4107542400, "2100-03-01T00:00:00Z" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
		{ -62167219200, "0000-01-01T00:00:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out;
		int64_t back = 0;

		str_init(&out, 0);
		text_time(&out, rows[i].at);
		assert_string_equal(out.s, rows[i].text);
		assert_true(text_parse_time(out.s, &back));
		assert_true(back == rows[i].at);
		str_release(&out);
	}
}

static int month_days(int year, int month)
{
	if (month == 2)
		return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Over two turns of the calendar: the first day and the last of each month, counted one by one; the day after the last is none. */
static void text_time__knows__every_month(void **state)
{
	int64_t day = -719528, at;
	char text[40];
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (int year = 0; year < 805; year++) {
		for (int month = 1; month <= 12; month++) {
			int last = month_days(year, month);

			for (int i = 0; i < 2; i++) {
				str_clear(&out);
				text_time(&out, (day + (i ? last - 1 : 0)) * 86400 + (i ? 86399 : 0));
				snprintf(text, sizeof(text), "%04d-%02d-%02dT%s", year, month, i ? last : 1, i ? "23:59:59Z" : "00:00:00Z");
				assert_string_equal(out.s, text);
				assert_true(text_parse_time(text, &at));
				assert_true(at == (day + (i ? last - 1 : 0)) * 86400 + (i ? 86399 : 0));
			}
			snprintf(text, sizeof(text), "%04d-%02d-%02dT00:00:00Z", year, month, last + 1);
			assert_false(text_parse_time(text, &at));
			day += last;
		}
	}
	str_release(&out);
}

static void text_parse_time__refuses__what_is_no_time(void **state)
{
	static const char *const bad[] = { "", "2026", "2026-11-23", "2026-11-23 10:11:12Z", "2026-11-23T10:11:12", "2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T10:60:00Z",
		"2026-11-23T10:11:60Z", "2026-11-00T10:11:12Z", "2026-11-23T10:11:12+10:60", "2026-11-23T10:11:12+1000",
		"2026-11-23T10:11:12.5", "2026-11-23T10:11:12+10:000", "2026-11-23T10:11:12z", "202-11-23T10:11:12Z", "2026-1-23T10:11:12Z",
		"2026-11-2 T10:11:12Z", "2026-11-23T1:11:12Z", "2026-11-23T10:11:1Z", "2026/11-23T10:11:12Z", "2026-11/23T10:11:12Z",
		"2026-11-23T10:11.12Z", "2026-11-23T10:11:12+aa:00", "2026-11-23T10:11:12+01:0", "2026-11-23T10:1a:12Z",
		"2026-11-23T10-11:12Z", "2026-11-23T10:11:12+:00", "2026-11-23T10:11:12.2.5Z", "2026-11-23T10:11:12Zx",
		"2026-11-23T10:11:12.Z", "2026-11-23T10:11:12+1:00", "2026-11-23T10:11:12+24:00", "1900-02-29T00:00:00Z" };
	int64_t at = 5;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_parse_time(bad[i], &at));
	assert_true(at == 5);
	assert_true(text_parse_time("2026-11-23T11:11:12.25+01:00", &at));
	assert_true(at == 1795428672);
	assert_true(text_parse_time("2026-11-23T04:41:12-05:30", &at));
	assert_true(at == 1795428672);
	assert_true(text_parse_time("2026-11-24T10:10:12+23:59", &at));
	assert_true(at == 1795428672);
	assert_true(text_parse_time("2026-11-23T10:11:12.123456789Z", &at));
	assert_true(at == 1795428672);
}

static void text_equal_fold__folds__ascii_only(void **state)
{
	(void)state;
	assert_true(text_equal_fold("", ""));
	assert_true(text_equal_fold("MX1.Example", "mx1.eXAMPLE"));
	assert_false(text_equal_fold("a", "ab"));
	assert_false(text_equal_fold("ab", "a"));
	assert_false(text_equal_fold("\xc3\x85", "\xc3\xa5"));
	assert_false(text_equal_fold("[", "{"));
	assert_false(text_equal_fold("@", "`"));
	assert_true(text_equal_fold("AZaz", "azAZ"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_decode__takes__what_is_utf8),
		cmocka_unit_test(text_encode__turns_back__every_code_point),
		cmocka_unit_test(text_encode__takes__as_few_bytes_as_it_can),
		cmocka_unit_test(text_width__counts__cells),
		cmocka_unit_test(text_fit__never_splits__a_character),
		cmocka_unit_test(text_copy__never_splits__a_character),
		cmocka_unit_test(text_shorten__tells__that_it_cut),
		cmocka_unit_test(text_row__breaks__at_blanks),
		cmocka_unit_test(text_escape__shows__what_hides),
		cmocka_unit_test(text_parse_duration__reads__only_durations),
		cmocka_unit_test(text_duration__turns_back__exactly),
		cmocka_unit_test(text_duration_about__rounds),
		cmocka_unit_test(text_time__turns_back__exactly),
		cmocka_unit_test(text_time__knows__every_month),
		cmocka_unit_test(text_parse_time__refuses__what_is_no_time),
		cmocka_unit_test(text_equal_fold__folds__ascii_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
