/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands on zone files and the demo: nothing asks the network. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transcript.h"

static void commands__print__as_written(void **state)
{
	transcript_play(*state);
}

static struct CMUnitTest row(const char *name)
{
	return (struct CMUnitTest){ .name = name, .test_func = commands__print__as_written, .initial_state = (void *)(uintptr_t)name };
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		row("show"),
		row("check"),
		row("edges"),
		row("choice"),
		row("policy"),
		row("audit"),
		row("simulate"),
		row("outage"),
		row("matrix"),
		row("cutover"),
		row("draft"),
		row("rebase"),
		row("push"),
		row("approve"),
		row("ticket"),
		row("lists"),
		row("words"),
		row("plain"),
		row("unfinished"),
	};

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
