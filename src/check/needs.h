/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is what a check needs known? One answer a bit, so that "not checked" means the same in all of them. For check/ alone. */
#ifndef CHECK_NEEDS_H
#define CHECK_NEEDS_H

#include "check/rules.h"

#define NEEDS_BITS 32
struct needs_seen { /* of one set: each need is looked at once. Begin with {0} */
	unsigned looked;
	enum known known[NEEDS_BITS];
};
/* Sets why for the first of several that is missing. NEEDS_HOSTS: the checks that look at hosts say it of each host. */
bool needs_missing(const struct check_input *in, unsigned needs, struct needs_seen *seen, struct msg *why);

#endif
