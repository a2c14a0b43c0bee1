/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BIND's $GENERATE: the records that it stands for, as zone text. Private to wire. */
#ifndef WIRE_ZONEGEN_H
#define WIRE_ZONEGEN_H

#include "wire/zonescan.h"

#define ZONEGEN_MAX 1000000u /* records of one $GENERATE; more is refused */

/* Appends a line for each record. entry is of ZONE_GENERATE. ERR_USAGE with name and line. */
bool zonegen_expand(const struct zonescan *scan, const struct zone_entry *entry, struct str *out, struct err *err);
/* Reads that text as if it stood in scan's, in the line of entry. Borrows text. */
void zonegen_scan(struct zonescan *inner, const struct zonescan *scan, const struct zone_entry *entry, const struct str *text);
/* After it was read. */
void zonegen_done(struct zonescan *scan, const struct zonescan *inner);

#endif
