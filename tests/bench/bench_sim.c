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
	double limit_ms;     /* what is promised */
	double matrix_ms;    /* of the matrix of pairs, by each sender; 0: it is not tried */
	bool outage;
};

static const struct shape shapes[] = {
	{ "2 hosts on 2 rungs, one refused", 2, 2, 1, { "refused", NULL }, 1, 100, false },
	{ "8 addresses a rung, all up", 8, 1, 1, { NULL }, 1, 0, false },
	{ "8 addresses a rung, half refused", 8, 1, 1, { "refused", NULL, "refused", NULL }, 1, 0, false },
	{ "8 addresses a rung, mixed failures", 8, 1, 1, { "refused", "rcpt-4xx", "timeout", "greeting-5xx" }, 1, 0, true },
	{ "8 addresses a rung, 4 dual-stack hosts, mixed", 4, 1, 2, { "refused", "rcpt-4xx", "timeout", "mute" }, 1, 0, false },
	{ "12 dual-stack hosts on one rung", 12, 1, 2, { NULL }, 5, 100, false },
	{ "12 dual-stack hosts on 3 rungs, mixed failures", 12, 3, 2, { "refused", "rcpt-4xx", "timeout", "ehlo-5xx" }, 20, 500, false },
	{ "20 hosts on 3 rungs, mixed failures", 20, 3, 1, { "refused", "rcpt-4xx", "timeout", "greeting-5xx" }, 50, 1000, false },
	{ "20 dual-stack hosts on 3 rungs, mixed failures", 20, 3, 2, { "refused", "rcpt-4xx", "timeout", "ehlo-5xx" }, 50, 0, false },
	{ "60 dual-stack hosts on 3 rungs", 60, 3, 2, { NULL }, 20, 100, false },
	{ "200 dual-stack hosts on one rung", 200, 1, 2, { NULL }, 50, 1000, false },
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

struct matrix_time {
	double whole_ms, longest_ms; /* longest: of the start, or of one portion */
	size_t rows;
};

/* All single and double failures by one sender, in portions as the interface takes them. */
static struct matrix_time run_matrix(const struct sim_input *in, const struct sender *sender)
{
	struct matrix_time time = { 0 };
	struct matrix_cut cut[12];
	struct matrix matrix;
	double from = now_ms(), began = from, took;
	bool more = true;

	matrix_begin(&matrix, in, sender, 2);
	while (more) {
		bool was_ready = matrix_ready(&matrix);

		took = now_ms() - from;
		time.longest_ms = took > time.longest_ms ? took : time.longest_ms;
		from = now_ms();
		more = matrix_step(&matrix, 16);
		if (matrix_ready(&matrix) && !was_ready)
			matrix_cutsets(&matrix, cut, 12);
	}
	time.whole_ms = now_ms() - began;
	time.rows = matrix.n_row;
	matrix_release(&matrix);
	return time;
}

/* By the sender that takes longest, each at its best of three. */
static bool pairs_in_time(const struct sim_input *in, const char *what, double limit_ms)
{
	struct matrix_time worst = { 0 };
	const struct sender *slowest = senders[0];
	double sum = 0;

	for (size_t i = 0; senders[i]; i++) {
		struct matrix_time best = { .whole_ms = 1e9, .longest_ms = 1e9 };

		for (int run = 0; run < 3; run++) {
			struct matrix_time one = run_matrix(in, senders[i]);

			best.whole_ms = one.whole_ms < best.whole_ms ? one.whole_ms : best.whole_ms;
			best.longest_ms = one.longest_ms < best.longest_ms ? one.longest_ms : best.longest_ms;
			best.rows = one.rows;
		}
		sum += best.whole_ms;
		slowest = best.whole_ms > worst.whole_ms ? senders[i] : slowest;
		worst.whole_ms = best.whole_ms > worst.whole_ms ? best.whole_ms : worst.whole_ms;
		worst.longest_ms = best.longest_ms > worst.longest_ms ? best.longest_ms : worst.longest_ms;
		worst.rows = best.rows;
	}
	printf("%8.3f ms of %4.0f ms  %zu single and double failures, %s; slowest sender: %s, all of them %.0f ms\n", worst.whole_ms,
		limit_ms, worst.rows, what, sender_name(slowest), sum);
	printf("%8.3f ms of %4.0f ms  the longest of its portions: no key waits longer\n", worst.longest_ms, 20.0);
	return worst.whole_ms <= limit_ms && worst.longest_ms <= 20;
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

static bool measure_shape(const struct shape *shape)
{
	struct facts facts;
	struct marks marks = { 0 };
	struct sim_input in;
	bool exact, good;
	double took;

	build(shape, &facts, &marks);
	in = (struct sim_input){ .domain = &facts.domain, .set = &facts.live, .facts = &facts, .marks = &marks, .seed = 1 };
	took = measure(&in, &exact);
	printf("%8.3f ms of %4.0f ms  %s  all senders, %s\n", took, shape->limit_ms, exact ? "exact  " : "sampled", shape->what);
	good = took <= shape->limit_ms;
	if (shape->outage)
		good = outage_in_time(&in) && good;
	if (shape->matrix_ms > 0)
		good = pairs_in_time(&in, shape->what, shape->matrix_ms) && good;
	facts_release(&facts);
	marks_release(&marks);
	return good;
}

int main(void)
{
	int status = 0;

	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		if (!measure_shape(&shapes[i]))
			status = 1;
	}
	return status;
}
