/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/bulk.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/edit_text.h"
#include "base/banned.h"

#define WIDTH 8

static void fill(struct bulk *bulk);

bool bulk_parse(const struct dname *domain, const char *edit, struct edits *edits, struct err *err)
{
	const struct edit_grammar grammar = { .domain = domain, .completes = true };

	return edit_parse_line(&grammar, edit, edits, err);
}

static bool apply(struct bulk_row *row)
{
	struct edits edits = { 0 };
	size_t before = session_draft(row->session)->n_undo;
	bool ok =
		bulk_parse(&row->domain, row->bulk->edit, &edits, &row->err) && session_edit(row->session, edits.edit, edits.n, &row->err);

	edits_release(&edits);
	if (!ok)
		return false;
	row->end = session_draft(row->session)->n_undo == before ? BULK_SAME : BULK_DRAFTED;
	return row->end == BULK_SAME || session_save(row->session, &row->err);
}

static void settle(void *data)
{
	struct bulk_row *row = data;
	struct bulk *bulk = row->bulk;

	row->soon = NULL;
	if (!apply(row))
		row->end = BULK_REFUSED;
	session_close(row->session);
	row->session = NULL;
	bulk->running--;
	bulk->done++;
	fill(bulk);
	if (bulk->changed)
		bulk->changed(bulk->data);
}

/* From the loop, for the session is at work. */
static void moved(void *data)
{
	struct bulk_row *row = data;

	if (!row->soon && !session_surveying(row->session))
		row->soon = loop_after(row->bulk->app->loop, 0, settle, row);
}

static void begin(struct bulk_row *row)
{
	row->bulk->running++;
	row->end = BULK_READS;
	row->session = session_open(row->bulk->app, &row->domain, moved, row);
	session_survey(row->session);
	moved(row);
}

static void fill(struct bulk *bulk)
{
	for (size_t i = 0; i < bulk->n && bulk->running < WIDTH; i++)
		if (bulk->row[i].end == BULK_WAITS)
			begin(&bulk->row[i]);
}

struct bulk *bulk_start(struct app *app, size_t n, const struct dname *domain, const char *edit)
{
	struct bulk *bulk = mem_alloc(sizeof(*bulk));

	*bulk = (struct bulk){ .app = app, .edit = mem_text(edit), .n = n, .row = mem_alloc((n + 1) * sizeof(*bulk->row)) };
	for (size_t i = 0; i < n; i++)
		bulk->row[i] = (struct bulk_row){ .domain = domain[i], .bulk = bulk };
	fill(bulk);
	return bulk;
}

void bulk_on_change(struct bulk *bulk, void (*changed)(void *data), void *data)
{
	bulk->changed = changed;
	bulk->data = data;
}

bool bulk_running(const struct bulk *bulk)
{
	return bulk && bulk->done < bulk->n;
}

size_t bulk_count(const struct bulk *bulk, enum bulk_end end)
{
	size_t n = 0;

	for (size_t i = 0; i < bulk->n; i++)
		n += bulk->row[i].end == end;
	return n;
}

void bulk_free(struct bulk *bulk)
{
	if (!bulk)
		return;
	for (size_t i = 0; i < bulk->n; i++) {
		loop_cancel(bulk->row[i].soon);
		session_close(bulk->row[i].session);
	}
	free(bulk->row);
	free(bulk->edit);
	free(bulk);
}
