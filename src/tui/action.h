/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that a key, a click, the palette or the plain mode can ask for: one table of rows that feeds key bindings, hints, help,
 * palette, `mxladder list actions` and the manual. A row says on which screens it has a meaning. Pure.
 */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

enum action {
	ACTION_NONE,
	/* moving */
	ACTION_UP,
	ACTION_DOWN,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_TOP,
	ACTION_BOTTOM,
	ACTION_PANE,
	ACTION_ZOOM,
	ACTION_UNZOOM,
	ACTION_OPEN,
	ACTION_BACK,
	ACTION_FILTER,
	ACTION_NEXT,
	ACTION_PREVIOUS,
	/* the draft */
	ACTION_ADD,
	ACTION_EDIT,
	ACTION_DELETE,
	ACTION_LOWER,
	ACTION_RAISE,
	ACTION_LEVEL,
	ACTION_RENUMBER,
	ACTION_TTL,
	ACTION_PRESET,
	ACTION_NULL_MX,
	ACTION_UNDO,
	ACTION_REDO,
	ACTION_DISCARD,
	ACTION_REBASE,
	ACTION_SIDE,
	ACTION_FIX,
	/* what-if */
	ACTION_MARK,
	ACTION_MARK_CHOOSE,
	ACTION_MARK_TYPE,
	ACTION_AS_PROBED,
	ACTION_UNMARK,
	ACTION_SIMULATE,
	ACTION_MATRIX,
	ACTION_SINGLES,
	ACTION_PAIRS,
	ACTION_SENDER_PREVIOUS,
	ACTION_SENDER_NEXT,
	ACTION_OUTAGE,
	ACTION_LONGER,
	ACTION_SHORTER,
	ACTION_LENGTH,
	ACTION_CUTOVER,
	ACTION_WHY,
	/* to the name servers */
	ACTION_REVIEW,
	ACTION_TICKET,
	ACTION_APPROVE,
	ACTION_PUSH,
	ACTION_WATCH,
	ACTION_STOP,
	ACTION_RESUME,
	ACTION_HISTORY,
	ACTION_REVERT,
	/* the rest */
	ACTION_FINDINGS,
	ACTION_ACCEPT,
	ACTION_DOMAINS,
	ACTION_SURVEY,
	ACTION_PROBE,
	ACTION_TRY,
	ACTION_COPY,
	ACTION_PALETTE,
	ACTION_HELP,
	ACTION_REDRAW,
	ACTION_SUSPEND,
	ACTION_CANCEL,
	ACTION_QUIT,
	ACTION_THEME,
	/* many domains */
	ACTION_SELECT,
	ACTION_SELECT_ALL,
	ACTION_ORDER,
	ACTION_EDIT_SELECTED,
	ACTION_PLAN_FILE,
	ACTION_NEW_DOMAIN,
	ACTION_NAMES,
	ACTION_ZONES,
	ACTION_ADD_ACCOUNT,
	ACTION_ACCOUNTS,
	ACTION_TEST,
	ACTION_REMOVE_ACCOUNT,
	ACTION_REQUESTS,
	ACTION_DEMANDS,
	ACTION_PROBES,
	ACTION_COUNT
};

enum in_screen { /* screens, as bits */
	IN_LADDER = 1,
	IN_SIMULATE = 2,
	IN_REVIEW = 4,
	IN_PUSH = 8,
	IN_HISTORY = 16,
	IN_FINDINGS = 32,
	IN_HELP = 64,
	IN_TEXT = 128,
	IN_DOMAINS = 256,
	IN_MARK = 512,
	IN_CUTOVER = 1024,
	IN_MATRIX = 2048,
	IN_OUTAGE = 4096,
	IN_WHY = 8192,
	IN_REBASE = 16384,
	IN_THEMES = 32768,
	IN_ACCOUNTS = 65536,
	IN_REQUESTS = 131072,
	IN_DEMANDS = 262144,
	IN_PROBES = 524288,
	IN_ANY = 1048575,
	IN_NO_SESSION = IN_DOMAINS | IN_HELP | IN_TEXT | IN_THEMES | IN_ACCOUNTS | IN_REQUESTS, /* need no domain */
};

#define ACTION_RANKS 3

enum action_topic { TOPIC_MOVE, TOPIC_DRAFT, TOPIC_WHATIF, TOPIC_PUSH, TOPIC_REST, TOPIC_COUNT };

struct action_row {
	const char *name; /* in the configuration and the palette: "undo" */
	const char *keys; /* default: "u" or "u, Ctrl-Z" */
	unsigned in;      /* places where it has a meaning */
	unsigned hinted;  /* places whose hint line shows it */
	int rank;         /* where hints do not all fit: 0 stays longest */
	enum action_topic group;
	const char *hint; /* N_(): a word or two, or NULL */
	const char *help; /* N_() */
};
extern const struct action_row actions[ACTION_COUNT]; /* row 0 is empty */
extern const char *const action_topics[TOPIC_COUNT];  /* N_() */

enum action action_find(const char *name); /* ACTION_NONE: no such name */

#endif
