/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Name servers that agree, disagree, keep still, refuse and know nothing, and a resolver's cache that is new, old or empty: one domain
 * for each way in which a set can be known. The names say which.
 */
#ifndef TESTS_APP_TRUTHS_H
#define TESTS_APP_TRUTHS_H

#include "dnsd.h"

void truths_add(struct dnsd *dnsd);

#endif
