/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One edit of many domains' drafts: each domain is read as if it were opened, the edit is tried on what its draft begins from, and the
 * draft is saved; a few at a time. Those that it does not fit, and those whose set nobody tells, stay as they are, and are named. Owns its
 * rows.
 */
#ifndef APP_BULK_H
#define APP_BULK_H

#include "app/session.h"

enum bulk_end { BULK_WAITS, BULK_READS, BULK_DRAFTED, BULK_SAME /* it changes nothing there */, BULK_REFUSED };

struct bulk_row {
	struct dname domain;
	enum bulk_end end;
	struct err err; /* of BULK_REFUSED */
	struct session *session;
	struct loop_handle *soon;
	struct bulk *bulk;
};

struct bulk {
	struct app *app;
	char *edit; /* as it was typed */
	size_t n, running, done;
	struct bulk_row *row;
	void (*changed)(void *data);
	void *data;
};

/* The edit of one domain, as its grammar reads it; edits must be {0}. */
bool bulk_parse(const struct dname *domain, const char *edit, struct edits *edits, struct err *err);

struct bulk *bulk_start(struct app *app, size_t n, const struct dname *domain, const char *edit);
void bulk_on_change(struct bulk *bulk, void (*changed)(void *data), void *data);
bool bulk_running(const struct bulk *bulk); /* NULL is accepted */
size_t bulk_count(const struct bulk *bulk, enum bulk_end end);
void bulk_free(struct bulk *bulk); /* what was not done stays undone; NULL is accepted */

#endif
