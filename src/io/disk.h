/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waits for the disk while the loop goes on. Many such waits at a time cost hardly more than one, as the disk takes them together. They are
 * made by threads, the only ones of this program: these call disk_sync() and touch nothing else. A thread is kept for the next wait.
 */
#ifndef IO_DISK_H
#define IO_DISK_H

#include <stdbool.h>
#include <sys/types.h>

#include "io/loop.h"

#define DISK_THREADS 8

/* 0: it is on disk, else an errno, and the file is cut to its first keep bytes again. Closes fd; its lock (flock) ends. */
int disk_sync(int fd, off_t keep);

struct disk;
struct disk *disk_new(struct loop *loop); /* no thread is made before the first wait */
void disk_free(struct disk *disk);        /* after its jobs; ends the threads. NULL is accepted */

struct disk_job;
struct disk_then {
	void (*fn)(void *data, int failure); /* from the loop, once: as disk_sync() gave it. The handle has died */
	void *data;
	bool late; /* nothing is sent after it: while the disk works for others it waits for more like it, and they go together */
};

/* Takes fd. */
struct disk_job *disk_start(struct disk *disk, int fd, off_t keep, struct disk_then then);
void disk_cancel(struct disk_job *job); /* waits for the disk, calls nothing. NULL is accepted */

#endif
