/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does the chain that a mail server showed match the TLSA records of its name, as senders with DANE see it (RFC 7672, RFC 7671)? Usage 3
 * looks at the server's own certificate alone, whatever its name and dates; usage 2 at those above it, and at name and dates too; 0 and 1
 * are not used in SMTP. Pure: says nothing of whether the records are signed.
 */
#ifndef WIRE_TLSA_H
#define WIRE_TLSA_H

#include "core/facts/smtp.h"
#include "core/facts/tlsa.h"

/* Of one usable record. UNKNOWN: not enough of the record, or of the chain, was kept. */
enum fact tlsa_match(const struct tlsa *tlsa, const struct smtp_facts *row);
/* Of all of them: one that matches is enough. UNKNOWN also where none is usable, or TLS did not come about. */
enum fact tlsa_match_any(const struct tlsa_facts *records, const struct smtp_facts *row);

#endif
