/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The senders that a what-if has: the built-in ones and those of the configuration;
 * their mixes and the traffic profiles. Read once; borrows the configuration's text.
 */
#ifndef APP_SENDING_H
#define APP_SENDING_H

#include "io/config.h"
#include "sim/cutover.h"
#include "sim/mix.h"

struct sending {
	const struct config *config;
	size_t n;
	struct sender *own;		/* the configured ones */
	const struct sender *list[MIX_SENDERS + 1];	/* ends with NULL */
};

/* ERR_USAGE with FILE:LINE where a section does not hold. sending is overwritten: initialise with {0}. */
bool sending_read(struct sending *sending, const struct config *config, struct err *err);
void sending_release(struct sending *sending);
const struct sender *sending_find(const struct sending *sending, const char *name);	/* borrowed, or NULL */
/* name NULL: as [simulate] says, else the program's own. ERR_USAGE names the mixes. */
bool sending_mix(const struct sending *sending, const char *name, struct mix *mix, struct err *err);
/* The senders that a mix weighs, for a cut-over; returns how many. */
size_t sending_parts(const struct sending *sending, const struct mix *mix, struct cutover_part part[MIX_SENDERS]);
/* name NULL: as [simulate] says, else one a minute. */
bool sending_traffic(const struct sending *sending, const char *name, double per_hour[24], struct err *err);

#endif
