/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to change together with a set, as --json prints it. */
#ifndef CLI_COMPANIONS_JSON_H
#define CLI_COMPANIONS_JSON_H

#include <jansson.h>

#include "check/companion.h"

json_t *companions_json(const struct companions *companions); /* new reference */

#endif
