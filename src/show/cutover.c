/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/cutover.h"

#include "base/i18n.h"
#include "base/text.h"
#include "show/outcome.h"
#include "show/translate.h"
#include "base/banned.h"

#define ROWS 6 /* steps of the table in each part of the curve, about */

const char *cutover_nothing(const struct cutover *cutover)
{
	if (!cutover)
		return _("There is nothing to cut over: the draft changes nothing.");
	if (cutover->kind == CUTOVER_NOTHING)
		return _("There is nothing to cut over: what is live is the draft already.");
	if (cutover->kind == CUTOVER_UNKNOWN)
		return _("What is live is not known, so there is nothing to cut over from.");
	return NULL;
}

/* The one thing to know. */
static void add_verdict(const struct cutover *cutover, struct document *document)
{
	bool keep = cutover->off_at > cutover->at;
	struct str *text = document_sentence(document, keep ? ROLE_WARNING : ROLE_OK, keep ? "▲" : "✔");
	struct str time;

	str_init(&time, 0);
	text_time(&time, cutover->off_at);
	if (!cutover->off_at)
		str_add(text, _("No server goes, so none has to be kept for old answers."));
	else if (!keep)
		str_add(text, _("The old servers may be switched off as soon as the draft is served."));
	else if (cutover->kind == CUTOVER_DROPS)
		str_addf(text, _("Keep the old servers until %s."), time.s);
	else
		str_addf(text, _("Keep the old names' address records until %s."), time.s);
	str_release(&time);
}

/* known: its share of the mail may be told. */
static void host_msg(const struct cutover_host *host, bool known, bool ascii, struct msg *msg)
{
	struct str share;
	char name[DNAME_TEXT_MAX];

	str_init(&share, 0);
	text_share(&share, host->share);
	if (ascii)
		dname_text(&host->host, name);
	else
		dname_show(&host->host, name);
	switch (host->off) {
	case OFF_DRAINED:
		if (known)
			msg_set(msg, N_("%s may be switched off; until then %s of the mail of old answers goes there and nowhere else"),
				name, share.s);
		else
			msg_set(msg, N_("%s may be switched off; until then mail of old answers goes there and nowhere else"), name);
		break;
	case OFF_OTHERS:
		if (known)
			msg_set(msg,
				N_("%s may be switched off: its %s of the mail of old answers goes to servers that stay, after a failed attempt"),
				name, share.s);
		else
			msg_set(msg,
				N_("%s may be switched off: its mail of old answers goes to servers that stay, after a failed attempt"),
				name);
		break;
	case OFF_UNUSED:
		msg_set(msg, N_("%s may be switched off: no sender tries it first"), name);
		break;
	case OFF_NAME:
		msg_set(msg, N_("the address records of %s may go: the server stays under another name"), name);
		break;
	case OFF_UNKNOWN:
		msg_set(msg,
			N_("no mail of old answers goes to %s any more; what would become of it before cannot be told, as addresses are not known"),
			name);
		break;
	}
	str_release(&share);
}

/* What comes at that time: the text, to be filled. */
static struct str *add_dated(int64_t at, enum role role, struct document *document)
{
	document_row(document);
	text_time(document_cell(document, role, 0, ""), at);
	return document_cell(document, role, 0, "");
}

static void add_moments(const struct cutover *cutover, bool ascii, struct document *document)
{
	str_add(document_heading(document), cutover->at == cutover->now ? _("When, if you push the draft now") : _("When"));
	document->depth++;
	str_add(add_dated(cutover->at, ROLE_TEXT, document), _("every name server has the draft (assumed)"));
	str_add(add_dated(cutover->drained_at, ROLE_TEXT, document), _("caches that keep to the TTL have it"));
	if (cutover->tail_at > cutover->drained_at)
		str_add(add_dated(cutover->tail_at, ROLE_TEXT, document), _("caches that stretch the TTL have it (assumed)"));
	for (size_t i = 0; i < cutover->n_host; i++) {
		const struct cutover_host *host = &cutover->host[i];
		struct msg msg = { 0 };

		host_msg(host, cutover_tells(cutover), ascii, &msg);
		translate_msg(add_dated(host->off_at, host->off_at ? ROLE_HOST : ROLE_TEXT, document), &msg);
	}
	document->depth--;
}

static void add_plan(const char *title, const struct cutover_plan *plan, struct document *document)
{
	str_add(document_heading(document), title);
	document->depth++;
	for (size_t i = 0; i < plan->n; i++)
		translate_msg(
			add_dated(plan->step[i].at, plan->step[i].kind == MOVE_WAIT ? ROLE_DIM : ROLE_TEXT, document), &plan->step[i].text);
	document->depth--;
}

void cutover_document(const struct cutover *cutover, bool ascii, struct document *document)
{
	add_verdict(cutover, document);
	for (size_t i = 0; i < cutover->n_warning; i++)
		document_msg(document, ROLE_WARNING, "▲", &cutover->warning[i]);
	add_moments(cutover, ascii, document);
	add_plan(_("In one go"), &cutover->direct, document);
	if (cutover->staged.n)
		add_plan(_("Step by step, for a short change"), &cutover->staged, document);
	document->depth++;
	document_msg(document, ROLE_NOTICE, "", cutover->staged.n ? &cutover->gain : &cutover->no_stages);
	document->depth--;
	str_add(document_heading(document), _("Where the numbers are from"));
	document->depth++;
	for (size_t i = 0; i < cutover->n_basis; i++)
		document_msg(document, ROLE_DIM, "", &cutover->basis[i]);
	document->depth--;
}

/* ---- the curve ---- */

static void add_share(bool known, double share, struct document *document)
{
	struct str *text = document_number(document, ROLE_TEXT, 0);

	if (known)
		text_share(text, share);
	else
		str_add(text, _("unknown"));
}

void cutover_curve(const struct cutover *cutover, struct document *document)
{
	static const char *const titles[] = { N_("after"), N_("time"), N_("old answers"), N_("mail to old servers"), N_("waits if off"),
		N_("returned if off") };

	document_titles(document);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		str_add(document_number(document, ROLE_DIM, 0), _(titles[i]));
	for (size_t i = 0; i < cutover->n_point; i++) {
		const struct cutover_point *p = &cutover->point[i];

		if (i % ROWS && i + 1 < cutover->n_point)
			continue;
		document_row(document);
		text_duration(document_number(document, ROLE_TEXT, 0), (uint64_t)(p->t_s + 0.5));
		text_time(document_cell(document, ROLE_TEXT, 0, ""), cutover->at + (int64_t)(p->t_s + 0.5));
		add_share(true, p->old, document);
		add_share(cutover_tells(cutover), p->to_old, document);
		add_share(cutover_tells_off(cutover), p->waits, document);
		add_share(cutover_tells_off(cutover), p->lost, document);
	}
}
