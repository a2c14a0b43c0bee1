/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/settings.h"

#include <stdlib.h>
#include <string.h>

#include "app/demo.h"
#include "base/i18n.h"
#include "io/config.h"
#include "tui/term/palette.h"
#include "tui/term/term.h"
#include "base/banned.h"

#define THEME_MAX 16384

const char *settings_sign_key(struct app *app, const struct dname *domain)
{
	(void)domain;
	return config_get(&app->config, "main", "", "sign_key");
}

bool settings_keys(const struct app *app, struct keymap *keymap, struct err *err)
{
	const struct config_section *section = config_find(&app->config, "keys", "");

	for (size_t i = 0; section && i < section->n; i++)
		if (!keymap_set(keymap, section->pair[i].name, section->pair[i].value, err))
			return err_context(err, N_("%s:%d"), app->config.path ? app->config.path : "", section->pair[i].line);
	return true;
}

/* Reads a theme by its name, or from a file. */
static bool named_theme(struct theme *theme, const char *name, struct err *err)
{
	struct str text;
	bool ok;

	if (!strchr(name, '/'))
		return theme_load(theme, name, err);
	str_init(&text, THEME_MAX + 1);
	ok = store_read_file(name, THEME_MAX, &text, err) && theme_parse(theme, name, text.s, text.len, err);
	str_release(&text);
	return ok;
}

/* NULL: nobody chose one; config_get() would give the default. */
static const char *chosen_theme(const struct app *app, const struct tui_options *options)
{
	return options->theme ? options->theme : config_value(config_find(&app->config, "ui", ""), "theme");
}

const char *settings_theme_for(enum ground ground)
{
	return ground == GROUND_LIGHT ? "light" : "default";
}

static bool no_colour(const struct tui_options *options)
{
	const char *no_color = getenv("NO_COLOR");

	return options->no_color || (no_color && *no_color);
}

bool settings_theme(const struct tui_options *options, const char *name, struct theme *theme, struct err *err)
{
	if (!named_theme(theme, name, err))
		return false;
	if (no_colour(options)) {
		if (!theme_load(theme, "mono", err))
			return false;
		theme_uncolour(theme);
	}
	return true;
}

const char *settings_first_theme(const struct app *app, const struct tui_options *options)
{
	const char *name = chosen_theme(app, options);

	return name ? name : settings_theme_for(palette_colorfgbg(getenv("COLORFGBG")));
}

bool settings_theme_is_known(const struct app *app, const struct tui_options *options)
{
	return chosen_theme(app, options) || no_colour(options) || term_has_few_signs() || palette_colorfgbg(getenv("COLORFGBG"));
}

enum clipboard settings_clipboard(void)
{
	return getenv("STY")          ? CLIPBOARD_SCREEN
	       : getenv("TMUX")       ? CLIPBOARD_TMUX
	       : term_has_few_signs() ? CLIPBOARD_NONE
				      : CLIPBOARD_TERMINAL;
}

/* Adds the domains that earlier runs kept something of. */
static void know_kept(struct ui *ui, const struct app *app)
{
	char **names = store_domains(app->store);

	for (size_t i = 0; names[i]; i++) {
		struct known_domain domain = { 0 };

		if (dname_parse(&domain.name, names[i], NULL)) {
			domain.drafted = store_draft_exists(app->store, &domain.name);
			ui_know(ui, &domain);
		}
		free(names[i]);
	}
	free(names);
}

void settings_domains(struct ui *ui, const struct app *app, const struct dname *open)
{
	const struct config *config = &app->config;
	struct known_domain domain = { .configured = true };

	for (size_t i = 0; i < config->n; i++)
		if (!strcmp(config->section[i].kind, "domain") && dname_parse(&domain.name, config->section[i].name, NULL)) {
			domain.account = config_domain_get(config, &domain.name, "account");
			ui_know(ui, &domain);
		}
	domain.account = NULL;
	for (size_t i = 0; app->world && i < zoneworld_zones(app->world); i++) {
		domain.name = *zoneworld_zone(app->world, i);
		if (!app->demo || demo_lists(app, &domain.name))
			ui_know(ui, &domain);
	}
	if (open) {
		domain.name = *open;
		ui_know(ui, &domain);
	}
	know_kept(ui, app);
	roster_sort(ui->roster, ROSTER_BY_NAME);
}

/* The locale that the environment asks for; NULL: none. */
static const char *asked_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return NULL;
}

void settings_tell_locale(struct ui *ui)
{
	const char *asked = asked_locale();
	struct str text;

	if (ui->message.len || !term_is_ascii() || !asked || (!strstr(asked, "UTF-8") && !strstr(asked, "utf8") && !strstr(asked, "UTF8")))
		return;
	str_init(&text, 0);
	str_addf(&text, _("The locale %s is not installed here: ASCII stands in for its signs. LC_ALL=C.UTF-8 shows them."), asked);
	ui_message(ui, ROLE_WARNING, text.s);
	str_release(&text);
}

bool settings_column(struct ui *ui, uint32_t column)
{
	if (column == TERM_COLUMN_NARROW || ui->canvas.ascii)
		return false;
	ui->canvas.ascii = ui->hooks.ascii = true;
	if (!ui->message.len && !ui->ask)
		ui_message(ui, ROLE_WARNING,
			_("Here a line character does not take one cell: ASCII stands in. --ascii does so from the start."));
	return true;
}
