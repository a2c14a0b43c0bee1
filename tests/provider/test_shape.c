/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates, pointers, and another format than JSON. */
#include "engine_room.h"

static json_t *load(const struct str *body)
{
	return json_pack("{s:s}", "text", body->s);
}

static void dump(const json_t *json, struct http_request *http)
{
	str_addf(&http->body, "<%s>", json_string_value(json_object_get(json, "x")));
	http_request_header(http, "Content-Type", "text/x", false);
}

static const struct shape other_shape = {
	.load = load, .dump = dump, .verify = { .path = "/me", .method = "PUT", .body = "{\"x\":\"{owner}\"}", .rows = "" }
};
ROW(other, other_shape, engine_records, 0);

static void another_format__is_loaded_and_dumped(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, &other, GOAL_VERIFY, "example.com");
	drive_expect(&drive, "PUT", "/me");
	assert_string_equal(drive.request.http.body.s, "<example.com>");
	assert_string_equal(drive.request.http.header[1].value, "text/x");
	drive_say(&drive, 200, "whatever");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

/* ---- templates and pointers ---- */

static bool word(const struct provider_run *run, const char *name, struct str *out)
{
	(void)run;
	if (strcmp(name, "mine") != 0)
		return false;
	str_add(out, "m/\"\\\x01");
	return true;
}

static const struct shape fill_shape = { .word = word, .read = { .path = "/r", .rows = "" } };
ROW(fills, fill_shape, engine_records, 0);

static void shape_fill__knows__its_words(void **state)
{
	static const char *const chosen[] = { "choose", "b c", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "31", NULL };
	static const struct {
		const char *owner, *pattern, *path, *body;
	} rows[] = {
		{ "a.example.com", "{ask}|{ask_dot}|{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}|{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}",
			"b.example.com|b.example.com.|31|{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}", NULL },
		{ "a.example.com", "{zone} {zone_name} {zone_dot} {owner} {owner_dot} {at} {relative}",
			"z1 example.com example.com. a.example.com a.example.com. a a", NULL },
		{ "example.com", "{at}|{relative}|{page}|{start}|{id}|{cursor}|{operation}", "%40||7|0|||", NULL },
		{ "example.com", "{choose}{raw:choose}{who}{none}", "b%20cb cacc-1", NULL },
		{ "example.com", "/x[?a={choose}][&b={none}][&c={page}]", "/x?a=b%20c&c=7", NULL },
		{ "example.com", "{mine}{raw:mine}", "m%2F%22%5C%01m/\"\\\x01", "m/\\\"\\\\\\u0001m/\"\\\x01" },
		{ "example.com", "[{none}]{}{ x}{\"a\":[{page}]}{raw}{Zone}", NULL, "[]{}{ x}{\"a\":[7]}{Zone}" },
		{ "example.com", "a]b[c", "a]b[c", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct provider_login login = { .who = (char *)(uintptr_t) "acc-1" };
		struct drive drive = { .settings = chosen };
		char *text;

		begin(&drive, &fills, GOAL_WRITE, rows[i].owner);
		drive.account.login = &login;
		drive.run.page = 7;
		assert_true(dname_parse(&vendor_state(&drive.run)->ask, "b.example.com", NULL));
		text = shape_fill(&drive.run, rows[i].pattern, false);
		if (rows[i].path)
			assert_string_equal(text, rows[i].path);
		free(text);
		text = shape_fill(&drive.run, rows[i].pattern, true);
		if (rows[i].body)
			assert_string_equal(text, rows[i].body);
		free(text);
		drive_end(&drive);
	}
}

static void shape_fill__has_nothing__before_anything_was_asked(void **state)
{
	struct drive drive = { 0 };
	char *text;

	(void)state;
	begin(&drive, &fills, GOAL_WRITE, "a.example.com");
	free(drive.run.zone_id);
	drive.run.zone_id = NULL;
	text = shape_fill(&drive.run, "{zone}|{page}|{start}|{id}|{cursor}|{operation}|{who}", false);
	assert_string_equal(text, "example.com|0|0||||");
	free(text);
	drive.account.login = &(struct provider_login){ 0 };
	text = shape_fill(&drive.run, "/x[?who={who}]", false);
	assert_string_equal(text, "/x");
	free(text);
	assert_null(drive.run.state);
	drive_end(&drive);
}

static void shape_at__follows__a_pointer(void **state)
{
	json_t *json = json_loads("{\"a\":[{\"b\":7},{\"b\":\"x\"}],\"0\":1.5,\"c\":true}", 0, NULL);
	char scratch[24], key[100];

	(void)state;
	assert_ptr_equal(shape_at(json, ""), json);
	assert_ptr_equal(shape_at(json, NULL), json);
	assert_string_equal(shape_text(json, "a/0/b", scratch), "7");
	assert_string_equal(shape_text(json, "a/1/b", scratch), "x");
	assert_string_equal(shape_text(json, "a/2/b", scratch), "");
	assert_string_equal(shape_text(json, "a/b", scratch), "");
	assert_string_equal(shape_text(json, "a", scratch), "");
	assert_string_equal(shape_text(json, "0", scratch), "");
	assert_string_equal(shape_text(json, "c", scratch), "");
	assert_true(json_is_real(shape_at(json, "0")));
	memset(key, 'a', sizeof key);
	key[99] = '\0';
	assert_null(shape_at(json, key));
	assert_null(shape_at(NULL, "a"));
	json_decref(json);
}

/* ---- what each vendor documents ---- */

static void add_call(struct str *out, const char *word, const struct shape_call *call)
{
	if (!call->path)
		return;
	str_addf(out, "%s%s %d", out->len ? " " : "", word, call->status[0]);
	for (size_t i = 1; i < 3 && call->status[i]; i++)
		str_addf(out, "/%d", call->status[i]);
}

/* The statuses that say yes to a call that writes; 0: any of 2xx. */
static void calls__are_answered__as_documented(void **state)
{
	static const struct {
		const char *provider, *calls;
	} rows[] = {
		{ "powerdns", "replace 200/204" },
		{ "azure", "replace 200/201 clear 200/204" },
		{ "bunny", "add 201 change 204 remove 204" },
		{ "cloudflare", "batch 200" },
		{ "desec", "replace 200 clear 204" },
		{ "digitalocean", "add 201 change 200 remove 204" },
		{ "dnsimple", "add 201 change 200 remove 204" },
		{ "gandi", "replace 201 clear 204" },
		{ "glesys", "add 200 change 200 remove 200" },
		{ "godaddy", "replace 200 clear 204" },
		{ "google", "replace 200" },
		{ "hetzner", "" },
		{ "infomaniak", "add 0 change 0 remove 0" },
		{ "ionos", "" },
		{ "linode", "add 200 change 200 remove 200" },
		{ "loopia", "add 200 change 200 remove 200" },
		{ "namecheap", "" },
		{ "netlify", "add 201 remove 204" },
		{ "ns1", "create 200 replace 200 clear 200" },
		{ "ovh", "add 200 change 200 remove 200 commit 200" },
		{ "porkbun", "add 200 change 200 remove 200" },
		{ "route53", "replace 200" },
		{ "scaleway", "replace 200" },
		{ "simply", "add 200 change 200 remove 200" },
		{ "vultr", "add 201 change 204 remove 204" },
	};
	size_t n = 0;

	(void)state;
	for (size_t i = 0; providers[i]; i++) {
		const struct shape *shape = providers[i]->shape;
		struct str text;

		if (!shape)
			continue;
		str_init(&text, 0);
		add_call(&text, "add", &shape->add);
		add_call(&text, "change", &shape->change);
		add_call(&text, "remove", &shape->remove);
		add_call(&text, "batch", &shape->batch);
		add_call(&text, "create", &shape->create);
		add_call(&text, "replace", &shape->replace);
		add_call(&text, "clear", &shape->clear);
		add_call(&text, "commit", &shape->commit);
		assert_true(n < sizeof rows / sizeof *rows);
		assert_string_equal(providers[i]->name, rows[n].provider);
		assert_string_equal(text.s, rows[n].calls);
		str_release(&text);
		n++;
	}
	assert_int_equal(n, sizeof rows / sizeof *rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_format__is_loaded_and_dumped),
		cmocka_unit_test(shape_fill__knows__its_words),
		cmocka_unit_test(shape_fill__has_nothing__before_anything_was_asked),
		cmocka_unit_test(shape_at__follows__a_pointer),
		cmocka_unit_test(calls__are_answered__as_documented),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
