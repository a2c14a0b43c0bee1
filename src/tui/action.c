/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/action.h"

#include <string.h>

#include "base/i18n.h"
#include "base/banned.h"

const char *const action_groups[GROUP_COUNT] = {
	[GROUP_MOVE] = N_("Moving"),
	[GROUP_DRAFT] = N_("The draft"),
	[GROUP_WHATIF] = N_("What if"),
	[GROUP_PUSH] = N_("To the name servers"),
	[GROUP_REST] = N_("The rest"),
};

/* In the order of the hint line: what is listed first is shown first. */
const struct action_row actions[ACTION_COUNT] = {
	[ACTION_UP] = { .name = "up", .keys = "Up, k", .in = IN_ANY, .group = GROUP_MOVE,
		.help = N_("Go up a row") },
	[ACTION_DOWN] = { .name = "down", .keys = "Down, j", .in = IN_ANY, .group = GROUP_MOVE,
		.help = N_("Go down a row") },
	[ACTION_PAGE_UP] = { .name = "page-up", .keys = "PgUp, Ctrl-B", .in = IN_ANY, .group = GROUP_MOVE,
		.help = N_("Go up a page") },
	[ACTION_PAGE_DOWN] = { .name = "page-down", .keys = "PgDn, Ctrl-F", .in = IN_ANY, .group = GROUP_MOVE,
		.help = N_("Go down a page") },
	[ACTION_TOP] = { .name = "top", .keys = "g, Home", .in = IN_ANY, .group = GROUP_MOVE,
		.help = N_("Go to the first row") },
	[ACTION_BOTTOM] = { .name = "bottom", .keys = "G, End", .in = IN_ANY, .group = GROUP_MOVE,
		.help = N_("Go to the last row") },
	[ACTION_PANE] = { .name = "pane", .keys = "Tab", .in = IN_SIMULATE, .hinted = IN_SIMULATE, .rank = 2, .group = GROUP_MOVE,
		.hint = N_("pane"), .help = N_("Show the other pane, where there is room for one only") },
	[ACTION_OPEN] = { .name = "open", .keys = "Enter", .in = IN_ANY & ~(IN_SIMULATE | IN_LADDER), .hinted = IN_FINDINGS | IN_HELP | IN_DOMAINS | IN_HISTORY, .group = GROUP_MOVE,
		.hint = N_("open"), .help = N_("Open what is selected, or do it") },
	[ACTION_BACK] = { .name = "back", .keys = "Esc, Backspace", .in = IN_ANY, .hinted = IN_ANY & ~IN_LADDER, .group = GROUP_MOVE,
		.hint = N_("back"), .help = N_("Go back") },
	[ACTION_FILTER] = { .name = "filter", .keys = "/", .in = IN_HELP | IN_FINDINGS | IN_HISTORY | IN_DOMAINS, .hinted = IN_HELP | IN_FINDINGS, .rank = 1, .group = GROUP_MOVE,
		.hint = N_("search"), .help = N_("Show only what holds a word") },
	[ACTION_NEXT] = { .name = "next", .keys = "n", .in = IN_LADDER | IN_FINDINGS, .group = GROUP_MOVE,
		.help = N_("Go to the next host that a finding is about") },
	[ACTION_PREVIOUS] = { .name = "previous", .keys = "N", .in = IN_LADDER | IN_FINDINGS, .group = GROUP_MOVE,
		.help = N_("Go to the previous host that a finding is about") },

	[ACTION_ADD] = { .name = "add", .keys = "a", .in = IN_LADDER, .hinted = IN_LADDER, .group = GROUP_DRAFT,
		.hint = N_("add"), .help = N_("Add a mail server to the draft") },
	[ACTION_EDIT] = { .name = "edit", .keys = "e, Enter", .in = IN_LADDER, .hinted = IN_LADDER, .group = GROUP_DRAFT,
		.hint = N_("edit"), .help = N_("Change the preference or the host of a record") },
	[ACTION_DELETE] = { .name = "delete", .keys = "d, Del", .in = IN_LADDER, .hinted = IN_LADDER, .rank = 1, .group = GROUP_DRAFT,
		.hint = N_("delete"), .help = N_("Take the record out of the draft, or put a removed one back") },
	[ACTION_LOWER] = { .name = "lower", .keys = "J", .in = IN_LADDER, .hinted = IN_LADDER, .rank = 2, .group = GROUP_DRAFT,
		.hint = N_("lower"), .help = N_("Move the host a rung down: it is tried later") },
	[ACTION_RAISE] = { .name = "raise", .keys = "K", .in = IN_LADDER, .hinted = IN_LADDER, .rank = 2, .group = GROUP_DRAFT,
		.hint = N_("raise"), .help = N_("Move the host a rung up: it is tried earlier") },
	[ACTION_LEVEL] = { .name = "level", .keys = "=", .in = IN_LADDER, .hinted = IN_LADDER, .rank = 2, .group = GROUP_DRAFT,
		.hint = N_("level"), .help = N_("Give the host the preference of the rung above it") },
	[ACTION_RENUMBER] = { .name = "renumber", .keys = "#", .in = IN_LADDER, .group = GROUP_DRAFT,
		.help = N_("Number the rungs 10, 20, 30 and so on") },
	[ACTION_TTL] = { .name = "ttl", .keys = "t", .in = IN_LADDER, .hinted = IN_LADDER, .rank = 1, .group = GROUP_DRAFT,
		.hint = N_("TTL"), .help = N_("Change the TTL of the whole set") },
	[ACTION_PRESET] = { .name = "preset", .keys = "p", .in = IN_LADDER, .hinted = IN_LADDER, .rank = 2, .group = GROUP_DRAFT,
		.hint = N_("preset"), .help = N_("Replace the set with a mail hoster's") },
	[ACTION_NULL_MX] = { .name = "null-mx", .keys = "0", .in = IN_LADDER, .group = GROUP_DRAFT,
		.help = N_("Replace the set with the null MX: the domain takes no mail") },
	[ACTION_UNDO] = { .name = "undo", .keys = "u", .in = IN_LADDER | IN_SIMULATE | IN_FINDINGS | IN_REVIEW, .group = GROUP_DRAFT,
		.hint = N_("undo"), .help = N_("Undo the last edit of the draft") },
	[ACTION_REDO] = { .name = "redo", .keys = "Ctrl-R", .in = IN_LADDER | IN_SIMULATE | IN_FINDINGS | IN_REVIEW, .group = GROUP_DRAFT,
		.hint = N_("redo"), .help = N_("Do again what was undone") },
	[ACTION_DISCARD] = { .name = "discard", .keys = "X", .in = IN_LADDER | IN_REVIEW, .group = GROUP_DRAFT,
		.help = N_("Throw the draft away") },
	[ACTION_REBASE] = { .name = "rebase", .keys = "B", .in = IN_LADDER | IN_REVIEW, .group = GROUP_DRAFT,
		.hint = N_("rebase"), .help = N_("Base the draft on what is live now, and keep what is wanted") },
	[ACTION_FIX] = { .name = "fix", .keys = "x", .in = IN_LADDER | IN_FINDINGS, .hinted = IN_FINDINGS, .group = GROUP_DRAFT,
		.hint = N_("fix"), .help = N_("Mend the finding in the draft, where that is mechanical") },

	[ACTION_MARK] = { .name = "mark", .keys = "Space", .in = IN_LADDER | IN_SIMULATE, .hinted = IN_LADDER | IN_SIMULATE, .rank = 1, .group = GROUP_WHATIF,
		.hint = N_("mark"), .help = N_("What if this host were down: next state (refused, silent and so on)") },
	[ACTION_MARK_CHOOSE] = { .name = "mark-as", .keys = "m", .in = IN_LADDER | IN_SIMULATE, .hinted = IN_SIMULATE, .rank = 1, .group = GROUP_WHATIF,
		.hint = N_("state"), .help = N_("What if: mark a host, an address, a network, v4 or v6 with a state by name") },
	[ACTION_UNMARK] = { .name = "unmark", .keys = "c", .in = IN_LADDER | IN_SIMULATE, .hinted = IN_SIMULATE, .rank = 2, .group = GROUP_WHATIF,
		.hint = N_("all up"), .help = N_("Take all marks away") },
	[ACTION_SIMULATE] = { .name = "simulate", .keys = "s", .in = IN_LADDER | IN_REVIEW | IN_FINDINGS, .hinted = IN_LADDER, .rank = 1, .group = GROUP_WHATIF,
		.hint = N_("simulate"), .help = N_("See where mail goes with the marked hosts down") },
	[ACTION_SENDER_PREVIOUS] = { .name = "sender-previous", .keys = "Left, h", .in = IN_SIMULATE, .hinted = IN_SIMULATE, .rank = 2, .group = GROUP_WHATIF,
		.hint = N_("sender"), .help = N_("See it with the previous kind of sending server") },
	[ACTION_SENDER_NEXT] = { .name = "sender-next", .keys = "Right, l", .in = IN_SIMULATE, .hinted = IN_SIMULATE, .rank = 1, .group = GROUP_WHATIF,
		.hint = N_("sender"), .help = N_("See it with the next kind of sending server") },

	[ACTION_REVIEW] = { .name = "review", .keys = "r", .in = IN_LADDER | IN_SIMULATE | IN_FINDINGS, .hinted = IN_LADDER, .group = GROUP_PUSH,
		.hint = N_("review"), .help = N_("Review what the draft would change") },
	[ACTION_APPROVE] = { .name = "approve", .keys = "A", .in = IN_REVIEW, .hinted = IN_REVIEW, .group = GROUP_PUSH,
		.hint = N_("approve"), .help = N_("Approve the plan, with a note") },
	[ACTION_PUSH] = { .name = "push", .keys = "P", .in = IN_REVIEW, .hinted = IN_REVIEW, .group = GROUP_PUSH,
		.hint = N_("push"), .help = N_("Publish the approved plan through the provider") },
	[ACTION_WATCH] = { .name = "watch", .keys = "w", .in = IN_LADDER | IN_REVIEW | IN_HISTORY, .group = GROUP_PUSH,
		.help = N_("See the running or last push of this session") },
	[ACTION_STOP] = { .name = "stop", .keys = "!", .in = IN_PUSH, .hinted = IN_PUSH, .group = GROUP_PUSH,
		.hint = N_("stop"), .help = N_("Stop the push before its next write") },
	[ACTION_RESUME] = { .name = "resume", .keys = "U", .in = IN_LADDER | IN_PUSH | IN_HISTORY, .group = GROUP_PUSH,
		.help = N_("Finish an interrupted push") },
	[ACTION_HISTORY] = { .name = "history", .keys = "H", .in = IN_LADDER | IN_REVIEW | IN_PUSH, .hinted = IN_LADDER | IN_PUSH, .rank = 2, .group = GROUP_PUSH,
		.hint = N_("history"), .help = N_("See past pushes") },
	[ACTION_REVERT] = { .name = "revert", .keys = "R", .in = IN_HISTORY | IN_PUSH, .hinted = IN_HISTORY, .group = GROUP_PUSH,
		.hint = N_("revert"), .help = N_("Make the draft that takes the selected push back") },

	[ACTION_FINDINGS] = { .name = "findings", .keys = "f", .in = IN_LADDER | IN_SIMULATE | IN_REVIEW, .hinted = IN_LADDER, .rank = 1, .group = GROUP_REST,
		.hint = N_("findings"), .help = N_("See every finding with its explanation") },
	[ACTION_DOMAINS] = { .name = "domains", .keys = "D", .in = IN_LADDER, .group = GROUP_REST,
		.help = N_("See other domains: configured, drafted, pushed before") },
	[ACTION_SURVEY] = { .name = "survey", .keys = "F5, v", .in = IN_ANY, .group = GROUP_REST,
		.help = N_("Ask the DNS again") },
	[ACTION_COPY] = { .name = "copy", .keys = "y", .in = IN_LADDER | IN_SIMULATE | IN_REVIEW, .group = GROUP_REST,
		.help = N_("Copy the set as zone file lines to the clipboard (OSC 52)") },
	[ACTION_PALETTE] = { .name = "palette", .keys = ":", .in = IN_ANY, .group = GROUP_REST,
		.help = N_("Type a command: an action, an edit or a topic") },
	[ACTION_HELP] = { .name = "help", .keys = "?, F1", .in = IN_ANY & ~IN_HELP, .hinted = IN_ANY & ~IN_HELP, .group = GROUP_REST,
		.hint = N_("help"), .help = N_("See every key and action, and the short lessons") },
	[ACTION_REDRAW] = { .name = "redraw", .keys = "Ctrl-L", .in = IN_ANY, .group = GROUP_REST,
		.help = N_("Draw the screen afresh") },
	[ACTION_SUSPEND] = { .name = "suspend", .keys = "Ctrl-Z", .in = IN_ANY, .group = GROUP_REST,
		.help = N_("Suspend the program; fg brings it back") },
	[ACTION_CANCEL] = { .name = "cancel", .keys = "Ctrl-C", .in = IN_ANY, .group = GROUP_REST,
		.help = N_("Stop what is being asked or written; never leaves a half state") },
	[ACTION_QUIT] = { .name = "quit", .keys = "q", .in = IN_ANY, .hinted = IN_LADDER, .rank = 2, .group = GROUP_REST,
		.hint = N_("quit"), .help = N_("Leave; the draft is kept") },
};

enum action action_find(const char *name)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		if (!strcmp(actions[i].name, name))
			return (enum action)i;
	return ACTION_NONE;
}
