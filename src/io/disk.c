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
	struct disk *disk;
	struct disk_job *next; /* in the list that it is in */
	struct disk_then then;
	int fd;
	off_t keep;
	int failure;
	bool done;
};

struct jobs {
	struct disk_job *first, *last;
	unsigned n;
};

struct disk {
	struct loop *loop;
	struct loop_handle *ready, *soon; /* while something is waited for; soon: it was made at once */
	unsigned waiting;                 /* jobs that are neither told nor cancelled */
	bool has_pipe;
	int ends[2]; /* of the pipe that tells the loop */
	unsigned threads;
	pthread_t thread[DISK_THREADS];
	/* What the threads share. */
	pthread_mutex_t mutex;
	pthread_cond_t come, done;
	struct jobs to_do, late, did;
	unsigned idle, at_work;
	bool ending;
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

/* ---- lists ---- */

static void put(struct jobs *jobs, struct disk_job *job)
{
	job->next = NULL;
	if (jobs->first)
		jobs->last->next = job;
	else
		jobs->first = job;
	jobs->last = job;
	jobs->n++;
}

static struct disk_job *take(struct jobs *jobs)
{
	struct disk_job *job = jobs->first;

	if (!job)
		return NULL;
	jobs->first = job->next;
	jobs->n--;
	return job;
}

/* Takes a wait out of the list. False where it was not there. */
static bool take_out(struct jobs *jobs, const struct disk_job *job)
{
	struct jobs left = { 0 };
	unsigned n = jobs->n;

	for (struct disk_job *one; (one = take(jobs)) != NULL;)
		if (one != job)
			put(&left, one);
	*jobs = left;
	return left.n < n;
}

/* ---- the threads ---- */

/* Signals come when the mutex is free: who wakes would have to wait for it. */
static void wake(struct disk *disk, unsigned n)
{
	for (; n; n--)
		pthread_cond_signal(&disk->come);
}

static void tell_loop(const struct disk *disk)
{
	while (write(disk->ends[1], "", 1) < 0 && errno == EINTR)
		;
}

/* Lets the late ones go together: when the disk has nothing else to do, or when there are as many as go at a time. */
static void let_late(struct disk *disk)
{
	if ((disk->at_work || disk->to_do.n) && disk->late.n < DISK_THREADS)
		return;
	for (struct disk_job *job; (job = take(&disk->late)) != NULL;)
		put(&disk->to_do, job);
}

/* How many of the threads that wait have something to do. */
static unsigned wanted(const struct disk *disk)
{
	return disk->to_do.n < disk->idle ? disk->to_do.n : disk->idle;
}

/* With the mutex, which is let go meanwhile. */
static void do_job(struct disk *disk, struct disk_job *job)
{
	unsigned others = wanted(disk);
	bool first;

	disk->at_work++;
	pthread_mutex_unlock(&disk->mutex);
	wake(disk, others);
	job->failure = disk_sync(job->fd, job->keep);
	pthread_mutex_lock(&disk->mutex);
	disk->at_work--;
	let_late(disk);
	job->done = true;
	first = !disk->did.first;
	put(&disk->did, job);
	pthread_cond_broadcast(&disk->done);
	pthread_mutex_unlock(&disk->mutex);
	if (first)
		tell_loop(disk);
	pthread_mutex_lock(&disk->mutex);
}

static void *work(void *data)
{
	struct disk *disk = data;
	struct disk_job *job;

	pthread_mutex_lock(&disk->mutex);
	while (!disk->ending) {
		job = take(&disk->to_do);
		if (!job) {
			disk->idle++;
			pthread_cond_wait(&disk->come, &disk->mutex);
			disk->idle--;
		} else {
			do_job(disk, job);
		}
	}
	pthread_mutex_unlock(&disk->mutex);
	return NULL;
}

/* Starts a thread that takes no signal. */
static bool start_thread(struct disk *disk)
{
	sigset_t all, before;
	bool ok;

	if (!disk->has_pipe)
		disk->has_pipe = pipe2(disk->ends, O_CLOEXEC) == 0;
	if (!disk->has_pipe)
		return false;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	ok = pthread_create(&disk->thread[disk->threads], NULL, work, disk) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	disk->threads += ok;
	return ok;
}

/* ---- for the loop ---- */

static void release(struct disk_job *job)
{
	struct disk *disk = job->disk;

	free(job);
	if (--disk->waiting)
		return;
	loop_cancel(disk->ready);
	loop_cancel(disk->soon);
	disk->ready = disk->soon = NULL;
}

static struct disk_job *take_done(struct disk *disk)
{
	struct disk_job *job;

	pthread_mutex_lock(&disk->mutex);
	job = take(&disk->did);
	pthread_mutex_unlock(&disk->mutex);
	return job;
}

static void tell(struct disk *disk)
{
	for (struct disk_job *job; (job = take_done(disk)) != NULL;) {
		struct disk_then then = job->then;
		int failure = job->failure;

		release(job);
		then.fn(then.data, failure);
	}
}

static void ready(void *data)
{
	struct disk *disk = data;
	char bytes[64];

	while (read(disk->ends[0], bytes, sizeof bytes) < 0 && errno == EINTR)
		;
	tell(disk);
}

static void soon(void *data)
{
	struct disk *disk = data;

	disk->soon = NULL;
	tell(disk);
}

struct disk_job *disk_start(struct disk *disk, int fd, off_t keep, struct disk_then then)
{
	struct disk_job *job = mem_alloc(sizeof *job);
	unsigned sleepers = 0;

	*job = (struct disk_job){ .disk = disk, .then = then, .fd = fd, .keep = keep };
	disk->waiting++;
	pthread_mutex_lock(&disk->mutex);
	if (disk->to_do.n + disk->late.n >= disk->idle && disk->threads < DISK_THREADS)
		start_thread(disk);
	if (disk->threads) {
		put(then.late ? &disk->late : &disk->to_do, job);
		let_late(disk);
		sleepers = wanted(disk);
		if (!disk->ready)
			disk->ready = loop_readable(disk->loop, disk->ends[0], ready, disk);
	} else {
		job->failure = disk_sync(fd, keep);
		job->done = true;
		put(&disk->did, job);
		if (!disk->soon)
			disk->soon = loop_after(disk->loop, 0, soon, disk);
	}
	pthread_mutex_unlock(&disk->mutex);
	wake(disk, sleepers);
	return job;
}

void disk_cancel(struct disk_job *job)
{
	struct disk *disk = job ? job->disk : NULL;

	if (!job)
		return;
	pthread_mutex_lock(&disk->mutex);
	if (take_out(&disk->late, job)) {
		put(&disk->to_do, job);
		pthread_cond_signal(&disk->come);
	}
	while (!job->done)
		pthread_cond_wait(&disk->done, &disk->mutex);
	take_out(&disk->did, job);
	pthread_mutex_unlock(&disk->mutex);
	release(job);
}

struct disk *disk_new(struct loop *loop)
{
	struct disk *disk = mem_alloc(sizeof *disk);

	disk->loop = loop;
	pthread_mutex_init(&disk->mutex, NULL);
	pthread_cond_init(&disk->come, NULL);
	pthread_cond_init(&disk->done, NULL);
	return disk;
}

void disk_free(struct disk *disk)
{
	if (!disk)
		return;
	pthread_mutex_lock(&disk->mutex);
	disk->ending = true;
	pthread_cond_broadcast(&disk->come);
	pthread_mutex_unlock(&disk->mutex);
	while (disk->threads)
		pthread_join(disk->thread[--disk->threads], NULL);
	if (disk->has_pipe) {
		close(disk->ends[0]);
		close(disk->ends[1]);
	}
	pthread_cond_destroy(&disk->come);
	pthread_cond_destroy(&disk->done);
	pthread_mutex_destroy(&disk->mutex);
	free(disk);
}
