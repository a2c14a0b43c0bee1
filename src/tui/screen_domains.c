/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The domains that are known here: configured, or drafted before. Enter opens one. */
#include <string.h>

#include "base/i18n.h"
#include "tui/frame.h"
#include "tui/voice.h"
#include "base/banned.h"

static void draw_row(struct canvas *canvas, const struct scene *scene, int row, int y, bool selected)
{
	const struct known_domain *domain = &scene->domain[row];
	struct pen pen = pen_at(canvas, 1, y);
	struct str text;

	str_init(&text, 0);
	voice_name(&text, &domain->name, scene->ascii);
	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸ " : "  ");
	pen_put(&pen, selected ? ROLE_SELECTED : ROLE_HOST, text.s);
	pen_put(&pen, ROLE_TEXT, "  ");
	if (domain->drafted)
		pen_put(&pen, ROLE_DRAFT, _("draft"));
	str_release(&text);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("DOMAINS"));

	list_fit(&screen->list, (int)scene->n_domain, area.bottom - area.top);
	for (int i = 0; i < screen->list.page && screen->list.top + i < screen->list.n; i++) {
		int row = screen->list.top + i;

		draw_row(canvas, scene, row, area.top + i, row == screen->list.selected);
		canvas_hit(canvas, &(struct hit){ 0, area.top + i, canvas->width, ACTION_NONE, row });
	}
	if (!scene->n_domain) {
		struct pen pen = pen_at(canvas, 1, area.top);
		pen_put(&pen, ROLE_TEXT, _("No domain is configured. Type :open and a domain."));
	}
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	if (list_move(&screen->list, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_OPEN && (size_t)screen->list.selected < scene->n_domain) {
		reaction->kind = REACT_DOMAIN;
		reaction->domain = scene->domain[screen->list.selected].name;
	}
}

const struct screen_class screen_domains = { "domains", IN_DOMAINS, draw, act, NULL };
