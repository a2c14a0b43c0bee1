/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ldns' records as our rows. Private to wire: nobody above sees ldns. Owns nothing. */
#ifndef WIRE_RR_H
#define WIRE_RR_H

#include <stdbool.h> /* before ldns, which otherwise makes a bool of its own */
#include <ldns/ldns.h>

#include "wire/dnswire.h"

/* false for classes and types that dnswire.h does not know; section is left as it was. What is long goes into octets; NULL: it is not kept.
 */
bool rr_read(struct dns_record *record, const ldns_rr *rr, struct str *octets);

#endif
