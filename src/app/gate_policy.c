/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate that no reason lets through: what the policy demands of the domain. */
#include <string.h>

#include "app/gate_private.h"
#include "base/i18n.h"
#include "base/banned.h"

#define POLICY "policy"

bool gate_is_firm(const char *id)
{
	return !strcmp(id, POLICY);
}

void gate_ask_policy(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct facts *facts = in->facts;
	struct check_input want = { .domain = &in->plan->domain,
		.zone = facts->zone.len ? &facts->zone : NULL,
		.set = &in->plan->want,
		.facts = facts,
		.is_draft = true };
	struct demands demands = { 0 };

	if (!in->musts || in->undo)
		return;
	demands_judge(in->musts, &want, &demands);
	for (size_t i = 0; i < demands.n; i++) {
		bool unknown = demands.row[i].answer == MUST_UNKNOWN;
		bool unprobed = unknown && !facts->probed && (must_needs(&demands.row[i].line->must) & NEEDS_SMTP);
		struct str must;

		if (demands.row[i].answer == MUST_MET)
			continue;
		str_init(&must, 0);
		must_text(&demands.row[i].line->must, &must);
		msg_set(gate_add(out, row->id, unknown ? GATE_UNKNOWN : GATE_NO),
			unprobed
				? N_("the policy demands \"%s\", which a probe alone can tell: push with --probe, or set probe = yes for the domain")
			: unknown
				? N_("the policy demands \"%s\", and whether the plan meets it is not known: mxladder check PLAN says why")
				: N_("the policy demands \"%s\", which the plan does not meet: mxladder check PLAN says why"),
			must.s);
		str_release(&must);
	}
	demands_release(&demands);
}
