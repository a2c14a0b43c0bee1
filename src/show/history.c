/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/history.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "show/changes.h"
#include "show/ladder_rows.h"
#include "show/translate.h"
#include "base/banned.h"

static void add_outside(struct str *out, const char *text)
{
	if (!text || !*text)
		return;
	str_add(out, out->len ? "; " : "");
	text_escape(out, text, strlen(text));
}

static void add_state(const struct past_push *push, bool running, struct document *document)
{
	bool good = push->undone || (push->state && (!strcmp(push->state, "published") || !strcmp(push->state, "unchanged")));

	if (running)
		str_add(document_cell(document, ROLE_PENDING, 0, "…"), _("running"));
	else
		str_add(document_cell(document, good ? ROLE_OK : ROLE_ERROR, 0, good ? "✔" : "✖"), _(history_state_text(push)));
	document_put(document, ROLE_ERROR, 0, push->unfinished && !running ? _("unfinished") : "");
}

void past_push_row(const struct past_push *push, bool brief, bool running, struct document *document)
{
	struct str *cell;

	document_row(document);
	cell = document_cell(document, ROLE_TEXT, 0, "");
	if (brief)
		text_time(cell, push->at);
	else
		add_outside(cell, push->id);
	add_state(push, running, document);
	add_outside(document_cell(document, ROLE_TEXT, 0, ""), push->by);
	add_outside(document_cell(document, ROLE_TEXT, 0, ""), push->ticket);
	cell = document_cell(document, ROLE_TEXT, 0, "");
	add_outside(cell, push->note);
	for (size_t i = 0; brief && i < push->plan.n_approval; i++)
		add_outside(cell, push->plan.approval[i].note);
	document_put(document, ROLE_TEXT, 0, push->revert_of ? _("(a revert)") : "");
}

void past_push_document(const struct past_push *push, bool whole, struct document *document)
{
	if (whole)
		add_outside(document_heading(document), push->id);
	document->depth += whole;
	changes_document(&push->plan.base, &push->plan.want, document);
	approvals_document(&push->plan, document);
	document->depth -= whole;
}

/* ---- before and after ---- */

static struct sign mark_sign(enum row_mark mark)
{
	static const enum role marked[] = {
		[ROW_SAME] = ROLE_HOST, [ROW_ADDED] = ROLE_ADDED, [ROW_REMOVED] = ROLE_REMOVED, [ROW_CHANGED] = ROLE_CHANGED
	};

	return (struct sign){ marked[mark], row_mark_symbol(mark) };
}

static void add_preference(bool there, uint32_t preference, struct document *document)
{
	struct str *cell = document_number(document, ROLE_TEXT, 0);

	if (there)
		str_addf(cell, "%u", preference);
}

void past_push_sets(const struct past_push *push, bool ascii, struct document *document)
{
	const struct mxset *before = &push->plan.base, *after = &push->plan.want;
	struct ladder_rows rows = { 0 };

	ladder_rows_build(&rows, before, after);
	document_titles(document);
	document_put(document, ROLE_DIM, 0, _("host"));
	str_add(document_number(document, ROLE_DIM, 0), _("before"));
	str_add(document_number(document, ROLE_DIM, 0), _("after"));
	for (size_t i = 0; i < rows.n; i++) {
		const struct ladder_row *row = &rows.row[i];

		document_row(document);
		translate_mx(document_sign(document, mark_sign(row->mark), 0), &row->mx, ascii);
		add_preference(row->mark != ROW_ADDED, row->mark == ROW_CHANGED ? row->old_preference : row->mx.preference, document);
		add_preference(row->mark != ROW_REMOVED, row->mx.preference, document);
	}
	document_row(document);
	str_add(document_sign(document, mark_sign(before->ttl_s == after->ttl_s ? ROW_SAME : ROW_CHANGED), 0), _("TTL"));
	translate_ttl(document_number(document, ROLE_TEXT, 0), before->ttl_s);
	translate_ttl(document_number(document, ROLE_TEXT, 0), after->ttl_s);
	ladder_rows_release(&rows);
}
