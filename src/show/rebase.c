/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/rebase.h"

#include "base/i18n.h"
#include "show/translate.h"
#include "base/banned.h"

void rebase_sentence(const struct rebase_view *view, struct document *document)
{
	const struct session_rebase *rebase = session_rebase_look(view->session);
	size_t open = merge_undecided(&rebase->merge);

	if (!rebase->possible)
		translate_err(document_sentence(document, ROLE_ERROR, ""), &rebase->err);
	else if (open)
		str_addf(document_sentence(document, ROLE_ERROR, ""),
			ngettext("Both sides changed %zu row, and not alike: %s takes a side.",
				"Both sides changed %zu rows, and not alike: %s takes a side.", open),
			open, view->side);
	else
		str_addf(document_sentence(document, ROLE_NOTICE, ""), _("%s does it: what others changed stays, your edits come on top."),
			view->rebase);
}

struct choice {
	enum merge_how how;
	enum merge_side side;
};

/* Is this a clash of which nobody has chosen a side yet? */
static bool is_open(struct choice choice)
{
	return choice.how == MERGE_CLASH && choice.side == SIDE_OPEN;
}

static bool takes_theirs(struct choice choice)
{
	return choice.how == MERGE_THEIRS || (choice.how == MERGE_CLASH && choice.side == SIDE_THEIRS);
}

static enum role choice_role(struct choice choice)
{
	if (choice.how == MERGE_CLASH)
		return choice.side == SIDE_OPEN ? ROLE_ERROR : ROLE_WARNING;
	return choice.how == MERGE_MINE ? ROLE_CHANGED : choice.how == MERGE_THEIRS ? ROLE_NOTICE : ROLE_TEXT;
}

static void add_verdict(struct choice choice, struct document *document)
{
	const char *symbol = choice.how != MERGE_CLASH ? "" : is_open(choice) ? "✖" : "●";
	struct str *text = document_cell(document, choice_role(choice), 0, symbol);

	if (is_open(choice))
		str_add(text, _("choose"));
	else if (choice.how == MERGE_BOTH)
		str_add(text, _("both"));
	else if (choice.how != MERGE_SAME)
		str_add(text, takes_theirs(choice) ? _("theirs") : _("mine"));
}

static struct str *begin_row(struct choice choice, struct document *document)
{
	document->item++;
	document_row(document);
	return document_cell(document, ROLE_TEXT, 0, is_open(choice) ? "✖" : "");
}

/* "10", "10 +1" for a host with one more record. */
static void add_host(const struct merge_cell *cell, enum role role, struct document *document)
{
	struct str *text = document_cell(document, role, 0, "");

	if (!cell->n)
		str_add(text, _("no"));
	else if (cell->n == 1)
		str_addf(text, "%u", cell->preference);
	else
		str_addf(text, "%u +%zu", cell->preference, cell->n - 1);
}

static void host_row(const struct merge_row *row, bool ascii, struct document *document)
{
	struct choice choice = { row->how, row->side };

	translate_mx(begin_row(choice, document), &row->mx, ascii);
	add_host(&row->base, ROLE_TEXT, document);
	add_host(&row->theirs, ROLE_TEXT, document);
	add_host(&row->mine, ROLE_TEXT, document);
	if (is_open(choice))
		document_cell(document, ROLE_ERROR, 0, "?");
	else
		add_host(takes_theirs(choice) ? &row->theirs : &row->mine, choice_role(choice), document);
	add_verdict(choice, document);
}

static void add_ttl(const struct mxset *set, enum role role, struct document *document)
{
	struct str *text = document_cell(document, role, 0, "");

	if (set->n)
		translate_ttl(text, set->ttl_s);
	else
		str_add(text, _("no"));
}

static void ttl_row(const struct draft *draft, const struct session_rebase *rebase, struct document *document)
{
	struct choice choice = { rebase->merge.ttl, rebase->merge.ttl_side };

	str_add(begin_row(choice, document), _("TTL"));
	add_ttl(&draft->base, ROLE_TEXT, document);
	add_ttl(&rebase->theirs, ROLE_TEXT, document);
	add_ttl(&draft->want, ROLE_TEXT, document);
	if (is_open(choice))
		document_cell(document, ROLE_ERROR, 0, "?");
	else
		add_ttl(&rebase->result, choice_role(choice), document);
	add_verdict(choice, document);
}

void rebase_table(const struct rebase_view *view, struct document *document)
{
	static const char *const titles[REBASE_CELLS] = { "", N_("base"), N_("theirs"), N_("mine"), N_("result"), "" };
	const struct session_rebase *rebase = session_rebase_look(view->session);

	if (!rebase->possible)
		return;
	document_titles(document);
	for (size_t i = 0; i < REBASE_CELLS; i++)
		document_put(document, ROLE_HEADING, 0, *titles[i] ? _(titles[i]) : "");
	for (size_t i = 0; i < rebase->merge.n; i++)
		host_row(&rebase->merge.row[i], view->ascii, document);
	ttl_row(session_draft(view->session), rebase, document);
	document->item = -1;
}
