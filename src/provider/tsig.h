/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TSIG (RFC 8945): signs a DNS message with a shared secret, and tells of an answer whether the server signed it with the
 * same. ldns signs by the machine's clock, does not look at the answer's time, and lacks half of the algorithms; so this is
 * done here, on bytes, with the time as a parameter.
 */
#ifndef PROVIDER_TSIG_H
#define PROVIDER_TSIG_H

#include "base/err.h"
#include "core/dname.h"
#include "provider/digest.h"

#define TSIG_FUDGE_S 300 /* RFC 8945 section 10 */

struct tsig_key {
	struct dname name, algorithm;
	enum digest digest;
	struct str secret;
};
/* algorithm: "hmac-sha256" and its kin, "hmac-md5" too; secret: base64. ERR_USAGE; the secret is not shown. */
struct tsig_words {
	const char *name, *algorithm, *secret;
};
bool tsig_key_read(struct tsig_key *key, const struct tsig_words *words, struct err *err);
void tsig_key_release(struct tsig_key *key); /* wipes */

/* Appends the signature, in place of an earlier one. mac, which is overwritten, is what the answer's signature covers too. The message
 * must be a whole one. */
void tsig_sign(const struct tsig_key *key, int64_t now, struct str *message, struct str *mac);

enum tsig {
	TSIG_GOOD,
	TSIG_NONE,     /* not signed, or not a DNS message */
	TSIG_FORGED,   /* signed, but not by this key for this question */
	TSIG_LATE,     /* signed, but its time is too far from ours */
	TSIG_BAD_KEY,  /* the server says that it does not know the key; unsigned, as all it can */
	TSIG_BAD_SIG,  /* the server says that our signature is wrong; unsigned */
	TSIG_BAD_TIME, /* the server says, signed, that our clock is wrong */
};
struct tsig_asked {
	const struct str *mac; /* of the question */
	int64_t now;
};
/* Verifies an answer. *server_time is the server's clock where it is told (BAD_TIME, LATE), else 0. */
enum tsig tsig_verify(const struct tsig_key *key, const struct tsig_asked *asked, struct bytes answer, int64_t *server_time);

#endif
