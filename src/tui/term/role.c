/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/role.h"

#include "base/i18n.h"
#include "base/banned.h"

const struct role_row roles[ROLE_COUNT] = {
	[ROLE_TEXT] = { "text", '.', N_("plain text") },
	[ROLE_DIM] = { "dim", 'd', N_("text of less weight") },
	[ROLE_TITLE] = { "title", 'T', N_("the domain at the top") },
	[ROLE_LIVE] = { "live", 'L', N_("the word LIVE") },
	[ROLE_DRAFT] = { "draft", 'D', N_("the word DRAFT") },
	[ROLE_WHATIF] = { "what-if", 'W', N_("the word WHAT IF") },
	[ROLE_RULE] = { "rule", '-', N_("lines between parts") },
	[ROLE_KEY] = { "key", 'k', N_("a key in a hint") },
	[ROLE_HINT] = { "hint", 'h', N_("what a key does") },
	[ROLE_SELECTED] = { "selected", 'S', N_("the selected row") },
	[ROLE_PREFERENCE] = { "preference", 'p', N_("a rung's preference") },
	[ROLE_TREE] = { "tree", 't', N_("the drawing of the ladder") },
	[ROLE_HOST] = { "host", 'H', N_("a mail server's name") },
	[ROLE_BAR] = { "bar", 'b', N_("the bar of a share") },
	[ROLE_ADDRESS] = { "address", 'a', N_("addresses") },
	[ROLE_OK] = { "ok", 'o', N_("what is well") },
	[ROLE_ERROR] = { "error", 'E', N_("errors") },
	[ROLE_WARNING] = { "warning", 'w', N_("warnings") },
	[ROLE_NOTICE] = { "notice", 'n', N_("notices") },
	[ROLE_INFO] = { "info", 'i', N_("information") },
	[ROLE_PENDING] = { "pending", 'q', N_("what is still being asked") },
	[ROLE_ADDED] = { "added", '+', N_("what a draft adds") },
	[ROLE_REMOVED] = { "removed", 'x', N_("what a draft removes") },
	[ROLE_CHANGED] = { "changed", '~', N_("what a draft changes") },
	[ROLE_HEADING] = { "heading", 'G', N_("headings") },
	[ROLE_PROMPT] = { "prompt", 'P', N_("a question's label") },
	[ROLE_INPUT] = { "input", 'I', N_("what is typed") },
	[ROLE_MESSAGE] = { "message", 'm', N_("messages at the bottom") },
	[ROLE_MATCH] = { "match", 'M', N_("what a filter found") },
};
