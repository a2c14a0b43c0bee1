/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the store's files lie. Only store*.c include this. */
#ifndef IO_STORE_PRIVATE_H
#define IO_STORE_PRIVATE_H

#include "io/store.h"

struct disk;

struct store {
	char *directory;
	struct disk *disk;   /* made when something is first kept */
	bool journal_synced; /* the names in the journal's folder are on disk, as far as this program made them */
};

char *store_place(const struct store *store, const char *room, const struct dname *domain, const char *ending); /* the caller's */
bool store_write_all(int fd, const void *bytes, size_t len);                                                    /* false: errno says why */
bool store_make_room(const struct store *store, const char *room, struct err *err);

#endif
