/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One entry of zone text as a record. What is needed of the DNS here is read by this module, digit by digit, because the library
 * cuts numbers that are too large; other types are only checked. Private to wire.
 */
#ifndef WIRE_ZONERECORD_H
#define WIRE_ZONERECORD_H

#include "wire/zonescan.h"

/* Owner, TTL and type of any; the data of the types that struct dns_record knows, what is long of it in octets (NULL: it is not kept).
 * ERR_USAGE with name and line where a name server would refuse it. Types that nobody knows yet are taken. */
bool zonerecord_read(struct zonescan *scan, const struct zone_entry *entry, struct dns_record *record, struct str *octets, struct err *err);
bool zonerecord_is_plain(unsigned code); /* read here, not by the library: addresses, names, MX */
/* Is the data written as bytes (RFC 3597 section 5: \# LENGTH HEX)? */
bool zonerecord_is_generic(const struct zonescan *scan, const struct zone_entry *entry);

#endif
