/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS with a server in memory, on a machine whose administrator wants TLS 1.2 alone: mail servers are met as they are all the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <cmocka.h>

#include "io/scratch.h"
#include "io/tls.h"

#define HOST "mx.example.com"
#define CERTS 12
#define ROOT "root.pem"

static char *dir;
static EVP_PKEY *ec, *rsa;

/* ---- certificates ---- */

struct paper {
	const char *name;
	const X509 *issuer; /* NULL: itself */
	int64_t from, to;
	bool ca, is_rsa, forged; /* forged: by another key than its issuer's */
	const EVP_MD *digest;    /* NULL: SHA-256 */
};

static void add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *one = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(one);
	assert_int_equal(X509_add_ext(cert, one, -1), 1);
	X509_EXTENSION_free(one);
}

static X509 *make(const struct paper *paper, const char *alternative)
{
	static long serial = 1;
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	bool by_rsa = paper->issuer ? EVP_PKEY_get_base_id(X509_get0_pubkey(paper->issuer)) == EVP_PKEY_RSA : paper->is_rsa;

	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), serial++);
	ASN1_TIME_set(X509_getm_notBefore(cert), paper->from ? paper->from : 1000000000);
	ASN1_TIME_set(X509_getm_notAfter(cert), paper->to ? paper->to : 2000000000);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)paper->name, -1, -1, 0);
	X509_set_issuer_name(cert, paper->issuer ? X509_get_subject_name(paper->issuer) : name);
	X509_set_pubkey(cert, paper->is_rsa ? rsa : ec);
	if (paper->ca)
		add_extension(cert, NID_basic_constraints, "critical,CA:TRUE");
	if (alternative)
		add_extension(cert, NID_subject_alt_name, alternative);
	assert_true(X509_sign(cert, by_rsa != paper->forged ? rsa : ec, paper->digest ? paper->digest : EVP_sha256()) > 0);
	return cert;
}

static void write_cert(const char *name, X509 *cert)
{
	char path[400];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, cert), 1);
	fclose(file);
}

/* ---- a talk ---- */

struct talk {
	SSL_CTX *context;
	SSL *server;
	struct tls_roots *roots;
	struct tls *tls;
};

/* chain: the server's own certificate first, NULL-ended. */
static void begin(struct talk *talk, X509 *const *chain, bool is_rsa, const char *ca_file)
{
	char path[400];

	snprintf(path, sizeof path, "%s/%s", dir, ca_file ? ca_file : "");
	talk->context = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_cipher_list(talk->context, "ALL:aNULL:eNULL:@SECLEVEL=0");
	SSL_CTX_set_verify(talk->context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_min_proto_version(talk->context, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(talk->context, 0);
	SSL_CTX_set_dh_auto(talk->context, 1);
	assert_int_equal(SSL_CTX_use_certificate(talk->context, chain[0]), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(talk->context, is_rsa ? rsa : ec), 1);
	for (size_t i = 1; chain[i]; i++)
		assert_int_equal(SSL_CTX_add1_chain_cert(talk->context, chain[i]), 1);
	talk->server = SSL_new(talk->context);
	SSL_set_bio(talk->server, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_accept_state(talk->server);
	talk->roots = tls_roots_new(ca_file ? path : NULL, NULL);
	assert_non_null(talk->roots);
	talk->tls = tls_new(talk->roots, HOST);
}

static void end(struct talk *talk)
{
	tls_free(talk->tls);
	tls_roots_free(talk->roots);
	SSL_free(talk->server);
	SSL_CTX_free(talk->context);
}

/* What the server has to say, as far as it came. */
static size_t heard(struct talk *talk, char bytes[65536])
{
	int n = BIO_read(SSL_get_wbio(talk->server), bytes, 65536);

	return n > 0 ? (size_t)n : 0;
}

static enum tls_step shake(struct talk *talk)
{
	static char bytes[65536];
	enum tls_step step = TLS_MORE;
	struct str out;
	size_t n = 0;

	str_init(&out, 0);
	for (int i = 0; i < 9 && step == TLS_MORE; i++) {
		str_clear(&out);
		step = tls_handshake(talk->tls, bytes, n, &out);
		BIO_write(SSL_get_rbio(talk->server), out.s, (int)out.len);
		SSL_do_handshake(talk->server);
		n = heard(talk, bytes);
	}
	if (step == TLS_UP) /* tickets of TLS 1.3 */
		assert_true(tls_read(talk->tls, bytes, n, &out, &out));
	str_release(&out);
	return step;
}

static struct smtp_tls_facts look(X509 *const *chain, bool is_rsa, const char *ca_file)
{
	struct smtp_tls_facts facts;
	struct talk talk;

	begin(&talk, chain, is_rsa, ca_file);
	assert_int_equal(shake(&talk), TLS_UP);
	assert_string_equal(SSL_get_servername(talk.server, TLSEXT_NAMETYPE_host_name), HOST);
	tls_look(talk.tls, &facts);
	end(&talk);
	return facts;
}

/* ---- what is spoken ---- */

static void handshake__takes__old_and_weak_servers(void **state)
{
	static const struct {
		int version;
		const char *ciphers;
		bool is_rsa;
		enum tls_step step;
		uint16_t number;
		const char *name, *cipher;
		bool forward;
	} rows[] = {
		{ TLS1_3_VERSION, NULL, false, TLS_UP, 0x0304, "TLSv1.3", "TLS_AES_256_GCM_SHA384", true },
		{ TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256", false, TLS_UP, 0x0303, "TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256",
			true },
		{ TLS1_2_VERSION, "DHE-RSA-AES128-SHA", true, TLS_UP, 0x0303, "TLSv1.2", "DHE-RSA-AES128-SHA", true },
		{ TLS1_2_VERSION, "AES128-SHA", true, TLS_UP, 0x0303, "TLSv1.2", "AES128-SHA", false },
		{ TLS1_1_VERSION, "AES128-SHA", true, TLS_UP, 0x0302, "TLSv1.1", "AES128-SHA", false },
		{ TLS1_VERSION, "ECDHE-RSA-AES128-SHA", true, TLS_UP, 0x0301, "TLSv1", "ECDHE-RSA-AES128-SHA", true },
		{ TLS1_2_VERSION, "ADH-AES128-SHA", true, TLS_FAILED, 0, "", "", false },
		{ TLS1_2_VERSION, "NULL-SHA", true, TLS_FAILED, 0, "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		X509 *chain[] = { make(&(struct paper){ .name = "a", .is_rsa = rows[i].is_rsa }, NULL), NULL };
		struct smtp_tls_facts facts;
		struct talk talk;

		begin(&talk, chain, rows[i].is_rsa, NULL);
		SSL_set_min_proto_version(talk.server, rows[i].version);
		SSL_set_max_proto_version(talk.server, rows[i].version);
		if (rows[i].ciphers)
			SSL_set_cipher_list(talk.server, rows[i].ciphers);
		SSL_set_security_level(talk.server, 0);
		if (shake(&talk) != rows[i].step)
			fail_msg("%s %s", rows[i].name, rows[i].cipher);
		if (rows[i].step == TLS_UP) {
			tls_look(talk.tls, &facts);
			assert_int_equal(facts.number, rows[i].number);
			assert_string_equal(facts.version, rows[i].name);
			assert_string_equal(facts.cipher, rows[i].cipher);
			assert_int_equal(facts.forward, rows[i].forward);
			assert_int_equal(facts.rsa, rows[i].is_rsa);
			assert_int_equal(facts.key_bits, rows[i].is_rsa ? 1024 : 256);
		}
		end(&talk);
		X509_free(chain[0]);
	}
}

/* A server hello of TLS 1.2 that knows no secure renegotiation (RFC 5746): no reason to refuse. */
static void handshake__goes_on__with_a_server_of_before_2010(void **state)
{
	static const char head[] = "\x16\x03\x03\0\x2a\x02\0\0\x26\x03\x03";
	char bytes[47] = { 0 };
	struct tls_roots *roots = tls_roots_new(NULL, NULL);
	struct tls *tls = tls_new(roots, HOST);
	char reason[SMTP_TEXT];
	struct str out;

	(void)state;
	memcpy(bytes, head, sizeof head - 1);
	memset(bytes + 11, 'r', 32);
	memcpy(bytes + 43, "\0\0\x2f\0", 4); /* no session, AES128-SHA, no compression */
	str_init(&out, 0);
	assert_int_equal(tls_handshake(tls, NULL, 0, &out), TLS_MORE);
	assert_true(out.len > 100);
	assert_int_equal(tls_handshake(tls, bytes, sizeof bytes, &out), TLS_MORE);
	assert_int_equal(tls_handshake(tls, "220 hello\r\n", 11, &out), TLS_FAILED);
	tls_reason(reason);
	assert_string_equal(reason, "wrong version number");
	tls_reason(reason);
	assert_string_equal(reason, "");
	str_release(&out);
	tls_free(tls);
	tls_free(NULL);
	tls_roots_free(roots);
}

static void talk__goes__both_ways_to_its_end(void **state)
{
	static char bytes[65536], much[10000];
	X509 *chain[] = { make(&(struct paper){ .name = "a" }, NULL), NULL };
	struct str out, clear;
	struct talk talk;
	char got[100];

	(void)state;
	memset(much, 'm', sizeof much);
	str_init(&out, 0);
	str_init(&clear, 0);
	begin(&talk, chain, false, NULL);
	assert_int_equal(shake(&talk), TLS_UP);
	tls_write(talk.tls, NULL, 0, &out);
	assert_int_equal(out.len, 0);
	tls_write(talk.tls, "EHLO x\r\n", 8, &out);
	BIO_write(SSL_get_rbio(talk.server), out.s, (int)out.len);
	assert_int_equal(SSL_read(talk.server, got, sizeof got), 8);
	assert_memory_equal(got, "EHLO x\r\n", 8);
	SSL_write(talk.server, much, sizeof much);
	assert_true(tls_read(talk.tls, bytes, heard(&talk, bytes), &clear, &out));
	assert_int_equal(clear.len, sizeof much);
	assert_memory_equal(clear.s, much, sizeof much);
	str_clear(&out);
	str_clear(&clear);
	SSL_shutdown(talk.server);
	assert_false(tls_read(talk.tls, bytes, heard(&talk, bytes), &clear, &out));
	assert_int_equal(clear.len, 0);
	end(&talk);
	begin(&talk, chain, false, NULL);
	assert_int_equal(shake(&talk), TLS_UP);
	str_clear(&out);
	assert_false(tls_read(talk.tls, "250 in the clear\r\n", 18, &clear, &out));
	assert_true(out.len > 0); /* an alert says so */
	end(&talk);
	str_release(&out);
	str_release(&clear);
	X509_free(chain[0]);
}

/* ---- whom it met ---- */

static void names__are__those_for_programs_alone(void **state)
{
	static const struct {
		const char *common, *alternative;
		enum fact names_host;
		size_t n, more;
		const char *first;
	} rows[] = {
		{ HOST, NULL, FACT_NO, 0, 0, "" },
		{ "x", "DNS:" HOST, FACT_YES, 1, 0, HOST },
		{ "x", "email:a@" HOST ",DNS:other.example,IP:192.0.2.1", FACT_NO, 1, 0, "other.example" },
		{ "x", "DNS:*.example.com", FACT_YES, 1, 0, "*.example.com" },
		{ "x", "DNS:m*.example.com", FACT_NO, 1, 0, "m*.example.com" },
		{ "x", "DNS:1,DNS:2,DNS:3,DNS:4,DNS:5,DNS:6", FACT_NO, 6, 0, "1" },
		{ "x", "DNS:1,DNS:2,DNS:3,DNS:4,DNS:5,DNS:6,DNS:7,DNS:" HOST, FACT_YES, 6, 2, "1" },
	};
	char longest[SMTP_NAME + 10] = "DNS:";

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		X509 *chain[] = { make(&(struct paper){ .name = rows[i].common }, rows[i].alternative), NULL };
		struct smtp_tls_facts facts = look(chain, false, NULL);

		assert_int_equal(facts.names_host, rows[i].names_host);
		assert_int_equal(facts.n_names, rows[i].n);
		assert_int_equal(facts.more_names, rows[i].more);
		assert_string_equal(facts.name[0], rows[i].first);
		if (rows[i].n == 6)
			assert_string_equal(facts.name[5], "6");
		X509_free(chain[0]);
	}
	for (size_t len = SMTP_NAME - 1; len <= SMTP_NAME; len++) {
		X509 *chain[2] = { NULL, NULL };
		struct smtp_tls_facts facts;

		memset(longest + 4, 'l', len);
		chain[0] = make(&(struct paper){ .name = "x" }, longest);
		facts = look(chain, false, NULL);
		assert_int_equal(strlen(facts.name[0]), SMTP_NAME - 1);
		assert_string_equal(facts.name[1], "");
		X509_free(chain[0]);
	}
}

static void key__and_signature__are_told(void **state)
{
	X509 *root = make(&(struct paper){ .name = "root", .ca = true, .is_rsa = true }, NULL);
	const struct {
		struct paper paper;
		bool weak;
	} rows[] = {
		{ { .name = "a", .issuer = root }, false },
		{ { .name = "b", .issuer = root, .digest = EVP_sha1() }, true },
		{ { .name = "c", .issuer = root, .digest = EVP_md5() }, true },
		{ { .name = "d", .issuer = root, .digest = EVP_sha512(), .is_rsa = true }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		X509 *chain[] = { make(&rows[i].paper, NULL), root, NULL };
		struct smtp_tls_facts facts = look(chain, rows[i].paper.is_rsa, NULL);
		uint8_t digest[64];
		unsigned len;

		assert_int_equal(facts.weak_signature, rows[i].weak);
		assert_int_equal(facts.rsa, rows[i].paper.is_rsa);
		assert_int_equal(facts.n_chain, 2);
		for (size_t k = 0; k < 2; k++) {
			unsigned char *der = NULL;
			int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(chain[k]), &der);

			assert_true(n > 0);
			assert_int_equal(X509_digest(chain[k], EVP_sha256(), digest, &len), 1);
			assert_memory_equal(facts.chain[k].sha256, digest, 32);
			assert_int_equal(X509_digest(chain[k], EVP_sha512(), digest, &len), 1);
			assert_memory_equal(facts.chain[k].sha512, digest, 64);
			EVP_Digest(der, (size_t)n, digest, &len, EVP_sha256(), NULL);
			assert_memory_equal(facts.chain[k].key_sha256, digest, 32);
			EVP_Digest(der, (size_t)n, digest, &len, EVP_sha512(), NULL);
			assert_memory_equal(facts.chain[k].key_sha512, digest, 64);
			OPENSSL_free(der);
		}
		X509_free(chain[0]);
	}
	X509_free(root);
}

static void chain__is_told__as_far_as_it_holds(void **state)
{
	X509 *made[CERTS], *chain[CERTS + 1] = { NULL };
	struct smtp_tls_facts facts;
	char name[32];

	(void)state;
	for (size_t i = CERTS; i-- > 0;) { /* the last vouches for itself, each other is signed by the next */
		snprintf(name, sizeof name, "c%zu", i);
		made[i] = make(
			&(struct paper){ .name = name, .issuer = i + 1 < CERTS ? made[i + 1] : NULL, .ca = i > 0, .forged = i == 3 }, NULL);
	}
	for (size_t n = 1; n <= 8; n++) {
		memcpy(chain, made, n * sizeof *chain);
		chain[n] = NULL;
		facts = look(chain, false, NULL);
		assert_int_equal(facts.n_chain, n < SMTP_CHAIN ? n : SMTP_CHAIN);
		assert_int_equal(facts.more_chain, n < SMTP_CHAIN ? 0 : n - SMTP_CHAIN);
		assert_int_equal(facts.n_linked, n < 4 ? n : 4); /* the key of c4 did not sign c3 */
	}
	for (size_t i = 0; i < CERTS; i++)
		X509_free(made[i]);
}

static void dates__are_those__of_the_whole_chain_but_its_root(void **state)
{
	static const struct {
		int64_t leaf[2], middle[2], told[2];
	} rows[] = {
		{ { 1100000000, 1900000000 }, { 1200000000, 1800000000 }, { 1200000000, 1800000000 } },
		{ { 1200000000, 1800000000 }, { 1100000000, 1900000000 }, { 1200000000, 1800000000 } },
		{ { 1500000000, 1600000000 }, { 1100000000, 1200000000 }, { 1500000000, 1200000000 } },
	};
	X509 *root = make(&(struct paper){ .name = "root", .ca = true, .from = 1690000000, .to = 1700000000 }, NULL);
	struct smtp_tls_facts facts;

	(void)state;
	write_cert(ROOT, root);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		X509 *middle =
			make(&(struct paper){ "middle", root, rows[i].middle[0], rows[i].middle[1], true, false, false, NULL }, NULL);
		X509 *leaf = make(&(struct paper){ "leaf", middle, rows[i].leaf[0], rows[i].leaf[1], false, false, false, NULL }, NULL);

		facts = look((X509 *[]){ leaf, middle, NULL }, false, ROOT);
		assert_int_equal(facts.trust, SMTP_TRUSTED);
		assert_string_equal(facts.trust_reason, "");
		assert_int_equal(facts.not_before, rows[i].told[0]);
		assert_int_equal(facts.not_after, rows[i].told[1]);
		facts = look((X509 *[]){ leaf, NULL }, false, ROOT); /* nobody knows the one between */
		assert_int_equal(facts.trust, SMTP_UNTRUSTED);
		assert_string_equal(facts.trust_reason, "unable to get local issuer certificate");
		assert_int_equal(facts.not_before, rows[i].leaf[0]);
		assert_int_equal(facts.not_after, rows[i].leaf[1]);
		X509_free(leaf);
		X509_free(middle);
	}
	facts = look((X509 *[]){ root, NULL }, false, ROOT);
	assert_int_equal(facts.trust, SMTP_TRUSTED);
	assert_int_equal(facts.not_before, 1690000000);
	assert_int_equal(facts.not_after, 1700000000);
	X509_free(root);
}

static void trust__is_not_known__where_the_machine_has_no_roots(void **state)
{
	static const struct {
		const char *file, *directory; /* in the test's folder */
		enum smtp_trust trust;
	} rows[] = {
		{ "none", "none", SMTP_TRUST_UNKNOWN },
		{ "none", "empty", SMTP_TRUST_UNKNOWN },
		{ "none", "full", SMTP_UNTRUSTED },
		{ "other.pem", "none", SMTP_UNTRUSTED },
		{ "this.pem", "none", SMTP_TRUSTED },
	};
	X509 *root = make(&(struct paper){ .name = "this", .ca = true }, NULL),
	     *other = make(&(struct paper){ .name = "other", .ca = true }, NULL);
	X509 *leaf = make(&(struct paper){ .name = "leaf", .issuer = root }, NULL);
	char file[400], directory[400];
	struct str command;

	(void)state;
	write_cert("this.pem", root);
	write_cert("other.pem", other);
	str_init(&command, 0);
	str_addf(&command, "cd %s && mkdir empty full && touch empty/.x full/.x full/x", dir);
	assert_int_equal(system(command.s), 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(file, sizeof file, "%s/%s", dir, rows[i].file);
		snprintf(directory, sizeof directory, "%s/%s", dir, rows[i].directory);
		setenv("SSL_CERT_FILE", file, 1);
		setenv("SSL_CERT_DIR", directory, 1);
		assert_int_equal(look((X509 *[]){ leaf, NULL }, false, NULL).trust, rows[i].trust);
		assert_int_equal(look((X509 *[]){ other, NULL }, false, NULL).trust, i == 3 ? SMTP_TRUSTED : SMTP_SELF_SIGNED);
	}
	unsetenv("SSL_CERT_FILE");
	unsetenv("SSL_CERT_DIR");
	str_release(&command);
	X509_free(root);
	X509_free(other);
	X509_free(leaf);
}

static void roots__that_cannot_be_read__are_said(void **state)
{
	struct err err = { 0 };
	struct str said;

	(void)state;
	str_init(&said, 0);
	assert_null(tls_roots_new("/nonexistent/roots.pem", &err));
	err_format(&err, NULL, &said);
	assert_int_equal(err.code, ERR_FILE);
	assert_string_equal(said.s, "the certificates of /nonexistent/roots.pem cannot be read: system lib");
	tls_roots_free(NULL);
	str_release(&said);
}

/* Before the library reads its configuration: once, when it is used first. */
static int set_up(void **state)
{
	static const char strict[] = "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMinProtocol = TLSv1.2\n"
				     "MaxProtocol = TLSv1.2\nCipherString = ECDHE+AESGCM:@SECLEVEL=2\nVerifyMode = Peer\n";
	char path[400];

	(void)state;
	dir = scratch_new(NULL);
	if (!dir || !scratch_write(dir, "strict.cnf", strict, sizeof strict - 1, NULL))
		return -1;
	snprintf(path, sizeof path, "%s/strict.cnf", dir);
	setenv("OPENSSL_CONF", path, 1);
	ec = EVP_EC_gen("P-256");
	rsa = EVP_RSA_gen(1024);
	return ec && rsa ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	EVP_PKEY_free(ec);
	EVP_PKEY_free(rsa);
	scratch_free(dir);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handshake__takes__old_and_weak_servers),
		cmocka_unit_test(handshake__goes_on__with_a_server_of_before_2010),
		cmocka_unit_test(talk__goes__both_ways_to_its_end),
		cmocka_unit_test(names__are__those_for_programs_alone),
		cmocka_unit_test(key__and_signature__are_told),
		cmocka_unit_test(chain__is_told__as_far_as_it_holds),
		cmocka_unit_test(dates__are_those__of_the_whole_chain_but_its_root),
		cmocka_unit_test(trust__is_not_known__where_the_machine_has_no_roots),
		cmocka_unit_test(roots__that_cannot_be_read__are_said),
	};

	return cmocka_run_group_tests_name("tls", tests, set_up, tear_down);
}
