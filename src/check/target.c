/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a target's text alone tells. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "base/banned.h"

static void empty_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];

		if (mx->host.len == 0 && mx->odd[0] == '\0')
			msg_set(&findings_add(out, check, mx)->text, N_("the record with preference %lu names no mail server"),
				(unsigned long)mx->preference);
	}
}

const struct check check_target_empty = {
	.id = "target-empty",
	.level = LEVEL_ERROR,
	.title = N_("A record must name a mail server"),
	.why = N_(
		"An MX record without a target cannot be published. A domain that takes no mail says so with a null MX: preference 0, target \".\"."),
	.reference = "RFC 1035 §3.3.9",
	.run = empty_run,
};

static void ip_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[TARGET_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++)
		if (target_is_address(&in->set->mx[i]))
			msg_set(&findings_add(out, check, &in->set->mx[i])->text, N_("%s is an address, not a name"),
				target_text(&in->set->mx[i], text));
}

const struct check check_target_ip = {
	.id = "target-ip",
	.level = LEVEL_ERROR,
	.title = N_("A target must be a name, not an address"),
	.why = N_("An MX record holds a name. Most senders look an address up as if it were a name, find nothing and skip the server."),
	.reference = "RFC 5321 §5.1",
	.run = ip_run,
};

/* The first label that is empty or too long; 0 when all are right. */
static size_t bad_label(const char *text, bool *empty)
{
	size_t len;

	*empty = false;
	for (;; text += len + 1) {
		len = strcspn(text, ".");
		if (len > 63)
			return len;
		if (len == 0 && text[len] == '.')
			return *empty = true;
		if (text[len] == '\0')
			return 0;
	}
}

static void length_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[TARGET_TEXT_MAX];
	bool empty;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		size_t bad;

		if (mx->host.len || mx->odd[0] == '\0' || target_is_address(mx) || target_is_pasted(mx))
			continue;
		bad = bad_label(target_text(mx, text), &empty);
		if (empty)
			msg_set(&findings_add(out, check, mx)->text, N_("%s has an empty label: two dots in a row, or a dot in front"),
				text);
		else if (bad)
			msg_set(&findings_add(out, check, mx)->text, N_("%s has a label of %zu characters; 63 is the most"), text, bad);
		else if (strlen(text) > 253)
			msg_set(&findings_add(out, check, mx)->text, N_("%s is longer than 253 characters"), text);
	}
}

const struct check check_target_length = {
	.id = "target-length",
	.level = LEVEL_ERROR,
	.title = N_("A target must keep the length limits of names and labels"),
	.why = N_("The DNS carries labels of 1 to 63 and names of at most 253 characters; nothing else can be published."),
	.reference = "RFC 1035 §2.3.4",
	.run = length_run,
};

static bool label_is_ldh(const uint8_t *label, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!(label[i] >= 'a' && label[i] <= 'z') && !(label[i] >= '0' && label[i] <= '9') && label[i] != '-')
			return false;
	return len > 0 && label[0] != '-' && label[len - 1] != '-';
}

static bool name_is_ldh(const struct dname *name)
{
	for (unsigned i = 0; i < dname_labels(name); i++) {
		size_t len;
		const uint8_t *label = dname_label(name, i, &len);

		if (!label_is_ldh(label, len))
			return false;
	}
	return true;
}

static void ldh_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], typed[TARGET_TEXT_MAX];
	bool empty;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		struct finding *finding;

		if (target_is_name(mx) && !name_is_ldh(&mx->host)) {
			msg_set(&findings_add(out, check, mx)->text,
				N_("%s is no host name: only letters, digits and inner hyphens may stand in one"), mx_host_show(mx, text));
		} else if (mx->host.len == 0 && mx->odd[0] && !target_is_address(mx) && !target_is_pasted(mx) &&
			   !bad_label(target_text(mx, typed), &empty) && strlen(typed) <= 253) {
			finding = findings_add(out, check, mx);
			finding->level = LEVEL_ERROR; /* nothing can be published of it */
			msg_set(&finding->text, N_("%s cannot be written as a domain name (IDNA2008)"), typed);
		}
	}
}

const struct check check_target_ldh = {
	.id = "target-ldh",
	.level = LEVEL_WARNING,
	.title = N_("A target must be a host name of letters, digits and hyphens"),
	.why = N_("The DNS carries other characters, but senders such as Postfix drop a mail server with such a name."),
	.reference = "RFC 1123 §2.1",
	.run = ldh_run,
};

static bool digits_only(const struct dname *name)
{
	size_t len;
	const uint8_t *label = dname_label(name, dname_labels(name) - 1, &len);

	for (size_t i = 0; i < len; i++)
		if (label[i] < '0' || label[i] > '9')
			return false;
	return true;
}

static void numeric_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++)
		if (target_is_name(&in->set->mx[i]) && digits_only(&in->set->mx[i].host))
			msg_set(&findings_add(out, check, &in->set->mx[i])->text,
				N_("%s ends in digits; there is no such top-level domain"), mx_host_show(&in->set->mx[i], text));
}

const struct check check_numeric_tld = {
	.id = "numeric-tld",
	.level = LEVEL_ERROR,
	.title = N_("A target's last label must not be a number"),
	.why = N_("No top-level domain is all digits, so that names and addresses can be told apart: this is a mistyped address."),
	.reference = "RFC 3696 §2",
	.run = numeric_run,
};

/* Is host = something + zone + zone? Then *less has one zone fewer. */
static bool ends_twice(const struct dname *host, const struct dname *zone, struct dname *less)
{
	return dname_labels(zone) >= 2 && dname_before(host, zone, less) && dname_under(less, zone);
}

static void doubled_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], shorter[DNAME_TEXT_MAX];
	struct dname less;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		struct finding *finding;

		if (!target_is_name(mx) || !((in->zone && in->zone->len && ends_twice(&mx->host, in->zone, &less)) ||
						   ends_twice(&mx->host, in->domain, &less)))
			continue;
		finding = findings_add(out, check, mx);
		msg_set(&finding->text, N_("%s holds the zone's name twice"), mx_host_show(mx, text));
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

static void pasted_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], better[DNAME_TEXT_MAX], typed[TARGET_TEXT_MAX];
	struct dname host;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		struct finding *finding;

		if (!target_is_pasted(mx))
			continue;
		finding = findings_add(out, check, mx);
		msg_set(&finding->text, N_("%s holds more than a name"), target_text(mx, typed));
		if (mx->host.len && host_inside(typed, &host))
			finding_fix(finding, "rename %s %s", mx_host_text(mx, text), dname_text(&host, better));
	}
}

const struct check check_pasted_url = {
	.id = "pasted-url",
	.level = LEVEL_ERROR,
	.title = N_("A target must be a bare name, not a URL or a mail address"),
	.why = N_(
		"A scheme, port, path, user, preference or quote inside the target becomes a part of the name, which nobody can look up."),
	.reference = "RFC 1035 §3.3.9",
	.run = pasted_run,
};

static void single_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], apex[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		struct finding *finding;

		if (!target_is_name(mx) || dname_labels(&mx->host) != 1)
			continue;
		finding = findings_add(out, check, mx);
		msg_set(&finding->text, N_("%s has no dot: it is a top-level name, or only half a name"), mx_host_show(mx, text));
		if (strcmp(text, "localhost") != 0 && !digits_only(&mx->host))
			finding_fix(finding, "rename %s %s.%s", mx_host_text(mx, text), text,
				dname_text(in->zone && in->zone->len ? in->zone : in->domain, apex));
	}
}

const struct check check_single_label = {
	.id = "single-label",
	.level = LEVEL_ERROR,
	.title = N_("A target must have more than one label"),
	.why = N_("A name without a dot is looked up at the root, where it is not; \"localhost\" is each sender itself."),
	.reference = "RFC 6761 §6.3",
	.run = single_run,
};

static void reserved_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	static const char *const reserved[] = { "test", "example", "invalid", "localhost", "local", "internal", "onion" };
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];

		for (size_t k = 0; k < sizeof(reserved) / sizeof(*reserved); k++) {
			struct dname top;

			if (target_is_name(mx) && dname_labels(&mx->host) > 1 && dname_parse(&top, reserved[k], NULL) &&
				dname_under(&mx->host, &top))
				msg_set(&findings_add(out, check, mx)->text,
					N_("%s lies under .%s, which does not exist in the public DNS"), mx_host_show(mx, text),
					reserved[k]);
		}
	}
}

const struct check check_reserved_tld = {
	.id = "reserved-tld",
	.level = LEVEL_ERROR,
	.title = N_("A target must lie in the public DNS"),
	.why = N_(
		"Names under .test, .example, .invalid, .localhost, .local, .internal and .onion are set apart; senders outside cannot look them up."),
	.reference = "RFC 6761 §6",
	.run = reserved_run,
};
