/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The theme in use, and the one that is tried while the list of them is open. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "tui/ui.h"
#include "base/banned.h"

void ui_theme(const struct ui *ui, char name[THEME_NAME])
{
	const struct screen *top = ui->depth ? &ui->stack[ui->depth - 1] : NULL;

	if (!top || top->class != &screen_themes || !themes_at(top, top->list.selected, name))
		snprintf(name, THEME_NAME, "%s", ui->theme);
}

/* The row of the theme in use. */
int ui_theme_row(const struct ui *ui)
{
	char name[THEME_NAME];

	for (size_t i = 0; theme_at(i, name); i++)
		if (!strcmp(name, ui->theme))
			return (int)i;
	return 0;
}

/* Keeps the theme until the end of the run: the configuration file is the user's. */
void ui_keep_theme(struct ui *ui)
{
	struct str text;
	char name[THEME_NAME];

	ui_theme(ui, name);
	memcpy(ui->theme, name, sizeof(name));
	ui_leave(ui);
	str_init(&text, 0);
	str_addf(&text, _("Theme %s until you leave; \"theme = %s\" under [ui] of the configuration keeps it."), name, name);
	ui_message(ui, ROLE_MESSAGE, text.s);
	str_release(&text);
}
