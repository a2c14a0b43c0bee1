/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an account's provider stores, as the checks take it: they know no provider. */
#ifndef APP_STORED_H
#define APP_STORED_H

#include "app/app.h"
#include "check/check.h"

/* By the vendor's row; a zone may be narrower. */
void stored_by(const struct provider *provider, struct check_store *store);
/* Of the domain's account; false where there is none. */
bool stored_for(struct app *app, const struct dname *domain, struct check_store *store);

#endif
