/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a survey asks for, one row a subject: what calls for it, what has to be known before, and how it begins. */
#include "app/survey_job.h"
#include "base/banned.h"

static const struct survey_row rows[] = {
	{ NEEDS_NAME, AT_START, survey_look_up_name },
	{ NEEDS_PAST, AT_START, survey_begin_past },
	{ NEEDS_MX, AT_START, survey_begin_mx },
	{ NEEDS_ZONE, AT_START, survey_begin_delegation },
	{ NEEDS_STS_TXT | NEEDS_STS_POLICY, AT_START, survey_begin_sts },
	{ NEEDS_TLSRPT, AT_START, survey_begin_tlsrpt },
	{ NEEDS_SPF, AT_START, survey_begin_spf },
	{ NEEDS_DMARC, AT_START, survey_begin_dmarc },
	{ NEEDS_STAR, AT_START, survey_begin_star },
	{ NEEDS_NAME, AT_ZONE, survey_begin_name },
	{ NEEDS_PARENT | NEEDS_DS, AT_ZONE, survey_begin_parent },
	{ NEEDS_DS, AT_ZONE, survey_begin_ds },
	{ NEEDS_HOSTS, AT_HOST, survey_begin_addresses },
	{ NEEDS_TARGET_ZONES, AT_HOST, survey_begin_zone },
	{ NEEDS_TARGET_ZONES, AT_HOST, survey_begin_registered },
	{ NEEDS_STAR, AT_HOST, survey_begin_star },
	{ NEEDS_TLSA, AT_HOST, survey_begin_tlsa },
	{ NEEDS_TLSA, AT_END, survey_begin_tlsa_at_end },
	{ NEEDS_PTR, AT_ADDRESS, survey_begin_ptr },
	{ NEEDS_DNSBL, AT_ADDRESS, survey_begin_dnsbl },
};

bool survey_wants(const struct survey *survey, unsigned needs)
{
	return survey->facts->asked & needs;
}

void survey_reached(struct survey *survey, enum survey_when when, const struct survey_thing *thing)
{
	const unsigned need = survey->need;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (rows[i].when != when || !survey_wants(survey, rows[i].needs))
			continue;
		survey->need = rows[i].needs;
		rows[i].begin(survey, thing);
	}
	survey->need = need;
}
