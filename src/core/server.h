/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the rows of authoritative name servers in struct facts amount to: the state of one, and how many were asked,
 * answered and agree. A server that nobody asked, one that does not answer, one that cannot be
 * reached from here, one that refuses and one that is no authority are five different things. Pure; owns nothing.
 */
#ifndef CORE_SERVER_H
#define CORE_SERVER_H

#include "base/msg.h"
#include "core/facts.h"

enum server_state {
	SERVER_NOT_ASKED, /* nobody asked it, or nobody waited for it; also where its address is not known */
	SERVER_PENDING,   /* asked, and still waited for */
	SERVER_ANSWERS,   /* with authority; only then its set, TTL and serial mean anything */
	SERVER_SILENT,
	SERVER_UNREACHABLE, /* from here: this machine has no route, or the network refused */
	SERVER_REFUSES,
	SERVER_LAME,       /* it answers, but is no authority for the name, or fails */
	SERVER_NO_ADDRESS, /* its name has none */
	SERVER_STATES
};

enum server_state server_state(const struct server_facts *server);
/* The state that one answer to the MX question shows, for callers that keep rows of their own. */
enum server_state server_state_of(enum answer mx, bool authoritative);
const char *server_state_name(enum server_state state); /* for JSON: "answers", "no-address" ...; "not-asked" for pending */
const char *server_state_text(enum server_state state); /* N_(), after a server's name: "no answer", "not asked" ... */

/* Name servers, not addresses: one that answers at one address and is silent at another counts once, as answering. */
struct server_count {
	size_t servers;                 /* names */
	size_t by_state[SERVER_STATES]; /* their sum is `servers` */
	size_t asked;                   /* a question was sent: answers, silent, refuses, lame, pending */
	size_t agree, differ;           /* of those that answer: each answering address gave this set, or one did not */
	size_t half;                    /* of those that answer: another address was asked and gave no answer */
};
/* set NULL: agree and differ stay 0. Compared by mxset_matches(). */
void servers_count(const struct facts *facts, const struct mxset *set, struct server_count *count);

/* How many agree with set, in one sentence ("2 of 3 name servers agree"); where none answered, why. No message (id NULL)
 * where the facts have no server. */
void servers_agree_text(const struct facts *facts, const struct mxset *set, struct msg *msg);
/* What is wrong with one that was to answer and does not, in one sentence; false where nothing is. */
bool server_trouble_text(const struct server_facts *server, struct msg *msg);
/* The first server that was to answer and does not, in one sentence, or no message. `skip` leaves out as many. */
void servers_trouble_text(const struct facts *facts, size_t skip, struct msg *msg);

#endif
