/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/addr.h"

/* The C library writes the same. */
static void is_as_inet_ntop(const struct addr *addr)
{
	char ours[ADDR_TEXT_MAX], theirs[INET6_ADDRSTRLEN];

	assert_non_null(inet_ntop(addr->family == 4 ? AF_INET : AF_INET6, addr->bytes, theirs, sizeof theirs));
	assert_string_equal(addr_text(addr, ours), theirs);
}

/* Each group is nothing, one, or four digits, in every order: all runs of zeros, also those that hold an IPv4 address. */
static void addr_text__writes__every_run_of_zeros(void **state)
{
	static const uint8_t groups[3][2] = { { 0, 0 }, { 0, 1 }, { 0xff, 0xff } };

	(void)state;
	for (unsigned k = 0; k < 6561; k++) {
		struct addr addr = { .family = 6 };

		for (unsigned i = 0, rest = k; i < 8; i++, rest /= 3)
			memcpy(addr.bytes + 2 * i, groups[rest % 3], 2);
		is_as_inet_ntop(&addr);
	}
}

static void addr_text__writes__every_number(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 65536; k++) {
		const struct addr four = { .family = 4, .bytes = { (uint8_t)(k >> 8), (uint8_t)k, (uint8_t)(k >> 8), (uint8_t)k } };
		const struct addr six = { .family = 6, .bytes = { 0x20, 1, (uint8_t)(k >> 8), (uint8_t)k, [15] = (uint8_t)k } };

		is_as_inet_ntop(&four);
		is_as_inet_ntop(&six);
	}
}

static void addr_text__is__empty_for_none(void **state)
{
	char text[ADDR_TEXT_MAX] = "x";

	(void)state;
	assert_string_equal(addr_text(&(struct addr){ 0 }, text), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addr_text__writes__every_run_of_zeros),
		cmocka_unit_test(addr_text__writes__every_number),
		cmocka_unit_test(addr_text__is__empty_for_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
