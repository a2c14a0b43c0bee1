/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file of accepted findings (check/accept.h) of this run: accepted_file of the configuration, else "accepted" beside the configuration,
 * which need not be there. Lines are added and taken out; all others stay as they are. Owns nothing.
 */
#ifndef APP_ACCEPTING_H
#define APP_ACCEPTING_H

#include "app/app.h"
#include "check/accept.h"

char *accepting_path(const struct app *app); /* owned by the caller */
/* Adds what the file holds. ERR_FILE, ERR_USAGE with the line; then nothing was added. */
bool accepting_read(const struct app *app, struct accepts *accepts, struct err *err);
/* The file must be one that can be read. ERR_CONFLICT: somebody else wrote meanwhile. */
bool accepting_add(const struct app *app, const struct accepted *row, struct err *err);
/* Takes out each line that accepts the same check at the same host of the domain, whatever its end. */
bool accepting_withdraw(const struct app *app, const struct accepted *row, struct err *err);

#endif
