/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/aside.h"

#define N 100000 /* more than a pipe holds */

struct seen {
	struct loop *loop;
	int calls;
	bool none;
	int value[N];
};

static void on_done(void *data, const void *result)
{
	struct seen *seen = data;

	seen->calls++;
	seen->none = !result;
	if (result)
		memcpy(seen->value, result, sizeof(seen->value));
	loop_stop(seen->loop);
}

static void fill(const void *what, void *result)
{
	int *value = result;

	for (int i = 0; i < N; i++)
		value[i] = *(const int *)what + i;
}

static void die(const void *what, void *result)
{
	(void)what, (void)result;
	raise(SIGKILL);
}

/* A signal of the terminal does not end it. */
static void hang_up(const void *what, void *result)
{
	raise(SIGHUP);
	raise(SIGTERM);
	fill(what, result);
}

static void aside__gives_back__from_the_loop_or_when_waited_for(void **state)
{
	void (*const runs[])(const void *, void *) = { fill, hang_up };
	int from = 41;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct seen seen = { .loop = loop_new() };
		struct aside_work work = { runs[i / 2], &from, sizeof(seen.value), on_done, &seen };
		struct aside *aside = aside_start(seen.loop, &work);

		assert_non_null(aside);
		if (i % 2)
			aside_wait(aside);
		else
			loop_run(seen.loop);
		assert_int_equal(seen.calls, 1);
		assert_false(seen.none);
		for (int k = 0; k < N; k++)
			assert_int_equal(seen.value[k], 41 + k);
		loop_free(seen.loop);
	}
}

static void aside__tells__that_there_is_no_result(void **state)
{
	struct seen seen = { .loop = loop_new() };
	struct aside_work work = { die, NULL, sizeof(seen.value), on_done, &seen };

	(void)state;
	assert_non_null(aside_start(seen.loop, &work));
	loop_run(seen.loop);
	assert_int_equal(seen.calls, 1);
	assert_true(seen.none);
	loop_free(seen.loop);
}

/* The one who asks goes on, and the one who works ends: what comes after the call is done once. */
static void aside__works__in_another_process(void **state)
{
	int from = 1, status = 0;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct seen seen = { .loop = loop_new() };
		struct aside_work work = { fill, &from, sizeof(seen.value), on_done, &seen };

		aside_wait(aside_start(seen.loop, &work));
		_exit(seen.calls == 1 && seen.value[0] == 1 ? 42 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aside__gives_back__from_the_loop_or_when_waited_for),
		cmocka_unit_test(aside__tells__that_there_is_no_result),
		cmocka_unit_test(aside__works__in_another_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
