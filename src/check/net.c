/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several hosts have in common, and who stands between them and the world. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "base/banned.h"

/* ---- one network ---- */

struct family {
	uint8_t number;
	unsigned bits;     /* of what counts as one network */
	struct addr first; /* family 0: none seen */
	size_t differ;     /* addresses in another network */
	bool several;      /* different addresses */
};

static void family_add(struct family *family, const struct addr *addr)
{
	if (addr->family != family->number)
		return;
	if (!family->first.family) {
		family->first = *addr;
		return;
	}
	family->several = family->several || !addr_equal(addr, &family->first);
	family->differ += !addr_in(addr, &family->first, family->bits);
}

static const char *net_text(const struct family *family, char out[ADDR_TEXT_MAX + 5])
{
	struct addr net = family->first;
	char text[ADDR_TEXT_MAX];

	for (unsigned bit = family->bits; bit < 128; bit++)
		net.bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
	snprintf(out, ADDR_TEXT_MAX + 5, "%s/%u", addr_text(&net, text), family->bits);
	return out;
}

static void same_net_text(struct msg *msg, const struct family *v4, const struct family *v6)
{
	char one[ADDR_TEXT_MAX + 5], other[ADDR_TEXT_MAX + 5];

	if (v4->first.family && v6->first.family)
		msg_set(msg, N_("all addresses lie in the networks %s and %s"), net_text(v4, one), net_text(v6, other));
	else
		msg_set(msg, N_("all addresses lie in the network %s"), net_text(v4->first.family ? v4 : v6, one));
}

static void same_net_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct family v4 = { .number = 4, .bits = 24 }, v6 = { .number = 6, .bits = 48 };
	struct unknown unknown = { 0 };
	size_t hosts = 0;

	if (set_hoster(in) || set_is_example(in))
		return;
	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct host_facts *host = NULL;

		if (!record_is_new(in, i))
			continue;
		unknown_count(&unknown, record_known(in, i, &host), &mx->host);
		hosts += host && host->n_addr;
		for (size_t k = 0; host && k < host->n_addr; k++) {
			family_add(&v4, &host->addr[k]);
			family_add(&v6, &host->addr[k]);
		}
	}
	if (v4.differ || v6.differ)
		return;
	unknown_skip(&unknown, check, out);
	if (!unknown.n && hosts > 1 && (v4.several || v6.several))
		same_net_text(&findings_add(out, check, NULL)->text, &v4, &v6);
}

const struct check check_same_net = {
	.id = "same-net",
	.level = LEVEL_NOTICE,
	.title = N_("The servers should not all lie in one network"),
	.why = N_("Where one network is cut off, all of them are. Addresses of one /24 (IPv6: /48) mostly share a place and a line."),
	.reference = "RFC 2182 §3.1",
	.needs = NEEDS_HOSTS,
	.run = same_net_run,
};

/* ---- one zone ---- */

static bool in_own_zone(const struct check_input *in, const struct dname *apex)
{
	return (in->zone && in->zone->len && dname_equal(apex, in->zone)) || dname_equal(apex, in->domain);
}

static void fate_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct zone_facts *common = NULL;
	char text[DNAME_TEXT_MAX];
	size_t hosts = 0;

	if (set_hoster(in))
		return;
	for (size_t i = 0; i < in->set->n; i++) {
		const struct zone_facts *zone;

		if (!record_is_new(in, i))
			continue;
		hosts++;
		zone = facts_zone_of(in->facts, &in->set->mx[i].host);
		if (zone && common && !dname_equal(&zone->apex, &common->apex))
			return;
		if (!zone)
			return;
		common = zone;
	}
	if (hosts > 1 && !in_own_zone(in, &common->apex))
		msg_set(&findings_add(out, check, NULL)->text, N_("the names of all servers lie in the zone %s"),
			dname_show(&common->apex, text));
}

const struct check check_same_dns_fate = {
	.id = "same-dns-fate",
	.level = LEVEL_NOTICE,
	.title = N_("The servers' names should not all lie in one foreign zone"),
	.why = N_("Where that zone cannot be looked up, or is lost, none of the servers is found, though all of them run."),
	.reference = "RFC 2182 §3",
	.needs = NEEDS_TARGET_ZONES,
	.run = fate_run,
};

/* ---- a proxy in front ---- */

/* What Cloudflare publishes as its proxies' networks. */
static const struct {
	struct addr net;
	unsigned bits;
} proxies[] = {
	{ NET4(103, 21, 244, 0), 22 },
	{ NET4(103, 22, 200, 0), 22 },
	{ NET4(103, 31, 4, 0), 22 },
	{ NET4(104, 16, 0, 0), 13 },
	{ NET4(104, 24, 0, 0), 14 },
	{ NET4(108, 162, 192, 0), 18 },
	{ NET4(131, 0, 72, 0), 22 },
	{ NET4(141, 101, 64, 0), 18 },
	{ NET4(162, 158, 0, 0), 15 },
	{ NET4(172, 64, 0, 0), 13 },
	{ NET4(173, 245, 48, 0), 20 },
	{ NET4(188, 114, 96, 0), 20 },
	{ NET4(190, 93, 240, 0), 20 },
	{ NET4(197, 234, 240, 0), 22 },
	{ NET4(198, 41, 128, 0), 17 },
	{ NET6(0x2400, 0xcb00, 0), 32 },
	{ NET6(0x2405, 0x8100, 0), 32 },
	{ NET6(0x2405, 0xb500, 0), 32 },
	{ NET6(0x2606, 0x4700, 0), 32 },
	{ NET6(0x2803, 0xf800, 0), 32 },
	{ NET6(0x2a06, 0x98c0, 0), 29 },
	{ NET6(0x2c0f, 0xf248, 0), 32 },
};

/* Of these, the addresses that Cloudflare gives to Spectrum, which passes on any port: Hostinger's mail servers stand behind it. */
static const struct addr spectrum = NET4(172, 65, 0, 0);
#define SPECTRUM_BITS 16

static bool is_proxy(const struct addr *addr)
{
	if (addr->family == spectrum.family && addr_in(addr, &spectrum, SPECTRUM_BITS))
		return false;
	for (size_t i = 0; i < sizeof(proxies) / sizeof(*proxies); i++)
		if (proxies[i].net.family == addr->family && addr_in(addr, &proxies[i].net, proxies[i].bits))
			return true;
	return false;
}

static void proxied_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX], address[ADDR_TEXT_MAX];
	static const struct dname own = { 19, "\2mx\12cloudflare\3net" };

	(void)in;
	if (dname_under(&mx->host, &own) || name_is_proxy_mark(&mx->host))
		return;
	for (size_t i = 0; i < host->n_addr; i++)
		if (is_proxy(&host->addr[i])) {
			msg_set(&findings_add(out, check, mx)->text,
				N_("%s has the address %s, in the networks of Cloudflare's proxies: is its address record proxied?"),
				mx_host_show(mx, text), addr_text(&host->addr[i], address));
			return;
		}
}

static void proxied_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_host(check, in, proxied_host, out);
}

const struct check check_cdn_proxied = {
	.id = "cdn-proxied",
	.level = LEVEL_WARNING,
	.title = N_("A target's address must be the mail server's own"),
	.why = N_("The proxies pass on web traffic alone, unless port 25 was ordered with them. Switch the proxy off for this name."),
	.reference = "developers.cloudflare.com/dns/proxy-status",
	.needs = NEEDS_HOSTS,
	.run = proxied_run,
};

/* ---- TTLs that do not fit ---- */

#define FAR 24 /* times */

static uint32_t lowest_ttl(const struct host_facts *host)
{
	uint32_t ttl = host->a == ANSWER_DATA ? host->a_ttl_s : UINT32_MAX;

	return host->aaaa == ANSWER_DATA && host->aaaa_ttl_s < ttl ? host->aaaa_ttl_s : ttl;
}

static void ttl_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	uint32_t ttl = lowest_ttl(host), set = in->set->ttl_s;
	char text[DNAME_TEXT_MAX], kept[TEXT_SPAN_MAX], set_kept[TEXT_SPAN_MAX];
	struct dname rest;

	if (!host->n_addr || host->n_alias || ttl == UINT32_MAX)
		return;
	if (ttl / FAR > set)
		msg_set(&findings_add(out, check, mx)->text, N_("the addresses of %s may be kept for %s, the MX set for %s"),
			mx_host_show(mx, text), text_span(ttl, kept), text_span(set, set_kept));
	else if (in->facts->cached.exact && in->zone && set / FAR > ttl && dname_before(&mx->host, in->zone, &rest))
		msg_set(&findings_add(out, check, mx)->text, N_("the addresses of %s may be kept for %s only, the MX set for %s"),
			mx_host_show(mx, text), text_span(ttl, kept), text_span(set, set_kept));
}

static void host_ttl_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	if (in->set->n && in->set->ttl_s != MX_TTL_UNKNOWN && !set_hoster(in))
		each_host(check, in, ttl_host, out);
}

const struct check check_target_ttl = {
	.id = "target-ttl",
	.level = LEVEL_NOTICE,
	.title = N_("A target's addresses should be kept about as long as the set"),
	.why = N_(
		"A move of the host takes as long as its addresses are kept, a move to another host as long as the set is. Plan with the longer one."),
	.reference = "RFC 1034 §3.6",
	.needs = NEEDS_HOSTS,
	.run = host_ttl_run,
};
