/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of its journal a push reads: the last push, where that is enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/push_run.h"
#include "base/mem.h"
#include "lab.h"

#define DOMAIN "exempel.com"

static int setup(void **state)
{
	return lab_setup(state, "powerdns", "settle = 0\n");
}

static void put_journal(struct lab *lab, const char *text, size_t len)
{
	char path[400];
	FILE *file;

	assert_true(store_journal_note(lab->app.store, &lab->plan.domain, json_object(), NULL)); /* makes its room */
	snprintf(path, sizeof(path), "%s/journal/" DOMAIN ".ndjson", store_directory(lab->app.store));
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	fclose(file);
}

/* ' for ". */
static char *with_quotes(const char *events)
{
	char *text = mem_text(events);

	for (char *at = text; *at; at++)
		if (*at == '\'')
			*at = '"';
	return text;
}

#define PLAN(base, want)                                                                                                                   \
	"'plan':{'mxladder_plan':1,'domain':'" DOMAIN "','zone':'" DOMAIN "','account':'lab','provider':'powerdns','base':{'ttl':" base    \
	",'records':[{'preference':10,'host':'mx1." DOMAIN "'}]},'want':{'ttl':" want ",'records':[{'preference':10,'host':'mx1." DOMAIN   \
	"'}]},'note':'why','created':{'at':'2026-11-25T09:00:00Z','by':'anna'},'approvals':[]}"
#define BEGIN(id, base, want) "{'event':'begin','push':'" id "','at':'2026-11-25T10:00:00Z'," PLAN(base, want) "}\n"
#define REQUEST(id, at) "{'event':'request','push':'" id "','at':'2026-11-25T10:00:" at "Z','step':1,'writes':true}\n"
#define ANSWER(id, at, more) "{'event':'answer','push':'" id "','at':'2026-11-25T10:00:" at "Z','step':1," more "}\n"
#define END(id, state, more) "{'event':'end','push':'" id "','at':'2026-11-25T10:00:09Z','state':'" state "'" more "}\n"
#define RESUME(id) "{'event':'resume','push':'" id "','at':'2026-11-25T10:00:10Z'}\n"
#define DONE(id) END(id, "published", ",'unfinished':false")

/* NULL as `last`: nothing is there, or it cannot be read. */
static void last_push__is_enough__where_its_end_says_so(void **state)
{
#define A BEGIN("a", "60", "300") REQUEST("a", "01") ANSWER("a", "02", "'http':204,'fate':'taken'") DONE("a")
#define B BEGIN("b", "300", "60") REQUEST("b", "01") ANSWER("b", "02", "'http':204,'fate':'taken'")
	struct lab *lab = *state;
	static const struct {
		const char *events, *last;
		size_t n;
		bool part, unfinished;
	} rows[] = {
		{ A B DONE("b"), "b", 1, true, false },
		{ A, "a", 1, true, false },
		{ "", NULL, 0, false, false },
		{ A B DONE("b") "{'event':'hook','push':'b','hook':{'state':'told'}}\n", "b", 1, true, false },
		{ A B RESUME("b") DONE("b"), "b", 1, true, false },
		{ A B DONE("b") "{'event':'end','push", "b", 1, true, false }, /* a crash */
		{ A B, "b", 2, false, true },
		{ A B END("b", "unknown", ",'unfinished':true"), "b", 2, false, true },
		{ A B DONE("b") RESUME("b"), "b", 2, false, true },
		{ A B END("b", "published", ""), "b", 2, false, false },      /* of an older program */
		{ BEGIN("a", "60", "300") B DONE("b"), "b", 1, true, false }, /* this program would not have begun it */
		{ A B DONE("b") "{'event':'verify','push':'a','verified':{'servers':[]}}\n", "b", 2, false, false },
		{ "{'event':'answer','push':'d','http':200}\n" A B DONE("b"), "b", 2, false, false },
		{ A "{'push':'a','event':'end','state':'published','unfinished':false}\n" B DONE("b"), "b", 2, false, false },
		{ DONE("a") B DONE("b"), NULL, 0, false, false },
		{ A "lost\n" B DONE("b"), NULL, 0, false, false },
		{ A "\n" B DONE("b"), NULL, 0, false, false },
		{ A "{'event':'hook','push':'a'\n" B DONE("b"), NULL, 0, false, false },
		{ A B "{'event':'end','push':'b','state':x}\n", NULL, 0, false, false },
		{ A BEGIN("b", "no TTL", "60") DONE("b"), NULL, 0, false, false },
	};

	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *text = with_quotes(rows[i].events);
		bool readable = rows[i].last || !*rows[i].events;
		struct history history = { 0 };
		struct err err = { 0 };

		put_journal(lab, text, strlen(text));
		if (history_read_back(&lab->app, &lab->plan.domain, 1, &history, &err) != readable || history.n != rows[i].n ||
			history.part != rows[i].part || (history_unfinished(&history) != NULL) != rows[i].unfinished)
			fail_msg("row %zu", i);
		assert_int_equal(err.code, readable ? ERR_NONE : ERR_FILE);
		if (rows[i].last)
			assert_string_equal(history.push[history.n - 1].id, rows[i].last);
		history_release(&history);
		free(text);
	}
}

/* Zero bytes in what is not read are what a power cut left: the journal as a whole is not trusted. */
static void last_push__is_not_believed__after_zero_bytes(void **state)
{
	char *text = with_quotes(A B DONE("b"));
	struct history history = { 0 };
	struct lab *lab = *state;
	struct err err = { 0 };

	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	text[20] = '\0';
	put_journal(lab, text, strlen(A B DONE("b")));
	assert_false(history_read_back(&lab->app, &lab->plan.domain, 1, &history, &err));
	assert_int_equal(err.code, ERR_FILE);
	free(text);
}

/* ---- how many of them ---- */

static unsigned chance(unsigned *seed, unsigned most)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % most;
}

/* A push of the set with this TTL to the one with another; it may be one of before that it takes back. */
static void add_push(struct str *text, unsigned i, unsigned *seed)
{
	static const char *const states[] = { "published", "published", "published", "unchanged", "failed", "abandoned" };
	bool old = !chance(seed, 12);
	unsigned base = 60 + chance(seed, 3), want = 60 + chance(seed, 3);
	char revert[40] = "null";

	if (i && !chance(seed, 3))
		snprintf(revert, sizeof(revert), "'%u'", chance(seed, i));
	str_addf(text,
		"{'event':'begin','push':'%u','at':'2026-11-25T10:00:00Z','revert_of':%s,'plan':{'mxladder_plan':1,'domain':'" DOMAIN
		"','zone':'" DOMAIN "','account':'lab','provider':'powerdns',"
		"'base':{'ttl':%u,'records':[{'preference':10,'host':'mx1." DOMAIN "'}]},"
		"'want':{'ttl':%u,'records':[{'preference':10,'host':'mx1." DOMAIN "'}]},'note':'','created':{'at':'2026-11-25T09:00:00Z',"
		"'by':'anna'},'approvals':[]}}\n",
		i, revert, base, want);
	str_addf(text, "{'event':'end','push':'%u','at':'2026-11-25T10:00:09Z','state':'%s'%s}\n", i, states[chance(seed, 6)],
		old ? "" : ",'unfinished':false");
}

/* Where the last few tell which push is the last change that stands, all of them tell the same. */
static void last_pushes__that_tell__tell_what_all_would(void **state)
{
	struct lab *lab = *state;
	unsigned seed = 4711, told = 0;

	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	for (unsigned round = 0; round < 150; round++) {
		unsigned n = 1 + chance(&seed, 9);
		struct history all = { 0 };
		const struct past_push *past;
		struct str text;
		char *quoted;

		str_init(&text, 0);
		for (unsigned i = 0; i < n; i++)
			add_push(&text, i, &seed);
		quoted = with_quotes(text.s);
		put_journal(lab, quoted, strlen(quoted));
		assert_true(history_read(&lab->app, &lab->plan.domain, &all, NULL));
		past = history_find(&all, NULL);
		for (unsigned most = 1; most <= n + 1; most++) {
			struct history part = { 0 };
			const struct past_push *found;

			assert_true(history_read_back(&lab->app, &lab->plan.domain, most, &part, NULL));
			if (part.part && round % 2)
				assert_true(history_read_back(&lab->app, &lab->plan.domain, 2, &part, NULL));
			for (size_t i = 0; i < part.n; i++)
				assert_int_equal(atoi(part.push[i].id), n - part.n + i);
			found = history_find(&part, NULL);
			assert_true(part.part || part.n == n);
			if (part.part && !found)
				assert_true(!past || (unsigned)atoi(past->id) < n - part.n);
			else
				assert_string_equal(found ? found->id : "none", past ? past->id : "none");
			told += part.part && found;
			history_release(&part);
		}
		history_release(&all);
		str_release(&text);
		free(quoted);
	}
	assert_true(told > 100);
}

/* ---- what stood ---- */

/* What stood once is a plan as any other: only what is taken back is not judged anew. Of the journal no more is read than that takes. */
static void set__that_stood_long_before__is_judged_anew(void **state)
{
#define ODD "10 192.0.2.1 20 mx2.exempel.com"
	static const struct {
		const char *base, *want;
		enum push_state state;
		enum err_code code;
		bool override;
		size_t n; /* pushes that were read */
	} rows[] = {
		{ LAB_BASE, "3600 " ODD, PUSH_PUBLISHED, ERR_NONE, true, 0 }, { "3600 " ODD, LAB_BASE, PUSH_PUBLISHED, ERR_NONE, false, 1 },
		{ LAB_BASE, "3600 10 mx2.exempel.com", PUSH_PUBLISHED, ERR_NONE, false, 2 }, /* the last one took back: it reads on */
		{ "3600 10 mx2.exempel.com", "3600 10 mx3.exempel.com", PUSH_PUBLISHED, ERR_NONE, false, 1 },
		{ "3600 10 mx3.exempel.com", "3600 " ODD, PUSH_FAILED, ERR_BLOCKED, false, 1 },
		{ "3600 10 mx3.exempel.com", "3600 " ODD, PUSH_PUBLISHED, ERR_NONE, true, 5 }, /* the last one failed */
		{ "3600 " ODD, "3600 10 mx4.exempel.com", PUSH_PUBLISHED, ERR_NONE, false, 1 },
		{ "3600 10 mx4.exempel.com", "3600 " ODD, PUSH_PUBLISHED, ERR_NONE, false, 1 }, /* takes back */
		{ "3600 " ODD, "3600 " ODD, PUSH_UNCHANGED, ERR_NONE, false, 5 },
		{ "3600 " ODD, "60 " ODD, PUSH_PUBLISHED, ERR_NONE, false, 9 }, /* the last one tells nothing of what caches hold */
	};
	struct push_override why = { "target-ip", "why" };
	struct lab *lab = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct push *push;

		lab_plan(lab, rows[i].base, rows[i].want);
		push = lab_push(lab, &(struct push_options){ .no_watch = true, .n_override = rows[i].override, .override = &why });
		lab_expect(push, rows[i].state, rows[i].code);
		if (push->gates.n != (rows[i].override || rows[i].code) || lab->run->history.n != rows[i].n)
			fail_msg("row %zu: %zu gates, %zu read", i, push->gates.n, lab->run->history.n);
		assert_int_equal(push_exit_status(push), rows[i].code ? 1 : 0);
	}
}

/* A policy comes that names mx2 and mx3. */
static void enforce(struct vendor *vendor, struct vendor_call *call)
{
	struct lab *lab = vendor->data;
	struct sts_facts *sts = &lab->run->facts.sts;

	if (call->writes)
		return;
	*sts = (struct sts_facts){ .txt = ANSWER_DATA, .n_record = 1, .fetch = STS_FETCH_OK };
	sts->policy.mode = STS_ENFORCE;
	sts->policy.n_mx = 2;
	assert_true(dname_parse(&sts->policy.mx[0].name, "mx2.exempel.com", NULL));
	assert_true(dname_parse(&sts->policy.mx[1].name, "mx3.exempel.com", NULL));
}

/* Since a set stood here, a policy may have come that keeps the mail of careful senders from it. To take a push back is not held up. */
static void set__of_before_a_policy__is_pushed_as_a_rollback_alone(void **state)
{
#define MX(n) "3600 10 mx" #n ".exempel.com"
	static const struct {
		const char *base, *want;
		enum push_state state;
		enum err_code code;
		const char *held; /* NULL: the base */
	} rows[] = {
		{ MX(1), MX(2), PUSH_PUBLISHED, ERR_NONE, NULL }, { MX(2), MX(3), PUSH_PUBLISHED, ERR_NONE, NULL },
		{ MX(3), MX(1), PUSH_FAILED, ERR_BLOCKED, NULL },  /* made by hand */
		{ MX(3), MX(1), PUSH_UNCHANGED, ERR_NONE, MX(1) }, /* somebody else did it */
		{ MX(3), MX(2), PUSH_PUBLISHED, ERR_NONE, NULL },  /* takes the second back */
		{ MX(2), MX(1), PUSH_PUBLISHED, ERR_NONE, NULL },  /* and the first */
		{ MX(2), MX(1), PUSH_FAILED, ERR_BLOCKED, NULL },  /* that was done */
	};
	struct lab *lab = *state;

	lab->vendor.data = lab;
	lab->vendor.hook = enforce;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct push *push;

		lab_plan(lab, rows[i].base, rows[i].want);
		if (rows[i].held)
			vendor_hold(&lab->vendor, rows[i].held);
		push = lab_push(lab, NULL);
		if (push->state != rows[i].state || push->err.code != rows[i].code)
			fail_msg("row %zu: %s", i, lab_text(&push->err.what));
		if (rows[i].code)
			assert_string_equal(push->gates.gate[0].id, "sts-order");
		lab_expect_held(lab, rows[i].code ? rows[i].base : rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(last_push__is_enough__where_its_end_says_so, setup, lab_teardown),
		cmocka_unit_test_setup_teardown(last_push__is_not_believed__after_zero_bytes, setup, lab_teardown),
		cmocka_unit_test_setup_teardown(last_pushes__that_tell__tell_what_all_would, setup, lab_teardown),
		cmocka_unit_test_setup_teardown(set__that_stood_long_before__is_judged_anew, setup, lab_teardown),
		cmocka_unit_test_setup_teardown(set__of_before_a_policy__is_pushed_as_a_rollback_alone, setup, lab_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
