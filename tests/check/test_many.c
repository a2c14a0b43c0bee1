/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets far larger than a domain needs: the same findings, in a time that grows little faster than the set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/mem.h"
#include "check/index.h"
#include "check/lint.h"
#include "check/rules.h"

struct many {
	struct dname domain;
	struct mxset set;
	struct facts facts;
	struct check_input in;
};

static void add_host(struct many *many, uint32_t preference, const char *name, unsigned n, bool shared)
{
	struct host_facts *host;
	char text[64];
	struct mx mx;

	mx_set(&mx, preference, name);
	mxset_add(&many->set, &mx);
	host = facts_host_add(&many->facts, &mx.host);
	host->a = ANSWER_DATA;
	host->aaaa = ANSWER_NODATA;
	host->n_addr = 1;
	snprintf(text, sizeof(text), "5.%u.%u.%u", (shared ? n / 2 : n) >> 16 & 255, (shared ? n / 2 : n) >> 8 & 255,
		(shared ? n / 2 : n) & 255);
	assert_true(addr_parse(&host->addr[0], text));
}

/* n records; every second one shares the address of the one before it, every third host stands twice, every fifth record too. */
static void make(struct many *many, unsigned n)
{
	memset(many, 0, sizeof(*many));
	assert_true(dname_parse(&many->domain, "exempel.com", NULL));
	facts_init(&many->facts, &many->domain);
	many->facts.mx = ANSWER_DATA;
	for (unsigned i = 0; i < n; i++) {
		char name[64];

		snprintf(name, sizeof(name), "m%u.exempel.com", i);
		add_host(many, i % 500, name, i, true);
		if (i % 3 == 0)
			add_host(many, i % 500 + 500, name, i, true);
		if (i % 5 == 0)
			add_host(many, i % 500, name, i, true);
	}
	many->in = (struct check_input){ .domain = &many->domain, .zone = &many->domain, .set = &many->set, .facts = &many->facts };
}

static void release(struct many *many)
{
	mxset_release(&many->set);
	facts_release(&many->facts);
}

/* One by one without the index, and all together with it. */
static void lint_run__finds__what_each_check_finds_alone(void **state)
{
	struct findings alone = { 0 }, all = { 0 };
	struct many many;

	(void)state;
	make(&many, 60);
	lint_run(&many.in, &all);
	for (size_t i = 0; checks[i]; i++) {
		size_t n = 0;

		findings_clear(&alone);
		checks[i]->run(checks[i], &many.in, &alone);
		for (size_t k = 0; k < all.n; k++)
			n += all.finding[k].check == checks[i];
		assert_int_equal(alone.n, n);
		for (size_t k = 0; k < alone.n; k++) {
			bool found = false;

			for (size_t j = 0; j < all.n && !found; j++)
				found = all.finding[j].check == checks[i] && mx_equal(&all.finding[j].mx, &alone.finding[k].mx) &&
					!memcmp(&all.finding[j].text, &alone.finding[k].text, sizeof(alone.finding[k].text)) &&
					!strcmp(all.finding[j].fix, alone.finding[k].fix);
			assert_true(found);
		}
	}
	findings_release(&alone);
	findings_release(&all);
	release(&many);
}

static void check_index__finds__first_records(void **state)
{
	struct check_index index = { 0 };
	struct dname name;
	struct many many;

	(void)state;
	make(&many, 60);
	check_index_build(&index, &many.in);
	check_index_hosters(&index);
	assert_int_equal(index.n_hosts, 60);
	for (size_t i = 0; i < many.set.n; i++) {
		assert_int_equal(index.record[i].first, target_is_first(&many.in, i));
		assert_int_equal(check_index_find(&index, &many.set.mx[i].host), mxset_find(&many.set, &many.set.mx[i].host));
	}
	assert_true(dname_parse(&name, "nobody.exempel.com", NULL));
	assert_int_equal(check_index_find(&index, &name), many.set.n);
	check_index_release(&index);
	release(&many);
}

static double seconds(unsigned n)
{
	struct findings out = { 0 };
	struct timespec from, to;
	struct many many;

	make(&many, n);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	lint_run(&many.in, &out);
	lint_draft(&many.in, &many.in, &out);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	assert_true(out.n > n);
	findings_release(&out);
	release(&many);
	return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* Eight times the records: squares would need 64 times as long, cubes 512 times. */
static void lint_run__takes__little_more_than_its_share(void **state)
{
	double small = seconds(500), large = seconds(4000);

	(void)state;
	assert_true(large < 24 * small + 0.05);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lint_run__finds__what_each_check_finds_alone),
		cmocka_unit_test(check_index__finds__first_records),
		cmocka_unit_test(lint_run__takes__little_more_than_its_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
