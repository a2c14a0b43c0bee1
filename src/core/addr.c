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

/* inet_ntop() writes the same by way of printf. */
static char *text_of_4(const uint8_t bytes[4], char *out)
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
	return out;
}

static unsigned group(const uint8_t bytes[16], size_t i)
{
	return (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
}

/* The first of the longest runs of two or more zero groups (RFC 5952 section 4.2). Without one, *from is 8. */
static void find_run(const uint8_t bytes[16], size_t *from, size_t *len)
{
	size_t n = 0;

	*from = 8;
	*len = 1;
	for (size_t i = 0; i < 8; i++) {
		n = group(bytes, i) ? 0 : n + 1;
		if (n > *len) {
			*len = n;
			*from = i + 1 - n;
		}
	}
}

static char *hex_of(unsigned value, char *out)
{
	for (unsigned shift = 12; shift > 0; shift -= 4)
		if (value >> shift)
			*out++ = "0123456789abcdef"[value >> shift & 15];
	*out++ = "0123456789abcdef"[value & 15];
	return out;
}

static char *text_of_6(const uint8_t bytes[16], char *out)
{
	size_t from, len;
	bool has_4;

	find_run(bytes, &from, &len);
	has_4 = from == 0 && (len == 6 || (len == 5 && group(bytes, 5) == 0xFFFF)); /* RFC 5952 section 5 */
	for (size_t i = 0; i < 8; i++) {
		if (i == from) {
			*out++ = ':';
			i += len - 1;
			if (i == 7)
				*out++ = ':';
			continue;
		}
		if (i)
			*out++ = ':';
		if (i == 6 && has_4) {
			out = text_of_4(bytes + 12, out);
			break;
		}
		out = hex_of(group(bytes, i), out);
	}
	return out;
}

char *addr_write(const struct addr *addr, char out[ADDR_TEXT_MAX])
{
	char *end = out;

	if (addr->family == 4)
		end = text_of_4(addr->bytes, out);
	else if (addr->family)
		end = text_of_6(addr->bytes, out);
	*end = '\0';
	return end;
}

const char *addr_text(const struct addr *addr, char out[ADDR_TEXT_MAX])
{
	addr_write(addr, out);
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
