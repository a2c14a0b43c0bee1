/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of a test's own with a store in it, and a draft to keep there. */
#ifndef TESTS_IO_ROOM_H
#define TESTS_IO_ROOM_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/scratch.h"
#include "io/store.h"

struct room {
	char *dir;
	struct store *store;
	struct dname domain;
};

static inline char *path_in(const struct room *room, const char *name)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/%s", room->dir, name);
	return str_take(&path);
}

static inline void put(const struct room *room, const char *name, const char *text)
{
	char *path = path_in(room, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	free(path);
}

static inline void add_mx(struct mxset *set, uint32_t preference, const char *host)
{
	struct mx mx;

	mx_set(&mx, preference, host);
	mxset_add(set, &mx);
}

static inline void make_draft(const struct room *room, struct plan *plan, struct draft *draft)
{
	struct mxset base;
	struct edit edits[] = { { .verb = EDIT_ADD }, { .verb = EDIT_TTL, .ttl_s = 3600 }, { .verb = EDIT_ADD } };

	mxset_init(&base);
	base.ttl_s = 45000;
	add_mx(&base, 10, "mx1.exempel.com");
	plan_init(plan);
	plan->domain = plan->zone = room->domain;
	free(plan->account);
	free(plan->provider);
	plan->account = strdup("lab");
	plan->provider = strdup("powerdns");
	*draft = (struct draft){ 0 };
	draft_init(draft, &base);
	mx_set(&edits[0].mx, 20, "mx2.exempel.com");
	mx_set(&edits[2].mx, 30, "http://pasted/");
	for (size_t i = 0; i < 3; i++)
		assert_true(draft_apply(draft, &edits[i], 1, NULL));
	assert_true(draft_undo(draft));
	mxset_release(&base);
}

static inline int room_open(void **state)
{
	struct room *room = calloc(1, sizeof(*room));
	char *path;

	room->dir = scratch_new(NULL);
	path = path_in(room, "state");
	room->store = store_new(path, NULL);
	free(path);
	*state = room;
	return room->store && dname_parse(&room->domain, "exempel.com", NULL) ? 0 : -1;
}

static inline int room_close(void **state)
{
	struct room *room = *state;

	store_free(room->store);
	scratch_free(room->dir);
	free(room);
	return 0;
}

#endif
