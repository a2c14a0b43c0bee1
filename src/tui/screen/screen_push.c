/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A push as it runs: how it stands, when old answers have drained, each name server, and its requests. */
#include "base/i18n.h"
#include "show/push.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct push *push = session_current_push(scene->session);
	struct str resume;

	(void)screen;
	if (!push) {
		str_add(document_sentence(document, ROLE_TEXT, ""), _("Nothing was pushed in this session."));
		return;
	}
	str_init(&resume, 0);
	scene_way(scene, ACTION_RESUME, &resume);
	push_document(&(struct push_view){ push, scene->now, scene->ascii, resume.s }, document);
	str_release(&resume);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	frame_page(screen, scene, canvas, frame_draw(canvas, scene, screen->class, _("PUSH")));
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct push *push = session_current_push(scene->session);

	if (lines_scroll(&screen->scroll, screen->list.page, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_REVERT && push && push->done) {
		reaction->kind = REACT_ROLLBACK;
		reaction->name = push->id;
	}
}

const struct screen_class screen_push = { "push", IN_PUSH, draw, act, NULL, tell, NULL };
