/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_probe.h"

#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/paint.h"
#include "sim/probed.h"
#include "base/banned.h"

static json_t *bits_json(unsigned bits, const char *(*name)(unsigned bit))
{
	json_t *list = json_array();

	for (unsigned bit = 1; bit <= bits; bit <<= 1)
		if (bits & bit)
			json_array_append_new(list, json_string(name(bit)));
	return list;
}

static json_t *fact_json(enum fact fact)
{
	return fact == FACT_UNKNOWN ? json_null() : json_boolean(fact == FACT_YES);
}

static json_t *time_json(int64_t at)
{
	return at ? app_time_json(at) : json_null();
}

static json_t *words_json(const char *text)
{
	return *text ? json_text(text) : json_null();
}

static json_t *digest_json(const uint8_t digest[SMTP_SHA256])
{
	struct str text;
	json_t *value;

	str_init(&text, 0);
	for (size_t i = 0; i < SMTP_SHA256; i++)
		str_addf(&text, "%02x", digest[i]);
	value = json_string(text.s);
	str_release(&text);
	return value;
}

static json_t *cert_json(const struct smtp_facts *row)
{
	const struct smtp_tls_facts *cert = &row->cert;
	json_t *names = json_array(), *chain = json_array();

	for (size_t i = 0; i < cert->n_names; i++)
		json_array_append_new(names, json_text(cert->name[i]));
	for (size_t i = 0; i < cert->n_chain; i++)
		json_array_append_new(chain, json_pack("{s:o, s:o}", "sha256", digest_json(cert->chain[i].sha256), "key_sha256",
						     digest_json(cert->chain[i].key_sha256)));
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:i, s:b, s:o}", "state", smtp_cert_name(smtp_cert_state(row)), "trust",
		smtp_trust_name(cert->trust), "reason", words_json(cert->trust_reason), "names_host", fact_json(cert->names_host), "names",
		names, "not_before", time_json(cert->not_before), "not_after", time_json(cert->not_after), "key_bits", (int)cert->key_bits,
		"weak_signature", (int)cert->weak_signature, "chain", chain);
}

static json_t *tls_json(const struct smtp_facts *row)
{
	bool up = row->tls == SMTP_TLS_UP;

	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "state", smtp_tls_name(row->tls), "version",
		up ? json_string(row->cert.version) : json_null(), "cipher", up ? json_string(row->cert.cipher) : json_null(),
		"forward_secrecy", up ? json_boolean(row->cert.forward) : json_null(), "dane", fact_json(row->dane), "certificate",
		up && row->cert.n_chain ? cert_json(row) : json_null());
}

static json_t *state_json(const struct facts *facts, const struct smtp_facts *row)
{
	enum sim_state state = probed_state(facts, row);

	return state == SIM_UNKNOWN ? json_null() : json_string(sim_states[state].name);
}

static json_t *answer_json(const struct smtp_answer *answer)
{
	const char *name = smtp_taken_name(answer->taken);

	return json_pack("{s:o, s:o, s:o}", "answer", name ? json_string(name) : json_null(), "code",
		answer->code ? json_integer(answer->code) : json_null(), "reply", words_json(answer->reply));
}

static json_t *tried_json(const struct smtp_facts *row)
{
	if (!row->tried)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o}", "sender", answer_json(&row->mail), "postmaster",
		answer_json(&row->rcpt[SMTP_RCPT_POSTMASTER]), "made_up", answer_json(&row->rcpt[SMTP_RCPT_MADE_UP]), "stranger",
		answer_json(&row->rcpt[SMTP_RCPT_STRANGER]));
}

static json_t *probe_json(const struct facts *facts, const struct smtp_facts *row)
{
	char text[ADDR_TEXT_MAX], from[ADDR_TEXT_MAX];
	bool met = smtp_connected(row->seen);

	return json_pack("{s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "host",
		json_name(&row->host), "address", addr_text(&row->addr, text), "at", time_json(row->at), "from",
		row->from.family ? json_string(addr_text(&row->from, from)) : json_null(), "seen", smtp_seen_name(row->seen), "state",
		state_json(facts, row), "code", row->code ? json_integer(row->code) : json_null(), "reply", words_json(row->reply),
		"banner", words_json(row->banner), "reason", words_json(row->reason), "odd", bits_json(row->odd, smtp_odd_name), "offers",
		row->seen == SMTP_READY ? bits_json(row->offers, smtp_offer_name) : json_null(), "size",
		row->size ? json_integer((json_int_t)row->size) : json_null(), "connect_s",
		met ? json_real(row->connect_ms / 1000.0) : json_null(), "greeting_s",
		row->greeting_ms ? json_real(row->greeting_ms / 1000.0) : json_null(), "tls", tls_json(row), "intrusive", tried_json(row));
}

/* Orders the rows as the ladder orders their hosts, those of a draft behind; they came as the answers came. */
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

/* Owned by the caller; n_smtp of them. */
static const struct smtp_facts **sorted(const struct facts *facts)
{
	const struct smtp_facts **rows = mem_alloc((facts->n_smtp + 1) * sizeof(*rows));

	for (size_t i = 0, at; i < facts->n_smtp; i++) {
		for (at = i; at > 0 && by_ladder(facts, &facts->smtp[i], rows[at - 1]) < 0; at--)
			rows[at] = rows[at - 1];
		rows[at] = &facts->smtp[i];
	}
	return rows;
}

json_t *print_probes_json(const struct facts *facts)
{
	const struct smtp_facts **rows;
	json_t *list;

	if (!facts->probed)
		return json_null();
	rows = sorted(facts);
	list = json_array();
	for (size_t i = 0; i < facts->n_smtp; i++)
		json_array_append_new(list, probe_json(facts, rows[i]));
	free(rows);
	return list;
}

/* ---- for people ---- */

static void add_row(struct table *table, const struct smtp_facts *row)
{
	bool up = row->tls == SMTP_TLS_UP;
	char text[ADDR_TEXT_MAX];
	const char *tls = smtp_tls_text(row->tls), *cert = smtp_cert_text(smtp_cert_state(row));

	paint_name(table_cell(table), &row->host);
	table_add(table, addr_text(&row->addr, text));
	table_add(table, gettext(smtp_seen_text(row->seen)));
	table_add(table, up ? row->cert.version : *tls ? gettext(tls) : "");
	table_add(table, *cert ? gettext(cert) : "");
	if (up && row->cert.n_chain)
		text_time(table_cell(table), row->cert.not_after);
	else
		table_add(table, "");
}

static const struct smtp_facts *first_connected(const struct facts *facts)
{
	for (size_t i = 0; i < facts->n_smtp; i++)
		if (facts->smtp[i].from.family)
			return &facts->smtp[i];
	return NULL;
}

static void print_tries(const struct facts *facts, const struct smtp_facts *const *rows)
{
	char text[ADDR_TEXT_MAX];
	struct table table;

	if (!facts->intrusive)
		return;
	print(stdout, N_(" Who is taken as a recipient, from an empty sender:"));
	table_init(&table, 2 + SMTP_RCPTS, 0);
	table_add(&table, _("host"));
	table_add(&table, _("address"));
	table_add(&table, _("postmaster"));
	table_add(&table, _("a made-up address"));
	table_add(&table, _("a stranger's"));
	for (size_t i = 0; i < facts->n_smtp; i++) {
		paint_name(table_cell(&table), &rows[i]->host);
		table_add(&table, addr_text(&rows[i]->addr, text));
		for (size_t k = 0; k < SMTP_RCPTS; k++)
			table_add(&table, gettext(smtp_taken_text(rows[i]->rcpt[k].taken)));
	}
	table_print(&table, stdout, "  ");
}

void print_probes(const struct facts *facts)
{
	const struct smtp_facts *met = first_connected(facts);
	const struct smtp_facts **rows;
	struct table table;
	char text[ADDR_TEXT_MAX];

	if (!facts->probed)
		return;
	if (facts->n_smtp == 0)
		print(stdout, N_(" No mail server was probed: no address is known."));
	else if (met)
		print(stdout, N_(" Probed from %s:"), addr_text(&met->from, text));
	else
		print(stdout, N_(" Probed from this machine; no connection came about:"));
	if (facts->n_smtp == 0)
		return;
	table_init(&table, 6, 0);
	table_add(&table, _("host"));
	table_add(&table, _("address"));
	table_add(&table, _("mail server"));
	table_add(&table, _("TLS"));
	table_add(&table, _("certificate"));
	table_add(&table, _("until"));
	rows = sorted(facts);
	for (size_t i = 0; i < facts->n_smtp; i++)
		add_row(&table, rows[i]);
	table_print(&table, stdout, "  ");
	print_tries(facts, rows);
	free(rows);
}
