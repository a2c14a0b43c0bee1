/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/plan.h"
#include "sets.h"

#define HEAD "{\"mxladder_plan\":1,\"domain\":\"exempel.com\",\"zone\":\"exempel.com\",\"account\":\"lab\",\"provider\":\"powerdns\","
#define SETS                                                                                                                               \
	"\"base\":{\"ttl\":45000,\"records\":[{\"preference\":10,\"host\":\"mejlserver1.exempel.com\"}]},"                                 \
	"\"want\":{\"ttl\":3600,\"records\":[]}"
/* What sha256sum says of the canonical text below. */
#define PLAN_DIGEST "sha256:e88fab60a23862d7db50d8964f85013fa5efab79b5a18eebd6fcd2447b186a64"

static char *word(const char *text)
{
	return (char *)(uintptr_t)text;
}

static void parse(struct plans *plans, const char *text)
{
	struct err err = { 0 };
	struct str said;

	str_init(&said, 0);
	if (!plans_parse(plans, text, strlen(text), &err)) {
		err_format(&err, NULL, &said);
		fail_msg("%s", said.s);
	}
	str_release(&said);
}

static void plan_canonical__is__sorted_and_dense(void **state)
{
	struct plans plans = { 0 };
	struct str out;

	(void)state;
	parse(&plans, HEAD SETS "}");
	str_init(&out, 0);
	plan_canonical(&plans.plan[0], &out);
	assert_string_equal(out.s,
		"{\"account\":\"lab\",\"base\":{\"records\":[{\"host\":\"mejlserver1.exempel.com\",\"preference\":10}],"
		"\"ttl\":45000},\"domain\":\"exempel.com\",\"provider\":\"powerdns\",\"want\":{\"records\":[],\"ttl\":3600},"
		"\"zone\":\"exempel.com\"}");
	assert_string_equal(plans.plan[0].id, PLAN_DIGEST);
	str_release(&out);
	plans_release(&plans);
}

/* Whatever stands in it, it is the JSON that a library would write. */
static void plan_canonical__is__the_same_json_whoever_writes_it(void **state)
{
	static const char *const accounts[] = { "lab", "", "a \\\"b\\\\c/", "\\u0001\\b\\f\\n\\r\\t\\u001f", "\xc3\xa5\xe2\x82\xac",
		"\x7f" };
	static const char *const body[] = { "mxladder_plan", "note", "created", "id", "approvals" };

	(void)state;
	for (size_t i = 0; i < sizeof(accounts) / sizeof(*accounts); i++) {
		struct plans plans = { 0 };
		struct str file, out;
		json_t *value;
		char *text;

		str_init(&file, 0);
		str_init(&out, 0);
		str_addf(&file,
			"{\"mxladder_plan\":1,\"domain\":\"x\\\\000y.\xc3\xa5.se\",\"zone\":\"se\",\"account\":\"%s\",\"provider\":\"%s\","
			"\"base\":{\"ttl\":null,\"records\":[{\"preference\":0,\"host\":\".\"}]},\"want\":{\"ttl\":2147483647,\"records\":["
			"{\"preference\":65535,\"host\":\"two words\\\"\"},{\"preference\":1,\"host\":\"mx1.a.se\"}]}}",
			accounts[i], accounts[i]);
		parse(&plans, file.s);
		plan_canonical(&plans.plan[0], &out);
		value = plan_to_json(&plans.plan[0]);
		for (size_t k = 0; k < sizeof(body) / sizeof(*body); k++)
			json_object_del(value, body[k]);
		text = json_dumps(value, JSON_SORT_KEYS | JSON_COMPACT);
		assert_string_equal(out.s, text);
		free(text);
		json_decref(value);
		str_release(&file);
		str_release(&out);
		plans_release(&plans);
	}
}

static void plan_digest__ignores__order_case_and_dots(void **state)
{
	static const char *const same[] = {
		"{\"mxladder_plan\":1,\"domain\":\"a.se\",\"zone\":\"a.se\",\"base\":{\"ttl\":1,\"records\":[]},\"want\":{\"ttl\":1,"
		"\"records\":[{\"preference\":10,\"host\":\"mx1.a.se\"},{\"preference\":10,\"host\":\"xn--5ca.se\"}]}}",
		"{\"want\":{\"records\":[{\"host\":\"\xc3\x85.SE.\",\"preference\":10},{\"host\":\"MX1.a.se.\",\"preference\":10}],"
		"\"ttl\":1},\"base\":{\"ttl\":1,\"records\":[]},\"zone\":\"A.SE.\",\"domain\":\"a.SE\",\"account\":\"\","
		"\"mxladder_plan\":1,\"note\":\"another\",\"unknown\":{\"x\":[1]}}",
	};
	char id[PLAN_ID_MAX] = "";

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct plans plans = { 0 };

		parse(&plans, same[i]);
		if (i)
			assert_string_equal(plans.plan[0].id, id);
		plan_digest(&plans.plan[0], id);
		plans.plan[0].want.ttl_s++;
		plan_seal(&plans.plan[0]);
		assert_string_not_equal(plans.plan[0].id, id);
		plans_release(&plans);
	}
}

/* As a value, for the journal: the same members, judged by the same rules; what is refused changes nothing. */
static void plan_from_json__turns_back__a_plan(void **state)
{
	struct plans plans = { 0 };
	struct plan back;
	struct err err = { 0 };
	json_t *value;

	(void)state;
	parse(&plans, HEAD SETS "}");
	plan_approve(&plans.plan[0], &(struct approval){ .by = word("a"), .at = word("2026-11-23T10:11:12Z"), .note = word("") });
	value = plan_to_json(&plans.plan[0]);
	plan_init(&back);
	assert_true(plan_from_json(&back, value, &err));
	assert_string_equal(back.id, PLAN_DIGEST);
	assert_string_equal(back.account, "lab");
	assert_int_equal(back.n_approval, 1);
	assert_true(mxset_equal(&back.base, &plans.plan[0].base));
	json_object_set_new(value, "account", json_string("another"));
	assert_false(plan_from_json(&back, value, &err));
	assert_int_equal(err.code, ERR_APPROVAL);
	assert_string_equal(back.account, "lab");
	assert_false(plan_from_json(&back, NULL, &err));
	json_decref(value);
	plan_release(&back);
	plans_release(&plans);
}

static void plans_parse__turns_back__what_was_formatted(void **state)
{
	struct plan plan;
	struct plans plans = { .n = 1, .plan = &plan }, back = { 0 };
	struct str first, second;

	(void)state;
	str_init(&first, 0);
	str_init(&second, 0);
	plan_init(&plan);
	assert_true(dname_parse(&plan.domain, "\xc3\xa5.exempel.com", NULL));
	assert_true(dname_parse(&plan.zone, "exempel.com", NULL));
	set_from(&plan.base, "45000 10 a.x 4294967295 b..x 0 . 7 - 10 a.x");
	set_from(&plan.want, "0 10 http://x/");
	free(plan.note);
	plan.note = strdup("line\nand \"quote\" \x1b \xc3\xa5");
	plan_seal(&plan);
	plan_approve(&plan, &(struct approval){ .by = word("a\xff"), .at = word("2026-11-23T10:11:12Z"), .note = word("") });
	plan_approve(&plan, &(struct approval){ .by = word("b"),
				    .at = word(""),
				    .note = word("n"),
				    .until = word("2026-11-24T10:11:12Z"),
				    .policy = word("sha256:p"),
				    .key = word("SHA256:x"),
				    .signature = word("-----BEGIN SSH SIGNATURE-----\nx\n") });
	plans_format(&plans, &first);
	assert_int_equal(first.s[first.len - 1], '\n');
	parse(&back, first.s);
	assert_false(back.many);
	assert_int_equal(back.plan[0].n_approval, 2);
	assert_null(back.plan[0].approval[0].signature);
	assert_string_equal(back.plan[0].approval[0].by, "a\\xff");
	assert_null(back.plan[0].approval[0].until);
	assert_null(back.plan[0].approval[0].key);
	assert_null(back.plan[0].approval[0].policy);
	assert_string_equal(back.plan[0].approval[1].policy, "sha256:p");
	assert_false(back.plan[0].approval[0].first_form);
	assert_string_equal(back.plan[0].approval[1].until, "2026-11-24T10:11:12Z");
	assert_string_equal(back.plan[0].approval[1].key, "SHA256:x");
	assert_true(mxset_equal(&back.plan[0].base, &plan.base));
	assert_true(mxset_equal(&back.plan[0].want, &plan.want));
	plans_format(&back, &second);
	assert_string_equal(second.s, first.s);
	back.many = true;
	str_clear(&first);
	plans_format(&back, &first);
	assert_non_null(strstr(first.s, "\n    {\n      \"mxladder_plan\": 1,\n"));
	parse(&back, first.s);
	assert_true(back.many && back.n == 1);
	str_clear(&second);
	plans_format(&back, &second);
	assert_string_equal(second.s, first.s);
	plan_release(&plan);
	plans_release(&back);
	str_release(&first);
	str_release(&second);
}

static void plan_seal__drops__approvals_of_another_id(void **state)
{
	struct plan plan, copy;

	(void)state;
	plan_init(&plan);
	plan_init(&copy);
	plan_seal(&plan);
	plan_approve(&plan, &(struct approval){ .by = word("a"), .at = word("b"), .note = word("c") });
	plan_seal(&plan);
	assert_int_equal(plan.n_approval, 1);
	plan_copy(&copy, &plan);
	assert_int_equal(copy.n_approval, 1);
	assert_string_equal(copy.id, plan.id);
	plan.want.ttl_s = 7; /* of an empty set, and still part of what was approved */
	plan_seal(&plan);
	assert_int_equal(plan.n_approval, 0);
	assert_string_equal(copy.approval[0].note, "c");
	plan_release(&plan);
	plan_release(&copy);
}

static void plan_approval_canonical__covers__time_note_end_and_plan(void **state)
{
	struct approval approval = { .by = word("eva"), .at = word("2026-11-23T10:11:12Z"), .note = word("change \"17\"") };
	struct plan plan = { .id = "sha256:00" };
	struct str out;

	(void)state;
	str_init(&out, 0);
	plan_approval_canonical(&plan, &approval, &out);
	assert_string_equal(out.s,
		"{\"at\":\"2026-11-23T10:11:12Z\",\"by\":\"eva\",\"note\":\"change \\\"17\\\"\",\"plan\":\"sha256:00\",\"until\":null}");
	approval.until = word("2026-11-24T10:11:12Z");
	approval.key = word("SHA256:not signed");
	str_clear(&out);
	plan_approval_canonical(&plan, &approval, &out);
	assert_string_equal(out.s, "{\"at\":\"2026-11-23T10:11:12Z\",\"by\":\"eva\",\"note\":\"change \\\"17\\\"\",\"plan\":\"sha256:00\","
				   "\"until\":\"2026-11-24T10:11:12Z\"}");
	approval.policy = word("sha256:p");
	str_clear(&out);
	plan_approval_canonical(&plan, &approval, &out);
	assert_string_equal(out.s, "{\"at\":\"2026-11-23T10:11:12Z\",\"by\":\"eva\",\"note\":\"change \\\"17\\\"\",\"plan\":\"sha256:00\","
				   "\"policy\":\"sha256:p\",\"until\":\"2026-11-24T10:11:12Z\"}");
	str_release(&out);
}

/* What the first edition wrote keeps its form, also where the plan is written again. */
static void plans_parse__knows__approvals_of_the_first_form(void **state)
{
	struct plans plans = { 0 };
	struct str text;

	(void)state;
	str_init(&text, 0);
	parse(&plans, HEAD SETS ",\"id\":\"" PLAN_DIGEST
				"\",\"approvals\":[{\"by\":\"eva\",\"at\":\"2026-11-23T10:11:12Z\",\"note\":\"n\",\"signature\":\"s\"},"
				"{\"by\":\"nils\",\"at\":\"2026-11-23T10:11:12Z\",\"until\":null,\"note\":\"\",\"signature\":null},{}]}");
	assert_true(plans.plan[0].approval[0].first_form);
	assert_false(plans.plan[0].approval[1].first_form);
	/* what is not told is empty */
	assert_string_equal(plans.plan[0].approval[2].by, "");
	assert_string_equal(plans.plan[0].approval[2].at, "");
	assert_string_equal(plans.plan[0].approval[2].note, "");
	assert_null(plans.plan[0].approval[2].until);
	plans_format(&plans, &text);
	plans_release(&plans);
	parse(&plans, text.s);
	assert_true(plans.plan[0].approval[0].first_form);
	assert_string_equal(plans.plan[0].approval[0].signature, "s");
	assert_false(plans.plan[0].approval[1].first_form);
	plans_release(&plans);
	str_release(&text);
}

static void plans_parse__reads__256_approvals_and_refuses_more(void **state)
{
	struct plans plans = { 0 };
	struct err err = { 0 };
	struct str text;

	(void)state;
	str_init(&text, 0);
	str_add(&text, HEAD SETS ",\"id\":\"" PLAN_DIGEST "\",\"approvals\":[");
	for (int i = 0; i < 256; i++)
		str_addf(&text, "%s{\"by\":\"p%d\"}", i ? "," : "", i);
	str_add(&text, "]}");
	parse(&plans, text.s);
	assert_int_equal(plans.plan[0].n_approval, 256);
	assert_string_equal(plans.plan[0].approval[255].by, "p255");
	text.len -= 2;
	str_add(&text, ",{\"by\":\"q\"}]}");
	assert_false(plans_parse(&plans, text.s, text.len, &err));
	assert_int_equal(err.code, ERR_USAGE);
	plans_release(&plans);
	str_release(&text);
}

static void plans_parse__refuses__and_says_where(void **state)
{
	static const struct {
		const char *text, *where;
		enum err_code code;
	} rows[] = {
		{ "", "line", ERR_USAGE },
		{ "{\n\n]", "line 3", ERR_USAGE },
		{ "[]", "JSON", ERR_USAGE },
		{ "{}", "mxladder_plan", ERR_USAGE },
		{ "{\"mxladder_plan\":2}", "version", ERR_USAGE },
		{ "{\"mxladder_plan\":\"1\"}", "version", ERR_USAGE },
		{ "{\"mxladder_plan\":1,\"mxladder_plan\":1}", "line", ERR_USAGE },
		{ "{\"mxladder_plan\":1}", "domain must", ERR_USAGE },
		{ "{\"mxladder_plan\":1,\"domain\":\"a..b\"}", "domain: ", ERR_USAGE },
		{ "{\"mxladder_plan\":1,\"domain\":\"x\",\"zone\":7}", "zone must", ERR_USAGE },
		{ HEAD "\"want\":{}}", "base must", ERR_USAGE },
		{ HEAD "\"base\":{}}", "base.ttl must", ERR_USAGE },
		{ HEAD "\"base\":{\"ttl\":1}}", "base.records must", ERR_USAGE },
		{ HEAD "\"base\":{\"ttl\":-1,\"records\":[]}}", "base.ttl", ERR_USAGE },
		{ HEAD "\"base\":{\"ttl\":2147483648,\"records\":[]}}", "base.ttl", ERR_USAGE },
		{ HEAD "\"base\":{\"ttl\":99999999999999999999,\"records\":[]}}", "line", ERR_USAGE },
		{ HEAD "\"base\":{\"ttl\":1,\"records\":[7]}}", "base.records[0] must", ERR_USAGE },
		{ HEAD "\"base\":{\"ttl\":1,\"records\":[{}]}}", "base.records[0].preference", ERR_USAGE },
		{ HEAD "\"base\":{\"ttl\":1,\"records\":[{\"preference\":1.0,\"host\":\"\"}]}}", "preference", ERR_USAGE },
		{ HEAD "\"base\":{\"ttl\":1,\"records\":[{\"preference\":-1,\"host\":\"\"}]}}", "preference", ERR_USAGE },
		{ HEAD "\"base\":{\"ttl\":1,\"records\":[{\"preference\":4294967296,\"host\":\"\"}]}}", "preference", ERR_USAGE },
		{ HEAD "\"base\":{\"ttl\":1,\"records\":[{\"preference\":1,\"host\":null}]}}", "host must", ERR_USAGE },
		{ HEAD SETS ",\"note\":[]}", "note must", ERR_USAGE },
		{ HEAD SETS ",\"created\":3}", "created must", ERR_USAGE },
		{ HEAD SETS ",\"created\":{\"by\":3}}", "created.by must", ERR_USAGE },
		{ HEAD SETS ",\"approvals\":{}}", "approvals must", ERR_USAGE },
		{ HEAD SETS ",\"approvals\":[{\"by\":true}]}", "approvals[0].by", ERR_USAGE },
		{ HEAD SETS ",\"id\":\"sha256:00\"}", "id", ERR_USAGE },
		{ HEAD SETS ",\"id\":7}", "id must", ERR_USAGE },
		{ HEAD SETS ",\"id\":\"sha256:00\",\"approvals\":[{}]}", "approved", ERR_APPROVAL },
		{ HEAD SETS ",\"approvals\":[{}]}", "approved", ERR_APPROVAL },
		{ HEAD "\"zone\":\"y\"}", "line", ERR_USAGE },
		{ "{\"mxladder_plan\":1,\"domain\":\"x\",\"zone\":\"y\"," SETS "}", "zone", ERR_USAGE },
		{ HEAD SETS "} x", "line", ERR_USAGE },
		{ HEAD "\"note\":\"\xff\"," SETS "}", "line", ERR_USAGE },
		{ "{\"mxladder_plans\":2,\"plans\":[]}", "version", ERR_USAGE },
		{ "{\"mxladder_plans\":1,\"plans\":{}}", "plans must", ERR_USAGE },
		{ "{\"mxladder_plans\":1,\"plans\":[]}", "no plan", ERR_USAGE },
		{ "{\"mxladder_plans\":1,\"plans\":[" HEAD SETS "},{}]}", "plans[1]", ERR_USAGE },
		{ "{\"mxladder_plans\":1,\"plans\":[" HEAD SETS ",\"id\":\"\"}]}", "plans[0]: ", ERR_USAGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct plans plans = { 0 };
		struct err err = { 0 };
		struct str said;

		str_init(&said, 0);
		if (plans_parse(&plans, rows[i].text, strlen(rows[i].text), &err))
			fail_msg("read: %s", rows[i].text);
		err_format(&err, NULL, &said);
		if (!strstr(said.s, rows[i].where) || err.code != rows[i].code)
			fail_msg("%s: %s", rows[i].text, said.s);
		assert_int_equal(plans.n, 0);
		str_release(&said);
	}
}

/* One plan at a time, or the file as a whole where its list is not found: both say the same, also of what stands around it. */
static void plans_parse__reads__a_list_wherever_it_stands(void **state)
{
	static const char one[] = HEAD SETS "}";
	static const struct {
		const char *before, *between, *after;
		const char *where; /* NULL: it is read */
	} rows[] = {
		{ "{\"mxladder_plans\":1,\"plans\":[", ",", "]}", NULL },
		{ "{\"plans\" : [\n", "\n,\n", "\n] , \"mxladder_plans\":1, \"more\":[\"]\",{\"plans\":[]}]}", NULL },
		{ "{\"x\":\"\\\"plans\\\":[\",\"y\":{\"plans\":[7]},\"mxladder_plans\":1,\"plans\":[", " , ", "]}", NULL },
		{ "{\"mxladder_plans\":1,\"\\u0070lans\":[", ",", "]}", NULL },
		{ "{\"mxladder_plans\":1,\n\"plans\":[\n", ",\n", "\n],\n\n\"x\" 1}", "line 7 " },
		{ "{\"mxladder_plans\":1,\n\"plans\":[\n", ",\n{\"a\":1 2},\n", "]}", "line 4 " },
		{ "{\"mxladder_plans\":1,\"plans\":[", ",7,", "]}", "plans[1] must be an object" },
		{ "{\"mxladder_plans\":1,\"plans\":[", ",", ",]}", "line 1 " },
		{ "{\"mxladder_plans\":1,\"plans\":[", ",,", "]}", "line 1 " },
		{ "{\"mxladder_plans\":1,\"plans\":[", ",", "],\"plans\":[]}", "line 1 " },
		{ "{\"mxladder_plans\":1,\"plans\":[", ",", "]", "line 1 " },
		{ "{\"mxladder_plans\":1,\"plans\":[", ",", "]} x", "line 1 " },
		{ "{\"mxladder_plans\":1,\"plans\":[", ",", "}", "line 1 " },
		{ "{\"mxladder_plans\":1,\"plans\":[", ",{\"mxladder_plan\":1,\"mxladder_plan\":1},", "]}", "line 1 " },
		{ "{\"mxladder_plans\":1,\"plans\":[", ",\"", "]}", "line 1 " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct plans plans = { 0 };
		struct err err = { 0 };
		struct str text, said;
		bool ok;

		str_init(&text, 0);
		str_init(&said, 0);
		str_addf(&text, "%s%s%s%s%s", rows[i].before, one, rows[i].between, one, rows[i].after);
		ok = plans_parse(&plans, text.s, text.len, &err);
		if (!ok)
			err_format(&err, NULL, &said);
		if (ok != !rows[i].where || (!ok && !strstr(said.s, rows[i].where)))
			fail_msg("%zu %s: %s", i, text.s, said.s);
		assert_int_equal(plans.n, ok ? 2 : 0);
		if (ok)
			assert_string_equal(plans.plan[1].id, PLAN_DIGEST);
		plans_release(&plans);
		str_release(&text);
		str_release(&said);
	}
}

static void plans_parse__holds__the_limits(void **state)
{
	struct str text;
	struct plans plans = { 0 };

	(void)state;
	str_init(&text, 2 * PLAN_FILE_MAX);
	str_add(&text, HEAD "\"base\":{\"ttl\":0,\"records\":[]},\"want\":{\"ttl\":0,\"records\":[");
	for (int i = 0; i < 4369; i++)
		str_addf(&text, "{\"preference\":%d,\"host\":\"h\"},", i);
	text.s[--text.len] = '\0';
	str_add(&text, "]}}");
	parse(&plans, text.s);
	assert_int_equal(plans.plan[0].want.n, 4369);
	text.len -= 3;
	str_add(&text, ",{\"preference\":1,\"host\":\"h\"}]}}");
	assert_false(plans_parse(&plans, text.s, text.len, NULL));
	assert_int_equal(plans.n, 1); /* untouched */
	while (text.len <= PLAN_FILE_MAX)
		str_add(&text, "          ");
	assert_false(plans_parse(&plans, text.s, text.len, NULL));
	plans_release(&plans);
	str_release(&text);
}

/* The whole file, byte by byte; and a copy says the same. */
static void plans_format__writes__every_member(void **state)
{
	static const char wanted[] = "{\n  \"mxladder_plan\": 1,\n  \"domain\": \"a.test\",\n  \"zone\": \"test\",\n"
				     "  \"account\": \"lab\",\n  \"provider\": \"powerdns\",\n"
				     "  \"base\": {\n    \"ttl\": null,\n    \"records\": []\n  },\n"
				     "  \"want\": {\n    \"ttl\": 60,\n    \"records\": [\n      {\n        \"preference\": 10,\n"
				     "        \"host\": \"mx.test\"\n      }\n    ]\n  },\n  \"note\": \"why\",\n"
				     "  \"created\": {\n    \"at\": \"T1\",\n    \"by\": \"eva\"\n  },\n  \"id\": \"\",\n"
				     "  \"approvals\": [\n    {\n      \"by\": \"b\",\n      \"at\": \"t\",\n      \"until\": \"u\",\n"
				     "      \"key\": null,\n      \"note\": \"n\",\n      \"signature\": \"s\"\n    }\n  ]\n}\n";
	struct plan plan, copy;
	struct plans one = { .n = 1, .plan = &plan }, again = { .n = 1, .plan = &copy };
	struct str out;
	struct mx mx;

	(void)state;
	plan_init(&plan);
	plan_init(&copy);
	assert_true(dname_parse(&plan.domain, "a.test", NULL) && dname_parse(&plan.zone, "test", NULL));
	free(plan.account);
	free(plan.provider);
	free(plan.note);
	free(plan.created_at);
	free(plan.created_by);
	plan.account = strdup("lab");
	plan.provider = strdup("powerdns");
	plan.note = strdup("why");
	plan.created_at = strdup("T1");
	plan.created_by = strdup("eva");
	plan.base.ttl_s = MX_TTL_UNKNOWN;
	plan.want.ttl_s = 60;
	mx_set(&mx, 10, "mx.test");
	mxset_add(&plan.want, &mx);
	plan_approve(&plan,
		&(struct approval){ .by = word("b"), .at = word("t"), .until = word("u"), .note = word("n"), .signature = word("s") });
	str_init(&out, 0);
	plans_format(&one, &out);
	assert_string_equal(out.s, wanted);
	plan_copy(&copy, &plan);
	str_clear(&out);
	plans_format(&again, &out);
	assert_string_equal(out.s, wanted);
	plan_unapprove(&copy);
	assert_int_equal(copy.n_approval, 0);
	assert_int_equal(plan.n_approval, 1);
	plan_release(&plan);
	plan_release(&copy);
	str_release(&out);
}

/* An old plan, its id and what was signed of it stay as they were; a ticket is in the file, and signed. */
static void plan_ticket__is__signed_but_not_part_of_the_id(void **state)
{
	static const char before[] = "{\"at\":\"\",\"by\":\"eva\",\"note\":\"\",\"plan\":\"%s\",\"until\":null}";
	static const char behind[] = "{\"at\":\"\",\"by\":\"eva\",\"note\":\"\",\"plan\":\"%s\",\"ticket\":\"CHG-1\",\"until\":null}";
	struct approval approval = { .by = word("eva"), .at = word(""), .note = word("") };
	struct plans plans = { 0 }, back = { 0 };
	struct str text, id;
	char wanted[300];

	(void)state;
	str_init(&text, 0);
	str_init(&id, 0);
	parse(&plans, HEAD SETS ",\"id\":\"" PLAN_DIGEST "\"}");
	assert_string_equal(plans.plan[0].ticket, "");
	plan_approval_canonical(&plans.plan[0], &approval, &text);
	snprintf(wanted, sizeof(wanted), before, PLAN_DIGEST);
	assert_string_equal(text.s, wanted);
	assert_true(plan_set_ticket(&plans.plan[0], "CHG-1", NULL));
	plan_seal(&plans.plan[0]);
	assert_string_equal(plans.plan[0].id, PLAN_DIGEST);
	str_clear(&text);
	plan_approval_canonical(&plans.plan[0], &approval, &text);
	snprintf(wanted, sizeof(wanted), behind, PLAN_DIGEST);
	assert_string_equal(text.s, wanted);
	str_clear(&text);
	plans_format(&plans, &text);
	assert_non_null(strstr(text.s, "\n  \"ticket\": \"CHG-1\","));
	parse(&back, text.s);
	assert_string_equal(back.plan[0].ticket, "CHG-1");
	plans_release(&plans);
	plans_release(&back);
	str_release(&text);
	str_release(&id);
}

static void plan_set_ticket__takes__one_line_once(void **state)
{
	static const struct {
		const char *has, *ticket;
		bool is_signed, set, fits;
	} rows[] = {
		{ "", "CHG-1", false, true, true },
		{ "CHG-1", "CHG-1", true, true, true },
		{ "CHG-1", "CHG-2", false, false, false },
		{ "", "CHG-1", true, false, true },
		{ "", "ändring 17", false, true, true },
		{ "", "", false, false, false },
		{ "", "  ", false, false, false },
		{ "", "a\nb", false, false, false },
		{ "", "a\033b", false, false, false },
		{ "", "a\177b", false, false, false },
	};
	char longest[PLAN_TICKET_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct plan plan;
		struct err err = { 0 };

		plan_init(&plan);
		free(plan.ticket);
		plan.ticket = strdup(rows[i].has);
		plan_approve(&plan, &(struct approval){ .by = word("a"), .signature = rows[i].is_signed ? word("s") : NULL });
		assert_int_equal(plan_takes_ticket(&plan, rows[i].ticket, NULL), rows[i].fits);
		assert_int_equal(plan_set_ticket(&plan, rows[i].ticket, &err), rows[i].set);
		assert_int_equal(err.code, rows[i].set ? ERR_NONE : ERR_USAGE);
		assert_string_equal(plan.ticket, rows[i].set ? rows[i].ticket : rows[i].has);
		plan_release(&plan);
	}
	for (size_t len = PLAN_TICKET_MAX; len <= PLAN_TICKET_MAX + 1; len++) {
		struct plan plan;

		plan_init(&plan);
		memset(longest, 'x', len);
		longest[len] = '\0';
		assert_int_equal(plan_set_ticket(&plan, longest, NULL), len == PLAN_TICKET_MAX);
		plan_release(&plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plan_canonical__is__sorted_and_dense),
		cmocka_unit_test(plan_canonical__is__the_same_json_whoever_writes_it),
		cmocka_unit_test(plan_digest__ignores__order_case_and_dots),
		cmocka_unit_test(plan_from_json__turns_back__a_plan),
		cmocka_unit_test(plans_parse__turns_back__what_was_formatted),
		cmocka_unit_test(plan_seal__drops__approvals_of_another_id),
		cmocka_unit_test(plan_approval_canonical__covers__time_note_end_and_plan),
		cmocka_unit_test(plans_parse__knows__approvals_of_the_first_form),
		cmocka_unit_test(plans_parse__reads__256_approvals_and_refuses_more),
		cmocka_unit_test(plans_parse__refuses__and_says_where),
		cmocka_unit_test(plans_parse__reads__a_list_wherever_it_stands),
		cmocka_unit_test(plans_parse__holds__the_limits),
		cmocka_unit_test(plans_format__writes__every_member),
		cmocka_unit_test(plan_ticket__is__signed_but_not_part_of_the_id),
		cmocka_unit_test(plan_set_ticket__takes__one_line_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
