/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPF records (RFC 7208), term by term. Any bytes; nothing is owned. What a term leads to is asked elsewhere. */
#ifndef WIRE_SPF_H
#define WIRE_SPF_H

#include "wire/policy.h"

enum spf_kind { SPF_ALL, SPF_INCLUDE, SPF_A, SPF_MX, SPF_PTR, SPF_IP4, SPF_IP6, SPF_EXISTS, SPF_REDIRECT, SPF_EXP, SPF_MODIFIER, SPF_BAD };

struct spf_term {
	enum spf_kind kind;
	char qualifier;      /* '+', '-', '~', '?'; of a modifier 0 */
	bool has_domain;     /* one is named; without, "a", "mx" and "ptr" mean the domain itself */
	bool has_macro;      /* in it: then the domain depends on the mail, and is not known */
	struct dname domain; /* where one is named without a macro */
	struct text text;    /* the whole term */
};

bool spf_is_record(struct text text);
/* Does it mean to be one, and does not begin as one has to? Receivers pass it over. */
bool spf_is_nearly(struct text text);
/* The next term, taken off rest, which is a record; its version is skipped. false: no more. */
bool spf_next(struct text *rest, struct spf_term *term);
/* Does the term count against the ten lookups (section 4.6.4)? */
bool spf_asks(const struct spf_term *term);

#endif
