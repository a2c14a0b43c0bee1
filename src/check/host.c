/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hosts that the targets name: aliases and addresses. */
#include <string.h>

#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "base/banned.h"

typedef void (*host_fn)(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out);

/* Calls fn once for each host of which all is known; one "not checked" row for the rest. */
static void each_host(const struct check *check, const struct check_input *in, host_fn fn, struct findings *out)
{
	struct unknown unknown = { 0 };

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct host_facts *host;
		enum known known;

		if (!target_is_name(mx) || !target_is_first(in, i))
			continue;
		known = host_known(in, &mx->host, &host);
		/* what one answer shows is not unshown by the other's failure */
		if (known == KNOWN || (host && (host->n_addr || host->n_alias)))
			fn(check, in, mx, host, out);
		unknown_count(&unknown, known, &mx->host);
	}
	unknown_skip(&unknown, check, out);
}

static void cname_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];
	const struct dname *last;
	struct finding *finding;

	if (host->n_alias == 0)
		return;
	last = &host->alias[host->n_alias - 1];
	finding = findings_add(out, check, mx);
	msg_set(&finding->text, N_("%s is an alias (of %s)"), mx_host_show(mx, text), dname_show(last, other));
	if (target_find(in, last) == in->set->n)
		finding_fix(finding, "rename %s %s", mx_host_text(mx, text), dname_text(last, other));
	else
		finding_fix_remove(finding, in);
}

static void cname_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_host(check, in, cname_host, out);
}

const struct check check_target_cname = {
	.id = "target-cname",
	.level = LEVEL_ERROR,
	.title = N_("A target must not be an alias"),
	.why = N_(
		"A target must lead to an address without a CNAME. Some senders refuse an alias, and a server cannot find itself in the list by it, so mail may loop."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = cname_run,
};

#define SURELY_A_NAME 3 /* labels: nobody names a host of his own zone like that */

/* In a zone file and in some panels a name without its final dot gets the zone's name added. */
static bool undotted(const struct check_input *in, const struct mx *mx, struct finding *finding)
{
	char text[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];
	const struct host_facts *known;
	struct dname meant;

	if (!facts_undotted(in->facts, &mx->host, &meant))
		return false;
	known = facts_host(in->facts, &meant);
	mx_host_show(mx, text);
	dname_show(&meant, other);
	if (known && known->n_addr) {
		msg_set(&finding->text, N_("%s does not exist, but %s does: is its final dot missing?"), text, other);
		finding_fix(finding, "rename %s %s", mx_host_text(mx, text), dname_text(&meant, other));
		return true;
	}
	if (dname_labels(&meant) < SURELY_A_NAME || (known && answer_is_final(known->a)))
		return false;
	msg_set(&finding->text, N_("%s does not exist: is the final dot of %s missing?"), text, other);
	return true;
}

static void nxdomain_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	struct finding *finding;

	if (host->n_addr || (host->a != ANSWER_NXDOMAIN && host->aaaa != ANSWER_NXDOMAIN))
		return;
	finding = findings_add(out, check, mx);
	finding_fix_remove(finding, in);
	if (!host->n_alias && undotted(in, mx, finding))
		return;
	msg_set(&finding->text, host->n_alias ? N_("%s is an alias of a name that does not exist") : N_("%s does not exist"),
		mx_host_show(mx, text));
}

static void nxdomain_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_host(check, in, nxdomain_host, out);
}

const struct check check_target_nxdomain = {
	.id = "target-nxdomain",
	.level = LEVEL_ERROR,
	.title = N_("A target must exist"),
	.why = N_(
		"Senders skip a target that does not exist. When it is the only one, mail is returned; and whoever registers the name gets the mail."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = nxdomain_run,
};

static void bare_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	struct finding *finding;

	if (host->n_addr || host->a != ANSWER_NODATA || host->aaaa != ANSWER_NODATA)
		return;
	finding = findings_add(out, check, mx);
	msg_set(&finding->text, N_("%s has no address"), mx_host_show(mx, text));
	finding_fix_remove(finding, in);
}

static void bare_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_host(check, in, bare_host, out);
}

const struct check check_target_no_address = {
	.id = "target-no-address",
	.level = LEVEL_ERROR,
	.title = N_("A target must have an address"),
	.why = N_("A target without A and AAAA records cannot be reached. Senders skip it, and return the mail when it is the only one."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = bare_run,
};

/* Not what our own network does (ANSWER_UNREACHABLE): that says nothing. */
static bool ends(enum answer answer, bool slow)
{
	if (slow)
		return answer == ANSWER_TIMEOUT;
	return answer == ANSWER_SERVFAIL || answer == ANSWER_REFUSED || answer == ANSWER_BROKEN;
}

/* A finding for each host of which a lookup is silent, or fails otherwise. */
static void each_lookup(const struct check *check, const struct check_input *in, bool slow, struct findings *out)
{
	struct unknown unknown = { 0 };
	char name[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct host_facts *host;

		if (!target_is_name(mx) || !target_is_first(in, i))
			continue;
		host = facts_host(in->facts, &mx->host);
		if (host && (ends(host->a, slow) || ends(host->aaaa, slow)))
			msg_set(&findings_add(out, check, mx)->text,
				slow ? N_("the lookup of %s is not answered in time") : N_("the lookup of %s fails"),
				mx_host_show(mx, name));
		else if (!host || host->a == ANSWER_UNASKED || host->a == ANSWER_UNREACHABLE)
			unknown_count(&unknown, KNOWN_NOT, &mx->host);
		else if (host->a == ANSWER_PENDING || host->aaaa == ANSWER_PENDING)
			unknown_count(&unknown, KNOWN_LATER, &mx->host);
	}
	unknown_skip(&unknown, check, out);
}

static void servfail_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_lookup(check, in, false, out);
}

const struct check check_target_servfail = {
	.id = "target-servfail",
	.level = LEVEL_WARNING,
	.title = N_("It must be possible to look a target up"),
	.why = N_(
		"Senders leave out a server whose lookup fails. When it is the only one, or the others do not exist, mail waits; Courier returns it."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = servfail_run,
};

static void slow_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_lookup(check, in, true, out);
}

const struct check check_slow_name = {
	.id = "slow-name",
	.level = LEVEL_WARNING,
	.title = N_("The lookup of a target should be answered soon"),
	.why = N_(
		"A name that does not exist is skipped at once, but a silent lookup is waited for: by Postfix and Exim for some 4 seconds with each message, by Sendmail for 12, and OpenSMTPD holds all mail of the domain, whatever other servers there are."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = slow_run,
};

enum special_kind { PRIVATE, ITSELF, LINK, EXAMPLE, NO_HOST };

struct special {
	const char *net;
	unsigned bits;
	enum special_kind kind;
};

static const struct special specials[] = {
	/* RFC 6890 and the registries that it made */
	{ "0.0.0.0", 8, ITSELF },
	{ "10.0.0.0", 8, PRIVATE },
	{ "100.64.0.0", 10, PRIVATE },
	{ "127.0.0.0", 8, ITSELF },
	{ "169.254.0.0", 16, LINK },
	{ "172.16.0.0", 12, PRIVATE },
	{ "192.0.0.0", 24, NO_HOST },
	{ "192.0.2.0", 24, EXAMPLE },
	{ "192.168.0.0", 16, PRIVATE },
	{ "198.18.0.0", 15, PRIVATE },
	{ "198.51.100.0", 24, EXAMPLE },
	{ "203.0.113.0", 24, EXAMPLE },
	{ "224.0.0.0", 3, NO_HOST }, /* multicast, reserved, broadcast */
	{ "::", 128, ITSELF },
	{ "::1", 128, ITSELF },
	{ "::ffff:0:0", 96, NO_HOST },
	{ "100::", 64, NO_HOST },
	{ "2001:db8::", 32, EXAMPLE },
	{ "3fff::", 20, EXAMPLE },
	{ "fc00::", 7, PRIVATE },
	{ "fe80::", 10, LINK },
	{ "ff00::", 8, NO_HOST },
};

static const struct special *special_find(const struct addr *addr)
{
	for (size_t i = 0; i < sizeof(specials) / sizeof(*specials); i++) {
		struct addr net;

		if (addr_parse(&net, specials[i].net) && net.family == addr->family && addr_in(addr, &net, specials[i].bits))
			return &specials[i];
	}
	return NULL;
}

/* A set that has addresses of documentation and no other is an example, not a mistake in one record. */
static bool is_example(const struct check_input *in)
{
	bool any = false;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct host_facts *host = target_is_name(&in->set->mx[i]) ? facts_host(in->facts, &in->set->mx[i].host) : NULL;

		for (size_t k = 0; host && k < host->n_addr; k++) {
			const struct special *special = special_find(&host->addr[k]);

			if (!special || special->kind != EXAMPLE)
				return false;
			any = true;
		}
	}
	return any;
}

static void special_text(struct msg *msg, enum special_kind kind, const char *host, const char *address)
{
	switch (kind) {
	case PRIVATE:
		msg_set(msg, N_("%s has the private address %s, which nobody outside can reach"), host, address);
		break;
	case ITSELF:
		msg_set(msg, N_("%s has the address %s, which is each sender itself"), host, address);
		break;
	case LINK:
		msg_set(msg, N_("%s has the address %s, which is valid on one link alone"), host, address);
		break;
	case EXAMPLE:
		msg_set(msg, N_("%s has the address %s, which is set apart for documentation"), host, address);
		break;
	case NO_HOST:
		msg_set(msg, N_("%s has the address %s, which belongs to no single host"), host, address);
		break;
	}
}

static void special_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX], address[ADDR_TEXT_MAX];

	(void)in;
	for (size_t i = 0; i < host->n_addr; i++) {
		const struct special *special = special_find(&host->addr[i]);

		if (!special)
			continue;
		special_text(
			&findings_add(out, check, mx)->text, special->kind, mx_host_show(mx, text), addr_text(&host->addr[i], address));
		return;
	}
}

static void special_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct finding *finding;

	if (!is_example(in)) {
		each_host(check, in, special_host, out);
		return;
	}
	finding = findings_add(out, check, NULL);
	finding->level = LEVEL_INFO;
	msg_set(&finding->text, N_("all addresses are set apart for documentation: this is an example"));
}

const struct check check_special_address = {
	.id = "special-address",
	.level = LEVEL_ERROR,
	.title = N_("A target's addresses must be reachable from anywhere"),
	.why = N_(
		"Private, loopback, link-local and reserved addresses lead senders nowhere, or to themselves. At 127.0.0.0/8 or 0.0.0.0 Postfix returns the mail, OpenSMTPD sends it round and round to itself; Exim as Debian sets it up leaves these and private addresses out."),
	.reference = "RFC 6890 §2.2",
	.needs = NEEDS_HOSTS,
	.run = special_run,
};

static const struct mx *shares_address_slowly(const struct check_input *in, const struct mx *mx, const struct addr *addr)
{
	for (size_t i = 0; i < in->set->n && &in->set->mx[i] != mx; i++) {
		const struct mx *other = &in->set->mx[i];
		const struct host_facts *host;

		host = !dname_equal(&other->host, &mx->host) && target_is_name(other) ? facts_host(in->facts, &other->host) : NULL;
		for (size_t k = 0; host && k < host->n_addr; k++)
			if (addr_equal(&host->addr[k], addr))
				return other;
	}
	return NULL;
}

/* The first record that names another host with the address, where it stands before mx. */
static const struct mx *shares_address(const struct check_input *in, const struct mx *mx, const struct addr *addr)
{
	size_t at = (size_t)(mx - in->set->mx), other;

	if (!in->index)
		return shares_address_slowly(in, mx, addr);
	other = check_index_address(in->index, addr);
	return other < at ? &in->set->mx[other] : NULL;
}

static void same_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX], other_text[DNAME_TEXT_MAX], address[ADDR_TEXT_MAX];

	for (size_t i = 0; i < host->n_addr; i++) {
		const struct mx *other = shares_address(in, mx, &host->addr[i]);

		if (!other)
			continue;
		msg_set(&findings_add(out, check, mx)->text, N_("%s and %s share the address %s"), mx_host_show(other, other_text),
			mx_host_show(mx, text), addr_text(&host->addr[i], address));
		return;
	}
}

static void same_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	if (in->set->n > 1)
		each_host(check, in, same_host, out);
}

const struct check check_same_address = {
	.id = "same-address",
	.level = LEVEL_WARNING,
	.title = N_("Each host should have addresses of its own"),
	.why = N_(
		"Two names of one address fall together. Postfix counts the address twice against the five that it tries and the two servers that it talks to; Exim and OpenSMTPD try it once."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = same_run,
};
