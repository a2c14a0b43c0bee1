/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/probes.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "show/translate.h"
#include "base/banned.h"

static int by_ladder(const struct facts *facts, const struct smtp_facts *a, const struct smtp_facts *b)
{
	size_t x = mxset_find(&facts->live, &a->host), y = mxset_find(&facts->live, &b->host);
	int order;

	if (x != y)
		return x < y ? -1 : 1;
	order = dname_cmp(&a->host, &b->host);
	if (order == 0)
		order = a->addr.family - b->addr.family;
	return order ? order : memcmp(a->addr.bytes, b->addr.bytes, sizeof(a->addr.bytes));
}

const struct smtp_facts **probes_sorted(const struct facts *facts)
{
	const struct smtp_facts **rows = mem_alloc((facts->n_smtp + 1) * sizeof(*rows));

	for (size_t i = 0, at; i < facts->n_smtp; i++) {
		for (at = i; at > 0 && by_ladder(facts, &facts->smtp[i], rows[at - 1]) < 0; at--)
			rows[at] = rows[at - 1];
		rows[at] = &facts->smtp[i];
	}
	return rows;
}

bool probes_silent_here(const struct facts *facts, const struct smtp_facts *row)
{
	return row->seen == SMTP_SILENT && smtp_reach(facts, row->addr.family) != FACT_YES;
}

struct sign probes_sign(const struct facts *facts, const struct smtp_facts *row)
{
	if (!smtp_is_final(row->seen))
		return (struct sign){ ROLE_PENDING, "…" };
	if (row->seen == SMTP_UNREACHABLE || probes_silent_here(facts, row))
		return (struct sign){ ROLE_DIM, "·" };
	return row->seen == SMTP_READY ? (struct sign){ ROLE_OK, "✔" } : (struct sign){ ROLE_WARNING, "▲" };
}

#define KEPT 3 /* columns of probes that are seen at every width */

/* Those from `kept` on give way, the last one first. */
static void add_titles(const char *const *titles, size_t n, size_t kept, struct document *document)
{
	document_titles(document);
	for (size_t i = 0; i < n; i++)
		document_put(document, ROLE_DIM, i < kept ? 0 : (unsigned)(i - kept + 1), _(titles[i]));
}

static void add_row(const struct facts *facts, const struct smtp_facts *row, struct document *document)
{
	bool up = row->tls == SMTP_TLS_UP;
	char text[ADDR_TEXT_MAX];
	const char *tls = smtp_tls_text(row->tls), *cert = smtp_cert_text(smtp_cert_state(row));

	document_row(document);
	translate_name(document_cell(document, ROLE_HOST, 0, ""), &row->host, false);
	document_put(document, ROLE_ADDRESS, 0, addr_text(&row->addr, text));
	str_add(document_sign(document, probes_sign(facts, row), 0), _(smtp_seen_text(row->seen)));
	document_put(document, ROLE_TEXT, 1, up ? row->cert.version : *tls ? _(tls) : "");
	document_put(document, ROLE_TEXT, 2, *cert ? _(cert) : "");
	if (up && row->cert.n_chain)
		text_time(document_cell(document, ROLE_DIM, 3, ""), row->cert.not_after);
	else
		document_put(document, ROLE_DIM, 3, "");
}

static const struct smtp_facts *first_connected(const struct facts *facts)
{
	for (size_t i = 0; i < facts->n_smtp; i++)
		if (facts->smtp[i].from.family)
			return &facts->smtp[i];
	return NULL;
}

static void add_from(const struct facts *facts, struct document *document)
{
	const struct smtp_facts *met = first_connected(facts);
	char text[ADDR_TEXT_MAX];

	if (facts->n_smtp == 0)
		str_add(document_sentence(document, ROLE_DIM, "·"), _("No mail server was probed: no address is known."));
	else if (met)
		str_addf(document_sentence(document, ROLE_HEADING, ""), _("Probed from %s:"), addr_text(&met->from, text));
	else
		str_add(document_sentence(document, ROLE_HEADING, ""), _("Probed from this machine; no connection came about:"));
}

static void add_tries(const struct facts *facts, const struct smtp_facts *const *rows, struct document *document)
{
	static const char *const titles[] = { N_("host"), N_("address"), N_("postmaster"), N_("a made-up address"), N_("a stranger's") };
	char text[ADDR_TEXT_MAX];

	if (!facts->intrusive)
		return;
	str_add(document_sentence(document, ROLE_HEADING, ""), _("Who is taken as a recipient, from an empty sender:"));
	document->depth++;
	add_titles(titles, 5, 5, document);
	for (size_t i = 0; i < facts->n_smtp; i++) {
		document_row(document);
		translate_name(document_cell(document, ROLE_HOST, 0, ""), &rows[i]->host, false);
		document_put(document, ROLE_ADDRESS, 0, addr_text(&rows[i]->addr, text));
		for (size_t k = 0; k < SMTP_RCPTS; k++)
			document_put(document, ROLE_TEXT, 0, _(smtp_taken_text(rows[i]->rcpt[k].taken)));
	}
	document->depth--;
}

void probes_document(const struct facts *facts, struct document *document)
{
	static const char *const titles[] = { N_("host"), N_("address"), N_("mail server"), N_("TLS"), N_("certificate"), N_("until") };
	const struct smtp_facts **rows;

	if (!facts->probed)
		return;
	add_from(facts, document);
	if (facts->n_smtp == 0)
		return;
	rows = probes_sorted(facts);
	document->depth++;
	add_titles(titles, 6, KEPT, document);
	for (size_t i = 0; i < facts->n_smtp; i++) {
		document->item = (int)i;
		add_row(facts, rows[i], document);
	}
	document->item = -1;
	document->depth--;
	add_tries(facts, rows, document);
	free(rows);
}

/* ---- one of them ---- */

static struct str *plain(struct document *document)
{
	return document_sentence(document, ROLE_TEXT, "");
}

/* Words from outside, escaped; false: there are none. */
static bool heard(const char *words, struct str *out)
{
	str_clear(out);
	text_escape(out, words, strlen(words));
	return out->len > 0;
}

static void add_talk(const struct smtp_facts *row, struct document *document)
{
	struct str text;

	str_init(&text, 0);
	if (heard(row->banner, &text))
		str_addf(plain(document), _("It greets: %s"), text.s);
	if (row->code && heard(row->reply, &text))
		str_addf(plain(document), _("The reply that decided: %u %s"), (unsigned)row->code, text.s);
	if (heard(row->reason, &text))
		str_addf(plain(document), _("Why, in the system's words: %s"), text.s);
	str_clear(&text);
	for (unsigned bit = 1; bit < 1u << SMTP_OFFERS; bit <<= 1)
		if (row->offers & bit)
			str_add_listed(&text, smtp_offer_name(bit));
	if (text.len)
		str_addf(plain(document), _("It offers %s."), text.s);
	str_release(&text);
}

static void add_certificate(const struct smtp_facts *row, struct document *document)
{
	struct str text, names;

	if (!row->cert.n_chain)
		return;
	str_init(&text, 0);
	str_init(&names, 0);
	str_addf(plain(document), _("Its certificate: %s"), _(smtp_cert_text(smtp_cert_state(row))));
	if (heard(row->cert.trust_reason, &text))
		str_addf(plain(document), _("Why it is not trusted: %s"), text.s);
	for (size_t i = 0; i < row->cert.n_names; i++)
		if (heard(row->cert.name[i], &text))
			str_add_listed(&names, text.s);
	if (names.len)
		str_addf(plain(document), _("The certificate names %s."), names.s);
	str_clear(&text);
	text_time(&text, row->cert.not_after);
	str_addf(plain(document), _("It ends at %s."), text.s);
	str_release(&names);
	str_release(&text);
}

void probe_document(const struct smtp_facts *row, struct document *document)
{
	struct str *head = document_heading(document), time;
	char address[ADDR_TEXT_MAX];

	translate_name(head, &row->host, false);
	str_addf(head, " %s", addr_text(&row->addr, address));
	if (!smtp_is_final(row->seen))
		return;
	if (row->seen != SMTP_READY)
		str_add(plain(document), _(smtp_seen_text(row->seen)));
	add_talk(row, document);
	if (row->tls == SMTP_TLS_UP)
		str_addf(plain(document), "%s, %s", row->cert.version, row->cert.cipher);
	else if (*smtp_tls_text(row->tls))
		str_addf(plain(document), _("TLS: %s"), _(smtp_tls_text(row->tls)));
	add_certificate(row, document);
	if (row->dane == FACT_YES)
		str_add(document_sentence(document, ROLE_OK, "✔"), _("It matches a TLSA record."));
	else if (row->dane == FACT_NO)
		str_add(document_sentence(document, ROLE_ERROR, "✖"), _("It matches no TLSA record."));
	str_init(&time, 0);
	text_time(&time, row->at);
	str_addf(document_sentence(document, ROLE_DIM, ""), _("Probed at %s."), time.s);
	str_release(&time);
}
