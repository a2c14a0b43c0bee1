/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/sums.h"

#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "show/outcome.h"
#include "show/translate.h"
#include "sim/attempt/why.h"
#include "base/banned.h"

#define STEPS 20 /* of one message, told */

void sums_titles(struct document *document)
{
	static const char *const titles[] = { N_("first attempt"), N_("waits"), N_("returned"), N_("late"), N_("lost in the end"),
		N_("unknown"), N_("connections") };

	document_titles(document);
	document_put(document, ROLE_DIM, 0, _("sender"));
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		str_add(document_number(document, ROLE_DIM, 0), _(titles[i]));
}

void sums_row(const struct sim_result *result, struct document *document)
{
	double now = outcome_delivered(&result->first), lost = result->final.deferred + result->final.bounced;
	const double shares[] = { now, result->first.deferred, result->first.bounced, fmax(0, outcome_delivered(&result->final) - now),
		lost, result->final.unknown };

	document_row(document);
	str_addf(document_cell(document, ROLE_TEXT, 0, ""), "%s%s", sender_title(result->sender),
		sender_sureness(result->sender) == SURE_ASSUMED ? " ?" : "");
	for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++)
		text_share(document_number(document, ROLE_TEXT, 0), shares[i]);
	if (result->first.unknown > 0)
		str_add(document_number(document, ROLE_TEXT, 0), _("unknown"));
	else
		str_addf(document_number(document, ROLE_TEXT, 0), "%.2f", result->connections_mean);
}

/* ---- one sender ---- */

static void add_share(const char *what, double share, struct document *document)
{
	document_row(document);
	document_put(document, ROLE_TEXT, 0, what);
	text_share(document_number(document, ROLE_TEXT, 0), share);
}

static void add_outcome(const char *title, const char *rest, const struct sim_outcome *outcome, struct document *document)
{
	str_add(document_sentence(document, ROLE_HEADING, ""), title);
	document->depth++;
	for (size_t i = 0; i < outcome->n; i++) {
		document_row(document);
		translate_name(document_cell(document, ROLE_HOST, 0, ""), &outcome->share[i].host, false);
		text_share(document_number(document, ROLE_TEXT, 0), outcome->share[i].share);
	}
	if (outcome->deferred > 0)
		add_share(rest, outcome->deferred, document);
	if (outcome->unknown > 0)
		add_share(_("unknown: too little is known"), outcome->unknown, document);
	if (outcome->bounced > 0)
		add_share(_("returned to the sender"), outcome->bounced, document);
	document->depth--;
}

void trace_step(const struct sim_step *step, bool ascii, struct document *document)
{
	bool good = !strcmp(step->code, "accepted");
	char address[ADDR_TEXT_MAX];
	struct str *where;

	document_row(document);
	text_duration(document_number(document, ROLE_TEXT, 0), (uint64_t)(step->at_s + 0.5));
	where = document_cell(document, good ? ROLE_OK : ROLE_WARNING, 0, good ? "✔" : "▲");
	if (step->host.len)
		translate_name(where, &step->host, ascii);
	if (step->addr.family)
		str_addf(where, " [%s]", addr_text(&step->addr, address));
	translate_msg(document_cell(document, ROLE_TEXT, 0, ""), &step->result);
}

void trace_document(const struct sim_result *result, bool ascii, struct document *document)
{
	for (size_t i = 0; i < result->n_step && i < STEPS; i++)
		trace_step(&result->step[i], ascii, document);
}

void sender_document(const struct sim_result *result, struct document *document)
{
	str_addf(document_sentence(document, ROLE_HEADING, ""), "%s (%s)", sender_title(result->sender),
		_(sender_sure_label(sender_sureness(result->sender))));
	document->depth++;
	add_outcome(_("first delivery attempt:"), _("waits in the sender's queue"), &result->first, document);
	add_outcome(_("in the end, if it stays so:"), _("not delivered"), &result->final, document);
	str_add(document_sentence(document, ROLE_HEADING, ""), _("one message:"));
	document->depth++;
	trace_document(result, false, document);
	document->depth--;
	if (!result->exact)
		str_addf(document_sentence(document, ROLE_DIM, ""), _("sampled: %lu messages"), result->samples);
	document->depth--;
}
