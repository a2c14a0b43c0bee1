/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which part of a name somebody registered, by the Public Suffix List (libpsl: the system's list, or the one that is built in). */
#ifndef IO_SUFFIX_H
#define IO_SUFFIX_H

#include "core/dname.h"

struct suffixes;

struct suffixes *suffixes_new(void);
void suffixes_free(struct suffixes *suffixes); /* NULL is accepted */
/* false: the name is a public suffix itself, or none that the list speaks of. */
bool suffixes_registered(const struct suffixes *suffixes, const struct dname *name, struct dname *registered);

#endif
