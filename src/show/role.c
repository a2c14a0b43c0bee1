/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/role.h"

#include "base/i18n.h"
#include "base/banned.h"

const struct role_row roles[ROLE_COUNT] = {
	[ROLE_TEXT] = { "text", N_("plain text") },
	[ROLE_DIM] = { "dim", N_("text of less weight") },
	[ROLE_TITLE] = { "title", N_("the domain at the top") },
	[ROLE_LIVE] = { "live", N_("the word LIVE") },
	[ROLE_DRAFT] = { "draft", N_("the word DRAFT") },
	[ROLE_WHATIF] = { "what-if", N_("the word WHAT IF") },
	[ROLE_RULE] = { "rule", N_("lines between parts") },
	[ROLE_KEY] = { "key", N_("a key in a hint") },
	[ROLE_HINT] = { "hint", N_("what a key does") },
	[ROLE_SELECTED] = { "selected", N_("the selected row") },
	[ROLE_PREFERENCE] = { "preference", N_("a rung's preference") },
	[ROLE_TREE] = { "tree", N_("the drawing of the ladder") },
	[ROLE_HOST] = { "host", N_("a mail server's name") },
	[ROLE_BAR] = { "bar", N_("the bar of a share") },
	[ROLE_ADDRESS] = { "address", N_("addresses") },
	[ROLE_OK] = { "ok", N_("what is well") },
	[ROLE_ERROR] = { "error", N_("errors") },
	[ROLE_WARNING] = { "warning", N_("warnings") },
	[ROLE_NOTICE] = { "notice", N_("notices") },
	[ROLE_INFO] = { "info", N_("information") },
	[ROLE_PENDING] = { "pending", N_("what is still being asked") },
	[ROLE_ADDED] = { "added", N_("what a draft adds") },
	[ROLE_REMOVED] = { "removed", N_("what a draft removes") },
	[ROLE_CHANGED] = { "changed", N_("what a draft changes") },
	[ROLE_ACCEPTED] = { "accepted", N_("a finding that somebody accepted") },
	[ROLE_HEADING] = { "heading", N_("headings") },
	[ROLE_PROMPT] = { "prompt", N_("a question's label") },
	[ROLE_INPUT] = { "input", N_("what is typed") },
	[ROLE_MESSAGE] = { "message", N_("messages at the bottom") },
	[ROLE_MATCH] = { "match", N_("what a filter found") },
};
