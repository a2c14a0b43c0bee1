/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long all checks take on one set of which everything is known but probes: live, and as a draft against itself. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "check/lint.h"

#define RUNS 9
#define PTR_KNOWN 64 /* addresses whose names are asked for */

static const struct size {
	unsigned records;
	double limit_ms; /* of one run over the live set */
} sizes[] = { { 3, 0.2 }, { 200, 1 }, { 4000, 50 } };

static void add_address(struct facts *facts, struct host_facts *host, const char *text)
{
	struct addr *addr = &host->addr[host->n_addr];

	addr_parse(addr, text);
	*(addr->family == 4 ? &host->a : &host->aaaa) = ANSWER_DATA;
	host->n_addr++;
	if (facts->n_ptr < PTR_KNOWN) {
		struct ptr_facts *ptr = facts_ptr_add(facts, addr);

		ptr->ptr = ANSWER_DATA;
		ptr->back = FACT_YES;
	}
}

static void add_record(struct mxset *set, struct facts *facts, unsigned i)
{
	struct tlsa_facts *tlsa;
	struct host_facts *host;
	char text[80];
	struct mx mx;

	snprintf(text, sizeof text, "mx%u.exempel.com", i);
	mx_set(&mx, 10 * (i % 6000), text);
	mxset_add(set, &mx);
	host = facts_host_add(facts, &mx.host);
	snprintf(text, sizeof text, "5.%u.%u.25", i >> 8 & 255, i & 255);
	add_address(facts, host, text);
	snprintf(text, sizeof text, "2a01:4f8:%x:%x::25", i >> 8, i & 255);
	add_address(facts, host, text);
	tlsa = facts_tlsa_add(facts, &mx.host);
	tlsa->answer = ANSWER_DATA;
	tlsa->dnssec = tlsa->host_dnssec = DNSSEC_SECURE;
	tlsa->n = 1;
	tlsa->tlsa[0] = (struct tlsa){ 3, 1, 1, 32, { (uint8_t)i } };
}

static void know_the_rest(struct facts *facts, const struct dname *domain)
{
	struct registered_facts *registered = facts_registered_add(facts, domain);
	struct zone_facts *zone = facts_zone_add(facts, domain);
	struct star_facts *star = facts_star_add(facts, domain);

	facts->mx = zone->ns = facts->parent_ns = facts->child_ns = ANSWER_DATA;
	facts->zone = *domain;
	facts->dnssec = DNSSEC_SECURE;
	facts->delegated = registered->exists = FACT_YES;
	facts->wildcard = facts->synthesised = FACT_NO;
	star->a = star->aaaa = star->mx = ANSWER_NXDOMAIN;
	facts->past.known = FACT_YES;
	facts->sts.txt = facts->tlsrpt.txt = facts->spf.txt = facts->dmarc.txt = facts->ds.ds = ANSWER_NODATA;
	facts->spf.result = SPF_NONE;
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int measure(const struct size *size)
{
	double live = 1e9, draft = 1e9;
	struct findings out = { 0 };
	struct mxset set = { 0 };
	struct dname domain;
	struct facts facts;
	struct check_input in;

	dname_parse(&domain, "exempel.com", NULL);
	facts_init(&facts, &domain);
	set.ttl_s = 3600;
	for (unsigned i = 0; i < size->records; i++)
		add_record(&set, &facts, i);
	know_the_rest(&facts, &domain);
	mxset_copy(&facts.live, &set);
	in = (struct check_input){ .domain = &domain, .zone = &domain, .set = &set, .facts = &facts };
	for (int i = 0; i < RUNS; i++) {
		double from = now_ms(), between;

		lint_run(&in, &out);
		between = now_ms();
		live = between - from < live ? between - from : live;
		lint_draft(&in, &in, &out);
		draft = now_ms() - between < draft ? now_ms() - between : draft;
	}
	printf("checks of %u records: %.3f ms (limit %.1f)%s; a draft against them %.3f ms\n", size->records, live, size->limit_ms,
		live > size->limit_ms ? "  OVER" : "", draft);
	findings_release(&out);
	facts_release(&facts);
	mxset_release(&set);
	return live > size->limit_ms;
}

int main(void)
{
	int status = 0;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		status |= measure(&sizes[i]);
	return status;
}
