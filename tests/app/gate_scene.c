/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "../core/sets.h"

static const struct provider vendor = { .name = "vendor",
	.title = "Vendor",
	.caps = CAP_NULL_MX,
	.limits = { .ttl_min_s = 60, .ttl_max_s = 86400, .records_max = 3, .preference_max = 255 } };
static const struct provider vendor_without_null = { .name = "vendor", .title = "Vendor" };

const struct provider *gate_vendor(const struct scene *scene)
{
	return scene->no_null ? &vendor_without_null : &vendor;
}

static void add_host(struct facts *facts, const char *word)
{
	size_t len = strlen(word) - 1;
	char name[100];
	struct host_facts *row;
	struct dname host = facts->domain;

	snprintf(name, sizeof(name), "%.*s.exempel.com", (int)len, word);
	if (*word != '@')
		assert_true(dname_parse(&host, name, NULL));
	row = facts_host_add(facts, &host);
	row->a = word[len] == '+' ? ANSWER_DATA : word[len] == '-' ? ANSWER_NODATA : ANSWER_SERVFAIL;
	row->aaaa = word[len] == '?' ? ANSWER_TIMEOUT : ANSWER_NODATA;
	row->n_addr = word[len] == '+';
	assert_true(addr_parse(&row->addr[0], "9.9.9.9"));
}

static void add_tlsa(struct facts *facts, const char *word)
{
	char name[100], how = word[strlen(word) - 1];
	struct tlsa_facts *row;
	struct dname host;

	snprintf(name, sizeof(name), "%.*s.exempel.com", (int)strlen(word) - 1, word);
	assert_true(dname_parse(&host, name, NULL));
	row = facts_tlsa_add(facts, &host);
	row->answer = how == '-'           ? ANSWER_NODATA
		      : strchr("fFi", how) ? ANSWER_SERVFAIL
		      : how == 't'         ? ANSWER_TIMEOUT
		      : how == 'p'         ? ANSWER_PENDING
					   : ANSWER_DATA;
	row->n = row->answer == ANSWER_DATA;
	row->tlsa[0] = (struct tlsa){ .usage = 3, .selector = 1, .matching = 1, .len = 32 };
	row->dnssec = row->host_dnssec = how == '?' ? DNSSEC_UNCHECKED : DNSSEC_SECURE;
	if (how == 'u')
		row->dnssec = DNSSEC_INSECURE;
	if (strchr("ftp", how))
		row->host_dnssec = DNSSEC_UNCHECKED;
	if (how == 'i')
		row->host_dnssec = DNSSEC_INSECURE;
}

void build(const struct scene *scene, struct plan *plan, struct facts *facts, struct provider_run *found)
{
	char words[200], *save = NULL;
	struct dname ns;

	plan_init(plan);
	assert_true(dname_parse(&plan->domain, scene->domain ? scene->domain : "exempel.com", NULL));
	assert_true(dname_parse(&plan->zone, "exempel.com", NULL));
	set_from(&plan->base, scene->base);
	set_from(&plan->want, scene->want);
	facts_init(facts, &plan->domain);
	facts->mx = plan->base.n ? ANSWER_DATA : ANSWER_NODATA;
	facts->source = scene->one_server ? SOURCE_SERVER : SOURCE_RESOLVER;
	if (!scene->apex || *scene->apex)
		assert_true(dname_parse(&facts->zone, scene->apex ? scene->apex : "exempel.com", NULL));
	facts->delegated = scene->delegated;
	facts->wildcard = scene->wildcard;
	facts->synthesised = scene->synthesised;
	facts->below_dname = scene->below_dname;
	facts->wildcard_mx = scene->wildcard_mx;
	facts->sts = scene->sts;
	if (scene->star)
		assert_true(dname_parse(&facts->wildcard_name, scene->star, NULL));
	if (scene->dname)
		assert_true(dname_parse(&facts->dname_owner, scene->dname, NULL));
	snprintf(words, sizeof(words), "%s", scene->hosts);
	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
		add_host(facts, word);
	facts->dnssec = scene->mx;
	snprintf(words, sizeof(words), "%s", scene->tlsa ? scene->tlsa : "");
	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
		add_tlsa(facts, word);
	if (!scene->ns || *scene->ns) {
		assert_true(dname_parse(&ns, scene->ns ? scene->ns : "ns1.exempel.com", NULL));
		facts_server_add(facts, &ns, &(struct addr){ 0 })->at_child = true;
	}
	if (scene->zone_ns) {
		const char *blank = strchr(scene->zone_ns, ' ');
		char apex[80];

		snprintf(apex, sizeof(apex), "%.*s", blank ? (int)(blank - scene->zone_ns) : 11, blank ? scene->zone_ns : "exempel.com");
		assert_true(dname_parse(&ns, apex, NULL));
		struct zone_facts *zone = facts_zone_add(facts, &ns);

		assert_true(dname_parse(&ns, blank ? blank + 1 : scene->zone_ns, NULL));
		zone_facts_add_ns(zone, &ns);
	}
	if (!scene->own_ns || *scene->own_ns) {
		assert_true(dname_parse(&found->ns[0], scene->own_ns ? scene->own_ns : "ns1.exempel.com", NULL));
		found->n_ns = 1;
	}
}

void expect(const struct scene *scene, const char *expected)
{
	struct provider_account account = { .provider = gate_vendor(scene), .name = "lab" };
	struct provider_run found = { .account = &account, .limits = account.provider->limits };
	struct gates gates = { 0 };
	struct facts facts;
	struct plan plan;
	struct str text;

	build(scene, &plan, &facts, &found);
	gates_ask(&(struct gate_input){ &plan, &facts, &found, scene->stood, scene->undo, NULL }, &gates);
	str_init(&text, 0);
	for (size_t i = 0; i < gates.n; i++) {
		str_addf(&text, "%s%s=%s", i ? " " : "", gates.gate[i].id, gate_answer_name(gates.gate[i].answer));
		assert_non_null(gates.gate[i].reason.id);
		assert_true(gate_id_exists(gates.gate[i].id));
	}
	if (strcmp(text.s, expected) != 0)
		fail_msg("%s -> %s: \"%s\", not \"%s\"", scene->base, scene->want, text.s, expected);
	str_release(&text);
	gates_release(&gates);
	facts_release(&facts);
	plan_release(&plan);
}

void expect_words(const struct scene *scene, const char *expected)
{
	struct provider_account account = { .provider = gate_vendor(scene), .name = "lab" };
	struct provider_run found = { .account = &account, .limits = account.provider->limits };
	struct gates gates = { 0 };
	struct facts facts;
	struct plan plan;
	struct str text;

	build(scene, &plan, &facts, &found);
	free(plan.account);
	plan.account = mem_text("lab");
	gates_ask(&(struct gate_input){ &plan, &facts, &found, scene->stood, scene->undo, NULL }, &gates);
	str_init(&text, 0);
	for (size_t i = 0; i < gates.n; i++) {
		if (i)
			str_add(&text, "\n");
		msg_format(&gates.gate[i].reason, NULL, &text);
	}
	assert_string_equal(text.s, expected);
	str_release(&text);
	gates_release(&gates);
	assert_int_equal(gates.n, 0);
	facts_release(&facts);
	plan_release(&plan);
}
