/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of what a domain publishes beside its MX set: MTA-STS, DANE, SPF, DMARC, names of addresses. Word by word. */
#include "scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define SET "10 mx1.exempel.com|20 mx2.exempel.net"
#define HOSTS "mx1.exempel.com 5.9.0.1|mx2.exempel.net 5.9.1.1"

static void add_pattern(struct scene *scene, const char *name, bool wildcard)
{
	struct sts_policy *policy = &scene->facts.sts.policy;

	policy->mx[policy->n_mx].wildcard = wildcard;
	assert_true(dname_parse(&policy->mx[policy->n_mx++].name, name, NULL));
}

/* An MTA-STS policy (enforce) that names mx1.exempel.com and everything one label below exempel.net. */
static struct sts_facts *open_sts(struct scene *scene)
{
	struct sts_facts *sts = &scene->facts.sts;

	scene_open(scene, SET, HOSTS);
	sts->txt = ANSWER_DATA;
	sts->n_record = 1;
	sts->txt_valid = true;
	sts->fetch = STS_FETCH_OK;
	sts->policy.mode = STS_ENFORCE;
	sts->policy.max_age_s = 604800;
	add_pattern(scene, "mx1.exempel.com", false);
	add_pattern(scene, "exempel.net", true);
	return sts;
}

static void add_host(struct scene *scene, uint32_t preference, const char *name)
{
	struct mx mx;

	mx_set(&mx, preference, name);
	mxset_add(&scene->set, &mx);
}

static void sts_mx_missing__and__sts_order(void **state)
{
	struct scene scene;
	struct sts_facts *sts = open_sts(&scene);

	(void)state;
	scene_says("sts-mx-missing", &scene, "");
	scene_says("sts-order", &scene, "");
	scene_says("sts-extra", &scene, "");
	add_host(&scene, 30, "a.b.exempel.net"); /* two labels more */
	scene_says("sts-mx-missing", &scene, "error: the MTA-STS policy (enforce) does not name a.b.exempel.net");
	sts->policy.mode = STS_TESTING;
	scene_says("sts-mx-missing", &scene, "warning: the MTA-STS policy (testing) does not name a.b.exempel.net");
	sts->policy.mode = STS_NONE;
	scene_says("sts-mx-missing", &scene, "");
	sts->policy.mode = STS_ENFORCE;
	scene.in.is_draft = true; /* the host is new there */
	scene_says("sts-mx-missing", &scene, "");
	scene_says("sts-order", &scene,
		"error: the MTA-STS policy must name a.b.exempel.net first: change the policy, then its id, and wait until the TXT record has run "
		"out");
	sts->policy.mode = STS_TESTING;
	scene_says("sts-order", &scene,
		"warning: the MTA-STS policy must name a.b.exempel.net first: change the policy, then its id, and wait until the TXT record has "
		"run out");
	sts->policy.more = 1; /* what was not kept may name it */
	scene_says("sts-order", &scene, "");
	sts->policy.more = 0;
	sts->fetch = STS_FETCH_STATUS;
	scene_says("sts-order", &scene, "");
	sts->fetch = STS_FETCH_TYPE;
	sts->n_record = 0;
	scene_says("sts-order", &scene, "");
	scene_close(&scene);
}

static void sts_maxage__asks__of_a_new_host_that_is_named(void **state)
{
	struct scene scene;
	struct sts_facts *sts = open_sts(&scene);

	(void)state;
	add_host(&scene, 30, "mx3.exempel.net");
	scene_says("sts-maxage", &scene, "");
	scene.in.is_draft = true;
	scene_says("sts-maxage", &scene,
		"notice: senders may hold an earlier MTA-STS policy for up to 7d, if they did not look since it changed: was "
		"mx3.exempel.net in it already?");
	sts->policy.mode = STS_TESTING;
	scene_says("sts-maxage", &scene, "");
	scene_close(&scene);
}

static void sts_extra__names__what_fits_nothing(void **state)
{
	struct scene scene;

	(void)state;
	open_sts(&scene);
	add_pattern(&scene, "mx9.exempel.com", false);
	add_pattern(&scene, "exempel.org", true);
	scene_says("sts-extra", &scene,
		"notice: the MTA-STS policy names mx9.exempel.com, which is no server of the set|"
		"notice: the MTA-STS policy names *.exempel.org, which no server of the set fits");
	scene.in.is_draft = true;
	scene_says("sts-extra", &scene, "");
	scene_close(&scene);
}

static void sts_syntax__tells__the_first_fault(void **state)
{
	static const struct {
		unsigned problem;
		const char *says;
	} cases[] = {
		{ STS_NO_VERSION, "warning: the MTA-STS policy does not begin with \"version: STSv1\"" },
		{ STS_NO_MODE, "warning: the MTA-STS policy has no mode that is known" },
		{ STS_NO_MAX_AGE, "warning: the MTA-STS policy has no max_age up to 31557600 seconds" },
		{ STS_NO_MX, "warning: the MTA-STS policy names no server" },
		{ STS_MX_ADDRESS, "warning: the MTA-STS policy names an address in place of a server" },
		{ STS_MX_WILDCARD, "warning: the MTA-STS policy has an asterisk that is not the whole first label" },
		{ STS_MX_NAME, "warning: the MTA-STS policy has a pattern that is no name" },
		{ STS_LINE_ENDS, "warning: the MTA-STS policy has line ends or blanks that may not be there" },
		{ STS_LINE, "warning: the MTA-STS policy has a line that is no \"key: value\"" },
		{ STS_TWICE, "warning: the MTA-STS policy says one thing twice" },
		{ STS_TWICE | STS_NO_MODE, "warning: the MTA-STS policy has no mode that is known" },
		{ 0, "" },
	};
	struct scene scene;
	struct sts_facts *sts = open_sts(&scene);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sts->policy.problems = cases[i].problem;
		scene_says("sts-syntax", &scene, cases[i].says);
	}
	sts->txt_valid = false;
	scene_says("sts-syntax", &scene, "warning: the MTA-STS record has no id of 1 to 32 letters and digits");
	sts->n_record = 2;
	scene_says("sts-syntax", &scene, "warning: 2 MTA-STS records stand beside each other, and none counts");
	sts->n_record = 0;
	scene_says("sts-syntax", &scene, "");
	assert_true(dname_parse(&scene.facts.doubled[DOUBLED_STS], "_mta-sts.exempel.com.exempel.com", NULL));
	scene_says("sts-syntax", &scene,
		"warning: no MTA-STS record stands at _mta-sts.exempel.com, but one at _mta-sts.exempel.com.exempel.com: the zone's name was put behind a name that has it already");
	sts->nearly = true;
	scene_says("sts-syntax", &scene,
		"warning: a record at _mta-sts.exempel.com means to be one of MTA-STS and is none: it must begin with \"v=STSv1;\"");
	sts->n_record = 1; /* beside one that counts, it is nothing */
	sts->txt_valid = true;
	scene_says("sts-syntax", &scene, "");
	scene_close(&scene);
}

static void sts_fetch__tells__each_end(void **state)
{
	static const struct {
		enum sts_fetch fetch;
		const char *says;
	} cases[] = {
		{ STS_FETCH_OK, "" },
		{ STS_FETCH_UNASKED, "" },
		{ STS_FETCH_PENDING, "" },
		{ STS_FETCH_NO_ADDRESS, "warning: the MTA-STS record stands, but mta-sts.exempel.com has no address" },
		{ STS_FETCH_UNREACHABLE, "notice: the MTA-STS policy could not be fetched from here: mta-sts.exempel.com was not reached" },
		{ STS_FETCH_CERTIFICATE,
			"warning: the MTA-STS policy could not be fetched: the certificate of mta-sts.exempel.com was not accepted here (it has "
			"expired)" },
		{ STS_FETCH_REDIRECT,
			"warning: the MTA-STS policy could not be fetched: mta-sts.exempel.com redirected, which is not followed" },
		{ STS_FETCH_STATUS, "warning: the MTA-STS policy could not be fetched: mta-sts.exempel.com answered with status 404" },
		{ STS_FETCH_TYPE, "warning: the MTA-STS policy of mta-sts.exempel.com does not come as text/plain" },
		{ STS_FETCH_TOO_LARGE, "warning: the MTA-STS policy of mta-sts.exempel.com is larger than 64 KiB" },
	};
	struct scene scene;
	struct sts_facts *sts = open_sts(&scene);

	(void)state;
	sts->status = 404;
	snprintf(sts->reason, sizeof sts->reason, "it has expired");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sts->fetch = cases[i].fetch;
		scene_says("sts-fetch", &scene, cases[i].says);
	}
	sts->n_record = 0;
	scene_says("sts-fetch", &scene, "");
	scene_close(&scene);
}

/* TLSA records of a host: "USAGE SELECTOR MATCHING LENGTH" n times. */
static struct tlsa_facts *add_tlsa(struct scene *scene, const char *host, size_t n)
{
	struct tlsa_facts *tlsa;
	struct dname name;

	assert_true(dname_parse(&name, host, NULL));
	tlsa = facts_tlsa_add(&scene->facts, &name);
	tlsa->answer = n ? ANSWER_DATA : ANSWER_NODATA;
	tlsa->dnssec = tlsa->host_dnssec = DNSSEC_SECURE;
	tlsa->n = n < FACTS_TLSA ? n : FACTS_TLSA;
	tlsa->more = n - tlsa->n;
	for (size_t i = 0; i < tlsa->n; i++)
		tlsa->tlsa[i] = (struct tlsa){ .usage = 3, .selector = 1, .matching = 1, .len = 32, .data = { (uint8_t)i } };
	return tlsa;
}

static void tlsrpt__goes_with__what_can_fail(void **state)
{
	struct scene scene;
	struct sts_facts *sts = open_sts(&scene);

	(void)state;
	scene_says("tlsrpt", &scene, "");
	scene.facts.tlsrpt.txt = ANSWER_NXDOMAIN;
	scene_says("tlsrpt", &scene, "notice: there is MTA-STS, but nobody is told when it fails");
	sts->n_record = 0;
	scene_says("tlsrpt", &scene, "");
	assert_true(dname_parse(&scene.facts.doubled[DOUBLED_TLSRPT], "_smtp._tls.exempel.com.exempel.com", NULL));
	scene_says("tlsrpt", &scene,
		"notice: no TLS reporting record stands at _smtp._tls.exempel.com, but one at _smtp._tls.exempel.com.exempel.com: the zone's name was put behind a name that has it already");
	scene.facts.doubled[DOUBLED_TLSRPT].len = 0;
	add_tlsa(&scene, "mx2.exempel.net", 1);
	scene_says("tlsrpt", &scene, "notice: there are TLSA records for DANE, but nobody is told when it fails");
	scene.facts.tlsrpt.txt = ANSWER_DATA;
	scene.facts.tlsrpt.n_record = 1;
	scene_says("tlsrpt", &scene, "notice: the TLS reporting record names no address for reports");
	scene.facts.tlsrpt.valid = true;
	scene_says("tlsrpt", &scene, "");
	scene.facts.tlsrpt.n_record = 2;
	scene_says("tlsrpt", &scene, "notice: 2 TLS reporting records stand beside each other, and none counts");
	scene_close(&scene);
}

static void tlsa_insecure__names__what_is_not_signed(void **state)
{
	struct tlsa_facts *tlsa;
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	scene.facts.dnssec = DNSSEC_SECURE;
	tlsa = add_tlsa(&scene, "mx1.exempel.com", 1);
	scene_says("tlsa-insecure", &scene, "");
	tlsa->dnssec = DNSSEC_INSECURE;
	scene_says("tlsa-insecure", &scene, "warning: mx1.exempel.com has TLSA records that are not signed: they count for nothing");
	tlsa->host_dnssec = DNSSEC_INSECURE;
	scene_says("tlsa-insecure", &scene,
		"warning: mx1.exempel.com has TLSA records, but its addresses are not signed: they count for nothing");
	scene.facts.dnssec = DNSSEC_INSECURE;
	tlsa->dnssec = tlsa->host_dnssec = DNSSEC_SECURE;
	scene_says("tlsa-insecure", &scene,
		"warning: mx1.exempel.com has TLSA records, but the MX set is not signed: who forges that leads mail past them");
	tlsa->answer = ANSWER_NODATA;
	scene_says("tlsa-insecure", &scene, "");
	add_tlsa(&scene, "mx2.exempel.net", 1); /* somebody else's server, signed for whoever is */
	scene_says("tlsa-insecure", &scene,
		"info: mx2.exempel.net has TLSA records, but the MX set is not signed: who forges that leads mail past them");
	facts_tlsa_add(&scene.facts, &scene.set.mx[1].host)->answer = ANSWER_NODATA;
	tlsa = facts_tlsa_add(&scene.facts, &scene.set.mx[0].host);
	tlsa->answer = ANSWER_DATA;
	scene.facts.dnssec = tlsa->host_dnssec = tlsa->dnssec = DNSSEC_UNCHECKED;
	scene_says("tlsa-insecure", &scene, "");
	scene.facts.ds.ds = ANSWER_NODATA; /* in zone files the parent's tells, and nothing else does */
	scene_says("tlsa-insecure", &scene, "");
	scene.facts.source = SOURCE_ZONE;
	scene.facts.zone = scene.domain;
	scene_says("tlsa-insecure", &scene, "warning: mx1.exempel.com has TLSA records that are not signed: they count for nothing");
	scene.facts.ds.ds = ANSWER_DATA;
	scene_says("tlsa-insecure", &scene, "");
	scene.facts.ds.ds = ANSWER_NODATA;
	tlsa->answer = ANSWER_NODATA;
	add_tlsa(&scene, "mx2.exempel.net", 1);
	scene_says("tlsa-insecure", &scene,
		"info: mx2.exempel.net has TLSA records, but the MX set is not signed: who forges that leads mail past them");
	scene_close(&scene);
}

static void tlsa_partial__and__security_downgrade(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	add_tlsa(&scene, "mx1.exempel.com", 1);
	scene_says("tlsa-partial", &scene, "");
	add_tlsa(&scene, "mx2.exempel.net", 1);
	scene_says("tlsa-partial", &scene, "");
	facts_tlsa(&scene.facts, &scene.set.mx[1].host)->answer = ANSWER_SERVFAIL;
	scene_says("tlsa-partial", &scene, "");
	facts_tlsa(&scene.facts, &scene.set.mx[1].host)->answer = ANSWER_NXDOMAIN;
	scene_says("tlsa-partial", &scene, "warning: mx1.exempel.com has TLSA records, mx2.exempel.net has none");
	facts_tlsa(&scene.facts, &scene.set.mx[1].host)->answer = ANSWER_DATA;
	scene.in.is_draft = true;
	scene_says("security-downgrade", &scene, "");
	add_host(&scene, 30, "mx3.exempel.org");
	scene_says("security-downgrade", &scene, "");
	add_tlsa(&scene, "mx3.exempel.org", 0);
	scene_says("security-downgrade", &scene,
		"warning: all servers have TLSA records for DANE now, and mx3.exempel.org has none that count");
	add_tlsa(&scene, "mx3.exempel.org", 1)->tlsa[0].len = 0; /* nor one that a sender can use */
	scene_says("security-downgrade", &scene,
		"warning: all servers have TLSA records for DANE now, and mx3.exempel.org has none that count");
	add_tlsa(&scene, "mx3.exempel.org", 17);
	for (size_t i = 0; i < FACTS_TLSA; i++)
		facts_tlsa(&scene.facts, &scene.set.mx[2].host)->tlsa[i].len = 0;
	scene_says("security-downgrade", &scene, ""); /* one that was not kept may be */
	add_tlsa(&scene, "mx3.exempel.org", 0);
	scene.facts.dnssec = DNSSEC_INSECURE;
	scene_says("security-downgrade", &scene, ""); /* unsigned records hold nowhere */
	scene.facts.dnssec = DNSSEC_PENDING;
	scene.in.is_draft = false;
	scene_says("security-downgrade", &scene, "");
	scene.in.is_draft = true;
	facts_tlsa(&scene.facts, &scene.set.mx[1].host)->answer = ANSWER_NODATA;
	scene_says("security-downgrade", &scene, ""); /* mx1 goes on having some */
	mxset_remove(&scene.set, 0);
	scene_says("security-downgrade", &scene,
		"warning: some servers have TLSA records for DANE now, and no server of the draft has any that count");
	facts_tlsa(&scene.facts, &scene.set.mx[0].host)->answer = ANSWER_TIMEOUT;
	scene_says("security-downgrade", &scene, ""); /* nobody knows */
	scene_close(&scene);
}

static void tlsa_usage__tells__each_fault(void **state)
{
	static const struct {
		uint8_t usage, selector, matching;
		uint16_t len;
		const char *says, *data;
	} cases[] = {
		{ 3, 1, 1, 32, "", "" },
		{ 2, 0, 2, 64, "", "" },
		{ 3, 0, 0, 900, "", "\x30\x82\x03\x80" },
		{ 3, 1, 0, 32,
			"warning: mx1.exempel.com has a TLSA record that should hold a whole certificate or key (matching type 0), and holds neither",
			"" },
		{ 2, 0, 0, 900,
			"warning: mx1.exempel.com has a TLSA record that should hold a whole certificate or key (matching type 0), and holds neither",
			"\x30\x82\x03\x81" },
		{ 0, 1, 1, 32, "warning: mx1.exempel.com has a TLSA record of usage 0 or 1, which senders do not use for mail", "" },
		{ 1, 1, 1, 32, "warning: mx1.exempel.com has a TLSA record of usage 0 or 1, which senders do not use for mail", "" },
		{ 4, 1, 1, 32, "warning: mx1.exempel.com has a TLSA record of a kind that no sender knows", "" },
		{ 3, 2, 1, 32, "warning: mx1.exempel.com has a TLSA record of a kind that no sender knows", "" },
		{ 3, 1, 3, 32, "warning: mx1.exempel.com has a TLSA record of a kind that no sender knows", "" },
		{ 3, 1, 1, 31, "warning: mx1.exempel.com has a TLSA record whose digest has the wrong length", "" },
		{ 3, 1, 2, 32, "warning: mx1.exempel.com has a TLSA record whose digest has the wrong length", "" },
		{ 3, 1, 1, 0, "warning: mx1.exempel.com has a TLSA record whose digest has the wrong length", "" },
		{ 3, 1, 0, 0,
			"warning: mx1.exempel.com has a TLSA record that should hold a whole certificate or key (matching type 0), and holds neither",
			"" },
		{ 2, 0, 0, 0,
			"warning: mx1.exempel.com has a TLSA record that should hold a whole certificate or key (matching type 0), and holds neither",
			"" },
	};
	struct tlsa_facts *tlsa;
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	tlsa = add_tlsa(&scene, "mx1.exempel.com", 2);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		tlsa->tlsa[1] = (struct tlsa){ cases[i].usage, cases[i].selector, cases[i].matching, cases[i].len, { 0 } };
		memcpy(tlsa->tlsa[1].data, cases[i].data, strlen(cases[i].data));
		scene_says("tlsa-usage", &scene, cases[i].says);
	}
	scene_close(&scene);
}

static void tlsa_servfail__matters__where_addresses_are_signed(void **state)
{
	struct tlsa_facts *tlsa;
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	tlsa = add_tlsa(&scene, "mx1.exempel.com", 1);
	scene_says("tlsa-servfail", &scene, "");
	scene_says("tlsa-rollover", &scene,
		"info: mx1.exempel.com has one TLSA record: before its key changes, the new one must stand beside it");
	tlsa->tlsa[0] = (struct tlsa){ .usage = 3 }; /* three bytes and no data: no key stands on it */
	scene_says("tlsa-rollover", &scene, "");
	tlsa->answer = ANSWER_SERVFAIL;
	scene_says("tlsa-servfail", &scene, "error: the lookup of the TLSA records of mx1.exempel.com fails");
	scene_says("tlsa-rollover", &scene, "");
	tlsa->host_dnssec = DNSSEC_INSECURE;
	scene_says("tlsa-servfail", &scene, "");
	scene_close(&scene);
	scene_open(&scene, SET, HOSTS);
	add_tlsa(&scene, "mx1.exempel.com", 2);
	scene_says("tlsa-rollover", &scene, "");
	scene_close(&scene);
}

static void set_digest(struct tlsa *tlsa, const char *hex)
{
	*tlsa = (struct tlsa){ .usage = 2, .selector = 1, .matching = 1, .len = 32 };
	for (size_t i = 0; i < 32; i++) {
		unsigned byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		tlsa->data[i] = (uint8_t)byte;
	}
}

static void tlsa_retired_ca__knows__them_by_their_keys(void **state)
{
	static const struct {
		const char *key, *says;
	} cases[] = {
		{ "60b87575447dcba2a36b7d11ac09fb24a9db406fee12d2cc90180517616e8a18", "Let's Encrypt X3" },
		{ "b111dd8a1c2091a89bd4fd60c57f0716cce50feeff8137cdbee0326e02cf362b", "Let's Encrypt X4" },
		{ "8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d", "Let's Encrypt R3" },
		{ "e5545e211347241891c554a03934cde9b749664a59d26d615fe58f77990f2d03", "Let's Encrypt R4" },
		{ "276fe8a8c4ec7611565bf9fce6dcace9be320c1b5bea27596b2204071ed04f10", "Let's Encrypt E1" },
		{ "bd936e72b212ef6f773102c6b77d38f94297322efc25396bc3279422e0c89270", "Let's Encrypt E2" },
	};
	struct tlsa_facts *tlsa;
	struct scene scene;
	char says[160];

	(void)state;
	scene_open(&scene, SET, HOSTS);
	tlsa = add_tlsa(&scene, "mx1.exempel.com", 12);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		set_digest(&tlsa->tlsa[3], cases[i].key);
		snprintf(says, sizeof says, "warning: mx1.exempel.com has a TLSA record of %s, which signs no certificates any more",
			cases[i].says);
		scene_says("tlsa-retired-ca", &scene, says);
	}
	set_digest(&tlsa->tlsa[3], "0b9fa5a59eed715c26c1020c711b4f6ec42d58b0015e14337a39dad301c5afc3");
	scene_says("tlsa-retired-ca", &scene,
		"notice: mx1.exempel.com has a TLSA record of ISRG Root X1, a root: it fits only where the server sends the root itself");
	tlsa->tlsa[3].usage = 3; /* then it is the server's own key */
	scene_says("tlsa-retired-ca", &scene, "");
	scene_close(&scene);
	scene_open(&scene, SET, HOSTS);
	add_tlsa(&scene, "mx1.exempel.com", 20);
	scene_says("tlsa-retired-ca", &scene, "notice: mx1.exempel.com has 20 TLSA records; Exchange Online reads 12 of a host");
	scene_close(&scene);
}

static void dnssec__is__old_or_bogus(void **state)
{
	struct ds_facts *ds;
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	ds = &scene.facts.ds;
	scene_says("dnssec-sha1", &scene, "");
	ds->ds = ANSWER_DATA;
	ds->n = 2;
	ds->record[0].algorithm = 7;
	ds->record[1].algorithm = 5;
	scene_says("dnssec-sha1", &scene, "notice: the zone exempel.com is signed with SHA-1 alone (algorithm 5 or 7)");
	add_tlsa(&scene, "mx2.exempel.net", 1)->tlsa[0].len = 0;
	scene_says("dnssec-sha1", &scene, "notice: the zone exempel.com is signed with SHA-1 alone (algorithm 5 or 7)");
	add_tlsa(&scene, "mx2.exempel.net", 1);
	scene_says("dnssec-sha1", &scene, "warning: the zone exempel.com is signed with SHA-1 alone (algorithm 5 or 7)");
	ds->record[1].algorithm = 8;
	scene_says("dnssec-sha1", &scene, "");
	scene_says("dnssec-bogus", &scene, "");
	scene.facts.dnssec = DNSSEC_BOGUS;
	snprintf(scene.facts.bogus_reason, sizeof scene.facts.bogus_reason, "signature expired");
	scene_says("dnssec-bogus", &scene, "error: the MX records of exempel.com fail validation: signature expired");
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sts_mx_missing__and__sts_order),
		cmocka_unit_test(sts_maxage__asks__of_a_new_host_that_is_named),
		cmocka_unit_test(sts_extra__names__what_fits_nothing),
		cmocka_unit_test(sts_syntax__tells__the_first_fault),
		cmocka_unit_test(sts_fetch__tells__each_end),
		cmocka_unit_test(tlsrpt__goes_with__what_can_fail),
		cmocka_unit_test(tlsa_insecure__names__what_is_not_signed),
		cmocka_unit_test(tlsa_partial__and__security_downgrade),
		cmocka_unit_test(tlsa_usage__tells__each_fault),
		cmocka_unit_test(tlsa_servfail__matters__where_addresses_are_signed),
		cmocka_unit_test(tlsa_retired_ca__knows__them_by_their_keys),
		cmocka_unit_test(dnssec__is__old_or_bogus),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
