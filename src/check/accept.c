/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/accept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "check/lint.h"
#include "base/banned.h"

#define BLANKS " \t\r"
#define DATE_LEN 10 /* "2027-01-31" */

void accepts_release(struct accepts *accepts)
{
	free(accepts->row);
	*accepts = (struct accepts){ 0 };
}

bool accept_parse_what(struct accepted *row, const char *what, struct err *err)
{
	const char *at = strchr(what, '@');
	size_t len = at ? (size_t)(at - what) : strlen(what);
	char id[64];

	snprintf(id, sizeof(id), "%.*s", (int)len, what);
	row->check = check_find(id);
	if (!row->check) {
		err_set(err, ERR_USAGE, N_("there is no check \"%s\""), id);
		err_hint(err, N_("mxladder list checks shows them."));
		return false;
	}
	row->host = (struct dname){ 0 };
	return !at || dname_parse(&row->host, at + 1, err);
}

/* The last second of a day, or a time as it is. */
static bool parse_until(const char *text, int64_t *until)
{
	char time[DATE_LEN + 11];

	if (strlen(text) != DATE_LEN)
		return text_parse_time(text, until);
	snprintf(time, sizeof(time), "%sT23:59:59Z", text);
	return text_parse_time(time, until);
}

/* The next word of a line, ended; NULL at the line's end. */
static char *word(char **at)
{
	char *from = *at + strspn(*at, BLANKS), *end = from + strcspn(from, BLANKS);

	*at = *end ? end + 1 : end;
	*end = '\0';
	return *from ? from : NULL;
}

static bool parse_line(char *line, struct accepted *row, struct err *err)
{
	char *domain = word(&line), *what = word(&line), *until = word(&line), *reason = line + strspn(line, BLANKS);
	size_t len = strlen(reason);

	while (len && strchr(BLANKS, reason[len - 1]))
		reason[--len] = '\0';
	if (!what || !until || !len)
		return err_set(err, ERR_USAGE, N_("a line holds a domain, a check, a day such as 2027-01-31, and a reason"));
	if (!dname_parse(&row->domain, domain, err) || !accept_parse_what(row, what, err))
		return false;
	if (!parse_until(until, &row->until))
		return err_set(err, ERR_USAGE, N_("\"%s\" is no day such as 2027-01-31"), until);
	if (len >= ACCEPT_REASON_MAX)
		return err_set(err, ERR_USAGE, N_("the reason is longer than %d bytes"), ACCEPT_REASON_MAX - 1);
	snprintf(row->reason, sizeof(row->reason), "%s", reason);
	return true;
}

bool accepts_parse(struct accepts *accepts, const char *text, struct err *err)
{
	char *copy = mem_text(text), *next = copy;
	size_t before = accepts->n, number = 0;
	bool ok = true;

	while (ok && next) {
		char *line = next, *end = strchr(next, '\n');
		struct accepted row = { 0 };

		number++;
		next = end ? end + 1 : NULL;
		if (end)
			*end = '\0';
		if (line[strspn(line, BLANKS)] == '\0' || line[strspn(line, BLANKS)] == '#')
			continue;
		ok = parse_line(line, &row, err) || err_context(err, N_("line %zu"), number);
		if (ok) {
			accepts->row = mem_grow(accepts->row, accepts->n, &accepts->cap, sizeof(*accepts->row));
			accepts->row[accepts->n++] = row;
		}
	}
	if (!ok)
		accepts->n = before;
	free(copy);
	return ok;
}

void accepts_line(const struct accepted *row, struct str *out)
{
	char text[DNAME_TEXT_MAX];

	str_addf(out, "%s %s", dname_text(&row->domain, text), row->check->id);
	if (row->host.len)
		str_addf(out, "@%s", dname_text(&row->host, text));
	str_add_char(out, ' ');
	text_time(out, row->until);
	str_addf(out, " %s\n", row->reason);
}

bool accept_parse_until(const char *text, int64_t now, int64_t *until, struct err *err)
{
	uint32_t seconds;
	struct str time;
	bool over;

	if (text_parse_duration(text, &seconds))
		*until = now + seconds;
	else if (!parse_until(text, until))
		return err_set(err, ERR_USAGE, N_("\"%s\" is no day such as 2027-01-31, and no duration such as 90d"), text);
	over = *until <= now;
	str_init(&time, 0);
	text_time(&time, now);
	if (over)
		err_set(err, ERR_USAGE, N_("\"%s\" is over already: this machine's clock shows %s"), text, time.s);
	str_release(&time);
	return !over;
}

int64_t accepts_next_end(const struct accepts *accepts, const struct dname *domain, int64_t now)
{
	int64_t end = 0;

	for (size_t i = 0; i < accepts->n; i++)
		if (accepts->row[i].until >= now && dname_equal(&accepts->row[i].domain, domain) && (!end || accepts->row[i].until < end))
			end = accepts->row[i].until;
	return end;
}

static const struct accepted *find(const struct accepts *accepts, const struct dname *domain, const struct finding *finding, int64_t now)
{
	for (size_t i = 0; i < accepts->n; i++) {
		const struct accepted *row = &accepts->row[i];

		if (row->check == finding->check && row->until >= now && dname_equal(&row->domain, domain) &&
			(!row->host.len || dname_equal(&row->host, &finding->mx.host)))
			return row;
	}
	return NULL;
}

void findings_accept(struct findings *findings, const struct accepts *accepts, const struct dname *domain, int64_t now)
{
	struct finding *behind;
	size_t open = 0, n = 0;

	if (!accepts->n || !findings->n)
		return;
	behind = mem_resize(NULL, findings->n, sizeof(*behind));
	for (size_t i = 0; i < findings->n; i++) {
		struct finding *finding = &findings->finding[i];

		finding->accepted = find(accepts, domain, finding, now);
		if (finding->accepted)
			behind[n++] = *finding;
		else
			findings->finding[open++] = *finding;
	}
	for (size_t i = 0; i < n; i++)
		findings->finding[open + i] = behind[i];
	free(behind);
}
