/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Journals, those of the program of 2026-11-25 too (tests/data/2026-11-25): what is unfinished, what was written, what can be taken back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/history.h"
#include "app/verify.h"
#include "base/mem.h"

#define DOMAIN "exempel.com"

struct place {
	char directory[64];
	struct app app;
	struct dname domain;
	struct history history;
};

static void put_journal(struct place *place, const char *text, size_t len)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/journal", place->directory);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/journal/" DOMAIN ".ndjson", place->directory);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	fclose(file);
}

static void open_place(struct place *place)
{
	*place = (struct place){ .directory = "/tmp/mxladder-history-XXXXXX" };
	assert_non_null(mkdtemp(place->directory));
	place->app.store = store_new(place->directory, NULL);
	assert_true(dname_parse(&place->domain, DOMAIN, NULL));
}

static void close_place(struct place *place)
{
	char path[128];

	history_release(&place->history);
	store_free(place->app.store);
	snprintf(path, sizeof(path), "%s/journal/" DOMAIN ".ndjson", place->directory);
	unlink(path);
	snprintf(path, sizeof(path), "%s/journal", place->directory);
	rmdir(path);
	rmdir(place->directory);
}

static char *sample(const char *name, size_t *len)
{
	const char *top = getenv("top_srcdir");
	struct str path, text;

	str_init(&path, 0);
	str_init(&text, 0);
	str_addf(&path, "%s/tests/data/2026-11-25/%s", top ? top : ".", name);
	assert_true(store_read_file(path.s, 1 << 20, &text, NULL));
	str_release(&path);
	*len = text.len;
	return str_take(&text);
}

struct past {
	const char *file;
	size_t n;
	const char *state; /* of the last */
	bool unfinished;
	unsigned written;
};

static void old_journals__mean__what_they_meant(void **state)
{
	static const struct past pasts[] = {
		{ "published.ndjson", 1, "published", false, 5 },
		{ "published-and-back.ndjson", 2, "published", false, 5 },
		{ "partial.ndjson", 1, "partial", true, 1 },
		{ "partial-resumed.ndjson", 1, "published", false, 6 },
		{ "partial-undone.ndjson", 1, "failed", false, 1 },
		{ "interrupted.ndjson", 1, "interrupted", true, 1 },
		{ "conflict.ndjson", 1, "conflict", false, 0 },
		/* its resume "failed: nothing was changed", and forgot it */
		{ "partial-resume-failed.ndjson", 1, "failed", true, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pasts) / sizeof(*pasts); i++) {
		const struct past_push *last;
		struct place place;
		size_t len;
		char *text = sample(pasts[i].file, &len);

		open_place(&place);
		put_journal(&place, text, len);
		assert_true(history_read(&place.app, &place.domain, &place.history, NULL));
		assert_int_equal(place.history.n, pasts[i].n);
		last = &place.history.push[place.history.n - 1];
		assert_string_equal(last->state, pasts[i].state);
		if (last->unfinished != pasts[i].unfinished || last->written != pasts[i].written)
			fail_msg("%s: unfinished %d, written %u", pasts[i].file, last->unfinished, last->written);
		assert_true(!last->written == !last->written_at);
		assert_ptr_equal(history_unfinished(&place.history), pasts[i].unfinished ? last : NULL);
		assert_string_equal(last->plan.approval[0].note, i == 1 ? "" : "looked at");
		close_place(&place);
		free(text);
	}
}

/* A plan that was made from a cache's answer: the old TTL is the one that was held before the first request. */
static void old_ttl__unknown_to_the_plan__is_the_held_one(void **state)
{
	static const char text[] =
		"{\"event\":\"begin\",\"push\":\"2026-11-25T10:00:00Z-0001\",\"at\":\"2026-11-25T10:00:00Z\",\"plan\":{\"mxladder_plan\":1,"
		"\"domain\":\"" DOMAIN "\",\"zone\":\"" DOMAIN "\",\"account\":\"lab\",\"provider\":\"powerdns\","
		"\"base\":{\"ttl\":null,\"records\":[{\"preference\":10,\"host\":\"mx1." DOMAIN "\"}]},"
		"\"want\":{\"ttl\":300,\"records\":[{\"preference\":10,\"host\":\"mx1." DOMAIN "\"}]},"
		"\"note\":\"\",\"created\":{\"at\":\"2026-11-25T09:00:00Z\",\"by\":\"anna\"},\"approvals\":[]}}\n"
		"{\"event\":\"request\",\"push\":\"2026-11-25T10:00:00Z-0001\",\"at\":\"2026-11-25T10:00:01Z\",\"step\":1,\"writes\":true,"
		"\"held\":[{\"preference\":10,\"host\":\"mx1." DOMAIN "\",\"ttl\":45000,\"disabled\":false,\"automatic\":false}]}\n"
		"{\"event\":\"answer\",\"push\":\"2026-11-25T10:00:00Z-0001\",\"at\":\"2026-11-25T10:00:01Z\",\"step\":1,\"http\":204,"
		"\"fate\":\"taken\"}\n"
		"{\"event\":\"end\",\"push\":\"2026-11-25T10:00:00Z-0001\",\"at\":\"2026-11-25T10:00:02Z\",\"state\":\"published\","
		"\"unfinished\":false,\"written\":1}\n";
	struct place place;
	struct plan plan;

	(void)state;
	open_place(&place);
	put_journal(&place, text, sizeof(text) - 1);
	assert_true(history_read(&place.app, &place.domain, &place.history, NULL));
	assert_int_equal(place.history.n, 1);
	assert_int_equal(place.history.push[0].plan.base.ttl_s, 45000);
	plan_init(&plan);
	history_revert_plan(&place.history.push[0], &plan);
	assert_int_equal(plan.base.ttl_s, 300);
	assert_int_equal(plan.want.ttl_s, 45000);
	plan_release(&plan);
	close_place(&place);
}

static void rollback__takes_back__nothing_twice(void **state)
{
	struct place place;
	size_t len;
	char *text = sample("published-and-back.ndjson", &len);

	(void)state;
	open_place(&place);
	put_journal(&place, text, len);
	assert_true(history_read(&place.app, &place.domain, &place.history, NULL));
	assert_null(history_find(&place.history, NULL));
	assert_ptr_equal(history_find(&place.history, place.history.push[0].id), &place.history.push[0]);
	close_place(&place);
	free(text);
}

static void damage__is__said(void **state)
{
	size_t len;
	char *text = sample("interrupted.ndjson", &len), *second = strchr(text, '\n') + 1;
	char *zeros = mem_alloc(len + 512), *cut = mem_alloc(len + 1);

	(void)state;
	memcpy(zeros, text, len);
	memcpy(cut, text, 40);
	cut[40] = '\n';
	memcpy(cut + 41, second, strlen(second));
	static const char spoiled[] =
		"{\"event\":\"begin\",\"push\":\"a\",\"at\":\"2026-11-25T10:00:00Z\",\"plan\":{\"mxladder_plan\":1}}\n";
	static const char planless[] = "{\"event\":\"begin\",\"push\":\"a\",\"at\":\"2026-11-25T10:00:00Z\"}\n";
	struct {
		const char *text;
		size_t len;
		bool readable;
	} cases[] = {
		{ text, len, true },
		{ text, len - 5, true },
		{ "", 0, true },
		{ second, strlen(second), false },
		{ zeros, len + 512, false },
		{ zeros + len, 512, false },
		{ cut, 41 + strlen(second), false },
		{ "{}\n", 3, false },
		{ "\n", 1, false },
		{ spoiled, sizeof(spoiled) - 1, false },
		{ planless, sizeof(planless) - 1, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct place place;
		struct err err = { 0 };

		open_place(&place);
		put_journal(&place, cases[i].text, cases[i].len);
		if (history_read(&place.app, &place.domain, &place.history, &err) != cases[i].readable)
			fail_msg("case %zu", i);
		assert_int_equal(err.code, cases[i].readable ? ERR_NONE : ERR_FILE);
		close_place(&place);
	}
	free(zeros);
	free(cut);
	free(text);
}

/* What the push knew of the old answers is what its watch, taken up again, goes by. */
static void verify__goes_by__what_the_push_knew_of_old_answers(void **state)
{
	static const struct {
		const char *record;
		struct drain drain;
	} rows[] = {
		{ "{\"old_answers\":{\"hold_s\":300,\"negative\":true,\"assumed\":false}}", { true, true, false, 300 } },
		{ "{\"old_answers\":{\"hold_s\":86400,\"negative\":false,\"assumed\":false}}", { true, false, false, 86400 } },
		{ "{\"old_answers\":{\"hold_s\":null,\"negative\":false,\"assumed\":false}}", { false, false, false, 0 } },
		{ "{\"old_answers\":{\"hold_s\":-1,\"negative\":true,\"assumed\":false}}", { true, true, true, 10800 } },
		{ "{\"old_answers\":null}", { true, true, true, 10800 } }, /* of a program that did not keep it: a first MX */
		{ "{}", { true, true, true, 10800 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct past_push past = { .record = json_loads(rows[i].record, 0, NULL) };
		struct verify verify;

		plan_init(&past.plan);
		verify_init(&verify, &past);
		assert_int_equal(verify.drain.known, rows[i].drain.known);
		assert_int_equal(verify.drain.negative, rows[i].drain.negative);
		assert_int_equal(verify.drain.assumed, rows[i].drain.assumed);
		assert_int_equal(verify.drain.hold_s, rows[i].drain.hold_s);
		verify_release(&verify);
		plan_release(&past.plan);
		json_decref(past.record);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_journals__mean__what_they_meant),
		cmocka_unit_test(old_ttl__unknown_to_the_plan__is_the_held_one),
		cmocka_unit_test(rollback__takes_back__nothing_twice),
		cmocka_unit_test(damage__is__said),
		cmocka_unit_test(verify__goes_by__what_the_push_knew_of_old_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
