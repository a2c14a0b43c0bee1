/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A theme from a mail: every look that is read is one that a terminal can be asked for. */
#include <stdint.h>
#include <stdlib.h>

#include "tui/term/theme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct theme theme;
	struct err err = { 0 };

	if (!theme_parse(&theme, "fuzz", size ? (const char *)data : "", size, &err)) {
		if (err.code == ERR_NONE)
			abort();
		return 0;
	}
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		const struct look *look = &theme.look[i];

		if (look->fg < COLOUR_DEFAULT || look->fg > (COLOUR_RGB | 0xffffff) || look->bg < COLOUR_DEFAULT ||
			look->bg > (COLOUR_RGB | 0xffffff))
			abort();
	}
	theme_uncolour(&theme);
	return 0;
}
