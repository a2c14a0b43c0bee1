/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store.h's whole files: read to a limit, replaced as one. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "io/store_private.h"
#include "wire/zonetext.h"
#include "base/banned.h"

static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *directory = mem_text(slash ? path : ".");

	if (slash)
		directory[slash == path ? 1 : slash - path] = 0;
	return directory;
}

bool store_sync_directory(const char *path_of_file)
{
	char *directory = directory_of(path_of_file);
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL); /* EINVAL: a file system that has nothing to sync */

	if (fd >= 0)
		close(fd);
	free(directory);
	return ok;
}

bool store_write_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

/* ---- reading ---- */

static bool read_all(int fd, size_t max, struct str *out)
{
	char piece[16384];
	ssize_t n;

	do {
		n = read(fd, piece, sizeof(piece));
		if (n > 0)
			str_add_bytes(out, piece, (size_t)n);
	} while ((n > 0 && out->len <= max && !out->overflow) || (n < 0 && errno == EINTR));
	mem_wipe(piece, sizeof(piece)); /* it may have been a key */
	return n == 0 || out->len > max || out->overflow;
}

void store_look(const char *path, struct store_look *look)
{
	struct stat at;
	int fd;

	*look = (struct store_look){ 0 };
	if (stat(path, &at) != 0) {
		look->exists = errno != ENOENT && errno != ENOTDIR;
		return;
	}
	look->exists = true;
	look->directory = S_ISDIR(at.st_mode);
	look->links = (unsigned long)at.st_nlink;
	look->readable = access(path, look->directory ? R_OK | X_OK : R_OK) == 0;
	fd = S_ISREG(at.st_mode) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	at.st_size = read(fd, look->head, sizeof(look->head));
	look->n_head = at.st_size > 0 ? (size_t)at.st_size : 0;
	close(fd);
}

/* Is there no zero byte? Later readers take the text as a C string and would lose what stands behind one. */
static bool holds_text(const char *path, const struct str *text, size_t from, struct err *err)
{
	const char *zero = memchr(text->s + from, 0, text->len - from);
	unsigned long line = 1;

	if (!zero)
		return true;
	for (const char *at = text->s + from; at < zero; at++)
		line += *at == '\n';
	err_set(err, ERR_FILE, N_("%s, line %lu: it is damaged: it holds a zero byte"), path, line);
	err_hint(err, N_("Something has damaged the file; look at that line."));
	return false;
}

static bool read_descriptor(int fd, const char *path, size_t max, struct str *out, struct err *err)
{
	size_t from = out->len;
	struct stat at;
	bool longer = fstat(fd, &at) == 0 && S_ISREG(at.st_mode) && at.st_size > 0 && (uintmax_t)at.st_size > max;

	if (!longer && !read_all(fd, max, out))
		return err_set(err, ERR_FILE, N_("%s could not be read: %s"), path, strerror(errno));
	if (longer || out->len > max || out->overflow)
		return err_set(err, ERR_FILE, N_("%s is longer than %zu bytes"), path, max);
	return holds_text(path, out, from, err);
}

bool store_read_file(const char *path, size_t max, struct str *out, struct err *err)
{
	bool standard = !strcmp(path, "-");
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return err_set(err, ERR_FILE, N_("%s could not be read: %s"), path, strerror(errno));
	ok = read_descriptor(fd, path, max, out, err);
	if (!standard)
		close(fd);
	return ok;
}

bool store_read_zone(const char *path, struct str *out, struct err *err)
{
	struct err why = { 0 };
	struct stat at;

	if (store_read_file(path, ZONETEXT_MAX, out, &why))
		return true;
	if (stat(path, &at) == 0 && at.st_size > (off_t)ZONETEXT_MAX)
		err_hint(&why, N_("More than that is not read. Ask its name server (--server), or change it by rfc2136."));
	if (err)
		*err = why;
	return false;
}

static bool is_obeyed(const struct stat *at, const char *path, struct err *err)
{
	struct stat null;

	if (S_ISCHR(at->st_mode) && stat("/dev/null", &null) == 0 && at->st_rdev == null.st_rdev)
		return true;
	if (!S_ISREG(at->st_mode))
		return err_set(err, ERR_FILE, N_("%s is no regular file"), path);
	if (at->st_uid != 0 && at->st_uid != geteuid()) {
		err_set(err, ERR_FILE, N_("%s belongs to another user"), path);
		err_hint(err, N_("What it says is obeyed, so it must be yours or root's."));
		return false;
	}
	if (at->st_mode & (S_IWGRP | S_IWOTH)) {
		err_set(err, ERR_FILE, N_("%s can be written by others"), path);
		err_hint(err, N_("What it says is obeyed: chmod go-w it."));
		return false;
	}
	return true;
}

static bool is_private(const struct stat *at, const char *path, struct err *err)
{
	if (S_ISREG(at->st_mode) && (at->st_mode & (S_IRWXG | S_IRWXO))) {
		err_set(err, ERR_FILE, N_("the key file %s can be read by others"), path);
		err_hint(err, N_("chmod 600 it, and think of changing the key."));
		return false;
	}
	return is_obeyed(at, path, err);
}

typedef bool (*judge_fn)(const struct stat *at, const char *path, struct err *err);

static bool read_judged(const char *path, size_t max, judge_fn judge, struct str *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat at;
	bool ok;

	if (fd < 0 || fstat(fd, &at) != 0)
		ok = err_set(err, ERR_FILE, N_("%s could not be read: %s"), path, strerror(errno));
	else
		ok = judge(&at, path, err) && read_descriptor(fd, path, max, out, err);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool store_read_trusted(const char *path, size_t max, struct str *out, struct err *err)
{
	return read_judged(path, max, is_obeyed, out, err);
}

bool store_read_secret(const char *path, size_t max, struct str *out, struct err *err)
{
	return read_judged(path, max, is_private, out, err);
}

/* ---- writing ---- */

struct replacement {
	const char *path; /* no symbolic link any more */
	const void *bytes;
	size_t len;
	unsigned mode;
	const struct str *expect; /* NULL: whatever it holds */
};

/* Gives the new file the mode and owner of the old one. A file that we may not write is not replaced. */
static bool take_after(int fd, const struct replacement *new, struct err *err)
{
	struct stat old;

	if (stat(new->path, &old) != 0) {
		if (errno == ENOENT && fchmod(fd, new->mode) == 0)
			return true;
		return err_set(err, ERR_FILE, N_("%s could not be written: %s"), new->path, strerror(errno));
	}
	if (access(new->path, W_OK) != 0)
		return err_set(err, ERR_FILE, N_("%s could not be written: %s"), new->path, strerror(errno));
	if (((old.st_uid != geteuid() || old.st_gid != getegid()) && fchown(fd, old.st_uid, old.st_gid) != 0) ||
		fchmod(fd, old.st_mode & 07777) != 0) {
		err_set(err, ERR_FILE, N_("%s could not be replaced with its owner kept: %s"), new->path, strerror(errno));
		err_hint(err, N_("Write it as the user who owns it."));
		return false;
	}
	return true;
}

/* Between the look at the old file and its replacement comes nobody else's: each takes this lock first, of the file that the name stands
 * for then. Closed by the caller, -1: there is none, or the file system has no locks. False where somebody else has it. */
static bool lock_old(const char *path, int *fd, struct err *err)
{
	struct stat held, now;

	while ((*fd = open(path, O_RDONLY | O_CLOEXEC)) >= 0) {
		if (flock(*fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
			err_set(err, ERR_CONFLICT, N_("%s is being written by somebody else at this moment"), path);
			err_hint(err, N_("Nothing was written. Look at it, and begin again from what it holds now."));
			return false;
		}
		if (fstat(*fd, &held) != 0 || stat(path, &now) != 0 || (held.st_dev == now.st_dev && held.st_ino == now.st_ino))
			break;
		close(*fd);
	}
	return true;
}

/* Compares piece by piece, so that a large file is not in memory twice. */
static bool is_the_same(int fd, const struct str *expect)
{
	char piece[65536];
	size_t at = 0;
	ssize_t n;

	do {
		n = read(fd, piece, sizeof(piece));
		if (n > 0 && ((size_t)n > expect->len - at || memcmp(piece, expect->s + at, (size_t)n) != 0))
			return false;
		at += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n == 0 && at == expect->len;
}

static bool still_holds(const struct replacement *new, struct err *err)
{
	int fd = open(new->path, O_RDONLY | O_CLOEXEC);
	bool same = fd >= 0 && is_the_same(fd, new->expect);

	if (fd >= 0)
		close(fd);
	if (same)
		return true;
	err_set(err, ERR_CONFLICT, N_("%s was changed meanwhile by somebody else"), new->path);
	err_hint(err, N_("Nothing was written. Look at it, and begin again from what it holds now."));
	return false;
}

static bool rename_over(const char *temp, const struct replacement *new, struct err *err)
{
	int lock = -1;
	bool ok = !new->expect || lock_old(new->path, &lock, err);

	ok = ok && (!new->expect || (!new->expect->len &&access(new->path, F_OK) != 0) || still_holds(new, err));
	if (ok && rename(temp, new->path) != 0)
		ok = err_set(err, ERR_FILE, N_("%s could not be written: %s"), new->path, strerror(errno));
	if (lock >= 0)
		close(lock);
	return ok;
}

static bool replace(const struct replacement *new, struct err *err)
{
	char *directory = directory_of(new->path);
	struct str temp;
	bool ok = false;
	int fd;

	str_init(&temp, PATH_MAX);
	str_addf(&temp, "%s/.mxladder-XXXXXX", directory);
	fd = mkostemp(temp.s, O_CLOEXEC);
	if (fd < 0) {
		err_set(err, ERR_FILE, N_("no file could be made in %s: %s"), directory, strerror(errno));
		goto out;
	}
	if (!take_after(fd, new, err))
		goto undo;
	if (!store_write_all(fd, new->bytes, new->len) || fsync(fd) != 0) {
		err_set(err, ERR_FILE, N_("%s could not be written: %s"), new->path, strerror(errno));
		goto undo;
	}
	ok = rename_over(temp.s, new, err);
	if (ok && !store_sync_directory(new->path))
		ok = err_set(err, ERR_FILE, N_("the directory %s could not be brought to disk: %s"), directory, strerror(errno));
undo:
	if (!ok)
		unlink(temp.s);
	close(fd);
out:
	str_release(&temp);
	free(directory);
	return ok;
}

/* A pipe, a terminal, /dev/null: nothing to replace. */
static bool write_through(int fd, const struct replacement *new, struct err *err)
{
	if (fd >= 0 && store_write_all(fd, new->bytes, new->len))
		return true;
	return err_set(err, ERR_FILE, N_("%s could not be written: %s"), new->path, strerror(errno));
}

static bool write_file(struct replacement *new, struct err *err)
{
	char *target = realpath(new->path, NULL); /* NULL also where it does not exist yet */
	struct stat at;
	bool ok;

	if (target)
		new->path = target;
	if (stat(new->path, &at) == 0 && !S_ISREG(at.st_mode)) {
		int fd = open(new->path, O_WRONLY | O_CLOEXEC);

		ok = write_through(fd, new, err);
		if (fd >= 0)
			close(fd);
	} else {
		ok = replace(new, err);
	}
	free(target);
	return ok;
}

bool store_write_file(const char *path, const void *bytes, size_t len, unsigned mode, struct err *err)
{
	struct replacement new = { .path = path, .bytes = bytes, .len = len, .mode = mode };

	if (!strcmp(path, "-")) {
		fflush(stdout); /* what was printed before comes first */
		return write_through(STDOUT_FILENO, &new, err);
	}
	return write_file(&new, err);
}

bool store_replace_file(const char *path, const struct str *expect, const struct str *content, struct err *err)
{
	struct replacement new = { .path = path, .bytes = content->s, .len = content->len, .mode = 0644, .expect = expect };

	return write_file(&new, err);
}
