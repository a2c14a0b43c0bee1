/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/tsig.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "wire/dnswire.h"
#include "base/banned.h"

#define ARCOUNT 10 /* offset in the header */
#define TYPE_TSIG 250
#define CLASS_ANY 255
#define ERROR_BADSIG 16
#define ERROR_BADKEY 17
#define ERROR_BADTIME 18

static const struct {
	const char *word, *name; /* in settings, and on the wire */
	enum digest digest;
	size_t len;
} algorithms[] = {
	{ "hmac-sha256", "hmac-sha256", DIGEST_SHA256, 32 },
	{ "hmac-sha224", "hmac-sha224", DIGEST_SHA224, 28 },
	{ "hmac-sha384", "hmac-sha384", DIGEST_SHA384, 48 },
	{ "hmac-sha512", "hmac-sha512", DIGEST_SHA512, 64 },
	{ "hmac-sha1", "hmac-sha1", DIGEST_SHA1, 20 },
	{ "hmac-md5", "hmac-md5.sig-alg.reg.int", DIGEST_MD5, 16 },
};
#define ALGORITHMS (sizeof algorithms / sizeof algorithms[0])

/* ---- the key ---- */

static bool read_algorithm(struct tsig_key *key, const char *word, struct err *err)
{
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (text_equal_fold(word, algorithms[i].word) || text_equal_fold(word, algorithms[i].name)) {
			key->digest = algorithms[i].digest;
			return dname_parse(&key->algorithm, algorithms[i].name, err);
		}
	err_set(err, ERR_USAGE, N_("not an algorithm of TSIG: %s"), word);
	err_hint(err, N_("Known are hmac-sha256, hmac-sha224, hmac-sha384, hmac-sha512, hmac-sha1 and hmac-md5."));
	return false;
}

bool tsig_key_read(struct tsig_key *key, const struct tsig_words *words, struct err *err)
{
	bool ok;

	*key = (struct tsig_key){ 0 };
	str_init(&key->secret, 0);
	ok = dname_parse(&key->name, words->name, err) && read_algorithm(key, words->algorithm, err);
	if (ok && (!base64_decode(&key->secret, words->secret) || !key->secret.len))
		ok = err_set(err, ERR_USAGE, N_("the secret of TSIG key %s is not base64"), words->name);
	if (!ok)
		tsig_key_release(key);
	return ok;
}

void tsig_key_release(struct tsig_key *key)
{
	if (key->secret.s)
		mem_wipe(key->secret.s, key->secret.len);
	str_release(&key->secret);
}

/* ---- bytes ---- */

static unsigned int get(const uint8_t *at, size_t n)
{
	unsigned int value = 0;

	while (n--)
		value = value << 8 | *at++;
	return value;
}

static int64_t get_time(const uint8_t *at)
{
	return (int64_t)get(at, 2) << 32 | (int64_t)get(at + 2, 4);
}

static void add_number(struct str *out, uint64_t value, unsigned int bytes)
{
	while (bytes--)
		str_add_char(out, (char)(value >> 8 * bytes & 0xff));
}

static void add_name(struct str *out, const struct dname *name)
{
	str_add_bytes(out, name->wire, name->len);
}

/* The first byte after the name that begins at `at`, or 0 where it does not end within the message. */
static size_t skip_name(const uint8_t *bytes, size_t len, size_t at)
{
	while (at < len && bytes[at] && bytes[at] < 0xc0)
		at += 1u + bytes[at];
	if (at < len && bytes[at] >= 0xc0)
		at++;
	return at < len ? at + 1 : 0;
}

struct parts {         /* of a message that ends in a TSIG record */
	size_t record; /* where that begins */
	const uint8_t *name, *algorithm, *mac, *other;
	size_t name_len, algorithm_len, mac_len, other_len;
	int64_t time;
	unsigned int fudge, original_id, error;
};

/* Type, class, TTL and length, then the data, of RFC 8945 section 4.2. */
static bool read_record(const uint8_t *at, const uint8_t *end, struct parts *parts)
{
	size_t len = (size_t)(end - at), name_end;

	if (len < 10 || get(at, 2) != TYPE_TSIG || get(at + 2, 2) != CLASS_ANY || get(at + 4, 4) != 0 || get(at + 8, 2) != len - 10)
		return false;
	at += 10;
	name_end = skip_name(at, (size_t)(end - at), 0);
	if (!name_end || (size_t)(end - at) < name_end + 16)
		return false;
	parts->algorithm = at;
	parts->algorithm_len = name_end;
	at += name_end;
	parts->time = get_time(at);
	parts->fudge = get(at + 6, 2);
	parts->mac_len = get(at + 8, 2);
	parts->mac = at + 10;
	at += 10;
	if ((size_t)(end - at) < parts->mac_len + 6)
		return false;
	at += parts->mac_len;
	parts->original_id = get(at, 2);
	parts->error = get(at + 2, 2);
	parts->other_len = get(at + 4, 2);
	parts->other = at + 6;
	return (size_t)(end - at) == 6 + parts->other_len;
}

/* The last record of the message, where that is a TSIG. */
static bool find_record(const uint8_t *bytes, size_t len, struct parts *parts)
{
	size_t at = DNS_HEADER_LEN;
	unsigned int left;

	if (len < DNS_HEADER_LEN || get(bytes + ARCOUNT, 2) == 0)
		return false;
	for (left = get(bytes + 4, 2); left; left--) {
		at = skip_name(bytes, len, at);
		if (!at || at + 4 > len)
			return false;
		at += 4;
	}
	for (left = get(bytes + 6, 2) + get(bytes + 8, 2) + get(bytes + ARCOUNT, 2); left > 1; left--) {
		at = skip_name(bytes, len, at);
		if (!at || at + 10 > len)
			return false;
		at += 10 + get(bytes + at + 8, 2);
	}
	parts->record = at;
	parts->name = bytes + at;
	at = at < len ? skip_name(bytes, len, at) : 0;
	parts->name_len = at - parts->record;
	return at && read_record(bytes + at, bytes + len, parts);
}

/* ---- signing ---- */

/* The variables of RFC 8945 section 4.3.3. */
static void add_variables(struct str *out, const struct tsig_key *key, const struct parts *parts)
{
	add_name(out, &key->name);
	add_number(out, CLASS_ANY, 2);
	add_number(out, 0, 4);
	add_name(out, &key->algorithm);
	add_number(out, (uint64_t)parts->time, 6);
	add_number(out, parts->fudge, 2);
	add_number(out, parts->error, 2);
	add_number(out, parts->other_len, 2);
	str_add_bytes(out, parts->other, parts->other_len);
}

static size_t mac_of(const struct tsig_key *key, const struct str *text, uint8_t mac[DIGEST_MAX])
{
	return digest_hmac(key->digest, (struct bytes){ key->secret.s, key->secret.len }, (struct bytes){ text->s, text->len }, mac);
}

static void set_count(char *message, unsigned int count)
{
	message[ARCOUNT] = (char)(count >> 8);
	message[ARCOUNT + 1] = (char)(count & 0xff);
}

/* Cuts the TSIG off a message that was signed before, so that it can be signed anew. */
static void strip(struct str *message)
{
	struct parts parts;

	if (!find_record((const uint8_t *)message->s, message->len, &parts))
		return;
	message->len = parts.record;
	message->s[message->len] = '\0';
	set_count(message->s, get((const uint8_t *)message->s + ARCOUNT, 2) - 1);
}

void tsig_sign(const struct tsig_key *key, int64_t now, struct str *message, struct str *mac)
{
	struct parts parts = { .time = now, .fudge = TSIG_FUDGE_S, .other = (const uint8_t *)"" };
	uint8_t sum[DIGEST_MAX];
	struct str text;
	size_t len;

	assert(message->len >= DNS_HEADER_LEN);
	strip(message);
	str_init(&text, 0);
	str_add_bytes(&text, message->s, message->len);
	add_variables(&text, key, &parts);
	len = mac_of(key, &text, sum);
	str_release(&text);
	str_clear(mac);
	str_add_bytes(mac, sum, len);

	add_name(message, &key->name);
	add_number(message, TYPE_TSIG, 2);
	add_number(message, CLASS_ANY, 2);
	add_number(message, 0, 4);
	add_number(message, key->algorithm.len + 16 + len, 2);
	add_name(message, &key->algorithm);
	add_number(message, (uint64_t)now, 6);
	add_number(message, TSIG_FUDGE_S, 2);
	add_number(message, len, 2);
	str_add_bytes(message, sum, len);
	add_number(message, get((const uint8_t *)message->s, 2), 2); /* the id */
	add_number(message, 0, 4);
	set_count(message->s, get((const uint8_t *)message->s + ARCOUNT, 2) + 1);
}

/* ---- an answer ---- */

static bool same_name(const uint8_t *wire, size_t len, const struct dname *name)
{
	struct dname read;

	return dname_from_wire(&read, wire, len) && dname_equal(&read, name);
}

/* RFC 8945 section 4.3: the question's MAC, the answer as it was before the record came, the variables. */
static bool mac_fits(const struct tsig_key *key, const struct str *asked, struct bytes answer, const struct parts *parts)
{
	uint8_t sum[DIGEST_MAX];
	struct str text;
	size_t len;

	str_init(&text, 0);
	add_number(&text, asked->len, 2);
	str_add_bytes(&text, asked->s, asked->len);
	add_number(&text, parts->original_id, 2);
	str_add_bytes(&text, (const char *)answer.at + 2, parts->record - 2);
	set_count(text.s + 2 + asked->len, get((const uint8_t *)answer.at + ARCOUNT, 2) - 1);
	add_variables(&text, key, parts);
	len = mac_of(key, &text, sum);
	str_release(&text);
	return parts->mac_len == len && CRYPTO_memcmp(sum, parts->mac, len) == 0;
}

enum tsig tsig_verify(const struct tsig_key *key, const struct tsig_asked *asked, struct bytes answer, int64_t *server_time)
{
	struct parts parts;

	*server_time = 0;
	if (!find_record(answer.at, answer.len, &parts))
		return TSIG_NONE;
	if (!same_name(parts.name, parts.name_len, &key->name) || !same_name(parts.algorithm, parts.algorithm_len, &key->algorithm))
		return TSIG_FORGED;
	if (!parts.mac_len && parts.error == ERROR_BADKEY)
		return TSIG_BAD_KEY;
	if (!parts.mac_len && parts.error == ERROR_BADSIG)
		return TSIG_BAD_SIG;
	if (!mac_fits(key, asked->mac, answer, &parts))
		return TSIG_FORGED;
	if (parts.error == ERROR_BADTIME && parts.other_len == 6) {
		*server_time = get_time(parts.other);
		return TSIG_BAD_TIME;
	}
	if (parts.error)
		return TSIG_FORGED;
	if (parts.time - asked->now > parts.fudge || asked->now - parts.time > parts.fudge) {
		*server_time = parts.time;
		return TSIG_LATE;
	}
	return TSIG_GOOD;
}
