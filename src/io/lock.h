/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Locks between processes: flock() on a file of its own, which stays. Gone with the
 * process that holds it, however it ends. Waits for nothing.
 */
#ifndef IO_LOCK_H
#define IO_LOCK_H

#include "base/err.h"

#define LOCK_BUSY (-2) /* somebody else holds it */

/* A descriptor to release; LOCK_BUSY; -1 with ERR_FILE. The file is made where it is missing, its directory is not. */
int lock_take(const char *path, struct err *err);
void lock_release(int lock); /* accepts -1 and LOCK_BUSY */
/* Where the lock of a server lies that takes no two writes at once: in directory/lock, named by the server's address. Owned. */
char *lock_server_path(const char *directory, const char *endpoint);

#endif
