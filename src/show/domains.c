/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/domains.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "show/findings.h"
#include "show/outcome.h"
#include "show/translate.h"
#include "base/banned.h"

#define PREFERENCES 8 /* told of a set */

/* Adds the preference of each record, in the order in which they are tried. */
static void add_ladder(const struct roster_row *row, struct str *out)
{
	if (row->null_mx) {
		str_add(out, _("null MX"));
		return;
	}
	for (size_t i = 0; i < row->set.n && i < PREFERENCES; i++)
		str_addf(out, "%s%u", i ? " " : "", (unsigned)row->set.mx[i].preference);
	if (row->set.n > PREFERENCES)
		str_add(out, " …");
}

static void add_mail_at(const struct roster_row *row, struct str *out)
{
	char host[DNAME_TEXT_MAX];

	if (row->hoster && !row->null_mx)
		str_add(out, row->hoster);
	else if (row->own)
		str_add(out, _("own servers"));
	else if (row->set.n && !row->null_mx)
		text_escape(out, host, strlen(mx_host_show(&row->set.mx[0], host)));
}

static void add_account(const struct roster_row *row, struct str *out)
{
	text_escape(out, row->account, strlen(row->account));
}

static void add_ttl(const struct roster_row *row, struct str *out)
{
	if (row->set.n)
		translate_ttl(out, row->set.ttl_s);
}

static void add_served(const struct roster_row *row, struct str *out)
{
	if (row->truth.answered)
		str_addf(out, "%zu/%zu", row->truth.agree, row->truth.servers);
}

static void add_late(double late_s, struct str *out)
{
	struct str text;

	str_init(&text, 0);
	text_duration_about(&text, late_s);
	str_addf(out, _("late %s"), text.s);
	str_release(&text);
}

static void add_failure(const struct roster_row *row, struct str *out)
{
	if (row->null_mx || (row->failure_known && outcome_lost(out, row->lost)))
		return;
	if (!row->failure_known)
		str_add(out, _("unknown"));
	else if (row->late_s > 0)
		add_late(row->late_s, out);
	else
		str_add(out, _("no loss"));
}

static void add_fails(const struct roster_row *row, struct str *out)
{
	str_add(out, row->fails);
}

static void add_draft(const struct roster_row *row, struct str *out)
{
	if (row->drafted)
		str_addf(out, ngettext("%zu change", "%zu changes", row->changes), row->changes);
}

static void add_push(const struct roster_row *row, struct str *out)
{
	if (row->push_is)
		str_add(out, _(row->push_is));
}

static void add_selected(const struct roster_row *row, struct str *out)
{
	if (row->selected)
		str_add(out, _("selected"));
}

static void add_level(const struct roster_row *row, struct str *out)
{
	if (row->state == ROSTER_TOLD && row->worst)
		str_add(out, level_word(row->level));
}

static void add_state(const struct roster_row *row, struct str *out)
{
	if (row->state == ROSTER_UNASKED)
		str_add(out, _("not asked"));
	else if (row->state == ROSTER_ASKED)
		str_add(out, _("asking"));
	else if (row->worst)
		str_addf(out, *row->about ? "%s %s" : "%s", row->worst->id, row->about);
	else if (row->mx == ANSWER_NXDOMAIN)
		str_add(out, _("no such domain"));
	else if (!truth_tells(row->mx))
		str_add(out, _("no answer"));
	else
		str_add(out, _("nothing found"));
}

static struct sign row_sign(const struct roster_row *row)
{
	if (row->state == ROSTER_UNASKED)
		return (struct sign){ ROLE_PENDING, "" };
	if (row->state == ROSTER_ASKED)
		return (struct sign){ ROLE_PENDING, "…" };
	if (row->worst)
		return level_sign(row->level);
	return truth_tells(row->mx) ? (struct sign){ ROLE_OK, "✔" } : (struct sign){ ROLE_WARNING, "?" };
}

static const struct {
	const char *title; /* N_(), or "" */
	bool told;         /* only of a row that was told */
	void (*add)(const struct roster_row *row, struct str *out);
} cells[DOMAIN_CELLS] = {
	[DOMAIN_NAME] = { N_("domain"), false, NULL },
	[DOMAIN_SELECTED] = { "", false, add_selected },
	[DOMAIN_LEVEL] = { "", false, add_level },
	[DOMAIN_STATE] = { N_("worst finding"), false, add_state },
	[DOMAIN_FAILURE] = { N_("worst failure"), true, add_failure },
	[DOMAIN_FAILS] = { N_("what fails"), true, add_fails },
	[DOMAIN_LADDER] = { N_("ladder"), true, add_ladder },
	[DOMAIN_MAIL_AT] = { N_("mail at"), true, add_mail_at },
	[DOMAIN_ACCOUNT] = { N_("account"), false, add_account },
	[DOMAIN_TTL] = { N_("TTL"), true, add_ttl },
	[DOMAIN_SERVED] = { N_("served"), true, add_served },
	[DOMAIN_DRAFT] = { N_("draft"), false, add_draft },
	[DOMAIN_PUSH] = { N_("last push"), false, add_push },
};

void domains_titles(struct document *document)
{
	document_titles(document);
	for (int i = 0; i < DOMAIN_CELLS; i++)
		document_put(document, ROLE_DIM, 0, *cells[i].title ? _(cells[i].title) : "");
}

void domain_row(const struct roster_row *row, bool ascii, struct document *document)
{
	struct sign sign = row_sign(row);

	document_row(document);
	translate_name(document_cell(document, ROLE_HOST, 0, ""), &row->name, ascii);
	for (int i = DOMAIN_NAME + 1; i < DOMAIN_CELLS; i++) {
		enum role role = i == DOMAIN_LEVEL || i == DOMAIN_STATE ? sign.role : i == DOMAIN_DRAFT ? ROLE_DRAFT : ROLE_TEXT;
		struct str *text = document_cell(document, role, 0, i == DOMAIN_LEVEL ? sign.symbol : "");

		if (!cells[i].told || row->state == ROSTER_TOLD)
			cells[i].add(row, text);
	}
}
