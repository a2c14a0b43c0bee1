/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPF records and what they include, counted as RFC 7208 does, in worlds of zone text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/survey.h"

static struct survey *running;
static unsigned early; /* times that a result was told before all was answered that it needs */

static void moved(void *data, bool finished)
{
	const struct facts *facts = data;

	(void)finished;
	early += running && survey_finding(running, NEEDS_SPF) && facts->spf.result != SPF_UNKNOWN;
}

struct row {
	const char *records; /* of exempel.com */
	enum spf_result result;
	unsigned problems, lookups, voids;
	const char *said; /* 'm' has_mx, 'a' has_a, 'y' authorises, '0' exactly none, then the qualifier of "all", or 'o' open end */
	const char *detail;
};

static void look(struct app *app, const char *records, struct facts *facts)
{
	struct dname name;
	char text[8192];

	snprintf(text, sizeof(text), "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns h 1 2 3 4 5\n%s", records);
	zoneworld_free(app->world);
	app->world = zoneworld_new();
	assert_true(zoneworld_add(app->world, "exempel.com", text, strlen(text), NULL));
	assert_true(dname_parse(&name, "exempel.com", NULL));
	facts_init(facts, &name);
	running = survey_start(app, &(struct survey_want){ facts, NULL, NEEDS_SPF }, moved, facts);
	assert_int_equal(facts->spf.txt, ANSWER_PENDING);
	survey_wait(app, running, 5000);
	survey_free(running);
	running = NULL;
	assert_int_equal(early, 0);
}

#define T(text) "@ TXT \"v=spf1 " text "\"\nw A 192.0.2.1\nw6 AAAA 2001:db8::1\n"
#define W ".exempel.com"
#define L17 "xxxxxxxxxxxxxxxxx"
#define L119 L17 L17 L17 L17 L17 L17 L17

static const struct row rows[] = {
	{ "", SPF_NONE, 0, 0, 0, "", "" },
	{ "@ TXT other\n", SPF_NONE, 0, 0, 0, "", "" },
	{ T("-all"), SPF_OK, 0, 0, 0, "0-", "" },
	{ T("-alm"), SPF_PERMERROR, SPF_SYNTAX, 0, 0, "o", "-alm" },
	{ T("~all"), SPF_OK, 0, 0, 0, "~", "" },
	{ T("+all"), SPF_OK, 0, 0, 0, "y+", "" },
	{ T("ip4:192.0.2.1 -all"), SPF_OK, 0, 0, 0, "y-", "" },
	{ T("-ip4:192.0.2.1 ?all"), SPF_OK, 0, 0, 0, "?", "" },
	/* its own set lets nobody send where that is null, or is to be */
	{ T("mx -all") "@ MX 10 w\n", SPF_OK, 0, 1, 0, "m-", "" },
	{ T("mx:exempel.com -all") "@ MX 10 w\n", SPF_OK, 0, 1, 0, "m-", "" },
	{ T("mx -all") "@ MX 0 .\n", SPF_OK, 0, 1, 0, "m-", "" },
	{ T("mx -all"), SPF_OK, 0, 1, 1, "m-", "" },
	{ T("a -all") "@ A 192.0.2.1\n", SPF_OK, 0, 1, 0, "ay-", "" },
	{ T("a -all") "@ AAAA 2001:db8::1\n", SPF_OK, 0, 1, 0, "ay-", "" },
	{ T("a -all"), SPF_OK, 0, 1, 1, "a-", "" },
	{ T("a:w" W " a:w6" W " mx:exempel.com ptr exists:w" W " -all") "@ MX 10 w\n", SPF_OK, 0, 5, 0, "my-", "" },
	{ T("exists:%{i}.x.example -all"), SPF_OK, 0, 1, 0, "y-", "" },
	{ T("a:n1" W " a:n2" W " -all"), SPF_OK, 0, 2, 2, "-", "" },
	{ T("a:n1" W " a:n2" W " mx:n3" W " -all"), SPF_PERMERROR, SPF_VOID, 3, 3, "-", "" },
	{ T("include:i" W " -all") "i TXT \"v=spf1 mx:exempel.com a:w" W " +all\"\n@ MX 10 w\n", SPF_OK, 0, 3, 0, "my-", "" },
	{ T("include:i" W " -all"), SPF_PERMERROR, SPF_INCLUDE_NONE, 1, 1, "y-", "" },
	{ T("include:w" W " -all"), SPF_PERMERROR, SPF_INCLUDE_NONE, 1, 1, "y-", "" },
	{ T("include:t" W " -all") "t TXT x\n", SPF_PERMERROR, SPF_INCLUDE_NONE, 1, 0, "y-", "" },
	{ T("include:i" W) "i TXT \"v=spf1 include:exempel.com\"\n", SPF_PERMERROR, SPF_LOOP, 2, 0, "yo", "include:exempel.com" },
	{ T("redirect=i" W) "i TXT \"v=spf1 ip4:192.0.2.1 -all\"\n", SPF_OK, 0, 1, 0, "y-", "" },
	{ T("redirect=i" W) "i TXT \"v=spf1 -all\"\n", SPF_OK, 0, 1, 0, "0-", "" },
	/* however it is written, and whatever stands where nobody looks */
	{ "@ TXT \"V=SPF1  -ALL \"\n", SPF_OK, 0, 0, 0, "0-", "" },
	{ T("exp=e.x.example -all x=1 ip4:192.0.2.1"), SPF_OK, 0, 0, 0, "0-", "" },
	{ T("redirect=i" W) "i TXT \"v=spf1 ~all\"\n", SPF_OK, 0, 1, 0, "~", "" },
	{ T("-ip4:192.0.2.1 redirect=i" W) "i TXT \"v=spf1 -all\"\n", SPF_OK, 0, 1, 0, "-", "" },
	{ T("-include:i" W) "i TXT \"v=spf1 -all\"\n", SPF_OK, 0, 1, 0, "o", "" },
	/* no end: neither there, nor where it is redirected to */
	{ T(""), SPF_OK, 0, 0, 0, "o", "" },
	{ T("ip4:192.0.2.1 exp=x" W), SPF_OK, 0, 0, 0, "yo", "" },
	{ T("redirect=i" W) "i TXT \"v=spf1 ip4:192.0.2.1\"\n", SPF_OK, 0, 1, 0, "yo", "" },
	{ T("include:i" W " ~all") "i TXT \"v=spf1 ip4:192.0.2.1\"\n", SPF_OK, 0, 1, 0, "y~", "" },
	{ T("redirect=%{d}.x.example"), SPF_OK, 0, 1, 0, "", "" },
	/* a redirect or an explanation may stand once (section 6) */
	{ T("redirect=i" W " redirect=i" W) "i TXT \"v=spf1 -all\"\n", SPF_PERMERROR, SPF_SYNTAX, 2, 0, "0-", "" },
	{ T("exp=e.x.example Exp=e.x.example -all"), SPF_PERMERROR, SPF_SYNTAX, 0, 0, "0-", "" },
	{ T("a:192.0.2.1 -all"), SPF_PERMERROR, SPF_SYNTAX, 0, 0, "-", "a:192.0.2.1" },
	{ T("redirect=i" W " ~all"), SPF_OK, 0, 0, 0, "~", "" },
	/* what is included says nothing of all, nor does what that is redirected to */
	{ T("-include:i" W " ?all") "i TXT \"v=spf1 redirect=j" W "\"\nj TXT \"v=spf1 ip4:192.0.2.1 ~all\"\n", SPF_OK, 0, 2, 0, "?", "" },
	{ T("redirect=i" W) "i TXT \"v=spf1 redirect=j" W "\"\nj TXT \"v=spf1 ip4:192.0.2.1 ~all\"\n", SPF_OK, 0, 2, 0, "y~", "" },
	{ T("-include:i" W " ?all") "i TXT \"v=spf1 a:w" W " mx:exempel.com +all\"\n@ MX 10 w\n", SPF_OK, 0, 3, 0, "m?", "" },
	{ T("-mx -a ?all") "@ MX 10 w\n@ A 192.0.2.1\n", SPF_OK, 0, 2, 0, "ma?", "" },
	{ T("-ptr -exists:w" W " ?all"), SPF_OK, 0, 2, 0, "?", "" },
	{ T("?ptr ?all"), SPF_OK, 0, 1, 0, "y?", "" },
	{ T("mx:w" W " a:w" W " -all") "w MX 10 w\n", SPF_OK, 0, 2, 0, "y-", "" },
	{ T("a:x.example -all"), SPF_TEMPERROR, 0, 1, 0, "-", "" },
	{ T("mx:x.example a:n1" W " a:n2" W " a:n3" W " -all"), SPF_PERMERROR, SPF_VOID, 4, 3, "-", "" },
	{ T("oo\\000ps -all"), SPF_PERMERROR, SPF_SYNTAX, 0, 0, "-", "" },
	{ T("oo\\001ps -all"), SPF_PERMERROR, SPF_SYNTAX, 0, 0, "-", "oo\001ps" },
	{ T("x oops -all"), SPF_PERMERROR, SPF_SYNTAX, 0, 0, "-", "x" },
	{ T("oops1 oops2 -all"), SPF_PERMERROR, SPF_SYNTAX, 0, 0, "-", "oops1" },
	{ T(L119 " -all"), SPF_PERMERROR, SPF_SYNTAX, 0, 0, "-", L119 },
	{ T(L119 "x -all"), SPF_PERMERROR, SPF_SYNTAX, 0, 0, "-", "" }, /* too long to be kept */
	{ T("-all mx a:n" W), SPF_OK, 0, 0, 0, "0-", "" },
	{ T("a:w" W " a:w" W " a:w" W " a:w" W " a:w" W " a:w" W " a:w" W " a:w" W " a:w" W " a:w" W), SPF_OK, 0, 10, 0, "yo", "" },
	{ T("a:w" W " a:w" W " a:w" W " a:w" W " a:w" W " a:w" W " a:w" W " a:w" W " a:w" W " a:w" W " mx"), SPF_PERMERROR, SPF_LOOKUPS, 11,
		1, "myo", "mx" },
	{ T("ipv4:192.0.2.1 -all"), SPF_PERMERROR, SPF_SYNTAX, 0, 0, "-", "ipv4:192.0.2.1" },
	{ T("-all oops"), SPF_PERMERROR, SPF_SYNTAX, 0, 0, "0-", "oops" },
	{ T("-all") "@ TXT \"v=spf1 ~all\"\n", SPF_PERMERROR, SPF_TWO_RECORDS, 0, 0, "0-", "" },
	{ T("include:x.example -all"), SPF_TEMPERROR, 0, 1, 0, "y-", "" },
	{ T("mx -all") "@ MX 1 m1\n@ MX 2 m2\n@ MX 3 m3\n@ MX 4 m4\n@ MX 5 m5\n@ MX 6 m6\n@ MX 7 m7\n@ MX 8 m8\n@ MX 9 m9\n@ MX 10 m10\n",
		SPF_OK, 0, 1, 0, "m-", "" },
	{ T("mx -all") "@ MX 1 m1\n@ MX 2 m2\n@ MX 3 m3\n@ MX 4 m4\n@ MX 5 m5\n@ MX 6 m6\n@ MX 7 m7\n@ MX 8 m8\n@ MX 9 m9\n@ MX 10 m10\n@ MX 11 m11\n",
		SPF_PERMERROR, SPF_MX_LIMIT, 1, 0, "m-", "" },
};

static void spf__counts__as_receivers_do(void **state)
{
	struct app_options options = { .demo = true };
	struct app app;

	(void)state;
	unsetenv("XDG_CONFIG_HOME");
	assert_true(app_open(&app, &options, NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct facts facts;
		const struct spf_facts *spf = &facts.spf;
		char said[16], text[400], wanted[400];

		look(&app, rows[i].records, &facts);
		snprintf(said, sizeof(said), "%s%s%s%s%.1s%s", spf->has_mx ? "m" : "", spf->has_a ? "a" : "", spf->authorises ? "y" : "",
			spf->exactly_none ? "0" : "", (char[]){ spf->all, 0 }, spf->open_end ? "o" : "");
		snprintf(text, sizeof(text), "%d %x %u %u %s (%s) of %s", spf->result, spf->problems, spf->lookups, spf->voids, said,
			spf->detail, rows[i].records);
		snprintf(wanted, sizeof(wanted), "%d %x %u %u %s (%s) of %s", rows[i].result, rows[i].problems, rows[i].lookups,
			rows[i].voids, rows[i].said, rows[i].detail, rows[i].records);
		assert_string_equal(text, wanted);
		facts_release(&facts);
	}
	app_close(&app);
}

static void spf__keeps__what_it_includes(void **state)
{
	struct app_options options = { .demo = true };
	struct facts facts;
	char text[DNAME_TEXT_MAX];
	struct app app;

	(void)state;
	assert_true(app_open(&app, &options, NULL));
	look(&app,
		T("include:a" W " include:b" W " ~all") "a TXT \"v=spf1 include:c" W
							" -all\"\nb TXT \"v=spf1 -all\"\nc TXT \"v=spf1 -all\"\n",
		&facts);
	assert_int_equal(facts.spf.n_name, 3);
	assert_string_equal(dname_text(&facts.spf.name[0], text), "a.exempel.com");
	assert_string_equal(dname_text(&facts.spf.name[1], text), "b.exempel.com");
	assert_string_equal(dname_text(&facts.spf.name[2], text), "c.exempel.com");
	assert_string_equal(facts.spf.text, "v=spf1 include:a.exempel.com include:b.exempel.com ~all");
	assert_int_equal(facts.spf.n_record, 1);
	facts_release(&facts);
	app_close(&app);
}

/* Sixteen names are kept; of the terms that ask, as many are followed as may be. */
static void spf__follows__ten_terms(void **state)
{
	struct app_options options = { .demo = true };
	struct facts facts;
	char text[DNAME_TEXT_MAX];
	struct str records;
	struct app app;

	(void)state;
	assert_true(app_open(&app, &options, NULL));
	str_init(&records, 0);
	str_add(&records, "@ TXT \"v=spf1\"");
	for (int i = 1; i <= 18; i++)
		str_addf(&records, " \" include:i%d" W "\"", i);
	str_add(&records, "\nw A 192.0.2.1\n");
	for (int i = 1; i <= 18; i++)
		str_addf(&records, "i%d TXT \"v=spf1 a:w" W " -all\"\n", i);
	look(&app, records.s, &facts);
	assert_int_equal(facts.spf.lookups, 18 + 10);
	assert_int_equal(facts.spf.result, SPF_PERMERROR);
	assert_int_equal(facts.spf.problems, SPF_LOOKUPS);
	assert_string_equal(facts.spf.detail, "include:i11" W);
	assert_int_equal(facts.spf.n_name, SPF_NAMES_MAX);
	assert_string_equal(dname_text(&facts.spf.name[15], text), "i16" W);
	assert_int_equal(facts.spf.more, 2);
	str_release(&records);
	facts_release(&facts);
	app_close(&app);
}

/* Of a long record its beginning is kept. */
static void spf__keeps__as_much_of_the_record_as_fits(void **state)
{
	struct app_options options = { .demo = true };
	struct facts facts;
	struct str records, wanted;
	struct app app;

	(void)state;
	assert_true(app_open(&app, &options, NULL));
	for (size_t len = POLICY_TEXT_MAX - 2; len <= POLICY_TEXT_MAX + 1; len++) {
		bool ends = len > POLICY_TEXT_MAX; /* with a word that is not kept, and obeyed */

		str_init(&records, 0);
		str_init(&wanted, 0);
		str_add(&wanted, "v=spf1 ip4:192.0.2.1");
		while (wanted.len < len)
			str_add(&wanted, " ");
		str_addf(&records, "@ TXT \"%.200s\" \"%.200s\" \"%s%s\"\n", wanted.s, wanted.s + 200, wanted.s + 400, ends ? "~all" : "");
		look(&app, records.s, &facts);
		if (len > POLICY_TEXT_MAX - 1)
			wanted.s[POLICY_TEXT_MAX - 1] = '\0';
		assert_string_equal(facts.spf.text, wanted.s);
		assert_int_equal(facts.spf.all, ends ? '~' : 0);
		assert_true(facts.spf.authorises);
		str_release(&records);
		str_release(&wanted);
		facts_release(&facts);
	}
	app_close(&app);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(spf__counts__as_receivers_do), cmocka_unit_test(spf__keeps__what_it_includes),
		cmocka_unit_test(spf__follows__ten_terms), cmocka_unit_test(spf__keeps__as_much_of_the_record_as_fits) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
