/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interface without a terminal: a stack of screens over one session, the prompt and the message below them, and the carrying out of what
 * screens answer. Keys, clicks and pastes come in, a canvas and a wish come out; tui.c has the terminal and the loop. Knows no curses, no
 * loop, no configuration. Owns its session, screens, prompt and canvas; the app is the caller's.
 */
#ifndef TUI_FACE_H
#define TUI_FACE_H

#include "tui/prompt.h"
#include "tui/screen.h"

#define FACE_DEPTH 8

enum face_wish { FACE_DRAW, FACE_QUIT, FACE_SUSPEND, FACE_REPAINT, FACE_COPY, FACE_UNANSWERED /* nobody knows this action here */ };

struct face_means {		/* what only the caller can tell or do */
	struct app *app;
	bool (*is_protected)(struct app *app, const struct dname *domain);
	const char *(*sign_key)(struct app *app, const struct dname *domain);	/* file to sign approvals with; NULL: unsigned */
	void (*changed)(void *data);	/* the session changed by itself: draw soon */
	void *data;
	bool ascii;
};

struct face {
	struct face_means means;
	struct session *session;
	struct canvas canvas;
	struct keymap keymap;
	struct screen stack[FACE_DEPTH];
	int depth;		/* screens open; stack[depth - 1] is seen */
	struct prompt prompt;
	enum ask ask;		/* ASK_NONE: no prompt is open */
	struct str refusal;	/* why the answer will not do: the prompt stays */
	struct str message;
	enum role message_role;
	struct history history;
	unsigned long history_revision;
	char *account, *typed_domain, *reason;
	char *revert_next;	/* the push to take back as soon as the running one has ended */
	size_t n_domain, cap_domain;
	struct known_domain *domain;
	struct str copied;	/* for FACE_COPY */
	int64_t now;
};

void face_init(struct face *face, const struct face_means *means);
void face_release(struct face *face);
/* Opens the domain's session and its ladder; asks nothing. domain NULL: the list of domains. */
bool face_open(struct face *face, const struct dname *domain, struct err *err);
void face_survey(struct face *face);	/* the questions that the first frame did not wait for */
void face_know(struct face *face, const struct known_domain *domain);	/* a row for the domains screen */

enum face_wish face_key(struct face *face, uint32_t key);
enum face_wish face_click(struct face *face, int x, int y);
enum face_wish face_wheel(struct face *face, int rows);
void face_paste(struct face *face, const char *text, size_t len);
void face_draw(struct face *face, int width, int height, int64_t now);	/* fills face->canvas */

/* Within the interface: face.c, face_ask.c, face_do.c. */
struct screen *face_top(struct face *face);
struct scene face_scene(const struct face *face);
void face_show(struct face *face, const char *screen, const char *topic);
void face_back(struct face *face);
void face_say(struct face *face, enum role role, const char *text);
void face_say_err(struct face *face, const struct err *err);
void face_ask_open(struct face *face, enum ask ask, const char *filled);
void face_ask_draw(struct face *face);
enum face_wish face_ask_key(struct face *face, uint32_t key);
enum face_wish face_act(struct face *face, enum action action);
/* Carries out what a screen answered. False: refused; face->refusal says why. */
bool face_do(struct face *face, const struct reaction *reaction, enum face_wish *wish);
bool face_command(struct face *face, const char *line, enum face_wish *wish);	/* a line of the palette */
void face_push_start(struct face *face);
void face_read_history(struct face *face);
void face_settle(struct face *face);

#endif
