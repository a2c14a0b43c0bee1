/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host that an MX record names, and what its addresses lead back to. */
#ifndef CORE_FACTS_HOST_H
#define CORE_FACTS_HOST_H

#include "core/addr.h"
#include "core/answer.h"
#include "core/dname.h"

#define FACTS_ALIASES 8    /* links of an alias chain kept; a longer chain or a loop is ANSWER_BROKEN */
#define FACTS_ADDRESSES 32 /* addresses of a host kept; `more` counts the rest */
#define FACTS_PTR_NAMES 4  /* names of an address kept; `more` counts the rest */

struct host_facts { /* one exchange of the set (or of the draft) */
	struct dname host;
	enum answer a, aaaa;
	uint32_t a_ttl_s, aaaa_ttl_s; /* lowest on the chain */
	size_t tlsa;                  /* its row among the TLSA records, plus 1, where that came later; facts.c's own */
	size_t n_alias;               /* host is an alias: alias[0] is what it points to, and so on */
	size_t n_addr, more;
	/* Large, and last: beyond their number these hold anything. */
	struct addr addr[FACTS_ADDRESSES]; /* as the server ordered them; IPv6 and IPv4 apart by family */
	struct dname alias[FACTS_ALIASES];
};

struct ptr_facts { /* one address of an exchange */
	struct addr addr;
	enum answer ptr; /* of its name in in-addr.arpa or ip6.arpa, aliases followed (RFC 2317) */
	size_t n, more;
	struct dname name[FACTS_PTR_NAMES];
	unsigned waiting; /* names that are being looked up */
	bool failed;      /* the lookup of one of them */
	enum fact back;   /* does one of the names kept have this address? Unknown as well where a lookup failed and none has it */
};

#define FACTS_LIST_NAME 80

struct listed_facts { /* one address of an exchange on one block list */
	struct addr addr;
	char list[FACTS_LIST_NAME]; /* its zone, as it was configured */
	enum answer answer;
	enum fact listed; /* unknown as well where the list's answer is no listing: a refusal by 127.255.255.0/24, a parked zone */
	struct addr code; /* what it answered */
};

/* How much of the row says something, from its beginning: so much of it may be kept and copied. */
size_t host_facts_size(const struct host_facts *row);

#endif
