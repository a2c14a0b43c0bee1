/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Targets that got more, or less, than a name: a zone's name added, a URL pasted, half a name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "core/preset.h"
#include "base/banned.h"

/* Is host = something + zone + zone? Then *less has one zone fewer. */
static bool ends_twice(const struct dname *host, const struct dname *zone, struct dname *less)
{
	return dname_labels(zone) >= 2 && dname_before(host, zone, less) && dname_under(less, zone);
}

/* Does the target end in the zone's (or the domain's) name twice? Then *less has it once. */
static bool is_doubled(const struct check_input *in, const struct mx *mx, struct dname *less)
{
	return target_is_name(mx) &&
	       ((in->zone && in->zone->len && ends_twice(&mx->host, in->zone, less)) || ends_twice(&mx->host, in->domain, less));
}

/* A doubled name that has an address is working mail. */
static bool resolves(const struct check_input *in, const struct dname *host)
{
	const struct host_facts *facts = facts_host(in->facts, host);

	return facts && facts->n_addr;
}

static void doubled_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], shorter[DNAME_TEXT_MAX];
	struct dname less;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		struct finding *finding;

		if (!is_doubled(in, mx, &less))
			continue;
		finding = findings_add(out, check, mx);
		if (resolves(in, &mx->host)) {
			finding->level = LEVEL_WARNING;
			msg_set(&finding->text, N_("%s holds the zone's name twice, and has an address: is that meant?"),
				mx_host_show(mx, text));
		} else {
			msg_set(&finding->text, N_("%s holds the zone's name twice: is a final dot missing?"), mx_host_show(mx, text));
		}
		finding_fix(finding, "rename %s %s", mx_host_text(mx, text), dname_text(&less, shorter));
	}
}

const struct check check_zone_doubled = {
	.id = "zone-doubled",
	.level = LEVEL_ERROR,
	.title = N_("A target must not end in the zone's name twice"),
	.why = N_("In zone files and in some panels a name without its final dot gets the zone's name added, and so a second time."),
	.reference = "RFC 1035 §5.1",
	.run = doubled_run,
};

/* The host inside "https://user@mail.example.com:25/x" or "10 mail.example.com". */
static bool host_inside(const char *text, struct dname *host)
{
	char copy[TARGET_TEXT_MAX], *at = copy, *mark;

	snprintf(copy, sizeof(copy), "%s", text);
	while ((mark = strpbrk(at, " \t\"'<,;")) != NULL) {
		if (mark[1 + strspn(mark + 1, " \t\"'>,;")] == '\0') {
			*mark = '\0';
			break;
		}
		at = mark + 1;
	}
	if ((mark = strstr(at, "://")) != NULL)
		at = mark + 3;
	if ((mark = strchr(at, '@')) != NULL)
		at = mark + 1;
	at += strspn(at, "/:@");
	at[strcspn(at, "/:@ \t\"'>,;")] = '\0';
	return dname_parse(host, at, NULL) && dname_labels(host) > 1 && name_is_ldh(host);
}

/* "10 mail.example.com": a number and a blank before the name. */
static bool has_preference(const char *text, uint32_t *preference)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	*preference = (uint32_t)(value > 65535 ? 65536 : value);
	return *text >= '0' && *text <= '9' && end[0] == ' ' && end[strspn(end, " ")] != '\0';
}

static void fix_host(const struct mx *mx, const char *typed, struct finding *finding)
{
	char text[DNAME_TEXT_MAX], better[DNAME_TEXT_MAX];
	struct dname host;

	if (mx->host.len && host_inside(typed, &host))
		finding_fix(finding, "rename %s %s", mx_host_text(mx, text), dname_text(&host, better));
}

static void in_target_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char typed[TARGET_TEXT_MAX];
	uint32_t preference;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		struct finding *finding;

		if (!target_is_pasted(mx) || !has_preference(target_text(mx, typed), &preference))
			continue;
		finding = findings_add(out, check, mx);
		msg_set(&finding->text, N_("the target of the record with preference %lu is \"%s\": the preference was typed into it"),
			(unsigned long)mx->preference, typed);
		fix_host(mx, typed, finding);
	}
}

const struct check check_pref_in_target = {
	.id = "pref-in-target",
	.level = LEVEL_ERROR,
	.title = N_("A preference must not stand in the target"),
	.why = N_(
		"Panels have a field of its own for the preference. In the target it becomes a part of the name, which nobody can look up."),
	.reference = "RFC 1035 §3.3.9",
	.run = in_target_run,
};

static void pasted_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char typed[TARGET_TEXT_MAX];
	uint32_t preference;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		struct finding *finding;

		if (!target_is_pasted(mx) || has_preference(target_text(mx, typed), &preference))
			continue;
		finding = findings_add(out, check, mx);
		msg_set(&finding->text, N_("%s holds more than a name"), typed);
		fix_host(mx, typed, finding);
	}
}

const struct check check_pasted_url = {
	.id = "pasted-url",
	.level = LEVEL_ERROR,
	.title = N_("A target must be a bare name, not a URL or a mail address"),
	.why = N_("A scheme, port, path, user or quote inside the target becomes a part of the name, which nobody can look up."),
	.reference = "RFC 1035 §3.3.9",
	.run = pasted_run,
};

static void single_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], apex[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		struct finding *finding;

		if (!record_is_name(in, i) || dname_labels(&mx->host) != 1)
			continue;
		finding = findings_add(out, check, mx);
		msg_set(&finding->text, N_("%s has no dot: it is a top-level name, or only half a name"), mx_host_show(mx, text));
		if (strcmp(text, "localhost") != 0 && !name_ends_in_digits(&mx->host))
			finding_fix(finding, "rename %s %s.%s", mx_host_text(mx, text), text,
				dname_text(in->zone && in->zone->len ? in->zone : in->domain, apex));
	}
}

const struct check check_single_label = {
	.id = "single-label",
	.level = LEVEL_ERROR,
	.title = N_("A target must have more than one label"),
	.why = N_(
		"A name without a dot is looked up at the root, where it is not. \"localhost\" is each sender itself, and OpenSMTPD takes it for a null MX."),
	.reference = "RFC 6761 §6.3",
	.run = single_run,
};

/* The name that is set apart and that this one lies under, or NULL. Of IANA's list, those where mail servers have no public name. */
static const char *set_apart(const struct dname *name)
{
	static const char *const reserved[] = { "test", "example", "invalid", "localhost", "local", "internal", "onion", "alt", "home.arpa",
		"service.arpa" };
	struct dname apart;

	for (size_t k = 0; k < sizeof(reserved) / sizeof(*reserved); k++)
		if (dname_parse(&apart, reserved[k], NULL) && dname_under(name, &apart))
			return reserved[k];
	return NULL;
}

bool domain_is_inside(const struct check_input *in)
{
	const char *apart = set_apart(in->domain);

	return apart && strcmp(apart, "example") != 0 && strcmp(apart, "invalid") != 0;
}

/* The mail of a domain that is set apart itself is meant to stay inside, and so may its servers. */
static const char *reserved_name(const struct check_input *in, const struct mx *mx)
{
	const char *apart =
		dname_labels(&mx->host) < 2 || !target_is_name(mx) || preset_is_leftover(&mx->host) ? NULL : set_apart(&mx->host);

	return apart && domain_is_inside(in) && apart == set_apart(in->domain) ? NULL : apart;
}

bool target_is_explained(const struct check_input *in, const struct mx *mx)
{
	struct dname less;

	return dname_labels(&mx->host) == 1 || name_ends_in_digits(&mx->host) || reserved_name(in, mx) || preset_is_leftover(&mx->host) ||
	       name_has_idna_fault(&mx->host) || target_is_dangling(in, mx) || is_doubled(in, mx, &less);
}

static void reserved_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const char *top = record_is_name(in, i) ? reserved_name(in, &in->set->mx[i]) : NULL;

		if (top)
			msg_set(&findings_add(out, check, &in->set->mx[i])->text,
				N_("%s lies under .%s, where the public DNS has no names"), mx_host_show(&in->set->mx[i], text), top);
	}
}

const struct check check_reserved_tld = {
	.id = "reserved-tld",
	.level = LEVEL_ERROR,
	.title = N_("A target must lie in the public DNS"),
	.why = N_(
		"Names under .test, .example, .invalid, .localhost, .local, .internal, .onion, .alt, .home.arpa and .service.arpa are set apart; senders outside cannot look them up."),
	.reference = "RFC 6761 §6, RFC 8375 §4",
	.run = reserved_run,
};
