/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dynamic update (RFC 2136) of one MX RRset as bytes: replaced as one, and only where the server has exactly what the
 * change began from. TTLs are no part of that comparison (section 2.4.2). Signs nothing.
 */
#ifndef WIRE_DNSUPDATE_H
#define WIRE_DNSUPDATE_H

#include "core/mxset.h"

struct dnsupdate {
	const struct dname *zone, *owner;
	const struct mxset *have; /* the server must have these records and no others, whatever the TTL; empty: no MX */
	const struct mxset *want; /* empty: the RRset is deleted */
};
/* Appends the message. False where a record is none that the wire can carry (a preference over 65535, a host that is no name), or the
 * message is longer than it can be (65535 bytes). */
bool dnsupdate_build(const struct dnsupdate *update, unsigned int id, struct str *out);

/* The same for people, in nsupdate's words, a line each. */
void dnsupdate_show(const struct dnsupdate *update, struct str *out);

/* RFC 2136 section 2.2; those of RFC 1035 have the same meaning. */
enum dnsupdate_rcode {
	RCODE_NOERROR = 0,
	RCODE_FORMERR = 1,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4,
	RCODE_REFUSED = 5,
	RCODE_YXDOMAIN = 6,
	RCODE_YXRRSET = 7,
	RCODE_NXRRSET = 8,
	RCODE_NOTAUTH = 9,
	RCODE_NOTZONE = 10,
};
const char *dnsupdate_rcode_name(int rcode); /* "NXRRSET", as servers and their logs write it; "RCODE11" and so on from a table's end */

#endif
