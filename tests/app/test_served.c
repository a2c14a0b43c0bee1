/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rows of a watch amount to, in words, JSON and dates; and the watch of a past push, taken up again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/verify.h"

#define TIME "2026-11-25T10:00:00Z"
#define AT 1795600800 /* TIME */

static struct served_row *add(struct served *served, const char *name, const char *addr, enum server_state state)
{
	struct dns_endpoint at = { 0 };
	struct dname parsed;
	struct served_row *row;

	if (addr)
		assert_true(dns_endpoint_parse(&at, addr, NULL));
	if (name)
		assert_true(dname_parse(&parsed, name, NULL));
	row = served_add(served, name ? &parsed : NULL, &at);
	row->state = state;
	return row;
}

/* "ns1=2@100 ns1=0 -ns2": answers that count and since when; "-": this machine has no route there, "!": no address. */
static void fill(struct served *served, const char *text)
{
	char copy[200], *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		char *equals = strchr(word, '='), *since;
		char sign = *word;
		struct served_row *row;

		if (equals)
			*equals = '\0';
		row = add(served, *word == '*' ? NULL : word + (sign == '-' || sign == '!'), sign == '!' ? NULL : "192.0.2.1",
			SERVER_NOT_ASKED);
		row->no_route = sign == '-';
		if (!equals)
			continue;
		row->seen.times = (unsigned)strtoul(equals + 1, &since, 10);
		row->seen.matches = row->seen.times > 0;
		row->seen.since = *since ? (int64_t)strtoul(since + 1, NULL, 10) : 0;
	}
}

static void served_judge__asks__each_name_for_one_address_that_gives_it(void **state)
{
	static const struct {
		const char *rows;
		bool settled, everywhere;
		int64_t changed_at;
	} cases[] = {
		{ "", true, false, 0 },
		{ "ns1=2@100", true, true, 100 },
		{ "ns1=1@100", false, false, 0 },
		{ "ns1", false, false, 0 },
		{ "ns1=2@100 ns2=2@300 ns3=2@200", true, true, 300 },
		{ "ns1=2@300 ns2=1@100", false, false, 0 },
		/* another address of the name answers for it, and nobody waits where there is no way */
		{ "ns1=2@100 -ns1", true, true, 100 },
		{ "-ns1 ns1=2@100", true, true, 100 },
		{ "ns1=2@100 -ns2", true, false, 0 },
		{ "ns1=2@100 !ns2", true, false, 0 },
		/* servers without a name are each their own */
		{ "*=2@100 *=2@200", true, true, 200 },
		{ "*=2@100 *=0", false, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct served served = { .everywhere = true, .changed_at = 7 };

		fill(&served, cases[i].rows);
		assert_int_equal(served_is_settled(&served), cases[i].settled);
		served_judge(&served);
		if (served.everywhere != cases[i].everywhere || served.changed_at != cases[i].changed_at)
			fail_msg("%s: %d %d", cases[i].rows, served.everywhere, (int)served.changed_at);
		served_release(&served);
		assert_int_equal(served.n, 0);
		assert_null(served.row);
	}
}

/* An unnamed row beside another that gives the set for good: no way there, so it never counts as served. */
static void served_judge__lets__no_unnamed_server_stand_for_another(void **state)
{
	struct served served = { 0 };

	(void)state;
	fill(&served, "*=2@100 *");
	served.row[1].no_route = true;
	assert_true(served_is_settled(&served));
	served_judge(&served);
	assert_false(served.everywhere);
	served_release(&served);
}

static void served_row__is_said__as_it_stands(void **state)
{
	static const struct {
		enum server_state state;
		const char *name, *addr;
		unsigned times;
		bool matches;
		const char *text;
	} cases[] = {
		{ SERVER_ANSWERS, "ns1", "192.0.2.1", 0, false, "has another set" },
		{ SERVER_ANSWERS, "ns1", "192.0.2.1", 1, true, "has the new set, seen once so far" },
		{ SERVER_ANSWERS, "ns1", "192.0.2.1", 2, true, "has the new set" },
		{ SERVER_PENDING, "ns1", "192.0.2.1", 0, false, "asking" },
		{ SERVER_NOT_ASKED, "ns1", NULL, 0, false, "not asked: its address could not be looked up" },
		{ SERVER_NOT_ASKED, "ns1", "192.0.2.1", 0, false, "not asked" },
		{ SERVER_NOT_ASKED, NULL, NULL, 0, false, "not asked" },
		{ SERVER_SILENT, "ns1", "192.0.2.1", 0, false, "no answer" },
		{ SERVER_NO_ADDRESS, "ns1", NULL, 0, false, "its name has no address" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct served served = { 0 };
		struct served_row *row = add(&served, cases[i].name, cases[i].addr, cases[i].state);

		row->seen = (struct seen){ .times = cases[i].times, .matches = cases[i].matches };
		assert_string_equal(served_row_text(row), cases[i].text);
		served_release(&served);
	}
}

static void expect_json(json_t *value, const char *expected)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	assert_string_equal(text, expected);
	free(text);
	json_decref(value);
}

static void served_to_json__tells__each_row(void **state)
{
	struct served served = { 0 };
	struct served_row *row;

	(void)state;
	expect_json(served_to_json(&served), "[]");
	row = add(&served, "ns1.exempel.com", "192.0.2.1", SERVER_ANSWERS);
	row->seen = (struct seen){ 2, 5000, AT, true };
	row->has_serial = true;
	row->serial = 2026112501;
	add(&served, NULL, "192.0.2.2:5300", SERVER_ANSWERS);
	add(&served, "ns3.exempel.com", NULL, SERVER_NOT_ASKED)->serial = 5;
	add(&served, "ns4.exempel.com", "2001:db8::1", SERVER_PENDING)->seen.matches = true;
	add(&served, "ns5.exempel.com", "192.0.2.5", SERVER_SILENT);
	add(&served, "ns6.exempel.com", NULL, SERVER_NO_ADDRESS);
	expect_json(served_to_json(&served),
		"[{\"server\":\"ns1.exempel.com\",\"address\":\"192.0.2.1\",\"port\":53,\"state\":\"answers\",\"matches\":true,"
		"\"serial\":2026112501,\"seen\":2,\"since\":\"" TIME "\"},"
		"{\"server\":null,\"address\":\"192.0.2.2\",\"port\":5300,\"state\":\"answers\",\"matches\":false,\"serial\":null,\"seen\":0,"
		"\"since\":null},"
		"{\"server\":\"ns3.exempel.com\",\"address\":null,\"port\":53,\"state\":\"not_asked\",\"matches\":null,\"serial\":null,"
		"\"seen\":0,\"since\":null},"
		"{\"server\":\"ns4.exempel.com\",\"address\":\"2001:db8::1\",\"port\":53,\"state\":\"not_asked\",\"matches\":null,"
		"\"serial\":null,\"seen\":0,\"since\":null},"
		"{\"server\":\"ns5.exempel.com\",\"address\":\"192.0.2.5\",\"port\":53,\"state\":\"silent\",\"matches\":null,\"serial\":null,"
		"\"seen\":0,\"since\":null},"
		"{\"server\":\"ns6.exempel.com\",\"address\":null,\"port\":53,\"state\":\"no-address\",\"matches\":null,\"serial\":null,"
		"\"seen\":0,\"since\":null}]");
	served_release(&served);
}

/* ---- verify ---- */

struct past {
	struct past_push push;
	struct verify verify;
};

static char push_id[] = "2026-11-25T09:59:00Z-0001";

/* A published push of a set with this TTL; record as JSON, its ' read as ". */
static void begin(struct past *past, uint32_t ttl_s, const char *record)
{
	char *text = strdup(record);
	struct mx mx;

	for (char *at = text; *at; at++)
		if (*at == '\'')
			*at = '"';
	*past = (struct past){ .push = { .id = push_id } };
	plan_init(&past->push.plan);
	assert_true(dname_parse(&past->push.plan.domain, "exempel.com", NULL));
	snprintf(past->push.plan.id, sizeof(past->push.plan.id), "plan-1");
	mx_set(&mx, 10, "mx1.exempel.com");
	if (ttl_s)
		mxset_add(&past->push.plan.base, &mx);
	past->push.plan.base.ttl_s = ttl_s;
	past->push.record = json_loads(text, 0, NULL);
	assert_non_null(past->push.record);
	free(text);
	verify_init(&past->verify, &past->push);
}

static void end(struct past *past)
{
	verify_release(&past->verify);
	assert_int_equal(past->verify.served.n, 0);
	plan_release(&past->push.plan);
	json_decref(past->push.record);
}

static void verify_init__takes__the_dates_of_the_push(void **state)
{
	static const struct {
		uint32_t ttl_s;
		const char *record;
		int64_t published_at;
		uint32_t hold_s;
	} cases[] = {
		{ 3600, "{'published_at':'" TIME "','at':'2026-11-25T11:00:00Z'}", AT, 3600 },
		{ 3600, "{'published_at':null,'at':'2026-11-25T11:00:00Z'}", AT + 3600, 3600 }, /* of 2026-11-25 */
		{ 3600, "{'at':'" TIME "'}", AT, 3600 },
		{ 3600, "{'published_at':'yesterday','at':'" TIME "'}", AT, 3600 },
		{ 3600, "{}", 0, 3600 },
		{ 0, "{'at':'" TIME "'}", AT, DRAIN_NEGATIVE_S },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct past past;

		begin(&past, cases[i].ttl_s, cases[i].record);
		assert_int_equal(past.verify.published_at, cases[i].published_at);
		assert_true(past.verify.drain.known);
		assert_int_equal(past.verify.drain.hold_s, cases[i].hold_s);
		assert_int_equal(past.verify.safe_at, 0);
		end(&past);
	}
}

/* The set that is looked for is the one that the provider held: it may have given it a TTL of its own. */
static void verify_init__takes__the_set_that_was_held(void **state)
{
	static const struct {
		const char *record;
		uint32_t ttl_s;
	} rows[] = {
		{ "{'held':{'ttl':300,'records':[{'preference':10,'host':'mx2.exempel.com'}]}}", 300 }, { "{'held':null}", MX_TTL_UNKNOWN },
		{ "{}", MX_TTL_UNKNOWN }, /* of 2026-11-25 */
	};
	char host[DNAME_TEXT_MAX];
	struct mx mx;

	(void)state;
	mx_set(&mx, 10, "mx2.exempel.com");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct past past;

		begin(&past, 3600, rows[i].record);
		verify_release(&past.verify);
		mxset_add(&past.push.plan.want, &mx);
		past.push.plan.want.ttl_s = MX_TTL_UNKNOWN;
		verify_init(&past.verify, &past.push);
		assert_int_equal(past.verify.want.n, 1);
		assert_string_equal(mx_host_text(&past.verify.want.mx[0], host), "mx2.exempel.com");
		assert_int_equal(past.verify.want.ttl_s, rows[i].ttl_s);
		end(&past);
	}
}

/* What an earlier watch saw counts for the same server at the same address, where it gives the set for good now too. */
static void verify_judge__keeps__what_an_earlier_watch_saw(void **state)
{
#define EARLIER(server, address, seen, since)                                                                                              \
	"{'published_at':'" TIME "','verified':{'servers':[{'server':'other.example','address':'192.0.2.1','seen':2,'since':"              \
	"'2026-11-25T10:00:01Z'},{'server':'" server "','address':'" address "','seen':" seen ",'since':" since "}]}}"
	static const struct {
		const char *record;
		const char *name, *addr;
		unsigned times;
		int64_t since, expected, safe_at;
	} cases[] = {
		{ EARLIER("ns1.exempel.com", "192.0.2.1", "2", "'2026-11-25T10:00:30Z'"), "ns1.exempel.com", "192.0.2.1", 2, AT + 500,
			AT + 30, AT + 30 + 3600 },
		{ EARLIER("ns1.exempel.com", "192.0.2.1", "3", "'2026-11-25T10:00:30Z'"), "ns1.exempel.com", "192.0.2.1", 2, AT + 500,
			AT + 30, AT + 30 + 3600 },
		/* seen once is not enough; another server, another address, no date, a later one */
		{ EARLIER("ns1.exempel.com", "192.0.2.1", "1", "'2026-11-25T10:00:30Z'"), "ns1.exempel.com", "192.0.2.1", 2, AT + 500,
			AT + 500, AT + 500 + 3600 },
		{ EARLIER("ns2.exempel.com", "192.0.2.1", "2", "'2026-11-25T10:00:30Z'"), "ns1.exempel.com", "192.0.2.1", 2, AT + 500,
			AT + 500, AT + 500 + 3600 },
		{ EARLIER("ns1.exempel.com", "192.0.2.2", "2", "'2026-11-25T10:00:30Z'"), "ns1.exempel.com", "192.0.2.1", 2, AT + 500,
			AT + 500, AT + 500 + 3600 },
		{ EARLIER("ns1.exempel.com", "192.0.2.1", "2", "null"), "ns1.exempel.com", "192.0.2.1", 2, AT + 500, AT + 500,
			AT + 500 + 3600 },
		{ EARLIER("ns1.exempel.com", "192.0.2.1", "2", "'2026-11-25T10:00:30Z'"), "ns1.exempel.com", "192.0.2.1", 2, AT + 20,
			AT + 20, AT + 20 + 3600 },
		/* before it was published */
		{ EARLIER("ns1.exempel.com", "192.0.2.1", "2", "'2026-11-25T09:59:00Z'"), "ns1.exempel.com", "192.0.2.1", 2, AT + 500,
			AT - 60, AT + 3600 },
		/* named by its address: nobody knows whether it is the same */
		{ EARLIER("ns1.exempel.com", "192.0.2.1", "2", "'2026-11-25T10:00:30Z'"), NULL, "192.0.2.1", 2, AT + 500, AT + 500,
			AT + 500 + 3600 },
		/* it does not give the set for good now */
		{ EARLIER("ns1.exempel.com", "192.0.2.1", "2", "'2026-11-25T10:00:30Z'"), "ns1.exempel.com", "192.0.2.1", 1, AT + 500,
			AT + 500, 0 },
		{ EARLIER("ns1.exempel.com", "192.0.2.1", "2", "'2026-11-25T10:00:30Z'"), "ns1.exempel.com", NULL, 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct served_row *row;
		struct past past;

		begin(&past, 3600, cases[i].record);
		past.verify.safe_at = past.verify.tail_at = 7;
		row = add(&past.verify.served, cases[i].name, cases[i].addr, SERVER_ANSWERS);
		row->seen = (struct seen){ .times = cases[i].times, .since = cases[i].since, .matches = cases[i].times > 0 };
		verify_judge(&past.verify);
		assert_int_equal(past.verify.served.row[0].seen.since, cases[i].expected);
		assert_int_equal(past.verify.served.everywhere, cases[i].safe_at != 0);
		if (past.verify.safe_at != cases[i].safe_at)
			fail_msg("row %zu: %d", i, (int)(past.verify.safe_at - AT));
		assert_int_equal(past.verify.tail_at, cases[i].safe_at ? cases[i].safe_at + 86400 : 0);
		end(&past);
	}
}

/* Whether another set stood there between the two watches, the zone's serial tells, where it is the same; only where the earlier one
 * counts. */
static void verify_judge__tells__that_the_zone_moved_in_between(void **state)
{
#define SERIAL(serial)                                                                                                                     \
	"{'published_at':'" TIME "','verified':{'servers':[{'server':'ns1.exempel.com','address':'192.0.2.1','seen':2,'serial':" serial    \
	",'since':'2026-11-25T10:00:30Z'}]}}"
	static const struct {
		const char *record;
		bool has_serial;
		unsigned times;
		int64_t since;
		bool moved;
	} cases[] = {
		{ SERIAL("7"), true, 2, AT + 500, false },
		{ SERIAL("6"), true, 2, AT + 500, true },
		{ SERIAL("null"), true, 2, AT + 500, true },
		{ SERIAL("7"), false, 2, AT + 500, true },
		{ SERIAL("6"), true, 1, AT + 500, false },
		{ SERIAL("6"), true, 2, AT + 30, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct served_row *row;
		struct past past;

		begin(&past, 3600, cases[i].record);
		row = add(&past.verify.served, "ns1.exempel.com", "192.0.2.1", SERVER_ANSWERS);
		row->seen = (struct seen){ .times = cases[i].times, .since = cases[i].since, .matches = true };
		row->has_serial = cases[i].has_serial;
		row->serial = 7;
		verify_judge(&past.verify);
		if (past.verify.moved != cases[i].moved)
			fail_msg("row %zu", i);
		end(&past);
	}
}

/* The journal was written by a clock that was a day ahead: it was published before now all the same. */
static void verify_judge__takes__a_later_date_for_now(void **state)
{
	int64_t before = loop_now();
	struct served_row *row;
	struct past past;

	(void)state;
	begin(&past, 3600, "{}");
	past.verify.published_at = before + 86400;
	row = add(&past.verify.served, "ns1.exempel.com", "192.0.2.1", SERVER_ANSWERS);
	row->seen = (struct seen){ 2, 0, before - 10, true };
	verify_judge(&past.verify);
	assert_in_range(past.verify.safe_at, before + 3600, loop_now() + 3600);
	assert_int_equal(past.verify.published_at, before + 86400);
	end(&past);
}

static void verify_to_json__and_the_journal__tell_the_same(void **state)
{
	static const char expected[] =
		"{\"push\":\"2026-11-25T09:59:00Z-0001\",\"plan\":\"plan-1\",\"domain\":\"exempel.com\",\"state\":\"published\","
		"\"published_at\":\"" TIME "\",\"verified\":{\"provider\":null,\"servers\":[{\"server\":\"ns1.exempel.com\",\"address\":"
		"\"192.0.2.1\",\"port\":53,\"state\":\"answers\",\"matches\":true,\"serial\":null,\"seen\":2,\"since\":\"" TIME
		"\"}],\"others\":null},\"everywhere\":true,\"safe_to_retire_old_hosts_at\":\"2026-11-25T11:00:00Z\",\"stretched_until\":"
		"\"2026-11-26T11:00:00Z\"}";
	char directory[] = "/tmp/mxladder-verify-XXXXXX", path[100];
	struct served_row *row;
	struct past past;
	struct app app = { 0 };
	json_t *events;

	(void)state;
	assert_non_null(mkdtemp(directory));
	app.store = store_new(directory, NULL);
	begin(&past, 3600, "{'published_at':'" TIME "'}");
	row = add(&past.verify.served, "ns1.exempel.com", "192.0.2.1", SERVER_ANSWERS);
	row->seen = (struct seen){ 2, 0, AT, true };
	verify_judge(&past.verify);
	expect_json(verify_to_json(&past.verify), expected);
	assert_true(verify_keep(&app, &past.verify, NULL));
	events = store_journal_read(app.store, &past.push.plan.domain, NULL);
	assert_int_equal(json_array_size(events), 1);
	assert_string_equal(json_string_value(json_object_get(json_array_get(events, 0), "event")), "verify");
	assert_string_equal(json_string_value(json_object_get(json_array_get(events, 0), "push")), push_id);
	assert_true(json_is_string(json_object_get(json_array_get(events, 0), "at")));
	json_decref(events);
	snprintf(path, sizeof(path), "%s/journal/exempel.com.ndjson", directory);
	assert_int_equal(remove(path), 0);
	snprintf(path, sizeof(path), "%s/journal", directory);
	remove(path);
	store_free(app.store);
	remove(directory);
	end(&past);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(served_judge__asks__each_name_for_one_address_that_gives_it),
		cmocka_unit_test(served_judge__lets__no_unnamed_server_stand_for_another),
		cmocka_unit_test(served_row__is_said__as_it_stands),
		cmocka_unit_test(served_to_json__tells__each_row),
		cmocka_unit_test(verify_init__takes__the_dates_of_the_push),
		cmocka_unit_test(verify_init__takes__the_set_that_was_held),
		cmocka_unit_test(verify_judge__keeps__what_an_earlier_watch_saw),
		cmocka_unit_test(verify_judge__tells__that_the_zone_moved_in_between),
		cmocka_unit_test(verify_judge__takes__a_later_date_for_now),
		cmocka_unit_test(verify_to_json__and_the_journal__tell_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
