/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/digest.h"

#include <assert.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

static const EVP_MD *method_of(enum digest digest)
{
	const EVP_MD *const method[DIGESTS] = { EVP_md5(), EVP_sha1(), EVP_sha224(), EVP_sha256(), EVP_sha384(), EVP_sha512() };

	return method[digest];
}

struct bytes bytes_of(const char *text)
{
	return (struct bytes){ text, strlen(text) };
}

size_t digest_of(enum digest digest, struct bytes text, uint8_t out[DIGEST_MAX])
{
	unsigned int len = 0;
	int ok = EVP_Digest(text.at, text.len, out, &len, method_of(digest), NULL);

	assert(ok == 1);
	(void)ok;
	return len;
}

size_t digest_hmac(enum digest digest, struct bytes key, struct bytes text, uint8_t out[DIGEST_MAX])
{
	unsigned int len = 0;
	const unsigned char *done;

	assert(key.len <= INT_MAX);
	done = HMAC(method_of(digest), key.at, (int)key.len, text.at, text.len, out, &len);
	assert(done);
	(void)done;
	return len;
}

void digest_hex(struct str *out, struct bytes bytes)
{
	const uint8_t *at = bytes.at;

	for (size_t i = 0; i < bytes.len; i++)
		str_addf(out, "%02x", (unsigned int)at[i]);
}

static void add_blocks(struct str *out, struct bytes bytes, bool padded)
{
	unsigned char part[4 + 1];

	for (size_t at = 0; at < bytes.len; at += 3) {
		size_t n = bytes.len - at < 3 ? bytes.len - at : 3;

		EVP_EncodeBlock(part, (const unsigned char *)bytes.at + at, (int)n);
		str_add_bytes(out, part, padded ? 4 : n + 1);
	}
}

void base64_add(struct str *out, struct bytes bytes)
{
	add_blocks(out, bytes, true);
}

void base64url_add(struct str *out, struct bytes bytes)
{
	size_t from = out->len;

	add_blocks(out, bytes, false);
	for (char *letter = out->s + from; *letter; letter++)
		*letter = *letter == '+' ? '-' : *letter == '/' ? '_' : *letter;
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* One group: the padding of the last makes it shorter. */
static void add_group(struct str *out, const char *group)
{
	unsigned char bytes[3];

	EVP_DecodeBlock(bytes, (const unsigned char *)group, 4);
	str_add_bytes(out, bytes, group[3] != '=' ? 3 : group[2] != '=' ? 2 : 1);
}

bool base64_decode(struct str *out, const char *text)
{
	struct str plain;
	size_t n, padding;
	bool ok;

	str_init(&plain, 0);
	for (; *text; text++)
		if (!strchr(" \t\r\n", *text))
			str_add_char(&plain, *text);
	n = strspn(plain.s, LETTERS);
	padding = strspn(plain.s + n, "=");
	ok = n + padding == plain.len && plain.len % 4 == 0 && padding <= 2;
	for (size_t at = 0; ok && at < plain.len; at += 4)
		add_group(out, plain.s + at);
	mem_wipe(plain.s, plain.len);
	str_release(&plain);
	return ok && !out->overflow;
}
