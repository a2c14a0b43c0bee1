/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/dns.h"
#include "io/config_index.h"
#include "io/inifile.h"
#include "io/store.h"
#include "base/banned.h"

struct reading {
	struct config *config;
	bool (*known)(const char *provider, const char *name);
};

/* ---- one value against its row ---- */

static bool number_holds(const struct setting *setting, const char *value)
{
	char *end;
	long n = strtol(value, &end, 10);

	return *value && !*end && n >= setting->min && n <= setting->max;
}

static bool duration_holds(const struct setting *setting, const char *value)
{
	uint32_t seconds;

	return text_parse_duration(value, &seconds) && (long)seconds >= setting->min && (long)seconds <= setting->max;
}

static bool value_holds(const struct setting *setting, const char *value)
{
	struct dns_endpoint endpoint;

	switch (setting->type) {
	case SETTING_YES_NO:
		return !strcmp(value, "yes") || !strcmp(value, "no");
	case SETTING_NUMBER:
		return number_holds(setting, value);
	case SETTING_DURATION:
		return duration_holds(setting, value);
	case SETTING_ADDRESS:
		return dns_endpoint_parse(&endpoint, value, NULL);
	case SETTING_TEXT:
	case SETTING_PATH:
	case SETTING_KEYS:
		break;
	}
	return *value != 0;
}

/* "~/x" is under the user's home. Another file that the configuration names lies beside it: who runs the program elsewhere gets no other
 * policy, and no other signers, than those that are meant. */
static char *expanded(const struct config *config, const struct setting *setting, const char *value)
{
	const char *home = getenv("HOME"), *slash = strrchr(config->path, '/');
	bool file = setting && setting->type == SETTING_PATH && strcmp(setting->name, "endpoint") != 0;
	struct str text;

	str_init(&text, 0);
	if (setting && setting->type == SETTING_PATH && !strncmp(value, "~/", 2) && home)
		str_addf(&text, "%s%s", home, value + 1);
	else if (file && *value != '/' && slash)
		str_addf(&text, "%.*s%s", (int)(slash - config->path + 1), config->path, value);
	else
		str_add(&text, value);
	return str_take(&text);
}

/* ---- reading ---- */

static bool known_kind(const char *kind)
{
	for (const struct setting *s = settings; s->section; s++)
		if (!strcmp(s->section, kind))
			return true;
	return false;
}

static bool needs_name(const char *kind)
{
	static const char *const kinds[] = { "account", "domain", "sender", "mix", "traffic" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kind, kinds[i]))
			return true;
	return false;
}

/* "account lab" as kind and name. */
static bool begin_section(void *data, const char *kind, const char *name, int line, struct err *err)
{
	struct config *config = ((struct reading *)data)->config;
	const struct config_section *before = config_find(config, kind, name);
	struct dname domain;

	if (!known_kind(kind) || needs_name(kind) != (*name != 0)) {
		err_set(err, ERR_USAGE, *name ? N_("%s:%d: no section is called [%s %s]") : N_("%s:%d: no section is called [%s]"),
			config->path, line, kind, name);
		err_hint(err, N_("mxladder list settings shows the sections and their settings."));
		return false;
	}
	if (before) {
		err_set(err, ERR_USAGE, N_("%s:%d: this section began on line %d already"), config->path, line, before->line);
		err_hint(err, N_("Put both parts together."));
		return false;
	}
	if (!strcmp(kind, "domain") && !dname_parse(&domain, name, NULL))
		return err_set(err, ERR_USAGE, N_("%s:%d: not a domain name: %s"), config->path, line, name);
	config->section = mem_grow(config->section, config->n, &config->cap, sizeof(*config->section));
	config->section[config->n++] = (struct config_section){ .kind = mem_text(kind), .name = mem_text(name), .line = line };
	config_index_section(config);
	return true;
}

static bool take_pair(void *data, const char *name, const char *value, int line, struct err *err)
{
	struct config *config = ((struct reading *)data)->config;
	struct config_section *section = config->n ? &config->section[config->n - 1] : NULL;
	const struct setting *setting = section ? config_setting(section->kind, name) : NULL;
	const char *path = config->path;

	if (!section)
		return err_set(err, ERR_USAGE, N_("%s:%d: %s stands before any [section]"), path, line, name);
	if (config_pair(config, section, name))
		return err_set(err, ERR_USAGE, N_("%s:%d: %s is set twice in its section"), path, line, name);
	if (!setting && strcmp(section->kind, "account") != 0) {
		err_set(err, ERR_USAGE, N_("%s:%d: section %s has no setting called %s"), path, line, section->kind, name);
		err_hint(err, N_("mxladder list settings shows the sections and their settings."));
		return false;
	}
	if (setting && !value_holds(setting, value)) {
		err_set(err, ERR_USAGE, N_("%s:%d: %s cannot be \"%s\""), path, line, name, value);
		if (setting->type == SETTING_YES_NO)
			err_hint(err, N_("It is yes or no."));
		return false;
	}
	section->pair = mem_grow(section->pair, section->n, &section->cap, sizeof(*section->pair));
	section->pair[section->n++] = (struct config_pair){ mem_text(name), expanded(config, setting, value), line };
	config_index_pair(config);
	return true;
}

/* An account's own settings can be judged when its provider is known. */
static bool accounts_hold(const struct reading *reading, struct err *err)
{
	const struct config *config = reading->config;

	for (size_t i = 0; i < config->n; i++) {
		const struct config_section *section = &config->section[i];
		const struct config_pair *provider = config_pair(config, section, "provider");
		if (strcmp(section->kind, "account") != 0)
			continue;
		/* First: what an unknown provider has for settings nobody can say. */
		if (provider && reading->known && !reading->known(provider->value, NULL)) {
			err_set(err, ERR_USAGE, N_("%s:%d: account %s names no known provider: %s"), config->path, provider->line,
				section->name, provider->value);
			err_hint(err, N_("mxladder list providers shows them."));
			return false;
		}
		for (size_t k = 0; k < section->n; k++) {
			const struct config_pair *pair = &section->pair[k];
			if (config_setting("account", pair->name) ||
				(reading->known && reading->known(provider ? provider->value : NULL, pair->name)))
				continue;
			err_set(err, ERR_USAGE, N_("%s:%d: accounts of this provider have no setting called %s"), config->path, pair->line,
				pair->name);
			err_hint(err, N_("mxladder list providers shows the settings of each."));
			return false;
		}
	}
	return true;
}

static char *standard_path(void)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct str path;

	str_init(&path, 0);
	if (config && *config == '/')
		str_addf(&path, "%s/mxladder/config", config);
	else if (home && *home)
		str_addf(&path, "%s/.config/mxladder/config", home);
	return str_take(&path);
}

bool config_read(
	struct config *config, const char *path, bool (*known_account_setting)(const char *provider, const char *name), struct err *err)
{
	struct reading reading = { .config = config, .known = known_account_setting };
	struct inifile_reader reader = { begin_section, take_pair, &reading };
	struct str text;
	bool ok;

	config_release(config);
	config->path = path ? mem_text(path) : standard_path();
	if (!path && access(config->path, F_OK) != 0)
		return true;
	str_init(&text, INIFILE_MAX);
	ok = store_read_trusted(config->path, INIFILE_MAX, &text, err) && inifile_read(config->path, text.s, &reader, err) &&
	     accounts_hold(&reading, err);
	str_release(&text);
	return ok;
}

void config_release(struct config *config)
{
	config_index_release(config);
	for (size_t i = 0; i < config->n; i++) {
		struct config_section *section = &config->section[i];
		for (size_t k = 0; k < section->n; k++) {
			free(section->pair[k].name);
			free(section->pair[k].value);
		}
		free(section->pair);
		free(section->kind);
		free(section->name);
	}
	free(config->section);
	free(config->path);
	*config = (struct config){ 0 };
}
