/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/paint.h"
#include "cli/print.h"
#include "cli/print_document.h"
#include "cli/print_probe.h"
#include "cli/print_servers.h"
#include "cli/print_truth.h"
#include "core/ladder.h"
#include "core/preset.h"
#include "show/ladder.h"
#include "show/probes.h"
#include "show/set.h"
#include "base/banned.h"

static json_t *exists(const struct host_facts *host)
{
	if (!host)
		return json_null();
	if (host->a == ANSWER_NXDOMAIN || host->aaaa == ANSWER_NXDOMAIN)
		return json_false();
	if (host->a == ANSWER_DATA || host->aaaa == ANSWER_DATA || host->a == ANSWER_NODATA || host->aaaa == ANSWER_NODATA)
		return json_true();
	return json_null();
}

static json_t *address_ttl(const struct host_facts *host)
{
	uint32_t ttl = UINT32_MAX;

	if (host && host->a == ANSWER_DATA)
		ttl = host->a_ttl_s;
	if (host && host->aaaa == ANSWER_DATA && host->aaaa_ttl_s < ttl)
		ttl = host->aaaa_ttl_s;
	return host && host->n_addr && ttl != UINT32_MAX ? json_integer(ttl) : json_null();
}

/* null where neither answer came: unknown is not empty. */
static json_t *addresses(const struct host_facts *host)
{
	char text[ADDR_TEXT_MAX];
	json_t *list;

	if (!host || (!host->n_addr && (!answer_is_final(host->a) || answer_is_soft(host->a) || !answer_is_final(host->aaaa) ||
					       answer_is_soft(host->aaaa))))
		return json_null();
	list = json_array();
	for (size_t i = 0; i < host->n_addr; i++)
		json_array_append_new(list, json_string(addr_text(&host->addr[i], text)));
	return list;
}

static json_t *host_json(size_t at, const struct facts *facts, const struct sim_result *result)
{
	const struct mx *mx = &facts->live.mx[at];
	const struct host_facts *host = mx->host.len > 1 ? facts_host(facts, &mx->host) : NULL;
	double share = set_share(result, &facts->live, at);
	char text[DNAME_TEXT_MAX];

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "host", json_text(mx_host_text(mx, text)), "share",
		share < 0 ? json_null() : json_real(share), "addresses", addresses(host), "alias_of",
		host && host->n_alias ? json_name(&host->alias[0]) : json_null(), "exists", exists(host), "address_ttl", address_ttl(host));
}

static json_t *rungs_json(const struct facts *facts, const struct sim_result *result)
{
	struct ladder ladder = { 0 };
	json_t *rungs = json_array();

	ladder_build(&ladder, &facts->live);
	for (size_t r = 0; r < ladder.n; r++) {
		json_t *hosts = json_array();

		for (size_t i = ladder.rung[r].first; i < ladder.rung[r].first + ladder.rung[r].n; i++)
			json_array_append_new(hosts, host_json(i, facts, result));
		json_array_append_new(rungs, json_pack("{s:I, s:o}", "preference", (json_int_t)ladder.rung[r].preference, "hosts", hosts));
	}
	ladder_release(&ladder);
	return rungs;
}

/* The TTL to show. A cache tells what is left of it, which is not the TTL of the set. */
static uint32_t shown_ttl(const struct facts *facts)
{
	return facts->live.ttl_s == MX_TTL_UNKNOWN ? facts->cached.set.ttl_s : facts->live.ttl_s;
}

static json_t *ttl_json(const struct facts *facts)
{
	bool untold = facts->live_source == SOURCE_PROVIDER && facts->live.ttl_s == MX_TTL_UNKNOWN;

	return facts->live.n && !untold ? json_integer(shown_ttl(facts)) : json_null();
}

/* The mail hoster whose set the live set is, or NULL. */
static const struct preset *hoster(const struct facts *facts)
{
	const struct preset *preset = preset_recognise(&facts->live);

	return preset && preset->kind != PRESET_NONE ? preset_owner(preset) : NULL;
}

static json_t *show_json(const struct facts *facts, const struct sim_result *result, const struct err *err)
{
	bool known = facts->mx == ANSWER_DATA || facts->mx == ANSWER_NODATA;
	const char *reason = facts_dnssec_reason(facts);
	json_t *alias = json_array();

	for (size_t i = 0; i < facts->n_alias; i++)
		json_array_append_new(alias, json_name(&facts->alias[i]));
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "domain", json_name(&facts->domain), "source",
		fact_source_name(known ? facts->live_source : facts->source), "held", print_held_json(facts), "cached",
		print_cached_json(facts, loop_now()), "ttl", ttl_json(facts), "dnssec", dnssec_name(facts->dnssec), "dnssec_reason",
		reason ? json_text(gettext(reason)) : json_null(), "null_mx", known ? json_boolean(facts->null_mx) : json_null(),
		"implicit_mx", known ? json_boolean(facts_takes_itself(facts) != FACT_NO) : json_null(), "alias", alias, "rungs",
		rungs_json(facts, result), "servers", print_servers_json(facts), "error", err->code ? json_err(err) : json_null());
}

/* Parts with a blank line between them. */
static void print_part(struct document *document, bool first)
{
	if (document->n && !first)
		puts("");
	print_document_as(document, stdout, &(struct print_form){ .indent = { 1, 2 } });
}

/* Where mail goes without a record. */
static void add_itself(const struct facts *facts, struct document *document)
{
	const struct host_facts *own = facts_takes_itself(facts) == FACT_YES ? facts_host(facts, &facts->domain) : NULL;
	char address[ADDR_TEXT_MAX];

	document->depth++;
	for (size_t i = 0; own && i < own->n_addr; i++)
		str_add(document_sentence(document, ROLE_ADDRESS, ""), addr_text(&own->addr[i], address));
	document->depth--;
}

static void show_text(const struct facts *facts, const struct sim_result *result, bool ascii)
{
	const char *reason = facts_dnssec_reason(facts);
	struct document head = print_begin(0), ladder = print_begin(0), rest = print_begin(0);
	struct msg msg = { 0 };

	set_head(facts, &head);
	print_part(&head, true);
	set_ladder(facts, result, ascii, &ladder);
	print_part(&ladder, false);
	if (facts->live.n)
		set_records(facts, &rest);
	ladder_answer_of(facts, &rest);
	add_itself(facts, &rest);
	probes_document(facts, &rest);
	set_truth(facts, loop_now(), &rest);
	set_name(facts, &rest);
	set_trouble(facts, &rest);
	if (reason && (facts->dnssec == DNSSEC_BOGUS || facts->source == SOURCE_RESOLVER)) {
		msg_set(&msg, N_("DNSSEC: %s"), gettext(reason));
		document_msg(&rest, ROLE_WARNING, "▲", &msg);
	}
	print_part(&rest, false);
}

static int run(struct call *call, struct err *err)
{
	struct sim_result result = { 0 };
	struct marks marks = { 0 };
	struct dname domain;
	struct facts facts;
	struct err failed = { 0 };
	struct subject_ask ask = { .domain = &domain, .depth = SUBJECT_ALL };

	if (!subject_domain(call, 0, &domain, err) || !subject_probes(call, &domain, "--probe", &ask.probe, err))
		return -1;
	subject_survey_by(call, &ask, &facts, NULL);
	if (subject_answered(&facts, &failed))
		subject_looked_up(&facts, &failed);
	if (facts.live.n) {
		struct sim_input in = { .domain = &domain, .set = &facts.live, .facts = &facts, .marks = &marks, .seed = 1 };

		failover_run(&in, senders[0], &result);
	}
	if (call->json) {
		json_t *shown = show_json(&facts, &result, &failed);
		const struct preset *whose = hoster(&facts);

		json_object_set_new(shown, "hoster", whose ? json_string(whose->name) : json_null());
		json_object_set_new(shown, "name", print_name_json(&facts));
		json_object_set_new(shown, "probes", print_probes_json(&facts));
		print_json(shown);
	} else if (failed.code == ERR_NONE || truth_tells(facts.held.mx))
		show_text(&facts, &result, paint_ascii(call));
	sim_result_release(&result);
	facts_release(&facts);
	if (failed.code && !call->json) {
		*err = failed;
		return -1;
	}
	return err_exit_status(failed.code);
}

static const struct option_row options[] = {
	{ "--probe", 0, NULL, N_("connect to port 25 of each address and look at greeting, EHLO, STARTTLS and certificate") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_show = {
	.name = "show",
	.operands = "DOMAIN",
	.min = 1,
	.flags = NEEDS_APP,
	.help = N_("print the ladder"),
	.text = N_(
		"Looks the domain's MX set up and prints it as a ladder, lowest preference first, with the share of first attempts that each "
		"host gets and its addresses; below it the records as hosting panels list them.\n\n"
		"Tells apart: no MX record (mail goes to the domain's own address), a null MX (no mail is taken), a domain that does not "
		"exist, a server that failed, and no answer."),
	.options = options,
	.run = run,
};
