/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a cell of the screen means, never how it looks: a theme gives each role its attributes. One table of rows
 * feeds the theme parser, `mxladder list roles` and the tests. Pure.
 */
#ifndef SHOW_ROLE_H
#define SHOW_ROLE_H

enum role {
	ROLE_TEXT,
	ROLE_DIM,
	ROLE_TITLE,
	ROLE_LIVE,
	ROLE_DRAFT,
	ROLE_WHATIF,
	ROLE_RULE,
	ROLE_KEY,
	ROLE_HINT,
	ROLE_SELECTED,
	ROLE_PREFERENCE,
	ROLE_TREE,
	ROLE_HOST,
	ROLE_BAR,
	ROLE_ADDRESS,
	ROLE_OK,
	ROLE_ERROR,
	ROLE_WARNING,
	ROLE_NOTICE,
	ROLE_INFO,
	ROLE_PENDING,
	ROLE_ADDED,
	ROLE_REMOVED,
	ROLE_CHANGED,
	ROLE_ACCEPTED,
	ROLE_HEADING,
	ROLE_PROMPT,
	ROLE_INPUT,
	ROLE_MESSAGE,
	ROLE_MATCH,
	ROLE_COUNT
};

struct role_row {
	const char *name; /* in theme files */
	const char *help; /* N_() */
};
extern const struct role_row roles[ROLE_COUNT];

#endif
