/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which records come, change and go at a vendor that keeps each by itself: every plan, in its order. */
#include "engine_room.h"

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	(void)run;
	(void)change;
	return json_object();
}

static const struct shape in_place_shape = { .change = { "PUT", "/r/{id}", { 0 }, NULL }, .body = body_of };
static const struct shape still_shape = { .add = { "POST", "/r", { 0 }, NULL }, .body = body_of };
static const struct shape batch_shape = { .batch = { "POST", "/b", { 0 }, NULL }, .body = body_of };
ROW(in_place, in_place_shape, engine_records, 0);
ROW(still, still_shape, engine_records, 0);
ROW(batch, batch_shape, engine_records, CAP_BATCH);

/* "ID PREFERENCE HOST TTL FLAGS, ...": d disabled, a automatic, l locked, - none */
static void have(struct drive *drive, const char *text)
{
	char copy[512], *rest = NULL;

	snprintf(copy, sizeof copy, "%s", text);
	for (char *one = strtok_r(copy, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
		struct provider_record *record = provider_set_add(&drive->run.have);
		char id[32], host[64], flags[8];
		unsigned preference, ttl_s;

		assert_int_equal(sscanf(one, " %31s %u %63s %u %7s", id, &preference, host, &ttl_s, flags), 5);
		snprintf(record->id, sizeof record->id, "%s", id);
		mx_set(&record->mx, preference, host);
		record->ttl_s = ttl_s;
		record->disabled = strchr(flags, 'd');
		record->automatic = strchr(flags, 'a');
		record->locked = strchr(flags, 'l');
	}
}

/* "add 10 a 60; change 7 into 20 b 60; remove 8", with "auto" for a TTL that is the vendor's. */
static void say_plan(struct provider_run *run, struct str *out)
{
	static const char *const verbs[] = { "add", "change", "remove" };
	const struct vendor_state *state = vendor_state(run);

	for (size_t i = 0; i < state->n; i++) {
		const struct vendor_change *change = &state->change[i];
		char host[DNAME_TEXT_MAX];

		str_addf(out, "%s%s%s%s", i ? "; " : "", verbs[change->verb], *change->id ? " " : "", change->id);
		if (change->verb == VENDOR_REMOVE)
			continue;
		str_addf(out, "%s %u %s %u%s", change->verb == VENDOR_CHANGE ? " into" : "", (unsigned)change->mx.preference,
			mx_host_text(&change->mx, host), (unsigned)change->ttl_s, change->automatic ? " auto" : "");
	}
}

enum { PLAIN, GUARD = 1, AUTOMATIC = 2 };

static const struct {
	const struct provider *provider;
	enum provider_part part;
	int how;
	const char *have, *want, *plan; /* or why not */
} rows[] = {
	/* what equals stays; what is new comes first, what is old goes last */
	{ &in_place, PART_ALL, PLAIN, "1 10 a 60 -, 2 20 b 60 -", "60 10 a 30 c", "add 30 c 60; remove 2" },
	{ &in_place, PART_ALL, PLAIN, "1 10 a 60 -, 2 20 b 60 -", "60 20 b 10 a", "" },
	{ &in_place, PART_ALL, PLAIN, "1 10 a 60 -, 2 20 b 60 -", "90 10 a 20 b", "change 1 into 10 a 90; change 2 into 20 b 90" },
	{ &in_place, PART_ALL, PLAIN, "1 10 a 60 -, 2 20 b 90 -", "90 10 a 20 b", "change 1 into 10 a 90" },
	{ &in_place, PART_ALL, PLAIN, "1 10 a 60 -", "60 20 a", "add 20 a 60; remove 1" },
	{ &in_place, PART_ALL, PLAIN, "", "60 10 a 20 b", "add 10 a 60; add 20 b 60" },
	{ &in_place, PART_ALL, PLAIN, "1 10 a 60 -, 2 20 b 60 -", "0", "remove 1; remove 2" },
	/* of repeats the first by its id stays, shorter ids first */
	{ &in_place, PART_ALL, PLAIN, "10 10 a 60 -, 9 10 a 60 -", "60 10 a 20 b", "add 20 b 60; remove 10" },
	{ &in_place, PART_ALL, PLAIN, "9 10 a 60 -, 10 10 a 60 -", "60 10 a 20 b", "add 20 b 60; remove 10" },
	{ &in_place, PART_ALL, PLAIN, "b 10 a 60 -, a 10 a 60 -", "60 10 a 20 b", "add 20 b 60; remove b" },
	/* what is not published is not touched, and not taken for what is wanted */
	{ &in_place, PART_ALL, PLAIN, "1 10 a 60 d, 2 20 b 60 -", "60 10 a", "add 10 a 60; remove 2" },
	{ &in_place, PART_ALL, PLAIN, "1 10 a 60 d", "0", "" },
	/* one part of it */
	{ &in_place, PART_ADD, PLAIN, "1 10 a 60 -, 2 20 b 60 -", "90 10 a 30 c", "change 1 into 10 a 90; add 30 c 90" },
	{ &in_place, PART_REMOVE, PLAIN, "1 10 a 60 -, 2 20 b 60 -, 3 30 c 60 -", "60 10 a", "remove 2" },
	{ &in_place, PART_REMOVE, PLAIN, "1 10 a 60 d, 2 20 b 60 -, 3 30 c 60 -", "60 30 c", "remove 2" },
	{ &in_place, PART_REMOVE, PLAIN, "1 10 a 60 -", "60 10 a 20 b", "conflict: MX 20 b is not there: nothing is removed" },
	/* the anchor, the first that is published, changes and is not removed */
	{ &in_place, PART_REMOVE, GUARD, "1 10 a 60 -, 2 20 b 60 -", "60 20 b", "change 1 into 20 b 60" },
	{ &in_place, PART_REMOVE, GUARD, "1 10 a 60 -, 2 20 b 60 -, 3 30 c 60 -", "60 20 b 30 c", "change 1 into 30 c 60" },
	{ &in_place, PART_REMOVE, GUARD, "5 10 a 60 -, 1 10 z 60 d, 7 20 b 60 -", "60 20 b", "change 5 into 20 b 60" },
	{ &in_place, PART_REMOVE, GUARD, "12 10 a 60 -, 7 20 b 60 -", "60 10 a", "change 7 into 10 a 60" },
	{ &in_place, PART_REMOVE, GUARD, "1 10 a 60 -, 2 20 b 60 -", "60 10 a", "remove 2" },
	{ &in_place, PART_REMOVE, GUARD, "1 10 a 60 -, 2 20 b 60 -", "0", "remove 1" },
	{ &still, PART_REMOVE, GUARD, "1 10 a 60 -, 2 20 b 60 -", "60 20 b", "remove 1" },
	{ &still, PART_ALL, PLAIN, "1 10 a 60 -, 2 20 b 60 -", "90 30 c", "add 30 c 90; remove 1; remove 2" },
	{ &still, PART_ALL, PLAIN, "1 10 a 60 -", "90 10 a", "refused: Test cannot change the TTL of a record, and MX 10 a is to stay" },
	{ &still, PART_ALL, PLAIN, "1 10 a 60 d, 2 20 b 90 -", "90 10 a", "add 10 a 90; remove 2" },
	/* in one batch the old turn into the new: of the same host first */
	{ &batch, PART_ALL, PLAIN, "1 10 a 60 -, 2 20 b 60 -", "60 30 b 10 c", "change 1 into 10 c 60; change 2 into 30 b 60" },
	{ &batch, PART_ALL, PLAIN, "1 10 a 60 -, 2 20 b 60 -, 3 30 c 60 -", "60 10 d", "change 1 into 10 d 60; remove 2; remove 3" },
	{ &batch, PART_ALL, PLAIN, "1 10 a 60 -, 2 20 b 60 -", "60 20 b", "change 1 into 20 b 60; remove 2" },
	{ &batch, PART_ALL, PLAIN, "1 10 a 60 d, 2 20 b 60 -", "60 30 c 40 d", "change 2 into 30 c 60; add 40 d 60" },
	{ &batch, PART_ALL, PLAIN, "1 10 a 60 -", "60 10 a 20 b", "add 20 b 60" },
	/* a TTL that was the vendor's stays so where nobody chose another */
	{ &in_place, PART_ALL, PLAIN, "1 10 a 300 a, 2 20 b 300 a", "300 10 a 30 c", "add 30 c 300 auto; remove 2" },
	{ &in_place, PART_ALL, PLAIN, "1 10 a 300 a, 2 20 b 300 -", "300 10 a 30 c", "add 30 c 300; remove 2" },
	{ &in_place, PART_ALL, PLAIN, "1 10 a 300 a", "60 10 a 30 c", "change 1 into 10 a 60; add 30 c 60" },
	{ &in_place, PART_ALL, PLAIN, "1 10 a 300 a, 2 20 b 60 d", "300 10 a 30 c", "add 30 c 300 auto" },
	{ &in_place, PART_ALL, PLAIN, "2 20 b 300 da", "300 30 c", "add 30 c 300" },
	{ &in_place, PART_ALL, AUTOMATIC, "1 10 a 300 -", "300 10 a", "change 1 into 10 a 300 auto" },
	{ &in_place, PART_ALL, AUTOMATIC, "1 10 a 300 a", "300 10 a", "" },
	/* what is tied to something of the vendor's */
	{ &in_place, PART_ALL, PLAIN, "1 10 a 60 -, 2 20 b 60 l", "60 10 a",
		"refused: Test ties the MX record of b to a service, a policy or a protection of its own: it is left alone" },
	{ &in_place, PART_ALL, PLAIN, "1 10 a 60 l", "60 10 a", "" },
};

static void plan__is__exactly_this(void **state)
{
	bool good = true;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };
		struct str said;

		str_init(&said, 0);
		begin(&drive, rows[i].provider, GOAL_WRITE, "example.com");
		have(&drive, rows[i].have);
		drive_set(&drive.run.want, rows[i].want);
		drive.run.part = rows[i].part;
		drive.run.guard = rows[i].how & GUARD;
		drive.run.automatic = rows[i].how & AUTOMATIC;
		drive.run.at = 9;
		if (vendor_changes(&drive.run, &drive.err)) {
			say_plan(&drive.run, &said);
		} else {
			str_addf(&said, "%s: ", err_code_name(drive.err.code));
			err_format(&drive.err, NULL, &said);
		}
		if (strcmp(said.s, rows[i].plan) != 0)
			print_error("row %zu: %s\n", i, said.s);
		good &= !strcmp(said.s, rows[i].plan) && drive.run.at == 0;
		str_release(&said);
		drive_end(&drive);
	}
	assert_true(good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plan__is__exactly_this),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
