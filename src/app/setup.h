/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An account and its domains as sections of the configuration: made from answers, tried on a copy, and only then added to the file, behind
 * what stands there. Nothing else of the file is touched.
 */
#ifndef APP_SETUP_H
#define APP_SETUP_H

#include "app/app.h"

struct setup { /* borrowed texts; NULL or 0: none */
	const char *name;
	const struct provider *provider;
	const char *endpoint;
	const char *key_file, *key_command;
	size_t n_set, n_domain;
	const char *const *set;    /* "NAME=VALUE" */
	const char *const *domain; /* as typed */
};

/* Can an account be added under that name? ERR_USAGE where there is one already, or where it cannot stand in the file. */
bool setup_name(const struct app *app, const char *name, struct err *err);
/* Appends the sections to out, a domain's once. ERR_USAGE for what the provider does not know, what is there already, and what cannot stand
 * in the file. */
bool setup_sections(const struct app *app, const struct setup *setup, struct str *out, struct err *err);
/* Opens an app on a copy of the configuration with the sections; *dir is the copy's folder. Close both by setup_trial_end(), in any case.
 */
bool setup_trial(const struct app *app, const struct str *sections, struct app *trial, char **dir, struct err *err);
void setup_trial_end(struct app *trial, char *dir);
/* Adds the sections to the configuration of the app, whose folder is made, where the whole can be read then. ERR_CONFLICT where it changes
 * meanwhile. */
bool setup_write(const struct app *app, const struct str *sections, struct err *err);
/* Takes the account's section out of the configuration file, and the lines of domains that name it. ERR_CONFLICT: somebody else wrote. */
bool setup_remove(const struct app *app, const char *name, struct err *err);
/* A path as the configuration has it, which may be read from any folder: whole where there is such a file. To be freed. */
char *setup_path(const char *path);
/* The key as a file of its own beside the configuration, mode 0600; its path, to be freed. NULL: there is such a file, or it failed. */
char *setup_write_key(const struct app *app, const char *name, const char *key, struct err *err);

#endif
