/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/dnsupdate.h"

#include "wire/dnswire.h"
#include "base/banned.h"

#define OPCODE_UPDATE 0x2800 /* in the header's second word */
#define CLASS_IN 1
#define CLASS_NONE 254
#define CLASS_ANY 255

static void add_number(struct str *out, uint32_t value, unsigned int bytes)
{
	while (bytes--)
		str_add_char(out, (char)(value >> 8 * bytes & 0xff));
}

static void add_name(struct str *out, const struct dname *name)
{
	str_add_bytes(out, name->wire, name->len);
}

static void add_head(struct str *out, const struct dname *owner, enum dns_type type, uint32_t class)
{
	add_name(out, owner);
	add_number(out, (uint32_t)type, 2);
	add_number(out, class, 2);
}

/* A record without data: of class ANY or NONE, what it says is said by the class. */
static void add_bare(struct str *out, const struct dname *owner, enum dns_type type, uint32_t class)
{
	add_head(out, owner, type, class);
	add_number(out, 0, 4);
	add_number(out, 0, 2);
}

static void add_mx(struct str *out, const struct dname *owner, const struct mx *mx, uint32_t ttl_s)
{
	add_head(out, owner, DNS_MX, CLASS_IN);
	add_number(out, ttl_s, 4);
	add_number(out, 2u + mx->host.len, 2);
	add_number(out, mx->preference, 2);
	add_name(out, &mx->host);
}

static bool fits(const struct mxset *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->mx[i].preference > UINT16_MAX || !set->mx[i].host.len)
			return false;
	return true;
}

bool dnsupdate_build(const struct dnsupdate *update, unsigned int id, struct str *out)
{
	const struct mxset *have = update->have, *want = update->want;
	size_t n_have = have->n ? have->n : 1;

	if (!fits(have) || !fits(want))
		return false;
	add_number(out, id, 2);
	add_number(out, OPCODE_UPDATE, 2);
	add_number(out, 1, 2);
	add_number(out, (uint32_t)n_have + 1, 2);
	add_number(out, (uint32_t)want->n + 1, 2);
	add_number(out, 0, 2);
	add_head(out, update->zone, DNS_SOA, CLASS_IN);

	/* No alias: a server would pass over what is added beside one, and say that all is well (section 3.4.2.2). */
	add_bare(out, update->owner, DNS_CNAME, CLASS_NONE);
	for (size_t i = 0; i < have->n; i++)
		add_mx(out, update->owner, &have->mx[i], 0);
	if (!have->n)
		add_bare(out, update->owner, DNS_MX, CLASS_NONE);

	add_bare(out, update->owner, DNS_MX, CLASS_ANY);
	for (size_t i = 0; i < want->n; i++)
		add_mx(out, update->owner, &want->mx[i], want->ttl_s);
	return !out->overflow && out->len <= UINT16_MAX;
}

void dnsupdate_show(const struct dnsupdate *update, struct str *out)
{
	const struct mxset *have = update->have, *want = update->want;
	char owner[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];

	str_addf(out, "zone %s\n", dname_text_dot(update->zone, owner));
	dname_text_dot(update->owner, owner);
	str_addf(out, "prereq nxrrset %s CNAME\n", owner);
	for (size_t i = 0; i < have->n; i++)
		str_addf(out, "prereq yxrrset %s MX %u %s\n", owner, (unsigned int)have->mx[i].preference,
			dname_text_dot(&have->mx[i].host, host));
	if (!have->n)
		str_addf(out, "prereq nxrrset %s MX\n", owner);
	str_addf(out, "update delete %s MX\n", owner);
	for (size_t i = 0; i < want->n; i++)
		str_addf(out, "update add %s %u MX %u %s\n", owner, (unsigned int)want->ttl_s, (unsigned int)want->mx[i].preference,
			dname_text_dot(&want->mx[i].host, host));
}

const char *dnsupdate_rcode_name(int rcode)
{
	static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET",
		"NXRRSET", "NOTAUTH", "NOTZONE", "RCODE11", "RCODE12", "RCODE13", "RCODE14", "RCODE15" };

	return names[rcode & 15];
}
