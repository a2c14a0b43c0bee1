/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "wire/zonetext.h"

static const char first[] =
	"$ORIGIN example.com.\n$TTL 60\n@ SOA ns1 root 5 1 1 1 30\n@ NS ns1\n@ MX 10 mx\n@ MX 20 b\nmx A 192.0.2.1\nmx AAAA 2001:db8::1\n"
	"al CNAME mx\nfar CNAME x.example.net.\nout CNAME y.example.org.\nloop CNAME pool\npool CNAME loop\n"
	"*.wild A 192.0.2.9\nthere.wild TXT t\nd.e.f A 192.0.2.2\ncut NS ns.elsewhere.example.\ngiven NS ns.given\n"
	"\\042odd TYPE65534 \\# 2 ABCD\n";
static const char second[] = "$TTL 60\nexample.net. SOA ns1 root 5 1 1 1 30\nx A 192.0.2.3\n";
static const char third[] = "$TTL 60\ngiven.example.com. SOA ns1.example.com. root 5 1 1 1 30\nh A 192.0.2.4\n";

/* 251 octets */
#define L50 "12345678901234567890123456789012345678901234567890"
#define LONG L50 "." L50 "." L50 "." L50 ".1234567890123456789012345678901234567890"

#define D20 "0123456789ABCDEF0123456789ABCDEF01234567"
#define SOA "$TTL 60\na. SOA a b 1 1 1 1 1\n"

static struct zoneworld *world_of(void)
{
	struct zoneworld *world = zoneworld_new();

	assert_true(zoneworld_add(world, "first", first, strlen(first), NULL));
	assert_false(zoneworld_add(world, "first again", first, strlen(first), NULL));
	assert_true(zoneworld_add(world, "second", second, strlen(second), NULL));
	assert_true(zoneworld_add(world, "third", third, strlen(third), NULL));
	return world;
}

static void zoneworld_ask__answers__as_a_resolver(void **state)
{
	static const struct {
		const char *name;
		enum dns_type type;
		enum answer answer;
		size_t n_alias, n;
	} rows[] = {
		{ "example.com", DNS_MX, ANSWER_DATA, 0, 2 },
		{ "EXAMPLE.com", DNS_TXT, ANSWER_NODATA, 0, 1 },
		{ "mx.example.com", DNS_AAAA, ANSWER_DATA, 0, 1 },
		{ "no.example.com", DNS_A, ANSWER_NXDOMAIN, 0, 1 },
		{ "al.example.com", DNS_A, ANSWER_DATA, 1, 2 },
		{ "al.example.com", DNS_CNAME, ANSWER_DATA, 0, 1 },
		{ "far.example.com", DNS_A, ANSWER_DATA, 1, 2 },
		{ "out.example.com", DNS_A, ANSWER_SERVFAIL, 1, 1 },
		{ "loop.example.com", DNS_A, ANSWER_BROKEN, 1, 10 },
		{ "any.wild.example.com", DNS_A, ANSWER_DATA, 0, 1 },
		{ "any.there.wild.example.com", DNS_A, ANSWER_NXDOMAIN, 0, 1 },
		{ "there.wild.example.com", DNS_A, ANSWER_NODATA, 0, 1 },
		{ "e.f.example.com", DNS_A, ANSWER_NODATA, 0, 1 },
		{ "cut.example.com", DNS_A, ANSWER_SERVFAIL, 0, 0 },
		{ "a.cut.example.com", DNS_A, ANSWER_SERVFAIL, 0, 0 },
		{ "h.given.example.com", DNS_A, ANSWER_DATA, 0, 1 },
		{ "given.example.com", DNS_DS, ANSWER_NODATA, 0, 1 },
		{ "\\042odd.example.com", DNS_A, ANSWER_NODATA, 0, 1 },
		{ "example.org", DNS_A, ANSWER_SERVFAIL, 0, 0 },
	};
	struct zoneworld *world = world_of();
	struct dns_answer answer = { 0 };

	(void)state;
	assert_int_equal(zoneworld_zones(world), 3);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dname alias[FACTS_ALIASES], final;
		struct dns_question question = { .type = rows[i].type };
		enum answer got;
		size_t n_alias;

		assert_true(dname_parse(&question.name, rows[i].name, NULL));
		zoneworld_ask(world, &question, &answer);
		got = dns_answer_read(&answer, &question, alias, &n_alias, &final);
		if (got != rows[i].answer || n_alias != rows[i].n_alias || answer.n != rows[i].n)
			fail_msg("%s: answer %d, %zu aliases, %zu records", rows[i].name, (int)got, n_alias, answer.n);
	}
	dns_answer_release(&answer);
	zoneworld_free(world);
}

static const struct {
	const char *text, *said;
} refused[] = {
	{ "$ORIGIN a.\n$TTL 60\n@ SOA a b 1 1 1 1 1\nx A 192.0.2.999\n", "z, line 4: 192.0.2.999 is no address of this kind" },
	{ "a. 60 SOA a. b. 1 1 1 1 1\nb. 60 SOA a. b. 1 1 1 1 1\na. 60 SOA a. b. 1 1 1 1 1\n", "z, line 3: the zone is given twice" },
	{ "$TTL 60\nx A 192.0.2.1\n", "z, line 2: no $ORIGIN says what this name is relative to" },
	{ "$ORIGIN a.\n$TTL 60\nx A 192.0.2.1\n", "z holds no zone: there is no SOA record" },
	{ SOA "@ MX 70000 x\n", "z, line 3: 70000 is no number from 0 to 65535" },
	{ SOA "@ MX -1 x\n", "z, line 3: -1 is no number from 0 to 65535" },
	{ SOA "@ MX 65536 x\n", "z, line 3: 65536 is no number from 0 to 65535" },
	{ SOA "@ MX 0x10 x\n", "z, line 3: 0x10 is no number from 0 to 65535" },
	{ SOA "@ SRV 1 2 65536 x\n", "z, line 3: 65536 is no number from 0 to 65535" },
	{ SOA "@ SRV 1 -2 3 x\n", "z, line 3: -2 is no number from 0 to 65535" },
	{ SOA "@ SRV 1 2 3 \"x\"\n", "z, line 3: quotation marks where a number, a name or an address stands" },
	{ SOA "@ TYPE165 \\# 1 00\n", "z, line 3: TYPE165 is no record type" },
	{ SOA "@ CAA 256 issue \"x\"\n", "z, line 3: 256 is no number from 0 to 255" },
	{ SOA "@ TLSA 3 1 300 AB\n", "z, line 3: 300 is no number from 0 to 255" },
	{ SOA "@ NAPTR 100000 10 \"\" \"\" \"\" .\n", "z, line 3: 100000 is no number from 0 to 65535" },
	{ "$TTL 60\na. SOA a b 4294967296 1 1 1 1\n", "z, line 2: 4294967296 is no number from 0 to 4294967295" },
	{ "$TTL 60\na. SOA a b 1 1 1 1 -5\n", "z, line 2: -5 is no number from 0 to 4294967295" },
	{ SOA "@ 4294967296 A 192.0.2.1\n", "z, line 3: 4294967296 is no record type" },
	{ SOA "@ MX10 x\n", "z, line 3: MX10 is no record type" },
	{ SOA "@ A 192.0.2.1 5\n", "z, line 3: too little or too much stands behind A" },
	{ SOA "@ AAAA 192.0.2.1\n", "z, line 3: 192.0.2.1 is no address of this kind" },
	{ SOA "@ DSYNC\n", "z, line 3: too little or too much stands behind DSYNC" },
	{ SOA "@ TXT\n", NULL },
	{ SOA "@ TYPE999 abcd\n", NULL },
	{ SOA "\n$INCLUDE x\n", "z, line 4: $INCLUDE is not followed here; put the records themselves into the file" },
	{ SOA "x CNAME b\nx MX 10 b\n", "z, line 4: an alias (CNAME) and another record at one name" },
	{ SOA "x MX 10 b\nx CNAME b\n", "z, line 4: an alias (CNAME) and another record at one name" },
	{ SOA "x CNAME b.ab.\nx CNAME b.ac.\n", "z, line 4: a name has one SOA, CNAME or DNAME record, not two" },
	{ SOA "x CNAME b\nx CNAME c\n", "z, line 4: a name has one SOA, CNAME or DNAME record, not two" },
	{ SOA "a. SOA a b 2 1 1 1 1\n", "z, line 3: a name has one SOA, CNAME or DNAME record, not two" },
	{ "\xEF\xBB\xBF" SOA, "z, line 1: the file begins with a byte order mark" },
	{ "; nothing\n", "z holds no zone: there is no SOA record" },
	{ "$ORIGIN a..b.\n", NULL },
	{ "$TTL x\n", "z, line 1: this directive is not understood" },
	{ "$DATE 1\n", "z, line 1: this directive is not understood" },
	{ SOA "$TTL 60", "z, line 3: the file ends in a directive without a line end" },
	{ SOA "$ORIGIN b. ; c", "z, line 3: the file ends in a directive without a line end" },
	{ SOA "$GENERATE 1-2 x$ A 192.0.2.$", "z, line 3: the file ends in a directive without a line end" },
	{ SOA "x CLASS2 A 192.0.2.1\n", "z, line 3: only class IN is understood" },
	{ SOA "x CLASS000001 A 192.0.2.1\n", "z, line 3: CLASS000001 is no record type" },
	{ SOA "x CLASS 1\n", "z, line 3: CLASS is no record type" },
	{ SOA "x TYPE000001 192.0.2.1\n", "z, line 3: TYPE000001 is no record type" },
	{ SOA "x TYPE41 \\# 0\n", "z, line 3: TYPE41 is no record type" },
	{ SOA "x MD b\n", "z, line 3: MD is no record type" },
	{ SOA "x\fA 192.0.2.1\n", "z, line 3: 192.0.2.1 is no record type" },
	{ SOA "x A 192.0.2.1\rlone\n", "z, line 3: the record has no type" },
	{ SOA "x MX \\# 2 000a\n", "z, line 3: too little or too much stands behind MX" },
	{ SOA "x MX \\# 6 000a01610000\n", "z, line 3: too little or too much stands behind MX" },
	{ SOA "x TXT \\# 0\n", "z, line 3: too little or too much stands behind TXT" },
	{ SOA "x DS 1 8 1 ABCD\n", "z, line 3: a digest of another length than its type has" },
	{ SOA "x DS 1 8 2 " D20 "\n", "z, line 3: a digest of another length than its type has" },
	{ SOA "x DS 1 8 4 " D20 D20 "\n", "z, line 3: a digest of another length than its type has" },
	{ SOA "x DS \\# 6 00010801ABCD\n", "z, line 3: a digest of another length than its type has" },
	{ SOA "x CDS 1 8 1 AB\n", "z, line 3: a digest of another length than its type has" },
	{ SOA "x DLV 1 8 1 AB\n", "z, line 3: a digest of another length than its type has" },
	{ SOA "x SSHFP 1 2 " D20 "\n", "z, line 3: a digest of another length than its type has" },
	{ SOA "x ZONEMD 1 1 1 " D20 "\n", "z, line 3: a digest of another length than its type has" },
	{ SOA "x NS b\n@ DS 1 8 1 " D20 "\n", "z, line 4: a DS record at the top of its own zone: it belongs to the zone above" },
	{ SOA "\\[x41/8] A 192.0.2.1\n", "z, line 3: a label that begins with \\[ was a string of bits, which no name server reads" },
	{ SOA "x TXT \"a\\\nb\"\nx CNAME y\n", "z, line 5: an alias (CNAME) and another record at one name" },
};

static void zoneworld_add__names__the_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct zoneworld *world = zoneworld_new();
		struct err err = { 0 };
		struct str said;

		str_init(&said, 0);
		if (zoneworld_add(world, "z", refused[i].text, strlen(refused[i].text), &err))
			fail_msg("taken: %s", refused[i].text);
		assert_int_equal(err.code, ERR_USAGE);
		err_format(&err, NULL, &said);
		if (refused[i].said)
			assert_string_equal(said.s, refused[i].said);
		assert_int_equal(zoneworld_zones(world), 0);
		str_release(&said);
		zoneworld_free(world);
	}
}

static struct zoneworld *read_world(const char *text, const char *domain)
{
	struct zoneworld *world = zoneworld_new();
	struct err err = { 0 };
	struct dname name;
	struct str said;

	assert_true(!domain || dname_parse(&name, domain, NULL));
	str_init(&said, 0);
	if (!zoneworld_read(world, &(struct zoneworld_text){ "z", text, strlen(text), domain ? &name : NULL }, &err)) {
		err_format(&err, NULL, &said);
		fail_msg("%s: %s", text, said.s);
	}
	str_release(&said);
	return world;
}

static bool names_another(const struct dns_record *record)
{
	return record->type != DNS_A && record->type != DNS_AAAA;
}

static const struct dname *other_name(const struct dns_record *record)
{
	return record->type == DNS_MX ? &record->mx.host : record->type == DNS_SOA ? &record->soa.primary : &record->target;
}

/* "ANSWER: OWNER TYPE DATA, ..." of a question; "-" before it where nobody was asked. */
static void ask(const struct zoneworld *world, const char *name, enum dns_type type, struct str *out)
{
	struct dns_question question = { .type = type };
	struct dns_answer answer = { 0 };
	char owner[DNAME_TEXT_MAX], target[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];

	str_clear(out);
	assert_true(dname_parse(&question.name, name, NULL));
	if (!zoneworld_ask(world, &question, &answer))
		str_add(out, "-");
	str_addf(out, "%d", answer.rcode);
	for (size_t i = 0; i < answer.n; i++) {
		const struct dns_record *record = &answer.record[i];

		if (record->section == SECTION_ANSWER)
			str_addf(out, ", %s %d %u %s%s", dname_text(&record->owner, owner), (int)record->type, (unsigned)record->ttl_s,
				names_another(record) ? dname_text(other_name(record), target) : "",
				names_another(record) ? "" : addr_text(&record->addr, addr));
	}
	dns_answer_release(&answer);
}

/* What named-checkzone 9.18 loads, each of it with the MX records of "a". */
static void zoneworld_add__reads__what_bind_loads(void **state)
{
	static const char *const rows[] = {
		SOA "@ CLASS1 MX 10 m\n",
		SOA "@ class01 MX 10 m\n",
		SOA "@ 60 CLASS00001 MX 10 m\n",
		SOA "@ CLASS0 60 MX 10 m\n",
		SOA "@ TYPE00015 10 m\n",
		SOA "@ MX \\# 7 000a 016d016100\n",
		"$TTL 60\ra. SOA a b 1 1 1 1 1\r@ MX 10 m\r",
		"$TTL 60\ra. SOA a b 1 1 1 1 1\r@ MX 10 m",
		"$TTL 60\r\r\na. SOA a b (1\r1 1\r\n1 1)\r\r\n@ MX 10 m\r\r\n",
		SOA "x A 192.0.2.1\r@ MX 10 m ; a comment goes to the newline \r@ MX 20 n\n",
		SOA "@ MX 10 m\n$TTL 60\r",
		SOA "@ MX 10 m\n$DATE 20260101000000\n",
		SOA "@ MX 10 m\nx TXT \"a\\\nb\"\n",
		SOA "@ MX 10 m\nx TXT a\fb\n",
		SOA "@ MX 10 m\nx CAA 0 issue ca.example.net\n",
		SOA "@ MX 10 m\nx HTTPS 1 . alpn=\"h2,h3\" port=\"5\"\n",
		SOA "@ MX 10 m\nx NXT b A MX\n",
		SOA "@ MX 10 m\nx CNAME b\nx NSEC3 1 0 0 - 2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3S A\n",
		SOA "@ MX 10 m\nx DS 1 8 1 " D20 "\nx DS 1 8 3 AB\nx CDS 0 0 0 00\nx SSHFP 1 9 AB\n",
	};
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct zoneworld *world = read_world(rows[i], NULL);

		ask(world, "a", DNS_MX, &out);
		if (strcmp(out.s, "0, a 15 60 m.a") != 0)
			fail_msg("%s: %s", rows[i], out.s);
		zoneworld_free(world);
	}
	str_release(&out);
}

static void zoneworld_ask__follows__dname(void **state)
{
	static const struct {
		const char *name;
		enum dns_type type;
		const char *said;
	} rows[] = {
		{ "mx.old.a", DNS_A, "0, old.a 39 60 b, mx.old.a 5 60 mx.b, mx.b 1 60 192.0.2.7" },
		{ "x.y.old.a", DNS_MX, "3, old.a 39 60 b, x.y.old.a 5 60 x.y.b" },
		{ "old.a", DNS_MX, "0, old.a 15 60 m.a" },
		{ "old.a", DNS_DNAME, "0, old.a 39 60 b" },
		{ "below.old.a", DNS_CNAME, "0, old.a 39 60 b, below.old.a 5 60 below.b" },
		{ "x.far.a", DNS_A, "-2, far.a 39 60 example.net, x.far.a 5 60 x.example.net" },
		{ "1234567890123456789012345678901234567890123456789012345678901.long.a", DNS_A, "6, long.a 39 60 " LONG },
		{ "x." L50 "." L50 "." L50 ".a", DNS_A,
			"3, " L50 "." L50 "." L50 ".a 39 60 " L50 ".b, x." L50 "." L50 "." L50 ".a 5 60 x." L50 ".b" },
		{ "cut.a", DNS_A, "-2" },
		{ "x.cut.a", DNS_A, "-2" },
		{ "cut.a", DNS_DS, "0" },
		{ "no.a", DNS_A, "3" },
		{ "example.org", DNS_A, "-2" },
	};
	struct zoneworld *world = read_world(SOA "old DNAME b.\nold MX 10 m\nbelow.old A 192.0.2.1\nfar DNAME example.net.\n"
						 "long DNAME " LONG ".\n" L50 "." L50 "." L50 " DNAME " L50
						 ".b.\ncut NS ns.elsewhere.\nb. SOA a b 1 1 1 1 1\nmx A 192.0.2.7\n"
						 "mx.b. A 192.0.2.7\n",
		NULL);
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ask(world, rows[i].name, rows[i].type, &out);
		assert_string_equal(out.s, rows[i].said);
	}
	str_release(&out);
	zoneworld_free(world);
}

/* Types that the library does not know are data: the name exists, and the rest of the zone is there, wherever they stand. */
/* The DS of a zone stands in its parent (RFC 4035 section 3.1.4.1); without that, in what there is. */
static void zoneworld_ask__finds__a_ds_in_the_parent(void **state)
{
	static const char parent[] = SOA "b NS ns.b\nb DS 1 8 2 0000000000000000000000000000000000000000000000000000000000000000\n",
			  child[] = "$TTL 60\nb.a. SOA a b 1 1 1 1 1\n@ MX 10 m\n";

	(void)state;
	for (int with_parent = 0; with_parent < 2; with_parent++) {
		struct zoneworld *world = zoneworld_new();
		struct str out;

		str_init(&out, 0);
		assert_true(zoneworld_add(world, "child", child, strlen(child), NULL));
		if (with_parent)
			assert_true(zoneworld_add(world, "parent", parent, strlen(parent), NULL));
		ask(world, "b.a", DNS_DS, &out);
		assert_int_equal(strncmp(out.s, with_parent ? "0, b.a 43 60 " : "0", with_parent ? 13 : 2), 0);
		ask(world, "b.a", DNS_MX, &out);
		assert_string_equal(out.s, "0, b.a 15 60 m.b.a");
		str_release(&out);
		zoneworld_free(world);
	}
}

/* A file of nothing else is told of in sixteen lines. */
static void zoneworld_add__notes__a_few_of_many(void **state)
{
	static const size_t counts[][2] = { { 15, 15 }, { 16, 16 }, { 17, 16 }, { 40, 16 } };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct zoneworld *world;
		struct str text;

		str_init(&text, 0);
		str_add(&text, SOA);
		for (size_t n = 0; n < counts[i][0]; n++)
			str_addf(&text, "x%zu COMING-%zu a\n", n, n);
		world = read_world(text.s, NULL);
		assert_int_equal(zoneworld_notes(world), counts[i][1]);
		zoneworld_free(world);
		str_release(&text);
	}
}

static void zoneworld_add__takes__any_type(void **state)
{
	static const char *const types[] = { "AMTRELAY 10 0 0 .", "AVC \"a b\"", "DOA 0 1 2 \"text/plain\" aGk=", "RESINFO \"qnamemin\"",
		"WALLET ETH 0x0", "DSYNC CDS NOTIFY 5300 notify.example.net.", "NINFO \"z\"", "RKEY 0 255 1 AQ==", "TA 1 8 2 ABCD",
		"ATMA 39.246", "SINK 1 0 0 AQ==", "A6 0 2001:db8::1", "TYPE65400 \\# 2 ABCD", "TYPE66 CDS NOTIFY 1 a.", "dsync \\# 1 00",
		"COMING-2 ( a \"b ; c\" )" };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(types) / sizeof(*types); i++) {
		char text[512], line[128], note[128];
		struct zoneworld *world;
		struct str out;

		str_init(&out, 0);
		snprintf(line, sizeof(line), "x %s\n", types[i / 2]);
		snprintf(text, sizeof(text), SOA "%s@ MX 10 m\n%s", i % 2 ? line : "", i % 2 ? "" : line);
		world = read_world(text, NULL);
		ask(world, "a", DNS_MX, &out);
		assert_string_equal(out.s, "0, a 15 60 m.a");
		ask(world, "x.a", DNS_MX, &out);
		assert_string_equal(out.s, "0");
		assert_int_equal(zoneworld_notes(world), strstr(line, "COMING") != NULL);
		if (zoneworld_notes(world)) {
			snprintf(note, sizeof(note), "z, line %d: the record type COMING-2 is not known here; its data is not looked at",
				i % 2 ? 3 : 4);
			str_clear(&out);
			msg_format(zoneworld_note(world, 0), NULL, &out);
			assert_string_equal(out.s, note);
		}
		str_release(&out);
		zoneworld_free(world);
	}
}

/* What a name server makes of the text. */
static void zoneworld_add__reads__as_a_server(void **state)
{
	static const struct {
		const char *text, *domain, *name;
		enum dns_type type;
		const char *said, *note;
	} rows[] = {
		{ SOA "@ TYPE15 \\# 5 000A 01 6D00\n", NULL, "a", DNS_MX, "0, a 15 60 m", NULL },
		{ SOA "@ TYPE15 10 m\n", NULL, "a", DNS_MX, "0, a 15 60 m.a", NULL },
		{ SOA "@ 3000000000 MX 010 m\n", NULL, "a", DNS_MX, "0, a 15 0 m.a", NULL },
		{ SOA "@ 1h1h MX ( 10 ; c\n ( m ) )\n", NULL, "a", DNS_MX, "0, a 15 7200 m.a", NULL },
		{ "$GENERATE 1-1 m 60 IN MX \"10 x.\"\na. 60 SOA a. b. 1 1 1 1 1\n", "a", "m.a", DNS_MX, "0, m.a 15 60 x",
			"z does not say its zone's name; it is read as the zone a" },
		{ SOA "\"x\" MX 10 b\\195\\188\n", NULL, "x.a", DNS_MX, "0, x.a 15 60 b\\195\\188.a", NULL },
		/* the minimum of an SOA record without a TTL stands for $TTL, one with a TTL hands that down */
		{ "$ORIGIN a.\n@ SOA a b 1 1 1 1 60\nx 7 MX 10 m\n@ MX 10 m\n", NULL, "a", DNS_MX, "0, a 15 60 m.a", NULL },
		{ "$ORIGIN a.\n@ SOA a b 1 1 1 1 60\n@ MX 10 m\n$TTL 8\nx MX 10 m\n", NULL, "x.a", DNS_MX, "0, x.a 15 8 m.a", NULL },
		{ "$ORIGIN a.\n@ 9 SOA a b 1 1 1 1 60\nx 7 MX 10 m\n@ MX 10 m\n", NULL, "a", DNS_MX, "0, a 15 7 m.a", NULL },
		{ SOA "@ MX 10 b\303\274\n", NULL, "a", DNS_MX, "0, a 15 60 b\\195\\188.a", NULL },
		{ SOA "t TXT x\"y z\";c\n@ MX 10 m\n", NULL, "a", DNS_MX, "0, a 15 60 m.a", NULL },
		{ "$TTL 60\n$ORIGIN a.\n@ MX 10 m\n@ SOA a b 1 1 1 1 1\n", NULL, "a", DNS_MX, "0, a 15 60 m.a", NULL },
		{ SOA "a. SOA a b 1 1 1 1 1\n@ MX 10 m\n", NULL, "a", DNS_MX, "0, a 15 60 m.a", NULL },
		{ SOA "b. MX 10 m\n@ MX 10 m\n", NULL, "a", DNS_MX, "0, a 15 60 m.a",
			"z, line 3: the record lies outside the zone and is left out, as a name server does" },
		{ SOA "$GENERATE 1-3/2 h$ MX \"1${0,2} m${-1}\"\n", NULL, "h3.a", DNS_MX, "0, h3.a 15 60 m2.a", NULL },
		{ SOA "$GENERATE 10-11 ${0,4,x} A 192.0.2.$\n", NULL, "000b.a", DNS_A, "0, 000b.a 1 60 192.0.2.11", NULL },
		{ SOA "$GENERATE 18-18 ${0,3,n} A 192.0.2.$\n", NULL, "2.1.a", DNS_A, "0, 2.1.a 1 60 192.0.2.18", NULL },
		{ SOA "$GENERATE 1-1 a$$ 300 IN CNAME m$\n", NULL, "a\\$.a", DNS_CNAME, "0, a\\$.a 5 300 m1.a", NULL },
		/* the zone's name is told by the command line */
		{ "$TTL 3m\n@ 2d SOA a. b. 1 12h 2h 3w 15m\n NS a.\n\n MX 10 m\n", "a", "a", DNS_MX, "0, a 15 180 m.a",
			"z does not say its zone's name; it is read as the zone a" },
		{ SOA "@ MX 10 m\n", "b", "a", DNS_MX, "0, a 15 60 m.a", NULL },
		{ "$ORIGIN .\n@ 60 IN SOA a. b. ( 1 1 1 1 1)\na. 60 IN NS A&ME$WITH@NS.\na. 60 IN MX 10 m.\n", "a", "a", DNS_MX,
			"0, a 15 60 m", "z does not say its zone's name; it is read as the zone a" },
		{ "$ORIGIN .\n@ 60 IN SOA a. b. 1 1 1 1 1\na. 60 NS b.\nb. 60 A 192.0.2.1\n", "a", "b", DNS_A, "0, b 1 60 192.0.2.1",
			NULL },
		{ SOA "@ 1 MX 10 m\n", NULL, "a", DNS_MX, "0, a 15 1 m.a",
			"z: MX records with a TTL of 1 second; in an export of Cloudflare's, 1 means automatic (300 seconds)" },
	};
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct zoneworld *world;

		world = read_world(rows[i].text, rows[i].domain);
		ask(world, rows[i].name, rows[i].type, &out);
		assert_string_equal(out.s, rows[i].said);
		str_clear(&out);
		for (size_t k = 0; k < zoneworld_notes(world); k++)
			msg_format(zoneworld_note(world, k), NULL, &out);
		assert_string_equal(out.s, rows[i].note ? rows[i].note : "");
		zoneworld_free(world);
	}
	str_release(&out);
}

static void zoneworld_add__is_quick__with_large_zones(void **state)
{
	enum { N = 60000 };
	struct dns_question question = { .type = DNS_MX };
	struct dns_answer answer = { 0 };
	struct zoneworld *world = zoneworld_new();
	struct mxset set;
	uint32_t ttl_max_s;
	struct str text;

	(void)state;
	str_init(&text, (size_t)64 << 20);
	str_add(&text, SOA);
	for (unsigned i = 0; i < N; i++)
		str_addf(&text, "@ MX %u m%u\nm%u A 192.0.2.1\n", (i * 7919u) % N, i, (i * 104729u) % N);
	assert_true(zoneworld_add(world, "z", text.s, text.len, NULL));
	assert_true(dname_parse(&question.name, "a", NULL));
	for (int i = 0; i < 20; i++)
		assert_true(zoneworld_ask(world, &question, &answer));
	assert_int_equal(answer.n, N);
	mxset_init(&set);
	dns_answer_mx(&answer, &question.name, &set, &ttl_max_s);
	assert_int_equal(set.n, N);
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(set.mx[i].preference, i);
	mxset_release(&set);
	dns_answer_release(&answer);
	str_release(&text);
	zoneworld_free(world);
}

/* RFC 4592 and RFC 6672: how a name stands, whether it is there or not. */
static void zoneworld_stand__knows__what_made_a_name(void **state)
{
	static const char text[] = "$ORIGIN example.com.\n$TTL 60\n@ SOA a b 1 1 1 1 1\n* MX 10 h\nhost A 192.0.2.1\na.ent A 192.0.2.1\n"
				   "b.two.ent2 A 192.0.2.1\nc.two.ent2 A 192.0.2.1\n*.w A 192.0.2.1\nold DNAME new\ncut NS ns.cut\n";
	static const struct {
		const char *name, *star, *dname; /* "" none */
		bool known, exists;
	} rows[] = {
		{ "example.com", "", "", true, true },
		{ "no.example.com", "*.example.com", "", true, false },
		{ "deep.no.example.com", "*.example.com", "", true, false },
		{ "host.example.com", "*.example.com", "", true, true },
		{ "x.host.example.com", "", "", true, false },
		{ "x.ent.example.com", "", "", true, false },
		{ "ent.example.com", "*.example.com", "", true, true },
		{ "a.ent.example.com", "*.example.com", "", true, true }, /* without it, nothing is at ent */
		{ "b.two.ent2.example.com", "", "", true, true },         /* without it, c is */
		{ "two.ent2.example.com", "*.example.com", "", true, true },
		{ "*.example.com", "", "", true, true },
		{ "x.w.example.com", "*.w.example.com", "", true, false },
		{ "*.w.example.com", "*.example.com", "", true, true },
		{ "old.example.com", "*.example.com", "", true, true },
		{ "x.old.example.com", "", "old.example.com", true, false },
		{ "y.x.old.example.com", "", "old.example.com", true, false },
		{ "cut.example.com", "", "", false, false },
		{ "a.cut.example.com", "", "", false, false },
		{ "example.net", "", "", false, false },
	};
	struct zoneworld *world = zoneworld_new();

	(void)state;
	assert_true(zoneworld_add(world, "w", text, strlen(text), NULL));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char star[DNAME_TEXT_MAX] = "", owner[DNAME_TEXT_MAX] = "";
		struct zonestand stand;
		struct dname name;

		assert_true(dname_parse(&name, rows[i].name, NULL));
		assert_int_equal(zoneworld_stand(world, &name, &stand), rows[i].known);
		if (stand.wildcard)
			dname_text(&stand.wildcard_name, star);
		if (stand.below_dname)
			dname_text(&stand.dname_owner, owner);
		if (strcmp(star, rows[i].star) != 0 || strcmp(owner, rows[i].dname) != 0 || stand.exists != rows[i].exists)
			fail_msg("%s: \"%s\", \"%s\", %d", rows[i].name, star, owner, stand.exists);
	}
	zoneworld_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zoneworld_ask__answers__as_a_resolver),
		cmocka_unit_test(zoneworld_add__names__the_line),
		cmocka_unit_test(zoneworld_add__reads__what_bind_loads),
		cmocka_unit_test(zoneworld_ask__follows__dname),
		cmocka_unit_test(zoneworld_ask__finds__a_ds_in_the_parent),
		cmocka_unit_test(zoneworld_add__notes__a_few_of_many),
		cmocka_unit_test(zoneworld_add__takes__any_type),
		cmocka_unit_test(zoneworld_add__reads__as_a_server),
		cmocka_unit_test(zoneworld_add__is_quick__with_large_zones),
		cmocka_unit_test(zoneworld_stand__knows__what_made_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
