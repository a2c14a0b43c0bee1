/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a connection and its certificates are. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "base/mem.h"
#include "io/tls_private.h"
#include "base/banned.h"

static int64_t seconds_of(const ASN1_TIME *time)
{
	struct tm tm;

	return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

static void look_at_cipher(const SSL *ssl, struct smtp_tls_facts *facts)
{
	const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
	int exchange = cipher ? SSL_CIPHER_get_kx_nid(cipher) : NID_undef;

	facts->number = (uint16_t)SSL_version(ssl);
	snprintf(facts->version, sizeof(facts->version), "%s", SSL_get_version(ssl));
	snprintf(facts->cipher, sizeof(facts->cipher), "%s", cipher ? SSL_CIPHER_get_name(cipher) : "");
	facts->forward = exchange == NID_kx_ecdhe || exchange == NID_kx_dhe || exchange == NID_kx_any;
}

static void look_at_key(X509 *leaf, struct smtp_tls_facts *facts)
{
	EVP_PKEY *key = X509_get0_pubkey(leaf);
	int digest = NID_undef;

	facts->key_bits = key ? (uint16_t)EVP_PKEY_get_bits(key) : 0;
	facts->rsa = key && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
	facts->weak_signature = X509_get_signature_info(leaf, &digest, NULL, NULL, NULL) == 1 && (digest == NID_md5 || digest == NID_sha1);
}

static void add_name(struct smtp_tls_facts *facts, const ASN1_STRING *text)
{
	const char *bytes = (const char *)ASN1_STRING_get0_data(text);
	size_t n = (size_t)ASN1_STRING_length(text);
	char *to = facts->name[facts->n_names];

	if (facts->n_names == SMTP_NAMES) {
		facts->more_names++;
		return;
	}
	n = n < SMTP_NAME - 1 ? n : SMTP_NAME - 1;
	for (size_t i = 0; i < n; i++)
		to[i] = bytes[i] ? bytes[i] : '?';
	to[n] = '\0';
	facts->n_names++;
}

/* Names for people are no names for programs: only DNS names of the alternative names count. */
static void look_at_names(X509 *leaf, const char *host, struct smtp_tls_facts *facts)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS)
			add_name(facts, name->d.dNSName);
	}
	GENERAL_NAMES_free(names);
	facts->names_host =
		X509_check_host(leaf, host, 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1
			? FACT_YES
			: FACT_NO;
}

static void digest_both(const unsigned char *der, int n, uint8_t sha256[SMTP_SHA256], uint8_t sha512[SMTP_SHA512])
{
	EVP_Digest(der, (size_t)n, sha256, NULL, EVP_sha256(), NULL);
	EVP_Digest(der, (size_t)n, sha512, NULL, EVP_sha512(), NULL);
}

static void look_at_cert(X509 *cert, struct smtp_cert *out)
{
	unsigned char *der = NULL;
	int n = i2d_X509(cert, &der);

	if (n > 0)
		digest_both(der, n, out->sha256, out->sha512);
	OPENSSL_free(der);
	der = NULL;
	n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	if (n > 0)
		digest_both(der, n, out->key_sha256, out->key_sha512);
	OPENSSL_free(der);
}

/* The chain as the server sent it, and how far one vouches for the other. */
static void look_at_chain(STACK_OF(X509) * chain, struct smtp_tls_facts *facts)
{
	int n = sk_X509_num(chain);
	int linked = 1;

	while (linked < n && X509_verify(sk_X509_value(chain, linked - 1), X509_get0_pubkey(sk_X509_value(chain, linked))) == 1)
		linked++;
	for (int i = 0; i < n && i < SMTP_CHAIN; i++)
		look_at_cert(sk_X509_value(chain, i), &facts->chain[facts->n_chain++]);
	facts->more_chain = (size_t)n - facts->n_chain;
	facts->n_linked = (size_t)linked < facts->n_chain ? (size_t)linked : facts->n_chain;
}

/* The dates of the whole chain up to the root, the server's own being known: the first end is the end of all. */
static void look_at_dates(STACK_OF(X509) * chain, struct smtp_tls_facts *facts)
{
	for (int i = 1; i < sk_X509_num(chain) - 1; i++) {
		int64_t begins = seconds_of(X509_get0_notBefore(sk_X509_value(chain, i)));
		int64_t ends = seconds_of(X509_get0_notAfter(sk_X509_value(chain, i)));

		if (begins > facts->not_before)
			facts->not_before = begins;
		if (ends < facts->not_after)
			facts->not_after = ends;
	}
}

static void judge(const struct tls *tls, X509 *leaf, STACK_OF(X509) * sent, struct smtp_tls_facts *facts)
{
	X509_STORE_CTX *verify = X509_STORE_CTX_new();
	int error;

	if (!verify || X509_STORE_CTX_init(verify, SSL_CTX_get_cert_store(tls->roots->context), leaf, sent) != 1)
		mem_exhausted();
	X509_STORE_CTX_set_default(verify, "ssl_server");
	X509_STORE_CTX_set_flags(verify, X509_V_FLAG_NO_CHECK_TIME);
	if (X509_verify_cert(verify) == 1) {
		facts->trust = SMTP_TRUSTED;
		look_at_dates(X509_STORE_CTX_get0_chain(verify), facts);
	} else {
		error = X509_STORE_CTX_get_error(verify);
		facts->trust = error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ? SMTP_SELF_SIGNED : SMTP_UNTRUSTED;
		if (!tls->roots->any && facts->trust == SMTP_UNTRUSTED)
			facts->trust = SMTP_TRUST_UNKNOWN;
		snprintf(facts->trust_reason, sizeof(facts->trust_reason), "%s", X509_verify_cert_error_string(error));
	}
	X509_STORE_CTX_free(verify);
}

void tls_look(const struct tls *tls, struct smtp_tls_facts *facts)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(tls->ssl);
	X509 *leaf = sk_X509_num(chain) > 0 ? sk_X509_value(chain, 0) : NULL;

	*facts = (struct smtp_tls_facts){ 0 };
	look_at_cipher(tls->ssl, facts);
	if (!leaf)
		return;
	look_at_key(leaf, facts);
	look_at_names(leaf, tls->host, facts);
	look_at_chain(chain, facts);
	facts->not_before = seconds_of(X509_get0_notBefore(leaf));
	facts->not_after = seconds_of(X509_get0_notAfter(leaf));
	judge(tls, leaf, chain, facts);
}
