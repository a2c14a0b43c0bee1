/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/banned.h"

struct aside {
	struct aside_work work;
	pid_t pid;
	int out; /* our end of the pipe */
	struct loop_handle *ready;
};

static void run_child(const struct aside_work *work, int out)
{
	char *result = mem_alloc(work->result_size + 1);
	size_t done = 0;

	work->run(work->what, result);
	while (done < work->result_size) {
		ssize_t n = write(out, result + done, work->result_size - done);

		if (n < 0 && errno != EINTR)
			_exit(1);
		done += n > 0 ? (size_t)n : 0;
	}
	_exit(0);
}

/* Reads to the end of the pipe; waits where the child has not ended yet. */
static void finish(struct aside *aside)
{
	char *result = mem_alloc(aside->work.result_size + 1);
	size_t got = 0;
	ssize_t n;

	do {
		n = read(aside->out, result + got, aside->work.result_size - got);
		got += n > 0 ? (size_t)n : 0;
	} while ((n > 0 && got < aside->work.result_size) || (n < 0 && errno == EINTR));
	loop_cancel(aside->ready);
	close(aside->out);
	while (waitpid(aside->pid, NULL, 0) < 0 && errno == EINTR)
		;
	aside->work.done(aside->work.data, got == aside->work.result_size ? result : NULL);
	free(result);
	free(aside);
}

static void on_ready(void *data)
{
	finish(data);
}

struct aside *aside_start(struct loop *loop, const struct aside_work *work)
{
	struct aside *aside;
	sigset_t all, before;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return NULL;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		run_child(work, ends[1]);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return NULL;
	}
	aside = mem_alloc(sizeof(*aside));
	*aside = (struct aside){ .work = *work, .pid = pid, .out = ends[0] };
	aside->ready = loop_readable(loop, ends[0], on_ready, aside);
	return aside;
}

void aside_wait(struct aside *aside)
{
	if (aside)
		finish(aside);
}
