/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set as a whole: its numbers, repeats and the null MX. */
#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "core/truth.h"
#include "base/banned.h"

static void range_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];

		if (mx->preference > 65535)
			msg_set(&findings_add(out, check, mx)->text, N_("the preference of %s is %lu; 65535 is the highest"),
				mx_host_show(mx, text), (unsigned long)mx->preference);
	}
}

const struct check check_pref_range = {
	.id = "pref-range",
	.level = LEVEL_ERROR,
	.title = N_("A preference must lie between 0 and 65535"),
	.why = N_("The DNS has two bytes for the preference; a higher number cannot be published."),
	.reference = "RFC 1035 §3.3.9",
	.run = range_run,
};

static bool tries_twice(const struct sender *sender, size_t n)
{
	(void)n;
	return sender->dedupe == DEDUPE_NONE;
}

static void dup_host_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	const struct mxset *set = in->set;
	struct str twice;

	senders_list(tries_twice, 0, &twice);
	for (size_t i = 0; i < set->n; i++) {
		struct finding *finding;
		const struct mx *first;

		if (set->mx[i].host.len <= 1 || target_is_first(in, i))
			continue; /* a null MX that stands twice stands beside another record */
		first = &set->mx[target_find(in, &set->mx[i].host)];
		if (first->preference == set->mx[i].preference)
			continue;
		finding = findings_add(out, check, &set->mx[i]);
		msg_set(&finding->text, N_("%s stands at %lu and at %lu; these senders try it twice while it is down: %s"),
			mx_host_show(first, text), (unsigned long)first->preference, (unsigned long)set->mx[i].preference, twice.s);
		finding_fix(finding, "remove %s@%lu", mx_host_text(first, text), (unsigned long)set->mx[i].preference);
	}
	str_release(&twice);
}

const struct check check_dup_host = {
	.id = "dup-host",
	.level = LEVEL_WARNING,
	.title = N_("A host should have one preference"),
	.why = N_(
		"The second record brings no second server. Senders that tell repeats try the host once, at its best preference; the others waste an attempt on it, which may count against their limits."),
	.reference = "RFC 5321 §5.1",
	.run = dup_host_run,
};

static void dup_record_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	const struct mxset *set = in->set;
	struct finding *finding;

	for (size_t i = 0; i < set->n; i++) {
		/* Equal records stand together; the second one speaks. */
		if (i == 0 || !mx_equal(&set->mx[i - 1], &set->mx[i]) || (i > 1 && mx_equal(&set->mx[i - 2], &set->mx[i])))
			continue;
		finding = findings_add(out, check, &set->mx[i]);
		msg_set(&finding->text, N_("the record %lu %s stands more than once"), (unsigned long)set->mx[i].preference,
			mx_host_show(&set->mx[i], text));
		finding_fix(finding, "remove %s@%lu", mx_host_text(&set->mx[i], text), (unsigned long)set->mx[i].preference);
	}
}

const struct check check_dup_record = {
	.id = "dup-record",
	.level = LEVEL_ERROR,
	.title = N_("No record may stand twice"),
	.why = N_("The DNS holds equal records once; providers refuse the second one, or drop it without a word."),
	.reference = "RFC 2181 §5",
	.run = dup_record_run,
};

static bool is_spoilt(const struct sender *sender, size_t n)
{
	(void)n;
	return sender->null_spoils;
}

static void null_mixed_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct finding *finding;
	struct str spoilt;

	senders_list(is_spoilt, 0, &spoilt);
	for (size_t i = 0; i < in->set->n; i++)
		if (dname_is_root(&in->set->mx[i].host) && in->set->n > 1 && target_is_first(in, i)) {
			finding = findings_add(out, check, &in->set->mx[i]);
			msg_set(&finding->text, N_("a null MX stands beside other records; these senders then return all mail: %s"),
				spoilt.s);
			finding_fix_remove(finding, in);
		}
	str_release(&spoilt);
}

const struct check check_null_mixed = {
	.id = "null-mixed",
	.level = LEVEL_ERROR,
	.title = N_("A null MX must stand alone"),
	.why = N_(
		"A null MX says that the domain takes no mail. Beside other records it says both: some senders then return all mail, others ignore it."),
	.reference = "RFC 7505 §3",
	.run = null_mixed_run,
};

static void null_pref_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct finding *finding;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];

		if (!dname_is_root(&mx->host) || mx->preference == 0)
			continue;
		finding = findings_add(out, check, mx);
		msg_set(&finding->text, N_("the null MX has preference %lu instead of 0"), (unsigned long)mx->preference);
		finding_fix(finding, "%s", in->set->n == 1 ? "null-mx" : "prefer . 0");
	}
}

const struct check check_null_pref = {
	.id = "null-pref",
	.level = LEVEL_ERROR,
	.title = N_("A null MX must have preference 0"),
	.why = N_("A null MX is defined as preference 0 and target \".\"; with another number a sender need not take it for one."),
	.reference = "RFC 7505 §3",
	.run = null_pref_run,
};

/* Does the domain itself have addresses? Only asked where the set is empty. */
static enum known own_addresses(const struct check *check, const struct check_input *in, size_t *n, struct findings *out)
{
	const struct host_facts *host;
	struct unknown unknown = { 0 };
	enum known known = KNOWN;

	*n = 0;
	if (in->facts->mx == ANSWER_NXDOMAIN)
		return KNOWN;
	known = host_known(in, in->domain, &host);
	if (host && host->n_addr) {
		*n = host->n_addr;
		return KNOWN;
	}
	unknown_count(&unknown, known, in->domain);
	unknown_skip(&unknown, check, out);
	return known;
}

/* Has the wildcard below the domain MX records, which somebody may have thought to hold for the domain too? */
static bool star_has_mx(const struct check_input *in)
{
	const struct star_facts *star = facts_star(in->facts, in->domain);

	return star && star->mx == ANSWER_DATA;
}

static void implicit_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	struct finding *finding;
	size_t n;

	if (in->set->n || own_addresses(check, in, &n, out) != KNOWN || n == 0 || set_should_be_null(in))
		return;
	finding = findings_add(out, check, NULL);
	dname_show(in->domain, text);
	if (star_has_mx(in))
		msg_set(&finding->text,
			N_("no MX record: mail goes to the address of %s itself; the MX records of *.%s hold for names below it alone"),
			text, text);
	else
		msg_set(&finding->text, N_("no MX record: mail goes to the address of %s itself"), text);
	if (!in->facts->n_alias && in->facts->below_dname != FACT_YES) /* a record there would clash */
		finding_fix(finding, "add 10 %s", dname_text(in->domain, text));
}

const struct check check_implicit_mx = {
	.id = "implicit-mx",
	.level = LEVEL_WARNING,
	.title = N_("The domain should say which servers take its mail"),
	.why = N_(
		"Without MX records senders use the domain's own address, which is often a web server. Name the servers, or publish a null MX."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = implicit_run,
};

static void undeliverable_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	size_t n;

	if (in->set->n || own_addresses(check, in, &n, out) != KNOWN || n)
		return;
	if (in->facts->mx == ANSWER_NXDOMAIN)
		msg_set(&findings_add(out, check, NULL)->text,
			truth_by_resolver(in->facts) ? N_("the resolver says that %s does not exist") : N_("%s does not exist"),
			dname_show(in->domain, text));
	else if (star_has_mx(in))
		msg_set(&findings_add(out, check, NULL)->text,
			N_("%s has neither MX records nor an address; the MX records of *.%s hold for names below it alone"),
			dname_show(in->domain, text), text);
	else
		msg_set(&findings_add(out, check, NULL)->text, N_("%s has neither MX records nor an address"),
			dname_show(in->domain, text));
}

const struct check check_undeliverable = {
	.id = "undeliverable",
	.level = LEVEL_ERROR,
	.title = N_("Mail to the domain must have somewhere to go"),
	.why = N_(
		"With neither MX records nor an address there is nowhere to deliver to, and senders return the mail. If that is meant, say it with a null MX."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = undeliverable_run,
};

static void ttl_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char least[TEXT_SPAN_MAX], most[TEXT_SPAN_MAX];

	if (!in->is_draft && in->set->n > 1 && in->facts->ttl_max_s > in->set->ttl_s)
		msg_set(&findings_add(out, check, NULL)->text, N_("the records' TTLs differ: %s to %s"), text_span(in->set->ttl_s, least),
			text_span(in->facts->ttl_max_s, most));
}

const struct check check_ttl_mixed = {
	.id = "ttl-mixed",
	.level = LEVEL_ERROR,
	.title = N_("All records of the set must have one TTL"),
	.why = N_(
		"The TTL belongs to the set. Where it differs, resolvers may keep a part of the set longer than the rest; publish it again with one TTL."),
	.reference = "RFC 2181 §5.2",
	.run = ttl_run,
};

#define ANSWER_PLAIN 512 /* bytes that any resolver takes without EDNS */
#define ANSWER_SAFE 1232 /* bytes that pass every path unfragmented */
#define ANSWER_HEAD 27   /* header, EDNS, type and class of the question */
#define ANSWER_RECORD 14 /* a record without the exchange's name, its owner as a pointer */

/* The bytes of a name in an answer, where what it shares with the domain or the name before it is a pointer. */
static size_t packed(const struct dname *name, const struct dname *domain, const struct dname *before)
{
	struct dname tail = *name;

	do {
		if (tail.len > 1 && (dname_under(domain, &tail) || (before && dname_under(before, &tail))))
			return (size_t)name->len - tail.len + 2;
	} while (dname_parent(&tail, &tail));
	return name->len;
}

static void size_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	size_t size = ANSWER_HEAD + (size_t)in->domain->len;
	struct finding *finding;

	for (size_t i = 0; i < in->set->n; i++)
		size += ANSWER_RECORD + packed(&in->set->mx[i].host, in->domain, i ? &in->set->mx[i - 1].host : NULL);
	if (size <= ANSWER_PLAIN)
		return;
	finding = findings_add(out, check, NULL);
	finding->level = size > ANSWER_SAFE ? check->level : LEVEL_NOTICE;
	msg_set_n(&finding->text, (unsigned long)in->set->n,
		NP_("the answer with %zu record has about %zu bytes, signatures apart",
			"the answer with %zu records has about %zu bytes, signatures apart"),
		in->set->n, size);
}

const struct check check_answer_size = {
	.id = "answer-size",
	.level = LEVEL_WARNING,
	.title = N_("The answer should fit one packet"),
	.why = N_(
		"Beyond 1232 bytes an answer is cut and asked for again over TCP, which some networks block; beyond 512 bytes resolvers without EDNS do the same."),
	.reference = "RFC 6891 §6.2.5",
	.run = size_run,
};

static void many_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	size_t n = set_hosts(in);

	if (n > SPF_MX_MAX) {
		struct finding *finding = findings_add(out, check, NULL);
		bool spf = in->facts->spf.has_mx;

		finding->level = spf ? LEVEL_WARNING : check->level;
		msg_set(&finding->text, spf ? N_("the set names %zu hosts, and the SPF record says \"mx\"") : N_("the set names %zu hosts"),
			n);
	}
}

const struct check check_too_many = {
	.id = "too-many",
	.level = LEVEL_NOTICE,
	.title = N_("Ten hosts should be enough"),
	.why = N_("An SPF record that says \"mx\" fails where the set has more than ten hosts, and no sender tries that many."),
	.reference = "RFC 7208 §4.6.4",
	.run = many_run,
};
