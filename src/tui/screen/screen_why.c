/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why the numbers of the chosen sender are what they are. */
#include "base/i18n.h"
#include "show/why.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	(void)screen;
	why_document(session_result(scene->session, session_sender(scene->session)), scene->ascii, document);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct str title;

	str_init(&title, 0);
	str_addf(&title, "%s ▏%s", _("WHY"), sender_title(session_sender(scene->session)));
	frame_page(screen, scene, canvas, frame_draw(canvas, scene, screen->class, title.s));
	str_release(&title);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	if (lines_scroll(&screen->scroll, screen->list.page, action))
		reaction->kind = REACT_DONE;
	else if (action == ACTION_SENDER_NEXT || action == ACTION_SENDER_PREVIOUS)
		screen_simulate.act(screen, scene, action, reaction);
}

const struct screen_class screen_why = { "why", IN_WHY, draw, act, NULL, tell, NULL };
