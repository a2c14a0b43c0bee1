/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name server as provider, from bytes: the zone that it has, its signatures, the key. */
#include "name_server.h"

/* ---- the zone ---- */

static void zones__asks__once_and_for_the_servers(void **state)
{
	struct drive drive = { 0 };
	char text[DNAME_TEXT_MAX];

	(void)state;
	begin(&drive, GOAL_ZONES, "exempel.com", NULL);
	drive_ask(&drive);
	title_is(&drive, "find the zone of exempel.com");
	asked_is(&drive, "exempel.com. SOA\n", "exempel.com.\tIN\tSOA\n");
	assert_false(drive.request.writes);
	say(&drive, &(struct said){ .answer = SOA("exempel.com") });
	title_is(&drive, "read the name servers of exempel.com");
	asked_is(&drive, "exempel.com. NS\n", "exempel.com.\tIN\tNS\n");
	say(&drive,
		&(struct said){ .answer = NS "exempel.com. 60 IN A 192.0.2.1\n", .authority = "exempel.com. 60 IN NS ns9.exempel.com.\n" });
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(dname_text(&drive.run.zone, text), "exempel.com");
	assert_int_equal(drive.run.first_ttl_s, 7200);
	assert_int_equal(drive.run.n_ns, 2);
	assert_string_equal(dname_text(&drive.run.ns[0], text), "ns1.exempel.com");
	assert_string_equal(dname_text(&drive.run.ns[1], text), "ns2.exempel.net");
	drive_end(&drive);
}

static void zones__finds__the_zone_above(void **state)
{
	static const struct said found = { .rcode = 3, .authority = SOA("exempel.com") };
	static const struct said alias = { .answer = "www.post.exempel.com. 60 IN CNAME exempel.com.\n" SOA("exempel.com") };
	struct drive drive = { 0 };
	char text[DNAME_TEXT_MAX];

	(void)state;
	for (int below_alias = 0; below_alias < 2; below_alias++) {
		begin(&drive, GOAL_ZONES, "www.post.exempel.com", NULL);
		drive_ask(&drive);
		asked_is(&drive, "www.post.exempel.com. SOA\n", "www.post.exempel.com.\tIN\tSOA\n");
		if (below_alias) {
			say(&drive, &alias); /* the SOA is of what the alias points to */
			title_is(&drive, "find the zone of www.post.exempel.com");
			asked_is(&drive, "post.exempel.com. SOA\n", "post.exempel.com.\tIN\tSOA\n");
		}
		say(&drive, &found);
		asked_is(&drive, "exempel.com. NS\n", "exempel.com.\tIN\tNS\n");
		assert_int_equal(drive.run.first_ttl_s, 0); /* cut to what holds for "there is none" */
		say(&drive, &(struct said){ .answer = NS });
		assert_int_equal(drive.step, STEP_DONE);
		assert_string_equal(dname_text(&drive.run.zone, text), "exempel.com");
		drive_end(&drive);
	}
}

/* A name server lists its zones to nobody: none is asked. */
static void zones__of_the_root__cannot_be_had(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_ZONES, ".", NULL);
	drive_ask(&drive);
	drive_expect_failed(&drive, ERR_REFUSED);
	assert_string_equal(drive.err.hint.id, "Name the domain instead: its zone is found.");
	drive_end(&drive);
}

static void zones__says__that_there_is_none(void **state)
{
	static const char *const named[] = { "key_name", "mx-key", "zone", "exempel.com", NULL };
	static const struct {
		struct said said;
		const char *const *settings;
		enum err_code code;
		const char *text;
	} cases[] = {
		{ { .authority = "post.exempel.com. 60 IN NS ns1.exempel.net.\n" }, NULL, ERR_REFUSED,
			"the name server " SERVER " (account lab) has no zone for post.exempel.com" },
		{ { .authority = SOA("exempel.net") }, NULL, ERR_REFUSED,
			"the name server " SERVER " (account lab) has no zone for post.exempel.com" },
		{ { .authority = SOA("www.post.exempel.com") }, NULL, ERR_REFUSED,
			"the name server " SERVER " (account lab) has no zone for post.exempel.com" },
		{ { .answer = SOA("com") }, named, ERR_REFUSED,
			"the name server " SERVER " (account lab) has no zone for post.exempel.com" },
		{ { .not_aa = true, .answer = SOA("exempel.com") }, NULL, ERR_REFUSED,
			"the name server " SERVER " (account lab) answers, but the zone is not its own" },
		{ { .rcode = 5 }, NULL, ERR_REFUSED,
			"the name server " SERVER
			" (account lab) has no zone for post.exempel.com, or does not show it to the key (REFUSED)" },
		{ { .rcode = 9 }, NULL, ERR_REFUSED,
			"the name server " SERVER
			" (account lab) has no zone for post.exempel.com, or does not show it to the key (NOTAUTH)" },
		{ { .rcode = 4 }, NULL, ERR_REFUSED, "the name server " SERVER " (account lab) refused: NOTIMP" },
		{ { .rcode = 1 }, NULL, ERR_REFUSED, "the name server " SERVER " (account lab) refused: FORMERR" },
		{ { .rcode = 2 }, NULL, ERR_NETWORK, "the name server " SERVER " (account lab) failed: SERVFAIL" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct drive drive = { 0 };

		begin(&drive, GOAL_ZONES, "post.exempel.com", cases[i].settings);
		drive_ask(&drive);
		say(&drive, &cases[i].said);
		err_is(&drive, cases[i].code, cases[i].text);
		drive_end(&drive);
	}
}

static void zones__takes__the_zone_that_is_named(void **state)
{
	static const char *const named[] = { "key_name", "mx-key", "zone", "exempel.com", NULL }, *const bad[] = { "key_name", "mx-key",
		"zone", "a..b", NULL };
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_ZONES, "a.b.exempel.com", named);
	drive_ask(&drive);
	title_is(&drive, "find the zone of a.b.exempel.com");
	asked_is(&drive, "exempel.com. SOA\n", "exempel.com.\tIN\tSOA\n");
	say(&drive, &(struct said){ .answer = SOA("exempel.com") });
	asked_is(&drive, "exempel.com. NS\n", "exempel.com.\tIN\tNS\n");
	drive_end(&drive);
	begin(&drive, GOAL_ZONES, "exempel.net", named);
	drive_ask(&drive);
	err_is(&drive, ERR_USAGE, "exempel.net does not lie in the zone exempel.com of account lab");
	drive_end(&drive);
	begin(&drive, GOAL_ZONES, "exempel.net", bad);
	drive_ask(&drive);
	drive_expect_failed(&drive, ERR_USAGE);
	drive_end(&drive);
}

static void zones__comes_to_an_end__of_aliases(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_ZONES, "com", NULL);
	drive_ask(&drive);
	say(&drive, &(struct said){ .answer = "com. 60 IN CNAME a.\n" });
	asked_is(&drive, ". SOA\n", ".\tIN\tSOA\n");
	say(&drive, &(struct said){ .answer = "com. 60 IN CNAME a.\n" });
	err_is(&drive, ERR_REFUSED, "the name server " SERVER " (account lab) has no zone for com");
	drive_end(&drive);
}

/* ---- signatures ---- */

static void answers__count__where_the_key_signed_them(void **state)
{
	static const struct {
		struct said said;
		enum err_code code;
		const char *text;
	} cases[] = {
		{ { .manner = UNSIGNED, .answer = SOA("exempel.com") }, ERR_NETWORK,
			"the answer of the name server " SERVER
			" (account lab) is not signed with the key, and counts for nothing (NOERROR)" },
		{ { .manner = FORGED, .answer = SOA("exempel.com") }, ERR_NETWORK,
			"the answer of the name server " SERVER
			" (account lab) is not signed with the key, and counts for nothing (NOERROR)" },
		{ { .manner = BAD_KEY, .rcode = 9 }, ERR_AUTH,
			"the name server " SERVER " (account lab) does not accept the key mx-key with the algorithm hmac-sha256 (BADKEY)" },
		{ { .manner = BAD_SIG, .rcode = 9 }, ERR_AUTH,
			"the name server " SERVER " (account lab) has another secret for the key mx-key" },
		{ { .manner = BAD_TIME, .rcode = 9 }, ERR_AUTH,
			"the name server " SERVER
			" (account lab) takes no signature of this time: its clock shows 2026-11-24T10:40:00Z, ours 2026-11-23T10:40:00Z" },
	};
	static const enum provider_goal goals[] = { GOAL_ZONES, GOAL_READ, GOAL_WRITE, GOAL_VERIFY };

	(void)state;
	for (size_t i = 0; i < 4 * sizeof cases / sizeof cases[0]; i++) {
		struct drive drive = { 0 };

		begin(&drive, goals[i % 4], "exempel.com", NULL);
		drive_zone(&drive, "exempel.com", NULL);
		drive_set(&drive.run.want, "300 10 mx1.exempel.com");
		drive_ask(&drive);
		say(&drive, &cases[i / 4].said);
		err_is(&drive, cases[i / 4].code, cases[i / 4].text);
		if (cases[i / 4].said.manner == BAD_TIME)
			assert_string_equal(drive.err.hint.id, "Set the clock that is wrong: the two may differ by at most %d minutes.");
		assert_false(drive.run.wrote);
		drive_end(&drive);
	}
}

static void sign__refuses__what_is_no_key(void **state)
{
	static const char *const odd[] = { "key_name", "mx-key", "algorithm", "sha1", NULL };
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_READ, "exempel.com", odd);
	assert_int_equal(drive.account.provider->step(&drive.run, NULL, &drive.request, &drive.err), STEP_REQUEST);
	assert_false(provider_dress(&drive.run, &drive.request, NOW, &drive.err));
	drive.step = STEP_FAILED;
	err_is(&drive, ERR_USAGE, "not an algorithm of TSIG: sha1");
	drive_end(&drive);
	begin(&drive, GOAL_READ, "exempel.com", NULL);
	drive.account.endpoint = "";
	drive_ask(&drive);
	err_is(&drive, ERR_USAGE, "account lab names no name server");
	drive_end(&drive);
}

static void verify__asks__for_what_is_known(void **state)
{
	static const char *const named[] = { "key_name", "mx-key", "zone", "exempel.net", NULL };
	static const struct {
		const char *owner, *const *settings;
		const char *shown, *question;
		struct said said;
		const char *text; /* NULL: good */
	} cases[] = {
		{ NULL, NULL, ". SOA\n", ".\tIN\tSOA\n", { .rcode = 5 }, NULL },
		{ NULL, NULL, ". SOA\n", ".\tIN\tSOA\n", { .rcode = 0 }, NULL },
		{ NULL, NULL, ". SOA\n", ".\tIN\tSOA\n", { .rcode = 5, .manner = UNSIGNED },
			"the name server " SERVER " (account lab) says nothing of the key without a zone" },
		{ NULL, NULL, ". SOA\n", ".\tIN\tSOA\n", { .rcode = 5, .manner = FORGED },
			"the answer of the name server " SERVER
			" (account lab) is not signed with the key, and counts for nothing (REFUSED)" },
		{ NULL, NULL, ". SOA\n", ".\tIN\tSOA\n", { .rcode = 2 }, "the name server " SERVER " (account lab) failed: SERVFAIL" },
		{ "exempel.com", NULL, "exempel.com. SOA\n", "exempel.com.\tIN\tSOA\n", { .answer = SOA("exempel.com") }, NULL },
		{ "exempel.com", NULL, "exempel.com. SOA\n", "exempel.com.\tIN\tSOA\n", { .rcode = 5 },
			"the name server " SERVER " (account lab) has no zone for exempel.com, or does not show it to the key (REFUSED)" },
		{ "exempel.com", NULL, "exempel.com. SOA\n", "exempel.com.\tIN\tSOA\n", { .rcode = 5, .manner = UNSIGNED },
			"the answer of the name server " SERVER
			" (account lab) is not signed with the key, and counts for nothing (REFUSED)" },
		{ "exempel.com", named, "exempel.net. SOA\n", "exempel.net.\tIN\tSOA\n", { .rcode = 3 }, NULL },
		{ "exempel.com", named, "exempel.net. SOA\n", "exempel.net.\tIN\tSOA\n", { .rcode = 4 },
			"the name server " SERVER " (account lab) refused: NOTIMP" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct drive drive = { 0 };

		begin(&drive, GOAL_VERIFY, cases[i].owner ? cases[i].owner : "a", cases[i].settings);
		if (!cases[i].owner)
			drive.run.owner = (struct dname){ 0 };
		drive_ask(&drive);
		title_is(&drive, "ask whether the key is good");
		asked_is(&drive, cases[i].shown, cases[i].question);
		say(&drive, &cases[i].said);
		if (cases[i].text)
			err_is(&drive, drive.err.code, cases[i].text);
		else
			assert_int_equal(drive.step, STEP_DONE);
		drive_end(&drive);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones__asks__once_and_for_the_servers),
		cmocka_unit_test(zones__finds__the_zone_above),
		cmocka_unit_test(zones__of_the_root__cannot_be_had),
		cmocka_unit_test(zones__says__that_there_is_none),
		cmocka_unit_test(zones__takes__the_zone_that_is_named),
		cmocka_unit_test(zones__comes_to_an_end__of_aliases),
		cmocka_unit_test(answers__count__where_the_key_signed_them),
		cmocka_unit_test(sign__refuses__what_is_no_key),
		cmocka_unit_test(verify__asks__for_what_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
