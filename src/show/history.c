/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/history.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "show/changes.h"
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
