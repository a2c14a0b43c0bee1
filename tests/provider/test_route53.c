/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amazon Route 53 from bytes: what is asked, how its XML is read, what goes into a batch, what its answers mean. */
#include "drive.h"

static const char *const settings[] = { "key_id", "AKIDEXAMPLE", NULL };
static const char *const chosen[] = { "key_id", "AKIDEXAMPLE", "hosted_zone_id", "Z2", NULL };

#define HEAD "<?xml version=\"1.0\"?>\n"
#define ZONES(zones, more)                                                                                                                 \
	HEAD "<ListHostedZonesResponse xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><HostedZones>" zones "</HostedZones>" more  \
	     "<MaxItems>100</MaxItems></ListHostedZonesResponse>"
#define ZONE(id, name, private, comment)                                                                                                   \
	"<HostedZone><Id>" id "</Id><Name>" name "</Name><Config><Comment>" comment                                                        \
	"</Comment><PrivateZone>" private "</PrivateZone></Config></HostedZone>"
#define SETS(sets)                                                                                                                         \
	HEAD "<ListResourceRecordSetsResponse><ResourceRecordSets>" sets "</ResourceRecordSets><IsTruncated>false</IsTruncated>"           \
	     "</ListResourceRecordSetsResponse>"
#define SET(name, type, more) "<ResourceRecordSet><Name>" name "</Name><Type>" type "</Type>" more "</ResourceRecordSet>"
#define VALUES(ttl, values) "<TTL>" ttl "</TTL><ResourceRecords>" values "</ResourceRecords>"
#define VALUE(text) "<ResourceRecord><Value>" text "</Value></ResourceRecord>"

static void begin(struct drive *drive, enum provider_goal goal, const char *owner, const char *const *with)
{
	drive->settings = with ? with : settings;
	drive_begin(drive, "route53", goal, owner);
	drive_ask(drive);
}

static void begin_set(struct drive *drive, enum provider_goal goal, const char *have, const char *want)
{
	drive->settings = settings;
	drive_begin(drive, "route53", goal, "exempel.com");
	drive_zone(drive, "exempel.com", "Z1");
	drive->run.n_ns = 1;
	if (have)
		drive_have(drive, have);
	for (size_t i = 0; i < drive->run.have.n; i++)
		snprintf(drive->run.have.record[i].stored, 64, "%u  Old%zu.Exempel.com", (unsigned)drive->run.have.record[i].mx.preference,
			i);
	if (want)
		drive_set(&drive->run.want, want);
	drive_ask(drive);
}

static void requests__are__signed(void **state)
{
	struct drive drive = { 0 };
	struct str shown;

	(void)state;
	drive.settings = settings;
	drive_begin(&drive, "route53", GOAL_VERIFY, "exempel.com");
	drive.account.key = KEY "\nSESSION-TOKEN";
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/hostedzone?maxitems=1");
	str_init(&shown, 0);
	http_request_show(&drive.request.http, &shown);
	assert_string_equal(shown.s, "GET /hostedzone?maxitems=1\nAccept: application/xml\nX-Amz-Date: 20261123T104000Z\n"
				     "X-Amz-Security-Token: ***\nAuthorization: ***\n");
	assert_string_equal(drive.request.http.header[2].value, "SESSION-TOKEN");
	assert_non_null(strstr(drive.request.http.header[3].value, "Credential=AKIDEXAMPLE/20261123/us-east-1/route53/aws4_request, "
								   "SignedHeaders=accept;host;x-amz-date;x-amz-security-token"));
	str_release(&shown);
	drive_say(&drive, 200, ZONES("", "<IsTruncated>false</IsTruncated>")); /* a key without zones is a good key */
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

static void zones__are__the_public_ones(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_ZONES, "post.exempel.com", NULL);
	drive_expect(&drive, "GET", "/hostedzone?maxitems=100");
	drive_say(&drive, 200,
		ZONES(ZONE("/hostedzone/Z9", "exempel.com.", "true", "") ZONE("/hostedzone/Z3", "com.", "false", ""),
			"<IsTruncated>true</IsTruncated><NextMarker>Z4 +</NextMarker>"));
	drive_expect(&drive, "GET", "/hostedzone?maxitems=100&marker=Z4%20%2B");
	drive_say(&drive, 200,
		ZONES(ZONE("/hostedzone/Z1", "exempel.com.", "false", "") ZONE("elsewhere/Z5", "post.exempel.com.", "false", "") ZONE(
			      "/hostedzone/../Z6", "post.exempel.com.", "false", "") ZONE("/hostedzone/", "post.exempel.com.", "false", ""),
			""));
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.zone_id, "Z1");
	drive_end(&drive);
}

static void zones__of_one_name__are_told_apart(void **state)
{
	static const char two[] = ZONES(
		ZONE("/hostedzone/Z1", "exempel.com.", "false", "old") ZONE("/hostedzone/Z2", "exempel.com.", "false", "new one"), "");
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_ZONES, "exempel.com", NULL);
	drive_say(&drive, 200, two);
	drive_expect_failed(&drive, ERR_REFUSED);
	assert_string_equal(drive.err.what.arg[2], "Z1 (old); Z2 (new one)");
	drive_end(&drive);
	begin(&drive, GOAL_ZONES, "exempel.com", chosen);
	drive_say(&drive, 200, two);
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.zone_id, "Z2");
	drive_end(&drive);
}

static void read__takes__the_set_of_the_name(void **state)
{
	struct drive drive = { 0 };
	char text[DNAME_TEXT_MAX];

	(void)state;
	drive.settings = settings;
	drive_begin(&drive, "route53", GOAL_READ, "exempel.com");
	drive_zone(&drive, "exempel.com", "Z1");
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/hostedzone/Z1/rrset?maxitems=1&name=exempel.com.&type=NS");
	drive_say(&drive, 200, SETS(SET("exempel.com.", "NS", VALUES("172800", VALUE("ns-1.awsdns-1.org.") VALUE("ns-2.awsdns-2.com.")))));
	assert_int_equal(drive.run.n_ns, 2);
	assert_string_equal(dname_text(&drive.run.ns[0], text), "ns-1.awsdns-1.org");
	assert_string_equal(dname_text(&drive.run.ns[1], text), "ns-2.awsdns-2.com");
	drive_expect(&drive, "GET", "/hostedzone/Z1/rrset?maxitems=1&name=exempel.com.&type=MX");
	drive_say(&drive, 200, SETS(SET("exempel.com.", "MX", VALUES("3600", VALUE("10 Mx1.exempel.com") VALUE("20 mx2.exempel.net.")))));
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "3600 10 mx1.exempel.com 20 mx2.exempel.net");
	assert_string_equal(drive.run.have.record[0].stored, "10 Mx1.exempel.com");
	drive_end(&drive);
}

static void read__passes_over__what_comes_after(void **state)
{
	static const char *const others[] = { SETS(SET("exempel.com.", "NS", VALUES("60", VALUE("10 a.")))),
		SETS(SET("post.exempel.com.", "MX", VALUES("60", VALUE("10 a.")))), SETS(""),
		SETS(SET("post.exempel.com.", "MX", "<Weight>1</Weight>" VALUES("60", VALUE("10 a.")))),
		SETS(SET("exempel.com.", "NS", VALUES("60", VALUE("a."))) SET("post.exempel.com.", "MX", VALUES("60", VALUE("10 a.")))) };

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct drive drive = { 0 };

		begin_set(&drive, GOAL_READ, NULL, NULL);
		drive_say(&drive, 200, others[i]);
		assert_int_equal(drive.step, STEP_DONE);
		assert_int_equal(drive.run.have.n, 0);
		drive_end(&drive);
	}
}

static void read__knows__escaped_names(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive.settings = settings;
	drive_begin(&drive, "route53", GOAL_READ, "*.exempel.com");
	drive_zone(&drive, "exempel.com", "Z1");
	drive.run.n_ns = 1;
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/hostedzone/Z1/rrset?maxitems=1&name=%2A.exempel.com.&type=MX");
	drive_say(&drive, 200, SETS(SET("\\052.exempel.com.", "MX", VALUES("60", VALUE("10 mx1.exempel.com.")))));
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "60 10 mx1.exempel.com");
	drive_end(&drive);
	drive_begin(&drive, "route53", GOAL_READ, "\\229\\008.exempel.com");
	drive_zone(&drive, "exempel.com", "Z1");
	drive.run.n_ns = 1;
	drive_ask(&drive);
	drive_say(&drive, 200, SETS(SET("\\345\\010.exempel.com.", "MX", VALUES("60", VALUE("10 mx2.exempel.com.")))));
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "60 10 mx2.exempel.com");
	drive_end(&drive);
}

static void read__refuses__routing_policies(void **state)
{
	static const char *const policies[] = { "<SetIdentifier>a</SetIdentifier>", "<Weight>0</Weight>", "<Region>eu-north-1</Region>",
		"<Failover>PRIMARY</Failover>", "<GeoLocation><CountryCode>SE</CountryCode></GeoLocation>",
		"<MultiValueAnswer>true</MultiValueAnswer>", "<TrafficPolicyInstanceId>x</TrafficPolicyInstanceId>",
		"<AliasTarget><DNSName>a.</DNSName></AliasTarget>" };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof policies / sizeof *policies; i++) {
		struct drive drive = { 0 };
		char body[1024];

		begin_set(&drive, GOAL_READ, NULL, NULL);
		snprintf(body, sizeof body, SETS(SET("exempel.com.", "MX", "%s%s")), policies[i / 2],
			i % 2 ? VALUES("60", VALUE("10 a.")) : "");
		drive_say(&drive, 200, body);
		drive_expect_failed(&drive, ERR_REFUSED);
		assert_string_equal(drive.err.what.id, "the MX set of %s follows a routing policy at %s: change it there");
		assert_string_equal(drive.err.what.arg[0], "exempel.com");
		drive_end(&drive);
	}
}

#define BATCH(changes)                                                                                                                     \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ChangeResourceRecordSetsRequest "                                                    \
	"xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes>" changes                                           \
	"</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>\n"
#define CHANGE(action, ttl, values)                                                                                                        \
	"<Change><Action>" action "</Action><ResourceRecordSet><Name>exempel.com.</Name><Type>MX</Type><TTL>" ttl                          \
	"</TTL><ResourceRecords>" values "</ResourceRecords></ResourceRecordSet></Change>"

static void write__deletes__exactly_the_old_set(void **state)
{
	static const struct {
		const char *have, *want, *body;
	} cases[] = {
		{ "60 10 a.example 20 b.example", "300 5 mx3.exempel.com",
			BATCH(CHANGE("DELETE", "60", VALUE("10  Old0.Exempel.com") VALUE("20  Old1.Exempel.com"))
					CHANGE("CREATE", "300", VALUE("5 mx3.exempel.com."))) },
		{ NULL, "300 5 mx3.exempel.com 7 mx4.exempel.com",
			BATCH(CHANGE("CREATE", "300", VALUE("5 mx3.exempel.com.") VALUE("7 mx4.exempel.com."))) },
		{ "60 10 a.example", NULL, BATCH(CHANGE("DELETE", "60", VALUE("10  Old0.Exempel.com"))) },
		{ NULL, "0 0 .", BATCH(CHANGE("CREATE", "0", VALUE("0 ."))) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct drive drive = { 0 };

		begin_set(&drive, GOAL_WRITE, cases[i].have, cases[i].want);
		drive_expect(&drive, "POST", "/hostedzone/Z1/rrset/");
		assert_true(drive.request.writes);
		assert_string_equal(drive.request.http.body.s, cases[i].body);
		assert_string_equal(drive.request.http.header[1].name, "Content-Type");
		assert_string_equal(drive.request.http.header[1].value, "application/xml");
		drive_end(&drive);
	}
}

#define INFO(id, status)                                                                                                                   \
	HEAD "<ChangeResourceRecordSetsResponse><ChangeInfo><Id>" id "</Id><Status>" status "</Status></ChangeInfo>"                       \
	     "</ChangeResourceRecordSetsResponse>"

static void write__waits__until_it_is_in_sync(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin_set(&drive, GOAL_WRITE, NULL, "300 5 mx3.exempel.com");
	drive_say(&drive, 200, INFO("/change/C123", "PENDING"));
	drive_expect(&drive, "GET", "/change/C123");
	assert_int_equal(drive.request.wait_ms, 2000);
	assert_false(drive.request.writes);
	drive_say(&drive, 200, INFO("/change/C123", "PENDING"));
	drive_expect(&drive, "GET", "/change/C123");
	drive_say(&drive, 200, INFO("/change/C123", "INSYNC"));
	assert_int_equal(drive.step, STEP_DONE);
	assert_true(drive.run.wrote);
	drive_end(&drive);
}

static void answers__mean__what_their_code_says(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum meaning meaning;
	} cases[] = {
#define ERROR(code, message)                                                                                                               \
	HEAD "<ErrorResponse><Error><Type>Sender</Type><Code>" code "</Code><Message>" message "</Message></Error></ErrorResponse>"
		{ 400, ERROR("Throttling", "Rate exceeded"), MEANING_THROTTLED },
		{ 400, ERROR("ThrottlingException", "Rate exceeded"), MEANING_THROTTLED },
		{ 400, ERROR("PriorRequestNotComplete", "x"), MEANING_BUSY },
		{ 400, ERROR("InvalidChangeBatch", "[Tried to delete ... but it was not found]"), MEANING_STALE },
		{ 400, ERROR("InvalidChangeBatch", "[... but the values provided do not match the current values]"), MEANING_STALE },
		{ 400, ERROR("InvalidChangeBatch", "[Tried to create ... but it already exists]"), MEANING_STALE },
		{ 400,
			HEAD
			"<InvalidChangeBatch><Messages><Message>Tried to create but it already exists</Message></Messages></InvalidChangeBatch>",
			MEANING_STALE },
		{ 400, ERROR("InvalidChangeBatch", "[FATAL problem: UnsupportedCharacter]"), MEANING_REFUSED },
		{ 400, ERROR("InvalidInput", "what was not found"), MEANING_REFUSED },
		{ 400, "already exists", MEANING_REFUSED },
		{ 403, ERROR("SignatureDoesNotMatch", "x"), MEANING_AUTH },
		{ 404, ERROR("NoSuchHostedZone", "x"), MEANING_GONE },
		{ 500, ERROR("Throttling", "x"), MEANING_FAILED },
		{ 200, ERROR("Throttling", "x"), MEANING_ACCEPTED },
	};
	struct drive drive = { 0 };

	(void)state;
	begin_set(&drive, GOAL_READ, NULL, NULL);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		drive_judge(&drive, cases[i].status, cases[i].body, cases[i].meaning);
	drive_end(&drive);
}

static void refusals__are__told_in_the_vendors_words(void **state)
{
	static const char *const bodies[] = { ERROR("InvalidInput", "no such thing"),
		HEAD "<InvalidChangeBatch><Messages><Message>no such thing</Message></Messages></InvalidChangeBatch>",
		HEAD "<InvalidChangeBatch><Messages><Message>no such thing</Message><Message>x</Message></Messages></InvalidChangeBatch>" };

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct drive drive = { 0 };

		begin_set(&drive, GOAL_WRITE, NULL, "300 5 mx3.exempel.com");
		drive_say(&drive, 400, bodies[i]);
		drive_expect_failed(&drive, ERR_REFUSED);
		assert_string_equal(drive.err.what.arg[2], "no such thing");
		drive_end(&drive);
	}
}

static void row__says__what_the_vendor_can(void **state)
{
	const struct provider *row = provider_find("route53");

	(void)state;
	assert_int_equal(row->caps, CAP_ATOMIC_SET | CAP_NULL_MX | CAP_COMPARE);
	assert_int_equal(row->limits.ttl_min_s, 0);
	assert_int_equal(row->limits.ttl_max_s, 2147483647);
	assert_int_equal(row->settle_s, 5);
	assert_int_equal(row->in_flight, 4);
	assert_int_equal(row->key_lines, 2);
	assert_int_equal(row->pace[0].most, 5);
	assert_int_equal(row->pace[0].within_s, 1);
	assert_false(row->pace[0].writes || row->pace[0].zone);
	assert_int_equal(row->pace[1].most, 0);
	assert_string_equal(row->endpoint, "https://route53.amazonaws.com/2013-04-01");
	assert_string_equal(row->settings[1].standard, "us-east-1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(row__says__what_the_vendor_can),
		cmocka_unit_test(requests__are__signed),
		cmocka_unit_test(zones__are__the_public_ones),
		cmocka_unit_test(zones__of_one_name__are_told_apart),
		cmocka_unit_test(read__takes__the_set_of_the_name),
		cmocka_unit_test(read__passes_over__what_comes_after),
		cmocka_unit_test(read__knows__escaped_names),
		cmocka_unit_test(read__refuses__routing_policies),
		cmocka_unit_test(write__deletes__exactly_the_old_set),
		cmocka_unit_test(write__waits__until_it_is_in_sync),
		cmocka_unit_test(answers__mean__what_their_code_says),
		cmocka_unit_test(refusals__are__told_in_the_vendors_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
