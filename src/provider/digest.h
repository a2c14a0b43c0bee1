/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Digests, keyed digests and base64, by OpenSSL: what the vendors' signatures are made of. Knows no vendor and keeps
 * nothing.
 */
#ifndef PROVIDER_DIGEST_H
#define PROVIDER_DIGEST_H

#include <stdint.h>

#include "base/str.h"

#define DIGEST_MAX 64 /* bytes */

enum digest { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA224, DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512, DIGESTS };

struct bytes {
	const void *at;
	size_t len;
};
struct bytes bytes_of(const char *text); /* without the zero byte */

/* Both return the length of what they put into out. */
size_t digest_of(enum digest digest, struct bytes text, uint8_t out[DIGEST_MAX]);
size_t digest_hmac(enum digest digest, struct bytes key, struct bytes text, uint8_t out[DIGEST_MAX]); /* RFC 2104 */

void digest_hex(struct str *out, struct bytes bytes); /* lower case */

/* RFC 4648 section 4, padded. */
void base64_add(struct str *out, struct bytes bytes);
/* RFC 4648 section 5, without padding. */
void base64url_add(struct str *out, struct bytes bytes);
/* RFC 4648 section 4, padded; blanks and line ends may stand anywhere. False when it is no base64, or out overflows. */
bool base64_decode(struct str *out, const char *text);

#endif
