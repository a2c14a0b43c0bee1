/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MTA-STS, TLS reporting and DMARC texts, from bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/str.h"
#include "wire/policytag.h"
#include "wire/policy.h"
#include "../core/names.h"

static struct text text_of(const char *s)
{
	return (struct text){ s, strlen(s) };
}

static void policy__which_records_count(void **state)
{
	static const struct {
		const char *text;
		bool sts, tlsrpt, dmarc;
	} rows[] = {
		{ "v=STSv1; id=1", true, false, false },
		{ "v=STSv1;", true, false, false },
		{ "v = STSv1 ; id=1", true, false, false },
		{ "v=STSv1", true, false, false },
		{ "v=STSv2; id=1", false, false, false },
		{ "V=STSv1; id=1", false, false, false },
		{ " v=STSv1; id=1", false, false, false },
		{ "v=stsv1; id=1", false, false, false },
		{ "id=1; v=STSv1", false, false, false },
		{ "v=TLSRPTv1;rua=mailto:a@b.example", false, true, false },
		{ "v=DMARC1; p=none", false, false, true },
		{ "v=DMARC12; p=none", false, false, false },
		{ "v=spf1 -all", false, false, false },
		{ "", false, false, false },
		{ ";", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(sts_is_record(text_of(rows[i].text)), rows[i].sts);
		assert_int_equal(tlsrpt_is_record(text_of(rows[i].text)), rows[i].tlsrpt);
		assert_int_equal(dmarc_is_record(text_of(rows[i].text)), rows[i].dmarc);
	}
}

static void sts__nearly__a_record(void **state)
{
	static const struct {
		const char *text;
		bool nearly;
	} rows[] = {
		{ "v=STSv1 id=1", true },
		{ "V=stsv1; id=1", true },
		{ " v=STSv1; id=1", true }, /* the blank makes it none */
		{ "  v=STSv1, id=1", true },
		{ "v=STSv1; id=1", false },
		{ "v=STSv1", false },
		{ "v=STSv2; id=1", false },
		{ "v=STS", false },
		{ "\"v=STSv1; id=1\"", true },
		{ "v=spf1 -all", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(sts_is_nearly(text_of(rows[i].text)), rows[i].nearly);
}

static void dmarc__nearly__a_record(void **state)
{
	static const struct {
		const char *text;
		bool nearly;
	} rows[] = {
		{ "v=DMARC1 p=none", true },
		{ "v=dmarc1; p=none", true },
		{ " v=DMARC1; p=none", true },
		{ "\"v=DMARC1; p=none\"", true },
		{ "DMARC1; p=none", true },
		{ "v=DMARC1; p=none", false },
		{ "v=DMARC1", false },
		{ "v=DKIM1; p=x", false },
		{ "v=", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(dmarc_is_nearly(text_of(rows[i].text)), rows[i].nearly);
}

static void sts__record__id(void **state)
{
	static const struct {
		const char *text, *id; /* NULL: not valid */
	} rows[] = {
		{ "v=STSv1; id=20260101T000000Z;", "20260101T000000Z" },
		{ "v=STSv1;id=a", "a" },
		{ "v=STSv1; id=09azAZ", "09azAZ" },
		{ "v=STSv1; id=/", NULL },
		{ "v=STSv1; id=:", NULL },
		{ "v=STSv1; id=@", NULL },
		{ "v=STSv1; id=[", NULL },
		{ "v=STSv1; id=`", NULL },
		{ "v=STSv1; id={", NULL },
		{ "v=STSv1; ext=x; id=9; id=8", "9" },
		{ "v=STSv1; id=12345678901234567890123456789012", "12345678901234567890123456789012" },
		{ "v=STSv1; id=123456789012345678901234567890123", NULL },
		{ "v=STSv1; id=2026-01-01", NULL },
		{ "v=STSv1; id=", NULL },
		{ "v=STSv1; id", NULL },
		{ "v=STSv1; id=1; junk", NULL },
		{ "v=STSv1;", NULL },
		{ "v=STSv1; ID=1", NULL },
		{ "id=1", NULL },
	};
	char id[STS_ID_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(sts_read_record(text_of(rows[i].text), id), rows[i].id != NULL);
		assert_string_equal(id, rows[i].id ? rows[i].id : "");
	}
}

static void tlsrpt__record__rua(void **state)
{
	static const struct {
		const char *text, *rua;
		bool valid;
	} rows[] = {
		{ "v=TLSRPTv1; rua=mailto:tls@a.example", "mailto:tls@a.example", true },
		{ "v=TLSRPTv1;rua=https://a.example/r;", "https://a.example/r", true },
		{ "v=TLSRPTv1; rua=MailTo:tls@a.example,https://a.example/r", "MailTo:tls@a.example,https://a.example/r", true },
		{ "v=TLSRPTv1; rua=HTTPS://a.example/r", "HTTPS://a.example/r", true },
		{ "v=TLSRPTv1; rua=http://a.example/r", "http://a.example/r", false },
		{ "v=TLSRPTv1; rua=", "", false },
		{ "v=TLSRPTv1;", "", false },
		{ "v=TLSRPTv1; rua=mailto:a@b.example; x", "mailto:a@b.example", false },
	};
	char rua[POLICY_URI_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(tlsrpt_read_record(text_of(rows[i].text), rua), rows[i].valid);
		assert_string_equal(rua, rows[i].rua);
	}
}

/* "MODE AGE PROBLEMS PATTERN ..." */
static void shown(const struct sts_policy *policy, struct str *out)
{
	char name[DNAME_TEXT_MAX];

	str_clear(out);
	str_addf(out, "%d %u %x", (int)policy->mode, (unsigned)policy->max_age_s, policy->problems);
	for (size_t i = 0; i < policy->n_mx; i++)
		str_addf(out, " %s%s", policy->mx[i].wildcard ? "*." : "", dname_text(&policy->mx[i].name, name));
}

static void sts__policy__rows(void **state)
{
	static const struct {
		const char *text, *said, *detail;
	} rows[] = {
		{ "version: STSv1\nmode: enforce\nmx: mx1.a.example\nmx: *.b.example\nmax_age: 604800\n",
			"1 604800 0 mx1.a.example *.b.example", "" },
		{ "version: STSv1\r\nmode: testing\r\nmx:MX1.a.example.\r\nmax_age:31557600", "2 31557600 0 mx1.a.example", "" },
		{ "mode: none\nmax_age: 0\nversion:STSv1\nnew: thing\n", "3 0 0", "" },
		{ "", "0 0 f", "" },
		{ "version: STSv2\nmode: enforce\nmx: a.example\nmax_age: 1\n", "1 1 1 a.example", "version: STSv2" },
		{ "version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1\n", "0 1 2 a.example", "mode: Enforce" },
		{ "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 31557601\n", "1 0 4 a.example", "max_age: 31557601" },
		{ "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1d\n", "1 0 4 a.example", "max_age: 1d" },
		{ "version: STSv1\nmode: enforce\nmx: a.example\nmax_age:\n", "1 0 4 a.example", "max_age:" },
		{ "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 00000000001\n", "1 0 4 a.example", "max_age: 00000000001" },
		{ "version: STSv1\nmode: enforce\nmax_age: 1\n", "1 1 8", "" },
		{ "version: STSv1\nmode: enforce\nmx: 192.0.2.1\nmx: [192.0.2.1]\nmx: 2001:db8::1\nmax_age: 1\n", "1 1 18",
			"mx: 192.0.2.1" },
		{ "version: STSv1\nmode: enforce\nmx: a.*.example\nmx: *.*.a.example\nmx: *\nmx: *a.example\nmx: b.example\nmax_age: 1\n",
			"1 1 20 b.example", "mx: a.*.example" },
		{ "version: STSv1\nmode: enforce\nmx: a b\nmx: \nmx: .\nmx: a@b.example\nmx: b.example\nmax_age: 1\n", "1 1 40 b.example",
			"mx: a b" },
		{ "version: STSv1\rmode: enforce\rmx: a.example\rmax_age: 1\r", "0 0 8f",
			"version: STSv1\rmode: enforce\rmx: a.example\rmax_age: 1" },
		{ "version: STSv1\n \nmode: enforce\nmx: a.example\nmax_age: 1\n", "1 1 80 a.example", " " },
		{ "version: STSv1\n\nmode: enforce\nmx: a.example\nmax_age: 1\n", "1 1 0 a.example", "" },
		{ "version : STSv1\nmode: enforce\nmx: a.example\nmax_age: 1\n", "1 1 80 a.example", "version : STSv1" },
		{ "version: STSv1\nhello\nmode: enforce\nmx: a.example\nmax_age: 1\n", "1 1 100 a.example", "hello" },
		{ "version: STSv1\nmode: enforce\nmode: none\nmx: a.example\nmax_age: 1\nmax_age: 2\nversion: STSv1\n", "1 1 200 a.example",
			"mode: none" },
	};
	struct sts_policy policy;
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		sts_read_policy(text_of(rows[i].text), &policy);
		shown(&policy, &out);
		assert_string_equal(out.s, rows[i].said);
		if (!strchr(rows[i].detail, '\r'))
			assert_string_equal(policy.detail, rows[i].detail);
	}
	str_release(&out);
}

static void text_keep__fills__no_more_than_its_room(void **state)
{
	char out[6] = "-----";

	(void)state;
	text_keep((struct text){ "ab\0cd", 5 }, out, 4);
	assert_string_equal(out, "abc");
	assert_int_equal(out[4], '-');
}

static void sts__policy__keeps_what_fits(void **state)
{
	struct sts_policy policy;
	struct str text;

	(void)state;
	str_init(&text, 0);
	str_add(&text, "version: STSv1\nmode: enforce\nnew: x\nmax_age: 1\nlater: y\n");
	for (int i = 0; i < STS_MX_MAX + 3; i++)
		str_addf(&text, "mx: m%d.a.example\n", i);
	sts_read_policy(text_of(text.s), &policy);
	assert_int_equal(policy.n_mx, STS_MX_MAX);
	assert_int_equal(policy.more, 3);
	assert_int_equal(policy.others, 2);
	assert_int_equal(policy.problems, 0);
	str_release(&text);
}

static void sts__covers__one_label(void **state)
{
	static const struct {
		const char *host;
		bool covered;
	} rows[] = { { "mx.a.example", true }, { "a.example", false }, { "x.mx.a.example", false }, { "one.b.example", true },
		{ "b.example", false }, { "two.one.b.example", false } };
	struct sts_policy policy;

	(void)state;
	sts_read_policy(text_of("mx: mx.a.example\nmx: *.b.example\n"), &policy);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct dname host = name_of(rows[i].host);

		assert_int_equal(sts_covers(&policy, &host), rows[i].covered);
	}
}

static void dmarc__record__rows(void **state)
{
	static const struct {
		const char *text;
		bool valid;
		enum dmarc_policy p, sp, np;
		char psd;
		const char *rua;
	} rows[] = {
		{ "v=DMARC1; p=reject; sp=quarantine; np=none; rua=mailto:a@b.example", true, DMARC_REJECT, DMARC_QUARANTINE, DMARC_NONE,
			'u', "mailto:a@b.example" },
		{ "v=DMARC1;p=Reject", true, DMARC_REJECT, DMARC_UNKNOWN, DMARC_UNKNOWN, 'u', "" },
		{ "v=DMARC1", true, DMARC_NONE, DMARC_UNKNOWN, DMARC_UNKNOWN, 'u', "" },
		{ "v=DMARC1; psd=Y", true, DMARC_NONE, DMARC_UNKNOWN, DMARC_UNKNOWN, 'y', "" },
		{ "v=DMARC1; psd=n; P=none", true, DMARC_NONE, DMARC_UNKNOWN, DMARC_UNKNOWN, 'n', "" },
		{ "v=DMARC1; psd=maybe", true, DMARC_NONE, DMARC_UNKNOWN, DMARC_UNKNOWN, 'u', "" },
		{ "v=DMARC1; p=rejekt", false, DMARC_UNKNOWN, DMARC_UNKNOWN, DMARC_UNKNOWN, 'u', "" },
		{ "v=DMARC1; p=rejekt; rua=mailto:a@b.example", true, DMARC_NONE, DMARC_NONE, DMARC_NONE, 'u', "mailto:a@b.example" },
		{ "p=reject", false, DMARC_UNKNOWN, DMARC_UNKNOWN, DMARC_UNKNOWN, 'u', "" },
	};
	struct dmarc_record record;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(dmarc_read_record(text_of(rows[i].text), &record), rows[i].valid);
		assert_int_equal(record.p, rows[i].p);
		assert_int_equal(record.sp, rows[i].sp);
		assert_int_equal(record.np, rows[i].np);
		assert_int_equal(record.psd, rows[i].psd);
		assert_string_equal(record.rua, rows[i].rua);
	}
}

static void dmarc__record__half_a_policy(void **state)
{
	static const struct {
		const char *text;
		bool testing;
		unsigned spared;
	} rows[] = {
		{ "v=DMARC1; p=reject", false, 0 },
		{ "v=DMARC1; p=reject; t=y", true, 0 },
		{ "v=DMARC1; p=reject; T=Y; pct=0", true, 100 },
		{ "v=DMARC1; p=reject; t=n; pct=100", false, 0 },
		{ "v=DMARC1; p=reject; t=yes; pct=25", false, 75 },
		{ "v=DMARC1; p=reject; pct=101", false, 0 },
		{ "v=DMARC1; p=reject; pct=1000", false, 0 },
		{ "v=DMARC1; p=reject; pct=", false, 0 },
		{ "v=DMARC1; p=reject; pct=5%", false, 0 },
	};
	struct dmarc_record record;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_true(dmarc_read_record(text_of(rows[i].text), &record));
		assert_int_equal(record.testing, rows[i].testing);
		assert_int_equal(record.spared, rows[i].spared);
	}
}

static void dmarc__walk__names(void **state)
{
	static const struct {
		const char *domain, *first, *second, *last;
		size_t n;
	} rows[] = {
		{ "a.example", "a.example", "example", "example", 2 },
		{ "example", "example", NULL, "example", 1 },
		{ "a.b.c.d.e.f.g.example", "a.b.c.d.e.f.g.example", "b.c.d.e.f.g.example", "example", 8 },
		{ "a.b.c.d.e.f.g.h.i.example", "a.b.c.d.e.f.g.h.i.example", "d.e.f.g.h.i.example", "example", 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct dname domain = name_of(rows[i].domain);
		struct dname walk[DMARC_WALK_MAX];
		char text[DNAME_TEXT_MAX];
		size_t n = dmarc_walk(&domain, walk);

		assert_int_equal(n, rows[i].n);
		assert_string_equal(dname_text(&walk[0], text), rows[i].first);
		if (rows[i].second)
			assert_string_equal(dname_text(&walk[1], text), rows[i].second);
		assert_string_equal(dname_text(&walk[n - 1], text), rows[i].last);
	}
}

/* One letter a step from the domain up: '-' nothing there, '!' SERVFAIL, '2' two records, 'x' unreadable, else a record by its text. */
static void dmarc__settle__which_record_counts(void **state)
{
	static const struct {
		const char *step[3];
		enum answer txt;
		const char *at; /* "" none */
		enum dmarc_policy policy;
		size_t n_record;
	} rows[] = {
		{ { "v=DMARC1;p=reject;sp=none", "-", "-" }, ANSWER_DATA, "a.b.example", DMARC_REJECT, 1 },
		{ { "-", "v=DMARC1;p=reject", "-" }, ANSWER_DATA, "b.example", DMARC_REJECT, 1 },
		{ { "-", "v=DMARC1;p=reject;sp=quarantine", "-" }, ANSWER_DATA, "b.example", DMARC_QUARANTINE, 1 },
		{ { "-", "-", "-" }, ANSWER_NODATA, "", DMARC_UNKNOWN, 0 },
		/* none counts, and there is something all the same */
		{ { "2", "-", "-" }, ANSWER_DATA, "a.b.example", DMARC_UNKNOWN, 2 },
		{ { "v=DMARC1;p=strict", "-", "-" }, ANSWER_DATA, "a.b.example", DMARC_UNKNOWN, 1 },
		{ { "-", "2", "-" }, ANSWER_DATA, "b.example", DMARC_UNKNOWN, 2 },
		{ { "2", "!", "-" }, ANSWER_SERVFAIL, "a.b.example", DMARC_UNKNOWN, 2 },
		{ { "2", "v=DMARC1;p=reject", "-" }, ANSWER_DATA, "b.example", DMARC_REJECT, 1 },
		{ { "-", "v=DMARC1;p=reject", "v=DMARC1;p=none;psd=y" }, ANSWER_DATA, "b.example", DMARC_REJECT, 1 },
		{ { "-", "-", "v=DMARC1;p=none;psd=y" }, ANSWER_DATA, "example", DMARC_NONE, 1 },
		{ { "-", "v=DMARC1;p=reject", "v=DMARC1;p=none" }, ANSWER_DATA, "example", DMARC_NONE, 1 },
		{ { "-", "v=DMARC1;p=reject;psd=n", "v=DMARC1;p=none" }, ANSWER_DATA, "b.example", DMARC_REJECT, 1 },
		{ { "!", "v=DMARC1;p=reject", "-" }, ANSWER_SERVFAIL, "", DMARC_UNKNOWN, 0 },
		{ { "v=DMARC1;p=reject", "!", "!" }, ANSWER_DATA, "a.b.example", DMARC_REJECT, 1 },
		{ { "-", "!", "-" }, ANSWER_SERVFAIL, "", DMARC_UNKNOWN, 0 },
		{ { "-", "v=DMARC1;p=reject", "!" }, ANSWER_SERVFAIL, "", DMARC_UNKNOWN, 0 },
	};
	const struct dname domain = name_of("a.b.example");
	struct dname walk[DMARC_WALK_MAX];
	char text[DNAME_TEXT_MAX];

	(void)state;
	assert_int_equal(dmarc_walk(&domain, walk), 3);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dmarc_step step[3] = { 0 };
		struct dmarc_facts facts;

		for (size_t k = 0; k < 3; k++) {
			const char *as = rows[i].step[k];

			step[k].answer = *as == '-' ? ANSWER_NODATA : *as == '!' ? ANSWER_SERVFAIL : ANSWER_DATA;
			step[k].n_record = *as == '2' ? 2 : *as == 'v';
			step[k].valid = *as == 'v' && dmarc_read_record(text_of(as), &step[k].record);
		}
		dmarc_settle(walk, step, 3, &facts);
		assert_int_equal(facts.txt, rows[i].txt);
		assert_string_equal(facts.at.len ? dname_text(&facts.at, text) : "", rows[i].at);
		assert_int_equal(facts.policy, rows[i].policy);
		assert_int_equal(facts.n_record, rows[i].n_record);
		assert_int_equal(facts.valid, *rows[i].at != '\0' && rows[i].policy != DMARC_UNKNOWN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy__which_records_count),
		cmocka_unit_test(sts__nearly__a_record),
		cmocka_unit_test(dmarc__nearly__a_record),
		cmocka_unit_test(sts__record__id),
		cmocka_unit_test(tlsrpt__record__rua),
		cmocka_unit_test(sts__policy__rows),
		cmocka_unit_test(text_keep__fills__no_more_than_its_room),
		cmocka_unit_test(sts__policy__keeps_what_fits),
		cmocka_unit_test(sts__covers__one_label),
		cmocka_unit_test(dmarc__record__rows),
		cmocka_unit_test(dmarc__record__half_a_policy),
		cmocka_unit_test(dmarc__walk__names),
		cmocka_unit_test(dmarc__settle__which_record_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
