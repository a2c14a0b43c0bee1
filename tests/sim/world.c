/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "wire/zonetext.h"

static void ask(const struct zoneworld *zones, const struct dname *name, enum dns_type type, struct dns_answer *answer)
{
	struct dns_question question = { .name = *name, .type = type };

	zoneworld_ask(zones, &question, answer);
}

static enum answer ask_address(const struct zoneworld *zones, struct host_facts *host, enum dns_type type)
{
	struct dns_question question = { .name = host->host, .type = type };
	struct dns_answer answer = { 0 };
	struct dname end;
	enum answer kind;

	zoneworld_ask(zones, &question, &answer);
	kind = dns_answer_read(&answer, &question, host->alias, &host->n_alias, &end);
	for (size_t i = 0; kind == ANSWER_DATA && i < answer.n; i++) {
		const struct dns_record *record = &answer.record[i];

		if (record->section == SECTION_ANSWER && record->type == type && dname_equal(&record->owner, &end) &&
			host->n_addr < FACTS_ADDRESSES)
			host->addr[host->n_addr++] = record->addr;
	}
	dns_answer_release(&answer);
	return kind;
}

static void look_up(const struct zoneworld *zones, struct facts *facts, const struct dname *name)
{
	struct host_facts *host;

	if (facts_host(facts, name))
		return;
	host = facts_host_add(facts, name);
	host->a = ask_address(zones, host, DNS_A);
	host->aaaa = ask_address(zones, host, DNS_AAAA);
}

static void survey(const struct zoneworld *zones, struct facts *facts)
{
	struct dns_question question = { .name = facts->domain, .type = DNS_MX };
	struct dns_answer answer = { 0 };
	struct dname end;

	facts->sts.txt = ANSWER_NODATA;
	ask(zones, &facts->domain, DNS_MX, &answer);
	facts->mx = dns_answer_read(&answer, &question, facts->alias, &facts->n_alias, &end);
	if (facts->mx == ANSWER_DATA)
		dns_answer_mx(&answer, &end, &facts->live, &facts->ttl_max_s);
	dns_answer_release(&answer);
	for (size_t i = 0; i < facts->live.n; i++) {
		if (facts->live.mx[i].host.len > 0 && !dname_is_root(&facts->live.mx[i].host))
			look_up(zones, facts, &facts->live.mx[i].host);
	}
	if (facts->mx == ANSWER_NODATA)
		look_up(zones, facts, &facts->domain);
}

void world_init(struct world *world, const char *domain, const char *zone)
{
	struct zoneworld *zones = zoneworld_new();
	struct dname name;

	memset(world, 0, sizeof *world);
	assert_true(dname_parse(&name, domain, NULL));
	facts_init(&world->facts, &name);
	world->facts.source = SOURCE_ZONE;
	assert_true(zoneworld_add(zones, "zone", zone, strlen(zone), NULL));
	survey(zones, &world->facts);
	zoneworld_free(zones);
	world->in = (struct sim_input){
		.domain = &world->facts.domain, .set = &world->facts.live, .facts = &world->facts, .marks = &world->marks, .seed = 1
	};
}

void world_init_records(struct world *world, const char *records)
{
	struct str zone;

	str_init(&zone, 0);
	str_add(&zone, "$ORIGIN example.com.\n$TTL 3600\n@ SOA ns1 hostmaster 1 3600 900 604800 300\n@ NS ns1\n");
	for (const char *at = records; *at; at++)
		str_add_char(&zone, *at == ';' ? '\n' : *at);
	str_add_char(&zone, '\n');
	for (char *at = zone.s; (at = strstr(at, "\n ")) != NULL;)
		memmove(at + 1, at + 2, strlen(at + 1));
	world_init(world, "example.com", zone.s);
	str_release(&zone);
}

void world_release(struct world *world)
{
	facts_release(&world->facts);
	marks_release(&world->marks);
}

void world_mark(struct world *world, const char *text)
{
	struct mark mark;

	assert_true(mark_parse(&mark, text, &world->facts, &world->facts.live, NULL));
	marks_set(&world->marks, &mark);
}

void world_zone(struct world *world, const char *apex, const char *servers)
{
	struct zone_facts *zone;
	struct dname name;
	char text[200];
	int taken;

	assert_true(dname_parse(&name, apex, NULL));
	zone = facts_zone_add(&world->facts, &name);
	assert_non_null(zone);
	zone->ns = ANSWER_DATA;
	for (; sscanf(servers, " %199s%n", text, &taken) == 1; servers += taken) {
		assert_true(dname_parse(&name, text, NULL));
		zone_facts_add_ns(zone, &name);
	}
}

const struct sim_share *world_share(const struct sim_outcome *outcome, const char *host)
{
	struct dname name;

	assert_true(dname_parse(&name, host, NULL));
	for (size_t i = 0; i < outcome->n; i++) {
		if (dname_equal(&outcome->share[i].host, &name))
			return &outcome->share[i];
	}
	return NULL;
}

double world_host(const struct sim_outcome *outcome, const char *host)
{
	struct dname name;
	double sum = 0;

	assert_true(dname_parse(&name, host, NULL));
	for (size_t i = 0; i < outcome->n; i++) {
		if (dname_equal(&outcome->share[i].host, &name))
			sum += outcome->share[i].share;
	}
	return sum;
}

double world_address(const struct sim_outcome *outcome, const char *text)
{
	struct addr addr;
	double sum = 0;

	assert_true(addr_parse(&addr, text));
	for (size_t i = 0; i < outcome->n; i++) {
		for (size_t j = 0; j < outcome->share[i].n_addr; j++) {
			if (addr_equal(&outcome->share[i].addr[j].addr, &addr))
				sum += outcome->share[i].addr[j].share;
		}
	}
	return sum;
}
