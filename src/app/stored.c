/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/stored.h"

#include "base/banned.h"

void stored_by(const struct provider *provider, struct check_store *store)
{
	*store = (struct check_store){ .title = provider->title,
		.ttl_min_s = provider->limits.ttl_min_s,
		.ttl_max_s = provider->limits.ttl_max_s,
		.ttls = provider->limits.ttls,
		.records_max = provider->limits.records_max,
		.takes_null = provider->caps & CAP_NULL_MX };
}

bool stored_for(struct app *app, const struct dname *domain, struct check_store *store)
{
	struct provider_account account;

	if (!app_account(app, domain, NULL, &account, NULL))
		return false;
	stored_by(account.provider, store);
	return true;
}
