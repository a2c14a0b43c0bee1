/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPF records, term by term. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/str.h"
#include "wire/spf.h"

static struct text text_of(const char *s)
{
	return (struct text){ s, strlen(s) };
}

/* "QUALIFIER KIND DOMAIN|...", '%' for a macro, '!' where it does not count as a lookup. */
static void terms(const char *record, struct str *out)
{
	static const char *const kinds[] = { "all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists", "redirect", "exp", "modifier",
		"bad" };
	struct text rest = text_of(record);
	char name[DNAME_TEXT_MAX];
	struct spf_term term;

	str_clear(out);
	while (spf_next(&rest, &term)) {
		str_addf(out, "%s%s%s%s", out->len ? "|" : "", term.qualifier ? (char[]){ term.qualifier, 0 } : "", kinds[term.kind],
			spf_asks(&term) ? "" : "!");
		if (term.has_macro)
			str_add(out, " %");
		else if (term.has_domain && term.kind != SPF_BAD)
			str_addf(out, " %s", dname_text(&term.domain, name));
	}
}

static void spf__terms(void **state)
{
	static const struct {
		const char *record, *said;
	} rows[] = {
		{ "v=spf1 -all", "-all!" },
		{ "v=spf1", "" },
		{ "V=SPF1  mx   ~all ", "+mx|~all!" },
		{ "v=spf1 mx:a.example/24//64 ?a:b.example", "+mx a.example|?a b.example" },
		{ "v=spf1 mx/24 a//48 mx//129 a/33 a/ mx/024", "+mx|+a|+bad!|+bad!|+bad!|+bad!" },
		{ "v=spf1 include:_spf.a.example -include:b.example", "+include _spf.a.example|-include b.example" },
		{ "v=spf1 include include: include:a..b", "+bad!|+bad!|+bad!" },
		{ "v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.1 ip6:2001:db8::/32 ip6:::1", "+ip4!|+ip4!|+ip6!|+ip6!" },
		{ "v=spf1 ip4:2001:db8::1 ip6:192.0.2.1 ip4:192.0.2.0/33 ip6:::/129 ip4 ip4:x", "+bad!|+bad!|+bad!|+bad!|+bad!|+bad!" },
		{ "v=spf1 ip4:192.0.2.0/2x ip4:192.0.2.0/2: ip4:192.0.2.0/2/ ip4:192.0.2.0/0x2 ip4:192.0.2.0/ ip4:192.0.2.0/032",
			"+bad!|+bad!|+bad!|+bad!|+bad!|+bad!" },
		{ "v=spf1 ip6:2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001 ip4:192.0.2.0/0 ip6:::/0 ip6:::/128 ip4:192.0.2.0/9",
			"+bad!|+ip4!|+ip6!|+ip6!|+ip4!" },
		{ "v=spf1 ip6:2001:0db8:0000:0000:0000:0000:0000:0001/128 ip6:0000:0000:0000:0000:0000:ffff:255.255.255.255",
			"+ip6!|+ip6!" },
		{ "v=spf1 exists:%{i}._spf.a.example ptr ptr:a.example", "+exists %|+ptr|+ptr a.example" },
		{ "v=spf1 redirect=_spf.a.example exp=e.a.example x-new=1", "redirect _spf.a.example|exp!|modifier!" },
		{ "v=spf1 +redirect=a.example =x", "+bad!|bad!" },
		{ "v=spf1 all:x -all", "+bad!|-all!" },
		/* what names a domain ends in a top-level label behind a dot, or in a macro (section 7.1) */
		{ "v=spf1 a:192.0.2.1 mx:192.0.2.1 include:192.0.2.1 redirect=192.0.2.1 exp=192.0.2.1", "+bad!|+bad!|+bad!|bad!|bad!" },
		{ "v=spf1 a:a.1x a:a.x1 a:1.2x. a:a.b-c a:a.-b a:a.b- a:a.b_c a:_a.b",
			"+a a.1x|+a a.x1|+a 1.2x|+a a.b-c|+bad!|+bad!|+bad!|+a _a.b" },
		{ "v=spf1 include:localhost a:a. a:.a a:a mx:.", "+bad!|+bad!|+bad!|+bad!|+bad!" },
		{ "v=spf1 a:b\xc3\xa4.example a:b\x7f.example x=\xc3\xa4 x=\x1f", "+bad!|+bad!|bad!|bad!" },
		/* macros (section 7.1) */
		{ "v=spf1 exists:%{i}.%{d2r}.%{L1-}.%%.%_.%-.a.b exists:%{ir}.%{v}._spf.%{d2} exists:%{d1r.-+,/_=}",
			"+exists %|+exists %|+exists %" },
		{ "v=spf1 exists:%{x}.a.b exists:%{i.a.b exists:%i.a.b exists:a.b% exists:%{d0}.a.b exists:%{}.a.b exists:%(d).a.b exists:%{d2x}.a.b",
			"+bad! %|+bad! %|+bad! %|+bad! %|+bad! %|+bad! %|+bad! %|+bad! %" },
		{ "v=spf1 exists:%{d10}.a.b exists:%{i}.a exists:%{i}.1 exists:%{i}a exists:%{i}.a. exists:%{i}.",
			"+exists %|+exists %|+bad! %|+bad! %|+exists %|+bad! %" },
		{ "v=spf1 x=%{d} x=%{q} exp=%{q}.a.b exp=e.%{d} exp= x=", "modifier!|bad!|bad!|exp!|bad!|modifier!" },
		{ "v=spf1 1x=a _x=a x_1.-=a", "bad!|bad!|modifier!" },
		{ "v=spf1 nonsense ipv4:192.0.2.1", "+bad!|+bad!" },
	};
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		terms(rows[i].record, &out);
		assert_string_equal(out.s ? out.s : "", rows[i].said);
	}
	str_release(&out);
}

static void spf__which_records_count(void **state)
{
	static const struct {
		const char *text;
		bool is, nearly;
	} rows[] = { { "v=spf1", true, false }, { "v=spf1 -all", true, false }, { "V=Spf1 -all", true, false }, { "v=spf10", false, true },
		{ "v=spf1;-all", false, true }, { " v=spf1", false, true }, { "\"v=spf1 -all\"", false, true },
		{ "spf1 mx -all", false, true }, { "v=spf mx", false, true }, { "spf2.0/pra", false, false }, { "spf", false, false },
		{ "", false, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(spf_is_record(text_of(rows[i].text)), rows[i].is);
		assert_int_equal(spf_is_nearly(text_of(rows[i].text)), rows[i].nearly);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(spf__terms), cmocka_unit_test(spf__which_records_count) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
