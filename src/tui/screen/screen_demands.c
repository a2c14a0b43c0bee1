/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the configuration's policy demands of the domain, and whether the set that is shown meets it. */
#include "base/i18n.h"
#include "show/demands.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	(void)screen;
	demands_told_document(scene->demands, session_domain(scene->session), document);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	frame_page(screen, scene, canvas, frame_draw(canvas, scene, screen->class, _("DEMANDS")));
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	(void)scene;
	if (lines_scroll(&screen->scroll, screen->list.page, action))
		reaction->kind = REACT_DONE;
}

const struct screen_class screen_demands = { "demands", IN_DEMANDS, draw, act, NULL, tell, NULL };
