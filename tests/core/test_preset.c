/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/preset.h"
#include "sets.h"

/* What stands for {t} in the tests. */
static const char *value_for(const struct preset *preset)
{
	return preset_is_complete(preset) ? NULL : "k7-x";
}

static void preset_recognise__knows__its_own_sets(void **state)
{
	struct mxset set = { 0 };
	char text[DNAME_TEXT_MAX];
	struct err err;

	(void)state;
	assert_null(preset_recognise(&set));
	for (const struct preset *p = presets; p->name; p++) {
		assert_true(*p->title && p->mx[0].host && *p->source && strlen(p->date) == 7);
		assert_int_equal(preset_is_complete(p), p->variable == NULL);
		assert_non_null(preset_owner(p));
		assert_string_equal(preset_owner(p)->owner, preset_owner(p)->name);
		assert_ptr_equal(preset_find(p->name), p);
		mxset_release(&set);
		set.ttl_s = 77;
		assert_true(preset_fill(p, value_for(p), &set, &err));
		assert_int_equal(set.ttl_s, 77);
		for (size_t i = 0; i < set.n; i++) {
			assert_true(set.mx[i].host.len > 0);
			assert_null(strchr(mx_host_text(&set.mx[i], text), '{'));
			assert_int_equal(p->mx[preset_place(p, &set.mx[i].host)].preference, set.mx[i].preference);
		}
		assert_ptr_equal(preset_recognise(&set), p);
	}
	assert_null(preset_find("nobody"));
	mxset_release(&set);
}

/* The row of a set, and the hoster. */
static void preset_recognise__names__the_hoster(void **state)
{
	static const struct {
		const char *set, *row, *hoster; /* row NULL: none */
	} cases[] = {
		{ "60 10 inbound-smtp.eu-west-1.amazonaws.com", "ses", "ses" },
		{ "60 0 exempel-com.k-v1.mx.microsoft", "microsoft365-dnssec", "microsoft365" },
		{ "60 0 .mx.microsoft", NULL, NULL },
		{ "60 0 whatever.mail.protection.outlook.com", "microsoft365", "microsoft365" },
		{ "60 0 a.mail.protection.outlook.com 5 a.k-v1.mx.microsoft", "microsoft365", "microsoft365" },
		{ "60 0 a.mail.eo.outlook.com", "microsoft365", "microsoft365" },
		{ "60 1 aspmx.l.google.com 5 alt1.aspmx.l.google.com", "google-legacy", "google" },
		{ "60 1 aspmx.l.google.com 5 smtp.google.com", "google-legacy", "google" },
		{ "60 1 aspmx.l.google.com 10 aspmx2.googlemail.com", "google-legacy", "google" },
		{ "60 1 smtp.google.com 15 abc.mx-verification.google.com", "google", "google" },
		{ "60 1 smtp.google.com 32767 ms12345.msv1.invalid", "google", "google" },
		{ "60 32767 ms12345.msv1.invalid", NULL, NULL },
		{ "60 1 smtp.google.com 10 mx.zoho.com", NULL, NULL },
		{ "60 1 smtp.google.com 10 mx.exempel.com", NULL, NULL },
		{ "60 1 smtp.google.com.exempel.com", NULL, NULL },
		{ "60 1 notsmtp.google.com", NULL, NULL },
		{ "60 10 mx.zoho.eu 20 mx2.zoho.com", "zoho-eu", "zoho" },
		{ "60 10 mx4.zoho.com", "zoho", "zoho" },
		{ "60 1 mx1.mail.ovh.net", "ovh", "ovh" },
		{ "60 1 mx0.mail.ovh.net", "ovh-mx0", "ovh" },
		{ "60 10 mx1-x.atmailcloud.com 20 mx2-y.atmailcloud.com", "atmail", "atmail" },
		{ "60 10 d1.a.ess.de.barracudanetworks.com", "barracuda", "barracuda" },
		{ "60 10 eu-smtp-inbound-1.mimecast.com", "mimecast", "mimecast" },
		{ "60 0 .", "no-mail", "no-mail" },
		{ "60 10 -", NULL, NULL },
	};
	struct mxset set = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct preset *row;

		set_from(&set, cases[i].set);
		row = preset_recognise(&set);
		if (!cases[i].row) {
			assert_null(row);
			continue;
		}
		if (!row)
			fail_msg("%s is nobody's", cases[i].set);
		assert_string_equal(row->name, cases[i].row);
		assert_string_equal(preset_owner(row)->name, cases[i].hoster);
	}
	mxset_release(&set);
}

static void expect_same(const struct preset_sieve *sieve, const struct dname *host)
{
	assert_ptr_equal(preset_of_sieved(sieve, host), preset_of(host));
}

/* Whoever is in the table passes, and all names below; of others nearly none does. */
static void preset_sieve__keeps__whom_the_table_has(void **state)
{
	struct preset_sieve sieve;
	struct mxset set = { 0 };
	unsigned bits = 0;
	char text[64];
	struct dname host;
	struct err err;

	(void)state;
	preset_sieve_build(&sieve);
	for (const struct preset *p = presets; p->name; p++) {
		assert_true(preset_fill(p, value_for(p), &set, &err));
		for (size_t i = 0; i < set.n; i++) {
			assert_non_null(preset_of(&set.mx[i].host));
			expect_same(&sieve, &set.mx[i].host);
		}
		assert_ptr_equal(preset_recognise_sieved(&sieve, &set), preset_recognise(&set));
		for (size_t i = 0; i < PRESET_UNDER && p->under[i]; i++) {
			snprintf(text, sizeof(text), "some.%s", p->under[i]);
			assert_true(strlen(p->under[i]) >= 6);
			assert_true(dname_parse(&host, text, NULL) && preset_of(&host));
			expect_same(&sieve, &host);
			assert_true(dname_parse(&host, p->under[i], NULL));
			expect_same(&sieve, &host);
		}
	}
	for (size_t i = 0; i < 4; i++)
		for (uint64_t rest = sieve.ends[i]; rest; rest &= rest - 1)
			bits++;
	assert_in_range(bits, 20, 128); /* half of it would let half of all hosts pass */
	assert_true(dname_parse(&host, "mx1.exempel.com", NULL));
	expect_same(&sieve, &host);
	expect_same(&sieve, &(struct dname){ 0 });
	mxset_release(&set);
}

static void preset_retired__knows__names_of_old(void **state)
{
	static const struct {
		const char *host, *service; /* NULL: not one */
		bool ended;
	} cases[] = {
		{ "aspmx2.googlemail.com", "Google Workspace", false },
		{ "x.googlemail.com", NULL, false },
		{ "aspmx.l.google.com", NULL, false },
		{ "exempel-com.mail.eo.outlook.com", "Microsoft 365", false },
		{ "exempel-com.mail.protection.outlook.com", NULL, false },
		{ "exempel.com.s7a1.psmtp.com", "Postini", true },
		{ "psmtp.com.exempel.com", NULL, false },
		{ "p01c11m001.mxlogic.net", "McAfee SaaS Email Protection (MX Logic)", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct preset_retired *retired;
		struct dname host;

		assert_true(dname_parse(&host, cases[i].host, NULL));
		retired = preset_retired(&host);
		assert_int_equal(retired != NULL, cases[i].service != NULL);
		if (!retired)
			continue;
		assert_string_equal(retired->service, cases[i].service);
		assert_int_equal(retired->ended, cases[i].ended);
	}
}

static void preset__names__its_kinds_and_sureness(void **state)
{
	(void)state;
	assert_string_equal(preset_kind_name(preset_find("google")->kind), "mailbox");
	assert_string_equal(preset_kind_name(preset_find("mimecast")->kind), "filter");
	assert_string_equal(preset_kind_name(preset_find("improvmx")->kind), "forward");
	assert_string_equal(preset_kind_name(preset_find("mailgun")->kind), "program");
	assert_string_equal(preset_kind_name(preset_find("ses-bounce")->kind), "bounce");
	assert_string_equal(preset_kind_name(preset_find("no-mail")->kind), "none");
	assert_string_equal(preset_sure_name(preset_find("google")->sure), "published");
	assert_string_equal(preset_sure_name(preset_find("tuta")->sure), "seen");
	assert_string_equal(preset_sure_name(preset_find("cisco")->sure), "memory");
}

/* As the hosters publish them. */
static const struct {
	const char *name, *records;
} published[] = {
	{ "google", "1 smtp.google.com" },
	{ "google-legacy",
		"1 aspmx.l.google.com 5 alt1.aspmx.l.google.com 5 alt2.aspmx.l.google.com 10 alt3.aspmx.l.google.com 10 alt4.aspmx.l.google.com" },
	{ "microsoft365", "0 {t}.mail.protection.outlook.com" },
	{ "microsoft365-dnssec", "0 {t}.mx.microsoft" },
	{ "outlook", "0 {t}.pamx1.hotmail.com" },
	{ "fastmail", "10 in1-smtp.messagingengine.com 20 in2-smtp.messagingengine.com" },
	{ "proton", "10 mail.protonmail.ch 20 mailsec.protonmail.ch" },
	{ "zoho", "10 mx.zoho.com 20 mx2.zoho.com 50 mx3.zoho.com" },
	{ "zoho-eu", "10 mx.zoho.eu 20 mx2.zoho.eu 50 mx3.zoho.eu" },
	{ "zoho-in", "10 mx.zoho.in 20 mx2.zoho.in 50 mx3.zoho.in" },
	{ "zoho-au", "10 mx.zoho.com.au 20 mx2.zoho.com.au 50 mx3.zoho.com.au" },
	{ "zoho-jp", "10 mx.zoho.jp 20 mx2.zoho.jp 50 mx3.zoho.jp" },
	{ "icloud", "10 mx01.mail.icloud.com 10 mx02.mail.icloud.com" },
	{ "migadu", "10 aspmx1.migadu.com 20 aspmx2.migadu.com" },
	{ "mailbox", "10 mxext1.mailbox.org 10 mxext2.mailbox.org 20 mxext3.mailbox.org" },
	{ "tuta", "10 mail.tutanota.de" },
	{ "infomaniak", "5 mta-gw.infomaniak.ch" },
	{ "gandi", "10 spool.mail.gandi.net 50 fb.mail.gandi.net" },
	{ "ovh", "1 mx1.mail.ovh.net 5 mx2.mail.ovh.net 100 mx3.mail.ovh.net" },
	{ "ovh-mx0", "1 mx0.mail.ovh.net 5 mx1.mail.ovh.net 50 mx2.mail.ovh.net 100 mx3.mail.ovh.net" },
	{ "ionos", "10 mx00.ionos.com 10 mx01.ionos.com" },
	{ "ionos-de", "10 mx00.ionos.de 10 mx01.ionos.de" },
	{ "ionos-uk", "10 mx00.ionos.co.uk 10 mx01.ionos.co.uk" },
	{ "ionos-es", "10 mx00.ionos.es 10 mx01.ionos.es" },
	{ "ionos-fr", "10 mx00.ionos.fr 10 mx01.ionos.fr" },
	{ "yandex", "10 mx.yandex.net" },
	{ "rackspace", "10 mx1.emailsrvr.com 20 mx2.emailsrvr.com" },
	{ "pobox", "10 mx-1.rightbox.com 10 mx-2.rightbox.com 10 mx-3.rightbox.com" },
	{ "godaddy", "0 smtp.secureserver.net 10 mailstore1.secureserver.net" },
	{ "titan", "10 mx1.titan.email 20 mx2.titan.email" },
	{ "flock", "10 mx1.flockmail.com 20 mx2.flockmail.com" },
	{ "namecheap", "10 mx1.privateemail.com 10 mx2.privateemail.com" },
	{ "hostinger", "5 mx1.hostinger.com 10 mx2.hostinger.com" },
	{ "atmail", "10 mx1-{t}.atmailcloud.com 20 mx2-{t}.atmailcloud.com" },
	{ "forwardemail", "0 mx1.forwardemail.net 0 mx2.forwardemail.net" },
	{ "improvmx", "10 mx1.improvmx.com 20 mx2.improvmx.com" },
	{ "simplelogin", "10 mx1.simplelogin.co 20 mx2.simplelogin.co" },
	{ "cloudflare", "10 route1.mx.cloudflare.net 20 route2.mx.cloudflare.net 30 route3.mx.cloudflare.net" },
	{ "mailgun", "10 mxa.mailgun.org 10 mxb.mailgun.org" },
	{ "sendgrid", "10 mx.sendgrid.net" },
	{ "postmark", "10 inbound.postmarkapp.com" },
	{ "ses", "10 inbound-smtp.{t}.amazonaws.com" },
	{ "ses-bounce", "10 feedback-smtp.{t}.amazonses.com" },
	{ "wordpress", "1 smtp-fwd.wordpress.com" },
	{ "mimecast", "10 {t}-smtp-inbound-1.mimecast.com 10 {t}-smtp-inbound-2.mimecast.com" },
	{ "proofpoint", "10 mxa-{t}.gslb.pphosted.com 10 mxb-{t}.gslb.pphosted.com" },
	{ "barracuda", "10 {t}a.ess.barracudanetworks.com 10 {t}b.ess.barracudanetworks.com" },
	{ "hornetsecurity", "10 mx01.hornetsecurity.com 20 mx02.hornetsecurity.com 30 mx03.hornetsecurity.com 40 mx04.hornetsecurity.com" },
	{ "cisco", "10 mx1.{t}.iphmx.com 20 mx2.{t}.iphmx.com" },
	{ "no-mail", "0 ." },
};

static void presets__are__what_the_hosters_publish(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct preset *p = presets; p->name; p++, n++) {
		char text[400];
		int at = 0;

		assert_true(n < sizeof(published) / sizeof(*published));
		for (size_t i = 0; i < PRESET_MX && p->mx[i].host; i++)
			at += snprintf(text + at, sizeof(text) - (size_t)at, "%s%u %s", i ? " " : "", (unsigned)p->mx[i].preference,
				p->mx[i].host);
		assert_string_equal(p->name, published[n].name);
		assert_string_equal(text, published[n].records);
	}
	assert_int_equal(n, sizeof(published) / sizeof(*published));
}

static void preset_like__finds__one_wrong_letter(void **state)
{
	static const struct {
		const char *host, *name, *meant;
	} cases[] = {
		{ "smtp.gogle.com", "google", "smtp.google.com" },
		{ "smtp.gooogle.com", "google", "smtp.google.com" },
		{ "aspmx.1.google.com", "google-legacy", "aspmx.l.google.com" },
		{ "SMTP.GOOGEL.COM", "google", "smtp.google.com" },
		{ "exempel-se.mail.protecton.outlook.com", "microsoft365", "exempel-se.mail.protection.outlook.com" },
		{ "a.b.mail.protecton.outlook.com", NULL, NULL },
		{ "smtp.google.com", NULL, NULL },
		{ "exempel-com.mail.protection.outlook.com", NULL, NULL },
		{ "smtp.ggle.com", NULL, NULL },
		{ "mx1.exempel.com", NULL, NULL },
		{ "mail", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char meant[DNAME_TEXT_MAX] = "";
		struct dname host;
		const struct preset *of;

		assert_true(dname_parse(&host, cases[i].host, NULL));
		of = preset_like(&host, meant);
		if (!cases[i].name) {
			assert_null(of);
			continue;
		}
		assert_non_null(of);
		assert_string_equal(of->name, cases[i].name);
		assert_string_equal(meant, cases[i].meant);
	}
}

/* Which rows are regions of one hoster, and which hoster gives preferences of its own. */
static void presets__have__the_flags_of_few(void **state)
{
	static const char *const regions[] = { "zoho", "zoho-eu", "zoho-in", "zoho-au", "zoho-jp", "ionos", "ionos-de", "ionos-uk",
		"ionos-es", "ionos-fr" };
	size_t n = 0;

	(void)state;
	for (const struct preset *p = presets; p->name; p++) {
		bool region = n < sizeof(regions) / sizeof(*regions) && !strcmp(p->name, regions[n]);

		n += region;
		assert_int_equal(p->flags, region ? PRESET_REGION : strcmp(p->name, "cloudflare") ? 0 : PRESET_ANY_RANK);
	}
	assert_int_equal(n, sizeof(regions) / sizeof(*regions));
}

/* {t} is what was given, a whole host too; without it nothing is filled in. */
static void preset_fill__asks__for_what_it_cannot_know(void **state)
{
	static const struct {
		const char *preset, *value, *set, *says; /* set NULL: refused */
	} cases[] = {
		{ "atmail", "x1", "60 10 mx1-x1.atmailcloud.com 20 mx2-x1.atmailcloud.com", NULL },
		{ "atmail", "x", "60 10 mx1-x.atmailcloud.com 20 mx2-x.atmailcloud.com", NULL },
		{ "atmail", "mx2-x1.atmailcloud.com", "60 10 mx1-x1.atmailcloud.com 20 mx2-x1.atmailcloud.com", NULL },
		{ "microsoft365", "exempel-com", "60 0 exempel-com.mail.protection.outlook.com", NULL },
		{ "microsoft365", "exempel-com.mail.protection.outlook.com", "60 0 exempel-com.mail.protection.outlook.com", NULL },
		{ "microsoft365-dnssec", "exempel-com.k-v1", "60 0 exempel-com.k-v1.mx.microsoft", NULL },
		{ "fastmail", NULL, "60 10 in1-smtp.messagingengine.com 20 in2-smtp.messagingengine.com", NULL },
		{ "microsoft365", NULL, NULL,
			"the hosts of Microsoft 365 differ from customer to customer: write \"preset microsoft365 tenant=VALUE\"" },
		{ "ses", "", NULL, "the hosts of Amazon SES differ from customer to customer: write \"preset ses region=VALUE\"" },
		{ "ses", "a b", NULL, "\"a b\" cannot stand in a host's name as region" },
		{ "ses", "a..b", NULL, "\"a..b\" cannot stand in a host's name as region" },
		{ "fastmail", "x", NULL, "the preset \"fastmail\" takes no value" },
	};
	struct mxset set = { 0 };
	char out[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = { 0 };
		struct str says;

		set_from(&set, "60 1 old.test");
		str_init(&says, 0);
		assert_int_equal(preset_fill(preset_find(cases[i].preset), cases[i].value, &set, &err), cases[i].set != NULL);
		if (cases[i].set) {
			assert_string_equal(set_text(&set, out), cases[i].set);
		} else {
			assert_string_equal(set_text(&set, out), "60 1 old.test");
			assert_int_equal(err.code, ERR_USAGE);
			err_format(&err, NULL, &says);
			assert_string_equal(says.s, cases[i].says);
		}
		str_release(&says);
	}
	mxset_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(preset_recognise__knows__its_own_sets),
		cmocka_unit_test(preset_like__finds__one_wrong_letter),
		cmocka_unit_test(presets__are__what_the_hosters_publish),
		cmocka_unit_test(presets__have__the_flags_of_few),
		cmocka_unit_test(preset_recognise__names__the_hoster),
		cmocka_unit_test(preset_sieve__keeps__whom_the_table_has),
		cmocka_unit_test(preset_retired__knows__names_of_old),
		cmocka_unit_test(preset__names__its_kinds_and_sureness),
		cmocka_unit_test(preset_fill__asks__for_what_it_cannot_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
