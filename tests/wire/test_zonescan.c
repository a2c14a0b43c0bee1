/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a zone file: what $GENERATE makes, and which names, TTLs and types are read or refused, to their limits. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "wire/zonetext.h"

#define SOA "$TTL 60\na. SOA a b 1 1 1 1 1\n"
#define L10 "1234567890"
#define L62 L10 L10 L10 L10 L10 L10 "12"

/* The zone a. with these lines from line 3 on; NULL: refused, and said has why. */
static struct zoneworld *world_of(const char *lines, struct str *said)
{
	struct zoneworld *world = zoneworld_new();
	struct err err = { 0 };
	struct str text;
	bool ok;

	str_init(&text, 0);
	str_addf(&text, SOA "%s", lines);
	str_clear(said);
	ok = zoneworld_add(world, "z", text.s, text.len, &err);
	if (!ok) {
		assert_int_equal(err.code, ERR_USAGE);
		err_format(&err, NULL, said);
		zoneworld_free(world);
	}
	str_release(&text);
	return ok ? world : NULL;
}

/* How many records of the type the name has; its TTL too. */
static size_t records(const struct zoneworld *world, const char *name, unsigned type, uint32_t *ttl_s)
{
	struct dns_question question = { .type = (enum dns_type)type };
	struct dns_answer answer = { 0 };
	size_t n = 0;

	assert_true(dname_parse(&question.name, name, NULL));
	zoneworld_ask(world, &question, &answer);
	for (size_t i = 0; i < answer.n; i++) {
		if (answer.record[i].section != SECTION_ANSWER || (unsigned)answer.record[i].type != type)
			continue;
		*ttl_s = answer.record[i].ttl_s;
		n++;
	}
	dns_answer_release(&answer);
	return n;
}

static const struct {
	const char *range, *name, *made, *not_made; /* names with a blank behind each; made NULL: refused */
} ranges[] = {
	{ "1-3", "h$", "h1.a h2.a h3.a ", "h0.a h4.a " },
	{ "1-5/2", "h$", "h1.a h3.a h5.a ", "h2.a h4.a h6.a h7.a " },
	{ "1-4/2", "h$", "h1.a h3.a ", "h4.a h5.a " },
	{ "0-0", "h$", "h0.a ", "h1.a " },
	{ "2147483647-2147483647", "h$", "h2147483647.a ", "" },
	{ "5-5", "h${3}", "h8.a ", "h5.a " },
	{ "5-5", "h${-5}", "h0.a ", "" },
	{ "5-5", "h${0,3}", "h005.a ", "h5.a " },
	{ "5-5", "h${1,2,d}x", "h06x.a ", "" },
	{ "10-10", "h${0,3,o}", "h012.a ", "" },
	{ "26-26", "h${0,0,x}", "h1a.a ", "" },
	{ "26-26", "h${0,4,X}", "h001a.a ", "" },
	{ "18-18", "${0,0,n}", "2.1.a ", "" },
	{ "18-18", "${0,1,n}", "2.1.a ", "" },
	{ "18-18", "${0,5,n}", "2.1.0.a ", "" },
	{ "0-0", "${0,0,n}", "0.a ", "" },
	{ "0-0", "h${0,62,d}", "h00000000000000000000000000000000000000000000000000000000000000.a ", "" },
	{ "0-0", "${0,64,n}a.", "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.a ", "" },
	{ "175-175", "${0,3,N}", "f.a.a ", "" },
	{ "1-2", "$-$", "1-1.a 2-2.a ", "1-2.a " },
	{ "1-1", "h$$", "h\\$.a ", "h1.a " },
	{ "1-1", "h\\$$", "h\\$1.a ", "h1.a " },
	{ "1-1", "h\\${9}", "h\\${9}.a ", "h9.a h10.a " },
	{ "3-1", "h$", NULL, "" },
	{ "1", "h$", NULL, "" },
	{ "-1", "h$", NULL, "" },
	{ "1-", "h$", NULL, "" },
	{ "1-2/", "h$", NULL, "" },
	{ "1-2/0", "h$", NULL, "" },
	{ "1/2-3", "h$", NULL, "" },
	{ "a-2", "h$", NULL, "" },
	{ "1-b", "h$", NULL, "" },
	{ "1-2147483648", "h$", NULL, "" },
	{ "1-1", "h${x}", NULL, "" },
	{ "1-1", "h${}", NULL, "" },
	{ "1-1", "h${1", NULL, "" },
	{ "1-1", "h${1,2,z}", NULL, "" },
	{ "1-1", "h${1,2,d,}", NULL, "" },
	{ "1-1", "h${-2}", NULL, "" },
	{ "2147483647-2147483647", "h${1}", NULL, "" },
	{ "1-1", "${0,65,n}", NULL, "" },
	{ "1-1", "h${000000001,00002,d000000000000000}", NULL, "" },
};

static void generate__makes__each_of_its_range(void **state)
{
	struct str said, lines;

	(void)state;
	str_init(&said, 0);
	str_init(&lines, 0);
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges) * 2; i++) {
		struct zoneworld *world;
		uint32_t ttl_s;

		str_clear(&lines);
		str_addf(&lines, i % 2 ? "$GENERATE %s %s A \"192.0.2.1\"\n" : "$GENERATE %s %s 7 IN A 192.0.2.1\n", ranges[i / 2].range,
			ranges[i / 2].name);
		world = world_of(lines.s, &said);
		if (!ranges[i / 2].made) {
			assert_null(world);
			assert_string_equal(said.s, "z, line 3: this $GENERATE is not understood");
			continue;
		}
		if (!world)
			fail_msg("%s: %s", lines.s, said.s);
		for (const char *at = ranges[i / 2].made, *list = at; list; at += strcspn(at, " ") + 1) {
			char name[100];

			if (!*at && list == ranges[i / 2].made)
				at = list = ranges[i / 2].not_made;
			if (!*at)
				break;
			snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, " "), at);
			if (records(world, name, DNS_A, &ttl_s) != (list == ranges[i / 2].made))
				fail_msg("%s: %s", lines.s, name);
			assert_int_equal(ttl_s, i % 2 ? 60 : 7);
		}
		zoneworld_free(world);
	}
	str_release(&said);
	str_release(&lines);
}

static void names__are_read__to_their_limits(void **state)
{
	static const struct {
		const char *word, *name, *said;
	} rows[] = {
		{ L62 "3", L62 "3.a", NULL },
		{ L62 "34", NULL, "z, line 3: a label is longer than 63 octets" },
		{ L62 "." L62 "." L62 "." L62 ".a.", L62 "." L62 "." L62 "." L62 ".a", NULL }, /* 255 octets */
		{ L62 "." L62 "." L62 "." L62, L62 "." L62 "." L62 "." L62 ".a", NULL },
		{ L62 "." L62 "." L62 "." L62 "3", NULL, "z, line 3: the name is longer than 255 octets" },
		{ L62 "." L62 "." L62 "." L62 "34.a.", NULL, "z, line 3: a label is longer than 63 octets" },
		{ L62 "." L62 "." L62 "." L62 ".aa.", NULL, "z, line 3: the name is longer than 255 octets" },
		{ L62 "." L62 "." L62 "." L62 ".a.a", NULL, "z, line 3: the name is longer than 255 octets" },
		{ "X\\065y", "xay.a", NULL },
		{ "x\\255", "x\\255.a", NULL },
		{ "x\\000", "x\\000.a", NULL },
		{ "x\\.y", "x\\.y.a", NULL },
		{ "x\\y", "xy.a", NULL },
		{ "x\\256", NULL, "z, line 3: a backslash must be followed by a character or by three digits up to 255" },
		{ "x\\25", NULL, "z, line 3: a backslash must be followed by a character or by three digits up to 255" },
		{ "x\\2a5", NULL, "z, line 3: a backslash must be followed by a character or by three digits up to 255" },
		{ "x\\25a", NULL, "z, line 3: a backslash must be followed by a character or by three digits up to 255" },
		{ "x..y", NULL, "z, line 3: an empty label: a dot too many" },
		{ ".x", NULL, "z, line 3: an empty label: a dot too many" },
		{ "x..", NULL, "z, line 3: an empty label: a dot too many" },
		{ "@", "a", NULL },
		{ "x.y.a.", "x.y.a", NULL },
	};
	struct str said, lines;

	(void)state;
	str_init(&said, 0);
	str_init(&lines, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct zoneworld *world;
		uint32_t ttl_s;

		str_clear(&lines);
		str_addf(&lines, "%s A 192.0.2.1\n", rows[i].word);
		world = world_of(lines.s, &said);
		assert_string_equal(said.s, rows[i].said ? rows[i].said : "");
		if (world && records(world, rows[i].name, DNS_A, &ttl_s) != 1)
			fail_msg("%s", rows[i].word);
		zoneworld_free(world);
	}
	str_release(&said);
	str_release(&lines);
}

static void ttls__are_read__as_bind_reads_them(void **state)
{
	static const struct {
		const char *word;
		long ttl_s; /* -1: no TTL, so the line is refused */
	} rows[] = {
		{ "0", 0 },
		{ "1", 1 },
		{ "7s", 7 },
		{ "2m", 120 },
		{ "2H", 7200 },
		{ "2d", 172800 },
		{ "2W", 1209600 },
		{ "1w1d1h1m1s", 694861 },
		{ "1m1h", 3660 },
		{ "2147483647", 2147483647 },
		{ "2147483648", 0 },
		{ "4294967295", 0 },
		{ "4294967296", -1 },
		{ "7102w", -1 },
		{ "1h30", -1 },
		{ "0h30", 30 },
		{ "1hh", -1 },
		{ "1y", -1 },
		{ "1h ", 3600 },
	};
	struct str said, lines;

	(void)state;
	str_init(&said, 0);
	str_init(&lines, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct zoneworld *world;
		uint32_t ttl_s = 0;

		str_clear(&lines);
		str_addf(&lines, "x %s A 192.0.2.1\n", rows[i].word);
		world = world_of(lines.s, &said);
		if (!world != (rows[i].ttl_s < 0))
			fail_msg("%s: %s", rows[i].word, said.s);
		if (world) {
			assert_int_equal(records(world, "x.a", DNS_A, &ttl_s), 1);
			assert_int_equal(ttl_s, rows[i].ttl_s);
		}
		zoneworld_free(world);
	}
	str_release(&said);
	str_release(&lines);
}

static void types__are_known__by_name_and_number(void **state)
{
	static const struct {
		const char *word;
		unsigned code; /* 0: refused */
	} rows[] = {
		{ "A6", 38 },
		{ "AMTRELAY", 260 },
		{ "ATMA", 34 },
		{ "AVC", 258 },
		{ "DOA", 259 },
		{ "DSYNC", 66 },
		{ "NINFO", 56 },
		{ "RESINFO", 261 },
		{ "RKEY", 57 },
		{ "SINK", 40 },
		{ "TA", 32768 },
		{ "WALLET", 262 },
		{ "wallet", 262 },
		{ "TYPE1", 0 }, /* an address has four octets */
		{ "TYPE65280", 65280 },
		{ "type65535", 65535 },
		{ "TYPE127", 127 },
		{ "TYPE256", 0 }, /* URI wants more */
		{ "TYPE0", 0 },
		{ "TYPE128", 0 },
		{ "TYPE255", 0 },
		{ "TYPE65536", 0 },
		{ "TYPEX", 0 },
		{ "MX10", 0 },
		{ "-NEW", 0 },
		{ "N_EW", 0 },
		{ "Z", 0 },
	};
	struct str said, lines;

	(void)state;
	str_init(&said, 0);
	str_init(&lines, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct zoneworld *world;
		uint32_t ttl_s;

		str_clear(&lines);
		str_addf(&lines, "x %s \\# 1 00\n", rows[i].word);
		world = world_of(lines.s, &said);
		if (!world != !rows[i].code)
			fail_msg("%s: %s", rows[i].word, said.s);
		if (world && records(world, "x.a", rows[i].code, &ttl_s) != 1)
			fail_msg("%s", rows[i].word);
		zoneworld_free(world);
	}
	str_release(&said);
	str_release(&lines);
}

static void zonetext_zones__tells__the_zones_that_the_owner_may_lie_in(void **state)
{
	static const struct {
		const char *text, *apexes; /* with a blank behind each; NULL: refused */
	} rows[] = {
		{ "", "" },
		{ "a. 60 SOA a b 1 1 1 1 1\n", "a " },
		{ "$ORIGIN x.a.\n@ 60 SOA a. b. 1 1 1 1 1\n", "x.a " },
		{ "b. 60 SOA a. b. 1 1 1 1 1\n", "b " }, /* the first is told, whatever it is */
		{ "a. 60 SOA a. b. 1 1 1 1 1\nb. 60 SOA a. b. 1 1 1 1 1\nx.a. 60 SOA a. b. 1 1 1 1 1\n", "a b x.a " },
		{ "a. 60 NS b.\n", "" },
		{ "@ 60 SOA a. b. 1 1 1 1 1\n", NULL },
		{ "a. 60 SOA ( a. b. 1 1 1 1 1\n", NULL },
	};
	struct dname owner;

	(void)state;
	assert_true(dname_parse(&owner, "h.x.a", NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct zonetext in = { .text = rows[i].text, .len = strlen(rows[i].text), .owner = &owner, .name = "z" };
		struct zonetext_zones zones = { .n = 9 };
		char text[DNAME_TEXT_MAX];
		struct err err = { 0 };
		struct str told;

		str_init(&told, 0);
		if (zonetext_zones(&in, &zones, &err) != !!rows[i].apexes)
			fail_msg("%s", rows[i].text);
		for (size_t k = 0; rows[i].apexes && k < zones.n; k++)
			str_addf(&told, "%s ", dname_text(&zones.apex[k], text));
		assert_string_equal(told.s, rows[i].apexes ? rows[i].apexes : "");
		str_release(&told);
	}
}

/* Of too many the last place is for one that the owner may lie in. */
static void zonetext_zones__keeps__as_many_as_have_room(void **state)
{
	struct zonetext_zones zones = { 0 };
	struct zonetext in = { .name = "z" };
	char text[DNAME_TEXT_MAX];
	struct dname owner;
	struct str lines;

	(void)state;
	assert_true(dname_parse(&owner, "h.x.a", NULL));
	str_init(&lines, 0);
	for (int i = 0; i < ZONETEXT_NS + 2; i++)
		str_addf(&lines, "z%d. 60 SOA a. b. 1 1 1 1 1\n", i);
	str_add(&lines, "a. 60 SOA a. b. 1 1 1 1 1\nx.a. 60 SOA a. b. 1 1 1 1 1\nb. 60 SOA a. b. 1 1 1 1 1\n");
	in.text = lines.s;
	in.len = lines.len;
	in.owner = &owner;
	assert_true(zonetext_zones(&in, &zones, NULL));
	assert_int_equal(zones.n, ZONETEXT_NS);
	assert_string_equal(dname_text(&zones.apex[0], text), "z0");
	assert_string_equal(dname_text(&zones.apex[ZONETEXT_NS - 2], text), "z14");
	assert_string_equal(dname_text(&zones.apex[ZONETEXT_NS - 1], text), "x.a");
	str_release(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generate__makes__each_of_its_range),
		cmocka_unit_test(names__are_read__to_their_limits),
		cmocka_unit_test(ttls__are_read__as_bind_reads_them),
		cmocka_unit_test(types__are_known__by_name_and_number),
		cmocka_unit_test(zonetext_zones__tells__the_zones_that_the_owner_may_lie_in),
		cmocka_unit_test(zonetext_zones__keeps__as_many_as_have_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
