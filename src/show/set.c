/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/set.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/ladder.h"
#include "core/preset.h"
#include "core/server.h"
#include "core/truth.h"
#include "show/outcome.h"
#include "show/translate.h"
#include "base/banned.h"

#define BAR 12

/* ---- who tells what ---- */

/* As a record has it: the null MX is a dot. */
static void add_host(const struct mx *mx, struct str *out)
{
	char text[DNAME_TEXT_MAX];

	mx_host_show(mx, text);
	text_escape(out, text, strlen(text));
}

static void add_names(const struct facts *facts, struct str *out)
{
	translate_name(out, &facts->domain, false);
	for (size_t i = 0; i < facts->n_alias; i++) {
		str_add(out, " > ");
		translate_name(out, &facts->alias[i], false);
	}
}

static void add_ttl(const struct facts *facts, struct document *document)
{
	struct str *cell = document_cell(document, ROLE_TEXT, 0, ""), ttl;

	if (!facts->live.n)
		return;
	str_init(&ttl, 0);
	translate_ttl(&ttl, facts->live.ttl_s);
	str_addf(cell, _("TTL %s"), ttl.s);
	str_release(&ttl);
}

static void add_dnssec(const struct facts *facts, struct document *document)
{
	switch (facts->dnssec) {
	case DNSSEC_SECURE:
		document_put(document, ROLE_OK, 0, _("DNSSEC secure"));
		break;
	case DNSSEC_INSECURE:
		document_put(document, ROLE_TEXT, 0, _("not signed"));
		break;
	case DNSSEC_BOGUS:
		document_put(document, ROLE_ERROR, 0, _("DNSSEC bogus"));
		break;
	default:
		document_put(document, ROLE_TEXT, 0, _("DNSSEC unchecked"));
	}
}

void set_source(const struct facts *facts, struct str *out)
{
	struct str name;

	str_init(&name, 0);
	text_escape(&name, facts->source_name, strlen(facts->source_name));
	switch (facts->live_source) {
	case SOURCE_PROVIDER:
		str_addf(out, _("held by account %s"), facts->held.account);
		break;
	case SOURCE_SERVER:
		if (facts->source == SOURCE_SERVER)
			str_addf(out, _("served by %s"), name.s);
		else
			str_add(out, _("served"));
		break;
	case SOURCE_ZONE:
		str_add(out, name.s);
		break;
	default:
		if (name.len)
			str_addf(out, _("cached by %s"), name.s);
		else
			str_add(out, _("cached"));
	}
	str_release(&name);
}

void set_head(const struct facts *facts, struct document *document)
{
	const struct preset *preset = preset_recognise(&facts->live);
	struct msg msg = { 0 };

	document_row(document);
	add_names(facts, document_cell(document, ROLE_TITLE, 0, ""));
	add_ttl(facts, document);
	add_dnssec(facts, document);
	document_put(document, ROLE_TEXT, 0, preset && preset->kind != PRESET_NONE ? preset_owner(preset)->title : "");
	set_source(facts, document_cell(document, ROLE_TEXT, 0, ""));
	servers_agree_text(facts, truth_tells(facts->mx) ? &facts->live : NULL, &msg);
	if (msg.id)
		translate_msg(document_cell(document, ROLE_TEXT, 0, ""), &msg);
	else
		document_put(document, ROLE_TEXT, 0, "");
}

/* ---- the ladder ---- */

double set_share(const struct sim_result *result, const struct mxset *set, size_t at)
{
	const struct sim_share *row = result->first.share;
	const struct mx *mx = &set->mx[at];
	size_t n = result->first.n;

	/* The rows of a result stand as its set's records do. */
	for (size_t i = at < n ? at : 0, looked = 0; looked < n; i = (i + 1) % n, looked++)
		if (row[i].preference == mx->preference && dname_equal(&row[i].host, &mx->host))
			return outcome_known(&result->first, row[i].share);
	return -1;
}

static const char *joint(const struct rung *rung, size_t i, bool ascii)
{
	if (rung->n == 1)
		return ascii ? "-" : "─";
	if (i == rung->first)
		return ascii ? "+" : "┬";
	if (i == rung->first + rung->n - 1)
		return ascii ? "`" : "└";
	return ascii ? "|" : "├";
}

static void add_share(double share, bool ascii, struct document *document)
{
	struct str *cell = document_number(document, ROLE_TEXT, 0);
	int full = (int)(share * BAR + 0.5);

	if (share >= 0)
		text_share(cell, share);
	cell = document_cell(document, ROLE_BAR, 0, "");
	if (share >= 0 && full == 0)
		str_add(cell, ascii ? "." : "·");
	for (int i = 0; share >= 0 && i < full; i++)
		str_add(cell, ascii ? "#" : "█");
}

static void add_addresses(const struct facts *facts, const struct mx *mx, struct str *out)
{
	const struct host_facts *host = mx->host.len > 1 ? facts_host(facts, &mx->host) : NULL;
	char text[ADDR_TEXT_MAX];

	if (dname_is_root(&mx->host))
		str_add(out, _("null MX: no mail is taken"));
	if (!host)
		return;
	for (size_t i = 0; i < host->n_alias; i++) {
		str_add(out, i ? " > " : "> ");
		translate_name(out, &host->alias[i], false);
	}
	for (size_t i = 0; i < host->n_addr; i++)
		str_addf(out, "%s%s", out->len ? "  " : "", addr_text(&host->addr[i], text));
	if (host->n_addr == 0)
		str_addf(out, "%s%s", out->len ? "  " : "", _(answer_name(host->a)));
}

void set_ladder(const struct facts *facts, const struct sim_result *result, bool ascii, struct document *document)
{
	const struct mxset *set = &facts->live;
	struct ladder ladder = { 0 };

	ladder_build(&ladder, set);
	for (size_t r = 0; r < ladder.n; r++)
		for (size_t i = ladder.rung[r].first; i < ladder.rung[r].first + ladder.rung[r].n; i++) {
			struct str *preference;

			document_row(document);
			preference = document_number(document, ROLE_PREFERENCE, 0);
			if (i == ladder.rung[r].first)
				str_addf(preference, "%lu", (unsigned long)ladder.rung[r].preference);
			document_put(document, ROLE_TREE, 0, joint(&ladder.rung[r], i, ascii));
			add_host(&set->mx[i], document_cell(document, ROLE_HOST, 0, ""));
			add_share(set_share(result, set, i), ascii, document);
			add_addresses(facts, &set->mx[i], document_cell(document, ROLE_ADDRESS, 0, ""));
		}
	ladder_release(&ladder);
}

void set_records(const struct facts *facts, struct document *document)
{
	const struct dname *owner = facts->n_alias ? &facts->alias[facts->n_alias - 1] : &facts->domain;
	const struct mxset *set = &facts->live;

	document_titles(document);
	document_put(document, ROLE_DIM, 0, _("Name"));
	document_put(document, ROLE_DIM, 0, _("Type"));
	str_add(document_number(document, ROLE_DIM, 0), _("Preference"));
	document_put(document, ROLE_DIM, 0, _("Value"));
	str_add(document_number(document, ROLE_DIM, 0), _("TTL"));
	for (size_t i = 0; i < set->n; i++) {
		document_row(document);
		translate_name(document_cell(document, ROLE_TEXT, 0, ""), owner, false);
		document_put(document, ROLE_TEXT, 0, "MX");
		str_addf(document_number(document, ROLE_PREFERENCE, 0), "%lu", (unsigned long)set->mx[i].preference);
		add_host(&set->mx[i], document_cell(document, ROLE_HOST, 0, ""));
		if (set->ttl_s == MX_TTL_UNKNOWN)
			str_add(document_number(document, ROLE_TEXT, 0), _("not known"));
		else
			str_addf(document_number(document, ROLE_TEXT, 0), "%lu", (unsigned long)set->ttl_s);
	}
}

/* ---- what else has to be known ---- */

static void add_cache(const struct facts *facts, const struct truth *truth, struct document *document)
{
	const char *by = facts->source_name[0] ? facts->source_name : _("the system's resolver");
	struct str left, records;
	struct msg msg = { 0 };

	str_init(&left, 0);
	str_init(&records, 0);
	translate_left(&left, truth->cache_left_s);
	for (size_t i = 0; i < facts->cached.set.n; i++) {
		str_addf(&records, "%s%lu ", i ? ", " : "", (unsigned long)facts->cached.set.mx[i].preference);
		add_host(&facts->cached.set.mx[i], &records);
	}
	if (!records.len)
		msg_set(&msg, N_("The cache of %s has no record, for %s."), by, left.s);
	else if (truth->agree && truth->agree == truth->answered)
		msg_set(&msg, N_("The cache of %s still has the old set, for %s: %s"), by, left.s, records.s);
	else
		msg_set(&msg, N_("The cache of %s has another set, for %s: %s"), by, left.s, records.s);
	document_msg(document, ROLE_WARNING, "▲", &msg);
	str_release(&left);
	str_release(&records);
}

void set_truth(const struct facts *facts, int64_t now, struct document *document)
{
	struct truth truth;
	struct str left;

	truth_look(&truth, facts, now);
	if (truth.cache == CACHE_DIFFERS)
		add_cache(facts, &truth, document);
	if (truth.live == TRUTH_HELD && facts->held.ttl_guessed)
		str_add(document_sentence(document, ROLE_DIM, ""),
			_("The provider does not tell the TTL of a record that leaves it to the zone."));
	if (truth.live == TRUTH_CACHED && truth.disagree)
		str_add(document_sentence(document, ROLE_WARNING, "▲"),
			_("The name servers do not agree with each other; this is what a resolver has."));
	if (truth.live == TRUTH_CACHED && facts->live.n && !truth.ttl_known) {
		str_init(&left, 0);
		translate_left(&left, truth.cache_left_s);
		str_addf(document_sentence(document, ROLE_WARNING, "▲"),
			_("Only a resolver's cache told this set, and keeps it for %s: the set's own TTL is not known."), left.s);
		str_release(&left);
	}
}

static void add_elsewhere(const struct facts *facts, struct document *document)
{
	char name[DNAME_TEXT_MAX], held[DNAME_TEXT_MAX];
	struct msg msg = { 0 };

	msg_set(&msg, N_("The name lies in the zone %s, which is delegated away from %s: what account %s holds for it is not seen."),
		dname_show(&facts->zone, name), dname_show(&facts->held.zone, held), facts->held.account);
	document_msg(document, ROLE_ERROR, "✖", &msg);
}

void set_name(const struct facts *facts, struct document *document)
{
	char name[DNAME_TEXT_MAX];
	struct msg msg = { 0 };

	if (facts_below_cut(facts) == FACT_YES)
		add_elsewhere(facts, document);
	if (facts->delegated == FACT_NO)
		str_add(document_sentence(document, ROLE_ERROR, "✖"),
			_("The zone is not delegated: its parent names no server for it, so nobody finds what it holds."));
	if (facts->below_dname == FACT_YES)
		str_add(document_sentence(document, ROLE_ERROR, "✖"),
			_("The name lies below a DNAME: no record can stand at it (RFC 6672)."));
	if (facts->synthesised == FACT_YES && facts->wildcard_name.len)
		msg_set(&msg, N_("These records are those of the wildcard %s; a record of the name's own takes their place."),
			dname_show(&facts->wildcard_name, name));
	else if (facts->synthesised == FACT_YES)
		msg_set(&msg, N_("These records are a wildcard's; a record of the name's own takes their place."));
	else if (facts->wildcard == FACT_YES)
		msg_set(&msg, N_("A wildcard would answer for this name, if nothing stood at it or below it."));
	if (msg.id)
		document_msg(document, ROLE_NOTICE, "●", &msg);
}

void set_trouble(const struct facts *facts, struct document *document)
{
	struct server_count count;
	struct msg msg = { 0 };

	servers_count(facts, NULL, &count);
	/* Where none answered, the first of them stands in the head already. */
	for (size_t skip = count.by_state[SERVER_ANSWERS] || count.by_state[SERVER_PENDING] ? 0 : 1;; skip++) {
		servers_trouble_text(facts, skip, &msg);
		if (!msg.id)
			return;
		document_msg(document, ROLE_WARNING, "▲", &msg);
	}
}
