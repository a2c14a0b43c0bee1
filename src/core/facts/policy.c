/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/facts/policy.h"

#include "base/banned.h"

bool sts_fits(const struct sts_pattern *pattern, const struct dname *host)
{
	struct dname above;

	if (!pattern->wildcard)
		return dname_equal(&pattern->name, host);
	return dname_parent(host, &above) && dname_equal(&above, &pattern->name);
}

bool sts_covers(const struct sts_policy *policy, const struct dname *host)
{
	for (size_t i = 0; i < policy->n_mx; i++)
		if (sts_fits(&policy->mx[i], host))
			return true;
	return false;
}

bool sts_is_read(const struct sts_facts *sts)
{
	return sts->n_record && (sts->fetch == STS_FETCH_OK || sts->fetch == STS_FETCH_TYPE);
}

enum fact sts_binds(const struct sts_facts *sts)
{
	if (!answer_is_final(sts->txt) || answer_is_soft(sts->txt))
		return FACT_UNKNOWN;
	if (!sts->n_record)
		return FACT_NO;
	if (!sts_is_read(sts) || sts->policy.mode == STS_MODE_UNKNOWN)
		return FACT_UNKNOWN;
	return sts->policy.mode == STS_NONE ? FACT_NO : FACT_YES;
}

enum fact sts_enforces(const struct sts_facts *sts)
{
	enum fact binds = sts_binds(sts);

	if (binds != FACT_YES)
		return binds;
	if (sts->policy.mode != STS_ENFORCE)
		return FACT_NO;
	return sts->txt_valid && sts->fetch == STS_FETCH_OK && !sts->policy.problems ? FACT_YES : FACT_UNKNOWN;
}

enum fact sts_allows(const struct sts_facts *sts, const struct dname *host)
{
	enum fact enforces = sts_enforces(sts);

	if (enforces == FACT_NO || sts->txt == ANSWER_UNASKED || (sts_is_read(sts) && sts_covers(&sts->policy, host)))
		return FACT_YES;
	return enforces == FACT_YES && !sts->policy.more ? FACT_NO : FACT_UNKNOWN;
}
