/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is what a check needs known? One answer a bit, so that "not checked" means the same in all of them. For check/ alone. */
#ifndef CHECK_NEEDS_H
#define CHECK_NEEDS_H

#include "check/rules.h"

/* Sets why where this need (one bit) is not known of the set. NEEDS_HOSTS: the checks that look at hosts say it of each host. */
bool need_missing(const struct check_input *in, enum need need, struct msg *why);

#define NEEDS_BITS 32
struct needs_seen { /* of one set: each need is looked at once. Begin with {0} */
	unsigned looked;
	enum known known[NEEDS_BITS];
};
/* The first of several that is missing. */
bool needs_missing(const struct check_input *in, unsigned needs, struct needs_seen *seen, struct msg *why);

#endif
