/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The panes of home: the ladder, the one that the cursor is on, findings, and who answers what. All four where there is room, the ladder
 * and another where there is less, one where there is little. Draws, and moves the cursor; the ladder's rows are its caller's.
 */
#ifndef TUI_HOME_H
#define TUI_HOME_H

#include "tui/screen/draw_ladder.h"
#include "tui/screen/screen.h"

enum home_pane { HOME_LADDER, HOME_ONE, HOME_FINDINGS, HOME_ANSWERS, HOME_PANES };

struct home {
	struct screen *screen;
	const struct scene *scene;
	struct canvas *canvas;
	const struct ladder_rows *rows;
	struct area area;
	int top_rule, bottom_rule; /* rows that the panes' rules join; -1: there is none */
	/* Rows above the ladder that say what the answer means; returns how many. */
	int (*draw_answer)(struct canvas *canvas, const struct scene *scene, struct area area);
};

void home_draw(const struct home *home);
/* Moves in the pane in focus, changes the pane, or zooms; false: the action is no such thing. */
bool home_act(struct screen *screen, const struct scene *scene, enum action action);
const struct finding *home_finding(const struct home *home); /* the selected one, or NULL */
const struct mx *home_mx(const struct home *home);
/* The title of a pane, with what it counts, in row y. */
void home_title(const struct home *home, enum home_pane pane, int x, int y, int right);
/* What the detail pane tells of: a host of the ladder, a finding, or an answer. */
enum home_pane home_about(const struct screen *screen);

/* Has Enter something to open, where the cursor is in another pane than the ladder? */
bool home_opens(const struct screen *screen, const struct scene *scene);

#endif
