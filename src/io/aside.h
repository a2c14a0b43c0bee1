/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work that waits for a slow disk, done in a child process: the loop goes on meanwhile, and no key waits. The child sees the memory as it
 * was when it began, takes no signal but SIGKILL, and gives back bytes. Files only: it must not touch the loop, the terminal or a
 * connection.
 */
#ifndef IO_ASIDE_H
#define IO_ASIDE_H

#include "io/loop.h"

struct aside;
struct aside_work {
	void (*run)(const void *what, void *result); /* in the child; result comes zeroed */
	const void *what;
	size_t result_size; /* at most 32 kB */
	/* From the loop, or from aside_wait(), once. result NULL: the child ended without one. The handle has died. */
	void (*done)(void *data, const void *result);
	void *data;
};

struct aside *aside_start(struct loop *loop, const struct aside_work *work); /* NULL: no child could be made */
void aside_wait(struct aside *aside);                                        /* until it has ended; calls done. NULL is accepted */

#endif
