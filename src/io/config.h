/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration file (INI by inih) as typed rows; unknown sections and keys are errors with the line number. One table of settings
 * feeds the reader, "mxladder list settings" and the manual. Secrets are never in it: key_command, key_file or key_env name where the key
 * is.
 */
#ifndef IO_CONFIG_H
#define IO_CONFIG_H

#include "core/dname.h"

struct config_pair {
	char *name, *value;
	int line;
};

struct config_section {    /* [account lab], [domain exempel.com], [dns], [ui], [keys], [main], [sender NAME] ... */
	char *kind, *name; /* name "" where the kind stands alone */
	int line;
	size_t n, cap;
	struct config_pair *pair;
};

struct config {
	char *path;
	size_t n, cap;
	struct config_section *section;
	void *index; /* config_index.h's */
};

enum setting_type { SETTING_TEXT, SETTING_YES_NO, SETTING_NUMBER, SETTING_DURATION, SETTING_PATH, SETTING_ADDRESS, SETTING_KEYS };

struct setting {
	const char *section; /* "domain" */
	const char *name;    /* "protected"; "*" : any name (keys, account's own settings are checked by who knows them) */
	enum setting_type type;
	long min, max;        /* of NUMBER, DURATION (seconds) */
	const char *standard; /* default as text, or NULL */
	const char *help;     /* N_() */
};
extern const struct setting settings[]; /* ends with section NULL */

/* path NULL: $XDG_CONFIG_HOME/mxladder/config, which may be missing; a named file may not. known_account_setting tells whether a
 * vendor knows an [account] setting, or with name NULL whether there is that vendor (the floor above gives it). config is overwritten:
 * initialise with {0}. ERR_USAGE with FILE:LINE. */
bool config_read(
	struct config *config, const char *path, bool (*known_account_setting)(const char *provider, const char *name), struct err *err);
void config_release(struct config *config);

/* Borrowed, or NULL. */
const struct config_section *config_find(const struct config *config, const char *kind, const char *name);
const char *config_value(const struct config_section *section, const char *setting); /* that stands there; of NULL none does */
const char *config_get(
	const struct config *config, const char *kind, const char *name, const char *setting); /* value, else default, else NULL */
bool config_yes(const struct config *config, const char *kind, const char *name, const char *setting);
long config_number(const struct config *config, const char *kind, const char *name, const char *setting);
/* The [domain] section for a name, by normalised name; NULL. */
const struct config_section *config_domain(const struct config *config, const struct dname *domain);
const char *config_domain_get(const struct config *config, const struct dname *domain, const char *setting);

#endif
