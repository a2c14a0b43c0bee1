/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Probes of mail servers on the loop: a connection to one address, the talk of wire/smtpwire, TLS by OpenSSL. Nothing but EHLO, HELO,
 * STARTTLS and QUIT is sent, and what a trial adds. Each wait has its own deadline: for the connection, and for each reply.
 */
#ifndef IO_SMTP_H
#define IO_SMTP_H

#include "core/facts/smtp.h"
#include "io/loop.h"

#define SMTP_PORT 25
#define SMTP_CONNECT_MS 15000
#define SMTP_REPLY_MS 30000

struct smtp_options {
	uint16_t port;                 /* 0: SMTP_PORT */
	const char *name;              /* for EHLO; NULL: this machine's, or its address in brackets where that is no whole name */
	const char *ca_file;           /* who may vouch for a certificate; NULL: the system's roots */
	uint32_t connect_ms, reply_ms; /* 0: as above */
};

struct smtp_prober;
struct smtp_probe;

struct smtp_prober *smtp_prober_new(struct loop *loop, const struct smtp_options *options, struct err *err); /* copies; ERR_FILE */
void smtp_prober_free(struct smtp_prober *prober);                                                           /* after its probes */

/* The longest that one probe may take. */
uint32_t smtp_prober_ms(const struct smtp_prober *prober, bool trial);

/* What was met; borrowed for the call. It comes exactly once, from the loop, never from within smtp_probe_start(), and not after a cancel.
 */
typedef void (*smtp_fn)(void *data, const struct smtp_facts *facts);
struct smtp_then {
	smtp_fn fn;
	void *data;
};
/* trial: an intrusive probe; borrowed until the end. Else NULL. */
struct smtp_probe *smtp_probe_start(const struct smtp_prober *prober, const struct dname *host, const struct addr *addr,
	const struct smtp_trial *trial, struct smtp_then then);
void smtp_probe_cancel(struct smtp_probe *probe); /* NULL is accepted; dead after the callback */

#endif
