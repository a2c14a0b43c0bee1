/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An IPv4 or IPv6 address as a value. */
#ifndef CORE_ADDR_H
#define CORE_ADDR_H

#include <stdbool.h>
#include <stdint.h>

struct addr {
	uint8_t family; /* 4 or 6; 0: none */
	uint8_t bytes[16];
};

bool addr_parse(struct addr *addr, const char *text); /* no port, no brackets, no zone */
#define ADDR_TEXT_MAX 46
const char *addr_text(const struct addr *addr, char out[ADDR_TEXT_MAX]); /* RFC 5952 */
char *addr_write(const struct addr *addr, char out[ADDR_TEXT_MAX]);      /* the same; its end */
bool addr_equal(const struct addr *a, const struct addr *b);
/* Is addr in net/bits? */
bool addr_in(const struct addr *addr, const struct addr *net, unsigned bits);

#endif
