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

static bool edit(const struct zonetext *in, const struct mxset *set, uint32_t today, struct str *out, struct err *err)
{
	struct zonetext_view view = { 0 };
	bool ok = zonetext_view(in, &view, err) && zonetext_replace_mx(in, &view, &(struct zonetext_edit){ set, today }, out, err);

	zonetext_view_release(&view);
	return ok;
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
	ok = edit(&(struct zonetext){ .text = text, .len = strlen(text), .zone = &zone, .owner = &owner }, &set, today, out, &err);
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
	{ "a longer preference takes of the blanks before the host", HEAD "@  IN MX 5    mx1\n", "example.com", "3600 1000 mx1.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@  IN MX 1000 mx1\n" },
	{ "and keeps one", HEAD "@  IN MX 5   mx1\n", "example.com", "3600 10000 mx1.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@  IN MX 10000 mx1\n" },
	{ "a tab behind it stays", HEAD "@ IN MX 500 \tmx1\n", "example.com", "3600 5 mx1.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@ IN MX 5 \tmx1\n" },
	{ "removed; a blank owner behind a tab is written", HEAD "mail MX 10 mx1\n\tA 192.0.2.1\n", "mail.example.com", "3600",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\nmail\tA 192.0.2.1\n" },
	{ "removed; a blank owner of one blank is written", HEAD "mail MX 10 mx1\n A 192.0.2.1\n", "mail.example.com", "3600",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\nmail A 192.0.2.1\n" },
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
	{ "the same host once more", HEAD "@ MX 10 mx1\n", "example.com", "3600 10 mx1.example.com 20 mx1.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@ MX 10 mx1\n@ MX 20 mx1\n" },
	{ "a whole name stays whole", HEAD "@ MX 10 mx1.example.com.\n", "example.com", "3600 10 mx9.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@ MX 10 mx9.example.com.\n" },
	{ "a short one stays short", HEAD "@ MX 10 mx1\n", "example.com", "3600 10 mx9.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@ MX 10 mx9\n" },
	{ "first MX of a zone, no newline at the end", HEAD "www A 192.0.2.1", "example.com", "3600 0 .",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@\tIN\tMX\t0 .\nwww A 192.0.2.1" },
	{ "first MX of a new name, no newline at the end", HEAD "www A 192.0.2.1", "new.example.com", "60 10 a.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\nwww A 192.0.2.1\nnew\t60\tIN\tMX\t10 a.example.com.\n" },
	{ "CRLF", "$TTL 1h\r\n@ SOA ns1 root 7 1 1 1 1\r\n@ MX 10 a\r\n@ MX 20 b\r\n", "example.com",
		"3600 10 a.example.com 20 b.example.com 30 c.example.com",
		"$TTL 1h\r\n@ SOA ns1 root 8 1 1 1 1\r\n@ MX 10 a\r\n@ MX 20 b\r\n@ MX 30 c\r\n" },
	{ "carriage returns alone", "$TTL 1h\r@ SOA ns1 root 7 1 1 1 1\r@ MX 10 a\rx CLASS01 A 192.0.2.1\r", "example.com",
		"3600 10 a.example.com 30 c.example.com",
		"$TTL 1h\r@ SOA ns1 root 8 1 1 1 1\r@ MX 10 a\r@ MX 30 c\rx CLASS01 A 192.0.2.1\r" },
	{ "one carriage return among newlines", HEAD "@ MX 10 a\r@ MX 20 b\nx TXT \"a\\\nb\"\n", "example.com",
		"3600 20 c.example.com 30 d.example.com 40 e.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@ MX 20 c\r@ MX 30 d\n@ MX 40 e\nx TXT \"a\\\nb\"\n" },
	{ "no newline behind a comment with a carriage return", HEAD "@ MX 10 a ; c\r", "example.com",
		"3600 10 a.example.com 20 b.example.com",
		"$TTL 3600\n@ IN SOA ns1 root 8 1h 15m 2w 5m\n\tNS ns1\n@ MX 10 a ; c\r\n@ MX 20 b\n" },
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

#define SERIAL_7 "@ IN SOA ns1 root 7 1h 15m 2w 5m\n"
#define SERIAL_8 "@ IN SOA ns1 root 8 1h 15m 2w 5m\n"

/* What a name server loads and nothing of MX depends on: kept byte by byte, whatever stands before and behind. */
static void zonetext_replace_mx__keeps__what_it_need_not_read(void **state)
{
	static const char *const kept[] = {
		/* types that the library does not know, and one that nobody knows yet */
		"x AMTRELAY 10 0 0 .\n",
		"x AVC \"a b\"\n",
		"x DOA 0 1 2 \"text/plain\" aGk=\n",
		"x RESINFO \"qnamemin\"\n",
		"x WALLET ETH 0x0\n",
		"*._dsync DSYNC CDS NOTIFY 5300 notify.example.net.\n",
		"x NINFO \"z\"\n",
		"x RKEY 0 255 1 AQ==\n",
		"x TA 1 8 2 ABCD\n",
		"x ATMA 39.246\n",
		"x SINK 1 0 0 AQ==\n",
		"x A6 0 2001:db8::1\n",
		"x COMING-2 ( a \"b ; c\" )\n",
		"x TYPE65400 \\# 2 ABCD\n",
		"x TYPE66 CDS NOTIFY 1 a.\n",
		"x CLASS1 TYPE1 \\# 4 C0000201\n",
		"x TYPE a\n",
		"x TXT a\fb\vc\n",
		/* lines that stand for others */
		"$GENERATE 10-20 pool-$ IN A 192.0.2.$\n",
		"$GENERATE 1-2 m$ MX \"10 mx$\"\n",
		"$INCLUDE hosts.inc hosts\n",
		"$INCLUDE \"more hosts.inc\"\n",
		/* a record that a name server leaves out */
		"out.example.net. A 192.0.2.1\n",
		/* below other names */
		"dn DNAME deep\n",
		"sub NS ns.sub\n",
		"al CNAME www\n",
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(kept) / sizeof(*kept); i++) {
		const char *line = kept[i / 2], *before = i % 2 ? line : "", *behind = i % 2 ? "" : line;
		char text[512], expected[512];
		struct str out;

		snprintf(text, sizeof(text), "$TTL 3600\n" SERIAL_7 "%s@ MX 10 mx1\n%s", before, behind);
		snprintf(expected, sizeof(expected), "$TTL 3600\n" SERIAL_8 "%s@ MX 10 mx1\n@ MX 20 mx2\n%s", before, behind);
		if (!replace(text, "example.com", "3600 10 mx1.example.com 20 mx2.example.com", 0, &out))
			fail_msg("%s: refused", line);
		assert_string_equal(out.s, expected);
		str_release(&out);
	}
}

/* Without a $TTL, what a $GENERATE makes inherits the TTL before it. */
static void zonetext_replace_mx__minds__what_others_inherit(void **state)
{
	static const struct {
		const char *text, *out; /* out NULL: refused */
	} rows[] = {
		{ "@ 60 SOA a b 1 1 1 1 1\n@ MX 10 a\n$GENERATE 1-2 g$ A 192.0.2.$\n", NULL },
		/* nothing is inherited where the minimum stands for $TTL */
		{ "@ SOA a b 1 1 1 1 60\n@ MX 10 a\n$GENERATE 1-2 g$ A 192.0.2.$\nx A 192.0.2.1\n",
			"@ SOA a b 2 1 1 1 60\n@ 90 MX 10 a\n$GENERATE 1-2 g$ A 192.0.2.$\nx A 192.0.2.1\n" },
		{ "@ SOA a b 1 1 1 1 90\n@ 60 MX 10 b\nx A 192.0.2.1\n", "@ SOA a b 2 1 1 1 90\n@ 90 MX 10 a\nx A 192.0.2.1\n" },
		{ "@ 60 SOA a b 1 1 1 1 1\n@ MX 10 a\n$GENERATE 1-2 g$ 60 A 192.0.2.$\nx A 192.0.2.1\n",
			"@ 60 SOA a b 2 1 1 1 1\n@ 90 MX 10 a\n$GENERATE 1-2 g$ 60 A 192.0.2.$\nx A 192.0.2.1\n" },
		{ "@ 60 SOA a b 1 1 1 1 1\n@ MX 10 a\nx A 192.0.2.1\n$GENERATE 1-2 g$ A 192.0.2.$\n",
			"@ 60 SOA a b 2 1 1 1 1\n@ 90 MX 10 a\nx 60 A 192.0.2.1\n$GENERATE 1-2 g$ A 192.0.2.$\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str out;

		assert_int_equal(replace(rows[i].text, "example.com", "90 10 a.example.com", 0, &out), rows[i].out != NULL);
		if (rows[i].out)
			assert_string_equal(out.s, rows[i].out);
		str_release(&out);
	}
}

static void zonetext_replace_mx__raises__both_serials_of_a_transfer(void **state)
{
	struct str out;

	(void)state;
	assert_true(replace("; <<>> DiG <<>> axfr\nexample.com. 60 IN SOA a. b. 7 1 1 1 1\nexample.com. 60 IN MX 10 m.example.com.\n"
			    "example.com. 60 IN SOA a. b. 7 1 1 1 1\n;; Query time: 2 msec\n",
		"example.com", "60 20 m.example.com", 0, &out));
	assert_string_equal(out.s, "; <<>> DiG <<>> axfr\nexample.com. 60 IN SOA a. b. 8 1 1 1 1\nexample.com. 60 IN MX 20 m.example.com.\n"
				   "example.com. 60 IN SOA a. b. 8 1 1 1 1\n;; Query time: 2 msec\n");
	str_release(&out);
}

/* MX records written as bytes, or by the number of their type (RFC 3597). */
static void zonetext_replace_mx__reads__generic_records(void **state)
{
	struct str out;

	(void)state;
	assert_true(replace(HEAD "@ TYPE15 \\# 5 000A 01 6D00\n@ TYPE15 20 n.\n", "example.com", "3600 10 m 30 n", 0, &out));
	assert_string_equal(out.s, "$TTL 3600\n" SERIAL_8 "\tNS ns1\n@ TYPE15 \\# 5 000A 01 6D00\n@ TYPE15 30 n.\n");
	str_release(&out);
}

static void zonetext_replace_mx__is_quick__with_many_records(void **state)
{
	enum { N = 60000 };
	struct str text, out;
	struct mxset set;
	struct dname zone;

	(void)state;
	assert_true(dname_parse(&zone, "example.com", NULL));
	str_init(&text, (size_t)64 << 20);
	str_init(&out, (size_t)64 << 20);
	mxset_init(&set);
	str_add(&text, "$TTL 60\n" SERIAL_7);
	for (unsigned i = 0; i < N; i++)
		str_addf(&text, "@ MX %u m%u\n", i * 7919u % N, i);
	assert_true(zonetext_read_mx(&(struct zonetext){ .text = text.s, .len = text.len, .zone = &zone, .owner = &zone }, &set, NULL));
	assert_int_equal(set.n, N);
	assert_int_equal(set.mx[1].preference, 1);
	set.mx[0].preference = N;
	mxset_sort(&set);
	assert_true(edit(&(struct zonetext){ .text = text.s, .len = text.len, .zone = &zone, .owner = &zone }, &set, 0, &out, NULL));
	assert_int_equal(out.len, text.len + strlen("60000") - strlen("0"));
	mxset_release(&set);
	str_release(&text);
	str_release(&out);
}

static const struct {
	const char *text, *owner, *said;
} refusals[] = {
	{ "$TTL 1\n@ NS ns1\n", "example.com", "the zone file has no SOA record" },
	{ HEAD, "example.net", "example.net lies outside the zone" },
	{ HEAD "al CNAME www\n", "al.example.com", "al.example.com is an alias (line 4): it cannot have MX records" },
	{ HEAD "sub NS ns1\n", "a.sub.example.com", "a.sub.example.com is delegated to another zone (line 4)" },
	{ HEAD "sub NS ns1\n", "sub.example.com", "sub.example.com is delegated to another zone (line 4)" },
	{ HEAD "dn DNAME deep\n", "a.dn.example.com",
		"a.dn.example.com lies below a DNAME (line 4): what stands there is never served (RFC 6672)" },
	{ HEAD "@ DNAME example.net.\n", "a.example.com",
		"a.example.com lies below a DNAME (line 4): what stands there is never served (RFC 6672)" },
	{ HEAD "$GENERATE 1-3 d$ DNAME deep\n", "a.d2.example.com",
		"a.d2.example.com lies below a DNAME (line 4): what stands there is never served (RFC 6672)" },
	{ HEAD "$GENERATE 1-3 @ MX \"1 a$\"\n", "example.com",
		"the zone file, line 4: this $GENERATE makes MX records of the name; change it there" },
	{ HEAD "$GENERATE 1-3 h${1,3} MX \"1 a$\"\n", "h004.example.com",
		"the zone file, line 4: this $GENERATE makes MX records of the name; change it there" },
	/* a name server takes one word for the data */
	{ HEAD "$GENERATE 1-3 h$ MX 10 a$\n", "example.com",
		"the zone file, line 4: what this $GENERATE makes of each record must be one word, or stand in quotation marks" },
	{ HEAD "$GENERATE 1-3 h$ TXT a \"b\"\n", "example.com",
		"the zone file, line 4: what this $GENERATE makes of each record must be one word, or stand in quotation marks" },
	{ HEAD "$GENERATE 1-3 h$ 60 IN TXT a \"b\"\n", "example.com",
		"the zone file, line 4: what this $GENERATE makes of each record must be one word, or stand in quotation marks" },
	{ HEAD "$GENERATE 3-1 h A 192.0.2.1\n", "example.com", "the zone file, line 4: this $GENERATE is not understood" },
	{ HEAD "$GENERATE 1-3 h${x} A 192.0.2.1\n", "example.com", "the zone file, line 4: this $GENERATE is not understood" },
	{ HEAD "$GENERATE 0-1000000 h$ A 192.0.2.1\n", "example.com",
		"the zone file, line 4: this $GENERATE makes more than 1000000 records" },
	{ "@ 60 SOA a b 1 1 1 1 1\n$INCLUDE x\n", "example.com",
		"the zone file, line 2: no $TTL stands before this directive: what its records inherit cannot be told" },
	{ HEAD "@ SOA ns1 root 8 1 1 1 1\n", "example.com", "the zone file, line 4: a second SOA record, or that of another zone" },
	{ HEAD "b SOA ns1 root 7 1h 15m 2w 5m\n", "example.com", "the zone file, line 4: a second SOA record, or that of another zone" },
	{ HEAD "@ MX 10\n", "example.com", "the zone file, line 4: too little or too much stands behind MX" },
	{ HEAD "@ NS\n", "example.com", "the zone file, line 4: too little or too much stands behind NS" },
	{ HEAD "@ NS a b\n", "example.com", "the zone file, line 4: too little or too much stands behind NS" },
	{ HEAD "@ NS a..b\n", "example.com", "the zone file, line 4: an empty label: a dot too many" },
	{ "@ 60 SOA a b 1 1 1 1\n", "example.com", "the zone file, line 1: too little or too much stands behind SOA" },
	{ "@ 60 SOA a b 1 1 1 1 1 1\n", "example.com", "the zone file, line 1: too little or too much stands behind SOA" },
	{ "@ 60 SOA a b 4294967296 1 1 1 1\n", "example.com", "the zone file, line 1: 4294967296 is no number from 0 to 4294967295" },
	{ "@ 60 SOA a b..c 1 1 1 1 1\n", "example.com", "the zone file, line 1: an empty label: a dot too many" },
	{ HEAD "@\n", "example.com", "the zone file, line 4: the record has no type" },
	{ HEAD "@ 60 IN\n", "example.com", "the zone file, line 4: the record has no type" },
	{ HEAD "$INCLUDE x a..b\n", "example.com", "the zone file, line 4: an empty label: a dot too many" },
	{ HEAD "$GENERATE 1-2 @ NS \"a..$\"\n", "example.com", "the zone file, line 4: an empty label: a dot too many" },
	{ HEAD "@ MX 10 a b\n", "example.com", "the zone file, line 4: too little or too much stands behind MX" },
	{ HEAD "www A 192.0.2.256\n", "example.com", "the zone file, line 4: 192.0.2.256 is no address of this kind" },
	{ HEAD "www AAAA 192.0.2.1\n", "example.com", "the zone file, line 4: 192.0.2.1 is no address of this kind" },
	{ HEAD "w CNAME a..b\n", "example.com", "the zone file, line 4: an empty label: a dot too many" },
	{ HEAD "w NS a b\n", "example.com", "the zone file, line 4: too little or too much stands behind NS" },
	{ HEAD "w MX x a\n", "example.com", "the zone file, line 4: x is no number from 0 to 65535" },
	{ HEAD "@ MX 70000 a\n", "example.com", "the zone file, line 4: 70000 is no number from 0 to 65535" },
	{ HEAD "@ MX 65536 a\n", "example.com", "the zone file, line 4: 65536 is no number from 0 to 65535" },
	{ HEAD "@ MX -1 a\n", "example.com", "the zone file, line 4: -1 is no number from 0 to 65535" },
	{ HEAD "@ MX +1 a\n", "example.com", "the zone file, line 4: +1 is no number from 0 to 65535" },
	{ HEAD "@ MX \"1\" a\n", "example.com", "the zone file, line 4: \"1\" is no number from 0 to 65535" },
	{ HEAD "@ MX 1 \"a\"\n", "example.com", "the zone file, line 4: a name in quotation marks" },
	{ HEAD "@ MX10 a\n", "example.com", "the zone file, line 4: MX10 is no record type" },
	{ HEAD "@ 60 60 MX 1 a\n", "example.com", "the zone file, line 4: 60 is no record type" },
	{ HEAD "@ 4294967296 MX 1 a\n", "example.com", "the zone file, line 4: 4294967296 is no record type" },
	{ HEAD "@ 1h30 MX 1 a\n", "example.com", "the zone file, line 4: 1h30 is no record type" },
	{ HEAD "@ IN IN MX 1 a\n", "example.com", "the zone file, line 4: IN is no record type" },
	{ HEAD "t TXT \"open\n", "example.com", "the zone file, line 4: a quotation mark is missing" },
	{ HEAD "t TXT ( a\n", "example.com", "the zone file, line 4: the parenthesis is never closed" },
	/* an escape does not go over the end of a line, however that is written */
	{ HEAD "@ MX 10 a\\\n", "example.com",
		"the zone file, line 4: a backslash must be followed by a character or by three digits up to 255" },
	{ HEAD "@ MX 10 a\\\r\n", "example.com",
		"the zone file, line 4: a backslash must be followed by a character or by three digits up to 255" },
	{ HEAD "t TXT a )\n", "example.com", "the zone file, line 4: a parenthesis too many" },
	{ HEAD "t CH TXT a\n", "example.com", "the zone file, line 4: only class IN is understood" },
	{ HEAD "t CLASS3 TXT a\n", "example.com", "the zone file, line 4: only class IN is understood" },
	{ HEAD "t CLASS65535 TXT a\n", "example.com", "the zone file, line 4: only class IN is understood" },
	{ HEAD "a..b A 192.0.2.1\n", "example.com", "the zone file, line 4: an empty label: a dot too many" },
	{ "\xEF\xBB\xBF" HEAD, "example.com", "the zone file, line 1: the file begins with a byte order mark" },
	{ "\xFF\xFE$\n", "example.com", "the zone file, line 1: the file begins with a byte order mark" },
	{ "@ MX 10 a\n", "example.com", "the zone file, line 1: no TTL, and no $TTL before" },
	{ "  MX 10 a\n", "example.com", "the zone file, line 1: the first record has no owner" },
	{ "", "example.com", "the zone file has no SOA record" },
};

static void zonetext_replace_mx__says__why_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		struct dname zone, owner;
		struct err err = { 0 };
		struct mxset set;
		struct str out, said;

		assert_true(dname_parse(&zone, "example.com", NULL));
		assert_true(dname_parse(&owner, refusals[i].owner, NULL));
		take_set(&set, "60 10 a");
		str_init(&out, 0);
		str_init(&said, 0);
		if (edit(&(struct zonetext){ .text = refusals[i].text, .len = strlen(refusals[i].text), .zone = &zone, .owner = &owner },
			    &set, 0, &out, &err))
			fail_msg("%s was taken: %s", refusals[i].text, out.s);
		err_format(&err, NULL, &said);
		assert_string_equal(said.s, refusals[i].said);
		assert_int_equal(err.code, ERR_USAGE);
		assert_int_equal(out.len, 0);
		mxset_release(&set);
		str_release(&out);
		str_release(&said);
	}
}

/* A set that cannot stand in a zone is no matter of the text. */
static void zonetext_replace_mx__refuses__a_set_that_is_none(void **state)
{
	static const char *const rows[] = { "60 70000 a", "60 10 a..b", "4000000000 10 a" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str out;

		assert_false(replace(HEAD, "example.com", rows[i], 0, &out));
		str_release(&out);
	}
}

static void zonetext_view__tells__what_else_counts(void **state)
{
	static const char text[] = "$TTL 90\n" SERIAL_7 "@ NS ns1\n@ NS b.example.net.\nx NS c.\n$INCLUDE one\n$ORIGIN o.example.com.\n"
				   "$INCLUDE \"two files\" p\n@ 60 RRSIG MX 8 2 60 20300101000000 20200101000000 1 . AQ==\n";
	struct zonetext_view view = { 0 };
	char name[DNAME_TEXT_MAX];
	struct dname zone;

	(void)state;
	assert_true(dname_parse(&zone, "example.com", NULL));
	assert_true(zonetext_view(&(struct zonetext){ .text = text, .len = strlen(text), .zone = &zone, .owner = &zone }, &view, NULL));
	assert_true(view.has_default);
	assert_int_equal(view.default_s, 90);
	assert_int_equal(view.n_ns, 2);
	assert_string_equal(dname_text(&view.ns[0], name), "ns1.example.com");
	assert_string_equal(dname_text(&view.ns[1], name), "b.example.net");
	assert_int_equal(view.signed_line, 9);
	assert_int_equal(view.n_include, 2);
	assert_string_equal(view.include[0].path, "one");
	assert_int_equal(view.include[0].line, 6);
	assert_string_equal(dname_text(&view.include[0].origin, name), "example.com");
	assert_string_equal(view.include[1].path, "two files");
	assert_string_equal(dname_text(&view.include[1].origin, name), "p.o.example.com");
	zonetext_view_release(&view);
}

static void zonetext_included__refuses__what_bears_on_the_name(void **state)
{
	static const struct {
		const char *text, *said; /* NULL: nothing to say */
	} rows[] = {
		{ "pc1 60 A 192.0.2.1\nb 60 MX 10 mx\n", NULL },
		{ "@ 60 MX 10 mx\n", "MX records of a.example.com stand in f, an included file: change them there" },
		{ "@ 60 CNAME b\n", "f: a.example.com is an alias (line 1): it cannot have MX records" },
		{ "example.com. 60 DNAME b\n",
			"f: a.example.com lies below a DNAME (line 1): what stands there is never served (RFC 6672)" },
		{ "$INCLUDE g\n", "f, line 1: an included file that includes another is not followed" },
		{ "$TTL 60\n", "f, an included file, has a $TTL: what the records behind it inherit cannot be told" },
		{ "pc1 A 192.0.2.1\n", NULL },
		{ "@ MX\n", "f, line 1: too little or too much stands behind MX" },
	};
	struct dname origin;

	(void)state;
	assert_true(dname_parse(&origin, "a.example.com", NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { 0 };
		struct str said;
		bool ok = zonetext_included(&(struct zonetext){ rows[i].text, strlen(rows[i].text), &origin, &origin, "f" }, &err);

		str_init(&said, 0);
		if (err.code)
			err_format(&err, NULL, &said);
		assert_int_equal(ok, !rows[i].said);
		assert_string_equal(said.s, rows[i].said ? rows[i].said : "");
		str_release(&said);
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
		/* the least and the greatest that are dates, and their neighbours */
		{ "1970010100", 20261123, "2026112301" },
		{ "1969123199", 20261123, "1969123200" },
		{ "2025123100", 20261123, "2026112301" },
		{ "2025000100", 20261123, "2025000101" },
		{ "2025130100", 20261123, "2025130101" },
		{ "2025010000", 20261123, "2025010001" },
		{ "2025013200", 20261123, "2025013201" },
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
		assert_true(zonetext_read_mx(
			&(struct zonetext){ .text = rows[i].text, .len = strlen(rows[i].text), .zone = &zone, .owner = &zone }, &set,
			NULL));
		assert_int_equal(set.ttl_s, rows[i].ttl_s);
		assert_int_equal(set.n, rows[i].n);
		mxset_release(&set);
	}
}

static void zonetext_read_mx__says__why_not(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *said;
	} rows[] = {
		{ "$TTL 1\n@ MX 10 a\n$INCLUDE f\n", 0,
			"the zone file, line 3: $INCLUDE is not followed here; put the records themselves into the file" },
		{ "$TTL 1\n@ MX 1\0 a\n", 19, "the zone file, line 2: a zero byte is no zone text" },
		{ "$TTL 1\n\0\n", 9, "the zone file, line 2: a zero byte is no zone text" },
		{ "$TTL 1\n@ MX x a\n", 0, "the zone file, line 2: x is no number from 0 to 65535" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err err = { 0 };
		struct dname zone;
		struct mxset set;
		struct str said;

		mxset_init(&set);
		str_init(&said, 0);
		set.ttl_s = 7;
		assert_true(dname_parse(&zone, "example.com", NULL));
		assert_false(zonetext_read_mx(&(struct zonetext){ .text = rows[i].text,
						      .len = rows[i].len ? rows[i].len : strlen(rows[i].text),
						      .zone = &zone,
						      .owner = &zone },
			&set, &err));
		err_format(&err, NULL, &said);
		assert_string_equal(said.s, rows[i].said);
		assert_int_equal(set.ttl_s, 7);
		str_release(&said);
		mxset_release(&set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zonetext_replace_mx__changes__only_that),
		cmocka_unit_test(zonetext_replace_mx__keeps__what_it_need_not_read),
		cmocka_unit_test(zonetext_replace_mx__minds__what_others_inherit),
		cmocka_unit_test(zonetext_replace_mx__raises__both_serials_of_a_transfer),
		cmocka_unit_test(zonetext_replace_mx__reads__generic_records),
		cmocka_unit_test(zonetext_replace_mx__is_quick__with_many_records),
		cmocka_unit_test(zonetext_replace_mx__says__why_not),
		cmocka_unit_test(zonetext_replace_mx__refuses__a_set_that_is_none),
		cmocka_unit_test(zonetext_view__tells__what_else_counts),
		cmocka_unit_test(zonetext_included__refuses__what_bears_on_the_name),
		cmocka_unit_test(zonetext_replace_mx__raises__the_serial),
		cmocka_unit_test(zonetext_read_mx__knows__ttl_rules),
		cmocka_unit_test(zonetext_read_mx__says__why_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
