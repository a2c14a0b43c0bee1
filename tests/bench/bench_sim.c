/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a what-if takes: all senders on sets of several shapes, marks set so that much has to be walked. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/matrix/matrix.h"
#include "sim/outage/outage.h"

struct shape {
	const char *what;
	unsigned hosts, rungs, addresses;
	const char *down[4]; /* by turns over the hosts; NULL: up */
	double limit_ms;     /* what is promised; 0: nothing */
};

static const struct shape shapes[] = {
	{ "2 hosts on 2 rungs, one refused", 2, 2, 1, { "refused", NULL }, 1 },
	{ "8 addresses a rung, all up", 8, 1, 1, { NULL }, 1 },
	{ "8 addresses a rung, half refused", 8, 1, 1, { "refused", NULL, "refused", NULL }, 1 },
	{ "8 addresses a rung, mixed failures", 8, 1, 1, { "refused", "rcpt-4xx", "timeout", "greeting-5xx" }, 1 },
	{ "8 addresses a rung, 4 dual-stack hosts, mixed", 4, 1, 2, { "refused", "rcpt-4xx", "timeout", "mute" }, 1 },
	{ "20 hosts on 3 rungs, mixed failures", 20, 3, 1, { "refused", "rcpt-4xx", "timeout", "greeting-5xx" }, 50 },
	{ "20 dual-stack hosts on 3 rungs, mixed failures", 20, 3, 2, { "refused", "rcpt-4xx", "timeout", "ehlo-5xx" }, 50 },
};

/* The domain's zone and its four name servers: they fail in the matrix, too. */
static void add_zone(struct facts *facts)
{
	struct zone_facts *zone = facts_zone_add(facts, &facts->domain);
	struct dname name;
	char text[100];

	zone->ns = ANSWER_DATA;
	for (unsigned i = 1; i <= 4; i++) {
		snprintf(text, sizeof text, "ns%u.example.net", i);
		dname_parse(&name, text, NULL);
		zone_facts_add_ns(zone, &name);
	}
}

static void build(const struct shape *shape, struct facts *facts, struct marks *marks)
{
	struct dname domain;
	char text[100];

	dname_parse(&domain, "example.com", NULL);
	facts_init(facts, &domain);
	facts->mx = ANSWER_DATA;
	add_zone(facts);
	for (unsigned i = 0; i < shape->hosts; i++) {
		struct mx mx;
		struct mark mark = { .kind = MARK_HOST };
		struct host_facts *host;

		snprintf(text, sizeof text, "mx%02u.example.com", i);
		mx_set(&mx, 10 * (1 + i % shape->rungs), text);
		mxset_add(&facts->live, &mx);
		host = facts_host_add(facts, &mx.host);
		host->a = host->aaaa = ANSWER_DATA;
		for (unsigned j = 0; j < shape->addresses; j++) {
			if (j % 2)
				snprintf(text, sizeof text, "2001:db8:%x::%x", j, i + 1);
			else
				snprintf(text, sizeof text, "192.0.%u.%u", 2 + j, i + 1);
			addr_parse(&host->addr[host->n_addr++], text);
		}
		mark.name = mx.host;
		if (shape->down[i % 4] && sim_state_parse(shape->down[i % 4], &mark.state))
			marks_set(marks, &mark);
	}
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* The best of five runs; *exact: no sender was sampled. */
static double measure(const struct sim_input *in, bool *exact)
{
	double best = 1e9;

	*exact = true;
	for (int run = 0; run < 5; run++) {
		double from = now_ms(), took;

		for (size_t i = 0; senders[i]; i++) {
			struct sim_result result = { 0 };

			failover_run(in, senders[i], &result);
			*exact &= result.exact;
			sim_result_release(&result);
		}
		took = now_ms() - from;
		best = took < best ? took : best;
	}
	return best;
}

/* All single and double failures of 20 hosts on 3 rungs, by the sender that takes longest. */
static bool pairs_in_time(const struct sim_input *in)
{
	double worst = 0;
	const struct sender *slowest = senders[0];
	size_t rows = 0;

	for (size_t i = 0; senders[i]; i++) {
		double from = now_ms(), took;
		struct matrix matrix;

		matrix_init(&matrix, in, senders[i], 2);
		while (matrix_step(&matrix, 100))
			;
		took = now_ms() - from;
		rows = matrix.n_row;
		if (took > worst) {
			worst = took;
			slowest = senders[i];
		}
		matrix_release(&matrix);
	}
	printf("%8.3f ms of 1000 ms  %zu single and double failures of 20 hosts, slowest sender: %s\n", worst, rows, sender_name(slowest));
	return worst <= 1000;
}

/* Four days of outage, by every sender. */
static bool outage_in_time(const struct sim_input *in)
{
	double from = now_ms(), took, per_s;
	unsigned long events = 0;

	for (size_t i = 0; senders[i]; i++) {
		struct outage_input input = { .in = in, .length_s = 4 * 86400 };
		struct outage_result result = { 0 };

		outage_run(&input, senders[i], &result);
		events += result.events;
		outage_result_release(&result);
	}
	took = now_ms() - from;
	per_s = (double)events / took / 1e3;
	printf("%8.3f million events a second of 5  outage of 4 days, all senders: %.3f ms\n", per_s, took);
	return per_s >= 5;
}

int main(void)
{
	int status = 0;

	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		struct facts facts;
		struct marks marks = { 0 };
		struct sim_input in;
		bool exact;
		double took;

		build(&shapes[i], &facts, &marks);
		in = (struct sim_input){ .domain = &facts.domain, .set = &facts.live, .facts = &facts, .marks = &marks, .seed = 1 };
		took = measure(&in, &exact);
		printf("%8.3f ms of %4.0f ms  %s  all senders, %s\n", took, shapes[i].limit_ms, exact ? "exact  " : "sampled",
			shapes[i].what);
		if (took > shapes[i].limit_ms)
			status = 1;
		if (i == 3 && !outage_in_time(&in))
			status = 1;
		if (shapes[i].hosts == 20 && !pairs_in_time(&in))
			status = 1;
		facts_release(&facts);
		marks_release(&marks);
	}
	return status;
}
