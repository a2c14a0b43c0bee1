/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "io/lock.h"
#include "io/store_private.h"
#include "base/banned.h"

#define FILE_NAME_MAX 255
#define NOWHERE "/nonexistent/mxladder" /* where nothing is read from, and nothing is written to */
#define JOURNAL_MAX ((size_t)256 << 20)

/* ---- where things lie ---- */

static char *state_directory(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	struct str path;

	str_init(&path, 0);
	if (state && *state == '/')
		str_addf(&path, "%s/mxladder", state);
	else if (home && *home)
		str_addf(&path, "%s/.local/state/mxladder", home);
	else
		str_add(&path, NOWHERE);
	return str_take(&path);
}

struct store *store_new(const char *directory, struct err *err)
{
	struct store *store = mem_alloc(sizeof(*store));

	(void)err; /* nothing is touched before the first write */
	store->directory = directory ? mem_text(directory) : state_directory();
	return store;
}

void store_free(struct store *store)
{
	if (store)
		free(store->directory);
	free(store);
}

const char *store_directory(const struct store *store)
{
	return store->directory;
}

/* mkdir -p, 0700. */
static bool make_directories(const char *path, struct err *err)
{
	char *copy = mem_text(path);
	bool ok = true;

	for (char *at = copy + 1; ok; at++) {
		char c = *at;
		if (c && c != '/')
			continue;
		*at = 0;
		ok = mkdir(copy, 0700) == 0 || errno == EEXIST;
		*at = c;
		if (!c)
			break;
	}
	if (!ok)
		err_set(err, ERR_FILE, N_("the directory %s could not be made: %s"), path, strerror(errno));
	free(copy);
	return ok;
}

bool store_make_directory_of(const char *path_of_file, struct err *err)
{
	const char *slash = strrchr(path_of_file, '/');
	char *directory = mem_text(path_of_file);
	bool ok = true;

	if (slash && slash != path_of_file) {
		directory[slash - path_of_file] = 0;
		ok = make_directories(directory, err);
	}
	free(directory);
	return ok;
}

/* A name as a file's name: what is no letter, digit, dot, hyphen or underscore as %XX, so that it is always one path element; a
 * name that would be too long for a file keeps its beginning and gets a hash of the whole. */
static void add_file_name(struct str *path, const struct dname *domain)
{
	char text[DNAME_TEXT_MAX];
	size_t from = path->len;
	uint64_t hash = 1469598103934665603u;

	for (const char *s = dname_text(domain, text); *s; s++) {
		bool plain = (*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '-' || *s == '_' || (*s == '.' && s != text);
		str_addf(path, plain ? "%c" : "%%%02x", (unsigned char)*s);
		hash = (hash ^ (unsigned char)*s) * 1099511628211u;
	}
	if (path->len - from > FILE_NAME_MAX - 24) {
		path->len = from + FILE_NAME_MAX - 48;
		path->s[path->len] = 0;
		str_addf(path, "~%016llx", (unsigned long long)hash);
	}
}

char *store_place(const struct store *store, const char *room, const struct dname *domain, const char *ending)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/%s/", store->directory, room);
	add_file_name(&path, domain);
	str_add(&path, ending);
	return str_take(&path);
}

bool store_make_room(const struct store *store, const char *room, struct err *err)
{
	struct str path;
	bool ok;

	if (!strcmp(store->directory, NOWHERE)) {
		err_set(err, ERR_FILE, N_("there is no folder for drafts, journals and locks: neither HOME nor XDG_STATE_HOME is set"));
		err_hint(err, N_("Set one of them."));
		return false;
	}
	str_init(&path, 0);
	str_addf(&path, "%s/%s", store->directory, room);
	ok = make_directories(path.s, err);
	str_release(&path);
	return ok;
}

/* ---- the journal ---- */

/* What a crash left of a line is cut off: it was not on disk when it counted. */
static bool cut_torn_line(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END), keep = end;
	char c;

	while (keep > 0 && pread(fd, &c, 1, keep - 1) == 1 && c != '\n')
		keep--;
	return end >= 0 && (keep == end || ftruncate(fd, keep) == 0);
}

static bool append_line(int fd, const struct str *line, bool sync)
{
	off_t end;

	if (!cut_torn_line(fd))
		return false;
	end = lseek(fd, 0, SEEK_END);
	if (write(fd, line->s, line->len) == (ssize_t)line->len && (!sync || fsync(fd) == 0))
		return true;

	int failure = errno;
	if (ftruncate(fd, end) != 0)
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

/* What others may have left there without its name on disk is seen to once. */
static bool sync_names(struct store *store, const char *path)
{
	if (!store->journal_synced)
		store->journal_synced = store_sync_directory(path);
	return store->journal_synced;
}

static bool journal_append(struct store *store, const char *path, const struct str *line, bool sync, struct err *err)
{
	struct err room = { 0 };
	int fd = open_journal(store, path, &room);
	bool ok =
		fd >= 0 && !line->overflow && flock(fd, LOCK_EX) == 0 && append_line(fd, line, sync) && (!sync || sync_names(store, path));

	if (!ok && room.code != ERR_NONE && err) {
		*err = room;
	} else if (!ok) {
		err_set(err, ERR_FILE, N_("the journal %s could not be written: %s"), path, strerror(errno));
		err_hint(err, N_("Nothing is sent without its journal: make room or set the permissions right."));
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool journal_write(struct store *store, const struct dname *domain, json_t *event, bool sync, struct err *err)
{
	char *path = store_place(store, "journal", domain, ".ndjson");
	char *text = json_dumps(event, JSON_COMPACT);
	struct str line;
	bool ok;

	str_init(&line, JOURNAL_MAX);
	str_add(&line, text ? text : "");
	str_add_char(&line, '\n');
	ok = text && journal_append(store, path, &line, sync, err);
	json_decref(event);
	free(text);
	free(path);
	str_release(&line);
	return ok;
}

bool store_journal_add(struct store *store, const struct dname *domain, json_t *event, struct err *err)
{
	return journal_write(store, domain, event, true, err);
}

bool store_journal_note(struct store *store, const struct dname *domain, json_t *event, struct err *err)
{
	return journal_write(store, domain, event, false, err);
}

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
	else if (store_read_file(path, JOURNAL_MAX, &text, err))
		events = journal_events(&text, path, err);
	str_release(&text);
	free(path);
	return events;
}

/* ---- the portfolio ---- */

/* Adds name to the array, which ends with NULL, unless it is there. */
static char **add_name(char **names, const char *name)
{
	size_t n = 0;

	for (; names[n]; n++)
		if (!strcmp(names[n], name))
			return names;
	names = mem_resize(names, n + 2, sizeof(*names));
	names[n] = mem_text(name);
	names[n + 1] = NULL;
	return names;
}

static char **add_names(const struct store *store, const char *room, const char *ending, char **names)
{
	struct dirent *entry;
	struct str path;
	DIR *directory;

	str_init(&path, 0);
	str_addf(&path, "%s/%s", store->directory, room);
	directory = opendir(path.s);
	str_release(&path);
	while (directory && (entry = readdir(directory))) {
		size_t len = strlen(entry->d_name), tail = strlen(ending);
		if (len <= tail || strcmp(entry->d_name + len - tail, ending) != 0 || strpbrk(entry->d_name, "%~"))
			continue;
		entry->d_name[len - tail] = 0;
		names = add_name(names, entry->d_name);
	}
	if (directory)
		closedir(directory);
	return names;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **store_domains(struct store *store)
{
	char **names = mem_alloc(sizeof(*names));
	size_t n = 0;

	names = add_names(store, "drafts", ".json", names);
	names = add_names(store, "journal", ".ndjson", names);
	while (names[n])
		n++;
	qsort(names, n, sizeof(*names), by_text);
	return names;
}

/* ---- locks ---- */

int store_lock(struct store *store, const struct dname *domain, struct err *err)
{
	char *path = store_place(store, "lock", domain, "");
	char name[DNAME_TEXT_MAX];
	int fd = -1;

	if (access(path, F_OK) != 0 && !store_make_room(store, "lock", err))
		goto out;
	fd = lock_take(path, err);
	if (fd == LOCK_BUSY) {
		fd = -1;
		err_set(err, ERR_FILE, N_("another push of %s is running"), dname_text(domain, name));
		err_hint(err, N_("Wait until it has ended."));
	}
out:
	free(path);
	return fd;
}

void store_unlock(int lock)
{
	lock_release(lock);
}

/* ---- the user ---- */

void store_user(struct str *out)
{
	const struct passwd *user = getpwuid(geteuid());
	char machine[256] = "";

	gethostname(machine, sizeof(machine) - 1);
	str_addf(out, "%s@%s", user ? user->pw_name : "?", machine);
}
