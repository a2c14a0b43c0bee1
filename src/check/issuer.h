/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Issuers of certificates that TLSA records may name. */
#ifndef CHECK_ISSUER_H
#define CHECK_ISSUER_H

#include "core/facts.h"

struct issuer {
	const char *name;
	bool root; /* a root, which servers mostly leave out of the chain */
};

/* The issuer whose key a record names (usage DANE-TA, SHA-256 of the public key), where it signs no certificates of mail servers
 * any more; else NULL. Static. */
const struct issuer *issuer_retired(const struct tlsa *tlsa);

#endif
