/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What probes of port 25 saw, as the states that a delivery meets: so that a what-if begins with what is so now. A probe that tells nothing
 * of a server (none was made, the network here stood in the way, an odd reply of which nobody measured what senders make of it) makes its
 * state unknown, never up.
 */
#ifndef SIM_PROBED_H
#define SIM_PROBED_H

#include "core/facts/smtp.h"
#include "sim/state.h"

/* row NULL: the address was not probed. */
enum sim_state probed_state(const struct facts *facts, const struct smtp_facts *row);
/* One mark for each address of the set's hosts (of the domain, where it has no MX) that is not up. */
void marks_probed(struct marks *marks, const struct facts *facts, const struct mxset *set);

#endif
