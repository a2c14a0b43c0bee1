/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/outcome.h"

#include "base/i18n.h"
#include "base/text.h"
#include "base/banned.h"

#define SOME 0.0005 /* a share below this is none */

double outcome_delivered(const struct sim_outcome *outcome)
{
	double share = 0;

	for (size_t i = 0; i < outcome->n; i++)
		share += outcome->share[i].share;
	return share;
}

double outcome_known(const struct sim_outcome *outcome, double share)
{
	return share < SOME && outcome->unknown >= SOME ? -1 : share;
}

double outcome_share(const struct sim_outcome *outcome, const struct mx *mx)
{
	for (size_t i = 0; i < outcome->n; i++)
		if (outcome->share[i].preference == mx->preference && dname_equal(&outcome->share[i].host, &mx->host))
			return outcome_known(outcome, outcome->share[i].share);
	return -1;
}

static void after(struct str *out, double seconds)
{
	text_duration(out, (uint64_t)(seconds + 0.5));
}

void outcome_delay(struct str *out, double min_s, double max_s)
{
	after(out, min_s);
	if (max_s > min_s + 0.5) {
		str_add(out, "–");
		after(out, max_s);
	}
}

void outcome_part(struct str *out, double share)
{
	bool part = share > SOME && share < 1 - SOME;

	share = part && share < 0.01 ? 0.01 : part && share > 0.99 ? 0.99 : share;
	str_addf(out, "%d %%", (int)(share * 100 + 0.5));
}

bool outcome_lost(struct str *out, double lost)
{
	struct str share;

	if (lost <= SOME)
		return false;
	if (lost > 1 - SOME) {
		str_add(out, _("all lost"));
		return true;
	}
	str_init(&share, 0);
	outcome_part(&share, lost);
	str_addf(out, _("%s lost"), share.s);
	str_release(&share);
	return true;
}

struct sign outcome_down(const struct session_down *down, struct str *out)
{
	if (!down) {
		str_add(out, _("not tried"));
		return (struct sign){ ROLE_DIM, "·" };
	}
	if (!down->known) {
		str_add(out, _("trying"));
		return (struct sign){ ROLE_PENDING, "…" };
	}
	if (outcome_lost(out, down->lost))
		return (struct sign){ ROLE_ERROR, "✖" };
	if (down->unknown > SOME) {
		str_add(out, _("not known"));
		return (struct sign){ ROLE_WARNING, "?" };
	}
	if (down->delay_max_s < 0.5)
		str_add(out, _("no delay"));
	else
		outcome_delay(out, down->delay_min_s, down->delay_max_s);
	return (struct sign){ ROLE_OK, "✔" };
}

bool outcome_worse(const struct session_down *a, const struct session_down *b)
{
	if (a->lost > b->lost + SOME || b->lost > a->lost + SOME)
		return a->lost > b->lost;
	if (a->unknown > b->unknown + SOME || b->unknown > a->unknown + SOME)
		return a->unknown > b->unknown;
	return a->delay_max_s > b->delay_max_s;
}
