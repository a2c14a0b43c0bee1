/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/config.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/dns.h"
#include "io/config_index.h"
#include "io/store.h"
#include "base/banned.h"

#define CONFIG_MAX ((size_t)1 << 20)

struct reading {
	struct config *config;
	bool (*known)(const char *provider, const char *name);
	struct err *err;
	bool failed;
	const char *rest; /* text not read yet */
	int line;
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

/* "~/x" is under the user's home. */
static char *expanded(const struct setting *setting, const char *value)
{
	const char *home = getenv("HOME");
	struct str text;

	if (!setting || setting->type != SETTING_PATH || strncmp(value, "~/", 2) != 0 || !home)
		return mem_text(value);
	str_init(&text, 0);
	str_addf(&text, "%s%s", home, value + 1);
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
static bool begin_section(struct reading *reading, const char *kind, const char *name)
{
	struct config *config = reading->config;
	const struct config_section *before = config_find(config, kind, name);
	struct dname domain;

	if (!known_kind(kind) || needs_name(kind) != (*name != 0)) {
		err_set(reading->err, ERR_USAGE, *name ? N_("%s:%d: no section is called [%s %s]") : N_("%s:%d: no section is called [%s]"),
			config->path, reading->line, kind, name);
		err_hint(reading->err, N_("mxladder list settings shows the sections and their settings."));
		return false;
	}
	if (before) {
		err_set(reading->err, ERR_USAGE, N_("%s:%d: this section began on line %d already"), config->path, reading->line,
			before->line);
		err_hint(reading->err, N_("Put both parts together."));
		return false;
	}
	if (!strcmp(kind, "domain") && !dname_parse(&domain, name, NULL))
		return err_set(reading->err, ERR_USAGE, N_("%s:%d: not a domain name: %s"), config->path, reading->line, name);
	config->section = mem_grow(config->section, config->n, &config->cap, sizeof(*config->section));
	config->section[config->n++] = (struct config_section){ .kind = mem_text(kind), .name = mem_text(name), .line = reading->line };
	config_index_section(config);
	return true;
}

static int take_pair(struct reading *reading, const char *name, const char *value)
{
	struct config *config = reading->config;
	struct config_section *section = config->n ? &config->section[config->n - 1] : NULL;
	const struct setting *setting = section ? config_setting(section->kind, name) : NULL;
	const char *path = config->path;
	int line = reading->line;

	reading->failed = true;
	if (!section) {
		err_set(reading->err, ERR_USAGE, N_("%s:%d: %s stands before any [section]"), path, line, name);
		return 0;
	}
	if (config_pair(config, section, name))
		return err_set(reading->err, ERR_USAGE, N_("%s:%d: %s is set twice in its section"), path, line, name);
	if (!setting && strcmp(section->kind, "account") != 0) {
		err_set(reading->err, ERR_USAGE, N_("%s:%d: section %s has no setting called %s"), path, line, section->kind, name);
		err_hint(reading->err, N_("mxladder list settings shows the sections and their settings."));
		return 0;
	}
	if (setting && !value_holds(setting, value)) {
		err_set(reading->err, ERR_USAGE, N_("%s:%d: %s cannot be \"%s\""), path, line, name, value);
		if (setting->type == SETTING_YES_NO)
			err_hint(reading->err, N_("It is yes or no."));
		return 0;
	}
	reading->failed = false;
	section->pair = mem_grow(section->pair, section->n, &section->cap, sizeof(*section->pair));
	section->pair[section->n++] = (struct config_pair){ mem_text(name), expanded(setting, value), line };
	config_index_pair(config);
	return 1;
}

/* A comment may follow a value after a blank. */
static int on_pair(void *data, const char *head, const char *name, const char *value)
{
	struct reading *reading = data;
	char *copy = mem_text(value);
	size_t len = 0;
	int ok;

	(void)head; /* next_line() has read it: inih cuts a section's name at 50 bytes */
	while (copy[len] && !(copy[len] == '#' && len && strchr(" \t", copy[len - 1])))
		len++;
	while (len && strchr(" \t", copy[len - 1]))
		len--;
	copy[len] = 0;
	ok = take_pair(reading, name, copy);
	free(copy);
	return ok;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* "[kind name]" and a comment, perhaps: true when it is a good section's head. */
static bool read_head(struct reading *reading, const char *line, size_t len)
{
	char *copy = mem_alloc(len + 1), *name, *end;
	bool ok;

	memcpy(copy, line + 1, len - 1);
	end = strchr(copy, ']');
	if (!end) {
		free(copy);
		return err_set(reading->err, ERR_USAGE, N_("%s:%d: a section's head has no ]"), reading->config->path, reading->line);
	}
	while (end > copy && blank(end[-1]))
		end--;
	*end = 0;
	name = copy + strcspn(copy, " \t");
	while (blank(*name))
		*name++ = 0;
	ok = begin_section(reading, copy, name);
	free(copy);
	return ok;
}

/* inih as Debian builds it tells a handler no line, cuts long names and takes an indented line for a value's second: so we
 * count, read the heads, and hand over the lines without their indent. */
static char *next_line(char *line, int size, void *data)
{
	struct reading *reading = data;
	const char *from = reading->rest;
	size_t len = strcspn(from, "\n");

	if (!*from || reading->failed)
		return NULL;
	reading->line++;
	reading->rest += len + (from[len] == '\n');
	for (; len && blank(*from); len--)
		from++;
	if (len + 2 > (size_t)size)
		reading->failed = !err_set(reading->err, ERR_USAGE, N_("%s:%d: the line is longer than %d characters"),
			reading->config->path, reading->line, size - 2);
	else if (*from == '[')
		reading->failed = !read_head(reading, from, len);
	if (reading->failed)
		return NULL;
	if (*from == '[')
		len = 0;
	memcpy(line, from, len);
	line[len] = 0;
	return line;
}

/* An account's own settings can be judged when its provider is known. */
static bool accounts_hold(struct reading *reading)
{
	const struct config *config = reading->config;

	for (size_t i = 0; i < config->n; i++) {
		const struct config_section *section = &config->section[i];
		const struct config_pair *provider = config_pair(config, section, "provider");
		if (strcmp(section->kind, "account") != 0)
			continue;
		/* First: what an unknown provider has for settings nobody can say. */
		if (provider && reading->known && !reading->known(provider->value, NULL)) {
			err_set(reading->err, ERR_USAGE, N_("%s:%d: account %s names no known provider: %s"), config->path, provider->line,
				section->name, provider->value);
			err_hint(reading->err, N_("mxladder list providers shows them."));
			return false;
		}
		for (size_t k = 0; k < section->n; k++) {
			const struct config_pair *pair = &section->pair[k];
			if (config_setting("account", pair->name) ||
				(reading->known && reading->known(provider ? provider->value : NULL, pair->name)))
				continue;
			err_set(reading->err, ERR_USAGE, N_("%s:%d: accounts of this provider have no setting called %s"), config->path,
				pair->line, pair->name);
			err_hint(reading->err, N_("mxladder list providers shows the settings of each."));
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
	struct err why = { 0 };
	struct reading reading = { .config = config, .known = known_account_setting, .err = &why };
	struct str text;
	int bad = 0;
	bool ok;

	config_release(config);
	config->path = path ? mem_text(path) : standard_path();
	if (!path && access(config->path, F_OK) != 0)
		return true;
	str_init(&text, CONFIG_MAX);
	ok = store_read_trusted(config->path, CONFIG_MAX, &text, &why);
	if (ok && !strncmp(text.s, "\xef\xbb\xbf", 3)) {
		ok = err_set(&why, ERR_USAGE, N_("%s:1: it begins with a byte order mark"), config->path);
		err_hint(&why, N_("Save it as UTF-8 without one."));
	}
	reading.rest = text.s;
	if (ok)
		bad = ini_parse_stream(next_line, &reading, on_pair, &reading);
	if (bad > 0 && !reading.failed && why.code == ERR_NONE)
		err_set(&why, ERR_USAGE, N_("%s:%d: neither a [section] nor a setting = value"), config->path, bad);
	ok = ok && !bad && !reading.failed && accounts_hold(&reading);
	if (!ok && err)
		*err = why;
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
