/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a watch saw, printed: a row for each name server, and until when caches hold the old set. */
#ifndef CLI_SERVED_PRINT_H
#define CLI_SERVED_PRINT_H

#include "app/watch.h"

void served_print(const struct served *served);
/* Nothing where no date is known. */
void drain_print(const struct drain *drain, int64_t safe_at, int64_t tail_at);

#endif
