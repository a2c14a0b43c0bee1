/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What wildcards beside a target and below the domain do to mail. */
#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "base/banned.h"

static bool has_address(const struct host_facts *host, const struct addr *addr)
{
	for (size_t i = 0; i < host->n_addr; i++)
		if (addr_equal(&host->addr[i], addr))
			return true;
	return false;
}

/* The same addresses of this family, none more and none less. */
static bool is_alike(const struct star_facts *star, const struct host_facts *host, uint8_t family)
{
	size_t n = 0;

	for (size_t i = 0; i < host->n_addr; i++)
		n += host->addr[i].family == family;
	for (size_t i = 0; i < star->n_addr; i++) {
		if (star->addr[i].family != family)
			continue;
		if (!has_address(host, &star->addr[i]))
			return false;
		n--;
	}
	return n == 0;
}

/* Do the addresses of one family tell that the host is not the wildcard's? Not where more were seen than are kept. */
static bool is_another(const struct star_facts *star, const struct host_facts *host)
{
	return star->more || host->more || (answer_known(star->a) == KNOWN && answer_known(host->a) == KNOWN && !is_alike(star, host, 4)) ||
	       (answer_known(star->aaaa) == KNOWN && answer_known(host->aaaa) == KNOWN && !is_alike(star, host, 6));
}

static enum known star_known(const struct star_facts *star)
{
	enum known a = star ? answer_known(star->a) : KNOWN_NOT, aaaa = star ? answer_known(star->aaaa) : KNOWN_NOT;

	return a > aaaa ? a : aaaa;
}

static void star_skip(const struct unknown *unknown, const struct check *check, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	if (unknown->later)
		msg_set(findings_skip(out, check), N_("not answered yet"));
	else if (unknown->n)
		msg_set(findings_skip(out, check), N_("what a wildcard beside %s answers is not known"), dname_show(&unknown->host, text));
}

static void target_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct unknown unknown = { 0 }, unknown_star = { 0 };
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct host_facts *host = NULL;
		const struct star_facts *star;
		struct dname above;
		enum known known;

		if (!record_is_new(in, i) || record_hoster(in, i) || !dname_parent(&mx->host, &above) || dname_labels(&above) < 2)
			continue;
		star = facts_star(in->facts, &above);
		known = record_known(in, i, &host);
		if (star && host && is_another(star, host))
			continue;
		unknown_count(&unknown_star, star_known(star), &mx->host);
		if (star_known(star) != KNOWN || !star->n_addr)
			continue;
		unknown_count(&unknown, known, &mx->host);
		if (known == KNOWN)
			msg_set(&findings_add(out, check, mx)->text, N_("%s has the addresses that a wildcard gives to any name beside it"),
				mx_host_show(mx, text));
	}
	if (unknown_star.n)
		star_skip(&unknown_star, check, out);
	else
		unknown_skip(&unknown, check, out);
}

const struct check check_target_wildcard = {
	.id = "target-wildcard",
	.level = LEVEL_NOTICE,
	.title = N_("A misspelt target should not exist"),
	.why = N_(
		"Whatever name is typed there has an address, so that neither a sender nor a check sees a typing error. Certificates, TLSA records and an MTA-STS policy name the right one alone."),
	.reference = "RFC 4592 §2.2.1",
	.needs = NEEDS_HOSTS | NEEDS_STAR,
	.run = target_run,
};

static void address_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct star_facts *star = facts_star(in->facts, in->domain);
	enum answer a = star ? star->a : ANSWER_UNASKED, aaaa = star ? star->aaaa : ANSWER_UNASKED;
	enum answer mx = star ? star->mx : ANSWER_UNASKED;
	char text[DNAME_TEXT_MAX];

	if (dname_labels(in->domain) < 2 || (in->domain->wire[0] == 1 && in->domain->wire[1] == '*'))
		return; /* names below a wildcard's own name are no matter */
	dname_show(in->domain, text);
	if (a == ANSWER_PENDING || aaaa == ANSWER_PENDING || mx == ANSWER_PENDING)
		msg_set(findings_skip(out, check), N_("not answered yet"));
	else if (answer_known(mx) == KNOWN && mx != ANSWER_NODATA)
		return;
	else if (mx == ANSWER_NODATA && (a == ANSWER_DATA || aaaa == ANSWER_DATA))
		msg_set(&findings_add(out, check, NULL)->text,
			N_("a name below %s that holds nothing itself has addresses by a wildcard, and no MX record: they take its mail"),
			text);
	else if (answer_known(mx) != KNOWN || answer_known(a) != KNOWN || answer_known(aaaa) != KNOWN)
		msg_set(findings_skip(out, check), N_("what a wildcard below %s answers is not known"), text);
}

const struct check check_wildcard_address = {
	.id = "wildcard-address",
	.level = LEVEL_INFO,
	.title = N_("It should be known that a wildcard's addresses take mail"),
	.why = N_(
		"Senders deliver to the addresses of a name that has no MX record. By a wildcard each name below the domain is such a name, also one that nobody thought of."),
	.reference = "RFC 5321 §5.1, RFC 4592 §2.2.1",
	.needs = NEEDS_STAR,
	.run = address_run,
};
