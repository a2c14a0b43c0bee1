/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_probe.h"

#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/print_document.h"
#include "show/probes.h"
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

json_t *print_probes_json(const struct facts *facts)
{
	const struct smtp_facts **rows;
	json_t *list;

	if (!facts->probed)
		return json_null();
	rows = probes_sorted(facts);
	list = json_array();
	for (size_t i = 0; i < facts->n_smtp; i++)
		json_array_append_new(list, probe_json(facts, rows[i]));
	free(rows);
	return list;
}

void print_probes(const struct facts *facts)
{
	struct document document = print_begin(0);

	probes_document(facts, &document);
	print_document_as(&document, stdout, &(struct print_form){ .indent = { 1, 2 } });
}
