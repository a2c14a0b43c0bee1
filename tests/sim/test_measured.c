/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulator against real sending servers: tests/data/senders-measured.json holds what each program did in each
 * scenario. A share must lie within the 99 % interval of its count, plus 1.2 points.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define Z99 2.576
#define SLACK 0.012

/* What the model does not follow, and why: counted exactly. */
static const struct {
	const char *id, *sender, *why;
} exceptions[] = {
	{ "S46", "sendmail", "orders by a hash of the names, not by chance: these two fall .43/.57" },
};

/* Courier draws its order once a second: so many draws there are, and not more, in its runs of the first file, which took 16 to 30 s.
 * The second file counts its draws. */
#define COURIER_DRAWS 20

struct tally {
	size_t n, failed, excepted;
	bool seconds; /* Courier's counts are draws already */
};

static double draws(const char *sender, double n, const struct tally *tally)
{
	return strcmp(sender, "courier") == 0 && !tally->seconds ? fmin(n, COURIER_DRAWS) : n;
}

static bool close_to(double model, double measured, double n)
{
	double p = measured > model ? measured : model, q = measured < model ? measured : model;
	double widest = fmax(p * (1 - p), q * (1 - q));

	return fabs(model - measured) <= Z99 * sqrt(widest / n) + SLACK;
}

static bool differs(const char *what, double model, double measured, double n)
{
	if (close_to(model, measured, n))
		return false;
	print_message("# %s: model %.4f, measured %.4f of %.0f\n", what, model, measured, n);
	return true;
}

static double number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static bool shares_differ(const struct sim_outcome *first, const json_t *m, double n)
{
	json_t *hosts = json_object_get(m, "hosts"), *addresses = json_object_get(m, "addresses");
	char text[DNAME_TEXT_MAX];
	bool wrong = false;

	for (size_t i = 0; i < first->n; i++) {
		const struct sim_share *share = &first->share[i];
		double measured = number(hosts, dname_text(&share->host, text));

		wrong |= differs(text, world_host(first, text), measured, n);
		for (size_t j = 0; json_object_size(addresses) && j < share->n_addr; j++) {
			char addr[ADDR_TEXT_MAX];
			json_t *value = json_object_get(addresses, addr_text(&share->addr[j].addr, addr));

			if (value)
				wrong |= differs(addr, world_address(first, addr), json_number_value(value), n);
		}
	}
	return wrong;
}

/* Connections: the spread of a mean between 1 and max, taken as even. */
static bool connections_differ(const struct sim_result *result, double measured, double n)
{
	double spread = result->connections_max > 1 ? (result->connections_max - 1) / sqrt(12) : 0;

	if (fabs(result->connections_mean - measured) <= Z99 * spread / sqrt(n) + SLACK)
		return false;
	print_message("# connections: model %.3f, measured %.3f of %.0f\n", result->connections_mean, measured, n);
	return true;
}

static bool excepted(const char *id, const char *sender)
{
	for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++) {
		if (strcmp(exceptions[i].id, id) == 0 && strcmp(exceptions[i].sender, sender) == 0)
			return true;
	}
	return false;
}

static void compare(struct world *world, const char *id, json_t *measured, struct tally *tally)
{
	const char *name;
	json_t *m;

	json_object_foreach(measured, name, m)
	{
		const struct sender *sender = sender_find(name);
		struct sim_result result = { 0 };
		double n = draws(name, number(m, "n"), tally);
		bool wrong;

		assert_non_null(sender);
		failover_run(&world->in, sender, &result);
		assert_true(result.exact);
		wrong = shares_differ(&result.first, m, n);
		wrong |= differs("deferred", result.first.deferred, number(m, "deferred"), n);
		wrong |= differs("bounced", result.first.bounced, number(m, "bounced"), n);
		wrong |= connections_differ(&result, number(m, "connections"), n);
		tally->n++;
		if (wrong) {
			print_message("# ... in %s by %s%s\n", id, name, excepted(id, name) ? ", a known exception" : "");
			tally->failed += !excepted(id, name);
			tally->excepted += excepted(id, name);
		} else if (excepted(id, name)) {
			print_message("# %s by %s agrees: it is no exception any more\n", id, name);
			tally->failed++;
		}
		sim_result_release(&result);
	}
}

static void mark_down(struct world *world, json_t *down)
{
	size_t i;
	json_t *row;

	json_array_foreach(down, i, row)
	{
		char text[1200];

		snprintf(text, sizeof text, "%s=%s", json_string_value(json_object_get(row, "what")),
			json_string_value(json_object_get(row, "state")));
		world_mark(world, text);
	}
}

static struct tally agree_with(const char *file, bool seconds)
{
	const char *top = getenv("top_srcdir");
	char path[4096];
	struct tally tally = { .seconds = seconds };
	json_t *cases, *row;
	size_t i;

	snprintf(path, sizeof path, "%s/tests/data/%s", top ? top : ".", file);
	cases = json_load_file(path, 0, NULL);
	assert_non_null(cases);
	json_array_foreach(cases, i, row)
	{
		struct world world;

		world_init(&world, json_string_value(json_object_get(row, "domain")), json_string_value(json_object_get(row, "zone")));
		mark_down(&world, json_object_get(row, "down"));
		compare(&world, json_string_value(json_object_get(row, "id")), json_object_get(row, "measured"), &tally);
		world_release(&world);
	}
	json_decref(cases);
	print_message("# %zu measurements, %zu known exceptions, %zu failures\n", tally.n, tally.excepted, tally.failed);
	return tally;
}

static void failover__agrees__with_every_measurement(void **state)
{
	struct tally tally = agree_with("senders-measured.json", false);

	(void)state;
	assert_int_equal(tally.n, 226);
	assert_int_equal(tally.failed, 0);
	assert_int_equal(tally.excepted, 1);
}

/* Mixed stages, sessions lost half-way, odd addresses. */
static void failover__agrees__with_the_second_measurements(void **state)
{
	struct tally tally = agree_with("senders-measured-2.json", true);

	(void)state;
	assert_int_equal(tally.n, 136);
	assert_int_equal(tally.failed, 0);
	assert_int_equal(tally.excepted, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failover__agrees__with_every_measurement),
		cmocka_unit_test(failover__agrees__with_the_second_measurements),
	};

	return cmocka_run_group_tests_name("measured", tests, NULL, NULL);
}
