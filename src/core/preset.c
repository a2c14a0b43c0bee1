/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collected in November 2026 from the hosters' pages and public templates. {t} stands for what only the customer knows. */
#include "core/preset.h"

#include <string.h>

#include "base/i18n.h"
#include "base/str.h"
#include "base/banned.h"

#define TENANT "{t}"

const struct preset presets[] = {
	{ "google", "Google Workspace", NULL, { { 1, "smtp.google.com" } } },
	{ "google-legacy", "Google Workspace (five servers)", N_("Still served; new set-ups use the preset google."),
		{ { 1, "aspmx.l.google.com" }, { 5, "alt1.aspmx.l.google.com" }, { 5, "alt2.aspmx.l.google.com" },
			{ 10, "alt3.aspmx.l.google.com" }, { 10, "alt4.aspmx.l.google.com" } } },
	{ "microsoft365", "Microsoft 365", N_("The name is made from the domain; compare it with the one that the admin centre shows."),
		{ { 0, "{d}.mail.protection.outlook.com" } } },
	{ "microsoft365-dnssec", "Microsoft 365 (mx.microsoft)", N_("The admin centre shows the name, which ends in mx.microsoft."),
		{ { 0, TENANT ".mx.microsoft" } } },
	{ "outlook", "Outlook.com", N_("Outlook.com shows the name when the domain is connected."),
		{ { 0, TENANT ".pamx1.hotmail.com" } } },
	{ "fastmail", "Fastmail", NULL, { { 10, "in1-smtp.messagingengine.com" }, { 20, "in2-smtp.messagingengine.com" } } },
	{ "proton", "Proton Mail", NULL, { { 10, "mail.protonmail.ch" }, { 20, "mailsec.protonmail.ch" } } },
	{ "zoho", "Zoho Mail", N_("For accounts in the United States."),
		{ { 10, "mx.zoho.com" }, { 20, "mx2.zoho.com" }, { 50, "mx3.zoho.com" } } },
	{ "zoho-eu", "Zoho Mail (EU)", NULL, { { 10, "mx.zoho.eu" }, { 20, "mx2.zoho.eu" }, { 50, "mx3.zoho.eu" } } },
	{ "zoho-in", "Zoho Mail (IN)", NULL, { { 10, "mx.zoho.in" }, { 20, "mx2.zoho.in" }, { 50, "mx3.zoho.in" } } },
	{ "zoho-au", "Zoho Mail (AU)", NULL, { { 10, "mx.zoho.com.au" }, { 20, "mx2.zoho.com.au" }, { 50, "mx3.zoho.com.au" } } },
	{ "zoho-jp", "Zoho Mail (JP)", NULL, { { 10, "mx.zoho.jp" }, { 20, "mx2.zoho.jp" }, { 50, "mx3.zoho.jp" } } },
	{ "icloud", "iCloud+", NULL, { { 10, "mx01.mail.icloud.com" }, { 10, "mx02.mail.icloud.com" } } },
	{ "migadu", "Migadu", NULL, { { 10, "aspmx1.migadu.com" }, { 20, "aspmx2.migadu.com" } } },
	{ "mailbox", "mailbox.org", NULL, { { 10, "mxext1.mailbox.org" }, { 10, "mxext2.mailbox.org" }, { 20, "mxext3.mailbox.org" } } },
	{ "tuta", "Tuta", NULL, { { 10, "mail.tutanota.de" } } },
	{ "infomaniak", "Infomaniak", NULL, { { 5, "mta-gw.infomaniak.ch" } } },
	{ "gandi", "Gandi", NULL, { { 10, "spool.mail.gandi.net" }, { 50, "fb.mail.gandi.net" } } },
	{ "ovh", "OVHcloud", N_("OVHcloud has two families of servers: compare with its control panel before pushing."),
		{ { 1, "mx1.mail.ovh.net" }, { 5, "mx2.mail.ovh.net" }, { 100, "mx3.mail.ovh.net" } } },
	{ "ovh-mx0", "OVHcloud (mx0)", N_("OVHcloud has two families of servers: compare with its control panel before pushing."),
		{ { 1, "mx0.mail.ovh.net" }, { 5, "mx1.mail.ovh.net" }, { 50, "mx2.mail.ovh.net" }, { 100, "mx3.mail.ovh.net" } } },
	{ "ionos", "IONOS", N_("For accounts at ionos.com."), { { 10, "mx00.ionos.com" }, { 10, "mx01.ionos.com" } } },
	{ "ionos-de", "IONOS (DE)", NULL, { { 10, "mx00.ionos.de" }, { 10, "mx01.ionos.de" } } },
	{ "ionos-uk", "IONOS (UK)", NULL, { { 10, "mx00.ionos.co.uk" }, { 10, "mx01.ionos.co.uk" } } },
	{ "ionos-es", "IONOS (ES)", NULL, { { 10, "mx00.ionos.es" }, { 10, "mx01.ionos.es" } } },
	{ "ionos-fr", "IONOS (FR)", NULL, { { 10, "mx00.ionos.fr" }, { 10, "mx01.ionos.fr" } } },
	{ "yandex", "Yandex 360", NULL, { { 10, "mx.yandex.net" } } },
	{ "rackspace", "Rackspace Email", NULL, { { 10, "mx1.emailsrvr.com" }, { 20, "mx2.emailsrvr.com" } } },
	{ "pobox", "Pobox", NULL, { { 10, "mx-1.rightbox.com" }, { 10, "mx-2.rightbox.com" }, { 10, "mx-3.rightbox.com" } } },
	{ "godaddy", "GoDaddy Professional Email", NULL, { { 0, "smtp.secureserver.net" }, { 10, "mailstore1.secureserver.net" } } },
	{ "titan", "Titan", NULL, { { 10, "mx1.titan.email" }, { 20, "mx2.titan.email" } } },
	{ "flock", "Flock", NULL, { { 10, "mx1.flockmail.com" }, { 20, "mx2.flockmail.com" } } },
	{ "namecheap", "Namecheap Private Email", NULL, { { 10, "mx1.privateemail.com" }, { 10, "mx2.privateemail.com" } } },
	{ "atmail", "Atmail", N_("The names hold the account's own word; Atmail shows them."),
		{ { 10, "mx1-" TENANT ".atmailcloud.com" }, { 20, "mx2-" TENANT ".atmailcloud.com" } } },
	{ "forwardemail", "Forward Email", NULL, { { 0, "mx1.forwardemail.net" }, { 0, "mx2.forwardemail.net" } } },
	{ "improvmx", "ImprovMX", NULL, { { 10, "mx1.improvmx.com" }, { 20, "mx2.improvmx.com" } } },
	{ "simplelogin", "SimpleLogin", NULL, { { 10, "mx1.simplelogin.co" }, { 20, "mx2.simplelogin.co" } } },
	{ "cloudflare", "Cloudflare Email Routing",
		N_("Cloudflare writes these records itself, with preferences of its own, and keeps them locked."),
		{ { 10, "route1.mx.cloudflare.net" }, { 20, "route2.mx.cloudflare.net" }, { 30, "route3.mx.cloudflare.net" } } },
	{ "mailgun", "Mailgun", NULL, { { 10, "mxa.mailgun.org" }, { 10, "mxb.mailgun.org" } } },
	{ "sendgrid", "SendGrid Inbound Parse", N_("Meant for a subdomain that is used for nothing else."), { { 10, "mx.sendgrid.net" } } },
	{ "postmark", "Postmark Inbound", NULL, { { 10, "inbound.postmarkapp.com" } } },
	{ "ses", "Amazon SES", N_("The name holds the region, as in inbound-smtp.eu-west-1.amazonaws.com."),
		{ { 10, "inbound-smtp." TENANT ".amazonaws.com" } } },
	{ "ses-bounce", "Amazon SES (MAIL FROM)", N_("For the subdomain of a custom MAIL FROM only: it takes bounces, no mail for people."),
		{ { 10, "feedback-smtp." TENANT ".amazonses.com" } } },
	{ "wordpress", "WordPress.com", NULL, { { 1, "smtp-fwd.wordpress.com" } } },
	{ "no-mail", "Null MX (RFC 7505)", N_("The domain takes no mail, and senders learn it at once."), { { 0, "." } } },
	{ NULL, NULL, NULL, { { 0, NULL } } },
};

const struct preset *preset_find(const char *name)
{
	for (const struct preset *p = presets; p->name; p++) {
		if (strcmp(p->name, name) == 0)
			return p;
	}
	return NULL;
}

bool preset_is_complete(const struct preset *preset)
{
	return !strstr(preset->mx[0].host, TENANT);
}

/* Puts the domain in its places of a host's pattern. */
static void expand(struct str *out, const char *pattern, const struct dname *domain)
{
	char text[DNAME_TEXT_MAX];

	dname_text(domain, text);
	for (const char *at = pattern; *at;) {
		if (strncmp(at, "{D}", 3) != 0 && strncmp(at, "{d}", 3) != 0) {
			str_add_char(out, *at++);
			continue;
		}
		for (const char *c = text; *c; c++)
			str_add_char(out, *c == '.' && at[1] == 'd' ? '-' : *c);
		at += 3;
	}
}

void preset_fill(const struct preset *preset, const struct dname *domain, struct mxset *set)
{
	struct mxset made = { .ttl_s = set->ttl_s };

	if (!preset_is_complete(preset))
		return;
	for (size_t i = 0; i < PRESET_MX && preset->mx[i].host; i++) {
		struct str host;
		struct mx mx;

		str_init(&host, 0);
		expand(&host, preset->mx[i].host, domain);
		mx_set(&mx, preset->mx[i].preference, host.s);
		mxset_add(&made, &mx);
		str_release(&host);
	}
	mxset_release(set);
	*set = made;
}

static bool matches(const char *pattern, const char *host)
{
	const char *tenant = strstr(pattern, TENANT);
	size_t before, after, len = strlen(host);

	if (!tenant)
		return strcmp(pattern, host) == 0;
	before = (size_t)(tenant - pattern);
	tenant += strlen(TENANT);
	after = strlen(tenant);
	return len > before + after && strncmp(pattern, host, before) == 0 && strcmp(tenant, host + len - after) == 0;
}

static bool owns(const struct preset *preset, const char *host, const struct dname *domain)
{
	bool found = false;

	for (size_t i = 0; i < PRESET_MX && preset->mx[i].host && !found; i++) {
		struct str pattern;

		str_init(&pattern, 0);
		expand(&pattern, preset->mx[i].host, domain);
		found = matches(pattern.s, host);
		str_release(&pattern);
	}
	return found;
}

const struct preset *preset_recognise(const struct mxset *set, const struct dname *domain)
{
	for (const struct preset *p = presets; p->name && set->n; p++) {
		size_t i = 0;
		char host[DNAME_TEXT_MAX];

		while (i < set->n && owns(p, mx_host_text(&set->mx[i], host), domain))
			i++;
		if (i == set->n)
			return p;
	}
	return NULL;
}
