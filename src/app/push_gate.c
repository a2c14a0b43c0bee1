/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold before a push starts: no error that the plan itself introduces. */
#include <string.h>

#include "app/push_run.h"
#include "base/i18n.h"
#include "base/banned.h"

static bool overridden(const struct push_options *options, const char *id)
{
	for (size_t i = 0; options && i < options->n_override; i++)
		if (!strcmp(options->override[i].id, id))
			return true;
	return false;
}

bool push_blocked(const struct plan *plan, const struct findings *findings, const struct push_options *options, struct err *err)
{
	char domain[DNAME_TEXT_MAX];

	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *finding = &findings->finding[i];
		if (!finding->introduced || finding->level != LEVEL_ERROR || overridden(options, finding->check->id))
			continue;
		err_set(err, ERR_FALSE, N_("the plan for %s introduces an error: %s"), dname_text(&plan->domain, domain),
			finding->check->id);
		err_hint(err, N_("Mend the draft, or push with --override %s=REASON."), finding->check->id);
		return true;
	}
	return false;
}
