/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waits for the disk that do not hold the loop. The disk here takes its time: until all who wait have asked it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/disk.h"
#include "io/scratch.h"

#define N 8

struct disk {
	pthread_mutex_t mutex;
	pthread_cond_t all;
	unsigned asked, wanted; /* as many must have asked before the first is answered */
	int failure;
	bool late, masked; /* they never all came; the thread took no signal */
	unsigned n_thread; /* that asked, each once */
	pid_t thread[3 * DISK_THREADS];
};
static struct disk disk = { .mutex = PTHREAD_MUTEX_INITIALIZER, .all = PTHREAD_COND_INITIALIZER };

static void note_thread(void)
{
	const pid_t id = (pid_t)syscall(SYS_gettid);
	unsigned i = 0;

	while (i < disk.n_thread && disk.thread[i] != id)
		i++;
	if (i == disk.n_thread && i < sizeof disk.thread / sizeof *disk.thread)
		disk.thread[disk.n_thread++] = id;
}

/* In the place of the system's, for this program. */
int fsync(int fd)
{
	struct timespec end;
	sigset_t mask;
	int failure;

	(void)fd;
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 20;
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	pthread_mutex_lock(&disk.mutex);
	note_thread();
	disk.masked = sigismember(&mask, SIGINT) && sigismember(&mask, SIGWINCH) && sigismember(&mask, SIGCHLD);
	if (++disk.asked == disk.wanted)
		pthread_cond_broadcast(&disk.all);
	while (disk.asked < disk.wanted && !disk.late)
		if (pthread_cond_timedwait(&disk.all, &disk.mutex, &end) == ETIMEDOUT)
			disk.late = true;
	failure = disk.failure;
	pthread_mutex_unlock(&disk.mutex);
	errno = failure;
	return failure ? -1 : 0;
}

struct room {
	char *dir;
	struct loop *loop;
	struct disk *waits;
	unsigned done, timers;
	int failure;
};

static void on_done(void *data, int failure)
{
	struct room *room = data;

	room->failure = failure;
	if (++room->done == disk.wanted)
		loop_stop(room->loop);
}

static int make_file(const struct room *room, unsigned i, const char *text)
{
	char path[400];
	int fd;

	snprintf(path, sizeof path, "%s/%u", room->dir, i);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

static off_t length_of(const struct room *room, unsigned i)
{
	char path[400];
	struct stat seen;

	snprintf(path, sizeof path, "%s/%u", room->dir, i);
	assert_int_equal(stat(path, &seen), 0);
	return seen.st_size;
}

static int locked(const struct room *room, unsigned i)
{
	char path[400];
	int fd, result;

	snprintf(path, sizeof path, "%s/%u", room->dir, i);
	fd = open(path, O_RDWR | O_CLOEXEC);
	result = flock(fd, LOCK_EX | LOCK_NB);
	close(fd);
	return result != 0;
}

static void ask(unsigned wanted, int failure)
{
	disk.asked = 0;
	disk.wanted = wanted;
	disk.failure = failure;
}

static void waits__are__at_the_same_time(void **state)
{
	struct room *room = *state;

	ask(N, 0);
	for (unsigned i = 0; i < N; i++)
		disk_start(room->waits, make_file(room, i, "line"), 0, (struct disk_then){ .fn = on_done, .data = room });
	assert_int_equal(room->done, 0);
	loop_run(room->loop);
	assert_int_equal(room->done, N);
	assert_int_equal(room->failure, 0);
	assert_false(disk.late);
	assert_true(disk.masked);
	assert_int_equal(length_of(room, N - 1), 4);
}

static void start_last(void *data)
{
	struct room *room = data;

	room->timers++;
	disk_start(room->waits, make_file(room, 1, "b"), 0, (struct disk_then){ .fn = on_done, .data = room });
}

static void loop__goes_on__while_the_disk_works(void **state)
{
	struct room *room = *state;

	ask(2, 0); /* the first is not answered before the second has come, which a timer brings */
	disk_start(room->waits, make_file(room, 0, "a"), 0, (struct disk_then){ .fn = on_done, .data = room });
	loop_after(room->loop, 20, start_last, room);
	loop_run(room->loop);
	assert_int_equal(room->timers, 1);
	assert_int_equal(room->done, 2);
	assert_false(disk.late);
}

static void failure__is_told__and_what_was_written_is_gone(void **state)
{
	struct room *room = *state;

	ask(1, ENOSPC);
	disk_start(room->waits, make_file(room, 0, "kept lost"), 5, (struct disk_then){ .fn = on_done, .data = room });
	loop_run(room->loop);
	assert_int_equal(room->failure, ENOSPC);
	assert_int_equal(length_of(room, 0), 5);
	assert_int_equal(disk_sync(make_file(room, 1, "kept lost"), 4), ENOSPC);
	assert_int_equal(length_of(room, 1), 4);
	ask(1, 0);
	assert_int_equal(disk_sync(make_file(room, 1, "kept lost"), 4), 0);
	assert_int_equal(length_of(room, 1), 9);
}

/* Also where a child has the descriptor. */
static void lock__ends__with_the_wait(void **state)
{
	struct room *room = *state;
	int fd = make_file(room, 0, "a"), ends[2];
	pid_t child;

	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (!child) {
		char c;

		close(ends[1]);
		_exit(read(ends[0], &c, 1) != 0);
	}
	assert_true(locked(room, 0));
	ask(1, 0);
	disk_start(room->waits, fd, 0, (struct disk_then){ .fn = on_done, .data = room });
	loop_run(room->loop);
	assert_false(locked(room, 0));
	close(ends[0]);
	close(ends[1]);
	waitpid(child, NULL, 0);
}

static void cancelled__wait__tells_nothing_and_is_over(void **state)
{
	struct room *room = *state;
	int fd = make_file(room, 0, "a");

	flock(fd, LOCK_EX);
	ask(1, 0);
	disk_cancel(disk_start(room->waits, fd, 0, (struct disk_then){ .fn = on_done, .data = room }));
	assert_int_equal(disk.asked, 1);
	assert_false(locked(room, 0));
	disk_cancel(NULL);
	disk_free(NULL);
	loop_run(room->loop); /* nothing is left to wait for */
	assert_int_equal(room->done, 0);
}

/* Where no thread can tell the loop, the wait is made at once, and told from the loop all the same. */
static void wait__without_descriptors__is_made_at_once(void **state)
{
	struct room *room = *state;
	int fd = make_file(room, 0, "kept lost"), lowest = dup(fd);
	struct rlimit before, few;

	close(lowest);
	ask(1, ENOSPC);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = (rlim_t)lowest + 1; /* a pipe has two */
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	disk_start(room->waits, fd, 4, (struct disk_then){ .fn = on_done, .data = room });
	assert_int_equal(disk.asked, 1);
	assert_int_equal(room->done, 0);
	loop_run(room->loop);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(room->done, 1);
	assert_int_equal(room->failure, ENOSPC);
	assert_int_equal(length_of(room, 0), 4);
}

static void thread__is_kept__for_the_next_wait(void **state)
{
	struct room *room = *state;

	disk.n_thread = 0;
	for (unsigned i = 0; i < 3 * DISK_THREADS; i++) {
		room->done = 0;
		ask(1, 0);
		disk_start(room->waits, make_file(room, i, "line"), 0, (struct disk_then){ .fn = on_done, .data = room });
		loop_run(room->loop);
		assert_int_equal(room->done, 1);
	}
	/* One that has told may not be idle again when the next wait comes: then there is another. */
	assert_in_range(disk.n_thread, 1, DISK_THREADS);
}

/* More waits than threads: each comes to its end. */
static void waits__beyond_the_threads__have_their_turn(void **state)
{
	struct room *room = *state;
	struct disk_job *last = NULL;

	ask(3 * DISK_THREADS, 0);
	disk.late = true; /* none waits for the others */
	for (unsigned i = 0; i < 3 * DISK_THREADS; i++)
		last = disk_start(room->waits, make_file(room, i, "line"), 0, (struct disk_then){ .fn = on_done, .data = room });
	disk_cancel(last);
	room->done++;
	loop_run(room->loop);
	assert_int_equal(room->done, 3 * DISK_THREADS);
	assert_int_equal(disk.asked, 3 * DISK_THREADS);
	disk.late = false;
}

/* ---- what may be late ---- */

static void start_late(struct room *room, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		disk_start(room->waits, make_file(room, i, "line"), 0, (struct disk_then){ .fn = on_done, .data = room, .late = true });
}

static unsigned asked_now(void)
{
	unsigned asked;

	pthread_mutex_lock(&disk.mutex);
	asked = disk.asked;
	pthread_mutex_unlock(&disk.mutex);
	return asked;
}

static void answer_all(void *data)
{
	(void)data;
	pthread_mutex_lock(&disk.mutex);
	disk.late = true;
	pthread_cond_broadcast(&disk.all);
	pthread_mutex_unlock(&disk.mutex);
}

static void late_wait__goes_at_once__where_nothing_else_does(void **state)
{
	struct room *room = *state;

	ask(1, 0);
	start_late(room, 0, 1);
	loop_run(room->loop);
	assert_int_equal(room->done, 1);
	assert_int_equal(length_of(room, 0), 4);
	assert_false(disk.late);
}

static void note_asked(void *data)
{
	unsigned *asked = data;

	*asked = asked_now();
	answer_all(NULL);
}

/* One is at work, and fewer than can go at a time wait behind it: they go when it has ended. One more, and all go. */
static void late_waits__gather__while_the_disk_works(void **state)
{
	static const struct {
		unsigned late, asked;
	} rows[] = { { DISK_THREADS - 1, 1 }, { DISK_THREADS, DISK_THREADS } };
	struct room *room = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned asked = 0;

		room->done = 0;
		ask(rows[i].late + 1, 0);
		disk_start(room->waits, make_file(room, 20, "a"), 0, (struct disk_then){ .fn = on_done, .data = room });
		while (!asked_now())
			;
		start_late(room, 0, rows[i].late);
		loop_after(room->loop, 200, note_asked, &asked);
		loop_run(room->loop);
		assert_int_equal(asked, rows[i].asked);
		assert_int_equal(room->done, rows[i].late + 1);
		assert_int_equal(disk.asked, rows[i].late + 1);
		disk.late = false;
	}
}

/* It is not waited for until others have come. */
static void cancelled__late_wait__is_over(void **state)
{
	struct room *room = *state;
	struct disk_job *job;

	ask(2, 0); /* the first is not answered before the second has asked */
	disk_start(room->waits, make_file(room, 0, "a"), 0, (struct disk_then){ .fn = on_done, .data = room });
	while (!asked_now())
		;
	job = disk_start(room->waits, make_file(room, 1, "b"), 0, (struct disk_then){ .fn = on_done, .data = room, .late = true });
	disk_cancel(job);
	room->done++;
	loop_run(room->loop);
	assert_int_equal(room->done, 2);
	assert_int_equal(disk.asked, 2);
	assert_false(disk.late);
}

static int set_up(void **state)
{
	struct room *room = calloc(1, sizeof *room);

	room->dir = scratch_new(NULL);
	room->loop = loop_new();
	room->waits = disk_new(room->loop);
	*state = room;
	return room->dir ? 0 : -1;
}

static int tear_down(void **state)
{
	struct room *room = *state;

	disk_free(room->waits);
	loop_free(room->loop);
	scratch_free(room->dir);
	free(room);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(waits__are__at_the_same_time),
		TEST(loop__goes_on__while_the_disk_works),
		TEST(failure__is_told__and_what_was_written_is_gone),
		TEST(lock__ends__with_the_wait),
		TEST(thread__is_kept__for_the_next_wait),
		TEST(waits__beyond_the_threads__have_their_turn),
		TEST(cancelled__wait__tells_nothing_and_is_over),
		TEST(wait__without_descriptors__is_made_at_once),
		TEST(late_wait__goes_at_once__where_nothing_else_does),
		TEST(late_waits__gather__while_the_disk_works),
		TEST(cancelled__late_wait__is_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
