/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/tls.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <openssl/err.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "io/tls_private.h"
#include "base/banned.h"

#define PORTION 4096

static const char *from_environment(const char *variable, const char *otherwise)
{
	const char *value = getenv(variable);

	return value && *value ? value : otherwise;
}

static bool is_filled(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	bool any = false;

	while (dir && !any && (entry = readdir(dir)) != NULL)
		any = entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return any;
}

/* OpenSSL looks for the system's roots when it needs one, and does not say that there are none. */
static bool system_has_roots(void)
{
	return access(from_environment(X509_get_default_cert_file_env(), X509_get_default_cert_file()), R_OK) == 0 ||
	       is_filled(from_environment(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()));
}

static bool load_roots(struct tls_roots *roots, const char *ca_file)
{
	if (ca_file)
		return (roots->any = SSL_CTX_load_verify_locations(roots->context, ca_file, NULL) == 1);
	roots->any = SSL_CTX_set_default_verify_paths(roots->context) == 1 && system_has_roots();
	return true;
}

/* Allows every old version and weak cipher, but no cipher without a certificate: a server that has one is to show it. */
static bool be_lenient(SSL_CTX *context)
{
	if (!context)
		return false;
	SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	return SSL_CTX_set_min_proto_version(context, TLS1_VERSION) == 1 && SSL_CTX_set_max_proto_version(context, 0) == 1 &&
	       SSL_CTX_set_cipher_list(context, "ALL:!aNULL:!eNULL:@SECLEVEL=0") == 1;
}

struct tls_roots *tls_roots_new(const char *ca_file, struct err *err)
{
	struct tls_roots *roots = mem_alloc(sizeof(*roots));
	char reason[SMTP_TEXT];

	ERR_clear_error();
	roots->context = SSL_CTX_new(TLS_client_method());
	if (be_lenient(roots->context) && load_roots(roots, ca_file))
		return roots;
	tls_reason(reason);
	tls_roots_free(roots);
	if (ca_file)
		err_set(err, ERR_FILE, N_("the certificates of %s cannot be read: %s"), ca_file, reason);
	else
		err_set(err, ERR_FILE, N_("OpenSSL cannot be used: %s"), reason);
	return NULL;
}

void tls_roots_free(struct tls_roots *roots)
{
	if (roots)
		SSL_CTX_free(roots->context);
	free(roots);
}

void tls_reason(char out[SMTP_TEXT])
{
	unsigned long number = ERR_peek_last_error();
	const char *words = number ? ERR_reason_error_string(number) : NULL;

	snprintf(out, SMTP_TEXT, "%s", words ? words : "");
	ERR_clear_error();
}

struct tls *tls_new(const struct tls_roots *roots, const char *host)
{
	struct tls *tls = mem_alloc(sizeof(*tls));

	tls->roots = roots;
	tls->host = mem_text(host);
	tls->ssl = SSL_new(roots->context);
	tls->in = BIO_new(BIO_s_mem());
	tls->out = BIO_new(BIO_s_mem());
	if (!tls->ssl || !tls->in || !tls->out)
		mem_exhausted();
	SSL_set_bio(tls->ssl, tls->in, tls->out);
	SSL_set_connect_state(tls->ssl);
	SSL_set_tlsext_host_name(tls->ssl, tls->host);
	return tls;
}

void tls_free(struct tls *tls)
{
	if (!tls)
		return;
	SSL_free(tls->ssl);
	free(tls->host);
	free(tls);
}

static void drain(struct tls *tls, struct str *out)
{
	char bytes[PORTION];
	int n;

	while ((n = BIO_read(tls->out, bytes, sizeof(bytes))) > 0)
		str_add_bytes(out, bytes, (size_t)n);
}

static void put(struct tls *tls, const char *bytes, size_t n)
{
	if (n && BIO_write(tls->in, bytes, (int)n) != (int)n)
		mem_exhausted();
}

enum tls_step tls_handshake(struct tls *tls, const char *bytes, size_t n, struct str *out)
{
	int result, why;

	put(tls, bytes, n);
	ERR_clear_error();
	result = SSL_do_handshake(tls->ssl);
	why = SSL_get_error(tls->ssl, result);
	drain(tls, out);
	if (result == 1)
		return TLS_UP;
	return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? TLS_MORE : TLS_FAILED;
}

void tls_write(struct tls *tls, const char *bytes, size_t n, struct str *out)
{
	ERR_clear_error();
	if (n)
		SSL_write(tls->ssl, bytes, (int)n); /* into memory: it always fits; a broken connection is seen at the next read */
	drain(tls, out);
}

bool tls_read(struct tls *tls, const char *bytes, size_t n, struct str *clear, struct str *out)
{
	char portion[PORTION];
	int got, why;

	put(tls, bytes, n);
	ERR_clear_error();
	while ((got = SSL_read(tls->ssl, portion, sizeof(portion))) > 0)
		str_add_bytes(clear, portion, (size_t)got);
	why = SSL_get_error(tls->ssl, got);
	drain(tls, out);
	return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
}
