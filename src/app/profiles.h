/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The senders that a what-if has: the built-in ones and those of the configuration;
 * their mixes and the traffic profiles. Read once; borrows the configuration's text.
 */
#ifndef APP_PROFILES_H
#define APP_PROFILES_H

#include "io/config.h"
#include "sim/cutover/cutover.h"
#include "sim/sender/mix.h"

struct profiles {
	const struct config *config;
	size_t n;
	struct sender *custom;                      /* the configured ones */
	const struct sender *list[MIX_SENDERS + 1]; /* ends with NULL */
};

/* ERR_USAGE with FILE:LINE where a section does not hold. profiles is overwritten: initialise with {0}. */
bool profiles_read(struct profiles *profiles, const struct config *config, struct err *err);
void profiles_release(struct profiles *profiles);
const struct sender *profiles_find(const struct profiles *profiles, const char *name); /* borrowed, or NULL */
/* name NULL: as [simulate] says, else the program's own. ERR_USAGE names the mixes. */
bool profiles_mix(const struct profiles *profiles, const char *name, struct mix *mix, struct err *err);
/* The senders that a mix weighs, for a cut-over; returns how many. */
size_t profiles_parts(const struct profiles *profiles, const struct mix *mix, struct cutover_part part[MIX_SENDERS]);
/* name NULL: as [simulate] says, else one a minute. */
bool profiles_traffic(const struct profiles *profiles, const char *name, double per_hour[24], struct err *err);

#endif
