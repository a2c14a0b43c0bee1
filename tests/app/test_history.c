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
		{ "{\"old_answers\":{\"hold_s\":300,\"negative\":true,\"assumed\":false}}", { true, true, false, 300, 0 } },
		{ "{\"old_answers\":{\"hold_s\":86400,\"negative\":false,\"assumed\":false}}", { true, false, false, 86400, 0 } },
		{ "{\"old_answers\":{\"hold_s\":300,\"negative\":false,\"assumed\":false,\"earlier_until\":\"1970-01-12T13:46:40Z\"}}",
			{ true, false, false, 300, 1000000 } },
		{ "{\"old_answers\":{\"hold_s\":null,\"negative\":false,\"assumed\":false}}", { false, false, false, 0, 0 } },
		{ "{\"old_answers\":{\"hold_s\":-1,\"negative\":true,\"assumed\":false}}", { true, true, true, 10800, 0 } },
		{ "{\"old_answers\":null}", { true, true, true, 10800, 0 } }, /* of a program that did not keep it: a first MX */
		{ "{}", { true, true, true, 10800, 0 } },
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
		assert_int_equal(verify.drain.until, rows[i].drain.until);
		verify_release(&verify);
		plan_release(&past.plan);
		json_decref(past.record);
	}
}

/* ---- journals made of events ---- */

#define PLAN(base, want)                                                                                                                   \
	"'plan':{'mxladder_plan':1,'domain':'" DOMAIN "','zone':'" DOMAIN "','account':'lab','provider':'powerdns','base':{'ttl':" base    \
	",'records':[{'preference':10,'host':'mx1." DOMAIN "'}]},'want':{'ttl':" want ",'records':[{'preference':10,'host':'mx1." DOMAIN   \
	"'}]},'note':'why','created':{'at':'2026-11-25T09:00:00Z','by':'anna'},'approvals':[]}"
#define BEGIN(id, base, want) "{'event':'begin','push':'" id "','at':'2026-11-25T10:00:00Z'," PLAN(base, want) "}\n"
#define REVERTS(id, what, base, want)                                                                                                      \
	"{'event':'begin','push':'" id "','at':'2026-11-25T10:00:00Z','revert_of':'" what "'," PLAN(base, want) "}\n"
#define REQUEST(id, at) "{'event':'request','push':'" id "','at':'2026-11-25T10:00:" at "Z','step':1,'writes':true}\n"
#define LOOK(id) "{'event':'request','push':'" id "','at':'2026-11-25T10:00:01Z','step':1,'writes':false}\n"
#define ANSWER(id, at, more) "{'event':'answer','push':'" id "','at':'2026-11-25T10:00:" at "Z','step':1," more "}\n"
#define END(id, state, more) "{'event':'end','push':'" id "','at':'2026-11-25T10:00:09Z','state':'" state "'" more "}\n"
#define RESUME(id) "{'event':'resume','push':'" id "','at':'2026-11-25T10:00:10Z'}\n"
#define DONE(id) END(id, "published", ",'unfinished':false")
#define AT 1795600800 /* 2026-11-25T10:00:00Z */

/* ' for ". */
static char *with_quotes(const char *events)
{
	char *text = mem_text(events);

	for (char *at = text; *at; at++)
		if (*at == '\'')
			*at = '"';
	return text;
}

static void read_events(struct place *place, const char *events)
{
	char *text = with_quotes(events);
	struct err err = { 0 };

	open_place(place);
	put_journal(place, text, strlen(text));
	if (!history_read(&place->app, &place->domain, &place->history, &err))
		fail_msg("%s", err.what.id);
	free(text);
}

static void requests__count__as_far_as_they_may_have_been_done(void **state)
{
	static const struct {
		const char *events;
		const char *state;
		unsigned written;
		int64_t written_at;
		bool unfinished;
	} rows[] = {
		{ BEGIN("a", "60", "300"), "interrupted", 0, 0, true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01"), "interrupted", 1, AT + 1, true },
		{ BEGIN("a", "60", "300") LOOK("a"), "interrupted", 0, 0, true },
		{ BEGIN("a", "60", "300") LOOK("a") ANSWER("a", "02", "'http':200"), "interrupted", 0, 0, true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") ANSWER("a", "02", "'http':204,'fate':'taken'"), "interrupted", 1, AT + 2,
			true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") ANSWER("a", "02", "'http':500,'fate':'failed'"), "interrupted", 1, AT + 2,
			true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") ANSWER("a", "02", "'http':204,'fate':'none'"), "interrupted", 0, 0, true },
		/* of 2026-11-25: a clear no has changed nothing */
		{ BEGIN("a", "60", "300") REQUEST("a", "01") ANSWER("a", "02", "'http':400"), "interrupted", 0, 0, true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") ANSWER("a", "02", "'http':499"), "interrupted", 0, 0, true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") ANSWER("a", "02", "'http':399"), "interrupted", 1, AT + 2, true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") ANSWER("a", "02", "'http':500"), "interrupted", 1, AT + 2, true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") ANSWER("a", "02", "'http':null"), "interrupted", 1, AT + 2, true },
		/* an answer is to one request */
		{ BEGIN("a", "60", "300") REQUEST("a", "01") ANSWER("a", "02", "'fate':'taken'") ANSWER("a", "03", "'fate':'taken'"),
			"interrupted", 1, AT + 2, true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") REQUEST("a", "02"), "interrupted", 2, AT + 2, true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") RESUME("a"), "interrupted", 1, AT + 1, true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") END("a", "failed", ",'unfinished':true"), "failed", 1, AT + 1, true },
		/* the end's own word */
		{ BEGIN("a", "60", "300") REQUEST("a", "01") END("a", "failed", ",'unfinished':false,'written':0"), "failed", 0, AT + 1,
			false },
		{ BEGIN("a", "60", "300") END("a", "conflict", ",'unfinished':true,'written':4"), "conflict", 4, 0, true },
		{ "{'event':'begin','push':'a','at':'2026-11-25T10:00:00Z'," PLAN("60", "300") "}\n{'event':'end','push':'a'}\n",
			"interrupted", 0, 0, true },
		/* of 2026-11-25, which told nothing of what is unfinished */
		{ BEGIN("a", "60", "300") END("a", "partial", ""), "partial", 0, 0, true },
		{ BEGIN("a", "60", "300") END("a", "published", ""), "published", 0, 0, false },
		{ BEGIN("a", "60", "300") END("a", "failed", ""), "failed", 0, 0, false },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") END("a", "failed", ""), "failed", 1, AT + 1, false },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") RESUME("a") END("a", "failed", ""), "failed", 1, AT + 1, true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") RESUME("a") END("a", "conflict", ""), "conflict", 1, AT + 1, true },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") RESUME("a") END("a", "failed", ",'undone':true"), "failed", 1, AT + 1, false },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") RESUME("a") REQUEST("a", "03") END("a", "failed", ""), "failed", 2, AT + 3,
			false },
		{ BEGIN("a", "60", "300") RESUME("a") END("a", "failed", ""), "failed", 0, 0, false },
		/* answers of dry runs, which began nothing */
		{ ANSWER("b", "00", "'http':200") BEGIN("a", "60", "300"), "interrupted", 0, 0, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct past_push *push;
		struct place place;

		read_events(&place, rows[i].events);
		assert_int_equal(place.history.n, 1);
		push = &place.history.push[0];
		if (strcmp(push->state, rows[i].state) || push->written != rows[i].written || push->written_at != rows[i].written_at ||
			push->unfinished != rows[i].unfinished)
			fail_msg("row %zu: %s, written %u at +%d, unfinished %d", i, push->state, push->written,
				(int)(push->written_at - AT), push->unfinished);
		assert_int_equal(strcmp(history_state_text(push), "undone") == 0, strstr(rows[i].events, "'undone':true") != NULL);
		assert_int_equal(push->at, AT);
		assert_string_equal(push->by, "anna");
		assert_string_equal(push->note, "why");
		close_place(&place);
	}
}

#define MARKED(mark) "{'event':'request','push':'a','at':'2026-11-25T10:00:03Z','step':1,'writes':true,'mark':'" mark "'}\n"
#define TAKEN ANSWER("a", "02", "'http':204,'fate':'taken'")

/* The first mark that is told is the one that counts, and what was written since. */
static void writes__count__since_the_first_mark(void **state)
{
	static const struct {
		const char *events, *mark;
		unsigned written, since;
	} rows[] = {
		{ BEGIN("a", "60", "300") REQUEST("a", "01") TAKEN, NULL, 1, 1 },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") TAKEN MARKED("m"), "m", 2, 1 },
		{ BEGIN("a", "60", "300") REQUEST("a", "01") TAKEN MARKED("m") TAKEN, "m", 2, 1 },
		{ BEGIN("a", "60", "300") MARKED("m") TAKEN MARKED("n") TAKEN, "m", 2, 2 },
		{ "{'event':'begin','push':'a','at':'soon'," PLAN("60", "300") "}\n", NULL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct past_push *push;
		struct place place;

		read_events(&place, rows[i].events);
		push = &place.history.push[0];
		assert_int_equal(push->written, rows[i].written);
		assert_int_equal(push->since, rows[i].since);
		assert_string_equal(push->mark ? push->mark : "", rows[i].mark ? rows[i].mark : "");
		assert_int_equal(push->at, strstr(rows[i].events, "soon") ? 0 : AT); /* a time that cannot be read is none */
		close_place(&place);
	}
}

static void history__keeps__overrides_and_the_last_unfinished(void **state)
{
	static const char events[] =
		"{'event':'begin','push':'a','at':'2026-11-25T10:00:00Z','overrides':[{'id':'one','reason':'r1'},{'id':'two'},{'reason':'x'},"
		"{'id':'three','reason':'r3'}]," PLAN("60", "300") "}\n" BEGIN("b", "60", "300") BEGIN("c", "60", "300") DONE("c");
	const struct past_push *push;
	struct place place;

	(void)state;
	read_events(&place, events);
	assert_int_equal(place.history.n, 3);
	push = &place.history.push[0];
	assert_int_equal(push->n_override, 2);
	assert_string_equal(push->override[0].id, "one");
	assert_string_equal(push->override[0].reason, "r1");
	assert_string_equal(push->override[1].id, "three");
	assert_string_equal(push->override[1].reason, "r3");
	assert_ptr_equal(history_unfinished(&place.history), &place.history.push[1]);
	assert_ptr_equal(history_find(&place.history, "a"), push);
	assert_null(history_find(&place.history, "nosuch"));
	assert_null(history_find(&place.history, "x"));
	close_place(&place);
}

/* The last change that still stands: no taking back, and not taken back. Written as the ids of the pushes. */
static void rollback__finds__the_last_change_that_stands(void **state)
{
	static const struct {
		const char *events, *found;
	} rows[] = {
		{ BEGIN("a", "60", "300") DONE("a"), "a" },
		{ BEGIN("a", "60", "300") DONE("a") BEGIN("b", "300", "900") DONE("b"), "b" },
		{ BEGIN("a", "60", "300") DONE("a") BEGIN("b", "300", "900") END("b", "failed", ",'unfinished':false"), "a" },
		{ BEGIN("a", "60", "300") DONE("a") BEGIN("b", "300", "300") DONE("b"), "a" },
		{ BEGIN("a", "60", "60") DONE("a"), "" },
		{ BEGIN("a", "60", "300"), "" },
		/* taken back by name */
		{ BEGIN("a", "60", "300") DONE("a") REVERTS("b", "a", "300", "60") DONE("b"), "" },
		{ BEGIN("a", "60", "300") DONE("a") BEGIN("b", "300", "900") DONE("b") REVERTS("c", "b", "900", "300") DONE("c"), "a" },
		{ BEGIN("a", "60", "300") DONE("a") BEGIN("b", "300", "900") DONE("b") REVERTS("c", "b", "900", "300") DONE("c")
				REVERTS("d", "a", "300", "60") DONE("d"),
			"" },
		/* a taking back that failed took nothing back */
		{ BEGIN("a", "60", "300") DONE("a") REVERTS("b", "a", "300", "60") END("b", "failed", ",'unfinished':false"), "a" },
		/* turned round without a name: of 2026-11-25 it was a taking back, later it is a change */
		{ BEGIN("a", "60", "300") DONE("a") BEGIN("b", "300", "60") END("b", "published", ""), "" },
		{ BEGIN("a", "60", "300") DONE("a") BEGIN("b", "300", "60") DONE("b"), "b" },
		{ BEGIN("a", "60", "300") DONE("a") BEGIN("b", "300", "61") END("b", "published", ""), "b" },
		{ BEGIN("a", "60", "300") DONE("a") BEGIN("b", "301", "60") END("b", "published", ""), "b" },
		{ BEGIN("a", "60", "300") DONE("a") REVERTS("b", "x", "300", "60") END("b", "published", ""), "a" },
		/* each taking back counts for one push */
		{ BEGIN("a", "60", "300") DONE("a") BEGIN("b", "300", "60") END("b", "published", "") BEGIN("c", "60", "300") DONE("c"),
			"c" },
		{ BEGIN("a", "60", "300") DONE("a") BEGIN("b", "60", "300") DONE("b") BEGIN("c", "300", "60") END("c", "published", ""),
			"a" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct past_push *found;
		struct place place;

		read_events(&place, rows[i].events);
		found = history_find(&place.history, NULL);
		if (strcmp(found ? found->id : "", rows[i].found) != 0)
			fail_msg("row %zu: %s", i, found ? found->id : "none");
		close_place(&place);
	}
}

static void push__can_be_taken_back__where_it_may_have_changed_something(void **state)
{
	static const struct {
		const char *events;
		bool can;
		const char *text;
	} rows[] = {
		{ BEGIN("a", "60", "300") DONE("a"), true, "published" },
		{ BEGIN("a", "60", "60") DONE("a"), false, "published" },
		{ BEGIN("a", "60", "300") END("a", "unchanged", ",'unfinished':false"), false, "unchanged" },
		{ BEGIN("a", "60", "300") END("a", "failed", ",'unfinished':false"), false, "failed" },
		{ BEGIN("a", "60", "300") END("a", "failed", ",'unfinished':true"), true, "failed" },
		{ BEGIN("a", "60", "300") END("a", "conflict", ",'written':0"), false, "conflict" },
		{ BEGIN("a", "60", "300") END("a", "conflict", ",'written':1"), true, "conflict" },
		{ BEGIN("a", "60", "300") END("a", "partial", ""), true, "partial" },
		{ BEGIN("a", "60", "300") END("a", "unknown", ",'unfinished':true"), true, "unknown" },
		{ BEGIN("a", "60", "300") END("a", "abandoned", ",'unfinished':false"), true, "given up" },
		{ BEGIN("a", "60", "300"), true, "interrupted" },
		{ BEGIN("a", "60", "300") END("a", "of another program", ""), true, "interrupted" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { 0 };
		struct place place;

		read_events(&place, rows[i].events);
		if (history_can_revert(&place.history.push[0], &err) != rows[i].can)
			fail_msg("row %zu", i);
		assert_int_equal(err.code, rows[i].can ? ERR_NONE : ERR_FALSE);
		assert_string_equal(history_state_text(&place.history.push[0]), rows[i].text);
		close_place(&place);
	}
}

static void verify__in_the_journal__replaces_what_the_push_saw(void **state)
{
	static const char events[] = BEGIN("a", "60", "300") END("a", "published",
		",'unfinished':false,'verified':{'provider':true,'servers':['old']},'safe_to_retire_old_hosts_at':null,"
		"'stretched_until':null") "{'event':'verify','push':'a','verified':{'provider':null,'servers':['new']},"
					  "'safe_to_retire_old_hosts_at':'2026-11-25T11:00:00Z','stretched_until':'2026-11-26T11:00:00Z'}\n" BEGIN(
						  "b", "60", "300") "{'event':'verify','push':'b','verified':{'servers':['new']}}\n";
	const json_t *record, *verified;
	struct place place;

	(void)state;
	read_events(&place, events);
	record = place.history.push[0].record;
	verified = json_object_get(record, "verified");
	assert_true(json_is_true(json_object_get(verified, "provider")));
	assert_string_equal(json_string_value(json_array_get(json_object_get(verified, "servers"), 0)), "new");
	assert_string_equal(json_string_value(json_object_get(record, "safe_to_retire_old_hosts_at")), "2026-11-25T11:00:00Z");
	assert_string_equal(json_string_value(json_object_get(record, "stretched_until")), "2026-11-26T11:00:00Z");
	assert_string_equal(place.history.push[0].state, "published");
	assert_null(place.history.push[1].record);
	close_place(&place);
}

static void damage__is_said__with_its_line(void **state)
{
	static const struct {
		const char *events, *words;
	} rows[] = {
		{ BEGIN("a", "60", "300") "{'event':'end'}\n", "line 2 of the journal tells of no push" },
		{ BEGIN("a", "60", "300") "{'push':'a'}\n", "line 2 of the journal tells of no push" },
		{ BEGIN("a", "60", "300") REQUEST("b", "01"), "line 2 of the journal goes on with the push b, whose beginning is missing" },
		{ BEGIN("a", "60", "300") "{'event':'begin','push':'b','plan':{}}\n",
			"line 2 of the journal begins a push whose plan cannot be read" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *text = with_quotes(rows[i].events);
		struct err err = { 0 };
		struct place place;
		struct str words;

		open_place(&place);
		put_journal(&place, text, strlen(text));
		assert_false(history_read(&place.app, &place.domain, &place.history, &err));
		assert_int_equal(place.history.n, 0);
		str_init(&words, 0);
		msg_format(&err.what, NULL, &words);
		assert_string_equal(words.s, rows[i].words);
		str_clear(&words);
		msg_format(&err.hint, NULL, &words);
		assert_non_null(strstr(words.s, "Whether a push of " DOMAIN " is unfinished cannot be told."));
		str_release(&words);
		close_place(&place);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_journals__mean__what_they_meant),
		cmocka_unit_test(old_ttl__unknown_to_the_plan__is_the_held_one),
		cmocka_unit_test(rollback__takes_back__nothing_twice),
		cmocka_unit_test(damage__is__said),
		cmocka_unit_test(requests__count__as_far_as_they_may_have_been_done),
		cmocka_unit_test(writes__count__since_the_first_mark),
		cmocka_unit_test(history__keeps__overrides_and_the_last_unfinished),
		cmocka_unit_test(rollback__finds__the_last_change_that_stands),
		cmocka_unit_test(push__can_be_taken_back__where_it_may_have_changed_something),
		cmocka_unit_test(verify__in_the_journal__replaces_what_the_push_saw),
		cmocka_unit_test(damage__is_said__with_its_line),
		cmocka_unit_test(verify__goes_by__what_the_push_knew_of_old_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
