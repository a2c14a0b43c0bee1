/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lies on disk: drafts, the journal, locks, plan files, in
 * $XDG_STATE_HOME/mxladder. Directories are 0700, files 0600. Nothing is ever left
 * half-written: replacement is temp, fsync, rename, fsync of the directory.
 */
#ifndef IO_STORE_H
#define IO_STORE_H

#include <jansson.h>

#include "core/draft.h"
#include "core/plan.h"

struct loop;
struct store;
/* directory NULL: from the environment. Made when first written. ERR_FILE. */
struct store *store_new(const char *directory, struct err *err);
void store_free(struct store *store);
const char *store_directory(const struct store *store);

/* Whole file of text, at most max bytes; a zero byte in it is refused. ERR_FILE. "-" is stdin. out must be initialised. */
#define STORE_LOOK_BYTES 64
struct store_look {
	bool exists, directory, readable;
	unsigned long links; /* names that the file has */
	size_t n_head;
	char head[STORE_LOOK_BYTES]; /* its first bytes */
};
void store_look(const char *path, struct store_look *look);
bool store_read_file(const char *path, size_t max, struct str *out, struct err *err);
/* A zone file, of up to ZONETEXT_MAX bytes. */
bool store_read_zone(const char *path, struct str *out, struct err *err);
/* A file that is obeyed: the configuration, keys, signers. It must be a regular one (or /dev/null) of the user or root that nobody else may
 * write; another kind of file is not waited for. */
bool store_read_trusted(const char *path, size_t max, struct str *out, struct err *err);
/* The same, where besides nobody else may read it either. */
bool store_read_secret(const char *path, size_t max, struct str *out, struct err *err);
/* Atomic; keeps the mode and owner of a file that exists, else mode; follows a symbolic link to its target. "-" is stdout. */
bool store_write_file(const char *path, const void *bytes, size_t len, unsigned mode, struct err *err);
/* The directories that the path of a file names, as far as they are missing. */
bool store_make_directory_of(const char *path_of_file, struct err *err);
/* Brings to disk that a file was made or renamed. errno tells of failure. */
bool store_sync_directory(const char *path_of_file);
/* Atomic, only when the file still holds expect (empty: or is missing); ERR_CONFLICT when not. */
bool store_replace_file(const char *path, const struct str *expect, const struct str *content, struct err *err);

/* What a draft's file held; all zero: there is no file. */
struct draft_mark {
	uint64_t hash;
	size_t len;
};
#define DRAFT_FILE_MAX ((size_t)24 << 20)

/* The draft of a domain: a plan-shaped file with "undo" and "redo" arrays of sets besides. The sets come from draft, the rest
 * (domain, zone, account, provider, note ...) from plan; the file's id is made anew. Where mark is given and the file holds anything else,
 * nothing is written: ERR_CONFLICT; afterwards mark is of what it holds. */
bool store_draft_save(struct store *store, const struct plan *plan, const struct draft *draft, struct draft_mark *mark, struct err *err);
/* False without err->code when there is none; plan and draft must be initialised and are overwritten. */
bool store_draft_load(struct store *store, const struct dname *domain, struct plan *plan, struct draft *draft, struct err *err);
bool store_draft_mark(struct store *store, const struct dname *domain, struct draft_mark *mark, struct err *err);
bool store_draft_drop(struct store *store, const struct dname *domain, struct draft_mark *mark, struct err *err);
bool store_draft_set_aside(struct store *store, const struct dname *domain, struct err *err); /* beside it, as NAME.damaged */
/* Beside the draft, which is another's: one that is not decided yet, as NAME.mine. {0} first; written again, it is replaced. As long as it
 * is held, however that ends, nobody else takes it for one that an earlier run left. */
struct draft_kept {
	char *path;
	int lock;
};
bool store_draft_keep(struct store *store, const struct plan *plan, const struct draft *draft, struct draft_kept *kept, struct err *err);
void store_draft_leave(struct draft_kept *kept);  /* for the next run; {0} again */
void store_draft_forget(struct draft_kept *kept); /* it is on disk in another place; {0} again */
/* The first that an earlier run left so, and its path, owned by the caller; NULL: none. */
char *store_draft_kept(struct store *store, const struct dname *domain, struct plan *plan, struct draft *draft);
bool store_draft_exists(const struct store *store, const struct dname *domain);
/* Domains with a draft or a journal: for the portfolio. out: names, NULL-ended, each freed and the array too. */
char **store_domains(struct store *store);

/* Appends one JSON object as a line and fsyncs: it is on disk, with all that was noted before. Steals event. */
bool store_journal_add(struct store *store, const struct dname *domain, json_t *event, struct err *err);
/* The same while the loop goes on: written at once, and fn is called from the loop, with err NULL when it is on disk. */
struct store_keeping;
struct store_kept {
	void (*fn)(void *data, const struct err *err); /* the handle has died */
	void *data;
	bool late; /* see io/disk.h */
};
struct store_keeping *store_journal_keep(
	struct store *store, struct loop *loop, const struct dname *domain, json_t *event, struct store_kept then);
void store_keeping_cancel(struct store_keeping *keeping); /* waits for the disk, calls nothing. NULL is accepted */
/* Written as well, but on disk only with the next that is added: for what a power cut may take without making the rest untrue. */
bool store_journal_note(struct store *store, const struct dname *domain, json_t *event, struct err *err);
/* All events of a domain, oldest first, as a new array; an unfinished last line (crash) is left out. Empty when there is none. */
json_t *store_journal_read(struct store *store, const struct dname *domain, struct err *err);
/* The events of the last pushes, up to `most`, before the one of that id (NULL: of all). NULL where they cannot be told from the lines'
 * ends alone: then all have to be read. */
json_t *store_journal_last(struct store *store, const struct dname *domain, const char *before, size_t most);

/* One lock a domain (flock on an own file): two pushes never run at once. ERR_FILE when somebody holds it. -1 on failure. */
int store_lock(struct store *store, const struct dname *domain, struct err *err);
void store_unlock(int lock);

/* Appends who runs the program, "name@machine": for plans and approvals. */
void store_user(struct str *out);

#endif
