/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TSIG against sums that were made with another program's HMAC, and against ldns, which has its own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <ldns/ldns.h>
#include <cmocka.h>

#include "base/mem.h"
#include "provider/tsig.h"

#define SECRET "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=" /* bytes 1 to 32 */
#define NAME "key.exempel.com"
#define NOW 1795666500

/* MX of exempel.com, id 0x1234 */
static const char question[] = "\x12\x34\0\0\0\1\0\0\0\0\0\0\7exempel\3com\0\0\x0f\0\1";
#define QUESTION_LEN (sizeof question - 1)

static void key_of(struct tsig_key *key, const char *algorithm)
{
	struct err err = { 0 };

	assert_true(tsig_key_read(key, &(struct tsig_words){ NAME, algorithm, SECRET }, &err));
}

static void signed_question(const struct tsig_key *key, struct str *message, struct str *mac)
{
	str_init(message, 0);
	str_init(mac, 0);
	str_add_bytes(message, question, QUESTION_LEN);
	tsig_sign(key, NOW, message, mac);
}

static void tsig_sign__gives__the_known_sums(void **state)
{
	static const struct {
		const char *word, *name, *mac;
	} cases[] = {
		{ "hmac-md5", "hmac-md5.sig-alg.reg.int.", "13a3f06504d0cc0caf40401e4062b8cf" },
		{ "HMAC-MD5.SIG-ALG.REG.INT", "hmac-md5.sig-alg.reg.int.", "13a3f06504d0cc0caf40401e4062b8cf" },
		{ "hmac-sha1", "hmac-sha1.", "64362fd7dd25560e34ab3e858847371efdf6adde" },
		{ "hmac-sha224", NULL, "5e82e32e0e8e9f50f88678403779414946b4529885ea2c06fceec106" },
		{ "hmac-sha256", "hmac-sha256.", "e9570d2047be33435eda8c38726dbab27cb539c357de789077af2e0c6fcce9a5" },
		{ "hmac-sha384", NULL, "4426c40e3ab8afe76bb65a1fca83ee48d0894b5a64eef36d51a175cd0591e48f0fd7f97f5ecc26cef65f7b85178cdca3" },
		{ "hmac-sha512", NULL,
			"5364f86f25206b20e6aa4af8561ce2380dfb35d1742d7e664d2367afc603929a16a60740db62ae52a8b8434039dddc0d0e90b12719b9418cc9cf6126857"
			"e89f8" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct tsig_key key;
		struct str message, mac, hex;
		ldns_pkt *packet = NULL;

		key_of(&key, cases[i].word);
		signed_question(&key, &message, &mac);
		str_init(&hex, 0);
		digest_hex(&hex, (struct bytes){ mac.s, mac.len });
		assert_string_equal(hex.s, cases[i].mac);
		assert_int_equal(ldns_wire2pkt(&packet, (const uint8_t *)message.s, message.len), LDNS_STATUS_OK);
		assert_non_null(ldns_pkt_tsig(packet));
		if (cases[i].name) /* ldns knows three */
			assert_true(ldns_pkt_tsig_verify(packet, (const uint8_t *)message.s, message.len, NAME ".", SECRET, NULL));
		ldns_pkt_free(packet);
		str_release(&hex);
		str_release(&mac);
		str_release(&message);
		tsig_key_release(&key);
	}
}

static void tsig_sign__writes__the_record(void **state)
{
	static const char want[] =
		"123400000001000000000001076578656d70656c03636f6d00000f0001036b6579076578656d70656c03636f6d0000fa00ff00000000"
		"003d0b686d61632d7368613235360000006b07b244012c0020e9570d2047be33435eda8c38726dbab27cb539c357de789077af2e0c6"
		"fcce9a5123400000000";
	struct tsig_key key;
	struct str message, mac, hex;

	(void)state;
	key_of(&key, "hmac-sha256");
	signed_question(&key, &message, &mac);
	str_init(&hex, 0);
	digest_hex(&hex, (struct bytes){ message.s, message.len });
	assert_string_equal(hex.s, want);
	/* Later, and then again as at first: the earlier signature goes. */
	tsig_sign(&key, NOW + 1, &message, &mac);
	str_clear(&hex);
	digest_hex(&hex, (struct bytes){ message.s, message.len });
	assert_string_not_equal(hex.s, want);
	assert_int_equal(hex.len, strlen(want));
	assert_int_equal(mac.len, 32);
	tsig_sign(&key, NOW, &message, &mac);
	str_clear(&hex);
	digest_hex(&hex, (struct bytes){ message.s, message.len });
	assert_string_equal(hex.s, want);
	str_release(&hex);
	str_release(&mac);
	str_release(&message);
	tsig_key_release(&key);
}

/* Whatever its length: the signature ends in the message's own id, and the rest is as it was. */
static void tsig_sign__keeps__the_message(void **state)
{
	struct tsig_key key;
	struct str mac;

	(void)state;
	key_of(&key, "hmac-sha256");
	str_init(&mac, 0);
	for (size_t len = 12; len < 700; len++) {
		struct str message;

		str_init(&message, 0);
		str_add_bytes(&message, "\x12\x34\x28\0\0\0\0\0\0\0\0\0", 12);
		while (message.len < len)
			str_add_char(&message, 'x');
		tsig_sign(&key, NOW, &message, &mac);
		assert_int_equal(message.len, len + 17 + 10 + 13 + 16 + 32);
		assert_memory_equal(message.s + message.len - 6, "\x12\x34\0\0\0\0", 6);
		assert_memory_equal(message.s + message.len - 38, mac.s, 32);
		assert_memory_equal(message.s, "\x12\x34\x28\0\0\0\0\0\0\0\0\1", 12);
		for (size_t i = 12; i < len; i++)
			assert_int_equal(message.s[i], 'x');
		str_release(&message);
	}
	str_release(&mac);
	tsig_key_release(&key);
}

static void tsig_key_read__refuses__what_is_no_key(void **state)
{
	static const struct {
		struct tsig_words words;
		const char *said;
	} cases[] = { { { "", "hmac-sha256", SECRET }, "an empty name is no domain name" },
		{ { NAME, "sha256", SECRET }, "not an algorithm of TSIG: sha256" }, { { NAME, "", SECRET }, "not an algorithm of TSIG: " },
		{ { NAME, "hmac-sha256", "AQID!" }, "the secret of TSIG key key.exempel.com is not base64" },
		{ { NAME, "hmac-sha256", "" }, "the secret of TSIG key key.exempel.com is not base64" } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct tsig_key key;
		struct err err = { 0 };
		struct str text;

		assert_false(tsig_key_read(&key, &cases[i].words, &err));
		assert_int_equal(err.code, ERR_USAGE);
		str_init(&text, 0);
		err_format(&err, NULL, &text);
		if (i)
			assert_string_equal(text.s, cases[i].said);
		str_release(&text);
		assert_null(key.secret.s);
	}
}

/* ---- answers ---- */

struct made {
	int64_t time;
	unsigned int fudge, error;
	const char *other;
	size_t n_other;
	bool unsigned_; /* no MAC in the record */
};

static void add_number(struct str *out, uint64_t value, unsigned int bytes)
{
	while (bytes--)
		str_add_char(out, (char)(value >> 8 * bytes & 0xff));
}

/* An answer without records to the question with that MAC, as a server makes it. */
static void answer_of(const struct tsig_key *key, const struct str *asked, const struct made *made, struct str *answer)
{
	struct str text;
	uint8_t sum[DIGEST_MAX];
	size_t len = 0;

	str_init(answer, 0);
	str_add_bytes(answer, question, QUESTION_LEN);
	answer->s[2] = (char)0x84;
	str_init(&text, 0);
	add_number(&text, asked->len, 2);
	str_add_bytes(&text, asked->s, asked->len);
	str_add_bytes(&text, answer->s, answer->len);
	str_add_bytes(&text, key->name.wire, key->name.len);
	add_number(&text, 255, 2);
	add_number(&text, 0, 4);
	str_add_bytes(&text, key->algorithm.wire, key->algorithm.len);
	add_number(&text, (uint64_t)made->time, 6);
	add_number(&text, made->fudge, 2);
	add_number(&text, made->error, 2);
	add_number(&text, made->n_other, 2);
	str_add_bytes(&text, made->other, made->n_other);
	if (!made->unsigned_)
		len = digest_hmac(key->digest, (struct bytes){ key->secret.s, key->secret.len }, (struct bytes){ text.s, text.len }, sum);
	str_release(&text);
	answer->s[11] = 1;
	str_add_bytes(answer, key->name.wire, key->name.len);
	add_number(answer, 250, 2);
	add_number(answer, 255, 2);
	add_number(answer, 0, 4);
	add_number(answer, key->algorithm.len + 16 + len + made->n_other, 2);
	str_add_bytes(answer, key->algorithm.wire, key->algorithm.len);
	add_number(answer, (uint64_t)made->time, 6);
	add_number(answer, made->fudge, 2);
	add_number(answer, len, 2);
	str_add_bytes(answer, sum, len);
	add_number(answer, 0x1234, 2);
	add_number(answer, made->error, 2);
	add_number(answer, made->n_other, 2);
	str_add_bytes(answer, made->other, made->n_other);
}

static enum tsig verdict(const struct tsig_key *key, const struct str *asked, const struct str *answer, int64_t *server_time)
{
	*server_time = 7;
	return tsig_verify(key, &(struct tsig_asked){ asked, NOW }, (struct bytes){ answer->s, answer->len }, server_time);
}

static void tsig_verify__tells__apart(void **state)
{
	static const struct {
		struct made made;
		enum tsig verdict;
		int64_t server_time;
	} cases[] = {
		{ { NOW, 300, 0, "", 0, false }, TSIG_GOOD, 0 },
		{ { NOW + 300, 300, 0, "", 0, false }, TSIG_GOOD, 0 },
		{ { NOW - 300, 300, 0, "", 0, false }, TSIG_GOOD, 0 },
		{ { NOW + 301, 300, 0, "", 0, false }, TSIG_LATE, NOW + 301 },
		{ { NOW - 301, 300, 0, "", 0, false }, TSIG_LATE, NOW - 301 },
		{ { NOW + 5, 4, 0, "", 0, false }, TSIG_LATE, NOW + 5 },
		{ { NOW, 0, 0, "", 0, false }, TSIG_GOOD, 0 },
		{ { NOW, 300, 18, "\0\0\x6b\x07\xff\xff", 6, false }, TSIG_BAD_TIME, 0x6b07ffff },
		{ { NOW - 4000, 300, 18, "\0\1\0\0\0\2", 6, false }, TSIG_BAD_TIME, 0x100000002 },
		{ { NOW, 300, 18, "\0\0\x6b\x07\xff", 5, false }, TSIG_FORGED, 0 },
		{ { NOW, 300, 18, "\0\0\x6b\x07\xff\xff", 6, true }, TSIG_FORGED, 0 },
		{ { NOW, 300, 17, "", 0, true }, TSIG_BAD_KEY, 0 },
		{ { 0, 300, 16, "", 0, true }, TSIG_BAD_SIG, 0 },
		{ { NOW, 300, 17, "", 0, false }, TSIG_FORGED, 0 },
		{ { NOW, 300, 16, "", 0, false }, TSIG_FORGED, 0 },
		{ { NOW, 300, 22, "", 0, false }, TSIG_FORGED, 0 },
		{ { NOW, 300, 0, "", 0, true }, TSIG_FORGED, 0 },
	};
	struct tsig_key key;
	struct str message, mac;

	(void)state;
	key_of(&key, "hmac-sha256");
	signed_question(&key, &message, &mac);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct str answer;
		int64_t server_time;

		answer_of(&key, &mac, &cases[i].made, &answer);
		print_message("# row %zu\n", i);
		assert_int_equal(verdict(&key, &mac, &answer, &server_time), cases[i].verdict);
		assert_int_equal(server_time, cases[i].server_time);
		str_release(&answer);
	}
	str_release(&mac);
	str_release(&message);
	tsig_key_release(&key);
}

/* Each byte counts: another, and the answer is no longer good; a part of it is none. */
static void tsig_verify__refuses__every_other_byte(void **state)
{
	const struct made made = { NOW, 300, 0, "", 0, false };
	struct tsig_key key;
	struct str message, mac, answer;
	int64_t server_time;

	(void)state;
	key_of(&key, "hmac-sha256");
	signed_question(&key, &message, &mac);
	answer_of(&key, &mac, &made, &answer);
	for (size_t i = 2; i < answer.len; i++) { /* the id is the transport's: the record has its own */
		answer.s[i] ^= 1;
		if (verdict(&key, &mac, &answer, &server_time) == TSIG_GOOD)
			fail_msg("byte %zu does not count", i);
		answer.s[i] ^= 1;
	}
	assert_int_equal(verdict(&key, &mac, &answer, &server_time), TSIG_GOOD);
	for (size_t len = 0; len < answer.len; len++)
		if (tsig_verify(&key, &(struct tsig_asked){ &mac, NOW }, (struct bytes){ answer.s, len }, &server_time) != TSIG_NONE)
			fail_msg("%zu bytes are no answer", len);
	str_add_char(&answer, '\0');
	assert_int_equal(verdict(&key, &mac, &answer, &server_time), TSIG_NONE);
	str_release(&answer);
	str_release(&mac);
	str_release(&message);
	tsig_key_release(&key);
}

static void tsig_verify__wants__the_same_key_and_question(void **state)
{
	const struct made made = { NOW, 300, 0, "", 0, false }, refused = { NOW, 300, 17, "", 0, true };
	const struct tsig_words other[] = { { "key2.exempel.com", "hmac-sha256", SECRET }, { NAME, "hmac-sha224", SECRET },
		{ NAME, "hmac-sha256", "AAAA" } };
	struct tsig_key key;
	struct str message, mac, answer;
	struct err err = { 0 };
	int64_t server_time;

	(void)state;
	key_of(&key, "hmac-sha256");
	signed_question(&key, &message, &mac);
	for (size_t i = 0; i < 3; i++) {
		struct tsig_key foreign;

		assert_true(tsig_key_read(&foreign, &other[i], &err));
		answer_of(&foreign, &mac, &made, &answer);
		assert_int_equal(verdict(&key, &mac, &answer, &server_time), TSIG_FORGED);
		str_release(&answer);
		answer_of(&foreign, &mac, &refused, &answer); /* what is unsigned is told of our own key alone */
		assert_int_equal(verdict(&key, &mac, &answer, &server_time), i < 2 ? TSIG_FORGED : TSIG_BAD_KEY);
		str_release(&answer);
		tsig_key_release(&foreign);
	}
	answer_of(&key, &mac, &made, &answer);
	mac.s[0] ^= 1; /* another question */
	assert_int_equal(verdict(&key, &mac, &answer, &server_time), TSIG_FORGED);
	str_release(&answer);
	str_release(&mac);
	str_release(&message);
	tsig_key_release(&key);
}

/* In an allocation of its own length: a byte read behind it is seen. */
static enum tsig verdict_of_part(const struct tsig_key *key, const struct str *asked, const struct str *answer, size_t len)
{
	uint8_t *part = mem_alloc(len + !len);
	int64_t server_time;
	enum tsig verdict;

	memcpy(part, answer->s, len);
	verdict = tsig_verify(key, &(struct tsig_asked){ asked, NOW }, (struct bytes){ part, len }, &server_time);
	free(part);
	return verdict;
}

/* A refusal, unsigned, with records before its signature: none of it is found in a part, wherever that ends. */
static void tsig_verify__finds__no_record_in_a_part(void **state)
{
	static const char records[] = "\xc0\x0c\0\x0f\0\1\0\0\x0e\x10\0\x08\0\x0a\3mx1\xc0\x0c"
				      "\0\0\x29\x04\xd0\0\0\0\0\0\0";
	const struct made refused = { NOW, 300, 17, "", 0, true };
	struct tsig_key key;
	struct str message, mac, answer, whole;

	(void)state;
	key_of(&key, "hmac-sha256");
	signed_question(&key, &message, &mac);
	answer_of(&key, &mac, &refused, &answer);
	str_init(&whole, 0);
	str_add_bytes(&whole, answer.s, QUESTION_LEN);
	str_add_bytes(&whole, records, sizeof records - 1);
	str_add_bytes(&whole, answer.s + QUESTION_LEN, answer.len - QUESTION_LEN);
	whole.s[7] = 1;
	whole.s[11] = 2;
	assert_int_equal(verdict_of_part(&key, &mac, &whole, whole.len), TSIG_BAD_KEY);
	for (size_t len = 0; len < whole.len; len++)
		if (verdict_of_part(&key, &mac, &whole, len) != TSIG_NONE)
			fail_msg("%zu bytes are no answer", len);
	str_release(&whole);
	str_release(&answer);
	str_release(&mac);
	str_release(&message);
	tsig_key_release(&key);
}

/* Lengths inside the record that do not come to its own, one at a time. */
static void tsig_verify__finds__no_record_of_other_lengths(void **state)
{
	const struct made made = { NOW, 300, 0, "", 0, false };
	struct tsig_key key;
	struct str message, mac, answer;
	size_t data, mac_size, short_len;

	(void)state;
	key_of(&key, "hmac-sha256");
	signed_question(&key, &message, &mac);
	answer_of(&key, &mac, &made, &answer);
	data = QUESTION_LEN + key.name.len + 10;
	mac_size = data + key.algorithm.len + 8;
	assert_int_equal(answer.s[mac_size + 1], 32);
	for (int size = 0; size < 256; size++) {
		answer.s[mac_size + 1] = (char)size;
		assert_int_equal(verdict_of_part(&key, &mac, &answer, answer.len), size == 32 ? TSIG_GOOD : TSIG_NONE);
	}
	answer.s[mac_size + 1] = 32;
	/* Its own length is right, and there is no room for the rest of it. */
	for (short_len = 0; short_len < key.algorithm.len + 16u; short_len++) {
		answer.s[data - 2] = 0;
		answer.s[data - 1] = (char)short_len;
		assert_int_equal(verdict_of_part(&key, &mac, &answer, data + short_len), TSIG_NONE);
	}
	str_release(&answer);
	str_release(&mac);
	str_release(&message);
	tsig_key_release(&key);
}

/* The first record's name runs out of the message; what its header's counts could be taken for, a name and a record, is none. */
static void tsig_verify__reads__no_record_in_the_header(void **state)
{
	static const char bytes[] = "\x12\x34\x84\0\0\0\0\0\0\1\0\1\xbf\0"
				    "\0\xfa\0\xff\0\0\0\0\0\x1d\x0bhmac-sha256\0"
				    "\0\0\0\0\0\0\0\0\0\0\x12\x34\0\x11\0";
	struct tsig_key key;
	struct str mac, answer;

	(void)state;
	assert_true(tsig_key_read(&key, &(struct tsig_words){ "\\191", "hmac-sha256", SECRET }, NULL));
	assert_int_equal(key.name.len, 3);
	str_init(&mac, 0);
	str_init(&answer, 0);
	str_add_bytes(&answer, bytes, sizeof bytes); /* its last zero byte, too */
	assert_int_equal(verdict_of_part(&key, &mac, &answer, answer.len), TSIG_NONE);
	str_release(&answer);
	str_release(&mac);
	tsig_key_release(&key);
}

/* A key of any case; an answer with records before the signature, and names that are compressed. */
static void tsig_verify__finds__the_record_behind_others(void **state)
{
	static const char records[] = "\xc0\x0c\0\x0f\0\1\0\0\x0e\x10\0\x08\0\x0a\3mx1\xc0\x0c"
				      "\xc0\x0c\0\x0f\0\1\0\0\x0e\x10\0\x08\0\x14\3mx2\xc0\x0c"
				      "\0\0\x29\x04\xd0\0\0\0\0\0\0";
	struct tsig_key key;
	struct str message, mac;
	int64_t server_time;

	(void)state;
	assert_true(tsig_key_read(&key, &(struct tsig_words){ "KEY.Exempel.com.", "HMAC-SHA256", SECRET }, NULL));
	str_init(&message, 0);
	str_init(&mac, 0);
	str_add_bytes(&message, question, QUESTION_LEN);
	message.s[7] = 2;
	message.s[11] = 1;
	str_add_bytes(&message, records, sizeof records - 1);
	tsig_sign(&key, NOW, &message, &mac);
	assert_int_equal(message.s[11], 2);
	/* As the answer to a question that had no signature of its own, its sum is of other text. */
	assert_int_equal(verdict(&key, &mac, &message, &server_time), TSIG_FORGED);
	tsig_sign(&key, NOW, &message, &mac);
	assert_int_equal(message.s[11], 2); /* found, and replaced */
	str_release(&mac);
	str_release(&message);
	tsig_key_release(&key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tsig_sign__gives__the_known_sums),
		cmocka_unit_test(tsig_sign__writes__the_record),
		cmocka_unit_test(tsig_sign__keeps__the_message),
		cmocka_unit_test(tsig_key_read__refuses__what_is_no_key),
		cmocka_unit_test(tsig_verify__tells__apart),
		cmocka_unit_test(tsig_verify__refuses__every_other_byte),
		cmocka_unit_test(tsig_verify__wants__the_same_key_and_question),
		cmocka_unit_test(tsig_verify__finds__no_record_in_a_part),
		cmocka_unit_test(tsig_verify__finds__no_record_of_other_lengths),
		cmocka_unit_test(tsig_verify__reads__no_record_in_the_header),
		cmocka_unit_test(tsig_verify__finds__the_record_behind_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
