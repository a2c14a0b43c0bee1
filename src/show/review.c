/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/review.h"

#include "base/i18n.h"
#include "core/change.h"
#include "show/changes.h"
#include "show/companions.h"
#include "show/findings.h"
#include "show/push.h"
#include "show/translate.h"
#include "base/banned.h"

static void add_approval(const struct review_view *view, struct document *document)
{
	const struct gates *gates = session_gates(view->session);

	if (!session_approved(view->session))
		str_addf(document_sentence(document, ROLE_WARNING, "▲"), _("Not approved yet: %s approves."), view->approve);
	else if (gates && gates_blocking(gates))
		str_addf(document_sentence(document, ROLE_WARNING, "▲"), _("Approved, but blocked as told below: %s asks for a reason."),
			view->push);
	else
		str_addf(document_sentence(document, ROLE_OK, "✔"), _("Approved: %s pushes."), view->push);
}

static void add_plan(const struct review_view *view, struct document *document)
{
	struct err err = { 0 };
	const struct plan *plan = session_plan(view->session, &err);
	struct msg msg;

	if (!plan) {
		translate_err(document_sentence(document, ROLE_ERROR, "✖"), &err);
		return;
	}
	add_approval(view, document);
	if (*plan->ticket) {
		msg_set(&msg, N_("Ticket: %s"), plan->ticket);
		document_msg(document, ROLE_TEXT, "", &msg);
	}
	document->depth++;
	approvals_document(plan, document);
	document->depth--;
}

static void add_changes(const struct draft *draft, struct document *document)
{
	struct changes changes = { 0 };

	changes_between(&changes, &draft->base, &draft->want);
	str_addf(document_heading(document), ngettext("%zu change", "%zu changes", changes.n), changes.n);
	changes_release(&changes);
	document->depth++;
	changes_document(&draft->base, &draft->want, document);
	document->depth--;
}

static void add_findings(const struct findings *findings, struct document *document)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++)
		n += findings->finding[i].introduced;
	if (!n) {
		str_add(document_sentence(document, ROLE_OK, "✔"), _("The draft brings no new finding."));
		return;
	}
	str_addf(document_heading(document), ngettext("The draft brings %zu finding", "The draft brings %zu findings", n), n);
	document->depth++;
	for (size_t i = 0; i < findings->n; i++)
		if (findings->finding[i].introduced)
			finding_line(&findings->finding[i], document);
	document->depth--;
}

static void add_worst(struct session *session, struct document *document)
{
	struct msg before, behind;

	session_worst(session, session_sender(session), true, &before);
	session_worst(session, session_sender(session), false, &behind);
	str_addf(document_heading(document), _("The worst single failure (%s)"), sender_title(session_sender(session)));
	document->depth++;
	document_row(document);
	document_put(document, ROLE_TEXT, 0, _("before:"));
	translate_msg(document_cell(document, ROLE_TEXT, 0, ""), &before);
	document_row(document);
	document_put(document, ROLE_TEXT, 0, _("after:"));
	translate_msg(document_cell(document, ROLE_TEXT, 0, ""), &behind);
	document->depth--;
}

/* A heading that has nothing below it is not said. */
static void add_kind(struct session *session, struct document *document)
{
	const struct plan *plan = session_plan(session, NULL);
	const struct push *preview = session_preview_push(session);
	struct push_kind kind;

	if (!plan || !push_kind(plan, preview, &kind))
		return;
	str_add(document_heading(document), _("How it is pushed"));
	document->depth++;
	push_kind_document(plan, preview, document);
	document->depth--;
}

static void add_requests(const struct push *preview, struct document *document)
{
	if (!preview)
		return;
	str_add(document_heading(document), _("The requests"));
	document->depth++;
	if (!preview->done && preview->phase < PHASE_PREVIEWED)
		str_add(document_sentence(document, ROLE_PENDING, "…"), _("reading from the provider"));
	push_steps_document(preview, true, document);
	if (preview->err.code)
		translate_err(document_sentence(document, ROLE_ERROR, "✖"), &preview->err);
	document->depth--;
}

void review_document(const struct review_view *view, struct document *document)
{
	struct session *session = view->session;

	if (!session_drafting(session)) {
		str_add(document_sentence(document, ROLE_TEXT, ""), _("There is nothing to review: the draft changes nothing."));
		return;
	}
	add_plan(view, document);
	if (session_gates(session))
		gates_document(session_gates(session), document);
	add_changes(session_draft(session), document);
	add_findings(session_findings(session), document);
	add_worst(session, document);
	companions_document(session_companions(session, view->now), document);
	add_kind(session, document);
	add_requests(session_preview_push(session), document);
}
