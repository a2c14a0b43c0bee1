/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a screen is: it draws a session into a canvas and answers an action or a typed line with a reaction, which ui.c carries out. A
 * screen never calls upward and never changes a session. A new one is a class in a file of its own and a line in screens.c.
 */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include "app/account_test.h"
#include "app/history.h"
#include "app/roster.h"
#include "app/session.h"
#include "tui/term/canvas.h"
#include "tui/keymap.h"
#include "tui/screen/list.h"

struct known_domain { /* a row of the domains screen */
	struct dname name;
	bool configured, drafted;
	const char *account; /* NULL: none is known */
};

struct scene {                              /* what a screen may look at */
	struct session *session;            /* getters only: screens ask and never change */
	const struct history *history;      /* or NULL */
	const struct demands_told *demands; /* of the configuration's policy, judged */
	const struct keymap *keymap;
	const char *account;         /* or NULL */
	const struct roster *roster; /* the domains that are known */
	const struct app *app;       /* what runs: app/work.h; accounts, requests */
	const struct requests *past; /* of other runs, for the open domain; or NULL */
	const struct account_tests *tests;
	int64_t now; /* seconds since 1970 */
	bool ascii;
	bool spoken; /* words are typed, no keys pressed */
	/* What the selected row does not take, up to ACTION_NONE: no hint of it; NULL: nothing. */
	const enum action *unfit;
	bool opens;         /* what edits a row elsewhere opens it here */
	bool first;         /* there is no screen to go back to */
	const char *filter; /* of the screen that is seen; "": none */
};

/* Questions that a prompt asks; ui.c has their labels. */
enum question_kind {
	ASK_NONE,
	ASK_ADD,
	ASK_EDIT,
	ASK_TTL,
	ASK_PRESET,
	ASK_NULL_MX,
	ASK_MARK,
	ASK_FILTER,
	ASK_NOTE,
	ASK_TICKET,
	ASK_DISCARD,
	ASK_ACCEPT_UNTIL,
	ASK_ACCEPT_REASON,
	ASK_WITHDRAW,
	ASK_LENGTH,
	/* ui.c's own */
	ASK_PALETTE,
	ASK_TYPE_DOMAIN,
	ASK_REASON,
	ASK_QUIT,
	ASK_CLASH,
	ASK_KEPT,
	ASK_ASIDE,
	ASK_EDIT_SELECTED,
	ASK_PLAN_FILE,
	ASK_NAMES,
	ASK_OPEN,
	ASK_ACCOUNT_PROVIDER,
	ASK_ACCOUNT_NAME,
	ASK_ACCOUNT_ENDPOINT,
	ASK_ACCOUNT_SETTING,
	ASK_ACCOUNT_KEY_PLACE,
	ASK_ACCOUNT_KEY,
	ASK_ACCOUNT_DOMAINS,
	ASK_REMOVE_ACCOUNT,
	ASK_TRY,
	ASK_COUNT
};

enum react {
	REACT_PASS, /* not mine */
	REACT_DONE, /* mine; draw */
	REACT_OPEN, /* screen `name`; for the text screen of topic `topic` */
	REACT_BACK,
	REACT_ACT,  /* carry out `action` as if its key were pressed, after going back */
	REACT_ASK,  /* prompt `ask`, `filled` in it */
	REACT_EDIT, /* the draft: all of edit[] or none, as one step */
	REACT_MARK,
	REACT_MARKS /* all of marks[], then screen `name` */,
	REACT_SENDER,
	REACT_MATRIX /* afresh */,
	REACT_OUTAGE /* of length_s */,
	REACT_REBASE /* the draft comes onto what is there now */,
	REACT_SIDE /* of the clash in `row` of that merge */,
	REACT_ROLLBACK,
	REACT_DOMAIN,
	REACT_ROSTER /* `action` on what the domains screen means */,
	REACT_ACCEPT /* `finding` until `until`, because of `filled` */,
	REACT_WITHDRAW /* the acceptance of `finding` */,
	REACT_ACCOUNT /* `action` on the account `name` */,
	REACT_THEME, /* the one that is tried stays */
	REACT_REFUSE /* an answer that will not do: `text` says why; the prompt stays */
};

#define REACTION_EDITS 2

struct reaction {
	enum react kind;
	enum question_kind ask;
	enum action action;
	const char *name, *topic;
	const struct sender *sender;
	struct mark mark;
	size_t row;
	size_t n_mark;
	struct mark marks[2];
	uint32_t length_s;
	const struct finding *finding;
	int64_t until;
	struct dname domain;
	struct msg text;
	char filled[DNAME_TEXT_MAX + 16];
	size_t n_edit;
	struct edit edit[REACTION_EDITS];
};

struct screen {
	const struct screen_class *class;
	struct list list;
	struct mx focus; /* the selected record: found again after an edit */
	char filter[80];
	const char *topic;
	int pane, scroll;
	int about;             /* of home: the pane that had the cursor last, which the pane of the selected tells of */
	struct list beside[2]; /* of home: findings, and who answers */
	bool zoomed;           /* of home: the pane in focus alone */
	bool mix;              /* of home: what is told of a failure is of the mix of senders */
	bool opened;           /* of home: the pane of the selected was opened from a row, and Esc goes back there */
	uint64_t number;       /* of requests: the one that is selected; 0: the last */
	unsigned depth;        /* of the matrix: 1 single failures, else pairs too */
	int64_t until;         /* of findings: the end that was typed for an acceptance of the finding of this check at focus */
	const struct check *check;
};

struct document;
struct screen_class {
	const char *name;
	enum in_screen in;
	void (*draw)(struct screen *screen, const struct scene *scene, struct canvas *canvas);
	/* Fills reaction, which comes zeroed (REACT_PASS). */
	void (*act)(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction);
	/* The answer to a question that this screen asked; NULL: it asks none. */
	void (*answer)(
		struct screen *screen, const struct scene *scene, enum question_kind ask, const char *text, struct reaction *reaction);
	/* All that it says below its header, whatever is scrolled away. */
	void (*tell)(const struct screen *screen, const struct scene *scene, struct document *document);
	/* What is known of the selected row beyond that; NULL: tell() says all. */
	void (*tell_row)(const struct screen *screen, const struct scene *scene, struct document *document);
};

extern const struct screen_class screen_ladder, screen_simulate, screen_review, screen_push, screen_history, screen_findings, screen_help,
	screen_text, screen_domains, screen_mark, screen_matrix, screen_outage, screen_why, screen_cutover, screen_rebase, screen_themes,
	screen_accounts, screen_requests, screen_demands, screen_probes;
extern const struct screen_class *const screens[]; /* ends with NULL */
const struct screen_class *screen_find(const char *name);

/* How an action is had here: by its key, or by its name where that is typed. */
void scene_way(const struct scene *scene, enum action action, struct str *out);
bool scene_adds_accounts(const struct scene *scene); /* the configuration may be written */
/* Adds an edit of the draft, to be filled in. */
struct edit *reaction_edit(struct reaction *reaction, enum edit_verb verb, const struct mx *mx);
/* A finding's fix; what cannot be read is refused. */
void reaction_fix(struct reaction *reaction, const struct dname *domain, const char *fix);
void reaction_ask(struct reaction *reaction, enum question_kind ask, const char *filled);
bool screen_says_yes(const char *text);
/* The next kind of outage in the round that Space goes. */
enum sim_state mark_next_state(enum mark_kind kind, enum sim_state now);
/* ASK_MARK and ASK_FILTER are answered alike by every screen that has hosts or a filter. */
void screen_mark_answer(
	struct screen *screen, const struct scene *scene, enum question_kind ask, const char *text, struct reaction *reaction);
struct request_row;
const struct request_row *requests_selected(const struct screen *screen, const struct scene *scene); /* or NULL */
/* The row-th theme of those that the list of them shows; false: there are no more. name: THEME_NAME bytes. */
bool themes_at(const struct screen *screen, int row, char *name);
void screen_filter_answer(
	struct screen *screen, const struct scene *scene, enum question_kind ask, const char *text, struct reaction *reaction);

#endif
