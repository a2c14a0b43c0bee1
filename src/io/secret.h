/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an account's key comes from: key_command (run without a shell), key_file (mode 0600 checked) or key_env. Never logged, wiped after
 * use. */
#ifndef IO_SECRET_H
#define IO_SECRET_H

#include "io/config.h"
#include "io/loop.h"

/* Comes exactly once from the loop. key is zero-ended, without blanks and line ends at either end, borrowed for the call; NULL with err
 * (ERR_AUTH, ERR_FILE, ERR_USAGE). */
typedef void (*secret_fn)(void *data, const char *key, const struct err *err);
struct secret;
struct secret *secret_fetch(struct loop *loop, const struct config_section *account, secret_fn fn, void *data);
void secret_cancel(struct secret *secret); /* NULL is accepted; dead after the callback */

#endif
