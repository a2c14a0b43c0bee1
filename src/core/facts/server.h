/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The authoritative name servers of the domain's zone, each asked directly. */
#ifndef CORE_FACTS_SERVER_H
#define CORE_FACTS_SERVER_H

#include "core/addr.h"
#include "core/answer.h"
#include "core/mxset.h"

struct server_facts { /* one address of one authoritative name server */
	struct dname name;
	struct addr addr;    /* family 0: none is known; `address` says why */
	enum answer address; /* what the lookup of the name's addresses gave */
	enum answer mx, soa;
	bool authoritative; /* AA was set */
	bool elsewhere;     /* it answered with an alias of a name that it does not tell: it has no set to compare */
	uint32_t serial;
	struct mxset set; /* owned by struct facts; means nothing unless server_state() is SERVER_ANSWERS */
	uint32_t ttl_max_s;
	bool at_parent, at_child; /* named in the parent's NS / in the zone's own NS */
};

#endif
