/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail hosters' MX sets (facts: presets), as rows. {d} in a host stands for the
 * domain with dots as hyphens, {D} for the domain as it is; other operands of a
 * hoster (a tenant, a region) are not guessed: such a preset says what it needs.
 */
#ifndef CORE_PRESET_H
#define CORE_PRESET_H

#include "core/mxset.h"

#define PRESET_MX 6

struct preset {
	const char *name;	/* "google" */
	const char *title;	/* "Google Workspace" (a proper name, not translated) */
	const char *note;	/* N_() or NULL: what to know before using it */
	struct { uint32_t preference; const char *host; } mx[PRESET_MX];	/* ends with host NULL */
};
extern const struct preset presets[];	/* ends with name NULL */

const struct preset *preset_find(const char *name);	/* borrowed or NULL */
/* The hoster's set for domain; keeps set->ttl_s. */
void preset_fill(const struct preset *preset, const struct dname *domain, struct mxset *set);
/* Which hoster a set's hosts belong to, all of them; NULL: none or mixed. */
const struct preset *preset_recognise(const struct mxset *set, const struct dname *domain);

#endif
