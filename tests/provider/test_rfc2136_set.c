/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name server as provider, from bytes: the set that is read and replaced, and what its answers are worth. */
#include "name_server.h"

static void read__takes__the_names_own_records(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_READ, "exempel.com", NULL);
	drive_have(&drive, "60 1 old.example"); /* of an earlier read */
	drive_ask(&drive);
	title_is(&drive, "read the MX set of exempel.com");
	asked_is(&drive, "exempel.com. MX\n", "exempel.com.\tIN\tMX\n");
	assert_false(drive.request.writes);
	say(&drive, &(struct said){ .answer = "Exempel.com. 600 IN MX 10 Mx1.exempel.com.\nexempel.com. 600 IN MX 20 mx2.exempel.net.\n"
					      "exempel.net. 60 IN MX 5 foreign.example.\n",
			    .authority = "exempel.com. 600 IN MX 1 none.example.\n" });
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "600 10 mx1.exempel.com 20 mx2.exempel.net");
	assert_string_equal(drive.run.have.mark, "");
	drive_end(&drive);
	begin(&drive, GOAL_READ, "tom.exempel.com", NULL);
	drive_ask(&drive);
	say(&drive, &(struct said){ .rcode = 3, .authority = SOA("exempel.com") });
	assert_int_equal(drive.step, STEP_DONE);
	assert_int_equal(drive.run.have.n, 0);
	assert_string_equal(drive.run.have.mark, "2026010101");
	drive_end(&drive);
	begin(&drive, GOAL_READ, "leer.exempel.com", NULL);
	drive_ask(&drive);
	say(&drive, &(struct said){ .answer = "leer.exempel.com. 60 IN MX 0 .\n" });
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "60 0 .");
	drive_end(&drive);
}

/* Where the mark has to be of after the set was read, the SOA is asked for once more, unless the answer brought it. */
static void read__with_a_mark__asks_for_the_serial(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		begin(&drive, GOAL_READ, "post.exempel.com", NULL);
		drive_zone(&drive, "exempel.com", NULL);
		drive.run.marked = i > 0;
		snprintf(drive.run.have.mark, sizeof drive.run.have.mark, "7"); /* of when the zone was looked for */
		drive_ask(&drive);
		say(&drive, &(struct said){ .answer = i < 2 ? "post.exempel.com. 60 IN MX 10 mx1.exempel.com.\n" : NULL,
				    .authority = i < 2 ? NULL : SOA("exempel.com") });
		if (i == 1) {
			title_is(&drive, "read the serial of exempel.com");
			asked_is(&drive, "exempel.com. SOA\n", "exempel.com.\tIN\tSOA\n");
			assert_string_equal(drive.run.have.mark, "");
			say(&drive, &(struct said){ .answer = SOA("exempel.com") });
			drive_expect_have(&drive, "60 10 mx1.exempel.com");
		}
		assert_int_equal(drive.step, STEP_DONE);
		assert_string_equal(drive.run.have.mark, i ? "2026010101" : "7");
		drive_end(&drive);
	}
	/* another zone's serial is none */
	begin(&drive, GOAL_READ, "post.exempel.com", NULL);
	drive_zone(&drive, "exempel.com", NULL);
	drive.run.marked = true;
	drive_ask(&drive);
	say(&drive, &(struct said){ .answer = "post.exempel.com. 60 IN MX 10 mx1.exempel.com.\n" });
	say(&drive, &(struct said){ .answer = SOA("post.exempel.com") });
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.have.mark, "");
	drive_end(&drive);
}

/* At most so many writes lie between two serials, which go round (RFC 1982); where one went back, none are counted. */
static void writes_between__is__the_serials_difference(void **state)
{
	static const struct {
		const char *before, *after;
		unsigned n;
	} rows[] = { { "7", "7", 0 }, { "7", "8", 1 }, { "7", "12", 5 }, { "4294967295", "1", 2 }, { "1", "2147483648", 0x7fffffff },
		{ "1", "2147483649", WRITES_UNKNOWN - 1 }, { "8", "7", WRITES_UNKNOWN - 1 } };
	const struct provider *provider = provider_find("rfc2136");

	(void)state;
	assert_true(provider->writes_most);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(provider->writes_between(rows[i].before, rows[i].after), rows[i].n);
}

static void read__refuses__an_alias_and_anothers_zone(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_READ, "www.exempel.com", NULL);
	drive_ask(&drive);
	say(&drive, &(struct said){ .answer = "www.exempel.com. 60 IN CNAME exempel.com.\nexempel.com. 60 IN MX 10 mx1.exempel.com.\n" });
	err_is(&drive, ERR_REFUSED, "www.exempel.com is an alias: no MX record can stand beside it");
	drive_end(&drive);
	begin(&drive, GOAL_READ, "exempel.com", NULL);
	drive_ask(&drive);
	say(&drive, &(struct said){ .not_aa = true, .answer = "exempel.com. 60 IN MX 10 mx1.exempel.com.\n" });
	err_is(&drive, ERR_REFUSED, "the name server " SERVER " (account lab) answers, but the zone is not its own");
	assert_int_equal(drive.run.have.n, 0);
	drive_end(&drive);
}

static void begin_write(struct drive *drive, const char *have, const char *want)
{
	begin(drive, GOAL_WRITE, "post.exempel.com", NULL);
	drive_zone(drive, "exempel.com", NULL);
	drive_have(drive, have);
	drive_set(&drive->run.want, want);
	drive_ask(drive);
}

static void write__is__one_update_that_compares(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin_write(&drive, "60 10 mx1.exempel.com", "300 20 mx2.exempel.com");
	title_is(&drive, "replace the MX set of post.exempel.com, where it is still the old one");
	assert_true(drive.request.writes);
	asked_is(&drive,
		"zone exempel.com.\nprereq nxrrset post.exempel.com. CNAME\nprereq yxrrset post.exempel.com. MX 10 mx1.exempel.com.\n"
		"update delete post.exempel.com. MX\nupdate add post.exempel.com. 300 MX 20 mx2.exempel.com.\n",
		"exempel.com.\tIN\tSOA\n");
	say(&drive, &(struct said){ .rcode = 0 });
	assert_int_equal(drive.step, STEP_DONE);
	assert_true(drive.run.wrote);
	drive_end(&drive);
}

static void write__says__why_not(void **state)
{
	static const struct {
		int rcode;
		enum err_code code;
		const char *text;
	} cases[] = {
		{ 3, ERR_CONFLICT, "the name server " SERVER " (account lab) has another set than the change began from (NXDOMAIN)" },
		{ 6, ERR_CONFLICT, "the name server " SERVER " (account lab) has another set than the change began from (YXDOMAIN)" },
		{ 7, ERR_CONFLICT, "the name server " SERVER " (account lab) has another set than the change began from (YXRRSET)" },
		{ 8, ERR_CONFLICT, "the name server " SERVER " (account lab) has another set than the change began from (NXRRSET)" },
		{ 5, ERR_REFUSED,
			"the name server " SERVER " refused to change the MX records of post.exempel.com for the key mx-key (REFUSED)" },
		{ 9, ERR_REFUSED,
			"the name server " SERVER
			" (account lab) has no zone for post.exempel.com, or does not show it to the key (NOTAUTH)" },
		{ 10, ERR_REFUSED, "the name server " SERVER " (account lab) refused: NOTZONE" },
		{ 2, ERR_NETWORK, "the name server " SERVER " (account lab) failed: SERVFAIL" },
	};
	struct drive drive = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		begin_write(&drive, "60 10 mx1.exempel.com", "300 20 mx2.exempel.com");
		say(&drive, &(struct said){ .rcode = cases[i].rcode });
		err_is(&drive, cases[i].code, cases[i].text);
		assert_false(drive.run.wrote);
		drive_end(&drive);
	}
}

static void write__sends__nothing_where_it_need_not_or_cannot(void **state)
{
	struct reply foreseen = { .foreseen = true };
	struct drive drive = { 0 };

	(void)state;
	begin_write(&drive, "300 10 mx1.exempel.com", "300 10 mx1.exempel.com");
	assert_int_equal(drive.step, STEP_DONE);
	assert_false(drive.run.wrote);
	drive_end(&drive);
	begin_write(&drive, "300 10 mx1.exempel.com", "300 70000 mx1.exempel.com");
	err_is(&drive, ERR_REFUSED, "the set of post.exempel.com does not fit into a DNS message");
	drive_end(&drive);
	begin_write(&drive, "300 10 mx1.exempel.com", "2147483648 10 mx1.exempel.com");
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
	begin_write(&drive, "300 10 mx1.exempel.com", "0 0 .");
	drive_step(&drive, &foreseen);
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

static void row__says__what_the_server_can(void **state)
{
	const struct provider *row = provider_find("rfc2136");

	(void)state;
	assert_int_equal(row->caps, CAP_ATOMIC_SET | CAP_NULL_MX | CAP_COMPARE | CAP_NO_TTL);
	assert_int_equal(row->limits.ttl_min_s, 0);
	assert_int_equal(row->limits.ttl_max_s, 2147483647);
	assert_int_equal(row->settle_s, 1);
	assert_int_equal(row->in_flight, 8);
	assert_int_equal(row->key_lines, 0);
	assert_string_equal(row->endpoint, "");
	assert_null(row->settings[0].standard);
	assert_string_equal(row->settings[1].standard, "hmac-sha256");
	assert_string_equal(row->settings[2].standard, "");
}

/* An answer of so many bytes, unsigned, that says REFUSED. */
static void short_answer(struct drive *drive, size_t len)
{
	struct str none;
	struct reply reply = { .account = &drive->account,
		.content = "\x12\x34\x84\x05\0\0\0\0\0\0\0\0",
		.content_len = len,
		.signature = &none,
		.now = NOW };

	str_init(&none, 0);
	begin(drive, GOAL_READ, "exempel.com", NULL);
	drive_ask(drive);
	drive_step(drive, &reply);
	str_release(&none);
}

static void answers__of_a_few_bytes__are_none(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	short_answer(&drive, 12);
	err_is(&drive, ERR_NETWORK,
		"the answer of the name server " SERVER " (account lab) is not signed with the key, and counts for nothing (REFUSED)");
	drive_end(&drive);
	short_answer(&drive, 11);
	err_is(&drive, ERR_NETWORK,
		"the answer of the name server " SERVER " (account lab) is not signed with the key, and counts for nothing (SERVFAIL)");
	drive_end(&drive);
}

/* Without a key that can be read nothing is signed with it, whatever stands there. */
static void answers__without_a_key__count_for_nothing(void **state)
{
	static const char *const odd[] = { "key_name", "mx-key", "algorithm", "sha1", NULL };
	struct drive drive = { 0 };
	struct str none;
	struct reply reply = { .account = &drive.account, .content = "", .signature = &none, .now = NOW };

	(void)state;
	str_init(&none, 0);
	begin(&drive, GOAL_VERIFY, "a", odd);
	drive.run.owner.len = 0;
	drive_step(&drive, &reply);
	err_is(&drive, ERR_NETWORK,
		"the answer of the name server " SERVER " (account lab) is not signed with the key, and counts for nothing (SERVFAIL)");
	drive_end(&drive);
	str_release(&none);
}

static void judge__tells__what_an_answer_is_worth(void **state)
{
	static const struct {
		enum provider_goal goal;
		struct said said;
		enum meaning meaning;
	} cases[] = {
		{ GOAL_READ, { .rcode = 0 }, MEANING_ACCEPTED },
		{ GOAL_READ, { .rcode = 3 }, MEANING_ACCEPTED },
		{ GOAL_READ, { .rcode = 2 }, MEANING_FAILED },
		{ GOAL_READ, { .rcode = 5 }, MEANING_REFUSED },
		{ GOAL_WRITE, { .rcode = 0 }, MEANING_ACCEPTED },
		{ GOAL_WRITE, { .rcode = 1 }, MEANING_REFUSED },
		{ GOAL_WRITE, { .rcode = 2 }, MEANING_FAILED },
		{ GOAL_WRITE, { .rcode = 3 }, MEANING_STALE },
		{ GOAL_WRITE, { .rcode = 6 }, MEANING_STALE },
		{ GOAL_WRITE, { .rcode = 7 }, MEANING_STALE },
		{ GOAL_WRITE, { .rcode = 8 }, MEANING_STALE },
		{ GOAL_WRITE, { .rcode = 9 }, MEANING_REFUSED },
		{ GOAL_WRITE, { .rcode = 0, .manner = UNSIGNED }, MEANING_FAILED },
		{ GOAL_WRITE, { .rcode = 8, .manner = UNSIGNED }, MEANING_FAILED },
		{ GOAL_WRITE, { .rcode = 0, .manner = FORGED }, MEANING_FAILED },
		{ GOAL_WRITE, { .rcode = 9, .manner = BAD_KEY }, MEANING_AUTH },
		{ GOAL_WRITE, { .rcode = 9, .manner = BAD_SIG }, MEANING_AUTH },
		{ GOAL_WRITE, { .rcode = 9, .manner = BAD_TIME }, MEANING_AUTH },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct drive drive = { 0 };
		enum meaning judged;

		begin(&drive, cases[i].goal, "exempel.com", NULL);
		drive_zone(&drive, "exempel.com", NULL);
		drive_set(&drive.run.want, "300 20 mx2.exempel.com");
		drive_ask(&drive);
		judged = say(&drive, &cases[i].said);
		if (judged != cases[i].meaning)
			fail_msg("row %zu: %d", i, (int)judged);
		drive_end(&drive);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read__takes__the_names_own_records),
		cmocka_unit_test(read__with_a_mark__asks_for_the_serial),
		cmocka_unit_test(writes_between__is__the_serials_difference),
		cmocka_unit_test(read__refuses__an_alias_and_anothers_zone),
		cmocka_unit_test(write__is__one_update_that_compares),
		cmocka_unit_test(write__says__why_not),
		cmocka_unit_test(write__sends__nothing_where_it_need_not_or_cannot),
		cmocka_unit_test(row__says__what_the_server_can),
		cmocka_unit_test(answers__of_a_few_bytes__are_none),
		cmocka_unit_test(answers__without_a_key__count_for_nothing),
		cmocka_unit_test(judge__tells__what_an_answer_is_worth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
