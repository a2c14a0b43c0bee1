/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name from any text and from any bytes: its text must parse back to itself. */
#include <stdlib.h>
#include <string.h>

#include "core/dname.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(const struct dname *name)
{
	char text[DNAME_TEXT_MAX];
	struct dname again = { 0 };

	if (!dname_parse(&again, dname_text(name, text), NULL) || !dname_equal(name, &again))
		abort();
	dname_show(name, text);
	if (dname_parent(name, &again) && !dname_under(name, &again))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dname name = { 0 };
	char text[600];

	if (dname_from_wire(&name, data, size))
		round_trip(&name);
	if (size >= sizeof(text))
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	if (dname_parse(&name, text, NULL))
		round_trip(&name);
	return 0;
}
