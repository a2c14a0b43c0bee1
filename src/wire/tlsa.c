/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/tlsa.h"

#include <string.h>
#include <openssl/evp.h>

#include "base/banned.h"

enum { USAGE_TA = 2, USAGE_EE = 3 };
enum { SELECT_CERT = 0, SELECT_KEY = 1 };
enum { MATCH_WHOLE = 0, MATCH_SHA256 = 1, MATCH_SHA512 = 2 };

/* What is kept of a certificate are its digests: data that is no digest is made one. */
static enum fact match_cert(const struct tlsa *tlsa, const struct smtp_cert *cert)
{
	bool key = tlsa->selector == SELECT_KEY;
	const uint8_t *sha256 = key ? cert->key_sha256 : cert->sha256;
	uint8_t digest[SMTP_SHA256];
	bool same;

	if (tlsa->matching == MATCH_SHA512)
		same = memcmp(tlsa->data, key ? cert->key_sha512 : cert->sha512, SMTP_SHA512) == 0;
	else if (tlsa->matching == MATCH_SHA256)
		same = memcmp(tlsa->data, sha256, SMTP_SHA256) == 0;
	else if (tlsa->len > TLSA_DATA_MAX || EVP_Digest(tlsa->data, tlsa->len, digest, NULL, EVP_sha256(), NULL) != 1)
		return FACT_UNKNOWN;
	else
		same = memcmp(digest, sha256, SMTP_SHA256) == 0;
	return same ? FACT_YES : FACT_NO;
}

/* Does an authority above match? One that vouches for another name or time does not. */
static enum fact match_above(const struct tlsa *tlsa, const struct smtp_facts *row)
{
	const struct smtp_tls_facts *cert = &row->cert;
	enum fact found = cert->more_chain && cert->n_linked == cert->n_chain ? FACT_UNKNOWN : FACT_NO;

	if (cert->names_host != FACT_YES || row->at < cert->not_before || row->at > cert->not_after)
		return FACT_NO;
	for (size_t i = 1; i < cert->n_linked; i++) {
		enum fact one = match_cert(tlsa, &cert->chain[i]);

		if (one == FACT_YES)
			return FACT_YES;
		if (one == FACT_UNKNOWN)
			found = FACT_UNKNOWN;
	}
	return found;
}

enum fact tlsa_match(const struct tlsa *tlsa, const struct smtp_facts *row)
{
	if (row->tls != SMTP_TLS_UP || row->cert.n_chain == 0)
		return FACT_UNKNOWN;
	return tlsa->usage == USAGE_EE ? match_cert(tlsa, &row->cert.chain[0]) : match_above(tlsa, row);
}

enum fact tlsa_match_any(const struct tlsa_facts *records, const struct smtp_facts *row)
{
	enum fact found = FACT_NO;
	bool usable = false;

	for (size_t i = 0; i < records->n; i++) {
		enum fact one;

		if (!tlsa_is_usable(&records->tlsa[i]))
			continue;
		usable = true;
		one = tlsa_match(&records->tlsa[i], row);
		if (one == FACT_YES)
			return FACT_YES;
		if (one == FACT_UNKNOWN)
			found = FACT_UNKNOWN;
	}
	return usable && !records->more ? found : FACT_UNKNOWN;
}
