/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "truths.h"

#include <stdio.h>

#define BOTH "@ NS ns1\n@ NS ns2\nns1 A 127.0.0.10\nns2 A 127.0.0.11\n"
#define HOSTS "mx1 A 192.0.2.1\nmx1 AAAA 2001:db8::1\nmx2 A 192.0.2.2\n"
#define OLD "@ MX 10 mx1\n"
#define RING "ring CNAME slinga\nslinga CNAME ring\n"
#define NEW "@ MX 10 mx1\n@ MX 20 mx2\n"

static const struct row {
	const char *domain, *names;         /* names: the zone's servers and hosts, everywhere */
	const char *cache, *first, *second; /* what the resolver, 127.0.0.10 and 127.0.0.11 have besides; NULL: no such zone */
} rows[] = {
	{ "enig.exempel.com.", BOTH HOSTS, "@ 7230 MX 10 mx1\n@ 7230 MX 20 mx2\n", NEW, NEW },
	{ "oenig.exempel.com.", BOTH HOSTS, "@ 7230 MX 10 mx1\n", OLD, NEW },
	{ "gammal.exempel.com.", BOTH HOSTS, "@ 7230 MX 10 mx1\n", NEW, NEW },
	{ "tom.exempel.com.", BOTH HOSTS, "", NEW, NEW },
	{ "utan.exempel.com.", BOTH HOSTS, "", "", "" },
	{ "egen.exempel.com.", BOTH "@ A 192.0.2.9\n", "", "", "" },
	{ "noll.exempel.com.", BOTH, "@ MX 0 .\n", "@ MX 0 .\n", "@ MX 0 .\n" },
	{ "joker.exempel.com.", BOTH HOSTS, "* MX 10 mx1\n", "* MX 10 mx1\n", "* MX 10 mx1\n" },
	{ "halv.exempel.com.", BOTH HOSTS, "@ 7230 MX 10 mx1\n", NEW, NULL },
	{ "tyst.exempel.com.", "@ NS ns3\nns3 A 127.0.0.12\n" HOSTS, "@ 7230 MX 10 mx1\n", NULL, NULL },
	{ "lam.exempel.com.", "@ NS ns4\n@ NS ns5\nns4 A 127.0.0.13\nns5 A 127.0.0.14\n" HOSTS, "@ 7230 MX 10 mx1\n", NULL, NULL },
	{ "bruten.exempel.com.", BOTH HOSTS, RING, RING, RING },
};

static void add_zone(struct dnsd_server *server, const struct row *row, const char *records)
{
	char text[1000];

	if (!records)
		return;
	snprintf(text, sizeof(text), "%s%s", row->names, records);
	dnsd_zone(server, row->domain, text);
}

void truths_add(struct dnsd *dnsd)
{
	struct dnsd_server *cache = dnsd_add(dnsd, "127.0.0.53", DNSD_RESOLVES), *first = dnsd_add(dnsd, "127.0.0.10", DNSD_ANSWERS),
			   *second = dnsd_add(dnsd, "127.0.0.11", DNSD_ANSWERS);

	dnsd_add(dnsd, "127.0.0.12", DNSD_SILENT);
	dnsd_add(dnsd, "127.0.0.13", DNSD_LAME);
	dnsd_add(dnsd, "127.0.0.14", DNSD_REFUSES);
	dnsd_add(dnsd, "127.0.0.15", DNSD_FAILS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		add_zone(cache, &rows[i], rows[i].cache);
		add_zone(first, &rows[i], rows[i].first);
		add_zone(second, &rows[i], rows[i].second);
	}
}
