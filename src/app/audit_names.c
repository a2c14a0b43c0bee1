/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/audit_names.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "core/meant.h"
#include "base/banned.h"

/* ---- what is done already ---- */

static int by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* A line that broke off, and one that is about no domain, have no name: both are done again. */
static void take_done(struct audit_names *names, const char *text, size_t len)
{
	json_t *line = json_loadb(text, len, 0, NULL);
	const char *domain = json_string_value(json_object_get(line, "domain"));

	if (domain) {
		names->done = mem_grow(names->done, names->n_done, &names->cap_done, sizeof(*names->done));
		names->done[names->n_done++] = mem_text(domain);
	}
	json_decref(line);
}

/* An earlier output is a file: it is not waited for. */
static bool read_done(struct audit_names *names, const char *path, struct err *err)
{
	struct lines *lines = lines_open(names->app->loop, path, names->ready, names->data, err);
	enum lines_state state = LINES_FAILED;
	const char *text;
	size_t len;

	while (lines && (state = lines_next(lines, &text, &len, err)) == LINES_LINE)
		take_done(names, text, len);
	if (state == LINES_LATER)
		err_set(err, ERR_USAGE, N_("--resume takes a file"));
	lines_close(lines);
	if (names->n_done > 1)
		qsort(names->done, names->n_done, sizeof(*names->done), by_text);
	return state == LINES_END;
}

static bool is_done(const struct audit_names *names, const struct dname *domain)
{
	char text[DNAME_TEXT_MAX];
	const char *key = text;

	if (!names->n_done)
		return false;
	dname_text(domain, text);
	return bsearch(&key, names->done, names->n_done, sizeof(*names->done), by_text);
}

/* ---- the names ---- */

bool audit_names_open(struct audit_names *names, struct err *err)
{
	return !names->sources.resume || read_done(names, names->sources.resume, err);
}

/* The next line of all files, its number counted in its file. */
static enum lines_state next_line(struct audit_names *names, const char **text, size_t *len, struct err *err)
{
	const struct audit_sources *from = &names->sources;
	enum lines_state state;

	while (true) {
		if (!names->lines) {
			if (names->next_file >= (from->n ? from->n : 1))
				return LINES_END;
			names->lines =
				lines_open(names->app->loop, from->n ? from->file[names->next_file] : "-", names->ready, names->data, err);
			if (!names->lines)
				return LINES_FAILED;
			names->next_file++;
			names->number = 0;
		}
		state = lines_next(names->lines, text, len, err);
		if (state != LINES_END)
			return state;
		lines_close(names->lines);
		names->lines = NULL;
	}
}

static bool says_nothing(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && text[at] && strchr(" \t\r", text[at]))
		at++;
	return at == len || text[at] == '#';
}

static enum audit_next take(const struct audit_names *names, const char *text, size_t len, struct dname *domain, struct audit_wrong *wrong)
{
	size_t n = len < AUDIT_TEXT_MAX ? len : AUDIT_TEXT_MAX;

	wrong->number = names->number;
	memcpy(wrong->text, text, n);
	wrong->text[n] = '\0';
	if (memchr(text, '\0', len))
		err_set(&wrong->err, ERR_USAGE, N_("a name holds no zero byte"));
	else if (len > AUDIT_TEXT_MAX)
		err_set(&wrong->err, ERR_USAGE, N_("the line is longer than any name"));
	else if (meant_domain(domain, wrong->text, &wrong->err))
		return AUDIT_NAME;
	return AUDIT_LINE;
}

static enum audit_next next_zone(struct audit_names *names, struct dname *domain, struct audit_wrong *wrong)
{
	struct account_zone zone;

	if (!account_zone(names->sources.account, &names->zone, &zone))
		return AUDIT_END;
	names->number++;
	return take(names, zone.name, strlen(zone.name), domain, wrong);
}

static enum audit_next next_of_files(struct audit_names *names, struct dname *domain, struct audit_wrong *wrong, struct err *err)
{
	const char *text;
	size_t len;

	while (true) {
		enum lines_state state = next_line(names, &text, &len, err);

		if (state == LINES_LATER)
			return AUDIT_LATER;
		if (state != LINES_LINE)
			return AUDIT_END;
		names->number++;
		if (!says_nothing(text, len))
			return take(names, text, len, domain, wrong);
	}
}

enum audit_next audit_names_next(struct audit_names *names, struct dname *domain, struct audit_wrong *wrong, struct err *err)
{
	enum audit_next next;

	do
		next = names->sources.account ? next_zone(names, domain, wrong) : next_of_files(names, domain, wrong, err);
	while (next == AUDIT_NAME && is_done(names, domain));
	return next;
}

void audit_names_close(struct audit_names *names)
{
	lines_close(names->lines);
	for (size_t i = 0; i < names->n_done; i++)
		free(names->done[i]);
	free(names->done);
	names->lines = NULL;
	names->done = NULL;
	names->n_done = 0;
}
