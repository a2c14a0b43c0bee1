/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vendors that keep each record by itself: DigitalOcean (call by call) and Cloudflare (one batch). */
#include "drive.h"

#include <jansson.h>

#define DO_RECORDS "/domains/example.com/records"
#define CF_ID "0123456789abcdef0123456789abcdef"

static void digitalocean__pages__by_number(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "digitalocean", GOAL_ZONES, "b.a.example.com");
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/domains/b.a.example.com");
	drive_say(&drive, 404, "{}");
	drive_expect(&drive, "GET", "/domains/a.example.com");
	drive_say(&drive, 404, "{}");
	drive_expect(&drive, "GET", "/domains/example.com");
	drive_say(&drive, 404, "{}");
	drive_expect(&drive, "GET", "/domains?per_page=200&page=1");
	drive_say(&drive, 200,
		"{\"domains\":[{\"name\":\"example.com\"}],\"links\":{\"pages\":{\"next\":\"http://h:1/v2/domains?page=2\"}}}");
	drive_expect(&drive, "GET", "/domains?per_page=200&page=2");
	drive_say(&drive, 200, "{\"domains\":[{\"name\":\"a.example.com\"}],\"links\":{}}");
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.zone_id, "a.example.com");
	drive_end(&drive);
}

/* A thousand domains, and records that the filter was to leave out: all pages are read, and what is another's does not count. */
static void digitalocean__finds__what_comes_late(void **state)
{
	struct drive drive = { 0 };
	struct str body;

	(void)state;
	str_init(&body, 0);
	drive_begin(&drive, "digitalocean", GOAL_ZONES, "example.com");
	drive_ask(&drive);
	drive_say(&drive, 404, "{}");
	for (unsigned page = 1; page <= 6; page++) {
		char path[64];

		snprintf(path, sizeof path, "/domains?per_page=200&page=%u", page);
		drive_expect(&drive, "GET", path);
		str_clear(&body);
		for (unsigned n = 0; n < 200 && page < 6; n++)
			str_addf(&body, "%s{\"name\":\"d%u.example\"}", n ? "," : "{\"domains\":[", page * 200 + n);
		if (page < 6)
			str_addf(&body, "],\"links\":{\"pages\":{\"next\":\"http://h:1/v2/domains?page=%u\"}}}", page + 1);
		drive_say(&drive, 200, page < 6 ? body.s : "{\"domains\":[{\"name\":\"example.com\"}],\"links\":{}}");
	}
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.zone_id, "example.com");
	drive_end(&drive);
	str_clear(&body);
	for (unsigned n = 0; n < 10000; n++)
		str_addf(&body, "%s{\"id\":%u,\"type\":\"%s\",\"name\":\"w%u\",\"data\":\"x\",\"priority\":1,\"ttl\":30}",
			n ? "," : "{\"domain_records\":[", n, n % 2 ? "MX" : "A", n);
	str_add(&body, ",{\"id\":10000,\"type\":\"MX\",\"name\":\"@\",\"data\":\"@\",\"priority\":10,\"ttl\":60}],\"links\":{}}");
	drive_begin(&drive, "digitalocean", GOAL_READ, "example.com");
	drive_zone(&drive, "example.com", "example.com");
	drive.run.n_ns = 1;
	drive_ask(&drive);
	drive_say(&drive, 200, body.s);
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "60 10 example.com");
	drive_end(&drive);
	str_release(&body);
}

static void digitalocean__follows__no_link_elsewhere(void **state)
{
	static const char *const links[] = { "http://elsewhere.invalid/v2/domains?page=2", "http://h:12/v2", "http://h:1.evil/", "x",
		"//h:1/" };

	(void)state;
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		struct drive drive = { 0 };
		char body[256];

		drive_begin(&drive, "digitalocean", GOAL_ZONES, "com");
		drive_ask(&drive);
		drive_expect(&drive, "GET", "/domains?per_page=200&page=1");
		snprintf(body, sizeof body, "{\"domains\":[],\"links\":{\"pages\":{\"next\":\"%s\"}}}", links[i]);
		drive_say(&drive, 200, body);
		drive_expect_failed(&drive, ERR_REFUSED);
		drive_end(&drive);
	}
}

/* As the vendor documents it: the record, or nothing where it is gone. */
static void drive_agree(struct drive *drive)
{
	bool adds = !strcmp(drive->request.http.method, "POST"), removes = !strcmp(drive->request.http.method, "DELETE");
	struct str body;

	str_init(&body, 0);
	if (!removes)
		str_addf(&body, "{\"domain_record\":{\"id\":1,%s}", drive->request.http.body.s + 1);
	drive_say(drive, removes ? 204 : adds ? 201 : 200, body.len ? body.s : "");
	str_release(&body);
}

static void digitalocean__reads__its_own_spelling(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "digitalocean", GOAL_READ, "example.com");
	drive_zone(&drive, "example.com", "example.com");
	drive_ask(&drive);
	drive_expect(&drive, "GET", DO_RECORDS "?type=NS&name=example.com&per_page=200&page=1");
	drive_say(&drive, 200, "{\"domain_records\":[{\"id\":1,\"type\":\"NS\",\"name\":\"@\",\"data\":\"ns1.digitalocean.com\"}]}");
	drive_expect(&drive, "GET", DO_RECORDS "?type=MX&name=example.com&per_page=200&page=1");
	drive_say(&drive, 200,
		"{\"domain_records\":[{\"id\":7,\"type\":\"MX\",\"name\":\"@\",\"data\":\"@\",\"priority\":5,\"ttl\":30},"
		"{\"id\":8,\"type\":\"MX\",\"name\":\"@\",\"data\":\"mx.example.net\",\"priority\":10,\"ttl\":30},"
		"{\"id\":9,\"type\":\"MX\",\"name\":\"sub\",\"data\":\"mx.example.net\",\"priority\":10,\"ttl\":30}],"
		"\"links\":{\"pages\":{\"next\":\"http://h:1/v2/x\"}}}");
	drive_expect(&drive, "GET", DO_RECORDS "?type=MX&name=example.com&per_page=200&page=2");
	drive_say(&drive, 200, "{\"domain_records\":[]}");
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "30 5 example.com 10 mx.example.net");
	assert_int_equal(drive.run.n_ns, 1);
	assert_string_equal(drive.run.have.record[0].id, "7");
	drive_end(&drive);
}

static void digitalocean__refuses__before_it_asks(void **state)
{
	static const char *const wants[] = { "29 10 a.example", "60 0 ." };

	(void)state;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		struct drive drive = { 0 };

		drive_begin(&drive, "digitalocean", GOAL_WRITE, "example.com");
		drive_zone(&drive, "example.com", "example.com");
		drive_set(&drive.run.want, wants[i]);
		drive_ask(&drive);
		drive_expect_failed(&drive, ERR_REFUSED);
		drive_end(&drive);
	}
}

static void digitalocean__writes__one_record_a_call(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "digitalocean", GOAL_WRITE, "mail.example.com");
	drive_zone(&drive, "example.com", "example.com");
	drive_have(&drive, "60 10 a.example.net 20 b.example.net");
	drive_set(&drive.run.want, "90 10 a.example.net 30 b.example.net");
	drive_ask(&drive);
	drive_expect(&drive, "PUT", DO_RECORDS "/1");
	assert_string_equal(
		drive.request.http.body.s, "{\"type\":\"MX\",\"name\":\"mail\",\"data\":\"a.example.net.\",\"priority\":10,\"ttl\":90}");
	drive_agree(&drive);
	drive_expect(&drive, "POST", DO_RECORDS);
	assert_string_equal(
		drive.request.http.body.s, "{\"type\":\"MX\",\"name\":\"mail\",\"data\":\"b.example.net.\",\"priority\":30,\"ttl\":90}");
	drive_agree(&drive);
	drive_expect(&drive, "DELETE", DO_RECORDS "/2");
	assert_int_equal(drive.request.http.body.len, 0);
	drive_say(&drive, 404, "{\"id\":\"not_found\"}");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

static const char *const sets[] = {
	"0",
	"60 10 a.example",
	"60 10 b.example",
	"90 10 a.example",
	"60 20 a.example",
	"60 10 a.example 10 b.example",
	"60 10 a.example 20 b.example",
	"60 20 a.example 10 b.example",
	"90 5 c.example 10 a.example 20 a.example",
	"60 10 a.example 10 a.example 20 b.example",
	"60 1 d.example 2 e.example 3 f.example",
};
#define SETS (sizeof sets / sizeof *sets)

static bool covers(const struct mxset *set, const struct mxset *part)
{
	for (size_t i = 0; i < part->n; i++)
		if (!mxset_has(set, &part->mx[i]))
			return false;
	return true;
}

/* Does the call to what the vendor holds, as the vendor would. */
static void carry_out(struct provider_set *held, const struct http_request *http, unsigned *next_id)
{
	const char *id = strrchr(http->path, '/') + 1;
	struct provider_record *record = NULL;
	json_t *body;

	for (size_t i = 0; i < held->n; i++)
		if (!strcmp(held->record[i].id, id))
			record = &held->record[i];
	if (!strcmp(http->method, "DELETE")) {
		assert_non_null(record);
		*record = held->record[--held->n];
		return;
	}
	if (!strcmp(http->method, "POST")) {
		record = provider_set_add(held);
		snprintf(record->id, sizeof record->id, "n%u", (*next_id)++);
	}
	assert_non_null(record);
	body = json_loadb(http->body.s, http->body.len, 0, NULL);
	mx_set(&record->mx, (uint32_t)json_integer_value(json_object_get(body, "priority")),
		json_string_value(json_object_get(body, "data")));
	record->ttl_s = (uint32_t)json_integer_value(json_object_get(body, "ttl"));
	json_decref(body);
}

/* Pushes `to` over what is held, dying before call number `limit`; true when it got to its end. */
static bool push(struct provider_set *held, const char *from, const char *to, unsigned limit)
{
	struct mxset old, new, now;
	struct drive drive = { 0 };
	unsigned next_id = 100;
	bool done;

	mxset_init(&old);
	mxset_init(&new);
	mxset_init(&now);
	drive_set(&old, from);
	drive_set(&new, to);
	drive_begin(&drive, "digitalocean", GOAL_WRITE, "example.com");
	drive_zone(&drive, "example.com", "example.com");
	for (size_t i = 0; i < held->n; i++)
		*provider_set_add(&drive.run.have) = held->record[i];
	mxset_copy(&drive.run.want, &new);
	drive_ask(&drive);
	while (drive.step == STEP_REQUEST && limit--) {
		carry_out(held, &drive.request.http, &next_id);
		provider_set_published(held, &now);
		assert_true(covers(&now, &old) || covers(&now, &new));
		for (size_t i = 0; i < now.n; i++)
			assert_true(mxset_has(&old, &now.mx[i]) || mxset_has(&new, &now.mx[i]));
		drive_agree(&drive);
	}
	done = drive.step == STEP_DONE;
	provider_set_published(held, &now);
	if (done)
		assert_true(mxset_same_records(&now, &new) && !provider_set_ttl_mixed(held) && (!new.n || now.ttl_s == new.ttl_s));
	drive_end(&drive);
	mxset_release(&old);
	mxset_release(&new);
	mxset_release(&now);
	return done;
}

static void digitalocean__keeps__a_union_and_resumes(void **state)
{
	(void)state;
	for (size_t a = 0; a < SETS; a++)
		for (size_t b = 0; b < SETS; b++)
			for (unsigned limit = 0;; limit++) {
				struct drive start = { 0 };
				struct provider_set held = { 0 };
				bool done;

				drive_begin(&start, "digitalocean", GOAL_WRITE, "example.com");
				drive_have(&start, sets[a]);
				for (size_t i = 0; i < start.run.have.n; i++)
					*provider_set_add(&held) = start.run.have.record[i];
				done = push(&held, sets[a], sets[b], limit);
				assert_true(push(&held, sets[a], sets[b], 100));
				provider_set_release(&held);
				drive_end(&start);
				if (done)
					break;
			}
}

static void cloudflare__chooses__one_zone(void **state)
{
#define ZONE(n, id, account, type)                                                                                                         \
	"{\"id\":\"" id "\",\"name\":\"" n "\",\"type\":\"" type "\",\"account\":{\"id\":\"" account                                       \
	"\"},\"name_servers\":[\"amy.ns.cloudflare.com\"]}"
#define ID2 "fedcba9876543210fedcba9876543210"
	static const char *const mine[] = { "account_id", "b", NULL };
	static const struct {
		const char *const *settings;
		const char *zones, *id;
	} rows[] = {
		{ NULL, ZONE("example.com", CF_ID, "a", "full"), CF_ID },
		{ NULL, ZONE("com", CF_ID, "a", "full") "," ZONE("example.com", ID2, "a", "full"), ID2 },
		{ NULL, ZONE("example.com", CF_ID, "a", "full") "," ZONE("example.com", ID2, "b", "full"), NULL },
		{ NULL, ZONE("example.com", CF_ID, "a", "internal") "," ZONE("example.com", ID2, "b", "full"), ID2 },
		{ mine, ZONE("example.com", CF_ID, "a", "full") "," ZONE("example.com", ID2, "b", "full"), ID2 },
		{ NULL, ZONE("example.com", CF_ID, "a", "secondary"), NULL },
		{ NULL, ZONE("example.com", "../../etc", "a", "full"), NULL },
		{ NULL, ZONE("example.net", CF_ID, "a", "full"), NULL },
		{ NULL, "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { .settings = rows[i].settings };
		char body[2048];

		drive_begin(&drive, "cloudflare", GOAL_ZONES, "mail.example.com");
		drive_ask(&drive);
		for (int name = 0; name < 2; name++) {
			char path[100];

			snprintf(path, sizeof path, "/zones?name=%s&per_page=50&page=1%s", name ? "example.com" : "mail.example.com",
				rows[i].settings ? "&account.id=b" : "");
			drive_expect(&drive, "GET", path);
			drive_say(&drive, 200, "{\"success\":true,\"result\":[],\"result_info\":{\"total_pages\":0}}");
		}
		drive_expect(&drive, "GET", rows[i].settings ? "/zones?per_page=50&page=1&account.id=b" : "/zones?per_page=50&page=1");
		drive_say(&drive, 200,
			"{\"success\":true,\"result\":[" ZONE("example.org", ID2, "b", "full") "],\"result_info\":{\"total_pages\":2}}");
		assert_int_equal(drive.step, STEP_REQUEST);
		snprintf(body, sizeof body, "{\"success\":true,\"result\":[%s],\"result_info\":{\"total_pages\":2}}", rows[i].zones);
		drive_say(&drive, 200, body);
		if (rows[i].id) {
			assert_int_equal(drive.step, STEP_DONE);
			assert_string_equal(drive.run.zone_id, rows[i].id);
			assert_int_equal(drive.run.n_ns, 1);
		} else {
			drive_expect_failed(&drive, ERR_REFUSED);
		}
		drive_end(&drive);
	}
}

static void cloudflare__reads__automatic_and_locked(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "cloudflare", GOAL_READ, "example.com");
	drive_zone(&drive, "example.com", CF_ID);
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/zones/" CF_ID "/dns_records?type=MX&name=example.com&per_page=100&page=1");
	drive_say(&drive, 200,
		"{\"success\":true,\"result\":["
		"{\"id\":\"x\",\"type\":\"MX\",\"name\":\"example.com\",\"content\":\"a.example.net\",\"priority\":10,\"ttl\":1,\"meta\":{},\"modified_on\":\"2026-01-01\"},"
		"{\"id\":\"y\",\"type\":\"MX\",\"name\":\"example.com\",\"content\":\"b.example.net\",\"data\":{\"priority\":20},\"ttl\":300,\"meta\":{\"read_only\":true},\"modified_on\":\"2026-02-01\"}]}");
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "300 10 a.example.net 20 b.example.net");
	assert_true(drive.run.have.record[1].locked);
	assert_string_equal(drive.run.have.mark, "2026-02-01");
	drive.run.goal = GOAL_WRITE;
	drive_set(&drive.run.want, "300 10 a.example.net");
	drive_ask(&drive);
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
}

static void cloudflare__writes__one_batch(void **state)
{
	static const struct {
		const char *have, *want, *body;
	} rows[] = {
		{ "60 10 a.x 20 b.x", "60 10 a.x 20 c.x", "{\"patches\":[{\"id\":\"2\",\"content\":\"c.x\",\"priority\":20,\"ttl\":60}]}" },
		{ "60 10 a.x 20 b.x", "60 10 a.x 30 b.x 40 c.x",
			"{\"patches\":[{\"id\":\"2\",\"content\":\"b.x\",\"priority\":30,\"ttl\":60}],"
			"\"posts\":[{\"type\":\"MX\",\"name\":\"example.com\",\"content\":\"c.x\",\"priority\":40,\"ttl\":60}]}" },
		{ "60 10 a.x 20 b.x", "90 0 .",
			"{\"patches\":[{\"id\":\"1\",\"content\":\".\",\"priority\":0,\"ttl\":90}],\"deletes\":[{\"id\":\"2\"}]}" },
		{ "60 10 a.x", "0", "{\"deletes\":[{\"id\":\"1\"}]}" },
		{ "60 10 a.x", "60 10 a.x", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };

		drive_begin(&drive, "cloudflare", GOAL_WRITE, "example.com");
		drive_zone(&drive, "example.com", CF_ID);
		drive_have(&drive, rows[i].have);
		drive_set(&drive.run.want, rows[i].want);
		drive_ask(&drive);
		if (rows[i].body) {
			drive_expect(&drive, "POST", "/zones/" CF_ID "/dns_records/batch");
			assert_string_equal(drive.request.http.body.s, rows[i].body);
			drive_say(&drive, 200, "{\"success\":true,\"result\":{}}");
			assert_true(drive.run.wrote);
		}
		assert_int_equal(drive.step, STEP_DONE);
		drive_end(&drive);
	}
}

static void cloudflare__tells__the_innermost_error(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum err_code code;
		const char *said;
	} rows[] = {
		{ 400, "{\"success\":false,\"errors\":[{\"code\":1004,\"message\":\"DNS Validation Error\",\"error_chain\":[{\"code\":9021,\"message\":\"TTL must be between\"}]}]}",
			ERR_REFUSED, "Cloudflare (account lab) refused: TTL must be between" },
		{ 200, "{\"success\":false,\"errors\":[{\"code\":81058,\"message\":\"identical\"}]}", ERR_REFUSED,
			"Cloudflare (account lab) refused: identical" },
		{ 400, "{\"success\":false,\"errors\":[{\"code\":6003,\"message\":\"Invalid request headers\"}]}", ERR_AUTH,
			"Cloudflare refused the credentials of account lab: Invalid request headers" },
		{ 200, "{\"success\":false}", ERR_REFUSED, NULL },
		{ 429, "{\"success\":false,\"errors\":[{\"code\":971}]}", ERR_NETWORK, NULL },
		{ 200, "", ERR_NETWORK, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };
		struct str said;

		str_init(&said, 0);
		drive_begin(&drive, "cloudflare", GOAL_READ, "example.com");
		drive_zone(&drive, "example.com", CF_ID);
		drive_ask(&drive);
		drive_say(&drive, rows[i].status, rows[i].body);
		drive_expect_failed(&drive, rows[i].code);
		err_format(&drive.err, NULL, &said);
		if (rows[i].said)
			assert_string_equal(said.s, rows[i].said);
		str_release(&said);
		drive_end(&drive);
	}
}

static void cloudflare__verifies__either_token(void **state)
{
	static const char *const mine[] = { "account_id", "b", NULL };
	struct drive drive = { .settings = mine };

	(void)state;
	drive_begin(&drive, "cloudflare", GOAL_VERIFY, "example.com");
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/user/tokens/verify");
	drive_say(&drive, 401, "{\"success\":false}");
	drive_expect(&drive, "GET", "/accounts/b/tokens/verify");
	drive_say(&drive, 200, "{\"success\":true,\"result\":{\"status\":\"expired\"}}");
	drive_expect_failed(&drive, ERR_AUTH);
	drive_end(&drive);
}

struct part_case {
	const char *have, *want;
	enum provider_part part;
	bool guard;
	const char *asked; /* "PUT changes 1", "POST", an error's code, or "" for nothing */
};

#define TWO "60 10 a.example 20 b.example"

static const struct part_case part_cases[] = {
	{ TWO, "60 10 a.example 30 c.example", PART_ADD, false, "POST" },
	{ TWO, "60 10 a.example", PART_ADD, false, "" },
	/* not before everything that is wanted is there */
	{ TWO, "60 10 a.example 30 c.example", PART_REMOVE, false, "conflict" },
	{ TWO, "60 10 a.example", PART_REMOVE, false, "DELETE removes 2" },
	{ TWO, "60 20 b.example", PART_REMOVE, false, "DELETE removes 1" },
	/* the first record is kept as the anchor, and takes the part of the other */
	{ TWO, "60 10 a.example", PART_REMOVE, true, "DELETE removes 2" },
	{ TWO, "60 20 b.example", PART_REMOVE, true, "PUT changes 1" },
	{ "60 20 b.example 20 b.example", "60 20 b.example", PART_REMOVE, true, "DELETE removes 2" },
	{ TWO, "0", PART_REMOVE, true, "DELETE removes 1" },
	{ "60 20 b.example", "60 20 b.example", PART_REMOVE, true, "" },
};

static void digitalocean__removes__only_what_may_go(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof part_cases / sizeof *part_cases; i++) {
		const struct part_case *one = &part_cases[i];
		struct drive drive = { 0 };
		char seen[300] = "";

		drive_begin(&drive, "digitalocean", GOAL_WRITE, "example.com");
		drive_zone(&drive, "example.com", "example.com");
		drive_have(&drive, one->have);
		drive_set(&drive.run.want, one->want);
		drive.run.part = one->part;
		drive.run.guard = one->guard;
		drive_ask(&drive);
		if (drive.step == STEP_REQUEST)
			snprintf(seen, sizeof seen, "%s%s%s%s%s", drive.request.http.method, *drive.request.changed ? " changes " : "",
				drive.request.changed, *drive.request.removed ? " removes " : "", drive.request.removed);
		else if (drive.step == STEP_FAILED)
			snprintf(seen, sizeof seen, "%s", err_code_name(drive.err.code));
		assert_string_equal(seen, one->asked);
		drive_end(&drive);
	}
}

static void digitalocean__takes__no_odd_answer(void **state)
{
	static const struct {
		int status;
		const char *body;
	} odd[] = {
		{ 200, "<html>" },
		{ 202, "" },
		{ 204, "" },
		{ 201, "{}" },
		{ 200, "{\"domain_record\":{\"id\":1,\"type\":\"MX\",\"name\":\"@\",\"data\":\"c.example\",\"priority\":30,\"ttl\":60}}" },
		{ 201, "{\"domain_record\":{\"id\":1,\"type\":\"TXT\",\"name\":\"@\",\"data\":\"c.example\",\"priority\":30,\"ttl\":60}}" },
		{ 201, "{\"domain_record\":{\"id\":1,\"type\":\"MX\",\"name\":\"w\",\"data\":\"c.example\",\"priority\":30,\"ttl\":60}}" },
		{ 201, "{\"domain_record\":{\"id\":1,\"type\":\"MX\",\"name\":\"@\",\"data\":\"d.example\",\"priority\":30,\"ttl\":60}}" },
		{ 201, "{\"domain_record\":{\"id\":1,\"type\":\"MX\",\"name\":\"@\",\"data\":\"c.example\",\"priority\":3,\"ttl\":60}}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct drive drive = { 0 };

		drive_begin(&drive, "digitalocean", GOAL_WRITE, "example.com");
		drive_zone(&drive, "example.com", "example.com");
		drive_have(&drive, "60 10 a.example");
		drive_set(&drive.run.want, "60 10 a.example 30 c.example");
		drive_ask(&drive);
		drive_expect(&drive, "POST", DO_RECORDS);
		drive_say(&drive, odd[i].status, odd[i].body);
		drive_expect_failed(&drive, ERR_NETWORK);
		drive_end(&drive);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digitalocean__pages__by_number),
		cmocka_unit_test(digitalocean__finds__what_comes_late),
		cmocka_unit_test(digitalocean__follows__no_link_elsewhere),
		cmocka_unit_test(digitalocean__reads__its_own_spelling),
		cmocka_unit_test(digitalocean__refuses__before_it_asks),
		cmocka_unit_test(digitalocean__removes__only_what_may_go),
		cmocka_unit_test(digitalocean__takes__no_odd_answer),
		cmocka_unit_test(digitalocean__writes__one_record_a_call),
		cmocka_unit_test(digitalocean__keeps__a_union_and_resumes),
		cmocka_unit_test(cloudflare__chooses__one_zone),
		cmocka_unit_test(cloudflare__reads__automatic_and_locked),
		cmocka_unit_test(cloudflare__writes__one_batch),
		cmocka_unit_test(cloudflare__tells__the_innermost_error),
		cmocka_unit_test(cloudflare__verifies__either_token),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
