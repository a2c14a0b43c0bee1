/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A disk that takes 100 ms to write: preloaded by the bench, no part of the program. */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int wait_and(long call, int fd)
{
	const struct timespec wait = { 0, 100000000 };

	nanosleep(&wait, NULL);
	return (int)syscall(call, fd);
}

int fsync(int fd)
{
	return wait_and(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return wait_and(SYS_fdatasync, fd);
}
