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
#include "base/banned.h"

#define FILE_NAME_MAX 255
#define JOURNAL_MAX ((size_t)256 << 20)

struct store {
	char *directory;
};

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
		str_add(&path, "/nonexistent/mxladder");
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

/* A name as a file's name: what is no letter, digit, dot, hyphen or underscore as %XX, so that it is always one path element; a
 * name that would be too long for a file keeps its beginning and gets a hash of the whole. */
static void add_file_name(struct str *path, const struct dname *domain)
{
	char text[DNAME_TEXT_MAX];
	size_t from = path->len;
	uint64_t hash = 1469598103934665603u;

	for (const char *s = dname_text(domain, text); *s; s++) {
		bool plain = (*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '-' || *s == '_' ||
			     (*s == '.' && s != text);
		str_addf(path, plain ? "%c" : "%%%02x", (unsigned char)*s);
		hash = (hash ^ (unsigned char)*s) * 1099511628211u;
	}
	if (path->len - from > FILE_NAME_MAX - 24) {
		path->len = from + FILE_NAME_MAX - 48;
		path->s[path->len] = 0;
		str_addf(path, "~%016llx", (unsigned long long)hash);
	}
}

static char *place(const struct store *store, const char *room, const struct dname *domain, const char *ending)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/%s/", store->directory, room);
	add_file_name(&path, domain);
	str_add(&path, ending);
	return str_take(&path);
}

static bool make_room(const struct store *store, const char *room, struct err *err)
{
	struct str path;
	bool ok;

	str_init(&path, 0);
	str_addf(&path, "%s/%s", store->directory, room);
	ok = make_directories(path.s, err);
	str_release(&path);
	return ok;
}

/* ---- drafts ---- */

static json_t *sets_json(const struct mxset *set, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, mxset_to_json(&set[i]));
	return array;
}

bool store_draft_save(struct store *store, const struct plan *plan, const struct draft *draft, struct err *err)
{
	struct plans one = {.n = 1};
	struct plan copy;
	struct str text;
	char *path, *dump = NULL;
	json_t *value;
	bool ok;

	plan_init(&copy);
	plan_copy(&copy, plan);
	mxset_copy(&copy.base, &draft->base);
	mxset_copy(&copy.want, &draft->want);
	plan_seal(&copy);
	one.plan = &copy;
	str_init(&text, 0);
	plans_format(&one, &text);
	value = json_loads(text.s, 0, NULL);
	json_object_set_new(value, "undo", sets_json(draft->undo, draft->n_undo));
	json_object_set_new(value, "redo", sets_json(draft->redo, draft->n_redo));
	dump = json_dumps(value, JSON_INDENT(2));
	path = place(store, "drafts", &plan->domain, ".json");
	ok = make_room(store, "drafts", err) && dump && store_write_file(path, dump, strlen(dump), 0600, err);
	json_decref(value);
	free(dump);
	free(path);
	str_release(&text);
	plan_release(&copy);
	return ok;
}

static bool read_sets(const json_t *array, struct mxset **set, size_t *n, size_t *cap, struct err *err)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		*set = mem_grow(*set, *n, cap, sizeof(**set));
		mxset_init(&(*set)[*n]);
		(*n)++;
		if (!mxset_from_json(&(*set)[*n - 1], json_array_get(array, i), "undo", err))
			return false;
	}
	return true;
}

static bool parse_draft(const struct str *text, struct plan *plan, struct draft *draft, struct err *err)
{
	struct plans plans = {0};
	json_t *value = json_loadb(text->s, text->len, 0, NULL);
	bool ok = plans_parse(&plans, text->s, text->len, err);

	if (ok && plans.n == 1) {
		plan_copy(plan, &plans.plan[0]);
		draft_release(draft);
		draft_init(draft, &plan->base);
		mxset_copy(&draft->want, &plan->want);
		ok = read_sets(json_object_get(value, "undo"), &draft->undo, &draft->n_undo, &draft->cap_undo, err) &&
		     read_sets(json_object_get(value, "redo"), &draft->redo, &draft->n_redo, &draft->cap_redo, err);
	}
	plans_release(&plans);
	json_decref(value);
	return ok;
}

bool store_draft_load(struct store *store, const struct dname *domain, struct plan *plan, struct draft *draft, struct err *err)
{
	char *path = place(store, "drafts", domain, ".json");
	struct str text;
	bool ok = false;

	str_init(&text, PLAN_FILE_MAX);
	if (access(path, F_OK) == 0) {
		ok = store_read_file(path, PLAN_FILE_MAX, &text, err) && parse_draft(&text, plan, draft, err);
		if (!ok) {
			err_context(err, N_("the kept draft %s"), path);
			err_hint(err, N_("Move the file away to start a new draft."));
		}
	}
	str_release(&text);
	free(path);
	return ok;
}

bool store_draft_drop(struct store *store, const struct dname *domain, struct err *err)
{
	char *path = place(store, "drafts", domain, ".json");
	bool ok = unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR ||
		  err_set(err, ERR_FILE, N_("the draft %s could not be removed: %s"), path, strerror(errno));

	free(path);
	return ok;
}

/* ---- the journal ---- */

static bool append_line(const char *path, const char *line, struct err *err)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	size_t len = strlen(line);
	bool ok = fd >= 0 && write(fd, line, len) == (ssize_t)len && fsync(fd) == 0;

	if (!ok)
		err_set(err, ERR_FILE, N_("the journal %s could not be written: %s"), path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

bool store_journal_add(struct store *store, const struct dname *domain, json_t *event, struct err *err)
{
	char *path = place(store, "journal", domain, ".ndjson"), *dump = json_dumps(event, JSON_COMPACT);
	struct str line, old;
	bool ok;

	str_init(&line, 0);
	str_init(&old, 0);
	/* A line that a crash cut off is ended first, so that this one stands alone. */
	if (access(path, F_OK) == 0 && store_read_file(path, JOURNAL_MAX, &old, NULL) && old.len &&
	    old.s[old.len - 1] != '\n')
		str_add_char(&line, '\n');
	str_addf(&line, "%s\n", dump ? dump : "{}");
	ok = make_room(store, "journal", err) && append_line(path, line.s, err);
	str_release(&line);
	str_release(&old);
	json_decref(event);
	free(dump);
	free(path);
	return ok;
}

json_t *store_journal_read(struct store *store, const struct dname *domain, struct err *err)
{
	char *path = place(store, "journal", domain, ".ndjson");
	json_t *events = json_array(), *event;
	struct str text;

	str_init(&text, JOURNAL_MAX);
	if (access(path, F_OK) == 0 && !store_read_file(path, JOURNAL_MAX, &text, err)) {
		json_decref(events);
		events = NULL;
	}
	for (char *line = text.s, *end; events && (end = strchr(line, '\n')); line = end + 1) {
		event = json_loadb(line, (size_t)(end - line), 0, NULL);
		if (event)
			json_array_append_new(events, event);
	}
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

char **store_domains(struct store *store)
{
	char **names = mem_alloc(sizeof(*names));

	names = add_names(store, "drafts", ".json", names);
	return add_names(store, "journal", ".ndjson", names);
}

/* ---- locks ---- */

int store_lock(struct store *store, const struct dname *domain, struct err *err)
{
	char *path = place(store, "lock", domain, "");
	char name[DNAME_TEXT_MAX];
	int fd = -1;

	if (!make_room(store, "lock", err))
		goto out;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0) {
		err_set(err, ERR_FILE, N_("the lock %s could not be opened: %s"), path, strerror(errno));
	} else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
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
	if (lock >= 0)
		close(lock);
}

/* ---- the user ---- */

void store_user(struct str *out)
{
	const struct passwd *user = getpwuid(geteuid());
	char machine[256] = "";

	gethostname(machine, sizeof(machine) - 1);
	str_addf(out, "%s@%s", user ? user->pw_name : "?", machine);
}
