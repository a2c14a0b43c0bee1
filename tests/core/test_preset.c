/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/preset.h"
#include "sets.h"

static void preset_recognise__knows__its_own_sets(void **state)
{
	struct dname domain;
	struct mxset set = { 0 };
	char text[DNAME_TEXT_MAX];

	(void)state;
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	assert_null(preset_recognise(&set, &domain));
	for (const struct preset *p = presets; p->name; p++) {
		assert_true(*p->title && p->mx[0].host);
		assert_ptr_equal(preset_find(p->name), p);
		mxset_release(&set);
		set.ttl_s = 77;
		preset_fill(p, &domain, &set);
		assert_int_equal(set.ttl_s, 77);
		assert_int_equal(set.n > 0, preset_is_complete(p));
		for (size_t i = 0; i < set.n; i++) {
			assert_true(set.mx[i].host.len > 0);
			assert_null(strchr(mx_host_text(&set.mx[i], text), '{'));
		}
		if (set.n && strcmp(p->name, "ovh-mx0") != 0)
			assert_ptr_equal(preset_recognise(&set, &domain), p);
	}
	set_from(&set, "60 10 inbound-smtp.eu-west-1.amazonaws.com");
	assert_string_equal(preset_recognise(&set, &domain)->name, "ses");
	set_from(&set, "60 0 exempel-com.k-v1.mx.microsoft");
	assert_string_equal(preset_recognise(&set, &domain)->name, "microsoft365-dnssec");
	set_from(&set, "60 0 .mx.microsoft");
	assert_null(preset_recognise(&set, &domain));
	set_from(&set, "60 1 smtp.google.com 10 mx.zoho.com");
	assert_null(preset_recognise(&set, &domain));
	assert_null(preset_find("nobody"));
	mxset_release(&set);
}

/* As the hosters publish them. */
static void presets__are__what_the_hosters_publish(void **state)
{
	static const struct {
		const char *name, *records;
	} rows[] = {
		{ "google", "1 smtp.google.com" },
		{ "google-legacy",
			"1 aspmx.l.google.com 5 alt1.aspmx.l.google.com 5 alt2.aspmx.l.google.com 10 alt3.aspmx.l.google.com 10 alt4.aspmx.l.google.com" },
		{ "microsoft365", "0 {d}.mail.protection.outlook.com" },
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
		{ "no-mail", "0 ." },
	};
	size_t n = 0;

	(void)state;
	for (const struct preset *p = presets; p->name; p++, n++) {
		char text[400];
		int at = 0;

		assert_true(n < sizeof(rows) / sizeof(*rows));
		for (size_t i = 0; i < PRESET_MX && p->mx[i].host; i++)
			at += snprintf(text + at, sizeof(text) - (size_t)at, "%s%u %s", i ? " " : "", (unsigned)p->mx[i].preference,
				p->mx[i].host);
		assert_string_equal(p->name, rows[n].name);
		assert_string_equal(text, rows[n].records);
	}
	assert_int_equal(n, sizeof(rows) / sizeof(*rows));
}

static void preset_fill__puts__the_domain_in(void **state)
{
	struct preset own = { "own", "Own", NULL, { { 5, "{D}.mx.test" }, { 5, "a-{d}.mx.test" } } };
	struct mxset set = { 0 };
	struct dname domain;
	char out[4096];

	(void)state;
	assert_true(dname_parse(&domain, "post.exempel-2.com", NULL));
	set_from(&set, "60 1 old.test");
	preset_fill(&own, &domain, &set);
	assert_string_equal(set_text(&set, out), "60 5 a-post-exempel-2-com.mx.test 5 post.exempel-2.com.mx.test");
	preset_fill(preset_find("atmail"), &domain, &set); /* only the customer knows its hosts: nothing is put in their place */
	assert_int_equal(set.n, 2);
	set_from(&set, "60 10 mx1-x.atmailcloud.com 20 mx2-y.atmailcloud.com");
	assert_string_equal(preset_recognise(&set, &domain)->name, "atmail");
	set_from(&set, "60 10 mx1-.atmailcloud.com 20 mx2-y.atmailcloud.com");
	assert_null(preset_recognise(&set, &domain));
	set_from(&set, "60 0 post-exempel--2-com.mail.protection.outlook.com");
	assert_null(preset_recognise(&set, &domain));
	set_from(&set, "60 0 post-exempel-2-com.mail.protection.outlook.com");
	assert_string_equal(preset_recognise(&set, &domain)->name, "microsoft365");
	mxset_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(preset_recognise__knows__its_own_sets),
		cmocka_unit_test(presets__are__what_the_hosters_publish),
		cmocka_unit_test(preset_fill__puts__the_domain_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
