/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store.h's drafts. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "io/store_private.h"
#include "base/banned.h"

#define KEPT_MAX 9                  /* drafts of one domain that lost a clash, and wait for an answer */
#define STEPS_MAX ((size_t)4 << 20) /* bytes of undo, and of redo: a file that is kept can be read again */

static size_t about_bytes(const struct mxset *set)
{
	return 64 + set->n * 128;
}

/* The newest steps, as far as there is room. */
static json_t *sets_json(const struct mxset *set, size_t n)
{
	json_t *array = json_array();

	size_t from = n, bytes = 0;

	while (from > 0 && (bytes += about_bytes(&set[from - 1])) <= STEPS_MAX)
		from--;
	for (size_t i = from; i < n; i++)
		json_array_append_new(array, mxset_to_json(&set[i]));
	return array;
}

static void format(const struct plan *plan, const struct draft *draft, struct str *out)
{
	struct plans one = { .n = 1 };
	struct plan copy;
	char *dump;
	json_t *value;

	plan_init(&copy);
	plan_copy(&copy, plan);
	mxset_copy(&copy.base, &draft->base);
	mxset_copy(&copy.want, &draft->want);
	plan_seal(&copy);
	one.plan = &copy;
	plans_format(&one, out);
	value = json_loads(out->s, 0, NULL);
	json_object_set_new(value, "undo", sets_json(draft->undo, draft->n_undo));
	json_object_set_new(value, "redo", sets_json(draft->redo, draft->n_redo));
	dump = json_dumps(value, JSON_INDENT(2));
	str_clear(out);
	str_add(out, dump ? dump : "");
	json_decref(value);
	free(dump);
	plan_release(&copy);
}

/* ---- what the file held ---- */

static struct draft_mark mark_of(const struct str *text)
{
	struct draft_mark mark = { .hash = 1469598103934665603u, .len = text->len };

	for (size_t i = 0; i < text->len; i++)
		mark.hash = (mark.hash ^ (unsigned char)text->s[i]) * 1099511628211u;
	return text->len ? mark : (struct draft_mark){ 0 };
}

/* Empty where there is no file. */
static bool read_text(const char *path, struct str *text, struct err *err)
{
	if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
		return true;
	return store_read_trusted(path, DRAFT_FILE_MAX, text, err);
}

bool store_draft_mark(struct store *store, const struct dname *domain, struct draft_mark *mark, struct err *err)
{
	char *path = store_place(store, "drafts", domain, ".json");
	struct str text;
	bool ok;

	str_init(&text, DRAFT_FILE_MAX + 1);
	ok = read_text(path, &text, err);
	if (ok)
		*mark = mark_of(&text);
	str_release(&text);
	free(path);
	return ok;
}

bool store_draft_exists(const struct store *store, const struct dname *domain)
{
	char *path = store_place(store, "drafts", domain, ".json");
	bool exists = access(path, F_OK) == 0;

	free(path);
	return exists;
}

/* Locks the drafts against other processes until the descriptor is closed. -1: no directory, so there are no drafts to change. */
static int lock_drafts(const struct store *store)
{
	struct str path;
	int fd;

	str_init(&path, 0);
	str_addf(&path, "%s/drafts", store->directory);
	fd = open(path.s, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	str_release(&path);
	while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR)
		;
	return fd;
}

static bool still_holds(struct store *store, const struct dname *domain, const struct draft_mark *mark, struct err *err)
{
	struct draft_mark now = { 0 };

	if (!mark)
		return true;
	if (!store_draft_mark(store, domain, &now, err))
		return false;
	if (now.len == mark->len && now.hash == mark->hash)
		return true;
	err_set(err, ERR_CONFLICT, N_("the draft was changed meanwhile by another window or command"));
	err_hint(err, N_("Nothing was written over it."));
	return false;
}

bool store_draft_save(struct store *store, const struct plan *plan, const struct draft *draft, struct draft_mark *mark, struct err *err)
{
	char *path = store_place(store, "drafts", &plan->domain, ".json");
	struct str text;
	bool ok = false;
	int lock;

	str_init(&text, DRAFT_FILE_MAX);
	format(plan, draft, &text);
	if (store_make_room(store, "drafts", err)) {
		lock = lock_drafts(store);
		ok = still_holds(store, &plan->domain, mark, err) && store_write_file(path, text.s, text.len, 0600, err);
		if (lock >= 0)
			close(lock);
	}
	if (ok && mark)
		*mark = mark_of(&text);
	str_release(&text);
	free(path);
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

static bool read_draft(const struct str *text, const struct dname *domain, struct plan *plan, struct draft *draft, struct err *err)
{
	struct plans plans = { 0 };
	struct draft got = { 0 };
	json_t *root = NULL;
	bool ok = false;

	if (!plans_parse(&plans, text->s, text->len, err))
		goto out;
	if (plans.n != 1 || !dname_equal(&plans.plan[0].domain, domain)) {
		err_set(err, ERR_FILE, N_("it is not the draft of this domain"));
		goto out;
	}
	draft_init(&got, &plans.plan[0].base);
	mxset_copy(&got.want, &plans.plan[0].want);
	root = json_loadb(text->s, text->len, 0, NULL);
	if (!read_sets(json_object_get(root, "undo"), &got.undo, &got.n_undo, &got.cap_undo, err) ||
		!read_sets(json_object_get(root, "redo"), &got.redo, &got.n_redo, &got.cap_redo, err))
		goto out;
	plan_copy(plan, &plans.plan[0]);
	draft_copy(draft, &got);
	ok = true;
out:
	json_decref(root);
	draft_release(&got);
	plans_release(&plans);
	return ok;
}

static bool load(const char *path, const struct dname *domain, struct plan *plan, struct draft *draft, struct err *err)
{
	struct str text;
	bool ok = false;

	str_init(&text, DRAFT_FILE_MAX + 1);
	if (access(path, F_OK) == 0 || errno != ENOENT) {
		ok = store_read_trusted(path, DRAFT_FILE_MAX, &text, err) && read_draft(&text, domain, plan, draft, err);
		if (!ok) {
			err_context(err, N_("the kept draft %s"), path);
			err_hint(err, N_("Set it aside to start a new draft."));
		}
	}
	str_release(&text);
	return ok;
}

bool store_draft_load(struct store *store, const struct dname *domain, struct plan *plan, struct draft *draft, struct err *err)
{
	char *path = store_place(store, "drafts", domain, ".json");
	bool ok = load(path, domain, plan, draft, err);

	free(path);
	return ok;
}

bool store_draft_drop(struct store *store, const struct dname *domain, struct draft_mark *mark, struct err *err)
{
	char *path = store_place(store, "drafts", domain, ".json");
	int lock = lock_drafts(store);
	bool ok = still_holds(store, domain, mark, err) &&
		  (unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR ||
			  err_set(err, ERR_FILE, N_("the draft %s could not be removed: %s"), path, strerror(errno)));

	if (lock >= 0)
		close(lock);
	if (ok && mark)
		*mark = (struct draft_mark){ 0 };
	free(path);
	return ok;
}

bool store_draft_set_aside(struct store *store, const struct dname *domain, struct err *err)
{
	char *path = store_place(store, "drafts", domain, ".json");
	struct str aside;
	bool ok;

	str_init(&aside, 0);
	str_addf(&aside, "%s.damaged", path);
	for (unsigned n = 2; access(aside.s, F_OK) == 0; n++) {
		str_clear(&aside);
		str_addf(&aside, "%s.damaged-%u", path, n);
	}
	ok = rename(path, aside.s) == 0 || errno == ENOENT ||
	     err_set(err, ERR_FILE, N_("the draft %s could not be moved to %s: %s"), path, aside.s, strerror(errno));
	str_release(&aside);
	free(path);
	return ok;
}

/* ---- the loser of a clash ---- */

static char *kept_place(const struct store *store, const struct dname *domain, unsigned n)
{
	char ending[24];

	snprintf(ending, sizeof(ending), n > 1 ? ".json.mine-%u" : ".json.mine", n);
	return store_place(store, "drafts", domain, ending);
}

/* Its descriptor; -1: it cannot be had, or somebody else holds it. */
static int hold(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static char *free_place(const struct store *store, const struct dname *domain)
{
	char *path = kept_place(store, domain, 1);

	for (unsigned n = 2; access(path, F_OK) == 0 && n <= KEPT_MAX; n++) {
		free(path);
		path = kept_place(store, domain, n);
	}
	return path;
}

bool store_draft_keep(struct store *store, const struct plan *plan, const struct draft *draft, struct draft_kept *kept, struct err *err)
{
	int lock = store_make_room(store, "drafts", err) ? lock_drafts(store) : -1, old = kept->path ? kept->lock : -1;
	struct str text;
	bool ok;

	if (!kept->path)
		kept->path = free_place(store, &plan->domain);
	str_init(&text, DRAFT_FILE_MAX);
	format(plan, draft, &text);
	ok = lock >= 0 && store_write_file(kept->path, text.s, text.len, 0600, err);
	kept->lock = hold(kept->path);
	if (old >= 0)
		close(old);
	if (lock >= 0)
		close(lock);
	str_release(&text);
	return ok;
}

void store_draft_leave(struct draft_kept *kept)
{
	if (kept->path && kept->lock >= 0)
		close(kept->lock);
	free(kept->path);
	*kept = (struct draft_kept){ 0 };
}

void store_draft_forget(struct draft_kept *kept)
{
	if (kept->path)
		unlink(kept->path);
	store_draft_leave(kept);
}

char *store_draft_kept(struct store *store, const struct dname *domain, struct plan *plan, struct draft *draft)
{
	int lock = lock_drafts(store); /* it is written and held in one go */
	char *found = NULL;

	for (unsigned n = 1; n <= KEPT_MAX && !found; n++) {
		char *path = kept_place(store, domain, n);
		int held = hold(path);

		if (held >= 0 && load(path, domain, plan, draft, NULL))
			found = path;
		else
			free(path);
		if (held >= 0)
			close(held);
	}
	if (lock >= 0)
		close(lock);
	return found;
}
