/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name server as provider, from bytes: questions and updates are read by ldns, answers are built by it and signed here. */
#include <ldns/ldns.h>

#include "drive.h"

#include "provider/digest.h"

#define SECRET "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
#define SERVER "192.0.2.53:5300"
#define NOW 1795430400

static const char *const plain[] = { "key_name", "mx-key", NULL };

static void begin(struct drive *drive, enum provider_goal goal, const char *owner, const char *const *settings)
{
	drive->settings = settings ? settings : plain;
	drive_begin(drive, "rfc2136", goal, owner);
	drive->account.key = SECRET;
	drive->account.endpoint = SERVER;
	drive->run.now = NOW;
}

static void err_is(const struct drive *drive, enum err_code code, const char *want)
{
	struct str text;

	assert_int_equal(drive->step, STEP_FAILED);
	str_init(&text, 0);
	err_format(&drive->err, NULL, &text);
	assert_string_equal(text.s, want);
	assert_int_equal(drive->err.code, code);
	str_release(&text);
}

static void title_is(const struct drive *drive, const char *want)
{
	struct str text;

	assert_int_equal(drive->step, STEP_REQUEST);
	assert_int_equal(drive->request.kind, REQUEST_DNS);
	str_init(&text, 0);
	msg_format(&drive->request.title, NULL, &text);
	assert_string_equal(text.s, want);
	str_release(&text);
}

/* What was asked, in words and on the wire; signed with our key. */
static void asked_is(const struct drive *drive, const char *shown, const char *question)
{
	ldns_pkt *packet = NULL;
	char *text;

	assert_int_equal(drive->step, STEP_REQUEST);
	assert_string_equal(drive->request.path, shown);
	assert_int_equal(ldns_wire2pkt(&packet, (const uint8_t *)drive->request.dns.s, drive->request.dns.len), LDNS_STATUS_OK);
	text = ldns_rr_list2str(ldns_pkt_question(packet));
	assert_string_equal(text, question);
	assert_true(ldns_pkt_tsig_verify(packet, (const uint8_t *)drive->request.dns.s, drive->request.dns.len, "mx-key.", SECRET, NULL));
	assert_int_equal(drive->request.signature.len, 32);
	free(text);
	ldns_pkt_free(packet);
}

/* ---- the server ---- */

struct said {
	int rcode;
	bool not_aa;
	const char *answer, *authority; /* zone text, a line a record */
	enum { SIGNED, UNSIGNED, FORGED, BAD_KEY, BAD_SIG, BAD_TIME } manner;
};

static void push_records(ldns_pkt *packet, ldns_pkt_section section, const char *lines)
{
	char copy[1024], *rest = NULL;

	snprintf(copy, sizeof copy, "%s", lines ? lines : "");
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		ldns_rr *rr = NULL;

		assert_int_equal(ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL), LDNS_STATUS_OK);
		ldns_pkt_push_rr(packet, section, rr);
	}
}

static void add_number(struct str *out, uint64_t value, unsigned int bytes)
{
	while (bytes--)
		str_add_char(out, (char)(value >> 8 * bytes & 0xff));
}

#define KEY_WIRE "\6mx-key"
#define ALGORITHM_WIRE "\13hmac-sha256"

/* RFC 8945: the question's MAC, the message, the variables. */
static void sign(struct str *message, const struct str *asked, const struct said *said)
{
	uint8_t sum[DIGEST_MAX] = { 0 };
	struct str text, key;
	unsigned int error = said->manner == BAD_KEY ? 17 : said->manner == BAD_SIG ? 16 : said->manner == BAD_TIME ? 18 : 0;
	size_t len = 0, n_other = said->manner == BAD_TIME ? 6 : 0;

	str_init(&text, 0);
	str_init(&key, 0);
	add_number(&text, asked->len, 2);
	str_add_bytes(&text, asked->s, asked->len);
	str_add_bytes(&text, message->s, message->len);
	str_add_bytes(&text, KEY_WIRE "\0\0\xff\0\0\0\0" ALGORITHM_WIRE, 8 + 6 + 13);
	add_number(&text, NOW, 6);
	add_number(&text, 300, 2);
	add_number(&text, error, 2);
	add_number(&text, n_other, 2);
	if (n_other)
		add_number(&text, NOW + 86400, 6);
	assert_true(base64_decode(&key, SECRET));
	if (said->manner != BAD_KEY && said->manner != BAD_SIG)
		len = digest_hmac(DIGEST_SHA256, (struct bytes){ key.s, key.len }, (struct bytes){ text.s, text.len }, sum);
	sum[5] ^= said->manner == FORGED;
	message->s[11]++;
	str_add_bytes(message, KEY_WIRE "\0\0\xfa\0\xff\0\0\0\0", 8 + 8);
	add_number(message, 13 + 16 + len + n_other, 2);
	str_add_bytes(message, ALGORITHM_WIRE, 13);
	add_number(message, NOW, 6);
	add_number(message, 300, 2);
	add_number(message, len, 2);
	str_add_bytes(message, sum, len);
	str_add_bytes(message, message->s, 2);
	add_number(message, error, 2);
	add_number(message, n_other, 2);
	if (n_other)
		add_number(message, NOW + 86400, 6);
	str_release(&text);
	str_release(&key);
}

/* The answer to drive's request, and the next step. */
static void say(struct drive *drive, const struct said *said)
{
	ldns_pkt *asked = NULL, *packet = ldns_pkt_new();
	struct reply reply = { .account = &drive->account, .now = NOW };
	struct str message, signature;
	uint8_t *wire = NULL;
	size_t len = 0;

	assert_int_equal(drive->step, STEP_REQUEST);
	assert_int_equal(ldns_wire2pkt(&asked, (const uint8_t *)drive->request.dns.s, drive->request.dns.len), LDNS_STATUS_OK);
	ldns_pkt_set_id(packet, ldns_pkt_id(asked));
	ldns_pkt_set_qr(packet, true);
	ldns_pkt_set_aa(packet, !said->not_aa);
	ldns_pkt_set_opcode(packet, ldns_pkt_get_opcode(asked));
	ldns_pkt_set_rcode(packet, (uint8_t)said->rcode);
	ldns_pkt_push_rr(packet, LDNS_SECTION_QUESTION, ldns_rr_clone(ldns_rr_list_rr(ldns_pkt_question(asked), 0)));
	push_records(packet, LDNS_SECTION_ANSWER, said->answer);
	push_records(packet, LDNS_SECTION_AUTHORITY, said->authority);
	assert_int_equal(ldns_pkt2wire(&wire, packet, &len), LDNS_STATUS_OK);
	str_init(&message, 0);
	str_add_bytes(&message, wire, len);
	str_init(&signature, 0);
	str_add_bytes(&signature, drive->request.signature.s, drive->request.signature.len);
	if (said->manner != UNSIGNED)
		sign(&message, &signature, said);
	request_release(&drive->request);
	request_init(&drive->request);
	reply.content = message.s;
	reply.content_len = message.len;
	reply.signature = &signature;
	drive_step(drive, &reply);
	free(wire);
	ldns_pkt_free(asked);
	ldns_pkt_free(packet);
	str_release(&message);
	str_release(&signature);
}

#define SOA(zone) zone ". 7200 IN SOA ns1." zone ". hostmaster." zone ". 2026010101 3600 900 604800 300\n"
#define NS "exempel.com. 3600 IN NS ns1.exempel.com.\nexempel.com. 3600 IN NS ns2.exempel.net.\n"

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
	say(&drive, &(struct said){ .answer = NS, .authority = SOA("exempel.com") });
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
	static const char *const named[] = { "key_name", "mx-key", "zone", "exempel.com", NULL };
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

/* ---- the set ---- */

static void read__takes__the_names_own_records(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_READ, "exempel.com", NULL);
	drive_have(&drive, "60 1 old.example"); /* of an earlier read */
	drive_ask(&drive);
	title_is(&drive, "read the MX set of exempel.com");
	asked_is(&drive, "exempel.com. MX\n", "exempel.com.\tIN\tMX\n");
	assert_false(drive.request.writes);
	say(&drive, &(struct said){ .answer = "Exempel.com. 600 IN MX 10 Mx1.exempel.com.\nexempel.com. 600 IN MX 20 mx2.exempel.net.\n"
					      "exempel.net. 60 IN MX 5 foreign.example.\n",
			    .authority = "exempel.com. 600 IN MX 1 none.example.\n" });
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "600 10 mx1.exempel.com 20 mx2.exempel.net");
	assert_string_equal(drive.run.have.mark, "");
	drive_end(&drive);
	begin(&drive, GOAL_READ, "tom.exempel.com", NULL);
	drive_ask(&drive);
	say(&drive, &(struct said){ .rcode = 3, .authority = SOA("exempel.com") });
	assert_int_equal(drive.step, STEP_DONE);
	assert_int_equal(drive.run.have.n, 0);
	assert_string_equal(drive.run.have.mark, "2026010101");
	drive_end(&drive);
	begin(&drive, GOAL_READ, "leer.exempel.com", NULL);
	drive_ask(&drive);
	say(&drive, &(struct said){ .answer = "leer.exempel.com. 60 IN MX 0 .\n" });
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "60 0 .");
	drive_end(&drive);
}

static void read__refuses__an_alias_and_anothers_zone(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_READ, "www.exempel.com", NULL);
	drive_ask(&drive);
	say(&drive, &(struct said){ .answer = "www.exempel.com. 60 IN CNAME exempel.com.\nexempel.com. 60 IN MX 10 mx1.exempel.com.\n" });
	err_is(&drive, ERR_REFUSED, "www.exempel.com is an alias: no MX record can stand beside it");
	drive_end(&drive);
	begin(&drive, GOAL_READ, "exempel.com", NULL);
	drive_ask(&drive);
	say(&drive, &(struct said){ .not_aa = true, .answer = "exempel.com. 60 IN MX 10 mx1.exempel.com.\n" });
	err_is(&drive, ERR_REFUSED, "the name server " SERVER " (account lab) answers, but the zone is not its own");
	assert_int_equal(drive.run.have.n, 0);
	drive_end(&drive);
}

static void begin_write(struct drive *drive, const char *have, const char *want)
{
	begin(drive, GOAL_WRITE, "post.exempel.com", NULL);
	drive_zone(drive, "exempel.com", NULL);
	drive_have(drive, have);
	drive_set(&drive->run.want, want);
	drive_ask(drive);
}

static void write__is__one_update_that_compares(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin_write(&drive, "60 10 mx1.exempel.com", "300 20 mx2.exempel.com");
	title_is(&drive, "replace the MX set of post.exempel.com, where it is still the old one");
	assert_true(drive.request.writes);
	asked_is(&drive,
		"zone exempel.com.\nprereq nxrrset post.exempel.com. CNAME\nprereq yxrrset post.exempel.com. MX 10 mx1.exempel.com.\n"
		"update delete post.exempel.com. MX\nupdate add post.exempel.com. 300 MX 20 mx2.exempel.com.\n",
		"exempel.com.\tIN\tSOA\n");
	say(&drive, &(struct said){ .rcode = 0 });
	assert_int_equal(drive.step, STEP_DONE);
	assert_true(drive.run.wrote);
	drive_end(&drive);
}

static void write__says__why_not(void **state)
{
	static const struct {
		int rcode;
		enum err_code code;
		const char *text;
	} cases[] = {
		{ 3, ERR_CONFLICT, "the name server " SERVER " (account lab) has another set than the change began from (NXDOMAIN)" },
		{ 6, ERR_CONFLICT, "the name server " SERVER " (account lab) has another set than the change began from (YXDOMAIN)" },
		{ 7, ERR_CONFLICT, "the name server " SERVER " (account lab) has another set than the change began from (YXRRSET)" },
		{ 8, ERR_CONFLICT, "the name server " SERVER " (account lab) has another set than the change began from (NXRRSET)" },
		{ 5, ERR_REFUSED,
			"the name server " SERVER " refused to change the MX records of post.exempel.com for the key mx-key (REFUSED)" },
		{ 9, ERR_REFUSED,
			"the name server " SERVER
			" (account lab) has no zone for post.exempel.com, or does not show it to the key (NOTAUTH)" },
		{ 10, ERR_REFUSED, "the name server " SERVER " (account lab) refused: NOTZONE" },
		{ 2, ERR_NETWORK, "the name server " SERVER " (account lab) failed: SERVFAIL" },
	};
	struct drive drive = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		begin_write(&drive, "60 10 mx1.exempel.com", "300 20 mx2.exempel.com");
		say(&drive, &(struct said){ .rcode = cases[i].rcode });
		err_is(&drive, cases[i].code, cases[i].text);
		assert_false(drive.run.wrote);
		drive_end(&drive);
	}
}

static void write__sends__nothing_where_it_need_not_or_cannot(void **state)
{
	struct reply foreseen = { .foreseen = true };
	struct drive drive = { 0 };

	(void)state;
	begin_write(&drive, "300 10 mx1.exempel.com", "300 10 mx1.exempel.com");
	assert_int_equal(drive.step, STEP_DONE);
	assert_false(drive.run.wrote);
	drive_end(&drive);
	begin_write(&drive, "300 10 mx1.exempel.com", "300 70000 mx1.exempel.com");
	err_is(&drive, ERR_REFUSED, "the set of post.exempel.com does not fit into a DNS message");
	drive_end(&drive);
	begin_write(&drive, "300 10 mx1.exempel.com", "2147483648 10 mx1.exempel.com");
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
	begin_write(&drive, "300 10 mx1.exempel.com", "0 0 .");
	drive_step(&drive, &foreseen);
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

/* What exec and push go by. */
static void judge__tells__what_an_answer_is_worth(void **state)
{
	struct verdict verdict;
	struct str none;
	struct drive drive = { 0 };
	struct reply reply = { .account = &drive.account, .content = "short", .content_len = 5, .signature = &none };

	(void)state;
	str_init(&none, 0);
	begin(&drive, GOAL_READ, "exempel.com", NULL);
	provider_judge(&drive.account, &reply, &verdict);
	assert_int_equal(verdict.meaning, MEANING_FAILED);
	assert_string_equal(verdict.sentence, "");
	str_release(&none);
	drive_end(&drive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones__asks__once_and_for_the_servers),
		cmocka_unit_test(zones__finds__the_zone_above),
		cmocka_unit_test(zones__says__that_there_is_none),
		cmocka_unit_test(zones__takes__the_zone_that_is_named),
		cmocka_unit_test(zones__comes_to_an_end__of_aliases),
		cmocka_unit_test(answers__count__where_the_key_signed_them),
		cmocka_unit_test(sign__refuses__what_is_no_key),
		cmocka_unit_test(verify__asks__for_what_is_known),
		cmocka_unit_test(read__takes__the_names_own_records),
		cmocka_unit_test(read__refuses__an_alias_and_anothers_zone),
		cmocka_unit_test(write__is__one_update_that_compares),
		cmocka_unit_test(write__says__why_not),
		cmocka_unit_test(write__sends__nothing_where_it_need_not_or_cannot),
		cmocka_unit_test(judge__tells__what_an_answer_is_worth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
