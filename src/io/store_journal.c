/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal of a domain: one JSON object a line, only ever appended to. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "io/disk.h"
#include "io/store_private.h"
#include "base/banned.h"

#define JOURNAL_MAX ((size_t)256 << 20)

/* What a crash left of a line is cut off: it was not on disk when it counted. keep: how long the file is then. */
static bool cut_torn_line(int fd, off_t *keep)
{
	off_t end = *keep = lseek(fd, 0, SEEK_END);
	char c;

	while (*keep > 0 && pread(fd, &c, 1, *keep - 1) == 1 && c != '\n')
		--*keep;
	return end >= 0 && (*keep == end || ftruncate(fd, *keep) == 0);
}

static bool append_line(int fd, const struct str *line, off_t *keep)
{
	if (!cut_torn_line(fd, keep))
		return false;
	if (store_write_all(fd, line->s, line->len))
		return true;

	int failure = errno;
	if (ftruncate(fd, *keep) != 0)
		failure = errno;
	errno = failure;
	return false;
}

static int open_journal(struct store *store, const char *path, struct err *err)
{
	const int flags = O_RDWR | O_APPEND | O_CLOEXEC;
	int fd = open(path, flags);

	if (fd >= 0 || (errno != ENOENT && errno != ENOTDIR) || !store_make_room(store, "journal", err))
		return fd;
	store->journal_synced = false;
	return open(path, flags | O_CREAT, 0600);
}

/* Syncs the directory once: others may have left files there whose names are not on disk. */
static bool sync_names(struct store *store, const char *path)
{
	if (!store->journal_synced)
		store->journal_synced = store_sync_directory(path);
	return store->journal_synced;
}

static void say_failure(const char *path, int failure, struct err *err)
{
	err_set(err, ERR_FILE, N_("the journal %s could not be written: %s"), path, strerror(failure));
	err_hint(err,
		N_("Nothing is sent without its journal: make room or set the permissions right. A push that had begun is then finished by `resume`."));
}

/* The event's line is written, and the file locked until it is closed. -1 with err on failure. */
static int journal_write(struct store *store, const char *path, json_t *event, off_t *keep, struct err *err)
{
	char *text = json_dumps(event, JSON_COMPACT);
	struct err room = { 0 };
	struct str line;
	int fd;

	str_init(&line, JOURNAL_MAX);
	str_add(&line, text ? text : "");
	str_add_char(&line, '\n');
	fd = open_journal(store, path, &room);
	if (fd < 0 || !text || line.overflow || flock(fd, LOCK_EX) != 0 || !append_line(fd, &line, keep)) {
		if (room.code == ERR_NONE)
			say_failure(path, errno, err);
		else if (err)
			*err = room;
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	json_decref(event);
	free(text);
	str_release(&line);
	return fd;
}

bool store_journal_note(struct store *store, const struct dname *domain, json_t *event, struct err *err)
{
	char *path = store_place(store, "journal", domain, ".ndjson");
	off_t keep;
	int fd = journal_write(store, path, event, &keep, err);

	if (fd >= 0)
		close(fd);
	free(path);
	return fd >= 0;
}

/* ---- on disk ---- */

bool store_journal_add(struct store *store, const struct dname *domain, json_t *event, struct err *err)
{
	char *path = store_place(store, "journal", domain, ".ndjson");
	off_t keep = 0;
	int fd = journal_write(store, path, event, &keep, err);
	int failure = fd >= 0 ? disk_sync(fd, keep) : 0;
	bool ok = fd >= 0 && !failure && sync_names(store, path);

	if (fd >= 0 && !ok)
		say_failure(path, failure ? failure : errno, err);
	free(path);
	return ok;
}

struct store_keeping {
	struct store *store;
	char *path;
	struct err err;
	struct disk_job *sync;
	struct loop_handle *failed; /* it was not even written */
	struct store_kept then;
};

static void release(struct store_keeping *keeping)
{
	loop_cancel(keeping->failed);
	free(keeping->path);
	free(keeping);
}

static void kept(void *data)
{
	struct store_keeping *keeping = data;

	keeping->failed = NULL;
	keeping->then.fn(keeping->then.data, keeping->err.code == ERR_NONE ? NULL : &keeping->err);
	release(keeping);
}

static void synced(void *data, int failure)
{
	struct store_keeping *keeping = data;

	if (failure)
		say_failure(keeping->path, failure, &keeping->err);
	else if (!sync_names(keeping->store, keeping->path))
		say_failure(keeping->path, errno, &keeping->err);
	kept(keeping);
}

struct store_keeping *store_journal_keep(
	struct store *store, struct loop *loop, const struct dname *domain, json_t *event, struct store_kept then)
{
	struct store_keeping *keeping = mem_alloc(sizeof *keeping);
	off_t keep;
	int fd;

	*keeping = (struct store_keeping){ .store = store, .path = store_place(store, "journal", domain, ".ndjson"), .then = then };
	fd = journal_write(store, keeping->path, event, &keep, &keeping->err);
	if (!store->disk)
		store->disk = disk_new(loop);
	if (fd >= 0)
		keeping->sync = disk_start(store->disk, fd, keep, (struct disk_then){ synced, keeping, then.late });
	else
		keeping->failed = loop_after(loop, 0, kept, keeping);
	return keeping;
}

void store_keeping_cancel(struct store_keeping *keeping)
{
	if (!keeping)
		return;
	disk_cancel(keeping->sync);
	release(keeping);
}

/* ---- reading ---- */

static size_t left_of(const struct str *text, const char *at)
{
	return text->len - (size_t)(at - text->s);
}

static json_t *journal_events(const struct str *text, const char *path, struct err *err)
{
	json_t *events = json_array();
	const char *tail = text->s;
	unsigned long line = 1;

	for (const char *at = text->s, *end; (end = memchr(at, '\n', left_of(text, at))); at = end + 1, line++) {
		json_t *event = json_loadb(at, (size_t)(end - at), 0, NULL);

		tail = end + 1;
		if (!json_is_object(event)) {
			json_decref(event);
			goto damaged;
		}
		json_array_append_new(events, event);
	}
	/* An unfinished last line is what a crash leaves; zero bytes are what a power cut leaves of lines that were whole. */
	if (!memchr(tail, 0, left_of(text, tail)))
		return events;
damaged:
	json_decref(events);
	err_set(err, ERR_FILE, N_("%s, line %lu: it is damaged"), path, line);
	err_hint(err, N_("Whether a push is unfinished cannot be told. Compare what the provider holds, then move the journal away."));
	return NULL;
}

json_t *store_journal_read(struct store *store, const struct dname *domain, struct err *err)
{
	char *path = store_place(store, "journal", domain, ".ndjson");
	struct str text;
	json_t *events = NULL;

	str_init(&text, JOURNAL_MAX);
	if (access(path, F_OK) != 0 && errno == ENOENT)
		events = json_array();
	else if (store_read_trusted(path, JOURNAL_MAX, &text, err))
		events = journal_events(&text, path, err);
	str_release(&text);
	free(path);
	return events;
}

static bool starts(const char *at, const char *with)
{
	return !strncmp(at, with, strlen(with));
}

struct part { /* of a journal's text; from NULL: it cannot be told */
	const char *from, *to;
};

/* The last `most` pushes, of those before the one that begins so. Looks at lines from their ends alone: a domain may have been pushed
 * hundreds of times. */
static struct part last_pushes(const struct str *text, const char *before, size_t most)
{
	struct part part = { .to = before ? NULL : text->s + text->len };
	const char **begin = NULL;
	size_t n = 0, cap = 0;

	if (memchr(text->s, 0, text->len))
		return part;
	for (const char *at = text->s, *end; (end = memchr(at, '\n', left_of(text, at))); at = end + 1) {
		bool begins = starts(at, "{\"event\":\"begin\",");

		if (end == at || end[-1] != '}' || !starts(at, "{\"event\":\"") || (!n && !begins))
			goto out;
		if (before && starts(at, before)) {
			part.to = at;
			break;
		}
		if (begins) {
			begin = mem_grow(begin, n, &cap, sizeof(*begin));
			begin[n++] = at;
		}
	}
	if (n && part.to)
		part.from = begin[n > most ? n - most : 0];
	else if (before)
		part.from = part.to; /* there is none */
out:
	free(begin);
	return part;
}

json_t *store_journal_last(struct store *store, const struct dname *domain, const char *before, size_t most)
{
	char *path = store_place(store, "journal", domain, ".ndjson");
	struct str text, last, begin;
	json_t *events = NULL;
	struct part part;

	str_init(&text, JOURNAL_MAX);
	str_init(&last, JOURNAL_MAX);
	str_init(&begin, 0);
	str_addf(&begin, "{\"event\":\"begin\",\"push\":\"%s\",", before ? before : "");
	if (store_read_file(path, JOURNAL_MAX, &text, NULL)) {
		part = last_pushes(&text, before ? begin.s : NULL, most);
		if (part.from) {
			str_add_bytes(&last, part.from, (size_t)(part.to - part.from));
			events = journal_events(&last, path, NULL);
		}
	}
	str_release(&text);
	str_release(&last);
	str_release(&begin);
	free(path);
	return events;
}
