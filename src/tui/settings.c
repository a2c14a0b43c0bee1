/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "io/config.h"
#include "tui/term/palette.h"
#include "tui/term/term.h"
#include "base/banned.h"

#define THEME_MAX 16384

const char *settings_sign_key(struct app *app, const struct dname *domain)
{
	const char *key = config_get(&app->config, "main", "", "sign_key");

	(void)domain;
	return key && *key ? key : NULL;
}

bool settings_keys(const struct app *app, struct keymap *keymap, struct err *err)
{
	const struct config_section *section = config_find(&app->config, "keys", "");

	for (size_t i = 0; section && i < section->n; i++)
		if (!keymap_set(keymap, section->pair[i].name, section->pair[i].value, err))
			return err_context(err, N_("%s:%d"), app->config.path ? app->config.path : "", section->pair[i].line);
	return true;
}

/* A name of ours, or a file. */
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

/* Where nobody has chosen, a light terminal gets the light one. */
static const char *theme_name(const struct app *app, const char *wanted)
{
	const struct config_section *section = config_find(&app->config, "ui", "");

	for (size_t i = 0; !wanted && section && i < section->n; i++)
		if (!strcmp(section->pair[i].name, "theme") && *section->pair[i].value)
			wanted = section->pair[i].value;
	return wanted ? wanted : palette_is_light(getenv("COLORFGBG")) ? "light" : "default";
}

bool settings_theme(const struct app *app, const struct tui_options *options, struct theme *theme, struct err *err)
{
	const char *no_color = getenv("NO_COLOR");

	if (!named_theme(theme, theme_name(app, options->theme), err))
		return false;
	if (options->no_color || (no_color && *no_color)) {
		if (!theme_load(theme, "mono", err))
			return false;
		theme_uncolour(theme);
	}
	return true;
}

/* Domains that earlier runs left something of. */
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
		if (!strcmp(config->section[i].kind, "domain") && dname_parse(&domain.name, config->section[i].name, NULL))
			ui_know(ui, &domain);
	for (size_t i = 0; app->world && i < zoneworld_zones(app->world); i++) {
		domain.name = *zoneworld_zone(app->world, i);
		ui_know(ui, &domain);
	}
	if (open) {
		domain.name = *open;
		ui_know(ui, &domain);
	}
	know_kept(ui, app);
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

bool settings_lack_locale(struct str *text)
{
	const char *asked = asked_locale();

	if (!term_is_ascii() || !asked || (!strstr(asked, "UTF-8") && !strstr(asked, "utf8") && !strstr(asked, "UTF8")))
		return false;
	str_addf(text, _("The locale %s is not installed here: ASCII stands in for its signs. LC_ALL=C.UTF-8 shows them."), asked);
	return true;
}
