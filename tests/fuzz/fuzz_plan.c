/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan file from a mail: what is accepted is written and read back with the same ids. */
#include <stdlib.h>
#include <string.h>

#include "core/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plans plans = { 0 };
	struct plans again = { 0 };
	struct str text = { 0 };
	struct err err = { 0 };

	if (plans_parse(&plans, size > 0 ? (const char *)data : "", size, &err)) {
		plans_format(&plans, &text);
		if (!plans_parse(&again, text.s, text.len, &err) || again.n != plans.n)
			abort();
		for (size_t i = 0; i < plans.n; i++) {
			if (strcmp(plans.plan[i].id, again.plan[i].id) != 0)
				abort();
		}
	}
	plans_release(&plans);
	plans_release(&again);
	str_release(&text);
	return 0;
}
