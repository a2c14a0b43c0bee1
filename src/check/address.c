/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the hosts' addresses are. */
#include <string.h>

#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "core/preset.h"
#include "base/banned.h"

enum special_kind { PRIVATE, ITSELF, LINK, EXAMPLE, NO_HOST };

struct special {
	struct addr net;
	unsigned bits;
	enum special_kind kind;
};

static const struct special specials[] = {
	/* RFC 6890 and the registries that it made */
	{ NET4(0, 0, 0, 0), 8, ITSELF },
	{ NET4(10, 0, 0, 0), 8, PRIVATE },
	{ NET4(100, 64, 0, 0), 10, PRIVATE },
	{ NET4(127, 0, 0, 0), 8, ITSELF },
	{ NET4(169, 254, 0, 0), 16, LINK },
	{ NET4(172, 16, 0, 0), 12, PRIVATE },
	{ NET4(192, 0, 0, 0), 24, NO_HOST },
	{ NET4(192, 0, 2, 0), 24, EXAMPLE },
	{ NET4(192, 168, 0, 0), 16, PRIVATE },
	{ NET4(198, 18, 0, 0), 15, PRIVATE },
	{ NET4(198, 51, 100, 0), 24, EXAMPLE },
	{ NET4(203, 0, 113, 0), 24, EXAMPLE },
	{ NET4(224, 0, 0, 0), 3, NO_HOST }, /* multicast, reserved, broadcast */
	{ NET6(0, 0, 0), 128, ITSELF },
	{ NET_LOOPBACK6, 128, ITSELF },
	{ NET6(0x64, 0xff9b, 0x1), 48, PRIVATE }, /* RFC 8215 */
	{ NET6(0x100, 0, 0), 64, NO_HOST },
	{ { 6, { 0x01, 0x00, [7] = 1 } }, 64, NO_HOST }, /* RFC 9780 */
	{ NET6(0x2001, 0x2, 0), 48, NO_HOST },           /* RFC 5180 */
	{ NET6(0x2001, 0xdb8, 0), 32, EXAMPLE },
	{ NET6(0x3fff, 0, 0), 20, EXAMPLE },
	{ NET6(0x5f00, 0, 0), 16, NO_HOST }, /* RFC 9602 */
	{ NET6(0xfc00, 0, 0), 7, PRIVATE },
	{ NET6(0xfe80, 0, 0), 10, LINK },
	{ NET6(0xfec0, 0, 0), 10, PRIVATE }, /* RFC 3879 */
	{ NET6(0xff00, 0, 0), 8, NO_HOST },
};

static const struct special *special_find(const struct addr *addr)
{
	for (size_t i = 0; i < sizeof(specials) / sizeof(*specials); i++)
		if (specials[i].net.family == addr->family && addr_in(addr, &specials[i].net, specials[i].bits))
			return &specials[i];
	return NULL;
}

/* A set that has addresses of documentation and no other is an example, not a mistake in one record. */
bool set_is_example(const struct check_input *in)
{
	bool any = false;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct host_facts *host = record_is_name(in, i) ? record_host(in, i) : NULL;

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

	for (size_t i = 0; i < host->n_addr; i++) {
		const struct special *special = special_find(&host->addr[i]);

		if (!special || (special->kind == PRIVATE && domain_is_inside(in)))
			continue;
		special_text(
			&findings_add(out, check, mx)->text, special->kind, mx_host_show(mx, text), addr_text(&host->addr[i], address));
		return;
	}
}

static void special_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct finding *finding;

	if (!set_is_example(in)) {
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

static bool is_mapped(const struct addr *addr)
{
	static const struct addr net = { 6, { [10] = 0xff, 0xff } }, old = { 6, { 0 } };
	const struct special *special = special_find(addr);

	return addr_in(addr, &net, 96) || (addr_in(addr, &old, 96) && !(special && special->kind == ITSELF));
}

static void mapped_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX], address[ADDR_TEXT_MAX];

	(void)in;
	for (size_t i = 0; i < host->n_addr; i++)
		if (is_mapped(&host->addr[i])) {
			msg_set(&findings_add(out, check, mx)->text, N_("%s has the address %s, which is an IPv4 address written as IPv6"),
				mx_host_show(mx, text), addr_text(&host->addr[i], address));
			return;
		}
}

static void mapped_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_host(check, in, mapped_host, out);
}

const struct check check_v4_mapped = {
	.id = "v4-mapped",
	.level = LEVEL_ERROR,
	.title = N_("An IPv6 address must be one, not an IPv4 address in disguise"),
	.why = N_(
		"Addresses under ::ffff:0:0/96 stand for IPv4 inside a program, those under ::/96 did so once. On the network nobody can reach them: use an A record."),
	.reference = "RFC 4291 §2.5.5",
	.needs = NEEDS_HOSTS,
	.run = mapped_run,
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

/* A hoster decides which of its names stand for one server. */
static bool of_one_hoster(const struct check_input *in, const struct mx *a, const struct mx *b)
{
	const struct preset *one = record_hoster(in, (size_t)(a - in->set->mx)), *other = record_hoster(in, (size_t)(b - in->set->mx));

	return one && other && preset_same_owner(one, other);
}

/* Is one an alias of the other, or both of one name? target-cname says so. */
static bool by_alias(const struct check_input *in, const struct mx *a, const struct mx *b)
{
	const struct host_facts *one = facts_host(in->facts, &a->host), *other = facts_host(in->facts, &b->host);
	const struct dname *left = one && one->n_alias ? &one->alias[one->n_alias - 1] : &a->host;
	const struct dname *right = other && other->n_alias ? &other->alias[other->n_alias - 1] : &b->host;

	return dname_equal(left, right);
}

static void same_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX], other_text[DNAME_TEXT_MAX], address[ADDR_TEXT_MAX];

	for (size_t i = 0; i < host->n_addr; i++) {
		const struct mx *other = shares_address(in, mx, &host->addr[i]);

		if (!other || of_one_hoster(in, other, mx) || by_alias(in, other, mx))
			continue;
		msg_set(&findings_add(out, check, mx)->text, N_("%s and %s share the address %s"), mx_host_show(other, other_text),
			mx_host_show(mx, text), addr_text(&host->addr[i], address));
		return;
	}
}

static void same_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	if (in->set->n > 1 && !set_hoster(in))
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
