/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of domains in words: a row each, told or still asked. */
#ifndef SHOW_DOMAINS_H
#define SHOW_DOMAINS_H

#include "app/roster.h"
#include "show/document.h"

enum domain_cell { /* of a row, in order */
	DOMAIN_NAME,
	DOMAIN_SELECTED,
	DOMAIN_LEVEL, /* with the sign of the row */
	DOMAIN_STATE,
	DOMAIN_FAILURE,
	DOMAIN_FAILS,
	DOMAIN_LADDER,
	DOMAIN_MAIL_AT,
	DOMAIN_ACCOUNT,
	DOMAIN_TTL,
	DOMAIN_SERVED,
	DOMAIN_DRAFT,
	DOMAIN_PUSH,
	DOMAIN_CELLS
};

void domains_titles(struct document *document);
void domain_row(const struct roster_row *row, bool ascii, struct document *document);

#endif
