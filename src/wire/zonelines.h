/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reading and the editing half of zonetext.h share. Private to wire. */
#ifndef WIRE_ZONELINES_H
#define WIRE_ZONELINES_H

#include "wire/zonerecord.h"
#include "wire/zonetext.h"

struct zonetext_line { /* one of the owner's MX records in the text */
	size_t seq;    /* its place among the entries */
	bool generic;  /* written as bytes: not edited */
	struct mx mx;
};

struct zoneproof { /* borrowed: the text that was made, and what it is to say */
	const char *text;
	size_t len;
	const struct mxset *set;
	uint32_t serial;
	size_t last;  /* behind this entry of the old text nothing is changed */
	size_t n_soa; /* once so many SOA records have been seen */
};
/* Both texts, read side by side: the owner's MX set is the wanted one, the serial the new one, and every other record and directive
 * has the same owner, TTL and words as before. */
bool zoneproof_holds(const struct zonetext *was, const struct zoneproof *now);

const char *zonelines_name(const struct zonetext *in);
bool zonelines_is_mx(const struct zone_entry *entry, const struct dname *owner);

#endif
