/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive.h"

#include "provider/zones.h"

static const char zone[] = "$ORIGIN example.com.\n$TTL 60\n@ SOA ns1 root 2026112201 1 1 1 1\n@ MX 10 a\n";
static const char changed[] = "$ORIGIN example.com.\n$TTL 60\n@ SOA ns1 root 2026112301 1 1 1 1\n@ MX 10 b\n";

static void expect_file(const struct drive *drive, enum request_kind kind, const char *path)
{
	assert_int_equal(drive->step, STEP_REQUEST);
	assert_int_equal(drive->request.kind, kind);
	assert_string_equal(drive->request.path, path);
}

static void zones__try__name_after_name(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "zonefile", GOAL_ZONES, "a.mail.example.com");
	drive.account.endpoint = "/zones";
	drive_ask(&drive);
	expect_file(&drive, REQUEST_FILE_READ, "/zones/a.mail.example.com.zone");
	assert_true(drive.request.may_miss);
	drive_reply(&drive, 0, NULL, 0);
	expect_file(&drive, REQUEST_FILE_READ, "/zones/mail.example.com.zone");
	drive_reply(&drive, 0, NULL, 0);
	expect_file(&drive, REQUEST_FILE_READ, "/zones/example.com.zone");
	drive_say(&drive, 0, zone);
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(dname_text(&drive.run.zone, (char[DNAME_TEXT_MAX]){ 0 }), "example.com");
	drive_end(&drive);
}

static void zones__end__when_none_is_there(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "zonefile", GOAL_ZONES, "example.com");
	drive_ask(&drive);
	drive_reply(&drive, 0, NULL, 0);
	assert_int_equal(drive.step, STEP_REQUEST);
	drive_reply(&drive, 0, NULL, 0);
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
}

static void zones__stay__in_the_directory(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "zonefile", GOAL_ZONES, "\\.\\./\\.\\./etc/x");
	drive_ask(&drive);
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
}

static void expect_said(const struct drive *drive, enum err_code code, const char *text);

static void zones__are_told__by_a_single_file(void **state)
{
	static const char *const file[] = { "file", "/etc/one", NULL };
	static const struct {
		const char *owner, *text, *zone;
		enum err_code code;
		const char *said, *hint;
	} rows[] = {
		{ "a.sub.example.com", "example.com. 60 SOA a b 1 1 1 1 1\nsub.example.com. 60 SOA a b 1 1 1 1 1\n", "sub.example.com",
			ERR_NONE, NULL, NULL },
		{ "a.sub.example.com", "sub.example.com. 60 SOA a b 1 1 1 1 1\nexample.com. 60 SOA a b 1 1 1 1 1\n", "sub.example.com",
			ERR_NONE, NULL, NULL },
		{ "example.net", zone, NULL, ERR_REFUSED, "no zone for example.net in account lab", "example.com" },
		{ "example.net", "example.com. 60 SOA a b 1 1 1 1 1\nsub.example.com. 60 SOA a b 1 1 1 1 1\n", NULL, ERR_REFUSED,
			"no zone for example.net in account lab", "example.com, sub.example.com" },
		{ "example.net", "example.net. 60 MX 10 a\n", NULL, ERR_REFUSED, "no zone for example.net in account lab", NULL },
		{ "example.net", "(\n", NULL, ERR_USAGE, "/etc/one, line 1: the parenthesis is never closed", NULL },
	};
	struct drive drive = { .settings = file };

	(void)state;
	drive_begin(&drive, "zonefile", GOAL_ZONES, "sub.example.com");
	drive_ask(&drive);
	expect_file(&drive, REQUEST_FILE_READ, "/etc/one");
	assert_false(drive.request.may_miss);
	drive_say(&drive, 0, zone);
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(dname_text(&drive.run.zone, (char[DNAME_TEXT_MAX]){ 0 }), "example.com");
	drive_end(&drive);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		drive.settings = file;
		drive_begin(&drive, "zonefile", GOAL_ZONES, rows[i].owner);
		drive_ask(&drive);
		drive_say(&drive, 0, rows[i].text);
		if (rows[i].zone) {
			assert_int_equal(drive.step, STEP_DONE);
			assert_string_equal(dname_text(&drive.run.zone, (char[DNAME_TEXT_MAX]){ 0 }), rows[i].zone);
		} else {
			expect_said(&drive, rows[i].code, rows[i].said);
		}
		assert_int_equal(drive.err.hint.id != NULL, rows[i].hint != NULL);
		if (rows[i].hint)
			assert_string_equal(drive.err.hint.arg[0], rows[i].hint);
		drive_end(&drive);
	}
}

/* The reply to a look at a file, or to its reading. */
static void drive_file(struct drive *drive, const char *content, const struct file_look *look)
{
	struct reply reply = { .content = content, .content_len = content ? strlen(content) : 0, .look = look, .now = drive->run.now };

	request_release(&drive->request);
	request_init(&drive->request);
	drive->step = drive->account.provider->step(&drive->run, &reply, &drive->request, &drive->err);
}

static void expect_said(const struct drive *drive, enum err_code code, const char *text)
{
	struct str said;

	assert_int_equal(drive->step, STEP_FAILED);
	str_init(&said, 0);
	err_format(&drive->err, NULL, &said);
	assert_string_equal(said.s, text);
	assert_int_equal(drive->err.code, code);
	str_release(&said);
}

#define NO_LIST "no list of the zones of account lab can be had from provider zonefile"

/* The root asks for them all: one file has them, up to sixteen, since there may be more then; a folder's files are not looked through. */
static void zones__of_one_file__are_listed(void **state)
{
	static const char *const file[] = { "file", "/etc/one", NULL };
	struct drive drive = { .settings = file };

	(void)state;
	for (unsigned n = 14; n <= 17; n++) {
		struct zone_index zones = { 0 };
		struct str text;

		str_init(&text, 0);
		for (unsigned i = 1; i <= n; i++)
			str_addf(&text, "z%02u.example. 60 SOA a b 1 1 1 1 1\n", i);
		drive_begin(&drive, "zonefile", GOAL_ZONES, ".");
		drive.account.zones = &zones;
		drive_ask(&drive);
		expect_file(&drive, REQUEST_FILE_READ, "/etc/one");
		drive_say(&drive, 0, text.s);
		if (n < 16) {
			assert_int_equal(drive.step, STEP_DONE);
			zone_index_sort(&zones);
			assert_int_equal(zones.n, n);
			assert_string_equal(zones.entry[0].name, "z01.example");
			assert_string_equal(zones.entry[13].name, "z14.example");
		} else {
			expect_said(&drive, ERR_REFUSED, NO_LIST);
			assert_int_equal(zones.n, 0);
		}
		assert_int_equal(drive.run.zone.len, 0);
		zone_index_release(&zones);
		drive_end(&drive);
		str_release(&text);
		drive.settings = file;
	}
	drive.settings = NULL;
	drive_begin(&drive, "zonefile", GOAL_ZONES, ".");
	drive_ask(&drive);
	expect_said(&drive, ERR_REFUSED, NO_LIST);
	drive_end(&drive);
}

static const char *const usual[] = { "file", "/z/{zone}/db.{zone}", "reload_command", "rndc reload {zone}", NULL };

/* Up to the look for a journal. */
static void begin_write(struct drive *drive, const char *const *settings, const char *want)
{
	drive->settings = settings;
	drive_begin(drive, "zonefile", GOAL_WRITE, "example.com");
	drive_zone(drive, "example.com", "");
	drive_have(drive, "60 10 a.example.com");
	drive_set(&drive->run.want, want);
	drive_ask(drive);
	expect_file(drive, REQUEST_FILE_LOOK, "/z/example.com/db.example.com.jnl");
	assert_false(drive->request.writes);
}

static void no_journal(struct drive *drive)
{
	drive_file(drive, NULL, &(struct file_look){ .exists = false });
	expect_file(drive, REQUEST_FILE_READ, "/z/example.com/db.example.com");
	assert_false(drive->request.writes);
}

static void write__edits__the_file(void **state)
{
	struct drive drive = { 0 };
	struct str title;

	(void)state;
	for (unsigned long links = 1; links <= 2; links++) {
		str_init(&title, 0);
		begin_write(&drive, usual, "60 10 b.example.com");
		no_journal(&drive);
		drive_file(&drive, zone, &(struct file_look){ .exists = true, .readable = true, .links = links });
		expect_file(&drive, REQUEST_FILE_WRITE, "/z/example.com/db.example.com");
		assert_true(drive.request.writes);
		assert_string_equal(drive.request.content.s, changed);
		msg_format(&drive.request.title, NULL, &title);
		assert_string_equal(title.s,
			links == 1
				? "replace the MX set of example.com in /z/example.com/db.example.com"
				: "replace the MX set of example.com in /z/example.com/db.example.com (other hard links of this file keep the "
				  "old content)");
		drive_reply(&drive, 0, NULL, 0);
		assert_int_equal(drive.step, STEP_DONE);
		assert_true(drive.run.wrote);
		str_release(&title);
		drive_end(&drive);
	}
}

static void write__ends__when_the_file_is_done(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin_write(&drive, usual, "60 10 b.example.com");
	no_journal(&drive);
	drive_say(&drive, 0, changed);
	assert_int_equal(drive.step, STEP_DONE);
	assert_false(drive.run.wrote);
	drive_end(&drive);
}

static void write__stops__when_somebody_else_wrote(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin_write(&drive, usual, "60 10 c.example.com");
	no_journal(&drive);
	drive_say(&drive, 0, changed);
	drive_expect_failed(&drive, ERR_CONFLICT);
	drive_end(&drive);
}

/* A journal of BIND's that ends at the serial. */
static void make_journal(char head[64], uint32_t serial)
{
	memset(head, 0, 64);
	memcpy(head, ";BIND LOG V9.2\n", 16);
	for (int i = 0; i < 4; i++)
		head[24 + i] = (char)(serial >> (24 - 8 * i) & 0xFF);
}

static void write__refuses__beside_a_journal(void **state)
{
	static const char *const synced[] = { "file", "/z/{zone}/db.{zone}", "journal", "synced", NULL };
	static const struct {
		const char *const *settings;
		uint32_t serial;
		size_t n_head;
		const char *said; /* NULL: written */
	} rows[] = {
		{ usual, 2026112201, 64,
			"the server keeps a journal beside the zone file (/z/example.com/db.example.com.jnl): an edit of the file would "
			"put the two at odds" },
		{ synced, 2026112201, 64, NULL },
		{ synced, 2026112201, 32, NULL },
		{ synced, 2026112201, 31,
			"the server keeps a journal beside the zone file (/z/example.com/db.example.com.jnl): an edit of the file would "
			"put the two at odds" },
		{ synced, 2026112202, 64,
			"the server's journal ends at serial 2026112202, the zone file has 2026112201: changes are not in the file yet" },
		{ synced, 2026112200, 64,
			"the zone file has serial 2026112201, the server's journal ends at 2026112200: the server has not loaded the file yet" },
		/* RFC 1982: the half that lies behind */
		{ synced, 2026112201u + 0x80000001u, 64,
			"the zone file has serial 2026112201, the server's journal ends at 4173595850: the server has not loaded the file yet" },
		{ synced, 2026112201u + 0x80000000u, 64,
			"the server's journal ends at serial 4173595849, the zone file has 2026112201: changes are not in the file yet" },
		{ synced, 2026112201, 0,
			"the server keeps a journal beside the zone file (/z/example.com/db.example.com.jnl): an edit of the file would "
			"put the two at odds" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct drive drive = { 0 };
		char head[64];

		make_journal(head, rows[i].serial);
		begin_write(&drive, rows[i].settings, "60 10 b.example.com");
		drive_file(&drive, NULL, &(struct file_look){ .exists = true, .head = head, .n_head = rows[i].n_head });
		if (drive.step == STEP_REQUEST)
			drive_say(&drive, 0, zone);
		if (rows[i].said)
			expect_said(&drive, ERR_REFUSED, rows[i].said);
		else
			expect_file(&drive, REQUEST_FILE_WRITE, "/z/example.com/db.example.com");
		drive_end(&drive);
	}
}

static void write__refuses__a_signed_file(void **state)
{
	static const char *const signs[] = { "file", "/z/{zone}/db.{zone}", "reload_signs", "yes", "reload_command", "sign", NULL };
	static const char *const no_command[] = { "file", "/z/{zone}/db.{zone}", "reload_signs", "yes", NULL };
	static const char *const records[] = { "@ RRSIG MX 8 2 60 20300101000000 20200101000000 1 @ AQ==\n", "@ DNSKEY 257 3 8 AQ==\n",
		"@ NSEC a MX\n", "x NSEC3 1 0 0 - 0123456789ABCDEFGHIJKLMNOPQRSTUV MX\n", "@ NSEC3PARAM 1 0 0 -\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		char text[256];

		snprintf(text, sizeof(text), "%s%s", zone, records[i]);
		for (int way = 0; way < 3; way++) {
			struct drive drive = { 0 };

			begin_write(&drive, way == 0 ? usual : way == 1 ? no_command : signs, "60 10 b.example.com");
			no_journal(&drive);
			drive_say(&drive, 0, text);
			if (way < 2)
				expect_said(&drive, ERR_REFUSED,
					"the zone file is signed (line 5): after an edit its signatures would no longer fit, and validating "
					"resolvers would refuse the zone");
			else
				expect_file(&drive, REQUEST_FILE_WRITE, "/z/example.com/db.example.com");
			drive_end(&drive);
		}
	}
}

static void write__looks__into_included_files(void **state)
{
	static const char *const elsewhere[] = { "file", "/z/{zone}/db.{zone}", "directory", "/var/named", NULL };
	static const char text[] = "$ORIGIN example.com.\n$TTL 60\n@ SOA ns1 root 1 1 1 1 1\n@ MX 10 a\n$INCLUDE one\n$INCLUDE /two b\n";
	struct drive drive = { 0 };

	(void)state;
	begin_write(&drive, usual, "60 10 b.example.com");
	no_journal(&drive);
	drive_say(&drive, 0, text);
	expect_file(&drive, REQUEST_FILE_READ, "/z/example.com/one");
	assert_true(drive.request.may_miss);
	drive_say(&drive, 0, "x 60 MX 10 a\n");
	expect_file(&drive, REQUEST_FILE_READ, "/two");
	drive_say(&drive, 0, "@ 60 A 192.0.2.1\n");
	expect_file(&drive, REQUEST_FILE_READ, "/z/example.com/db.example.com");
	drive_say(&drive, 0, text);
	expect_file(&drive, REQUEST_FILE_WRITE, "/z/example.com/db.example.com");
	assert_string_equal(drive.request.content.s,
		"$ORIGIN example.com.\n$TTL 60\n@ SOA ns1 root 2 1 1 1 1\n@ MX 10 b\n$INCLUDE one\n$INCLUDE /two b\n");
	drive_end(&drive);
	begin_write(&drive, elsewhere, "60 10 b.example.com");
	no_journal(&drive);
	drive_say(&drive, 0, text);
	expect_file(&drive, REQUEST_FILE_READ, "/var/named/one");
	drive_file(&drive, NULL, &(struct file_look){ .exists = false });
	expect_said(&drive, ERR_FILE,
		"line 5 includes /var/named/one, which cannot be read: whether MX records of example.com stand there cannot be told");
	drive_end(&drive);
	drive_begin(&drive, "zonefile", GOAL_READ, "example.com");
	drive_zone(&drive, "example.com", "");
	drive_ask(&drive);
	drive_say(&drive, 0, text);
	expect_file(&drive, REQUEST_FILE_LOOK, "/z/example.com/db.example.com.jnl");
	drive_file(&drive, NULL, &(struct file_look){ .exists = false });
	drive_say(&drive, 0, "@ 60 MX 10 a\n");
	expect_said(&drive, ERR_USAGE, "MX records of example.com stand in /var/named/one, an included file: change them there");
	drive_end(&drive);
}

static void read__tells__the_zones_servers_and_each_ttl(void **state)
{
	static const char text[] = "$TTL 60\n@ SOA ns1 root 4294967295 1 1 1 1\n@ NS ns1\n@ NS b.example.net.\n"
				   "@ 300 MX 30 c\n@ MX 10 a\n@ 90 MX 20 b\n";
	static const uint32_t ttls[] = { 60, 90, 300 }; /* that they differ is a fault which checks tell */
	struct drive drive = { 0 };
	char name[DNAME_TEXT_MAX];

	(void)state;
	drive_begin(&drive, "zonefile", GOAL_READ, "example.com");
	drive_zone(&drive, "example.com", "");
	drive_ask(&drive);
	expect_file(&drive, REQUEST_FILE_READ, "http://h:1/v2/example.com.zone");
	assert_false(drive.request.may_miss);
	drive_say(&drive, 0, text);
	expect_file(&drive, REQUEST_FILE_LOOK, "http://h:1/v2/example.com.zone.jnl");
	assert_false(drive.request.writes);
	drive_file(&drive, NULL, &(struct file_look){ .exists = false });
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "60 10 a.example.com 20 b.example.com 30 c.example.com");
	for (size_t i = 0; i < drive.run.have.n; i++)
		assert_int_equal(drive.run.have.record[i].ttl_s, ttls[drive.run.have.record[i].mx.preference / 10 - 1]);
	assert_string_equal(drive.run.have.mark, "4294967295");
	assert_int_equal(drive.run.first_ttl_s, 60);
	assert_int_equal(drive.run.n_ns, 2);
	assert_string_equal(dname_text(&drive.run.ns[0], name), "ns1.example.com");
	assert_string_equal(dname_text(&drive.run.ns[1], name), "b.example.net");
	drive_end(&drive);
}

/* What the journal has beyond the file may be of the name. One that cannot be read as BIND's may have anything. */
static void read__beside_a_journal__knows_only_what_is_in_the_file(void **state)
{
	static const struct {
		uint32_t serial; /* zone's is 2026112201 */
		size_t n_head;
		bool known;
	} rows[] = { { 2026112201, 64, true }, { 2026112201, 32, true }, { 2026112200, 64, true }, { 2026112202, 64, false },
		{ 2026112201u + 0x80000001u, 64, true }, { 2026112201u + 0x80000000u, 64, false }, { 2026112201, 31, false },
		{ 2026112201, 0, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct drive drive = { .settings = usual };
		char head[64];

		make_journal(head, rows[i].serial);
		drive_begin(&drive, "zonefile", GOAL_READ, "example.com");
		drive_zone(&drive, "example.com", "");
		drive_ask(&drive);
		drive_say(&drive, 0, zone);
		expect_file(&drive, REQUEST_FILE_LOOK, "/z/example.com/db.example.com.jnl");
		drive_file(&drive, NULL, &(struct file_look){ .exists = true, .head = head, .n_head = rows[i].n_head });
		if (rows[i].known)
			assert_int_equal(drive.step, STEP_DONE);
		else
			expect_said(&drive, ERR_REFUSED,
				"the server keeps a journal beside the zone file (/z/example.com/db.example.com.jnl), with changes that may not be "
				"in the file yet: what is held is not known");
		drive_end(&drive);
	}
}

/* Of the serials, in decimal; the same one tells nothing, since who puts an older file back has its serial, too. */
static void writes_between__counts__by_the_serial(void **state)
{
	static const struct {
		const char *before, *after;
		unsigned n;
	} rows[] = {
		{ "2026112201", "2026112201", WRITES_UNKNOWN },
		{ "2026112208", "2026112209", 1 },
		{ "2026112208", "2026112210", 2 },
		{ "2026112209", "2026112301", 1 },
		{ "4294967295", "0", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(provider_find("zonefile")->writes_between(rows[i].before, rows[i].after), rows[i].n);
}

static void commit__runs__the_command(void **state)
{
	struct drive drive = { .settings = usual };

	(void)state;
	drive_begin(&drive, "zonefile", GOAL_COMMIT, "example.com");
	drive_zone(&drive, "example.com", "");
	drive_ask(&drive);
	assert_int_equal(drive.step, STEP_REQUEST);
	assert_int_equal(drive.request.kind, REQUEST_RUN);
	assert_true(drive.request.writes);
	assert_string_equal(drive.request.command, "rndc reload example.com");
	drive_reply(&drive, 0, NULL, 0);
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
	drive.settings = NULL;
	drive_begin(&drive, "zonefile", GOAL_COMMIT, "example.com");
	drive_ask(&drive);
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

static void verify__looks__for_the_files(void **state)
{
	static const char *const one[] = { "file", "/etc/one", NULL }, *const many[] = { "file", "/z/x-{zone}/db.{zone}", NULL },
				 *const here[] = { "file", "{zone}.db", NULL }, *const root[] = { "file", "/{zone}", NULL };
	static const struct file_look absent = { 0 }, folder = { true, true, true, 2, NULL, 0 }, file = { true, false, true, 1, NULL, 0 },
				      closed = { true, false, false, 1, NULL, 0 };
	static const struct {
		const char *const *settings;
		const char *path;
		const struct file_look *look;
		const char *said; /* NULL: well */
	} rows[] = {
		{ NULL, "/zones", &absent, "/zones does not exist" },
		{ NULL, "/zones", &file, "/zones is no folder" },
		{ NULL, "/zones", &folder, NULL },
		{ many, "/z", &folder, NULL },
		{ one, "/etc/one", &absent, "/etc/one does not exist" },
		{ one, "/etc/one", &folder, "/etc/one is a folder, not a file" },
		{ one, "/etc/one", &closed, "/etc/one may not be read by this user" },
		{ one, "/etc/one", &file, NULL },
		{ here, ".", &folder, NULL },
		{ root, "/", &folder, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct drive drive = { .settings = rows[i].settings };

		drive_begin(&drive, "zonefile", GOAL_VERIFY, ".");
		drive.account.endpoint = "/zones";
		drive_ask(&drive);
		expect_file(&drive, REQUEST_FILE_LOOK, rows[i].path);
		drive_file(&drive, NULL, rows[i].look);
		if (rows[i].said)
			expect_said(&drive, ERR_FILE, rows[i].said);
		else
			assert_int_equal(drive.step, STEP_DONE);
		drive_end(&drive);
	}
}

static void verify__asks__for_a_place(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "zonefile", GOAL_VERIFY, ".");
	drive.account.endpoint = "";
	drive_ask(&drive);
	expect_said(&drive, ERR_USAGE, "account lab names neither a folder (endpoint) nor a file");
	drive_end(&drive);
}

static void write__fails__on_what_became_bad_text(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin_write(&drive, usual, "60 10 b");
	no_journal(&drive);
	drive_file(&drive, "(\n", &(struct file_look){ .exists = true, .readable = true, .links = 1 });
	expect_said(&drive, ERR_USAGE, "/z/example.com/db.example.com, line 1: the parenthesis is never closed");
	drive_end(&drive);
}

static void read__fails__on_bad_text(void **state)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{ "@ MX 10", "http://h:1/v2/example.com.zone, line 1: no TTL, and no $TTL before" },
		{ "(\n", "http://h:1/v2/example.com.zone, line 1: the parenthesis is never closed" },
		{ "@ 60 MX x y\n", "http://h:1/v2/example.com.zone, line 1: x is no number from 0 to 65535" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct drive drive = { 0 };

		drive_begin(&drive, "zonefile", GOAL_READ, "example.com");
		drive_zone(&drive, "example.com", "");
		drive_ask(&drive);
		drive_say(&drive, 0, rows[i].text);
		expect_said(&drive, ERR_USAGE, rows[i].said);
		drive_end(&drive);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones__try__name_after_name),
		cmocka_unit_test(zones__end__when_none_is_there),
		cmocka_unit_test(zones__stay__in_the_directory),
		cmocka_unit_test(zones__are_told__by_a_single_file),
		cmocka_unit_test(zones__of_one_file__are_listed),
		cmocka_unit_test(write__edits__the_file),
		cmocka_unit_test(write__ends__when_the_file_is_done),
		cmocka_unit_test(write__stops__when_somebody_else_wrote),
		cmocka_unit_test(write__refuses__beside_a_journal),
		cmocka_unit_test(write__refuses__a_signed_file),
		cmocka_unit_test(write__looks__into_included_files),
		cmocka_unit_test(read__tells__the_zones_servers_and_each_ttl),
		cmocka_unit_test(read__beside_a_journal__knows_only_what_is_in_the_file),
		cmocka_unit_test(writes_between__counts__by_the_serial),
		cmocka_unit_test(commit__runs__the_command),
		cmocka_unit_test(verify__looks__for_the_files),
		cmocka_unit_test(verify__asks__for_a_place),
		cmocka_unit_test(write__fails__on_what_became_bad_text),
		cmocka_unit_test(read__fails__on_bad_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
