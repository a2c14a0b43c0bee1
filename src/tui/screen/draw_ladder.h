/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one drawing of a ladder: rungs, hosts, shares, addresses, states. Used live, drafted and simulated. Draws only. */
#ifndef TUI_DRAW_LADDER_H
#define TUI_DRAW_LADDER_H

#include "tui/screen/frame.h"
#include "show/ladder_rows.h"

struct ladder_view {
	const struct ladder_rows *rows;
	const struct sim_result *result; /* shares; NULL: none are shown */
	const struct marks *marks;       /* or NULL */
	const struct facts *facts;
	bool down;         /* a column tells what becomes of the mail when the host alone is silent */
	bool down_words;   /* ... and says so itself: no title does */
	bool down_mix;     /* ... by the mix of all senders */
	bool focus;        /* the whole selected row is the cursor */
	bool what_if;      /* the state column tells the marks, and what is known of a host without an address */
	struct list *list; /* selection and scrolling */
};

/* Screen rows that it would take, with the gaps between rungs or without. */
int ladder_height(const struct ladder_rows *rows, bool gaps);
void ladder_draw(struct canvas *canvas, struct area area, const struct scene *scene, const struct ladder_view *view);
/* "   10 ┬ host": the same without columns, for a place of its own. */
void ladder_line(struct pen *pen, const struct ladder_row *row, bool ascii);
/* What is known of a host, as symbol and word. NULL is accepted. */
enum role ladder_host_state(const struct host_facts *host, struct str *text);

#endif
