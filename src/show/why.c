/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/why.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "show/sums.h"
#include "show/translate.h"
#include "sim/attempt/why.h"
#include "base/banned.h"

static void add_source(const char *source, enum sender_sure sure, struct document *document)
{
	const char *label = _(sender_sure_label(sure));

	if (sure == SURE_ASSUMED)
		str_add(document_sentence(document, ROLE_WARNING, "?"), label);
	else
		str_addf(document_sentence(document, ROLE_DIM, "·"), "%s (%s)", source, label);
}

/* ---- the message ---- */

static void add_step(const struct sim_step *step, bool ascii, struct document *document)
{
	trace_step(step, ascii, document);
	document->depth += 2;
	if (*step->rule)
		str_add(document_sentence(document, ROLE_INFO, ""), _(step->rule));
	add_source(step->source, step->sure, document);
	document->depth -= 2;
}

static void add_message(const struct sim_result *result, bool ascii, struct document *document)
{
	str_add(document_heading(document), _("One message, step by step"));
	document->depth++;
	for (size_t i = 0; i < result->n_step; i++)
		add_step(&result->step[i], ascii, document);
	if (result->exact)
		str_add(document_sentence(document, ROLE_DIM, ""), _("The shares are exact: every order that can be drawn was followed."));
	else
		str_addf(document_sentence(document, ROLE_DIM, ""),
			_("The shares are sampled from %lu messages; a share is off by %.1f points at most, two times in three."),
			result->samples, 100 * result->stderr_share);
	document->depth--;
}

/* ---- the sender ---- */

static void add_rule(const struct why_row *row, struct document *document)
{
	struct str *text = document_sentence(document, ROLE_TEXT, "");

	if (row->state)
		str_addf(text, "%s: ", _(sim_states[row->state].label));
	translate_msg(text, &row->text);
}

static void add_rules(const struct sender *sender, struct document *document)
{
	struct why_row *row = mem_alloc(WHY_ROWS * sizeof(*row));
	size_t n = why_sender(sender, row);

	str_addf(document_heading(document), _("How %s works"), sender_title(sender));
	for (size_t i = 0; i < n; i++) {
		document->depth++;
		if (i == 0 || row[i].group != row[i - 1].group)
			str_add(document_heading(document), _(why_group_title(row[i].group)));
		document->depth++;
		add_rule(&row[i], document);
		document->depth++;
		if (i + 1 == n || row[i + 1].group != row[i].group)
			add_source(sender->source[row[i].group].text, sender->source[row[i].group].sure, document);
		document->depth -= 3;
	}
	free(row);
}

void why_document(const struct sim_result *result, bool ascii, struct document *document)
{
	add_message(result, ascii, document);
	add_rules(result->sender, document);
}
