/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/review.h"

#include <string.h>

#include "base/i18n.h"
#include "core/change.h"
#include "show/changes.h"
#include "show/companions.h"
#include "show/findings.h"
#include "show/outcome.h"
#include "show/push.h"
#include "show/translate.h"
#include "base/banned.h"

#define NOISE 1e-9 /* of sums of shares */

static void add_approval(const struct review_view *view, struct document *document)
{
	const struct gates *gates = session_gates(view->session);

	if (!session_approved(view->session))
		str_addf(document_sentence(document, ROLE_WARNING, "▲"), _("Not approved yet: %s approves."), view->approve);
	else if (gates && gates_blocking(gates))
		str_addf(document_sentence(document, ROLE_WARNING, "▲"), _("Approved, but blocked by a gate: %s asks for a reason."),
			view->push);
	else
		str_addf(document_sentence(document, ROLE_OK, "✔"), _("Approved: %s pushes."), view->push);
}

static void add_plan(const struct review_view *view, struct document *document)
{
	struct err err = { 0 };
	const struct plan *plan = session_plan(view->session, &err);
	struct msg msg;

	if (!plan && view->accounts) {
		str_addf(document_sentence(document, ROLE_WARNING, "▲"),
			_("No account holds this domain yet, so it cannot be pushed: %s shows the accounts, and one is added there. The draft is kept."),
			view->accounts);
		return;
	}
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

static void add_cured(const struct findings *cured, struct document *document)
{
	if (!cured->n)
		return;
	str_addf(document_heading(document), ngettext("The draft cures %zu finding", "The draft cures %zu findings", cured->n), cured->n);
	document->depth++;
	for (size_t i = 0; i < cured->n; i++)
		finding_line(&cured->finding[i], document);
	document->depth--;
}

/* ---- what a failure comes to, before and after ---- */

static struct sign failure_side(const struct session_down *down, bool is_in, struct str *out)
{
	if (is_in)
		return outcome_down(down, out);
	str_add(out, _("not in the set"));
	return (struct sign){ ROLE_DIM, "·" };
}

static bool is_unknown(const struct session_down *down, bool is_in)
{
	return is_in && (!down->known || down->unknown > NOISE);
}

/* Adds a failure that the draft changes. False, and nothing added, where it makes no difference; what is not known may make one. */
static bool add_failure(const struct session_failure *failure, bool ascii, struct document *document)
{
	struct sign before, after;
	struct str was, is;
	bool differs;

	str_init(&was, 0);
	str_init(&is, 0);
	before = failure_side(&failure->before, failure->in_live, &was);
	after = failure_side(&failure->after, failure->in_draft, &is);
	differs = strcmp(was.s, is.s) != 0 || is_unknown(&failure->before, failure->in_live) ||
		  is_unknown(&failure->after, failure->in_draft);
	if (differs) {
		document_row(document);
		translate_name(document_cell(document, ROLE_HOST, 0, ""), &failure->host, ascii);
		document_put(document, ROLE_DIM, 0, _("before:"));
		str_add(document_sign(document, before, 0), was.s);
		document_put(document, ROLE_DIM, 0, _("after:"));
		str_add(document_sign(document, after, 0), is.s);
	}
	str_release(&was);
	str_release(&is);
	return differs;
}

static void add_failures(const struct review_view *view, struct document *document)
{
	const struct sender *sender = session_sender(view->session);
	const struct session_failures *all = session_failures(view->session, sender);
	size_t n = 0;

	if (!all->n)
		return;
	str_addf(document_heading(document), _("What changes when one server alone is silent (%s)"), sender_title(sender));
	document->depth++;
	for (size_t i = 0; i < all->n; i++)
		n += add_failure(&all->failure[i], view->ascii, document);
	if (!n)
		str_add(document_sentence(document, ROLE_TEXT, "="), _("Nothing: for each of its servers it comes to the same as before."));
	document->depth--;
}

/* Adds the worst failure where the draft changes it. */
static void add_worst(struct session *session, struct document *document)
{
	struct msg before, behind;
	struct str was, is;

	session_worst(session, session_sender(session), true, &before);
	session_worst(session, session_sender(session), false, &behind);
	str_init(&was, 0);
	str_init(&is, 0);
	translate_msg(&was, &before);
	translate_msg(&is, &behind);
	if (strcmp(was.s, is.s) != 0) {
		str_addf(document_heading(document), _("The worst single failure (%s)"), sender_title(session_sender(session)));
		document->depth++;
		document_row(document);
		document_put(document, ROLE_TEXT, 0, _("before:"));
		document_put(document, ROLE_TEXT, 0, was.s);
		document_row(document);
		document_put(document, ROLE_TEXT, 0, _("after:"));
		document_put(document, ROLE_TEXT, 0, is.s);
		document->depth--;
	}
	str_release(&was);
	str_release(&is);
}

/* Adds a heading and what stands below it; nothing where that is empty. */
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

static void add_requests(const struct review_view *view, const struct push *preview, struct document *document)
{
	bool folded = view->unfold && review_folds(view->session);

	if (!preview)
		return;
	document->item = REVIEW_REQUESTS;
	str_add(document_heading(document), _("The requests"));
	document->item = -1;
	document->depth++;
	if (!preview->done && preview->phase < PHASE_PREVIEWED)
		str_add(document_sentence(document, ROLE_PENDING, "…"), _("reading from the provider"));
	push_steps_document(preview, folded ? PUSH_STEPS_TITLES : PUSH_STEPS_WHOLE, document);
	if (folded)
		str_addf(document_sentence(document, ROLE_DIM, ""), _("%s shows each as it would be sent."), view->unfold);
	if (preview->err.code && !(preview->gates.n && gates_blocking(&preview->gates))) /* those stand above */
		translate_err(document_sentence(document, ROLE_ERROR, "✖"), &preview->err);
	document->depth--;
}

bool review_folds(const struct session *session)
{
	const struct push *preview = session_drafting(session) ? session_preview_push(session) : NULL;

	for (size_t i = 0; preview && i < preview->n_step; i++)
		if (preview->step[i].request)
			return true;
	return false;
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
	add_cured(session_cured(session), document);
	add_failures(view, document);
	add_worst(session, document);
	companions_document(session_companions(session, view->now), document);
	add_kind(session, document);
	add_requests(view, session_preview_push(session), document);
}
