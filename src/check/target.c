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

static bool takes_literal(const struct sender *sender, size_t n)
{
	(void)n;
	return sender->takes_literal;
}

static void ip_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[TARGET_TEXT_MAX];
	struct str takers;

	senders_list(takes_literal, 0, &takers);
	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		struct addr addr;

		if (!target_is_address(mx))
			continue;
		target_text(mx, text);
		if (addr_parse(&addr, text) && addr.family == 4 && takers.len)
			msg_set(&findings_add(out, check, mx)->text,
				N_("%s is an address, not a name; these senders deliver to it all the same: %s"), text, takers.s);
		else
			msg_set(&findings_add(out, check, mx)->text, N_("%s is an address, not a name"), text);
	}
	str_release(&takers);
}

const struct check check_target_ip = {
	.id = "target-ip",
	.level = LEVEL_ERROR,
	.title = N_("A target must be a name, not an address"),
	.why = N_(
		"An MX record holds a name. Some senders take the text for an address and deliver; others look it up as a name, find nothing and skip the server."),
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

/* Is an underscore all that is wrong with it? */
static bool only_underscores(const struct dname *name)
{
	struct dname without = *name;

	for (size_t at = 0; without.wire[at]; at += 1u + without.wire[at])
		for (size_t i = 1; i <= without.wire[at]; i++)
			if (without.wire[at + i] == '_')
				without.wire[at + i] = 'x';
	return name_is_ldh(&without);
}

static void ldh_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], typed[TARGET_TEXT_MAX];
	struct finding *finding;
	bool empty;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];

		if (record_is_name(in, i) && !name_is_ldh(&mx->host) && !name_has_idna_fault(&mx->host) && !name_is_proxy_mark(&mx->host)) {
			finding = findings_add(out, check, mx);
			finding->level = only_underscores(&mx->host) ? LEVEL_NOTICE : check->level;
			msg_set(&finding->text,
				finding->level == LEVEL_NOTICE
					? N_("%s holds an underscore, which is no character of a host name; Postfix takes it all the same")
					: N_("%s is no host name: only letters, digits and inner hyphens may stand in one"),
				mx_host_show(mx, text));
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
	.may_err = true,
	.title = N_("A target must be a host name of letters, digits and hyphens"),
	.why = N_("The DNS carries other characters, but senders such as Postfix drop a mail server with such a name."),
	.reference = "RFC 1123 §2.1",
	.run = ldh_run,
};

static void numeric_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++)
		if (record_is_name(in, i) && name_ends_in_digits(&in->set->mx[i].host))
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

static void hyphen_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const uint8_t *label;
		size_t len;

		for (unsigned k = 0; record_is_name(in, i) && (label = dname_label(&mx->host, k, &len)) != NULL; k++)
			if (len >= 4 && label[2] == '-' && label[3] == '-' && memcmp(label, "xn", 2) != 0) {
				msg_set(&findings_add(out, check, mx)->text,
					N_("%s has a label with hyphens in its third and fourth place, which are kept for names in other scripts"),
					mx_host_show(mx, text));
				break;
			}
	}
}

const struct check check_double_hyphen = {
	.id = "double-hyphen",
	.level = LEVEL_NOTICE,
	.title = N_("A target should have no hyphens in the third and fourth place of a label"),
	.why = N_("Such labels are set apart for encoded names (xn--). They work today, but software may come to read them otherwise."),
	.reference = "RFC 5891 §4.2.3.1",
	.run = hyphen_run,
};

/* The name as it would be encoded, where bytes above 127 stand for letters (UTF-8). */
static bool encoded(const struct dname *name, struct dname *better)
{
	const uint8_t *label;
	struct str text;
	size_t len;
	bool ok;

	str_init(&text, 0);
	for (unsigned i = 0; (label = dname_label(name, i, &len)) != NULL; i++) {
		str_add(&text, i ? "." : "");
		str_add_bytes(&text, (const char *)label, len);
	}
	ok = dname_parse(better, text.s, NULL) && name_is_ldh(better) && !name_has_idna_fault(better);
	str_release(&text);
	return ok;
}

static void idna_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct host_facts *host = facts_host(in->facts, &mx->host);
		struct finding *finding;
		struct dname better;

		if (!record_is_name(in, i) || !name_has_idna_fault(&mx->host))
			continue;
		finding = findings_add(out, check, mx);
		if (host && !host->n_addr && (host->a == ANSWER_NXDOMAIN || host->aaaa == ANSWER_NXDOMAIN))
			finding->level = LEVEL_ERROR;
		msg_set(&finding->text, N_("%s holds a label that is no valid encoding of a name in another script (IDNA2008)"),
			mx_host_show(mx, text));
		if (encoded(&mx->host, &better))
			finding_fix(finding, "rename %s %s", mx_host_text(mx, text), dname_text(&better, other));
	}
}

const struct check check_idna = {
	.id = "idna",
	.level = LEVEL_WARNING,
	.may_err = true,
	.title = N_("A target in another script must be encoded, and rightly"),
	.why = N_(
		"In the DNS such a name stands as an A-label (xn--). Senders drop bytes that are not encoded, and cannot turn a bad A-label back into a name."),
	.reference = "RFC 5891 §4.4",
	.run = idna_run,
};
