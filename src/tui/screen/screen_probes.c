/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the probes of the mail servers met: an address a row, and all that is known of the selected one. */
#include <stdlib.h>

#include "base/i18n.h"
#include "core/facts/smtp.h"
#include "show/probes.h"
#include "tui/screen/split.h"
#include "base/banned.h"

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct facts *facts = session_facts(scene->session);
	struct str *text;
	struct str way;

	(void)screen;
	if (facts->probed) {
		probes_document(facts, document);
		return;
	}
	if (scene->app->demo) {
		str_add(document_sentence(document, ROLE_TEXT, ""),
			_("The demo's mail servers are names in a file: none of them can be probed."));
		return;
	}
	str_init(&way, 0);
	scene_way(scene, ACTION_PROBE, &way);
	text = document_sentence(document, ROLE_TEXT, "");
	str_addf(text, _("No mail server was probed: %s connects to port 25 of each address, and sends no message."), way.s);
	str_release(&way);
}

static void tell_selected(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct facts *facts = session_facts(scene->session);
	const struct smtp_facts **rows;

	if (!facts->probed || (size_t)screen->list.selected >= facts->n_smtp)
		return;
	rows = probes_sorted(facts);
	probe_document(rows[screen->list.selected], document);
	free(rows);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	const struct facts *facts = session_facts(scene->session);
	enum action unfit[3] = { ACTION_NONE }, *last = unfit;
	struct scene here = *scene;
	struct area area;
	struct split split;

	split_begin(&split);
	split.n = facts->probed ? (int)facts->n_smtp : 0;
	list_fit(&screen->list, split.n, screen->list.page);
	tell(screen, scene, split.n ? &split.rows : &split.below);
	tell_selected(screen, scene, &split.below);
	if (scene->app->demo)
		*last++ = ACTION_PROBE;
	if (split_fits(&split.below, canvas, split_rows(&split, canvas)))
		*last++ = ACTION_PANE;
	here.unfit = unfit;
	screen->pane = screen->pane && last[-1] != ACTION_PANE;
	area = frame_draw(canvas, &here, screen->class, _("PROBES"));
	split_draw(&split, canvas, area, screen);
	split_release(&split);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	if (split_act(screen, scene, action))
		reaction->kind = REACT_DONE;
}

const struct screen_class screen_probes = { "probes", IN_PROBES, draw, act, NULL, tell, tell_selected };
