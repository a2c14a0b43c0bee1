/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/accepting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

static const char *configured(const struct app *app)
{
	return config_get(&app->config, "main", "", "accepted_file");
}

char *accepting_path(const struct app *app)
{
	const char *path = configured(app), *slash = app->config.path ? strrchr(app->config.path, '/') : NULL;
	struct str text;

	if (path)
		return mem_text(path);
	str_init(&text, 0);
	if (slash)
		str_add_bytes(&text, app->config.path, (size_t)(slash - app->config.path) + 1);
	str_add(&text, "accepted");
	return str_take(&text);
}

/* Is there no file? One that may not be looked at counts as there: it is neither skipped nor overwritten. */
static bool is_missing(const char *path)
{
	return access(path, F_OK) != 0 && errno == ENOENT;
}

/* Reads the file's text and its rows. */
static bool read_text(const char *path, struct str *text, struct accepts *accepts, struct err *err)
{
	return (is_missing(path) || store_read_trusted(path, ACCEPTED_MAX, text, err)) && accepts_parse(accepts, text->s, err);
}

bool accepting_read(const struct app *app, struct accepts *accepts, struct err *err)
{
	char *path = accepting_path(app);
	struct str text;
	bool ok;

	str_init(&text, ACCEPTED_MAX + 1);
	if (configured(app) && is_missing(path))
		ok = err_set(err, ERR_FILE, N_("there is no such file"));
	else
		ok = read_text(path, &text, accepts, err);
	ok = ok || err_context(err, N_("accepted findings %s"), path);
	str_release(&text);
	free(path);
	return ok;
}

/* ---- writing ---- */

typedef void (*accepting_fn)(const struct str *now, const struct accepted *row, struct str *then);

static void with_line(const struct str *now, const struct accepted *row, struct str *then)
{
	str_add_bytes(then, now->s, now->len);
	if (now->len && now->s[now->len - 1] != '\n')
		str_add_char(then, '\n');
	accepts_line(row, then);
}

static bool says_the_same(const char *line, size_t len, const struct accepted *row)
{
	char *text = mem_copy(line, len + 1);
	struct accepts one = { 0 };
	bool same;

	text[len] = '\0';
	same = accepts_parse(&one, text, NULL) && one.n && one.row[0].check == row->check &&
	       dname_equal(&one.row[0].domain, &row->domain) && dname_equal(&one.row[0].host, &row->host);
	accepts_release(&one);
	free(text);
	return same;
}

static void without_line(const struct str *now, const struct accepted *row, struct str *then)
{
	for (const char *line = now->s; *line;) {
		size_t len = strcspn(line, "\n"), whole = len + (line[len] == '\n');

		if (!says_the_same(line, len, row))
			str_add_bytes(then, line, whole);
		line += whole;
	}
}

static bool rewrite(const struct app *app, const struct accepted *row, accepting_fn change, struct err *err)
{
	char *path = accepting_path(app);
	struct accepts accepts = { 0 };
	struct str now, then;
	bool ok;

	if (app->read_only) {
		free(path);
		return err_set(err, ERR_USAGE, N_("--read-only: the file of accepted findings would be written"));
	}
	str_init(&now, ACCEPTED_MAX + 1);
	str_init(&then, 0);
	ok = read_text(path, &now, &accepts, err);
	if (ok)
		change(&now, row, &then);
	ok = ok && store_make_directory_of(path, err) && store_replace_file(path, &now, &then, err);
	ok = ok || err_context(err, N_("accepted findings %s"), path);
	accepts_release(&accepts);
	str_release(&now);
	str_release(&then);
	free(path);
	return ok;
}

bool accepting_add(const struct app *app, const struct accepted *row, struct err *err)
{
	return rewrite(app, row, with_line, err);
}

bool accepting_withdraw(const struct app *app, const struct accepted *row, struct err *err)
{
	return rewrite(app, row, without_line, err);
}
