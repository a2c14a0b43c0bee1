/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "wire/dnswire.h"
#include "../core/names.h"

/* a.example -> MX 10 m.a.example (TTL 300), AD and AA set, with one A record in the additional section */
static const uint8_t reply[] = {
	0x12,
	0x34,
	0x84,
	0x20,
	0,
	1,
	0,
	1,
	0,
	0,
	0,
	1,
	1,
	'a',
	7,
	'e',
	'x',
	'a',
	'm',
	'p',
	'l',
	'e',
	0,
	0,
	15,
	0,
	1,
	0xc0,
	12,
	0,
	15,
	0,
	1,
	0,
	0,
	1,
	0x2c,
	0,
	6,
	0,
	10,
	1,
	'M',
	0xc0,
	12,
	1,
	'm',
	0xc0,
	12,
	0,
	1,
	0,
	1,
	0,
	0,
	0,
	60,
	0,
	4,
	192,
	0,
	2,
	7,
};

static void dnswire_build_query__is_read__by_its_parser(void **state)
{
	struct dns_question question = { name_of("exempel.com"), DNS_MX };
	struct dns_answer answer = { 0 };
	struct str out;

	(void)state;
	str_init(&out, 0);
	dnswire_build_query(&question, 0xBEEF, true, true, &out);
	assert_int_equal(out.len, 12 + question.name.len + 4 + 11);
	assert_int_equal((uint8_t)out.s[2], 1);
	assert_int_equal((uint8_t)out.s[out.len - 4], 0x80);
	assert_true(dnswire_parse((const uint8_t *)out.s, out.len, &answer));
	assert_memory_equal(out.s, "\xBE\xEF", 2);
	assert_false(answer.is_response);
	assert_true(answer.has_question);
	assert_true(dname_equal(&answer.question.name, &question.name));
	assert_int_equal(answer.question.type, DNS_MX);
	dns_answer_release(&answer);
	str_release(&out);
}

static void dnswire_parse__reads__a_reply(void **state)
{
	struct dns_question question = { name_of("a.example"), DNS_MX };
	struct dname alias[FACTS_ALIASES], final, host = name_of("m.a.example");
	struct dns_answer answer = { 0 };
	struct mxset set;
	size_t n_alias;
	uint32_t ttl_max_s;

	(void)state;
	assert_true(dnswire_parse(reply, sizeof reply, &answer));
	assert_true(answer.is_response && answer.aa);
	assert_int_equal(answer.n, 1); /* nobody asked for the address in the additional section */
	assert_int_equal(answer.record[0].section, SECTION_ANSWER);
	assert_int_equal(dns_answer_read(&answer, &question, alias, &n_alias, &final), ANSWER_DATA);
	assert_int_equal(n_alias, 0);
	mxset_init(&set);
	dns_answer_mx(&answer, &final, &set, &ttl_max_s);
	assert_int_equal(set.n, 1);
	assert_int_equal(set.ttl_s, 300);
	assert_int_equal(ttl_max_s, 300);
	assert_true(dname_equal(&set.mx[0].host, &host));
	question.type = DNS_A;
	assert_int_equal(dns_answer_read(&answer, &question, alias, &n_alias, &final), ANSWER_BROKEN);
	mxset_release(&set);
	dns_answer_release(&answer);
}

static void dnswire_parse__survives__cut_and_spoiled_bytes(void **state)
{
	struct dns_answer answer = { 0 };
	uint8_t spoiled[sizeof reply];

	(void)state;
	for (size_t len = 0; len < sizeof reply; len++)
		assert_false(dnswire_parse(reply, len, &answer));
	for (size_t i = 0; i < sizeof reply; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(spoiled, reply, sizeof reply);
			spoiled[i] ^= (uint8_t)(1u << bit);
			if (dnswire_parse(spoiled, sizeof spoiled, &answer))
				assert_true(answer.rcode >= 0 && answer.rcode <= 15);
		}
	dns_answer_release(&answer);
}

/* Several OPT or TSIG records are no message (RFC 6891 section 6.1.1, RFC 8945 section 5.2); one of each is. */
static void dnswire_parse__refuses__meta_records_twice(void **state)
{
	static const struct {
		uint8_t type[2], n;
		bool ok;
	} rows[] = { { { 41, 0 }, 1, true }, { { 41, 41 }, 2, false }, { { 250, 250 }, 2, false }, { { 1, 1 }, 2, true } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t packet[64] = { 0, 7, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, rows[i].n };
		struct dns_answer answer = { 0 };
		size_t len = 12;

		for (size_t k = 0; k < rows[i].n; k++) {
			bool a = rows[i].type[k] == 1;

			packet[len + 2] = rows[i].type[k];
			packet[len + 4] = 1;          /* class */
			packet[len + 10] = a ? 4 : 0; /* of the address */
			len += a ? 15 : 11;
		}
		assert_int_equal(dnswire_parse(packet, len, &answer), rows[i].ok);
		dns_answer_release(&answer);
	}
}

/* One record of the type, its data the first len bytes of these. */
static bool reads(unsigned type, const uint8_t *data, size_t len, struct dns_answer *answer)
{
	uint8_t packet[128] = { 0, 7, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, (uint8_t)type, 0, 1, 0, 0, 0, 60, 0, (uint8_t)len };

	memcpy(packet + 23, data, len);
	return dnswire_parse(packet, 23 + len, answer);
}

/* What the data of a type have to be is held; of a type that nobody reads, nothing. */
static void dnswire_parse__refuses__data_too_short_or_too_long(void **state)
{
	static const struct {
		unsigned type;
		size_t least, most; /* bytes; what is cut to other lengths is no message */
		uint8_t data[48];
	} rows[] = {
		{ DNS_A, 4, 4, { 192, 0, 2, 1 } },
		{ DNS_AAAA, 16, 16, { 0x20, 1 } },
		{ DNS_MX, 5, 5, { 0, 10, 1, 'm', 0 } },
		{ DNS_NS, 3, 3, { 1, 'n', 0 } },
		{ DNS_CNAME, 3, 3, { 1, 'n', 0 } },
		{ DNS_PTR, 3, 3, { 1, 'n', 0 } },
		{ DNS_DNAME, 3, 3, { 1, 'n', 0 } },
		{ DNS_SOA, 26, 26, { 1, 'n', 0, 1, 'p', 0 } },
		{ DNS_TLSA, 3, 40, { 3, 1, 1 } },
		{ DNS_DS, 4, 40, { 1, 2, 8, 2 } },
		{ DNS_DNSKEY, 4, 40, { 1, 1, 3, 8 } },
		{ DNS_RRSIG, 21, 40, { 0, 15, 8, 2, [18] = 1, 's', 0 } },
		{ 99, 0, 40, { 1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t len = 0; len <= 40; len++) {
			struct dns_answer answer = { 0 };
			bool ok = len >= rows[i].least && len <= rows[i].most;

			if (reads(rows[i].type, rows[i].data, len, &answer) != ok)
				fail_msg("type %u, %zu bytes", rows[i].type, len);
			assert_int_equal(answer.n, ok && rows[i].type != 99);
			dns_answer_release(&answer);
		}
}

/* A string must end where the data do. */
static void dnswire_parse__refuses__a_string_that_goes_on_past_the_data(void **state)
{
	static const uint8_t text[] = { 2, 'a', 'b', 1, 'c', 0, 9 };
	static const bool ok[] = { true, false, false, true, false, true, true, false };

	(void)state;
	for (size_t len = 0; len < sizeof ok / sizeof *ok; len++) {
		struct dns_answer answer = { 0 };

		assert_int_equal(reads(DNS_TXT, text, len, &answer), ok[len]);
		if (len == 6) {
			assert_int_equal(answer.record[0].txt.len, 3);
			assert_memory_equal(dns_answer_octets(&answer, &answer.record[0].txt), "abc", 3);
		}
		dns_answer_release(&answer);
	}
}

/* A name that leads to itself, to what is behind the message, or is longer than names are. */
static void dnswire_parse__refuses__names_without_an_end(void **state)
{
	static const struct {
		size_t len;
		uint8_t name[8];
		bool ok;
	} rows[] = { { 2, { 0xc0, 23 }, false }, { 2, { 0xc0, 25 }, false }, { 4, { 1, 'a', 0xc0, 23 }, false }, { 2, { 0xc0, 12 }, true },
		{ 4, { 1, 'a', 0xc0, 12 }, true }, { 2, { 0x41, 0 }, false }, { 1, { 0xc0 }, false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dns_answer answer = { 0 };

		if (reads(DNS_NS, rows[i].name, rows[i].len, &answer) != rows[i].ok)
			fail_msg("row %zu", i);
		dns_answer_release(&answer);
	}
}

/* Every byte of a question, with and without what is asked for beside it. */
static void dnswire_build_query__writes__these_bytes(void **state)
{
	static const uint8_t bytes[] = { 0xBE, 0xEF, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 'a', 0, 0, 52, 0, 1, 0, 0, 41, 0x04, 0xD0, 0, 0, 0x80,
		0, 0, 0 };
	const struct dns_question question = { name_of("a"), DNS_TLSA };
	struct str out;

	(void)state;
	str_init(&out, 0);
	dnswire_build_query(&question, 0xBEEF, true, true, &out);
	assert_int_equal(out.len, sizeof bytes);
	assert_memory_equal(out.s, bytes, sizeof bytes);
	str_clear(&out);
	dnswire_build_query(&question, 0xBEEF, false, false, &out);
	assert_int_equal(out.len, sizeof bytes);
	assert_int_equal(out.s[2], 0);
	assert_int_equal(out.s[26], 0);
	str_release(&out);
}

static void dns_answer_read__follows__aliases(void **state)
{
	static const struct {
		const char *chain[12];
		bool data;
		int rcode;
		enum answer answer;
		size_t n_alias;
	} rows[] = {
		{ { "a" }, true, 0, ANSWER_DATA, 0 },
		{ { "a" }, false, 0, ANSWER_NODATA, 0 },
		{ { "a" }, false, 2, ANSWER_SERVFAIL, 0 },
		{ { "a" }, false, 5, ANSWER_REFUSED, 0 },
		{ { "a", "b", "c" }, true, 0, ANSWER_DATA, 2 },
		{ { "a", "b" }, false, 3, ANSWER_NXDOMAIN, 1 },
		{ { "a", "a" }, false, 0, ANSWER_BROKEN, 0 },
		{ { "a", "b", "a" }, false, 0, ANSWER_BROKEN, 1 },
		{ { "a", "b", "b" }, false, 0, ANSWER_BROKEN, 1 },
		{ { "a", "b", "c", "b" }, false, 0, ANSWER_BROKEN, 2 },
		{ { "a", "b", "c", "d", "e", "f", "g", "h", "i" }, true, 0, ANSWER_DATA, 8 },
		{ { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j" }, true, 0, ANSWER_BROKEN, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dns_question question = { name_of("a"), DNS_A };
		struct dns_answer answer = { .is_response = true, .has_question = true, .question = question, .rcode = rows[i].rcode };
		struct dname alias[FACTS_ALIASES], final;
		size_t n_alias, k = 0;

		for (; rows[i].chain[k + 1]; k++) {
			struct dns_record *record = dns_answer_add(&answer);

			record->owner = name_of(rows[i].chain[k]);
			record->type = DNS_CNAME;
			record->target = name_of(rows[i].chain[k + 1]);
		}
		if (rows[i].data) {
			struct dns_record *record = dns_answer_add(&answer);

			record->owner = name_of(rows[i].chain[k]);
			record->type = DNS_A;
		}
		assert_int_equal(dns_answer_read(&answer, &question, alias, &n_alias, &final), rows[i].answer);
		assert_int_equal(n_alias, rows[i].n_alias);
		dns_answer_release(&answer);
	}
}

static void dns_answer_read__wants__the_question_back(void **state)
{
	static const struct {
		bool is_response, has_question;
		const char *name;
		enum dns_type type;
		int rcode;
		enum answer answer;
	} rows[] = {
		{ true, true, "a", DNS_MX, 0, ANSWER_NODATA },
		{ true, true, "A", DNS_MX, 0, ANSWER_NODATA },
		{ false, true, "a", DNS_MX, 0, ANSWER_BROKEN },
		{ true, true, "b", DNS_MX, 0, ANSWER_BROKEN },
		{ true, true, "a", DNS_A, 0, ANSWER_BROKEN },
		{ true, true, "b", DNS_MX, 5, ANSWER_BROKEN },
		/* an error may come without it, a set may not */
		{ true, false, "a", DNS_MX, 0, ANSWER_BROKEN },
		{ true, false, "a", DNS_MX, 3, ANSWER_BROKEN },
		{ true, false, "b", DNS_A, 2, ANSWER_SERVFAIL },
		{ true, false, "b", DNS_A, 5, ANSWER_REFUSED },
		{ true, false, "b", DNS_A, 1, ANSWER_REFUSED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dns_question question = { name_of("a"), DNS_MX };
		struct dns_answer answer = { .is_response = rows[i].is_response,
			.has_question = rows[i].has_question,
			.question = { name_of(rows[i].name), rows[i].type },
			.rcode = rows[i].rcode };
		struct dname alias[FACTS_ALIASES], final;
		size_t n_alias = 9;

		assert_int_equal(dns_answer_read(&answer, &question, alias, &n_alias, &final), rows[i].answer);
		assert_int_equal(n_alias, 0);
		assert_true(dname_equal(&final, &question.name));
	}
}

static void dns_answer_mx__takes__the_set_of_its_owner(void **state)
{
	static const struct {
		const char *owner;
		enum dns_type type;
		enum dns_section section;
		uint32_t ttl_s, preference;
	} rows[] = {
		{ "a", DNS_MX, SECTION_ANSWER, 300, 20 },
		{ "a", DNS_MX, SECTION_AUTHORITY, 1, 1 },
		{ "a", DNS_A, SECTION_ANSWER, 2, 2 },
		{ "b", DNS_MX, SECTION_ANSWER, 3, 3 },
		{ "A", DNS_MX, SECTION_ANSWER, 60, 10 },
	};
	struct dns_answer answer = { 0 };
	struct dname owner = name_of("a"), other = name_of("c");
	struct mxset set;
	uint32_t most = 7;

	(void)state;
	mxset_init(&set);
	mxset_append(&set, &(struct mx){ .preference = 1 });
	mxset_append(&set, &(struct mx){ .preference = 2 });
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dns_record *record = dns_answer_add(&answer);

		record->owner = name_of(rows[i].owner);
		record->type = rows[i].type;
		record->section = rows[i].section;
		record->ttl_s = rows[i].ttl_s;
		record->mx.preference = rows[i].preference;
		record->mx.host = name_of("h");
	}
	dns_answer_mx(&answer, &owner, &set, &most);
	assert_int_equal(set.n, 2);
	assert_int_equal(set.mx[0].preference, 10);
	assert_int_equal(set.mx[1].preference, 20);
	assert_int_equal(set.ttl_s, 60);
	assert_int_equal(most, 300);
	dns_answer_mx(&answer, &other, &set, &most);
	assert_int_equal(set.n, 0);
	assert_int_equal(set.ttl_s, 0);
	assert_int_equal(most, 0);
	mxset_release(&set);
	dns_answer_release(&answer);
}

/* A DNAME with the CNAME that servers make of it, and without (RFC 6672 section 2.2). */
static void dns_answer_read__follows__a_dname(void **state)
{
	static const struct {
		const char *asked, *owner, *target;
		bool cname;
		enum answer answer;
		const char *final;
	} rows[] = {
		{ "mx.old.example", "old.example", "new.example", false, ANSWER_DATA, "mx.new.example" },
		{ "mx.old.example", "old.example", "new.example", true, ANSWER_DATA, "mx.new.example" },
		{ "a.b.old.example", "old.example", "x.y.new.example", false, ANSWER_DATA, "a.b.x.y.new.example" },
		{ "old.example", "old.example", "new.example", false, ANSWER_NODATA, "old.example" }, /* not of the owner itself */
		{ "mx.gold.example", "old.example", "new.example", false, ANSWER_NODATA, "mx.gold.example" },
		{ "mx.old.example", "old.example", "old.example", false, ANSWER_BROKEN, "mx.old.example" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dns_question question = { name_of(rows[i].asked), DNS_A };
		struct dns_answer answer = { .is_response = true, .has_question = true, .question = question };
		struct dname alias[FACTS_ALIASES], final, wanted = name_of(rows[i].final);
		struct dns_record *record = dns_answer_add(&answer);
		size_t n_alias;

		*record = (struct dns_record){ .owner = name_of(rows[i].owner), .type = DNS_DNAME, .target = name_of(rows[i].target) };
		record = dns_answer_add(&answer);
		*record = (struct dns_record){
			.owner = name_of(rows[i].cname ? rows[i].asked : "unused.example"), .type = DNS_CNAME, .target = wanted
		};
		record = dns_answer_add(&answer);
		*record = (struct dns_record){ .owner = wanted, .type = rows[i].answer == ANSWER_DATA ? DNS_A : DNS_TXT };
		assert_int_equal(dns_answer_read(&answer, &question, alias, &n_alias, &final), rows[i].answer);
		assert_true(dname_equal(&final, &wanted));
		assert_int_equal(n_alias, rows[i].answer == ANSWER_DATA);
		dns_answer_release(&answer);
	}
}

/* 127 labels cannot grow. */
static void dns_answer_read__is_broken__where_a_dname_makes_the_name_too_long(void **state)
{
	struct dns_answer answer = { .is_response = true, .has_question = true };
	struct dname alias[FACTS_ALIASES], final;
	struct dns_record *record = dns_answer_add(&answer);
	char text[512] = "";
	size_t n_alias;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%.60s", i ? "." : "",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	snprintf(text + strlen(text), sizeof text - strlen(text), ".old");
	answer.question = (struct dns_question){ name_of(text), DNS_A };
	*record = (struct dns_record){ .owner = name_of("old"), .type = DNS_DNAME, .target = name_of("longer.new.example") };
	assert_int_equal(dns_answer_read(&answer, &answer.question, alias, &n_alias, &final), ANSWER_BROKEN);
	dns_answer_release(&answer);
}

/* RFC 4034 section 3.1.3: the signature counts the labels that the owner has in the zone. */
static void dns_answer_labels__reads__the_signature_of_its_type(void **state)
{
	static const uint8_t signed_mx[] = { 0, 0, 0x84, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 'a', 1, 'x', 0, 0, 15, 0, 1, 0, 0, 0, 60, 0, 5, 0,
		10, 1, 'm', 0, 0xc0, 12, 0, 46, 0, 1, 0, 0, 0, 60, 0, 22, 0, 15, 8, 1, 0, 0, 0, 60, 0, 0, 0, 2, 0, 0, 0, 1, 0, 7, 0, 1, 2,
		3 };
	struct dns_answer answer = { 0 };
	struct dname name = name_of("a.x"), other = name_of("b.x");

	(void)state;
	assert_true(dnswire_parse(signed_mx, sizeof(signed_mx), &answer));
	assert_int_equal(dns_answer_labels(&answer, &name, DNS_MX), 1);
	assert_int_equal(dns_answer_labels(&answer, &name, DNS_A), -1);
	assert_int_equal(dns_answer_labels(&answer, &other, DNS_MX), -1);
	answer.record[1].section = SECTION_AUTHORITY;
	assert_int_equal(dns_answer_labels(&answer, &name, DNS_MX), -1);
	dns_answer_release(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dnswire_build_query__is_read__by_its_parser),
		cmocka_unit_test(dnswire_parse__reads__a_reply),
		cmocka_unit_test(dnswire_parse__survives__cut_and_spoiled_bytes),
		cmocka_unit_test(dnswire_parse__refuses__meta_records_twice),
		cmocka_unit_test(dnswire_parse__refuses__data_too_short_or_too_long),
		cmocka_unit_test(dnswire_parse__refuses__a_string_that_goes_on_past_the_data),
		cmocka_unit_test(dnswire_parse__refuses__names_without_an_end),
		cmocka_unit_test(dnswire_build_query__writes__these_bytes),
		cmocka_unit_test(dns_answer_read__follows__aliases),
		cmocka_unit_test(dns_answer_read__wants__the_question_back),
		cmocka_unit_test(dns_answer_mx__takes__the_set_of_its_owner),
		cmocka_unit_test(dns_answer_read__follows__a_dname),
		cmocka_unit_test(dns_answer_read__is_broken__where_a_dname_makes_the_name_too_long),
		cmocka_unit_test(dns_answer_labels__reads__the_signature_of_its_type),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
