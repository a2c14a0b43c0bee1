/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interface without a terminal: a stack of screens over one session, the prompt and the message below them, and the carrying out of
 * what screens answer. Keys, clicks and pastes come in, a canvas and a wish come out; tui.c has the terminal and the loop. Knows no curses,
 * no loop, no configuration. Owns its session, screens, prompt and canvas; the app is the caller's.
 */
#ifndef TUI_UI_H
#define TUI_UI_H

#include "app/work.h"
#include "show/demands.h"
#include "tui/choices.h"
#include "tui/prompt.h"
#include "tui/term/copy.h"
#include "tui/term/theme.h"
#include "tui/screen/screen.h"

#define UI_DEPTH 8

enum ui_wish { UI_DRAW, UI_QUIT, UI_SUSPEND, UI_REPAINT, UI_COPY, UI_UNANSWERED /* nobody knows this action here */ };

struct ui_hooks { /* what only the caller can tell or do */
	struct app *app;
	const char *(*sign_key)(struct app *app, const struct dname *domain); /* file to sign approvals with; NULL: unsigned */
	void (*changed)(void *data);                                          /* the session changed by itself: draw soon */
	void *data;
	bool ascii;
	bool spoken;    /* lines are typed, no keys pressed */
	bool few_signs; /* the terminal's font lacks ticks and eighths: a console */
	enum clipboard clipboard;
};

struct palette_state {
	struct list list;
	bool moved; /* a row was moved to: it is meant, whatever is typed */
	size_t n_past;
	struct past_command past[PAST_COMMANDS]; /* what ran, the last one first */
};

struct plain_state {     /* plain.c's own */
	struct str said; /* statements, of this screen */
	struct str told; /* the message or the question */
	const struct screen_class *class;
	bool tell_row, tell_help;
	enum action asked; /* the action that was typed */
};

struct ui {
	struct ui_hooks hooks;
	struct session *session;
	struct canvas canvas;
	struct keymap keymap;
	struct screen stack[UI_DEPTH];
	int depth; /* screens open; stack[depth - 1] is seen */
	struct prompt prompt;
	struct plain_state plain;
	enum question_kind ask; /* ASK_NONE: no prompt is open */
	struct palette_state palette;
	struct screen unfiltered; /* the screen as it was when its filter was asked for: Esc brings it back */
	struct str refusal;       /* why the answer will not do: the prompt stays */
	struct str message;
	enum role message_role;
	struct history history;
	unsigned long history_revision;
	char *account, *typed_domain, *reason;
	char *revert_next;              /* the push to take back as soon as the running one has ended */
	struct demands_told demands;    /* of the configuration's policy */
	unsigned long demands_revision; /* of the session, when they were judged */
	struct requests *past;          /* those of other runs; NULL: not read */
	struct roster *roster;
	struct roster_zones *zones;     /* the accounts' are being listed; or NULL */
	struct bulk *bulk;              /* one edit of many, running or done; or NULL */
	size_t bulk_drafted, bulk_same; /* ... what came of the open domain's draft, which is not among them */
	struct enroll *enroll;          /* an account is being added; or NULL */
	struct account_tests *tests;
	char *removed;          /* the account that is to be removed */
	bool asks_on;           /* an answer asked the next question, which may be of the same kind */
	bool asks;              /* the first frame is there: what is to be asked may be */
	struct str copied;      /* for UI_COPY */
	char theme[THEME_NAME]; /* in use; while one is chosen, ui_theme() tells which is tried */
	int64_t now;
};

void ui_init(struct ui *ui, const struct ui_hooks *hooks);
void ui_release(struct ui *ui);
/* Opens the domain's session and its ladder; asks nothing. domain NULL: the list of domains. */
bool ui_open(struct ui *ui, const struct dname *domain, struct err *err);
void ui_survey(struct ui *ui);                                  /* the questions that the first frame did not wait for */
void ui_know(struct ui *ui, const struct known_domain *domain); /* a row for the domains screen */

enum ui_wish ui_key(struct ui *ui, uint32_t key);
enum ui_wish ui_click(struct ui *ui, int x, int y);
enum ui_wish ui_wheel(struct ui *ui, int rows);
void ui_paste(struct ui *ui, const char *text, size_t len);
void ui_unreadable(struct ui *ui, uint32_t byte);                /* it came from the terminal, and is not UTF-8 */
void ui_draw(struct ui *ui, int width, int height, int64_t now); /* fills ui->canvas */
void ui_theme(const struct ui *ui, char name[THEME_NAME]);       /* the theme that it is to be shown in */

/* For ui.c, ui_edit.c, ui_prompt.c and ui_react.c alone. */
struct screen *ui_top(struct ui *ui);
struct scene ui_scene(const struct ui *ui);
void ui_show(struct ui *ui, const char *screen, const char *topic);
void ui_back(struct ui *ui);  /* to the whole list where a filter is on, else to the screen below */
void ui_leave(struct ui *ui); /* to the screen below */
void ui_message(struct ui *ui, enum role role, const char *text);
/* A sentence, marked N_(), that says by %s how the action is had here. */
void ui_message_way(struct ui *ui, enum role role, const char *id, enum action action);
void ui_tell_idle(struct ui *ui, const char *what); /* a key, or a line, that means nothing here */
void ui_error(struct ui *ui, const struct err *err);
void ui_prompt_open(struct ui *ui, enum question_kind ask, const char *filled);
void ui_prompt_draw(struct ui *ui);
void ui_prompt_input(struct ui *ui, int y); /* the label, what is typed, the cursor */
enum ui_wish ui_prompt_key(struct ui *ui, uint32_t key);
enum ui_wish ui_act(struct ui *ui, enum action action);
void ui_prompt_typed(struct ui *ui);   /* what follows the text as it is typed */
void ui_palette_typed(struct ui *ui);  /* the text is another one: the best match is selected */
enum action ui_list_key(uint32_t key); /* the movement that a key means in a list below a prompt, or ACTION_NONE */
void ui_palette_draw(struct ui *ui);
bool ui_palette_key(struct ui *ui, uint32_t key); /* false: the key is for the text */
enum ui_wish ui_palette_done(struct ui *ui);
void ui_palette_release(struct ui *ui);
/* Carries out what a screen answered. False: refused; ui->refusal says why. */
bool ui_react(struct ui *ui, const struct reaction *reaction, enum ui_wish *wish);
bool ui_command(struct ui *ui, const char *line, enum ui_wish *wish); /* a line of the palette */
bool ui_refuse(struct ui *ui, const struct err *err);                 /* false, and ui->refusal says why */
bool ui_asks_edit(enum question_kind ask);
/* What was typed to a question, or in the palette, as an edit of the draft. */
bool ui_edit_typed(struct ui *ui, enum question_kind ask, const char *text, struct err *err);
void ui_edit_understood(struct ui *ui, enum question_kind ask, const char *text, struct str *out); /* appends what it would change */
bool ui_accept(struct ui *ui, const struct reaction *reaction, struct err *err);
bool ui_withdraw(struct ui *ui, const struct reaction *reaction, struct err *err);
void ui_push_start(struct ui *ui);
void ui_read_history(struct ui *ui);
void ui_demands_judge(struct ui *ui);  /* the policy is read anew */
void ui_demands_settle(struct ui *ui); /* ... where the session has changed */
void ui_demands_release(struct ui *ui);
void ui_settle(struct ui *ui);
void ui_add_changes(const struct mxset *from, const struct mxset *to, struct str *out); /* a sentence each */
void ui_domains_react(struct ui *ui, enum action action);
void ui_domains_look(struct ui *ui);
void ui_domains_settle(struct ui *ui);
void ui_domains_return(struct ui *ui);                                           /* from a domain that was open to the list */
void ui_domains_understood(struct ui *ui, const char *edit, struct str *out);    /* what it would change, a line a domain */
bool ui_domains_answer(struct ui *ui, enum question_kind ask, const char *text); /* false: refused; ui->refusal says why */
bool ui_open_typed(struct ui *ui, const char *text);                             /* false: refused; ui->refusal says why */
void ui_account_begin(struct ui *ui);
bool ui_account_answer(struct ui *ui, enum question_kind ask, const char *text);
void ui_account_note(const struct ui *ui, struct str *out); /* what is said below the question */
bool ui_accounts_react(struct ui *ui, const struct reaction *reaction, struct err *err);
bool ui_accounts_answer(struct ui *ui, const char *text);    /* false: refused; ui->refusal says why */
void ui_accounts_note(const struct ui *ui, struct str *out); /* what is said below the question */
void ui_accounts_release(struct ui *ui);
const char *ui_account_completion(const char *typed); /* a provider; or NULL */
void ui_domains_release(struct ui *ui);
enum ui_wish ui_copy(struct ui *ui);   /* the set, or the selected request as a command line */
int ui_theme_row(const struct ui *ui); /* of the list of themes */
void ui_keep_theme(struct ui *ui);     /* the one that is tried */

#endif
