/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The domains that are known here: configured, or drafted before. Enter opens one. */
#include <string.h>

#include "base/i18n.h"
#include "tui/fuzzy.h"
#include "tui/screen/frame.h"
#include "show/translate.h"
#include "base/banned.h"

static bool shown(const struct screen *screen, const struct scene *scene, const struct known_domain *domain)
{
	struct str text;
	bool yes;

	str_init(&text, 0);
	translate_name(&text, &domain->name, scene->ascii);
	yes = fuzzy_holds(text.s, screen->filter);
	str_release(&text);
	return yes;
}

/* Of the domains shown; *count (or NULL): how many there are. */
static const struct known_domain *domain_at(const struct screen *screen, const struct scene *scene, int row, int *count)
{
	const struct known_domain *found = NULL;
	int n = 0;

	for (size_t i = 0; i < scene->n_domain; i++)
		if (shown(screen, scene, &scene->domain[i]) && n++ == row)
			found = &scene->domain[i];
	if (count)
		*count = n;
	return found;
}

static void draw_row(struct canvas *canvas, const struct scene *scene, const struct known_domain *domain, int y, bool selected)
{
	struct pen pen = pen_at(canvas, 1, y);
	struct str text;

	str_init(&text, 0);
	translate_name(&text, &domain->name, scene->ascii);
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
	int n;

	domain_at(screen, scene, 0, &n);
	list_fit(&screen->list, n, area.bottom - area.top);
	for (int i = 0; i < screen->list.page && screen->list.top + i < screen->list.n; i++) {
		int row = screen->list.top + i;

		draw_row(canvas, scene, domain_at(screen, scene, row, NULL), area.top + i, row == screen->list.selected);
		if (row == screen->list.selected)
			canvas_cursor(canvas, 1, area.top + i, false);
		canvas_hit(canvas, &(struct hit){ 0, area.top + i, canvas->width, ACTION_NONE, row });
	}
	if (!n) {
		struct pen pen = pen_at(canvas, 1, area.top);
		pen_put(&pen, ROLE_TEXT,
			scene->n_domain ? _("No domain holds that word.") : _("No domain is configured. Type :open and a domain."));
	}
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct known_domain *domain = domain_at(screen, scene, screen->list.selected, NULL);

	if (list_move(&screen->list, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_OPEN && domain) {
		reaction->kind = REACT_DOMAIN;
		reaction->domain = domain->name;
	}
}

const struct screen_class screen_domains = { "domains", IN_DOMAINS, draw, act, screen_filter_answer };
