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
#include "io/disk.h"
#include "io/lock.h"
#include "io/store_private.h"
#include "base/banned.h"

#define FILE_NAME_MAX 255
#define NOWHERE "/nonexistent/mxladder" /* where nothing is read from, and nothing is written to */

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
	if (!store)
		return;
	disk_free(store->disk);
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
		if (plain)
			str_add_char(path, *s);
		else
			str_addf(path, "%%%02x", (unsigned char)*s);
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
	bool room = access(path, F_OK) == 0 || store_make_room(store, "lock", err);
	int fd = room ? lock_take(path, err) : -1;
	char name[DNAME_TEXT_MAX];

	if (fd == LOCK_BUSY) {
		fd = -1;
		err_set(err, ERR_FILE, N_("another push of %s is running"), dname_text(domain, name));
		err_hint(err, N_("Wait until it has ended."));
	} else if (fd < 0) {
		err_hint(err,
			N_("Nothing is sent without a lock and a journal: set the permissions right, or name another folder in XDG_STATE_HOME."));
	}
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
