/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a probe of port 25 met at one address of one exchange, from the machine it ran on: how far the greeting, EHLO and STARTTLS came,
 * what the server offers, and the certificate that it showed. Nothing beyond these and QUIT is sent, so nothing beyond them is known, but
 * for an intrusive probe, which also names recipients and hears whether they are taken; no message follows. Rows hold no pointers. What a
 * server said is outside text: escape it.
 */
#ifndef CORE_FACTS_SMTP_H
#define CORE_FACTS_SMTP_H

#include "core/facts.h"

#define SMTP_TEXT 160 /* bytes of a server's words that are kept */
#define SMTP_CHAIN 6  /* certificates that are kept; `more_chain` counts the rest */
#define SMTP_NAMES 6  /* names of a certificate that are kept; `more_names` counts the rest */
#define SMTP_NAME 256 /* bytes of one */
#define SMTP_SHA256 32
#define SMTP_SHA512 64

/* How far the talk came before TLS. */
enum smtp_seen {
	SMTP_UNASKED,
	SMTP_PENDING,
	SMTP_REFUSED,     /* the connection was refused */
	SMTP_SILENT,      /* no connection in time */
	SMTP_UNREACHABLE, /* the network or this machine said so: it tells nothing of the server */
	SMTP_DROPPED,     /* closed before it greeted */
	SMTP_MUTE,        /* did not greet in time */
	SMTP_GREETS_4XX,
	SMTP_GREETS_5XX,
	SMTP_GREETS_ODD, /* `odd` says what it was, or it broke off */
	SMTP_EHLO_4XX,
	SMTP_EHLO_5XX, /* and HELO too */
	SMTP_EHLO_ODD, /* or it broke off there */
	SMTP_READY,    /* it took EHLO, or HELO */
	SMTP_SEEN_KINDS
};

enum smtp_tls {
	SMTP_TLS_UNKNOWN, /* the talk did not come so far */
	SMTP_TLS_NOT_OFFERED,
	SMTP_TLS_4XX, /* offered, and then refused */
	SMTP_TLS_5XX,
	SMTP_TLS_ODD,    /* offered, and then no reply that can be read, or none */
	SMTP_TLS_BROKEN, /* the handshake failed; `tls_reason` says how */
	SMTP_TLS_UP
};

/* What was not as RFC 5321 has it, as bits. The first five end the talk; the others are only told. */
enum smtp_odd {
	SMTP_ODD_NO_CODE = 1 << 0, /* a line that does not begin with a reply code */
	SMTP_ODD_CODE = 1 << 1,    /* a code that does not fit the place */
	SMTP_ODD_LONG = 1 << 2,    /* a line without an end */
	SMTP_ODD_MANY = 1 << 3,    /* a reply without an end */
	SMTP_ODD_MIXED = 1 << 4,   /* the lines of one reply have different codes */
	SMTP_ODD_CLOSED = 1 << 5,  /* it hung up before its reply was whole */
	SMTP_ODD_LATE = 1 << 6,    /* its reply was not whole in time */
	SMTP_ODD_BARE_LF = 1 << 7, /* lines end without CR */
	SMTP_ODD_EARLY = 1 << 8,   /* it sent more than it was asked for */
	SMTP_ODD_AGAIN = 1 << 9    /* it offers STARTTLS within TLS */
};
#define SMTP_ODDS 10

/* What EHLO offered, as bits. */
enum smtp_offer {
	SMTP_SIZE = 1 << 0,
	SMTP_8BITMIME = 1 << 1,
	SMTP_SMTPUTF8 = 1 << 2,
	SMTP_STARTTLS = 1 << 3,
	SMTP_PIPELINING = 1 << 4,
	SMTP_ENHANCED = 1 << 5,
	SMTP_DSN = 1 << 6,
	SMTP_CHUNKING = 1 << 7,
	SMTP_REQUIRETLS = 1 << 8
};
#define SMTP_OFFERS 9

enum smtp_trust {
	SMTP_TRUST_UNKNOWN, /* no TLS, or this machine has no roots to judge by */
	SMTP_TRUSTED,       /* the chain ends at a root of this machine, dates apart */
	SMTP_SELF_SIGNED,
	SMTP_UNTRUSTED /* `trust_reason` says why */
};

struct smtp_cert { /* of the certificate as a whole, and of its public key (SubjectPublicKeyInfo) */
	uint8_t sha256[SMTP_SHA256], sha512[SMTP_SHA512], key_sha256[SMTP_SHA256], key_sha512[SMTP_SHA512];
};

struct smtp_tls_facts {
	char version[16], cipher[64];
	uint16_t number; /* 0x0301: TLS 1.0 ... 0x0304: TLS 1.3 */
	bool forward;    /* the key exchange keeps what is recorded now secret later */
	uint16_t key_bits;
	bool rsa;
	bool weak_signature; /* of the server's own certificate: MD5 or SHA-1 */
	int64_t not_before, not_after;
	enum smtp_trust trust;
	char trust_reason[SMTP_TEXT]; /* OpenSSL's words */
	enum fact names_host;         /* does the certificate name the exchange (RFC 6125, DNS names alone)? */
	size_t n_names, more_names;
	char name[SMTP_NAMES][SMTP_NAME];
	size_t n_chain, more_chain;
	size_t n_linked; /* of them from the first on: each but the last is signed by the next */
	struct smtp_cert chain[SMTP_CHAIN];
};

/* Whom an intrusive probe names as recipients. */
enum smtp_rcpt {
	SMTP_RCPT_POSTMASTER, /* of the domain: whoever takes its mail has to take this (RFC 5321 4.5.1) */
	SMTP_RCPT_MADE_UP,    /* of the domain: nobody has this address */
	SMTP_RCPT_STRANGER,   /* of a domain that is none of the server's */
	SMTP_RCPTS
};
#define SMTP_ADDRESS 320
struct smtp_trial { /* an intrusive probe: its recipients, the same for all servers of a survey */
	char rcpt[SMTP_RCPTS][SMTP_ADDRESS];
};

enum smtp_taken {
	SMTP_TAKEN_UNKNOWN, /* not asked, or nothing came that says so */
	SMTP_TAKEN,
	SMTP_TAKEN_4XX,
	SMTP_TAKEN_5XX
};
struct smtp_answer {
	enum smtp_taken taken;
	uint16_t code;         /* 0: no reply came that could be read */
	char reply[SMTP_TEXT]; /* its first line, without the code */
};

struct smtp_facts {
	struct dname host;
	struct addr addr;
	int64_t at;       /* seconds since 1970, when it was asked */
	struct addr from; /* of this machine, once connected; family 0: not */
	enum smtp_seen seen;
	enum smtp_tls tls;
	uint16_t code;          /* of the reply that decided `seen` or `tls`; 0: there was none */
	char reply[SMTP_TEXT];  /* its first line, without the code */
	char banner[SMTP_TEXT]; /* first line of the greeting, likewise */
	char reason[SMTP_TEXT]; /* the system's words, where there was no connection; OpenSSL's, where the handshake failed */
	unsigned odd;           /* enum smtp_odd */
	bool helo;              /* it knows HELO alone */
	unsigned offers;        /* enum smtp_offer: in the clear, and within TLS where it came up */
	uint64_t size;          /* of SMTP_SIZE; 0: not told */
	uint32_t connect_ms, greeting_ms, whole_ms;
	enum fact dane; /* does the chain match one of the TLSA records that are there to be used? UNKNOWN: none is known, or no TLS */
	struct smtp_tls_facts cert;
	bool tried;                          /* the intrusive part was begun: the sender was named */
	struct smtp_answer mail;             /* to the empty sender, MAIL FROM:<>, the last time */
	struct smtp_answer rcpt[SMTP_RCPTS]; /* each in a transaction of its own */
};

/* Borrowed row or NULL; made when missing (then earlier row pointers die). */
struct smtp_facts *facts_smtp(const struct facts *facts, const struct dname *host, const struct addr *addr);
struct smtp_facts *facts_smtp_add(struct facts *facts, const struct dname *host, const struct addr *addr);

/* The recipients of a domain: a made-up one by this number. False: the domain's name has characters that no mail address has as they are.
 */
bool smtp_trial_make(struct smtp_trial *trial, const struct dname *domain, uint64_t number);

bool smtp_is_final(enum smtp_seen seen);
/* A connection came about: the server's machine answered. */
bool smtp_connected(enum smtp_seen seen);
/* Can port 25 be reached from here by this family at all? YES once one address was connected or refused; UNKNOWN while none was. */
enum fact smtp_reach(const struct facts *facts, uint8_t family);

/* What is wrong with the certificate, as of the moment of the probe: what weighs most. */
enum smtp_cert_state {
	SMTP_CERT_NONE, /* none was shown */
	SMTP_CERT_GOOD,
	SMTP_CERT_EXPIRED,
	SMTP_CERT_EARLY, /* it begins later */
	SMTP_CERT_SELF_SIGNED,
	SMTP_CERT_UNTRUSTED,
	SMTP_CERT_OTHER_NAME,
	SMTP_CERT_UNJUDGED /* this machine has no roots; no other fault was found */
};
enum smtp_cert_state smtp_cert_state(const struct smtp_facts *row);

const char *smtp_seen_text(enum smtp_seen seen);        /* N_(): a few words */
const char *smtp_tls_text(enum smtp_tls tls);           /* likewise */
const char *smtp_cert_text(enum smtp_cert_state state); /* likewise */
const char *smtp_cert_name(enum smtp_cert_state state); /* "good", "expired" ...: for JSON */
const char *smtp_seen_name(enum smtp_seen seen);        /* "refused", "greeting-4xx" ...: for JSON */
const char *smtp_tls_name(enum smtp_tls tls);           /* "up", "not-offered" ... */
const char *smtp_trust_name(enum smtp_trust trust);     /* "trusted", "self-signed" ... */
const char *smtp_odd_name(unsigned bit);                /* "no-code" ...: of one bit */
const char *smtp_offer_name(unsigned bit);              /* "SIZE" ... */
const char *smtp_taken_text(enum smtp_taken taken);     /* N_(): a few words */
const char *smtp_taken_name(enum smtp_taken taken);     /* "accepted", "refused-4xx" ...; NULL: unknown */

#endif
