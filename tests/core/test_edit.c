/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grammar of typed edits: what is understood, and what is refused with the place and what was meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "core/draft.h"
#include "core/edit_text.h"
#include "core/meant.h"
#include "sets.h"

enum how { LINE, NEW, CHANGE }; /* the palette or command line; the prompts "Add" and "Change" (of 20 b.x) */

static bool parse(enum how how, bool completes, const char *text, struct edits *edits, struct err *err)
{
	struct dname domain;
	struct edit_grammar grammar = { .domain = &domain, .completes = completes };
	struct mx old;

	assert_true(dname_parse(&domain, "exempel.com", NULL));
	mx_set(&old, 20, "b.x");
	if (how == NEW)
		return edit_parse_new(&grammar, text, 40, edits, err);
	if (how == CHANGE)
		return edit_parse_change(&grammar, text, &old, edits, err);
	return edit_parse_line(&grammar, text, edits, err);
}

static void typed__is__understood(void **state)
{
	static const struct {
		enum how how;
		const char *typed, *after; /* of "60 10 a.x 20 b.x" */
	} rows[] = {
		{ NEW, "30 mx3", "60 10 a.x 20 b.x 30 mx3.exempel.com" },
		{ NEW, "mx3 30", "60 10 a.x 20 b.x 30 mx3.exempel.com" },
		{ NEW, "mx3.exempel.com", "60 10 a.x 20 b.x 40 mx3.exempel.com" },
		{ NEW, "  30   MX3.Exempel.COM.  ", "60 10 a.x 20 b.x 30 mx3.exempel.com" },
		{ NEW, "0 .", "60 0 . 10 a.x 20 b.x" },
		{ NEW, "5 r\xc3\xa4ka.se", "60 5 xn--rka-qla.se 10 a.x 20 b.x" },
		{ CHANGE, "5", "60 5 b.x 10 a.x" },
		{ CHANGE, "c.x", "60 10 a.x 20 c.x" },
		{ CHANGE, "c.x 5", "60 5 c.x 10 a.x" },
		{ CHANGE, "5 c", "60 5 c.exempel.com 10 a.x" },
		{ CHANGE, "20 b.x", "60 10 a.x 20 b.x" },
		{ CHANGE, "", "60 10 a.x 20 b.x" },
		{ LINE, "add 30 c.x, ttl 1h", "3600 10 a.x 20 b.x 30 c.x" },
		{ LINE, " add 30 c.x ,raise c.x,remove a.x ", "60 20 b.x 20 c.x" },
		{ LINE, "add 30 c", "60 10 a.x 20 b.x 30 c.exempel.com" },
		{ LINE, "ttl 1H", "3600 10 a.x 20 b.x" },
		{ LINE, "ttl 1D", "86400 10 a.x 20 b.x" },
		{ LINE, "ttl 1w", "604800 10 a.x 20 b.x" },
		{ LINE, "ttl 1W", "604800 10 a.x 20 b.x" },
		{ LINE, "ttl 1w2D3H", "788400 10 a.x 20 b.x" },
		{ LINE, "add 30 c.x,, ttl 1h,", "3600 10 a.x 20 b.x 30 c.x" },
		{ LINE, "null-mx, add 10 c.x", "60 0 . 10 c.x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mxset base = { 0 };
		struct edits edits = { 0 };
		struct err err = { 0 };
		struct draft draft;
		char out[4096];

		set_from(&base, "60 10 a.x 20 b.x");
		draft_init(&draft, &base);
		if (!parse(rows[i].how, true, rows[i].typed, &edits, &err) || !draft_apply(&draft, edits.edit, edits.n, &err))
			fail_msg("%s: refused", rows[i].typed);
		assert_string_equal(set_text(&draft.want, out), rows[i].after);
		assert_int_equal(draft.n_undo, strcmp(rows[i].after, "60 10 a.x 20 b.x") != 0);
		edits_release(&edits);
		draft_release(&draft);
		mxset_release(&base);
	}
}

/* As it stands, and no other like it. */
static void change__keeps__a_host_that_could_not_be_typed(void **state)
{
	struct edits edits = { 0 };
	struct dname domain;
	struct mx old;

	(void)state;
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	mx_set(&old, 20, "192.0.2.1");
	assert_true(edit_parse_change(&(struct edit_grammar){ .domain = &domain, .completes = true }, "5 192.0.2.1", &old, &edits, NULL));
	assert_int_equal(edits.n, 1);
	assert_int_equal(edits.edit[0].with.preference, 5);
	assert_false(edit_parse_change(&(struct edit_grammar){ .domain = &domain, .completes = true }, "5 192.0.2.2", &old, &edits, NULL));
	edits_release(&edits);
}

static void wrong_word__is_told__by_its_number(void **state)
{
	static const struct {
		const char *words[5];
		size_t bad;
	} rows[] = {
		{ { NULL }, 0 },
		{ { "nosuch", "a.x" }, 0 },
		{ { "remove" }, 1 },
		{ { "prefer", "a.x", "70000" }, 2 },
		{ { "prefer", "a.x", "7", "b.x" }, 3 },
	};
	struct dname domain;

	(void)state;
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct edits edits = { 0 };
		size_t bad = 99;

		assert_false(edit_parse(
			&(struct edit_grammar){ .domain = &domain }, (char *const *)(uintptr_t)rows[i].words, &edits, &bad, NULL));
		assert_int_equal(bad, rows[i].bad);
		assert_int_equal(edits.n, 0);
		edits_release(&edits);
	}
}

static const struct {
	enum how how;
	const char *typed, *says, *hint;
} refused[] = {
	{ NEW, "70000 mx3", "at character 1: a preference is a number from 0 to 65535, not \"70000\"", "" },
	{ NEW, "mx3 70000", "at character 5: a preference is a number from 0 to 65535, not \"70000\"", "" },
	{ NEW, "-1 mx3", "at character 1: a preference is a number from 0 to 65535, not \"-1\"", "" },
	{ NEW, "1.5 mx3", "at character 1: a preference is a number from 0 to 65535, not \"1.5\"", "" },
	{ NEW, "40 30 mx3", "at character 4: \"30\" is a second number, and a host belongs here", "" },
	{ NEW, "30 mx3 mx4", "at character 8: \"mx4\" is too much: one preference and one host make a record", "" },
	{ NEW, "mx3 mx4", "at character 5: \"mx4\" is a second host, and a preference belongs here", "" },
	{ NEW, "30", "at character 3: the host is missing: 30 mx3.example.net", "" },
	{ NEW, "", "at character 1: the host is missing: 30 mx3.example.net", "" },
	{ NEW, "30 https://mx3.x/in", "at character 4: \"https://mx3.x/in\" is a URL, and a name belongs here", "Did you mean mx3.x?" },
	{ NEW, "30 info@mx3.x", "at character 4: \"info@mx3.x\" is a mail address, and a name belongs here", "Did you mean mx3.x?" },
	{ NEW, "30 mx3.x:25", "at character 4: \"mx3.x:25\" has a port, and a name alone belongs here", "Did you mean mx3.x?" },
	{ NEW, "30 192.0.2.1", "at character 4: \"192.0.2.1\" is an address, and an MX record names a host",
		"Name the host that has this address." },
	{ NEW, "192.0.2.1", "at character 1: \"192.0.2.1\" is an address, and an MX record names a host",
		"Name the host that has this address." },
	{ NEW, "30 [IPv6:2001:db8::1]", "at character 4: \"[IPv6:2001:db8::1]\" is an address, and an MX record names a host",
		"Name the host that has this address." },
	{ NEW, "30 \"mx3.x\"", "at character 4: \"\"mx3.x\"\" holds more than a name", "Did you mean mx3.x?" },
	{ NEW, "30 mx3.x;", "at character 4: \"mx3.x;\" holds more than a name", "Did you mean mx3.x?" },
	{ NEW, "30 @", "at character 4: \"@\" stands for a name in zone files only: write the name", "" },
	{ NEW, "30 a..b", "at character 4: \"a..b\" has an empty label: a dot too many", "" },
	{ NEW, "30 mx3.", "at character 4: \"mx3.\" has no dot inside: it is a top-level name, or only half a name",
		"Did you mean mx3.exempel.com?" },
	{ NEW, "30 mx.5", "at character 4: \"mx.5\" is no host: its last label is a number", "" },
	{ NEW, "r\xc3\xa4ka.se 70000", "at character 9: a preference is a number from 0 to 65535, not \"70000\"", "" },
	{ CHANGE, "70000", "at character 1: a preference is a number from 0 to 65535, not \"70000\"", "" },
	{ CHANGE, "5 http://c.x", "at character 3: \"http://c.x\" is a URL, and a name belongs here", "Did you mean c.x?" },
	{ LINE, "add 30 c.x, add 70000 d.x", "at character 17: a preference is a number from 0 to 65535, not \"70000\"", "" },
	{ LINE, "prefer a.x 70000", "at character 12: a preference is a number from 0 to 65535, not \"70000\"", "" },
	{ LINE, "add 30 http://c.x", "at character 8: \"http://c.x\" is a URL, and a name belongs here", "Did you mean c.x?" },
	{ LINE, "add x c.x", "at character 5: a preference is a number from 0 to 65535, not \"x\"", "" },
	{ LINE, "ttl soon, add 1 c.x", "at character 5: \"soon\" is not a duration", "Write it like 3600, 90s, 15m, 12h30m, 4d or 1w." },
	{ LINE, "preset nobody", "at character 8: there is no preset \"nobody\"", "mxladder list presets shows them." },
	{ LINE, "preset microsoft365",
		"at character 8: the hosts of Microsoft 365 differ from customer to customer: write \"preset microsoft365 tenant=VALUE\"",
		"The admin centre shows the name. It cannot be made from the domain: those added since July 2026 have names of their own." },
	{ LINE, "preset microsoft365 region=x",
		"at character 21: \"region=x\" is not what the preset microsoft365 asks for: write tenant=VALUE", "" },
	{ LINE, "preset fastmail x", "at character 17: the preset \"fastmail\" takes no value", "" },
	{ LINE, "preset ses region=x y", "at character 21: \"y\" is too much: write \"preset NAME [VARIABLE=VALUE]\"", "" },
	{ LINE, "remove", "at character 7: write \"remove HOST\"", "" },
	{ LINE, "remove a.x b.x c.x", "at character 12: \"b.x\" is too much: write \"remove HOST\"", "" },
	{ LINE, "renumber it now", "at character 10: \"renumber\" takes no operand", "" },
	{ LINE, "up a.x", "at character 1: there is no edit \"up\"",
		"The edits are add, remove, prefer, rename, raise, lower, level, renumber, ttl, preset, null-mx." },
	{ LINE, "rename a.x 20", "at character 12: \"20\" is a number, and a host belongs here",
		"A record has one preference and one host: 30 mx3.example.net." },
	{ LINE, "add 30 20 c.x", "at character 11: \"c.x\" is too much: write \"add PREF HOST\"", "" },
	{ LINE, "add 30", "at character 7: write \"add PREF HOST\"", "" },
	{ LINE, "ttl 1y", "at character 5: \"1y\" is not a duration", "Write it like 3600, 90s, 15m, 12h30m, 4d or 1w." },
	{ LINE, "ttl 3551w", "at character 5: a TTL is at most 2147483647 seconds (RFC 2181 section 8)", "" },
	{ LINE, "", "at character 1: an edit is empty", "" },
};

static void typed__is__refused__with_the_place_and_what_was_meant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct edits edits = { 0 };
		struct err err = { 0 };
		struct str says, hint;

		str_init(&says, 0);
		str_init(&hint, 0);
		assert_false(parse(refused[i].how, true, refused[i].typed, &edits, &err));
		assert_int_equal(edits.n, 0);
		assert_int_equal(err.code, ERR_USAGE);
		err_format(&err, NULL, &says);
		if (err.hint.id)
			msg_format(&err.hint, NULL, &hint);
		assert_string_equal(says.s, refused[i].says);
		assert_string_equal(hint.s, refused[i].hint);
		assert_false(parse(refused[i].how, true, refused[i].typed, &edits, NULL));
		str_release(&says);
		str_release(&hint);
		edits_release(&edits);
	}
}

/* Where nothing is shown before it counts, half a name is no name. */
static void typed__is_not_completed__on_the_command_line(void **state)
{
	struct edits edits = { 0 };
	struct err err = { 0 };
	struct str hint;

	(void)state;
	str_init(&hint, 0);
	assert_false(parse(LINE, false, "add 30 mx3", &edits, &err));
	msg_format(&err.hint, NULL, &hint);
	assert_string_equal(hint.s, "Did you mean mx3.exempel.com?");
	str_release(&hint);
	edits_release(&edits);
}

/* Every blank that a person can paste, and none besides. */
static void meant_trim__cuts__every_blank(void **state)
{
	static const struct {
		uint32_t from, to;
	} blanks[] = { { 0x09, 0x0d }, { 0x20, 0x20 }, { 0xa0, 0xa0 }, { 0x2000, 0x200b }, { 0x202f, 0x202f }, { 0x3000, 0x3000 },
		{ 0xfeff, 0xfeff } };

	(void)state;
	for (uint32_t cp = 1; cp < 0x10000; cp++) {
		char bytes[5] = "", text[20], out[MEANT_TEXT_MAX];
		bool blank = false;

		if (cp >= 0xd800 && cp < 0xe000)
			continue; /* no characters */
		for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++)
			blank = blank || (cp >= blanks[i].from && cp <= blanks[i].to);
		if (cp < 0x80)
			snprintf(bytes, sizeof(bytes), "%c", (int)cp);
		else if (cp < 0x800)
			snprintf(bytes, sizeof(bytes), "%c%c", (int)(0xc0 | cp >> 6), (int)(0x80 | (cp & 0x3f)));
		else
			snprintf(bytes, sizeof(bytes), "%c%c%c", (int)(0xe0 | cp >> 12), (int)(0x80 | (cp >> 6 & 0x3f)),
				(int)(0x80 | (cp & 0x3f)));
		snprintf(text, sizeof(text), "%s%sa%sb%s", bytes, bytes, bytes, bytes);
		meant_trim(text, out);
		if (blank)
			snprintf(text, sizeof(text), "a%sb", bytes);
		if (strcmp(out, text) != 0)
			fail_msg("U+%04x", (unsigned)cp);
		meant_trim(bytes, out);
		assert_string_equal(out, blank ? "" : bytes);
	}
}

/* Without what is meant by a host: each kind of text by name. */
static void meant_by__tells__each_kind(void **state)
{
	static const struct {
		const char *text;
		enum meant meant;
		const char *inside;
	} rows[] = {
		{ "", MEANT_NOTHING, NULL },
		{ " \t", MEANT_NOTHING, NULL },
		{ "@", MEANT_ZONE, NULL },
		{ "+7", MEANT_NUMBER, NULL },
		{ "-", MEANT_NAME, NULL },
		{ "7a", MEANT_NAME, NULL },
		{ "192.0.2.1:25", MEANT_ADDRESS, NULL },
		{ "[192.0.2.1]", MEANT_ADDRESS, NULL },
		{ "[192.0.2.1", MEANT_NAME, NULL },
		{ "[ipv6:::1]", MEANT_ADDRESS, NULL },
		{ "192.0.2.1:25:3", MEANT_PASTED, NULL },
		{ "a.test", MEANT_NAME, NULL },
		{ "a\\@b.test", MEANT_NAME, NULL },
		{ "a.test\\", MEANT_NAME, NULL },
		{ "ftp://a.test/x", MEANT_URL, "a.test" },
		{ "mx://a.test", MEANT_URL, "a.test" },
		{ "m://a.b.test", MEANT_URL, "a.b.test" },
		{ "mailto:eva@a.test", MEANT_MAIL, "a.test" },
		{ "mailto:", MEANT_MAIL, NULL },
		{ "mailto://eva@a.test", MEANT_MAIL, "a.test" },
		{ "eva@a.test", MEANT_MAIL, "a.test" },
		{ "Eva <eva@a.test>", MEANT_PASTED, "a.test" },
		{ "eva@a.test/x", MEANT_PASTED, "a.test" },
		{ "http://192.0.2.1/", MEANT_URL, NULL },
		{ "http://a/", MEANT_URL, NULL },
		{ "http://a..test/", MEANT_URL, NULL },
		{ "a.test:25", MEANT_PORT, "a.test" },
		{ "a.test:smtp", MEANT_PASTED, "a.test" },
		{ "(a.test:25", MEANT_PASTED, "a.test" },
		{ "a.test?x=1/", MEANT_PASTED, "a.test" },
		{ "'a.test'", MEANT_PASTED, "a.test" },
		{ "a.test, b.test", MEANT_PASTED, "a.test" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dname inside = { .len = 9 };
		char text[DNAME_TEXT_MAX];
		enum meant meant = meant_by(rows[i].text, &inside);

		if (meant != rows[i].meant)
			fail_msg("%s: %d", rows[i].text, (int)meant);
		assert_string_equal(inside.len ? dname_text(&inside, text) : "", rows[i].inside ? rows[i].inside : "");
	}
}

static void meant_host__refuses__what_no_host_can_be(void **state)
{
	static const struct {
		const char *typed, *says;
	} rows[] = {
		{ "a.5", "\"a.5\" is no host: its last label is a number" },
		{ "a.09", "\"a.09\" is no host: its last label is a number" },
		{ " 5 ", "\"5\" is a number, and a host belongs here" },
		{ "192.0.2.1 ", "\"192.0.2.1\" is an address, and an MX record names a host" },
		{ "a..b", "\"a..b\" has an empty label: a dot too many" },
		{ "", "a domain name is missing" },
		{ "a.5b", NULL },
		{ "a.b5", NULL },
		{ "5.a", NULL },
		{ "a./", "\"a./\" holds more than a name" },
		{ "a.:x", "\"a.:x\" holds more than a name" },
		{ ".", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dname host = { 0 };
		struct err err = { 0 };
		struct str says;

		str_init(&says, 0);
		if (meant_host(&host, rows[i].typed, &err) != !rows[i].says)
			fail_msg("%s", rows[i].typed);
		if (rows[i].says) {
			err_format(&err, NULL, &says);
			assert_string_equal(says.s, rows[i].says);
		}
		assert_int_equal(host.len > 0, !rows[i].says);
		str_release(&says);
	}
}

static void meant_domain__trims__and_tells_what_was_meant(void **state)
{
	static const struct {
		const char *typed, *domain, *says, *hint;
	} rows[] = {
		{ " example.org", "example.org", "", "" },
		{ "\xc2\xa0"
		  "example.org\t",
			"example.org", "", "" },
		{ "Example.ORG.", "example.org", "", "" },
		{ "b\\@d.example.org", "b\\@d.example.org", "", "" },
		{ "sp\\032ace.example.org", "sp\\032ace.example.org", "", "" },
		{ "2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa", "", "" },
		{ "info@example.org", NULL, "\"info@example.org\" is a mail address, and a name belongs here",
			"Did you mean example.org?" },
		{ "mailto:info@example.org", NULL, "\"mailto:info@example.org\" is a mail address, and a name belongs here",
			"Did you mean example.org?" },
		{ "http://example.org", NULL, "\"http://example.org\" is a URL, and a name belongs here", "Did you mean example.org?" },
		{ "https://user@example.org:8443/x?y", NULL, "\"https://user@example.org:8443/x?y\" is a URL, and a name belongs here",
			"Did you mean example.org?" },
		{ "example.org:25", NULL, "\"example.org:25\" has a port, and a name alone belongs here", "Did you mean example.org?" },
		{ "example.org/mail", NULL, "\"example.org/mail\" holds more than a name", "Did you mean example.org?" },
		{ "192.0.2.1", NULL, "\"192.0.2.1\" is an address, and a name belongs here", "" },
		{ "2001:db8::1", NULL, "\"2001:db8::1\" is an address, and a name belongs here", "" },
		{ "[IPv6:2001:db8::1]", NULL, "\"[IPv6:2001:db8::1]\" is an address, and a name belongs here", "" },
		{ "[2001:db8::1]:25", NULL, "\"[2001:db8::1]:25\" is an address, and a name belongs here", "" },
		{ "  ", NULL, "a domain name is missing", "" },
		{ "a..b", NULL, "\"a..b\" has an empty label: a dot too many", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dname domain = { 0 };
		struct err err = { 0 };
		char text[DNAME_TEXT_MAX];
		struct str says, hint;

		str_init(&says, 0);
		str_init(&hint, 0);
		assert_int_equal(meant_domain(&domain, rows[i].typed, &err), rows[i].domain != NULL);
		if (rows[i].domain) {
			assert_string_equal(dname_text(&domain, text), rows[i].domain);
		} else {
			err_format(&err, NULL, &says);
			if (err.hint.id)
				msg_format(&err.hint, NULL, &hint);
			assert_string_equal(says.s, rows[i].says);
			assert_string_equal(hint.s, rows[i].hint);
		}
		str_release(&says);
		str_release(&hint);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typed__is__understood),
		cmocka_unit_test(change__keeps__a_host_that_could_not_be_typed),
		cmocka_unit_test(wrong_word__is_told__by_its_number),
		cmocka_unit_test(typed__is__refused__with_the_place_and_what_was_meant),
		cmocka_unit_test(typed__is_not_completed__on_the_command_line),
		cmocka_unit_test(meant_trim__cuts__every_blank),
		cmocka_unit_test(meant_by__tells__each_kind),
		cmocka_unit_test(meant_host__refuses__what_no_host_can_be),
		cmocka_unit_test(meant_domain__trims__and_tells_what_was_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
