/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C side of bench_outage.py, on 5 hosts in 3 tiers. Prints
 *     draws RATE                              the limit: messages a second that pick a host, with no rule, by a plain loop
 *     outage RATE MESSAGES LATE MEDIAN MAX    ours: attempts a second that are followed, and what comes of the mail
 *     mixed SECONDS AT_ONCE LATE P95          one of two equals answers RCPT with 4xx: how long ours takes to say what comes of it
 * The outage: 4 days without any host, rfc5321's schedule, a message each second. The mixed one: the sender that waits after such an
 * answer (qmail), a message each minute.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/outage/outage.h"

enum { HOSTS = 5, DRAWS = 20000000, RUNS = 200 };

static const unsigned preference[HOSTS] = { 10, 10, 20, 20, 30 };

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Of the hosts that are up, one of the best tier; HOSTS: none. */
static unsigned draw(const unsigned char *up, uint64_t *random)
{
	unsigned best = UINT32_MAX, n = 0, tier[HOSTS];

	for (unsigned i = 0; i < HOSTS; i++) {
		if (!up[i] || preference[i] > best)
			continue;
		if (preference[i] < best)
			n = 0;
		best = preference[i];
		tier[n++] = i;
	}
	return n ? tier[(uint32_t)(next_random(random) >> 32) % n] : HOSTS;
}

static void print_draws(void)
{
	unsigned char up[HOSTS] = { 0, 1, 1, 1, 1 };
	unsigned long count[HOSTS + 1] = { 0 };
	uint64_t random = 88172645463325252u;
	double from = now_s();

	for (unsigned i = 0; i < DRAWS; i++) {
		up[0] = i >> 10 & 1; /* the state changes now and then, or the compiler would see through it */
		count[draw(up, &random)]++;
	}
	printf("draws %.0f\n", count[1] ? DRAWS / (now_s() - from) : 0);
}

static void build(struct facts *facts, struct marks *marks, unsigned hosts, const char *const state[])
{
	struct dname domain;
	char text[100];

	dname_parse(&domain, "example.com", NULL);
	facts_init(facts, &domain);
	facts->mx = ANSWER_DATA;
	for (unsigned i = 0; i < hosts; i++) {
		struct mx mx;
		struct mark mark = { .kind = MARK_HOST };
		struct host_facts *host;

		snprintf(text, sizeof text, "mx%u.example.com", i);
		mx_set(&mx, preference[i], text);
		mxset_add(&facts->live, &mx);
		host = facts_host_add(facts, &mx.host);
		host->a = ANSWER_DATA;
		host->aaaa = ANSWER_NODATA;
		snprintf(text, sizeof text, "192.0.2.%u", i + 1);
		addr_parse(&host->addr[host->n_addr++], text);
		mark.name = mx.host;
		if (state[i] && sim_state_parse(state[i], &mark.state))
			marks_set(marks, &mark);
	}
}

static void print_outage(void)
{
	static const char *const down[HOSTS] = { "refused", "refused", "refused", "refused", "refused" };
	struct facts facts;
	struct marks marks = { 0 };
	struct outage_result result = { 0 };
	struct sim_input in;
	struct outage_input input = { .in = &in, .length_s = 4 * 86400 };
	unsigned long events = 0;
	double from;

	build(&facts, &marks, HOSTS, down);
	in = (struct sim_input){ .domain = &facts.domain, .set = &facts.live, .facts = &facts, .marks = &marks, .seed = 1 };
	from = now_s();
	for (int run = 0; run < RUNS; run++) {
		outage_run(&input, sender_find("rfc5321"), &result);
		events += result.events;
	}
	printf("outage %.0f %.0f %.4f %.0f %.0f\n", (double)events / (now_s() - from), result.messages, result.late, result.late_median_s,
		result.late_max_s);
	facts_release(&facts);
	marks_release(&marks);
}

static void print_mixed(void)
{
	static const char *const down[] = { "rcpt-4xx", NULL };
	struct facts facts;
	struct marks marks = { 0 };
	struct outage_result result = { 0 };
	struct sim_input in;
	struct outage_input input = { .in = &in, .length_s = 4 * 86400 };
	double from;

	build(&facts, &marks, 2, down);
	in = (struct sim_input){ .domain = &facts.domain, .set = &facts.live, .facts = &facts, .marks = &marks, .seed = 1 };
	for (size_t h = 0; h < 24; h++)
		input.per_hour[h] = 60;
	from = now_s();
	outage_run(&input, sender_find("qmail"), &result);
	printf("mixed %.6f %.4f %.4f %.0f\n", now_s() - from, result.at_once, result.late, result.late_p95_s);
	outage_result_release(&result);
	facts_release(&facts);
	marks_release(&marks);
}

int main(void)
{
	print_draws();
	print_outage();
	print_mixed();
	return 0;
}
