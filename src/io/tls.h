/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS as a client by OpenSSL, over bytes in memory: what the peer sent goes in, what is to be sent comes out. It takes any certificate, and
 * old versions and weak ciphers too, as a mail server that would rather encrypt badly than not at all does; what was met is told
 * afterwards, and judged by the machine's own roots, dates apart. Without a socket and without a clock of its own.
 */
#ifndef IO_TLS_H
#define IO_TLS_H

#include "base/err.h"
#include "core/facts/smtp.h"

struct tls_roots; /* who may vouch for a server, and what all connections share */
struct tls;

struct tls_roots *tls_roots_new(const char *ca_file, struct err *err); /* NULL: the system's; ERR_FILE */
void tls_roots_free(struct tls_roots *roots);                          /* NULL is accepted */

enum tls_step { TLS_MORE, TLS_UP, TLS_FAILED };

struct tls *tls_new(const struct tls_roots *roots, const char *host);
void tls_free(struct tls *tls); /* NULL is accepted */
/* Each may append to out, which is to be sent. */
enum tls_step tls_handshake(struct tls *tls, const char *bytes, size_t n, struct str *out);
void tls_write(struct tls *tls, const char *bytes, size_t n, struct str *out);
/* What was sent in TLS is appended to clear; false: the peer ended it, or it broke. */
bool tls_read(struct tls *tls, const char *bytes, size_t n, struct str *clear, struct str *out);
/* Why the handshake failed, in OpenSSL's words. */
void tls_reason(char out[SMTP_TEXT]);
void tls_look(const struct tls *tls, struct smtp_tls_facts *facts); /* tls_look.c: once it is up */

#endif
