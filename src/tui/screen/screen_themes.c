/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The themes that are built in. The one that is selected is the one that all is shown in. */
#include "base/i18n.h"
#include "show/document.h"
#include "tui/fuzzy.h"
#include "tui/screen/frame.h"
#include "tui/term/theme.h"
#include "base/banned.h"

static const char *for_ground(const char *name)
{
	static const char *const words[] = { N_("for any background"), N_("for dark backgrounds"), N_("for light backgrounds") };
	struct theme theme;

	return theme_load(&theme, name, NULL) ? _(words[theme.ground]) : "";
}

bool themes_at(const struct screen *screen, int row, char *name)
{
	for (size_t i = 0; theme_at(i, name); i++)
		if (fuzzy_holds(name, screen->filter) && row-- == 0)
			return true;
	return false;
}

static int draw_names(struct screen *screen, struct canvas *canvas, struct area area)
{
	char name[THEME_NAME];
	int n = 0, shown;

	while (themes_at(screen, n, name))
		n++;
	list_fit(&screen->list, n, area.bottom - area.top);
	shown = n < screen->list.page ? n : screen->list.page;
	for (int i = 0; i < shown; i++) {
		int row = screen->list.top + i, y = area.top + i;
		bool selected = row == screen->list.selected;
		struct pen pen = pen_at(canvas, 0, y);

		themes_at(screen, row, name);
		pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸ " : "  ");
		pen_put(&pen, ROLE_TEXT, name);
		pen_to(&pen, 19);
		pen_put(&pen, ROLE_DIM, for_ground(name));
		if (selected)
			frame_select(canvas, 1, y);
		canvas_hit(canvas, &(struct hit){ 0, y, canvas->width, ACTION_NONE, row });
	}
	return area.top + shown;
}

/* Each role in its look, named by what it is for. */
static void draw_roles(struct canvas *canvas, struct area area)
{
	int columns = canvas->width < 80 ? 1 : 2, width = canvas->width / columns;

	for (int i = 0; i < ROLE_COUNT; i++) {
		int y = area.top + i / columns;
		struct pen pen = pen_until(canvas, 1 + i % columns * width, y, (i % columns + 1) * width);

		if (y >= area.bottom)
			return;
		pen_put(&pen, (enum role)i, _(roles[i].help));
	}
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("THEMES"));

	area.top = draw_names(screen, canvas, area) + 1;
	if (!screen->list.n) {
		struct pen pen = pen_at(canvas, 1, area.top++ - 1);

		pen_put(&pen, ROLE_TEXT, _("No theme holds that word."));
	}
	draw_roles(canvas, area);
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	char name[THEME_NAME];

	(void)scene;
	for (int row = 0; themes_at(screen, row, name); row++) {
		document->item = row;
		document_row(document);
		document_put(document, ROLE_TEXT, 0, name);
		document_put(document, ROLE_DIM, 0, for_ground(name));
	}
	document->item = -1;
	if (!document->n)
		str_add(document_sentence(document, ROLE_TEXT, ""), _("No theme holds that word."));
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	char name[THEME_NAME];

	(void)scene;
	if (list_move(&screen->list, action))
		reaction->kind = REACT_DONE;
	else if (action == ACTION_OPEN)
		reaction->kind = themes_at(screen, screen->list.selected, name) ? REACT_THEME : REACT_DONE;
}

const struct screen_class screen_themes = { "themes", IN_THEMES, draw, act, screen_filter_answer, tell, NULL };
