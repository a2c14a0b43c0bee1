/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of who may send in the domain's name, of domains without mail, and of the names of addresses. Word by word. */
#include "check/lint.h"
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

/* A record that lets somebody send, and no more. */
static struct spf_facts *open_spf(struct scene *scene, const char *set, const char *hosts)
{
	struct spf_facts *spf = &scene->facts.spf;

	scene_open(scene, set, hosts);
	spf->txt = ANSWER_DATA;
	spf->result = SPF_OK;
	spf->n_record = 1;
	spf->all = '~';
	spf->authorises = true;
	return spf;
}

#define TEN                                                                                                                                \
	"10 mx1.exempel.com|10 mx2.exempel.com|10 mx3.exempel.com|10 mx4.exempel.com|10 mx5.exempel.com|10 mx6.exempel.com|"               \
	"10 mx7.exempel.com|10 mx8.exempel.com|10 mx9.exempel.com|10 mx10.exempel.com"

static void spf__tells__the_first_fault(void **state)
{
	static const struct {
		unsigned problem;
		const char *says;
	} cases[] = {
		{ 0, "" },
		{ SPF_TWO_RECORDS | SPF_LOOKUPS, "notice: more than one SPF record stands there, and none counts" },
		{ SPF_SYNTAX, "notice: the SPF record cannot be read" },
		{ SPF_LOOP, "notice: the SPF record includes itself" },
		{ SPF_INCLUDE_NONE, "notice: the SPF record includes a domain that has none" },
		{ SPF_LOOKUPS | SPF_VOID, "notice: the SPF record needs more than 10 lookups" },
		{ SPF_VOID, "notice: more than 2 lookups of the SPF record find nothing" },
		{ SPF_MX_LIMIT | SPF_LOOKUPS, "notice: the SPF record says \"mx\" of a domain that has more than 10 MX records" },
	};
	struct scene scene;
	struct spf_facts *spf = open_spf(&scene, SET, HOSTS);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		spf->problems = cases[i].problem;
		scene_says("spf", &scene, cases[i].says);
	}
	spf->problems = SPF_MX_LIMIT;
	spf->has_mx = true; /* but another domain is meant, the set has three hosts */
	scene_says("spf", &scene, "notice: the SPF record says \"mx\" of a domain that has more than 10 MX records");
	spf->has_mx = false;
	spf->problems = 0;
	spf->all = '+';
	scene_says("spf", &scene, "notice: the SPF record lets everybody send (+all)");
	spf->all = 0;
	scene_says("spf", &scene, ""); /* a redirect whose end nobody knows */
	spf->open_end = true;
	scene_says("spf", &scene,
		"notice: the SPF record ends without \"all\" or a redirect: it says nothing of other servers than those it names");
	spf->problems = SPF_VOID;
	scene_says("spf", &scene, "notice: more than 2 lookups of the SPF record find nothing");
	spf->problems = 0;
	spf->open_end = false;
	spf->result = SPF_TEMPERROR;
	scene_says("spf", &scene, "");
	spf->result = SPF_NONE;
	spf->all = 0;
	spf->n_record = 0;
	scene_says("spf", &scene, "notice: exempel.com has no SPF record");
	spf->nearly = true;
	scene_says("spf", &scene,
		"notice: a TXT record of exempel.com means to be its SPF record and is none: it must begin with \"v=spf1\" and a blank");
	spf->nearly = false;
	scene_says("sub-mx", &scene, "");
	assert_true(dname_parse(&scene.zone, "com", NULL)); /* then the name lies below its zone's apex */
	scene_says("spf", &scene, "");
	scene_says("sub-mx", &scene, "notice: exempel.com has MX records, but no SPF record: none is inherited from above");
	spf->result = SPF_UNKNOWN;
	scene_says("sub-mx", &scene, "");
	scene_close(&scene);
	spf = open_spf(&scene, "", "exempel.com"); /* nobody can answer mail from there */
	spf->result = SPF_NONE;
	spf->n_record = 0;
	scene_says("spf", &scene, "");
	scene_close(&scene);
	spf = open_spf(&scene, "", "exempel.com 5.9.0.1");
	spf->result = SPF_NONE;
	spf->n_record = 0;
	scene_says("spf", &scene, "notice: exempel.com has no SPF record");
	scene_close(&scene);
}

/* Of the domain's own set too-many tells it, and nobody where a draft mends that. */
static void mx_limit__is_told__once(void **state)
{
	struct scene scene;
	struct spf_facts *spf;

	(void)state;
	spf = open_spf(&scene, TEN "|10 mx11.exempel.com", "");
	spf->problems = SPF_MX_LIMIT;
	spf->has_mx = true;
	scene_says("spf", &scene, ""); /* the domain's own set: too-many tells */
	scene_says("too-many", &scene, "warning: the set names 11 hosts, and the SPF record says \"mx\"");
	scene_close(&scene);
	spf = open_spf(&scene, SET, ""); /* a draft that mends the set brings no finding of the old one */
	spf->problems = SPF_MX_LIMIT;
	spf->has_mx = true;
	for (uint32_t i = 0; i < 11; i++) {
		char host[40];
		struct mx mx;

		snprintf(host, sizeof(host), "old%u.exempel.com", (unsigned)i);
		mx_set(&mx, 10, host);
		mxset_add(&scene.facts.live, &mx);
	}
	scene.in.is_draft = true;
	scene_says("spf", &scene, "");
	scene.in.set = &scene.facts.live; /* eleven records of as many hosts still */
	scene_says("spf", &scene, "");
	scene_close(&scene);
	spf = open_spf(&scene, TEN "|20 mx1.exempel.com", ""); /* eleven records of ten hosts */
	spf->problems = SPF_MX_LIMIT;
	spf->has_mx = true;
	scene_says("spf", &scene, "notice: the SPF record says \"mx\" of a domain that has more than 10 MX records");
	scene.in.is_draft = true; /* that keeps them */
	scene_says("spf", &scene, "notice: the SPF record says \"mx\" of a domain that has more than 10 MX records");
	scene_says("too-many", &scene, "");
	scene_close(&scene);
}

/* Of more records than that, who may send is not compared. */
static void spf_mx__compares__sixty_four_records(void **state)
{
	(void)state;
	for (size_t n = 63; n < 67; n++)
		for (int side = 0; side < 2; side++) {
			struct scene scene;
			struct mxset many;
			struct mx mx;
			char host[40];

			open_spf(&scene, "1 mx1.exempel.com", "mx1.exempel.com 5.9.0.1")->has_mx = true;
			mxset_init(&many);
			for (size_t i = 0; i < n; i++) {
				struct host_facts *known;

				snprintf(host, sizeof(host), "m%zu.exempel.com", i);
				mx_set(&mx, 1, host);
				mxset_add(&many, &mx);
				known = facts_host_add(&scene.facts, &mx.host);
				known->a = ANSWER_DATA;
				known->aaaa = ANSWER_NODATA;
				known->n_addr = 1;
				assert_true(addr_parse(&known->addr[0], "5.9.9.9"));
			}
			mxset_copy(side ? &scene.facts.live : &scene.set, &many);
			scene.in.is_draft = true;
			scene_says("spf-mx", &scene,
				n <= 64 ? "warning: the SPF record says \"mx\": with this set other servers may send, and the old ones may not"
					: "");
			mxset_release(&many);
			scene_close(&scene);
		}
}

static void spf_mx__compares__addresses(void **state)
{
	static const struct {
		const char *set, *hosts, *says;
	} cases[] = {
		{ "10 mx3.exempel.org", "mx3.exempel.org 5.9.2.1",
			"warning: the SPF record says \"mx\": with this set other servers may send, and the old ones may not" },
		{ SET "|30 mx3.exempel.org", "mx3.exempel.org 5.9.2.1",
			"warning: the SPF record says \"mx\": with this set more servers may send" },
		{ "10 mx1.exempel.com", "mx3.exempel.org 5.9.2.1",
			"warning: the SPF record says \"mx\": with this set servers that may send now may not any more" },
		{ "20 mx1.exempel.com|10 mx2.exempel.net", "mx3.exempel.org 5.9.2.1", "" },
		{ "10 mx3.exempel.org|20 mx2.exempel.net", "mx3.exempel.org 5.9.0.1", "" }, /* another name of the same server */
		{ SET "|30 mx3.exempel.org", "mx3.exempel.org ?", "- the addresses of the old and the new servers are not all known" },
		{ "10 mx3.exempel.org", "mx3.exempel.org ?", "- the addresses of the old and the new servers are not all known" },
		{ "10 mx3.exempel.org|20 mx4.exempel.org", "mx3.exempel.org 5.9.2.1|mx4.exempel.org ?",
			"warning: the SPF record says \"mx\": with this set more servers may send" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct scene scene, draft;

		open_spf(&scene, SET, HOSTS)->has_mx = true;
		scene_open(&draft, cases[i].set, cases[i].hosts);
		for (size_t k = 0; k < draft.facts.n_host; k++)
			*facts_host_add(&scene.facts, &draft.facts.host[k].host) = draft.facts.host[k];
		scene.in.set = &draft.set;
		scene_says("spf-mx", &scene, "");
		scene.in.is_draft = true;
		scene_says("spf-mx", &scene, cases[i].says);
		scene.facts.spf.has_mx = false;
		scene_says("spf-mx", &scene, "");
		scene_close(&draft);
		scene_close(&scene);
	}
}

static void spf_include__is__the_hosters(void **state)
{
	struct scene scene;
	struct spf_facts *spf = open_spf(&scene, "10 mx.zoho.com|20 mx2.zoho.com|50 mx3.zoho.com", "");

	(void)state;
	scene_says("spf-include", &scene, "notice: the SPF record does not include zohomail.com, which Zoho Mail sends by");
	spf->n_name = 1;
	assert_true(dname_parse(&spf->name[0], "one.zoho.com", NULL));
	scene_says("spf-include", &scene, "");
	assert_true(dname_parse(&spf->name[0], "zohomail.eu", NULL));
	scene_says("spf-include", &scene, "");
	assert_true(dname_parse(&spf->name[0], "spf.protection.outlook.com", NULL));
	scene_says("spf-include", &scene, "notice: the SPF record does not include zohomail.com, which Zoho Mail sends by");
	spf->more = 1;
	scene_says("spf-include", &scene, "");
	scene_close(&scene);
	open_spf(&scene, "10 mx.sendgrid.net", "");
	scene_says("spf-include", &scene, ""); /* it takes mail alone */
	scene_close(&scene);
	open_spf(&scene, SET, HOSTS);
	scene_says("spf-include", &scene, "");
	scene_close(&scene);
}

static void too_many__is_worse__where_spf_says_mx(void **state)
{
	struct scene scene;
	struct spf_facts *spf =
		open_spf(&scene, "1 a.x.se|1 b.x.se|1 c.x.se|1 d.x.se|1 e.x.se|1 f.x.se|1 g.x.se|1 h.x.se|1 i.x.se|1 j.x.se|1 k.x.se", "");

	(void)state;
	scene_says("too-many", &scene, "notice: the set names 11 hosts");
	spf->has_mx = true;
	scene_says("too-many", &scene, "warning: the set names 11 hosts, and the SPF record says \"mx\"");
	scene_close(&scene);
}

static void dmarc__is__one_that_can_be_read(void **state)
{
	struct dmarc_facts *dmarc;
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	dmarc = &scene.facts.dmarc;
	scene_says("dmarc", &scene, "");
	dmarc->txt = ANSWER_NXDOMAIN;
	scene_says("dmarc", &scene, "notice: neither exempel.com nor a domain above it has a DMARC record");
	scene.facts.spf.holds_dmarc = true;
	scene_says("dmarc", &scene,
		"notice: a DMARC record stands at exempel.com itself, where nobody looks for it: it belongs to _dmarc.exempel.com");
	assert_true(dname_parse(&scene.facts.doubled[DOUBLED_DMARC], "_dmarc.exempel.com.exempel.com", NULL));
	scene_says("dmarc", &scene,
		"notice: no DMARC record stands at _dmarc.exempel.com, but one at _dmarc.exempel.com.exempel.com: the zone's name was put behind a name that has it already");
	dmarc->nearly = true;
	scene_says("dmarc", &scene,
		"notice: a record at _dmarc.exempel.com means to be one of DMARC and is none: it must begin with \"v=DMARC1;\"");
	dmarc->txt = ANSWER_DATA; /* beside one that counts, they are nothing */
	dmarc->at = scene.domain;
	dmarc->n_record = 2;
	scene_says("dmarc", &scene, "notice: 2 DMARC records stand at _dmarc.exempel.com, and none counts");
	dmarc->n_record = 1;
	scene_says("dmarc", &scene, "notice: the DMARC record at _dmarc.exempel.com cannot be read");
	dmarc->nearly = scene.facts.spf.holds_dmarc = false;
	scene.facts.doubled[DOUBLED_DMARC].len = 0;
	dmarc->txt = ANSWER_UNASKED; /* nor is known what stands further up */
	scene_says("dmarc", &scene, "notice: the DMARC record at _dmarc.exempel.com cannot be read");
	dmarc->at.len = 0;
	scene_says("dmarc", &scene, "");
	dmarc->at = scene.domain;
	dmarc->txt = ANSWER_DATA;
	dmarc->valid = true;
	dmarc->policy = DMARC_NONE;
	dmarc->testing = true; /* there is no step below it */
	dmarc->spared = 100;
	scene_says("dmarc", &scene, "");
	dmarc->policy = DMARC_REJECT;
	scene_says("dmarc", &scene,
		"notice: the DMARC record at _dmarc.exempel.com is in test mode (t=y): receivers that know it take \"reject\" for \"quarantine\"");
	dmarc->policy = DMARC_QUARANTINE;
	scene_says("dmarc", &scene,
		"notice: the DMARC record at _dmarc.exempel.com is in test mode (t=y): receivers that know it take \"quarantine\" for \"none\"");
	dmarc->testing = false;
	scene_says("dmarc", &scene,
		"notice: the DMARC record at _dmarc.exempel.com says pct=0: older receivers apply its policy to 0 % of the mail, others to all");
	dmarc->spared = 0;
	scene_says("dmarc", &scene, "");
	scene_close(&scene);
}

static void null_mx__goes_with__spf_and_dmarc(void **state)
{
	struct scene scene;
	struct spf_facts *spf = open_spf(&scene, "0 .", "");
	struct dmarc_facts *dmarc = &scene.facts.dmarc;

	(void)state;
	scene_says("null-but-sends", &scene, "warning: exempel.com takes no mail, but its SPF record lets servers send");
	scene_says("nomail-trio", &scene, "");
	scene_says("dmarc", &scene, "");
	spf->authorises = false;
	scene_says("null-but-sends", &scene, "");
	scene_says("nomail-trio", &scene, "notice: the domain takes no mail, but no SPF record says just \"v=spf1 -all\"");
	spf->exactly_none = true;
	dmarc->txt = ANSWER_NXDOMAIN;
	scene_says("dmarc", &scene, "");
	scene_says("nomail-trio", &scene, "notice: the domain takes no mail, but no DMARC policy of reject is in force for it");
	dmarc->at = scene.domain;
	dmarc->valid = true;
	dmarc->policy = DMARC_QUARANTINE;
	scene_says("nomail-trio", &scene, "notice: the domain takes no mail, but no DMARC policy of reject is in force for it");
	dmarc->policy = DMARC_REJECT;
	scene_says("nomail-trio", &scene, "");
	spf->open_end = true; /* nomail-trio asks for -all */
	scene_says("spf", &scene, "");
	spf->exactly_none = false;
	spf->has_a = true; /* of a domain without an address */
	scene_says("null-but-sends", &scene, "");
	scene_close(&scene);
	spf = open_spf(&scene, "0 .", "exempel.com 5.9.0.1");
	spf->authorises = false;
	spf->has_a = true;
	scene_says("null-but-sends", &scene, "warning: exempel.com takes no mail, but its SPF record lets servers send");
	scene_close(&scene);
	open_spf(&scene, SET, HOSTS);
	scene_says("null-but-sends", &scene, "");
	scene_says("nomail-trio", &scene, "");
	scene_close(&scene);
}

/* Where SPF says that nobody sends, a null MX is missing; else it is the servers' names that are. */
static void should_be_null__takes_the_place_of__implicit_mx(void **state)
{
	struct scene scene;
	struct spf_facts *spf = open_spf(&scene, "", "exempel.com 5.9.0.1");

	(void)state;
	spf->authorises = false;
	scene_says("implicit-mx", &scene, "warning: no MX record: mail goes to the address of exempel.com itself");
	scene_says("should-be-null", &scene, "");
	spf->exactly_none = true;
	scene_says("implicit-mx", &scene, "");
	scene_says("should-be-null", &scene,
		"notice: exempel.com sends no mail (SPF -all) and has no MX record, but an address: mail still goes there");
	scene_close(&scene);
	spf = open_spf(&scene, "", "exempel.com");
	spf->exactly_none = true;
	scene_says("should-be-null", &scene, "");
	scene_close(&scene);
}

static void ptr__is__missing_or_leads_elsewhere(void **state)
{
	struct ptr_facts *ptr;
	struct scene scene;

	(void)state;
	scene_open(&scene, SET, HOSTS);
	scene_says("no-ptr", &scene, "");
	ptr = facts_ptr_add(&scene.facts, &scene.facts.host[0].addr[0]);
	ptr->ptr = ANSWER_NXDOMAIN;
	scene_says("no-ptr", &scene, "notice: the address 5.9.0.1 of mx1.exempel.com has no name (PTR)");
	scene_says("fcrdns", &scene, "");
	ptr->ptr = ANSWER_SERVFAIL;
	scene_says("no-ptr", &scene, "");
	ptr->ptr = ANSWER_DATA;
	ptr->n = 1;
	assert_true(dname_parse(&ptr->name[0], "static.exempel.org", NULL));
	scene_says("fcrdns", &scene, "");
	ptr->back = FACT_YES;
	scene_says("fcrdns", &scene, "");
	ptr->back = FACT_NO;
	scene_says("no-ptr", &scene, "");
	scene_says("fcrdns", &scene,
		"notice: the address 5.9.0.1 of mx1.exempel.com is named static.exempel.org, which does not have this address");
	ptr->more = 1; /* a name that was not kept may lead back */
	scene_says("fcrdns", &scene, "");
	scene_close(&scene);
	scene_open(&scene, "1 smtp.google.com", "smtp.google.com 5.9.0.1");
	facts_ptr_add(&scene.facts, &scene.facts.host[0].addr[0])->ptr = ANSWER_NXDOMAIN;
	scene_says("no-ptr", &scene, ""); /* the hoster's business */
	scene_close(&scene);
}

static void dangling__takes_the_place_of__target_nxdomain(void **state)
{
	struct registered_facts *registered;
	struct dname name;
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.org", "mx1.exempel.org !");
	scene_says("dangling", &scene, "");
	scene_says("target-nxdomain", &scene, "error: mx1.exempel.org does not exist");
	assert_true(dname_parse(&name, "exempel.org", NULL));
	registered = facts_registered_add(&scene.facts, &name);
	registered->exists = FACT_YES;
	scene_says("dangling", &scene, "");
	registered->exists = FACT_NO;
	scene_says("dangling", &scene,
		"error: mx1.exempel.org lies in exempel.org, which is not in the DNS: if nobody has registered it, whoever does gets the mail");
	scene_says("target-nxdomain", &scene, "");
	assert_true(dname_parse(&scene.domain, "org", NULL)); /* a registry's own mail: the name is its own to give */
	scene_says("dangling", &scene, "");
	scene_says("target-nxdomain", &scene, "error: mx1.exempel.org does not exist");
	scene_close(&scene);
}

/* A host that stands there twice is told of once, and taken out where another stays. */
static void dangling__offers__to_take_the_host_out(void **state)
{
	const struct check *check = check_find("dangling");
	struct findings out = { 0 };
	struct dname name;
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.org|20 mx1.exempel.org|30 mx2.exempel.com", "mx1.exempel.org !");
	assert_true(dname_parse(&name, "exempel.org", NULL));
	facts_registered_add(&scene.facts, &name)->exists = FACT_NO;
	check->run(check, &scene.in, &out);
	assert_int_equal(out.n, 1);
	assert_string_equal(out.finding[0].fix, "remove mx1.exempel.org");
	findings_release(&out);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spf__tells__the_first_fault),
		cmocka_unit_test(mx_limit__is_told__once),
		cmocka_unit_test(spf_mx__compares__addresses),
		cmocka_unit_test(spf_mx__compares__sixty_four_records),
		cmocka_unit_test(spf_include__is__the_hosters),
		cmocka_unit_test(too_many__is_worse__where_spf_says_mx),
		cmocka_unit_test(dmarc__is__one_that_can_be_read),
		cmocka_unit_test(null_mx__goes_with__spf_and_dmarc),
		cmocka_unit_test(should_be_null__takes_the_place_of__implicit_mx),
		cmocka_unit_test(ptr__is__missing_or_leads_elsewhere),
		cmocka_unit_test(dangling__takes_the_place_of__target_nxdomain),
		cmocka_unit_test(dangling__offers__to_take_the_host_out),
	};

	return cmocka_run_group_tests_name("authors", tests, NULL, NULL);
}
