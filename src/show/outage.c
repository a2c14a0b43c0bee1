/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/outage.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "show/outcome.h"
#include "show/translate.h"
#include "base/banned.h"

const struct outage_result *outage_row_result(const struct session_outage *outage, size_t row)
{
	return row > 0 && row <= outage->n ? &outage->result[row - 1] : &outage->mix;
}

void outage_titles(struct document *document)
{
	static const char *const titles[] = { N_("at once"), N_("late"), N_("late, median"), N_("warned"), N_("returned"),
		N_("first return"), N_("empty after"), N_("shuns for") };

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
	text_share(document_number(document, share > 0 ? role : ROLE_DIM, 0), share);
}

/* Less than 0: there is none. */
static void add_time(enum role role, double seconds, struct document *document)
{
	struct str *text = document_number(document, seconds < 0 ? ROLE_DIM : role, 0);

	if (seconds >= 0)
		text_duration_about(text, seconds);
}

/* A range where the sender's own clock decides. */
static void add_range(double seconds, const double range[2], struct document *document)
{
	struct str *text;

	if (seconds < 0 || !outage_range_matters(seconds, range)) {
		add_time(ROLE_TEXT, seconds, document);
		return;
	}
	text = document_number(document, ROLE_TEXT, 0);
	text_duration_about(text, range[0]);
	str_add(text, "–");
	text_duration_about(text, range[1]);
}

/* With a mark where it rests on assumptions. */
static void add_title(const struct sender *sender, struct str *out)
{
	str_add(out, sender ? sender_title(sender) : _("the mix of senders"));
	if (sender && sender_sureness_over_time(sender) == SURE_ASSUMED)
		str_add(out, " ?");
}

void outage_result_row(const struct outage_result *r, struct document *document)
{
	bool waits = r->late + r->returned_late > 0;

	document_row(document);
	add_title(r->sender, document_sign(document, row_sign(r), 0));
	if (r->unknown) {
		str_add(document_number(document, ROLE_WARNING, 0), _("unknown"));
		for (int i = OUTAGE_LATE; i < OUTAGE_CELLS; i++)
			document_number(document, ROLE_TEXT, 0);
		return;
	}
	add_share(ROLE_OK, r->at_once, document);
	add_share(ROLE_WARNING, r->late, document);
	add_range(r->late > 0 && r->sender ? r->late_median_s : -1, r->late_median_range_s, document);
	add_share(ROLE_NOTICE, r->warned, document);
	add_share(ROLE_ERROR, r->returned_at_once + r->returned_late, document);
	add_time(ROLE_ERROR, r->first_return_s, document);
	add_range(waits ? r->empty_after_s : -1, r->empty_after_range_s, document);
	add_time(ROLE_TEXT, r->sender && r->stream.used_again_s > 1 ? r->stream.used_again_s : -1, document);
}

void outage_row(const struct session_outage *outage, size_t row, struct document *document)
{
	outage_result_row(outage_row_result(outage, row), document);
}

/* ---- new mail while it lasts ---- */

void outage_stream_titles(struct document *document)
{
	static const char *const titles[] = { N_("waits"), N_("untried"), N_("connections"), N_("delay, median") };

	str_add(document_heading(document), _("New mail while it lasts"));
	document->depth++;
	document_titles(document);
	document_put(document, ROLE_DIM, 0, _("sender"));
	document_put(document, ROLE_DIM, 0, _("delivered by"));
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		str_add(document_number(document, ROLE_DIM, 0), _(titles[i]));
	document->depth--;
}

/* "mx1.example.com 50 %, mx2.example.com 50 %"; false: nobody takes any. */
static bool add_hosts(const struct stream_result *s, struct str *out)
{
	for (size_t i = 0; i < s->first.n; i++) {
		if (s->first.share[i].share < 0.0005)
			continue;
		str_add(out, out->len ? ", " : "");
		translate_name(out, &s->first.share[i].host, false);
		if (stream_shares_known(s)) {
			str_add_char(out, ' ');
			text_share(out, s->first.share[i].share);
		}
	}
	return out->len;
}

void outage_stream_row(const struct outage_result *r, struct document *document)
{
	const struct stream_result *s = &r->stream;
	bool any;

	if (r->unknown)
		return;
	document->depth++;
	document_row(document);
	document->depth--;
	add_title(s->sender, document_cell(document, ROLE_TEXT, 0, ""));
	any = add_hosts(s, document_cell(document, ROLE_HOST, 0, ""));
	add_share(ROLE_WARNING, s->first.deferred, document);
	add_share(ROLE_TEXT, s->untried, document);
	if (stream_is_open(s)) {
		str_add(document_number(document, ROLE_WARNING, 0), _("unknown"));
		str_add(document_number(document, ROLE_WARNING, 0), _("unknown"));
		return;
	}
	str_addf(document_number(document, ROLE_TEXT, 0), "%.2f", s->connections_mean);
	add_time(ROLE_TEXT, any ? s->delay_median_s : -1, document);
}

void outage_stream_limits(const struct stream_result *s, struct document *document)
{
	struct str *text;

	if (stream_is_open(s)) {
		text = document_sentence(document, ROLE_WARNING, "?");
		str_addf(text, _("unknown: more messages come than %s delivers at the same time, so they wait for each other."),
			sender_title(s->sender));
	} else if (s->crowded) {
		text = document_sentence(document, ROLE_DIM, "");
		str_addf(text,
			_("%s: more messages come than it delivers at the same time (at most %u), so they wait for each other and share connections."),
			sender_title(s->sender), s->sender->parallel_max);
	}
	if (s->by_speed) {
		text = document_sentence(document, ROLE_DIM, "");
		str_addf(text,
			_("%s: it keeps connections open for mail that comes in a row, so a server that is slow to answer gets less. How fast the servers are is not known."),
			sender_title(s->sender));
	}
}

void outage_streams_document(const struct session_outage *outage, struct document *document)
{
	bool any = false;

	for (size_t i = 0; i < outage->n; i++)
		any |= !outage->result[i].unknown;
	if (any)
		outage_stream_titles(document);
	for (size_t i = 0; i < outage->n; i++)
		outage_stream_row(&outage->result[i], document);
	for (size_t i = 0; i < outage->n; i++)
		if (!outage->result[i].unknown)
			outage_stream_limits(&outage->result[i].stream, document);
}

/* ---- what happens when ---- */

void outage_events_told(const struct outage_result *const *results, size_t n, struct document *document)
{
	struct outage_event *event = mem_alloc((n * OUTAGE_EVENTS + 1) * sizeof(*event));
	bool unknown = false;
	size_t events;

	for (size_t i = 0; i < n; i++)
		unknown |= results[i]->unknown;
	events = outage_events(results, n, event, n * OUTAGE_EVENTS);
	str_add(document_heading(document), _("What happens when"));
	if (unknown)
		str_add(document_sentence(document, ROLE_WARNING, ""),
			_("Nothing is told of senders whose mail comes to servers with addresses that are not known."));
	else if (!events)
		str_add(document_sentence(document, ROLE_OK, ""), _("No sender warns its authors, returns mail or keeps any waiting."));
	document->depth++;
	for (size_t i = 0; i < events; i++)
		document_msg(document, ROLE_TEXT, "", &event[i].text);
	document->depth--;
	free(event);
}

void outage_mix_document(const char *source, struct document *document)
{
	str_addf(document_sentence(document, ROLE_DIM, ""), _("Source of the mix of senders: %s."), _(source));
}

void outage_events_document(const struct session_outage *outage, struct document *document)
{
	const struct outage_result *results[MIX_SENDERS];

	for (size_t i = 0; i < outage->n; i++)
		results[i] = &outage->result[i];
	outage_events_told(results, outage->n, document);
	outage_mix_document(outage->mix_source, document);
}
