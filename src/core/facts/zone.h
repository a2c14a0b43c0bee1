/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zones: who answers for them, and what their parents say of them. */
#ifndef CORE_FACTS_ZONE_H
#define CORE_FACTS_ZONE_H

#include "core/addr.h"
#include "core/answer.h"
#include "core/dname.h"

#define FACTS_ZONES 16      /* zones of the targets kept */
#define FACTS_NS 16         /* name servers of a zone kept; `more` counts the rest */
#define FACTS_DS 16         /* DS records kept; `more` counts the rest */
#define FACTS_REGISTERED 32 /* registered domains of the targets kept */

struct zone_facts { /* a zone that the domain or an exchange lies in, and who answers for it */
	struct dname apex;
	enum answer ns; /* its own NS records */
	size_t n_ns, more;
	struct dname name_server[FACTS_NS]; /* in canonical order */
};

struct ds {
	uint16_t key_tag;
	uint8_t algorithm, digest_type;
};

struct ds_facts { /* of the domain's zone, at its parent */
	enum answer ds;
	size_t n, more;
	struct ds record[FACTS_DS];
};

struct registered_facts { /* a domain that somebody registered, or that is free: of a target, by the Public Suffix List */
	struct dname name;
	enum answer ns;   /* of the name's NS lookup */
	enum fact exists; /* no: the zone above it said that it does not exist */
};

#define FACTS_STARS 16          /* wildcards kept */
#define FACTS_STAR_ADDRESSES 32 /* addresses of one kept; `more` counts the rest */

struct star_facts { /* what "*" below a name answers, by itself or out of a wildcard further up */
	struct dname above;
	enum answer a, aaaa, mx; /* aliases followed; mx of the domain's own name alone */
	size_t n_addr, more;
	struct addr addr[FACTS_STAR_ADDRESSES]; /* of both families */
};

#endif
