/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands on name servers and a resolver's cache, in a network namespace of the test's own. */
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../app/truths.h"
#include "io/loop.h"
#include "transcript.h"

static bool alone;

/* The servers are a process of their own: the commands have no loop to lend. */
static pid_t serve(void)
{
	struct dnsd dnsd = { 0 };
	int ready[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		dnsd.loop = loop_new();
		truths_add(&dnsd);
		if (write(ready[1], "r", 1) != 1)
			_exit(1);
		for (;;)
			loop_run(dnsd.loop);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	return pid;
}

static void commands__say__how_a_set_is_known(void **state)
{
	(void)state;
	if (!alone)
		skip();
	transcript_play("truths");
}

static int end(void **state)
{
	pid_t pid = *(pid_t *)*state;

	if (pid > 0) {
		kill(pid, SIGTERM);
		waitpid(pid, NULL, 0);
	}
	return 0;
}

int main(void)
{
	pid_t pid = 0;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate_setup_teardown(commands__say__how_a_set_is_known, NULL, end, &pid),
	};

	alone = dnsd_enter();
	if (alone)
		pid = serve();
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
