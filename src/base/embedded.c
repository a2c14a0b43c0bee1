/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/embedded.h"

#include <string.h>

const char *embedded_find(const char *name, size_t *len)
{
	for (const struct embedded *e = embedded_table; e->name; e++) {
		if (strcmp(e->name, name) == 0) {
			if (len)
				*len = e->len;
			return e->text;
		}
	}
	return NULL;
}

const char *embedded_name(size_t i)
{
	for (size_t n = 0; embedded_table[n].name; n++) {
		if (n == i)
			return embedded_table[n].name;
	}
	return NULL;
}
