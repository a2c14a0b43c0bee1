/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "provider/vendor.h"
#include "base/banned.h"

const struct provider *const providers[] = {
#define VENDOR_ROW(name) &provider_##name,
	VENDORS(VENDOR_ROW)
#undef VENDOR_ROW
		NULL,
};

const struct provider *provider_find(const char *name)
{
	for (size_t i = 0; providers[i]; i++)
		if (!strcmp(providers[i]->name, name))
			return providers[i];
	return NULL;
}
