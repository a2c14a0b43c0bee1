/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets, addresses and marks out of bytes, through every sender: shares sum to one, and there is always an answer. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "sim/matrix/matrix.h"
#include "sim/outage/outage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
	const uint8_t *at, *end;
};

static unsigned next(struct bytes *bytes)
{
	return bytes->at < bytes->end ? *bytes->at++ : 0;
}

/* Few names and addresses, so that they repeat. */
static void some_name(struct dname *name, unsigned byte)
{
	char text[] = "h0.example.com";

	text[1] = (char)('0' + byte % 10);
	if (byte == 255)
		dname_root(name);
	else
		dname_parse(name, byte == 254 ? "192.0.2.9" : byte == 253 ? "example.com" : text, NULL);
}

static void some_address(struct addr *addr, unsigned byte)
{
	*addr = (struct addr){ .family = byte & 1 ? 6 : 4, .bytes = { 192, 0, 2, (uint8_t)(byte % 16) } };
	if (byte == 250)
		addr->bytes[0] = 127;
	if (byte == 252)
		addr->bytes[0] = 10;
	if (byte == 248 || byte == 249)
		*addr = (struct addr){ .family = addr->family };
	if (byte == 247)
		*addr = (struct addr){ .family = 6, .bytes = { [15] = 1 } };
}

/* Up to 250 hosts at few preferences, with addresses that some of them share: past every bound on what is looked at. */
static void many_hosts(struct facts *facts, struct bytes *bytes)
{
	unsigned n = 24 + next(bytes) % 227, addresses = 1 + next(bytes), rungs = 1 + next(bytes) % 3;

	for (unsigned i = 0; i < n; i++) {
		struct mx mx = { .preference = i % rungs };
		struct host_facts *host;
		char text[] = "h000.example.com";

		text[1] = (char)('0' + i / 100);
		text[2] = (char)('0' + i / 10 % 10);
		text[3] = (char)('0' + i % 10);
		dname_parse(&mx.host, text, NULL);
		mxset_add(&facts->live, &mx);
		host = facts_host_add(facts, &mx.host);
		host->a = host->aaaa = ANSWER_DATA;
		host->n_addr = 1 + i % 2;
		for (unsigned j = 0; j < host->n_addr; j++)
			host->addr[j] = (struct addr){ .family = j ? 6 : 4, .bytes = { 192, 0, 2, (uint8_t)(i % addresses) } };
	}
}

static void some_facts(struct facts *facts, struct bytes *bytes)
{
	unsigned n = next(bytes) % 24;

	facts->mx = (enum answer)(next(bytes) % ANSWER_KINDS);
	for (unsigned i = 0; i < n; i++) {
		struct mx mx = { .preference = next(bytes) % 4 };
		struct host_facts *host;

		some_name(&mx.host, next(bytes));
		mxset_add(&facts->live, &mx);
		if (next(bytes) % 8 == 0)
			continue;
		host = facts_host_add(facts, &mx.host);
		host->a = (enum answer)(next(bytes) % ANSWER_KINDS);
		host->aaaa = (enum answer)(next(bytes) % ANSWER_KINDS);
		host->n_addr = next(bytes) % 6;
		for (size_t j = 0; j < host->n_addr; j++)
			some_address(&host->addr[j], next(bytes));
	}
	if (n == 23)
		many_hosts(facts, bytes);
}

/* The zone of all names, served by two of them. */
static void a_zone(struct facts *facts)
{
	struct zone_facts *zone = facts_zone_add(facts, &facts->domain);
	struct dname server;

	zone->ns = ANSWER_DATA;
	for (unsigned i = 0; i < 2; i++) {
		some_name(&server, i);
		zone_facts_add_ns(zone, &server);
	}
}

static void some_marks(struct marks *marks, struct bytes *bytes)
{
	unsigned n = next(bytes) % 10;

	for (unsigned i = 0; i < n; i++) {
		struct mark mark = { .kind = (enum mark_kind)(next(bytes) % (MARK_SERVER + 1)) };

		some_name(&mark.name, next(bytes));
		some_address(&mark.addr, next(bytes));
		mark.bits = (uint8_t)(next(bytes) % (mark.addr.family == 6 ? 129 : 33));
		mark.family = next(bytes) & 1 ? 6 : 4;
		mark.state = (enum sim_state)(next(bytes) % SIM_STATES);
		marks_set(marks, &mark);
	}
}

static void check(const struct sim_outcome *outcome)
{
	double sum = outcome->deferred + outcome->bounced + outcome->unknown;

	for (size_t i = 0; i < outcome->n; i++)
		sum += outcome->share[i].share;
	assert(fabs(sum - 1) < 1e-6);
}

static void parse_rest(const struct bytes *bytes, const struct facts *facts)
{
	size_t len = (size_t)(bytes->end - bytes->at);
	char text[300];
	struct mark mark;
	struct err err = { 0 };

	if (len >= sizeof text)
		len = sizeof text - 1;
	memcpy(text, bytes->at, len);
	text[len] = '\0';
	if (mark_parse(&mark, text, facts, &facts->live, &err)) {
		struct str shown;

		str_init(&shown, 0);
		mark_text(&mark, &shown);
		str_release(&shown);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, data + size };
	struct dname domain;
	struct facts facts;
	struct marks marks = { 0 };
	struct mxset draft = { 0 };
	struct sim_input in;
	struct outage_input outage;
	struct outage_result outage_result = { 0 };

	dname_parse(&domain, "example.com", NULL);
	facts_init(&facts, &domain);
	some_facts(&facts, &bytes);
	a_zone(&facts);
	some_marks(&marks, &bytes);
	in = (struct sim_input){ .domain = &facts.domain, .set = &facts.live, .facts = &facts, .marks = &marks };
	in.is_draft = next(&bytes) & 1;
	in.families = next(&bytes) % 4;
	facts.source = (enum fact_source)(next(&bytes) % (SOURCE_PROVIDER + 1));
	if (in.is_draft) { /* another set, of the same hosts and new ones */
		mxset_copy(&draft, &facts.live);
		if (draft.n)
			mxset_remove(&draft, 0);
		mxset_add(&draft, &(struct mx){ .preference = next(&bytes) % 4, .host = domain });
		in.set = &draft;
	}
	for (size_t i = 0; senders[i]; i++) {
		struct sim_result result = { 0 };

		failover_run(&in, senders[i], &result);
		check(&result.first);
		check(&result.final);
		assert(result.connections_mean <= result.connections_max + 1e-6);
		assert(result.delay_min_s <= result.delay_median_s && result.delay_median_s <= result.delay_p95_s);
		assert(result.delay_p95_s <= result.delay_max_s);
		sim_result_release(&result);
	}
	outage = (struct outage_input){ .in = &in, .length_s = next(&bytes) * 1000 };
	outage_run(&outage, senders[next(&bytes) % 10], &outage_result);
	outage_result_release(&outage_result);
	parse_rest(&bytes, &facts);
	mxset_release(&draft);
	facts_release(&facts);
	marks_release(&marks);
	return 0;
}
