/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan and what is known of it, in a few words, and what the gates answer. For the gates' tests. */
#ifndef TESTS_APP_GATE_SCENE_H
#define TESTS_APP_GATE_SCENE_H

#include "app/gate.h"

#define BASE "3600 10 mx1.exempel.com"
#define NEW "3600 10 mx2.exempel.com"
#define PAIR "3600 10 mx1.exempel.com 20 mx2.exempel.com"

struct scene {
	const char *base, *want;
	const char *domain;  /* NULL: exempel.com, which is the zone */
	const char *apex;    /* where the DNS has the name; "": not known; NULL: exempel.com */
	const char *hosts;   /* "mx1+ mx2- mx3?": has an address, has none, not known; "@" is the domain */
	const char *ns;      /* what the DNS names; NULL: ns1.exempel.com */
	const char *zone_ns; /* one server that the zone's own records name; with a zone before a blank: of that zone; NULL: none */
	const char *own_ns;  /* what the account's zone names; NULL: ns1.exempel.com */
	enum fact delegated, wildcard, synthesised, below_dname;
	bool wildcard_mx, stood, undo, one_server, no_null;
	const char *star, *dname; /* where the wildcard and the DNAME stand; NULL: not told */
	struct sts_facts sts;
	enum dnssec mx;   /* of the MX set */
	const char *tlsa; /* "mx1s mx2-": signed, not validated (?), not signed (u), none (-), the lookup fails (f: SERVFAIL, t: time-out),
			     of a signed host (F), of one that is not signed (i) */
};

/* plan, facts and found must not be in use; the account is another's. */
void build(const struct scene *scene, struct plan *plan, struct facts *facts, struct provider_run *found);
const struct provider *gate_vendor(const struct scene *scene);
/* "id=no other=unknown" */
void expect(const struct scene *scene, const char *expected);
/* The reasons, a line each. */
void expect_words(const struct scene *scene, const char *expected);

#endif
