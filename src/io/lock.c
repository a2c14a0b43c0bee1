/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/banned.h"

#define SERVER_MAX 200 /* bytes of an address in a file's name; what is cut is serialised with its like, which is no harm */

int lock_take(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0) {
		err_set(err, ERR_FILE, N_("the lock %s could not be opened: %s"), path, strerror(errno));
	} else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		fd = LOCK_BUSY;
	}
	return fd;
}

void lock_release(int lock)
{
	if (lock >= 0)
		close(lock);
}

/* The lock of a server. Its name begins with "@", which no domain's name does. */
char *lock_server_path(const char *directory, const char *endpoint)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/lock/@", directory);
	for (size_t i = 0; i < SERVER_MAX && endpoint[i]; i++) {
		bool plain = (endpoint[i] >= '0' && endpoint[i] <= '9') || (endpoint[i] >= 'a' && endpoint[i] <= 'z') ||
			     strchr(".:-[]", endpoint[i]);

		str_add_char(&path, plain ? endpoint[i] : '_');
	}
	return str_take(&path);
}
