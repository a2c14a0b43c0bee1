/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/outage.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "show/outcome.h"
#include "base/banned.h"

#define EVENTS (MIX_SENDERS * 4)

const struct outage_result *outage_row_result(const struct session_outage *outage, size_t row)
{
	return row > 0 && row <= outage->n ? &outage->result[row - 1] : &outage->mix;
}

void outage_titles(struct document *document)
{
	static const char *const titles[] = { N_("at once"), N_("late"), N_("warned"), N_("returned"), N_("first return"),
		N_("empty after"), N_("shuns for") };

	document_titles(document);
	document_put(document, ROLE_HEADING, 0, _("Sender"));
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		str_add(document_number(document, ROLE_DIM, 0), _(titles[i]));
}

static struct sign row_sign(const struct outage_result *r)
{
	if (r->unknown)
		return (struct sign){ ROLE_WARNING, "?" };
	if (r->returned_at_once + r->returned_late > 0)
		return (struct sign){ ROLE_ERROR, "✖" };
	return r->late > 0 ? (struct sign){ ROLE_WARNING, "▲" } : (struct sign){ ROLE_OK, "✔" };
}

static void add_share(enum role role, double share, struct document *document)
{
	outcome_share(document_number(document, share > 0 ? role : ROLE_DIM, 0), share);
}

/* Less than 0: there is none. */
static void add_time(enum role role, double seconds, struct document *document)
{
	struct str *text = document_number(document, seconds < 0 ? ROLE_DIM : role, 0);

	if (seconds >= 0)
		text_duration_about(text, seconds);
}

/* A range where the sender's own clock decides. */
static void add_empty(const struct outage_result *r, struct document *document)
{
	bool waits = r->late + r->returned_late > 0;
	struct str *text;

	if (!waits || !outage_range_matters(r->empty_after_s, r->empty_after_range_s)) {
		add_time(ROLE_TEXT, waits ? r->empty_after_s : -1, document);
		return;
	}
	text = document_number(document, ROLE_TEXT, 0);
	text_duration_about(text, r->empty_after_range_s[0]);
	str_add(text, "–");
	text_duration_about(text, r->empty_after_range_s[1]);
}

void outage_row(const struct session_outage *outage, size_t row, struct document *document)
{
	const struct outage_result *r = outage_row_result(outage, row);
	struct str *name;

	document_row(document);
	name = document_sign(document, row_sign(r), 0);
	str_add(name, row ? sender_title(r->sender) : _("the mix of senders"));
	if (row && sender_sureness_over_time(r->sender) == SURE_ASSUMED)
		str_add(name, " ?");
	if (r->unknown) {
		str_add(document_number(document, ROLE_WARNING, 0), _("unknown"));
		for (int i = OUTAGE_LATE; i < OUTAGE_CELLS; i++)
			document_number(document, ROLE_TEXT, 0);
		return;
	}
	add_share(ROLE_OK, r->at_once, document);
	add_share(ROLE_WARNING, r->late, document);
	add_share(ROLE_NOTICE, r->warned, document);
	add_share(ROLE_ERROR, r->returned_at_once + r->returned_late, document);
	add_time(ROLE_ERROR, r->first_return_s, document);
	add_empty(r, document);
	add_time(ROLE_TEXT, row && r->stream.used_again_s > 1 ? r->stream.used_again_s : -1, document);
}

static void add_events(const struct session_outage *outage, struct document *document)
{
	const struct outage_result *results[MIX_SENDERS];
	struct outage_event *event = mem_alloc(EVENTS * sizeof(*event));
	bool unknown = false;
	size_t n;

	for (size_t i = 0; i < outage->n; i++) {
		results[i] = &outage->result[i];
		unknown |= outage->result[i].unknown;
	}
	n = outage_events(results, outage->n, event, EVENTS);
	if (unknown)
		str_add(document_sentence(document, ROLE_WARNING, ""),
			_("Nothing is told of senders whose mail comes to servers with addresses that are not known."));
	else if (!n)
		str_add(document_sentence(document, ROLE_OK, ""), _("No sender warns its authors, returns mail or keeps any waiting."));
	document->depth++;
	for (size_t i = 0; i < n; i++)
		document_msg(document, ROLE_TEXT, "", &event[i].text);
	document->depth--;
	free(event);
}

void outage_events_document(const struct session_outage *outage, struct document *document)
{
	str_add(document_heading(document), _("What happens when"));
	add_events(outage, document);
	str_addf(document_sentence(document, ROLE_DIM, ""), _("The mix of senders is %s."), _(outage->mix_source));
}
