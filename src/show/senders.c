/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/senders.h"

#include "base/i18n.h"
#include "show/outcome.h"
#include "base/banned.h"

#define SOME 0.0005 /* a share below this is none */

static void add_heads(struct document *document)
{
	document_titles(document);
	document_put(document, ROLE_HEADING, 0, _("All senders"));
	document_put(document, ROLE_DIM, 0, _("delivered"));
	document_put(document, ROLE_DIM, 1, _("delay"));
	document_put(document, ROLE_DIM, 2, _("worst case"));
}

static void add_delivered(double lost, double unknown, struct document *document)
{
	double missing = lost + unknown;
	struct sign sign = lost > SOME      ? (struct sign){ ROLE_ERROR, "✖" }
			   : unknown > SOME ? (struct sign){ ROLE_WARNING, "?" }
					    : (struct sign){ ROLE_OK, "✔" };

	outcome_part(document_sign(document, sign, 0), 1 - missing);
}

static void add_worst(const struct sim_outcome *final, struct str *out)
{
	struct str share;

	str_init(&share, 0);
	if (final->bounced > SOME) {
		outcome_part(&share, final->bounced);
		str_addf(out, _("%s bounced"), share.s);
	} else if (final->deferred > SOME) {
		outcome_part(&share, final->deferred);
		str_addf(out, _("%s never"), share.s);
	} else if (final->unknown > SOME) {
		outcome_part(&share, final->unknown);
		str_addf(out, _("%s unknown"), share.s);
	} else {
		str_add(out, "–");
	}
	str_release(&share);
}

static void add_row(const struct sim_result *result, bool chosen, struct document *document)
{
	const struct sim_outcome *final = &result->final;
	double lost = final->bounced + final->deferred;
	struct str *cell;

	document_row(document);
	cell = document_cell(document, chosen ? ROLE_SELECTED : ROLE_TEXT, 0, "");
	str_addf(cell, "%s%s", sender_title(result->sender), sender_sureness(result->sender) == SURE_ASSUMED ? " ?" : "");
	add_delivered(lost, final->unknown, document);
	cell = document_cell(document, ROLE_TEXT, 1, "");
	if (lost + final->unknown > 1 - SOME)
		str_add(cell, "–");
	else
		outcome_delay(cell, result->delay_min_s, result->delay_max_s);
	add_worst(final, document_cell(document, ROLE_TEXT, 2, ""));
}

void senders_document(struct session *session, const struct sender *const *list, struct document *document)
{
	add_heads(document);
	for (size_t i = 0; list[i]; i++) {
		document->item = (int)i;
		add_row(session_result(session, list[i]), list[i] == session_sender(session), document);
	}
	document->item = -1;
}
