/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <signal.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/loop.h"

struct seen {
	struct loop *loop;
	struct loop_handle *handle;
	char order[16];
	int fd, to;
	unsigned calls;
};

static void note(struct seen *seen, char c)
{
	seen->order[strlen(seen->order)] = c;
}

static void a(void *data)
{
	note(data, 'a');
}

static void b(void *data)
{
	note(data, 'b');
}

static void stop(void *data)
{
	struct seen *seen = data;

	note(seen, '.');
	loop_stop(seen->loop);
}

static void loop_after__calls_in_order_of_time__and_the_loop_ends_by_itself(void **state)
{
	struct seen seen = { .loop = loop_new() };
	uint64_t began = loop_ms();

	(void)state;
	loop_after(seen.loop, 40, b, &seen);
	loop_after(seen.loop, 0, a, &seen);
	loop_cancel(loop_after(seen.loop, 1, stop, &seen));
	loop_run(seen.loop);
	assert_string_equal(seen.order, "ab");
	assert_true(loop_ms() - began >= 30 && loop_ms() - began < 5000); /* it may come a clock tick early */
	loop_free(seen.loop);
}

/* Each length has its own; more lengths than there are lines for; the first of a line is cancelled, and the last. */
static void loop_after__of_many_lengths__comes_in_order_of_time(void **state)
{
	struct seen seen = { .loop = loop_new() };
	struct loop_handle *handle[40];
	uint64_t began = loop_coarse_ms();

	(void)state;
	for (unsigned i = 0; i < 40; i++) /* 12 lengths; those of 30 and 250 come */
		handle[i] = loop_after(seen.loop, 30 + 20 * (i % 12), i % 12 == 0 ? a : i % 12 == 11 ? b : stop, &seen);
	for (unsigned i = 0; i < 40; i++)
		if ((i % 12 && i % 12 != 11) || i == 0 || i == 35)
			loop_cancel(handle[i]);
	loop_run(seen.loop);
	assert_string_equal(seen.order, "aaabb");
	assert_in_range(loop_coarse_ms() - began, 250 - 10, 5000);
	loop_after(seen.loop, 30, a, &seen); /* in a line that was empty */
	loop_run(seen.loop);
	assert_string_equal(seen.order, "aaabba");
	loop_after(seen.loop, 30, a, &seen);
	loop_free(seen.loop);
}

static void read_one(void *data)
{
	struct seen *seen = data;
	char c;

	assert_int_equal(read(seen->fd, &c, 1), 1);
	note(seen, c);
	if (c == 'z') {
		loop_cancel(seen->handle);
		seen->handle = NULL;
	}
}

static void loop_readable__calls_until_cancelled__also_from_its_own_callback(void **state)
{
	struct seen seen = { .loop = loop_new() };
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	seen.fd = ends[0];
	assert_int_equal(write(ends[1], "xyz-", 4), 4);
	seen.handle = loop_readable(seen.loop, ends[0], read_one, &seen);
	loop_run(seen.loop);
	assert_string_equal(seen.order, "xyz");
	loop_free(seen.loop);
	close(ends[0]);
	close(ends[1]);
}

static void run_inner(void *data)
{
	struct seen *seen = data;
	char c;

	assert_int_equal(read(seen->fd, &c, 1), 1);
	note(seen, c);
	if (c != 'x')
		loop_stop(seen->loop);
	if (seen->calls++ == 0) {
		loop_after(seen->loop, 20, stop, seen);
		loop_run(seen->loop);
		note(seen, '|');
	}
}

static void loop_run__within_a_callback__does_not_call_that_one_again_meanwhile(void **state)
{
	struct seen seen = { .loop = loop_new() };
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	seen.fd = ends[0];
	assert_int_equal(write(ends[1], "xy", 2), 2);
	seen.handle = loop_readable(seen.loop, ends[0], run_inner, &seen);
	loop_run(seen.loop);
	assert_string_equal(seen.order, "x.|y");
	loop_free(seen.loop); /* takes the handle along */
	close(ends[0]);
	close(ends[1]);
}

static void cancel_other(void *data)
{
	struct seen *seen = data;

	note(seen, 'c');
	loop_cancel(seen->handle);
	seen->handle = NULL;
}

static void loop_cancel__of_what_is_due_at_the_same_time__keeps_it_from_coming(void **state)
{
	struct seen seen = { .loop = loop_new() };

	(void)state;
	loop_after(seen.loop, 0, cancel_other, &seen);
	seen.handle = loop_after(seen.loop, 0, a, &seen);
	loop_after(seen.loop, 0, b, &seen);
	usleep(3000);
	loop_run(seen.loop);
	assert_string_equal(seen.order, "cb");
	loop_cancel(NULL);
	loop_free(seen.loop);
}

static void loop_signal__calls__for_its_signal(void **state)
{
	struct seen seen = { .loop = loop_new() };

	(void)state;
	loop_signal(seen.loop, SIGUSR1, stop, &seen);
	loop_signal(seen.loop, SIGUSR1, a, &seen);
	raise(SIGUSR1);
	loop_run(seen.loop);
	assert_non_null(strchr(seen.order, '.'));
	loop_free(seen.loop);
}

/* A byte a time; the end stops the loop. */
static void read_char(void *data)
{
	struct seen *seen = data;
	char c;

	if (read(seen->fd, &c, 1) == 1)
		note(seen, c);
	else
		loop_stop(seen->loop);
}

/* No kernel tells that a file or /dev/null can be read. */
static void loop_readable__reads__a_file_to_its_end(void **state)
{
	char name[] = "/tmp/test_loop-XXXXXX";
	struct seen seen = { .loop = loop_new(), .fd = mkstemp(name) };

	(void)state;
	assert_true(seen.fd >= 0);
	unlink(name);
	assert_int_equal(write(seen.fd, "file", 4), 4);
	assert_int_equal(lseek(seen.fd, 0, SEEK_SET), 0);
	seen.handle = loop_readable(seen.loop, seen.fd, read_char, &seen);
	loop_run(seen.loop);
	assert_string_equal(seen.order, "file");
	loop_cancel(seen.handle);
	close(seen.fd);
	seen.fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	seen.handle = loop_readable(seen.loop, seen.fd, read_char, &seen);
	loop_run(seen.loop);
	assert_string_equal(seen.order, "file");
	loop_cancel(seen.handle);
	close(seen.fd);
	loop_free(seen.loop);
}

static void slow(void *data)
{
	usleep(1000 * (LOOP_LOOK_MS + 1));
	b(data);
}

static void slow_and_type(void *data)
{
	struct seen *seen = data;

	slow(data);
	assert_int_equal(write(seen->to, "k", 1), 1);
}

static void ends_the_loop(void *data)
{
	loop_stop(data);
}

/* A key that comes while much is to be called comes after the call that is being made, whatever waits. */
static void loop_urgent__comes__before_what_waits(void **state)
{
	static const struct {
		bool urgent;
		const char *order;
	} cases[] = { { true, "bkbbb" }, { false, "bbbbk" } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct seen seen = { .loop = loop_new() };
		int ends[2];

		assert_int_equal(pipe(ends), 0);
		seen.fd = ends[0];
		seen.to = ends[1];
		seen.handle = loop_readable(seen.loop, ends[0], read_char, &seen);
		if (cases[i].urgent)
			loop_urgent(seen.handle);
		loop_after(seen.loop, 0, slow_and_type, &seen);
		for (int k = 0; k < 3; k++)
			loop_after(seen.loop, 0, slow, &seen);
		loop_after(seen.loop, 200, ends_the_loop, seen.loop);
		loop_run(seen.loop);
		assert_string_equal(seen.order, cases[i].order);
		loop_free(seen.loop);
		close(ends[0]);
		close(ends[1]);
	}
}

static void loop_random__differs__from_call_to_call(void **state)
{
	(void)state;
	assert_true(loop_random() != loop_random());
	assert_true(loop_now() > 1600000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loop_after__calls_in_order_of_time__and_the_loop_ends_by_itself),
		cmocka_unit_test(loop_after__of_many_lengths__comes_in_order_of_time),
		cmocka_unit_test(loop_readable__calls_until_cancelled__also_from_its_own_callback),
		cmocka_unit_test(loop_run__within_a_callback__does_not_call_that_one_again_meanwhile),
		cmocka_unit_test(loop_cancel__of_what_is_due_at_the_same_time__keeps_it_from_coming),
		cmocka_unit_test(loop_signal__calls__for_its_signal),
		cmocka_unit_test(loop_readable__reads__a_file_to_its_end),
		cmocka_unit_test(loop_urgent__comes__before_what_waits),
		cmocka_unit_test(loop_random__differs__from_call_to_call),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
