/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An edit of an MX set, as a value; draft_apply() does several as one step, and core/edit_text.h reads them from text. Rows hold no
 * pointers; struct edits owns its array.
 */
#ifndef CORE_EDIT_H
#define CORE_EDIT_H

#include "core/mxset.h"

enum edit_verb {
	EDIT_ADD,      /* mx */
	EDIT_REMOVE,   /* mx */
	EDIT_PREFER,   /* mx gets the preference of with */
	EDIT_RENAME,   /* mx gets the host of with */
	EDIT_RAISE,    /* mx moves a rung up: tried earlier */
	EDIT_LOWER,    /* mx moves a rung down */
	EDIT_LEVEL,    /* mx gets the preference that the record with has */
	EDIT_RENUMBER, /* rungs become 10, 20, 30 ... */
	EDIT_TTL,      /* ttl_s */
	EDIT_CLEAR     /* no record stays; the TTL does */
};

#define EDIT_ANY UINT32_MAX /* a preference: whichever the host has; refused where it has several */

struct edit {
	enum edit_verb verb;
	struct mx mx, with;
	uint32_t ttl_s;
};

struct edits {
	size_t n, cap;
	struct edit *edit;
};

struct edit *edits_add(struct edits *edits, enum edit_verb verb); /* zeroed but for the verb; earlier pointers die */
void edits_release(struct edits *edits);

/* Raise and lower: a record that shares its rung gets one of its own, between or beyond the neighbours; one that stands alone moves
 * onto the neighbour's. ERR_USAGE; a failing edit changes nothing. */
bool edit_run(struct mxset *set, const struct edit *edit, struct err *err);

#endif
