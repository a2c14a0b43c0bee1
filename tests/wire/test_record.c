/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of each type that is kept: from a message's bytes, and from zone text. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "wire/dnswire.h"
#include "wire/zonetext.h"

#define HEAD                                                                                                                               \
	"\x12\x34\x84\x00\x00\x01\x00\x01\x00\x00\x00\x00\x01"                                                                             \
	"a\x00\x00\xff\x00\x01\xc0\x0c"
#define CLASS_TTL "\x00\x01\x00\x00\x00\x3c"

/* What is kept of a record, in words. */
static void shown(const struct dns_answer *answer, const struct dns_record *record, struct str *out)
{
	char name[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];

	str_clear(out);
	str_addf(out, "%u ", (unsigned)record->ttl_s);
	switch ((int)record->type) {
	case DNS_A:
	case DNS_AAAA:
		str_add(out, addr_text(&record->addr, addr));
		break;
	case DNS_PTR:
	case DNS_NS:
		str_add(out, dname_text(&record->target, name));
		break;
	case DNS_MX:
		str_addf(out, "%u %s", (unsigned)record->mx.preference, dname_text(&record->mx.host, name));
		break;
	case DNS_SOA:
		str_addf(out, "%s %u %u", dname_text(&record->soa.primary, name), (unsigned)record->soa.serial,
			(unsigned)record->soa.minimum_s);
		break;
	case DNS_TXT:
		str_add_bytes(out, dns_answer_octets(answer, &record->txt), record->txt.len);
		break;
	case DNS_TLSA:
		str_addf(out, "%u %u %u ", record->tlsa.usage, record->tlsa.selector, record->tlsa.matching);
		for (size_t i = 0; i < record->tlsa.data.len; i++)
			str_addf(out, "%02x", dns_answer_octets(answer, &record->tlsa.data)[i]);
		break;
	case DNS_DS:
		str_addf(out, "%u %u %u", record->ds.key_tag, record->ds.algorithm, record->ds.digest_type);
		break;
	case DNS_DNSKEY:
		str_addf(out, "%u %u", record->dnskey.flags, record->dnskey.algorithm);
		break;
	case DNS_RRSIG:
		str_addf(out, "%d %u", (int)record->rrsig.covers, record->rrsig.labels);
		break;
	}
}

struct row {
	enum dns_type type;
	const char *data;
	size_t len;
	const char *said; /* NULL: no record */
};
#define ROW(type, data, said)                                                                                                              \
	{                                                                                                                                  \
		type, data, sizeof(data) - 1, said                                                                                         \
	}

static const struct row byte_rows[] = {
	ROW(DNS_A, "\xc0\x00\x02\x07", "60 192.0.2.7"),
	ROW(DNS_AAAA, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", "60 2001:db8::1"),
	ROW(DNS_PTR,
		"\x01"
		"b\x00",
		"60 b"),
	ROW(DNS_MX,
		"\x00\x0a\x01"
		"b\x00",
		"60 10 b"),
	ROW(DNS_SOA,
		"\x01"
		"b\x00\x01"
		"c\x00\0\0\0\x07\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\x01\x2c",
		"60 b 7 300"),
	ROW(DNS_TXT,
		"\x03"
		"v=S\x05"
		"TSv1;\x00",
		"60 v=STSv1;"),
	ROW(DNS_TXT, "\x00", "60 "),
	ROW(DNS_TLSA, "\x03\x01\x01\xde\xad\xbe\xef", "60 3 1 1 deadbeef"),
	ROW(DNS_TLSA, "\x03\x01", NULL),
	ROW(DNS_TLSA, "\x03\x01\x01", "60 3 1 1 "), /* kept: what checks say of it, they say */
	ROW(DNS_DS, "\x12\x34\x0d\x02\xab", "60 4660 13 2"),
	ROW(DNS_DNSKEY, "\x01\x01\x03\x0d\xab\xcd", "60 257 13"),
	/* nothing at all is no record, but of text */
	ROW(DNS_A, "", NULL),
	ROW(DNS_AAAA, "", NULL),
	ROW(DNS_NS, "", NULL),
	ROW(DNS_MX, "", NULL),
	ROW(DNS_SOA, "", NULL),
	ROW(DNS_TLSA, "", NULL),
	ROW(DNS_DS, "", NULL),
	ROW(DNS_DNSKEY, "", NULL),
	ROW(DNS_RRSIG, "", NULL),
	ROW(DNS_TXT, "", "60 "),
};

static void record__from_bytes(void **state)
{
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof(byte_rows) / sizeof(*byte_rows); i++) {
		struct dns_answer answer = { 0 };
		struct str packet;
		bool parsed;

		str_init(&packet, 0);
		str_add_bytes(&packet, HEAD, sizeof(HEAD) - 1);
		str_add_bytes(&packet, (char[]){ 0, (char)byte_rows[i].type }, 2);
		str_add_bytes(&packet, CLASS_TTL, sizeof(CLASS_TTL) - 1);
		str_add_bytes(&packet, (char[]){ 0, (char)byte_rows[i].len }, 2);
		str_add_bytes(&packet, byte_rows[i].data, byte_rows[i].len);
		parsed = dnswire_parse((const uint8_t *)packet.s, packet.len, &answer);
		if (byte_rows[i].said) {
			assert_true(parsed);
			assert_int_equal(answer.n, 1);
			shown(&answer, &answer.record[0], &out);
			assert_string_equal(out.s, byte_rows[i].said);
		} else {
			assert_false(parsed);
			assert_int_equal(answer.n, 0);
		}
		dns_answer_release(&answer);
		str_release(&packet);
	}
	str_release(&out);
}

static void record__from_zone_text(void **state)
{
	static const struct {
		const char *name;
		enum dns_type type;
		const char *said;
	} rows[] = {
		{ "t.a", DNS_TXT, "60 v=spf1 -all" },
		{ "t2.a", DNS_TXT, "60 onetwo three" },
		{ "t3.a", DNS_TXT, "60 semi;colon \"quoted\"" },
		{ "t4.a", DNS_TXT, "60 bare" },
		{ "7.a", DNS_PTR, "60 mx.a" },
		{ "_25._tcp.mx.a", DNS_TLSA, "60 3 1 1 00112233" },
		{ "a", DNS_SOA, "60 ns.a 9 300" },
		{ "sub.a", DNS_DS, "60 4660 13 2" },
		{ "a", DNS_DNSKEY, "60 257 13" },
		{ "a", DNS_RRSIG, "60 0 0" }, /* of a zone's signatures nothing is kept, however they are written */
		{ "t.a", DNS_RRSIG, "60 0 0" },
		{ "a", DNS_MX, "60 5 mx.a" },
	};
	static const char zone[] = "$ORIGIN a.\n$TTL 60\n@ SOA ns h 9 1 2 3 300\n@ NS ns\n@ MX 5 mx\nt TXT \"v=spf1 -all\"\n"
				   "t2 TXT one \"two three\"\nt3 TXT \"semi;colon \\\"quoted\\\"\"\nt4 TXT bare\n7 PTR mx\n"
				   "_25._tcp.mx TLSA 3 1 1 0011 2233\nsub NS ns.sub\nsub DS 4660 13 2 "
				   "0011223344556677889900112233445566778899001122334455667788990011\n"
				   "@ DNSKEY 257 3 13 q80=\n@ RRSIG MX 13 1 60 20300101000000 20200101000000 7 a. q80=\n"
				   "t RRSIG \\# 23 000F 0D 01 0000003C 70DBD880 5E0BE100 0007 016100 ABCD\n";
	struct zoneworld *world = zoneworld_new();
	struct str out;

	(void)state;
	str_init(&out, 0);
	assert_true(zoneworld_add(world, "a", zone, sizeof(zone) - 1, NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dns_question question = { .type = rows[i].type };
		struct dns_answer answer = { 0 };
		const struct dns_record *record;

		assert_true(dname_parse(&question.name, rows[i].name, NULL));
		assert_true(zoneworld_ask(world, &question, &answer));
		record = dns_answer_next(&answer, &question.name, rows[i].type, NULL);
		assert_non_null(record);
		shown(&answer, record, &out);
		assert_string_equal(out.s, rows[i].said);
		assert_null(dns_answer_next(&answer, &question.name, rows[i].type, record));
		dns_answer_release(&answer);
	}
	zoneworld_free(world);
	str_release(&out);
}

/* Only what the answer says of that name and type: not what stands beside it, not another's. */
static void records__of_a_name__are_those_of_its_answer(void **state)
{
	static const struct {
		const char *owner;
		enum dns_type type;
		enum dns_section section;
		bool is_one;
	} rows[] = {
		{ "ns.other.example", DNS_A, SECTION_ANSWER, false },
		{ "ns.a.example", DNS_A, SECTION_AUTHORITY, false },
		{ "NS.a.example", DNS_A, SECTION_ANSWER, true },
		{ "ns.a.example", DNS_AAAA, SECTION_ANSWER, false },
		{ "ns.a.example", DNS_A, SECTION_ADDITIONAL, false },
		{ "a.example", DNS_A, SECTION_ANSWER, false },
		{ "ns.a.example", DNS_A, SECTION_ANSWER, true },
	};
	struct dns_answer answer = { 0 };
	const struct dns_record *record = NULL;
	struct dname owner;

	(void)state;
	assert_true(dname_parse(&owner, "ns.a.example", NULL));
	assert_null(dns_answer_next(&answer, &owner, DNS_A, NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dns_record *added = dns_answer_add(&answer);

		added->type = rows[i].type;
		added->section = rows[i].section;
		assert_true(dname_parse(&added->owner, rows[i].owner, NULL));
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].is_one) {
			record = dns_answer_next(&answer, &owner, DNS_A, record);
			assert_ptr_equal(record, &answer.record[i]);
		}
	assert_null(dns_answer_next(&answer, &owner, DNS_A, record));
	dns_answer_release(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(record__from_bytes), cmocka_unit_test(record__from_zone_text),
		cmocka_unit_test(records__of_a_name__are_those_of_its_answer) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
