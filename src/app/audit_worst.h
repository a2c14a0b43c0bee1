/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The single failure that does a domain's mail most harm, but for those against which no other mail server helps. */
#ifndef APP_AUDIT_WORST_H
#define APP_AUDIT_WORST_H

#include "core/facts.h"

struct audit_worst {
	struct str what; /* "mx1.example.com" */
	double lost;     /* part of the mail that is never delivered while it lasts */
	double late_s;   /* how late the rest is at most; 0: not at all */
};

/* False where nothing can be told: the set or an address is not known, or there is nothing that could fail. worst is initialised here. */
bool audit_worst(const struct facts *facts, struct audit_worst *worst);
void audit_worst_release(struct audit_worst *worst);

#endif
