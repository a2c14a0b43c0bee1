/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/host.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/facts/smtp.h"
#include "show/outcome.h"
#include "show/probes.h"
#include "show/translate.h"
#include "base/banned.h"

#define DAY_S 86400

bool host_pending(const struct host_facts *host)
{
	return host && (host->a == ANSWER_PENDING || host->aaaa == ANSWER_PENDING);
}

struct sign host_state(const struct host_facts *host, struct str *word)
{
	enum answer worse;

	if (!host || (host->a == ANSWER_UNASKED && host->aaaa == ANSWER_UNASKED)) {
		str_add(word, _("not asked"));
		return (struct sign){ ROLE_PENDING, "·" };
	}
	if (host->n_alias && !host_pending(host) && host->n_addr) {
		str_add(word, _("alias"));
		return (struct sign){ ROLE_ERROR, "▲" };
	}
	if (host->n_addr) {
		str_add(word, _("found"));
		return (struct sign){ ROLE_OK, "✔" };
	}
	if (host_pending(host)) {
		str_add(word, _("asking"));
		return (struct sign){ ROLE_PENDING, "…" };
	}
	worse = answer_is_soft(host->a) ? host->a : answer_is_soft(host->aaaa) ? host->aaaa : host->a;
	if (worse == ANSWER_NODATA || worse == ANSWER_DATA)
		str_add(word, _("no address"));
	else
		str_add(word, _(answer_name(worse)));
	return answer_is_soft(worse) ? (struct sign){ ROLE_WARNING, "▲" } : (struct sign){ ROLE_ERROR, "✖" };
}

static void label(struct document *document, const char *text)
{
	document_row(document);
	document_put(document, ROLE_DIM, 0, text);
}

/* ---- addresses ---- */

/* Adds an address. A cache's TTL is only what is left of it. */
static void add_address(const struct facts *facts, const struct host_facts *host, size_t i, struct document *document)
{
	uint32_t ttl_s = host->addr[i].family == 4 ? host->a_ttl_s : host->aaaa_ttl_s;
	struct str *cell, left;
	char text[ADDR_TEXT_MAX];

	label(document, i ? "" : _("addresses"));
	cell = document_cell(document, ROLE_ADDRESS, 0, "");
	str_init(&left, 0);
	text_duration(&left, ttl_s);
	addr_text(&host->addr[i], text);
	if (facts->source == SOURCE_ZONE)
		str_addf(cell, "%s, %s", text, left.s);
	else
		str_addf(cell, _("%s, cached for %s"), text, left.s);
	str_release(&left);
}

static void add_addresses(const struct facts *facts, const struct host_facts *host, bool ascii, struct document *document)
{
	struct str word, name;
	struct sign sign;

	if (host && host->n_alias) {
		str_init(&name, 0);
		translate_name(&name, &host->alias[host->n_alias - 1], ascii);
		label(document, _("alias"));
		str_addf(document_cell(document, ROLE_ERROR, 0, "▲"), _("of %s"), name.s);
		str_release(&name);
	}
	for (size_t i = 0; host && i < host->n_addr; i++)
		add_address(facts, host, i, document);
	if (host && host->n_addr)
		return;
	str_init(&word, 0);
	sign = host_state(host, &word);
	label(document, _("addresses"));
	str_add(document_sign(document, sign, 0), word.s);
	str_release(&word);
}

/* ---- names of addresses ---- */

static void add_back(const struct ptr_facts *ptr, const char *address, const char *name, struct document *document)
{
	if (ptr->back == FACT_YES)
		str_addf(document_cell(document, ROLE_OK, 0, "✔"), _("%s → %s, both ways"), address, name);
	else if (ptr->back == FACT_NO)
		str_addf(document_cell(document, ROLE_WARNING, 0, "▲"), _("%s → %s, which does not lead back"), address, name);
	else
		str_addf(document_cell(document, ROLE_WARNING, 0, "?"), _("%s → %s; whether it leads back is not known"), address, name);
}

static void add_name(const struct ptr_facts *ptr, bool ascii, struct document *document)
{
	char address[ADDR_TEXT_MAX];
	struct str name;

	addr_text(&ptr->addr, address);
	if (ptr->ptr == ANSWER_PENDING || ptr->waiting) {
		str_addf(document_cell(document, ROLE_PENDING, 0, "…"), _("asking for the name of %s"), address);
	} else if (ptr->ptr == ANSWER_DATA && ptr->n) {
		str_init(&name, 0);
		translate_name(&name, &ptr->name[0], ascii);
		add_back(ptr, address, name.s, document);
		str_release(&name);
	} else if (ptr->ptr == ANSWER_NODATA || ptr->ptr == ANSWER_NXDOMAIN) {
		str_addf(document_cell(document, ROLE_WARNING, 0, "▲"), _("%s has no name"), address);
	} else {
		str_addf(document_cell(document, ROLE_WARNING, 0, "?"), _("the name of %s is not known"), address);
	}
}

static void add_names(const struct facts *facts, const struct host_facts *host, bool ascii, struct document *document)
{
	bool first = true;

	for (size_t i = 0; host && i < host->n_addr; i++) {
		const struct ptr_facts *ptr = facts_ptr(facts, &host->addr[i]);

		if (!ptr || ptr->ptr == ANSWER_UNASKED)
			continue;
		label(document, first ? _("name") : "");
		add_name(ptr, ascii, document);
		first = false;
	}
}

static void add_zone(const struct facts *facts, const struct dname *host, bool ascii, struct document *document)
{
	const struct zone_facts *zone = facts_zone_of(facts, host);
	struct str *cell;

	if (!zone)
		return;
	label(document, _("zone"));
	cell = document_cell(document, ROLE_TEXT, 0, "");
	translate_name(cell, &zone->apex, ascii);
	for (size_t i = 0; i < zone->n_ns; i++) {
		str_add(cell, i ? ", " : ": ");
		translate_name(cell, &zone->name_server[i], ascii);
	}
}

/* ---- port 25 ---- */

static void add_certificate(const struct smtp_facts *row, int64_t now, struct str *cell)
{
	enum smtp_cert_state state = smtp_cert_state(row);

	if (state == SMTP_CERT_NONE)
		return;
	str_addf(cell, ", %s", _(smtp_cert_text(state)));
	if (row->cert.not_after > now) {
		int days = (int)((row->cert.not_after - now) / DAY_S);

		str_add(cell, ", ");
		str_addf(cell, ngettext("%d day left", "%d days left", (unsigned long)days), days);
	}
}

static void add_probes(const struct facts *facts, const struct host_facts *host, int64_t now, struct document *document)
{
	char address[ADDR_TEXT_MAX];
	const struct smtp_facts *met = NULL;

	if (!facts->probed) {
		label(document, _("port 25"));
		str_add(document_cell(document, ROLE_DIM, 0, "·"), _("not probed"));
		return;
	}
	for (size_t i = 0, n = 0; host && i < host->n_addr; i++) {
		const struct smtp_facts *row = facts_smtp(facts, &host->host, &host->addr[i]);
		struct str *cell;

		if (!row)
			continue;
		label(document, n++ ? "" : _("port 25"));
		met = row->from.family ? row : met;
		cell = document_sign(document, probes_sign(facts, row), 0);
		str_addf(cell, "%s: ", addr_text(&row->addr, address));
		if (probes_silent_here(facts, row))
			str_addf(cell, _("no server answers over IPv%u from here"), row->addr.family);
		else
			str_add(cell, _(smtp_seen_text(row->seen)));
		if (row->tls == SMTP_TLS_UP)
			str_addf(cell, ", %s", row->cert.version);
		else if (*smtp_tls_text(row->tls)) {
			str_add(cell, ", ");
			str_addf(cell, _("TLS: %s"), _(smtp_tls_text(row->tls)));
		}
		add_certificate(row, now, cell);
	}
	if (met) {
		label(document, "");
		str_addf(document_cell(document, ROLE_DIM, 0, ""), _("probed from %s"), addr_text(&met->from, address));
	}
}

static void add_dane(const struct facts *facts, const struct dname *host, struct document *document)
{
	const struct tlsa_facts *tlsa = facts_tlsa(facts, host);

	if (!tlsa || tlsa->answer != ANSWER_DATA)
		return;
	label(document, "DANE");
	if (tlsa_guards(tlsa) == FACT_YES)
		str_add(document_cell(document, ROLE_OK, 0, "✔"), _("senders with DANE go by its TLSA records"));
	else if (tlsa_any_usable(tlsa) == FACT_NO)
		str_add(document_cell(document, ROLE_NOTICE, 0, "●"),
			_("none of its TLSA records can be used: senders with DANE insist on TLS at most, and take any certificate"));
	else if (tlsa_guards(tlsa) == FACT_NO)
		str_add(document_cell(document, ROLE_NOTICE, 0, "●"), _("no sender goes by its TLSA records"));
	else
		str_add(document_cell(document, ROLE_WARNING, 0, "?"), _("whether senders go by its TLSA records is not known"));
}

/* ---- when it is silent ---- */

/* What it comes to by each sender of the list, in words. */
struct said {
	size_t n;
	struct down_said {
		struct sign sign;
		struct str words;
		bool told;
	} * by;
};

static void say_all(const struct host_view *view, struct said *said)
{
	const struct sender *const *list = session_senders(view->session);

	*said = (struct said){ 0 };
	while (list[said->n])
		said->n++;
	said->by = mem_alloc(said->n * sizeof(*said->by));
	for (size_t i = 0; i < said->n; i++) {
		str_init(&said->by[i].words, 0);
		said->by[i].sign = outcome_down(session_down(view->session, &view->mx->host, list[i]), &said->by[i].words);
	}
}

static void said_release(struct said *said)
{
	for (size_t i = 0; i < said->n; i++)
		str_release(&said->by[i].words);
	free(said->by);
}

/* Senders with the same outcome as this one share its row. */
static void add_senders(const struct host_view *view, struct said *said, size_t like, struct document *document)
{
	const struct sender *const *list = session_senders(view->session);
	struct str *titles;

	if (like >= said->n || said->by[like].told)
		return;
	document_row(document);
	str_add(document_sign(document, said->by[like].sign, 0), said->by[like].words.s);
	titles = document_cell(document, ROLE_TEXT, 0, "");
	for (size_t i = 0; i < said->n; i++)
		if (!strcmp(said->by[i].words.s, said->by[like].words.s)) {
			said->by[i].told = true;
			str_add_listed(titles, sender_title(list[i]));
		}
}

/* All senders together, each by what it weighs. */
static void add_mix(const struct host_view *view, struct document *document)
{
	struct session_down mix;
	struct str words;
	struct sign sign;

	if (!session_down_mix(view->session, &view->mx->host, &mix))
		return;
	str_init(&words, 0);
	sign = outcome_down(&mix, &words);
	document_row(document);
	str_add(document_sign(document, sign, 0), words.s);
	document_put(document, ROLE_TEXT, 0, _("the mix of all senders"));
	str_release(&words);
}

static void add_down(const struct host_view *view, struct document *document)
{
	const struct sender *const *list = session_senders(view->session);
	const struct session_down *down = session_down(view->session, &view->mx->host, session_sender(view->session));
	struct str name, share;
	struct said said;
	size_t chosen = 0;

	if (!down)
		return;
	str_add(document_heading(document), _("If it alone is silent"));
	if (down->known && down->taker_share > 0.0005) {
		str_init(&name, 0);
		str_init(&share, 0);
		translate_name(&name, &down->taker, view->ascii);
		outcome_part(&share, down->taker_share);
		str_addf(document_sentence(document, ROLE_TEXT, ""), _("%s takes %s of the mail (%s)."), name.s, share.s,
			sender_title(session_sender(view->session)));
		str_release(&name);
		str_release(&share);
	}
	say_all(view, &said);
	for (size_t i = 0; i < said.n; i++)
		chosen = list[i] == session_sender(view->session) ? i : chosen;
	add_senders(view, &said, chosen, document); /* its row comes first */
	add_mix(view, document);
	for (size_t i = 0; i < said.n; i++)
		add_senders(view, &said, i, document);
	said_release(&said);
}

void host_document(const struct host_view *view, struct document *document)
{
	const struct facts *facts = session_facts(view->session);
	const struct host_facts *host = view->mx->host.len ? facts_host(facts, &view->mx->host) : NULL;

	if (!view->mx->host.len) {
		str_add(document_sentence(document, ROLE_ERROR, "✖"), _("This is no host name."));
		return;
	}
	if (dname_is_root(&view->mx->host)) {
		str_add(document_sentence(document, ROLE_TEXT, ""), _("This record says that the domain takes no mail."));
		return;
	}
	add_addresses(facts, host, view->ascii, document);
	add_names(facts, host, view->ascii, document);
	add_zone(facts, &view->mx->host, view->ascii, document);
	add_probes(facts, host, view->now, document);
	add_dane(facts, &view->mx->host, document);
	add_down(view, document);
}
