/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "wire/tlsa.h"

/* SHA-256 of the bytes "abc" (FIPS 180-2, appendix B.1). */
static const uint8_t abc_sha256[SMTP_SHA256] = { 0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22,
	0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad };

/* Certificate i of the chain has digests of one byte each, all different: 16 i + 1 (sha256), + 2 (sha512), + 3, + 4 (of the key). */
static struct smtp_facts shown(size_t n)
{
	struct smtp_facts row = { .at = 1000, .tls = SMTP_TLS_UP };

	row.cert.not_before = 500;
	row.cert.not_after = 1500;
	row.cert.names_host = FACT_YES;
	row.cert.n_chain = row.cert.n_linked = n;
	for (size_t i = 0; i < n; i++) {
		memset(row.cert.chain[i].sha256, (int)(16 * i + 1), SMTP_SHA256);
		memset(row.cert.chain[i].sha512, (int)(16 * i + 2), SMTP_SHA512);
		memset(row.cert.chain[i].key_sha256, (int)(16 * i + 3), SMTP_SHA256);
		memset(row.cert.chain[i].key_sha512, (int)(16 * i + 4), SMTP_SHA512);
	}
	return row;
}

static struct tlsa record(unsigned usage, unsigned selector, unsigned matching, int byte)
{
	struct tlsa tlsa = { .usage = (uint8_t)usage, .selector = (uint8_t)selector, .matching = (uint8_t)matching };

	tlsa.len = matching == 2 ? SMTP_SHA512 : SMTP_SHA256;
	memset(tlsa.data, byte, sizeof tlsa.data);
	return tlsa;
}

static void tlsa_is_usable__what_senders_use(void **state)
{
	static const struct {
		unsigned usage, selector, matching, len;
		bool usable;
	} rows[] = {
		{ 3, 1, 1, 32, true },
		{ 3, 0, 1, 32, true },
		{ 3, 1, 2, 64, true },
		{ 3, 1, 0, 3, false }, /* such bytes are no certificate */
		{ 2, 0, 1, 32, true },
		{ 2, 1, 2, 64, true },
		{ 0, 1, 1, 32, false },
		{ 1, 1, 1, 32, false },
		{ 4, 1, 1, 32, false },
		{ 3, 2, 1, 32, false },
		{ 3, 1, 3, 32, false },
		{ 3, 1, 0, 0, false },
		{ 3, 1, 1, 31, false },
		{ 3, 1, 1, 33, false },
		{ 3, 1, 1, 64, false },
		{ 3, 1, 2, 63, false },
		{ 3, 1, 2, 65, false },
		{ 3, 1, 2, 32, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tlsa tlsa = record(rows[i].usage, rows[i].selector, rows[i].matching, 1);

		tlsa.len = (uint16_t)rows[i].len;
		assert_int_equal(tlsa_is_usable(&tlsa), rows[i].usable);
	}
}

static void tlsa_is_usable__whole__begins_a_sequence(void **state)
{
	static const struct {
		uint8_t data[5];
		unsigned len;
		bool usable;
	} rows[] = {
		{ { 0x30, 0x02 }, 4, true },
		{ { 0x30, 0x01 }, 3, false },
		{ { 0x30, 0x02 }, 5, false },
		{ { 0x30, 0x03 }, 4, false },
		{ { 0x31, 0x02 }, 4, false },
		{ { 0x30, 0x7f }, 129, true },
		{ { 0x30, 0x80 }, 130, false },
		{ { 0x30, 0x81, 0x80 }, 131, true },
		{ { 0x30, 0x81, 0x80 }, 130, false },
		{ { 0x30, 0x81, 0x80 }, 132, false },
		{ { 0x30, 0x82, 0x01, 0x22 }, 294, true },
		{ { 0x30, 0x82, 0x01, 0x22 }, 293, false },
		{ { 0x30, 0x82, 0x02, 0x22 }, 294, false },
		{ { 0x30, 0x82, 0xff, 0xfb }, 65535, true },
		{ { 0x30, 0x83, 0x00, 0x01, 0x22 }, 295, false },
		{ { 0x30, 0x1e, 1, 1, 1 }, 32, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tlsa tlsa = { .usage = 3, .selector = 1, .len = (uint16_t)rows[i].len };

		memcpy(tlsa.data, rows[i].data, sizeof(rows[i].data));
		assert_int_equal(tlsa_is_usable(&tlsa), rows[i].usable);
	}
}

static void tlsa_match__each_selector_and_type(void **state)
{
	struct smtp_facts row = shown(3);

	(void)state;
	for (unsigned selector = 0; selector < 2; selector++)
		for (unsigned matching = 1; matching < 3; matching++)
			for (int byte = 0; byte < 64; byte++) {
				int own = (int)(2 * selector + matching);
				struct tlsa leaf = record(3, selector, matching, byte), above = record(2, selector, matching, byte);

				assert_int_equal(tlsa_match(&leaf, &row), byte == own ? FACT_YES : FACT_NO);
				assert_int_equal(tlsa_match(&above, &row), byte == 16 + own || byte == 32 + own ? FACT_YES : FACT_NO);
			}
}

static void tlsa_match__one_byte_differs__no(void **state)
{
	struct smtp_facts row = shown(1);
	struct tlsa tlsa = record(3, 1, 1, 3);

	(void)state;
	for (size_t i = 0; i < SMTP_SHA256; i++) {
		tlsa.data[i] ^= 1;
		assert_int_equal(tlsa_match(&tlsa, &row), FACT_NO);
		tlsa.data[i] ^= 1;
	}
	tlsa = record(3, 1, 2, 4);
	for (size_t i = 0; i < SMTP_SHA512; i++) {
		tlsa.data[i] ^= 1;
		assert_int_equal(tlsa_match(&tlsa, &row), FACT_NO);
		tlsa.data[i] ^= 1;
	}
}

/* The whole certificate, or the whole key, stands in the record. */
static void tlsa_match__whole__by_its_digest(void **state)
{
	struct smtp_facts row = shown(2);
	struct tlsa tlsa = { .usage = 3, .selector = 1, .matching = 0, .len = 3, .data = { 'a', 'b', 'c' } };

	(void)state;
	assert_int_equal(tlsa_match(&tlsa, &row), FACT_NO);
	memcpy(row.cert.chain[0].key_sha256, abc_sha256, SMTP_SHA256);
	assert_int_equal(tlsa_match(&tlsa, &row), FACT_YES);
	tlsa.selector = 0;
	assert_int_equal(tlsa_match(&tlsa, &row), FACT_NO);
	memcpy(row.cert.chain[0].sha256, abc_sha256, SMTP_SHA256);
	assert_int_equal(tlsa_match(&tlsa, &row), FACT_YES);
	tlsa.len = TLSA_DATA_MAX + 1; /* the rest of it was not kept */
	assert_int_equal(tlsa_match(&tlsa, &row), FACT_UNKNOWN);
	tlsa.usage = 2;
	assert_int_equal(tlsa_match(&tlsa, &row), FACT_UNKNOWN);
	tlsa.len = TLSA_DATA_MAX;
	assert_int_equal(tlsa_match(&tlsa, &row), FACT_NO);
}

/* The key alone counts for usage 3; an authority vouches for a name and a time. */
static void tlsa_match__name_and_dates__of_usage_2_alone(void **state)
{
	static const struct {
		enum fact name;
		int64_t at;
		enum fact above;
	} rows[] = {
		{ FACT_YES, 1000, FACT_YES },
		{ FACT_NO, 1000, FACT_NO },
		{ FACT_UNKNOWN, 1000, FACT_NO },
		{ FACT_YES, 499, FACT_NO },
		{ FACT_YES, 500, FACT_YES },
		{ FACT_YES, 1500, FACT_YES },
		{ FACT_YES, 1501, FACT_NO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smtp_facts row = shown(2);
		struct tlsa leaf = record(3, 0, 1, 1), above = record(2, 0, 1, 17);

		row.cert.names_host = rows[i].name;
		row.at = rows[i].at;
		assert_int_equal(tlsa_match(&leaf, &row), FACT_YES);
		assert_int_equal(tlsa_match(&above, &row), rows[i].above);
	}
}

/* Beyond the first that is not signed by the next, nothing vouches for the server. */
static void tlsa_match__chain_that_breaks(void **state)
{
	struct smtp_facts row = shown(3);
	struct tlsa second = record(2, 0, 1, 17), third = record(2, 0, 1, 33);

	(void)state;
	row.cert.n_linked = 2;
	row.cert.more_chain = 1;
	assert_int_equal(tlsa_match(&second, &row), FACT_YES);
	assert_int_equal(tlsa_match(&third, &row), FACT_NO);
	row.cert.n_linked = 3;
	second = record(2, 0, 1, 99);
	assert_int_equal(tlsa_match(&third, &row), FACT_YES);
	assert_int_equal(tlsa_match(&second, &row), FACT_UNKNOWN); /* the rest of the chain was not kept */
	row.cert.more_chain = 0;
	assert_int_equal(tlsa_match(&second, &row), FACT_NO);
}

static void tlsa_match__no_tls__unknown(void **state)
{
	struct smtp_facts row = shown(1);
	struct tlsa tlsa = record(3, 0, 1, 1);

	(void)state;
	row.tls = SMTP_TLS_BROKEN;
	assert_int_equal(tlsa_match(&tlsa, &row), FACT_UNKNOWN);
	row = shown(0);
	assert_int_equal(tlsa_match(&tlsa, &row), FACT_UNKNOWN);
}

static void tlsa_match_any__one_is_enough(void **state)
{
	struct smtp_facts row = shown(2);
	struct tlsa_facts records = { 0 };

	(void)state;
	assert_int_equal(tlsa_match_any(&records, &row), FACT_UNKNOWN);
	records.tlsa[records.n++] = record(1, 0, 1, 1);
	assert_int_equal(tlsa_match_any(&records, &row), FACT_UNKNOWN); /* nothing that can be used */
	records.tlsa[records.n++] = record(3, 0, 1, 9);
	assert_int_equal(tlsa_match_any(&records, &row), FACT_NO);
	records.more = 1;
	assert_int_equal(tlsa_match_any(&records, &row), FACT_UNKNOWN);
	records.more = 0;
	records.tlsa[records.n] = record(3, 0, 0, 9);
	memcpy(records.tlsa[records.n].data, "\x30\x82\x01\x3d", 4);
	records.tlsa[records.n++].len = TLSA_DATA_MAX + 1;
	assert_int_equal(tlsa_match_any(&records, &row), FACT_UNKNOWN);
	records.tlsa[records.n++] = record(3, 1, 2, 4);
	assert_int_equal(tlsa_match_any(&records, &row), FACT_YES);
	records.tlsa[0] = record(3, 1, 2, 4);
	records.n = 1;
	assert_int_equal(tlsa_match_any(&records, &row), FACT_YES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tlsa_is_usable__what_senders_use),
		cmocka_unit_test(tlsa_is_usable__whole__begins_a_sequence),
		cmocka_unit_test(tlsa_match__each_selector_and_type),
		cmocka_unit_test(tlsa_match__one_byte_differs__no),
		cmocka_unit_test(tlsa_match__whole__by_its_digest),
		cmocka_unit_test(tlsa_match__name_and_dates__of_usage_2_alone),
		cmocka_unit_test(tlsa_match__chain_that_breaks),
		cmocka_unit_test(tlsa_match__no_tls__unknown),
		cmocka_unit_test(tlsa_match_any__one_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
