/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which addresses are the sender's own machine, which nobody reaches, and which some senders leave out: each range to its ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sim/attempt/attempt.h"

static const struct {
	const char *text, *what; /* l loopback, a any, n nowhere, p private */
} rows[] = {
	{ "126.255.255.255", "" },
	{ "127.0.0.0", "l" },
	{ "127.0.0.1", "l" },
	{ "127.255.255.255", "l" },
	{ "128.0.0.0", "" },
	{ "0.0.0.0", "a" },
	{ "0.0.0.1", "n" },
	{ "0.255.255.255", "n" },
	{ "1.0.0.0", "" },
	{ "9.255.255.255", "" },
	{ "10.0.0.0", "p" },
	{ "10.255.255.255", "p" },
	{ "11.0.0.0", "" },
	{ "169.253.255.255", "" },
	{ "169.254.0.0", "p" },
	{ "169.254.255.255", "p" },
	{ "169.255.0.0", "" },
	{ "172.15.255.255", "" },
	{ "172.16.0.0", "p" },
	{ "172.31.255.255", "p" },
	{ "172.32.0.0", "" },
	{ "192.167.255.255", "" },
	{ "192.168.0.0", "p" },
	{ "192.168.255.255", "p" },
	{ "192.169.0.0", "" },
	{ "223.255.255.255", "" },
	{ "224.0.0.0", "n" },
	{ "239.255.255.255", "n" },
	{ "240.0.0.0", "n" },
	{ "254.255.255.255", "n" },
	{ "255.255.255.254", "n" },
	{ "255.255.255.255", "np" },
	{ "::", "a" },
	{ "::1", "l" },
	{ "::2", "" },
	{ "0:0:0:1::1", "" },
	{ "ff:ffff::", "" },
	{ "100::", "p" },
	{ "100::ffff:ffff:ffff:ffff", "p" },
	{ "100:0:0:1::", "" },
	{ "200::", "" },
	{ "2001:db8::1", "" },
	{ "fbff:ffff::", "" },
	{ "fc00::", "p" },
	{ "fdff:ffff::", "p" },
	{ "fe00::", "" },
	{ "fe7f:ffff::", "" },
	{ "fe80::", "np" },
	{ "febf:ffff::", "np" },
	{ "fec0::", "" },
	{ "feff:ffff::", "" },
	{ "ff00::", "n" },
	{ "ff02::1", "n" },
	{ "ffff:ffff::", "n" },
};

static void address__is__what_its_range_says(void **state)
{
	static const struct sender all = { .self = SELF_IGNORE, .self_any = SELF_IGNORE, .ignores_private = true },
				   none = { .self = SELF_CUT, .self_any = SELF_CUT }, own = { .self = SELF_IGNORE, .self_any = SELF_CUT },
				   any = { .self = SELF_CUT, .self_any = SELF_IGNORE };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool loopback = strchr(rows[i].what, 'l'), is_any = strchr(rows[i].what, 'a'), nowhere = strchr(rows[i].what, 'n'),
		     private = strchr(rows[i].what, 'p');
		struct addr addr;

		assert_true(addr_parse(&addr, rows[i].text));
		if (address_is_loopback(&addr) != loopback || address_is_any(&addr) != is_any || address_is_nowhere(&addr) != nowhere ||
			address_ignored(&all, &addr) != (loopback || is_any || private) || address_ignored(&none, &addr) ||
			address_ignored(&own, &addr) != loopback || address_ignored(&any, &addr) != is_any)
			fail_msg("%s", rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address__is__what_its_range_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
