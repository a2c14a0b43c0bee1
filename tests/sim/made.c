/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "made.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#define HOSTS 6

uint32_t chance(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % below;
}

static void some_name(struct dname *name, uint32_t number)
{
	char text[] = "h0.a.example.net";

	text[1] = (char)('0' + number % 10);
	text[3] = (char)('a' + number % 2);
	assert_true(dname_parse(name, text, NULL));
}

/* One of some twenty, so that they repeat now and then; few are the sender's own or private. */
static void some_address(struct addr *addr, uint32_t family, uint64_t *seed)
{
	uint8_t last = (uint8_t)(1 + chance(seed, 24));
	uint32_t odd = chance(seed, 40);

	*addr = (struct addr){ .family = (uint8_t)family };
	if (family == 6) {
		memcpy(addr->bytes, (const uint8_t[]){ 0x20, 0x01, 0x0d, 0xb8, 0, (uint8_t)chance(seed, 2) }, 6);
		addr->bytes[15] = last;
	} else {
		memcpy(addr->bytes, (const uint8_t[]){ odd == 0 ? 127 : odd == 1 ? 10 : 198, 18, (uint8_t)chance(seed, 2), last }, 4);
	}
}

static void some_host(struct facts *facts, const struct dname *name, uint64_t *seed)
{
	static const enum answer answers[] = { ANSWER_NODATA, ANSWER_NXDOMAIN, ANSWER_SERVFAIL, ANSWER_TIMEOUT };
	struct host_facts *host = facts_host_add(facts, name);
	uint32_t v4 = chance(seed, 4), v6 = chance(seed, 3) ? 0 : 1 + chance(seed, 2);

	if (v4 == 3)
		v4 = 1;
	for (uint32_t i = 0; i < v6 + v4; i++)
		some_address(&host->addr[host->n_addr++], i < v6 ? 6 : 4, seed);
	host->a = v4 ? ANSWER_DATA : answers[chance(seed, 4)];
	host->aaaa = v6 ? ANSWER_DATA : v4 ? ANSWER_NODATA : host->a;
}

/* Two zones, of one or two name servers; they may share one. */
static void some_zones(struct facts *facts, uint64_t *seed)
{
	static const char *const apexes[] = { "a.example.net", "b.example.net" };

	for (size_t i = 0; i < 2; i++) {
		struct dname apex, server;
		struct zone_facts *zone;

		assert_true(dname_parse(&apex, apexes[i], NULL));
		zone = facts_zone_add(facts, &apex);
		some_name(&server, chance(seed, 3));
		zone_facts_add_ns(zone, &server);
		some_name(&server, chance(seed, 3));
		zone_facts_add_ns(zone, &server);
	}
}

/* Not those that only matter to senders with DANE or MTA-STS: no facts are made of that. */
static enum sim_state some_state(uint64_t *seed)
{
	int state = 1 + (int)chance(seed, SIM_STATES - 4);

	state += state >= SIM_NO_STARTTLS;
	state += 2 * (state >= SIM_TLSA_MISMATCH);
	return (enum sim_state)state;
}

static void some_mark(const struct made *made, struct mark *mark, uint64_t *seed)
{
	const struct facts *facts = &made->facts;
	const struct host_facts *host = &facts->host[chance(seed, (uint32_t)facts->n_host)];
	bool of_name;

	*mark = (struct mark){ .kind = (enum mark_kind)chance(seed, MARK_SERVER + 1), .name = host->host };
	mark->state = some_state(seed);
	of_name = mark->kind == MARK_DOMAIN || mark->kind == MARK_SERVER || (mark->kind == MARK_ZONE && chance(seed, 2));
	while (of_name ? !sim_states[mark->state].of_name : mark->kind != MARK_HOST && sim_states[mark->state].of_name)
		mark->state = some_state(seed);
	if (mark->kind == MARK_ZONE)
		assert_true(dname_parse(&mark->name, chance(seed, 2) ? "a.example.net" : "b.example.net", NULL));
	if (mark->kind == MARK_DOMAIN)
		mark->name = facts->domain;
	if (mark->kind == MARK_SERVER)
		some_name(&mark->name, chance(seed, 3));
	if (host->n_addr)
		mark->addr = host->addr[chance(seed, (uint32_t)host->n_addr)];
	else
		some_address(&mark->addr, 4, seed);
	mark->bits = mark->addr.family == 6 ? 48 : 24;
	mark->family = chance(seed, 2) ? 6 : 4;
}

void made_init(struct made *made, uint64_t *seed)
{
	uint32_t records = 1 + chance(seed, HOSTS);
	struct dname domain;
	uint32_t marks;

	memset(made, 0, sizeof *made);
	assert_true(dname_parse(&domain, "example.com", NULL));
	facts_init(&made->facts, &domain);
	made->facts.source = chance(seed, 3) ? SOURCE_ZONE : SOURCE_RESOLVER;
	made->facts.sts.txt = ANSWER_NODATA;
	made->facts.mx = ANSWER_DATA;
	for (uint32_t i = 0; i < records; i++) {
		struct mx mx = { .preference = 10 * (1 + chance(seed, 3)) };

		some_name(&mx.host, chance(seed, HOSTS));
		mxset_add(&made->facts.live, &mx);
		if (!facts_host(&made->facts, &mx.host))
			some_host(&made->facts, &mx.host, seed);
	}
	some_zones(&made->facts, seed);
	marks = chance(seed, 6);
	for (uint32_t i = 0; i < marks; i++) {
		struct mark mark;

		some_mark(made, &mark, seed);
		if (mark.kind != MARK_DOMAIN || chance(seed, 4) == 0)
			marks_set(&made->marks, &mark);
	}
	if (!marks_servers(&made->marks, &made->facts, &made->full))
		marks_copy(&made->full, &made->marks);
	made->in = (struct sim_input){ .domain = &made->facts.domain,
		.set = &made->facts.live,
		.facts = &made->facts,
		.marks = &made->marks,
		.seed = 1,
		.families = chance(seed, 6) ? 0 : 1 + chance(seed, 2) };
}

static void some_policy(struct made *made, uint64_t *seed)
{
	struct sts_facts *sts = &made->facts.sts;

	*sts = (struct sts_facts){ .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true };
	sts->fetch = chance(seed, 6) ? STS_FETCH_OK : STS_FETCH_UNREACHABLE;
	sts->policy.mode = chance(seed, 4) ? STS_ENFORCE : STS_TESTING;
	sts->policy.more = chance(seed, 6) == 0;
	for (uint32_t i = chance(seed, 4); i > 0; i--)
		some_name(&sts->policy.mx[sts->policy.n_mx++].name, chance(seed, HOSTS));
}

static void some_tlsa(struct facts *facts, const struct dname *host, uint64_t *seed)
{
	static const enum answer answers[] = { ANSWER_DATA, ANSWER_DATA, ANSWER_NODATA, ANSWER_SERVFAIL };
	struct tlsa_facts *row = facts_tlsa_add(facts, host);

	row->answer = answers[chance(seed, 4)];
	row->dnssec = row->host_dnssec = chance(seed, 6) ? DNSSEC_SECURE : DNSSEC_INSECURE;
	row->n = row->answer == ANSWER_DATA;
	row->tlsa[0] = (struct tlsa){ .usage = 3, .selector = 1, .matching = 1, .len = chance(seed, 4) ? 32 : 31 };
}

void made_guard(struct made *made, uint64_t *seed)
{
	static const enum dnssec signs[] = { DNSSEC_SECURE, DNSSEC_SECURE, DNSSEC_SECURE, DNSSEC_INSECURE, DNSSEC_UNCHECKED };
	struct facts *facts = &made->facts;

	if (chance(seed, 5))
		some_policy(made, seed);
	facts->dnssec = signs[chance(seed, 5)];
	for (size_t i = 0; i < facts->n_host; i++) {
		struct mark mark = { .kind = MARK_HOST, .name = facts->host[i].host };

		if (chance(seed, 4))
			some_tlsa(facts, &facts->host[i].host, seed);
		mark.state = (enum sim_state)(SIM_NO_STARTTLS + (int)chance(seed, 5));
		if (chance(seed, 3) == 0)
			marks_set(&made->marks, &mark);
	}
	marks_release(&made->full);
	if (!marks_servers(&made->marks, facts, &made->full))
		marks_copy(&made->full, &made->marks);
}

void made_release(struct made *made)
{
	facts_release(&made->facts);
	marks_release(&made->marks);
	marks_release(&made->full);
}
