/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/ladder.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/truth.h"
#include "show/host.h"
#include "show/outcome.h"
#include "show/translate.h"
#include "base/banned.h"

void ladder_gather(const struct session *session, struct ladder_rows *rows)
{
	const struct draft *draft = session_draft(session);
	const struct facts *facts = session_facts(session);
	bool drafting = session_drafting(session) && draft;

	*rows = (struct ladder_rows){ 0 };
	ladder_rows_build(rows, drafting ? &draft->base : NULL, session_set(session));
	if (!rows->n && facts_takes_itself(facts) != FACT_NO && !drafting) {
		struct mxset itself;
		struct mx mx = { .preference = 0, .host = facts->domain };

		mxset_init(&itself);
		mxset_add(&itself, &mx);
		ladder_rows_build(rows, NULL, &itself);
		mxset_release(&itself);
	}
}

/* ---- what the domain's own answer means, where it is no set ---- */

static const char *answer_sentence(const struct facts *facts)
{
	if (facts->null_mx)
		return N_("This domain takes no mail: it has a null MX (RFC 7505).");
	if (facts_takes_itself(facts) == FACT_YES)
		return N_("There is no MX record. Mail goes to the addresses of the domain itself (an implicit MX).");
	if (facts_takes_itself(facts) == FACT_UNKNOWN)
		return N_("There is no MX record. Mail goes to the addresses of the domain itself, if it has any (an implicit MX).");
	if (facts->mx == ANSWER_UNASKED && facts->source == SOURCE_ZONE)
		return N_("No zone file has this name: its MX set is not known.");
	switch (facts->mx) {
	case ANSWER_UNASKED:
	case ANSWER_PENDING:
		return N_("Asking for the MX records …");
	case ANSWER_DATA:
		return NULL;
	case ANSWER_NODATA:
		return N_("There is no MX record, and the domain has no address: it cannot take mail.");
	case ANSWER_NXDOMAIN:
		return truth_by_resolver(facts) ? N_("The resolver says that this domain does not exist.")
						: N_("This domain does not exist.");
	case ANSWER_SERVFAIL:
		if (facts->dnssec == DNSSEC_BOGUS)
			return N_("The answer fails DNSSEC validation, so resolvers do not pass it on: its MX set is not known.");
		return N_("The lookup failed (SERVFAIL): its MX set is not known.");
	case ANSWER_REFUSED:
		return N_("The DNS server refused the lookup: its MX set is not known.");
	case ANSWER_TIMEOUT:
		return N_("No answer came in time: its MX set is not known.");
	case ANSWER_UNREACHABLE:
		return N_("Whom we ask could not be reached: its MX set is not known.");
	default:
		return N_("What came back is no whole answer to the question: its MX set is not known.");
	}
}

static void add_reason(struct str *out, const struct facts *facts)
{
	const char *text = facts->dnssec == DNSSEC_BOGUS ? facts->bogus_reason : facts->mx_reason;

	text_escape(out, text, strlen(text));
}

void ladder_answer(const struct session *session, struct document *document)
{
	if (session_held_error(session))
		translate_err(document_sentence(document, ROLE_WARNING, ""), session_held_error(session));
	if (!session_drafting(session))
		ladder_answer_of(session_facts(session), document);
	else if (!session_set(session)->n)
		str_add(document_sentence(document, ROLE_DRAFT, ""), _("The draft has no record."));
}

void ladder_answer_of(const struct facts *facts, struct document *document)
{
	const char *sentence = answer_sentence(facts);
	struct str reason;

	if (!sentence)
		return;
	str_add(document_sentence(document, facts->mx > ANSWER_NODATA ? ROLE_ERROR : ROLE_NOTICE, ""), _(sentence));
	str_init(&reason, 0);
	if (facts->mx > ANSWER_NODATA)
		add_reason(&reason, facts);
	if (reason.len)
		str_add(document_sentence(document, ROLE_TEXT, ""), reason.s);
	str_release(&reason);
}

/* ---- rows in words ---- */

static void add_share(const struct session *session, const struct sim_result *result, const struct mx *mx, struct document *document)
{
	struct str *cell = document_cell(document, ROLE_TEXT, 0, "");
	double share = host_pending(facts_host(session_facts(session), &mx->host)) ? -1 : outcome_share(&result->first, mx);
	struct str text;

	if (share < 0)
		return;
	str_init(&text, 0);
	outcome_part(&text, share);
	str_addf(cell, _("%s of first attempts"), text.s);
	str_release(&text);
}

static void add_state(const struct session *session, const struct mx *mx, struct document *document)
{
	enum sim_state supposed = marks_host(session_marks(session), &mx->host);
	struct str word;
	struct sign sign;

	str_init(&word, 0);
	sign = host_state(facts_host(session_facts(session), &mx->host), &word);
	str_add(document_sign(document, sign, 0), word.s);
	if (supposed != SIM_UP)
		str_addf(document_cell(document, ROLE_WHATIF, 0, "✖"), _("what if it is %s"), _(sim_states[supposed].label));
	else
		document_put(document, ROLE_TEXT, 0, "");
	str_release(&word);
}

static void add_draft(const struct ladder_row *row, struct document *document)
{
	if (row->mark == ROW_ADDED)
		str_add(document_cell(document, ROLE_ADDED, 0, "+"), _("added in the draft"));
	else if (row->mark == ROW_REMOVED)
		str_add(document_cell(document, ROLE_REMOVED, 0, "-"), _("removed in the draft"));
	else if (row->mark == ROW_CHANGED)
		str_addf(document_cell(document, ROLE_CHANGED, 0, "~"), _("in the draft; it was %u"), row->old_preference);
	else
		document_put(document, ROLE_TEXT, 0, "");
}

static void add_down(struct session *session, const struct mx *mx, struct document *document)
{
	const struct session_down *down = session_down(session, &mx->host, session_sender(session));
	struct str words;
	struct sign sign;

	str_init(&words, 0);
	sign = outcome_down(down, &words);
	str_addf(document_sign(document, sign, 1), _("if it is silent: %s"), words.s);
	str_release(&words);
}

/* Begins a row; false: there is no more to say of it. */
static bool add_row(const struct ladder_row *row, int item, bool ascii, struct document *document)
{
	document->item = item;
	document_row(document);
	str_addf(document_cell(document, ROLE_PREFERENCE, 0, ""), _("preference %u"), row->mx.preference);
	translate_mx(document_cell(document, ROLE_HOST, 0, ""), &row->mx, ascii);
	add_draft(row, document);
	return row->mx.host.len && !dname_is_root(&row->mx.host) && row->mark != ROW_REMOVED;
}

void ladder_document(struct session *session, const struct ladder_rows *rows, bool ascii, struct document *document)
{
	const struct sim_result *result = rows->n ? session_calm(session, session_sender(session), !session_drafting(session)) : NULL;

	for (size_t i = 0; i < rows->n; i++) {
		const struct ladder_row *row = &rows->row[i];

		if (!add_row(row, (int)i, ascii, document))
			continue;
		add_share(session, result, &row->mx, document);
		add_state(session, &row->mx, document);
		add_down(session, &row->mx, document);
	}
	document->item = -1;
}

void ladder_whatif_document(struct session *session, bool ascii, struct document *document)
{
	struct ladder_rows rows = { 0 };

	ladder_rows_build(&rows, NULL, session_set(session));
	for (size_t i = 0; i < rows.n; i++)
		if (add_row(&rows.row[i], (int)i, ascii, document)) {
			add_share(session, session_result(session, session_sender(session)), &rows.row[i].mx, document);
			add_state(session, &rows.row[i].mx, document);
		}
	ladder_rows_release(&rows);
	document->item = -1;
}
