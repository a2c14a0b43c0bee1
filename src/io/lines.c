/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/banned.h"

#define READ_BYTES 65536

struct lines {
	struct loop *loop;
	loop_fn ready;
	void *data;
	char *path;
	int fd;
	bool is_file;  /* it never has to be waited for */
	bool may_read; /* something has come */
	bool ended;
	struct loop_handle *waiting;
	size_t at, end; /* of buffer: what was read and not given yet */
	char buffer[READ_BYTES];
	struct str line; /* as far as it has come */
	bool given;      /* line was given, and is to be begun anew */
};

struct lines *lines_open(struct loop *loop, const char *path, loop_fn ready, void *data, struct err *err)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	struct lines *lines;
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0 || S_ISDIR(status.st_mode)) {
		err_set(err, ERR_FILE, N_("%s could not be read: %s"), path, fd < 0 ? strerror(errno) : strerror(EISDIR));
		if (fd > STDERR_FILENO)
			close(fd);
		return NULL;
	}
	lines = mem_alloc(sizeof(*lines));
	lines->loop = loop;
	lines->ready = ready;
	lines->data = data;
	lines->path = mem_text(path);
	lines->fd = fd;
	lines->is_file = S_ISREG(status.st_mode);
	str_init(&lines->line, LINES_MAX);
	return lines;
}

static void came(void *data)
{
	struct lines *lines = data;

	loop_cancel(lines->waiting);
	lines->waiting = NULL;
	lines->may_read = true;
	lines->ready(lines->data);
}

/* Adds what the buffer has of the line; true: it is whole. */
static bool take(struct lines *lines)
{
	const char *from = lines->buffer + lines->at, *newline = memchr(from, '\n', lines->end - lines->at);
	size_t len = newline ? (size_t)(newline - from) : lines->end - lines->at;
	size_t room = LINES_MAX - 1 - lines->line.len;

	str_add_bytes(&lines->line, from, len < room ? len : room);
	lines->at += len + (newline != NULL);
	return newline;
}

/* One read, which does not wait; LINES_LINE: it brought something. */
static enum lines_state more(struct lines *lines, struct err *err)
{
	ssize_t n;

	if (!lines->is_file && !lines->may_read) {
		if (!lines->waiting)
			lines->waiting = loop_readable(lines->loop, lines->fd, came, lines);
		return LINES_LATER;
	}
	lines->may_read = false;
	do
		n = read(lines->fd, lines->buffer, sizeof(lines->buffer));
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		err_set(err, ERR_FILE, N_("%s could not be read: %s"), lines->path, strerror(errno));
		return LINES_FAILED;
	}
	lines->at = 0;
	lines->end = (size_t)n;
	lines->ended = n == 0;
	return n ? LINES_LINE : LINES_END;
}

static enum lines_state give(struct lines *lines, const char **text, size_t *len)
{
	*text = lines->line.s ? lines->line.s : "";
	*len = lines->line.len;
	lines->given = true;
	return LINES_LINE;
}

enum lines_state lines_next(struct lines *lines, const char **text, size_t *len, struct err *err)
{
	enum lines_state state = LINES_LINE;

	if (lines->given)
		str_clear(&lines->line);
	lines->given = false;
	while (!take(lines)) {
		if (!lines->ended)
			state = more(lines, err);
		if (lines->ended && lines->line.len)
			return give(lines, text, len);
		if (lines->ended)
			return LINES_END;
		if (state != LINES_LINE)
			return state;
	}
	return give(lines, text, len);
}

void lines_close(struct lines *lines)
{
	if (!lines)
		return;
	loop_cancel(lines->waiting);
	if (lines->fd > STDERR_FILENO)
		close(lines->fd);
	str_release(&lines->line);
	free(lines->path);
	free(lines);
}
