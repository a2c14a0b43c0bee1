/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a survey finds of a domain beside its MX set, in worlds of zone text; what is in no zone was not asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/survey.h"
#include "../core/names.h"

#define SOA "@ SOA ns hostmaster 1 3600 900 604800 300\n"

static struct app app;
static struct facts facts;

static int open_world(void **state)
{
	struct app_options options = { .demo = true };

	(void)state;
	unsetenv("XDG_CONFIG_HOME");
	assert_true(app_open(&app, &options, NULL));
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	facts_release(&facts);
	app_close(&app);
	return 0;
}

static enum answer dmarc;     /* the first that was told */
static unsigned seen_address; /* all that were told */
static struct survey *running;
static bool lost; /* the zone's own records were asked for, and nobody was said to look for them */

static void moved(void *data, bool finished)
{
	(void)data;
	(void)finished;
	seen_address |= 1u << facts.sts.address;
	lost |= facts.zone.len && facts.child_ns == ANSWER_PENDING && !survey_finding(running, NEEDS_ZONE);
	if (dmarc == ANSWER_PENDING)
		dmarc = facts.dmarc.txt;
}

static void add_zone(const char *origin, const char *records)
{
	char text[4096];

	snprintf(text, sizeof(text), "$ORIGIN %s.\n$TTL 3600\n" SOA "%s", origin, records);
	assert_true(zoneworld_add(app.world, origin, text, strlen(text), NULL));
}

/* A world of this one zone, or of two. */
static void world(const char *records, const char *other, const char *other_records)
{
	zoneworld_free(app.world);
	app.world = zoneworld_new();
	add_zone("exempel.com", records);
	if (other)
		add_zone(other, other_records);
}

static struct survey *begin(const char *domain, unsigned needs)
{
	struct dname name;

	seen_address = 0;
	facts_release(&facts);
	assert_true(dname_parse(&name, domain, NULL));
	facts_init(&facts, &name);
	running = survey_start(&app, &(struct survey_want){ &facts, NULL, needs }, moved, NULL);
	return running;
}

static void look(const char *domain, unsigned needs)
{
	struct survey *survey = begin(domain, needs);

	survey_wait(&app, survey, 5000);
	assert_false(survey_running(survey));
	assert_false(survey_finding(survey, ~0u) || survey_finding_dane(survey));
	assert_false(lost);
	assert_string_equal(facts.source_name, "demo");
	survey_free(survey);
}

#define MX "@ MX 10 mx1\nmx1 A 192.0.2.1\n"

/* Nothing is asked that nobody needs. */
static void survey__asks__what_is_needed(void **state)
{
	static const unsigned bits[] = { NEEDS_HOSTS, NEEDS_PTR, NEEDS_TLSA, NEEDS_STS_TXT, NEEDS_TLSRPT, NEEDS_SPF, NEEDS_DMARC,
		NEEDS_TARGET_ZONES };
	const struct dname host = name_of("mx1.exempel.com");

	(void)state;
	world(MX, "2.0.192.in-addr.arpa", "1 PTR mx1.exempel.com.\n");
	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		const struct host_facts *row;

		look("exempel.com", bits[i]);
		row = facts_host(&facts, &host);
		assert_non_null(row);
		assert_int_equal(row->a, bits[i] == NEEDS_HOSTS || bits[i] == NEEDS_PTR ? ANSWER_DATA : ANSWER_UNASKED);
		assert_int_equal(facts.n_ptr, bits[i] == NEEDS_PTR);
		assert_int_equal(facts.n_tlsa, bits[i] == NEEDS_TLSA);
		assert_int_equal(facts.sts.txt, bits[i] == NEEDS_STS_TXT ? ANSWER_NXDOMAIN : ANSWER_UNASKED);
		assert_int_equal(facts.tlsrpt.txt, bits[i] == NEEDS_TLSRPT ? ANSWER_NXDOMAIN : ANSWER_UNASKED);
		assert_int_equal(facts.spf.txt, bits[i] == NEEDS_SPF ? ANSWER_NODATA : ANSWER_UNASKED);
		assert_int_equal(facts.n_server, 0);
		assert_int_equal(facts.asked & bits[i], bits[i]);
	}
}

static enum answer waits(bool asked)
{
	return asked ? ANSWER_PENDING : ANSWER_UNASKED;
}

/* Before the first answer. */
static void survey__says__what_is_asked(void **state)
{
	static const unsigned bits[] = { NEEDS_MX, NEEDS_PARENT, NEEDS_STS_TXT, NEEDS_TLSRPT, NEEDS_SPF, NEEDS_DMARC };

	(void)state;
	world(MX, NULL, NULL);
	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		survey_free(begin("exempel.com", bits[i]));
		assert_int_equal(facts.mx, ANSWER_PENDING);
		assert_int_equal(facts.cached.mx, ANSWER_PENDING);
		assert_int_equal(facts.child_ns, ANSWER_PENDING);
		assert_int_equal(facts.parent_ns, ANSWER_PENDING);
		assert_int_equal(facts.sts.txt, waits(bits[i] == NEEDS_STS_TXT));
		assert_int_equal(facts.tlsrpt.txt, waits(bits[i] == NEEDS_TLSRPT));
		assert_int_equal(facts.spf.txt, waits(bits[i] == NEEDS_SPF));
		assert_int_equal(facts.dmarc.txt, waits(bits[i] == NEEDS_DMARC));
		assert_int_equal(facts.ds.ds, ANSWER_UNASKED);
	}
}

/* "PTR COUNT MORE BACK" of an address. */
static void pointer(const char *address, const char *wanted)
{
	const struct ptr_facts *row;
	struct addr addr;
	char text[64];

	assert_true(addr_parse(&addr, address));
	row = facts_ptr(&facts, &addr);
	assert_non_null(row);
	snprintf(text, sizeof(text), "%s %zu %zu %d", answer_name(row->ptr), row->n, row->more, row->back);
	assert_string_equal(text, wanted);
}

static void ptr__leads_back__or_not(void **state)
{
	(void)state;
	world("@ MX 10 mx\nmx A 192.0.2.1\nmx A 192.0.2.2\nmx A 192.0.2.3\nmx A 192.0.2.4\nmx A 192.0.2.5\nmx A 192.0.2.6\nmx A 198.51.100.1\n"
	      "mx AAAA 2001:db8::1\nother A 192.0.2.2\nfour A 192.0.2.9\n",
		"2.0.192.in-addr.arpa",
		"1 PTR mx.exempel.com.\n2 PTR gone.exempel.com.\n2 PTR other.exempel.com.\n3 PTR four.exempel.com.\n4 CNAME 4.sub\n"
		"4.sub PTR mx.exempel.com.\n5 PTR unknown.example.\n6 PTR a.exempel.com.\n6 PTR b.exempel.com.\n6 PTR c.exempel.com.\n"
		"6 PTR d.exempel.com.\n6 PTR e.exempel.com.\n");
	add_zone("8.b.d.0.1.0.0.2.ip6.arpa", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR mx.exempel.com.\n");
	look("exempel.com", NEEDS_PTR);
	pointer("192.0.2.1", "answered 1 0 2");
	pointer("192.0.2.2", "answered 2 0 2");
	pointer("192.0.2.3", "answered 1 0 1");
	pointer("192.0.2.4", "answered 1 0 2"); /* RFC 2317 */
	pointer("192.0.2.5", "answered 1 0 0"); /* in no zone: nobody was asked */
	pointer("192.0.2.6", "answered 4 1 0"); /* the one that is not kept may lead back */
	pointer("198.51.100.1", "not asked 0 0 0");
	pointer("2001:db8::1", "answered 1 0 2");
	assert_int_equal(facts.n_ptr, 8);
}

static void tlsa__of_each_host(void **state)
{
	const struct dname one = name_of("mx1.exempel.com"), two = name_of("mx2.exempel.com"), three = name_of("mx.example");
	const struct tlsa_facts *row;
	char text[DNAME_TEXT_MAX];

	(void)state;
	world("@ MX 10 mx1\n@ MX 20 mx2\n@ MX 30 mx.example.\nmx1 A 192.0.2.1\nmx2 A 192.0.2.2\n_25._tcp.mx1 CNAME tlsa.exempel.net.\n",
		"exempel.net", "tlsa TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\ntlsa TLSA 2 0 2 abcd\n");
	look("exempel.com", NEEDS_TLSA);
	row = facts_tlsa(&facts, &one);
	assert_int_equal(row->answer, ANSWER_DATA);
	assert_string_equal(dname_text(&row->owner, text), "tlsa.exempel.net");
	assert_int_equal(row->n, 2);
	assert_false(row->ttl_known); /* behind an alias */
	assert_int_equal(row->ttl_s, 3600);
	assert_int_equal(row->tlsa[0].usage << 8 | row->tlsa[0].selector << 4 | row->tlsa[0].matching, 0x311);
	assert_int_equal(row->tlsa[0].len, 32);
	assert_int_equal(row->tlsa[0].data[31], 0xff);
	assert_int_equal(row->tlsa[1].usage << 4 | row->tlsa[1].len, 0x22);
	assert_int_equal(row->dnssec, DNSSEC_UNCHECKED);
	assert_int_equal(row->host_dnssec, DNSSEC_UNCHECKED);
	assert_int_equal(facts_tlsa(&facts, &two)->answer, ANSWER_NXDOMAIN);
	assert_int_equal(facts_tlsa(&facts, &three)->answer, ANSWER_UNASKED);
}

/* Of an alias they are looked for at its end too, and count there (RFC 7672 section 2.2.3). */
static void tlsa__of_an_alias__is_that_at_its_end(void **state)
{
#define HASH " 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
	static const char *const hosts[] = { "m1.exempel.com", "m2.exempel.com", "m3.exempel.com", "m4.exempel.com" };
	static const unsigned usage[] = { 3, 3, 2, 0 };

	(void)state;
	world("@ MX 1 m1\n@ MX 2 m2\n@ MX 3 m3\n@ MX 4 m4\nm1 CNAME r1.exempel.net.\nm2 CNAME r2.exempel.net.\nm3 CNAME r3.exempel.net.\n"
	      "m4 CNAME r3.exempel.net.\n_25._tcp.m2 TLSA 2" HASH "_25._tcp.m3 TLSA 2" HASH,
		"exempel.net", "r1 A 192.0.2.1\nr2 A 192.0.2.2\nr3 A 192.0.2.3\n_25._tcp.r1 TLSA 3" HASH "_25._tcp.r2 TLSA 3" HASH);
	look("exempel.com", NEEDS_TLSA | NEEDS_HOSTS);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		const struct dname host = name_of(hosts[i]);
		const struct tlsa_facts *row = facts_tlsa(&facts, &host);

		assert_int_equal(row->end, i < 2 ? ANSWER_DATA : ANSWER_NXDOMAIN);
		assert_int_equal(row->answer == ANSWER_DATA ? row->tlsa[0].usage : 0, usage[i]);
	}
}

static void sts__record__and_its_host(void **state)
{
	static const struct {
		const char *records;
		enum answer txt;
		size_t n_record;
		bool valid;
		const char *id;
		enum answer address;
	} rows[] = {
		{ "", ANSWER_NXDOMAIN, 0, false, "", ANSWER_UNASKED },
		{ "_mta-sts TXT \"v=STSv1; id=1;\"\nmta-sts A 192.0.2.7\n", ANSWER_DATA, 1, true, "1", ANSWER_DATA },
		{ "_mta-sts TXT \"v=STSv1; id=1;\"\nmta-sts AAAA 2001:db8::7\n", ANSWER_DATA, 1, true, "1", ANSWER_DATA },
		{ "_mta-sts TXT \"v=STSv1; id=1;\"\nmta-sts TXT x\n", ANSWER_DATA, 1, true, "1", ANSWER_NODATA },
		{ "_mta-sts TXT \"v=STSv1; id=1;\"\n", ANSWER_DATA, 1, true, "1", ANSWER_NXDOMAIN },
		{ "_mta-sts TXT \"v=STS\" \"v1; id=1;\"\nmta-sts CNAME www.example.\n", ANSWER_DATA, 1, true, "1", ANSWER_UNASKED },
		{ "_mta-sts TXT \"v=STSv1; id=1;\"\n_mta-sts TXT \"v=STSv1; id=2;\"\n", ANSWER_DATA, 2, false, "2", ANSWER_NXDOMAIN },
		{ "_mta-sts TXT \"v=STSv1;\"\n", ANSWER_DATA, 1, false, "", ANSWER_NXDOMAIN },
		{ "_mta-sts TXT \"other\"\n", ANSWER_DATA, 0, false, "", ANSWER_UNASKED },
		{ "* TXT \"v=spf1 -all\"\n", ANSWER_DATA, 0, false, "", ANSWER_UNASKED },
		{ "_mta-sts CNAME sts\nsts TXT \"v=STSv1; id=3\"\n", ANSWER_DATA, 1, true, "3", ANSWER_NXDOMAIN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		world(rows[i].records, NULL, NULL);
		look("exempel.com", NEEDS_STS_POLICY);
		assert_int_equal(facts.sts.txt, rows[i].txt);
		assert_int_equal(facts.sts.n_record, rows[i].n_record);
		assert_int_equal(facts.sts.txt_valid, rows[i].valid);
		assert_string_equal(facts.sts.id, rows[i].id);
		assert_int_equal(facts.sts.address, rows[i].address);
		assert_int_equal(seen_address >> ANSWER_PENDING & 1, rows[i].n_record > 0);
		/* a zone file has no policy, but it tells where none can be */
		assert_int_equal(facts.sts.fetch,
			rows[i].address == ANSWER_NODATA || rows[i].address == ANSWER_NXDOMAIN ? STS_FETCH_NO_ADDRESS : STS_FETCH_UNASKED);
	}
}

/* Behind an alias it is the alias's place that changes, and its TTL is not all that caches go by. */
static void sts__record__tells_where_it_stands_and_for_how_long(void **state)
{
	static const struct {
		const char *records, *owner;
		bool ttl_known;
	} rows[] = {
		{ "_mta-sts 300 TXT \"v=STSv1; id=1;\"\n", "_mta-sts.exempel.com", true },
		{ "_mta-sts 60 CNAME sts\nsts 300 TXT \"v=STSv1; id=3\"\n", "sts.exempel.com", false },
	};
	char owner[DNAME_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		world(rows[i].records, NULL, NULL);
		look("exempel.com", NEEDS_STS_TXT);
		assert_string_equal(dname_text(&facts.sts.owner, owner), rows[i].owner);
		assert_int_equal(facts.sts.ttl_known, rows[i].ttl_known);
		assert_int_equal(facts.sts.ttl_s, 300);
	}
}

static void tlsrpt__record(void **state)
{
	(void)state;
	world("_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:r@exempel.com\"\n_smtp._tls TXT other\n", NULL, NULL);
	look("exempel.com", NEEDS_TLSRPT);
	assert_int_equal(facts.tlsrpt.n_record, 1);
	assert_true(facts.tlsrpt.valid);
	assert_string_equal(facts.tlsrpt.rua, "mailto:r@exempel.com");
	world("_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:r@exempel.com\"\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:s@exempel.com\"\n", NULL,
		NULL);
	look("exempel.com", NEEDS_TLSRPT);
	assert_int_equal(facts.tlsrpt.n_record, 2);
	assert_false(facts.tlsrpt.valid);
}

/* A final dot was left out, or a panel put the zone's name behind a whole name. Records of another kind are none, as a wildcard makes them.
 */
static void doubled__names__are_looked_for(void **state)
{
	static const char records[] = "_dmarc.exempel.com TXT \"v=DMARC1; p=none\"\n_mta-sts.exempel.com TXT \"v=STSv1; id=1\"\n"
				      "_smtp._tls.exempel.com TXT \"v=TLSRPTv1; rua=mailto:r@exempel.com\"\n";
	static const char *const at[] = { "_dmarc.exempel.com.exempel.com", "_mta-sts.exempel.com.exempel.com",
		"_smtp._tls.exempel.com.exempel.com" };
	char text[DNAME_TEXT_MAX];

	(void)state;
	world(records, NULL, NULL);
	look("exempel.com", NEEDS_DMARC | NEEDS_STS_TXT | NEEDS_TLSRPT);
	for (size_t i = 0; i < DOUBLED_KINDS; i++)
		assert_string_equal(dname_text(&facts.doubled[i], text), at[i]);
	assert_int_equal(facts.dmarc.n_record + facts.sts.n_record + facts.tlsrpt.n_record, 0);
	world("_dmarc TXT \"v=DMARC1; p=none\"\n_dmarc.exempel.com TXT \"v=DMARC1; p=none\"\n", NULL, NULL); /* both */
	look("exempel.com", NEEDS_DMARC);
	assert_int_equal(facts.doubled[DOUBLED_DMARC].len, 0);
}

static void dmarc__by_tree_walk(void **state)
{
	char text[DNAME_TEXT_MAX];

	(void)state;
	world("_dmarc TXT \"v=DMARC1; p=reject; sp=quarantine\"\nsub A 192.0.2.1\n", "com", "_dmarc TXT other\n");
	dmarc = ANSWER_PENDING;
	look("sub.exempel.com", NEEDS_DMARC);
	assert_int_equal(facts.dmarc.txt, ANSWER_DATA);
	assert_int_equal(dmarc, ANSWER_DATA); /* nothing else before */
	assert_string_equal(dname_text(&facts.dmarc.at, text), "exempel.com");
	assert_int_equal(facts.dmarc.policy, DMARC_QUARANTINE);
	look("exempel.com", NEEDS_DMARC);
	assert_int_equal(facts.dmarc.policy, DMARC_REJECT);
	/* of two records neither counts */
	world("_dmarc TXT \"v=DMARC1; p=reject\"\n_dmarc TXT \"v=DMARC1; p=none\"\n", "com", "_dmarc TXT other\n");
	look("exempel.com", NEEDS_DMARC);
	assert_int_equal(facts.dmarc.n_record, 2);
	assert_false(facts.dmarc.valid);
	/* without the zone above nobody knows what it has, but the domain's own record counts whatever that is */
	world("_dmarc TXT \"v=DMARC1; p=reject\"\nsub A 192.0.2.1\n", NULL, NULL);
	look("exempel.com", NEEDS_DMARC);
	assert_int_equal(facts.dmarc.policy, DMARC_REJECT);
	look("sub.exempel.com", NEEDS_DMARC);
	assert_int_equal(facts.dmarc.txt, ANSWER_UNASKED);
}

/* What means to be a policy, and is none, or stands where nobody looks. */
static void texts__that_nobody_reads(void **state)
{
	static const struct {
		const char *text;
		bool spf, dmarc, apart;
	} rows[] = {
		{ "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=none\"\n", false, false, false },
		{ "@ TXT \"v=spf1mx -all\"\n_dmarc TXT \"v=DMARC1 p=none\"\n", true, true, false },
		{ "@ TXT \"v=DMARC1; p=none\"\n_dmarc TXT other\n", false, false, true },
		{ "* TXT \"v=spf1 -all\"\n@ TXT other\n", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		world(rows[i].text, "com", "_dmarc TXT other\n");
		look("exempel.com", NEEDS_DMARC | NEEDS_SPF);
		assert_int_equal(facts.spf.nearly, rows[i].spf);
		assert_int_equal(facts.dmarc.nearly, rows[i].dmarc);
		assert_int_equal(facts.spf.holds_dmarc, rows[i].apart);
	}
	world("@ 300 TXT \"v=spf1 -all\"\n", NULL, NULL);
	look("exempel.com", NEEDS_SPF);
	assert_true(facts.spf.ttl_known);
	assert_int_equal(facts.spf.ttl_s, 300);
}

static void ds__from_the_parents_zone_alone(void **state)
{
	(void)state;
	world(MX, NULL, NULL);
	look("exempel.com", NEEDS_DS);
	assert_int_equal(facts.ds.ds, ANSWER_UNASKED);
	world(MX, "com", "exempel NS ns.exempel\n");
	look("exempel.com", NEEDS_DS);
	assert_int_equal(facts.ds.ds, ANSWER_NODATA);
	world(MX, "com",
		"exempel NS ns.exempel\nexempel DS 1 5 1 00112233445566778899aabbccddeeff00112233\n"
		"exempel DS 2 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n");
	look("exempel.com", NEEDS_DS);
	assert_int_equal(facts.ds.ds, ANSWER_DATA);
	assert_int_equal(facts.ds.n, 2);
	assert_int_equal(facts.ds.record[0].key_tag + facts.ds.record[1].key_tag, 3);
	assert_int_equal(facts.ds.record[0].algorithm + facts.ds.record[1].algorithm, 18);
	look("exempel.com", NEEDS_PARENT);
	assert_int_equal(facts.ds.ds, ANSWER_UNASKED);
}

/* Below a name of 250 octets nothing can stand that is a label longer: it does not exist, and nobody is asked. */
static void names__that_cannot_be__are_not_asked(void **state)
{
	char label[64], domain[256];
	struct str host;

	(void)state;
	memset(label, 'a', sizeof(label) - 1);
	label[sizeof(label) - 1] = '\0';
	str_init(&host, 0);
	str_addf(&host, "%s.%s.%s.%.48s.exempel.com", label, label, label, label);
	snprintf(domain, sizeof(domain), "%s", host.s);
	world("@ TXT x\n", NULL, NULL);
	look(domain, NEEDS_STS_POLICY | NEEDS_TLSRPT);
	assert_int_equal(facts.sts.txt, ANSWER_NXDOMAIN);
	assert_int_equal(facts.sts.address, ANSWER_UNASKED);
	assert_int_equal(facts.tlsrpt.txt, ANSWER_NXDOMAIN);
	/* the walk for DMARC begins further up then */
	world("_dmarc TXT \"v=DMARC1; p=reject\"\n", "com", "_dmarc TXT other\n");
	look(domain, NEEDS_DMARC);
	assert_int_equal(facts.dmarc.txt, ANSWER_DATA);
	assert_int_equal(facts.dmarc.policy, DMARC_REJECT);
	/* the longest name that can be: 255 bytes with its lengths */
	str_clear(&host);
	str_addf(&host, "_mta-sts.%s.%s.%s.%.40s TXT \"v=STSv1; id=1\"\n", label, label, label, label);
	world(host.s, NULL, NULL);
	str_clear(&host);
	str_addf(&host, "%s.%s.%s.%.40s.exempel.com", label, label, label, label);
	look(host.s, NEEDS_STS_TXT);
	assert_int_equal(facts.sts.txt, ANSWER_DATA);
	str_clear(&host);
	str_addf(&host, "@ MX 10 %s.\n", domain);
	world(host.s, NULL, NULL);
	look("exempel.com", NEEDS_TLSA);
	assert_int_equal(facts.n_tlsa, 1);
	assert_int_equal(facts.tlsa[0].answer, ANSWER_NXDOMAIN);
	assert_int_equal(facts.tlsa[0].owner.len, 0); /* it was not asked for */
	str_release(&host);
}

/* "NAME EXISTS NS" of the domain that a target's name lies in. */
static void registered(const char *target, const char *wanted)
{
	const struct dname name = name_of(target);
	const struct registered_facts *row = facts_registered(&facts, &name);
	char domain[DNAME_TEXT_MAX], text[DNAME_TEXT_MAX + 64] = "";

	if (row)
		snprintf(text, sizeof(text), "%s %d %s", dname_text(&row->name, domain), row->exists, answer_name(row->ns));
	assert_string_equal(text, wanted);
}

static void registered__exists__or_not(void **state)
{
	(void)state;
	world("@ MX 1 mx1\n@ MX 2 a.b.gone.co.uk.\n@ MX 3 mx.here.co.uk.\n@ MX 4 mx.unknown.net.\n@ MX 5 co.uk.\n@ MX 6 mx2.gone.co.uk.\n@ MX 7 al.alias.co.uk.\n",
		"co.uk", "here NS ns.here\nns.here A 192.0.2.1\nalias CNAME x.y.co.uk.\n");
	add_zone("here.co.uk", "@ NS ns\n");
	look("exempel.com", NEEDS_TARGET_ZONES);
	registered("mx1.exempel.com", "exempel.com 2 no such record");
	registered("a.b.gone.co.uk", "gone.co.uk 1 no such name");
	registered("mx2.gone.co.uk", "gone.co.uk 1 no such name");
	registered("mx.here.co.uk", "here.co.uk 2 answered");
	registered("mx.unknown.net", "unknown.net 0 not asked");
	registered("al.alias.co.uk", "alias.co.uk 2 no such name");
	registered("co.uk", "");
	assert_int_equal(facts.n_registered, 5);
	look("exempel.com", NEEDS_HOSTS);
	assert_int_equal(facts.n_registered, 0);
}

/* "LISTED ANSWER LIST" of each row. */
static void listed(struct str *out)
{
	str_clear(out);
	for (size_t i = 0; i < facts.n_listed; i++) {
		const struct listed_facts *row = &facts.listed[i];
		char addr[ADDR_TEXT_MAX];

		str_addf(out, "%s %s: %s %s\n", addr_text(&row->addr, addr), row->list,
			row->listed == FACT_YES  ? "listed"
			: row->listed == FACT_NO ? "not listed"
						 : "unknown",
			answer_name(row->answer));
	}
}

static void dnsbl__asks_what_is_configured(void **state)
{
	static const char config[] = "[dns]\ndnsbl = bl.example, gone.example\n";
	struct str out;
	char path[300];

	(void)state;
	str_init(&out, 0);
	world("@ MX 10 mx\nmx A 192.0.2.1\nmx A 192.0.2.2\nmx A 192.0.2.3\nmx A 192.0.2.4\nmx AAAA 2001:db8::1\n", "bl.example",
		"1.2.0.192 A 127.0.255.2\n3.2.0.192 A 127.255.255.254\n4.2.0.192 A 203.0.113.9\n"
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2 A 127.255.0.4\n");
	look("exempel.com", NEEDS_DNSBL);
	assert_int_equal(facts.n_listed, 0); /* none by itself */
	snprintf(path, sizeof(path), "%s/lists", app.demo_dir);
	assert_true(store_write_file(path, config, sizeof(config) - 1, 0600, NULL));
	config_release(&app.config);
	assert_true(config_read(&app.config, path, NULL, NULL));
	look("exempel.com", NEEDS_HOSTS);
	assert_int_equal(facts.n_listed, 0);
	look("exempel.com", NEEDS_DNSBL);
	assert_string_equal(addr_text(&facts.listed[0].code, path), "127.0.255.2");
	listed(&out);
	assert_string_equal(out.s, "192.0.2.1 bl.example: listed answered\n"
				   "192.0.2.1 gone.example: unknown not asked\n"
				   "192.0.2.2 bl.example: not listed no such name\n"
				   "192.0.2.2 gone.example: unknown not asked\n"
				   "192.0.2.3 bl.example: unknown answered\n"
				   "192.0.2.3 gone.example: unknown not asked\n"
				   "192.0.2.4 bl.example: unknown answered\n"
				   "192.0.2.4 gone.example: unknown not asked\n"
				   "2001:db8::1 bl.example: listed answered\n"
				   "2001:db8::1 gone.example: unknown not asked\n");
	str_release(&out);
}

static const struct star_facts *star_below(const char *name)
{
	const struct dname above = name_of(name);

	return facts_star(&facts, &above);
}

/* "*" is asked for below the domain, and beside each exchange that is no hoster's, once a place. */
static void star__of_the_domain__and_beside_exchanges(void **state)
{
	char text[ADDR_TEXT_MAX];

	(void)state;
	world("@ MX 10 mx\n@ MX 20 mx2\n@ MX 30 a.syd.exempel.net.\n@ MX 40 smtp.google.com.\n@ MX 50 mx.exempel.example.\n"
	      "mx A 192.0.2.1\nmx2 A 192.0.2.2\n* A 192.0.2.1\n* TXT \"x\"\n",
		"exempel.net",
		"a.syd A 192.0.2.3\n*.syd CNAME many\nmany A 192.0.2.4\nmany A 192.0.2.5\nmany AAAA 2001:db8::5\n* MX 10 a.syd\n");
	look("exempel.com", NEEDS_STAR);
	assert_int_equal(facts.n_star, 3);
	assert_int_equal(star_below("exempel.com")->a, ANSWER_DATA);
	assert_int_equal(star_below("exempel.com")->aaaa, ANSWER_NODATA);
	assert_int_equal(star_below("exempel.com")->mx, ANSWER_NODATA);
	assert_int_equal(star_below("exempel.com")->n_addr, 1);
	assert_string_equal(addr_text(&star_below("exempel.com")->addr[0], text), "192.0.2.1");
	assert_int_equal(star_below("syd.exempel.net")->a, ANSWER_DATA);
	assert_int_equal(star_below("syd.exempel.net")->aaaa, ANSWER_DATA);
	assert_int_equal(star_below("syd.exempel.net")->n_addr, 3);
	assert_int_equal(star_below("syd.exempel.net")->mx, ANSWER_UNASKED);
	assert_int_equal(star_below("exempel.example")->a, ANSWER_UNASKED); /* in no zone */
	assert_null(star_below("google.com"));
	look("exempel.net", NEEDS_STAR);
	assert_int_equal(star_below("exempel.net")->mx, ANSWER_DATA);
	assert_int_equal(star_below("exempel.net")->a, ANSWER_NODATA);
	look("exempel.com", NEEDS_HOSTS);
	assert_int_equal(facts.n_star, 0);
	look("com", NEEDS_STAR);
	assert_int_equal(facts.n_star, 0);
}

static void past__is__the_journals(void **state)
{
	(void)state;
	world("@ MX 10 mx\nmx A 192.0.2.1\n", NULL, NULL);
	look("exempel.com", NEEDS_HOSTS);
	assert_int_equal(facts.past.known, FACT_UNKNOWN);
	look("exempel.com", NEEDS_PAST);
	assert_int_equal(facts.past.known, FACT_YES);
	assert_int_equal(facts.past.gone_at, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
	const struct CMUnitTest tests[] = {
		TEST(star__of_the_domain__and_beside_exchanges),
		TEST(past__is__the_journals),
		TEST(survey__asks__what_is_needed),
		TEST(survey__says__what_is_asked),
		TEST(ptr__leads_back__or_not),
		TEST(tlsa__of_each_host),
		TEST(tlsa__of_an_alias__is_that_at_its_end),
		TEST(sts__record__and_its_host),
		TEST(sts__record__tells_where_it_stands_and_for_how_long),
		TEST(tlsrpt__record),
		TEST(doubled__names__are_looked_for),
		TEST(dmarc__by_tree_walk),
		TEST(texts__that_nobody_reads),
		TEST(ds__from_the_parents_zone_alone),
		TEST(names__that_cannot_be__are_not_asked),
		TEST(registered__exists__or_not),
		TEST(dnsbl__asks_what_is_configured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
