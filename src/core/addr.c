/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/addr.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/banned.h"

static size_t size_of(const struct addr *addr)
{
	return addr->family == 4 ? 4 : addr->family == 6 ? 16 : 0;
}

bool addr_parse(struct addr *addr, const char *text)
{
	struct addr made = { .family = strchr(text, ':') ? 6 : 4 };

	if (inet_pton(made.family == 6 ? AF_INET6 : AF_INET, text, made.bytes) != 1)
		return false;
	*addr = made;
	return true;
}

static void text_of_4(const uint8_t bytes[4], char *out)
{
	for (size_t i = 0; i < 4; i++) {
		if (i)
			*out++ = '.';
		if (bytes[i] >= 100)
			*out++ = (char)('0' + bytes[i] / 100);
		if (bytes[i] >= 10)
			*out++ = (char)('0' + bytes[i] / 10 % 10);
		*out++ = (char)('0' + bytes[i] % 10);
	}
	*out = '\0';
}

const char *addr_text(const struct addr *addr, char out[ADDR_TEXT_MAX])
{
	out[0] = '\0';
	if (addr->family == 4)
		text_of_4(addr->bytes, out);
	else if (addr->family)
		inet_ntop(AF_INET6, addr->bytes, out, ADDR_TEXT_MAX);
	return out;
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, size_of(a)) == 0;
}

bool addr_in(const struct addr *addr, const struct addr *net, unsigned bits)
{
	size_t whole = bits / 8;
	unsigned rest = bits % 8;

	if (addr->family != net->family || addr->family == 0 || bits > size_of(addr) * 8)
		return false;
	if (whole && (addr->bytes[0] != net->bytes[0] || memcmp(addr->bytes, net->bytes, whole) != 0))
		return false;
	return rest == 0 || (addr->bytes[whole] ^ net->bytes[whole]) >> (8 - rest) == 0;
}
