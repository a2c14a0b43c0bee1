/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the system refuses is said, in its own words, and leaves nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/dnstcp.h"
#include "io/lines.h"
#include "io/lock.h"
#include "io/smtp.h"
#include "room.h"

static void assert_said(const struct err *err, enum err_code code, const char *wanted)
{
	struct str text;

	assert_int_equal(err->code, code);
	str_init(&text, 0);
	err_format(err, NULL, &text);
	if (err->hint.id)
		str_addf(&text, " / %s", err->hint.id);
	assert_string_equal(text.s, wanted);
	str_release(&text);
}

static void assert_holds(const char *path, const char *wanted)
{
	struct str text;

	str_init(&text, 0);
	assert_true(store_read_file(path, 1000, &text, NULL));
	assert_string_equal(text.s, wanted);
	str_release(&text);
}

static size_t count_files(const char *path)
{
	DIR *directory = opendir(path);
	size_t n = 0;

	while (readdir(directory))
		n++;
	closedir(directory);
	return n - 2;
}

/* No file of this program may become longer. */
static void set_longest(rlim_t bytes)
{
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ bytes, RLIM_INFINITY }), 0);
}

static void file__that_gets_too_long__stays_as_it_was(void **state)
{
	const struct room *room = *state;
	char *path = path_in(room, "f");
	struct err err = { 0 };
	char wanted[400];

	put(room, "f", "old");
	set_longest(10);
	assert_false(store_write_file(path, "0123456789x", 11, 0600, &err));
	set_longest(RLIM_INFINITY);
	snprintf(wanted, sizeof wanted, "%s could not be written: File too large", path);
	assert_said(&err, ERR_FILE, wanted);
	assert_holds(path, "old");
	assert_int_equal(count_files(room->dir), 1);
	set_longest(10);
	assert_true(store_write_file(path, "0123456789", 10, 0600, NULL));
	assert_false(scratch_write(room->dir, "g", "0123456789x", 11, &err));
	set_longest(RLIM_INFINITY);
	assert_holds(path, "0123456789");
	snprintf(wanted, sizeof wanted, "the file %s/g could not be written", room->dir);
	err = (struct err){ 0 };
	assert_false(scratch_write(room->dir, "g", "x", 1, &err)); /* there already */
	assert_said(&err, ERR_FILE, wanted);
	free(path);
}

/* A line that was cut is no line: it goes, and the next stands where it should. */
static void journal__that_gets_too_long__keeps_whole_lines(void **state)
{
	const struct room *room = *state;
	char *path = path_in(room, "state/journal/exempel.com.ndjson"), wanted[500];
	struct err err = { 0 };

	snprintf(wanted, sizeof wanted,
		"the journal %s could not be written: File too large / Nothing is sent without its journal: make room or set the permissions "
		"right. A push that had begun is then finished by `resume`.",
		path);
	assert_true(store_journal_add(room->store, &room->domain, json_pack("{s:i}", "n", 0), NULL));
	for (rlim_t longest = 8; longest < 16; longest += 3) {
		set_longest(longest);
		err = (struct err){ 0 };
		assert_false(store_journal_add(room->store, &room->domain, json_pack("{s:i}", "n", 1), &err));
		set_longest(RLIM_INFINITY);
		assert_said(&err, ERR_FILE, wanted);
		assert_holds(path, "{\"n\":0}\n");
	}
	assert_true(store_journal_add(room->store, &room->domain, json_pack("{s:i}", "n", 2), NULL));
	assert_holds(path, "{\"n\":0}\n{\"n\":2}\n");
	free(path);
}

struct kept {
	unsigned calls;
	struct err err;
};

static void on_kept(void *data, const struct err *err)
{
	struct kept *kept = data;

	kept->calls++;
	kept->err = err ? *err : (struct err){ 0 };
}

static void journal__with_a_folder_in_its_place__is_not_written(void **state)
{
	const struct room *room = *state;
	char *path = path_in(room, "state/journal/exempel.com.ndjson"), wanted[500];
	struct loop *loop = loop_new();
	struct kept kept = { 0 };
	struct err err = { 0 };

	snprintf(wanted, sizeof wanted,
		"the journal %s could not be written: Is a directory / Nothing is sent without its journal: make room or set the permissions right. A push that had begun is then finished by `resume`.",
		path);
	assert_true(store_make_directory_of(path, NULL));
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(store_journal_add(room->store, &room->domain, json_object(), &err));
	assert_said(&err, ERR_FILE, wanted);
	err = (struct err){ 0 };
	assert_false(store_journal_note(room->store, &room->domain, json_object(), &err));
	assert_said(&err, ERR_FILE, wanted);
	assert_false(store_journal_note(room->store, &room->domain, json_object(), NULL));
	store_journal_keep(room->store, loop, &room->domain, json_object(), (struct store_kept){ .fn = on_kept, .data = &kept });
	assert_int_equal(kept.calls, 0);
	loop_run(loop);
	assert_int_equal(kept.calls, 1);
	assert_said(&kept.err, ERR_FILE, wanted);
	store_keeping_cancel(
		store_journal_keep(room->store, loop, &room->domain, json_object(), (struct store_kept){ .fn = on_kept, .data = &kept }));
	store_keeping_cancel(NULL);
	loop_run(loop);
	assert_int_equal(kept.calls, 1);
	loop_free(loop);
	loop_free(NULL);
	free(path);
}

/* The last push's lines, where the whole journal reads as this program writes it; else it has to be read from its beginning. */
static void journal__has_a_last_push__or_is_read_as_a_whole(void **state)
{
#define BEGIN(n) "{\"event\":\"begin\",\"push\":\"p" #n "\",\"n\":" #n "}\n"
#define OTHER(n) "{\"event\":\"sent\",\"n\":" #n "}\n"
	static const struct {
		const char *text;
		size_t len; /* 0: up to its end */
		int from, n;
		size_t most;
		const char *before;
	} rows[] = {
		{ BEGIN(1), 0, 1, 1, 1, NULL },
		{ BEGIN(1) OTHER(2), 0, 1, 2, 1, NULL },
		{ BEGIN(1) OTHER(2) BEGIN(3), 0, 3, 1, 1, NULL },
		{ BEGIN(1) OTHER(2) BEGIN(3) OTHER(4) OTHER(5), 0, 3, 3, 1, NULL },
		{ BEGIN(1) BEGIN(2) "{\"event\":\"sen", 0, 2, 1, 1, NULL }, /* torn */
		{ BEGIN(1) OTHER(2) BEGIN(3) OTHER(4) BEGIN(5), 0, 3, 3, 2, NULL },
		{ BEGIN(1) OTHER(2) BEGIN(3) OTHER(4) BEGIN(5), 0, 1, 5, 3, NULL },
		{ BEGIN(1) OTHER(2) BEGIN(3) OTHER(4) BEGIN(5), 0, 1, 5, 99, NULL },
		{ BEGIN(1) OTHER(2) BEGIN(3) OTHER(4) BEGIN(5), 0, 3, 2, 1, "p5" },
		{ BEGIN(1) OTHER(2) BEGIN(3) OTHER(4) BEGIN(5), 0, 1, 4, 2, "p5" },
		{ BEGIN(1) OTHER(2) BEGIN(3) OTHER(4) BEGIN(5) "torn", 0, 1, 2, 9, "p3" },
		{ BEGIN(1) OTHER(2) BEGIN(3), 0, 0, 0, 1, "p1" },
		{ BEGIN(1) OTHER(2) BEGIN(3), 0, 0, -1, 1, "p" },
		{ "", 0, 0, -1, 1, NULL },
		{ OTHER(1) BEGIN(2), 0, 0, -1, 1, NULL }, /* its beginning is missing */
		{ BEGIN(1) "\n" BEGIN(2), 0, 0, -1, 1, NULL },
		{ BEGIN(1) "{\"event\":\"begin\",\n", 0, 0, -1, 1, NULL },
		{ BEGIN(1) "{\"n\":2,\"event\":\"begin\"}\n", 0, 0, -1, 1, NULL },
		{ BEGIN(1) "{\"event\":\"begin\",}\n", 0, 0, -1, 1, NULL }, /* looks like one, and is none */
		{ BEGIN(1) BEGIN(2) "\0", sizeof(BEGIN(1) BEGIN(2)), 0, -1, 1, NULL },
	};
	const struct room *room = *state;
	char *path = path_in(room, "state/journal/exempel.com.ndjson");

	assert_null(store_journal_last(room->store, &room->domain, NULL, 1));
	assert_true(store_make_directory_of(path, NULL));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *events;

		assert_true(store_write_file(path, rows[i].text, rows[i].len ? rows[i].len : strlen(rows[i].text), 0600, NULL));
		events = store_journal_last(room->store, &room->domain, rows[i].before, rows[i].most);
		if ((events ? (int)json_array_size(events) : -1) != rows[i].n)
			fail_msg("row %zu", i);
		if (events && rows[i].n)
			assert_int_equal(json_integer_value(json_object_get(json_array_get(events, 0), "n")), rows[i].from);
		json_decref(events);
	}
	free(path);
}

static void lock__in_no_folder__is_not_taken(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(lock_take("/nonexistent/lock", &err), -1);
	assert_said(&err, ERR_FILE, "the lock /nonexistent/lock could not be opened: No such file or directory");
	lock_release(-1);
	lock_release(LOCK_BUSY);
	lines_close(NULL);
}

/* ---- connections that fail at once ---- */

static void met(void *data, const struct smtp_facts *facts)
{
	*(struct smtp_facts *)data = *facts;
}

static void connection__to_everybody__is_none(void **state)
{
	static const struct {
		const char *addr, *reason;
	} rows[] = { { "255.255.255.255", "Network is unreachable" }, { "fe80::1", NULL } };
	struct loop *loop = loop_new();
	const struct smtp_options options = { .connect_ms = 100, .reply_ms = 10 };
	struct smtp_prober *prober = smtp_prober_new(loop, &options, NULL);
	struct smtp_facts facts;
	struct dname host;
	struct addr addr;

	(void)state;
	assert_int_equal(smtp_prober_ms(prober, false), 100 + 6 * 10 + 1000);
	assert_int_equal(smtp_prober_ms(prober, true), 100 + 15 * 10 + 1000);
	assert_true(dname_parse(&host, "mx.example.com", NULL));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(addr_parse(&addr, rows[i].addr));
		facts.seen = SMTP_PENDING;
		smtp_probe_start(prober, &host, &addr, NULL, (struct smtp_then){ met, &facts });
		assert_int_equal(facts.seen, SMTP_PENDING); /* never from within */
		loop_run(loop);
		assert_int_equal(facts.seen, SMTP_UNREACHABLE);
		assert_true(*facts.reason);
		if (rows[i].reason)
			assert_string_equal(facts.reason, rows[i].reason);
		assert_int_equal(facts.from.family, 0);
		assert_true(addr_equal(&facts.addr, &addr) && dname_equal(&facts.host, &host));
	}
	smtp_prober_free(prober);
	loop_free(loop);
}

struct told {
	unsigned calls;
	bool sent;
	struct err err;
};

static void on_answer(void *data, const struct str *answer, const struct err *err, bool sent)
{
	struct told *told = data;

	assert_null(answer);
	*told = (struct told){ told->calls + 1, sent, *err };
}

static void message__to_everybody__is_not_sent(void **state)
{
	struct loop *loop = loop_new();
	struct dnstcp_pool *pool = dnstcp_pool_new(loop, DNSTCP_IDLE_MS);
	struct told told = { 0 };
	struct str message;

	(void)state;
	str_init(&message, 0);
	str_add(&message, "hello");
	dnstcp_send(pool, &(struct dnstcp_message){ .endpoint = "255.255.255.255", .bytes = &message, .timeout_ms = 1000 },
		(struct dnstcp_then){ on_answer, &told });
	assert_int_equal(told.calls, 0);
	loop_run(loop);
	assert_int_equal(told.calls, 1);
	assert_false(told.sent);
	assert_said(&told.err, ERR_NETWORK, "no answer from 255.255.255.255: Network is unreachable");
	str_release(&message);
	dnstcp_pool_free(pool);
	loop_free(loop);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_open, room_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(file__that_gets_too_long__stays_as_it_was),
		TEST(journal__that_gets_too_long__keeps_whole_lines),
		TEST(journal__with_a_folder_in_its_place__is_not_written),
		TEST(journal__has_a_last_push__or_is_read_as_a_whole),
		TEST(lock__in_no_folder__is_not_taken),
		TEST(connection__to_everybody__is_none),
		TEST(message__to_everybody__is_not_sent),
	};

	signal(SIGXFSZ, SIG_IGN);
	return cmocka_run_group_tests_name("refused", tests, NULL, NULL);
}
