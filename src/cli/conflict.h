/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three-way picture of a conflict, printed. */
#ifndef CLI_CONFLICT_H
#define CLI_CONFLICT_H

#include <stdio.h>

#include "core/change.h"

void conflict_print(const struct threeway *three, FILE *to);

#endif
