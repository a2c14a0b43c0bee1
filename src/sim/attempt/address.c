/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of address a target has: the sender itself, one that it leaves out, one that nobody reaches. */
#include "sim/attempt/attempt.h"

#include "base/banned.h"

bool address_is_loopback(const struct addr *addr)
{
	static const struct addr loop4 = { 4, { 127 } }, loop6 = { 6, { [15] = 1 } };

	return addr_in(addr, &loop4, 8) || addr_equal(addr, &loop6);
}

/* 0.0.0.0 and :: mean this machine, too. */
bool address_is_any(const struct addr *addr)
{
	static const struct addr any4 = { 4, { 0 } }, any6 = { 6, { 0 } };

	return addr_equal(addr, &any4) || addr_equal(addr, &any6);
}

struct net {
	struct addr addr;
	unsigned bits;
};

static bool in_one_of(const struct addr *addr, const struct net *net, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (addr_in(addr, &net[i].addr, net[i].bits))
			return true;
	}
	return false;
}

/* What Debian's Exim leaves out: ignore_target_hosts of its dnslookup router. */
static bool is_private(const struct addr *addr)
{
	static const struct net nets[] = {
		{ { 4, { 10 } }, 8 },
		{ { 4, { 172, 16 } }, 12 },
		{ { 4, { 192, 168 } }, 16 },
		{ { 4, { 169, 254 } }, 16 },
		{ { 4, { 255, 255, 255, 255 } }, 32 },
		{ { 6, { 0xfc } }, 7 },
		{ { 6, { 0xfe, 0x80 } }, 10 },
		{ { 6, { 1 } }, 64 },
	};

	return in_one_of(addr, nets, sizeof nets / sizeof *nets);
}

/* Reserved, multicast and link-local addresses: no mail server can be reached there. */
bool address_is_nowhere(const struct addr *addr)
{
	static const struct net nets[] = {
		{ { 4, { 0 } }, 8 },
		{ { 4, { 224 } }, 3 },
		{ { 6, { 0xff } }, 8 },
		{ { 6, { 0xfe, 0x80 } }, 10 },
	};

	return !address_is_any(addr) && in_one_of(addr, nets, sizeof nets / sizeof *nets);
}

bool address_ignored(const struct sender *sender, const struct addr *addr)
{
	return (sender->self == SELF_IGNORE && address_is_loopback(addr)) || (sender->self_any == SELF_IGNORE && address_is_any(addr)) ||
	       (sender->ignores_private && is_private(addr));
}
