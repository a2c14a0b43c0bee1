/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The zones of every account of the configuration, an account after the other, all pages, as rows of the roster. */
#ifndef APP_ROSTER_ZONES_H
#define APP_ROSTER_ZONES_H

#include "app/roster.h"

struct roster_zones;
/* From the loop: once an account, with how many zones it lists or why it could not be asked; at the end with account NULL. */
typedef void (*roster_zones_fn)(void *data, const char *account, size_t n, const struct err *err);

struct roster_zones *roster_zones_start(struct roster *roster, roster_zones_fn fn, void *data);
void roster_zones_free(struct roster_zones *zones); /* cancels; NULL is accepted */

#endif
