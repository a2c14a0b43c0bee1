/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one list of screens. */
#include <string.h>

#include "tui/screen/screen.h"
#include "base/banned.h"

const struct screen_class *const screens[] = {
	&screen_ladder,
	&screen_simulate,
	&screen_review,
	&screen_rebase,
	&screen_push,
	&screen_history,
	&screen_findings,
	&screen_help,
	&screen_text,
	&screen_domains,
	&screen_mark,
	&screen_matrix,
	&screen_outage,
	&screen_why,
	&screen_cutover,
	&screen_themes,
	&screen_accounts,
	&screen_requests,
	&screen_demands,
	&screen_probes,
	NULL,
};

const struct screen_class *screen_find(const char *name)
{
	for (size_t i = 0; screens[i]; i++)
		if (!strcmp(screens[i]->name, name))
			return screens[i];
	return NULL;
}
