/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A draft's file as a crash, a disk or a hand may have left it: what is read is kept and read back as the same, what is not says why. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/scratch.h"
#include "io/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_sets(const struct mxset *a, size_t n, const struct mxset *b, size_t m)
{
	if (n != m)
		abort();
	for (size_t i = 0; i < n; i++)
		if (!mxset_equal(&a[i], &b[i]))
			abort();
}

static void keep_and_read_again(struct store *store, const struct plan *plan, const struct draft *draft)
{
	struct draft again = { 0 };
	struct plan read;

	plan_init(&read);
	if (!store_draft_save(store, plan, draft, NULL, NULL) || !store_draft_load(store, &plan->domain, &read, &again, NULL))
		abort();
	same_sets(&draft->base, 1, &again.base, 1);
	same_sets(&draft->want, 1, &again.want, 1);
	same_sets(draft->undo, draft->n_undo, again.undo, again.n_undo);
	same_sets(draft->redo, draft->n_redo, again.redo, again.n_redo);
	draft_release(&again);
	plan_release(&read);
}

static void read_one(const char *folder, const uint8_t *data, size_t size)
{
	struct store *store = store_new(folder, NULL);
	struct draft draft = { 0 };
	struct dname domain;
	struct plan plan;
	struct err err = { 0 };
	struct str path;

	dname_parse(&domain, "exempel.com", NULL);
	plan_init(&plan);
	plan.domain = domain;
	str_init(&path, 0);
	str_addf(&path, "%s/drafts/exempel.com.json", folder);
	if (!store_draft_save(store, &plan, &draft, NULL, NULL) || !store_write_file(path.s, data, size, 0600, NULL))
		abort();
	if (store_draft_load(store, &domain, &plan, &draft, &err))
		keep_and_read_again(store, &plan, &draft);
	else if (err.code == ERR_NONE)
		abort();
	str_release(&path);
	draft_release(&draft);
	plan_release(&plan);
	store_free(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *folder = scratch_new(NULL);

	if (folder)
		read_one(folder, data, size);
	scratch_free(folder);
	return 0;
}
