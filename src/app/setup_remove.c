/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking an account out of the configuration: its section, and the lines that name it. All other lines stay as they are. */
#include <stdlib.h>
#include <string.h>

#include "app/setup.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "io/inifile.h"
#include "base/banned.h"

struct cut {
	const char *name;
	bool in_account, in_domain;
	int from, to; /* lines of the account's section, to its last setting; 0: none */
	size_t n, cap;
	int *line; /* of domains, that name it */
};

static bool on_section(void *data, const char *kind, const char *name, int line, struct err *err)
{
	struct cut *cut = data;

	(void)err;
	cut->in_account = !strcmp(kind, "account") && !strcmp(name, cut->name);
	cut->in_domain = !strcmp(kind, "domain");
	if (cut->in_account)
		cut->from = cut->to = line;
	return true;
}

static bool on_pair(void *data, const char *name, const char *value, int line, struct err *err)
{
	struct cut *cut = data;

	(void)err;
	if (cut->in_account)
		cut->to = line;
	if (cut->in_domain && !strcmp(name, "account") && !strcmp(value, cut->name)) {
		cut->line = mem_grow(cut->line, cut->n, &cut->cap, sizeof(*cut->line));
		cut->line[cut->n++] = line;
	}
	return true;
}

static void without(const struct cut *cut, const struct str *now, struct str *then)
{
	size_t next = 0;
	int number = 1;

	for (const char *line = now->s; *line; number++) {
		size_t len = strcspn(line, "\n"), whole = len + (line[len] == '\n');
		bool named = next < cut->n && cut->line[next] == number;

		next += named;
		if (!named && (number < cut->from || number > cut->to))
			str_add_bytes(then, line, whole);
		line += whole;
	}
}

bool setup_remove(const struct app *app, const char *name, struct err *err)
{
	struct cut cut = { .name = name };
	struct inifile_reader reader = { on_section, on_pair, &cut };
	struct str now, then;
	bool ok;

	str_init(&now, INIFILE_MAX);
	str_init(&then, 0);
	ok = store_read_trusted(app->config.path, INIFILE_MAX, &now, err) && inifile_read(app->config.path, now.s, &reader, err);
	if (ok && !cut.from)
		ok = err_set(err, ERR_USAGE, N_("no account is named %s"), name);
	if (ok) {
		without(&cut, &now, &then);
		ok = store_replace_file(app->config.path, &now, &then, err);
	}
	free(cut.line);
	str_release(&now);
	str_release(&then);
	return ok;
}
