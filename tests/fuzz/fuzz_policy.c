/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts that domains publish: whatever bytes come, what is read keeps its bounds, and a policy that is read covers its own patterns. */
#include <stdlib.h>
#include <string.h>

#include "wire/policy.h"
#include "wire/spf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_policy(struct text text)
{
	struct sts_policy policy;

	sts_read_policy(text, &policy);
	if (policy.n_mx > STS_MX_MAX || strlen(policy.detail) >= sizeof(policy.detail) || policy.max_age_s > 31557600)
		abort();
	for (size_t i = 0; i < policy.n_mx; i++)
		if (!policy.mx[i].wildcard && !sts_covers(&policy, &policy.mx[i].name))
			abort();
}

static void try_spf(struct text rest)
{
	struct spf_term term;
	size_t before = rest.len;

	while (spf_next(&rest, &term)) {
		if (rest.len >= before || !term.text.len)
			abort();
		before = rest.len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct text text = { (const char *)data, size };
	char id[STS_ID_MAX + 1], rua[POLICY_URI_MAX];
	struct dmarc_record dmarc;

	try_policy(text);
	try_spf(text);
	if (sts_read_record(text, id) && (!*id || !sts_is_record(text)))
		abort();
	if (tlsrpt_read_record(text, rua) && !tlsrpt_is_record(text))
		abort();
	if (dmarc_read_record(text, &dmarc) && (!dmarc_is_record(text) || dmarc.p == DMARC_UNKNOWN))
		abort();
	return 0;
}
