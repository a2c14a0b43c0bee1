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

/* ---- around the compare ---- */

static bool override_named(const struct push_run *run, const char *id)
{
	for (size_t i = 0; i < run->n_override; i++)
		if (!strcmp(run->override[i].id, id))
			return true;
	return false;
}

/* The zone that the account holds must be one that somebody asks: its name servers are among the delegated ones. Where either is
 * unknown, nothing is claimed. */
static bool wrong_zone(const struct push_run *run)
{
	if (!run->n_delegated || !run->found.n_ns || override_named(run, "wrong-zone"))
		return false;
	for (size_t i = 0; i < run->n_delegated; i++)
		for (size_t k = 0; k < run->found.n_ns; k++)
			if (dname_equal(&run->delegated[i], &run->found.ns[k]))
				return false;
	return true;
}

void push_gates_ask(struct push_run *run, void (*then)(struct push_run *run))
{
	if (run->dry)
		then(run);
	else
		push_find_delegation(run, then);
}

bool push_gates_hold(struct push_run *run, struct err *err)
{
	char zone[DNAME_TEXT_MAX];

	if (run->dry || !wrong_zone(run))
		return true;
	err_set(err, ERR_FALSE, N_("the zone %s of account %s is not the one that is delegated: its name servers differ"),
		dname_text(&run->push.plan.zone, zone), run->account.name);
	err_hint(err, N_("Nobody would see the change. If that is wanted: --override wrong-zone=REASON."));
	return false;
}
