/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to change together with a set, printed: steps in their order, with what is to be copied. */
#ifndef CLI_COMPANION_PRINT_H
#define CLI_COMPANION_PRINT_H

#include <jansson.h>

#include "check/companion.h"

void companions_print(const struct companions *companions);   /* nothing where there are none */
json_t *companions_json(const struct companions *companions); /* new reference */

#endif
