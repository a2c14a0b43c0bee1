/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is marked down in a what-if, and how: a set of marks on hosts, addresses,
 * networks, a whole IP family, a DNS zone, a name server or the mail domain's own lookup. Pure
 * values; knows nothing live.
 */
#ifndef SIM_STATE_H
#define SIM_STATE_H

#include "core/facts.h"

enum sim_state {
	SIM_UP,
	SIM_REFUSED,
	SIM_TIMEOUT,
	SIM_DROP,
	SIM_MUTE,
	SIM_GREETING_4XX,
	SIM_GREETING_5XX,
	SIM_EHLO_4XX,
	SIM_EHLO_5XX,
	SIM_NO_STARTTLS,
	SIM_STARTTLS_4XX,
	SIM_TLS_FAIL,
	SIM_TLSA_MISMATCH, /* the certificate fits none of the TLSA records */
	SIM_CERT_INVALID,  /* no authority that is trusted vouches for it, or not for this host or this day */
	SIM_MAIL_4XX,
	SIM_MAIL_5XX,
	SIM_RCPT_4XX,
	SIM_RCPT_5XX,
	SIM_DATA_4XX,
	SIM_DATA_5XX,
	SIM_DOT_4XX,
	SIM_DOT_5XX,
	SIM_NXDOMAIN,
	SIM_SERVFAIL,
	SIM_DNS_TIMEOUT, /* of names */
	SIM_UNKNOWN,     /* nobody knows what the server does */
	SIM_STATES
};

struct sim_state_row {
	const char *name;  /* "greeting-4xx": in commands, JSON and marks */
	const char *label; /* N_(): a word or two for the screen */
	bool of_name;      /* belongs to a name's lookup, not to a connection */
};
extern const struct sim_state_row sim_states[SIM_STATES];
bool sim_state_parse(const char *name, enum sim_state *state);

enum mark_kind { MARK_HOST, MARK_ADDRESS, MARK_NET, MARK_FAMILY, MARK_ZONE, MARK_DOMAIN, MARK_SERVER };

struct mark {
	enum mark_kind kind;
	struct dname name; /* of HOST, ZONE, DOMAIN, SERVER (a name server) */
	struct addr addr;  /* of ADDRESS, NET */
	uint8_t bits;      /* of NET */
	uint8_t family;    /* of FAMILY: 4 or 6 */
	enum sim_state state;
};

struct marks {
	size_t n, cap;
	struct mark *mark;
};

bool mark_same_subject(const struct mark *a, const struct mark *b);
void marks_release(struct marks *marks);
void marks_copy(struct marks *to, const struct marks *from);
void marks_set(struct marks *marks, const struct mark *mark);                   /* replaces a mark of the same subject; SIM_UP removes it */
enum sim_state marks_host(const struct marks *marks, const struct dname *host); /* the host's own mark only */
/* What the marks make of a target's name lookup, of the domain's own, and of a connection to an address of host;
 * SIM_UP: nothing. Of several marks the one that a delivery meets first counts. */
enum sim_state marks_name(const struct marks *marks, const struct dname *host);
enum sim_state marks_domain(const struct marks *marks, const struct dname *domain);
enum sim_state marks_address(const struct marks *marks, const struct dname *host, const struct addr *addr);
/* Marks on name servers do nothing by themselves: a zone fails when all its known servers are marked. Fills full with the marks
 * and the zones that they make fail; false, and full untouched: no name server is marked. */
bool marks_servers(const struct marks *marks, const struct facts *facts, struct marks *full);
/* "HOST", "HOST=STATE", "192.0.2.10=timeout", "192.0.2.0/24", "v6", "zone:example.net=servfail", "ns:ns1.example.net", or the domain
 * itself. ERR_USAGE names the candidates when the host or address is not in the set. facts and set may be a draft's. */
bool mark_parse(struct mark *mark, const char *text, const struct facts *facts, const struct mxset *set, struct err *err);
/* "mejlserver1.exempel.com" / "192.0.2.0/24" / "IPv6" / "zone example.net" / "ns:ns1.example.net" */
void mark_text(const struct mark *mark, struct str *out);
/* The same as mark_parse() takes it back: "zone:example.net". */
void mark_argument(const struct mark *mark, struct str *out);

#endif
