/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/choice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/accepting.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "check/lint.h"
#include "base/banned.h"

/* ---- which checks ---- */

static bool lists(const char *list, const char *id)
{
	size_t len = strlen(id);

	for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strncmp(at, id, len) == 0 && (at[len] == ',' || at[len] == '\0'))
			return true;
	return false;
}

static bool option_lists(const struct choice *choice, const char *option, const char *id)
{
	const char *list;

	for (size_t i = 0; (list = call_get_at(choice->call, option, i)) != NULL; i++)
		if (lists(list, id))
			return true;
	return false;
}

bool choice_has(const struct choice *choice, const char *id)
{
	if (call_has(choice->call, "--only") && !option_lists(choice, "--only", id))
		return false;
	return !option_lists(choice, "--skip", id);
}

static bool is_id(const char *id)
{
	return check_find(id) || strcmp(id, "servers") == 0 || strcmp(id, "dnssec") == 0;
}

static bool ids_exist(const char *option, const char *list, struct err *err)
{
	char *copy = mem_text(list), *save = NULL;
	const char *id = strtok_r(copy, ",", &save);
	bool ok = id || err_set(err, ERR_USAGE, N_("%s wants ids of checks, with commas between them"), option);

	for (; ok && id; id = strtok_r(NULL, ",", &save)) {
		ok = is_id(id) || err_set(err, ERR_USAGE, N_("there is no check \"%s\""), id);
		if (!ok)
			err_hint(err, N_("mxladder list checks shows them."));
	}
	free(copy);
	return ok;
}

static bool options_hold(const struct call *call, const char *option, struct err *err)
{
	const char *list;

	for (size_t i = 0; (list = call_get_at(call, option, i)) != NULL; i++)
		if (!ids_exist(option, list, err))
			return false;
	return true;
}

unsigned choice_needs(const struct choice *choice)
{
	unsigned needs = 0;

	for (size_t i = 0; checks[i]; i++)
		if (choice_has(choice, checks[i]->id))
			needs |= checks[i]->needs;
	return needs;
}

bool choice_level(const struct call *call, enum check_level *level, struct err *err)
{
	const char *text = call_get(call, "--fail-on");

	for (int i = LEVEL_ERROR; text && i < LEVEL_COUNT; i++)
		if (strcmp(check_level_name((enum check_level)i), text) == 0) {
			*level = (enum check_level)i;
			return true;
		}
	if (!text) {
		*level = LEVEL_ERROR;
		return true;
	}
	return err_set(err, ERR_USAGE, N_("--fail-on takes error, warning, notice or info, not \"%s\""), text);
}

/* ---- what is accepted ---- */

static char *file_of(const struct call *call)
{
	const char *path = call_get(call, "--accepted");

	return path ? mem_text(path) : accepting_path(&call->app);
}

/* "ID[@HOST]=REASON" */
static bool read_accept(const struct call *call, const struct dname *domain, struct accepted *row, struct err *err)
{
	const char *text = call_get(call, "--accept"), *equals = strchr(text, '='), *until = call_get(call, "--until");
	char *what;
	bool ok;

	if (!domain)
		return err_set(err, ERR_USAGE, N_("--accept goes with a domain, not with a plan"));
	if (!equals || !equals[1] || strlen(equals + 1) >= ACCEPT_REASON_MAX || strpbrk(equals, "\r\n"))
		return err_set(
			err, ERR_USAGE, N_("--accept wants ID=REASON or ID@HOST=REASON, with a reason of one line, not \"%s\""), text);
	if (!until)
		return err_set(err, ERR_USAGE, N_("--accept wants an end: --until 90d"));
	what = mem_copy(text, (size_t)(equals - text) + 1);
	what[equals - text] = '\0';
	row->domain = *domain;
	snprintf(row->reason, sizeof(row->reason), "%s", equals + 1);
	ok = accept_parse_what(row, what, err) && accept_parse_until(until, loop_now(), &row->until, err);
	free(what);
	return ok;
}

static bool add_line(const struct call *call, const char *path, const struct dname *domain, struct str *text, struct err *err)
{
	struct accepted row = { 0 };

	if (call->app.read_only)
		return err_set(err, ERR_USAGE, N_("--read-only: the file of accepted findings would be written"));
	if (!read_accept(call, domain, &row, err))
		return false;
	if (text->len && text->s[text->len - 1] != '\n')
		str_add_char(text, '\n');
	accepts_line(&row, text);
	return store_write_file(path, text->s, text->len, 0644, err);
}

/* Is there a file? One that may not be looked at counts as there: it is not overwritten. */
static bool is_there(const char *path)
{
	return access(path, F_OK) == 0 || errno != ENOENT;
}

static bool read_accepts(struct choice *choice, const struct dname *domain, struct err *err)
{
	const struct call *call = choice->call;
	bool adds = call_has(call, "--accept"), named = call_has(call, "--accepted");
	char *path;
	bool (*read)(const char *, size_t, struct str *, struct err *) = named ? store_read_file : store_read_trusted;
	struct str text;
	bool ok;

	if (!named && !adds)
		return accepting_read(&call->app, &choice->accepts, err);
	path = file_of(call);
	str_init(&text, ACCEPTED_MAX + 1);
	ok = (adds && !is_there(path)) || read(path, ACCEPTED_MAX, &text, err);
	ok = ok && accepts_parse(&choice->accepts, text.s, err); /* a file that cannot be read is not written either */
	if (ok && adds) {
		accepts_release(&choice->accepts);
		ok = add_line(call, path, domain, &text, err) && accepts_parse(&choice->accepts, text.s, err);
	}
	str_release(&text);
	ok = ok || err_context(err, N_("accepted findings %s"), path);
	free(path);
	return ok;
}

/* ---- both ---- */

bool choice_read(struct choice *choice, const struct call *call, const struct dname *domain, struct err *err)
{
	*choice = (struct choice){ .call = call };
	return options_hold(call, "--only", err) && options_hold(call, "--skip", err) && read_accepts(choice, domain, err);
}

void choice_release(struct choice *choice)
{
	accepts_release(&choice->accepts);
}

void choice_apply(const struct choice *choice, struct findings *findings, const struct dname *domain)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++)
		if (choice_has(choice, findings->finding[i].check->id))
			findings->finding[n++] = findings->finding[i];
	findings->n = n;
	n = 0;
	for (size_t i = 0; i < findings->n_skip; i++)
		if (choice_has(choice, findings->skip[i].id))
			findings->skip[n++] = findings->skip[i];
	findings->n_skip = n;
	findings_accept(findings, &choice->accepts, domain, loop_now());
}
