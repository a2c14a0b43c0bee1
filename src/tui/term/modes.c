/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/modes.h"

#include <string.h>

#include "base/banned.h"

const struct mode mode_table[] = {
	{ "the other screen", "smcup", "rmcup", MODE_ALWAYS },
	{ "writing over, not in between", "rmir", NULL, MODE_ALWAYS },
	{ "the last column wraps", "smam", NULL, MODE_ALWAYS },
	{ "the whole screen scrolls", "\033[r", "\033[r", MODE_KNOWN_REGION },
	{ "sets of characters", "enacs", NULL, MODE_ALWAYS },
	{ "the first of them", "\017", NULL, MODE_KNOWN_REGION }, /* letters, not a VT100's lines */
	{ "colours", "op", "op", MODE_ALWAYS },
	{ "attributes", "sgr0", "sgr0", MODE_ALWAYS },
	{ "the keypad's keys", "smkx", "rmkx", MODE_ALWAYS },
	{ "the cursor", NULL, "cnorm", MODE_ALWAYS },
	{ "bracketed paste", "\033[?2004h", "\033[?2004l", MODE_KNOWN_PASTE },
	{ "the mouse", "\033[?1000h\033[?1006h", "\033[?1006l\033[?1000l", MODE_KNOWN_MOUSE | MODE_WANTED_MOUSE },
	{ 0 },
};

void modes_add(char *out, size_t size, const char *bytes)
{
	size_t begin = strlen(out), n = begin;

	while (*bytes && n + 1 < size) {
		const char *end = !strncmp(bytes, "$<", 2) ? strchr(bytes, '>') : NULL;

		if (end)
			bytes = end + 1;
		else
			out[n++] = *bytes++;
	}
	out[*bytes ? begin : n] = '\0';
}

static void add(char out[MODES_MAX], const char *what, mode_capability_fn capability)
{
	const char *bytes = what && *what >= ' ' ? capability(what) : what;

	if (bytes)
		modes_add(out, MODES_MAX, bytes);
}

static unsigned known(mode_capability_fn capability, bool mouse)
{
	const char *region = capability("csr");
	bool reports = capability("kmous") != NULL;

	return (reports || capability("BE") ? MODE_KNOWN_PASTE : 0U) | (reports ? MODE_KNOWN_MOUSE : 0U) |
	       (region && !strncmp(region, "\033[", 2) ? MODE_KNOWN_REGION : 0U) | (mouse ? MODE_WANTED_MOUSE : 0U);
}

void modes_build(struct modes *modes, mode_capability_fn capability, bool mouse)
{
	unsigned have = known(capability, mouse);
	size_t n = 0;

	*modes = (struct modes){ .again = 0 };
	for (; mode_table[n].name; n++) {
		if ((mode_table[n].needs & have) == mode_table[n].needs)
			add(modes->set, mode_table[n].set, capability);
		if (n == 0)
			modes->again = strlen(modes->set);
	}
	while (n-- > 0)
		if ((mode_table[n].needs & have) == mode_table[n].needs)
			add(modes->reset, mode_table[n].reset, capability);
}
