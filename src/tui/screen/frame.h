/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every screen has around it: the header with the domain's state, lines between parts, the hint line. Draws only. */
#ifndef TUI_FRAME_H
#define TUI_FRAME_H

#include "tui/screen/screen.h"

struct area {
	int top, bottom;
}; /* rows top .. bottom - 1 */

/* Header, lines and hints; the rows between them. title NULL: the domain's own state (HELD, SERVED, DRAFT ...). */
struct area frame_draw(struct canvas *canvas, const struct scene *scene, const struct screen_class *class, const char *title);
struct area frame_area(const struct canvas *canvas);    /* the same rows, nothing drawn */
void frame_select(struct canvas *canvas, int x, int y); /* the row, drawn already, is the cursor's; the terminal's stands at x */
void frame_rule(struct canvas *canvas, int y);
bool frame_is_small(const struct canvas *canvas); /* no room for lines between parts */

/* What stands in place of findings: that there are none, or why nobody can tell yet. */
void draw_no_finding(struct pen *pen, const struct scene *scene);

/* All that the screen tells, as a page that is scrolled. */
void frame_page(struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area);

#endif
