/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store.h's whole files: read to a limit, replaced as one. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "io/store.h"
#include "base/banned.h"

static bool file_err(struct err *err, const char *path)
{
	return err_set(err, ERR_FILE, N_("%s: %s"), path, strerror(errno));
}

static bool read_all(int fd, const char *path, struct str *out, struct err *err)
{
	char bytes[16384];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return file_err(err, path);
		str_add_bytes(out, bytes, (size_t)n);
		if (out->overflow)
			return err_set(err, ERR_FILE, N_("%s is longer than %zu bytes"), path, out->max);
	}
	return true;
}

bool store_read_file(const char *path, size_t max, struct str *out, struct err *err)
{
	bool is_stdin = !strcmp(path, "-"), ok;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return file_err(err, path);
	if (out->max > max)
		out->max = max;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		ok = file_err(err, path);
	} else {
		ok = read_all(fd, path, out, err);
	}
	if (!is_stdin)
		close(fd);
	return ok;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* The rename itself must outlast a power cut. */
static void sync_directory(const char *path)
{
	char *copy = strdup(path), *slash = copy ? strrchr(copy, '/') : NULL;
	int fd;

	if (slash)
		slash[slash == copy] = 0;
	fd = open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

/* Writes beside the target, then renames over it. */
static bool replace(const char *target, const void *bytes, size_t len, unsigned mode, struct err *err)
{
	struct stat st;
	bool exists = stat(target, &st) == 0, ok = false;
	struct str temp;
	int fd;

	str_init(&temp, 0);
	str_addf(&temp, "%s.XXXXXX", target);
	fd = mkostemp(temp.s, O_CLOEXEC);
	if (fd < 0) {
		file_err(err, target);
		goto out;
	}
	ok = fchmod(fd, exists ? st.st_mode & 07777 : mode) == 0;
	if (exists && (st.st_uid != geteuid() || st.st_gid != getegid()))
		ok = ok && fchown(fd, st.st_uid, st.st_gid) == 0;
	ok = ok && write_all(fd, bytes, len) && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	ok = ok && rename(temp.s, target) == 0;
	if (ok) {
		sync_directory(target);
	} else {
		file_err(err, target);
		unlink(temp.s);
	}
out:
	str_release(&temp);
	return ok;
}

bool store_write_file(const char *path, const void *bytes, size_t len, unsigned mode, struct err *err)
{
	char *target;
	bool ok;

	if (!strcmp(path, "-"))
		return (fflush(stdout) == 0 && write_all(STDOUT_FILENO, bytes, len)) || file_err(err, "stdout");
	target = realpath(path, NULL); /* a symbolic link stays one */
	ok = replace(target ? target : path, bytes, len, mode, err);
	free(target);
	return ok;
}

bool store_replace_file(const char *path, const struct str *expect, const struct str *content, struct err *err)
{
	struct str now;
	bool ok;

	str_init(&now, 0);
	ok = store_read_file(path, STR_MAX_DEFAULT, &now, err);
	if (ok && (now.len != expect->len || memcmp(now.s, expect->s, now.len) != 0)) {
		ok = err_set(err, ERR_CONFLICT, N_("%s was changed by somebody else in between"), path);
		err_hint(err, N_("Nothing was written. Look at the change, and try again."));
	}
	ok = ok && store_write_file(path, content->s, content->len, 0644, err);
	str_release(&now);
	return ok;
}
