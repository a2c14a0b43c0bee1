/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail hosters' MX sets (facts: presets), as rows. {d} in a host stands for the
 * domain with dots as hyphens, {D} for the domain as it is, {t} for what only the
 * customer knows (a tenant, a region): it is not guessed, the note says where it is found.
 */
#ifndef CORE_PRESET_H
#define CORE_PRESET_H

#include "core/mxset.h"

#define PRESET_MX 6

struct preset {
	const char *name;  /* "google" */
	const char *title; /* "Google Workspace" (a proper name, not translated) */
	const char *note;  /* N_() or NULL: what to know before using it */
	struct {
		uint32_t preference;
		const char *host;
	} mx[PRESET_MX]; /* ends with host NULL */
};
extern const struct preset presets[]; /* ends with name NULL */

const struct preset *preset_find(const char *name); /* borrowed or NULL */
/* False where a host holds {t}, which only the customer knows: such a preset serves to recognise a set. */
bool preset_is_complete(const struct preset *preset);
/* The hoster's set for domain; keeps set->ttl_s. An incomplete preset changes nothing. */
void preset_fill(const struct preset *preset, const struct dname *domain, struct mxset *set);
/* Which hoster a set's hosts belong to, all of them; NULL: none or mixed. */
const struct preset *preset_recognise(const struct mxset *set, const struct dname *domain);

#endif
