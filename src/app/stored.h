/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an account's provider stores, as the checks take it: they know no provider. */
#ifndef APP_STORED_H
#define APP_STORED_H

#include "app/app.h"
#include "check/check.h"

/* What the vendor's row says; a zone may have narrower limits. */
void stored_by(const struct provider *provider, struct check_store *store);
/* The same for the domain's account; false where it has none. */
bool stored_for(struct app *app, const struct dname *domain, struct check_store *store);

#endif
