/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A domain name, kept in uncompressed wire form, lower case, as an array: copied
 * with =. Any byte may stand in a label (RFC 2181 section 11), so what a person
 * pasted by mistake ("http://mail/") is a name too, and the checks say what is
 * wrong with it. The root is the exchange of a null MX. U-labels become A-labels
 * (libidn2, IDNA2008 non-transitional). Knows no DNS and no zone.
 */
#ifndef CORE_DNAME_H
#define CORE_DNAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define DNAME_WIRE_MAX 255  /* octets, RFC 1035 section 2.3.4 */
#define DNAME_TEXT_MAX 1012 /* presentation form with every octet as \DDD, and the zero byte */

struct dname {
	uint8_t len; /* 0: no name; the root has 1 */
	uint8_t wire[DNAME_WIRE_MAX];
};

/* Text with or without the final dot, A-labels or U-labels, \DDD and \. escapes; "." is the root.
 * Fails (ERR_USAGE) on an empty text, an empty label, a label over 63 or a name over 255 octets, and on
 * a U-label that IDNA2008 refuses. */
bool dname_parse(struct dname *name, const char *text, struct err *err);
/* Uncompressed wire form; false when it is not one whole name. Folds case. */
bool dname_from_wire(struct dname *name, const uint8_t *wire, size_t len);
void dname_root(struct dname *name);

/* A-labels, lower case, no final dot, special bytes escaped as \DDD or \c; the root is ".". Returns out. */
const char *dname_text(const struct dname *name, char out[DNAME_TEXT_MAX]);
char *dname_write(const struct dname *name, char out[DNAME_TEXT_MAX]); /* the same; its end */
/* The same with a final dot, for zone files and vendors. */
const char *dname_text_dot(const struct dname *name, char out[DNAME_TEXT_MAX]);
/* For people: U-labels where they turn back into the same A-label, else as dname_text. */
const char *dname_show(const struct dname *name, char out[DNAME_TEXT_MAX]);

bool dname_is_root(const struct dname *name);
bool dname_equal(const struct dname *a, const struct dname *b);
int dname_cmp(const struct dname *a, const struct dname *b);          /* canonical order, RFC 4034 section 6.1 */
bool dname_under(const struct dname *name, const struct dname *zone); /* equal counts as under */
unsigned dname_labels(const struct dname *name);                      /* the root has 0 */
bool dname_parent(const struct dname *name, struct dname *parent);    /* false for the root */
/* What stands before the zone, as a name of its own; false where name is not under it. The root for the zone itself. */
bool dname_before(const struct dname *name, const struct dname *zone, struct dname *before);
bool dname_star(const struct dname *name, struct dname *star); /* "*" below it; false where that is too long */
/* label i from the left as raw bytes; NULL past the last */
const uint8_t *dname_label(const struct dname *name, unsigned i, size_t *len);
/* "mx" under "example.com": text relative to zone, "@" when equal; absolute with a dot when not under it. */
const char *dname_relative(const struct dname *name, const struct dname *zone, char out[DNAME_TEXT_MAX]);

#endif
