/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does DANE protect a whole set (RFC 7672)? For checks, companions and gates. */
#ifndef CHECK_DANE_H
#define CHECK_DANE_H

#include "core/facts.h"

/* Do senders find, on signatures all the way, TLSA records to be used at every host of the set? UNKNOWN only where one has some. */
enum fact dane_covers(const struct facts *facts, const struct mxset *set);
/* What the probes of its addresses say: does the certificate fit the host's records? NO: one does not. UNKNOWN: none was probed. */
enum fact dane_fits(const struct facts *facts, const struct dname *host);

#endif
