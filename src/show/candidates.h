/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be marked for a what-if, each with the state that it has: hosts with their addresses and networks, IP families, DNS zones, name
 * servers, the domain's own lookup; and the states that there are to choose. Owns its marks; hosts are the session's.
 */
#ifndef SHOW_CANDIDATES_H
#define SHOW_CANDIDATES_H

#include "app/session.h"
#include "show/document.h"

struct candidate {
	struct mark mark;         /* its state: its own mark, or SIM_UP */
	const struct dname *host; /* of an address: whose; NULL: nobody's */
	bool inner;               /* shown under the host above it */
};

struct candidates {
	size_t n, cap;
	struct candidate *candidate;
	struct marks all; /* with the zones that fail for want of name servers */
};

/* The host `first` before the others, where it has a name. candidates: {0} first. */
void candidates_gather(const struct session *session, const struct dname *first, struct candidates *candidates);
void candidates_release(struct candidates *candidates);
void candidate_text(const struct mark *mark, bool ascii, struct str *out);
/* Its name, and its state or what another mark makes of it; a host without an address is not up: what is known of it is said. */
void candidate_row(const struct candidates *candidates, size_t i, const struct facts *facts, bool ascii, struct document *document);
bool candidate_takes(const struct mark *mark, enum sim_state state);
/* A state to choose: what it is called, and how it is typed. now: it has that one. */
void candidate_state_row(enum sim_state state, bool now, struct document *document);

#endif
