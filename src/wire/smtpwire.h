/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A probe's talk with a mail server as a machine over bytes: greeting, EHLO (HELO where that is refused), STARTTLS, EHLO once more, QUIT,
 * and never anything else (RFC 5321, RFC 3207); with a trial also, before QUIT, MAIL FROM:<>, RCPT TO and RSET for each of its recipients,
 * and never DATA. What it met goes into a row of facts, which is the caller's. It has no socket, no clock and no TLS: the caller brings the
 * bytes, says when time is up, and does the handshake between two steps. A line is at most SMTPWIRE_LINE bytes, a reply at most
 * SMTPWIRE_LINES lines; what does not end there is named and ends the talk.
 */
#ifndef WIRE_SMTPWIRE_H
#define WIRE_SMTPWIRE_H

#include "core/facts/smtp.h"

#define SMTPWIRE_LINE 2048
#define SMTPWIRE_LINES 100

enum smtpwire_step {
	SMTPWIRE_READ, /* send what is in out, and wait for more */
	SMTPWIRE_TLS,  /* begin the handshake now, then call smtpwire_secured() or smtpwire_unsecured() */
	SMTPWIRE_BYE,  /* send what is in out; all is known, and the reply to it is no matter */
	SMTPWIRE_OVER  /* close */
};

enum smtpwire_stage {
	SMTPWIRE_GREETING,
	SMTPWIRE_EHLO,
	SMTPWIRE_HELO,
	SMTPWIRE_STARTTLS,
	SMTPWIRE_SECURED,
	SMTPWIRE_MAIL,
	SMTPWIRE_RCPT,
	SMTPWIRE_RSET,
	SMTPWIRE_QUIT
};
#define SMTPWIRE_REPLIES 15 /* that are waited for, the handshake among them; at most */
#define SMTPWIRE_REPLIES_PLAIN 6

struct smtpwire {
	struct smtp_facts *facts;       /* borrowed */
	const char *name;               /* ours, for EHLO; borrowed */
	const struct smtp_trial *trial; /* borrowed, or NULL */
	unsigned rcpt;                  /* which of its recipients is named: enum smtp_rcpt */
	enum smtpwire_stage stage;
	bool began;      /* a byte of the reply that is waited for came */
	uint16_t code;   /* of the reply so far; 0: none of its lines is whole */
	unsigned lines;  /* of it */
	unsigned offers; /* by it */
	size_t n_line;
	char line[SMTPWIRE_LINE + 1];
};

/* After the connection came about. name: of this machine, as EHLO wants it ("mail.example.com", "[192.0.2.1]"). For an intrusive probe the
 * caller then sets trial. */
void smtpwire_begin(struct smtpwire *wire, struct smtp_facts *facts, const char *name);
/* What came. out gets what is to be sent. */
enum smtpwire_step smtpwire_feed(struct smtpwire *wire, const char *bytes, size_t n, struct str *out);
enum smtpwire_step smtpwire_secured(struct smtpwire *wire, struct str *out);
enum smtpwire_step smtpwire_unsecured(struct smtpwire *wire);
/* The server closed the connection; or the time for its reply is up. */
void smtpwire_closed(struct smtpwire *wire);
void smtpwire_late(struct smtpwire *wire);

#endif
