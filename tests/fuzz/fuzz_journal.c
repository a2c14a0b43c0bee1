/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A journal as a crash, a disk or a hand may have left it: it is past pushes, or it says why it cannot be told. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/history.h"
#include "io/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct history *history)
{
	const struct past_push *unfinished = history_unfinished(history);

	for (size_t i = 0; i < history->n; i++) {
		const struct past_push *push = &history->push[i];
		struct err why = { 0 };

		if (!history_state_text(push) || history_find(history, push->id) == NULL)
			abort();
		if (history_can_revert(push, &why)) {
			struct plan plan;

			plan_init(&plan);
			history_revert_plan(push, &plan);
			plan_release(&plan);
		} else if (why.code == ERR_NONE) {
			abort();
		}
	}
	if (unfinished && !unfinished->unfinished)
		abort();
}

static void read_one(const char *folder, const uint8_t *data, size_t size)
{
	struct app app = { .store = store_new(folder, NULL) };
	struct history history = { 0 };
	struct dname domain;
	struct err err = { 0 };
	struct str path;

	dname_parse(&domain, "exempel.com", NULL);
	str_init(&path, 0);
	str_addf(&path, "%s/journal/exempel.com.ndjson", folder);
	if (!store_journal_add(app.store, &domain, json_object(), NULL) || !store_write_file(path.s, data, size, 0600, NULL))
		abort();
	if (history_read(&app, &domain, &history, &err))
		look(&history);
	else if (err.code == ERR_NONE)
		abort();
	history_release(&history);
	str_release(&path);
	store_free(app.store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *folder = scratch_new(NULL);

	if (folder)
		read_one(folder, data, size);
	scratch_free(folder);
	return 0;
}
