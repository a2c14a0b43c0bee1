/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and addresses from text, for rows of cases; "" is the root, and text that is none ends the program. */
#ifndef TESTS_CORE_NAMES_H
#define TESTS_CORE_NAMES_H

#include <stdlib.h>

#include "core/addr.h"
#include "core/dname.h"

static inline struct dname name_of(const char *text)
{
	struct dname name = { 0 };

	if (*text && !dname_parse(&name, text, NULL))
		abort();
	return name;
}

static inline struct addr addr_of(const char *text)
{
	struct addr addr;

	if (!addr_parse(&addr, text))
		abort();
	return addr;
}

#endif
