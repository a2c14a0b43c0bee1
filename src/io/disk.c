/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/banned.h"

struct disk_job {
	struct disk_then then;
	int fd;
	off_t keep;
	int failure;
	bool threaded;
	pthread_t thread;
	int ends[2]; /* of the pipe that tells the loop */
	struct loop_handle *ready;
};

/* The lock ends here even where a child that was made meanwhile still has the descriptor. */
int disk_sync(int fd, off_t keep)
{
	int failure = 0;

	if (fsync(fd) != 0) {
		failure = errno;
		if (ftruncate(fd, keep) != 0)
			failure = errno;
	}
	flock(fd, LOCK_UN);
	close(fd);
	return failure;
}

static void *run(void *data)
{
	struct disk_job *job = data;

	job->failure = disk_sync(job->fd, job->keep);
	while (write(job->ends[1], "", 1) < 0 && errno == EINTR)
		;
	return NULL;
}

static void end(struct disk_job *job)
{
	loop_cancel(job->ready);
	if (job->threaded) {
		pthread_join(job->thread, NULL);
		close(job->ends[0]);
		close(job->ends[1]);
	}
}

static void done(void *data)
{
	struct disk_job *job = data;

	if (!job->threaded)
		job->ready = NULL; /* a timer's handle dies when it fires */
	end(job);
	job->then.fn(job->then.data, job->failure);
	free(job);
}

/* No signal is for the thread. */
static bool start_thread(struct disk_job *job)
{
	sigset_t all, before;
	bool ok;

	if (pipe2(job->ends, O_CLOEXEC) != 0)
		return false;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	ok = pthread_create(&job->thread, NULL, run, job) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!ok) {
		close(job->ends[0]);
		close(job->ends[1]);
	}
	return ok;
}

struct disk_job *disk_start(struct loop *loop, int fd, off_t keep, struct disk_then then)
{
	struct disk_job *job = mem_alloc(sizeof *job);

	*job = (struct disk_job){ .then = then, .fd = fd, .keep = keep };
	job->threaded = start_thread(job);
	if (job->threaded) {
		job->ready = loop_readable(loop, job->ends[0], done, job);
	} else {
		job->failure = disk_sync(job->fd, job->keep);
		job->ready = loop_after(loop, 0, done, job);
	}
	return job;
}

void disk_cancel(struct disk_job *job)
{
	if (!job)
		return;
	end(job);
	free(job);
}
